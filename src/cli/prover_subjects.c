/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Of which containers something is to be proven, and with which lists that begins. */
#include "src/cli/prover_private.h"

#include <leastcap/judge.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

const struct lc_target *lc_prover_same_target(const struct lc_profile *profile, const struct lc_target *target)
{
	for (size_t i = 0; profile && i < profile->n_targets; i++) {
		const struct lc_target *other = &profile->targets[i];

		if (other->kind == target->kind && other->name && target->name && !strcmp(other->name, target->name))
			return other;
	}
	for (size_t i = 0; profile && i < profile->n_targets; i++) {
		if (lc_image_is(profile->targets[i].image, target->image))
			return &profile->targets[i];
	}
	return NULL;
}

/* Begins with the lists of an earlier recording where it has some. */
static void take_earlier(struct lc_prover *prover)
{
	for (size_t i = 0; i < prover->baseline.n_targets; i++) {
		const struct lc_target *target = &prover->baseline.targets[i];
		const struct lc_target *other = lc_prover_same_target(prover->from, target);
		struct lc_prover_container *container = other ? lc_prover_recorded(prover, target) : NULL;

		if (!container)
			continue;
		container->recorded = other->cap_add & container->granted;
		container->doubtful = lc_trial_doubtful(other) & container->recorded;
	}
}

/* Says why nothing is proven of CONTAINER. False: there is something to prove. */
static bool is_left_out(const struct lc_prover *prover, const struct lc_prover_container *container)
{
	const struct {
		bool is_so;
		const char *why;
	} reasons[] = {
		{container->runs != LC_PROVER_BOTH,
			"was created in only one of the first two runs (a fixed name helps)"},
		{container->privileged && !prover->unprivileged,
			"is privileged, which no list narrows (--unprivileged tries it without)"},
		{container->sandboxed, "runs in a kernel of its own"},
		{!container->seen, "was not seen by the recording"},
		/* By the engine that it does with nothing is a proof like others: nothing else was looked at before. */
		{!container->granted && !prover->proxy, "is granted nothing"},
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (!reasons[i].is_so)
			continue;
		lc_log(prover->log, LC_LOG_NOTICE, "%s %s: nothing to prove", container->key, reasons[i].why);
		return true;
	}
	return false;
}

int lc_prover_subjects(void *context, const struct lc_prove_subject **list, size_t *n)
{
	struct lc_prover *prover = context;
	size_t left = 0;

	take_earlier(prover);
	prover->subjects = calloc(prover->n_containers ? prover->n_containers : 1, sizeof(*prover->subjects));
	if (!prover->subjects)
		return -ENOMEM;
	for (size_t i = 0; i < prover->n_containers; i++) {
		struct lc_prover_container *container = &prover->containers[i];

		/* What is no subject is left as it is. */
		container->subject = !is_left_out(prover, container);
		if (!container->subject) {
			container->granted = container->recorded = 0;
			continue;
		}
		prover->subjects[i] = (struct lc_prove_subject){
			.granted = container->granted,
			.recorded = container->recorded,
			.doubtful = container->doubtful,
			.open = lc_trial_open(container->recorded),
			.accepted = prover->accepted,
			.fixed = prover->by_kernel ? container->beyond & container->recorded : 0,
		};
		left++;
	}
	prover->n_subjects = prover->n_containers;
	*list = prover->subjects;
	*n = left ? prover->n_subjects : 0;
	return 0;
}
