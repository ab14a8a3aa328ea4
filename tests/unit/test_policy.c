/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of policies: what each kind of file allows, whom it is meant for, and the lines that say what goes beyond it. */
#include "render.h"

#include <leastcap/cleanup.h>
#include <leastcap/policy.h>
#include <leastcap/profile.h>

#include <errno.h>

#define CHOWN   LC_CAP_BIT(CAP_CHOWN)
#define KILL    LC_CAP_BIT(CAP_KILL)
#define NET_RAW LC_CAP_BIT(CAP_NET_RAW)
#define TIME    LC_CAP_BIT(CAP_SYS_TIME)

#define DOCKER     lc_engine_defaults(LC_ENGINE_DOCKER, NULL)
#define CONTAINERD lc_engine_defaults(LC_ENGINE_CONTAINERD, NULL)

static struct lc_policy parse(const char *text)
{
	_cleanup_free_ char *message = NULL;
	struct lc_policy policy;
	int r = lc_policy_parse(&policy, &(const struct lc_policy_reading){.path = "file", .engine = NULL}, text,
		strlen(text), &message);

	if (r)
		fail_msg("%s", message);
	return policy;
}

/* Asserts that the one entry of TEXT, a file, allows CAPS. */
static void assert_allows(const char *text, uint64_t caps)
{
	_cleanup_(lc_policy_clear) struct lc_policy policy = parse(text);

	assert_int_equal(policy.n, 1);
	assert_int_equal(policy.list[0].caps, caps);
}

static void assert_refused(const char *text, const char *expected)
{
	_cleanup_free_ char *message = NULL;
	struct lc_policy policy;

	assert_int_equal(lc_policy_parse(&policy, &(const struct lc_policy_reading){.path = "file", .engine = NULL},
				 text, strlen(text), &message),
		-EINVAL);
	assert_string_equal(message, expected);
	assert_int_equal(policy.n, 0);
}

#define RULES                                                                                                          \
	{                                                                                                              \
		.counts = {                                                                                            \
			[LC_FINDING_UNKNOWN] = true,                                                                   \
			[LC_FINDING_NEEDED] = true,                                                                    \
			[LC_FINDING_WANTED] = true,                                                                    \
		},                                                                                                     \
	}

static const struct lc_policy_rules usual = RULES;

/* What FILE says by RULES of PROFILE, which is cleared; at last what it says of a check that passed. Caller frees. */
static char *check_by(const char *file, struct lc_profile *profile, const struct lc_policy_rules *rules)
{
	_cleanup_(lc_policy_clear) struct lc_policy policy = parse(file);
	struct lc_findings findings = {0};
	struct lc_strbuf out = {0};

	assert_int_equal(lc_policy_check(&policy, profile, rules, &findings), 0);
	for (size_t i = 0; i < findings.n; i++)
		lc_policy_add_finding(&out, &policy, &findings.list[i]);
	if (!findings.n_failures)
		lc_policy_add_pass(&out, &policy, &findings);
	lc_findings_clear(&findings);
	lc_profile_clear(profile);
	return lc_strbuf_steal(&out);
}

/* By the usual rules; STRICT: what is allowed and nothing needed fails as well. */
static char *check(const char *file, struct lc_profile *profile, bool strict)
{
	struct lc_policy_rules rules = usual;

	rules.counts[LC_FINDING_UNUSED] = strict;
	return check_by(file, profile, &rules);
}

static void assert_says(const char *file, struct lc_profile *profile, const char *expected)
{
	_cleanup_free_ char *lines = check(file, profile, false);

	assert_string_equal(lines, expected);
}

/* What a compose file allows */

static void test_a_compose_service_is_allowed_dockers_defaults(void **state)
{
	(void)state;
	assert_allows("services:\n  web:\n    image: nginx\n", DOCKER);
}

static void test_a_compose_service_is_allowed_what_it_adds_and_not_what_it_drops(void **state)
{
	(void)state;
	assert_allows(
		"services:\n  web:\n    cap_add: [CAP_SYS_TIME]\n    cap_drop: [kill]\n", (DOCKER | TIME) & ~KILL);
}

