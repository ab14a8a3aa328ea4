/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the engine's stream of health checks. */
#include "src/identity/health.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <leastcap/cleanup.h>

#include <stdlib.h>
#include <string.h>

#define WEB "6f2472df9d0e42dbbeca53e5f8834aeda6c6a0fd5aab366e7bd3482abbdf02a3"

/* The engine's event that container ID has become STATUS at TIME. */
#define EVENT(id, status, time)                                                                                        \
	"{\"status\":\"health_status: " status "\",\"id\":\"" id                                                       \
	"\",\"Type\":\"container\",\"Action\":\"health_status: " status "\",\"Actor\":{\"ID\":\"" id                   \
	"\",\"Attributes\":{}},\"timeNano\":" time "}\n"

struct fixture {
	struct lc_health health;
	struct lc_healthy containers[1];
	struct lc_target target;
	char id[sizeof(WEB)];
};

static struct fixture *make(struct fixture *f)
{
	*f = (struct fixture){.health = {.since_s = 1, .containers = f->containers, .n = 1}, .id = WEB};
	f->containers[0] = (struct lc_healthy){.id = f->id, .target = &f->target};
	return f;
}

/* Takes TEXT in pieces of SIZE bytes, and returns when the container was healthy. */
static int64_t take(struct fixture *f, const char *text, size_t size)
{
	for (size_t left = strlen(text); left;) {
		size_t length = left < size ? left : size;

		assert_int_equal(lc_health_take(&f->health, text, length), 0);
		text += length;
		left -= length;
	}
	lc_strbuf_free(&f->health.line);
	return f->target.life.healthy_ns;
}

static void the_first_success_is_noted(void **state)
{
	static const char events[] = EVENT(WEB, "unhealthy", "5") EVENT(WEB, "healthy", "1790000000000000007")
		EVENT(WEB, "healthy", "1790000009000000000");
	struct fixture f;

	(void)state;
	for (size_t size = 1; size < sizeof(events); size += 13)
		assert_int_equal(take(make(&f), events, size), 1790000000000000007);
}

static void the_event_of_an_older_engine_is_understood(void **state)
{
	struct fixture f;

	(void)state;
	assert_int_equal(
		take(make(&f), "{\"status\":\"health_status: healthy\",\"id\":\"" WEB "\",\"timeNano\":7}\n", 64), 7);
}

static void other_containers_and_other_events_say_nothing(void **state)
{
	static const char *const events[] = {
		EVENT("0123", "healthy", "7"),
		EVENT(WEB, "unhealthy", "7"),
		EVENT(WEB, "healthy", "\"7\""),
		EVENT(WEB, "healthy", "-7"),
		"{\"Action\":\"start\",\"id\":\"" WEB "\",\"timeNano\":7}\n",
		"[]\n",
		"nonsense\n",
		"\n\n",
		"{\"message\":\"page not found\"}\n",
	};
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		assert_int_equal(take(make(&f), events[i], 1000), 0);
}

static void an_event_that_is_too_long_is_passed_over_and_the_next_is_not(void **state)
{
	size_t length = LC_HEALTH_EVENT_MAX + 2;
	_cleanup_free_ char *text = malloc(length + sizeof(EVENT(WEB, "healthy", "7")));
	struct fixture f;

	(void)state;
	assert_non_null(text);
	memset(text, ' ', length);
	text[length - 1] = '\n';
	memcpy(text + length, EVENT(WEB, "healthy", "7"), sizeof(EVENT(WEB, "healthy", "7")));
	assert_int_equal(take(make(&f), text, 4096), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_success_is_noted),
		cmocka_unit_test(the_event_of_an_older_engine_is_understood),
		cmocka_unit_test(other_containers_and_other_events_say_nothing),
		cmocka_unit_test(an_event_that_is_too_long_is_passed_over_and_the_next_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
