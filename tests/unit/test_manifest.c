/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the edit of Kubernetes manifests: what changes, what stays, and what is refused. */
#include "render.h"

#include <leastcap/cleanup.h>
#include <leastcap/policy.h>

#include <errno.h>
#include <stdio.h>

#define POD                    "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n"
#define CHOWN                  LC_CAP_BIT(CAP_CHOWN)
#define SETUID                 LC_CAP_BIT(CAP_SETUID)
#define CAPS_OF(indent, entry) indent "capabilities:\n" indent "  drop:\n" indent "  - ALL\n" entry

/* What was said, and what is left, of the last edit. */
static char *said;
static size_t left_over;

/* TEXT after the edit by PROFILE, which is cleared. Caller frees. */
static char *edited(const char *text, struct lc_profile *profile)
{
	_cleanup_(lc_policy_clear) struct lc_policy policy = {0};
	_cleanup_(lc_manifest_clear) struct lc_manifest manifest = {0};
	_cleanup_free_ bool *known = calloc(profile->n_targets + 1, sizeof(*known));
	_cleanup_free_ char *message = NULL;
	struct lc_manifest_result result = {.known = known};
	size_t length;
	FILE *stream;
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = NULL};
	struct lc_log mine = log;
	char *after;

	free(said);
	stream = open_memstream(&said, &length);
	assert_non_null(stream);
	mine.stream = stream;
	if (lc_policy_parse(
		    &policy, &(const struct lc_policy_reading){.path = "m.yaml"}, text, strlen(text), &message) ||
		lc_manifest_parse(&manifest, "m.yaml", text, strlen(text), &message))
		fail_msg("%s", message);
	assert_int_equal(lc_policy_manifest_edits(&policy, &manifest, profile, &mine, &result), 0);
	fclose(stream);
	left_over = result.left;
	after = lc_edits_text(manifest.tree, &result.edits, &length);
	lc_edits_clear(&result.edits);
	lc_profile_clear(profile);
	return after;
}

/* Asserts that TEXT becomes EXPECTED where the container web needs CAPS, and that this is so already then. */
static void assert_becomes(const char *text, uint64_t caps, const char *expected)
{
	_cleanup_free_ char *once = NULL;
	_cleanup_free_ char *twice = NULL;

	for (int i = 0; i < 2; i++) {
		struct lc_profile profile = {0};

		add_container(&profile, "web", NULL, NULL, caps);
		if (i)
			twice = edited(once, &profile);
		else
			once = edited(text, &profile);
		assert_int_equal(left_over, 0);
	}
	assert_string_equal(once, expected);
	assert_string_equal(twice, expected);
}

/* Asserts that TEXT stays as it is where the container web needs CHOWN, and that WHY is said. */
static void assert_refused(const char *text, const char *why)
{
	struct lc_profile profile = {0};
	_cleanup_free_ char *after = NULL;

	add_container(&profile, "web", NULL, NULL, CHOWN);
	after = edited(text, &profile);
	assert_string_equal(after, text);
	assert_int_equal(left_over, 1);
	assert_non_null(strstr(said, why));
}

static void a_container_without_a_context_gets_one_at_its_end(void **state)
{
	(void)state;
	assert_becomes(POD "  - name: web # it\n    image: x\n  # next\n  - name: b\n", CHOWN | SETUID,
		POD "  - name: web # it\n    image: x\n    securityContext:\n" CAPS_OF(
			"      ", "        add:\n        - CHOWN\n        - SETUID\n") "  # next\n  - name: b\n");
	assert_becomes(POD "  - name: web", 0,
		POD "  - name: web\n    securityContext:\n      capabilities:\n        drop:\n        - ALL");
}

static void dashes_stand_where_the_file_has_them(void **state)
{
	(void)state;
	assert_becomes("apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      args:\n        - x\n",
		CHOWN,
		"apiVersion: v1\nkind: Pod\nspec:\n  containers:\n    - name: web\n      args:\n        - x\n"
		"      securityContext:\n        capabilities:\n          drop:\n            - ALL\n          add:\n            - CHOWN\n");
}

