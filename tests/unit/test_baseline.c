/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of baselines: how they are read, what they accept of a check, and what is said of entries that accept nothing. */
#include "render.h"

#include <leastcap/baseline.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/json.h>

#include <errno.h>
#include <stdio.h>

/* The day after 2026-06-30, and a nanosecond before it. */
#define JULY        (INT64_C(1782864000) * LC_NS_PER_S)
#define END_OF_JUNE (JULY - 1)
#define COMPOSE     "services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [SYS_TIME]\n  db: {cap_drop: [ALL]}\n"
#define ENTRY(name, caps, day)                                                                                         \
	"- {name: " name ", capabilities: [" caps "], reason: it must, owner: me, expires: " day "}\n"

static const struct lc_policy_rules usual = {
	.counts = {[LC_FINDING_NEEDED] = true, [LC_FINDING_WANTED] = true, [LC_FINDING_UNKNOWN] = true}};
static const struct lc_policy_rules strict = {.counts = {[LC_FINDING_NEEDED] = true,
						      [LC_FINDING_WANTED] = true,
						      [LC_FINDING_UNKNOWN] = true,
						      [LC_FINDING_UNUSED] = true,
						      [LC_FINDING_STALE] = true}};

static struct lc_baseline parse(const char *text, int64_t now)
{
	struct lc_baseline baseline;
	_cleanup_free_ char *message = NULL;

	if (lc_baseline_parse(&baseline, "base.yaml", text, strlen(text), now, &message))
		fail_msg("%s", message);
	return baseline;
}

static void assert_refused(const char *text, const char *expected)
{
	_cleanup_free_ char *message = NULL;
	struct lc_baseline baseline;

	assert_int_equal(lc_baseline_parse(&baseline, "base.yaml", text, strlen(text), JULY, &message), -EINVAL);
	assert_string_equal(message, expected);
	assert_null(baseline.list);
}

/* The lines of a check of PROFILE, which is cleared, under POLICY_TEXT with TEXT as the baseline; *FAILURES becomes how many fail. Caller frees. */
static char *check_under(const char *policy_text, const char *text, int64_t now, struct lc_profile *profile,
	const struct lc_policy_rules *rules, size_t *failures)
{
	_cleanup_(lc_baseline_clear) struct lc_baseline baseline = parse(text, now);
	_cleanup_(lc_policy_clear) struct lc_policy policy = {0};
	_cleanup_(lc_findings_clear) struct lc_findings findings = {0};
	_cleanup_free_ char *message = NULL;
	struct lc_strbuf out = {0};

	assert_int_equal(lc_policy_parse(&policy, &(const struct lc_policy_reading){.path = "file"}, policy_text,
				 strlen(policy_text), &message),
		0);
	assert_int_equal(lc_policy_check(&policy, profile, rules, &findings), 0);
	assert_int_equal(lc_baseline_apply(&baseline, &policy, rules, &findings), 0);
	for (size_t i = 0; i < findings.n; i++)
		lc_policy_add_finding(&out, &policy, &findings.list[i]);
	*failures = findings.n_failures;
	lc_profile_clear(profile);
	return lc_strbuf_steal(&out);
}

/* Asserts what is said of a container of service web that needs CAPS. */
static void assert_says(const char *text, int64_t now, uint64_t caps, const struct lc_policy_rules *rules,
	size_t expected_failures, const char *expected)
{
	struct lc_profile profile = {0};
	_cleanup_free_ char *lines = NULL;
	size_t failures;

	add_container(&profile, "shop-web-1", NULL, "web", caps | LC_CAP_BIT(CAP_SYS_TIME));
	lines = check_under(COMPOSE, text, now, &profile, rules, &failures);
	assert_string_equal(lines, expected);
	assert_int_equal(failures, expected_failures);
}

#define NEEDS_KILL "shop-web-1: needs KILL, which is not allowed"

static void what_is_accepted_fails_no_more(void **state)
{
	(void)state;
	assert_says("accepted:\n" ENTRY("web", "CAP_kill", "2026-07-01"), JULY, LC_CAP_BIT(CAP_KILL), &usual, 0,
		"file:4: note: " NEEDS_KILL "; accepted until 2026-07-01 by me: it must\n");
}

