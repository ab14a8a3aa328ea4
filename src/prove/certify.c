/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between recordings and the search: what a recording tells of a list, and the certificate that a search gives. */
#include <leastcap/trial.h>

#include <leastcap/capset.h>
#include <leastcap/judge.h>
#include <leastcap/strbuf.h>

#include <linux/capability.h>
#include <stdlib.h>

/*
 * What programs often go on without, whatever asked: scripts that don't look at what chown or chmod returned, daemons that signal others, login by
 * PAM, root that reads what everybody may read. On lists of single recordings these are most of what is too much.
 */
#define OFTEN_SURVIVED                                                                                                 \
	(LC_CAP_BIT(CAP_AUDIT_WRITE) | LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_DAC_READ_SEARCH) |                \
		LC_CAP_BIT(CAP_FSETID) | LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_FOWNER))

uint64_t lc_trial_doubtful(const struct lc_target *target)
{
	uint64_t named = 0, needed = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];
		uint64_t bit = LC_CAP_BIT(check->cap);

		if (check->class == LC_CLASS_IMPLIED &&
			(check->source == LC_SOURCE_CAPSET || check->source == LC_SOURCE_AMBIENT))
			named |= bit;
		else if (check->class == LC_CLASS_REQUIRED || check->class == LC_CLASS_IMPLIED)
			needed |= bit;
	}
	return target->cap_add & (target->verify | (named & ~needed) | OFTEN_SURVIVED);
}

uint64_t lc_trial_open(uint64_t list)
{
	return list & ~(LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SETGID));
}

uint64_t lc_trial_wanted(const struct lc_target *target)
{
	const struct lc_next next = lc_judge_next(target);

	return next.list | next.likely;
}

/* Fills RUN from OF as SUBJECT, of N, saw it. False: out of memory. */
static bool fill_run(struct lc_proof_run *run, const struct lc_prove_run *of, size_t subject, size_t n)
{
	*run = (struct lc_proof_run){.purpose = of->purpose, .verdict = of->verdict, .accepted = of->accepted};
	run->list = of->lists ? of->lists[subject] : 0;
	run->without = of->without ? of->without[subject] : 0;
	for (size_t i = 0; of->without && i < n; i++)
		run->others |= i != subject && of->without[i];
	run->why = lc_copy(of->why);
	return run->why || !of->why;
}

/* What of PROOF's list no trial lacked alone. */
static uint64_t untried(const struct lc_proof *proof)
{
	uint64_t left = proof->list, none = 0;

	while (left) {
		int cap = lc_cap_take(&left);

		if (!lc_proof_reason(proof, cap))
			none |= LC_CAP_BIT(cap);
	}
	return none;
}

struct lc_proof *lc_proof_of(const struct lc_prove_result *result, size_t subject, uint64_t recorded)
{
	struct lc_proof *proof = calloc(1, sizeof(*proof));
	bool whole;

	if (!proof)
		return NULL;
	proof->list = result->lists[subject];
	proof->added = result->added[subject] & proof->list;
	proof->removed = recorded & ~proof->list;
	proof->stopped = result->end != LC_PROVE_PROVEN;
	proof->runs = calloc(result->n_runs ? result->n_runs : 1, sizeof(*proof->runs));
	whole = proof->runs;
	for (size_t i = 0; whole && i < result->n_runs; i++)
		whole = fill_run(&proof->runs[proof->n_runs++], &result->runs[i], subject, result->n);
	if (!whole) {
		lc_proof_free(proof);
		return NULL;
	}
	proof->untried = untried(proof);
	return proof;
}
