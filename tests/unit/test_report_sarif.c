/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the sarif report. */
#include "render.h"

#include <jansson.h>
#include <stdio.h>

static const struct lc_style plain = {.columns = 80};

/* The only run in PROFILE's report; PROFILE is freed, the caller frees *ROOT. */
static json_t *read_run(struct lc_profile *profile, json_t **root)
{
	char *text = render(profile, "sarif", &plain);

	*root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(*root);
	for (const char *c = text; *c; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c < 0x7f));
	free(text);
	lc_profile_clear(profile);
	assert_int_equal(json_array_size(json_object_get(*root, "runs")), 1);
	return json_array_get(json_object_get(*root, "runs"), 0);
}

/* The string in RESULT's member KEY of its member OUTER. */
static const char *member(const json_t *result, const char *outer, const char *key)
{
	return json_string_value(json_object_get(json_object_get(result, outer), key));
}

/* Asserts that result INDEX of RUN is of RULE and LEVEL, and starts with MESSAGE. */
static void assert_result(const json_t *run, size_t index, const char *rule, const char *level, const char *message)
{
	json_t *result = json_array_get(json_object_get(run, "results"), index);
	char *start = strndup(member(result, "message", "text"), strlen(message));

	assert_string_equal(json_string_value(json_object_get(result, "ruleId")), rule);
	assert_string_equal(json_string_value(json_object_get(result, "level")), level);
	assert_string_equal(start, message);
	free(start);
}

static size_t count(const json_t *run)
{
	return json_array_size(json_object_get(run, "results"));
}

static void what_is_held_beyond_the_list_is_a_result_each(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", "nginx:1.22", NULL, LC_CAP_BIT(CAP_CHOWN));
	json_t *root;
	json_t *run;

	(void)state;
	web->unused = LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_SYS_ADMIN);
	web->granted = web->unused | web->cap_add | LC_CAP_BIT(CAP_SYS_NICE);
	run = read_run(&profile, &root);
	assert_int_equal(count(run), 3);
	assert_result(run, 0, "CAP_KILL", "warning",
		"web (nginx:1.22) was granted KILL and never asked for it. What it needs: --cap-drop=ALL --cap-add=CHOWN");
	assert_result(
		run, 1, "CAP_SYS_ADMIN", "error", "web (nginx:1.22) was granted SYS_ADMIN and never asked for it.");
	assert_result(run, 2, "CAP_SYS_NICE", "note",
		"web (nginx:1.22) was granted SYS_NICE and did nothing that depended on it.");
	json_decref(root);
}

static void what_is_wanted_is_a_note_that_says_who_asked(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);
	struct lc_check *check;
	json_t *root;
	json_t *run;

	(void)state;
	web->wanted = LC_CAP_BIT(CAP_SYS_ADMIN);
	check = add_evidence(web, CAP_SYS_ADMIN, LC_CLASS_BLOCKED, 1, "/bin/mount", "mount", "/mnt[1](x)");
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup("EPERM");
	run = read_run(&profile, &root);
	assert_int_equal(count(run), 1);
	assert_result(run, 0, "CAP_SYS_ADMIN", "note",
		"web was denied SYS_ADMIN, and a system call failed for it. It was asked for by /bin/mount mount /mnt\\[1\\](x) \xe2\x86\x92 EPERM. What it needs: --cap-drop=ALL");
	json_decref(root);
}

static void a_privileged_container_is_an_error(void **state)
{
	struct lc_profile profile = {0};
	json_t *root;
	json_t *run;

	(void)state;
	add_container(&profile, "web", NULL, NULL, 0)->privileged = true;
	run = read_run(&profile, &root);
	assert_int_equal(count(run), 1);
	assert_result(run, 0, "PRIVILEGED", "error", "web runs privileged: ");
	json_decref(root);
}

static void each_rule_stands_once_and_is_explained(void **state)
{
	struct lc_profile profile = {0};
	json_t *root;
	json_t *rules;
	size_t index;
	json_t *rule;

	(void)state;
	add_container(&profile, "a", NULL, NULL, 0)->unused = UINT64_C(0x1ffffffffff);
	add_container(&profile, "b", NULL, NULL, 0)->unused = UINT64_C(0x1ffffffffff);
	rules = json_object_get(json_object_get(json_object_get(read_run(&profile, &root), "tool"), "driver"), "rules");
	assert_int_equal(json_array_size(rules), 41);
	json_array_foreach(rules, index, rule)
	{
		char name[LC_CAP_NAME_SIZE];
		char id[LC_CAP_NAME_SIZE + 4];

		snprintf(id, sizeof(id), "CAP_%s", lc_cap_name((int)index, name));
		assert_string_equal(json_string_value(json_object_get(rule, "id")), id);
		assert_non_null(strstr(member(rule, "help", "text"), "Why it is dangerous: "));
		assert_non_null(strstr(member(rule, "help", "markdown"), "**Instead**: "));
	}
	json_decref(root);
}

