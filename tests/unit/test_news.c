/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what is told as new: what is needed or was denied, in the order in which it came first. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/news.h>

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

static void add_check(struct lc_target *target, int cap, enum lc_class class, int64_t first)
{
	struct lc_check check = {.cap = cap,
		.class = class,
		.count = 1,
		.first_ns = first * INT64_C(1000000000),
		.exe = strdup("/bin/x"),
		.syscall = strdup("ioctl")};

	assert_int_equal(lc_target_add_evidence(target, &check), 0);
}

/* web needs CHOWN (from second 30 on) and KILL (10), and was denied SYS_TIME (20). */
static void make_profile(struct lc_profile *profile)
{
	struct lc_target *target = lc_profile_add_target(profile);

	target->name = strdup("web\033[m");
	target->image = strdup("nginx");
	target->cap_add = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL);
	target->wanted = LC_CAP_BIT(CAP_SYS_TIME);
	add_check(target, CAP_CHOWN, LC_CLASS_ADVISORY, 1);
	add_check(target, CAP_CHOWN, LC_CLASS_REQUIRED, 40);
	add_check(target, CAP_CHOWN, LC_CLASS_REQUIRED, 30);
	add_check(target, CAP_KILL, LC_CLASS_IMPLIED, 10);
	add_check(target, CAP_SYS_TIME, LC_CLASS_BLOCKED, 20);
	add_check(target, CAP_SYS_ADMIN, LC_CLASS_ADVISORY, 5);
}

static void what_is_needed_or_denied_is_found_by_when_it_came_first(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ struct lc_news *news = NULL;
	size_t n = 0;

	(void)state;
	make_profile(&profile);
	assert_int_equal(lc_news_find(&profile, &news, &n), 0);
	assert_int_equal(n, 3);
	assert_int_equal(news[0].cap, CAP_KILL);
	assert_int_equal(news[1].cap, CAP_SYS_TIME);
	assert_true(news[1].denied);
	assert_int_equal(news[2].cap, CAP_CHOWN);
	assert_int_equal(news[2].first_ns, INT64_C(30000000000));
	assert_false(news[2].denied);
}

static void a_line_says_when_who_what_and_by_what(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ struct lc_news *news = NULL;
	_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};
	size_t n = 0;

	(void)state;
	make_profile(&profile);
	assert_int_equal(lc_news_find(&profile, &news, &n), 0);
	lc_news_add_line(&line, &news[0]);
	assert_string_equal(line.text, "1970-01-01 00:00:10 UTC  web\\033[m (nginx): KILL used: /bin/x ioctl\n");
}

static void an_object_is_one_line(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ struct lc_news *news = NULL;
	_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};
	json_t *object;
	size_t n = 0;

	(void)state;
	make_profile(&profile);
	assert_int_equal(lc_news_find(&profile, &news, &n), 0);
	lc_news_add_json(&line, &news[1]);
	assert_ptr_equal(strchr(line.text, '\n'), line.text + line.length - 1);
	object = json_loads(line.text, 0, NULL);
	assert_string_equal(json_string_value(json_object_get(object, "verdict")), "denied");
	assert_string_equal(json_string_value(json_object_get(object, "capability")), "SYS_TIME");
	assert_string_equal(json_string_value(json_object_get(object, "target")), "web\033[m");
	json_decref(object);
}

static void what_is_known_is_known_again_by_workload_and_capability(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0}, other = {0};
	struct lc_news news, same;
	char a[LC_SHA256_SIZE], b[LC_SHA256_SIZE];

	(void)state;
	make_profile(&profile);
	make_profile(&other);
	news = (struct lc_news){1, &profile.targets[0], CAP_KILL, false};
	same = (struct lc_news){2, &other.targets[0], CAP_KILL, false};
	assert_int_equal(lc_news_key(&news, a) | lc_news_key(&same, b), 0);
	assert_string_equal(a, b);
	same.denied = true;
	assert_int_equal(lc_news_key(&same, b), 0);
	assert_string_not_equal(a, b);
	same.denied = false;
	free(other.targets[0].image);
	other.targets[0].image = strdup("caddy");
	assert_int_equal(lc_news_key(&same, b), 0);
	assert_string_not_equal(a, b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_needed_or_denied_is_found_by_when_it_came_first),
		cmocka_unit_test(a_line_says_when_who_what_and_by_what),
		cmocka_unit_test(an_object_is_one_line),
		cmocka_unit_test(what_is_known_is_known_again_by_workload_and_capability),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
