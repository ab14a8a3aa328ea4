/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The cause of a refused call: the proofs in their order, the surest first. */
#include "causes.h"
#include "judge_private.h"

#include <leastcap/capset.h>
#include <leastcap/causes.h>
#include <leastcap/cleanup.h>
#include <leastcap/judge.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

#define LC_DAC (LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_DAC_READ_SEARCH) | LC_CAP_BIT(CAP_FOWNER))

/* A check in the same call was denied, and the call failed for it. */
static bool by_check(const struct lc_refused *refused, struct lc_finding *finding)
{
	const struct lc_failure *failure = refused->failure;
	struct lc_denials denials;
	uint64_t known;

	if (!lc_known_denials(refused->known, failure, &denials))
		return false;
	if (!denials.accepted) {
		finding->cause = LC_CAUSE_NAMESPACE;
		if (denials.beyond)
			lc_words_on_namespace(finding);
		return denials.beyond;
	}
	if (failure->void_file && denials.asked & refused->known->target->granted) {
		finding->cause = LC_CAUSE_NO_NEW_PRIVS;
		finding->voided = denials.asked;
		lc_words_on_void_file(finding);
		return true;
	}
	finding->holds = lc_known_may_hold(refused->known, failure->user);
	finding->cause = finding->holds || denials.asked & ~LC_DAC ? LC_CAUSE_CAPABILITY : LC_CAUSE_FILE;
	known = lc_judge_known_to_engine(refused->known->target);
	finding->caps = denials.accepted & known ? denials.accepted & known : denials.accepted;
	lc_words_on_check(finding, refused, &denials);
	return true;
}

/* Whether the filter that is in force in TARGET is its engine's own. */
static bool has_engines_filter(const struct lc_target *target)
{
	return target->kind == LC_TARGET_CONTAINER && target->seccomp && !target->privileged;
}

/* Those of OPENS, which open a filter, that every kernel accepts when it is asked in its turn. */
static uint64_t accepted_by_kernels(uint64_t opens)
{
	size_t n;
	const struct lc_alternative *rows = lc_alternatives(&n);

	for (size_t i = 0; i < n; i++) {
		if (rows[i].narrow_alone && opens & LC_CAP_BIT(rows[i].narrow))
			opens &= ~LC_CAP_BIT(rows[i].wide);
	}
	return opens;
}

/* The filters were run on the call, and refuse it. */
static bool by_filter(const struct lc_refused *refused, struct lc_finding *finding)
{
	const struct lc_target *target = refused->known->target;
	const struct lc_failure *failure = refused->failure;
	enum lc_filter_owner owner = LC_FILTER_OF_PROGRAM;
	uint64_t opens = 0;

	if (failure->filter != LC_FILTER_REFUSES)
		return false;
	if (has_engines_filter(target)) {
		opens = lc_filter_opens(target->engine, target->engine_version, failure->syscall, failure->argument);
		owner = lc_filter_owner_of(target, failure, opens);
	}
	finding->cause = LC_CAUSE_FILTER;
	finding->caps = owner == LC_FILTER_OF_ENGINE ? accepted_by_kernels(opens) : 0;
	if (owner == LC_FILTER_OF_USER && target->own_filter)
		lc_by_own_profile(refused, finding);
	finding->expected = owner == LC_FILTER_OF_PROGRAM && target->kind == LC_TARGET_CONTAINER;
	lc_words_on_filter(finding, refused, owner);
	return true;
}

/* The filters could not be read, and the engine's default one would refuse the call. */
static bool by_default_filter(const struct lc_refused *refused, struct lc_finding *finding)
{
	const struct lc_target *target = refused->known->target;
	const struct lc_failure *failure = refused->failure;
	const struct lc_filter_row *row;

	if (failure->filter != LC_FILTER_UNKNOWN || failure->asked || !has_engines_filter(target) ||
		target->own_filter || !failure->result)
		return false;
	row = lc_filter_row_find(target->engine, target->engine_version, failure->syscall, failure->argument);
	if (!row || row->caps & target->granted || strcmp(failure->result, row->nosys ? "ENOSYS" : "EPERM") != 0)
		return false;
	finding->cause = LC_CAUSE_FILTER;
	finding->caps = accepted_by_kernels(row->caps);
	finding->guessed = true;
	lc_words_on_filter(finding, refused, LC_FILTER_OF_ENGINE);
	return true;
}

/* No check was denied, but the program is one whose file gave it nothing. */
static bool by_void_file(const struct lc_refused *refused, struct lc_finding *finding)
{
	const struct lc_failure *failure = refused->failure;

	if (!failure->no_new_privs || !failure->void_file || (failure->asked && !failure->denied))
		return false;
	if (lc_refusal_find(failure, false))
		return false;
	finding->cause = LC_CAUSE_NO_NEW_PRIVS;
	lc_words_on_void_file(finding);
	return true;
}

