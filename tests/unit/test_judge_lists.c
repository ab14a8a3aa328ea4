/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the lists where a decision accepts either of two capabilities, and of what is to be verified. */
#include "evidence.h"

#include <leastcap/profile.h>

#include <time.h>

/* The default set of Docker has DAC_OVERRIDE and not DAC_READ_SEARCH. */
#define DOCKER_DEFAULT (LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_KILL))
#define EVERYTHING     UINT64_C(0x1ffffffffff)

/* The row that takes the wide member in containers. */
static const struct lc_alternative *dac(void)
{
	const struct lc_alternative *pair = row_of(CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE);

	assert_true(pair->wide_in_containers);
	return pair;
}

/* One that takes the narrow member everywhere. */
static const struct lc_alternative *bpf(void)
{
	const struct lc_alternative *pair = row_of(CAP_BPF, CAP_SYS_ADMIN);

	assert_false(pair->wide_in_containers);
	return pair;
}

/* Judges TARGET, and asserts its list and that all other evidence is of the given classes, in its order. */
static void assert_judged(struct lc_target *target, uint64_t cap_add, const enum lc_class *classes)
{
	assert_int_equal(lc_judge_target(target), 0);
	assert_int_equal(target->cap_add, cap_add);
	for (size_t i = 0; i < target->n_evidence; i++)
		assert_string_equal(lc_class_name(target->evidence[i].class), lc_class_name(classes[i]));
}

static void a_privileged_container_is_listed_with_the_member_that_the_row_prefers(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER, .granted = EVERYTHING};

	(void)state;
	add(&target, narrow_check(dac(), LC_VERDICT_GRANTED));
	assert_judged(&target, LC_CAP_BIT(CAP_DAC_OVERRIDE), (const enum lc_class[]){LC_CLASS_ALTERNATIVE});
	assert_string_equal(target.evidence[0].why, dac()->why);
	assert_non_null(strstr(advice_on(&target, CAP_DAC_OVERRIDE), "DAC_READ_SEARCH would do as well: "));
}

static void a_container_with_the_default_set_gets_the_same_list_and_the_same_advice(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER, .granted = DOCKER_DEFAULT};

	(void)state;
	add(&target, narrow_check(dac(), LC_VERDICT_DENIED))->answered = true;
	add(&target, wide_check(dac(), LC_VERDICT_GRANTED));
	assert_judged(&target, LC_CAP_BIT(CAP_DAC_OVERRIDE),
		(const enum lc_class[]){LC_CLASS_ALTERNATIVE, LC_CLASS_REQUIRED});
	assert_string_equal(target.evidence[0].why, "denied, but the same decision then accepted DAC_OVERRIDE");
	assert_non_null(strstr(advice_on(&target, CAP_DAC_OVERRIDE), "DAC_READ_SEARCH would do as well: "));
	assert_int_equal(target.wanted, 0);
}

static void a_command_is_listed_with_the_narrow_member_whichever_was_granted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target root = {.kind = LC_TARGET_COMMAND, .granted = EVERYTHING};
	_cleanup_(lc_target_clear) struct lc_target service = {.kind = LC_TARGET_SERVICE, .granted = DOCKER_DEFAULT};

	(void)state;
	add(&root, narrow_check(dac(), LC_VERDICT_GRANTED));
	assert_judged(&root, LC_CAP_BIT(CAP_DAC_READ_SEARCH), (const enum lc_class[]){LC_CLASS_REQUIRED});
	assert_non_null(strstr(advice_on(&root, CAP_DAC_READ_SEARCH), "DAC_OVERRIDE would do as well: "));
	add(&service, narrow_check(dac(), LC_VERDICT_DENIED))->answered = true;
	add(&service, wide_check(dac(), LC_VERDICT_GRANTED));
	assert_judged(&service, LC_CAP_BIT(CAP_DAC_READ_SEARCH),
		(const enum lc_class[]){LC_CLASS_ALTERNATIVE, LC_CLASS_ALTERNATIVE});
	assert_string_equal(service.evidence[1].why, dac()->why);
}

