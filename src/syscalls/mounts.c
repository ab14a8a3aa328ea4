/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls about mounts, quotas, swap space and accounting. */
#include "src/syscalls/rows.h"

#include <seccomp.h>

static const struct lc_syscall rows[] = {
	{CALL(mount, PATH, PATH, STRING, FLAGS(mount_flags), STRING), ABOUT(2)},
	{CALL(umount2, PATH, FLAGS(umount_flags))},
	{CALL(pivot_root, PATH, PATH)},
	{CALL(open_tree, DIRFD, PATH, FLAGS(open_tree_flags)), RETURNS(FD)},
	{NEW(467, open_tree_attr, DIRFD, PATH, FLAGS(open_tree_flags), PIECE_OF(mount_attr, 5), SIZE)},
	{CALL(move_mount, DIRFD, PATH, DIRFD, PATH, FLAGS(move_mount_flags)), ABOUT(4)},
	{CALL(fsopen, STRING, FLAGS(fsopen_flags)), RETURNS(FD), ABOUT(1)},
	{CALL(fsconfig, FD, ONE_OF(fsconfig_commands), STRING, STRING, INT)},
	{CALL(fsmount, FD, FLAGS(fsmount_flags), FLAGS(mount_attributes)), RETURNS(FD)},
	{CALL(fspick, DIRFD, PATH, FLAGS(fspick_flags)), RETURNS(FD)},
	{CALL(mount_setattr, DIRFD, PATH, FLAGS(mount_setattr_flags), PIECE_OF(mount_attr, 5), SIZE)},
	{NEW(457, statmount, ADDRESS, ADDRESS, SIZE, HEX)},
	{NEW(458, listmount, ADDRESS, ADDRESS, SIZE, HEX)},
	{CALL(quotactl, KIND(QUOTA), PATH, UINT, ADDRESS)},
	{CALL(quotactl_fd, FILE_FD, KIND(QUOTA), UINT, ADDRESS)},
	{CALL(swapon, PATH, FLAGS(swap_flags)), WANTS(WRITE)},
	{CALL(swapoff, PATH), WANTS(WRITE)},
	{CALL(acct, PATH), WANTS(WRITE)},
	{CALL(ustat, KIND(DEVICE), ADDRESS)},
	{CALL(sysfs, INT, HEX, HEX)},
};

const struct lc_syscalls lc_mounts_syscalls = SYSCALLS(rows);
