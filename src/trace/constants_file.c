/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants of files and mounts. */
#include "src/trace/constants.h"

#include <fcntl.h>
#include <linux/falloc.h>
#include <linux/fanotify.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

static const struct lc_constant statx_flags_rows[] = {
	FIELD(AT_STATX_SYNC_AS_STAT, AT_STATX_SYNC_TYPE),
	FIELD(AT_STATX_FORCE_SYNC, AT_STATX_SYNC_TYPE),
	FIELD(AT_STATX_DONT_SYNC, AT_STATX_SYNC_TYPE),
	FLAG(AT_SYMLINK_NOFOLLOW),
	FLAG(AT_REMOVEDIR),
	FLAG(AT_SYMLINK_FOLLOW),
	FLAG(AT_NO_AUTOMOUNT),
	FLAG(AT_EMPTY_PATH),
	FLAG(AT_RECURSIVE),
};
CONSTANTS(statx_flags, "AT_???");

static const struct lc_constant statx_mask_rows[] = {
	FLAG(STATX_ALL),
	FLAG(STATX_BASIC_STATS),
	FLAG(STATX_TYPE),
	FLAG(STATX_MODE),
	FLAG(STATX_NLINK),
	FLAG(STATX_UID),
	FLAG(STATX_GID),
	FLAG(STATX_ATIME),
	FLAG(STATX_MTIME),
	FLAG(STATX_CTIME),
	FLAG(STATX_INO),
	FLAG(STATX_SIZE),
	FLAG(STATX_BLOCKS),
	FLAG(STATX_BTIME),
	FLAG(STATX_MNT_ID),
#ifdef STATX_DIOALIGN
	FLAG(STATX_DIOALIGN),
#endif
};
CONSTANTS(statx_mask, "STATX_???");

static const struct lc_constant mount_flags_rows[] = {
	FIELD(MS_MGC_VAL, MS_MGC_MSK),
	FLAG(MS_RDONLY),
	FLAG(MS_NOSUID),
	FLAG(MS_NODEV),
	FLAG(MS_NOEXEC),
	FLAG(MS_SYNCHRONOUS),
	FLAG(MS_REMOUNT),
	FLAG(MS_MANDLOCK),
	FLAG(MS_DIRSYNC),
#ifdef MS_NOSYMFOLLOW
	FLAG(MS_NOSYMFOLLOW),
#endif
	FLAG(MS_NOATIME),
	FLAG(MS_NODIRATIME),
	FLAG(MS_BIND),
	FLAG(MS_MOVE),
	FLAG(MS_REC),
	FLAG(MS_SILENT),
	FLAG(MS_POSIXACL),
	FLAG(MS_UNBINDABLE),
	FLAG(MS_PRIVATE),
	FLAG(MS_SLAVE),
	FLAG(MS_SHARED),
	FLAG(MS_RELATIME),
	FLAG(MS_KERNMOUNT),
	FLAG(MS_I_VERSION),
	FLAG(MS_STRICTATIME),
	FLAG(MS_LAZYTIME),
	FLAG(MS_ACTIVE),
	FLAG(MS_NOUSER),
};
CONSTANTS(mount_flags, "MS_???");

static const struct lc_constant umount_flags_rows[] = {
	FLAG(MNT_FORCE),
	FLAG(MNT_DETACH),
	FLAG(MNT_EXPIRE),
	FLAG(UMOUNT_NOFOLLOW),
};
CONSTANTS(umount_flags, "MNT_???");

static const struct lc_constant fsopen_flags_rows[] = {
	FLAG(FSOPEN_CLOEXEC),
};
CONSTANTS(fsopen_flags, "FSOPEN_???");

static const struct lc_constant fspick_flags_rows[] = {
	FLAG(FSPICK_CLOEXEC),
	FLAG(FSPICK_SYMLINK_NOFOLLOW),
	FLAG(FSPICK_NO_AUTOMOUNT),
	FLAG(FSPICK_EMPTY_PATH),
};
CONSTANTS(fspick_flags, "FSPICK_???");

static const struct lc_constant fsmount_flags_rows[] = {
	FLAG(FSMOUNT_CLOEXEC),
};
CONSTANTS(fsmount_flags, "FSMOUNT_???");

