/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks and refused calls that are told one by one: to which target each belongs, and what the judge says of it. */
#include "src/recording/recording_private.h"

#include <leastcap/judge.h>

#include <stdlib.h>

/* The target of cgroup ID that is shown; NULL when there is none. What runs in a target runs in those around it too, but for SETUP. */
static const struct lc_recorded_target *shown_target(struct lc_recording *recording, uint64_t id, bool setup)
{
	struct lc_recorded_target *recorded = lc_recording_target_at(recording, id);

	if (recorded)
		lc_recording_await_name(recording, recorded);
	while (recorded && !lc_recording_wants(recording, recorded))
		recorded = setup ? NULL : lc_recorded_target_around(recorded);
	return recorded;
}

static void on_traced(void *context, const struct lc_traced_check *traced)
{
	struct lc_recording *recording = context;
	const struct lc_recorded_target *recorded = shown_target(recording, traced->cgroup, traced->setup);
	struct lc_recording_check check = {.traced = traced, .check = *traced->check};

	if (!recorded)
		return;
	check.target = &recorded->target;
	lc_recording_place_check(recorded, traced->setup, traced->userns, &check.check);
	check.why = lc_judge_check(&check.check, &recorded->target);
	if (!recording->options->listener.traced(recording->options->listener.context, &check))
		lc_probe_mute(recording->probe, traced->key);
}

static void on_returned(void *context, const struct lc_traced_return *returned)
{
	const struct lc_recording_listener *listener = &((struct lc_recording *)context)->options->listener;

	listener->returned(listener->context, returned);
}

/* What was found of a call is kept with others. What the judge says of it, and its task's name, are this call's. */
static void on_refused(void *context, const struct lc_traced_call *traced)
{
	struct lc_recording *recording = context;
	const struct lc_recording_listener *listener = &recording->options->listener;
	const struct lc_recorded_target *recorded = shown_target(recording, traced->cgroup, false);
	struct lc_failure failure = *traced->failure;
	struct lc_recording_call refused = {.traced = traced, .failure = &failure};

	if (!recorded)
		return;
	refused.target = &recorded->target;
	failure.comm = (char *)traced->comm;
	failure.why = failure.help = NULL;
	if (lc_judge_failure(&failure, &recorded->target))
		failure.cause = LC_CAUSE_UNKNOWN;
	listener->refused(listener->context, &refused);
	free(failure.why);
	free(failure.help);
}

/* Of a unit it matters when a check was made. */
static void on_moment(void *context, const struct lc_traced_check *traced)
{
	struct lc_recording *recording = context;

	if (!lc_recording_note_moment(recording, traced))
		lc_probe_mute(recording->probe, traced->key);
}

void lc_recording_hear_of_checks(struct lc_recording *recording)
{
	if (lc_recording_moments_wanted(recording)) {
		recording->events.traced = on_moment;
		return;
	}
	recording->events.traced = recording->options->trace ? on_traced : NULL;
	recording->events.returned = recording->options->trace ? on_returned : NULL;
	recording->events.refused = recording->options->trace ? on_refused : NULL;
}
