/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a run has shown of its containers, by its recording and by what the engine says, and whether that is worse than before. */
#include "src/cli/prover_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/engine_ask.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
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

/* Whether all calls that TARGET was refused are in its recording, each by itself. */
static bool is_whole(const struct lc_target *target)
{
	return !target->losses.of[LC_LOSS_CALLS] && !target->losses.of[LC_LOSS_UNCOUNTED];
}

/* Notes of which container of this run TARGET is. */
static void note_recorded(struct lc_prover *prover, const struct lc_target *target)
{
	for (size_t i = 0; target->id && i < prover->n_created; i++) {
		if (!strncmp(prover->created[i].id, target->id, strlen(target->id)))
			prover->created[i].recorded = is_whole(target);
	}
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
		note_recorded(prover, target);
		r = lc_traits_add_target(&prover->now, index, target);
		if (wanted)
			wanted[index] |= lc_trial_wanted(target) & ~container->list;
		if (!prover->is_baseline)
			continue;
		learn_target(container, target);
	}
	return r;
}

/* Adds to TRAITS the processes that CREATED had after its restart. 0 or -ENOMEM. */
static int tell_again(const struct lc_prover_created *created, bool mostly, struct lc_traits *traits)
{
	_cleanup_(lc_traits_clear) struct lc_traits again = {0};
	int r = lc_samples_tell(&created->again, created->id, mostly, created->container, &again);

	for (size_t i = 0; !r && i < again.n; i++) {
		_cleanup_free_ char *text = NULL;

		if (again.list[i].kind != LC_TRAIT_PROCESS)
			continue;
		if (asprintf(&text, "%s after the restart", again.list[i].text) < 0)
			return -ENOMEM;
		r = lc_traits_add(traits, created->container, LC_TRAIT_PROCESS, 0, text);
	}
	return r;
}

/* Adds to TRAITS what the containers of a run looked like: where MOSTLY what stays, else all that there was. 0 or -ENOMEM. */
static int tell_samples(
	const struct lc_prover *prover, const struct lc_samples *samples, bool mostly, struct lc_traits *traits)
{
	int r = 0;

	for (size_t i = 0; !r && i < prover->n_created; i++) {
		const struct lc_prover_created *created = &prover->created[i];

		r = lc_samples_tell(samples, created->id, mostly, created->container, traits);
		if (!r)
			r = tell_again(created, mostly, traits);
	}
	if (!r && prover->options.scope == LC_SCOPE_COMMAND)
		r = lc_samples_tell(samples, LC_TRIAL_COMMAND, mostly, 0, traits);
	return r;
}

