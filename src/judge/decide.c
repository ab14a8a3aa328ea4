/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the lists. For each decision in the evidence they have one of the capabilities that it accepts, and no more than that. */
#include "filtered.h"
#include "judge_private.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/judge.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The classes whose capabilities are on the list, and the classes of checks that make use of what they are granted. */
static const bool listed[LC_CLASS_N] = {[LC_CLASS_REQUIRED] = true, [LC_CLASS_IMPLIED] = true};
static const bool used[LC_CLASS_N] = {
	[LC_CLASS_REQUIRED] = true,
	[LC_CLASS_IMPLIED] = true,
	[LC_CLASS_ALTERNATIVE] = true,
	[LC_CLASS_ADVISORY] = true,
};

bool lc_judge_is_use(enum lc_class class)
{
	return used[class];
}

/* The pair that CHECK's decision accepts, or NULL. What a file or a request names can't be answered by another capability. */
static const struct lc_alternative *pair_of(const struct lc_chains *chains, const struct lc_check *check)
{
	const struct lc_alternative *pair;

	if (check->source != LC_SOURCE_CHECK)
		return NULL;
	pair = lc_alternative_find(check);
	return pair ? pair : lc_chain_find(chains, check);
}

static int collect(struct lc_target *target, const struct lc_chains *chains, struct lc_decisions *decisions)
{
	decisions->n = 0;
	decisions->list = calloc(target->n_evidence + 1, sizeof(*decisions->list));
	if (!decisions->list)
		return -ENOMEM;
	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];
		struct lc_decision decision = {
			.check = check, .denied = check->class == LC_CLASS_BLOCKED, .taken = check->cap};

		if (!decision.denied && !lc_is_answered(check) &&
			!(listed[check->class] && check->verdict == LC_VERDICT_GRANTED))
			continue;
		decision.pair = pair_of(chains, check);
		decision.opens = check->source == LC_SOURCE_FILTER ? lc_filter_accepts(target, check) : 0;
		decision.works = lc_judge_workable(target, &decision) | decision.opens;
		if (decision.pair || !lc_is_answered(check))
			decisions->list[decisions->n++] = decision;
	}
	return 0;
}

void lc_decisions_clear(struct lc_decisions *decisions)
{
	free(decisions->list);
	*decisions = (struct lc_decisions){0};
}

/* The member of DECISION's pair that TARGET's list rather has. It is the narrow one if TARGET was granted that and not the wide one. */
static int preferred(const struct lc_decision *decision, const struct lc_target *target)
{
	const struct lc_alternative *pair = decision->pair;
	bool has_only_narrow =
		target->granted & LC_CAP_BIT(pair->narrow) && !(target->granted & LC_CAP_BIT(pair->wide));

	if (!(decision->works & LC_CAP_BIT(pair->narrow)))
		return pair->wide;
	if (!(decision->works & LC_CAP_BIT(pair->wide)))
		return pair->narrow;
	return pair->wide_in_containers && target->kind == LC_TARGET_CONTAINER && !has_only_narrow ? pair->wide
												   : pair->narrow;
}

/* Whether each decision that was DENIED (or was not) accepts one of LIST. */
static bool satisfies(uint64_t list, const struct lc_decisions *decisions, bool denied)
{
	for (size_t i = 0; i < decisions->n; i++) {
		if (decisions->list[i].denied == denied && !(list & decisions->list[i].works))
			return false;
	}
	return true;
}

/* Of the pairs that LIST does not satisfy: the preferred members that are the wide ones (WIDE) or the narrow ones. */
static uint64_t missing(
	const struct lc_target *target, const struct lc_decisions *decisions, bool denied, bool wide, uint64_t list)
{
	uint64_t missing = 0;

	for (size_t i = 0; i < decisions->n; i++) {
		const struct lc_decision *decision = &decisions->list[i];
		int cap;

		if (decision->denied != denied || !decision->pair || list & decision->works)
			continue;
		cap = preferred(decision, target);
		if ((cap == decision->pair->wide) == wide)
			missing |= LC_CAP_BIT(cap);
	}
	return missing;
}

/* What LIST lacks of what opens filters. */
static uint64_t unopened(const struct lc_decisions *decisions, bool denied, uint64_t list)
{
	uint64_t missing = 0;

	for (size_t i = 0; i < decisions->n; i++) {
		const struct lc_decision *decision = &decisions->list[i];

		if (decision->denied == denied && decision->opens && !((list | missing) & decision->works))
			missing |= LC_CAP_BIT(decision->check->cap);
	}
	return missing;
}

/*
 * Adds to LIST what the decisions need that were DENIED (or were not). Decisions that accept one capability only come first, because that may
 * satisfy a pair too. Wide members come before narrow ones for the same reason, and what only opens a filter comes last. Pairs with a common
 * member may lead to one too many, which is taken away again.
 */
static uint64_t choose(const struct lc_target *target, const struct lc_decisions *decisions, bool denied, uint64_t list)
{
	uint64_t chosen;

	for (size_t i = 0; i < decisions->n; i++) {
		const struct lc_decision *decision = &decisions->list[i];

		if (decision->denied == denied && !decision->pair && !decision->opens)
			list |= LC_CAP_BIT(decision->check->cap);
	}
	chosen = missing(target, decisions, denied, true, list);
	chosen |= missing(target, decisions, denied, false, list | chosen);
	chosen |= unopened(decisions, denied, list | chosen);
	for (int cap = 0; cap < 64; cap++) {
		uint64_t without = chosen & ~LC_CAP_BIT(cap);

		if (chosen != without && satisfies(list | without, decisions, denied))
			chosen = without;
	}
	return list | chosen;
}