static void what_has_expired_fails_and_says_so(void **state)
{
	const char *text = "accepted:\n" ENTRY("web", "KILL", "2026-06-30");

	(void)state;
	assert_says(text, END_OF_JUNE, LC_CAP_BIT(CAP_KILL), &usual, 0,
		"file:4: note: " NEEDS_KILL "; accepted until 2026-06-30 by me: it must\n");
	assert_says(text, JULY, LC_CAP_BIT(CAP_KILL), &usual, 1,
		"file:4: " NEEDS_KILL
		"; add it to cap_add of service web; was accepted until 2026-06-30 by me: it must\n");
}

static void one_that_still_holds_counts_more_than_one_that_has_expired(void **state)
{
	(void)state;
	assert_says("accepted:\n" ENTRY("web", "KILL", "2026-06-30") ENTRY("web", "KILL", "2026-08-01"), JULY,
		LC_CAP_BIT(CAP_KILL), &usual, 0,
		"file:4: note: " NEEDS_KILL "; accepted until 2026-08-01 by me: it must\n");
}

static void nothing_else_is_accepted(void **state)
{
	(void)state;
	assert_says("accepted:\n" ENTRY("web", "CHOWN", "2027-01-01"), JULY,
		LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_CHOWN), &usual, 1,
		"file:4: note: shop-web-1: needs CHOWN, which is not allowed; accepted until 2027-01-01 by me: it must\n"
		"file:4: " NEEDS_KILL "; add it to cap_add of service web\n");
	assert_says("accepted:\n" ENTRY("db", "KILL", "2027-01-01"), JULY, LC_CAP_BIT(CAP_KILL), &usual, 1,
		"file:4: " NEEDS_KILL "; add it to cap_add of service web\n");
}

static void an_entry_that_nothing_needs_is_told_and_strict_takes_none(void **state)
{
	const char *text = "accepted:\n" ENTRY("web", "KILL, CHOWN", "2027-01-01");

	(void)state;
	assert_says(text, JULY, LC_CAP_BIT(CAP_CHOWN), &usual, 0,
		"file:4: note: shop-web-1: needs CHOWN, which is not allowed; accepted until 2027-01-01 by me: it must\n"
		"base.yaml:2: note: web: nothing needs KILL, which is accepted until 2027-01-01 by me: it must\n");
	assert_says(text, JULY, LC_CAP_BIT(CAP_CHOWN), &strict, 1,
		"file:4: note: shop-web-1: needs CHOWN, which is not allowed; accepted until 2027-01-01 by me: it must\n"
		"base.yaml:2: web: nothing needs KILL, which is accepted until 2027-01-01 by me: it must\n");
}

static void an_entry_for_nobody_is_told_and_one_for_whom_was_not_recorded_is_not(void **state)
{
	(void)state;
	assert_says("accepted:\n" ENTRY("db", "KILL", "2027-01-01") ENTRY("wbe", "KILL", "2026-01-01"), JULY, 0, &usual,
		0,
		"base.yaml:3: note: wbe: no service of file is called so, for which KILL was accepted until 2026-01-01 by me: it must\n");
}

static void what_is_allowed_and_nothing_needed_can_be_accepted_in_part(void **state)
{
	struct lc_profile profile = {0};
	_cleanup_free_ char *lines = NULL;
	size_t failures;

	(void)state;
	add_container(&profile, "shop-web-1", NULL, "web", 0);
	lines = check_under("services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [SYS_TIME, CHOWN]\n",
		"accepted:\n" ENTRY("web", "SYS_TIME", "2027-01-01"), JULY, &profile, &strict, &failures);
	assert_string_equal(lines,
		"file:4: note: service web: allows SYS_TIME, which nothing needed; accepted until 2027-01-01 by me: it must\n"
		"file:4: service web: allows CHOWN, which nothing needed\n");
	assert_int_equal(failures, 1);
}

static void what_is_allowed_is_not_called_stale_where_nobody_looked(void **state)
{
	(void)state;
	assert_says("accepted:\n" ENTRY("web", "SYS_TIME", "2027-01-01"), JULY, 0, &usual, 0, "");
}