static bool by_row(const struct lc_refused *refused, struct lc_finding *finding, bool possible)
{
	const struct lc_refusal *row = lc_refusal_find(refused->failure, possible);

	if (!row)
		return false;
	finding->cause = row->cause;
	finding->expected = row->expected;
	lc_strbuf_adds(&finding->why, row->why);
	lc_strbuf_adds(&finding->help, row->help);
	return true;
}

static bool by_sure_row(const struct lc_refused *refused, struct lc_finding *finding)
{
	return by_row(refused, finding, false);
}

static bool by_possible_row(const struct lc_refused *refused, struct lc_finding *finding)
{
	return by_row(refused, finding, true);
}

/* Whether WHAT the failure is about is /proc/PID of some process. */
static bool is_in_proc(const char *about)
{
	return about && strncmp(about, "/proc/", 6) == 0 && about[6] >= '0' && about[6] <= '9';
}

/*
 * Root could not map itself into a user namespace that it had made without SETFCAP. The kernel knows that from when the namespace was made, and
 * asks nothing when the map is written (since 5.12: verify_root_map in kernel/user_namespace.c).
 */
static bool by_root_map(const struct lc_refused *refused, struct lc_finding *finding)
{
	static const char *const writes[] = {"write", "pwrite64", "writev"};
	const struct lc_failure *failure = refused->failure;
	const struct lc_target *target = refused->known->target;
	const char *map = failure->about ? strrchr(failure->about, '/') : NULL;

	if (!map || strcmp(map, "/uid_map") != 0 || !is_in_proc(failure->about) || failure->denied)
		return false;
	if (!lc_is_one_of(failure->syscall, writes, 3) || !failure->result || strcmp(failure->result, "EPERM") != 0)
		return false;
	if (!failure->user || strncmp(failure->user, "0:", 2) != 0 || target->granted & LC_CAP_BIT(CAP_SETFCAP) ||
		target->kernel < LC_KERNEL(5, 12))
		return false;
	finding->cause = LC_CAUSE_CAPABILITY;
	finding->caps = LC_CAP_BIT(CAP_SETFCAP);
	lc_strbuf_adds(&finding->why,
		"Root maps itself into a user namespace, which the kernel allows to who had SETFCAP when the namespace was made.");
	lc_strbuf_adds(&finding->help, "SETFCAP lets it through, where nothing else is wrong with the map.");
	return true;
}

/* A security module confines the target, and its policy decides about the call. */
static bool by_policy(const struct lc_refused *refused, struct lc_finding *finding)
{
	const struct lc_failure *failure = refused->failure;
	const struct lc_target *target = refused->known->target;
	const char *what = lc_mediated(LC_MEDIATOR_POLICY, failure->syscall, failure->result);

	if (lc_module_of(target->label) == LC_MODULE_NONE || !what)
		return false;
	finding->cause = LC_CAUSE_CONFINEMENT;
	lc_words_on_policy(finding, target, what);
	return true;
}

/* A capability was granted, and the profile, which is asked after that, may forbid it. */
static bool by_policy_for_capabilities(const struct lc_refused *refused, struct lc_finding *finding)
{
	const struct lc_failure *failure = refused->failure;
	const struct lc_target *target = refused->known->target;

	if (!failure->result || strcmp(failure->result, "EPERM") != 0 || !lc_label_limits_capabilities(target->label))
		return false;
	if (failure->denied || !lc_known_granted(refused->known, failure))
		return false;
	finding->cause = LC_CAUSE_CONFINEMENT;
	lc_words_on_policy_for_capabilities(finding, target);
	return true;
}

/*
 * A program of the target has restricted itself by Landlock: the one whose call failed, or another, from which that may have inherited it. Who
 * does that without SYS_ADMIN has set no_new_privs before.
 */
static bool by_landlock(const struct lc_refused *refused, struct lc_finding *finding)
{
	const struct lc_failure *failure = refused->failure;
	const char *program = refused->known->target->landlock;
	const char *what = lc_mediated(LC_MEDIATOR_LANDLOCK, failure->syscall, failure->result);
	bool by_itself = program && failure->exe && strcmp(program, failure->exe) == 0;

	if (!program || !what)
		return false;
	if (!by_itself && !failure->no_new_privs)
		return false;
	finding->cause = LC_CAUSE_CONFINEMENT;
	lc_words_on_landlock(finding, program, by_itself, what);
	return true;
}

static bool by_limit(const struct lc_refused *refused, struct lc_finding *finding)
{
	const struct lc_limit *limit = lc_limit_find(refused->failure->syscall, refused->failure->result);

	if (!limit)
		return false;
	finding->cause = LC_CAUSE_LIMIT;
	finding->caps = LC_CAP_BIT(limit->cap);
	lc_words_on_limit(finding, limit);
	return true;
}

