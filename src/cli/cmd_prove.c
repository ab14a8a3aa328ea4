/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap prove: a command is run again and again, with less granted to its containers each time, until nothing can be missing. */
#include "src/cli/cli.h"
#include "src/cli/inputs.h"
#include "src/cli/output.h"
#include "src/cli/prover.h"

#include <leastcap/caller.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/engine_ask.h>
#include <leastcap/json.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { OPTION_FROM = LC_OPTION_OWN, OPTION_EXHAUSTIVE, OPTION_ACCEPT, OPTION_METHOD, OPTION_TIMEOUT, OPTION_CLEAN };

struct prove_options {
	struct lc_prover prover;
	struct lc_log log;
	struct lc_output_wanted output;
	const char *from;
	bool exhaustive;
	bool clean;
	bool quiet;
	bool verbose;
};

static const struct argp_option options[] = {
	{"output", 'o', "FILE", 0, "write the profile, with the proof, to FILE", 0},
	{"mode", LC_OPTION_MODE, "MODE", 0, "FILE's mode: 0644 (0600 for root, else as the umask says)", 0},
	{"from", OPTION_FROM, "PROFILE", 0, "begin with the lists of an earlier recording", 0},
	{"exhaustive", OPTION_EXHAUSTIVE, NULL, 0,
		"try every entry of the lists, also those that nothing makes doubtful", 0},
	{"accept", OPTION_ACCEPT, "CAP,…", 0, "let these go although a container is worse without", 0},
	{"method", OPTION_METHOD, "NAME", 0, "how capabilities are refused: engine, or auto (the same)", 0},
	{"timeout", OPTION_TIMEOUT, "TIME", 0,
		"end a trial after TIME, which then has failed (three times the first run's, and 30s)", 0},
	{"clean", OPTION_CLEAN, NULL, 0, "remove the containers that trials have left, and nothing else", 0},
	{"quiet", 'q', NULL, 0, "no progress and no notices", 0},
	{"verbose", 'v', NULL, 0, "say which hook is used, and more", 0},
	{"hook", LC_OPTION_HOOK, "NAME", 0, "use only this hook: fexit, tp_btf or kprobe", 0},
	{"btf", LC_OPTION_BTF, "FILE", 0, "the kernel's types (BTF), where it has none of its own", 0},
	{0},
};

/* Takes a list of capabilities. */
static uint64_t parse_caps(const char *text)
{
	_cleanup_free_ char *copy = strdup(text);
	char *rest = NULL;
	uint64_t caps = 0;

	for (char *name = copy ? strtok_r(copy, ",", &rest) : NULL; name; name = strtok_r(NULL, ",", &rest)) {
		int cap = lc_cap_from_name(name);

		if (cap < 0)
			lc_cli_usage_error("--accept: '%s' is no capability; 'leastcap caps' lists them", name);
		caps |= LC_CAP_BIT(cap);
	}
	return caps;
}