static void a_container_that_was_given_only_the_narrow_member_keeps_it(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {
		.kind = LC_TARGET_CONTAINER, .granted = LC_CAP_BIT(CAP_DAC_READ_SEARCH)};

	(void)state;
	add(&target, narrow_check(dac(), LC_VERDICT_GRANTED));
	assert_judged(&target, LC_CAP_BIT(CAP_DAC_READ_SEARCH), (const enum lc_class[]){LC_CLASS_REQUIRED});
}

static void the_narrow_member_is_listed_though_only_the_wide_one_was_granted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {
		.kind = LC_TARGET_CONTAINER, .granted = LC_CAP_BIT(CAP_SYS_ADMIN)};

	(void)state;
	add(&target, narrow_check(bpf(), LC_VERDICT_DENIED))->answered = true;
	add(&target, wide_check(bpf(), LC_VERDICT_GRANTED));
	assert_judged(
		&target, LC_CAP_BIT(CAP_BPF), (const enum lc_class[]){LC_CLASS_ALTERNATIVE, LC_CLASS_ALTERNATIVE});
	assert_int_equal(target.unused, 0);
}

static void a_member_that_is_on_the_list_anyway_satisfies_the_pair(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER, .granted = EVERYTHING};

	(void)state;
	add(&target, narrow_check(bpf(), LC_VERDICT_GRANTED));
	add(&target, granted_check(CAP_SYS_ADMIN, UNKNOWN));
	assert_judged(
		&target, LC_CAP_BIT(CAP_SYS_ADMIN), (const enum lc_class[]){LC_CLASS_ALTERNATIVE, LC_CLASS_REQUIRED});
	assert_string_equal(target.evidence[0].why, "SYS_ADMIN, which is on the list already, is accepted as well");
	assert_null(strstr(advice_on(&target, CAP_SYS_ADMIN), "would do as well"));
	assert_non_null(strstr(advice_on(&target, CAP_SYS_ADMIN), "For a part something narrower would do: BPF"));
}

static void the_narrow_member_that_is_needed_elsewhere_satisfies_the_pair_too(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER, .granted = EVERYTHING};

	(void)state;
	add(&target, named_check(LC_SOURCE_CAPSET, CAP_DAC_READ_SEARCH, LC_VERDICT_GRANTED));
	add(&target, wide_check(dac(), LC_VERDICT_GRANTED));
	assert_judged(&target, LC_CAP_BIT(CAP_DAC_READ_SEARCH),
		(const enum lc_class[]){LC_CLASS_IMPLIED, LC_CLASS_ALTERNATIVE});
}

/* Writing takes DAC_OVERRIDE alone: it is asked for without DAC_READ_SEARCH before it. */
static void the_wide_member_asked_for_by_itself_is_no_pair(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_COMMAND, .granted = EVERYTHING};
	struct lc_check check = wide_check(dac(), LC_VERDICT_GRANTED);

	(void)state;
	check.chained = false;
	add(&target, check);
	assert_judged(&target, LC_CAP_BIT(CAP_DAC_OVERRIDE), (const enum lc_class[]){LC_CLASS_REQUIRED});
	assert_string_equal(advice_on(&target, CAP_DAC_OVERRIDE), "");
}

static void a_request_that_names_a_member_means_that_one(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER, .granted = EVERYTHING};

	(void)state;
	add(&target, named_check(LC_SOURCE_CAPSET, CAP_DAC_READ_SEARCH, LC_VERDICT_GRANTED));
	assert_judged(&target, LC_CAP_BIT(CAP_DAC_READ_SEARCH), (const enum lc_class[]){LC_CLASS_IMPLIED});
}