static void test_a_compose_service_that_drops_all_is_allowed_what_it_adds(void **state)
{
	(void)state;
	assert_allows("services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [CHOWN]\n", CHOWN);
}

static void test_a_privileged_service_is_allowed_everything(void **state)
{
	_cleanup_(lc_policy_clear) struct lc_policy policy = parse("services:\n  web:\n    privileged: true\n");

	(void)state;
	/* Whatever the running kernel has, what a newer one recorded is allowed too. */
	assert_int_equal(policy.list[0].caps & ((UINT64_C(1) << 41) - 1), (UINT64_C(1) << 41) - 1);
}

static void test_another_engines_defaults_hold_when_it_is_named(void **state)
{
	const char *text = "services:\n  web: {}\n";
	const enum lc_engine engine = LC_ENGINE_CRIO;
	_cleanup_(lc_policy_clear) struct lc_policy policy = {0};
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(lc_policy_parse(&policy, &(const struct lc_policy_reading){.path = "file", .engine = &engine},
				 text, strlen(text), &message),
		0);
	assert_int_equal(policy.list[0].caps, lc_engine_defaults(LC_ENGINE_CRIO, NULL));
}

/* What a Kubernetes manifest allows */

#define POD "apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec:\n  containers:\n"

static void test_a_kubernetes_container_is_allowed_containerds_defaults(void **state)
{
	(void)state;
	assert_allows(POD "  - name: web\n", CONTAINERD);
}

static void test_a_kubernetes_container_is_allowed_what_it_adds_and_not_what_it_drops(void **state)
{
	(void)state;
	assert_allows(POD "  - name: web\n    securityContext:\n      capabilities:\n        drop: [ALL]\n"
			  "        add: [CHOWN, KILL]\n",
		CHOWN | KILL);
}

static void test_a_manifest_may_merge_mappings(void **state)
{
	(void)state;
	assert_allows("x: &none {capabilities: {drop: [ALL]}}\n" POD
		      "  - name: web\n    securityContext:\n      <<: *none\n",
		0);
}