static void parse_method(const char *name)
{
	if (!strcmp(name, "kernel"))
		lc_cli_usage_error("--method kernel is not there yet; 'engine' refuses by the container engine");
	if (strcmp(name, "engine") != 0 && strcmp(name, "auto") != 0)
		lc_cli_usage_error("--method: '%s' is none of engine and auto", name);
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct prove_options *prove = state->input;

	switch (key) {
	case OPTION_FROM:
		prove->from = argument;
		return 0;
	case OPTION_EXHAUSTIVE:
		prove->exhaustive = true;
		return 0;
	case OPTION_ACCEPT:
		prove->prover.accepted |= parse_caps(argument);
		return 0;
	case OPTION_METHOD:
		parse_method(argument);
		return 0;
	case OPTION_TIMEOUT:
		if (lc_cli_parse_duration(argument, &prove->prover.timeout_ns) || !prove->prover.timeout_ns)
			lc_cli_usage_error("--timeout: '%s' is no time; give one like 30s, 10m or 1h", argument);
		return 0;
	case OPTION_CLEAN:
		prove->clean = true;
		return 0;
	case 'q':
		prove->quiet = true;
		return 0;
	case 'v':
		prove->verbose = true;
		return 0;
	case LC_OPTION_HOOK:
		prove->prover.options.hook = lc_cli_parse_hook(argument);
		return 0;
	case LC_OPTION_BTF:
		prove->prover.options.btf = argument;
		return 0;
	case ARGP_KEY_ARGS:
		prove->prover.options.command = state->argv + state->next;
		return 0;
	default:
		return lc_output_parse(&prove->output, key, argument);
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[--] COMMAND [ARGUMENT…]",
	.doc = "Runs COMMAND, a test, again and again, each time with less granted to the containers that it creates: first as it is, then with the recorded lists alone, then without what may be too much. What COMMAND passes without, and no container is worse without, leaves the list. The engine's socket is replaced by one of leastcap's in COMMAND's environment (DOCKER_HOST). Exit status: 0 when the lists are proven, 1 when they are not, 2 for bad options, 3 when checks were lost, 126 or 127 when COMMAND can't be run.",
};

/* The containers that carry a trial's label, as the engine at SOCKET lists them. Positive: LIST is a reference; else -errno. */
static int list_left(const char *socket, json_t **list)
{
	static const char path[] = "containers/json?all=1&filters=%7B%22label%22%3A%5B%22" LC_PROXY_LABEL "%22%5D%7D";
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	int r = lc_engine_get(socket, path, &body);

	if (r)
		return r;
	*list = json_loadb(body.text ? body.text : "", body.length, 0, NULL);
	return json_is_array(*list) ? 1 : -EPROTO;
}

/* Removes CONTAINER, of such a list. 0 or -errno. */
static int remove_left(const char *socket, const json_t *container, const struct lc_log *log)
{
	const char *id = json_string_value(json_object_get(container, "Id"));
	char path[128];
	int r;

	if (!id)
		return -EPROTO;
	snprintf(path, sizeof(path), "containers/%.64s?force=1&v=1", id);
	r = lc_engine_delete(socket, path);
	lc_log(log, r ? LC_LOG_ERROR : LC_LOG_NOTICE, "%s container %.12s%s%s", r ? "cannot remove" : "removed", id,
		r ? ": " : "", r ? strerror(-r) : "");
	return r;
}

/* Removes the containers that carry a trial's label. An exit status. */
static int clean(const struct lc_log *log)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf socket = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_json_ json_t *list = NULL;
	int status = LC_EXIT_OK;
	json_t *container;
	size_t i;
	int r = lc_proxy_find_engine(&socket, &message);

	if (!r)
		r = list_left(socket.text, &list);
	if (r < 0) {
		lc_log(log, LC_LOG_ERROR, "cannot ask the engine for containers: %s", message ? message : strerror(-r));
		return LC_EXIT_FAILURE;
	}
	json_array_foreach(list, i, container)
	{
		if (remove_left(socket.text, container, log))
			status = LC_EXIT_FAILURE;
	}
	return status;
}

/* Says that containers are still there that were created with a trial's list. */
static void tell_left(const struct prove_options *prove)
{
	_cleanup_json_ json_t *list = NULL;

	if (list_left(prove->prover.socket, &list) > 0 && json_array_size(list))
		lc_log(&prove->log, LC_LOG_WARN,
			"%zu containers of trials are still there, with the trial's list; 'leastcap prove --clean' removes them",
			json_array_size(list));
}

/* Says how the search ended, where that is not a proof. */
static void tell_end(const struct prove_options *prove, const struct lc_prove_result *result)
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
	bool stopped = result->end == LC_PROVE_STOPPED;

	if (result->end == LC_PROVE_PROVEN)
		return;
	if (stopped && !result->lists) {
		lc_log(&prove->log, LC_LOG_ERROR, "stopped before any list had passed");
		return;
	}
	lc_log(&prove->log, stopped ? LC_LOG_WARN : LC_LOG_ERROR, "not proven: %s%s%s", ends[result->end],
		result->why ? ": " : "", result->why ? result->why : "");
}

