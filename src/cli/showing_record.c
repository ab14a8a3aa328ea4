/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `leastcap top`: what a recording sees, while it goes on. */
#include "src/cli/cli.h"
#include "src/cli/recorder.h"
#include "src/cli/showing.h"
#include "src/cli/showing_rating.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* How much of what was said while the screen was there is told afterwards. */
#define SAID_MAX 4096

/* A recording that is shown. */
struct shown {
	struct lc_showing *showing;
	struct lc_ratings ratings;
	struct lc_strbuf said; /* by the log, while there is a screen */
	bool over;
};

static void end_at_once(void)
{
	lc_top_screen_give_back();
	lc_recorder_end_at_once();
}

/* What is new was taken: adds and shows it. */
static void show(struct shown *shown, struct lc_profile *increment)
{
	struct lc_top *top = &shown->showing->top;

	if (lc_top_add(top, increment, lc_clock_ns(CLOCK_MONOTONIC)) || lc_ratings_apply(&shown->ratings, &top->now) ||
		lc_top_arrange(top) || !lc_showing_show(shown->showing))
		shown->over = true;
}

static void on_take(void *context, struct lc_recording *recording)
{
	struct shown *shown = context;
	_cleanup_(lc_profile_clear) struct lc_profile increment = {0};

	if (lc_recording_take(recording, &increment))
		shown->over = true;
	else
		show(shown, &increment);
}

static bool on_looked(void *context, const struct lc_recording *recording)
{
	struct shown *shown = context;
	struct lc_showing *showing = shown->showing;

	(void)recording;
	if (showing->screen && lc_top_screen_is_resized(showing->screen) && !lc_showing_keys(showing))
		shown->over = true;
	return !shown->over;
}

static bool on_key(void *context)
{
	return lc_showing_keys(((struct shown *)context)->showing);
}

/* Keeps what the log says, and shows the last line of it. */
static ssize_t on_said(void *context, const char *text, size_t length)
{
	struct shown *shown = context;
	_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};

	if (shown->said.length + length <= SAID_MAX)
		lc_strbuf_add(&shown->said, text, length);
	lc_strbuf_add(&line, text, strcspn(text, "\n") < length ? strcspn(text, "\n") : length);
	if (line.text)
		lc_top_say(&shown->showing->view, line.text);
	return (ssize_t)length;
}

/* Records with the screen, or lines, until somebody has seen enough. */
static void run(struct shown *shown, struct lc_recorder *recorder, struct lc_recording *recording)
{
	const cookie_io_functions_t functions = {.write = on_said};
	struct lc_showing *showing = shown->showing;
	_cleanup_(lc_profile_clear) struct lc_profile nothing = {0};
	_cleanup_file_ FILE *messages = NULL;

	nothing.started_ns = nothing.ended_ns = lc_clock_ns(CLOCK_REALTIME);
	lc_showing_begin(showing);
	if (showing->screen)
		messages = fopencookie(shown, "w", functions);
	if (messages)
		recorder->log.stream = messages;
	show(shown, &nothing);
	if (!shown->over)
		lc_recording_run(recording);
	recorder->log.stream = stderr;
}

/* Starts RECORDING, and shows it. An exit status. */
static int record(struct shown *shown, struct lc_recorder *recorder, struct lc_recording *recording)
{
	struct lc_showing *showing = shown->showing;
	int status, r = lc_recording_start(recording);

	if (r)
		return r == -ENXIO ? LC_EXIT_USAGE : LC_EXIT_FAILURE;
	showing->top.where = "recording";
	run(shown, recorder, recording);
	status = showing->top.now.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
	lc_showing_end(showing);
	if (shown->said.length && !shown->said.failed)
		fwrite(shown->said.text, 1, shown->said.length, stderr);
	return status;
}

int lc_showing_record(struct lc_showing *showing, struct lc_recorder *recorder)
{
	struct shown shown = {.showing = showing};
	struct lc_recording_options *options = &recorder->options;
	struct lc_recording *recording = NULL;
	int r, status;

	lc_showing_check(showing);
	recorder->log = (struct lc_log){.threshold = LC_LOG_WARN, .stream = stderr};
	options->log = &recorder->log;
	options->names = showing->top.names;
	options->n_names = showing->top.n_names;
	options->names_may_come = true;
	options->watcher = (struct lc_recording_watcher){.context = &shown,
		.looked = on_looked,
		.take = on_take,
		.take_ns = showing->delay_ns,
		.stuck = end_at_once};
	if (!showing->is_batch) {
		options->watcher.readable = on_key;
		options->watcher.fd = STDIN_FILENO;
	}
	if (lc_recording_check_privileges(options))
		return LC_EXIT_FAILURE;
	r = lc_recording_open(&recording, options);
	if (r)
		return r == -ENOEXEC ? LC_EXIT_USAGE : LC_EXIT_FAILURE;
	status = record(&shown, recorder, recording);
	lc_recording_free(recording);
	lc_ratings_clear(&shown.ratings);
	lc_strbuf_free(&shown.said);
	return status;
}
