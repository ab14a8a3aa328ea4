/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the difference between two profiles: what is paired, what counts, and how it reads. */
#include "render.h"

#include <leastcap/cleanup.h>
#include <leastcap/diff.h>

#define CHOWN  LC_CAP_BIT(CAP_CHOWN)
#define KILL   LC_CAP_BIT(CAP_KILL)
#define SETUID LC_CAP_BIT(CAP_SETUID)

/* Two profiles, and what differs. */
struct pair {
	struct lc_profile old;
	struct lc_profile new;
	struct lc_diff diff;
};

static void compare(struct pair *pair)
{
	assert_int_equal(lc_diff_make(&pair->diff, &pair->old, &pair->new), 0);
}

static void clear(struct pair *pair)
{
	lc_diff_clear(&pair->diff);
	lc_profile_clear(&pair->old);
	lc_profile_clear(&pair->new);
}

/* Asserts how the difference of PAIR reads, and clears it. */
static void assert_text(struct pair *pair, int columns, const char *expected)
{
	const struct lc_style style = {.columns = columns};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

	compare(pair);
	assert_int_equal(lc_diff_text(&pair->diff, &style, &out), 0);
	assert_string_equal(out.text ? out.text : "", expected);
	clear(pair);
}

static void test_profiles_with_the_same_lists_do_not_differ(void **state)
{
	_cleanup_(clear) struct pair pair = {0};

	(void)state;
	add_container(&pair.old, "web", "nginx", NULL, CHOWN)->granted = CHOWN;
	add_evidence(&pair.old.targets[0], CAP_CHOWN, LC_CLASS_REQUIRED, 5, "/bin/a", "chown", "/x");
	add_container(&pair.new, "web", "nginx", NULL, CHOWN)->granted = CHOWN | KILL;
	compare(&pair);
	assert_int_equal(pair.diff.n, 0);
}

static void test_what_is_needed_now_comes_with_what_asked_for_it(void **state)
{
	struct pair pair = {0};
	struct lc_target *target;

	(void)state;
	add_container(&pair.old, "web", "nginx", NULL, CHOWN);
	target = add_container(&pair.new, "web", "nginx", NULL, CHOWN | KILL);
	add_evidence(target, CAP_KILL, LC_CLASS_ADVISORY, 9, "/bin/b", "kill", NULL);
	add_evidence(target, CAP_KILL, LC_CLASS_REQUIRED, 5, "/bin/a", "kill", "SIGTERM to 7")->why =
		strdup("another user's process");
	assert_text(&pair, 80,
		"web (nginx)\n"
		"  + KILL  needed: /bin/a kill SIGTERM to 7\n"
		"          another user's process\n");
}

static void test_what_is_no_longer_needed_is_said(void **state)
{
	struct pair pair = {0};

	(void)state;
	add_container(&pair.old, "web", "nginx", NULL, CHOWN | KILL);
	add_container(&pair.new, "web", "nginx", NULL, KILL);
	assert_text(&pair, 80, "web (nginx)\n  - CHOWN  no longer needed\n");
}

static void test_what_is_denied_now_is_said_with_the_error(void **state)
{
	struct pair pair = {0};
	struct lc_target *target;
	struct lc_check *check;

	(void)state;
	add_container(&pair.old, "web", "nginx", NULL, CHOWN);
	target = add_container(&pair.new, "web", "nginx", NULL, 0);
	target->wanted = CHOWN;
	check = add_evidence(target, CAP_CHOWN, LC_CLASS_BLOCKED, 5, "/bin/a", "chown", "/x");
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup("EPERM");
	assert_text(&pair, 80,
		"web (nginx)\n"
		"  - CHOWN  was needed, and is denied\n"
		"  + CHOWN  wanted, but denied: /bin/a chown /x → EPERM\n");
}