static void what_a_context_says_besides_stays(void **state)
{
	(void)state;
	assert_becomes(POD
		"  - name: web\n    securityContext:\n      runAsUser: 0 # root\n      # last\n    image: x\n",
		CHOWN,
		POD "  - name: web\n    securityContext:\n      runAsUser: 0 # root\n" CAPS_OF(
			"      ", "        add:\n        - CHOWN\n") "      # last\n    image: x\n");
}

static void lists_are_brought_to_what_is_needed(void **state)
{
	(void)state;
	assert_becomes(POD
		"  - name: web\n    securityContext:\n      capabilities:\n        add:\n        - NET_ADMIN # why?\n"
		"        - CHOWN # it is\n        drop: [KILL]\n",
		CHOWN,
		POD "  - name: web\n    securityContext:\n      capabilities:\n        add:\n"
		    "        - CHOWN # it is\n        drop: [ALL]\n");
	assert_becomes(POD
		"  - name: web\n    securityContext:\n      capabilities:\n        drop: [\"ALL\"]\n        add: [\"KILL\"]\n",
		0, POD "  - name: web\n    securityContext:\n      capabilities:\n        drop: [\"ALL\"]\n");
}

static void privilege_is_taken_away(void **state)
{
	(void)state;
	assert_becomes(POD "  - name: web\n    securityContext:\n      privileged: true\n", 0,
		POD "  - name: web\n    securityContext:\n" CAPS_OF("      ", ""));
	assert_becomes(POD
		"  - name: web\n    securityContext:\n      privileged: true\n      capabilities: {drop: [ALL]}\n",
		0, POD "  - name: web\n    securityContext:\n      capabilities: {drop: [ALL]}\n");
	assert_becomes(POD "  - {name: web, securityContext: {privileged: true}}\n", 0,
		POD "  - {name: web, securityContext: {privileged: false, capabilities: {drop: [ALL]}}}\n");
}

static void json_stays_json(void **state)
{
	(void)state;
	assert_becomes(
		"{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"containers\": [{\"name\": \"web\"}]}}\n",
		CHOWN,
		"{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"containers\": [{\"name\": \"web\", \"securityContext\": {\"capabilities\": {\"drop\": [\"ALL\"], \"add\": [\"CHOWN\"]}}}]}}\n");
}