static void the_list_is_the_same_in_whatever_order_the_evidence_comes(void **state)
{
	(void)state;
	for (int first = 0; first < 4; first++) {
		_cleanup_(lc_target_clear) struct lc_target target = {
			.kind = LC_TARGET_CONTAINER, .granted = EVERYTHING};

		for (int i = 0; i < 4; i++) {
			switch ((first + i) % 4) {
			case 0:
				add(&target, narrow_check(dac(), LC_VERDICT_GRANTED));
				break;
			case 1:
				add(&target, wide_check(dac(), LC_VERDICT_GRANTED));
				break;
			case 2:
				add(&target, narrow_check(bpf(), LC_VERDICT_GRANTED));
				break;
			case 3:
				add(&target, granted_check(CAP_SYS_ADMIN, UNKNOWN));
				break;
			}
		}
		assert_int_equal(lc_judge_target(&target), 0);
		assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_SYS_ADMIN));
	}
}

/* A check of CAP in bpf(2), where one function asks for several pairs with the same wide member. */
static struct lc_check bpf_check(int cap, enum lc_verdict verdict)
{
	const char *caller = "bpf_prog_load";
	struct lc_check check =
		verdict == LC_VERDICT_GRANTED ? granted_check(cap, caller) : denied_check(cap, caller, "EPERM");

	check.syscall = strdup("bpf");
	return check;
}

static void what_was_denied_before_it_tells_which_pairs_a_wide_member_stands_for(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target privileged = {.kind = LC_TARGET_CONTAINER, .granted = EVERYTHING};
	_cleanup_(lc_target_clear) struct lc_target target = {
		.kind = LC_TARGET_CONTAINER, .granted = LC_CAP_BIT(CAP_SYS_ADMIN)};
	const uint64_t both = LC_CAP_BIT(CAP_BPF) | LC_CAP_BIT(CAP_PERFMON);

	(void)state;
	add(&privileged, bpf_check(CAP_BPF, LC_VERDICT_GRANTED));
	add(&privileged, bpf_check(CAP_PERFMON, LC_VERDICT_GRANTED));
	assert_judged(&privileged, both, (const enum lc_class[]){LC_CLASS_REQUIRED, LC_CLASS_REQUIRED});
	add(&target, bpf_check(CAP_BPF, LC_VERDICT_DENIED))->answered = true;
	add(&target, bpf_check(CAP_PERFMON, LC_VERDICT_DENIED))->answered = true;
	add(&target, bpf_check(CAP_SYS_ADMIN, LC_VERDICT_GRANTED))->chained = true;
	assert_judged(&target, both,
		(const enum lc_class[]){LC_CLASS_ALTERNATIVE, LC_CLASS_ALTERNATIVE, LC_CLASS_ALTERNATIVE});
	assert_string_equal(target.evidence[1].why, "denied, but the same decision then accepted SYS_ADMIN");
}

static void a_wide_member_that_may_stand_for_something_else_stays_required(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target other = {.kind = LC_TARGET_CONTAINER};
	_cleanup_(lc_target_clear) struct lc_target alone = {.kind = LC_TARGET_CONTAINER};

	(void)state;
	add(&other, bpf_check(CAP_BPF, LC_VERDICT_DENIED))->answered = true;
	add(&other, bpf_check(CAP_WAKE_ALARM, LC_VERDICT_DENIED))->answered = true;
	add(&other, bpf_check(CAP_SYS_ADMIN, LC_VERDICT_GRANTED))->chained = true;
	assert_judged(&other, LC_CAP_BIT(CAP_SYS_ADMIN),
		(const enum lc_class[]){LC_CLASS_ALTERNATIVE, LC_CLASS_ALTERNATIVE, LC_CLASS_REQUIRED});
	add(&alone, bpf_check(CAP_SYS_ADMIN, LC_VERDICT_GRANTED))->chained = true;
	assert_judged(&alone, LC_CAP_BIT(CAP_SYS_ADMIN), (const enum lc_class[]){LC_CLASS_REQUIRED});
}

