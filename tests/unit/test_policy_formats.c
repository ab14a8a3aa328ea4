/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the formats in which programs take the result of a check. */
#include "render.h"

#include <leastcap/cleanup.h>
#include <leastcap/json.h>
#include <leastcap/policy.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_TEXT "services:\n  web:\n    cap_drop: [ALL]\n  db: {}\n"

static const struct lc_policy_format *find_format(const char *name)
{
	for (const struct lc_policy_format *const *format = lc_policy_formats(); *format; format++) {
		if (!strcmp((*format)->name, name))
			return *format;
	}
	fail_msg("there is no format %s", name);
	return NULL;
}

/* What FORMAT prints of PROFILE, which is cleared, under TEXT at PATH. Caller frees. */
static char *format_at(const char *path, const char *text, struct lc_profile *profile, const char *format)
{
	static const struct lc_policy_rules rules = {.counts = {[LC_FINDING_UNKNOWN] = true,
							     [LC_FINDING_NEEDED] = true,
							     [LC_FINDING_WANTED] = true,
							     [LC_FINDING_PARTIAL] = true,
							     [LC_FINDING_UNPROVEN] = true,
							     [LC_FINDING_UNTOLD] = true}};
	_cleanup_(lc_policy_clear) struct lc_policy policy = {0};
	_cleanup_(lc_findings_clear) struct lc_findings findings = {0};
	_cleanup_free_ bool *known = NULL;
	_cleanup_free_ char *message = NULL;
	struct lc_strbuf out = {0};

	assert_int_equal(
		lc_policy_parse(&policy, &(const struct lc_policy_reading){.path = path}, text, strlen(text), &message),
		0);
	known = lc_policy_known(&policy, profile);
	assert_int_equal(lc_policy_check(&policy, profile, &rules, &findings), 0);
	assert_int_equal(find_format(format)->render(
				 &(const struct lc_policy_result){
					 .policy = &policy, .profile = profile, .findings = &findings, .known = known},
				 &out),
		0);
	lc_profile_clear(profile);
	return lc_strbuf_steal(&out);
}

/* A container of PROFILE's with a list that counts as proven. */
static struct lc_target *add_proven(struct lc_profile *profile, const char *name, const char *service, uint64_t caps)
{
	struct lc_target *target = add_container(profile, name, "nginx", service, caps);

	target->proof = calloc(1, sizeof(*target->proof));
	return target;
}

static json_t *read_json(char *text)
{
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(root);
	free(text);
	return root;
}

/* What the PATH of keys and numbers ("findings", "0", "kind") leads to in ROOT. */
static json_t *at(json_t *root, const char *const *path)
{
	for (; *path; path++)
		root = json_is_array(root) ? json_array_get(root, strtoul(*path, NULL, 10))
					   : json_object_get(root, *path);
	return root;
}

#define AT(root, ...)   at(root, (const char *const[]){__VA_ARGS__, NULL})
#define TEXT(root, ...) json_string_value(AT(root, __VA_ARGS__))

static void test_json_says_what_passed_and_what_was_not_recorded(void **state)
{
	struct lc_profile profile = {0};
	_cleanup_json_ json_t *root = NULL;

	(void)state;
	add_proven(&profile, "shop-web-1", "web", 0);
	root = read_json(format_at("compose.yaml", FILE_TEXT, &profile, "json"));
	assert_string_equal(TEXT(root, "schema"), "leastcap-check/1");
	assert_string_equal(TEXT(root, "kind"), "compose");
	assert_true(json_is_true(AT(root, "passed")));
	assert_int_equal(json_array_size(AT(root, "findings")), 0);
	assert_string_equal(TEXT(root, "entries", "1", "name"), "db");
	assert_int_equal(json_integer_value(AT(root, "entries", "1", "line")), 4);
	assert_true(json_is_true(AT(root, "entries", "0", "recorded")));
	assert_true(json_is_false(AT(root, "entries", "1", "recorded")));
}

static void test_json_has_what_was_found_where_and_of_whom(void **state)
{
	struct lc_profile profile = {0};
	_cleanup_json_ json_t *root = NULL;

	(void)state;
	add_proven(&profile, "shop-web-1", "web", LC_CAP_BIT(CAP_CHOWN));
	root = read_json(format_at("compose.yaml", FILE_TEXT, &profile, "json"));
	assert_true(json_is_false(AT(root, "passed")));
	assert_int_equal(json_array_size(AT(root, "findings")), 1);
	assert_string_equal(TEXT(root, "findings", "0", "kind"), "needed");
	assert_true(json_is_true(AT(root, "findings", "0", "fails")));
	assert_string_equal(TEXT(root, "findings", "0", "capabilities", "0"), "CHOWN");
	assert_string_equal(TEXT(root, "findings", "0", "target", "name"), "shop-web-1");
	assert_string_equal(TEXT(root, "findings", "0", "where"), "service web");
	assert_int_equal(json_integer_value(AT(root, "findings", "0", "line")), 2);
}

