/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the metrics: what is counted, what names become, and how much there may be. */
#include "src/endpoint/batch.h"
#include "src/endpoint/counters.h"
#include "src/endpoint/gauges.h"
#include "src/endpoint/labels.h"
#include "src/endpoint/metrics.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

/* Appends a container called NAME, with an image and nothing else. */
static struct lc_target *add_target(struct lc_profile *profile, const char *name)
{
	struct lc_target *target = lc_profile_add_target(profile);

	assert_non_null(target);
	target->name = strdup(name);
	target->image = strdup("nginx:1.22");
	return target;
}

static void add_check(struct lc_target *target, int cap, enum lc_class class, uint64_t count)
{
	struct lc_check check = {.cap = cap, .class = class, .verdict = LC_VERDICT_GRANTED, .count = count};

	assert_int_equal(lc_target_add_evidence(target, &check), 0);
}

static void add_failure(struct lc_target *target, enum lc_cause cause, const char *call, uint64_t count)
{
	struct lc_failure failure = {.cause = cause, .syscall = strdup(call), .count = count};

	assert_int_equal(lc_target_add_failure(target, &failure), 0);
}

static void count(struct lc_counters *counters, const struct lc_profile *increment, int64_t now_ms)
{
	struct lc_batch *batch = NULL;

	assert_int_equal(lc_batch_make(&batch, increment), 0);
	assert_int_equal(lc_counters_add(counters, batch, now_ms), 0);
	lc_batch_free(batch);
}

/* All samples of COUNTERS; caller frees. */
static char *samples(const struct lc_counters *counters)
{
	struct lc_strbuf text = {0};

	lc_counters_add_checks(&text, counters, "checks");
	lc_counters_add_refused(&text, counters, "refused");
	lc_counters_add_lost(&text, counters, "lost");
	return lc_strbuf_steal(&text);
}

static size_t lines(const char *text)
{
	size_t n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

static void assert_value(const char *text, const char *expected)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf value = {0};

	lc_labels_add_value(&value, text);
	assert_string_equal(value.text, expected);
}

#define W(name)                                                                                                        \
	"kind=\"container\",namespace=\"\",workload=\"" name "\",container=\"\",image=\"nginx:1.22\",image_id=\"\""

static void counters_grow_by_increments_and_by_nothing_else(void **state)
{
	static const char format[] =
		"checks{" W("web") ",capability=\"CHOWN\",class=\"required\",verdict=\"granted\"} %d\n"
				   "checks{" W("web") ",capability=\"CHOWN\",class=\"setup\",verdict=\"granted\"} %d\n"
						      "refused{" W("web") ",cause=\"filter\",call=\"mount\"} %d\n"
									  "lost{" W("web") "} %d\n";
	struct lc_counters *counters = lc_counters_new();
	char expected[2048];

	(void)state;
	for (int i = 0; i < 2; i++) {
		_cleanup_(lc_profile_clear) struct lc_profile increment = {.lost = 7};
		struct lc_target *target = add_target(&increment, "web");
		_cleanup_free_ char *text = NULL;

		add_check(target, CAP_CHOWN, LC_CLASS_REQUIRED, 3);
		add_check(target, CAP_CHOWN, LC_CLASS_REQUIRED, 2);
		add_check(target, CAP_CHOWN, LC_CLASS_SETUP, 1);
		add_failure(target, LC_CAUSE_FILTER, "mount", 4);
		target->losses.of[LC_LOSS_CHECKS] = 7;
		count(counters, &increment, i);
		text = samples(counters);
		snprintf(expected, sizeof(expected), format, 5 * (i + 1), i + 1, 4 * (i + 1), 7 * (i + 1));
		assert_string_equal(text, expected);
	}
	assert_int_equal(lc_counters_lost(counters), 14);
	lc_counters_free(counters);
}

static void a_counter_that_is_full_stays_full(void **state)
{
	struct lc_counters *counters = lc_counters_new();
	_cleanup_(lc_profile_clear) struct lc_profile increment = {0};
	_cleanup_free_ char *text = NULL;

	(void)state;
	add_check(add_target(&increment, "web"), CAP_CHOWN, LC_CLASS_REQUIRED, LC_COUNT_MAX);
	count(counters, &increment, 0);
	count(counters, &increment, 0);
	text = samples(counters);
	assert_non_null(strstr(text, "} 9223372036854775807\n"));
	lc_counters_free(counters);
}

