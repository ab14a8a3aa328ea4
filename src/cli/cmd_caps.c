/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap caps: what a configuration grants, what a mask says, what a process has, what a capability is. */
#include "src/cli/caps.h"
#include "src/cli/cli.h"

#include <leastcap/array.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The question that was asked: only one at a time. */
enum mode { MODE_LIST, MODE_GRANT, MODE_DECODE, MODE_PROCESS, MODE_EXPLAIN };

enum {
	OPTION_ENGINE = LC_OPTION_OWN,
	OPTION_ENGINE_VERSION,
	OPTION_PRIVILEGED,
	OPTION_USER,
	OPTION_ADD,
	OPTION_DROP,
	OPTION_NO_NEW_PRIVILEGES,
	OPTION_DECODE,
	OPTION_EXPLAIN,
	OPTION_JSON,
};

struct parsing {
	struct lc_caps_options options;
	enum mode mode;
	const char *mode_option;
};

static const struct argp_option options[] = {
	{"engine", OPTION_ENGINE, "ENGINE", 0,
		"what a container is granted by ENGINE: docker (the default), podman, containerd or cri-o", 1},
	{"engine-version", OPTION_ENGINE_VERSION, "VERSION", 0, "of that version; without, of a current one", 1},
	{"privileged", OPTION_PRIVILEGED, NULL, 0, "a privileged container", 1},
	{"user", OPTION_USER, "USER", 0, "the user that it runs as; without, root", 1},
	{"cap-add", OPTION_ADD, "NAME", 0, "added, any number of times; ALL too", 1},
	{"cap-drop", OPTION_DROP, "NAME", 0, "dropped, any number of times; ALL too", 1},
	{"no-new-privileges", OPTION_NO_NEW_PRIVILEGES, NULL, 0, "with no_new_privs", 1},
	{"decode", OPTION_DECODE, "SET", 0, "a hexadecimal mask to names, or NAME,NAME,… to a mask; several may follow",
		2},
	{"pid", 'p', "PID", 0, "the five sets of a process", 2},
	{"explain", OPTION_EXPLAIN, "NAME", 0, "what it allows, its danger, what else may do, who asks for it", 2},
	{"format", 'f', "FORMAT", 0, "what to print: text, where nothing is said, or json", 3},
	{"json", OPTION_JSON, NULL, 0, "the same as -f json", 3},
	{0},
};

static void set_mode(struct parsing *parsing, enum mode mode, const char *option)
{
	if (parsing->mode != MODE_LIST && parsing->mode != mode)
		lc_cli_usage_error("%s and %s can't be given together", parsing->mode_option, option);
	parsing->mode = mode;
	parsing->mode_option = option;
}

static void add_word(struct lc_caps_words *words, const char *word)
{
	const char **list = lc_array_grow(words->list, words->n, sizeof(*list));

	if (!list)
		lc_cli_usage_error("%s", strerror(ENOMEM));
	words->list = list;
	list[words->n++] = word;
}

static error_t parse_grant(int key, char *argument, struct parsing *parsing)
{
	struct lc_caps_options *asked = &parsing->options;

	switch (key) {
	case OPTION_ENGINE:
		asked->request.engine = (enum lc_engine)lc_cli_parse_engine(argument);
		set_mode(parsing, MODE_GRANT, "--engine");
		return 0;
	case OPTION_ENGINE_VERSION:
		asked->request.version = argument;
		set_mode(parsing, MODE_GRANT, "--engine-version");
		return 0;
	case OPTION_PRIVILEGED:
		asked->request.privileged = true;
		set_mode(parsing, MODE_GRANT, "--privileged");
		return 0;
	case OPTION_USER:
		asked->user = argument;
		set_mode(parsing, MODE_GRANT, "--user");
		return 0;
	case OPTION_ADD:
		add_word(&asked->add, argument);
		set_mode(parsing, MODE_GRANT, "--cap-add");
		return 0;
	case OPTION_DROP:
		add_word(&asked->drop, argument);
		set_mode(parsing, MODE_GRANT, "--cap-drop");
		return 0;
	case OPTION_NO_NEW_PRIVILEGES:
		asked->request.no_new_privileges = true;
		set_mode(parsing, MODE_GRANT, "--no-new-privileges");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct parsing *parsing = state->input;

	switch (key) {
	case OPTION_DECODE:
		add_word(&parsing->options.words, argument);
		set_mode(parsing, MODE_DECODE, "--decode");
		return 0;
	case OPTION_EXPLAIN:
		add_word(&parsing->options.words, argument);
		set_mode(parsing, MODE_EXPLAIN, "--explain");
		return 0;
	case 'p':
		parsing->options.pid = argument;
		set_mode(parsing, MODE_PROCESS, "--pid");
		return 0;
	case 'f':
		parsing->options.json = lc_cli_parse_json(argument);
		return 0;
	case OPTION_JSON:
		parsing->options.json = true;
		return 0;
	case ARGP_KEY_ARG:
		/* argp sees the options first, wherever they stand. A name alone asks what it is. */
		if (parsing->mode == MODE_LIST)
			set_mode(parsing, MODE_EXPLAIN, "--explain");
		if (parsing->mode != MODE_DECODE && parsing->mode != MODE_EXPLAIN)
			lc_cli_usage_error("'%s' belongs to none of the options; see 'leastcap caps --help'", argument);
		add_word(&parsing->options.words, argument);
		return 0;
	default:
		return parse_grant(key, argument, parsing);
	}
}

const struct argp lc_argp_caps = {
	.options = options,
	.parser = parse,
	.args_doc = "[CAPABILITY…]",
	.doc = "Without an option: every capability in a line, or what the named ones allow. Needs no root. Exit status: 0, 1 when there is no such process, 2 for what is no capability, or what the engine would refuse.",
};

int lc_cmd_caps(int argc, char **argv)
{
	static int (*const modes[])(const struct lc_caps_options *) = {
		[MODE_LIST] = lc_caps_list,
		[MODE_GRANT] = lc_caps_grant,
		[MODE_DECODE] = lc_caps_decode,
		[MODE_PROCESS] = lc_caps_process,
		[MODE_EXPLAIN] = lc_caps_explain,
	};
	struct parsing parsing = {0};
	int status;

	lc_cli_parse(&lc_argp_caps, argc, argv, false, &parsing);
	status = modes[parsing.mode](&parsing.options);
	free(parsing.options.add.list);
	free(parsing.options.drop.list);
	free(parsing.options.words.list);
	return status;
}
