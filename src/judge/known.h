/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the evidence of a target tells about its refused calls, sorted, because a target can have any number of both. */
#ifndef LEASTCAP_JUDGE_KNOWN_H
#define LEASTCAP_JUDGE_KNOWN_H

#include <leastcap/causes.h>
#include <leastcap/model.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The checks that a program was denied in a call, taken together. */
struct lc_denials {
	uint64_t asked;                   /* the capabilities for want of which the call failed */
	uint64_t accepted;                /* any of these would have let it through */
	const struct lc_setting *setting; /* because of which one was asked, or NULL */
	const struct lc_gone_on *gone_on; /* why programs usually go on without, or NULL */
	bool named;                       /* a file or a request named them, so that no check was made */
	bool beyond; /* one was asked in a user namespace where no capability of the target's reaches */
};

struct lc_known {
	const struct lc_target *target;
	struct lc_known_call *denied; /* sorted, one of each */
	size_t n_denied;
	struct lc_known_call *granted; /* the same */
	size_t n_granted;
	const char **programs; /* paths, sorted by their last components */
	size_t n_programs;
	const char **users; /* who were granted something by what they held, sorted */
	size_t n_users;
	bool root_asked; /* a check was root's */
};

/* Fills KNOWN (lc_known_clear frees it) from TARGET's evidence, which has been judged. Points into it. 0, or -ENOMEM: KNOWN is then unchanged. */
int lc_known_fill(struct lc_known *known, const struct lc_target *target);

/* What was denied in FAILURE: by program, call and what that was about, or else by program and call. False: nothing is known to have been. */
bool lc_known_denials(const struct lc_known *known, const struct lc_failure *failure, struct lc_denials *denials);

/* Whether FAILURE's program was granted a check in such a call, about the same. */
bool lc_known_granted(const struct lc_known *known, const struct lc_failure *failure);

/* Whether FAILURE's program was granted a check in the same call, about the same, after it had been refused for the last time. */
bool lc_known_later(const struct lc_known *known, const struct lc_failure *failure);

/* Whether a program with the last component of PATH was seen, at another place. */
bool lc_known_elsewhere(const struct lc_known *known, const char *path);

/*
 * Whether a process of USER may gain from its bounding set, because it is root, or because its user was granted something. Root of a user
 * namespace has another number outside, so that nobody can tell where the target is root's and no check was.
 */
bool lc_known_may_hold(const struct lc_known *known, const char *user);

/* Frees what KNOWN owns and empties it. */
void lc_known_clear(struct lc_known *known);

#endif
