/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the oci report. */
#include "render.h"

#include <jansson.h>

static const struct lc_style plain = {.columns = 80};

static void root_holds_the_list_and_inherits_nothing(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", "nginx", NULL, LC_CAP_BIT(CAP_CHOWN));
	assert_report(&profile, "oci", &plain,
		"{\n"
		"  \"notices\": [],\n"
		"  \"containers\": {\n"
		"    \"web\": {\n"
		"      \"process\": {\n"
		"        \"capabilities\": {\n"
		"          \"bounding\": [\n"
		"            \"CAP_CHOWN\"\n"
		"          ],\n"
		"          \"effective\": [\n"
		"            \"CAP_CHOWN\"\n"
		"          ],\n"
		"          \"permitted\": [\n"
		"            \"CAP_CHOWN\"\n"
		"          ],\n"
		"          \"inheritable\": [],\n"
		"          \"ambient\": []\n"
		"        }\n"
		"      }\n"
		"    }\n"
		"  },\n"
		"  \"notes\": {}\n"
		"}\n");
}

/* PROFILE's report as JSON; PROFILE is freed. */
static json_t *read_report(struct lc_profile *profile)
{
	char *text = render(profile, "oci", &plain);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(root);
	free(text);
	lc_profile_clear(profile);
	return root;
}

/* Asserts that SET of the container called NAME is CAP (NULL: empty). */
static void assert_set(const json_t *root, const char *name, const char *set, const char *cap)
{
	json_t *container = json_object_get(json_object_get(root, "containers"), name);
	json_t *capabilities = json_object_get(json_object_get(container, "process"), "capabilities");
	json_t *list = json_object_get(capabilities, set);

	assert_true(json_is_array(list));
	assert_int_equal(json_array_size(list), cap ? 1 : 0);
	if (cap)
		assert_string_equal(json_string_value(json_array_get(list, 0)), cap);
}

static void another_user_holds_its_list_as_ambient(void **state)
{
	static const char *const sets[] = {"bounding", "effective", "permitted", "inheritable", "ambient"};
	struct lc_profile profile = {0};
	json_t *root;

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_KILL))->user = strdup("33:33");
	root = read_report(&profile);
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		assert_set(root, "web", sets[i], "CAP_KILL");
	json_decref(root);
}

static void what_an_executable_brings_is_in_the_bounding_set_only(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_NET_RAW));
	json_t *root;

	(void)state;
	web->user = strdup("33:33");
	add_evidence(web, CAP_NET_RAW, LC_CLASS_IMPLIED, 1, "/bin/sh", "execve", "/bin/ping")->source = LC_SOURCE_FILE;
	root = read_report(&profile);
	assert_set(root, "web", "bounding", "CAP_NET_RAW");
	assert_set(root, "web", "permitted", NULL);
	assert_set(root, "web", "ambient", NULL);
	json_decref(root);
}

static void containers_of_one_name_are_united(void **state)
{
	struct lc_profile profile = {0};
	json_t *root;

	(void)state;
	add_container(&profile, "a\xff", NULL, NULL, LC_CAP_BIT(CAP_CHOWN))->verify = LC_CAP_BIT(CAP_CHOWN);
	add_container(&profile, "a\xfe", NULL, NULL, 0);
	add_container(&profile, "b", NULL, NULL, 0);
	root = read_report(&profile);
	assert_int_equal(json_object_size(json_object_get(root, "containers")), 2);
	assert_set(root, "a\xef\xbf\xbd", "bounding", "CAP_CHOWN");
	assert_string_equal(json_string_value(json_object_get(json_object_get(root, "notes"), "a\xef\xbf\xbd")),
		"CHOWN may be survivable: verify by a run without it");
	json_decref(root);
}

static void hostile_names_stay_strings_and_reach_no_terminal(void **state)
{
	static const char name[] = "a\": {}, \n\033[2J\xe2\x80\xae\\";
	struct lc_profile profile = {0};
	json_t *root;
	char *text;

	(void)state;
	add_container(&profile, name, NULL, NULL, 0);
	text = render(&profile, "oci", &plain);
	for (const char *c = text; *c; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c < 0x7f));
	free(text);
	root = read_report(&profile);
	assert_set(root, name, "bounding", NULL);
	json_decref(root);
}

static void what_is_missing_is_a_notice(void **state)
{
	struct lc_profile profile = {.lost = 3};

	(void)state;
	assert_report(&profile, "oci", &plain,
		"{\n"
		"  \"notices\": [\n"
		"    \"INCOMPLETE: 3 checks were lost: a list may lack a capability\",\n"
		"    \"nothing was recorded of any container, and checks were lost: record again\"\n"
		"  ],\n"
		"  \"containers\": {},\n"
		"  \"notes\": {}\n"
		"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(root_holds_the_list_and_inherits_nothing),
		cmocka_unit_test(another_user_holds_its_list_as_ambient),
		cmocka_unit_test(what_an_executable_brings_is_in_the_bounding_set_only),
		cmocka_unit_test(containers_of_one_name_are_united),
		cmocka_unit_test(hostile_names_stay_strings_and_reach_no_terminal),
		cmocka_unit_test(what_is_missing_is_a_notice),
	};

	return cmocka_run_group_tests_name("report_oci", tests, NULL, NULL);
}
