/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A trial by the kernel: to whom it refuses what, for how long, and what it does not reach. */
#include "src/recording/recording_private.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/facts.h>
#include <leastcap/strbuf.h>

#include <inttypes.h>
#include <string.h>

/* How RECORDED is called in a message. */
static const char *name_of(const struct lc_target *target)
{
	return target->name ? target->name : target->id ? target->id : "a target";
}

/* Refuses CAPS to RECORDED. 0 or -errno, which has been said. */
static int refuse_to(struct lc_recording *recording, struct lc_recorded_target *recorded, uint64_t caps)
{
	const struct lc_refused refused = {
		.target = recorded->cgroup,
		.caps = caps,
		.userns = recorded->namespaces.userns,
	};
	_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};
	int r = lc_probe_refuse(recording->probe, &refused);

	lc_cap_add_names(&names, refused.caps);
	if (r) {
		lc_log(recording->log, LC_LOG_ERROR, "%s can't be refused anything: %s", name_of(&recorded->target),
			strerror(-r));
		return r;
	}
	recorded->refused = true;
	lc_log(recording->log, LC_LOG_NOTICE, "%s is refused %s", name_of(&recorded->target), names.text);
	if (recording->running)
		lc_log(recording->log, LC_LOG_WARN,
			"%s came while the trial went on: it was granted everything until now",
			name_of(&recorded->target));
	recording->trial_leaky |= recording->running;
	return 0;
}

int lc_recording_refuse(struct lc_recording *recording)
{
	int r = 0;

	if (!recording->options->refused || recording->trial_over)
		return 0;
	for (struct lc_recorded_target *recorded = recording->targets.first; !r && recorded;
		recorded = recorded->next) {
		uint64_t caps = recorded->refused ? 0 : lc_recording_refuses(recording, &recorded->target);

		if (caps)
			r = refuse_to(recording, recorded, caps);
	}
	return r;
}

static int on_trial_over(void *context)
{
	struct lc_recording *recording = context;

	recording->trial_over = true;
	lc_log(recording->log, LC_LOG_NOTICE, "the trial is over: everything is granted again");
	return 0;
}

void lc_recording_end_trial(struct lc_recording *recording)
{
	/* The timer's event may still wait to be seen. */
	recording->trial_over |= recording->trial_until && lc_clock_ns(CLOCK_MONOTONIC) >= recording->trial_until;
}

int lc_recording_begin_trial(struct lc_recording *recording)
{
	const struct lc_recording_options *options = recording->options;
	int r;

	if (!options->refused)
		return 0;
	r = lc_loop_add_timer(recording->loop, options->refused_ns, false, on_trial_over, recording);
	if (r)
		return lc_recording_fail(recording, NULL, r);
	recording->trial_until = lc_clock_ns(CLOCK_MONOTONIC) + options->refused_ns;
	lc_probe_refuse_until(recording->probe, recording->trial_until);
	return lc_recording_refuse(recording);
}

/* Whether CHECK tells how the workload of a target used a capability of its own. */
static bool is_own_use(const struct lc_check *check)
{
	return check->verdict == LC_VERDICT_GRANTED && check->phase == LC_PHASE_WORKLOAD &&
	       check->credential == LC_CREDENTIAL_OWN && check->userns == LC_USERNS_TARGET;
}

/* How often TARGET asked for CAP and was granted it in spite of the trial, by functions that ask past it (DIRECTLY) or others. */
static uint64_t count_past(const struct lc_target *target, int cap, bool directly, const char **function)
{
	uint64_t n = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->cap != cap || !check->tried || !is_own_use(check) ||
			lc_asks_directly(check->caller) != directly)
			continue;
		n += check->count;
		*function = check->caller;
	}
	return n;
}

/* What of TARGET's asked for CAP by SOURCE, which no refusal of a check reaches; NULL: nothing did. */
static const struct lc_check *find_named(const struct lc_target *target, int cap, enum lc_source source)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->cap == cap && check->source == source && is_own_use(check))
			return check;
	}
	return NULL;
}

/* Says how TARGET had CAP in ways that a file or a request names it by, and not a check. */
static void tell_named(const struct lc_recording *recording, const struct lc_target *target, int cap)
{
	static const char *const ways[LC_SOURCE_N] = {
		[LC_SOURCE_FILE] = "execve demands it for what a file carries",
		[LC_SOURCE_CAPSET] = "capset named it",
		[LC_SOURCE_AMBIENT] = "prctl named it as an ambient one",
		[LC_SOURCE_USERNS] = "who maps root into a user namespace has to have it",
		[LC_SOURCE_FILTER] = "it opens the engine's filter of system calls",
	};
	char name[LC_CAP_NAME_SIZE];

	for (int source = 0; source < LC_SOURCE_N; source++) {
		const struct lc_check *check = ways[source] ? find_named(target, cap, (enum lc_source)source) : NULL;

		if (check)
			lc_log(recording->log, LC_LOG_WARN,
				"%s had %s all the same where %s (%s): out of the trial's reach, 'leastcap prove' tries it by the engine",
				name_of(target), lc_cap_name(cap, name), ways[source],
				check->about ? check->about
				: check->exe ? check->exe
					     : "by an unknown program");
	}
}

/* Says what of CAP, which was to be refused to TARGET, was not. */
static void tell_past(struct lc_recording *recording, const struct lc_target *target, int cap)
{
	char name[LC_CAP_NAME_SIZE];
	const char *function = NULL;
	uint64_t n = count_past(target, cap, true, &function);

	if (n)
		lc_log(recording->log, LC_LOG_WARN,
			"%s was granted %s %" PRIu64
			" times in %s, which asks past the place where the kernel can refuse: out of the trial's reach",
			name_of(target), lc_cap_name(cap, name), n, function);
	n = count_past(target, cap, false, &function);
	if (n)
		lc_log(recording->log, LC_LOG_WARN,
			"%s was granted %s %" PRIu64
			" times although it was to be refused: the kernel skipped the program that refuses",
			name_of(target), lc_cap_name(cap, name), n);
	recording->trial_leaky |= n;
	tell_named(recording, target, cap);
}

void lc_recording_tell_trial(struct lc_recording *recording, const struct lc_profile *profile)
{
	const struct lc_recording_options *options = recording->options;

	if (!options->refused)
		return;
	if (options->command && recording->trial_over) {
		lc_log(recording->log, LC_LOG_WARN,
			"the trial's time was over before %s had ended: from then on everything was granted, see --trial",
			options->command[0]);
		recording->trial_leaky = true;
	}
	for (size_t i = 0; i < profile->n_targets; i++) {
		uint64_t left = lc_recording_refuses(recording, &profile->targets[i]);

		while (left)
			tell_past(recording, &profile->targets[i], lc_cap_take(&left));
	}
}

bool lc_recording_trial_was_whole(const struct lc_recording *recording)
{
	return !recording->trial_leaky;
}