/* NET_RAW or NET_ADMIN in one decision, NET_ADMIN or SYS_ADMIN in another: NET_ADMIN does for both. */
static void of_pairs_with_a_member_in_common_no_more_is_listed_than_they_need(void **state)
{
	const struct lc_alternative *pairs[] = {
		row_of(CAP_NET_RAW, CAP_NET_ADMIN), row_of(CAP_NET_ADMIN, CAP_SYS_ADMIN)};

	(void)state;
	for (int first = 0; first < 2; first++) {
		_cleanup_(lc_target_clear) struct lc_target target = {
			.kind = LC_TARGET_CONTAINER, .granted = EVERYTHING};

		add(&target, narrow_check(pairs[first], LC_VERDICT_GRANTED));
		add(&target, narrow_check(pairs[!first], LC_VERDICT_GRANTED));
		assert_int_equal(lc_judge_target(&target), 0);
		assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_NET_ADMIN));
		assert_string_equal(lc_class_name(target.evidence[first].class), "alternative");
	}
}

static void of_a_pair_that_was_denied_only_the_preferred_member_is_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target container = {.kind = LC_TARGET_CONTAINER};
	_cleanup_(lc_target_clear) struct lc_target command = {.kind = LC_TARGET_COMMAND};

	(void)state;
	add(&container, narrow_check(dac(), LC_VERDICT_DENIED));
	add(&container, wide_check(dac(), LC_VERDICT_DENIED));
	assert_judged(&container, 0, (const enum lc_class[]){LC_CLASS_ALTERNATIVE, LC_CLASS_BLOCKED});
	assert_int_equal(container.wanted, LC_CAP_BIT(CAP_DAC_OVERRIDE));
	add(&command, narrow_check(dac(), LC_VERDICT_DENIED));
	add(&command, wide_check(dac(), LC_VERDICT_DENIED));
	assert_judged(&command, 0, (const enum lc_class[]){LC_CLASS_BLOCKED, LC_CLASS_ALTERNATIVE});
	assert_int_equal(command.wanted, LC_CAP_BIT(CAP_DAC_READ_SEARCH));
}

static void a_denied_pair_of_which_the_list_has_a_member_is_not_wanted(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_COMMAND, .granted = DOCKER_DEFAULT};

	(void)state;
	add(&target, granted_check(CAP_DAC_OVERRIDE, UNKNOWN));
	add(&target, narrow_check(dac(), LC_VERDICT_DENIED));
	assert_judged(&target, LC_CAP_BIT(CAP_DAC_OVERRIDE),
		(const enum lc_class[]){LC_CLASS_REQUIRED, LC_CLASS_ALTERNATIVE});
	assert_int_equal(target.wanted, 0);
}

static void what_is_on_the_list_is_never_unused(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER, .granted = EVERYTHING};

	(void)state;
	add(&target, narrow_check(dac(), LC_VERDICT_GRANTED));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_false(target.unused & (LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_DAC_READ_SEARCH)));
	assert_true(target.unused & LC_CAP_BIT(CAP_KILL));
}

/* Adds what a program set after reading it, which was given to it on purpose: survivable. */
static void add_survivable(struct lc_target *target)
{
	target->configured_add = LC_CAP_BIT(CAP_NET_ADMIN);
	add(target, named_check(LC_SOURCE_CAPSET, CAP_NET_ADMIN, LC_VERDICT_GRANTED))->ordinary = true;
}

static void what_nothing_needs_that_could_not_do_without_is_to_be_verified(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {0};
	const char *why;

	(void)state;
	add_survivable(&target);
	add(&target, granted_check(CAP_CHOWN, UNKNOWN));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_NET_ADMIN) | LC_CAP_BIT(CAP_CHOWN));
	assert_int_equal(target.verify, LC_CAP_BIT(CAP_NET_ADMIN));
	why = target.evidence[0].why;
	assert_string_equal(why + strlen(why) - strlen("; may be survivable: verify"), "; may be survivable: verify");
	assert_null(target.evidence[1].why);
}

static void one_use_that_is_not_survivable_leaves_nothing_to_verify(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {0};

	(void)state;
	add_survivable(&target);
	add(&target, granted_check(CAP_NET_ADMIN, UNKNOWN));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_NET_ADMIN));
	assert_int_equal(target.verify, 0);
	assert_null(strstr(target.evidence[0].why, "may be survivable"));
}

