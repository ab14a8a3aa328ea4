/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of how much of a target's life recordings have seen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <leastcap/seen.h>

static const struct lc_seen whole = {.from = LC_SEEN_FROM_START, .until = LC_SEEN_UNTIL_END};
static const struct lc_seen late = {
	.from = LC_SEEN_FROM_RUNNING, .until = LC_SEEN_UNTIL_SETTLED, .since_ns = 20, .started_ns = 10};
static const struct lc_seen cut = {.from = LC_SEEN_FROM_START, .until = LC_SEEN_UNTIL_CUT, .cut_ns = 3};

static void what_was_not_seen_to_start_or_was_cut_off_is_partial(void **state)
{
	const struct lc_seen unknown = {0};

	(void)state;
	assert_false(lc_seen_is_partial(&whole));
	assert_true(lc_seen_is_partial(&late));
	assert_true(lc_seen_is_partial(&cut));
	assert_false(lc_seen_is_partial(&unknown));
}

static void what_one_recording_saw_is_seen(void **state)
{
	struct lc_seen seen = late;

	(void)state;
	lc_seen_unite(&seen, &whole);
	assert_int_equal(seen.from, LC_SEEN_FROM_START);
	assert_int_equal(seen.until, LC_SEEN_UNTIL_END);
	assert_int_equal(seen.since_ns, 0);
	assert_int_equal(seen.started_ns, 0);
	seen = cut;
	lc_seen_unite(&seen, &late);
	assert_int_equal(seen.until, LC_SEEN_UNTIL_SETTLED);
	assert_int_equal(seen.cut_ns, 0);
}

static void what_none_saw_stays_missing(void **state)
{
	const struct lc_seen earlier = {
		.from = LC_SEEN_FROM_RUNNING, .until = LC_SEEN_UNTIL_UNKNOWN, .since_ns = 15, .started_ns = 5};
	struct lc_seen seen = late;

	(void)state;
	lc_seen_unite(&seen, &earlier);
	assert_int_equal(seen.from, LC_SEEN_FROM_RUNNING);
	assert_int_equal(seen.since_ns, 15);
	assert_int_equal(seen.started_ns, 5);
	assert_int_equal(seen.until, LC_SEEN_UNTIL_SETTLED);
}

static void an_older_profile_does_not_make_up_for_what_is_missing(void **state)
{
	const struct lc_seen unknown = {0};
	struct lc_seen seen = unknown;

	(void)state;
	lc_seen_unite(&seen, &late);
	assert_int_equal(seen.from, LC_SEEN_FROM_RUNNING);
	lc_seen_unite(&seen, &unknown);
	assert_int_equal(seen.from, LC_SEEN_FROM_RUNNING);
	seen = cut;
	lc_seen_unite(&seen, &unknown);
	assert_int_equal(seen.until, LC_SEEN_UNTIL_CUT);
	assert_int_equal(seen.cut_ns, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_not_seen_to_start_or_was_cut_off_is_partial),
		cmocka_unit_test(what_one_recording_saw_is_seen),
		cmocka_unit_test(what_none_saw_stays_missing),
		cmocka_unit_test(an_older_profile_does_not_make_up_for_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