/* A check was denied, and nothing else is known of it. */
static bool by_unseen_check(const struct lc_refused *refused, struct lc_finding *finding)
{
	if (!refused->failure->denied || refused->known->n_denied)
		return false;
	finding->cause = LC_CAUSE_CAPABILITY;
	lc_strbuf_adds(&finding->why, "A capability was asked for in this call, and denied.");
	return true;
}

static bool by_nothing(const struct lc_refused *refused, struct lc_finding *finding)
{
	finding->cause = LC_CAUSE_UNKNOWN;
	lc_words_on_nothing(finding, refused);
	return true;
}

/* In the order of what they prove. */
static bool (*const proofs[])(const struct lc_refused *refused, struct lc_finding *finding) = {
	lc_by_own_check,
	by_filter,
	by_check,
	by_unseen_check,
	by_default_filter,
	by_void_file,
	by_root_map,
	by_sure_row,
	by_policy,
	by_landlock,
	by_policy_for_capabilities,
	by_limit,
	by_possible_row,
	by_nothing,
};

static bool shows(const struct lc_refused *refused, enum lc_expected_sign sign)
{
	const struct lc_failure *failure = refused->failure;

	switch (sign) {
	case LC_EXPECTED_PROC:
		return is_in_proc(failure->about);
	case LC_EXPECTED_PROBE:
		return failure->about && strncmp(failure->about, "signal 0 ", strlen("signal 0 ")) == 0;
	case LC_EXPECTED_LATER:
		return lc_known_later(refused->known, failure);
	case LC_EXPECTED_ELSEWHERE:
		return lc_known_elsewhere(refused->known, failure->about);
	default:
		return true;
	}
}

/* Why programs get over the failure, a part of a sentence; NULL if they don't, as far as is known. */
static const char *why_expected(const struct lc_refused *refused)
{
	size_t n;
	const struct lc_expected *rows = lc_expected(&n);

	for (size_t i = 0; i < n; i++) {
		const struct lc_expected *row = &rows[i];

		if (row->calls[0] && !lc_is_one_of(refused->failure->syscall, row->calls, LC_REFUSAL_CALLS))
			continue;
		if (row->results[0] && !lc_is_one_of(refused->failure->result, row->results, LC_REFUSAL_RESULTS))
			continue;
		if (shows(refused, row->sign))
			return row->why;
	}
	return NULL;
}

void lc_finding_clear(struct lc_finding *finding)
{
	lc_strbuf_free(&finding->rule);
	lc_strbuf_free(&finding->why);
	lc_strbuf_free(&finding->help);
}

/* Whether FAILURE stands for many that were left out of a profile, with what had been found of them. */
static bool is_folded(const struct lc_failure *failure)
{
	return !failure->exe && failure->about && failure->why &&
	       strstr(failure->about, " more kinds of calls like these");
}

/* Gives FAILURE what was found. 0, or -ENOMEM and it is unchanged. */
static int give(struct lc_failure *failure, struct lc_finding *finding)
{
	bool has_help = finding->help.length, has_rule = finding->rule.length;
	char *why = lc_strbuf_steal(&finding->why), *help = has_help ? lc_strbuf_steal(&finding->help) : NULL;
	char *rule = has_rule ? lc_strbuf_steal(&finding->rule) : NULL;

	if (!why || (has_help && !help) || (has_rule && !rule) || finding->help.failed) {
		free(why);
		free(help);
		free(rule);
		return -ENOMEM;
	}
	free(failure->why);
	free(failure->help);
	free(failure->rule);
	failure->why = why;
	failure->help = help;
	failure->rule = rule;
	failure->cause = finding->cause;
	failure->expected = finding->expected;
	failure->caps = finding->caps;
	return 0;
}

int lc_judge_known_failure(struct lc_failure *failure, const struct lc_known *known, uint64_t *voided)
{
	const struct lc_refused refused = {.failure = failure, .known = known};
	_cleanup_(lc_finding_clear) struct lc_finding finding = {0};
	const char *expected;
	size_t i = 0;

	*voided = 0;
	if (is_folded(failure))
		return 0;
	while (!proofs[i](&refused, &finding))
		i++;
	*voided = finding.voided;
	expected = why_expected(&refused);
	if (expected) {
		finding.expected = true;
		lc_strbuf_addf(&finding.why, " Programs get over it: %s.", expected);
	}
	return give(failure, &finding);
}

int lc_judge_failure(struct lc_failure *failure, const struct lc_target *target)
{
	_cleanup_(lc_known_clear) struct lc_known known = {0};
	uint64_t voided;
	int r = lc_known_fill(&known, target);

	return r ? r : lc_judge_known_failure(failure, &known, &voided);
}