static void test_what_lacks_checks_has_not_passed(void **state)
{
	struct lc_profile profile = {.lost = 3};
	_cleanup_json_ json_t *root = NULL;

	(void)state;
	add_proven(&profile, "shop-web-1", "web", 0);
	root = read_json(format_at("compose.yaml", FILE_TEXT, &profile, "json"));
	assert_true(json_is_false(AT(root, "passed")));
	assert_string_equal(TEXT(root, "incomplete"), "INCOMPLETE: 3 checks were lost: a list may lack a capability");
}

static void test_junit_has_a_case_for_each_service_and_each_that_the_file_does_not_know(void **state)
{
	struct lc_profile profile = {.lost = 3};
	_cleanup_free_ char *text = NULL;

	(void)state;
	add_proven(&profile, "shop-web-1", "web", LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL));
	add_proven(&profile, "mail", NULL, 0);
	text = format_at("a&b.yaml", FILE_TEXT, &profile, "junit");
	assert_non_null(strstr(
		text, "<testsuite name=\"leastcap check\" tests=\"4\" failures=\"2\" errors=\"1\" skipped=\"1\">"));
	assert_non_null(strstr(text,
		"<testcase classname=\"a&amp;b.yaml\" name=\"service web\" file=\"a&amp;b.yaml\" line=\"2\">\n      <failure type=\"needed\" message=\"shop-web-1 (nginx): needs CHOWN, "));
	assert_non_null(strstr(text, "a&amp;b.yaml:2: shop-web-1 (nginx): needs KILL, "));
	assert_non_null(strstr(text,
		"name=\"service db\" file=\"a&amp;b.yaml\" line=\"4\">\n      <skipped message=\"was not recorded\"/>"));
	assert_non_null(strstr(text, "name=\"mail\" file=\"a&amp;b.yaml\">\n      <failure type=\"unknown\""));
	assert_non_null(strstr(text, "<error message=\"INCOMPLETE: 3 checks were lost"));
}

static void test_junit_has_notes_that_fail_nothing_and_no_hostile_markup(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_proven(&profile, "shop-web-1", "web", 0);
	_cleanup_free_ char *text = NULL;

	(void)state;
	target->wanted = LC_CAP_BIT(CAP_SYS_RESOURCE);
	add_evidence(target, CAP_SYS_RESOURCE, LC_CLASS_BLOCKED, 1, "/bin/<a>\"\001&\xff", "setrlimit", NULL)->verdict =
		LC_VERDICT_DENIED;
	text = format_at("compose.yaml", FILE_TEXT, &profile, "junit");
	assert_non_null(strstr(text, "failures=\"0\""));
	assert_non_null(strstr(text,
		"<system-out>compose.yaml:2: note: shop-web-1 (nginx): was denied SYS_RESOURCE, which is not allowed and which it may do without: /bin/&lt;a&gt;&quot;\\x01&amp;\\xff setrlimit"));
}

static void test_sarif_has_one_alert_for_each_finding_of_a_service_and_none_for_notes(void **state)
{
	struct lc_profile profile = {0};
	_cleanup_json_ json_t *root = NULL;
	json_t *results;

	(void)state;
	for (int i = 1; i <= 3; i++) {
		char name[] = "shop-web-N";
		struct lc_target *target;

		name[9] = (char)('0' + i);
		target = add_proven(&profile, name, "web", LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL));
		target->wanted = LC_CAP_BIT(CAP_SYS_RESOURCE);
		add_evidence(target, CAP_SYS_RESOURCE, LC_CLASS_BLOCKED, 1, "/bin/a", "setrlimit", NULL)->verdict =
			LC_VERDICT_DENIED;
	}
	root = read_json(format_at("compose.yaml", FILE_TEXT, &profile, "sarif"));
	results = AT(root, "runs", "0", "results");
	assert_int_equal(json_array_size(results), 2);
	assert_string_equal(TEXT(results, "0", "ruleId"), "CAP_CHOWN");
	assert_string_equal(TEXT(results, "0", "level"), "error");
	assert_string_equal(
		TEXT(results, "0", "partialFingerprints", "leastcapFinding/v1"), "service web:needed:CAP_CHOWN");
	assert_string_equal(TEXT(results, "1", "ruleId"), "CAP_KILL");
	assert_int_equal(
		json_integer_value(AT(results, "1", "locations", "0", "physicalLocation", "region", "startLine")), 2);
}

