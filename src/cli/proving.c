/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A proof from its options to the saved profile and the exit status. */
#include "src/cli/proving.h"
#include "src/cli/cli.h"
#include "src/cli/inputs.h"
#include "src/cli/prover_left.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_FROM = LC_OPTION_PROVING, OPTION_RESUME, OPTION_EXHAUSTIVE, OPTION_ACCEPT, OPTION_TIMEOUT };

static const struct argp_option options[] = {
	{"from", OPTION_FROM, "PROFILE", 0, "begin with the lists of an earlier recording", 0},
	{"resume", OPTION_RESUME, "PROFILE", 0, "go on with a proof that was stopped: its trials are not made again",
		0},
	{"exhaustive", OPTION_EXHAUSTIVE, NULL, 0,
		"try every entry of the lists, also SETUID and SETGID, without which a program stays whoever it was",
		0},
	{"accept", OPTION_ACCEPT, "CAP,…", 0, "let these go although it is worse without", 0},
	{"timeout", OPTION_TIMEOUT, "TIME", 0,
		"end a trial after TIME, which then has failed (three times the first run's, and 30s)", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lc_proving *proving = state->input;

	switch (key) {
	case OPTION_FROM:
		proving->from = argument;
		break;
	case OPTION_RESUME:
		proving->resume = argument;
		break;
	case OPTION_EXHAUSTIVE:
		proving->exhaustive = true;
		break;
	case OPTION_ACCEPT:
		proving->prover.accepted |= lc_cli_parse_caps("--accept", argument);
		break;
	case OPTION_TIMEOUT:
		if (lc_cli_parse_duration(argument, &proving->prover.timeout_ns) || !proving->prover.timeout_ns)
			lc_cli_usage_error("--timeout: '%s' is no time; give one like 30s, 10m or 1h", argument);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	proving->any = true;
	return 0;
}

const struct argp lc_proving_argp = {.options = options, .parser = parse};

/* Says how the search ended, where that is not a proof. */
static void tell_end(const struct lc_proving *proving, const struct lc_prove_result *result)
{
	static const char *const ends[] = {
		[LC_PROVE_STOPPED] = "stopped before all was tried; the lists are the best that have passed",
		[LC_PROVE_UNFIT] =
			"the command does not pass with nothing refused, so that there is nothing to compare with",
		[LC_PROVE_FLAPS] =
			"the command does not come out the same each time, so that no answer of it proves anything",
		[LC_PROVE_NOTHING] = "the command created no container of which something is to be proven",
		[LC_PROVE_IMPOSSIBLE] = "the command does not even pass with all that was granted as a list",
	};
	const char *end = ends[result->end];
	bool stopped = result->end == LC_PROVE_STOPPED;

	if (result->end == LC_PROVE_NOTHING && !proving->prover.proxy)
		end = proving->prover.by_kernel ? "the containers are granted nothing that could be refused"
						: "the command is granted nothing that could be refused";
	if (result->end == LC_PROVE_PROVEN)
		return;
	if (stopped && !result->lists) {
		lc_log(&proving->log, LC_LOG_ERROR, "stopped before any list had passed");
		return;
	}
	lc_log(&proving->log, stopped ? LC_LOG_WARN : LC_LOG_ERROR, "not proven: %s%s%s", end, result->why ? ": " : "",
		result->why ? result->why : "");
}

/* Writes and prints what there is. An exit status. */
static int deliver(struct lc_proving *proving, const struct lc_prove_result *result, struct lc_output_file *file)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	bool to_stdout = file && !strcmp(proving->output.path, "-");
	_cleanup_free_ char *message = NULL;
	int r = lc_privileges_give_up();

	if (!r)
		r = lc_prover_deliver(&proving->prover, result, &profile);
	if (!r && file)
		r = lc_profile_write(&profile, file, &message);
	if (r) {
		lc_log(&proving->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
		return LC_EXIT_FAILURE;
	}
	if (file && !to_stdout)
		lc_log(&proving->log, LC_LOG_NOTICE, "wrote %s", proving->output.path);
	if ((!file || (isatty(STDOUT_FILENO) && !to_stdout)) &&
		lc_output_report(&profile, lc_report_find("text"), NULL, 0))
		return LC_EXIT_FAILURE;
	lc_output_lost(&proving->log, &profile, NULL);
	if (result->end != LC_PROVE_PROVEN)
		return LC_EXIT_FAILURE;
	return profile.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}

/* Says what no trial has changed. */
static void tell_untouched(const struct lc_proving *proving)
{
	if (proving->prover.beside)
		lc_log(&proving->log, LC_LOG_WARN,
			"%zu requests had the engine make containers in a way that no trial changes",
			proving->prover.beside);
	if (proving->prover.crowded)
		lc_log(&proving->log, LC_LOG_WARN,
			"there were more processes, files or lines of logs than are compared: what is worse in the rest was not noticed");
	if (proving->prover.others)
		lc_log(&proving->log, LC_LOG_WARN,
			"the command started %zu times containers that it had not created, which stayed as they were",
			proving->prover.others);
	if (proving->prover.unlogged || proving->prover.unlisted)
		lc_log(&proving->log, LC_LOG_NOTICE,
			"of %zu containers the log was not compared, and of %zu the files, because they had gone or ended by themselves, or the engine does not tell",
			proving->prover.unlogged, proving->prover.unlisted);
	if (proving->prover.restarts && proving->prover.unrestarted)
		lc_log(&proving->log, LC_LOG_NOTICE,
			"%zu containers were not restarted, because they had ended by themselves or the command left them running",
			proving->prover.unrestarted);
	if (proving->prover.strangers)
		lc_log(&proving->log, LC_LOG_WARN,
			"trials created %zu containers that the first runs had not, which stayed as they were",
			proving->prover.strangers);
}

/* The whole of it behind the options. An exit status. */
static int run(struct lc_proving *proving, struct lc_output_file *file)
{
	_cleanup_(lc_prove_result_clear) struct lc_prove_result result = {0};
	struct lc_prove_trials trials = lc_prover_trials;
	int status = lc_prover_open(&proving->prover);
	int r;

	if (status)
		return status;
	lc_trial_begin();
	trials.context = &proving->prover;
	r = lc_prove(&trials, proving->exhaustive, &result);
	if (proving->prover.proxy)
		lc_left_tell(proving->prover.socket, &proving->log);
	if (r) {
		if (r != -EIO)
			lc_log(&proving->log, LC_LOG_ERROR, "%s", strerror(-r));
		return proving->prover.status ? proving->prover.status : LC_EXIT_FAILURE;
	}
	tell_untouched(proving);
	tell_end(proving, &result);
	return result.lists ? deliver(proving, &result, file) : LC_EXIT_FAILURE;
}

/* Reads the profile at PATH, with the rights of whoever called us. 0 or -errno. */
static int load_earlier(struct lc_profile *from, const char *path)
{
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	int r = lc_as_caller_begin(&caller);

	if (!r)
		lc_inputs_load(from, path);
	return r;
}

/* Has the command find its files as the patch makes them. An exit status. */
static int open_patch(struct lc_proving *proving)
{
	struct lc_prover *prover = &proving->prover;
	int status = lc_patched_open(&prover->patched, proving->with, &proving->log);

	prover->patch = lc_input_name(proving->with);
	prover->options.replaced = prover->patched.list;
	prover->options.n_replaced = prover->patched.files.n;
	for (size_t i = 0; !status && i < prover->patched.files.n; i++)
		lc_log(&proving->log, LC_LOG_NOTICE, "the command finds %s as %s makes it",
			prover->patched.files.paths[i], prover->patch);
	return status;
}

/* The whole of it once there is an output. An exit status. */
static int run_from(struct lc_proving *proving, struct lc_output_file *file)
{
	_cleanup_(lc_profile_clear) struct lc_profile from = {0};
	_cleanup_(lc_profile_clear) struct lc_profile resumed = {0};
	int status = proving->with ? open_patch(proving) : LC_EXIT_OK;

	if (status)
		return status;
	if (proving->from && load_earlier(&from, proving->from))
		return LC_EXIT_FAILURE;
	if (proving->resume && load_earlier(&resumed, proving->resume))
		return LC_EXIT_FAILURE;
	proving->prover.resumed = proving->resume ? &resumed : NULL;
	proving->prover.from = proving->from ? &from : NULL;
	return run(proving, file);
}

int lc_proving_run(struct lc_proving *proving)
{
	_cleanup_(lc_cleanup_output) struct lc_output_file *file = NULL;
	int status;

	proving->prover.log = proving->prover.options.log = &proving->log;
	if (lc_recording_check_privileges(&proving->prover.options))
		return LC_EXIT_FAILURE;
	status = proving->output.path ? lc_output_open(&file, &proving->output, &proving->log) : LC_EXIT_OK;
	if (!status)
		status = run_from(proving, file);
	lc_prover_close(&proving->prover);
	return status;
}

void lc_proving_begin_log(struct lc_proving *proving, bool quiet, bool verbose)
{
	proving->log.stream = stderr;
	proving->log.threshold = quiet ? LC_LOG_WARN : verbose ? LC_LOG_DEBUG : LC_LOG_NOTICE;
}
