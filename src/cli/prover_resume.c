/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Going on with a proof that was stopped: its trials count as if they were made now. */
#include "src/cli/cli.h"
#include "src/cli/prover_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The proof of a container that is gone on with. */
struct found {
	const struct lc_proof *proof; /* NULL: there is nothing to prove of it */
};

static bool is_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : !a && !b;
}

/* The proof of TARGET, which is CONTAINER's, by the test COMMAND, in the profile that is gone on with. NULL: it has none that says anything of now. */
static const struct lc_proof *proof_of(const struct lc_prover *prover, const struct lc_prover_container *container,
	const struct lc_target *target, const char *command)
{
	const struct lc_target *other = lc_prover_same_target(prover->resumed, target);
	const struct lc_proof *proof = other ? other->proof : NULL;

	if (!proof || !is_same(proof->image_digest, target->image_id) || !is_same(proof->command, command) ||
		!is_same(proof->patch_sha256, prover->patch ? prover->patched.sha256 : NULL) ||
		proof->restart != (container->restarted == LC_PROVER_BOTH))
		return NULL;
	return proof;
}

/* Fills FOUND, one for each container of which something is to be proven. 0; -ESTALE, which has been said; or -ENOMEM. */
static int find_proofs(const struct lc_prover *prover, struct found *found, size_t *n_runs)
{
	_cleanup_free_ char *command = lc_prover_command_text(prover->options.command);
	size_t some = 0;

	if (!command)
		return -ENOMEM;
	for (size_t i = 0; i < prover->baseline.n_targets; i++) {
		const struct lc_target *target = &prover->baseline.targets[i];
		const struct lc_prover_container *container = lc_prover_recorded(prover, target);

		if (container && container->subject)
			found[container - prover->containers].proof = proof_of(prover, container, target, command);
	}
	for (size_t i = 0; i < prover->n_containers; i++) {
		if (!prover->containers[i].subject)
			continue;
		if (found[i].proof && (!some || found[i].proof->n_runs == *n_runs)) {
			*n_runs = found[i].proof->n_runs;
			some++;
			continue;
		}
		lc_log(prover->log, LC_LOG_ERROR,
			"--resume: the profile has no proof of %s with this image, by this command, with the same patch or as it is, with a restart or without as now",
			prover->containers[i].key);
		return -ESTALE;
	}
	return 0;
}

/* Makes run I of what was FOUND one of the search's. 0 or -ENOMEM. */
static int take_run(struct lc_prover *prover, const struct found *found, size_t i)
{
	struct lc_prove_run *run = &prover->earlier[prover->n_earlier++];
	bool any = false;

	run->lists = calloc(prover->n_containers, sizeof(*run->lists));
	run->without = calloc(prover->n_containers, sizeof(*run->without));
	if (!run->lists || !run->without)
		return -ENOMEM;
	for (size_t j = 0; j < prover->n_containers; j++) {
		const struct lc_proof_run *of = found[j].proof ? &found[j].proof->runs[i] : NULL;

		if (!of)
			continue;
		run->purpose = of->purpose;
		run->verdict = of->verdict;
		run->accepted = of->accepted;
		run->lists[j] = of->list;
		run->without[j] = of->without;
		any |= of->without != 0;
		if (of->why && !run->why)
			run->why = strdup(of->why);
		if (of->why && !run->why)
			return -ENOMEM;
	}
	if (!any) {
		free(run->without);
		run->without = NULL;
	}
	return 0;
}

int lc_prover_resume(void *context, const struct lc_prove_run **runs, size_t *n)
{
	struct lc_prover *prover = context;
	_cleanup_free_ struct found *found = NULL;
	const struct lc_proof *first = NULL;
	size_t n_runs = 0;
	int r;

	if (!prover->resumed)
		return 0;
	found = calloc(prover->n_containers, sizeof(*found));
	r = found ? find_proofs(prover, found, &n_runs) : -ENOMEM;
	if (r == -ESTALE) {
		prover->status = LC_EXIT_FAILURE;
		return -EIO;
	}
	prover->earlier = r ? NULL : calloc(n_runs ? n_runs : 1, sizeof(*prover->earlier));
	if (!prover->earlier)
		return -ENOMEM;
	for (size_t i = 0; !first; i++)
		first = found[i].proof;
	for (size_t i = 0; !r && i < n_runs; i++) {
		if (first->runs[i].purpose != LC_TRIAL_BASELINE)
			r = take_run(prover, found, i);
	}
	*runs = prover->earlier;
	*n = prover->n_earlier;
	lc_log(prover->log, LC_LOG_NOTICE, "%zu trials of the profile that is gone on with count", *n);
	return r;
}

void lc_prover_forget_earlier(struct lc_prover *prover)
{
	for (size_t i = 0; i < prover->n_earlier; i++) {
		free(prover->earlier[i].lists);
		free(prover->earlier[i].without);
		free(prover->earlier[i].why);
	}
	free(prover->earlier);
}
