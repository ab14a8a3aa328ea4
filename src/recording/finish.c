/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The end of a recording: waits for what is still looked up, judges, and fills the profile. */
#include "src/recording/recording_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/judge.h>
#include <leastcap/life.h>

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

/* How long engines and look-ups may take to answer when the recording ends (milliseconds). */
#define SETTLE_MS 1000

/* How long all stacks that are still to be unwound may take (milliseconds), as long as one follows the other. */
#define STACKS_SETTLE_MS 20000

/*
 * Waits for what engines and look-ups have not told yet. Files and engines have SETTLE_MS in all. Stacks have longer as long as one
 * follows the other, unless the user wants it all to end. What is not known then stays unknown.
 */
static void settle(struct lc_recording *recording)
{
	int64_t began = lc_clock_ms(CLOCK_MONOTONIC), last = began;
	size_t stacks = lc_lookups_pending(recording->lookups, true);

	for (;;) {
		bool other = lc_lookups_pending(recording->lookups, false) || lc_identity_pending(recording->identity);
		size_t left = lc_lookups_pending(recording->lookups, true);
		int64_t now = lc_clock_ms(CLOCK_MONOTONIC);
		bool interrupted = lc_recording_is_interrupted(recording);

		if (left != stacks)
			last = now;
		stacks = left;
		if (now - began >= SETTLE_MS)
			other = false;
		if (now - began >= (interrupted ? SETTLE_MS : STACKS_SETTLE_MS) || now - last >= SETTLE_MS)
			left = 0;
		if ((!other && !left) || lc_loop_wait(recording->loop, LC_SETTLE_LOOK_MS))
			break;
	}
	lc_lookups_cancel(recording->lookups);
	lc_identity_settle(recording->identity, 0);
}

int lc_recording_fill_host(struct lc_recording *recording, struct lc_profile *profile)
{
	struct utsname system;

	uname(&system);
	profile->tool = strdup("leastcap " LC_VERSION);
	profile->kernel = strdup(system.release);
	profile->machine = strdup(system.machine);
	profile->hook = strdup(lc_probe_hook(recording->probe));
	profile->cgroup = strdup(recording->hierarchy.mode);
	if (lc_probe_refusals(recording->probe) == LC_REFUSALS_CHECKED && !(profile->refusals = strdup("checked")))
		return -ENOMEM;
	profile->started_ns = recording->taken_ns ? recording->taken_ns : recording->started_ns;
	profile->ended_ns = lc_recording_now(recording);
	lc_losses_beyond(&profile->elsewhere, &recording->elsewhere, &recording->elsewhere_told);
	recording->elsewhere_told = recording->elsewhere;
	profile->lost = lc_losses_total(&profile->elsewhere);
	return profile->tool && profile->kernel && profile->machine && profile->hook && profile->cgroup ? 0 : -ENOMEM;
}

/* What ends so long after a signal other than TERM has ended because of that. Engines wait for ten seconds before they kill. */
#define STOP_NS (15 * LC_NS_PER_S)

/* When RECORDED was told to stop; 0: it was not seen. */
static int64_t stopping_of(const struct lc_recorded_target *recorded)
{
	int64_t ended = recorded->target.life.ended_ns;

	if (recorded->terminated_ns)
		return recorded->terminated_ns;
	return recorded->told_ns && ended && ended - recorded->told_ns <= STOP_NS ? recorded->told_ns : 0;
}

/* Asks for the handlers of RECORDED's first process, which may be still there. A container's is known by its number inside. */
static void fill_handled(struct lc_recorded_target *recorded)
{
	struct lc_coverage *coverage = &recorded->target.coverage;
	struct lc_process process;

	if (coverage->handled || !recorded->first || recorded->target.life.ended_ns ||
		lc_process_read(recorded->first, &process) || (recorded->container && process.inner != 1))
		return;
	for (const int *signal = lc_signal_numbers; *signal; signal++) {
		if (process.handled & 1ULL << (*signal - 1))
			coverage->handled |= 1U << *signal;
	}
}

/* Whether the end of LIFE's start was found when it was taken before, and no better sign of it has come since. */
static bool is_start_known(const struct lc_life *life)
{
	if (!life->sign || life->sign == LC_SIGN_TOLD || life->sign == LC_SIGN_ACCEPT)
		return life->sign;
	return !life->accepted_ns && (life->sign == LC_SIGN_HEALTHY || !life->healthy_ns);
}

