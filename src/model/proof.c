/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Certificates: the words of the enumerations in proof.h, comparing and freeing. */
#include <leastcap/proof.h>

#include <leastcap/capset.h>
#include <leastcap/order.h>
#include <leastcap/words.h>

#include <stdlib.h>

static const char *const purposes[LC_TRIAL_PURPOSE_N] = {
	[LC_TRIAL_BASELINE] = "baseline",
	[LC_TRIAL_RECORDED] = "recorded",
	[LC_TRIAL_WITHOUT] = "without",
	[LC_TRIAL_CONFIRM] = "confirm",
	[LC_TRIAL_FINAL] = "final",
};

static const char *const verdicts[LC_TRIAL_VERDICT_N] = {
	[LC_TRIAL_PASSED] = "passed",
	[LC_TRIAL_DEGRADED] = "degraded",
	[LC_TRIAL_FAILED] = "failed",
};

const struct lc_vocabulary lc_vocabulary_trial_purpose = {purposes, LC_TRIAL_PURPOSE_N};
const struct lc_vocabulary lc_vocabulary_trial_verdict = {verdicts, LC_TRIAL_VERDICT_N};

const char *lc_trial_purpose_name(enum lc_trial_purpose purpose)
{
	return lc_vocabulary_word(&lc_vocabulary_trial_purpose, (int)purpose);
}

const char *lc_trial_verdict_name(enum lc_trial_verdict verdict)
{
	return lc_vocabulary_word(&lc_vocabulary_trial_verdict, (int)verdict);
}

int lc_trial_purpose_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_trial_purpose, name);
}

int lc_trial_verdict_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_trial_verdict, name);
}

const struct lc_proof_run *lc_proof_reason(const struct lc_proof *proof, int cap)
{
	uint64_t others = proof->list & ~LC_CAP_BIT(cap);

	for (size_t i = proof->n_runs; i > 0; i--) {
		const struct lc_proof_run *run = &proof->runs[i - 1];

		if (run->purpose == LC_TRIAL_BASELINE || run->verdict == LC_TRIAL_PASSED || run->accepted)
			continue;
		if (!(run->list & LC_CAP_BIT(cap)) && (run->list & others) == others)
			return run;
	}
	return NULL;
}

static bool same_run(const struct lc_proof_run *a, const struct lc_proof_run *b)
{
	return a->purpose == b->purpose && a->verdict == b->verdict && a->accepted == b->accepted &&
	       a->list == b->list && a->without == b->without && a->others == b->others && lc_same_text(a->why, b->why);
}

bool lc_proof_equal(const struct lc_proof *a, const struct lc_proof *b)
{
	if (a->list != b->list || a->added != b->added || a->removed != b->removed || a->untried != b->untried ||
		a->stopped != b->stopped || a->unprivileged != b->unprivileged || a->restart != b->restart ||
		a->ended_ns != b->ended_ns || a->n_runs != b->n_runs)
		return false;
	if (!lc_same_text(a->method, b->method) || !lc_same_text(a->command, b->command) ||
		!lc_same_text(a->image_digest, b->image_digest) || !lc_same_text(a->engine, b->engine) ||
		!lc_same_text(a->engine_version, b->engine_version) || !lc_same_text(a->kernel, b->kernel) ||
		!lc_same_text(a->patch, b->patch) || !lc_same_text(a->patch_sha256, b->patch_sha256))
		return false;
	for (size_t i = 0; i < a->n_runs; i++) {
		if (!same_run(&a->runs[i], &b->runs[i]))
			return false;
	}
	return true;
}

void lc_proof_free(struct lc_proof *proof)
{
	if (!proof)
		return;
	for (size_t i = 0; i < proof->n_runs; i++)
		free(proof->runs[i].why);
	free(proof->runs);
	free(proof->method);
	free(proof->command);
	free(proof->image_digest);
	free(proof->engine);
	free(proof->engine_version);
	free(proof->kernel);
	free(proof->patch);
	free(proof->patch_sha256);
	free(proof);
}