/* Writes and prints what there is. An exit status. */
static int deliver(struct prove_options *prove, const struct lc_prove_result *result, struct lc_output_file *file)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	bool to_stdout = file && !strcmp(prove->output.path, "-");
	_cleanup_free_ char *message = NULL;
	int r = lc_privileges_give_up();

	if (!r)
		r = lc_prover_deliver(&prove->prover, result, &profile);
	if (!r && file)
		r = lc_profile_write(&profile, file, &message);
	if (r) {
		lc_log(&prove->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
		return LC_EXIT_FAILURE;
	}
	if (file && !to_stdout)
		lc_log(&prove->log, LC_LOG_NOTICE, "wrote %s", prove->output.path);
	if ((!file || (isatty(STDOUT_FILENO) && !to_stdout)) &&
		lc_output_report(&profile, lc_report_find("text"), NULL, 0))
		return LC_EXIT_FAILURE;
	lc_output_lost(&prove->log, &profile, NULL);
	if (result->end != LC_PROVE_PROVEN)
		return LC_EXIT_FAILURE;
	return profile.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}

/* Says what no trial has changed. */
static void tell_untouched(const struct prove_options *prove)
{
	if (prove->prover.beside)
		lc_log(&prove->log, LC_LOG_WARN,
			"%zu requests had the engine make containers in a way that no trial changes",
			prove->prover.beside);
	if (prove->prover.crowded)
		lc_log(&prove->log, LC_LOG_WARN,
			"there were more processes, files or lines of logs than are compared: what is worse in the rest was not noticed");
	if (prove->prover.others)
		lc_log(&prove->log, LC_LOG_WARN,
			"the command started %zu times containers that it had not created, which stayed as they were",
			prove->prover.others);
	if (prove->prover.unlogged || prove->prover.unlisted)
		lc_log(&prove->log, LC_LOG_NOTICE,
			"of %zu containers the log was not compared, and of %zu the files, because they had gone or ended by themselves, or the engine does not tell",
			prove->prover.unlogged, prove->prover.unlisted);
	if (prove->prover.strangers)
		lc_log(&prove->log, LC_LOG_WARN,
			"trials created %zu containers that the first runs had not, which stayed as they were",
			prove->prover.strangers);
}

/* The whole of it behind the options. An exit status. */
static int run(struct prove_options *prove, struct lc_output_file *file)
{
	_cleanup_(lc_prove_result_clear) struct lc_prove_result result = {0};
	struct lc_prove_trials trials = lc_prover_trials;
	int status = lc_prover_open(&prove->prover);
	int r;

	if (status)
		return status;
	lc_trial_begin();
	trials.context = &prove->prover;
	r = lc_prove(&trials, prove->exhaustive, &result);
	tell_left(prove);
	if (r) {
		if (r != -EIO)
			lc_log(&prove->log, LC_LOG_ERROR, "%s", strerror(-r));
		return prove->prover.status ? prove->prover.status : LC_EXIT_FAILURE;
	}
	tell_untouched(prove);
	tell_end(prove, &result);
	return result.lists ? deliver(prove, &result, file) : LC_EXIT_FAILURE;
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

int lc_cmd_prove(int argc, char **argv)
{
	struct prove_options prove = {.prover.options.scope = LC_SCOPE_CONTAINERS};
	_cleanup_(lc_profile_clear) struct lc_profile from = {0};
	_cleanup_(lc_cleanup_output) struct lc_output_file *file = NULL;
	int status;

	lc_cli_parse(&argp, argc, argv, true, &prove);
	prove.log.stream = stderr;
	prove.log.threshold = prove.quiet ? LC_LOG_WARN : prove.verbose ? LC_LOG_DEBUG : LC_LOG_NOTICE;
	prove.prover.log = prove.prover.options.log = &prove.log;
	if (prove.clean)
		return clean(&prove.log);
	if (!prove.prover.options.command || !prove.prover.options.command[0])
		lc_cli_usage_error("no command given: leastcap prove [-o FILE.json] -- COMMAND [ARGUMENT…]");
	if (prove.from && load_earlier(&from, prove.from))
		return LC_EXIT_FAILURE;
	prove.prover.from = prove.from ? &from : NULL;
	if (lc_recording_check_privileges(&prove.prover.options))
		return LC_EXIT_FAILURE;
	status = prove.output.path ? lc_output_open(&file, &prove.output, &prove.log) : LC_EXIT_OK;
	if (!status)
		status = run(&prove, file);
	lc_prover_close(&prove.prover);
	return status;
}