/* Fills in the times of RECORDED's life, and when in it each of its checks was made. 0 or -ENOMEM. */
static int fill_life(const struct lc_recording *recording, struct lc_recorded_target *recorded)
{
	struct lc_life *life = &recorded->target.life;
	int r;

	if (life->began_ns)
		life->stopping_ns = stopping_of(recorded);
	/* The recording ends with its own command, and passes signals on to it. */
	if (life->began_ns && recorded->target.kind == LC_TARGET_COMMAND && recording->command_name) {
		life->stopping_ns = recording->stopping_ns;
		life->ended_ns = recording->ended_ns;
	}
	r = is_start_known(life) ? 0
				 : lc_life_fill(&recorded->target, recording->options->start_ns, recording->ended_ns);
	if (!r)
		lc_life_place(&recorded->target, recording->running && !life->ended_ns);
	lc_recording_place_stop(recording, &recorded->target);
	return r;
}

int lc_recording_fill_target(const struct lc_recording *recording, struct lc_recorded_target *recorded)
{
	struct lc_recorded_told *told = &recorded->told;
	struct lc_target *target = &recorded->target;
	struct lc_losses losses = target->losses;
	uint64_t n_left = target->n_left;
	int r;

	lc_losses_beyond(&target->losses, &losses, &told->losses);
	target->n_left = n_left - told->n_left;
	if (target->sandbox)
		lc_target_set_aside(target);
	/* That is lost once. */
	if (told->any)
		target->losses.of[LC_LOSS_SANDBOX] = 0;
	lc_target_unite_failures(target);
	fill_handled(recorded);
	target->life.asked_ns = told->any ? recorded->news_ns : 0;
	r = lc_recording_fill_unit(recording, recorded) ?: fill_life(recording, recorded) ?: lc_recording_fill_named(recording, recorded)
					       ?: lc_judge_target(target);
	lc_recording_fill_seen(recording, recorded);
	*told = (struct lc_recorded_told){.any = true, .losses = losses, .n_left = n_left, .facts = told->facts};
	return r;
}

/* Moves the judged targets into PROFILE. */
static int fill_targets(struct lc_recording *recording, struct lc_profile *profile)
{
	for (struct lc_recorded_target *recorded = recording->targets.first; recorded; recorded = recorded->next) {
		struct lc_target *target;
		int r;

		if (!lc_recording_reports(recording, recorded))
			continue;
		r = lc_recording_fill_target(recording, recorded);
		target = r ? NULL : lc_profile_add_target(profile);
		if (!target)
			return r ? r : -ENOMEM;
		*target = recorded->target;
		profile->lost += lc_losses_total(&target->losses);
		memset(&recorded->target, 0, sizeof(recorded->target));
	}
	lc_profile_sort(profile);
	return 0;
}

int lc_recording_finish(struct lc_recording *recording, struct lc_profile *profile)
{
	_cleanup_(lc_profile_clear) struct lc_profile filled = {0};
	const char *missing;
	int r;

	recording->ended_ns = lc_recording_now(recording);
	if (recording->interrupted)
		lc_interrupt_ending(&recording->interrupt);
	r = lc_probe_stop(recording->probe);
	settle(recording);
	/* Delivers the checks that waited for stacks. */
	if (!r)
		r = lc_probe_consume(recording->probe);
	if (lc_lookups_dropped(recording->lookups))
		lc_log(recording->log, LC_LOG_WARN,
			"%llu look-ups of files and stacks found no room in the queue: some evidence lacks them",
			(unsigned long long)lc_lookups_dropped(recording->lookups));
	missing = lc_recording_mark_wanted(recording);
	if (missing)
		lc_log(recording->log, LC_LOG_WARN, "no container called '%s' was seen", missing);
	if (!r)
		r = lc_recording_add_evidence(recording);
	if (!r)
		lc_recording_mark_run(recording);
	if (!r)
		r = lc_recording_fill_host(recording, &filled);
	if (!r)
		r = fill_targets(recording, &filled);
	if (r)
		return lc_recording_fail(recording, NULL, r);
	lc_recording_tell_trial(recording, &filled);
	*profile = filled;
	filled = (struct lc_profile){0};
	return 0;
}