static void every_kind_of_workload_and_init_containers_are_edited(void **state)
{
	static const char *const before[][2] = {
		{"Deployment", "spec: {template: {spec: "},
		{"CronJob", "spec: {jobTemplate: {spec: {template: {spec: "},
		{"Pod", "spec: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		char text[512], expected[512];
		size_t braces = 0;

		for (const char *c = before[i][1]; *c; c++)
			braces += *c == '{';
		for (int after = 0; after < 2; after++)
			snprintf(after ? expected : text, sizeof(text),
				"apiVersion: v1\nkind: %s\n%s{containers: [{name: x}], initContainers: [{name: web%s}]}%.*s\n",
				before[i][0], before[i][1],
				after ? ", securityContext: {capabilities: {drop: [ALL], add: [CHOWN]}}" : "",
				(int)braces, "}}}}");
		assert_becomes(text, CHOWN, expected);
	}
}

static void what_was_not_recorded_stays_and_is_named(void **state)
{
	struct lc_profile profile = {0};
	_cleanup_free_ char *after = NULL;
	const char *text = POD "  - name: web\n  - name: log\n    securityContext: {privileged: true}\n";

	(void)state;
	add_container(&profile, "web", NULL, NULL, CHOWN);
	after = edited(text, &profile);
	assert_non_null(strstr(after, "  - name: log\n    securityContext: {privileged: true}\n"));
	assert_non_null(strstr(said, "m.yaml:7: Pod shop, container log: was not recorded: left as it is\n"));
}

static void what_a_pods_containers_need_is_united(void **state)
{
	struct lc_profile profile = {0};
	_cleanup_free_ char *after = NULL;

	(void)state;
	add_container(&profile, "web", NULL, NULL, CHOWN)->pod = strdup("shop-1");
	add_container(&profile, "web", NULL, NULL, SETUID)->pod = strdup("shop-2");
	after = edited(POD "  - {name: web}\n", &profile);
	assert_string_equal(
		after, POD "  - {name: web, securityContext: {capabilities: {drop: [ALL], add: [CHOWN, SETUID]}}}\n");
}

static void what_others_share_is_left_alone(void **state)
{
	(void)state;
	assert_refused(POD
		"  - {name: web, securityContext: &c {privileged: true}}\n  - {name: b, securityContext: *c}\n",
		"m.yaml:6: Pod shop, container web is left as it is: an edit would also change Pod shop, container b\n");
	assert_refused("x: &c {privileged: true}\n" POD "  - {name: web, securityContext: *c}\n",
		"is left as it is: it is written in a way that leastcap cannot edit, or others use a part of it\n");
	assert_refused("x: &c {name: web}\n" POD "  - *c\n", "is left as it is: it is written in a way");
	assert_refused(
		"x: &c {securityContext: {privileged: true}}\n" POD "  - {<<: *c, name: web}\n", "is left as it is");
	assert_refused(POD "  - name: web\n    securityContext:\n", "is left as it is");
}

static void those_that_can_be_edited_are_beside_one_that_cannot(void **state)
{
	struct lc_profile profile = {0};
	_cleanup_free_ char *after = NULL;

	(void)state;
	add_container(&profile, "web", NULL, NULL, 0);
	add_container(&profile, "log", NULL, NULL, 0);
	after = edited("x: &c {name: web}\n" POD "  - *c\n  - {name: log}\n", &profile);
	assert_string_equal(after,
		"x: &c {name: web}\n" POD "  - *c\n  - {name: log, securityContext: {capabilities: {drop: [ALL]}}}\n");
	assert_int_equal(left_over, 1);
}

static void what_the_list_alone_does_not_give_is_said(void **state)
{
	struct lc_profile profile = {0};
	_cleanup_free_ char *after = NULL;

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_SYS_ADMIN))->user = strdup("33:33");
	after = edited(POD "  - {name: web, securityContext: {privileged: true, allowPrivilegeEscalation: false}}\n",
		&profile);
	assert_non_null(strstr(said, "container web: It runs as user 33:33, not root"));
	assert_non_null(strstr(
		said, "allowPrivilegeEscalation: false does not go with SYS_ADMIN: the API server takes no such pod"));
	assert_non_null(strstr(said, "privileged: true also gives every device of the node"));
	free(said);
	said = NULL;
}

static void what_is_no_manifest_is_refused(void **state)
{
	struct lc_manifest manifest = {0};
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(lc_manifest_parse(&manifest, "m.yaml", "services: {}\n", 13, &message), -EINVAL);
	assert_string_equal(message, "m.yaml: no Kubernetes manifest: it has no apiVersion and kind");
	assert_null(manifest.tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_container_without_a_context_gets_one_at_its_end),
		cmocka_unit_test(dashes_stand_where_the_file_has_them),
		cmocka_unit_test(what_a_context_says_besides_stays),
		cmocka_unit_test(lists_are_brought_to_what_is_needed),
		cmocka_unit_test(privilege_is_taken_away),
		cmocka_unit_test(json_stays_json),
		cmocka_unit_test(every_kind_of_workload_and_init_containers_are_edited),
		cmocka_unit_test(what_was_not_recorded_stays_and_is_named),
		cmocka_unit_test(what_a_pods_containers_need_is_united),
		cmocka_unit_test(what_others_share_is_left_alone),
		cmocka_unit_test(those_that_can_be_edited_are_beside_one_that_cannot),
		cmocka_unit_test(what_the_list_alone_does_not_give_is_said),
		cmocka_unit_test(what_is_no_manifest_is_refused),
	};

	return cmocka_run_group_tests_name("manifest", tests, NULL, NULL);
}
