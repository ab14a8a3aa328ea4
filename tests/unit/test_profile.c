/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the profile: its order, its JSON form there and back, and what is refused. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <linux/capability.h>
#include <sys/stat.h>

#define NOON_NS INT64_C(1795348800123456000) /* 2026-11-22T12:00:00.123456Z */

static void add_check(struct lc_target *target, int cap, uint64_t count, const char *about)
{
	struct lc_check check = {
		.cap = cap,
		.class = LC_CLASS_REQUIRED,
		.authority = LC_AUTHORITY_EFFECTIVE,
		.phase = LC_PHASE_WORKLOAD,
		.audited = LC_AUDITED_YES,
		.count = count,
		.first_ns = NOON_NS,
		.last_ns = NOON_NS + 1000,
		.syscall = strdup("fchownat"),
		.caller = strdup("setattr_prepare"),
		.exe = strdup("/usr/bin/chown"),
		.comm = strdup("chown"),
		.about = strdup(about),
	};

	assert_int_equal(lc_target_add_evidence(target, &check), 0);
	assert_null(check.about);
}

/* A profile in which every field is set. */
static void make_profile(struct lc_profile *profile)
{
	struct lc_target *target;

	*profile = (struct lc_profile){
		.tool = strdup("leastcap 0.1.0"),
		.kernel = strdup("6.1.0"),
		.machine = strdup("x86_64"),
		.hook = strdup("fexit"),
		.cgroup = strdup("v2"),
		.started_ns = NOON_NS / 1000000000 * 1000000000,
		.ended_ns = NOON_NS / 1000000000 * 1000000000 + 60000000000,
		.lost = 5,
	};
	target = lc_profile_add_target(profile);
	*target = (struct lc_target){
		.kind = LC_TARGET_CONTAINER,
		.name = strdup("web"),
		.id = strdup("0123abcd"),
		.engine = strdup("docker"),
		.image = strdup("nginx:1.22"),
		.project = strdup("shop"),
		.service = strdup("front"),
		.user = strdup("0:0"),
		.cgroup = strdup("/docker/0123abcd"),
		.privileged = true,
		.configured_add = LC_CAP_BIT(CAP_NET_ADMIN),
		.configured_drop = LC_CAP_BIT(CAP_MKNOD) | LC_CAP_BIT(CAP_KILL),
		.granted = UINT64_C(0x1ffffffffff),
		.cap_add = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID),
		.unused = LC_CAP_BIT(CAP_SYS_TIME) | LC_CAP_BIT(63),
		.wanted = LC_CAP_BIT(CAP_BPF),
		.verify = LC_CAP_BIT(CAP_SETUID),
	};
	assert_int_equal(lc_target_add_advice(target, CAP_CHOWN, strdup("Do it in the image.")), 0);
	assert_int_equal(lc_target_add_advice(target, CAP_SETUID, strdup("Try a run without it.")), 0);
	add_check(target, CAP_CHOWN, 12, "/data/x");
	add_check(target, CAP_SETUID, UINT64_C(0x7fffffffffffffff), "uid 33");
	target->evidence[1].class = LC_CLASS_BLOCKED;
	target->evidence[1].verdict = LC_VERDICT_DENIED;
	target->evidence[1].authority = LC_AUTHORITY_NONE;
	target->evidence[1].credential = LC_CREDENTIAL_OVERRIDDEN;
	target->evidence[1].phase = LC_PHASE_SETUP;
	target->evidence[1].userns = LC_USERNS_OTHER;
	target->evidence[1].audited = LC_AUDITED_UNKNOWN;
	target->evidence[1].result = strdup("EPERM");
	target->evidence[1].why = strdup("for a test");
	target->evidence[1].source = LC_SOURCE_CAPSET;
	target->evidence[1].ordinary = true;
	target->evidence[1].chained = true;
	target->evidence[1].answered = true;
	target->evidence[1].survivable = true;
	target->evidence[1].user = strdup("33:33");
	target->evidence[1].object = (struct lc_object){
		.path = strdup("/var/log/nginx"), .owner = strdup("www-data:adm"), .mode = S_IFDIR | 01755};
}

static void add_failure(struct lc_target *target)
{
	struct lc_failure failure = {
		.syscall = strdup("unshare"),
		.result = strdup("EPERM"),
		.exe = strdup("/usr/bin/unshare"),
		.comm = strdup("unshare"),
		.user = strdup("33:33"),
		.about = strdup("NEWUSER"),
		.argument = UINT64_C(0x8000000010000000),
		.denied = true,
		.asked = true,
		.no_new_privs = true,
		.filter = LC_FILTER_REFUSES,
		.object = {.path = strdup("/x"), .owner = strdup("0:0"), .mode = S_IFREG | 0600, .late = true},
		.count = 3,
		.first_ns = NOON_NS,
		.last_ns = NOON_NS + 1000,
		.cause = LC_CAUSE_FILTER,
		.expected = true,
		.caps = LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_BPF),
		.why = strdup("It was refused."),
		.help = strdup("Do without."),
	};

	assert_int_equal(lc_target_add_failure(target, &failure), 0);
	assert_null(failure.about);
}

