/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that only 32-bit programs have and that ask for capabilities. A trace shows their arguments as numbers. */
#include "src/syscalls/rows.h"

#include <seccomp.h>

static const struct lc_syscall rows[] = {
	{CALL(chown32, PATH, UID, GID), VERB("chowned")},
	{CALL(lchown32, PATH, UID, GID), VERB("chowned"), KEEPS_LINKS},
	{CALL(fchown32, FILE_FD, UID, GID), VERB("chowned")},
	{CALL(fcntl64, FILE_FD, ONE_OF(fcntl_commands), HEX)},
	{CALL(_llseek, FILE_FD, HEX, HEX, ADDRESS, ONE_OF(whence))},
	{CALL(oldstat, PATH, ADDRESS), LOOKS},
	{CALL(oldlstat, PATH, ADDRESS), LOOKS, KEEPS_LINKS},
	{CALL(oldfstat, FILE_FD, ADDRESS)},
	{CALL(stat64, PATH, ADDRESS), LOOKS},
	{CALL(lstat64, PATH, ADDRESS), LOOKS, KEEPS_LINKS},
	{CALL(fstat64, FILE_FD, ADDRESS)},
	{CALL(fstatat64, DIRFD, PATH, ADDRESS, FLAGS(at_flags)), LOOKS},
	{CALL(statfs64, PATH, SIZE, ADDRESS), LOOKS},
	{CALL(fstatfs64, FILE_FD, SIZE, ADDRESS)},
	{CALL(truncate64, PATH, HEX, HEX, HEX), WANTS(WRITE)},
	{CALL(ftruncate64, FILE_FD, HEX, HEX, HEX), WANTS(WRITE)},
	{CALL(readdir, FILE_FD, ADDRESS, UINT), WANTS(READ)},
	{CALL(sendfile64, FILE_FD, FILE_FD, ADDRESS, SIZE), WANTS(WRITE)},
	{CALL(utimensat_time64, DIRFD, PATH, ADDRESS, FLAGS(at_flags)), WANTS(WRITE), VERB("changed in time")},
	{CALL(umount, PATH)},
	{CALL(mmap2, ADDRESS, SIZE, FLAGS(protections), FLAGS(map_flags), FILE_FD, HEX), RETURNS(HEX)},
	{CALL(setuid32, UID)},
	{CALL(setgid32, GID)},
	{CALL(setreuid32, UID, UID)},
	{CALL(setregid32, GID, GID)},
	{CALL(setresuid32, UID, UID, UID)},
	{CALL(setresgid32, GID, GID, GID)},
	{CALL(setfsuid32, UID)},
	{CALL(setfsgid32, GID)},
	{CALL(setgroups32, INT, IDS(1))},
	{CALL(nice, INT)},
	{CALL(stime, ADDRESS)},
	{CALL(clock_settime64, ONE_OF(clocks), ADDRESS)},
	{CALL(clock_adjtime64, ONE_OF(clocks), ADDRESS)},
	{CALL(socketcall, INT, KIND(SOCKADDR))},
};

const struct lc_syscalls lc_compat_syscalls = SYSCALLS(rows);
