/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the kubernetes report: what it says, and that a YAML reader agrees. */
#include "render.h"

#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stdio.h>
#include <yaml.h>

static const struct lc_style plain = {.columns = 80};

#define HEAD                                                                                                           \
	"# one document per workload: kubectl patch deployment NAME --patch-file FILE\n"                               \
	"# A Pod takes what stands below \"template:\".\n"
#define SPEC                                                                                                           \
	"spec:\n"                                                                                                      \
	"  template:\n"                                                                                                \
	"    spec:\n"                                                                                                  \
	"      containers:\n"
#define WORKLOAD "---\n" SPEC

static void each_container_has_a_security_context_in_a_document_of_its_own(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "db", "redis:7", NULL, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETGID));
	add_container(&profile, "web", NULL, NULL, 0);
	assert_report(&profile, "kubernetes", &plain,
		HEAD WORKLOAD "        # db (redis:7)\n"
			      "        - name: \"db\"\n"
			      "          securityContext:\n"
			      "            allowPrivilegeEscalation: false\n"
			      "            capabilities:\n"
			      "              drop: [ALL]\n"
			      "              add: [CHOWN, SETGID]\n" WORKLOAD "        # web\n"
			      "        - name: \"web\"\n"
			      "          securityContext:\n"
			      "            allowPrivilegeEscalation: false\n"
			      "            capabilities:\n"
			      "              drop: [ALL]\n"
			      "              add: []\n");
}

static struct lc_target *add_pod(struct lc_profile *profile, const char *namespace, const char *pod, const char *name)
{
	struct lc_target *target = add_container(profile, name, NULL, NULL, 0);

	target->namespace = copy(namespace);
	target->pod = copy(pod);
	return target;
}

static void the_containers_of_a_workloads_pods_are_united_in_one_document(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_pod(&profile, "shop", "web-7d9c5b5f4-x2v9k", "nginx")->cap_add = LC_CAP_BIT(CAP_CHOWN);
	add_pod(&profile, "shop", "web-7d9c5b5f4-zq4tt", "nginx")->cap_add = LC_CAP_BIT(CAP_KILL);
	add_pod(&profile, "shop", "web-7d9c5b5f4-zq4tt", "log");
	assert_report(&profile, "kubernetes", &plain,
		HEAD "---\n"
		     "# workload shop/web\n" SPEC "        # log\n"
		     "        - name: \"log\"\n"
		     "          securityContext:\n"
		     "            allowPrivilegeEscalation: false\n"
		     "            capabilities:\n"
		     "              drop: [ALL]\n"
		     "              add: []\n"
		     "        # nginx\n"
		     "        # nginx\n"
		     "        - name: \"nginx\"\n"
		     "          securityContext:\n"
		     "            allowPrivilegeEscalation: false\n"
		     "            capabilities:\n"
		     "              drop: [ALL]\n"
		     "              add: [CHOWN, KILL]\n");
}

/* How many documents say "# workload NAME". */
static size_t count_workloads(const char *report, const char *name)
{
	char line[64];
	size_t n = 0;

	snprintf(line, sizeof(line), "# workload %s\n", name);
	for (const char *at = report; (at = strstr(at, line)); at++)
		n++;
	return n;
}

static void a_workload_is_told_by_what_its_controller_appended(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_pod(&profile, "a", "db-0", "x");
	add_pod(&profile, "a", "db-12", "x");
	add_pod(&profile, "a", "agent-x2v9k", "x");
	add_pod(&profile, "a", "web-server", "x");
	add_pod(&profile, "b", "db-0", "x");
	add_pod(&profile, NULL, "-0", "x");
	report = render(&profile, "kubernetes", &plain);
	assert_int_equal(count_workloads(report, "a/db"), 1);
	assert_int_equal(count_workloads(report, "a/agent"), 1);
	assert_int_equal(count_workloads(report, "a/web-server"), 1);
	assert_int_equal(count_workloads(report, "b/db"), 1);
	assert_int_equal(count_workloads(report, "-0"), 1);
	free(report);
	lc_profile_clear(&profile);
}

/* The patch for a container called "web" that is like TARGET, which is made by MAKE. */
static char *patch_of(void (*make)(struct lc_target *target))
{
	struct lc_profile profile = {0};
	char *report;

	make(add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_NET_RAW)));
	report = render(&profile, "kubernetes", &plain);
	lc_profile_clear(&profile);
	return report;
}

static void assert_escalation(void (*make)(struct lc_target *target), bool locked)
{
	char *report = patch_of(make);

	assert_int_equal(strstr(report, "allowPrivilegeEscalation: false\n") != NULL, locked);
	free(report);
}

static void make_plain(struct lc_target *target)
{
	add_evidence(target, CAP_NET_RAW, LC_CLASS_REQUIRED, 1, "/bin/ping", "socket", NULL)->user = strdup("0:0");
}

static void make_file_capability(struct lc_target *target)
{
	add_evidence(target, CAP_NET_RAW, LC_CLASS_IMPLIED, 1, "/bin/ping", "execve", NULL)->source = LC_SOURCE_FILE;
}

static void make_set_user_id(struct lc_target *target)
{
	target->user = strdup("1000:1000");
	make_plain(target);
}

static void make_ordinary_user(struct lc_target *target)
{
	target->user = strdup("1000:1000");
	add_evidence(target, CAP_NET_RAW, LC_CLASS_REQUIRED, 1, "/bin/ping", "socket", NULL)->user =
		strdup("1000:1000");
}

static void make_runtimes_own(struct lc_target *target)
{
	target->user = strdup("1000:1000");
	make_plain(target);
	target->evidence[0].phase = LC_PHASE_SETUP;
}

static void make_sys_admin(struct lc_target *target)
{
	target->cap_add |= LC_CAP_BIT(CAP_SYS_ADMIN);
}