static void a_refused_call_survives_writing_and_reading(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile written = {0};
	_cleanup_(lc_profile_clear) struct lc_profile read = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *text = NULL;
	const struct lc_failure *a, *b;

	(void)state;
	make_profile(&written);
	add_failure(&written.targets[0]);
	written.targets[0].engine_version = strdup("20.10.24");
	written.targets[0].label = strdup("docker-default (enforce)");
	text = lc_profile_to_json(&written);
	assert_int_equal(lc_profile_from_json(&read, text, strlen(text), &message), 0);
	assert_string_equal(read.targets[0].engine_version, "20.10.24");
	assert_string_equal(read.targets[0].label, "docker-default (enforce)");
	assert_int_equal(read.targets[0].n_failures, 1);
	a = &written.targets[0].failures[0];
	b = &read.targets[0].failures[0];
	assert_int_equal(lc_failure_compare_facts(a, b), 0);
	assert_true(b->argument == a->argument);
	assert_string_equal(b->comm, a->comm);
	assert_string_equal(b->object.path, a->object.path);
	assert_string_equal(b->object.owner, a->object.owner);
	assert_int_equal(b->object.mode, a->object.mode);
	assert_int_equal(b->object.late, a->object.late);
	assert_int_equal(b->count, 3);
	assert_true(b->first_ns == a->first_ns && b->last_ns == a->last_ns);
	assert_int_equal(b->cause, LC_CAUSE_FILTER);
	assert_true(b->expected);
	assert_true(b->caps == a->caps);
	assert_string_equal(b->why, a->why);
	assert_string_equal(b->help, a->help);
}

/* What a refused call's argument must not be. */
static void a_refused_calls_argument_is_a_hexadecimal_number(void **state)
{
	static const char *const wrong[] = {"", "0x", "10", "0X10", "0x1g", "-0x1", "0x 1", "0x12345678123456789"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct lc_profile read = {0};
		_cleanup_free_ char *message = NULL;
		_cleanup_free_ char *text = NULL;

		assert_true(
			asprintf(&text,
				"{\"schema\": \"leastcap-profile/1\", \"lost\": 0, \"targets\": [{\"kind\": \"container\", \"name\": \"a\", \"granted\": [], \"cap_add\": [], \"unused\": [], \"wanted\": [], \"evidence\": [], \"failures\": [{\"count\": 1, \"argument\": \"%s\"}]}]}",
				wrong[i]) > 0);
		assert_int_equal(lc_profile_from_json(&read, text, strlen(text), &message), -EINVAL);
		assert_non_null(strstr(message, "targets[0].failures[0].argument: "));
	}
}

/* Refused calls of which the kernel side told in several pieces are one, with what the first was. */
static void refused_calls_that_agree_in_all_facts_are_united(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	struct lc_target *target = lc_profile_add_target(&profile);

	(void)state;
	for (int i = 0; i < 4; i++)
		add_failure(target);
	target->failures[0].first_ns = NOON_NS + 5;
	target->failures[2].last_ns = NOON_NS + 9000;
	free(target->failures[2].comm);
	target->failures[2].comm = strdup("first");
	target->failures[2].first_ns = NOON_NS - 5;
	target->failures[3].denied = false;
	lc_target_unite_failures(target);
	assert_int_equal(target->n_failures, 2);
	assert_false(target->failures[0].denied);
	assert_int_equal(target->failures[0].count, 3);
	assert_int_equal(target->failures[1].count, 9);
	assert_true(target->failures[1].first_ns == NOON_NS - 5);
	assert_true(target->failures[1].last_ns == NOON_NS + 9000);
	assert_string_equal(target->failures[1].comm, "first");
	/* Of none there is none. */
	lc_target_clear(target);
	lc_target_unite_failures(target);
	assert_int_equal(target->n_failures, 0);
}

static void assert_same_check(const struct lc_check *a, const struct lc_check *b)
{
	assert_int_equal(a->cap, b->cap);
	assert_int_equal(a->class, b->class);
	assert_int_equal(a->verdict, b->verdict);
	assert_int_equal(a->authority, b->authority);
	assert_int_equal(a->credential, b->credential);
	assert_int_equal(a->phase, b->phase);
	assert_int_equal(a->userns, b->userns);
	assert_int_equal(a->audited, b->audited);
	assert_true(a->count == b->count);
	assert_true(a->first_ns == b->first_ns);
	assert_true(a->last_ns == b->last_ns);
	assert_string_equal(a->syscall, b->syscall);
	assert_string_equal(a->caller, b->caller);
	assert_string_equal(a->exe, b->exe);
	assert_string_equal(a->comm, b->comm);
	assert_string_equal(a->about, b->about);
	assert_int_equal(a->source, b->source);
	assert_int_equal(a->ordinary, b->ordinary);
	assert_int_equal(a->chained, b->chained);
	assert_int_equal(a->answered, b->answered);
	assert_int_equal(a->survivable, b->survivable);
	assert_int_equal(a->object.mode, b->object.mode);
}

