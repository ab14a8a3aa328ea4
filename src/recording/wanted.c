/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom the options ask for: by kind, or containers by their names. */
#include "src/recording/recording_private.h"

#include <leastcap/clock.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <string.h>

/* How long engines may take to answer before names are looked up (milliseconds). */
#define NAMES_MS 3000

/* Whether TARGET is called NAME, or its id begins so. */
static bool answers_to(const struct lc_target *target, const char *name)
{
	return (target->name && !strcmp(target->name, name)) ||
	       (target->id && strlen(name) >= 3 && !strncmp(target->id, name, strlen(name)));
}

bool lc_recording_wants(const struct lc_recording *recording, const struct lc_recorded_target *recorded)
{
	const struct lc_recording_options *options = recording->options;

	for (size_t n = 0; n < options->n_names; n++) {
		if (answers_to(&recorded->target, options->names[n]))
			return true;
	}
	return !options->n_names;
}

uint64_t lc_recording_refuses(const struct lc_recording *recording, const struct lc_target *target)
{
	const struct lc_recording_options *options = recording->options;
	uint64_t caps = options->n_names ? 0 : options->refused;

	for (size_t n = 0; n < options->n_names; n++) {
		if (answers_to(target, options->names[n]))
			caps |= options->refused_each ? options->refused_each[n] : options->refused;
	}
	return caps;
}

bool lc_recording_wants_kind(const struct lc_recording *recording, enum lc_target_kind kind)
{
	return kind == LC_TARGET_CONTAINER || (kind == LC_TARGET_SERVICE && recording->options->services);
}

const char *lc_recording_mark_wanted(struct lc_recording *recording)
{
	const struct lc_recording_options *options = recording->options;
	const char *missing = NULL;

	for (size_t n = 0; n < options->n_names; n++) {
		bool found = false;

		for (struct lc_recorded_target *recorded = recording->targets.first; recorded;
			recorded = recorded->next) {
			if (!answers_to(&recorded->target, options->names[n]))
				continue;
			recorded->wanted = true;
			found = true;
		}
		if (!found && !missing)
			missing = options->names[n];
	}
	return missing;
}

/* Says that no container is called NAME, and which there are. */
static int refuse_name(struct lc_recording *recording, const char *name)
{
	struct lc_strbuf message = {0};
	size_t shown = 0;

	lc_strbuf_addf(&message, "no running container is called '%s', and no id begins with that", name);
	lc_strbuf_adds(&message, recording->targets.first ? "; running:" : "; no container is running");
	for (const struct lc_recorded_target *recorded = recording->targets.first; recorded && shown < 10;
		recorded = recorded->next, shown++)
		lc_strbuf_addf(&message, " %s", recorded->target.name ? recorded->target.name : "?");
	lc_log(recording->log, LC_LOG_ERROR, "%s%s", message.text, shown == 10 ? " …" : "");
	lc_strbuf_free(&message);
	return -ENXIO;
}

/* Waits for what engines call the containers that there are. */
static void await_names(struct lc_recording *recording)
{
	int64_t ends = lc_clock_ms(CLOCK_MONOTONIC) + NAMES_MS;

	while (lc_identity_pending(recording->identity) && lc_clock_ms(CLOCK_MONOTONIC) < ends &&
		!lc_recording_is_interrupted(recording)) {
		if (lc_loop_wait(recording->loop, LC_SETTLE_LOOK_MS))
			break;
	}
}

/* Whether RECORDED is a cgroup without anything in it: an engine that was killed leaves those of its containers behind. */
static bool is_left_behind(const struct lc_recorded_target *recorded)
{
	const struct lc_target *target = &recorded->target;

	return recorded->empty && !recorded->started && !target->n_evidence && !target->n_failures &&
	       !lc_losses_total(&target->losses);
}

/* Whether RECORDED is of the compose project whose file is in our own directory, or above it. */
static bool is_of_our_project(const struct lc_recording *recording, const struct lc_target *target)
{
	size_t length = target->directory ? strlen(target->directory) : 0;

	while (length > 1 && target->directory[length - 1] == '/')
		length--;
	return length > 1 && strncmp(recording->directory, target->directory, length) == 0 &&
	       (!recording->directory[length] || recording->directory[length] == '/');
}

/*
 * Whether RECORDED ran before the recording began, and was neither started again nor entered, nor is what our directory is about. An engine enters those
 * whose health it checks.
 */
static bool is_neighbour(const struct lc_recording *recording, const struct lc_recorded_target *recorded)
{
	const struct lc_life *life = &recorded->target.life;

	return recorded->existed && !life->began_ns && !recorded->restarted_ns &&
	       (!recorded->entered || life->is_checked) && !is_of_our_project(recording, &recorded->target);
}

size_t lc_recording_neighbours(const struct lc_recording *recording)
{
	size_t n = 0;

	for (const struct lc_recorded_target *recorded = recording->targets.first;
		recording->options->only_started && recorded; recorded = recorded->next)
		n += recorded->target.kind == LC_TARGET_CONTAINER && !is_left_behind(recorded) &&
		     is_neighbour(recording, recorded);
	return n;
}

bool lc_recording_reports(const struct lc_recording *recording, const struct lc_recorded_target *recorded)
{
	if (recording->options->scope != LC_SCOPE_CONTAINERS)
		return true;
	/* What only claims to be a container is shown as such. */
	if (!lc_recording_wants_kind(recording, recorded->target.kind) && !recorded->target.claim)
		return false;
	if (recording->options->n_names)
		return recorded->wanted;
	return !is_left_behind(recorded) && !(recording->options->only_started && is_neighbour(recording, recorded));
}

size_t lc_recording_targets(const struct lc_recording *recording)
{
	size_t n = 0;

	for (const struct lc_recorded_target *recorded = recording->targets.first; recorded; recorded = recorded->next)
		n += lc_recording_reports(recording, recorded);
	return n;
}

int lc_recording_find_names(struct lc_recording *recording)
{
	const char *missing;

	if (!recording->options->n_names)
		return 0;
	await_names(recording);
	missing = lc_recording_mark_wanted(recording);
	return missing && !recording->options->names_may_come ? refuse_name(recording, missing) : 0;
}
