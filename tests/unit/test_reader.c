/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Files read directly, and by a process that may hang in our stead. */
#include "src/identity/reader.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SIZE (3 * LC_MESSAGE_MAX + 17)

struct fixture {
	struct lc_reader reader;
	char path[64];
};

static int begin(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	FILE *stream;

	strcpy(f->path, "/tmp/leastcap-unit.XXXXXX");
	stream = fdopen(mkstemp(f->path), "w");
	for (int i = 0; i < SIZE; i++)
		fputc('a' + i % 23, stream);
	assert_int_equal(fclose(stream), 0);
	*state = f;
	return 0;
}

static int end(void **state)
{
	struct fixture *f = *state;

	lc_reader_end(&f->reader);
	unlink(f->path);
	free(f);
	return 0;
}

static int read_as(struct fixture *f, struct lc_reader *reader, uid_t owner, size_t limit, char **text, size_t *length)
{
	const struct lc_file_to_read wanted = {.path = f->path, .owner = owner, .limit = limit};

	return lc_reader_read(reader, &wanted, text, length);
}

static void a_file_is_the_same_whoever_reads_it(void **state)
{
	struct fixture *f = *state;
	_cleanup_free_ char *directly = NULL;
	_cleanup_free_ char *by_process = NULL;
	size_t length, same;

	assert_int_equal(read_as(f, NULL, geteuid(), LC_READ_MAX, &directly, &length), 0);
	assert_int_equal(length, SIZE);
	assert_int_equal(read_as(f, &f->reader, geteuid(), LC_READ_MAX, &by_process, &same), 0);
	assert_int_equal(same, SIZE);
	assert_memory_equal(directly, by_process, SIZE + 1);
}

static void what_is_anothers_or_not_there_is_not_read_and_the_next_file_is(void **state)
{
	struct fixture *f = *state;
	_cleanup_free_ char *text = NULL;
	size_t length;

	assert_int_equal(read_as(f, &f->reader, geteuid() + 1, LC_READ_MAX, &text, &length), -ENOENT);
	f->path[5] = 'X';
	assert_int_equal(read_as(f, &f->reader, (uid_t)-1, LC_READ_MAX, &text, &length), -ENOENT);
	f->path[5] = 'l';
	assert_null(text);
	assert_int_equal(read_as(f, &f->reader, (uid_t)-1, 100, &text, &length), 0);
	assert_int_equal(length, 100);
	assert_int_equal(strlen(text), 100);
}

static void who_does_not_answer_is_not_waited_for_and_after_a_while_not_asked(void **state)
{
	struct fixture *f = *state;
	_cleanup_free_ char *text = NULL;
	int64_t begun = lc_clock_ms(CLOCK_MONOTONIC), stopped;
	size_t length;

	assert_int_equal(read_as(f, &f->reader, geteuid(), 1, &text, &length), 0);
	/* As if it hung: its keeper makes no other, either. */
	lc_worker_drop(&f->reader.worker);
	assert_int_equal(kill(f->reader.worker.keeper, SIGSTOP), 0);
	for (int i = 0; i < 10; i++)
		assert_int_equal(read_as(f, &f->reader, geteuid(), 1, &text, &length), -ETIMEDOUT);
	stopped = lc_clock_ms(CLOCK_MONOTONIC);
	assert_in_range(stopped - begun, 500, 1900);
	assert_int_equal(kill(f->reader.worker.keeper, SIGCONT), 0);
}

static void one_that_was_late_is_followed_by_one_that_answers(void **state)
{
	struct fixture *f = *state;
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *again = NULL;
	size_t length;

	assert_int_equal(read_as(f, &f->reader, geteuid(), 1, &text, &length), 0);
	lc_worker_drop(&f->reader.worker);
	assert_int_equal(kill(f->reader.worker.keeper, SIGSTOP), 0);
	assert_int_equal(read_as(f, &f->reader, geteuid(), SIZE, &again, &length), -ETIMEDOUT);
	assert_null(again);
	assert_int_equal(kill(f->reader.worker.keeper, SIGCONT), 0);
	assert_int_equal(read_as(f, &f->reader, geteuid(), SIZE, &again, &length), 0);
	assert_int_equal(length, SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_is_the_same_whoever_reads_it, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_anothers_or_not_there_is_not_read_and_the_next_file_is, begin, end),
		cmocka_unit_test_setup_teardown(
			who_does_not_answer_is_not_waited_for_and_after_a_while_not_asked, begin, end),
		cmocka_unit_test_setup_teardown(one_that_was_late_is_followed_by_one_that_answers, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