static void test_what_was_wanted_and_is_needed_now_is_said_once(void **state)
{
	struct pair pair = {0};

	(void)state;
	add_container(&pair.old, "web", "nginx", NULL, 0)->wanted = CHOWN;
	add_container(&pair.new, "web", "nginx", NULL, CHOWN);
	assert_text(&pair, 80, "web (nginx)\n  + CHOWN  needed\n");
}

static void test_what_is_granted_and_unused_now_is_one_line(void **state)
{
	struct pair pair = {0};
	struct lc_target *target;

	(void)state;
	add_container(&pair.old, "web", "nginx", NULL, 0);
	target = add_container(&pair.new, "web", "nginx", NULL, 0);
	target->granted = target->unused = CHOWN | KILL;
	assert_text(&pair, 80, "web (nginx)\n  + granted, never used: CHOWN, KILL\n");
}

static void test_what_was_unused_counts_as_gone_only_when_it_is_not_granted_any_more(void **state)
{
	struct pair pair = {0};
	struct lc_target *target;

	(void)state;
	target = add_container(&pair.old, "web", "nginx", NULL, 0);
	target->granted = target->unused = CHOWN | KILL;
	add_container(&pair.new, "web", "nginx", NULL, 0)->granted = CHOWN;
	assert_text(&pair, 80, "web (nginx)\n  - never used, and no longer granted: KILL\n");
}

static void test_a_new_image_is_named_beside_the_old_one(void **state)
{
	struct pair pair = {0};

	(void)state;
	add_container(&pair.old, "web", "nginx:1", NULL, 0);
	add_container(&pair.new, "web", "nginx:2", NULL, KILL);
	assert_text(&pair, 80, "web (nginx:2) — was web (nginx:1)\n  + KILL  needed\n");
}

static void test_targets_come_and_go(void **state)
{
	struct pair pair = {0};

	(void)state;
	add_container(&pair.old, "cache", "redis", NULL, SETUID);
	add_container(&pair.old, "web", "nginx", NULL, CHOWN);
	add_container(&pair.new, "db", "postgres", NULL, 0);
	add_container(&pair.new, "web", "nginx", NULL, CHOWN);
	assert_text(&pair, 80, "cache (redis) — gone\n  - SETUID  was needed\n\ndb (postgres) — new\n");
}

static void test_containers_of_a_service_are_compared_whatever_their_names(void **state)
{
	_cleanup_(clear) struct pair pair = {0};

	(void)state;
	add_container(&pair.old, "shop-web-1", "nginx", "web", CHOWN);
	add_container(&pair.new, "shop-web-2", "nginx", "web", CHOWN);
	add_container(&pair.new, "shop-web-3", "nginx", "web", 0);
	compare(&pair);
	assert_int_equal(pair.diff.n, 0);
}

static void test_containers_with_made_up_names_are_paired_by_image(void **state)
{
	_cleanup_(clear) struct pair pair = {0};

	(void)state;
	add_container(&pair.old, "brave_noether", "nginx", NULL, CHOWN);
	add_container(&pair.old, "calm_hopper", "redis", NULL, SETUID);
	add_container(&pair.new, "angry_turing", "redis", NULL, SETUID);
	add_container(&pair.new, "zen_lovelace", "nginx", NULL, CHOWN);
	compare(&pair);
	assert_int_equal(pair.diff.n, 0);
}

static void test_services_are_not_paired_by_image(void **state)
{
	_cleanup_(clear) struct pair pair = {0};

	(void)state;
	add_container(&pair.old, "shop-a-1", "nginx", "a", CHOWN);
	add_container(&pair.new, "shop-b-1", "nginx", "b", CHOWN);
	compare(&pair);
	assert_int_equal(pair.diff.n, 2);
}

static void test_lost_checks_are_said(void **state)
{
	struct pair pair = {.new = {.lost = 3}};

	(void)state;
	assert_text(&pair, 80, "INCOMPLETE: 3 checks were lost in the new profile: a list may lack a capability\n");
}

