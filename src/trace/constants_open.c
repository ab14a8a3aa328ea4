/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Constants of open(2), fcntl(2) and their like; <fcntl.h> hides O_LARGEFILE and goes with no header of the kernel. */
#include "src/trace/constants.h"

#include <linux/fcntl.h>
#include <linux/openat2.h>
#include <unistd.h>

static const struct lc_constant open_flags_rows[] = {
	FIELD(O_RDONLY, O_ACCMODE),
	FIELD(O_WRONLY, O_ACCMODE),
	FIELD(O_RDWR, O_ACCMODE),
	FLAG(O_CREAT),
	FLAG(O_EXCL),
	FLAG(O_NOCTTY),
	FLAG(O_TRUNC),
	FLAG(O_APPEND),
	FLAG(O_NONBLOCK),
	FLAG(O_SYNC),
	FLAG(O_DSYNC),
	FLAG(O_DIRECT),
	FLAG(O_LARGEFILE),
	FLAG(O_NOFOLLOW),
	FLAG(O_NOATIME),
	FLAG(O_CLOEXEC),
	FLAG(O_PATH),
	FLAG(O_TMPFILE),
	FLAG(O_DIRECTORY),
};
CONSTANTS(open_flags, "O_???");

static const struct lc_constant pipe_flags_rows[] = {
	FLAG(O_NONBLOCK),
	FLAG(O_DIRECT),
	FLAG(O_CLOEXEC),
};
CONSTANTS(pipe_flags, "O_???");

static const struct lc_constant access_modes_rows[] = {
	FLAG(R_OK),
	FLAG(W_OK),
	FLAG(X_OK),
	FIELD(F_OK, UINT32_MAX),
};
CONSTANTS(access_modes, "?_OK");

static const struct lc_constant at_flags_rows[] = {
	FLAG(AT_SYMLINK_NOFOLLOW),
	FLAG(AT_REMOVEDIR),
	FLAG(AT_SYMLINK_FOLLOW),
	FLAG(AT_NO_AUTOMOUNT),
	FLAG(AT_EMPTY_PATH),
	FLAG(AT_RECURSIVE),
};
CONSTANTS(at_flags, "AT_???");

static const struct lc_constant faccess_flags_rows[] = {
	FLAG(AT_SYMLINK_NOFOLLOW),
	FLAG(AT_EACCESS),
	FLAG(AT_EMPTY_PATH),
};
CONSTANTS(faccess_flags, "AT_???");

static const struct lc_constant unlink_flags_rows[] = {
	FLAG(AT_REMOVEDIR),
};
CONSTANTS(unlink_flags, "AT_???");

static const struct lc_constant resolve_flags_rows[] = {
	FLAG(RESOLVE_NO_XDEV),
	FLAG(RESOLVE_NO_MAGICLINKS),
	FLAG(RESOLVE_NO_SYMLINKS),
	FLAG(RESOLVE_BENEATH),
	FLAG(RESOLVE_IN_ROOT),
	FLAG(RESOLVE_CACHED),
};
CONSTANTS(resolve_flags, "RESOLVE_???");

static const struct lc_constant fcntl_commands_rows[] = {
	WORD(F_DUPFD),
	WORD(F_GETFD),
	WORD(F_SETFD),
	WORD(F_GETFL),
	WORD(F_SETFL),
	WORD(F_GETLK),
	WORD(F_SETLK),
	WORD(F_SETLKW),
	WORD(F_SETOWN),
	WORD(F_GETOWN),
	WORD(F_SETSIG),
	WORD(F_GETSIG),
	WORD(F_SETOWN_EX),
	WORD(F_GETOWN_EX),
	WORD(F_OFD_GETLK),
	WORD(F_OFD_SETLK),
	WORD(F_OFD_SETLKW),
	WORD(F_SETLEASE),
	WORD(F_GETLEASE),
	WORD(F_NOTIFY),
	WORD(F_DUPFD_CLOEXEC),
	WORD(F_SETPIPE_SZ),
	WORD(F_GETPIPE_SZ),
	WORD(F_ADD_SEALS),
	WORD(F_GET_SEALS),
	WORD(F_GET_RW_HINT),
	WORD(F_SET_RW_HINT),
	WORD(F_GET_FILE_RW_HINT),
	WORD(F_SET_FILE_RW_HINT),
};
CONSTANTS(fcntl_commands, "F_???");

static const struct lc_constant fd_flags_rows[] = {
	FLAG(FD_CLOEXEC),
};
CONSTANTS(fd_flags, "FD_???");

static const struct lc_constant lock_types_rows[] = {
	WORD(F_RDLCK),
	WORD(F_WRLCK),
	WORD(F_UNLCK),
};
CONSTANTS(lock_types, "F_???");

static const struct lc_constant seals_rows[] = {
	FLAG(F_SEAL_SEAL),
	FLAG(F_SEAL_SHRINK),
	FLAG(F_SEAL_GROW),
	FLAG(F_SEAL_WRITE),
#ifdef F_SEAL_FUTURE_WRITE
	FLAG(F_SEAL_FUTURE_WRITE),
#endif
#ifdef F_SEAL_EXEC
	FLAG(F_SEAL_EXEC),
#endif
};
CONSTANTS(seals, "F_SEAL_???");
