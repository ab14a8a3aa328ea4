/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps in the store what a recording that does not end has seen. A full disk stops that, and not the recording. */
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/merge.h>
#include <leastcap/serve.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How often what is old is forgotten. */
#define FORGET_NS (INT64_C(3600) * LC_NS_PER_S)

/* How many pieces of evidence may wait for room in the store. */
#define WAITING_MAX 50000

struct lc_storing {
	const struct lc_storing_options *options;
	struct lc_store *store;
	struct lc_merge waiting;  /* what could not be stored */
	struct lc_losses dropped; /* what could not wait either */
	struct lc_storing_state state;
	int64_t forgot_ns; /* CLOCK_MONOTONIC */
	bool is_new;       /* a part of what was stored so far, and has not been told, was */
};

/* Says MESSAGE (NULL: what R means). Returns R. */
static int complain(const struct lc_storing *storing, int r, const char *message)
{
	lc_log(storing->options->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	return r;
}

/* Says that earlier sessions broke. */
static void tell_broken(const struct lc_storing *storing, const struct lc_store_broken *broken)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf last = {0};

	if (!broken->n)
		return;
	lc_clock_add_utc(&last, "%Y-%m-%d %H:%M:%S UTC", broken->last_ns);
	lc_log(storing->options->log, LC_LOG_WARN,
		"the last session ended unexpectedly: what came after %s, when it last stored something, is missing",
		last.text ? last.text : "");
}

/* Forgets what is old, or too much. What fails is said. */
static void forget(struct lc_storing *storing)
{
	const struct lc_storing_options *options = storing->options;
	_cleanup_free_ char *message = NULL;
	uint64_t forgotten = 0;
	int r = lc_store_forget(
		storing->store, lc_clock_ns(CLOCK_REALTIME) - options->keep_ns, options->size, &forgotten, &message);

	storing->forgot_ns = lc_clock_ns(CLOCK_MONOTONIC);
	if (r)
		lc_log(options->log, LC_LOG_WARN, "%s", message ? message : strerror(-r));
	else if (forgotten)
		lc_log(options->log, LC_LOG_DEBUG, "forgot %" PRIu64 " pieces of days", forgotten);
}

/* Notes how large the store is. */
static void measure(struct lc_storing *storing)
{
	_cleanup_free_ char *message = NULL;

	lc_store_size(storing->store, &storing->state.bytes, &message);
}

int lc_storing_open(struct lc_storing **result, const struct lc_storing_options *options)
{
	struct lc_storing *storing = calloc(1, sizeof(*storing));
	struct lc_store_broken broken = {0};
	_cleanup_free_ char *message = NULL;
	int r;

	if (!storing)
		return -ENOMEM;
	storing->options = options;
	r = lc_store_open(&storing->store, options->directory, LC_STORE_WRITE, &message)
		    ?: lc_store_begin_session(storing->store, &broken, &message);
	if (r) {
		complain(storing, r, message);
		lc_storing_free(storing);
		return r;
	}
	tell_broken(storing, &broken);
	forget(storing);
	measure(storing);
	storing->state.storing = true;
	*result = storing;
	return 0;
}

/* Stores PROFILE. 0 or a negative errno with *MESSAGE. */
static int store(struct lc_storing *storing, const struct lc_profile *profile, char **message)
{
	bool is_new = false;
	int r = lc_store_add_increment(storing->store, profile, &is_new, message);

	if (r)
		return r;
	storing->is_new |= is_new;
	storing->state.writes++;
	storing->state.stored_ns = lc_clock_ns(CLOCK_REALTIME);
	return 0;
}

/* How many pieces PROFILE has. */
static size_t pieces_of(const struct lc_profile *profile)
{
	size_t n = 0;

	for (size_t i = 0; i < profile->n_targets; i++)
		n += 1 + profile->targets[i].n_evidence + profile->targets[i].n_failures;
	return n;
}