/* Takes what the containers of a run looked like. 0 or -ENOMEM. */
static int take_samples(struct lc_prover *prover, const struct lc_samples *samples)
{
	_cleanup_(lc_traits_clear) struct lc_traits stays = {0};
	int r = tell_samples(prover, samples, false, &prover->now);

	if (!r)
		r = tell_samples(prover, samples, true, &stays);
	lc_traits_keep(&prover->now, &stays);
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

static bool is_stated(const struct lc_prover_created *created)
{
	return created->stated;
}

static bool is_logged(const struct lc_prover_created *created)
{
	return created->logged;
}

static bool is_listed(const struct lc_prover_created *created)
{
	return created->listed;
}

static bool is_recorded(const struct lc_prover_created *created)
{
	return created->recorded;
}

/* What of a container can be compared where it could be had of all of that key. */
static const struct {
	const char *what;
	bool (*is_had)(const struct lc_prover_created *created);
} told[] = {
	{"how it is or has ended", is_stated},
	{"its log", is_logged},
	{"its files' owners", is_listed},
	{"which calls it was refused", is_recorded},
};

enum { N_TOLD = sizeof(told) / sizeof(told[0]) };

/* Notes what could be had of each container's key. 0 or -ENOMEM. */
static int note_told(struct lc_prover *prover)
{
	int r = 0;

	for (size_t i = 0; !r && i < prover->n_containers * N_TOLD; i++) {
		size_t container = i / N_TOLD, n = 0, had = 0;

		for (size_t j = 0; j < prover->n_created; j++) {
			n += prover->created[j].container == container;
			had += prover->created[j].container == container &&
			       told[i % N_TOLD].is_had(&prover->created[j]);
		}
		if (n && had == n)
			r = lc_traits_add(&prover->now, container, LC_TRAIT_TOLD, 0, told[i % N_TOLD].what);
	}
	return r;
}

/* The subject of the last run's container ID, which has ended; SIZE_MAX when it is none. */
static size_t subject_of(void *context, const char *id)
{
	const struct lc_prover *prover = context;

	for (size_t i = 0; i < prover->n_created; i++) {
		if (strcmp(prover->created[i].id, id) != 0)
			continue;
		prover->created[i].stated = true;
		return prover->created[i].container;
	}
	return SIZE_MAX;
}

int lc_prover_ask(struct lc_prover *prover, const char *path, const char *what, struct lc_strbuf *body)
{
	int r = lc_engine_get_patiently(prover->socket, path, body);

	if (r == -ENOMEM || lc_engine_has_answered(r))
		return r;
	if (!prover->unanswered++)
		prover->unanswered_why = lc_copy_to(&prover->unanswered_what, what) ? -ENOMEM : r;
	return prover->unanswered_why == -ENOMEM ? -ENOMEM : r;
}

/* How often the engine is asked which containers have ended: it only remembers what happened lately. And how late it may hear of one itself. */
#define ENDS_NS LC_NS_PER_S
#define LATE_NS (5 * LC_NS_PER_S)

/* Takes how those ended that are gone, since the engine was asked last, PATIENTLY or when it answers at once. 0 or -ENOMEM. */
static int take_ends(struct lc_prover *prover, bool patiently)
{
	static const char filters[] = "%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B%22die%22%5D%7D";
	int64_t now_ns = lc_clock_ns(CLOCK_REALTIME), since_ns = prover->ends_ns - LATE_NS;
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	char path[256];
	int r;

	snprintf(path, sizeof(path),
		"events?since=%" PRId64 ".%09" PRId64 "&until=%" PRId64 ".%09" PRId64 "&filters=%s",
		since_ns / LC_NS_PER_S, since_ns % LC_NS_PER_S, now_ns / LC_NS_PER_S, now_ns % LC_NS_PER_S, filters);
	r = patiently ? lc_prover_ask(prover, path, "which containers have ended", &body)
		      : lc_engine_get(prover->socket, path, &body);
	if (!r && body.text)
		r = lc_traits_add_ends(&prover->now, body.text, body.length, subject_of, prover);
	/* What was not answered is asked again. */
	if (!r)
		prover->ends_ns = now_ns;
	return r == -ENOMEM ? r : 0;
}

int lc_prover_take_ends_meanwhile(struct lc_prover *prover)
{
	int64_t now_ns = lc_clock_ns(CLOCK_MONOTONIC);

	if (!prover->n_created || now_ns < prover->asks_ns)
		return 0;
	prover->asks_ns = now_ns + ENDS_NS;
	return take_ends(prover, false);
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

/* Of a container that was started and has gone, nothing has told how it ended. NULL: there is none. */
static const struct lc_prover_created *find_lost(const struct lc_prover *prover)
{
	for (size_t i = 0; i < prover->n_created; i++) {
		if (prover->created[i].started && !prover->created[i].stated)
			return &prover->created[i];
	}
	return NULL;
}

char *lc_prover_incomparable(const struct lc_prover *prover, int *r)
{
	_cleanup_free_ const char **names = names_of(prover);
	const struct lc_prover_created *lost = find_lost(prover);
	struct lc_strbuf why = {0};
	size_t n;

	if (prover->unanswered)
		lc_strbuf_addf(&why, "the engine did not answer %zu questions, as %s: %s", prover->unanswered,
			prover->unanswered_what ? prover->unanswered_what : "", strerror(-prover->unanswered_why));
	if (lost) {
		lc_strbuf_separate(&why, "; ");
		lc_strbuf_addf(&why, "nothing tells how %s ended", prover->containers[lost->container].key);
	}
	n = names && !prover->is_baseline ? lc_traits_untold(&prover->passed, &prover->now, names, &why) : 0;
	*r = !names || why.failed ? -ENOMEM : 0;
	if (!*r && (prover->unanswered || lost || n))
		return lc_strbuf_steal(&why);
	lc_strbuf_free(&why);
	return NULL;
}

int lc_prover_tell_flapping(const struct lc_prover *prover)
{
	_cleanup_free_ const char **names = names_of(prover);
	_cleanup_(lc_strbuf_free) struct lc_strbuf why = {0};
	size_t n;

	if (!names)
		return -ENOMEM;
	n = lc_traits_differ(&prover->passed, &prover->now, names, &why);
	if (n && !why.failed)
		lc_log(prover->log, LC_LOG_NOTICE, "the first two runs differ, and no trial is compared in that: %s",
			why.text);
	return why.failed ? -ENOMEM : 0;
}

int lc_prover_look(struct lc_prover *prover, const struct lc_trial_end *end, uint64_t *wanted)
{
	int r = take_targets(prover, &end->profile, wanted);

	if (!r)
		r = take_samples(prover, &end->samples);
	if (!r)
		r = take_states(prover);
	/* What already ran has not been created by this run, and is still there. */
	if (!r && prover->proxy)
		r = take_ends(prover, true);
	return r ? r : note_told(prover);
}