static void test_containers_are_found_in_every_kind_of_workload(void **state)
{
	static const char *const before[][2] = {
		{"kind: Pod\n", "spec: "},
		{"kind: Deployment\n", "spec: {template: {spec: "},
		{"kind: StatefulSet\n", "spec: {template: {spec: "},
		{"kind: DaemonSet\n", "spec: {template: {spec: "},
		{"kind: Job\n", "spec: {template: {spec: "},
		{"kind: CronJob\n", "spec: {jobTemplate: {spec: {template: {spec: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(before) / sizeof(before[0]); i++) {
		char text[256];
		int braces = 0;

		for (const char *c = before[i][1]; *c; c++)
			braces += *c == '{';
		snprintf(text, sizeof(text), "apiVersion: v1\n%s%s{containers: [{name: web}]}%.*s\n", before[i][0],
			before[i][1], braces, "}}}}");
		assert_allows(text, CONTAINERD);
	}
}

static void test_init_containers_lists_and_documents_are_read(void **state)
{
	_cleanup_(lc_policy_clear) struct lc_policy policy = parse(
		"apiVersion: v1\nkind: Service\n---\n" POD "  - name: web\n  initContainers:\n  - name: init\n---\n"
		"apiVersion: v1\nkind: List\nitems:\n- kind: Pod\n  metadata: {name: two}\n  spec:\n"
		"    containers: [{name: db}]\n");

	(void)state;
	assert_int_equal(policy.n, 3);
	assert_string_equal(policy.list[0].where, "Pod shop, container init");
	assert_string_equal(policy.list[1].where, "Pod shop, container web");
	assert_string_equal(policy.list[2].where, "Pod two, container db");
}

static void test_a_manifest_may_be_json(void **state)
{
	(void)state;
	assert_allows(
		"{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"containers\": [{\"name\": \"web\",\"securityContext\": {\"capabilities\": {\"drop\": [\"ALL\"]}}}]}}",
		0);
}

static void test_a_short_manifest_cannot_ask_for_endless_work(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *message = NULL;
	struct lc_policy policy;

	(void)state;
	lc_strbuf_adds(&text, "apiVersion: v1\nkind: List\nx: &pod {spec: {containers: [&c {name: a}");
	for (int i = 0; i < 1000; i++)
		lc_strbuf_adds(&text, ", *c");
	lc_strbuf_adds(&text, "]}}\nitems: [*pod");
	for (int i = 0; i < 1000; i++)
		lc_strbuf_adds(&text, ", *pod");
	lc_strbuf_adds(&text, "]\n");
	assert_int_equal(lc_policy_parse(&policy, &(const struct lc_policy_reading){.path = "file", .engine = NULL},
				 text.text, text.length, &message),
		-EFBIG);
}

/* Files that are none */

static void test_what_is_no_capability_is_refused_with_its_line(void **state)
{
	(void)state;
	assert_refused(POD
		"  - name: web\n    securityContext:\n      capabilities:\n        add:\n        - NET_ADMN\n",
		"file:10: Pod shop, container web: no capability is called 'NET_ADMN'; did you mean NET_ADMIN?");
}

static void test_a_file_without_containers_is_refused(void **state)
{
	(void)state;
	assert_refused(
		"apiVersion: v1\nkind: Service\n", "file: there is nothing in it that a container could keep to");
}

static void test_a_list_that_is_none_is_refused_with_its_line(void **state)
{
	(void)state;
	assert_refused(POD "  - name: web\n    securityContext: {capabilities: {add: CHOWN}}\n",
		"file:7: Pod shop, container web: should be a list of capabilities");
}

static void test_a_profile_of_another_version_is_refused_as_such(void **state)
{
	(void)state;
	assert_refused("{\"schema\": \"leastcap-profile/9\"}",
		"file: schema: \"leastcap-profile/9\" cannot be read, only \"leastcap-profile/1\"");
}

/* Who keeps to what */

#define TWO_SERVICES                                                                                                   \
	"services:\n  web:\n    image: nginx\n    cap_drop: [ALL]\n  db:\n    image: postgres\n    cap_drop: [ALL]\n"  \
	"    container_name: data\n"

/* The entry of FILE that a container with these names keeps to, or "". Caller frees. */
static char *counterpart(const char *file, const char *name, const char *image, const char *service)
{
	_cleanup_(lc_policy_clear) struct lc_policy policy = parse(file);
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	const struct lc_target *target = add_container(&profile, name, image, service, 0);
	const struct lc_allowed *allowed;
	struct lc_strbuf found = {0};
	size_t cursor = 0;

	while ((allowed = lc_policy_next(&policy, target, &cursor)))
		lc_strbuf_addf(&found, "[%s]", allowed->where);
	return lc_strbuf_steal(&found);
}

static void assert_counterpart(
	const char *file, const char *name, const char *image, const char *service, const char *expected)
{
	_cleanup_free_ char *found = counterpart(file, name, image, service);

	assert_string_equal(found, expected);
}

static void test_a_service_goes_by_its_name(void **state)
{
	(void)state;
	assert_counterpart(TWO_SERVICES, "shop-db-1", "other", "db", "[service db]");
}

static void test_a_service_that_the_file_does_not_have_is_unknown_whatever_its_image(void **state)
{
	(void)state;
	assert_counterpart(TWO_SERVICES, "shop-front-1", "nginx", "front", "");
}

static void test_a_service_of_another_project_is_unknown(void **state)
{
	(void)state;
	assert_counterpart("name: warehouse\n" TWO_SERVICES, "shop-db-1", "postgres", "db", "");
}

static void test_a_container_goes_by_the_containers_name(void **state)
{
	(void)state;
	assert_counterpart(TWO_SERVICES, "data", "other", NULL, "[service db]");
}

static void test_a_container_with_a_made_up_name_goes_by_its_image(void **state)
{
	(void)state;
	assert_counterpart(TWO_SERVICES, "brave_noether", "docker.io/library/nginx:latest", NULL, "[service web]");
}

static void test_another_tag_is_another_image(void **state)
{
	(void)state;
	assert_counterpart(TWO_SERVICES, "brave_noether", "nginx:1.27", NULL, "");
}

static void test_containers_of_one_name_are_told_apart_by_image(void **state)
{
	(void)state;
	assert_counterpart(POD "  - {name: app, image: a}\n---\n" POD "  - {name: app, image: b}\n---\n" POD
			       "  - {name: app, image: b}\n",
		"app", "b", NULL, "[Pod shop, container app][Pod shop, container app]");
}

static void test_containers_of_one_name_are_told_apart_by_pod(void **state)
{
	_cleanup_(lc_policy_clear) struct lc_policy policy = parse(
		"apiVersion: v1\nkind: List\nitems:\n"
		"- {kind: Pod, metadata: {name: shop}, spec: {containers: [{name: app, image: busybox}]}}\n"
		"- {kind: Pod, metadata: {name: shop-db}, spec: {containers: [{name: app, image: busybox}]}}\n"
		"- {kind: Pod, metadata: {name: shopping}, spec: {containers: [{name: app, image: busybox}]}}\n"
		"- {kind: Pod, metadata: {name: shop, namespace: b}, spec: {containers: [{name: app, image: busybox}]}}\n");
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = add_container(&profile, "app", NULL, NULL, 0);
	size_t cursor = 0;

	(void)state;
	/* By image it could be any of them. */
	target->image = strdup("busybox");
	target->pod = strdup("shop-7f9c");
	target->namespace = strdup("a");
	assert_ptr_equal(lc_policy_next(&policy, target, &cursor), &policy.list[0]);
	assert_null(lc_policy_next(&policy, target, &cursor));
	cursor = 0;
	target->pod[0] = 'X';
	assert_null(lc_policy_next(&policy, target, &cursor));
}

static void test_a_target_of_an_earlier_profile_goes_by_name(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile earlier = {0};
	_cleanup_free_ char *text = NULL;

	(void)state;
	add_container(&earlier, "web", "nginx:1", NULL, CHOWN);
	text = lc_profile_to_json(&earlier);
	assert_counterpart(text, "web", "nginx:2", NULL, "[targets[0]]");
	assert_counterpart(text, "db", "postgres", NULL, "");
}

/* What is said */

static void test_one_line_is_said_of_all_who_keep_within(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", "nginx", NULL, CHOWN);
	assert_says("services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [CHOWN]\n", &profile,
		"1 service keeps within file\n");
	add_container(&profile, "shop-web-1", "nginx", "web", CHOWN);
	add_container(&profile, "shop-web-2", "nginx", "web", CHOWN);
	add_container(&profile, "data", "postgres", NULL, 0);
	assert_says("services:\n  web: {}\n  db: {container_name: data}\n", &profile, "2 services keep within file\n");
}

static void test_what_of_the_file_was_not_recorded_is_said_of_a_pass(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "shop-a-1", "a", "a", 0);
	assert_says("services: {a: {}, b: {}}\n", &profile, "1 service keeps within file; 1 was not recorded: b\n");
	add_container(&profile, "app", "a", NULL, 0);
	assert_says(POD
		"  - {name: app}\n  - {name: b}\n  - {name: c}\n  - {name: d}\n  - {name: e}\n  - {name: f}\n  - {name: g}\n  - {name: h}\n",
		&profile,
		"1 container keeps within file; 7 were not recorded: shop/b, shop/c, shop/d, shop/e, shop/f and 2 more\n");
}