static void every_field_survives_writing_and_reading(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile written = {0};
	_cleanup_(lc_profile_clear) struct lc_profile read = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *text = NULL;
	const struct lc_target *a;
	const struct lc_target *b;

	(void)state;
	make_profile(&written);
	text = lc_profile_to_json(&written);
	assert_int_equal(lc_profile_from_json(&read, text, strlen(text), &message), 0);
	assert_null(message);
	assert_string_equal(read.tool, written.tool);
	assert_string_equal(read.kernel, written.kernel);
	assert_string_equal(read.machine, written.machine);
	assert_string_equal(read.hook, written.hook);
	assert_string_equal(read.cgroup, written.cgroup);
	assert_true(read.started_ns == written.started_ns);
	assert_true(read.ended_ns == written.ended_ns);
	assert_true(read.lost == written.lost);
	assert_int_equal(read.n_targets, 1);
	a = &written.targets[0];
	b = &read.targets[0];
	assert_int_equal(b->kind, a->kind);
	assert_string_equal(b->name, a->name);
	assert_string_equal(b->id, a->id);
	assert_string_equal(b->engine, a->engine);
	assert_string_equal(b->image, a->image);
	assert_string_equal(b->project, a->project);
	assert_string_equal(b->service, a->service);
	assert_string_equal(b->user, a->user);
	assert_string_equal(b->cgroup, a->cgroup);
	assert_true(b->privileged);
	assert_true(b->configured_add == a->configured_add);
	assert_true(b->configured_drop == a->configured_drop);
	assert_true(b->granted == a->granted);
	assert_true(b->cap_add == a->cap_add);
	assert_true(b->unused == a->unused);
	assert_true(b->wanted == a->wanted);
	assert_int_equal(b->n_evidence, 2);
	assert_same_check(&a->evidence[0], &b->evidence[0]);
	assert_same_check(&a->evidence[1], &b->evidence[1]);
	assert_null(b->evidence[0].result);
	assert_string_equal(b->evidence[1].result, "EPERM");
	assert_string_equal(b->evidence[1].why, "for a test");
	assert_null(b->evidence[0].user);
	assert_string_equal(b->evidence[1].user, "33:33");
	assert_null(b->evidence[0].object.path);
	assert_string_equal(b->evidence[1].object.path, "/var/log/nginx");
	assert_string_equal(b->evidence[1].object.owner, "www-data:adm");
	assert_true(b->verify == a->verify);
	assert_int_equal(b->n_advice, 2);
	assert_int_equal(b->advice[1].cap, CAP_SETUID);
	assert_string_equal(b->advice[1].text, "Try a run without it.");
}

static void every_kind_of_file_survives_writing_and_reading(void **state)
{
	static const uint32_t kinds[] = {0, S_IFREG, S_IFDIR, S_IFLNK, S_IFSOCK, S_IFIFO, S_IFCHR, S_IFBLK};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		_cleanup_(lc_profile_clear) struct lc_profile written = {0};
		_cleanup_(lc_profile_clear) struct lc_profile read = {0};
		_cleanup_free_ char *message = NULL;
		_cleanup_free_ char *text = NULL;

		make_profile(&written);
		written.targets[0].evidence[1].object.mode = kinds[i] | 04711;
		text = lc_profile_to_json(&written);
		assert_int_equal(lc_profile_from_json(&read, text, strlen(text), &message), 0);
		assert_int_equal(read.targets[0].evidence[1].object.mode, kinds[i] | 04711);
	}
}

/* What is not said is false, was asked by the kernel, and concerns no file. */
static void a_check_is_written_on_one_line_with_only_what_is_true_of_it(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *text = NULL;
	const char *line;

	(void)state;
	make_profile(&profile);
	profile.targets[0].evidence[1].answered = false;
	text = lc_profile_to_json(&profile);
	line = strstr(text, "{\"cap\": \"SETUID\", \"class\"");
	assert_non_null(line);
	*strchr(line, '\n') = '\0';
	assert_non_null(strstr(line, "\"source\": \"capset\""));
	assert_non_null(strstr(line, "\"ordinary\": true, \"chained\": true, \"survivable\": true, "));
	assert_non_null(strstr(line,
		"\"object\": {\"path\": \"/var/log/nginx\", \"owner\": \"www-data:adm\", \"mode\": \"1755\", \"type\": \"directory\"}}"));
	assert_null(strstr(line, "answered"));
	assert_null(strstr(text, "\"source\": \"check\""));
}

