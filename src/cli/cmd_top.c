/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap top: which containers use which capabilities now, the worst first. */
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/inputs.h"
#include "src/cli/recorder.h"
#include "src/cli/showing.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_SORT = LC_OPTION_OWN, OPTION_SERVICES, OPTION_CONNECT, OPTION_TOKEN_FILE, OPTION_CA_FILE };

/* How long it is, usually, between two looks. */
#define DELAY_NS (2 * LC_NS_PER_S)

struct top {
	struct lc_recorder recorder;
	struct lc_inputs inputs;
	struct lc_showing_service service;
	struct lc_showing showing;
};

static const struct argp_option options[] = {
	{"batch", 'b', NULL, 0, "print lines, and no screen", 0},
	{"iterations", 'n', "N", 0, "look N times, and end", 0},
	{"delay", 'd', "SECONDS", 0, "time between two looks: 2 (the default), 0.5, 1m", 0},
	{"sort", OPTION_SORT, "COLUMN", 0, "sort by score (the default), checks, refused, capabilities or name", 0},
	{"connect", OPTION_CONNECT, "URL", 0,
		"what a service tells (leastcap serve), instead of recording: http://127.0.0.1:9779, unix:PATH", 0},
	{"token-file", OPTION_TOKEN_FILE, "FILE", 0, "its first line is shown to the service", 0},
	{"ca-file", OPTION_CA_FILE, "FILE", 0, "who signs the service's certificate, in PEM", 0},
	{"services", OPTION_SERVICES, NULL, 0, "systemd's services, too", 0},
	{"refusals", LC_OPTION_REFUSALS, "WHICH", 0,
		"which refused calls: all, or, where that is cheaper, checked: denied a capability or refused by a filter",
		0},
	{"hook", LC_OPTION_HOOK, "NAME", 0, "use only this hook: fexit, tp_btf or kprobe", 0},
	{"btf", LC_OPTION_BTF, "FILE", 0, "the kernel's types (BTF), where it has none of its own", 0},
	{"keys", LC_OPTION_KEYS, "N", 0, "room for N distinct checks in the kernel (16384)", 0},
	{0},
};

static void set_count(struct lc_showing *showing, const char *text)
{
	char *end;
	unsigned long n;

	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || *end || *text < '0' || *text > '9' || !n)
		lc_cli_usage_error("-n: '%s' is not how often to look; give a number from 1 on", text);
	showing->is_counted = true;
	showing->left = n;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct top *top = state->input;
	struct lc_showing *showing = &top->showing;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &top->inputs;
		return 0;
	case 'b':
		showing->is_batch = true;
		return 0;
	case 'n':
		set_count(showing, argument);
		return 0;
	case 'd':
		if (lc_cli_parse_duration(argument, &showing->delay_ns) || showing->delay_ns < LC_NS_PER_S / 10)
			lc_cli_usage_error(
				"-d: '%s' is no time between two looks; give seconds, 0.1 or more", argument);
		return 0;
	case OPTION_SORT:
		showing->top.order = (enum lc_top_order)lc_cli_parse_word("--sort", argument, &lc_sort_words);
		return 0;
	case OPTION_CONNECT:
		top->service.url = argument;
		return 0;
	case OPTION_TOKEN_FILE:
		top->service.token_file = argument;
		return 0;
	case OPTION_CA_FILE:
		top->service.ca_file = argument;
		return 0;
	case OPTION_SERVICES:
		top->recorder.options.services = true;
		return 0;
	case ARGP_KEY_ARG:
		showing->top.names[showing->top.n_names++] = argument;
		return 0;
	default:
		return lc_recorder_parse(&top->recorder, key, argument);
	}
}

static const struct argp_child children[] = {{.argp = &lc_inputs_store_argp}, {.argp = &lc_color_argp}, {0}};

const struct argp lc_argp_top = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "[NAME…]",
	.doc = "Shows which containers use which capabilities now and ever, how often they ask, and what is refused to them, the worst first; those named (by name, compose service, pod or the beginning of an id), or all. Enter opens a container's evidence, e explains it, f filters, s sorts, p writes a profile, h tells all keys, q leaves. With -b it prints lines. Exit status: 0; 1 when it can't be done, 2 for bad options, 3 when checks were lost.",
};

/* Shows what is asked for. An exit status. */
static int show(struct top *top)
{
	_cleanup_free_ char *where = NULL;

	if (top->inputs.store && top->service.url)
		lc_cli_usage_error("one of the two: --store %s, or --connect %s", top->inputs.store, top->service.url);
	if (!top->inputs.store && !top->service.url)
		return lc_showing_record(&top->showing, &top->recorder);
	if (lc_privileges_give_up())
		return LC_EXIT_FAILURE;
	if (asprintf(&where, "%s%s", top->service.url ? "" : "store ", top->service.url ?: top->inputs.store) < 0)
		return LC_EXIT_FAILURE;
	top->showing.top.where = where;
	if (top->service.url)
		return lc_showing_connect(&top->showing, &top->service);
	return lc_showing_store(&top->showing, top->inputs.store, top->inputs.since_ns);
}

int lc_cmd_top(int argc, char **argv)
{
	_cleanup_free_ char **names = calloc((size_t)argc, sizeof(char *));
	struct top top = {.recorder = {.options.scope = LC_SCOPE_CONTAINERS}, .showing.delay_ns = DELAY_NS};
	int status;

	if (!names)
		return LC_EXIT_FAILURE;
	top.showing.top.names = names;
	lc_cli_parse(&lc_argp_top, argc, argv, false, &top);
	status = show(&top);
	lc_showing_end(&top.showing);
	return status;
}