static void test_what_is_passed_over_is_counted(void **state)
{
	struct lc_profile profile = {0};
	struct lc_policy_rules rules = usual;
	_cleanup_free_ char *lines = NULL;

	(void)state;
	rules.ignore_unknown = true;
	add_container(&profile, "shop-a-1", "a", "a", 0);
	add_container(&profile, "shop-b-1", "b", "b", CHOWN);
	lines = check_by("services: {a: {}}\n", &profile, &rules);
	assert_string_equal(lines, "1 service keeps within file; 1 that it does not know was passed over\n");
}

static void test_where_nothing_was_seen_nothing_is_said_to_keep_within(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", "nginx", NULL, 0)->sandbox = strdup("runsc");
	assert_says("services: {web: {}}\n", &profile, "");
}

static void test_a_missing_capability_is_said_with_what_asked_and_where_it_goes(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_container(&profile, "web", "nginx", NULL, CHOWN);

	(void)state;
	add_evidence(target, CAP_CHOWN, LC_CLASS_REQUIRED, 5, "/bin/a", "chown", "/x");
	assert_says("services:\n  web:\n    cap_drop: [ALL]\n    cap_add: []\n", &profile,
		"file:4: web (nginx): needs CHOWN, which is not allowed: /bin/a chown /x; add it to cap_add of service web\n");
}

