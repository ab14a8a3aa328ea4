/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which targets are kept while they are recorded, and which are forgotten. */
#include "src/recording/targets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Makes a target for cgroup ID of SHARE, at a path of its own. */
static struct lc_recorded_target *make(struct lc_recorded_targets *targets, uint64_t id, uint64_t share)
{
	struct lc_recorded_target *recorded;
	char path[32];
	bool is_new;

	snprintf(path, sizeof(path), "/a/%llu", (unsigned long long)id);
	recorded = lc_targets_get(targets, path, strlen(path), share, &is_new);
	assert_non_null(recorded);
	assert_true(is_new);
	recorded->target.kind = LC_TARGET_CGROUP;
	assert_int_equal(lc_targets_add_member(targets, id, recorded), 0);
	return recorded;
}

static size_t count(const struct lc_recorded_targets *targets)
{
	size_t n = 0;

	for (const struct lc_recorded_target *recorded = targets->first; recorded; recorded = recorded->next)
		n++;
	return n;
}

static void one_path_is_one_target(void **state)
{
	struct lc_recorded_targets targets;
	struct lc_recorded_target *first;
	bool is_new;

	(void)state;
	assert_int_equal(lc_targets_init(&targets), 0);
	first = lc_targets_get(&targets, "/a/b/c", 4, 1, &is_new);
	assert_true(is_new);
	assert_ptr_equal(lc_targets_get(&targets, "/a/b", 4, 1, &is_new), first);
	assert_false(is_new);
	assert_ptr_not_equal(lc_targets_get(&targets, "/a", 2, 1, &is_new), first);
	assert_true(is_new);
	lc_targets_clear(&targets);
}

static void cgroups_of_no_interest_are_forgotten_when_they_are_gone(void **state)
{
	struct lc_recorded_targets targets;

	(void)state;
	assert_int_equal(lc_targets_init(&targets), 0);
	for (uint64_t id = 1; id <= 100000; id++) {
		make(&targets, id, 7);
		lc_targets_forget(&targets, id);
	}
	assert_int_equal(count(&targets), 0);
	assert_int_equal(lc_table_size(targets.members), 0);
	assert_int_equal(lc_table_size(targets.by_key), 0);
	assert_int_equal(lc_table_size(targets.shares), 0);
	lc_targets_clear(&targets);
}

static void what_is_known_of_a_target_is_kept(void **state)
{
	struct lc_check check = {.cap = 1, .count = 1};
	struct lc_recorded_targets targets;

	(void)state;
	assert_int_equal(lc_targets_init(&targets), 0);
	assert_int_equal(lc_target_add_evidence(&make(&targets, 1, 7)->target, &check), 0);
	make(&targets, 2, 7)->asked = true;
	make(&targets, 3, 7)->target.n_left = 1;
	make(&targets, 4, 7)->target.losses.of[LC_LOSS_CHECKS] = 1;
	for (uint64_t id = 1; id <= 4; id++)
		lc_targets_forget(&targets, id);
	assert_int_equal(count(&targets), 4);
	assert_int_equal(lc_table_size(targets.members), 0);
	lc_targets_clear(&targets);
}

static void what_lies_in_another_keeps_it(void **state)
{
	struct lc_recorded_target *outer, *inner;
	struct lc_recorded_targets targets;

	(void)state;
	assert_int_equal(lc_targets_init(&targets), 0);
	outer = make(&targets, 1, 7);
	inner = make(&targets, 2, 7);
	lc_recorded_target_lies_in(inner, outer);
	lc_targets_forget(&targets, 1);
	assert_int_equal(count(&targets), 2);
	lc_targets_forget(&targets, 2);
	assert_int_equal(count(&targets), 0);
	lc_targets_clear(&targets);
}

static void a_crowd_waits_for_its_first_checks_and_nobody_else_does(void **state)
{
	struct lc_recorded_targets targets;
	struct lc_member_cgroup *member;

	(void)state;
	assert_int_equal(lc_targets_init(&targets), 0);
	for (uint64_t id = 1; id <= LC_TARGETS_OF_SHARE; id++) {
		assert_false(lc_targets_are_many(&targets, 7));
		make(&targets, id, 7);
	}
	assert_true(lc_targets_are_many(&targets, 7));
	assert_false(lc_targets_are_many(&targets, 8));
	assert_int_equal(lc_targets_defer(&targets, 5000, 1, 7, "/a/5000"), 0);
	member = lc_targets_member(&targets, 5000);
	assert_non_null(member);
	assert_null(member->target);
	assert_string_equal(member->path, "/a/5000");
	make(&targets, 5000, 7);
	assert_non_null(lc_targets_member(&targets, 5000)->target);
	assert_null(lc_targets_member(&targets, 5000)->path);
	lc_targets_forget(&targets, 1);
	lc_targets_forget(&targets, 2);
	assert_false(lc_targets_are_many(&targets, 7));
	lc_targets_clear(&targets);
}

static void only_the_last_of_those_that_are_ignored_are_remembered(void **state)
{
	struct lc_recorded_targets targets;

	(void)state;
	assert_int_equal(lc_targets_init(&targets), 0);
	for (uint64_t id = 1; id <= 3 * LC_CGROUPS_IGNORED; id++)
		assert_int_equal(lc_targets_ignore(&targets, id), 0);
	assert_int_equal(lc_table_size(targets.members), LC_CGROUPS_IGNORED);
	assert_non_null(lc_targets_member(&targets, 3 * LC_CGROUPS_IGNORED));
	assert_null(lc_targets_member(&targets, 1));
	lc_targets_clear(&targets);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_path_is_one_target),
		cmocka_unit_test(cgroups_of_no_interest_are_forgotten_when_they_are_gone),
		cmocka_unit_test(what_is_known_of_a_target_is_kept),
		cmocka_unit_test(what_lies_in_another_keeps_it),
		cmocka_unit_test(a_crowd_waits_for_its_first_checks_and_nobody_else_does),
		cmocka_unit_test(only_the_last_of_those_that_are_ignored_are_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