/* What FORMAT prints of a container that needs KILL, which is accepted, and CHOWN, which is not. Caller frees. */
static char *format(const char *name)
{
	_cleanup_(lc_baseline_clear) struct lc_baseline baseline =
		parse("accepted:\n" ENTRY("web", "KILL", "2027-01-01") ENTRY("web", "NET_RAW", "2027-01-01"), JULY);
	_cleanup_(lc_policy_clear) struct lc_policy policy = {0};
	_cleanup_(lc_findings_clear) struct lc_findings findings = {0};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;
	const struct lc_policy_format *const *found = lc_policy_formats();
	struct lc_strbuf out = {0};
	const bool known = true;

	add_container(&profile, "shop-web-1", NULL, "web",
		LC_CAP_BIT(CAP_SYS_TIME) | LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_CHOWN));
	assert_int_equal(lc_policy_parse(&policy, &(const struct lc_policy_reading){.path = "file"}, COMPOSE,
				 strlen(COMPOSE), &message),
		0);
	assert_int_equal(lc_policy_check(&policy, &profile, &usual, &findings), 0);
	assert_int_equal(lc_baseline_apply(&baseline, &policy, &usual, &findings), 0);
	while (strcmp((*found)->name, name) != 0)
		found++;
	assert_int_equal(
		(*found)->render(
			&(const struct lc_policy_result){
				.policy = &policy, .profile = &profile, .findings = &findings, .known = &known},
			&out),
		0);
	return lc_strbuf_steal(&out);
}

static void assert_in(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("there is no %s in:\n%s", part, text);
}

static void json_has_the_entry_that_accepts(void **state)
{
	_cleanup_free_ char *text = format("json");
	_cleanup_json_ json_t *root = json_loads(text, 0, NULL);
	json_t *list = json_object_get(root, "findings");
	json_t *accepted = json_object_get(json_array_get(list, 1), "accepted");

	(void)state;
	assert_int_equal(json_integer_value(json_object_get(root, "accepted")), 1);
	assert_string_equal(json_string_value(json_object_get(root, "baseline")), "base.yaml");
	assert_null(json_object_get(json_array_get(list, 0), "accepted"));
	assert_true(json_is_true(json_object_get(json_array_get(list, 0), "fails")));
	assert_true(json_is_false(json_object_get(json_array_get(list, 1), "fails")));
	assert_string_equal(json_string_value(json_object_get(accepted, "owner")), "me");
	assert_string_equal(json_string_value(json_object_get(accepted, "expires")), "2027-01-01");
	assert_true(json_is_false(json_object_get(accepted, "expired")));
	assert_int_equal(json_integer_value(json_object_get(accepted, "line")), 2);
}

static void sarif_has_it_as_a_suppression_and_none_for_the_others(void **state)
{
	_cleanup_free_ char *text = format("sarif");
	_cleanup_json_ json_t *root = json_loads(text, 0, NULL);
	json_t *results = json_object_get(json_array_get(json_object_get(root, "runs"), 0), "results");
	json_t *open = json_object_get(json_array_get(results, 0), "suppressions");
	json_t *suppressed = json_object_get(json_array_get(results, 1), "suppressions");

	(void)state;
	assert_int_equal(json_array_size(results), 2);
	assert_true(json_is_array(open));
	assert_int_equal(json_array_size(open), 0);
	assert_string_equal(json_string_value(json_object_get(json_array_get(suppressed, 0), "justification")),
		"accepted until 2027-01-01 by me: it must");
}

static void the_other_formats_have_it_as_a_note(void **state)
{
	_cleanup_free_ char *junit = format("junit");
	_cleanup_free_ char *github = format("github");
	_cleanup_free_ char *gitlab = format("gitlab");

	(void)state;
	assert_in(junit, "failures=\"1\"");
	assert_in(junit,
		"<system-out>file:4: note: " NEEDS_KILL "; accepted until 2027-01-01 by me: it must\n</system-out>");
	assert_in(junit,
		"<testcase classname=\"base.yaml\" name=\"what is accepted of web is needed\" file=\"base.yaml\" line=\"3\">");
	assert_in(github, "::error file=file,line=4,title=leastcap::shop-web-1: needs CHOWN");
	assert_in(github, "::notice file=file,line=4,title=leastcap::" NEEDS_KILL "; accepted until");
	assert_in(github, "::notice file=base.yaml,line=3,title=leastcap::web: nothing needs NET_RAW");
	assert_in(gitlab, "\"severity\": \"info\"");
	assert_in(gitlab, "\"severity\": \"major\"");
	assert_in(gitlab, "\"path\": \"base.yaml\"");
}

