/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whether output is in colour: --color, NO_COLOR, CLICOLOR_FORCE, CLICOLOR, or else a terminal. */
#include "src/cli/color.h"
#include "src/cli/cli.h"

#include <stdlib.h>
#include <string.h>

/* What --color says. */
static enum lc_color wanted = LC_COLOR_AUTO;

static const struct argp_option options[] = {
	{"color", LC_OPTION_COLOR, "WHEN", OPTION_ARG_OPTIONAL,
		"colour: auto (on a terminal; the default), always or never", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	(void)state;
	if (key != LC_OPTION_COLOR)
		return ARGP_ERR_UNKNOWN;
	wanted = argument ? (enum lc_color)lc_cli_parse_word("--color", argument, &lc_color_words) : LC_COLOR_ALWAYS;
	return 0;
}

const struct argp lc_color_argp = {.options = options, .parser = parse};

/* The environment's variable NAME, or NULL where it is empty or not there. */
static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value ? value : NULL;
}

bool lc_color_is_wanted(bool is_terminal)
{
	const char *force = variable("CLICOLOR_FORCE");
	const char *color = variable("CLICOLOR");
	const char *terminal = variable("TERM");

	if (wanted != LC_COLOR_AUTO)
		return wanted == LC_COLOR_ALWAYS;
	if (variable("NO_COLOR"))
		return false;
	if (force && strcmp(force, "0") != 0)
		return true;
	return is_terminal && !(color && !strcmp(color, "0")) && !(terminal && !strcmp(terminal, "dumb"));
}