static const struct lc_constant mount_attributes_rows[] = {
	FLAG(MOUNT_ATTR_RDONLY),
	FLAG(MOUNT_ATTR_NOSUID),
	FLAG(MOUNT_ATTR_NODEV),
	FLAG(MOUNT_ATTR_NOEXEC),
	FLAG(MOUNT_ATTR_NOATIME),
	FLAG(MOUNT_ATTR_STRICTATIME),
	FLAG(MOUNT_ATTR_NODIRATIME),
	FLAG(MOUNT_ATTR_IDMAP),
#ifdef MOUNT_ATTR_NOSYMFOLLOW
	FLAG(MOUNT_ATTR_NOSYMFOLLOW),
#endif
};
CONSTANTS(mount_attributes, "MOUNT_ATTR_???");

static const struct lc_constant move_mount_flags_rows[] = {
	FLAG(MOVE_MOUNT_F_SYMLINKS),
	FLAG(MOVE_MOUNT_F_AUTOMOUNTS),
	FLAG(MOVE_MOUNT_F_EMPTY_PATH),
	FLAG(MOVE_MOUNT_T_SYMLINKS),
	FLAG(MOVE_MOUNT_T_AUTOMOUNTS),
	FLAG(MOVE_MOUNT_T_EMPTY_PATH),
#ifdef MOVE_MOUNT_SET_GROUP
	FLAG(MOVE_MOUNT_SET_GROUP),
#endif
#ifdef MOVE_MOUNT_BENEATH
	FLAG(MOVE_MOUNT_BENEATH),
#endif
};
CONSTANTS(move_mount_flags, "MOVE_MOUNT_???");

static const struct lc_constant open_tree_flags_rows[] = {
	FLAG(OPEN_TREE_CLONE),
	FLAG(OPEN_TREE_CLOEXEC),
	FLAG(AT_SYMLINK_NOFOLLOW),
	FLAG(AT_NO_AUTOMOUNT),
	FLAG(AT_EMPTY_PATH),
	FLAG(AT_RECURSIVE),
};
CONSTANTS(open_tree_flags, "OPEN_TREE_???");

static const struct lc_constant mount_setattr_flags_rows[] = {
	FLAG(AT_SYMLINK_NOFOLLOW),
	FLAG(AT_NO_AUTOMOUNT),
	FLAG(AT_EMPTY_PATH),
	FLAG(AT_RECURSIVE),
};
CONSTANTS(mount_setattr_flags, "AT_???");

static const struct lc_constant fsconfig_commands_rows[] = {
	WORD(FSCONFIG_SET_FLAG),
	WORD(FSCONFIG_SET_STRING),
	WORD(FSCONFIG_SET_BINARY),
	WORD(FSCONFIG_SET_PATH),
	WORD(FSCONFIG_SET_PATH_EMPTY),
	WORD(FSCONFIG_SET_FD),
	WORD(FSCONFIG_CMD_CREATE),
	WORD(FSCONFIG_CMD_RECONFIGURE),
#ifdef FSCONFIG_CMD_CREATE_EXCL
	WORD(FSCONFIG_CMD_CREATE_EXCL),
#endif
};
CONSTANTS(fsconfig_commands, "FSCONFIG_???");

static const struct lc_constant rename_flags_rows[] = {
	FLAG(RENAME_NOREPLACE),
	FLAG(RENAME_EXCHANGE),
	FLAG(RENAME_WHITEOUT),
};
CONSTANTS(rename_flags, "RENAME_???");

static const struct lc_constant xattr_flags_rows[] = {
	FLAG(XATTR_CREATE),
	FLAG(XATTR_REPLACE),
};
CONSTANTS(xattr_flags, "XATTR_???");

static const struct lc_constant fallocate_modes_rows[] = {
	FLAG(FALLOC_FL_KEEP_SIZE),
	FLAG(FALLOC_FL_PUNCH_HOLE),
	FLAG(FALLOC_FL_COLLAPSE_RANGE),
	FLAG(FALLOC_FL_ZERO_RANGE),
	FLAG(FALLOC_FL_INSERT_RANGE),
	FLAG(FALLOC_FL_UNSHARE_RANGE),
};
CONSTANTS(fallocate_modes, "FALLOC_FL_???");

static const struct lc_constant whence_rows[] = {
	WORD(SEEK_SET),
	WORD(SEEK_CUR),
	WORD(SEEK_END),
	WORD(SEEK_DATA),
	WORD(SEEK_HOLE),
};
CONSTANTS(whence, "SEEK_???");

