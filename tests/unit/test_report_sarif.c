/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the sarif report. */
#include "render.h"

#include <leastcap/cleanup.h>
#include <leastcap/facts.h>
#include <leastcap/sarif.h>

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

static void what_is_held_beyond_the_list_is_one_alert_and_each_dangerous_one_another(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", "nginx:1.22", NULL, LC_CAP_BIT(CAP_CHOWN));
	json_t *root;
	json_t *run;

	(void)state;
	web->unused = LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_SYS_ADMIN);
	web->granted = web->unused | web->cap_add | LC_CAP_BIT(CAP_SYS_NICE) | LC_CAP_BIT(CAP_BPF);
	run = read_run(&profile, &root);
	assert_int_equal(count(run), 3);
	assert_result(run, 0, "CAP_SYS_ADMIN", "error",
		"web (nginx:1.22) was granted SYS_ADMIN and never asked for it. What it needs: --cap-drop=ALL --cap-add=CHOWN");
	assert_result(run, 1, "CAP_BPF", "error",
		"web (nginx:1.22) was granted BPF and did nothing that depended on it. What it needs: --cap-drop=ALL --cap-add=CHOWN");
	assert_result(run, 2, "BEYOND_NEED", "warning",
		"web (nginx:1.22) was granted KILL, SYS_NICE and needed none of them. What it needs: --cap-drop=ALL --cap-add=CHOWN");
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

static void what_was_refused_is_a_notification_and_no_alert(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);
	struct lc_check *check;
	json_t *root;
	json_t *run;

	(void)state;
	web->wanted = LC_CAP_BIT(CAP_SYS_ADMIN);
	check = add_evidence(web, CAP_SYS_ADMIN, LC_CLASS_BLOCKED, 1, "/bin/mount", "mount", "/mnt");
	check->verdict = LC_VERDICT_DENIED;
	run = read_run(&profile, &root);
	assert_int_equal(count(run), 0);
	assert_string_equal(notification(run),
		"web: what it wanted was denied: to try again, add SYS_ADMIN (leastcap report says why)");
	json_decref(root);
}

static void brackets_in_a_message_make_no_link(void **state)
{
	struct lc_profile profile = {0};
	json_t *root;
	json_t *run;

	(void)state;
	add_container(&profile, "a[1](x)\\", NULL, NULL, 0)->unused = LC_CAP_BIT(CAP_KILL);
	run = read_run(&profile, &root);
	assert_result(run, 0, "BEYOND_NEED", "warning", "a\\[1\\](x)\\\\ was granted KILL and did not need it.");
	json_decref(root);
}

static void a_privileged_container_is_an_error_and_what_it_holds_no_other(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;
	json_t *root;
	json_t *run;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL, 0);
	web->privileged = true;
	web->unused = web->granted = UINT64_C(0x1ffffffffff);
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
	uint64_t dangerous = lc_dangerous_set();
	size_t index;
	json_t *rule;

	(void)state;
	add_container(&profile, "a", NULL, NULL, 0)->unused = UINT64_C(0x1ffffffffff);
	add_container(&profile, "b", NULL, NULL, 0)->unused = UINT64_C(0x1ffffffffff);
	rules = json_object_get(json_object_get(json_object_get(read_run(&profile, &root), "tool"), "driver"), "rules");
	assert_int_equal(json_array_size(rules), __builtin_popcountll(lc_dangerous_set()) + 1);
	json_array_foreach(rules, index, rule)
	{
		char name[LC_CAP_NAME_SIZE];
		char id[LC_CAP_NAME_SIZE + 4];
		int cap = lc_cap_take(&dangerous);

		snprintf(id, sizeof(id), "CAP_%s", cap < 0 ? "" : lc_cap_name(cap, name));
		assert_string_equal(json_string_value(json_object_get(rule, "id")), cap < 0 ? "BEYOND_NEED" : id);
		assert_non_null(strstr(member(rule, "help", "text"), "Why it is dangerous: "));
		assert_non_null(strstr(member(rule, "help", "markdown"), "**Instead**: "));
	}
	json_decref(root);
}

static void a_capability_that_nobody_knows_is_named_too(void **state)
{
	struct lc_profile profile = {0};
	json_t *root;
	json_t *run;

	(void)state;
	add_container(&profile, "a", NULL, NULL, 0)->unused = LC_CAP_BIT(62);
	run = read_run(&profile, &root);
	assert_result(run, 0, "BEYOND_NEED", "warning", "a was granted CAP_62 and did not need it.");
	json_decref(root);
}

