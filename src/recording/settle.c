/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much of each target's life was recorded, and how long a recording waits for those that are still starting. */
#include "src/recording/recording_private.h"

#include <leastcap/clock.h>

/* What a target has started that asks for nothing new for so long. */
#define NEWS_NS (2 * LC_NS_PER_S)

/* How long it is waited for that at most, if nobody says. */
#define LONGEST_NS (10 * LC_NS_PER_S)

/* How often it is looked whether it has (milliseconds). */
#define LOOK_MS 200

/* CGROUP asked for something new at TIME. */
static void on_news(void *context, uint64_t cgroup, int64_t time_ns)
{
	struct lc_recorded_target *recorded = lc_recording_target_at(context, cgroup);

	for (; recorded; recorded = lc_recorded_target_around(recorded)) {
		if (time_ns > recorded->news_ns)
			recorded->news_ns = time_ns;
	}
}

/* Notes of each target when it asked for something new. What is in the kernel no more is not looked at. */
static void look_for_news(struct lc_recording *recording)
{
	lc_probe_each_news(recording->probe, on_news, recording);
}

/* When RECORDED was seen to start; 0: it was not. */
static int64_t began_of(const struct lc_recorded_target *recorded)
{
	return recorded->target.life.began_ns ? recorded->target.life.began_ns : recorded->restarted_ns;
}

/* Whether RECORDED, whose beginning was seen, may still be starting at NOW. */
static bool is_starting(const struct lc_recorded_target *recorded, int64_t now)
{
	const struct lc_life *life = &recorded->target.life;
	int64_t began = began_of(recorded), news = recorded->news_ns > began ? recorded->news_ns : began;

	if (life->ended_ns || recorded->target.sandbox)
		return false;
	/* Its runtime still prepares it, or its first program has not been told of yet. */
	if (!began)
		return recorded->container && !recorded->existed && !recorded->started;
	return now - news < NEWS_NS || (life->is_checked && !life->healthy_ns);
}

/* Whether RECORDED is waited for. */
static bool is_awaited(const struct lc_recording *recording, const struct lc_recorded_target *recorded, int64_t now)
{
	const struct lc_life *life = &recorded->target.life;

	if ((!lc_recording_wants_kind(recording, recorded->target.kind) && !recorded->target.claim) ||
		!lc_recording_wants(recording, recorded))
		return false;
	/* Whoever says how long means it. */
	if (recording->options->settle_ns > 0 && began_of(recorded))
		return !life->ended_ns;
	return is_starting(recorded, now);
}

const char *lc_recording_awaits(const struct lc_recording *recording)
{
	int64_t now = lc_recording_now(recording);

	if (!recording->settles_until)
		return NULL;
	for (const struct lc_recorded_target *recorded = recording->targets.first; recorded;
		recorded = recorded->next) {
		if (is_awaited(recording, recorded, now))
			return recorded->target.name ? recorded->target.name : "a container";
	}
	return NULL;
}

/* Looks whether all have started, or the time is over. 0. */
static int look(void *context)
{
	struct lc_recording *recording = context;

	look_for_news(recording);
	if (!lc_recording_awaits(recording) || lc_recording_now(recording) >= recording->settles_until)
		recording->over = true;
	return 0;
}

int lc_recording_settle(struct lc_recording *recording)
{
	int64_t longest = recording->options->settle_ns;
	int r;

	if (!longest || recording->interrupted) {
		recording->over = true;
		return 0;
	}
	if (recording->settles_until)
		return 0;
	recording->settles_until = lc_recording_now(recording) + (longest > 0 ? longest : LONGEST_NS);
	/* What the command has started may not have been told of yet. */
	r = lc_probe_consume(recording->probe) ?: look(recording);
	return r || recording->over ? r
				    : lc_loop_add_timer(recording->loop, LOOK_MS * LC_NS_PER_MS, true, look, recording);
}

int lc_recording_await_starts(struct lc_recording *recording)
{
	int r = 0;

	recording->settles_until = lc_recording_now(recording) + LONGEST_NS;
	do {
		r = lc_loop_wait(recording->loop, LOOK_MS);
		look_for_news(recording);
	} while (!r && lc_recording_awaits(recording) && lc_recording_now(recording) < recording->settles_until &&
		 !lc_recording_is_interrupted(recording));
	recording->settles_until = 0;
	return r;
}

/* When what is told of RECORDED in its evidence was new the last time. */
static void find_news(struct lc_recorded_target *recorded)
{
	for (size_t i = 0; i < recorded->target.n_evidence; i++) {
		const struct lc_check *check = &recorded->target.evidence[i];

		if (check->phase == LC_PHASE_WORKLOAD && check->first_ns > recorded->news_ns)
			recorded->news_ns = check->first_ns;
	}
}

enum lc_seen_until lc_recording_until(const struct lc_recorded_target *recorded, int64_t now)
{
	if (recorded->target.life.ended_ns)
		return LC_SEEN_UNTIL_END;
	return is_starting(recorded, now) ? LC_SEEN_UNTIL_CUT : LC_SEEN_UNTIL_SETTLED;
}

void lc_recording_fill_seen(const struct lc_recording *recording, struct lc_recorded_target *recorded)
{
	struct lc_seen *seen = &recorded->target.seen;
	const struct lc_life *life = &recorded->target.life;

	find_news(recorded);
	seen->from = LC_SEEN_FROM_START;
	if (recorded->existed && !life->began_ns) {
		seen->from = recorded->restarted_ns ? LC_SEEN_FROM_RESTART : LC_SEEN_FROM_RUNNING;
		seen->since_ns = recorded->restarted_ns ? recorded->restarted_ns : recording->started_ns;
		seen->started_ns = recorded->restarted_ns ? 0 : recorded->born_ns;
	}
	seen->until = lc_recording_until(recorded, recording->ended_ns);
	if (seen->until == LC_SEEN_UNTIL_CUT)
		seen->cut_ns = began_of(recorded) ? recording->ended_ns - began_of(recorded) : 0;
}