static void judging_again_changes_nothing(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = lc_profile_add_target(&profile);
	_cleanup_free_ char *once = NULL;
	_cleanup_free_ char *twice = NULL;

	(void)state;
	target->name = strdup("web");
	target->granted = EVERYTHING;
	add_survivable(target);
	add(target, narrow_check(dac(), LC_VERDICT_GRANTED));
	add(target, wide_check(bpf(), LC_VERDICT_DENIED));
	add(target, narrow_check(bpf(), LC_VERDICT_DENIED))->answered = true;
	assert_int_equal(lc_judge_target(target), 0);
	once = lc_profile_to_json(&profile);
	assert_int_equal(lc_judge_target(target), 0);
	twice = lc_profile_to_json(&profile);
	assert_non_null(strstr(once, "\"text\""));
	assert_string_equal(once, twice);
}

/* As many pieces of evidence as a profile holds of a container that wants to be judged for long. */
#define MANY 20000

/* Seconds of processor time that judging takes when N/2 decisions in one place each accept the second capability asked for. */
static double time_to_judge(size_t n)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER, .granted = EVERYTHING};
	clock_t start;

	for (size_t i = 0; i < n; i += 2) {
		add(&target, bpf_check(CAP_BPF, LC_VERDICT_DENIED))->answered = true;
		add(&target, bpf_check(CAP_SYS_ADMIN, LC_VERDICT_GRANTED))->chained = true;
	}
	start = clock();
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_BPF));
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* Sixteen times as many take 16 times as long and a bit; where each is compared with all others it is 256 times. */
static void many_chained_checks_in_one_place_take_time_in_proportion(void **state)
{
	double few = time_to_judge(MANY / 16), many = time_to_judge(MANY);

	(void)state;
	if (many > 0.1 && many > 64 * few)
		fail_msg("%d pieces of evidence take %.3f s, %d take %.3f s", MANY / 16, few, MANY, many);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_privileged_container_is_listed_with_the_member_that_the_row_prefers),
		cmocka_unit_test(a_container_with_the_default_set_gets_the_same_list_and_the_same_advice),
		cmocka_unit_test(a_command_is_listed_with_the_narrow_member_whichever_was_granted),
		cmocka_unit_test(a_container_that_was_given_only_the_narrow_member_keeps_it),
		cmocka_unit_test(the_narrow_member_is_listed_though_only_the_wide_one_was_granted),
		cmocka_unit_test(a_member_that_is_on_the_list_anyway_satisfies_the_pair),
		cmocka_unit_test(the_narrow_member_that_is_needed_elsewhere_satisfies_the_pair_too),
		cmocka_unit_test(the_wide_member_asked_for_by_itself_is_no_pair),
		cmocka_unit_test(a_request_that_names_a_member_means_that_one),
		cmocka_unit_test(the_list_is_the_same_in_whatever_order_the_evidence_comes),
		cmocka_unit_test(what_was_denied_before_it_tells_which_pairs_a_wide_member_stands_for),
		cmocka_unit_test(a_wide_member_that_may_stand_for_something_else_stays_required),
		cmocka_unit_test(of_pairs_with_a_member_in_common_no_more_is_listed_than_they_need),
		cmocka_unit_test(of_a_pair_that_was_denied_only_the_preferred_member_is_wanted),
		cmocka_unit_test(a_denied_pair_of_which_the_list_has_a_member_is_not_wanted),
		cmocka_unit_test(what_is_on_the_list_is_never_unused),
		cmocka_unit_test(what_nothing_needs_that_could_not_do_without_is_to_be_verified),
		cmocka_unit_test(one_use_that_is_not_survivable_leaves_nothing_to_verify),
		cmocka_unit_test(judging_again_changes_nothing),
		cmocka_unit_test(many_chained_checks_in_one_place_take_time_in_proportion),
	};

	return cmocka_run_group_tests_name("judge lists", tests, NULL, NULL);
}