static void test_lines_keep_under_the_width(void **state)
{
	struct pair pair = {0};
	struct lc_target *target;

	(void)state;
	target = add_container(&pair.new, "web", NULL, NULL, KILL);
	add_evidence(target, CAP_KILL, LC_CLASS_REQUIRED, 5, "/usr/local/bin/some-program", "kill", "SIGTERM to 7");
	assert_text(&pair, 40,
		"web — new\n"
		"  + KILL  needed:\n"
		"          /usr/local/bin/some-program\n"
		"          kill SIGTERM to 7\n");
}

static void test_hostile_names_cannot_make_lines_of_their_own(void **state)
{
	struct pair pair = {0};
	struct lc_target *target;

	(void)state;
	target = add_container(&pair.new, "web\n- CHOWN", "a\033[2J", NULL, KILL);
	add_evidence(target, CAP_KILL, LC_CLASS_REQUIRED, 5, "/bin/a\n+ x", "kill", "\033]0;x\007");
	assert_text(&pair, 0,
		"web\\n- CHOWN (a\\033[2J) — new\n"
		"  + KILL  needed: /bin/a\\n+ x kill \\033]0;x\\x07\n");
}

static void test_colour_is_added_on_request(void **state)
{
	const struct lc_style style = {.columns = 80, .color = true};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	_cleanup_(clear) struct pair pair = {0};

	(void)state;
	add_container(&pair.old, "web", "nginx", NULL, 0);
	add_container(&pair.new, "web", "nginx", NULL, KILL);
	compare(&pair);
	assert_int_equal(lc_diff_text(&pair.diff, &style, &out), 0);
	assert_non_null(strstr(out.text, "\033[31m+ KILL\033[0m"));
}

static void test_json_says_it_for_programs(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	_cleanup_(clear) struct pair pair = {0};
	struct lc_target *target;

	(void)state;
	add_container(&pair.old, "web", "nginx:1", NULL, CHOWN);
	target = add_container(&pair.new, "web", "nginx:2", NULL, KILL);
	add_evidence(target, CAP_KILL, LC_CLASS_REQUIRED, 5, "/bin/a", "kill", "a\"b\377");
	compare(&pair);
	assert_int_equal(lc_diff_json(&pair.diff, &out), 0);
	assert_string_equal(out.text, "{\n"
				      "  \"schema\": \"leastcap-diff/1\",\n"
				      "  \"lost\": {\n"
				      "    \"old\": 0,\n"
				      "    \"new\": 0\n"
				      "  },\n"
				      "  \"targets\": [\n"
				      "    {\n"
				      "      \"change\": \"changed\",\n"
				      "      \"kind\": \"container\",\n"
				      "      \"name\": \"web\",\n"
				      "      \"image\": \"nginx:2\",\n"
				      "      \"old_image\": \"nginx:1\",\n"
				      "      \"cap_add\": {\n"
				      "        \"added\": [\n"
				      "          {\n"
				      "            \"cap\": \"KILL\",\n"
				      "            \"class\": \"required\",\n"
				      "            \"exe\": \"/bin/a\",\n"
				      "            \"syscall\": \"kill\",\n"
				      "            \"about\": \"a\\\"b\\uFFFD\"\n"
				      "          }\n"
				      "        ],\n"
				      "        \"removed\": [\n"
				      "          {\n"
				      "            \"cap\": \"CHOWN\"\n"
				      "          }\n"
				      "        ]\n"
				      "      },\n"
				      "      \"wanted\": {\n"
				      "        \"added\": [],\n"
				      "        \"removed\": []\n"
				      "      },\n"
				      "      \"unused\": {\n"
				      "        \"added\": [],\n"
				      "        \"removed\": []\n"
				      "      }\n"
				      "    }\n"
				      "  ]\n"
				      "}\n");
}

/* Adds a call that was refused to TARGET. */
static struct lc_failure *add_refusal(struct lc_target *target, enum lc_cause cause, uint64_t caps, const char *syscall)
{
	struct lc_failure *failure = add_failure(target, cause, caps, 3, "/bin/a", syscall, NULL);

	failure->why = strdup("The reason.");
	return failure;
}