/* How many checks and calls PROFILE counts are lost, because there is no room for it. */
static void drop(struct lc_storing *storing, struct lc_profile *profile)
{
	struct lc_losses *dropped = &storing->dropped;

	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		for (size_t j = 0; j < target->n_evidence; j++)
			dropped->of[LC_LOSS_CHECKS] =
				lc_count_add(dropped->of[LC_LOSS_CHECKS], target->evidence[j].count);
		for (size_t j = 0; j < target->n_failures; j++)
			dropped->of[LC_LOSS_UNCOUNTED] =
				lc_count_add(dropped->of[LC_LOSS_UNCOUNTED], target->failures[j].count);
		lc_losses_add(dropped, &target->losses);
	}
	lc_losses_add(dropped, &profile->elsewhere);
	lc_profile_clear(profile);
}

/* Has PROFILE, which can't be stored, wait. It is empty afterwards. */
static void wait_for_room(struct lc_storing *storing, struct lc_profile *profile)
{
	if (storing->waiting.settled + storing->waiting.added + pieces_of(profile) > WAITING_MAX) {
		drop(storing, profile);
		return;
	}
	storing->state.waiting++;
	if (lc_merge_add(&storing->waiting, profile))
		drop(storing, profile);
}

/* Stores what waits, with what was lost meanwhile. 0 or a negative errno with *MESSAGE. */
static int store_waiting(struct lc_storing *storing, char **message)
{
	struct lc_profile merged = {0};
	int r;

	if (!storing->state.waiting && !lc_losses_any(&storing->dropped))
		return 0;
	r = lc_merge_finish(&storing->waiting, &merged);
	if (r)
		return r;
	lc_losses_add(&merged.elsewhere, &storing->dropped);
	merged.lost = lc_count_add(merged.lost, lc_losses_total(&storing->dropped));
	storing->dropped = (struct lc_losses){0};
	r = store(storing, &merged, message);
	storing->state.waiting = 0;
	if (r)
		wait_for_room(storing, &merged);
	lc_profile_clear(&merged);
	return r;
}

/* Notes that storing has ended with R, and says it where it did otherwise before. */
static void note(struct lc_storing *storing, int r, const char *message)
{
	struct lc_storing_state *state = &storing->state;

	if (r)
		state->errors++;
	if (r && state->storing)
		lc_log(storing->options->log, LC_LOG_ERROR,
			"%s; what is new waits in memory until it can be stored, and the recording goes on",
			message ? message : strerror(-r));
	if (!r && !state->storing)
		lc_log(storing->options->log, LC_LOG_NOTICE, "storing goes on");
	state->storing = !r;
	state->error = r;
}

void lc_storing_add(struct lc_storing *storing, struct lc_profile *increment, bool *is_new)
{
	_cleanup_free_ char *message = NULL;
	int r = store_waiting(storing, &message);

	if (!r)
		r = store(storing, increment, &message);
	if (r)
		wait_for_room(storing, increment);
	lc_profile_clear(increment);
	note(storing, r, message);
	if (!r && lc_clock_ns(CLOCK_MONOTONIC) - storing->forgot_ns >= FORGET_NS)
		forget(storing);
	measure(storing);
	*is_new = storing->is_new;
	storing->is_new = false;
}

struct lc_storing_state lc_storing_state(const struct lc_storing *storing)
{
	return storing->state;
}

struct lc_store *lc_storing_store(struct lc_storing *storing)
{
	return storing->store;
}

int lc_storing_end(struct lc_storing *storing)
{
	_cleanup_free_ char *message = NULL;
	int r = storing->state.storing ? lc_store_end_session(storing->store, &message) : storing->state.error;

	if (r && storing->state.waiting)
		lc_log(storing->options->log, LC_LOG_ERROR, "what was seen since storing failed is lost: %s",
			message ? message : strerror(-r));
	else if (r)
		complain(storing, r, message);
	return r;
}

void lc_storing_free(struct lc_storing *storing)
{
	if (!storing)
		return;
	lc_merge_clear(&storing->waiting);
	lc_store_close(storing->store);
	free(storing);
}
