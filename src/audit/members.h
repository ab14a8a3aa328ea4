/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All processes of a target: which is the first, and what they may do together. */
#ifndef LEASTCAP_AUDIT_MEMBERS_H
#define LEASTCAP_AUDIT_MEMBERS_H

#include <leastcap/host.h>

#include <leastcap/model.h>

#include <stddef.h>

/* How many processes of a target are read. No container of a healthy host has more. */
#define LC_MEMBERS_MAX 4096

struct lc_member_list {
	struct lc_process *processes;
	size_t n;
	size_t met; /* all processes, also those that could not be read or found no room */
	bool cut;   /* some found no room */
};

/* Reads process PID into LIST. 0 (also when there is no room), -ENOMEM, or another -errno when the process could not be read. */
int lc_members_add(struct lc_member_list *list, pid_t pid);

/* The first process of LIST, or NULL when it is empty. */
const struct lc_process *lc_members_first(const struct lc_member_list *list);

/* Fills TARGET's members from LIST. 0 or -ENOMEM. */
int lc_members_fill(struct lc_target *target, const struct lc_member_list *list);

/* Frees what LIST owns and empties it. */
void lc_members_clear(struct lc_member_list *list);

#endif
