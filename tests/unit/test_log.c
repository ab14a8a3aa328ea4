/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of messages. */
#include <leastcap/log.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Logs one message with THRESHOLD and checks what was written. */
static void assert_logged(enum lc_log_level threshold, enum lc_log_level level, const char *text, const char *expected)
{
	char *written = NULL;
	size_t size = 0;
	struct lc_log log = {.threshold = threshold, .stream = open_memstream(&written, &size)};

	assert_non_null(log.stream);
	lc_log(&log, level, "%s", text);
	fclose(log.stream);
	assert_string_equal(written, expected);
	free(written);
}

static void a_message_is_one_line_with_the_programs_name(void **state)
{
	(void)state;
	assert_logged(LC_LOG_NOTICE, LC_LOG_ERROR, "no such file", "leastcap: no such file\n");
}

static void a_warning_says_so(void **state)
{
	(void)state;
	assert_logged(LC_LOG_NOTICE, LC_LOG_WARN, "slow", "leastcap: warning: slow\n");
}

static void messages_above_the_threshold_are_dropped(void **state)
{
	(void)state;
	assert_logged(LC_LOG_WARN, LC_LOG_NOTICE, "progress", "");
	assert_logged(LC_LOG_NOTICE, LC_LOG_NOTICE, "progress", "leastcap: progress\n");
}

static void hostile_text_cannot_move_the_cursor_or_start_a_line(void **state)
{
	(void)state;
	assert_logged(LC_LOG_ERROR, LC_LOG_ERROR, "x\n\033[2Jy", "leastcap: x\\n\\033[2Jy\n");
}

static void no_log_is_silence(void **state)
{
	struct lc_log log = {.threshold = LC_LOG_DEBUG, .stream = NULL};

	(void)state;
	errno = EPERM;
	lc_log(NULL, LC_LOG_ERROR, "lost");
	lc_log(&log, LC_LOG_ERROR, "lost");
	assert_int_equal(errno, EPERM);
}

static void errno_is_kept(void **state)
{
	struct lc_log log = {.threshold = LC_LOG_DEBUG, .stream = fopen("/dev/full", "we")};

	(void)state;
	assert_non_null(log.stream);
	errno = EBUSY;
	lc_log(&log, LC_LOG_ERROR, "this write fails with ENOSPC");
	assert_int_equal(errno, EBUSY);
	fclose(log.stream);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_one_line_with_the_programs_name),
		cmocka_unit_test(a_warning_says_so),
		cmocka_unit_test(messages_above_the_threshold_are_dropped),
		cmocka_unit_test(hostile_text_cannot_move_the_cursor_or_start_a_line),
		cmocka_unit_test(no_log_is_silence),
		cmocka_unit_test(errno_is_kept),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
