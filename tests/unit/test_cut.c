/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of profiles that are too large: what is left out of them, and that their lists stay as they were. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/judge.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>
#include <leastcap/report.h>

#include "src/report/parts.h"
#include "stacks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <linux/capability.h>

#define LIMIT 20000 /* pieces of evidence of one target that are written */

static char *numbered(const char *format, unsigned n)
{
	char *text;

	assert_true(asprintf(&text, "%s%u", format, n) > 0);
	return text;
}

/* A check of CAP by the Nth of many programs, counted N times. */
static void add_check(struct lc_target *target, int cap, const char *caller, unsigned n)
{
	struct lc_check check = {
		.cap = cap,
		.authority = LC_AUTHORITY_EFFECTIVE,
		.phase = LC_PHASE_WORKLOAD,
		.count = n + 1,
		.first_ns = 1000 + n,
		.last_ns = 2000 + n,
		.syscall = strdup("openat"),
		.caller = strdup(caller),
		.exe = numbered("/tmp/program-", n),
		.about = numbered("/tmp/file-", n),
	};

	assert_int_equal(lc_target_add_evidence(target, &check), 0);
}

/* A container that asked for CHOWN in N ways, and for NET_ADMIN once. */
static struct lc_target *add_flooder(struct lc_profile *profile, const char *name, unsigned n)
{
	struct lc_target *target = lc_profile_add_target(profile);

	target->name = strdup(name);
	target->granted = UINT64_MAX >> 23;
	for (unsigned i = 0; i < n; i++)
		add_check(target, CAP_CHOWN, "chown_common", i);
	add_check(target, CAP_NET_ADMIN, "netlink_capable", 0);
	assert_int_equal(lc_judge_target(target), 0);
	return target;
}

static uint64_t total_count(const struct lc_target *target)
{
	uint64_t total = 0;

	for (size_t i = 0; i < target->n_evidence; i++)
		total += target->evidence[i].count;
	return total;
}

static const struct lc_check *find_folded(const struct lc_target *target)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		if (target->evidence[i].about && strstr(target->evidence[i].about, " more kinds of checks like these"))
			return &target->evidence[i];
	}
	return NULL;
}

static void what_fits_is_left_alone(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_flooder(&profile, "web", LIMIT - 1);

	(void)state;
	assert_int_equal(lc_profile_cut(&profile), 0);
	assert_int_equal(target->n_evidence, LIMIT);
	assert_int_equal(target->losses.of[LC_LOSS_DETAIL], 0);
}

static void the_most_frequent_stay_and_one_stands_for_the_others(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_flooder(&profile, "web", LIMIT + 500);
	uint64_t list = target->cap_add, count = total_count(target);
	const struct lc_check *folded;

	(void)state;
	assert_int_equal(list, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_NET_ADMIN));
	assert_int_equal(lc_profile_cut(&profile), 0);
	assert_int_equal(target->n_evidence, LIMIT);
	assert_int_equal(total_count(target), count);
	assert_int_equal(lc_judge_caller(target, CAP_CHOWN)->count, LIMIT + 500);
	assert_int_equal(target->losses.of[LC_LOSS_DETAIL], 502);
	folded = find_folded(target);
	assert_non_null(folded);
	assert_string_equal(folded->about, "502 more kinds of checks like these");
	assert_null(folded->exe);
	assert_string_equal(folded->caller, "chown_common");
	assert_int_equal(folded->first_ns, 1000);
	assert_int_equal(folded->last_ns, 2501);
	/* Judged anew it comes to the same. */
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->cap_add, list);
}

static void what_was_cut_before_is_counted_on(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_flooder(&profile, "web", LIMIT + 500);

	(void)state;
	assert_int_equal(lc_profile_cut(&profile), 0);
	add_check(target, CAP_CHOWN, "chown_common", LIMIT + 1000);
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(lc_profile_cut(&profile), 0);
	assert_int_equal(target->n_evidence, LIMIT);
	assert_int_equal(target->losses.of[LC_LOSS_DETAIL], 503);
}

static void two_profiles_that_were_cut_merge_into_one_with_the_same_list(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged = {0};
	_cleanup_(lc_merge_clear) struct lc_merge merge = {0};
	uint64_t list = 0;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct lc_profile profile = {0};

		list = add_flooder(&profile, "web", LIMIT + 10 + (unsigned)i)->cap_add;
		assert_int_equal(lc_profile_cut(&profile), 0);
		assert_int_equal(lc_merge_add(&merge, &profile), 0);
	}
	assert_int_equal(lc_merge_finish(&merge, &merged), 0);
	assert_int_equal(lc_profile_cut(&merged), 0);
	assert_int_equal(merged.n_targets, 1);
	assert_true(merged.targets[0].n_evidence <= LIMIT);
	assert_int_equal(merged.targets[0].cap_add, list);
	assert_true(merged.targets[0].losses.of[LC_LOSS_DETAIL] >= 25);
}

