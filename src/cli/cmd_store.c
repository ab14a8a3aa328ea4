/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap store: profiles into the store, out of it, and out of its memory. */
#include "src/cli/cli.h"
#include "src/cli/inputs.h"
#include "src/cli/output.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/log.h>
#include <leastcap/profile.h>
#include <leastcap/sha256.h>
#include <leastcap/store.h>
#include <leastcap/suggest.h>

#include <inttypes.h>
#include <string.h>

enum { OPTION_KEEP = LC_OPTION_OWN, OPTION_SIZE };

struct store_options {
	struct lc_inputs inputs;
	struct lc_output_wanted output;
	int64_t keep_ns; /* 0: not asked for */
	uint64_t size;   /* bytes; 0: not asked for */
	char **arguments;
	size_t n;
};

static const struct argp_option options[] = {
	{"output", 'o', "FILE.json", 0, "export: write to FILE.json instead of standard output", 0},
	{"mode", LC_OPTION_MODE, "MODE", 0, "FILE.json's mode: 0644 (0600 for root, else as the umask says)", 0},
	{"keep", OPTION_KEEP, "TIME", 0, "forget: what was last seen longer ago, such as 90d", 0},
	{"size", OPTION_SIZE, "SIZE", 0, "forget: the oldest days, until the store takes SIZE at most, such as 500M",
		0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct store_options *store = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &store->inputs;
		store->inputs.store = LC_STORE_DIRECTORY;
		return 0;
	case OPTION_KEEP:
		if (lc_cli_parse_duration(argument, &store->keep_ns) || store->keep_ns <= 0)
			lc_cli_usage_error("--keep: '%s' is no time such as 90d", argument);
		return 0;
	case OPTION_SIZE:
		store->size = lc_cli_parse_size("--size", argument);
		return 0;
	case ARGP_KEY_ARGS:
		store->arguments = state->argv + state->next;
		store->n = (size_t)(state->argc - state->next);
		state->next = state->argc;
		return 0;
	case ARGP_KEY_NO_ARGS:
		lc_cli_usage_error("what is to be done? leastcap store import FILE.json…, export or forget");
	default:
		return lc_output_parse(&store->output, key, argument);
	}
}

static const struct argp_child children[] = {{.argp = &lc_inputs_store_argp}, {0}};

const struct argp lc_argp_store = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "import FILE.json…\nexport\nforget",
	.doc = "Keeps what many recordings have seen in one file, leastcap.db in the store's directory (/var/lib/leastcap where --store does not say another): profiles of tests, of hosts, of months. 'import' adds profiles, each once; 'export' prints what is there as one profile, as merge would make it; 'forget' drops what is old. report, check, diff and explain take --store instead of a profile. Stacks are not kept. Exit status: 0; 1 when something could not be done; 2 for bad input; 3 when a recording had lost checks.",
};

/* Opens the store, or ends the program. */
static struct lc_store *open_store(const struct store_options *options_given, enum lc_store_mode mode)
{
	struct lc_store *store = NULL;
	_cleanup_free_ char *message = NULL;
	int r = lc_store_open(&store, options_given->inputs.store, mode, &message);

	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	return store;
}

/* Says what failed. The exit status. */
static int fail(const struct lc_log *log, int r, const char *message)
{
	lc_log(log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	return LC_EXIT_FAILURE;
}

/* Adds the profile at PATH to STORE. The exit status. */
static int import_one(struct lc_store *store, const char *path, const struct lc_log *log)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *text = NULL, *message = NULL;
	char name[LC_SHA256_SIZE];
	int r;

	lc_inputs_load(&profile, path);
	lc_inputs_check_recorded(&profile, path);
	text = lc_profile_to_json(&profile);
	if (!text)
		return fail(log, -ENOMEM, NULL);
	lc_sha256(text, strlen(text), name);
	r = lc_store_add(store, &profile, name, &message);
	if (r < 0)
		return fail(log, r, message);
	if (!r)
		lc_log(log, LC_LOG_NOTICE, "%s: is in the store already", path);
	return profile.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}

static int import(const struct store_options *given, const struct lc_log *log)
{
	_cleanup_(lc_store_release) struct lc_store *store = NULL;
	int status = LC_EXIT_OK;

	if (given->n < 2)
		lc_cli_usage_error("import of what? leastcap store import FILE.json…");
	store = open_store(given, LC_STORE_WRITE);
	for (size_t i = 1; i < given->n; i++) {
		int one = import_one(store, given->arguments[i], log);

		if (one == LC_EXIT_FAILURE)
			return one;
		status = one ? one : status;
	}
	return status;
}

static int export(const struct store_options *given, const struct lc_log *log)
{
	_cleanup_(lc_store_release) struct lc_store *store = open_store(given, LC_STORE_READ);
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_cleanup_output) struct lc_output_file *file = NULL;
	struct lc_output_wanted wanted = given->output;
	_cleanup_free_ char *message = NULL;
	int r;

	if (!wanted.path)
		wanted.path = "-";
	r = lc_output_open(&file, &wanted, log);
	if (r)
		return r;
	r = lc_store_read(store, given->inputs.since_ns, &profile, &message)
		    ?: lc_profile_write(&profile, file, &message);
	if (r)
		return fail(log, r, message);
	lc_output_lost(log, &profile, NULL);
	return profile.lost ? LC_EXIT_INCOMPLETE : LC_EXIT_OK;
}

static int forget(const struct store_options *given, const struct lc_log *log)
{
	_cleanup_(lc_store_release) struct lc_store *store = NULL;
	_cleanup_free_ char *message = NULL;
	uint64_t forgotten = 0;
	int r;

	if (!given->keep_ns && !given->size)
		lc_cli_usage_error("forget what? leastcap store forget --keep 90d, or --size 500M");
	store = open_store(given, LC_STORE_READ);
	r = lc_store_forget(store, given->keep_ns ? lc_clock_ns(CLOCK_REALTIME) - given->keep_ns : 0, given->size,
		&forgotten, &message);
	if (r)
		return fail(log, r, message);
	lc_log(log, LC_LOG_NOTICE, "forgot %" PRIu64 " %s of a day", forgotten, forgotten == 1 ? "piece" : "pieces");
	return LC_EXIT_OK;
}

int lc_cmd_store(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(const struct store_options *given, const struct lc_log *log);
		bool takes_files;
	} actions[] = {{"import", import, true}, {"export", export, false}, {"forget", forget, false}};
	const struct lc_log log = {.threshold = LC_LOG_NOTICE, .stream = stderr};
	const char *words[sizeof(actions) / sizeof(actions[0])];
	struct store_options given = {0};
	const char *near;

	lc_cli_parse(&lc_argp_store, argc, argv, false, &given);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		words[i] = actions[i].name;
		if (strcmp(given.arguments[0], actions[i].name) != 0)
			continue;
		if (!actions[i].takes_files && given.n > 1)
			lc_cli_usage_error("%s takes no '%s'", actions[i].name, given.arguments[1]);
		return actions[i].run(&given, &log);
	}
	near = lc_suggest(given.arguments[0], words, sizeof(words) / sizeof(words[0]));
	if (near)
		lc_cli_usage_error("unknown action '%s'; did you mean '%s'?", given.arguments[0], near);
	lc_cli_usage_error("unknown action '%s'; there are import, export and forget", given.arguments[0]);
}