static void test_without_a_list_the_line_is_the_services(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", "nginx", NULL, TIME);
	assert_says("services:\n  web: {}\n", &profile,
		"file:2: web (nginx): needs SYS_TIME, which is not allowed; add it to cap_add of service web\n");
}

static void test_what_is_dropped_by_name_is_to_be_taken_out(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", "nginx", NULL, KILL);
	assert_says(POD "  - name: web\n    securityContext:\n      capabilities:\n        drop:\n        - KILL\n",
		&profile,
		"file:10: web (nginx): needs KILL, which is not allowed; take it out of securityContext.capabilities.drop of Pod shop, container web\n");
}

static void test_an_unknown_target_is_said_with_what_it_needs(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "cache", "redis", NULL, CHOWN | KILL);
	assert_says(TWO_SERVICES, &profile,
		"file: cache (redis): no service of this file is meant for it; it needs CHOWN, KILL\n");
}

/* A target of PROFILE that SYSCALL wanted CAP for, and was denied. */
static struct lc_target *add_denied(struct lc_profile *profile, int cap, const char *syscall)
{
	struct lc_target *target = add_container(profile, "web", "nginx", NULL, 0);
	struct lc_check *check = add_evidence(target, cap, LC_CLASS_BLOCKED, 5, "/bin/a", syscall, "/x");

	target->wanted = LC_CAP_BIT(cap);
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup("EPERM");
	return target;
}

#define HARDENED "services:\n  web:\n    cap_drop: [ALL]\n"

static void test_what_was_denied_fails(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_denied(&profile, CAP_CHOWN, "chown");
	assert_says(HARDENED, &profile,
		"file:2: web (nginx): was denied CHOWN, which is not allowed: /bin/a chown /x → EPERM; add it to cap_add of service web\n");
}

static void test_what_was_denied_is_passed_over_where_that_is_asked_for(void **state)
{
	struct lc_policy_rules rules = usual;

	(void)state;
	rules.spared = CHOWN;
	for (int cap = CAP_CHOWN; cap <= CAP_DAC_OVERRIDE; cap++) {
		struct lc_profile profile = {0};
		_cleanup_free_ char *lines = NULL;

		add_denied(&profile, cap, "chown");
		lines = check_by(HARDENED, &profile, &rules);
		if (cap == CAP_CHOWN)
			assert_string_equal(lines, "1 service keeps within file\n");
		else
			assert_non_null(strstr(lines, "was denied DAC_OVERRIDE"));
	}
}