static void test_sarif_has_alerts_that_are_about_no_capability(void **state)
{
	struct lc_profile profile = {0};
	_cleanup_json_ json_t *root = NULL;
	json_t *results;

	(void)state;
	add_container(&profile, "shop-web-1", "nginx", "web", 0)->seen.from = LC_SEEN_FROM_RUNNING;
	add_proven(&profile, "mail", NULL, 0);
	root = read_json(format_at(
		"compose.yaml", "services:\n  web:\n    cap_drop: [ALL]\n    privileged: ${X}\n", &profile, "sarif"));
	results = AT(root, "runs", "0", "results");
	assert_int_equal(json_array_size(results), 4);
	assert_string_equal(TEXT(results, "0", "ruleId"), "UNKNOWN");
	assert_string_equal(TEXT(results, "1", "ruleId"), "PARTIAL");
	assert_string_equal(TEXT(results, "2", "ruleId"), "UNPROVEN");
	assert_string_equal(TEXT(results, "3", "ruleId"), "UNTOLD");
	assert_string_equal(
		TEXT(results, "3", "message", "text"), "1 value is not known from the file alone: --strict takes none");
}

static void test_github_has_a_command_for_each_finding_of_a_service(void **state)
{
	struct lc_profile profile = {.lost = 3};
	_cleanup_free_ char *text = NULL;
	const char *line;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct lc_target *target = add_proven(&profile, "shop-web-1", "web", LC_CAP_BIT(CAP_CHOWN));

		target->wanted = LC_CAP_BIT(CAP_SYS_RESOURCE);
		add_evidence(target, CAP_SYS_RESOURCE, LC_CLASS_BLOCKED, 1, "/bin/%\n::a", "setrlimit", NULL)->verdict =
			LC_VERDICT_DENIED;
	}
	text = format_at("a,b:c.yaml", FILE_TEXT, &profile, "github");
	line = strstr(
		text, "::error file=a%2Cb%3Ac.yaml,line=2,title=leastcap::shop-web-1 (nginx): needs CHOWN, which");
	assert_ptr_equal(line, text);
	line = strchr(line, '\n') + 1;
	assert_ptr_equal(
		strstr(line,
			"::notice file=a%2Cb%3Ac.yaml,line=2,title=leastcap::shop-web-1 (nginx): was denied SYS_RES"),
		line);
	assert_non_null(strstr(line, ": /bin/%25\\n::a setrlimit"));
	line = strchr(line, '\n') + 1;
	assert_string_equal(line,
		"::warning file=a%2Cb%3Ac.yaml,title=leastcap::INCOMPLETE: 3 checks were lost: a list may lack a capability\n");
}

static void test_github_says_that_all_keep_within_the_file(void **state)
{
	struct lc_profile profile = {0};
	_cleanup_free_ char *text = NULL;

	(void)state;
	add_proven(&profile, "shop-web-1", "web", 0);
	text = format_at("compose.yaml", FILE_TEXT, &profile, "github");
	assert_string_equal(text,
		"::notice file=compose.yaml,title=leastcap::1 service keeps within compose.yaml; 1 was not recorded: db\n");
}

static void test_gitlab_has_an_issue_for_each_finding_with_how_bad_it_is(void **state)
{
	struct lc_profile profile = {.lost = 3};
	struct lc_target *target;
	_cleanup_json_ json_t *root = NULL;

	(void)state;
	add_proven(&profile, "shop-web-1", "web", LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SYS_ADMIN));
	target = add_proven(&profile, "shop-web-2", "web", LC_CAP_BIT(CAP_CHOWN));
	target->wanted = LC_CAP_BIT(CAP_SYS_RESOURCE);
	add_evidence(target, CAP_SYS_RESOURCE, LC_CLASS_BLOCKED, 1, "/bin/a", "setrlimit", NULL)->verdict =
		LC_VERDICT_DENIED;
	add_proven(&profile, "mail", NULL, 0);
	root = read_json(format_at("compose.yaml", FILE_TEXT, &profile, "gitlab"));
	assert_int_equal(json_array_size(root), 5);
	assert_string_equal(TEXT(root, "0", "severity"), "major");
	assert_string_equal(TEXT(root, "0", "check_name"), "leastcap-needed");
	assert_string_equal(TEXT(root, "0", "location", "path"), "compose.yaml");
	assert_int_equal(json_integer_value(AT(root, "0", "location", "lines", "begin")), 2);
	assert_string_equal(TEXT(root, "1", "severity"), "critical");
	assert_string_equal(TEXT(root, "2", "severity"), "info");
	assert_string_equal(TEXT(root, "3", "check_name"), "leastcap-unknown");
	assert_string_equal(TEXT(root, "3", "severity"), "minor");
	assert_string_equal(
		TEXT(root, "4", "description"), "INCOMPLETE: 3 checks were lost: a list may lack a capability");
	for (size_t i = 0; i < 5; i++) {
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(
				json_string_value(json_object_get(json_array_get(root, i), "fingerprint")),
				json_string_value(json_object_get(json_array_get(root, j), "fingerprint")));
	}
}