static void the_text_is_what_the_schema_says(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *text = NULL;

	(void)state;
	profile.started_ns = NOON_NS;
	profile.ended_ns = NOON_NS;
	profile.hook = strdup("tp_btf");
	*lc_profile_add_target(&profile) =
		(struct lc_target){.name = strdup("web"), .granted = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL)};
	add_check(&profile.targets[0], CAP_CHOWN, 12, "/data/x");
	text = lc_profile_to_json(&profile);
	assert_string_equal(text,
		"{\n"
		"  \"schema\": \"leastcap-profile/1\",\n"
		"  \"host\": {\"hook\": \"tp_btf\"},\n"
		"  \"started\": \"2026-11-22T12:00:00Z\",\n"
		"  \"ended\": \"2026-11-22T12:00:00Z\",\n"
		"  \"lost\": 0,\n"
		"  \"targets\": [\n"
		"    {\n"
		"      \"kind\": \"container\",\n"
		"      \"name\": \"web\",\n"
		"      \"privileged\": false,\n"
		"      \"configured\": {\n"
		"        \"cap_add\": [],\n"
		"        \"cap_drop\": []\n"
		"      },\n"
		"      \"granted\": [\"CHOWN\", \"KILL\"],\n"
		"      \"cap_add\": [],\n"
		"      \"verify\": [],\n"
		"      \"unused\": [],\n"
		"      \"wanted\": [],\n"
		"      \"advice\": [],\n"
		"      \"evidence\": [\n"
		"        {\"cap\": \"CHOWN\", \"class\": \"required\", \"verdict\": \"granted\", \"authority\": \"effective\", \"credential\": \"own\", \"phase\": \"workload\", \"userns\": \"target\", \"audited\": \"yes\", \"count\": 12, \"first\": \"2026-11-22T12:00:00.123456Z\", \"last\": \"2026-11-22T12:00:00.123457Z\", \"syscall\": \"fchownat\", \"caller\": \"setattr_prepare\", \"exe\": \"/usr/bin/chown\", \"comm\": \"chown\", \"about\": \"/data/x\", \"result\": null}\n"
		"      ]\n"
		"    }\n"
		"  ]\n"
		"}\n");
}

static void another_json_parser_reads_the_text(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *text = NULL;
	json_t *root;

	(void)state;
	make_profile(&profile);
	free(profile.targets[0].name);
	profile.targets[0].name = strdup("a\"b\\c\n\t\033\x01 {[,:]}");
	text = lc_profile_to_json(&profile);
	root = json_loads(text, 0, NULL);
	assert_non_null(root);
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(json_object_get(root, "targets"), 0), "name")),
		profile.targets[0].name);
	json_decref(root);
}

static void names_that_are_not_utf8_are_made_so(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile written = {0};
	_cleanup_(lc_profile_clear) struct lc_profile read = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *text = NULL;

	(void)state;
	*lc_profile_add_target(&written) = (struct lc_target){.name = strdup("caf\xe9")};
	text = lc_profile_to_json(&written);
	assert_int_equal(lc_profile_from_json(&read, text, strlen(text), &message), 0);
	assert_string_equal(read.targets[0].name, "caf\xef\xbf\xbd");
}

static void counts_beyond_63_bits_are_written_as_the_largest(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {.lost = UINT64_MAX};
	_cleanup_free_ char *text = NULL;

	(void)state;
	text = lc_profile_to_json(&profile);
	assert_non_null(strstr(text, "\"lost\": 9223372036854775807,"));
}

static void times_before_1970_are_written_as_1970(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {.started_ns = INT64_MIN, .ended_ns = INT64_MAX};
	_cleanup_free_ char *text = NULL;

	(void)state;
	text = lc_profile_to_json(&profile);
	assert_non_null(strstr(text, "\"started\": \"1970-01-01T00:00:00Z\""));
	assert_non_null(strstr(text, "\"ended\": \"2262-04-11T23:47:16Z\""));
}

/* Adds the targets and evidence of a profile in the order that ORDER gives. */
static void make_in_order(struct lc_profile *profile, const int order[3])
{
	static const struct {
		const char *project;
		const char *name;
	} targets[] = {{NULL, "zebra"}, {"shop", "web"}, {"shop", "db"}};
	static const uint64_t counts[] = {3, 10, 10};
	static const char *const abouts[] = {"x", "b", "a"};

	for (int i = 0; i < 3; i++) {
		struct lc_target *target = lc_profile_add_target(profile);

		target->name = strdup(targets[order[i]].name);
		target->project = targets[order[i]].project ? strdup(targets[order[i]].project) : NULL;
		for (int j = 0; j < 3; j++)
			add_check(target, CAP_KILL - order[j] / 2, counts[order[j]], abouts[order[j]]);
	}
	lc_profile_sort(profile);
}

static void the_same_profile_gives_the_same_bytes_in_whatever_order_it_was_made(void **state)
{
	static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
	_cleanup_free_ char *first = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
		_cleanup_free_ char *text = NULL;

		make_in_order(&profile, orders[i]);
		text = lc_profile_to_json(&profile);
		if (!first)
			first = strdup(text);
		assert_string_equal(text, first);
	}
}

static void targets_are_sorted_by_project_and_evidence_by_capability_and_count(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	const struct lc_check *evidence;

	(void)state;
	make_in_order(&profile, (const int[]){0, 1, 2});
	assert_string_equal(profile.targets[0].name, "zebra");
	assert_string_equal(profile.targets[1].name, "db");
	assert_string_equal(profile.targets[2].name, "web");
	evidence = profile.targets[0].evidence;
	assert_int_equal(evidence[0].cap, CAP_KILL - 1);
	assert_int_equal(evidence[1].count, 10);
	assert_int_equal(evidence[2].count, 3);
}

