/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The refused calls of a target together: what they want beside what denied checks want, and what to try next. */
#include "causes.h"
#include "filtered.h"
#include "judge_private.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/judge.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Whether CHECK, of CAP in SYSCALL, was denied and the call failed for it. */
static bool is_blocked(const struct lc_check *check, const char *syscall, int cap)
{
	return check->class == LC_CLASS_BLOCKED && check->cap == cap && check->syscall &&
	       strcmp(check->syscall, syscall) == 0;
}

static bool has_blocked(const struct lc_target *target, const char *syscall, int cap)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		if (is_blocked(&target->evidence[i], syscall, cap))
			return true;
	}
	return false;
}

int lc_judge_fruitless(struct lc_target *target)
{
	size_t n;
	const struct lc_fruitless *rows = lc_fruitless(&n);

	for (size_t k = 0; k < n; k++) {
		if (!has_blocked(target, rows[k].syscall, rows[k].first))
			continue;
		for (size_t i = 0; i < target->n_evidence; i++) {
			struct lc_check *check = &target->evidence[i];
			char *why;

			if (!is_blocked(check, rows[k].syscall, rows[k].cap))
				continue;
			why = strdup(rows[k].why);
			if (!why)
				return -ENOMEM;
			free(check->why);
			check->why = why;
			check->class = LC_CLASS_REFUSED;
		}
	}
	return 0;
}

/* Whether FAILURE wants a capability, one that no check asked for. */
static bool wants_unasked(const struct lc_failure *failure)
{
	return !failure->expected &&
	       (failure->cause == LC_CAUSE_FILTER || (failure->cause == LC_CAUSE_CAPABILITY && !failure->denied));
}

/*
 * Adds to TARGET's wanted the least that lets its refused calls through which the kernel did not come to ask about. Those that one capability
 * alone opens come first.
 */
static void want_openers(struct lc_target *target)
{
	for (int most = 1; most <= 64; most += 63) {
		for (size_t i = 0; i < target->n_failures; i++) {
			const struct lc_failure *failure = &target->failures[i];
			uint64_t caps = failure->caps;

			if (!wants_unasked(failure) || !caps || __builtin_popcountll(caps) > most ||
				caps & (target->cap_add | target->wanted))
				continue;
			target->wanted |= LC_CAP_BIT(lc_narrowest(caps));
		}
	}
}

int lc_judge_failures(struct lc_target *target)
{
	_cleanup_(lc_known_clear) struct lc_known known = {0};
	uint64_t voided = 0, denied = 0;
	int r = target->n_failures ? lc_known_fill(&known, target) : 0;

	for (size_t i = 0; !r && i < target->n_failures; i++) {
		struct lc_failure *failure = &target->failures[i];
		uint64_t of_this = 0;

		r = lc_judge_known_failure(failure, &known, &of_this);
		voided |= of_this;
		denied |= failure->caps;
	}
	if (r)
		return r;
	/* Whoever would have got it from a file but for no_new_privs gets it by no list. */
	target->wanted &= ~(voided & ~denied & target->granted);
	want_openers(target);
	return 0;
}

uint64_t lc_judge_wanted_by_the_way(const struct lc_target *target)
{
	uint64_t by_the_way = 0, needed = 0;

	if (!target->wanted)
		return 0;
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->class != LC_CLASS_BLOCKED)
			continue;
		if (lc_gone_on_find(check->syscall, check->caller))
			by_the_way |= LC_CAP_BIT(check->cap);
		else
			needed |= LC_CAP_BIT(check->cap);
	}
	for (size_t i = 0; i < target->n_failures; i++) {
		const struct lc_failure *failure = &target->failures[i];

		if (!wants_unasked(failure))
			continue;
		if (lc_gone_on_find(failure->syscall, NULL))
			by_the_way |= failure->caps;
		else
			needed |= failure->caps;
	}
	return target->wanted & by_the_way & ~needed;
}

/* What programs usually want after CAPS: only what is TRIED with them, or all. */
static uint64_t sequels(uint64_t caps, bool tried)
{
	uint64_t then = 0;
	size_t n;
	const struct lc_sequel *rows = lc_sequels(&n);

	for (size_t i = 0; i < n; i++) {
		if (caps & LC_CAP_BIT(rows[i].cap) && (!tried || rows[i].tried))
			then |= rows[i].then;
	}
	return then;
}

struct lc_next lc_judge_next(const struct lc_target *target)
{
	uint64_t last = lc_judge_wanted_by_the_way(target);
	uint64_t wanted = target->wanted & ~last ? target->wanted & ~last : target->wanted;
	struct lc_next next = {.list = (target->cap_add & ~target->tried) | wanted};

	for (size_t i = 0; i < target->n_failures; i++) {
		if (target->failures[i].cause == LC_CAUSE_OWN_CHECK)
			next.looked_for |= target->failures[i].caps;
	}
	/* What was guessed before, and granted, stands as long as the run is refused more. */
	if (target->wanted & ~last)
		next.guessed = (sequels(wanted, true) | (sequels(next.list, true) & target->granted)) & ~next.list;
	next.likely = (sequels(wanted, false) | next.looked_for) & ~(next.list | next.guessed | last);
	return next;
}
