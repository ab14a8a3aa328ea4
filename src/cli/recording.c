/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What record and run have in common: from the attached probe to the saved profile and the exit status. */
#include "src/cli/recording.h"
#include "src/cli/cli.h"
#include "src/cli/interrupt.h"
#include "src/cli/output.h"
#include "src/cli/privileges.h"
#include "src/cli/progress.h"
#include "src/recording/child.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/profile.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

/* A recording under way. */
struct state {
	struct recording *recording;
	struct session *session;
	struct child child;
	struct progress progress;
	struct interrupt interrupt;
	int64_t ends_ns;
	bool interrupted; /* a signal has asked us to end */
	bool done;
};

void lc_recording_begin_log(struct recording *recording)
{
	recording->log.stream = stderr;
	recording->log.threshold = recording->quiet ? LC_LOG_WARN : recording->verbose ? LC_LOG_DEBUG : LC_LOG_NOTICE;
	recording->session.log = &recording->log;
}

/* What RECORDING is, as far as privileges depend on it. */
static struct lc_privilege_use privilege_use(const struct recording *recording)
{
	return (struct lc_privilege_use){
		.hook = recording->session.hook,
		.output = recording->output.path,
		.parent = recording->cgroup ? recording->cgroup->parent : NULL,
		.command = recording->command,
	};
}

int lc_recording_check(struct recording *recording)
{
	const struct lc_privilege_use use = privilege_use(recording);
	int status = lc_privileges_check(&use, &recording->log);

	if (!status && recording->output.path)
		status = lc_output_open(&recording->file, &recording->output, &recording->log);
	return status;
}

void lc_recording_close(struct recording *recording)
{
	lc_output_file_free(recording->file);
	recording->file = NULL;
}

/*
 * The first signal goes to the command and the recording ends with it; a second one ends it at once. What a terminal's
 * Ctrl-C sends has reached the command already.
 */
static void handle_signals(struct state *state)
{
	struct signalfd_siginfo info;

	while (read(state->interrupt.events, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD)
			continue;
		if (state->interrupted || !state->child.pid || state->child.ended)
			state->done = true;
		else if (info.ssi_code != SI_KERNEL)
			kill(state->child.pid, (int)info.ssi_signo);
		state->interrupted = true;
	}
	if (state->done)
		lc_interrupt_ending(&state->interrupt);
}

/* Says why the command could not be executed. */
static int refuse_command(const struct state *state, int error)
{
	const char *command = state->recording->command[0];

	lc_log(&state->recording->log, LC_LOG_ERROR, "%s: %s", command,
		error == -ENOENT ? "no such command" : strerror(-error));
	return error == -ENOENT ? LC_EXIT_NOT_FOUND : LC_EXIT_CANNOT_RUN;
}

/* Attaches and lets the command go. An exit status. */
static int start(struct state *state)
{
	struct recording *recording = state->recording;
	const struct lc_privilege_use use = privilege_use(recording);
	int status = lc_session_start(state->session);
	int r;

	if (status)
		return status;
	if (recording->cgroup) {
		r = lc_run_cgroup_enter(recording->cgroup, state->child.pid);
		if (r) {
			lc_log(&recording->log, LC_LOG_ERROR, "cannot move the command to %s: %s",
				recording->cgroup->path, strerror(-r));
			return LC_EXIT_FAILURE;
		}
	}
	r = lc_privileges_drop(&use);
	if (r)
		lc_log(&recording->log, LC_LOG_WARN, "could not drop privileges: %s", strerror(-r));
	if (!recording->command)
		return LC_EXIT_OK;
	r = lc_child_release(&state->child);
	return r ? refuse_command(state, r) : LC_EXIT_OK;
}

/* Whether the command and, in a cgroup of its own, everything that it has left running there has ended. */
static bool command_is_over(const struct state *state)
{
	if (!state->child.ended)
		return false;
	if (!state->recording->cgroup || state->interrupted)
		return true;
	return !lc_run_cgroup_population(state->recording->cgroup);
}

static int min_timeout(int a, int b)
{
	if (a < 0)
		return b;
	return b < 0 || a < b ? a : b;
}

/* Milliseconds until something other than an event has to be done; negative: never. */
static int next_timeout(const struct state *state)
{
	int timeout = lc_progress_timeout(&state->progress);

	if (state->recording->limit_ns) {
		int64_t left = state->ends_ns - lc_clock_ns(CLOCK_MONOTONIC);

		timeout = min_timeout(
			timeout, left > 0 ? (int)(left / 1000000 < 86400000 ? left / 1000000 + 1 : 86400000) : 0);
	}
	timeout = min_timeout(timeout, lc_session_trace_interval(state->session));
	/* What the command has left running does not tell us when it ends. */
	if (state->child.ended)
		timeout = min_timeout(timeout, 100);
	return timeout;
}

/* Records until the command, the time or a signal ends it. 0 or -errno. */
static int loop(struct state *state)
{
	const struct recording *recording = state->recording;
	bool told = false;

	while (!state->done) {
		int r = lc_session_wait(state->session, state->interrupt.events, next_timeout(state));

		if (r)
			return r;
		if (state->recording->looked)
			state->recording->looked(state->recording, state->session);
		handle_signals(state);
		lc_child_poll(&state->child);
		if (recording->enough || (recording->limit_ns && lc_clock_ns(CLOCK_MONOTONIC) >= state->ends_ns))
			return 0;
		if (recording->command && command_is_over(state))
			return 0;
		if (recording->command && state->child.ended && !told) {
			told = true;
			lc_log(&recording->log, LC_LOG_NOTICE,
				"%s has ended; recording the processes that it left running (Ctrl-C ends the recording)",
				recording->command[0]);
		}
		if (lc_progress_is_due(&state->progress))
			lc_progress_update(&state->progress, lc_session_checks(state->session),
				lc_session_targets(state->session),
				recording->session.scope == SESSION_CONTAINERS ? "container" : "target");
	}
	return 0;
}

