/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Questions to an engine that doesn't always answer. */
#include "tests/unit/answers.h"

#include <leastcap/engine_ask.h>

#include <errno.h>

#define GOOD    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
#define NOTHING "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

static void what_was_not_answered_is_asked_again(void **state)
{
	static const char *const answers[] = {"", "", GOOD, NULL};
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	struct engine engine;

	(void)state;
	start_engine(&engine, answers);
	assert_int_equal(lc_engine_get_patiently(engine.socket, "x", &body), 0);
	assert_string_equal(body.text, "hello");
	assert_true(end_engine(&engine));
}

static void what_the_engine_does_not_have_is_asked_for_once(void **state)
{
	static const char *const answers[] = {NOTHING, GOOD, NULL};
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	struct engine engine;

	(void)state;
	start_engine(&engine, answers);
	assert_int_equal(lc_engine_get_patiently(engine.socket, "x", &body), -ESRCH);
	assert_false(end_engine(&engine));
}

static void nobody_there_is_no_answer(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	int r = lc_engine_get_patiently("/nonexistent/engine", "x", &body);

	(void)state;
	assert_true(r < 0);
	assert_false(lc_engine_has_answered(r));
	assert_false(lc_engine_has_answered(-ETIMEDOUT));
	assert_true(lc_engine_has_answered(0));
	assert_true(lc_engine_has_answered(-ESRCH));
}

static void what_is_to_be_done_is_done_or_the_engine_says_why_not(void **state)
{
	static const char *const done[] = {"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", NULL};
	static const char *const refused[] = {
		"HTTP/1.1 500 Error\r\nConnection: close\r\n\r\n{\"message\":\"no\"}", NULL};
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	struct engine engine;

	(void)state;
	start_engine(&engine, done);
	assert_int_equal(lc_engine_post(engine.socket, "containers/x/restart", 2000, &body), 0);
	assert_true(end_engine(&engine));
	start_engine(&engine, refused);
	assert_int_equal(lc_engine_post(engine.socket, "containers/x/restart", 2000, &body), -EPROTO);
	assert_string_equal(body.text, "{\"message\":\"no\"}");
	assert_true(end_engine(&engine));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_not_answered_is_asked_again),
		cmocka_unit_test(what_the_engine_does_not_have_is_asked_for_once),
		cmocka_unit_test(nobody_there_is_no_answer),
		cmocka_unit_test(what_is_to_be_done_is_done_or_the_engine_says_why_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
