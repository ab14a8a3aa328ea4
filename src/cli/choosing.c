/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The options that choose targets of a profile, and one clear line where nothing answers. */
#include "src/cli/choosing.h"
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/strbuf.h>
#include <leastcap/suggest.h>

#include <errno.h>
#include <string.h>

/* How many targets a message names. */
#define NAMED 10

enum { OPTION_PROJECT = LC_OPTION_CHOOSING, OPTION_IMAGE };

static const struct argp_option options[] = {
	{"target", 't', "NAME", 0,
		"only NAME: a container, the beginning of its id, a compose service, a pod, or namespace/pod/container; several times",
		0},
	{"project", OPTION_PROJECT, "NAME", 0, "only the compose project NAME", 0},
	{"image", OPTION_IMAGE, "NAME", 0, "only containers of the image NAME", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct lc_choosing *choosing = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		choosing->choice.names = choosing->names;
		return 0;
	case 't':
		if (choosing->choice.n_names == LC_CHOOSING_NAMES)
			lc_cli_usage_error("-t: %d names are enough", LC_CHOOSING_NAMES);
		choosing->names[choosing->choice.n_names++] = argument;
		return 0;
	case OPTION_PROJECT:
		choosing->choice.project = argument;
		return 0;
	case OPTION_IMAGE:
		choosing->choice.image = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp lc_choosing_argp = {.options = options, .parser = parse};

/* Appends the names of PROFILE's targets. */
static void list_names(struct lc_strbuf *out, const struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets && i < NAMED; i++) {
		const char *name = profile->targets[i].name;

		lc_strbuf_separate(out, ", ");
		lc_escape_terminal(out, name ? name : "(no name)");
	}
	if (profile->n_targets > NAMED)
		lc_strbuf_adds(out, ", …");
}

/* What CHOICE, which nothing of PROFILE answers to, may mean instead: of the names MISSING, else the project, else the image. NULL: nothing is near. */
static const char *find_near(const struct lc_choice *choice, const struct lc_profile *profile, const char *missing)
{
	const char *word = missing ? missing : choice->project ? choice->project : choice->image;
	const char *near = NULL;

	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		const char *other = choice->project ? target->project : target->image;
		const char *words[] = {other, near};

		if (missing)
			near = lc_target_suggest(target, word, near);
		else if (other)
			near = lc_suggest(word, words, near ? 2 : 1);
	}
	return near;
}

/* Appends what nothing answers to. */
static void add_condition(struct lc_strbuf *out, const struct lc_choice *choice, const char *missing)
{
	const char *separator = "";

	if (missing) {
		lc_strbuf_adds(out, "called '");
		lc_escape_terminal(out, missing);
		lc_strbuf_adds(out, "'");
		separator = " and ";
	}
	if (choice->project) {
		lc_strbuf_addf(out, "%sof the project '", separator);
		lc_escape_terminal(out, choice->project);
		lc_strbuf_adds(out, "'");
		separator = " and ";
	}
	if (choice->image) {
		lc_strbuf_addf(out, "%sof the image '", separator);
		lc_escape_terminal(out, choice->image);
		lc_strbuf_adds(out, "'");
	}
}

/* Ends the program: nothing of PROFILE is what CHOICE wants. */
static void refuse(
	const struct lc_choice *choice, const struct lc_profile *profile, const char *missing, const char *where)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf condition = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};
	const char *near = find_near(choice, profile, missing);
	const char *what;

	list_names(&names, profile);
	what = names.text ? names.text : "nothing";
	add_condition(&condition, choice, missing);
	if (near)
		lc_cli_usage_error("%s%sno target is %s; did you mean '%s'? There are: %s", where ? where : "",
			where ? ": " : "", condition.text ? condition.text : "?", near, what);
	lc_cli_usage_error("%s%sno target is %s; there are: %s", where ? where : "", where ? ": " : "",
		condition.text ? condition.text : "?", what);
}

void lc_choosing_apply(const struct lc_choice *choice, struct lc_profile *profile, const char *where)
{
	const char *missing = NULL;
	int r = lc_choice_is_made(choice) ? lc_choice_apply(choice, profile, &missing) : 0;

	if (r == -ENOENT)
		refuse(choice, profile, missing, where);
	if (r)
		lc_cli_usage_error("%s", strerror(-r));
}
