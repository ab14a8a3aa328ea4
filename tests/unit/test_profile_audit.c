/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what an audit adds to a profile: there and back as JSON, the order, and what is refused. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

#define TARGET(fields)                                                                                                 \
	"{\"schema\":\"leastcap-profile/1\",\"lost\":0,\"targets\":[{\"kind\":\"container\",\"name\":\"web\","         \
	"\"granted\":[],\"cap_add\":[],\"unused\":[],\"wanted\":[],\"evidence\":[]" fields "}]}"
#define SETS "{\"inheritable\":[],\"permitted\":[],\"effective\":[],\"bounding\":[\"CHOWN\"],\"ambient\":[]}"

static struct lc_target *add(struct lc_profile *profile, const char *name, enum lc_rating_level level)
{
	struct lc_target *target = lc_profile_add_target(profile);

	assert_non_null(target);
	target->name = strdup(name);
	target->rating.level = level;
	return target;
}

static void add_hazard(struct lc_target *target, struct lc_hazard *hazard)
{
	assert_int_equal(lc_target_add_hazard(target, hazard), 0);
}

/* Writes PROFILE and reads it again to COPY. */
static void there_and_back(const struct lc_profile *profile, struct lc_profile *copy)
{
	_cleanup_free_ char *text = lc_profile_to_json(profile);
	_cleanup_free_ char *message = NULL;

	assert_non_null(text);
	assert_int_equal(lc_profile_from_json(copy, text, strlen(text), &message), 0);
}

static void what_an_audit_found_survives_writing_and_reading(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_profile_clear) struct lc_profile copy = {0};
	struct lc_target *target = add(&profile, "web", LC_RATING_DANGEROUS);
	const struct lc_target *read;

	(void)state;
	target->pod = strdup("web-0");
	target->namespace = strdup("shop");
	target->rating.why = strdup("It holds SYS_ADMIN.");
	target->rating.advice = strdup("Take it away.");
	target->init = (struct lc_init){.pid = 4711,
		.sets = {1, 2, 4, 8, 16},
		.no_new_privs = true,
		.own_userns = true,
		.seccomp = LC_SECCOMP_FILTER};
	target->members = (struct lc_members){.n = 3,
		.cut = true,
		.own_userns = true,
		.sets = {1, 2, 4, 8, 16},
		.differs = strdup("Process 12 does.")};
	target->rating.told = strdup("It holds more.");
	target->rating.score = 120;
	add_hazard(target, &(struct lc_hazard){.kind = LC_HAZARD_FILES,
				   .about = strdup("/etc"),
				   .where = strdup("/host/etc"),
				   .why = strdup("Why."),
				   .points = 20,
				   .read_only = true,
				   .barred = true});
	add_hazard(target, &(struct lc_hazard){.kind = LC_HAZARD_MOUNTS, .points = 100});
	there_and_back(&profile, &copy);
	read = &copy.targets[0];
	assert_string_equal(read->pod, "web-0");
	assert_string_equal(read->namespace, "shop");
	assert_int_equal(read->rating.level, LC_RATING_DANGEROUS);
	assert_string_equal(read->rating.why, "It holds SYS_ADMIN.");
	assert_string_equal(read->rating.advice, "Take it away.");
	assert_int_equal(read->init.pid, 4711);
	assert_memory_equal(&read->init.sets, &target->init.sets, sizeof(struct lc_sets));
	assert_true(read->init.no_new_privs);
	assert_true(read->init.own_userns);
	assert_int_equal(read->init.seccomp, LC_SECCOMP_FILTER);
	assert_int_equal(read->members.n, 3);
	assert_true(read->members.cut && read->members.own_userns);
	assert_memory_equal(&read->members.sets, &target->members.sets, sizeof(read->members.sets));
	assert_string_equal(read->members.differs, "Process 12 does.");
	assert_string_equal(read->rating.told, "It holds more.");
	assert_int_equal(read->rating.score, 120);
	assert_int_equal(read->n_hazards, 2);
	assert_int_equal(read->hazards[0].kind, LC_HAZARD_FILES);
	assert_string_equal(read->hazards[0].about, "/etc");
	assert_string_equal(read->hazards[0].where, "/host/etc");
	assert_string_equal(read->hazards[0].why, "Why.");
	assert_int_equal(read->hazards[0].points, 20);
	assert_true(read->hazards[0].read_only && read->hazards[0].barred);
	assert_int_equal(read->hazards[1].kind, LC_HAZARD_MOUNTS);
	assert_null(read->hazards[1].about);
	assert_false(read->hazards[1].read_only || read->hazards[1].barred);
}

static void why_nothing_is_known_survives_writing_and_reading(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_profile_clear) struct lc_profile copy = {0};

	(void)state;
	add(&profile, "web", LC_RATING_UNKNOWN)->init.unread = strdup("Permission denied");
	profile.targets[0].init.ended = true;
	there_and_back(&profile, &copy);
	assert_true(copy.targets[0].init.ended);
	assert_string_equal(copy.targets[0].init.unread, "Permission denied");
	assert_int_equal(copy.targets[0].init.pid, 0);
}

static void a_recording_says_nothing_of_an_audit(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *text = NULL;

	(void)state;
	add(&profile, "web", LC_RATING_UNRATED);
	text = lc_profile_to_json(&profile);
	assert_null(strstr(text, "rating"));
	assert_null(strstr(text, "init"));
	assert_false(lc_profile_is_unwatched(&profile));
}

