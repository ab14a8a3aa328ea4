/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks that are told one by one: to which target each belongs, and what the judge says of it. */
#include "src/recording/recording_private.h"

#include <leastcap/judge.h>

static void on_traced(void *context, const struct lc_traced_check *traced)
{
	struct lc_recording *recording = context;
	const struct lc_recorded_target *recorded = lc_recording_target_at(recording, traced->cgroup);
	struct lc_recording_check check = {.traced = traced, .check = *traced->check};

	/* What runs in a target runs in those around it, too. */
	while (recorded && !lc_recording_wants(recording, recorded))
		recorded = traced->setup ? NULL : lc_recorded_target_around(recorded);
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

void lc_recording_hear_of_checks(struct lc_recording *recording)
{
	recording->events.traced = recording->options->trace ? on_traced : NULL;
	recording->events.returned = recording->options->trace ? on_returned : NULL;
}
