/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether we have the privileges for a recording, and giving up those that are not needed any more. */
#ifndef LEASTCAP_CLI_PRIVILEGES_H
#define LEASTCAP_CLI_PRIVILEGES_H

#include <leastcap/log.h>
#include <leastcap/privileges.h>

/* Says what is missing for USE: in one line when it can't begin so, else a warning for what the report will lack. An exit status. */
int lc_privileges_check(const struct lc_privilege_use *use, const struct lc_log *log);

/*
 * After attaching: drops every capability that the rest of USE does not need, for good. From then on nothing that we
 * execute gains any, and nobody without more privileges than ours may read our memory. 0 or -errno.
 */
int lc_privileges_drop(const struct lc_privilege_use *use);

/*
 * For what is done in the name of whoever called us, with their rights and not with those that our file gives to everybody:
 * drops all capabilities of a user other than root. 0 or -errno.
 */
int lc_privileges_give_up(void);

/* In the child, before it executes the caller's command: as lc_privileges_give_up, but for what the caller hands on (ambient). */
int lc_privileges_become_caller(void);

#endif