/* Adds three checks that differ in one field only, in the order that ORDER gives, and advice. */
static void make_alike(struct lc_profile *profile, const int order[3], int field)
{
	struct lc_target *target = lc_profile_add_target(profile);

	target->name = strdup("web");
	for (int i = 0; i < 3; i++) {
		struct lc_check *check;

		add_check(target, CAP_KILL, 1, "x");
		check = &target->evidence[i];
		check->source = field == 0 ? (enum lc_source)order[i] : LC_SOURCE_CHECK;
		check->ordinary = field == 1 && order[i] == 1;
		check->chained = field == 2 && order[i] == 1;
		check->answered = field == 3 && order[i] == 1;
		check->survivable = field == 4 && order[i] == 1;
		check->user = field == 5 && order[i] ? strdup(order[i] == 1 ? "0:0" : "33:33") : NULL;
		check->object.path = strdup(field == 6 && order[i] ? "/a" : "/b");
		check->object.owner = field == 7 && order[i] ? strdup("root:root") : NULL;
		check->object.mode = field == 8 ? (uint32_t)order[i] : 0;
		assert_int_equal(
			lc_target_add_advice(target, field == 9 ? order[i] : 0, strdup(order[i] ? "a" : "b")), 0);
	}
	lc_profile_sort(profile);
}

static void checks_and_advice_that_differ_in_one_field_only_have_an_order(void **state)
{
	(void)state;
	for (int field = 0; field < 10; field++) {
		_cleanup_(lc_profile_clear) struct lc_profile one = {0};
		_cleanup_(lc_profile_clear) struct lc_profile other = {0};
		_cleanup_free_ char *text = NULL;
		_cleanup_free_ char *same = NULL;

		make_alike(&one, (const int[]){0, 1, 2}, field);
		make_alike(&other, (const int[]){2, 1, 0}, field);
		text = lc_profile_to_json(&one);
		same = lc_profile_to_json(&other);
		assert_string_equal(text, same);
	}
}

static void many_targets_and_checks_are_kept(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};

	(void)state;
	for (int i = 0; i < 100; i++)
		lc_profile_add_target(&profile)->name = strdup("x");
	for (int i = 0; i < 1000; i++)
		add_check(&profile.targets[99], i % 41, (uint64_t)i, "x");
	assert_int_equal(profile.n_targets, 100);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(profile.targets[99].evidence[i].count, i);
}

/* Reading: a whole profile in small pieces, each of which a test replaces with something else. */

#define HEAD "{\"schema\": \"leastcap-profile/1\", \"lost\": 0, "
#define CHECK                                                                                                          \
	"\"cap\": \"CHOWN\", \"class\": \"required\", \"verdict\": \"granted\", \"authority\": \"effective\", "        \
	"\"credential\": \"own\", \"phase\": \"workload\", \"count\": 1"
#define SETS   "\"granted\": [], \"cap_add\": [], \"unused\": [], \"wanted\": []"
#define TARGET "\"kind\": \"container\", \"name\": \"web\", " SETS

/* A profile with one target that has the given evidence. */
#define WITH_EVIDENCE(evidence) HEAD "\"targets\": [{" TARGET ", \"evidence\": [" evidence "]}]}"

/* Asserts that TEXT of LENGTH bytes is refused with the EXPECTED message. Of the parser's own ("line …") the start does. */
static void assert_refused(const char *text, size_t length, const char *expected)
{
	struct lc_profile profile;
	_cleanup_free_ char *message = NULL;
	int err = lc_profile_from_json(&profile, text, length, &message);

	if (err == 0)
		lc_profile_clear(&profile);
	assert_int_equal(err, -EINVAL);
	assert_non_null(message);
	if (strncmp(expected, "line ", 5) == 0)
		message[strnlen(message, strlen(expected))] = '\0';
	assert_string_equal(message, expected);
	assert_null(profile.targets);
	assert_null(profile.tool);
}

