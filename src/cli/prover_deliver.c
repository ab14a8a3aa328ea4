/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What comes of a proof: the baseline's profile, with a certificate for each container. */
#include "src/cli/prover_private.h"

#include <leastcap/capset.h>
#include <leastcap/clock.h>
#include <leastcap/judge.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *lc_prover_command_text(char *const *command)
{
	struct lc_strbuf text = {0};

	for (size_t i = 0; command[i]; i++) {
		bool plain = *command[i] && !command[i][strcspn(command[i], " \t\n\\'\"$`*?[](){}<>|&;#~!")];

		lc_strbuf_separate(&text, " ");
		if (plain) {
			lc_strbuf_adds(&text, command[i]);
			continue;
		}
		lc_strbuf_adds(&text, "'");
		for (const char *byte = command[i]; *byte; byte++)
			lc_strbuf_adds(&text, *byte == '\'' ? "'\\''" : (char[]){*byte, 0});
		lc_strbuf_adds(&text, "'");
	}
	return lc_strbuf_steal(&text);
}

static const char *method_of(const struct lc_prover *prover)
{
	if (prover->by_kernel)
		return LC_PROOF_BY_KERNEL;
	return prover->proxy ? "engine" : "bounding set";
}

/* The certificate of CONTAINER, whose recording on KERNEL is TARGET. NULL when out of memory. */
static struct lc_proof *certify(const struct lc_prover *prover, const struct lc_prove_result *result,
	const struct lc_prover_container *container, const struct lc_target *target, const char *kernel)
{
	struct lc_proof *proof = lc_proof_of(result, (size_t)(container - prover->containers), container->recorded);
	int r;

	if (!proof)
		return NULL;
	proof->command = lc_prover_command_text(prover->options.command);
	proof->unprivileged = container->privileged;
	proof->restart = container->restarted == LC_PROVER_BOTH;
	proof->ended_ns = lc_clock_ns(CLOCK_REALTIME);
	r = proof->command ? lc_copy_to(&proof->method, method_of(prover)) : -ENOMEM;
	if (!r)
		r = lc_copy_to(&proof->image_digest, target->image_id);
	if (!r)
		r = lc_copy_to(&proof->engine, target->engine);
	if (!r)
		r = lc_copy_to(&proof->engine_version, target->engine_version);
	if (!r)
		r = lc_copy_to(&proof->kernel, kernel);
	if (!r && prover->patch)
		r = lc_copy_to(&proof->patch, prover->patch)
			    ?: lc_copy_to(&proof->patch_sha256, prover->patched.sha256);
	if (!r)
		return proof;
	lc_proof_free(proof);
	return NULL;
}

/* Has TARGET's evidence say that trials failed without CAPS, which no check of its recording asked for. 0 or -ENOMEM. */
static int add_evidence(struct lc_target *target, uint64_t caps, const struct lc_profile *profile)
{
	for (int cap; (cap = lc_cap_take(&caps)) >= 0;) {
		struct lc_check check = {.cap = cap, .phase = LC_PHASE_WORKLOAD, .audited = LC_AUDITED_UNKNOWN};
		int r;

		check.first_ns = profile->started_ns;
		check.last_ns = profile->ended_ns;
		check.about = strdup("a trial failed without it");
		r = check.about ? lc_target_add_evidence(target, &check) : -ENOMEM;
		if (r) {
			lc_check_clear(&check);
			return r;
		}
	}
	return 0;
}

struct lc_prover_container *lc_prover_recorded(const struct lc_prover *prover, const struct lc_target *target)
{
	if (prover->options.scope == LC_SCOPE_COMMAND)
		return target->kind == LC_TARGET_COMMAND ? prover->containers : NULL;
	for (size_t i = 0; target->id && i < prover->n_recorded; i++) {
		if (!strncmp(prover->recorded[i].id, target->id, strlen(target->id)))
			return &prover->containers[prover->recorded[i].container];
	}
	return NULL;
}

int lc_prover_deliver(struct lc_prover *prover, const struct lc_prove_result *result, struct lc_profile *profile)
{
	size_t kept = 0;

	*profile = prover->baseline;
	prover->baseline = (struct lc_profile){0};
	for (size_t i = 0; i < profile->n_targets; i++) {
		struct lc_target target = profile->targets[i];
		const struct lc_prover_container *container = lc_prover_recorded(prover, &target);

		if (!container) {
			lc_target_clear(&target);
			continue;
		}
		profile->targets[kept++] = target;
	}
	profile->n_targets = kept;
	for (size_t i = 0; result->lists && i < kept; i++) {
		struct lc_target *target = &profile->targets[i];
		const struct lc_prover_container *container = lc_prover_recorded(prover, target);
		int r;

		if (!container->subject)
			continue;
		lc_proof_free(target->proof);
		target->proof = certify(prover, result, container, target, profile->kernel);
		r = target->proof ? add_evidence(target, target->proof->added & ~target->cap_add, profile) : -ENOMEM;
		if (!r)
			r = lc_judge_target(target);
		if (r)
			return r;
		/* What these programs' files would have asked for can't be missing from a list that has passed. */
		if (!target->proof->stopped)
			target->losses.of[LC_LOSS_PROGRAMS] = 0;
	}
	return 0;
}