/* Sets CHECK's sentence, taking over WHY. */
static int set_why(struct lc_check *check, char *why)
{
	if (!why)
		return -ENOMEM;
	free(check->why);
	check->why = why;
	return 0;
}

/* Says of DECISION, which asked for the wide member of its pair and has it on the list, why the narrow one does not work, if so. 0 or -ENOMEM. */
static int explain_wide(const struct lc_target *target, struct lc_decision *decision)
{
	struct lc_check *check = decision->check;
	const struct lc_alternative *pair = decision->pair;

	if (check->cap != pair->wide || check->why || decision->works & LC_CAP_BIT(pair->narrow))
		return 0;
	return set_why(check, lc_judge_unworkable(target, check, pair->narrow, pair->wide));
}

/* Decides which capability of LIST stands for DECISION. If it is not the one asked for, the check becomes an alternative. 0 or -ENOMEM. */
static int settle(const struct lc_target *target, struct lc_decision *decision, uint64_t list)
{
	struct lc_check *check = decision->check;
	char name[LC_CAP_NAME_SIZE];
	char *why = NULL;

	if (!decision->pair && !decision->opens)
		return 0;
	if (list & decision->works & LC_CAP_BIT(check->cap))
		return decision->pair ? explain_wide(target, decision) : 0;
	if (decision->opens)
		decision->taken = lc_narrowest(list & decision->opens);
	else
		decision->taken = check->cap == decision->pair->narrow ? decision->pair->wide : decision->pair->narrow;
	if (lc_is_answered(check))
		return 0;
	check->class = LC_CLASS_ALTERNATIVE;
	if (decision->pair && !(decision->works & LC_CAP_BIT(check->cap)))
		why = lc_judge_unworkable(target, check, check->cap, decision->taken);
	else if (decision->pair && decision->taken == preferred(decision, target))
		why = strdup(decision->pair->why);
	else if (asprintf(&why, "%s, which is on the list already, is accepted as well",
			 lc_cap_name(decision->taken, name)) < 0)
		why = NULL;
	return set_why(check, why);
}

/* Says of each denied check that did not matter what was accepted instead. */
static int explain_answered(struct lc_target *target, const struct lc_chains *chains)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];
		char name[LC_CAP_NAME_SIZE];
		char *why;
		int cap;

		if (!lc_is_answered(check) || check->why)
			continue;
		cap = lc_chain_answer(chains, check);
		if (asprintf(&why, "denied, but the same decision then accepted %s",
			    cap < 0 ? "another capability" : lc_cap_name(cap, name)) < 0)
			return -ENOMEM;
		check->why = why;
	}
	return 0;
}

/* The capabilities of the list that only survivable checks asked for. */
static uint64_t survivable(const struct lc_target *target, const struct lc_decisions *decisions)
{
	uint64_t taken = 0, needed = 0;

	for (size_t i = 0; i < decisions->n; i++) {
		const struct lc_decision *decision = &decisions->list[i];

		if (decision->denied || lc_is_answered(decision->check))
			continue;
		taken |= LC_CAP_BIT(decision->taken);
		if (!decision->check->survivable)
			needed |= LC_CAP_BIT(decision->taken);
	}
	return target->cap_add & taken & ~needed;
}

/* Adds "verify" to the sentence of each check whose capability is to be verified. 0 or -ENOMEM. */
static int mark_survivable(const struct lc_target *target, const struct lc_decisions *decisions)
{
	for (size_t i = 0; i < decisions->n; i++) {
		struct lc_check *check = decisions->list[i].check;
		char *why;
		int r;

		if (decisions->list[i].denied || lc_is_answered(check) ||
			!(target->verify & LC_CAP_BIT(decisions->list[i].taken)))
			continue;
		if (asprintf(&why, "%s%smay be survivable: verify", check->why ? check->why : "",
			    check->why ? "; " : "") < 0)
			return -ENOMEM;
		r = set_why(check, why);
		if (r)
			return r;
	}
	return 0;
}

uint64_t lc_refused_by_trial(const struct lc_target *target)
{
	uint64_t caps = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->tried && check->verdict == LC_VERDICT_DENIED)
			caps |= LC_CAP_BIT(check->cap);
	}
	return caps;
}

int lc_judge_decide(struct lc_target *target, struct lc_decisions *decisions)
{
	_cleanup_(lc_chains_clear) struct lc_chains chains = {0};
	uint64_t asked = 0, wanted;
	int r = lc_chains_fill(&chains, target);

	if (!r)
		r = collect(target, &chains, decisions);
	if (r)
		return r;
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->verdict == LC_VERDICT_GRANTED ? lc_judge_is_use(check->class) : check->tried)
			asked |= LC_CAP_BIT(check->cap);
	}
	target->cap_add = choose(target, decisions, false, 0);
	wanted = choose(target, decisions, true, target->cap_add);
	target->wanted = wanted & ~target->cap_add;
	/* In a container of root's whoever was denied what the container holds had given it up, but in a trial. To grant more would not help. */
	if (target->kind == LC_TARGET_CONTAINER && lc_user_is_root(target->user))
		target->wanted &= ~(target->granted & ~lc_refused_by_trial(target));
	target->unused = target->granted & ~asked & ~target->cap_add;
	for (size_t i = 0; !r && i < decisions->n; i++)
		r = settle(target, &decisions->list[i], decisions->list[i].denied ? wanted : target->cap_add);
	if (!r)
		r = explain_answered(target, &chains);
	target->verify = survivable(target, decisions);
	return r ? r : mark_survivable(target, decisions);
}