/* Saves and prints. An exit status. */
static int deliver(struct state *state, struct lc_profile *profile)
{
	const struct recording *recording = state->recording;
	_cleanup_free_ char *message = NULL;
	int r = lc_privileges_give_up();

	if (r) {
		lc_log(&recording->log, LC_LOG_ERROR, "cannot drop privileges: %s", strerror(-r));
		return LC_EXIT_FAILURE;
	}
	if (recording->file) {
		lc_interrupt_saving(&state->interrupt, strcmp(recording->output.path, "-") != 0);
		r = lc_profile_write(profile, recording->file, &message);
		lc_interrupt_saving(&state->interrupt, false);
		if (r) {
			lc_log(&recording->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
			return LC_EXIT_FAILURE;
		}
		if (strcmp(recording->output.path, "-") != 0)
			lc_log(&recording->log, LC_LOG_NOTICE, "wrote %s", recording->output.path);
	}
	if (!recording->file || (isatty(STDOUT_FILENO) && strcmp(recording->output.path, "-") != 0))
		return lc_output_report(profile, lc_report_find("text"), NULL, 0) ? LC_EXIT_FAILURE : LC_EXIT_OK;
	return LC_EXIT_OK;
}

/* Ends the recording. The exit status: our own failure first, then the command's, then whether anything was lost. */
static int finish(struct state *state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	int status;

	if (state->interrupted)
		lc_interrupt_ending(&state->interrupt);
	status = lc_session_finish(state->session, state->interrupted, &profile);

	lc_progress_end(&state->progress);
	if (!status)
		status = state->recording->deliver
				 ? state->recording->deliver(state->recording, state->session, &profile)
				 : deliver(state, &profile);
	if (!status)
		lc_output_lost(&state->recording->log, &profile, NULL);
	if (status || !state->child.pid || !state->child.ended)
		return status ? status : profile.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
	status = lc_child_exit_status(&state->child);
	return !status && profile.lost ? LC_EXIT_INCOMPLETE : status;
}

/* The recording itself, between the set-up and the tidying up that lc_recording_run does. */
static int record(struct state *state)
{
	struct recording *recording = state->recording;
	int r, status;

	if (lc_interrupt_catch(&state->interrupt))
		return LC_EXIT_FAILURE;
	recording->session.interrupt = state->interrupt.pending;
	/* Before anything is opened that the command might inherit. */
	r = recording->command ? lc_child_fork(&state->child, recording->command, recording->user) : 0;
	if (r) {
		lc_log(&recording->log, LC_LOG_ERROR, "cannot fork: %s", strerror(-r));
		return LC_EXIT_FAILURE;
	}
	signal(SIGPIPE, SIG_IGN);
	status = lc_session_open(&state->session, &recording->session);
	if (status)
		return status;
	status = start(state);
	if (status)
		return status;
	lc_progress_begin(&state->progress, recording->quiet || recording->no_progress);
	state->ends_ns = state->progress.started_ns + recording->limit_ns;
	if (!recording->command && !recording->limit_ns)
		lc_log(&recording->log, LC_LOG_NOTICE, "%s; Ctrl-C ends it",
			recording->session.trace ? "tracing" : "recording");
	r = loop(state);
	if (r)
		lc_log(&recording->log, LC_LOG_WARN, "the recording ended early: %s", strerror(-r));
	return finish(state);
}

int lc_recording_run(struct recording *recording)
{
	struct state state = {
		.recording = recording, .interrupt = INTERRUPT_NONE, .child = {.gate = -1, .failure = -1}};
	int status = record(&state);

	lc_child_discard(&state.child);
	lc_session_free(state.session);
	lc_interrupt_release(&state.interrupt);
	return status;
}

int lc_recording_run_command(struct recording *recording)
{
	struct run_cgroup cgroup = {0};
	char name[64];
	int r = lc_run_cgroup_make(&cgroup);
	int status;

	if (r) {
		lc_log(&recording->log, LC_LOG_ERROR, "cannot make a cgroup below %s: %s%s", cgroup.parent,
			strerror(-r), r == -EACCES ? "; use sudo" : "");
		return LC_EXIT_FAILURE;
	}
	snprintf(name, sizeof(name), "%s", basename(recording->command[0]));
	recording->session.scope = SESSION_CGROUP;
	recording->session.command = name;
	recording->session.cgroup_path = cgroup.path;
	recording->cgroup = &cgroup;
	status = lc_recording_run(recording);
	lc_run_cgroup_remove(&cgroup);
	return status;
}

int lc_recording_run_host(struct recording *recording)
{
	struct lc_hierarchy hierarchy;
	int r = lc_hierarchy_find(&hierarchy);

	if (r) {
		lc_log(&recording->log, LC_LOG_ERROR, "no cgroup hierarchy is mounted: see /proc/self/mountinfo");
		return LC_EXIT_FAILURE;
	}
	recording->session.scope = SESSION_CGROUP;
	recording->session.cgroup_path = hierarchy.mount;
	return lc_recording_run(recording);
}