static void a_capability_that_nobody_knows_has_a_rule_too(void **state)
{
	struct lc_profile profile = {0};
	json_t *root;
	json_t *run;

	(void)state;
	add_container(&profile, "a", NULL, NULL, 0)->unused = LC_CAP_BIT(62);
	run = read_run(&profile, &root);
	assert_result(run, 0, "CAP_62", "warning", "a was granted CAP_62 ");
	json_decref(root);
}

/* Code scanning tells an old alert from a new one by it. */
static void a_fingerprint_names_the_target_the_capability_and_the_finding(void **state)
{
	struct lc_profile profile = {0};
	json_t *root;
	json_t *result;

	(void)state;
	add_container(&profile, "shop-web-1", "nginx:1.22", "web", 0)->unused = LC_CAP_BIT(CAP_KILL);
	result = json_array_get(json_object_get(read_run(&profile, &root), "results"), 0);
	assert_string_equal(
		member(result, "partialFingerprints", "leastcapFinding/v1"), "shop/web/shop-web-1:unused:CAP_KILL");
	json_decref(root);
}

static void a_location_is_the_target_and_a_relative_reference_to_its_image(void **state)
{
	struct lc_profile profile = {0};
	json_t *root;
	json_t *location;
	json_t *logical;

	(void)state;
	add_container(&profile, "a\n\xff", "/x y:1/\"<", NULL, 0)->unused = LC_CAP_BIT(CAP_KILL);
	location = json_array_get(
		json_object_get(json_array_get(json_object_get(read_run(&profile, &root), "results"), 0), "locations"),
		0);
	assert_string_equal(member(json_object_get(location, "physicalLocation"), "artifactLocation", "uri"),
		"%2Fx%20y%3A1/%22%3C");
	logical = json_array_get(json_object_get(location, "logicalLocations"), 0);
	assert_string_equal(json_string_value(json_object_get(logical, "name")), "a\n\xef\xbf\xbd");
	assert_string_equal(json_string_value(json_object_get(logical, "kind")), "container");
	json_decref(root);
}

/* The text of the run's only notification. */
static const char *notification(const json_t *run)
{
	json_t *invocation = json_array_get(json_object_get(run, "invocations"), 0);
	json_t *list = json_object_get(invocation, "toolExecutionNotifications");

	assert_int_equal(json_array_size(list), 1);
	return member(json_array_get(list, 0), "message", "text");
}

static void lost_checks_are_a_notification(void **state)
{
	struct lc_profile profile = {.lost = 3};
	json_t *root;

	(void)state;
	add_container(&profile, "web", NULL, NULL, 0);
	assert_string_equal(notification(read_run(&profile, &root)),
		"INCOMPLETE: 3 checks were lost: a list may lack a capability");
	json_decref(root);
}

static void an_empty_recording_is_a_notification_and_no_result(void **state)
{
	struct lc_profile profile = {0};
	json_t *root;
	json_t *run;

	(void)state;
	run = read_run(&profile, &root);
	assert_int_equal(count(run), 0);
	assert_string_equal(notification(run), "nothing was recorded: no container ran");
	json_decref(root);
}

static void nothing_is_said_about_need_where_nobody_watched(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);
	json_t *root;
	json_t *run;

	(void)state;
	web->granted = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_BPF);
	web->rating.level = LC_RATING_DANGEROUS;
	run = read_run(&profile, &root);
	assert_int_equal(count(run), 1);
	assert_result(run, 0, "CAP_BPF", "error", "web holds BPF; nobody watched whether it uses it.");
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_held_beyond_the_list_is_a_result_each),
		cmocka_unit_test(what_is_wanted_is_a_note_that_says_who_asked),
		cmocka_unit_test(a_privileged_container_is_an_error),
		cmocka_unit_test(each_rule_stands_once_and_is_explained),
		cmocka_unit_test(a_capability_that_nobody_knows_has_a_rule_too),
		cmocka_unit_test(a_fingerprint_names_the_target_the_capability_and_the_finding),
		cmocka_unit_test(a_location_is_the_target_and_a_relative_reference_to_its_image),
		cmocka_unit_test(lost_checks_are_a_notification),
		cmocka_unit_test(an_empty_recording_is_a_notification_and_no_result),
		cmocka_unit_test(nothing_is_said_about_need_where_nobody_watched),
	};

	return cmocka_run_group_tests_name("report_sarif", tests, NULL, NULL);
}
