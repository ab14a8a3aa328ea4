/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the ports, signals and programs of a target. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <leastcap/cleanup.h>
#include <leastcap/coverage.h>

#include <signal.h>

static void add(struct lc_coverage *coverage, uint16_t number, uint64_t connections)
{
	assert_int_equal(lc_coverage_add_port(coverage, number, connections), 0);
}

static void assert_port(const struct lc_coverage *coverage, size_t i, uint16_t number, uint64_t connections)
{
	assert_true(i < coverage->n_ports);
	assert_int_equal(coverage->ports[i].number, number);
	assert_int_equal(coverage->ports[i].connections, connections);
}

static void ports_are_in_order_and_each_is_there_once(void **state)
{
	_cleanup_(lc_coverage_clear) struct lc_coverage coverage = {0};

	(void)state;
	add(&coverage, 443, 0);
	add(&coverage, 80, 2);
	add(&coverage, 8080, 0);
	add(&coverage, 443, 5);
	add(&coverage, 80, 0);
	assert_int_equal(coverage.n_ports, 3);
	assert_port(&coverage, 0, 80, 2);
	assert_port(&coverage, 1, 443, 5);
	assert_port(&coverage, 2, 8080, 0);
}

static void of_what_was_bound_the_lowest_port_is_known(void **state)
{
	_cleanup_(lc_coverage_clear) struct lc_coverage coverage = {0}, more = {0};

	(void)state;
	lc_coverage_add_bound(&coverage, 0);
	lc_coverage_add_bound(&coverage, LC_UNPRIVILEGED_PORT);
	assert_int_equal(lc_coverage_lowest_port(&coverage), 0);
	lc_coverage_add_bound(&coverage, 514);
	lc_coverage_add_bound(&coverage, 53);
	lc_coverage_add_bound(&coverage, 67);
	assert_int_equal(lc_coverage_lowest_port(&coverage), 53);
	assert_int_equal(lc_coverage_unite(&more, &coverage), 0);
	assert_int_equal(lc_coverage_lowest_port(&more), 53);
	/* A socket that was bound by another listens at it. */
	add(&more, 22, 0);
	assert_int_equal(lc_coverage_lowest_port(&more), 22);
}

static void counts_have_an_end(void **state)
{
	_cleanup_(lc_coverage_clear) struct lc_coverage coverage = {0};

	(void)state;
	add(&coverage, 80, INT64_MAX);
	add(&coverage, 80, 7);
	assert_port(&coverage, 0, 80, INT64_MAX);
}

static void two_recordings_have_seen_what_either_has(void **state)
{
	_cleanup_(lc_coverage_clear) struct lc_coverage coverage = {.handled = 1U << SIGHUP};
	_cleanup_(lc_coverage_clear) struct lc_coverage more = {.handled = 1U << SIGTERM, .sent = 1U << SIGHUP};

	(void)state;
	add(&coverage, 80, 0);
	add(&more, 80, 3);
	add(&more, 22, 1);
	assert_int_equal(lc_coverage_unite(&coverage, &more), 0);
	assert_int_equal(coverage.handled, 1U << SIGHUP | 1U << SIGTERM);
	assert_int_equal(coverage.sent, 1U << SIGHUP);
	assert_int_equal(coverage.n_ports, 2);
	assert_port(&coverage, 0, 22, 1);
	assert_port(&coverage, 1, 80, 3);
}

static void assert_program(const struct lc_coverage *coverage, size_t i, const char *path, const char *file, bool ran)
{
	assert_true(i < coverage->n_programs);
	assert_string_equal(coverage->programs[i].path, path);
	assert_string_equal(coverage->programs[i].file, file);
	assert_int_equal(coverage->programs[i].ran, ran);
}

static void a_program_ran_if_it_did_in_either_recording(void **state)
{
	_cleanup_(lc_coverage_clear) struct lc_coverage coverage = {.programs_unknown = 1};
	_cleanup_(lc_coverage_clear) struct lc_coverage more = {.programs_unknown = 2};

	(void)state;
	assert_int_equal(lc_coverage_add_program(&coverage, "/bin/b", "/etc/crontab", false), 0);
	assert_int_equal(lc_coverage_add_program(&coverage, "/bin/a", "/etc/crontab", true), 0);
	assert_int_equal(lc_coverage_add_program(&coverage, "/bin/c", "/etc/crontab", false), 0);
	assert_int_equal(lc_coverage_add_program(&more, "/bin/a", "/etc/cron.d/x", false), 0);
	assert_int_equal(lc_coverage_add_program(&more, "/bin/b", "/etc/crontab", true), 0);
	assert_int_equal(lc_coverage_unite(&coverage, &more), 0);
	assert_int_equal(coverage.n_programs, 3);
	assert_program(&coverage, 0, "/bin/a", "/etc/cron.d/x", true);
	assert_program(&coverage, 1, "/bin/b", "/etc/crontab", true);
	assert_program(&coverage, 2, "/bin/c", "/etc/crontab", false);
	assert_int_equal(coverage.programs_unknown, 2);
}

static void signals_have_their_names(void **state)
{
	(void)state;
	for (const int *signal = lc_signal_numbers; *signal; signal++)
		assert_int_equal(lc_signal_number(lc_signal_name(*signal)), *signal);
	assert_string_equal(lc_signal_name(SIGHUP), "HUP");
	assert_string_equal(lc_signal_name(SIGUSR2), "USR2");
	assert_string_equal(lc_signal_name(SIGWINCH), "WINCH");
	assert_null(lc_signal_name(SIGCHLD));
	assert_int_equal(lc_signal_number("SIGHUP"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_are_in_order_and_each_is_there_once),
		cmocka_unit_test(of_what_was_bound_the_lowest_port_is_known),
		cmocka_unit_test(counts_have_an_end),
		cmocka_unit_test(two_recordings_have_seen_what_either_has),
		cmocka_unit_test(a_program_ran_if_it_did_in_either_recording),
		cmocka_unit_test(signals_have_their_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
