/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run has shown of its containers, by its recording and by what the engine says, and whether that is worse than before. */
#include "src/cli/prover_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/engine_ask.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Which of the last run's containers TARGET is; NULL when it is none. */
static struct lc_prover_container *container_of(const struct lc_prover *prover, const struct lc_target *target)
{
	if (prover->options.scope == LC_SCOPE_COMMAND)
		return target->kind == LC_TARGET_COMMAND ? prover->containers : NULL;
	for (size_t i = 0; target->id && i < prover->n_created; i++) {
		if (!strncmp(prover->created[i].id, target->id, strlen(target->id)))
			return &prover->containers[prover->created[i].container];
	}
	return NULL;
}

/* Takes what the baseline's recording of TARGET says of CONTAINER. */
static void learn_target(struct lc_prover_container *container, const struct lc_target *target)
{
	uint64_t doubtful = lc_trial_doubtful(target);
	/* What one of them needs for certain is not doubtful. */
	uint64_t certain = (container->recorded & ~container->doubtful) | (target->cap_add & ~doubtful);

	container->seen = true;
	container->granted |= target->granted;
	container->recorded |= target->cap_add;
	container->doubtful = container->recorded & ~certain;
	container->privileged |= target->privileged;
	container->sandboxed |= target->sandbox != NULL;
	container->beyond |= lc_trial_beyond_kernel(target);
}

/* Takes what the recording of a run says of its containers, which are compared or, in a baseline, learnt. 0 or -ENOMEM. */
static int take_targets(struct lc_prover *prover, const struct lc_profile *profile, uint64_t *wanted)
{
	int r = 0;

	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		struct lc_prover_container *container = container_of(prover, target);
		size_t index = container ? (size_t)(container - prover->containers) : 0;

		if (!container)
			continue;
		r = lc_traits_add_target(&prover->now, index, target);
		if (wanted)
			wanted[index] |= lc_trial_wanted(target) & ~container->list;
		if (!prover->is_baseline)
			continue;
		learn_target(container, target);
	}
	return r;
}

/* Takes what the containers of a run looked like: in a baseline what stays, later all that there was. 0 or -ENOMEM. */
static int take_samples(struct lc_prover *prover, const struct lc_samples *samples)
{
	int r = 0;

	for (size_t i = 0; !r && i < prover->n_created; i++) {
		const struct lc_prover_created *created = &prover->created[i];

		r = lc_samples_tell(samples, created->id, prover->is_baseline, created->container, &prover->now);
	}
	if (!r && prover->options.scope == LC_SCOPE_COMMAND)
		r = lc_samples_tell(samples, LC_TRIAL_COMMAND, prover->is_baseline, 0, &prover->now);
	prover->crowded |= samples->full;
	return r;
}

/* Takes how the containers of a run are that are still there. 0 or -ENOMEM. */
static int take_states(struct lc_prover *prover)
{
	int r = 0;

	for (size_t i = 0; !r && i < prover->n_created; i++) {
		struct lc_prover_created *created = &prover->created[i];

		r = prover->by_kernel ? lc_prover_look_by_kernel(prover, created) : lc_prover_look_at(prover, created);
		prover->unlogged += !created->logged;
		prover->unlisted += !created->listed;
	}
	return r;
}

/* The subject of the last run's container ID; SIZE_MAX when it is none. */
static size_t subject_of(void *context, const char *id)
{
	const struct lc_prover *prover = context;

	for (size_t i = 0; i < prover->n_created; i++) {
		if (!strcmp(prover->created[i].id, id))
			return prover->created[i].container;
	}
	return SIZE_MAX;
}

/* Takes how those ended that are gone, by what the engine remembers of this run, which lasts from BEGAN_NS (CLOCK_REALTIME) until now. 0 or -ENOMEM. */
static int take_ends(struct lc_prover *prover, int64_t began_ns)
{
	static const char filters[] = "%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B%22die%22%5D%7D";
	int64_t now_ns = lc_clock_ns(CLOCK_REALTIME);
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	char path[256];
	int r;

	snprintf(path, sizeof(path),
		"events?since=%" PRId64 ".%09" PRId64 "&until=%" PRId64 ".%09" PRId64 "&filters=%s",
		began_ns / LC_NS_PER_S, began_ns % LC_NS_PER_S, now_ns / LC_NS_PER_S, now_ns % LC_NS_PER_S, filters);
	r = lc_engine_get(prover->socket, path, &body);
	if (!r && body.text)
		r = lc_traits_add_ends(&prover->now, body.text, body.length, subject_of, prover);
	return r == -ENOMEM ? r : 0;
}

/* The keys of all containers, to name them by. Caller frees the array. NULL when out of memory. */
static const char **names_of(const struct lc_prover *prover)
{
	const char **names = calloc(prover->n_containers ? prover->n_containers : 1, sizeof(*names));

	for (size_t i = 0; names && i < prover->n_containers; i++)
		names[i] = prover->containers[i].key;
	return names;
}

int lc_prover_compare(const struct lc_prover *prover, struct lc_prove_answer *answer)
{
	_cleanup_free_ uint64_t *lacks = calloc(prover->n_containers ? prover->n_containers : 1, sizeof(*lacks));
	_cleanup_free_ const char **names = names_of(prover);
	struct lc_strbuf why = {0};

	if (!lacks || !names)
		return -ENOMEM;
	for (size_t i = 0; i < prover->n_containers; i++)
		lacks[i] = prover->containers[i].missing;
	if (lc_traits_compare(&prover->passed, &prover->now, lacks, names, &why)) {
		answer->verdict = LC_TRIAL_DEGRADED;
		answer->why = lc_strbuf_steal(&why);
		return answer->why ? 0 : -ENOMEM;
	}
	lc_strbuf_free(&why);
	return 0;
}

int lc_prover_look(struct lc_prover *prover, const struct lc_trial_end *end, int64_t began_ns, uint64_t *wanted)
{
	int r = take_targets(prover, &end->profile, wanted);

	if (!r)
		r = take_samples(prover, &end->samples);
	if (!r)
		r = take_states(prover);
	return r || !prover->socket ? r : take_ends(prover, began_ns);
}
