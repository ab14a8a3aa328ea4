/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of when output is in colour. */
#include "src/cli/cli.h"
#include "src/cli/color.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* As if `leastcap report OPTION` had been typed. */
static void take(const char *option)
{
	static const struct argp_child children[] = {{.argp = &lc_color_argp}, {0}};
	static const struct argp argp = {.children = children};
	char command[] = "report";
	char text[32];
	char *arguments[] = {command, text, NULL};

	snprintf(text, sizeof(text), "%s", option);
	lc_cli_parse(&argp, 2, arguments, false, NULL);
}

static int begin(void **state)
{
	static const char *const names[] = {"NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR", "TERM"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		unsetenv(names[i]);
	take("--color=auto");
	return 0;
}

static void a_terminal_has_colour_and_a_file_has_none(void **state)
{
	(void)state;
	assert_true(lc_color_is_wanted(true));
	assert_false(lc_color_is_wanted(false));
}

static void no_color_takes_it_away_if_it_is_not_empty(void **state)
{
	(void)state;
	setenv("NO_COLOR", "", 1);
	assert_true(lc_color_is_wanted(true));
	setenv("NO_COLOR", "1", 1);
	assert_false(lc_color_is_wanted(true));
	setenv("CLICOLOR_FORCE", "1", 1);
	assert_false(lc_color_is_wanted(true));
}

static void clicolor_force_gives_it_to_a_file(void **state)
{
	(void)state;
	setenv("CLICOLOR_FORCE", "1", 1);
	assert_true(lc_color_is_wanted(false));
	setenv("CLICOLOR_FORCE", "0", 1);
	assert_false(lc_color_is_wanted(false));
}

static void clicolor_0_and_a_dumb_terminal_have_none(void **state)
{
	(void)state;
	setenv("CLICOLOR", "0", 1);
	assert_false(lc_color_is_wanted(true));
	setenv("CLICOLOR", "1", 1);
	assert_true(lc_color_is_wanted(true));
	assert_false(lc_color_is_wanted(false));
	setenv("TERM", "dumb", 1);
	assert_false(lc_color_is_wanted(true));
}

static void the_option_is_heard_before_the_environment(void **state)
{
	(void)state;
	setenv("NO_COLOR", "1", 1);
	take("--color");
	assert_true(lc_color_is_wanted(false));
	take("--color=never");
	setenv("CLICOLOR_FORCE", "1", 1);
	assert_false(lc_color_is_wanted(true));
	take("--color=always");
	assert_true(lc_color_is_wanted(false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_terminal_has_colour_and_a_file_has_none, begin),
		cmocka_unit_test_setup(no_color_takes_it_away_if_it_is_not_empty, begin),
		cmocka_unit_test_setup(clicolor_force_gives_it_to_a_file, begin),
		cmocka_unit_test_setup(clicolor_0_and_a_dumb_terminal_have_none, begin),
		cmocka_unit_test_setup(the_option_is_heard_before_the_environment, begin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