static void make_privileged(struct lc_target *target)
{
	target->privileged = true;
}

static void escalation_is_forbidden_where_nothing_gained_rights_by_execve(void **state)
{
	(void)state;
	assert_escalation(make_plain, true);
	assert_escalation(make_ordinary_user, true);
	assert_escalation(make_runtimes_own, true);
}

static void escalation_is_left_alone_where_file_capabilities_or_set_user_id_programs_were_used(void **state)
{
	(void)state;
	assert_escalation(make_file_capability, false);
	assert_escalation(make_set_user_id, false);
}

/* The API server refuses "allowPrivilegeEscalation: false" with SYS_ADMIN. */
static void escalation_is_left_alone_with_sys_admin_and_where_it_ran_privileged(void **state)
{
	(void)state;
	assert_escalation(make_sys_admin, false);
	assert_escalation(make_privileged, false);
}

static void a_privileged_container_is_no_more(void **state)
{
	char *report = patch_of(make_privileged);

	(void)state;
	assert_non_null(strstr(report, "          securityContext:\n            privileged: false\n"));
	free(report);
}

static void whoever_changes_users_is_told_about_set_user_id_programs(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_SETUID));
	report = render(&profile, "kubernetes", &plain);
	assert_non_null(strstr(report,
		"        # It changes users: where one of them gains rights by a set-user-ID program (sudo, su), leave out allowPrivilegeEscalation.\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void what_is_to_be_verified_and_what_an_ordinary_user_needs_are_comments(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_AUDIT_WRITE));

	(void)state;
	web->user = strdup("33\n  evil:");
	web->verify = LC_CAP_BIT(CAP_AUDIT_WRITE);
	assert_report(&profile, "kubernetes", &plain,
		HEAD WORKLOAD
		"        # web\n"
		"        # It runs as user 33\\n  evil:, not root: capabilities.add reaches only its bounding set. The program also needs file capabilities (setcap) or ambient ones.\n"
		"        # AUDIT_WRITE may be survivable: verify by a run without it\n"
		"        - name: \"web\"\n"
		"          securityContext:\n"
		"            allowPrivilegeEscalation: false\n"
		"            capabilities:\n"
		"              drop: [ALL]\n"
		"              add: [AUDIT_WRITE]\n");
}

/* Asserts that a container called NAME, service of compose SERVICE, is called EXPECTED. */
static void assert_called(const char *name, const char *service, const char *expected)
{
	struct lc_profile profile = {0};
	char line[128];
	char *report;

	add_container(&profile, name, NULL, service, 0);
	report = render(&profile, "kubernetes", &plain);
	snprintf(line, sizeof(line), "        - name: \"%s\"\n", expected);
	assert_non_null(strstr(report, line));
	free(report);
	lc_profile_clear(&profile);
}

static void names_become_those_that_kubernetes_takes(void **state)
{
	(void)state;
	assert_called("quirky_turing", NULL, "quirky-turing");
	assert_called("shop-web-1", "web", "web");
	assert_called("My.Web_", NULL, "my-web");
	assert_called("\n\"}: x\xc3\xbc", NULL, "x");
	assert_called("", NULL, "container");
	assert_called("..", NULL, "container");
	assert_called("0123456789012345678901234567890123456789012345678901234567890123456789", NULL,
		"012345678901234567890123456789012345678901234567890123456789012");
}

/* The number of documents in TEXT, which must be YAML. */
static size_t count_documents(const char *text)
{
	yaml_parser_t parser;
	yaml_event_t event;
	bool ended = false;
	size_t n = 0;

	assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
	while (!ended) {
		assert_true(yaml_parser_parse(&parser, &event));
		n += event.type == YAML_DOCUMENT_START_EVENT;
		ended = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return n;
}

static void hostile_names_make_no_yaml(void **state)
{
	struct lc_profile profile = {.lost = 7};
	char *report;

	(void)state;
	add_container(&profile, "a\n---\nprivileged: true\n#", "b\"\r\n: [", NULL, 0);
	add_pod(&profile, "x\n---\n", "y\n---\n- {", "\xff\xe2\x80\xa8: &a *b");
	report = render(&profile, "kubernetes", &plain);
	assert_int_equal(count_documents(report), 2);
	assert_null(strstr(report, "\nprivileged"));
	assert_ptr_equal(strstr(report, "# INCOMPLETE: 7 checks were lost: a list may lack a capability\n"), report);
	free(report);
	lc_profile_clear(&profile);
}

static void an_empty_recording_is_no_patch(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_report(&profile, "kubernetes", &plain, "# nothing was recorded: no container ran\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_container_has_a_security_context_in_a_document_of_its_own),
		cmocka_unit_test(the_containers_of_a_workloads_pods_are_united_in_one_document),
		cmocka_unit_test(a_workload_is_told_by_what_its_controller_appended),
		cmocka_unit_test(escalation_is_forbidden_where_nothing_gained_rights_by_execve),
		cmocka_unit_test(escalation_is_left_alone_where_file_capabilities_or_set_user_id_programs_were_used),
		cmocka_unit_test(escalation_is_left_alone_with_sys_admin_and_where_it_ran_privileged),
		cmocka_unit_test(a_privileged_container_is_no_more),
		cmocka_unit_test(whoever_changes_users_is_told_about_set_user_id_programs),
		cmocka_unit_test(what_is_to_be_verified_and_what_an_ordinary_user_needs_are_comments),
		cmocka_unit_test(names_become_those_that_kubernetes_takes),
		cmocka_unit_test(hostile_names_make_no_yaml),
		cmocka_unit_test(an_empty_recording_is_no_patch),
	};

	return cmocka_run_group_tests_name("report_kubernetes", tests, NULL, NULL);
}
