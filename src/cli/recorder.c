/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the commands that record have in common: from the options to the saved profile and the exit status. */
#include "src/cli/recorder.h"
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/profile.h>
#include <leastcap/report.h>

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

void lc_recorder_begin_log(struct lc_recorder *recorder)
{
	recorder->log.stream = stderr;
	recorder->log.threshold = recorder->quiet ? LC_LOG_WARN : recorder->verbose ? LC_LOG_DEBUG : LC_LOG_NOTICE;
	recorder->options.log = &recorder->log;
}

int lc_recorder_check(struct lc_recorder *recorder)
{
	recorder->options.output = recorder->output.path;
	if (lc_recording_check_privileges(&recorder->options))
		return LC_EXIT_FAILURE;
	if (!recorder->output.path)
		return LC_EXIT_OK;
	return lc_output_open(&recorder->file, &recorder->output, &recorder->log);
}

void lc_recorder_close(struct lc_recorder *recorder)
{
	lc_output_file_free(recorder->file);
	recorder->file = NULL;
}

void lc_recorder_end_at_once(void)
{
	static const char message[] = "leastcap: interrupted while something did not answer\n";
	ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);

	(void)ignored;
	lc_output_remove_temporary();
	_exit(LC_EXIT_FAILURE);
}

static void on_progress(void *context, const struct lc_recording *recording)
{
	struct lc_recorder *recorder = context;

	lc_progress_update(&recorder->progress, lc_recording_checks(recording), lc_recording_targets(recording),
		recorder->options.scope == LC_SCOPE_CONTAINERS ? "container" : "target",
		lc_recording_awaits(recording));
}

/* Prints the report that goes with what was recorded. An exit status. */
static int print(const struct lc_recorder *recorder, const struct lc_profile *profile)
{
	const struct lc_unit *unit = recorder->options.unit;

	if (lc_output_report(profile, lc_report_find(unit ? "systemd" : "text"), NULL, 0))
		return LC_EXIT_FAILURE;
	if (unit && profile->n_targets)
		lc_log(&recorder->log, LC_LOG_NOTICE,
			"'systemctl edit %s' takes it, or a file in /etc/systemd/system/%s.d", unit->service,
			unit->service);
	return LC_EXIT_OK;
}

/* Saves and prints. An exit status. */
static int deliver(const struct lc_recorder *recorder, struct lc_recording *recording, struct lc_profile *profile)
{
	bool to_stdout = recorder->file && !strcmp(recorder->output.path, "-");
	_cleanup_free_ char *message = NULL;
	int r = lc_privileges_give_up();

	if (r) {
		lc_log(&recorder->log, LC_LOG_ERROR, "cannot drop privileges: %s", strerror(-r));
		return LC_EXIT_FAILURE;
	}
	if (recorder->file) {
		lc_recording_saving(recording, !to_stdout);
		r = lc_profile_write(profile, recorder->file, &message);
		lc_recording_saving(recording, false);
		if (r) {
			lc_log(&recorder->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
			return LC_EXIT_FAILURE;
		}
		if (!to_stdout)
			lc_log(&recorder->log, LC_LOG_NOTICE, "wrote %s", recorder->output.path);
	}
	if (!recorder->file || (isatty(STDOUT_FILENO) && !to_stdout))
		return print(recorder, profile);
	return LC_EXIT_OK;
}

/* The exit status as a shell has it of a command that ended with STATUS, as waitpid(2) tells it. */
static int exit_status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Says how many N containers were left out because the command did not start them. */
static void say_neighbours(const struct lc_recorder *recorder, const struct lc_profile *profile, size_t n)
{
	if (!n)
		return;
	if (profile->n_targets)
		lc_log(&recorder->log, LC_LOG_NOTICE,
			"left out: %zu container%s that ran before; -a records %s too, or give names", n,
			n == 1 ? "" : "s", n == 1 ? "it" : "them");
	else
		lc_log(&recorder->log, LC_LOG_WARN,
			"the command started no container; %zu that ran before %s left out: -a records %s, or give names",
			n, n == 1 ? "is" : "are", n == 1 ? "it" : "them");
}

/* Ends RECORDING. The exit status: our own failure first, then the command's, then whether anything was lost. */
static int finish(struct lc_recorder *recorder, struct lc_recording *recording)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	size_t neighbours = lc_recording_neighbours(recording);
	int r = lc_recording_finish(recording, &profile);
	int status, ended;

	lc_progress_end(&recorder->progress);
	if (r)
		return LC_EXIT_FAILURE;
	status = recorder->deliver ? recorder->deliver(recorder, recording, &profile)
				   : deliver(recorder, recording, &profile);
	if (status)
		return status;
	say_neighbours(recorder, &profile, neighbours);
	lc_output_lost(&recorder->log, &profile, NULL);
	if (lc_recording_command_ended(recording, &ended))
		status = exit_status_of(ended);
	return !status && (profile.lost || !lc_recording_trial_was_whole(recording)) ? LC_EXIT_INCOMPLETE : status;
}