static void test_what_programs_usually_do_without_is_a_note_unless_it_is_to_count(void **state)
{
	struct lc_policy_rules rules = usual;
	struct lc_profile profile = {0};
	_cleanup_free_ char *lines = NULL;

	(void)state;
	add_denied(&profile, CAP_SYS_RESOURCE, "setrlimit");
	assert_says(HARDENED, &profile,
		"file:2: note: web (nginx): was denied SYS_RESOURCE, which is not allowed and which it may do without: /bin/a setrlimit /x → EPERM; add it to cap_add of service web\n1 service keeps within file\n");
	rules.counts[LC_FINDING_SURVIVED] = true;
	add_denied(&profile, CAP_SYS_RESOURCE, "setrlimit");
	lines = check_by(HARDENED, &profile, &rules);
	assert_int_equal(strncmp(lines, "file:2: web (nginx): was denied SYS_RESOURCE", 44), 0);
}

static void test_what_an_earlier_profile_was_denied_or_was_proven_without_is_a_note(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile earlier = {0};
	struct lc_target *target = add_container(&earlier, "web", "nginx", NULL, 0);
	_cleanup_free_ char *text = NULL;

	(void)state;
	target->wanted = CHOWN;
	target->proof = calloc(1, sizeof(*target->proof));
	target->proof->method = strdup("engine");
	target->proof->command = strdup("./test.sh");
	target->proof->removed = KILL;
	text = lc_profile_to_json(&earlier);
	for (int cap = CAP_CHOWN; cap <= CAP_KILL; cap++) {
		struct lc_profile profile = {0};
		_cleanup_free_ char *lines = NULL;

		add_denied(&profile, cap, "chown");
		lines = check(text, &profile, false);
		assert_int_equal(strncmp(lines, "file: note: ", 12) == 0, cap == CAP_CHOWN || cap == CAP_KILL);
	}
}

static void test_what_no_container_of_a_service_needed_is_one_line(void **state)
{
	_cleanup_free_ char *lines = NULL;
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "shop-web-1", "nginx", "web", CHOWN);
	add_container(&profile, "shop-web-2", "nginx", "web", KILL);
	lines = check("services:\n  web:\n    cap_drop: [ALL]\n    cap_add: [CHOWN, KILL, NET_RAW, SYS_TIME]\n",
		&profile, true);
	assert_string_equal(lines, "file:4: service web: allows NET_RAW, SYS_TIME, which nothing needed\n");
}

static void test_nothing_is_said_of_services_that_did_not_run(void **state)
{
	_cleanup_free_ char *lines = NULL;
	struct lc_profile profile = {0};

	(void)state;
	lines = check("services:\n  web: {}\n", &profile, true);
	assert_string_equal(lines, "");
}

static void test_hostile_names_cannot_make_lines_of_their_own(void **state)
{
	_cleanup_free_ char *lines = NULL;
	struct lc_profile profile = {0};
	struct lc_target *target = add_container(&profile, "web", "a\n::error::x", NULL, CHOWN);

	(void)state;
	add_evidence(target, CAP_CHOWN, LC_CLASS_REQUIRED, 5, "/bin/a\n::error::x", "chown", "\033[2J\r::x");
	lines = check("services:\n  web: {cap_drop: [ALL]}\n", &profile, false);
	assert_string_equal(strchr(lines, '\n'), "\n");
	assert_null(strchr(lines, '\033'));
	assert_null(strchr(lines, '\r'));
}

static void test_what_a_filter_refused_fails_by_the_capability_that_opens_it(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_container(&profile, "web", "nginx", NULL, 0);

	(void)state;
	target->wanted = TIME;
	add_failure(target, LC_CAUSE_FILTER, TIME, 1, "/bin/date", "clock_settime", NULL)->why =
		strdup("Docker's filter refused it.");
	assert_says("services:\n  web:\n    cap_drop: [ALL]\n", &profile,
		"file:2: web (nginx): was refused what needs SYS_TIME, which is not allowed: /bin/date clock_settime → EPERM (Docker's filter refused it); add it to cap_add of service web\n");
}

