/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which targets are kept while they are recorded, and which are forgotten. */
#include "src/recording/subjects.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Makes a subject for cgroup ID of SHARE, at a path of its own. */
static struct subject *make(struct subjects *subjects, uint64_t id, uint64_t share)
{
	struct subject *subject;
	char path[32];
	bool is_new;

	snprintf(path, sizeof(path), "/a/%llu", (unsigned long long)id);
	subject = lc_subjects_get(subjects, path, strlen(path), share, &is_new);
	assert_non_null(subject);
	assert_true(is_new);
	subject->target.kind = LC_TARGET_CGROUP;
	assert_int_equal(lc_subjects_place(subjects, id, subject), 0);
	return subject;
}

static size_t count(const struct subjects *subjects)
{
	size_t n = 0;

	for (const struct subject *subject = subjects->first; subject; subject = subject->next)
		n++;
	return n;
}

static void one_path_is_one_subject(void **state)
{
	struct subjects subjects;
	struct subject *first;
	bool is_new;

	(void)state;
	assert_int_equal(lc_subjects_init(&subjects), 0);
	first = lc_subjects_get(&subjects, "/a/b/c", 4, 1, &is_new);
	assert_true(is_new);
	assert_ptr_equal(lc_subjects_get(&subjects, "/a/b", 4, 1, &is_new), first);
	assert_false(is_new);
	assert_ptr_not_equal(lc_subjects_get(&subjects, "/a", 2, 1, &is_new), first);
	assert_true(is_new);
	lc_subjects_clear(&subjects);
}

static void cgroups_of_no_interest_are_forgotten_when_they_are_gone(void **state)
{
	struct subjects subjects;

	(void)state;
	assert_int_equal(lc_subjects_init(&subjects), 0);
	for (uint64_t id = 1; id <= 100000; id++) {
		make(&subjects, id, 7);
		lc_subjects_forget(&subjects, id);
	}
	assert_int_equal(count(&subjects), 0);
	assert_int_equal(lc_table_size(subjects.places), 0);
	assert_int_equal(lc_table_size(subjects.by_key), 0);
	assert_int_equal(lc_table_size(subjects.crowds), 0);
	lc_subjects_clear(&subjects);
}

static void what_is_known_of_a_target_is_kept(void **state)
{
	struct lc_check check = {.cap = 1, .count = 1};
	struct subjects subjects;

	(void)state;
	assert_int_equal(lc_subjects_init(&subjects), 0);
	assert_int_equal(lc_target_add_evidence(&make(&subjects, 1, 7)->target, &check), 0);
	make(&subjects, 2, 7)->asked = true;
	make(&subjects, 3, 7)->target.n_left = 1;
	make(&subjects, 4, 7)->target.losses.of[LC_LOSS_CHECKS] = 1;
	for (uint64_t id = 1; id <= 4; id++)
		lc_subjects_forget(&subjects, id);
	assert_int_equal(count(&subjects), 4);
	assert_int_equal(lc_table_size(subjects.places), 0);
	lc_subjects_clear(&subjects);
}

static void what_lies_in_another_keeps_it(void **state)
{
	struct subject *outer, *inner;
	struct subjects subjects;

	(void)state;
	assert_int_equal(lc_subjects_init(&subjects), 0);
	outer = make(&subjects, 1, 7);
	inner = make(&subjects, 2, 7);
	lc_subject_lies_in(inner, outer);
	lc_subjects_forget(&subjects, 1);
	assert_int_equal(count(&subjects), 2);
	lc_subjects_forget(&subjects, 2);
	assert_int_equal(count(&subjects), 0);
	lc_subjects_clear(&subjects);
}

static void a_crowd_waits_for_its_first_checks_and_nobody_else_does(void **state)
{
	struct subjects subjects;
	struct place *place;

	(void)state;
	assert_int_equal(lc_subjects_init(&subjects), 0);
	for (uint64_t id = 1; id <= SUBJECTS_OF_SHARE; id++) {
		assert_false(lc_subjects_are_many(&subjects, 7));
		make(&subjects, id, 7);
	}
	assert_true(lc_subjects_are_many(&subjects, 7));
	assert_false(lc_subjects_are_many(&subjects, 8));
	assert_int_equal(lc_subjects_defer(&subjects, 5000, 1, 7, "/a/5000"), 0);
	place = lc_subjects_at(&subjects, 5000);
	assert_non_null(place);
	assert_null(place->subject);
	assert_string_equal(place->path, "/a/5000");
	make(&subjects, 5000, 7);
	assert_non_null(lc_subjects_at(&subjects, 5000)->subject);
	assert_null(lc_subjects_at(&subjects, 5000)->path);
	lc_subjects_forget(&subjects, 1);
	lc_subjects_forget(&subjects, 2);
	assert_false(lc_subjects_are_many(&subjects, 7));
	lc_subjects_clear(&subjects);
}

static void only_the_last_of_those_that_are_ignored_are_remembered(void **state)
{
	struct subjects subjects;

	(void)state;
	assert_int_equal(lc_subjects_init(&subjects), 0);
	for (uint64_t id = 1; id <= 3 * SUBJECTS_IGNORED; id++)
		assert_int_equal(lc_subjects_ignore(&subjects, id), 0);
	assert_int_equal(lc_table_size(subjects.places), SUBJECTS_IGNORED);
	assert_non_null(lc_subjects_at(&subjects, 3 * SUBJECTS_IGNORED));
	assert_null(lc_subjects_at(&subjects, 1));
	lc_subjects_clear(&subjects);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_path_is_one_subject),
		cmocka_unit_test(cgroups_of_no_interest_are_forgotten_when_they_are_gone),
		cmocka_unit_test(what_is_known_of_a_target_is_kept),
		cmocka_unit_test(what_lies_in_another_keeps_it),
		cmocka_unit_test(a_crowd_waits_for_its_first_checks_and_nobody_else_does),
		cmocka_unit_test(only_the_last_of_those_that_are_ignored_are_remembered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
