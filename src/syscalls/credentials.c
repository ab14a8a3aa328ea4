/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls about users, groups, capabilities, security modules and keys. */
#include "src/syscalls/rows.h"

#include <linux/capability.h>
#include <seccomp.h>
#include <sys/types.h>

static const struct lc_syscall rows[] = {
	/* Users and groups. */
	{CALL(getuid)},
	{CALL(geteuid)},
	{CALL(getgid)},
	{CALL(getegid)},
	{CALL(getresuid, ADDRESS, ADDRESS, ADDRESS)},
	{CALL(getresgid, ADDRESS, ADDRESS, ADDRESS)},
	{CALL(setuid, UID)},
	{CALL(setgid, GID)},
	{CALL(setreuid, UID, UID)},
	{CALL(setregid, GID, GID)},
	{CALL(setresuid, UID, UID, UID)},
	{CALL(setresgid, GID, GID, GID)},
	{CALL(setfsuid, UID)},
	{CALL(setfsgid, GID)},
	{CALL(setgroups, INT, IDS(1))},
	{CALL(getgroups, INT, ADDRESS)},

	/* Capabilities and what narrows them. */
	{CALL(capget, STRUCT(cap_header), ADDRESS)},
	{CALL(capset, STRUCT(cap_header),
		{.kind = LC_KIND_CAPABILITIES, .bytes = 2 * sizeof(struct __user_cap_data_struct)})},
	{CALL(prctl, ONE_OF(prctl_options), STRING, HEX, HEX, HEX), VARIES(prctl), ABOUT(1)},
	{CALL(seccomp, ONE_OF(seccomp_operations), HEX, STRUCT(sock_fprog)), VARIES(seccomp)},
	{CALL(landlock_create_ruleset, PIECE_OF(landlock_ruleset, 2), SIZE, FLAGS(landlock_create_flags)), RETURNS(FD)},
	{CALL(landlock_add_rule, FD, ONE_OF(landlock_rules), ADDRESS, HEX)},
	{CALL(landlock_restrict_self, FD, HEX)},
	{NEW(459, lsm_get_self_attr, UINT, ADDRESS, ADDRESS, HEX)},
	{NEW(460, lsm_set_self_attr, UINT, ADDRESS, UINT, HEX)},
	{NEW(461, lsm_list_modules, ADDRESS, ADDRESS, HEX)},

	/* Keys. */
	{CALL(add_key, STRING, STRING, BUFFER(4), SIZE, ONE_OF(keyrings))},
	{CALL(request_key, STRING, STRING, STRING, ONE_OF(keyrings))},
	{CALL(keyctl, ONE_OF(keyctl_operations), STRING, STRING, STRING, HEX), VARIES(keyctl), ABOUT(1)},
};

const struct lc_syscalls lc_credentials_syscalls = SYSCALLS(rows);
