/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that the commands of crontabs, supervisord's configuration and run scripts are found, and nothing else is taken for one. */
#include "src/lookup/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <leastcap/strbuf.h>

static void on_path(void *context, const char *path, size_t length)
{
	lc_strbuf_separate(context, " ");
	lc_strbuf_add(context, path, length);
}

/* Asserts that TEXT of KIND names WANTED, one behind the other. */
static void assert_named(enum lc_schedule kind, const char *text, const char *wanted)
{
	struct lc_strbuf named = {0};

	lc_schedule_each(text, kind, on_path, &named);
	assert_string_equal(named.text ? named.text : "", wanted);
	lc_strbuf_free(&named);
}

static void the_command_stands_behind_five_fields_and_the_user(void **state)
{
	(void)state;
	assert_named(SCHEDULE_SYSTEM, "17 *\t* * *  root\t/usr/sbin/a -x /not/this\n", "/usr/sbin/a");
	assert_named(SCHEDULE_SYSTEM, "*/5 0-6 1,15 jan mon www-data /bin/a", "/bin/a");
	assert_named(SCHEDULE_USER, "0 0 * * 0 /bin/a\r\n-1 0 * * 0 /bin/b\n", "/bin/a /bin/b");
	/* The user's place is no command's. */
	assert_named(SCHEDULE_SYSTEM, "0 0 * * 0 /bin/a\n", "");
}

static void daily_and_its_like_stand_for_five_fields(void **state)
{
	(void)state;
	assert_named(SCHEDULE_SYSTEM, "@daily root /bin/a\n@reboot nobody /bin/b\n", "/bin/a /bin/b");
	assert_named(SCHEDULE_USER, "  @every_minute /bin/a\n", "/bin/a");
}

static void comments_and_variables_are_no_commands(void **state)
{
	(void)state;
	assert_named(SCHEDULE_SYSTEM,
		"# 0 0 * * * root /bin/a\n\nSHELL=/bin/sh\nPATH = /bin:/sbin\n\"MAILTO\"=/x\n \t#@daily root /bin/b",
		"");
}

static void commands_of_the_shell_are_found_where_they_are_run(void **state)
{
	(void)state;
	assert_named(SCHEDULE_USER, "0 0 * * * cd / && /bin/a /x; /bin/b|/bin/c >/d 2>&1 || exec /bin/e\n",
		"/bin/a /bin/b /bin/c /bin/e");
	assert_named(
		SCHEDULE_USER, "0 0 * * * [ -x /bin/a ] && if [ ! -d /d ]; then A=1 B='x y' /bin/a; fi\n", "/bin/a");
	assert_named(SCHEDULE_USER, "0 0 * * * (test -e /d || (/bin/a))\n", "/bin/a");
	assert_named(SCHEDULE_USER, "0 0 * * * \"/bin/a\" b\n", "/bin/a");
}

static void what_is_quoted_or_read_is_no_command(void **state)
{
	(void)state;
	assert_named(SCHEDULE_USER, "0 0 * * * echo \"a; /bin/a\" '&& /bin/b' >/bin/c </bin/d\n", "");
	assert_named(SCHEDULE_USER, "0 0 * * * cat%; /bin/a\n", "");
	assert_named(SCHEDULE_USER, "0 0 * * * nice \"/bin/a\n", "");
	/* The shell makes one word of both. */
	assert_named(SCHEDULE_USER, "0 0 * * * /bin/a\"b\" /x\n", "");
	assert_named(SCHEDULE_USER, "0 0 * * * a\"/bin/b\"/bin/c\n", "");
	assert_named(SCHEDULE_USER, "0 0 * * * a;", "");
}

static void anacron_has_a_name_for_each_job(void **state)
{
	(void)state;
	assert_named(SCHEDULE_ANACRON, "START_HOURS_RANGE=3-22\n7 10 cron.weekly /bin/a\n@monthly 15 x nice /bin/b\n",
		"/bin/a");
}

static void supervisors_programs_have_a_command(void **state)
{
	(void)state;
	assert_named(SCHEDULE_SUPERVISOR,
		"[supervisord]\ncommand=/bin/no\n[program:a]\nuser=x\nCommand = /bin/a --b\n  command=/bin/no\n"
		"[unix_http_server]\ncommand=/bin/no\n[eventlistener:e]\n;command=/bin/no\ncommand:/bin/e\n"
		"[program:r]\ncommand=nginx\ncommandline=/bin/no\n",
		"/bin/a /bin/e");
}

static void a_run_script_may_exec(void **state)
{
	(void)state;
	assert_named(
		SCHEDULE_RUN, "#!/bin/sh\n# exec /bin/no\ncd /x\n\texec  /usr/sbin/sshd -D 2>&1\n", "/usr/sbin/sshd");
	assert_named(SCHEDULE_RUN, "#!/bin/sh\nexec chpst -u x /bin/no\n/bin/no\nexecute /bin/no\nexec", "");
}

static void any_text_comes_to_an_end(void **state)
{
	static const char *const texts[] = {"", "\n", "@", "-", "1", "[", "[program:", "command", "exec", "\"",
		"1 2 3 4 5 \"", "1 2 3 4 5 6 '", "1 2 3 4 5 6 /", "[program:x]\ncommand",
		"[program:x]\ncommand=", "@a b ;;&&||((!{>"};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		for (int kind = SCHEDULE_SYSTEM; kind <= SCHEDULE_RUN; kind++) {
			struct lc_strbuf named = {0};
			/* Without anything behind it that could be read. */
			char *text = strdup(texts[i]);

			lc_schedule_each(text, (enum lc_schedule)kind, on_path, &named);
			free(text);
			assert_true(named.length <= 1);
			lc_strbuf_free(&named);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_stands_behind_five_fields_and_the_user),
		cmocka_unit_test(daily_and_its_like_stand_for_five_fields),
		cmocka_unit_test(comments_and_variables_are_no_commands),
		cmocka_unit_test(commands_of_the_shell_are_found_where_they_are_run),
		cmocka_unit_test(what_is_quoted_or_read_is_no_command),
		cmocka_unit_test(anacron_has_a_name_for_each_job),
		cmocka_unit_test(supervisors_programs_have_a_command),
		cmocka_unit_test(a_run_script_may_exec),
		cmocka_unit_test(any_text_comes_to_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