static void test_new_refusals_are_said_and_the_call_that_a_wanted_capability_opens_only_once(void **state)
{
	const uint64_t admin = LC_CAP_BIT(CAP_SYS_ADMIN);
	struct pair pair = {0};
	struct lc_target *target;

	(void)state;
	target = add_container(&pair.old, "web", "nginx", NULL, CHOWN);
	add_refusal(target, LC_CAUSE_DEVICE, 0, "openat");
	add_refusal(target, LC_CAUSE_FILE, 0, "unlinkat");
	target = add_container(&pair.new, "web", "nginx", NULL, CHOWN);
	target->wanted = admin;
	add_refusal(target, LC_CAUSE_DEVICE, 0, "openat")->count = 99;
	add_refusal(target, LC_CAUSE_FILTER, admin, "mount");
	add_refusal(target, LC_CAUSE_LIMIT, 0, "mlock");
	add_refusal(target, LC_CAUSE_FILE, 0, "execve")->expected = true;
	assert_text(&pair, 80,
		"web (nginx)\n"
		"  + SYS_ADMIN  wanted for what was refused: /bin/a mount → EPERM\n"
		"               The reason.\n"
		"  + refused: /bin/a mlock → EPERM (limit)\n"
		"    The reason.\n"
		"  - no longer refused: /bin/a unlinkat → EPERM (file)\n");
}

static void test_refusals_alone_make_a_difference_and_the_same_ones_none(void **state)
{
	_cleanup_(clear) struct pair pair = {0};
	_cleanup_(clear) struct pair other = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	struct lc_target *target;

	(void)state;
	add_refusal(add_container(&pair.old, "web", "nginx", NULL, 0), LC_CAUSE_DEVICE, 0, "openat");
	add_refusal(add_container(&pair.new, "web", "nginx", NULL, 0), LC_CAUSE_DEVICE, 0, "openat");
	compare(&pair);
	assert_int_equal(pair.diff.n, 0);
	add_container(&other.old, "web", "nginx", NULL, 0);
	target = add_container(&other.new, "web", "nginx", NULL, 0);
	add_refusal(target, LC_CAUSE_DEVICE, 0, "openat");
	compare(&other);
	assert_int_equal(other.diff.n, 1);
	assert_int_equal(other.diff.list[0].came.n, 1);
	assert_int_equal(lc_diff_json(&other.diff, &out), 0);
	assert_non_null(strstr(out.text, "\"cause\": \"device\""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profiles_with_the_same_lists_do_not_differ),
		cmocka_unit_test(test_what_is_needed_now_comes_with_what_asked_for_it),
		cmocka_unit_test(test_what_is_no_longer_needed_is_said),
		cmocka_unit_test(test_what_is_denied_now_is_said_with_the_error),
		cmocka_unit_test(test_what_was_wanted_and_is_needed_now_is_said_once),
		cmocka_unit_test(test_what_is_granted_and_unused_now_is_one_line),
		cmocka_unit_test(test_what_was_unused_counts_as_gone_only_when_it_is_not_granted_any_more),
		cmocka_unit_test(test_a_new_image_is_named_beside_the_old_one),
		cmocka_unit_test(test_targets_come_and_go),
		cmocka_unit_test(test_containers_of_a_service_are_compared_whatever_their_names),
		cmocka_unit_test(test_containers_with_made_up_names_are_paired_by_image),
		cmocka_unit_test(test_services_are_not_paired_by_image),
		cmocka_unit_test(test_lost_checks_are_said),
		cmocka_unit_test(test_lines_keep_under_the_width),
		cmocka_unit_test(test_hostile_names_cannot_make_lines_of_their_own),
		cmocka_unit_test(test_colour_is_added_on_request),
		cmocka_unit_test(test_json_says_it_for_programs),
		cmocka_unit_test(test_new_refusals_are_said_and_the_call_that_a_wanted_capability_opens_only_once),
		cmocka_unit_test(test_refusals_alone_make_a_difference_and_the_same_ones_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
