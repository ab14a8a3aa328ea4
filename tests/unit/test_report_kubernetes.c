/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the kubernetes report: what it says, and that a YAML reader agrees. */
#include "render.h"

#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stdio.h>
#include <yaml.h>

static const struct lc_style plain = {.columns = 80};

#define HEAD                                                                                                           \
	"# all of it: kubectl apply --server-side --force-conflicts -f FILE\n"                                         \
	"# With --manifest FILE leastcap edits your own files.\n"
#define SPEC                                                                                                           \
	"spec:\n"                                                                                                      \
	"  template:\n"                                                                                                \
	"    spec:\n"                                                                                                  \
	"      containers:\n"
#define OBJECT(kind, name) "apiVersion: apps/v1\nkind: " kind "\nmetadata:\n  name: \"" name "\"\n"
#define WORKLOAD(name)     "---\n# of no pod: for a Deployment of that name\n" OBJECT("Deployment", name) SPEC
#define CONTEXT(name)                                                                                                  \
	"        - name: \"" name "\"\n"                                                                               \
	"          securityContext:\n"                                                                                 \
	"            privileged: false\n"                                                                              \
	"            allowPrivilegeEscalation: false\n"                                                                \
	"            capabilities:\n"                                                                                  \
	"              drop: [ALL]\n"

static void each_container_has_a_security_context_in_a_document_of_its_own(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "db", "redis:7", NULL, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETGID));
	add_container(&profile, "web", NULL, NULL, 0);
	assert_report(&profile, "kubernetes", &plain,
		HEAD WORKLOAD("db") "        # db (redis:7)\n" CONTEXT("db") "              add: [CHOWN, SETGID]\n" WORKLOAD(
			"web") "        # web\n" CONTEXT("web") "              add: []\n");
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
		HEAD "---\n# by the name of its pod, web-7d9c5b5f4-zq4tt\n" OBJECT("Deployment",
			"web") "  namespace: \"shop\"\n" SPEC
			       "        # log\n" CONTEXT("log") "              add: []\n"
								"        # nginx\n        # nginx\n" CONTEXT(
									"nginx") "              add: [CHOWN, KILL]\n");
}

/* How many documents are of KIND and NAME. */
static size_t count_workloads(const char *report, const char *kind, const char *name)
{
	char lines[96];
	size_t n = 0;

	snprintf(lines, sizeof(lines), "kind: %s\nmetadata:\n  name: \"%s\"\n", kind, name);
	for (const char *at = report; (at = strstr(at, lines)); at++)
		n++;
	return n;
}

