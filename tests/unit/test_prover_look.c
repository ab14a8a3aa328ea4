/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a run could not be had makes it one that says nothing. */
#include "src/cli/prover_private.h"
#include "tests/unit/answers.h"

#include <errno.h>

#define NOTHING  "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define NO_EVENT "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
#define AN_END                                                                                                         \
	"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"Action\":\"die\",\"Actor\":{\"ID\":\"abc\",\"Attributes\":{\"exitCode\":\"3\"}}}"
#define RUNS                                                                                                           \
	"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"State\":{\"Running\":false,\"ExitCode\":3},\"Config\":{\"Tty\":true}}"

/* A prover after a run in which the container "web" was started. */
struct fixture {
	char key[4], id[4];
	struct lc_prover_container container;
	struct lc_prover_created created;
	struct lc_prover prover;
};

static void begin(struct fixture *f, char *socket)
{
	*f = (struct fixture){.key = "web", .id = "abc"};
	f->container.key = f->key;
	f->created = (struct lc_prover_created){.id = f->id, .started = true};
	f->prover.containers = &f->container;
	f->prover.n_containers = 1;
	f->prover.created = &f->created;
	f->prover.n_created = 1;
	f->prover.socket = socket;
	/* Nobody asks more of it than whether it is there. */
	f->prover.proxy = (struct lc_proxy *)f;
}

/* Takes what there is, and compares what is said of it. EXPECTED: NULL where the run can be compared. */
static void assert_said(struct fixture *f, const char *expected)
{
	struct lc_trial_end end = {0};
	char *why;
	int r;

	assert_int_equal(lc_prover_look(&f->prover, &end, NULL), 0);
	why = lc_prover_incomparable(&f->prover, &r);
	assert_int_equal(r, 0);
	if (expected)
		assert_string_equal(why, expected);
	else
		assert_null(why);
	free(why);
	free(f->prover.unanswered_what);
	lc_traits_clear(&f->prover.now);
	lc_traits_clear(&f->prover.passed);
}

static void a_run_of_which_the_engine_tells_nothing_is_not_compared(void **state)
{
	char nowhere[] = "/nonexistent/engine";
	struct fixture f;

	(void)state;
	begin(&f, nowhere);
	assert_said(&f,
		"the engine did not answer 2 questions, as how a container is: No such file or directory; nothing tells how web ended");
}

static void a_container_of_which_no_end_is_known_is_not_compared(void **state)
{
	static const char *const answers[] = {NOTHING, NO_EVENT, NULL};
	struct engine engine;
	struct fixture f;

	(void)state;
	start_engine(&engine, answers);
	begin(&f, engine.socket);
	assert_said(&f, "nothing tells how web ended");
	assert_true(end_engine(&engine));
	/* One that was never started has no end. */
	start_engine(&engine, answers);
	begin(&f, engine.socket);
	f.created.started = false;
	assert_said(&f, NULL);
	assert_true(end_engine(&engine));
}

static void a_container_that_has_gone_is_compared_by_its_end(void **state)
{
	static const char *const answers[] = {NOTHING, AN_END, NULL};
	struct engine engine;
	struct fixture f;

	(void)state;
	start_engine(&engine, answers);
	begin(&f, engine.socket);
	assert_said(&f, NULL);
	assert_true(end_engine(&engine));
}

static void what_the_first_runs_told_has_to_be_told_again(void **state)
{
	static const char *const answers[] = {RUNS, NOTHING, NO_EVENT, NULL};
	struct engine engine;
	struct fixture f;

	(void)state;
	start_engine(&engine, answers);
	begin(&f, engine.socket);
	assert_int_equal(lc_traits_add(&f.prover.passed, 0, LC_TRAIT_TOLD, 0, "how it is or has ended"), 0);
	assert_int_equal(lc_traits_add(&f.prover.passed, 0, LC_TRAIT_TOLD, 0, "its log"), 0);
	assert_int_equal(lc_traits_add(&f.prover.passed, 0, LC_TRAIT_TOLD, 0, "which calls it was refused"), 0);
	assert_said(&f, "web does not tell its log; web does not tell which calls it was refused");
	assert_true(end_engine(&engine));
}

static void a_baseline_has_nothing_to_be_compared_with(void **state)
{
	static const char *const answers[] = {NOTHING, AN_END, NULL};
	struct engine engine;
	struct fixture f;

	(void)state;
	start_engine(&engine, answers);
	begin(&f, engine.socket);
	f.prover.is_baseline = true;
	assert_int_equal(lc_traits_add(&f.prover.passed, 0, LC_TRAIT_TOLD, 0, "its log"), 0);
	assert_said(&f, NULL);
	assert_true(end_engine(&engine));
}

static void events_that_were_not_told_are_asked_for_again(void **state)
{
	char nowhere[] = "/nonexistent/engine";
	static const char *const answers[] = {AN_END, NULL};
	struct engine engine;
	struct fixture f;

	(void)state;
	begin(&f, nowhere);
	f.prover.ends_ns = 7;
	assert_int_equal(lc_prover_take_ends_meanwhile(&f.prover), 0);
	assert_int_equal(f.prover.ends_ns, 7);
	assert_false(f.created.stated);
	start_engine(&engine, answers);
	f.prover.socket = engine.socket;
	f.prover.ends_ns = 10000000000;
	f.prover.asks_ns = 0;
	assert_int_equal(lc_prover_take_ends_meanwhile(&f.prover), 0);
	assert_true(f.prover.ends_ns > 10000000000);
	assert_true(f.created.stated);
	assert_true(end_engine(&engine));
	lc_traits_clear(&f.prover.now);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_of_which_the_engine_tells_nothing_is_not_compared),
		cmocka_unit_test(a_container_of_which_no_end_is_known_is_not_compared),
		cmocka_unit_test(a_container_that_has_gone_is_compared_by_its_end),
		cmocka_unit_test(what_the_first_runs_told_has_to_be_told_again),
		cmocka_unit_test(a_baseline_has_nothing_to_be_compared_with),
		cmocka_unit_test(events_that_were_not_told_are_asked_for_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