static void replicas_and_their_successors_are_one_workload(void **state)
{
	static const char *const pods[] = {"web-6d4cf56db6-x7k2p", "web-6d4cf56db6-bcdfg", "web-7f9c5d8b44-zzzzz"};
	struct lc_counters *counters = lc_counters_new();
	_cleanup_(lc_profile_clear) struct lc_profile increment = {0};
	_cleanup_free_ char *text = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(pods) / sizeof(pods[0]); i++) {
		struct lc_target *target = add_target(&increment, "nginx");

		target->pod = strdup(pods[i]);
		target->namespace = strdup("shop");
		add_check(target, CAP_CHOWN, LC_CLASS_REQUIRED, 1);
	}
	count(counters, &increment, 0);
	text = samples(counters);
	assert_string_equal(text,
		"checks{kind=\"kubernetes\",namespace=\"shop\",workload=\"web\",container=\"nginx\",image=\"nginx:1.22\",image_id=\"\",capability=\"CHOWN\",class=\"required\",verdict=\"granted\"} 3\n"
		"lost{kind=\"kubernetes\",namespace=\"shop\",workload=\"web\",container=\"nginx\",image=\"nginx:1.22\",image_id=\"\"} 0\n");
	lc_counters_free(counters);
}

static void a_compose_service_is_known_by_its_project_and_its_image_by_twelve_digits(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf labels = {0};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_target(&profile, "shop-web-1");

	(void)state;
	target->project = strdup("shop");
	target->service = strdup("web");
	target->image_id = strdup("sha256:0123456789abcdef");
	lc_labels_add(&labels, target);
	assert_string_equal(labels.text,
		"kind=\"compose\",namespace=\"shop\",workload=\"web\",container=\"\",image=\"nginx:1.22\",image_id=\"0123456789ab\"");
}

static void an_image_id_that_is_none_is_left_out(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf labels = {0};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_target(&profile, "web");

	(void)state;
	target->image_id = strdup("sha256:\"} 1\n");
	lc_labels_add(&labels, target);
	assert_non_null(strstr(labels.text, "image_id=\"\""));
}

static void a_plain_name_stays_as_it_is(void **state)
{
	(void)state;
	assert_value(NULL, "\"\"");
	assert_value("", "\"\"");
	assert_value("registry.example:5000/a/b@sha256:00", "\"registry.example:5000/a/b@sha256:00\"");
	assert_value("grüße", "\"grüße\"");
}

/* systemd's names of units have backslashes. */
static void quotes_and_backslashes_are_escaped(void **state)
{
	(void)state;
	assert_value("a\"b\\x2d", "\"a\\\"b\\\\x2d\"");
}

static void a_line_feed_cannot_begin_a_line_of_its_own(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf value = {0};

	(void)state;
	lc_labels_add_value(&value, "a\nleastcap_targets 5");
	assert_null(strchr(value.text, '\n'));
	assert_int_equal(strncmp(value.text, "\"a\\\\nleastcap_targets 5…", strlen("\"a\\\\nleastcap_targets 5…")), 0);
}

static void what_no_terminal_may_be_shown_and_no_utf8_is_changed(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf control = {0}, broken = {0};

	(void)state;
	lc_labels_add_value(&control, "a\033[2J\r\001");
	lc_labels_add_value(&broken, "a\xff\xfe");
	for (const char *c = control.text; *c; c++)
		assert_true((unsigned char)*c >= 0x20);
	assert_null(strchr(broken.text, '\xff'));
}

/* Otherwise a container could be called so that what it does counts as another's. */
static void no_two_names_become_one_value(void **state)
{
	static const char start[] =
		"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789";
	struct lc_strbuf values[6] = {0};
	char long_a[sizeof(start) + 1], long_b[sizeof(start) + 1];
	char *copied;

	(void)state;
	snprintf(long_a, sizeof(long_a), "%sa", start);
	snprintf(long_b, sizeof(long_b), "%sb", start);
	lc_labels_add_value(&values[0], long_a);
	lc_labels_add_value(&values[1], long_b);
	lc_labels_add_value(&values[2], "a\nb");
	lc_labels_add_value(&values[3], "a\\nb");
	/* A name that is what another one becomes. */
	copied = strndup(values[0].text + 1, values[0].length - 2);
	lc_labels_add_value(&values[4], copied);
	lc_labels_add_value(&values[5], start);
	free(copied);
	for (size_t i = 0; i < 6; i++) {
		assert_true(values[i].length <= 102);
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(values[i].text, values[j].text);
	}
	for (size_t i = 0; i < 6; i++)
		lc_strbuf_free(&values[i]);
}