static void a_workload_is_told_by_what_its_controller_appended(void **state)
{
	static const struct {
		const char *pod;
		const char *kind;
		const char *name;
	} pods[] = {
		{"db-0", "StatefulSet", "db"},
		{"db-12", "StatefulSet", "db"},
		{"web-7d9c5b5f4-x2v9k", "Deployment", "web"},
		{"agent-x2v9k", "DaemonSet", "agent"},
		{"backup-28123456-x7k2p", "CronJob", "backup"},
		{"backup-28123456", "CronJob", "backup"},
		{"web-server", "Pod", "web-server"},
		{"-0", "Pod", "-0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pods) / sizeof(pods[0]); i++) {
		struct lc_profile profile = {0};
		char *report;

		add_pod(&profile, "a", pods[i].pod, "x");
		report = render(&profile, "kubernetes", &plain);
		if (count_workloads(report, pods[i].kind, pods[i].name) != 1)
			fail_msg("%s is no %s %s in\n%s", pods[i].pod, pods[i].kind, pods[i].name, report);
		free(report);
		lc_profile_clear(&profile);
	}
}

static void workloads_of_one_name_are_told_apart_by_namespace_and_kind(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_pod(&profile, "a", "db-0", "x");
	add_pod(&profile, "a", "db-1", "x");
	add_pod(&profile, "b", "db-0", "x");
	add_pod(&profile, "a", "db-7d9c5b5f4-x2v9k", "x");
	report = render(&profile, "kubernetes", &plain);
	assert_int_equal(count_workloads(report, "StatefulSet", "db"), 2);
	assert_int_equal(count_workloads(report, "Deployment", "db"), 1);
	free(report);
	lc_profile_clear(&profile);
}

/* A container of a pod that lived from BEGAN to ENDED, which is 0 where it was still running. */
static void add_lived(struct lc_profile *profile, const char *pod, const char *name, int64_t began, int64_t ended)
{
	struct lc_target *target = add_pod(profile, "shop", pod, name);

	target->life.began_ns = began;
	target->life.ended_ns = ended;
}

static void a_cron_jobs_containers_stand_below_its_jobs_template(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_pod(&profile, "shop", "backup-28123456-x7k2p", "dump");
	report = render(&profile, "kubernetes", &plain);
	assert_non_null(strstr(report,
		"apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: \"backup\"\n  namespace: \"shop\"\n"
		"spec:\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          containers:\n"
		"            # dump\n            - name: \"dump\"\n              securityContext:\n                privileged: false\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void what_ran_before_all_others_of_its_pod_is_an_init_container(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_lived(&profile, "web-7d9c5b5f4-x2v9k", "alone", 10, 20);
	add_lived(&profile, "web-7d9c5b5f4-x2v9k", "prep", 21, 30);
	add_lived(&profile, "web-7d9c5b5f4-x2v9k", "web", 31, 0);
	add_lived(&profile, "web-7d9c5b5f4-x2v9k", "log", 32, 50);
	report = render(&profile, "kubernetes", &plain);
	assert_non_null(strstr(report,
		"      initContainers:\n        # alone\n" CONTEXT(
			"alone") "              add: []\n"
				 "        # prep\n" CONTEXT("prep") "              add: []\n"
								    "      containers:\n        # log\n" CONTEXT(
									    "log") "              add: []\n"
										   "        # web\n" CONTEXT("web")));
	free(report);
	lc_profile_clear(&profile);
}

static void what_was_restarted_or_ran_beside_others_is_no_init_container(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_lived(&profile, "db-0", "crashing", 10, 20);
	add_lived(&profile, "db-0", "crashing", 21, 30);
	add_lived(&profile, "db-0", "beside", 15, 0);
	add_lived(&profile, "db-1", "db", 16, 0);
	report = render(&profile, "kubernetes", &plain);
	assert_null(strstr(report, "initContainers"));
	free(report);
	lc_profile_clear(&profile);
}

static void what_ended_by_itself_is_a_jobs_and_what_was_stopped_a_daemon_sets(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_lived(&profile, "import-x2v9k", "load", 10, 20);
	add_lived(&profile, "agent-x2v9k", "agent", 10, 20);
	profile.targets[1].life.stopping_ns = 19;
	add_lived(&profile, "mixed-x2v9k", "done", 10, 20);
	add_lived(&profile, "mixed-x2v9k", "runs", 10, 0);
	report = render(&profile, "kubernetes", &plain);
	assert_int_equal(count_workloads(report, "Job", "import"), 1);
	assert_int_equal(count_workloads(report, "DaemonSet", "agent"), 1);
	assert_int_equal(count_workloads(report, "DaemonSet", "mixed"), 1);
	assert_non_null(strstr(report,
		"# A Job that is there can't be changed so: delete it, and make it anew.\napiVersion: batch/v1\nkind: Job\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void what_is_no_pods_is_left_out_beside_pods(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_container(&profile, "shop-web-1", "nginx", "web", LC_CAP_BIT(CAP_CHOWN));
	add_pod(&profile, "shop", "db-0", "postgres");
	report = render(&profile, "kubernetes", &plain);
	assert_non_null(strstr(report, "# left out: shop-web-1 (nginx): no pod's\n"));
	assert_null(strstr(report, "CHOWN"));
	assert_null(strstr(report, "Deployment"));
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
		HEAD WORKLOAD(
			"web") "        # web\n"
			       "        # It runs as user 33\\n  evil:, not root: capabilities.add reaches only its bounding set. The program also needs file capabilities (setcap) or ambient ones.\n"
			       "        # AUDIT_WRITE may be survivable: verify by a run without it\n" CONTEXT(
				       "web") "              add: [AUDIT_WRITE]\n");
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
	assert_int_equal(count_documents(report), 1);
	assert_null(strstr(report, "\nprivileged"));
	assert_non_null(strstr(report, "  name: \"y\\n---\\n- {\"\n  namespace: \"x\\n---\\n\"\n"));
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
		cmocka_unit_test(workloads_of_one_name_are_told_apart_by_namespace_and_kind),
		cmocka_unit_test(a_cron_jobs_containers_stand_below_its_jobs_template),
		cmocka_unit_test(what_ran_before_all_others_of_its_pod_is_an_init_container),
		cmocka_unit_test(what_was_restarted_or_ran_beside_others_is_no_init_container),
		cmocka_unit_test(what_ended_by_itself_is_a_jobs_and_what_was_stopped_a_daemon_sets),
		cmocka_unit_test(what_is_no_pods_is_left_out_beside_pods),
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
