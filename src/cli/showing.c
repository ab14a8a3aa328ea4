/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What `leastcap top` shows, again and again: on the screen, or as lines. */
#include "src/cli/showing.h"
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/output.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <string.h>

/* Ends the program where R is an error of lc_top_screen_check or lc_top_screen_open. */
static void check(int r)
{
	const char *name = getenv("TERM");

	if (r == -ENOTTY)
		lc_cli_usage_error("standard input and output are no terminal; 'leastcap top -b' prints lines");
	if (r == -ENXIO)
		lc_cli_usage_error(
			"TERM=%s is no terminal for a screen; 'leastcap top -b' prints lines", name ? name : "");
	if (r)
		lc_cli_usage_error("the terminal can't be used: %s", strerror(-r));
}

void lc_showing_check(const struct lc_showing *showing)
{
	if (!showing->is_batch)
		check(lc_top_screen_check());
}

void lc_showing_begin(struct lc_showing *showing)
{
	if (!showing->is_batch)
		check(lc_top_screen_open(&showing->screen, lc_color_is_wanted(true)));
}

/* Prints what is known, after an empty line unless it is the first. 0 or -errno. */
static int print(struct lc_showing *showing)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_strbuf_adds(&text, showing->any ? "\n" : "");
	return lc_top_print(&showing->top, 0, &text) ?: lc_output_text(&text);
}

bool lc_showing_show(struct lc_showing *showing)
{
	int r = 0;

	if (showing->screen)
		lc_top_screen_draw(showing->screen, &showing->top, &showing->view);
	else
		r = print(showing);
	showing->any = true;
	if (showing->is_counted && !--showing->left)
		return false;
	return !r;
}

bool lc_showing_take(struct lc_showing *showing, struct lc_profile *profile)
{
	return !lc_top_take(&showing->top, profile, lc_clock_ns(CLOCK_MONOTONIC)) && lc_showing_show(showing);
}

/* Writes the profile of what is chosen, and says where. */
static void save(struct lc_showing *showing)
{
	_cleanup_free_ char *path = NULL, *message = NULL, *said = NULL;

	if (lc_top_save(&showing->top, &showing->view, &path, &message)) {
		lc_top_say(&showing->view, message ? message : "no profile can be written");
		return;
	}
	if (asprintf(&said, "wrote %s", path) > 0)
		lc_top_say(&showing->view, said);
}

bool lc_showing_keys(struct lc_showing *showing)
{
	int64_t key;

	if (!showing->screen)
		return true;
	while ((key = lc_top_screen_key(showing->screen)) > 0) {
		enum lc_top_action action = lc_top_press(&showing->top, &showing->view, (uint32_t)key);

		if (action == LC_TOP_LEAVE)
			return false;
		if (action == LC_TOP_SAVE)
			save(showing);
	}
	lc_top_screen_draw(showing->screen, &showing->top, &showing->view);
	return key == LC_KEY_NONE;
}

void lc_showing_end(struct lc_showing *showing)
{
	lc_top_screen_close(showing->screen);
	showing->screen = NULL;
	lc_top_view_clear(&showing->view);
	lc_top_clear(&showing->top);
}