static void a_container_is_told_by_its_workload_too(void **state)
{
	static const char manifest[] =
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec: {template: {spec: {containers: [{name: web, securityContext: {capabilities: {drop: [ALL]}}}]}}}\n";
	struct lc_profile profile = {0};
	_cleanup_free_ char *lines = NULL;
	size_t failures;

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_KILL))->pod = copy("shop-7d9c5b5f4-x2v9k");
	lines = check_under(
		manifest, "accepted:\n" ENTRY("shop/web", "KILL", "2027-01-01"), JULY, &profile, &usual, &failures);
	assert_int_equal(failures, 0);
	assert_non_null(strstr(lines, "accepted until"));
}

static void what_is_no_baseline_is_refused_with_its_line(void **state)
{
	(void)state;
	assert_refused("", "base.yaml:1: a baseline is a list called accepted, and nothing else");
	assert_refused("ignored: []\n", "base.yaml:1: a baseline is a list called accepted, and nothing else");
	assert_refused("accepted: x\n", "base.yaml:1: accepted must be a list");
	assert_refused("accepted:\n- web\n", "base.yaml:2: an entry has name, capabilities, reason, owner and expires");
	assert_refused("accepted:\n- nme: web\n", "base.yaml:2: an entry has no 'nme'; did you mean 'name'?");
	assert_refused("accepted:\n- name: web\n  name: db\n", "base.yaml:3: name stands there twice");
	assert_refused("accepted:\n- name: web\n  capabilities: [KILL]\n",
		"base.yaml:2: reason is missing: it says why that is accepted");
	assert_refused("accepted:\n- name: web\n  owner: ' '\n", "base.yaml:3: owner must say who answers for that");
	assert_refused("accepted:\n- capabilities: []\n", "base.yaml:2: capabilities must be a list: [NET_RAW]");
	assert_refused(
		"accepted:\n- capabilities: [all]\n", "base.yaml:2: ALL would accept anything: name each capability");
	assert_refused("accepted:\n- capabilities: [SETUDI]\n",
		"base.yaml:2: no capability is called 'SETUDI'; did you mean SETUID?");
	assert_refused("accepted: []\n---\nx: y\n", "base.yaml:3: a second document: a baseline is one");
}

static void a_day_that_there_is_not_is_refused(void **state)
{
	static const char *const days[] = {
		"2026-02-30", "2026-13-01", "31.12.2026", "2026-1-1", "2026-12-31T00:00", "soon"};

	(void)state;
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		char text[64], expected[96];

		snprintf(text, sizeof(text), "accepted:\n- expires: '%s'\n", days[i]);
		snprintf(expected, sizeof(expected), "base.yaml:2: '%s' is no day: write 2026-12-31", days[i]);
		assert_refused(text, expected);
	}
}

static void a_hostile_text_stays_on_its_line(void **state)
{
	(void)state;
	assert_says(
		"accepted:\n- {name: web, capabilities: [KILL], reason: \"\\e[2J\\n::error::\", owner: \"\\x07\", expires: 2027-01-01}\n",
		JULY, LC_CAP_BIT(CAP_KILL), &usual, 0,
		"file:4: note: " NEEDS_KILL "; accepted until 2027-01-01 by \\x07: \\033[2J\\n::error::\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_accepted_fails_no_more),
		cmocka_unit_test(what_has_expired_fails_and_says_so),
		cmocka_unit_test(one_that_still_holds_counts_more_than_one_that_has_expired),
		cmocka_unit_test(nothing_else_is_accepted),
		cmocka_unit_test(an_entry_that_nothing_needs_is_told_and_strict_takes_none),
		cmocka_unit_test(an_entry_for_nobody_is_told_and_one_for_whom_was_not_recorded_is_not),
		cmocka_unit_test(what_is_allowed_and_nothing_needed_can_be_accepted_in_part),
		cmocka_unit_test(what_is_allowed_is_not_called_stale_where_nobody_looked),
		cmocka_unit_test(json_has_the_entry_that_accepts),
		cmocka_unit_test(sarif_has_it_as_a_suppression_and_none_for_the_others),
		cmocka_unit_test(the_other_formats_have_it_as_a_note),
		cmocka_unit_test(a_container_is_told_by_its_workload_too),
		cmocka_unit_test(what_is_no_baseline_is_refused_with_its_line),
		cmocka_unit_test(a_day_that_there_is_not_is_refused),
		cmocka_unit_test(a_hostile_text_stays_on_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