static void a_long_name_is_cut_between_characters(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf name = {0}, value = {0};
	_cleanup_free_ char *valid = NULL;

	(void)state;
	for (int i = 0; i < 60; i++)
		lc_strbuf_adds(&name, "€");
	lc_labels_add_value(&value, name.text);
	valid = lc_utf8_dup(value.text);
	assert_string_equal(valid, value.text);
	assert_true(value.length <= 102);
}

static void a_workload_has_its_share_and_what_is_beyond_is_counted(void **state)
{
	struct lc_counters *counters = lc_counters_new();
	_cleanup_(lc_profile_clear) struct lc_profile increment = {0};
	struct lc_target *target = add_target(&increment, "evil");
	_cleanup_free_ char *text = NULL;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		char name[32];

		snprintf(name, sizeof(name), "call%d", i);
		add_failure(target, LC_CAUSE_FILTER, name, 1);
	}
	add_check(add_target(&increment, "web"), CAP_CHOWN, LC_CLASS_REQUIRED, 5);
	count(counters, &increment, 0);
	text = samples(counters);
	assert_int_equal(lines(text), LC_COUNTERS_OF_A_WORKLOAD + 2);
	assert_int_equal(lc_counters_dropped(counters), 2000 + 1 - LC_COUNTERS_OF_A_WORKLOAD);
	assert_non_null(
		strstr(text, "checks{" W("web") ",capability=\"CHOWN\",class=\"required\",verdict=\"granted\"} 5\n"));
	lc_counters_free(counters);
}

/* Has NAME's number I count one check at NOW. */
static void count_one(struct lc_counters *counters, const char *name, int i, int64_t now_ms)
{
	_cleanup_(lc_profile_clear) struct lc_profile increment = {0};
	char numbered[32];

	snprintf(numbered, sizeof(numbered), "%s%d", name, i);
	add_check(add_target(&increment, numbered), CAP_CHOWN, LC_CLASS_REQUIRED, 1);
	count(counters, &increment, now_ms);
}

static void containers_that_come_and_go_find_room_once_others_are_idle(void **state)
{
	struct lc_counters *counters = lc_counters_new();
	char *text;

	(void)state;
	for (int i = 0; i < LC_COUNTERS_MOST; i++)
		count_one(counters, "job", i, 0);
	text = samples(counters);
	assert_int_equal(lines(text), LC_COUNTERS_MOST);
	assert_int_equal(lc_counters_dropped(counters), LC_COUNTERS_MOST);
	free(text);
	/* What is known already takes nobody's room. */
	count_one(counters, "job", 0, LC_COUNTERS_IDLE_MS);
	assert_int_equal(lc_counters_dropped(counters), LC_COUNTERS_MOST);
	count_one(counters, "late", 0, LC_COUNTERS_IDLE_MS);
	text = samples(counters);
	assert_true(lines(text) <= LC_COUNTERS_MOST);
	assert_non_null(strstr(text, "workload=\"late0\""));
	free(text);
	lc_counters_free(counters);
}

static void gauges_are_those_of_all_replicas_together(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *a = add_target(&profile, "web");
	struct lc_target *b;
	uint64_t dropped = 0;

	(void)state;
	a->cap_add = a->verify = LC_CAP_BIT(CAP_CHOWN);
	a->granted = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_MKNOD);
	a->unused = LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_MKNOD);
	b = add_target(&profile, "web");
	b->cap_add = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL);
	b->verify = LC_CAP_BIT(CAP_KILL);
	b->granted = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL);
	b->wanted = LC_CAP_BIT(CAP_SYS_TIME);
	assert_int_equal(lc_gauges_add(&text, &profile, &dropped), 0);
	assert_non_null(strstr(text.text, "leastcap_capability_required{" W("web") ",capability=\"CHOWN\"} 1\n"));
	assert_non_null(strstr(text.text, "leastcap_capability_required{" W("web") ",capability=\"KILL\"} 1\n"));
	assert_null(strstr(text.text, "leastcap_capability_unproven{" W("web") ",capability=\"CHOWN\"}"));
	assert_non_null(strstr(text.text, "leastcap_capability_unproven{" W("web") ",capability=\"KILL\"} 1\n"));
	assert_null(strstr(text.text, "leastcap_capability_unused{" W("web") ",capability=\"KILL\"}"));
	assert_non_null(strstr(text.text, "leastcap_capability_unused{" W("web") ",capability=\"MKNOD\"} 1\n"));
	assert_non_null(strstr(text.text, "leastcap_capability_wanted{" W("web") ",capability=\"SYS_TIME\"} 1\n"));
	assert_int_equal(dropped, 0);
}