static const struct lc_constant fanotify_init_flags_rows[] = {
	FIELD(FAN_CLASS_NOTIF, FAN_CLASS_CONTENT | FAN_CLASS_PRE_CONTENT),
	FIELD(FAN_CLASS_CONTENT, FAN_CLASS_CONTENT | FAN_CLASS_PRE_CONTENT),
	FIELD(FAN_CLASS_PRE_CONTENT, FAN_CLASS_CONTENT | FAN_CLASS_PRE_CONTENT),
	FLAG(FAN_CLOEXEC),
	FLAG(FAN_NONBLOCK),
	FLAG(FAN_UNLIMITED_QUEUE),
	FLAG(FAN_UNLIMITED_MARKS),
	FLAG(FAN_ENABLE_AUDIT),
#ifdef FAN_REPORT_PIDFD
	FLAG(FAN_REPORT_PIDFD),
#endif
	FLAG(FAN_REPORT_TID),
	FLAG(FAN_REPORT_FID),
	FLAG(FAN_REPORT_DIR_FID),
	FLAG(FAN_REPORT_NAME),
#ifdef FAN_REPORT_TARGET_FID
	FLAG(FAN_REPORT_TARGET_FID),
#endif
};
CONSTANTS(fanotify_init_flags, "FAN_???");

static const struct lc_constant fanotify_mark_flags_rows[] = {
	FLAG(FAN_MARK_ADD),
	FLAG(FAN_MARK_REMOVE),
	FLAG(FAN_MARK_DONT_FOLLOW),
	FLAG(FAN_MARK_ONLYDIR),
	FLAG(FAN_MARK_MOUNT),
	FLAG(FAN_MARK_IGNORED_MASK),
	FLAG(FAN_MARK_IGNORED_SURV_MODIFY),
	FLAG(FAN_MARK_FLUSH),
	FLAG(FAN_MARK_FILESYSTEM),
#ifdef FAN_MARK_EVICTABLE
	FLAG(FAN_MARK_EVICTABLE),
#endif
#ifdef FAN_MARK_IGNORE
	FLAG(FAN_MARK_IGNORE),
#endif
};
CONSTANTS(fanotify_mark_flags, "FAN_MARK_???");

static const struct lc_constant fanotify_events_rows[] = {
	FLAG(FAN_ACCESS),
	FLAG(FAN_MODIFY),
	FLAG(FAN_ATTRIB),
	FLAG(FAN_CLOSE),
	FLAG(FAN_CLOSE_WRITE),
	FLAG(FAN_CLOSE_NOWRITE),
	FLAG(FAN_OPEN),
	FLAG(FAN_MOVED_FROM),
	FLAG(FAN_MOVED_TO),
	FLAG(FAN_CREATE),
	FLAG(FAN_DELETE),
	FLAG(FAN_DELETE_SELF),
	FLAG(FAN_MOVE_SELF),
	FLAG(FAN_OPEN_EXEC),
	FLAG(FAN_Q_OVERFLOW),
#ifdef FAN_FS_ERROR
	FLAG(FAN_FS_ERROR),
#endif
	FLAG(FAN_OPEN_PERM),
	FLAG(FAN_ACCESS_PERM),
	FLAG(FAN_OPEN_EXEC_PERM),
	FLAG(FAN_EVENT_ON_CHILD),
#ifdef FAN_RENAME
	FLAG(FAN_RENAME),
#endif
	FLAG(FAN_ONDIR),
};
CONSTANTS(fanotify_events, "FAN_???");

static const struct lc_constant inotify_events_rows[] = {
	FLAG(IN_ACCESS),
	FLAG(IN_MODIFY),
	FLAG(IN_ATTRIB),
	FLAG(IN_CLOSE),
	FLAG(IN_CLOSE_WRITE),
	FLAG(IN_CLOSE_NOWRITE),
	FLAG(IN_OPEN),
	FLAG(IN_MOVED_FROM),
	FLAG(IN_MOVED_TO),
	FLAG(IN_CREATE),
	FLAG(IN_DELETE),
	FLAG(IN_DELETE_SELF),
	FLAG(IN_MOVE_SELF),
	FLAG(IN_ONLYDIR),
	FLAG(IN_DONT_FOLLOW),
	FLAG(IN_EXCL_UNLINK),
	FLAG(IN_MASK_CREATE),
	FLAG(IN_MASK_ADD),
	FLAG(IN_ISDIR),
	FLAG(IN_ONESHOT),
};
CONSTANTS(inotify_events, "IN_???");

static const struct lc_constant eventfd_flags_rows[] = {
	FLAG(EFD_SEMAPHORE),
	FLAG(EFD_NONBLOCK),
	FLAG(EFD_CLOEXEC),
};
CONSTANTS(eventfd_flags, "EFD_???");

static const struct lc_constant inotify_init_flags_rows[] = {
	FLAG(IN_NONBLOCK),
	FLAG(IN_CLOEXEC),
};
CONSTANTS(inotify_init_flags, "IN_???");