/* Restarts what is recorded. Whether that failed: whoever ends it by a signal wants the rest. */
static bool restart(const struct lc_recorder *recorder, struct lc_recording *recording)
{
	int r = lc_recording_restart(recording);

	if (r && r != -EINTR && r != -EIO)
		lc_log(&recorder->log, LC_LOG_ERROR, "the restart could not be recorded: %s", strerror(-r));
	return r && r != -EINTR;
}

/* RECORDING, which is open, from its start to its end. An exit status. */
static int record(struct lc_recorder *recorder, struct lc_recording *recording)
{
	const struct lc_recording_options *options = &recorder->options;
	int r = lc_recording_start(recording);
	int status, failed = LC_EXIT_OK;

	if (r)
		return r == -ENXIO ? LC_EXIT_USAGE : LC_EXIT_FAILURE;
	/* Those that are named run already: before the command. Of a unit that does not start it is worth knowing why. */
	if (options->unit) {
		r = lc_recording_restart_unit(recording);
		if (r == -EIO) {
			status = finish(recorder, recording);
			return status ? status : LC_EXIT_FAILURE;
		}
		if (r && r != -EINTR)
			return LC_EXIT_FAILURE;
	}
	if (recorder->restart && options->n_names && restart(recorder, recording))
		return LC_EXIT_FAILURE;
	r = lc_recording_release(recording);
	if (r)
		return r == -ENOENT ? LC_EXIT_NOT_FOUND : LC_EXIT_CANNOT_RUN;
	lc_progress_begin(&recorder->progress, options->command);
	if (!options->command && !options->limit_ns)
		lc_log(&recorder->log, LC_LOG_NOTICE, "%s; Ctrl-C ends it", options->trace ? "tracing" : "recording");
	/* What was recorded until then is worth having, even if it ended too early. */
	lc_recording_run(recording);
	if (recorder->restart && !options->n_names && restart(recorder, recording))
		failed = LC_EXIT_FAILURE;
	if (options->unit)
		lc_recording_leave_unit(recording);
	status = finish(recorder, recording);
	return status ? status : failed;
}

int lc_recorder_run(struct lc_recorder *recorder)
{
	struct lc_recording_watcher *watcher = &recorder->options.watcher;
	struct lc_recording *recording = NULL;
	int r, status;

	watcher->context = recorder;
	watcher->progressed = recorder->quiet || recorder->no_progress ? NULL : on_progress;
	watcher->progress_ms = lc_progress_interval(recorder->options.command);
	watcher->stuck = lc_recorder_end_at_once;
	r = lc_recording_open(&recording, &recorder->options);
	if (r)
		return r == -ENOEXEC ? LC_EXIT_USAGE : LC_EXIT_FAILURE;
	status = record(recorder, recording);
	lc_recording_free(recording);
	return status;
}