static void call_sites_without_end_leave_a_piece_of_each_class(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_flooder(&profile, "web", 0);
	uint64_t list;

	(void)state;
	for (unsigned i = 0; i < LIMIT; i++) {
		_cleanup_free_ char *caller = numbered("made_up_", i);

		add_check(target, i % 2 ? CAP_CHOWN : CAP_KILL, caller, i);
	}
	for (int cap = 0; cap < 4; cap++)
		target->evidence[cap + 1].class = LC_CLASS_ADVISORY;
	list = target->cap_add;
	assert_int_equal(lc_profile_cut(&profile), 0);
	assert_true(target->n_evidence <= LIMIT);
	assert_int_equal(target->cap_add, list);
	assert_non_null(lc_judge_caller(target, CAP_NET_ADMIN));
}

static void a_flood_cuts_nothing_of_a_quiet_container(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	char name[32];

	(void)state;
	for (int i = 0; i < 12; i++) {
		snprintf(name, sizeof(name), "flood-%02d", i);
		add_flooder(&profile, name, LIMIT);
	}
	add_flooder(&profile, "quiet", 50)->evidence[0].user_stack = stack_of("chown", "main", NULL);
	assert_int_equal(lc_profile_cut(&profile), 0);
	assert_string_equal(profile.targets[12].name, "quiet");
	assert_int_equal(profile.targets[12].n_evidence, 51);
	assert_int_equal(profile.targets[12].losses.of[LC_LOSS_DETAIL], 0);
	assert_non_null(profile.targets[12].evidence[profile.targets[12].n_evidence - 2].user_stack);
	for (int i = 0; i < 12; i++)
		assert_true(profile.targets[i].n_evidence <= LIMIT / 2);
}

/* Gives each piece of TARGET's evidence a stack of its own, with names of LENGTH bytes. */
static void give_stacks(struct lc_target *target, size_t length)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_stack stack = {0};

		for (int depth = 0; depth < 4; depth++) {
			struct lc_frame *frame = lc_stack_add(&stack);

			assert_non_null(frame);
			frame->function = malloc(length + 1);
			assert_non_null(frame->function);
			memset(frame->function, 'f', length);
			frame->function[length] = '\0';
			frame->offset = i;
		}
		target->evidence[i].user_stack = lc_shared_stack_new(&stack);
	}
}

static void stacks_go_before_evidence_does(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_flooder(&profile, "web", 9999);
	size_t stacks = 0;

	(void)state;
	give_stacks(target, 8000);
	assert_int_equal(lc_profile_cut(&profile), 0);
	assert_int_equal(target->n_evidence, 10000);
	for (size_t i = 0; i < target->n_evidence; i++)
		stacks += target->evidence[i].user_stack != NULL;
	assert_int_equal(stacks, 2);
	assert_non_null(target->evidence[0].user_stack);
	assert_int_equal(target->losses.of[LC_LOSS_DETAIL], 9998);
}

static void texts_without_end_are_shortened(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_flooder(&profile, "web", 3);
	size_t length = (size_t)100 << 20;

	(void)state;
	for (int i = 0; i < 3; i++) {
		free(target->evidence[i].about);
		target->evidence[i].about = malloc(length + 1);
		assert_non_null(target->evidence[i].about);
		memset(target->evidence[i].about, 'x', length);
		target->evidence[i].about[length] = '\0';
	}
	assert_int_equal(lc_profile_cut(&profile), 0);
	assert_int_equal(target->n_evidence, 4);
	assert_int_equal(target->losses.of[LC_LOSS_DETAIL], 3);
	for (int i = 0; i < 3; i++)
		assert_true(strlen(target->evidence[i].about) < 4096);
}

static void what_was_cut_is_written_and_read_again_and_says_so(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0}, read = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_(lc_strbuf_free) struct lc_strbuf said = {0};
	char path[] = "/tmp/test_cut-XXXXXX";
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (int i = 0; i < 2; i++)
		give_stacks(add_flooder(&profile, i ? "web" : "db", LIMIT + 7), 3000);
	assert_int_equal(lc_profile_save(&profile, path, &message), 0);
	free(message);
	message = NULL;
	assert_int_equal(lc_profile_load(&read, path, &message), 0);
	unlink(path);
	assert_int_equal(read.n_targets, 2);
	assert_int_equal(read.lost, 0);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(read.targets[i].n_evidence, LIMIT);
		assert_int_equal(read.targets[i].cap_add, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_NET_ADMIN));
		assert_int_equal(
			read.targets[i].losses.of[LC_LOSS_DETAIL], profile.targets[i].losses.of[LC_LOSS_DETAIL]);
	}
	lc_report_add_lost(&said, &read);
	assert_ptr_equal(strstr(said.text, "CUT: detail is left out: db: "), said.text);
}