static void malformed_profiles_are_refused_with_the_place_and_the_reason(void **state)
{
	static const struct {
		const char *text;
		const char *message;
	} cases[] = {
		{"[]", "this is no leastcap profile: it is a list"},
		{"{}", "this is no leastcap profile: it has no \"schema\""},
		{"{\"schema\": 1}", "this is no leastcap profile: it has no \"schema\""},
		{"{\"schema\": \"leastcap-profile/2\"}",
			"schema: \"leastcap-profile/2\" cannot be read, only \"leastcap-profile/1\""},
		{"{\"schema\": \"leastcap-profile/1\"}", "lost: missing; it should be a whole number"},
		{HEAD "\"targets\": {}}", "targets: should be a list, and is an object"},
		{HEAD "\"tool\": 3}", "tool: should be a string, and is a number"},
		{HEAD "\"host\": [], \"targets\": []}", "host: should be an object, and is a list"},
		{HEAD "\"host\": {\"kernel\": true}}", "host.kernel: should be a string, and is true"},
		{HEAD "\"started\": \"yesterday\"}",
			"started: \"yesterday\" is no UTC time such as 2026-11-22T05:00:00Z"},
		{HEAD "\"ended\": \"2026-02-31T05:00:00Z\"}",
			"ended: \"2026-02-31T05:00:00Z\" is no UTC time such as 2026-11-22T05:00:00Z"},
		{"{\"schema\": \"leastcap-profile/1\", \"lost\": -1}", "lost: -1 is negative"},
		{"{\"schema\": \"leastcap-profile/1\", \"lost\": 1.5}",
			"lost: should be a whole number, and is a fraction"},
		{HEAD "\"targets\": [null]}", "targets[0]: should be an object, and is null"},
		{HEAD "\"targets\": [{\"kind\": \"pod\"}]}",
			"targets[0].kind: \"pod\" is none of container, command, service, cgroup"},
		{HEAD "\"targets\": [{\"kind\": \"container\"}]}", "targets[0].name: missing; it should be a string"},
		{HEAD "\"targets\": [{\"kind\": \"container\", \"name\": null}]}",
			"targets[0].name: should be a string, and is null"},
		{HEAD "\"targets\": [{" TARGET ", \"privileged\": \"yes\"}]}",
			"targets[0].privileged: should be true or false, and is a string"},
		{HEAD "\"targets\": [{\"kind\": \"container\", \"name\": \"x\", \"granted\": [\"CHOWN\", \"ROOT\"]}]}",
			"targets[0].granted[1]: \"ROOT\" is no capability"},
		{HEAD "\"targets\": [{\"kind\": \"container\", \"name\": \"x\", \"granted\": 255}]}",
			"targets[0].granted: should be a list of capabilities, and is a number"},
		{HEAD "\"targets\": [{" TARGET ", \"configured\": {\"cap_add\": [\"ALL\"]}}]}",
			"targets[0].configured.cap_add[0]: \"ALL\" is no capability"},
		{HEAD "\"targets\": [{" TARGET "}]}", "targets[0].evidence: missing; it should be a list"},
		{WITH_EVIDENCE("{" CHECK "}, 7"), "targets[0].evidence[1]: should be an object, and is a number"},
		{WITH_EVIDENCE("{\"cap\": 64}"),
			"targets[0].evidence[0].cap: should be the name of a capability, and is a number"},
		{WITH_EVIDENCE("{\"cap\": \"CAP_64\"}"), "targets[0].evidence[0].cap: \"CAP_64\" is no capability"},
		{WITH_EVIDENCE("{\"cap\": \"CHOWN\", \"class\": \"required\", \"verdict\": \"maybe\"}"),
			"targets[0].evidence[0].verdict: \"maybe\" is none of granted, denied"},
		{WITH_EVIDENCE("{" CHECK ", \"comm\": [\"sh\"]}"),
			"targets[0].evidence[0].comm: should be a string, and is a list"},
		{WITH_EVIDENCE("{" CHECK ", \"first\": \"1969-12-31T23:59:59Z\"}"),
			"targets[0].evidence[0].first: \"1969-12-31T23:59:59Z\" is no UTC time such as 2026-11-22T05:00:00Z"},
		{WITH_EVIDENCE("{" CHECK ", \"last\": \"2026-11-22T05:00:00.Z\"}"),
			"targets[0].evidence[0].last: \"2026-11-22T05:00:00.Z\" is no UTC time such as 2026-11-22T05:00:00Z"},
		{WITH_EVIDENCE("{" CHECK ", \"source\": \"guess\"}"),
			"targets[0].evidence[0].source: \"guess\" is none of check, file, capset, ambient, userns, ring, filter"},
		{WITH_EVIDENCE("{" CHECK ", \"chained\": 1}"),
			"targets[0].evidence[0].chained: should be true or false, and is a number"},
		{WITH_EVIDENCE("{" CHECK ", \"user\": 0}"),
			"targets[0].evidence[0].user: should be a string, and is a number"},
		{WITH_EVIDENCE("{" CHECK ", \"object\": \"/x\"}"),
			"targets[0].evidence[0].object: should be an object, and is a string"},
		{WITH_EVIDENCE("{" CHECK ", \"object\": {\"mode\": \"0755\"}}"),
			"targets[0].evidence[0].object.path: missing; it should be a string"},
		{WITH_EVIDENCE("{" CHECK ", \"object\": {\"path\": \"/x\", \"mode\": 493}}"),
			"targets[0].evidence[0].object.mode: should be a string of octal digits, and is a number"},
		{WITH_EVIDENCE("{" CHECK ", \"object\": {\"path\": \"/x\", \"mode\": \"0888\"}}"),
			"targets[0].evidence[0].object.mode: \"0888\" is no mode such as 0755"},
		{WITH_EVIDENCE("{" CHECK ", \"object\": {\"path\": \"/x\", \"mode\": \"\"}}"),
			"targets[0].evidence[0].object.mode: \"\" is no mode such as 0755"},
		{WITH_EVIDENCE("{" CHECK ", \"object\": {\"path\": \"/x\", \"mode\": \"00755\"}}"),
			"targets[0].evidence[0].object.mode: \"00755\" is no mode such as 0755"},
		{WITH_EVIDENCE("{" CHECK ", \"object\": {\"path\": \"/x\", \"type\": 1}}"),
			"targets[0].evidence[0].object.type: should be a string, and is a number"},
		{HEAD "\"targets\": [{" TARGET ", \"verify\": true}]}",
			"targets[0].verify: should be a list of capabilities, and is true"},
		{HEAD "\"targets\": [{" TARGET ", \"advice\": {}}]}",
			"targets[0].advice: should be a list, and is an object"},
		{HEAD "\"targets\": [{" TARGET ", \"advice\": [\"no\"]}]}",
			"targets[0].advice[0]: should be an object, and is a string"},
		{HEAD "\"targets\": [{" TARGET ", \"advice\": [{\"cap\": \"ROOT\", \"text\": \"x\"}]}]}",
			"targets[0].advice[0].cap: \"ROOT\" is no capability"},
		{HEAD "\"targets\": [{" TARGET ", \"advice\": [{\"cap\": \"KILL\"}]}]}",
			"targets[0].advice[0].text: missing; it should be a string"},
		{HEAD "\"lost\": 0}", "line 1 column 50: duplicate object key"},
		{"{\"schema\":\n  ?}", "line 2 column "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(cases[i].text, strlen(cases[i].text), cases[i].message);
}

static void a_count_beyond_63_bits_is_refused(void **state)
{
	static const char text[] = "{\"schema\": \"leastcap-profile/1\", \"lost\": 9223372036854775808}";

	(void)state;
	assert_refused(text, strlen(text), "line 1 column 60: too big integer");
}

static void a_truncated_profile_is_refused_wherever_it_ends(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *text = NULL;
	size_t length;

	(void)state;
	make_profile(&profile);
	text = lc_profile_to_json(&profile);
	/* Without the closing brace and the line break. */
	length = strlen(text) - 2;
	for (size_t n = 1; n < length; n++) {
		struct lc_profile read;
		_cleanup_free_ char *message = NULL;

		assert_int_equal(lc_profile_from_json(&read, text, n, &message), -EINVAL);
		assert_non_null(strstr(message, "line "));
		assert_null(strchr(message, '\n'));
	}
}

static void a_truncated_profile_is_called_so(void **state)
{
	static const char text[] = HEAD "\"targets\": [{\"name\": \"we";

	(void)state;
	assert_refused(text, strlen(text), "line 1 column 68: the file ends in the middle of the profile");
}

static void deep_nesting_is_refused(void **state)
{
	enum { DEPTH = 1000000 };
	char *text = malloc(DEPTH);

	(void)state;
	memset(text, '[', DEPTH);
	assert_refused(text, DEPTH, "line 1 column 2049: maximum parsing depth");
	free(text);
}

static void a_flood_of_tiny_values_is_refused_before_it_takes_memory(void **state)
{
	enum { LENGTH = 17000000 };
	char *text = malloc(LENGTH);

	(void)state;
	for (size_t i = 0; i < LENGTH; i++)
		text[i] = i % 2 ? '0' : ',';
	text[0] = '[';
	assert_refused(text, LENGTH, "more than 8000000 values: too big for a profile");
	free(text);
}

static void text_that_is_not_utf8_is_refused(void **state)
{
	static const char text[] = "{\"schema\": \"leastcap-profile/1\", \"tool\": \"\xff\xfe\"}";

	(void)state;
	assert_refused(text, strlen(text), "line 1 column 42: unable to decode byte 0xff");
}

static void nul_characters_are_refused(void **state)
{
	static const char escaped[] = "{\"schema\": \"leastcap-profile/1\", \"tool\": \"a\\u0000b\"}";
	static const char raw[] = "{\"schema\": \"leastcap-profile/1\", \"tool\": \"a\0b\"}";

	(void)state;
	assert_refused(escaped, sizeof(escaped) - 1, "line 1 column 51: \\u0000 is not allowed");
	assert_refused(raw, sizeof(raw) - 1, "line 1 column 43: control character 0x0");
}

static void a_hostile_value_cannot_spoil_the_message(void **state)
{
	static const char text[] =
		"{\"schema\": \"x\\n\\u001b[2J\\u202eyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"}";

	(void)state;
	assert_refused(text, strlen(text),
		"schema: \"x\\n\\033[2J\\xe2\\x80\\xaeyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\" cannot be "
		"read, only \"leastcap-profile/1\"");
}

static void unknown_fields_are_ignored(void **state)
{
	static const char text[] = HEAD "\"future\": {\"a\": [1, {\"b\": null}]}, \"targets\": [{" TARGET
					", \"pod\": \"x\", \"evidence\": [{" CHECK ", \"stack\": [1, 2, 3]}]}]}";
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(lc_profile_from_json(&profile, text, strlen(text), &message), 0);
	assert_int_equal(profile.n_targets, 1);
	assert_int_equal(profile.targets[0].n_evidence, 1);
}

/* Other programs write the members of an object in orders of their own. */
static void the_schema_may_stand_behind_all_else(void **state)
{
	static const char good[] =
		"{\"targets\": [{" TARGET ", \"evidence\": [{" CHECK
		", \"user_stack\": 0}]}], \"stacks\": [{\"frames\": []}], \"lost\": 0, \"schema\": \"leastcap-profile/1\"}";
	static const char none[] = "{\"targets\": [7], \"lost\": 0}";
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(lc_profile_from_json(&profile, good, strlen(good), &message), 0);
	assert_int_equal(profile.n_targets, 1);
	assert_int_equal(profile.targets[0].n_evidence, 1);
	assert_non_null(profile.targets[0].evidence[0].user_stack);
	assert_refused(none, strlen(none), "this is no leastcap profile: it has no \"schema\"");
}

/* What another version's targets look like is nobody's business here. */
static void another_schema_is_refused_before_the_targets_are_looked_at(void **state)
{
	static const char text[] = "{\"schema\": \"leastcap-profile/2\", \"targets\": [7]}";

	(void)state;
	assert_refused(
		text, strlen(text), "schema: \"leastcap-profile/2\" cannot be read, only \"leastcap-profile/1\"");
}

static void fields_that_a_writer_may_leave_out_have_defaults(void **state)
{
	static const char text[] = WITH_EVIDENCE("{" CHECK "}");
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(lc_profile_from_json(&profile, text, strlen(text), &message), 0);
	assert_null(profile.kernel);
	assert_false(profile.targets[0].privileged);
	assert_true(profile.targets[0].configured_add == 0);
	assert_null(profile.targets[0].image);
	assert_int_equal(profile.targets[0].evidence[0].userns, LC_USERNS_TARGET);
	assert_int_equal(profile.targets[0].evidence[0].audited, LC_AUDITED_UNKNOWN);
	assert_null(profile.targets[0].evidence[0].exe);
	assert_true(profile.targets[0].verify == 0);
	assert_int_equal(profile.targets[0].n_advice, 0);
	assert_int_equal(profile.targets[0].evidence[0].source, LC_SOURCE_CHECK);
	assert_false(profile.targets[0].evidence[0].ordinary);
	assert_false(profile.targets[0].evidence[0].survivable);
	assert_null(profile.targets[0].evidence[0].user);
	assert_null(profile.targets[0].evidence[0].object.path);
}

static void a_kind_of_file_without_a_word_here_is_not_known(void **state)
{
	static const char text[] =
		WITH_EVIDENCE("{" CHECK ", \"object\": {\"path\": \"/x\", \"mode\": \"0640\", \"type\": \"door\"}}");
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(lc_profile_from_json(&profile, text, strlen(text), &message), 0);
	assert_int_equal(profile.targets[0].evidence[0].object.mode, 0640);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_survives_writing_and_reading),
		cmocka_unit_test(a_refused_call_survives_writing_and_reading),
		cmocka_unit_test(a_refused_calls_argument_is_a_hexadecimal_number),
		cmocka_unit_test(refused_calls_that_agree_in_all_facts_are_united),
		cmocka_unit_test(every_kind_of_file_survives_writing_and_reading),
		cmocka_unit_test(a_check_is_written_on_one_line_with_only_what_is_true_of_it),
		cmocka_unit_test(the_text_is_what_the_schema_says),
		cmocka_unit_test(another_json_parser_reads_the_text),
		cmocka_unit_test(names_that_are_not_utf8_are_made_so),
		cmocka_unit_test(counts_beyond_63_bits_are_written_as_the_largest),
		cmocka_unit_test(times_before_1970_are_written_as_1970),
		cmocka_unit_test(the_same_profile_gives_the_same_bytes_in_whatever_order_it_was_made),
		cmocka_unit_test(targets_are_sorted_by_project_and_evidence_by_capability_and_count),
		cmocka_unit_test(checks_and_advice_that_differ_in_one_field_only_have_an_order),
		cmocka_unit_test(many_targets_and_checks_are_kept),
		cmocka_unit_test(malformed_profiles_are_refused_with_the_place_and_the_reason),
		cmocka_unit_test(a_count_beyond_63_bits_is_refused),
		cmocka_unit_test(a_truncated_profile_is_refused_wherever_it_ends),
		cmocka_unit_test(a_truncated_profile_is_called_so),
		cmocka_unit_test(deep_nesting_is_refused),
		cmocka_unit_test(a_flood_of_tiny_values_is_refused_before_it_takes_memory),
		cmocka_unit_test(text_that_is_not_utf8_is_refused),
		cmocka_unit_test(nul_characters_are_refused),
		cmocka_unit_test(a_hostile_value_cannot_spoil_the_message),
		cmocka_unit_test(unknown_fields_are_ignored),
		cmocka_unit_test(the_schema_may_stand_behind_all_else),
		cmocka_unit_test(another_schema_is_refused_before_the_targets_are_looked_at),
		cmocka_unit_test(fields_that_a_writer_may_leave_out_have_defaults),
		cmocka_unit_test(a_kind_of_file_without_a_word_here_is_not_known),
	};

	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
