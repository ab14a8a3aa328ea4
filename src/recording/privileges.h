/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The privileges of a recording while it goes on: dropping those that are not needed any more, and becoming the caller. */
#ifndef LEASTCAP_RECORDING_PRIVILEGES_H
#define LEASTCAP_RECORDING_PRIVILEGES_H

#include <leastcap/privileges.h>
#include <leastcap/recording.h>

/* What a recording with OPTIONS is, as far as privileges depend on it. */
struct lc_privilege_use lc_privileges_use(const struct lc_recording_options *options);

/*
 * After attaching: drops every capability that the rest of USE does not need, for good. From then on nothing that we
 * execute gains any, and nobody without more privileges than ours may read our memory. 0 or -errno.
 */
int lc_privileges_drop(const struct lc_privilege_use *use);

/* In the child, before it executes the caller's command: as lc_privileges_give_up, but for what the caller hands on (ambient). */
int lc_privileges_become_caller(void);

/*
 * In the child, too: it and what it executes can have no capabilities but those in LIST, which are out of the bounding set, the inheritable and the
 * ambient ones. Takes CAP_SETPCAP. 0 or -errno.
 */
int lc_privileges_narrow(uint64_t list);

#endif