/* Refuses a mount on the Nth of many places, of a cause that depends on N. */
static void add_failure(struct lc_target *target, unsigned n)
{
	struct lc_failure failure = {
		.syscall = strdup(n % 2 ? "mount" : "umount2"),
		.result = strdup("EPERM"),
		.exe = strdup("/bin/mount"),
		.about = numbered("/tmp/place-", n),
		.count = n + 1,
		.first_ns = 1000 + n,
		.last_ns = 2000 + n,
		.cause = n % 2 ? LC_CAUSE_FILTER : LC_CAUSE_UNKNOWN,
		.why = strdup("For a test."),
	};

	assert_int_equal(lc_target_add_failure(target, &failure), 0);
}

static uint64_t total_refused(const struct lc_target *target)
{
	uint64_t total = 0;

	for (size_t i = 0; i < target->n_failures; i++)
		total += target->failures[i].count;
	return total;
}

static void refused_calls_without_end_leave_the_most_frequent(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_flooder(&profile, "web", 3);
	unsigned folded = 0;
	uint64_t count;

	(void)state;
	for (unsigned i = 0; i < LIMIT + 500; i++)
		add_failure(target, i);
	count = total_refused(target);
	for (int again = 0; again < 2; again++) {
		assert_int_equal(lc_profile_cut(&profile), 0);
		assert_int_equal(target->n_evidence, 4);
		assert_int_equal(target->n_failures, LIMIT);
		assert_int_equal(total_refused(target), count);
		assert_int_equal(target->losses.of[LC_LOSS_DETAIL], 502);
	}
	for (size_t i = 0; i < target->n_failures; i++) {
		const struct lc_failure *failure = &target->failures[i];

		if (failure->exe)
			continue;
		folded++;
		assert_string_equal(failure->about, "251 more kinds of calls like these");
		assert_string_equal(failure->syscall, failure->cause == LC_CAUSE_FILTER ? "mount" : "umount2");
		assert_string_equal(failure->why, "For a test.");
	}
	assert_int_equal(folded, 2);
}

static void refused_calls_of_calls_without_end_leave_one_of_each_cause(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_flooder(&profile, "web", 3);

	(void)state;
	for (unsigned i = 0; i < LIMIT + 500; i++) {
		add_failure(target, i);
		target->failures[i].argument = i;
	}
	assert_int_equal(lc_profile_cut(&profile), 0);
	assert_true(target->n_failures <= LIMIT);
	assert_int_equal(target->losses.of[LC_LOSS_DETAIL], 502);
}

static void long_texts_of_refused_calls_are_shortened(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_flooder(&profile, "web", 1);
	_cleanup_free_ char *text = NULL;

	(void)state;
	for (unsigned i = 0; i < 300; i++) {
		struct lc_failure *failure;

		add_failure(target, i);
		failure = &target->failures[i];
		free(failure->about);
		failure->about = malloc(1000001);
		memset(failure->about, 'x', 1000000);
		failure->about[1000000] = '\0';
	}
	assert_int_equal(lc_profile_cut(&profile), 0);
	assert_int_equal(target->n_failures, 300);
	assert_int_equal(target->losses.of[LC_LOSS_DETAIL], 300);
	assert_true(strlen(target->failures[0].about) <= 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_is_left_alone),
		cmocka_unit_test(the_most_frequent_stay_and_one_stands_for_the_others),
		cmocka_unit_test(what_was_cut_before_is_counted_on),
		cmocka_unit_test(two_profiles_that_were_cut_merge_into_one_with_the_same_list),
		cmocka_unit_test(call_sites_without_end_leave_a_piece_of_each_class),
		cmocka_unit_test(a_flood_cuts_nothing_of_a_quiet_container),
		cmocka_unit_test(stacks_go_before_evidence_does),
		cmocka_unit_test(texts_without_end_are_shortened),
		cmocka_unit_test(what_was_cut_is_written_and_read_again_and_says_so),
		cmocka_unit_test(refused_calls_without_end_leave_the_most_frequent),
		cmocka_unit_test(refused_calls_of_calls_without_end_leave_one_of_each_cause),
		cmocka_unit_test(long_texts_of_refused_calls_are_shortened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