/* Code scanning tells an old alert from a new one by it. */
static void a_fingerprint_names_the_target_the_capability_and_the_finding(void **state)
{
	struct lc_profile profile = {0};
	json_t *root;
	json_t *result;

	(void)state;
	add_container(&profile, "shop-web-1", "nginx:1.22", "web", 0)->unused = LC_CAP_BIT(CAP_SYS_ADMIN);
	result = json_array_get(json_object_get(read_run(&profile, &root), "results"), 0);
	assert_string_equal(member(result, "partialFingerprints", "leastcapFinding/v1"),
		"shop/web/shop-web-1:unused:CAP_SYS_ADMIN");
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

static void alerts_are_shown_where_the_file_has_the_target_and_none_of_whom_it_does_not_know(void **state)
{
	const struct lc_sarif_place places[] = {{.path = "/nowhere/compose.yaml", .line = 7}, {0}};
	struct lc_profile profile = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	json_t *root;
	json_t *location;
	json_t *results;

	(void)state;
	add_container(&profile, "web", "nginx", "web", 0)->unused = LC_CAP_BIT(CAP_KILL);
	add_container(&profile, "other", "nginx", NULL, 0)->unused = LC_CAP_BIT(CAP_KILL);
	assert_int_equal(lc_sarif_report(&profile, places, &text), 0);
	root = json_loads(text.text, 0, NULL);
	results = json_object_get(json_array_get(json_object_get(root, "runs"), 0), "results");
	assert_int_equal(json_array_size(results), 1);
	location = json_object_get(
		json_array_get(json_object_get(json_array_get(results, 0), "locations"), 0), "physicalLocation");
	assert_int_equal(json_integer_value(json_object_get(json_object_get(location, "region"), "startLine")), 7);
	assert_string_equal(member(location, "artifactLocation", "uri"), "%2Fnowhere/compose.yaml");
	json_decref(root);
	lc_profile_clear(&profile);
}

static void what_of_the_hosts_is_open_is_an_alert_each(void **state)
{
	static const struct lc_hazard hazards[] = {{.kind = LC_HAZARD_SOCKET, .points = 100},
		{.kind = LC_HAZARD_FILES, .points = 20}, {.kind = LC_HAZARD_CAPABILITY, .points = 20},
		{.kind = LC_HAZARD_SETUID, .points = 3}};
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", "nginx:1.22", NULL, 0);
	json_t *root, *run;

	(void)state;
	web->rating.level = LC_RATING_DANGEROUS;
	for (size_t i = 0; i < sizeof(hazards) / sizeof(hazards[0]); i++) {
		struct lc_hazard hazard = hazards[i];

		hazard.about = strdup(i == 0 ? "/run/docker.sock" : "/etc");
		hazard.where = strdup("/here");
		hazard.why = strdup("It [is].");
		assert_int_equal(lc_target_add_hazard(web, &hazard), 0);
	}
	run = read_run(&profile, &root);
	assert_int_equal(count(run), 2);
	assert_result(run, 0, "HOST_OPEN", "error", "web (nginx:1.22): /run/docker.sock at /here: It \\[is\\].");
	assert_result(run, 1, "HOST_OPEN", "warning", "web (nginx:1.22): /etc at /here: It \\[is\\].");
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_held_beyond_the_list_is_one_alert_and_each_dangerous_one_another),
		cmocka_unit_test(what_was_refused_is_a_notification_and_no_alert),
		cmocka_unit_test(brackets_in_a_message_make_no_link),
		cmocka_unit_test(a_privileged_container_is_an_error_and_what_it_holds_no_other),
		cmocka_unit_test(each_rule_stands_once_and_is_explained),
		cmocka_unit_test(a_capability_that_nobody_knows_is_named_too),
		cmocka_unit_test(a_fingerprint_names_the_target_the_capability_and_the_finding),
		cmocka_unit_test(a_location_is_the_target_and_a_relative_reference_to_its_image),
		cmocka_unit_test(lost_checks_are_a_notification),
		cmocka_unit_test(an_empty_recording_is_a_notification_and_no_result),
		cmocka_unit_test(nothing_is_said_about_need_where_nobody_watched),
		cmocka_unit_test(alerts_are_shown_where_the_file_has_the_target_and_none_of_whom_it_does_not_know),
		cmocka_unit_test(what_of_the_hosts_is_open_is_an_alert_each),
	};

	return cmocka_run_group_tests_name("report_sarif", tests, NULL, NULL);
}