/* The fingerprint of the only issue of the container called NAME, of service web, under TEXT. Caller frees. */
static char *fingerprint_of(const char *name, const char *text)
{
	struct lc_profile profile = {0};
	_cleanup_json_ json_t *root = NULL;

	add_proven(&profile, name, "web", LC_CAP_BIT(CAP_CHOWN));
	root = read_json(format_at("compose.yaml", text, &profile, "gitlab"));
	assert_int_equal(json_array_size(root), 1);
	return strdup(TEXT(root, "0", "fingerprint"));
}

static void test_gitlab_knows_an_issue_again_in_the_next_run(void **state)
{
	_cleanup_free_ char *first = fingerprint_of("shop-web-1", FILE_TEXT);
	_cleanup_free_ char *moved = fingerprint_of("shop-web-7", "# a comment\n" FILE_TEXT);

	(void)state;
	assert_string_equal(first, moved);
}

/* The place of the only alert of FILE_TEXT at PATH. Caller frees. */
static char *uri_of(const char *path)
{
	struct lc_profile profile = {0};
	_cleanup_json_ json_t *root = NULL;

	add_proven(&profile, "shop-web-1", "web", LC_CAP_BIT(CAP_CHOWN));
	root = read_json(format_at(path, FILE_TEXT, &profile, "sarif"));
	return strdup(TEXT(
		root, "runs", "0", "results", "0", "locations", "0", "physicalLocation", "artifactLocation", "uri"));
}

static void assert_uri(const char *path, const char *expected)
{
	_cleanup_free_ char *uri = uri_of(path);

	assert_string_equal(uri, expected);
}

static void test_a_place_is_what_code_scanning_looks_up_from_the_root_of_the_repository(void **state)
{
	char directory[] = "/tmp/leastcap-places-XXXXXX";
	_cleanup_free_ char *here = getcwd(NULL, 0);
	_cleanup_free_ char *outside = NULL;

	(void)state;
	assert_non_null(mkdtemp(directory));
	assert_return_code(chdir(directory), errno);
	assert_return_code(mkdir("shop", 0700) | mkdir("shop/tests", 0700), errno);
	fclose(fopen("shop/my compose.yaml", "w"));
	assert_return_code(chdir("shop/tests"), errno);
	assert_true(asprintf(&outside, "file://%s/shop/my%%20compose.yaml", directory) > 0);
	assert_uri("../my compose.yaml", outside);
	assert_uri("not-there.yaml", "not-there.yaml");
	assert_return_code(chdir(".."), errno);
	assert_uri("./my compose.yaml", "my%20compose.yaml");
	assert_return_code(mkdir("../.git", 0700), errno);
	assert_uri("./my compose.yaml", "shop/my%20compose.yaml");
	assert_return_code(chdir("tests"), errno);
	assert_uri("../my compose.yaml", "shop/my%20compose.yaml");
	assert_return_code(chdir(directory), errno);
	assert_return_code(unlink("shop/my compose.yaml") | rmdir("shop/tests") | rmdir("shop") | rmdir(".git"), errno);
	assert_return_code(chdir(here), errno);
	assert_return_code(rmdir(directory), errno);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_json_says_what_passed_and_what_was_not_recorded),
		cmocka_unit_test(test_json_has_what_was_found_where_and_of_whom),
		cmocka_unit_test(test_what_lacks_checks_has_not_passed),
		cmocka_unit_test(test_junit_has_a_case_for_each_service_and_each_that_the_file_does_not_know),
		cmocka_unit_test(test_junit_has_notes_that_fail_nothing_and_no_hostile_markup),
		cmocka_unit_test(test_sarif_has_one_alert_for_each_finding_of_a_service_and_none_for_notes),
		cmocka_unit_test(test_sarif_has_alerts_that_are_about_no_capability),
		cmocka_unit_test(test_github_has_a_command_for_each_finding_of_a_service),
		cmocka_unit_test(test_github_says_that_all_keep_within_the_file),
		cmocka_unit_test(test_gitlab_has_an_issue_for_each_finding_with_how_bad_it_is),
		cmocka_unit_test(test_gitlab_knows_an_issue_again_in_the_next_run),
		cmocka_unit_test(test_a_place_is_what_code_scanning_looks_up_from_the_root_of_the_repository),
	};

	return cmocka_run_group_tests_name("policy_formats", tests, NULL, NULL);
}
