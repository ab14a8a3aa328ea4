/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom the options ask for: by kind, or containers by their names. */
#include "src/recording/recording_private.h"

#include <leastcap/choice.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/escape.h>
#include <leastcap/path.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <poll.h>
#include <string.h>

/* How long engines may take to answer before names are looked up (milliseconds). */
#define NAMES_MS 3000

/* How well the best of the targets that are known answers to NAME. */
static enum lc_answer best_answer(const struct lc_recording *recording, const char *name)
{
	enum lc_answer best = LC_ANSWER_NONE;

	for (const struct lc_recorded_target *recorded = recording->targets.first; recorded && best < LC_ANSWER_OWN;
		recorded = recorded->next) {
		enum lc_answer answer = lc_target_answers(&recorded->target, name);

		best = answer > best ? answer : best;
	}
	return best;
}

/* Whether NAME means TARGET: by its own name, or by one that it has with others where nobody is called so. A trial takes nobody by another's name. */
static bool means(const struct lc_recording *recording, const struct lc_target *target, const char *name)
{
	enum lc_answer answer = lc_target_answers(target, name);

	if (answer == LC_ANSWER_GROUP)
		return !recording->options->refused && best_answer(recording, name) == LC_ANSWER_GROUP;
	return answer == LC_ANSWER_OWN;
}

/* Whether RECORDED is of the compose project whose file is in our own directory, or above it. */
static bool is_of_our_project(const struct lc_recording *recording, const struct lc_target *target)
{
	size_t length = target->directory ? strlen(target->directory) : 0;

	while (length > 1 && target->directory[length - 1] == '/')
		length--;
	return length > 1 && lc_path_lies_in_n(recording->directory, target->directory, length);
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

bool lc_recording_wants(const struct lc_recording *recording, const struct lc_recorded_target *recorded)
{
	const struct lc_recording_options *options = recording->options;
	const struct lc_choice choice = {.project = options->project, .image = options->image};

	if (!lc_choice_allows(&choice, &recorded->target))
		return false;
	for (size_t n = 0; n < options->n_names; n++) {
		if (means(recording, &recorded->target, options->names[n]))
			return true;
	}
	return !options->n_names && !(options->only_started && is_neighbour(recording, recorded));
}

uint64_t lc_recording_refuses(const struct lc_recording *recording, const struct lc_target *target)
{
	const struct lc_recording_options *options = recording->options;
	uint64_t caps = options->n_names ? 0 : options->refused;

	for (size_t n = 0; n < options->n_names; n++) {
		if (means(recording, target, options->names[n]))
			caps |= options->refused_each ? options->refused_each[n] : options->refused;
	}
	return caps;
}

bool lc_recording_wants_kind(const struct lc_recording *recording, enum lc_target_kind kind)
{
	return kind == LC_TARGET_CONTAINER ||
	       (kind == LC_TARGET_SERVICE && (recording->options->services || recording->options->unit));
}

const char *lc_recording_mark_wanted(struct lc_recording *recording)
{
	const struct lc_recording_options *options = recording->options;
	const char *missing = NULL;

	for (size_t n = 0; n < options->n_names; n++) {
		bool found = false;

		for (struct lc_recorded_target *recorded = recording->targets.first; recorded;
			recorded = recorded->next) {
			if (!means(recording, &recorded->target, options->names[n]))
				continue;
			recorded->wanted = lc_recording_wants(recording, recorded);
			found |= recorded->wanted;
		}
		if (!found && !missing)
			missing = options->names[n];
	}
	return missing;
}

/* How many containers a message names. */
#define NAMED 10

/* Appends the names of the containers that run. */
static void list_running(const struct lc_recording *recording, struct lc_strbuf *out)
{
	const struct lc_recorded_target *recorded = recording->targets.first;

	for (size_t n = 0; recorded && n < NAMED; recorded = recorded->next, n++) {
		const char *name = recorded->target.name;

		lc_strbuf_separate(out, ", ");
		lc_escape_terminal(out, name ? name : "?");
	}
	lc_strbuf_adds(out, recorded ? ", …" : "");
}

/* What of all that runs is called nearly as NAME; NULL: nothing. */
static const char *find_near(const struct lc_recording *recording, const char *name)
{
	const char *near = NULL;

	for (const struct lc_recorded_target *recorded = recording->targets.first; recorded; recorded = recorded->next)
		near = lc_target_suggest(&recorded->target, name, near);
	return near;
}

/* Says that no container is called NAME, and which there are. Whether that is an error: it may be one that is still to come. */
static int tell_missing(const struct lc_recording *recording, const char *name)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf running = {0};
	const char *near = find_near(recording, name);
	bool may_come = recording->options->names_may_come;

	list_running(recording, &running);
	lc_strbuf_adds(&text, may_come ? "waiting for a container called '" : "no running container is called '");
	lc_escape_terminal(&text, name);
	lc_strbuf_adds(&text, may_come ? "'" : "', and no id begins with that");
	if (near)
		lc_strbuf_addf(&text, "; did you mean '%s'?", near);
	lc_strbuf_addf(&text, "; %s%s", running.length ? "running: " : "no container is running",
		running.text ? running.text : "");
	lc_log(recording->log, may_come ? LC_LOG_NOTICE : LC_LOG_ERROR, "%s", text.failed ? name : text.text);
	return may_come ? 0 : -ENXIO;
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
	return !is_left_behind(recorded) && lc_recording_wants(recording, recorded);
}

size_t lc_recording_targets(const struct lc_recording *recording)
{
	size_t n = 0;

	for (const struct lc_recorded_target *recorded = recording->targets.first; recorded; recorded = recorded->next)
		n += lc_recording_reports(recording, recorded);
	return n;
}

/* How long an engine may take to say what a container is called whose checks wait to be shown (milliseconds). */
#define NAME_MS 2000

void lc_recording_await_name(const struct lc_recording *recording, struct lc_recorded_target *recorded)
{
	int64_t ends = lc_clock_ms(CLOCK_MONOTONIC) + NAME_MS;

	if (!recording->options->n_names || !recorded->asked || recorded->awaited)
		return;
	recorded->awaited = true;
	while (!recorded->target.name && lc_identity_pending(recording->identity) &&
		lc_clock_ms(CLOCK_MONOTONIC) < ends && !lc_recording_is_interrupted(recording)) {
		struct pollfd answers = {.fd = lc_identity_fd(recording->identity), .events = POLLIN};

		poll(&answers, 1, LC_SETTLE_LOOK_MS);
		if (lc_identity_proceed(recording->identity))
			break;
	}
}

int lc_recording_find_names(struct lc_recording *recording)
{
	const char *missing;

	if (!recording->options->n_names)
		return 0;
	await_names(recording);
	missing = lc_recording_mark_wanted(recording);
	/* A command is expected to start it. */
	if (!missing || (recording->options->names_may_come && recording->options->command))
		return 0;
	return tell_missing(recording, missing);
}
