/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recording while it runs: what ends it, and who is told how it goes on. */
#include "src/recording/recording_private.h"

#include <leastcap/clock.h>

#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* How often (milliseconds) it is looked whether what the command has left running has ended, which nobody tells. */
#define LEFT_LOOK_MS 100

/* Whether the command and, in a cgroup of its own, everything that it has left running there has ended. */
static bool command_is_over(const struct lc_recording *recording)
{
	if (!recording->child.ended)
		return false;
	return !recording->command_name || recording->interrupted || !lc_run_cgroup_population(&recording->run_cgroup);
}

/* Looks whether the recording ends because the command has ended. 0 or -errno. */
static int look_at_command(void *context)
{
	struct lc_recording *recording = context;

	if (command_is_over(recording))
		return lc_recording_settle(recording);
	if (recording->over || !recording->child.ended || recording->told_left)
		return 0;
	recording->told_left = true;
	lc_log(recording->log, LC_LOG_NOTICE,
		"%s has ended; recording the processes that it left running (Ctrl-C ends the recording)",
		recording->options->command[0]);
	return lc_loop_add_timer(recording->loop, LEFT_LOOK_MS * LC_NS_PER_MS, true, look_at_command, recording);
}

/*
 * The first signal goes to the command, and the recording ends with it. A second one ends it at once. What a terminal's Ctrl-C
 * sends has reached the command already.
 */
static void take_signal(struct lc_recording *recording, const struct signalfd_siginfo *signal)
{
	const struct lc_child *child = &recording->child;

	if (!recording->running || recording->interrupted || !child->pid || child->ended)
		recording->over = true;
	else if (signal->ssi_code != SI_KERNEL)
		kill(child->pid, (int)signal->ssi_signo);
	recording->interrupted = true;
	if (!recording->stopping_ns)
		recording->stopping_ns = lc_recording_now(recording);
	if (recording->over)
		lc_interrupt_ending(&recording->interrupt);
}

static int on_signals(void *context)
{
	struct lc_recording *recording = context;
	struct signalfd_siginfo signal;

	while (read(recording->interrupt.events, &signal, sizeof(signal)) == sizeof(signal)) {
		if (signal.ssi_signo != SIGCHLD)
			take_signal(recording, &signal);
	}
	lc_child_poll(&recording->child);
	return look_at_command(recording);
}

static int on_limit(void *context)
{
	((struct lc_recording *)context)->over = true;
	return 0;
}

static int on_progress(void *context)
{
	const struct lc_recording *recording = context;

	if (recording->running)
		recording->options->watcher.progressed(recording->options->watcher.context, recording);
	return 0;
}

static int on_take(void *context)
{
	struct lc_recording *recording = context;

	if (recording->running && !recording->over)
		recording->options->watcher.take(recording->options->watcher.context, recording);
	return 0;
}

/* Looks whether anything is left of the container whose first process has ended. 0. */
static int look_at_cgroup(void *context)
{
	struct lc_recording *recording = context;

	if (recording->over || lc_cgroup_is_populated(&recording->hierarchy, recording->cgroup))
		return 0;
	recording->over = true;
	for (struct lc_recorded_target *recorded = recording->targets.first; recorded; recorded = recorded->next) {
		if (strcmp(recorded->key, recording->cgroup) == 0 && !recorded->target.life.ended_ns)
			recorded->target.life.ended_ns = lc_recording_now(recording);
	}
	return 0;
}

static int on_readable(void *context)
{
	struct lc_recording *recording = context;
	const struct lc_recording_watcher *watcher = &recording->options->watcher;

	recording->over |= recording->running && !watcher->readable(watcher->context);
	return 0;
}

/* The process that the recording lasts as long as has ended. 0 or -errno. */
static int on_ended(void *context)
{
	struct lc_recording *recording = context;
	int r = recording->until_ended ? 0
				       : lc_loop_add_timer(recording->loop, LEFT_LOOK_MS * LC_NS_PER_MS, true,
						 look_at_cgroup, recording);

	recording->until_ended = true;
	return r ? r : look_at_cgroup(recording);
}

/* Adds what is waited for while it runs. 0 or -errno. */
static int fill_loop(struct lc_recording *recording)
{
	const struct lc_loop_source signals = {recording->interrupt.events, recording, on_signals, NULL};
	const struct lc_recording_options *options = recording->options;
	const struct lc_loop_source until = {recording->until, recording, on_ended, NULL};
	const struct lc_loop_source readable = {options->watcher.fd, recording, on_readable, NULL};
	int r = lc_loop_add(recording->loop, &signals);

	if (!r && options->watcher.readable)
		r = lc_loop_add(recording->loop, &readable);
	if (!r && recording->until >= 0)
		r = lc_loop_add(recording->loop, &until);

	if (!r && options->limit_ns)
		r = lc_loop_add_timer(recording->loop, options->limit_ns, false, on_limit, recording);
	if (!r && options->watcher.progressed)
		r = lc_loop_add_timer(
			recording->loop, options->watcher.progress_ms * LC_NS_PER_MS, true, on_progress, recording);
	if (!r && options->watcher.take)
		r = lc_loop_add_timer(recording->loop, options->watcher.take_ns, true, on_take, recording);
	return r;
}

/* Whether whoever watches has seen enough. */
static bool is_enough(const struct lc_recording *recording)
{
	const struct lc_recording_watcher *watcher = &recording->options->watcher;

	return watcher->looked && !watcher->looked(watcher->context, recording);
}

int lc_recording_run(struct lc_recording *recording)
{
	int r = fill_loop(recording);

	recording->running = true;
	while (!r && !recording->over) {
		r = lc_loop_wait(recording->loop, -1) ?: lc_recording_refuse(recording);
		recording->over |= is_enough(recording);
	}
	recording->running = false;
	lc_recording_end_trial(recording);
	if (r)
		lc_log(recording->log, LC_LOG_WARN, "the recording ended early: %s", strerror(-r));
	return r;
}
