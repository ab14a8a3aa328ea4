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
	const struct lc_file_to_read wanted = {.path = f->path, .user = owner, .owner = owner, .limit = limit};

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

/* Reads a byte of the fixture's file, which USER could keep from answering. */
static int read_of(struct fixture *f, uid_t user)
{
	const struct lc_file_to_read wanted = {.path = f->path, .user = user, .owner = (uid_t)-1, .limit = 1};
	_cleanup_free_ char *text = NULL;
	size_t length;

	return lc_reader_read(&f->reader, &wanted, &text, &length);
}

static void a_user_whose_files_do_not_answer_costs_nobody_else_anything(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(read_of(f, 1000), 0);
	lc_worker_drop(&f->reader.worker);
	assert_int_equal(kill(f->reader.worker.keeper, SIGSTOP), 0);
	for (int i = 0; i < 10; i++)
		assert_int_equal(read_of(f, 1000), -ETIMEDOUT);
	assert_int_equal(kill(f->reader.worker.keeper, SIGCONT), 0);
	assert_int_equal(read_of(f, 1000), -ETIMEDOUT);
	assert_int_equal(read_of(f, 1001), 0);
	assert_int_equal(read_of(f, 0), 0);
}

static void many_late_users_are_an_end_of_it_for_those_not_seen_before(void **state)
{
	struct fixture *f = *state;

	while (f->reader.n_late < LC_LATE_USERS_MAX) {
		f->reader.late[f->reader.n_late] = (struct lc_late_user){1000 + (uid_t)f->reader.n_late, 1};
		f->reader.n_late++;
	}
	assert_int_equal(read_of(f, 1000), 0);
	assert_int_equal(read_of(f, 4711), -ETIMEDOUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_is_the_same_whoever_reads_it, begin, end),
		cmocka_unit_test_setup_teardown(
			what_is_anothers_or_not_there_is_not_read_and_the_next_file_is, begin, end),
		cmocka_unit_test_setup_teardown(
			who_does_not_answer_is_not_waited_for_and_after_a_while_not_asked, begin, end),
		cmocka_unit_test_setup_teardown(
			a_user_whose_files_do_not_answer_costs_nobody_else_anything, begin, end),
		cmocka_unit_test_setup_teardown(many_late_users_are_an_end_of_it_for_those_not_seen_before, begin, end),
		cmocka_unit_test_setup_teardown(one_that_was_late_is_followed_by_one_that_answers, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
