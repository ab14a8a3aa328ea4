/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the event loop: what is ready is served, what is due too, and nothing else. */
#include "src/recording/loop.h"

#include <leastcap/clock.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

/* A pipe whose reading end the loop waits for. */
struct ear {
	int fds[2];
	int heard;
	int timeout;
	int answer; /* of the callback */
};

static struct lc_loop *loop;

static int set_up(void **state)
{
	(void)state;
	return lc_loop_new(&loop);
}

static int tear_down(void **state)
{
	(void)state;
	lc_loop_free(loop);
	return 0;
}

static int hear(void *context)
{
	struct ear *ear = context;
	char byte;

	ear->heard++;
	if (ear->timeout != 0)
		assert_int_equal(read(ear->fds[0], &byte, 1), 1);
	ear->timeout = -1;
	return ear->answer;
}

static int timeout_of(const void *context)
{
	return ((const struct ear *)context)->timeout;
}

static void open_ear(struct ear *ear)
{
	const struct lc_loop_source source = {.context = ear, .ready = hear, .timeout = timeout_of};
	struct lc_loop_source added = source;

	*ear = (struct ear){.timeout = -1};
	assert_int_equal(pipe(ear->fds), 0);
	added.fd = ear->fds[0];
	assert_int_equal(lc_loop_add(loop, &added), 0);
}

static void close_ear(const struct ear *ear)
{
	close(ear->fds[0]);
	close(ear->fds[1]);
}

static void say(const struct ear *ear)
{
	assert_int_equal(write(ear->fds[1], "x", 1), 1);
}

static void only_what_is_ready_is_served(void **state)
{
	struct ear quiet, loud;

	(void)state;
	open_ear(&quiet);
	open_ear(&loud);
	say(&loud);
	assert_int_equal(lc_loop_wait(loop, 1000), 0);
	assert_int_equal(quiet.heard, 0);
	assert_int_equal(loud.heard, 1);
	close_ear(&quiet);
	close_ear(&loud);
}

static void all_that_is_ready_is_served_in_one_wait(void **state)
{
	struct ear ears[5];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		open_ear(&ears[i]);
	for (size_t i = 0; i < 5; i++)
		say(&ears[i]);
	assert_int_equal(lc_loop_wait(loop, 1000), 0);
	for (size_t i = 0; i < 5; i++) {
		assert_int_equal(ears[i].heard, 1);
		close_ear(&ears[i]);
	}
}

static void a_wait_lasts_no_longer_than_its_time(void **state)
{
	int64_t began = lc_clock_ms(CLOCK_MONOTONIC);

	(void)state;
	assert_int_equal(lc_loop_wait(loop, 100), 0);
	assert_in_range(lc_clock_ms(CLOCK_MONOTONIC) - began, 99, 1500);
}

static void a_source_whose_time_has_passed_is_served_though_it_is_not_ready(void **state)
{
	struct ear ear, other;

	(void)state;
	open_ear(&ear);
	open_ear(&other);
	ear.timeout = 0;
	assert_int_equal(lc_loop_wait(loop, -1), 0);
	assert_int_equal(ear.heard, 1);
	assert_int_equal(other.heard, 0);
	close_ear(&ear);
	close_ear(&other);
}

static void a_failure_is_handed_on(void **state)
{
	struct ear ear;

	(void)state;
	open_ear(&ear);
	ear.answer = -EIO;
	say(&ear);
	assert_int_equal(lc_loop_wait(loop, 1000), -EIO);
	close_ear(&ear);
}

static int count(void *context)
{
	++*(int *)context;
	return 0;
}

static void a_timer_is_due_once_or_repeatedly(void **state)
{
	int64_t ends = lc_clock_ms(CLOCK_MONOTONIC) + 500;
	int once = 0, repeatedly = 0;

	(void)state;
	assert_int_equal(lc_loop_add_timer(loop, 20 * LC_NS_PER_MS, false, count, &once), 0);
	assert_int_equal(lc_loop_add_timer(loop, 50 * LC_NS_PER_MS, true, count, &repeatedly), 0);
	while (lc_clock_ms(CLOCK_MONOTONIC) < ends)
		assert_int_equal(lc_loop_wait(loop, 50), 0);
	assert_int_equal(once, 1);
	assert_in_range(repeatedly, 2, 10);
}

static void what_can_not_be_waited_for_is_refused(void **state)
{
	const struct lc_loop_source source = {.fd = -1, .ready = hear};

	(void)state;
	assert_int_equal(lc_loop_add(loop, &source), -EBADF);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(only_what_is_ready_is_served),
		TEST(all_that_is_ready_is_served_in_one_wait),
		TEST(a_wait_lasts_no_longer_than_its_time),
		TEST(a_source_whose_time_has_passed_is_served_though_it_is_not_ready),
		TEST(a_failure_is_handed_on),
		TEST(a_timer_is_due_once_or_repeatedly),
		TEST(what_can_not_be_waited_for_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
