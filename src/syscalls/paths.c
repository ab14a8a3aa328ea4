/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that find, make, change and remove what a path leads to. */
#include "src/syscalls/rows.h"

#include <seccomp.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <utime.h>

static const struct lc_syscall rows[] = {
	/* Found. */
	{CALL(access, PATH, FLAGS(access_modes))},
	{CALL(faccessat, DIRFD, PATH, FLAGS(access_modes))},
	{CALL(faccessat2, DIRFD, PATH, FLAGS(access_modes), FLAGS(faccess_flags))},
	{CALL(stat, PATH, ADDRESS), LOOKS},
	{CALL(lstat, PATH, ADDRESS), LOOKS, KEEPS_LINKS},
	{CALL(fstat, FILE_FD, ADDRESS)},
	{CALL(newfstatat, DIRFD, PATH, ADDRESS, FLAGS(at_flags)), LOOKS},
	{CALL(statx, DIRFD, PATH, FLAGS(statx_flags), FLAGS(statx_mask), ADDRESS), LOOKS},
	{CALL(statfs, PATH, ADDRESS), LOOKS},
	{CALL(fstatfs, FILE_FD, ADDRESS)},
	{CALL(readlink, PATH, ADDRESS, SIZE), LOOKS, KEEPS_LINKS},
	{CALL(readlinkat, DIRFD, PATH, ADDRESS, SIZE), LOOKS, KEEPS_LINKS},
	{CALL(chdir, PATH), WANTS(EXECUTE)},
	{CALL(fchdir, FILE_FD), WANTS(EXECUTE)},
	{CALL(chroot, PATH), WANTS(EXECUTE)},
	{NEW(472, fchroot, FILE_FD, HEX), WANTS(EXECUTE)},
	{CALL(getcwd, ADDRESS, SIZE)},

	/* Mode, owner, time. */
	{CALL(umask, MODE), RETURNS(OCTAL)},
	{CALL(chmod, PATH, MODE), VERB("changed in mode")},
	{CALL(fchmod, FILE_FD, MODE), VERB("changed in mode")},
	{CALL(fchmodat, DIRFD, PATH, MODE), VERB("changed in mode")},
	{NEW(452, fchmodat2, DIRFD, PATH, MODE, FLAGS(at_flags)), VERB("changed in mode")},
	{CALL(chown, PATH, UID, GID), VERB("chowned")},
	{CALL(lchown, PATH, UID, GID), VERB("chowned"), KEEPS_LINKS},
	{CALL(fchown, FILE_FD, UID, GID), VERB("chowned")},
	{CALL(fchownat, DIRFD, PATH, UID, GID, FLAGS(at_flags)), VERB("chowned")},
	{CALL(utime, PATH, STRUCT(utimbuf)), WANTS(WRITE), VERB("changed in time")},
	{CALL(utimes, PATH, STRUCTS(timeval, struct timeval, 2)), WANTS(WRITE), VERB("changed in time")},
	{CALL(futimesat, DIRFD, PATH, STRUCTS(timeval, struct timeval, 2)), WANTS(WRITE), VERB("changed in time")},
	{CALL(utimensat, DIRFD, PATH, STRUCTS(timespec, struct timespec, 2), FLAGS(at_flags)), WANTS(WRITE),
		VERB("changed in time")},
	{NEW(468, file_getattr, DIRFD, PATH, ADDRESS, SIZE, FLAGS(at_flags))},
	{NEW(469, file_setattr, DIRFD, PATH, ADDRESS, SIZE, FLAGS(at_flags)), VERB("changed in flags")},

	/* Entries of directories. */
	{CALL(link, PATH, PATH), ABOUT(2), WANTS(ENTRY), VERB("linked")},
	{CALL(linkat, DIRFD, PATH, DIRFD, PATH, FLAGS(at_flags)), ABOUT(4), WANTS(ENTRY), VERB("linked")},
	{CALL(symlink, PATH, PATH), ABOUT(2), WANTS(ENTRY)},
	{CALL(symlinkat, PATH, DIRFD, PATH), ABOUT(3), WANTS(ENTRY)},
	{CALL(mkdir, PATH, MODE), WANTS(ENTRY)},
	{CALL(mkdirat, DIRFD, PATH, MODE), WANTS(ENTRY)},
	{CALL(mknod, PATH, KIND(MODE), WHEN(DEVICE, 2, S_IFCHR)), WANTS(ENTRY)},
	{CALL(mknodat, DIRFD, PATH, KIND(MODE), WHEN(DEVICE, 3, S_IFCHR)), WANTS(ENTRY)},
	{CALL(rename, PATH, PATH), WANTS(ENTRY), VERB("an entry renamed")},
	{CALL(renameat, DIRFD, PATH, DIRFD, PATH), WANTS(ENTRY), VERB("an entry renamed")},
	{CALL(renameat2, DIRFD, PATH, DIRFD, PATH, FLAGS(rename_flags)), WANTS(ENTRY), VERB("an entry renamed")},
	{CALL(unlink, PATH), WANTS(ENTRY), VERB("an entry removed")},
	{CALL(unlinkat, DIRFD, PATH, FLAGS(unlink_flags)), WANTS(ENTRY), VERB("an entry removed")},
	{CALL(rmdir, PATH), WANTS(ENTRY), VERB("an entry removed")},

	/* Extended attributes. */
	{CALL(setxattr, PATH, STRING, BUFFER(4), SIZE, FLAGS(xattr_flags)), WANTS(WRITE),
		VERB("changed in attributes")},
	{CALL(lsetxattr, PATH, STRING, BUFFER(4), SIZE, FLAGS(xattr_flags)), WANTS(WRITE),
		VERB("changed in attributes"), KEEPS_LINKS},
	{CALL(fsetxattr, FILE_FD, STRING, BUFFER(4), SIZE, FLAGS(xattr_flags)), VERB("changed in attributes")},
	{NEW(463, setxattrat, DIRFD, PATH, FLAGS(at_flags), STRING, ADDRESS, SIZE), WANTS(WRITE),
		VERB("changed in attributes")},
	{CALL(getxattr, PATH, STRING, ADDRESS, SIZE), WANTS(READ)},
	{CALL(lgetxattr, PATH, STRING, ADDRESS, SIZE), WANTS(READ), KEEPS_LINKS},
	{CALL(fgetxattr, FILE_FD, STRING, ADDRESS, SIZE)},
	{NEW(464, getxattrat, DIRFD, PATH, FLAGS(at_flags), STRING, ADDRESS, SIZE), WANTS(READ)},
	{CALL(listxattr, PATH, ADDRESS, SIZE)},
	{CALL(llistxattr, PATH, ADDRESS, SIZE), KEEPS_LINKS},
	{CALL(flistxattr, FILE_FD, ADDRESS, SIZE)},
	{NEW(465, listxattrat, DIRFD, PATH, FLAGS(at_flags), ADDRESS, SIZE)},
	{CALL(removexattr, PATH, STRING), WANTS(WRITE), VERB("changed in attributes")},
	{CALL(lremovexattr, PATH, STRING), WANTS(WRITE), VERB("changed in attributes"), KEEPS_LINKS},
	{CALL(fremovexattr, FILE_FD, STRING), VERB("changed in attributes")},
	{NEW(466, removexattrat, DIRFD, PATH, FLAGS(at_flags), STRING), WANTS(WRITE), VERB("changed in attributes")},
};

const struct lc_syscalls lc_paths_syscalls = SYSCALLS(rows);
