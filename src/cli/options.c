/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of options as argp has them: each option of a subcommand, and the one that a word means. */
#include "src/cli/options.h"

#include <leastcap/suggest.h>

#include <stdio.h>
#include <string.h>

/* More options no subcommand has. */
#define MAX_OPTIONS 64

/* The option that argp adds by itself. */
static const struct argp_option help_options[] = {
	{"help", '?', NULL, 0, "print help, with examples", 0},
	{0},
};

/* The one that stands in LIST behind the *LEFT ones before it; NULL, with *LEFT less by what LIST has. */
static const struct argp_option *find_in(const struct argp_option *list, size_t *left)
{
	for (; list && list->name; list++) {
		if (!*left)
			return list;
		--*left;
	}
	return NULL;
}

const struct argp_option *lc_option_next(const struct argp *argp, size_t *cursor)
{
	size_t left = *cursor;
	const struct argp_option *found = find_in(argp->options, &left);

	for (const struct argp_child *child = argp->children; !found && child && child->argp; child++)
		found = find_in(child->argp->options, &left);
	if (!found)
		found = find_in(help_options, &left);
	if (found)
		++*cursor;
	return found;
}

const struct argp_option *lc_option_long(const struct argp *argp, const char *name, size_t length, const char **near)
{
	const struct argp_option *option;
	const struct argp_option *found = NULL;
	const char *words[MAX_OPTIONS];
	char word[64];
	size_t cursor = 0, n = 0, matches = 0;

	while ((option = lc_option_next(argp, &cursor))) {
		if (n < MAX_OPTIONS)
			words[n++] = option->name;
		if (strncmp(option->name, name, length) != 0)
			continue;
		if (!option->name[length])
			return option;
		found = option;
		matches++;
	}
	snprintf(word, sizeof(word), "%.*s", (int)length, name);
	*near = lc_suggest(word, words, n);
	return matches == 1 ? found : NULL;
}

const struct argp_option *lc_option_short(const struct argp *argp, char letter)
{
	const struct argp_option *option;
	size_t cursor = 0;

	while ((option = lc_option_next(argp, &cursor))) {
		if (option->key == letter)
			return option;
	}
	return NULL;
}

bool lc_option_takes_next(const struct argp_option *option)
{
	return option->arg && !(option->flags & OPTION_ARG_OPTIONAL);
}
