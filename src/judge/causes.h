/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is found of a refused call, and the sentences about it. */
#ifndef LEASTCAP_JUDGE_CAUSES_H
#define LEASTCAP_JUDGE_CAUSES_H

#include "known.h"

#include <leastcap/causes.h>
#include <leastcap/facts.h>
#include <leastcap/strbuf.h>

/* A refused call, and what else its target's evidence tells. */
struct lc_refused {
	const struct lc_failure *failure;
	const struct lc_known *known;
};

struct lc_finding {
	enum lc_cause cause;
	uint64_t caps;
	uint64_t voided; /* the capabilities that no_new_privs kept from the program */
	bool expected;
	bool guessed;          /* the filter was not read: it would refuse the call */
	bool holds;            /* the process may gain from its bounding set */
	struct lc_strbuf rule; /* where the user's own profile has been looked into */
	struct lc_strbuf why;
	struct lc_strbuf help;
};

/* Frees what FINDING owns. */
void lc_finding_clear(struct lc_finding *finding);

/* Whose filter refused a call. */
enum lc_filter_owner {
	LC_FILTER_OF_ENGINE,  /* the engine's default one */
	LC_FILTER_OF_USER,    /* a profile of the user's own, in the place of that */
	LC_FILTER_OF_NOBODY,  /* the engine's, of which nothing is known */
	LC_FILTER_OF_PROGRAM, /* one that the program, or what started it, had set itself */
};

/* Which of the first three refused FAILURE of TARGET, whose engine's default filter is opened by OPENS there. */
enum lc_filter_owner lc_filter_owner_of(
	const struct lc_target *target, const struct lc_failure *failure, uint64_t opens);

/* "Docker", "Podman", … for ENGINE (may be NULL: "The engine"). */
const char *lc_words_engine(const char *engine);

/*
 * If REFUSED is no refused call, but a program that read its own sets and gave up, fills FINDING and returns true. FINDING's caps are a guess
 * then: what the program lacked of what such programs usually look for.
 */
bool lc_by_own_check(const struct lc_refused *refused, struct lc_finding *finding);

/*
 * What the user's own seccomp profile says of REFUSED, which its filter refused: fills in FINDING's rule and caps. Nothing where that is not
 * known. Where the profile itself is not at hand, what was found when it was is kept.
 */
void lc_by_own_profile(const struct lc_refused *refused, struct lc_finding *finding);

/* Each fills in why and help of FINDING. */
void lc_words_on_check(struct lc_finding *finding, const struct lc_refused *refused, const struct lc_denials *denials);
void lc_words_on_namespace(struct lc_finding *finding);
void lc_words_on_void_file(struct lc_finding *finding);
void lc_words_on_filter(struct lc_finding *finding, const struct lc_refused *refused, enum lc_filter_owner owner);
void lc_words_on_landlock(struct lc_finding *finding, const char *program, bool by_itself, const char *what);
void lc_words_on_policy(struct lc_finding *finding, const struct lc_target *target, const char *what);
void lc_words_on_policy_for_capabilities(struct lc_finding *finding, const struct lc_target *target);
void lc_words_on_limit(struct lc_finding *finding, const struct lc_limit *limit);
void lc_words_on_nothing(struct lc_finding *finding, const struct lc_refused *refused);

/*
 * As lc_judge_failure, with what is KNOWN of FAILURE's target. *VOIDED becomes the capabilities that no_new_privs kept from its program. 0 or
 * -ENOMEM.
 */
int lc_judge_known_failure(struct lc_failure *failure, const struct lc_known *known, uint64_t *voided);

#endif