static void test_an_unknown_target_that_was_refused_something_is_not_said_to_need_nothing(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_failure(
		add_container(&profile, "db", "redis", NULL, 0), LC_CAUSE_DEVICE, 0, 3, "/bin/a", "openat", "/dev/x");
	assert_says("services:\n  web:\n    cap_drop: [ALL]\n", &profile,
		"file: db (redis): no service of this file is meant for it; it used no capability; 3 calls were refused, and no other list is known to help (leastcap report says why)\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_compose_service_is_allowed_dockers_defaults),
		cmocka_unit_test(test_a_compose_service_is_allowed_what_it_adds_and_not_what_it_drops),
		cmocka_unit_test(test_a_compose_service_that_drops_all_is_allowed_what_it_adds),
		cmocka_unit_test(test_a_privileged_service_is_allowed_everything),
		cmocka_unit_test(test_another_engines_defaults_hold_when_it_is_named),
		cmocka_unit_test(test_a_kubernetes_container_is_allowed_containerds_defaults),
		cmocka_unit_test(test_a_kubernetes_container_is_allowed_what_it_adds_and_not_what_it_drops),
		cmocka_unit_test(test_a_manifest_may_merge_mappings),
		cmocka_unit_test(test_containers_are_found_in_every_kind_of_workload),
		cmocka_unit_test(test_init_containers_lists_and_documents_are_read),
		cmocka_unit_test(test_a_manifest_may_be_json),
		cmocka_unit_test(test_a_short_manifest_cannot_ask_for_endless_work),
		cmocka_unit_test(test_what_is_no_capability_is_refused_with_its_line),
		cmocka_unit_test(test_a_file_without_containers_is_refused),
		cmocka_unit_test(test_a_list_that_is_none_is_refused_with_its_line),
		cmocka_unit_test(test_a_profile_of_another_version_is_refused_as_such),
		cmocka_unit_test(test_a_service_goes_by_its_name),
		cmocka_unit_test(test_a_service_that_the_file_does_not_have_is_unknown_whatever_its_image),
		cmocka_unit_test(test_a_service_of_another_project_is_unknown),
		cmocka_unit_test(test_a_container_goes_by_the_containers_name),
		cmocka_unit_test(test_a_container_with_a_made_up_name_goes_by_its_image),
		cmocka_unit_test(test_another_tag_is_another_image),
		cmocka_unit_test(test_containers_of_one_name_are_told_apart_by_image),
		cmocka_unit_test(test_containers_of_one_name_are_told_apart_by_pod),
		cmocka_unit_test(test_a_target_of_an_earlier_profile_goes_by_name),
		cmocka_unit_test(test_one_line_is_said_of_all_who_keep_within),
		cmocka_unit_test(test_what_of_the_file_was_not_recorded_is_said_of_a_pass),
		cmocka_unit_test(test_what_is_passed_over_is_counted),
		cmocka_unit_test(test_where_nothing_was_seen_nothing_is_said_to_keep_within),
		cmocka_unit_test(test_a_missing_capability_is_said_with_what_asked_and_where_it_goes),
		cmocka_unit_test(test_without_a_list_the_line_is_the_services),
		cmocka_unit_test(test_what_is_dropped_by_name_is_to_be_taken_out),
		cmocka_unit_test(test_an_unknown_target_is_said_with_what_it_needs),
		cmocka_unit_test(test_what_was_denied_fails),
		cmocka_unit_test(test_what_was_denied_is_passed_over_where_that_is_asked_for),
		cmocka_unit_test(test_what_programs_usually_do_without_is_a_note_unless_it_is_to_count),
		cmocka_unit_test(test_what_an_earlier_profile_was_denied_or_was_proven_without_is_a_note),
		cmocka_unit_test(test_what_no_container_of_a_service_needed_is_one_line),
		cmocka_unit_test(test_nothing_is_said_of_services_that_did_not_run),
		cmocka_unit_test(test_hostile_names_cannot_make_lines_of_their_own),
		cmocka_unit_test(test_what_a_filter_refused_fails_by_the_capability_that_opens_it),
		cmocka_unit_test(test_an_unknown_target_that_was_refused_something_is_not_said_to_need_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