static void the_worst_comes_first(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};

	(void)state;
	add(&profile, "a", LC_RATING_NOTHING);
	add(&profile, "c", LC_RATING_DEFAULTS);
	add(&profile, "b", LC_RATING_DEFAULTS);
	add(&profile, "d", LC_RATING_PRIVILEGED);
	add(&profile, "e", LC_RATING_NOTHING)->rating.score = 7;
	lc_profile_sort(&profile);
	assert_string_equal(profile.targets[0].name, "e");
	profile.targets[0].rating.score = 0;
	lc_profile_sort(&profile);
	assert_string_equal(profile.targets[0].name, "d");
	assert_string_equal(profile.targets[1].name, "b");
	assert_string_equal(profile.targets[2].name, "c");
	assert_string_equal(profile.targets[3].name, "a");
}

static void an_audit_without_a_hook_was_not_watched(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};

	(void)state;
	add(&profile, "web", LC_RATING_DEFAULTS);
	assert_true(lc_profile_is_unwatched(&profile));
	profile.hook = strdup("fexit");
	assert_false(lc_profile_is_unwatched(&profile));
}

static void merging_forgets_what_was_so_of_one_process(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile merged = {0};
	_cleanup_(lc_merge_clear) struct lc_merge merge = {0};
	struct lc_profile profile = {0};

	(void)state;
	add(&profile, "web", LC_RATING_DEFAULTS)->init.pid = 7;
	add_hazard(&profile.targets[0], &(struct lc_hazard){.kind = LC_HAZARD_PID, .points = 40});
	assert_int_equal(lc_merge_add(&merge, &profile), 0);
	assert_int_equal(lc_merge_finish(&merge, &merged), 0);
	assert_int_equal(merged.targets[0].rating.level, LC_RATING_UNRATED);
	assert_int_equal(merged.targets[0].init.pid, 0);
	assert_int_equal(merged.targets[0].n_hazards, 0);
}

static void what_makes_no_sense_is_refused_and_said_where(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{TARGET(",\"rating\":7"), "targets[0].rating: should be an object"},
		{TARGET(",\"rating\":{}"), "targets[0].rating.level: missing"},
		{TARGET(",\"rating\":{\"level\":\"fine\"}"), "targets[0].rating.level: \"fine\" is none of"},
		{TARGET(",\"rating\":{\"level\":\"all\",\"why\":7}"), "targets[0].rating.why: should be a string"},
		{TARGET(",\"rating\":{\"level\":\"all\",\"score\":-1}"), "targets[0].rating.score: -1 is negative"},
		{TARGET(",\"hazards\":7"), "targets[0].hazards: should be a list"},
		{TARGET(",\"hazards\":[{\"points\":1}]"), "targets[0].hazards[0].kind: missing"},
		{TARGET(",\"hazards\":[{\"kind\":\"x\",\"points\":1}]"),
			"targets[0].hazards[0].kind: \"x\" is none of"},
		{TARGET(",\"hazards\":[{\"kind\":\"pid\"}]"), "targets[0].hazards[0].points: missing"},
		{TARGET(",\"hazards\":[{\"kind\":\"pid\",\"points\":1,\"about\":7}]"),
			"targets[0].hazards[0].about: should be a string"},
		{TARGET(",\"init\":[]"), "targets[0].init: should be an object"},
		{TARGET(",\"init\":{\"pid\":-1}"), "targets[0].init.pid: -1 is negative"},
		{TARGET(",\"init\":{\"pid\":1}"), "targets[0].init.sets: missing"},
		{TARGET(",\"init\":{\"pid\":1,\"seccomp\":\"x\",\"sets\":" SETS "}"), "targets[0].init.seccomp"},
		{TARGET(",\"init\":{\"pid\":1,\"no_new_privs\":1,\"sets\":" SETS "}"), "targets[0].init.no_new_privs"},
		{TARGET(",\"init\":{\"pid\":1,\"sets\":{}}"), "targets[0].init.sets.inheritable: missing"},
		{TARGET(",\"pod\":7"), "targets[0].pod: should be a string"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
		_cleanup_free_ char *message = NULL;

		assert_int_equal(
			lc_profile_from_json(&profile, cases[i].text, strlen(cases[i].text), &message), -EINVAL);
		assert_non_null(message);
		if (strncmp(message, cases[i].message, strlen(cases[i].message)) != 0)
			fail_msg("'%s' does not begin with '%s'", message, cases[i].message);
	}
}

static void a_set_is_read(void **state)
{
	static const char text[] = TARGET(",\"init\":{\"pid\":1,\"sets\":" SETS "}");
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(lc_profile_from_json(&profile, text, strlen(text), &message), 0);
	assert_true(profile.targets[0].init.sets.bounding == LC_CAP_BIT(CAP_CHOWN));
	assert_int_equal(profile.targets[0].init.seccomp, LC_SECCOMP_DISABLED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_an_audit_found_survives_writing_and_reading),
		cmocka_unit_test(why_nothing_is_known_survives_writing_and_reading),
		cmocka_unit_test(a_recording_says_nothing_of_an_audit),
		cmocka_unit_test(the_worst_comes_first),
		cmocka_unit_test(an_audit_without_a_hook_was_not_watched),
		cmocka_unit_test(merging_forgets_what_was_so_of_one_process),
		cmocka_unit_test(what_makes_no_sense_is_refused_and_said_where),
		cmocka_unit_test(a_set_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