static void gauges_are_bounded_and_those_that_matter_most_come_first(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	uint64_t dropped = 0;
	size_t required = 0;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		char name[32];
		struct lc_target *target;

		snprintf(name, sizeof(name), "w%d", i);
		target = add_target(&profile, name);
		target->cap_add = LC_CAP_BIT(CAP_CHOWN);
		target->granted = (UINT64_C(1) << 30) - 1;
	}
	assert_int_equal(lc_gauges_add(&text, &profile, &dropped), 0);
	for (const char *at = text.text; (at = strstr(at, "\nleastcap_capability_required{")); at++)
		required++;
	assert_int_equal(required, 2000);
	assert_int_equal(dropped, 2000 * 31 - LC_GAUGES_MOST);
}

static char *whole(bool openmetrics)
{
	struct lc_counters *counters = lc_counters_new();
	struct lc_metrics metrics = {
		.counters = counters, .version = "1", .commit = "c", .state = {.hook = "fexit", .targets = 3}};
	struct lc_strbuf text = {0};

	lc_metrics_add(&text, &metrics, openmetrics);
	lc_counters_free(counters);
	return lc_strbuf_steal(&text);
}

static void openmetrics_names_a_counter_without_its_total_and_ends_with_eof(void **state)
{
	_cleanup_free_ char *text = whole(true);

	(void)state;
	assert_non_null(strstr(text, "# TYPE leastcap_lost_checks counter\nleastcap_lost_checks_total 0\n"));
	assert_non_null(
		strstr(text, "# TYPE leastcap info\nleastcap_info{version=\"1\",commit=\"c\",hook=\"fexit\",kernel="));
	assert_string_equal(text + strlen(text) - strlen("# EOF\n"), "# EOF\n");
}

static void prometheus_text_names_a_counter_as_its_samples_and_has_no_eof(void **state)
{
	_cleanup_free_ char *text = whole(false);

	(void)state;
	assert_non_null(strstr(text, "# TYPE leastcap_lost_checks_total counter\nleastcap_lost_checks_total 0\n"));
	assert_non_null(strstr(text, "# TYPE leastcap_info gauge\n"));
	assert_non_null(strstr(text, "\nleastcap_targets 3\n"));
	assert_null(strstr(text, "# EOF"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters_grow_by_increments_and_by_nothing_else),
		cmocka_unit_test(a_counter_that_is_full_stays_full),
		cmocka_unit_test(replicas_and_their_successors_are_one_workload),
		cmocka_unit_test(a_compose_service_is_known_by_its_project_and_its_image_by_twelve_digits),
		cmocka_unit_test(an_image_id_that_is_none_is_left_out),
		cmocka_unit_test(a_plain_name_stays_as_it_is),
		cmocka_unit_test(quotes_and_backslashes_are_escaped),
		cmocka_unit_test(a_line_feed_cannot_begin_a_line_of_its_own),
		cmocka_unit_test(what_no_terminal_may_be_shown_and_no_utf8_is_changed),
		cmocka_unit_test(no_two_names_become_one_value),
		cmocka_unit_test(a_long_name_is_cut_between_characters),
		cmocka_unit_test(a_workload_has_its_share_and_what_is_beyond_is_counted),
		cmocka_unit_test(containers_that_come_and_go_find_room_once_others_are_idle),
		cmocka_unit_test(gauges_are_those_of_all_replicas_together),
		cmocka_unit_test(gauges_are_bounded_and_those_that_matter_most_come_first),
		cmocka_unit_test(openmetrics_names_a_counter_without_its_total_and_ends_with_eof),
		cmocka_unit_test(prometheus_text_names_a_counter_as_its_samples_and_has_no_eof),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
