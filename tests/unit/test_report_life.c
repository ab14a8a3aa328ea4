/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what reports say of the times of a target's life. */
#include "render.h"

#include <leastcap/clock.h>
#include <leastcap/story.h>

#include <signal.h>

#define BEGAN (INT64_C(1790000000) * LC_NS_PER_S)

/* A container that accepted a connection after a second and a half, with CHOWN before that and KILL in both. The caller clears the profile. */
static struct lc_target *add_served(struct lc_profile *profile)
{
	struct lc_target *target =
		add_container(profile, "web", "nginx", NULL, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL));
	struct lc_check *check;

	target->life = (struct lc_life){.began_ns = BEGAN,
		.served_ns = BEGAN + LC_NS_PER_S * 3 / 2,
		.sign = LC_SIGN_ACCEPT,
		.ended_ns = BEGAN + LC_NS_PER_S * 12,
		.starts = 1};
	check = add_evidence(target, CAP_CHOWN, LC_CLASS_REQUIRED, 1, "/bin/chown", "fchownat", "/data");
	check->at_start = true;
	check->first_ns = check->last_ns = BEGAN + LC_NS_PER_S;
	check = add_evidence(target, CAP_KILL, LC_CLASS_REQUIRED, 2, "/usr/sbin/nginx", "kill", "SIGTERM to 8");
	check->at_start = check->while_serving = true;
	check->first_ns = BEGAN + LC_NS_PER_S;
	check->last_ns = BEGAN + LC_NS_PER_S * 9;
	return target;
}

/* Asserts that PROFILE's report has PART, or has it not, and frees PROFILE. */
static void assert_part(
	struct lc_profile *profile, const char *format, const struct lc_style *style, const char *part, bool has)
{
	char *report = render(profile, format, style);

	if (!strstr(report, part) == has)
		fail_msg("%s\n%s this:\n%s", report, has ? "lacks" : "has", part);
	free(report);
	lc_profile_clear(profile);
}

#define ONLY "only at the start (until it accepted its first connection, after 1.5 s): CHOWN"

static void a_line_names_what_only_the_start_needs(void **state)
{
	static const char *const formats[] = {"text", "markdown", "html"};

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct lc_profile profile = {0};

		add_served(&profile);
		assert_part(&profile, formats[i], &(struct lc_style){0}, "only at the start", true);
	}
}

static void the_text_has_the_sign_and_the_time(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_served(&profile);
	assert_part(&profile, "text", &(struct lc_style){0}, "  " ONLY "\n", true);
}

static void a_merged_recording_has_no_times(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_served(&profile)->life = (struct lc_life){0};
	assert_part(&profile, "text", &(struct lc_style){.verbose = true}, "  only at the start: CHOWN\n", true);
}

static void where_nothing_is_known_nothing_is_said(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_served(&profile)->evidence[0].at_start = false;
	assert_part(&profile, "text", &(struct lc_style){0}, "only at the start", false);
}

static void a_verbose_report_has_the_times_of_each(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_served(&profile);
	assert_part(&profile, "text", &(struct lc_style){.verbose = true}, "SIGTERM to 8 at the start, while serving\n",
		true);
	add_served(&profile);
	assert_part(&profile, "text", &(struct lc_style){.verbose = true},
		"  it was started once; its start lasted until it accepted its first connection, after 1.5 s; it ended after 12.0 s\n",
		true);
}

static void a_verbose_report_says_how_often_it_was_started_and_how_long_it_stopped(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_served(&profile);

	(void)state;
	target->life.starts = 2;
	target->life.stopping_ns = target->life.ended_ns - LC_NS_PER_S / 2;
	target->life.served_ns = 0;
	assert_part(&profile, "text", &(struct lc_style){.verbose = true},
		"  it was started 2 times; there was no sign of when its start was over; it ended after 12.0 s, 0.5 s after it was told to stop\n",
		true);
}

static void the_story_of_a_capability_says_when(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_served(&profile);
	struct lc_strbuf out = {0};

	(void)state;
	assert_int_equal(lc_story_tell(target, CAP_CHOWN, &(struct lc_style){0}, &out), 0);
	assert_non_null(strstr(out.text, "1 time, 2026-09-21 14:13:21 UTC, at the start; /bin/chown"));
	lc_strbuf_free(&out);
	lc_profile_clear(&profile);
}

static void what_was_not_seen_is_said(void **state)
{
	static struct lc_port ports[] = {{.number = 80, .connections = 3}, {.number = 443}, {.number = 8080}};
	static const char *const formats[] = {"text", "markdown", "html"};
	struct lc_profile profile = {0};
	struct lc_target *target;

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		target = add_served(&profile);
		target->coverage.handled = 1U << SIGHUP | 1U << SIGUSR1 | 1U << SIGTERM;
		target->coverage.sent = 1U << SIGUSR1;
		for (size_t j = 0; j < sizeof(ports) / sizeof(ports[0]); j++)
			assert_int_equal(
				lc_coverage_add_port(&target->coverage, ports[j].number, ports[j].connections), 0);
		assert_part(&profile, formats[i], &(struct lc_style){0},
			"not seen: a connection to port 443, 8080; HUP, which it handles; a second start, with the data of the first; a stop",
			true);
	}
}

static void a_second_start_with_the_same_volume_is_said_with_how_it_is_made(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_served(&profile);

	(void)state;
	assert_int_equal(lc_volumes_add(&target->volumes, "/data"), 0);
	target->evidence[0].object.path = copy("/data/file");
	assert_part(&profile, "text", &(struct lc_style){0},
		"not seen: a second start with the same volume (/data): record --restart makes one", true);
	target = add_served(&profile);
	target->project = copy("shop");
	target->service = copy("db");
	assert_int_equal(lc_volumes_add(&target->volumes, "/data"), 0);
	target->evidence[0].object.path = copy("/data/file");
	assert_part(&profile, "text", &(struct lc_style){0},
		"a second start with the same volume (/data): record docker compose restart db, or with --restart",
		true);
}

static void a_container_that_is_started_again_and_again_is_known_as_that(void **state)
{
	static const char *const formats[] = {"text", "markdown", "html"};

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct lc_profile profile = {0};

		add_served(&profile)->life.starts = 7;
		assert_part(&profile, formats[i], &(struct lc_style){0}, "It was started 7 times while it was recorded",
			true);
		add_served(&profile)->life.starts = 2;
		assert_part(&profile, formats[i], &(struct lc_style){0}, "times while it was recorded", false);
	}
}

static void what_was_seen_is_not_said(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_served(&profile);

	(void)state;
	target->coverage.handled = target->coverage.sent = 1U << SIGHUP;
	target->life.starts = 2;
	target->life.stopping_ns = target->life.ended_ns - 1;
	assert_int_equal(lc_coverage_add_port(&target->coverage, 80, 1), 0);
	assert_part(&profile, "text", &(struct lc_style){0}, "not seen", false);
}

static void a_stop_before_the_second_start_is_one(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_served(&profile);

	(void)state;
	target->life.starts = 2;
	target->life.stopping_ns = 0;
	target->coverage.sent = 1U << SIGTERM;
	assert_part(&profile, "text", &(struct lc_style){0}, "not seen", false);
}

static void of_a_command_no_second_start_is_missed(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_served(&profile)->kind = LC_TARGET_COMMAND;
	assert_part(&profile, "text", &(struct lc_style){0}, "not seen", false);
}

static void of_many_ports_some_are_named(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_served(&profile);

	(void)state;
	for (uint16_t i = 1; i <= 11; i++)
		assert_int_equal(lc_coverage_add_port(&target->coverage, i, 0), 0);
	assert_part(&profile, "text", &(struct lc_style){0}, "port 1, 2, 3, 4, 5, 6, 7, 8 and 3 more;", true);
}

static void programs_that_files_name_and_that_did_not_run_are_told(void **state)
{
	static const char *const formats[] = {"text", "markdown", "html"};
	struct lc_profile profile = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct lc_coverage *coverage = &add_served(&profile)->coverage;

		assert_int_equal(lc_coverage_add_program(coverage, "/bin/a", "/etc/crontab", false), 0);
		assert_int_equal(lc_coverage_add_program(coverage, "/bin/b", "/etc/crontab", true), 0);
		assert_int_equal(lc_coverage_add_program(coverage, "/bin/c", "/etc/cron.d/x", false), 0);
		coverage->programs_unknown = 2;
		assert_part(&profile, formats[i], &(struct lc_style){0},
			"not seen: a run of /bin/a (named in /etc/crontab), /bin/c (named in /etc/cron.d/x); whether 2 programs that its files name ran; a second start",
			true);
	}
}

static void of_many_programs_some_are_named(void **state)
{
	struct lc_profile profile = {0};
	struct lc_coverage *coverage = &add_served(&profile)->coverage;
	char path[] = "/bin/a";

	(void)state;
	for (int i = 0; i < 6; i++, path[5]++)
		assert_int_equal(lc_coverage_add_program(coverage, path, "/etc/crontab", false), 0);
	coverage->programs_unknown = 1;
	assert_part(&profile, "text", &(struct lc_style){0},
		"/bin/d (named in /etc/crontab) and 2 more; whether 1 program that its files name ran;", true);
}

static void the_path_of_a_program_is_hostile(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_int_equal(
		lc_coverage_add_program(&add_served(&profile)->coverage, "/bin/\033[2J<b>", "/etc/\n", false), 0);
	assert_part(&profile, "text", &(struct lc_style){0}, "a run of /bin/\\033[2J<b> (named in /etc/\\n)", true);
	assert_int_equal(
		lc_coverage_add_program(&add_served(&profile)->coverage, "/bin/\033[2J<b>", "/etc/\n", false), 0);
	assert_part(
		&profile, "html", &(struct lc_style){0}, "a run of /bin/\\033[2J&lt;b&gt; (named in /etc/\\n)", true);
}

static void the_page_draws_a_time_line(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_served(&profile);
	/* From the 1st to the 9th of 12 seconds, only the ends of which are known; and both on the list. */
	assert_part(&profile, "html", &(struct lc_style){0},
		"<text x=\"0\" y=\"54\">KILL</text><rect class=\"listed\" x=\"230\" y=\"44\" width=\"6\" height=\"12\"/><rect class=\"listed\" x=\"710\" y=\"44\" width=\"6\" height=\"12\"/>\n",
		true);
}

static void of_many_uses_the_time_line_is_whole(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_served(&profile)->evidence[1].count = 3;
	assert_part(&profile, "html", &(struct lc_style){0},
		"<rect class=\"listed\" x=\"230\" y=\"44\" width=\"486\" height=\"12\"/>\n", true);
}

static void times_that_make_no_sense_make_no_trouble(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_served(&profile);

	(void)state;
	target->life.ended_ns = BEGAN - 1;
	target->life.stopping_ns = INT64_MIN;
	target->evidence[0].first_ns = INT64_MAX;
	target->evidence[0].last_ns = INT64_MIN;
	assert_part(&profile, "html", &(struct lc_style){0}, "Time line", true);
}

static void without_a_sign_there_is_no_time_line(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_served(&profile)->life.sign = LC_SIGN_NONE;
	assert_part(&profile, "html", &(struct lc_style){0}, "Time line", false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_names_what_only_the_start_needs),
		cmocka_unit_test(the_text_has_the_sign_and_the_time),
		cmocka_unit_test(a_merged_recording_has_no_times),
		cmocka_unit_test(where_nothing_is_known_nothing_is_said),
		cmocka_unit_test(a_verbose_report_has_the_times_of_each),
		cmocka_unit_test(a_verbose_report_says_how_often_it_was_started_and_how_long_it_stopped),
		cmocka_unit_test(the_story_of_a_capability_says_when),
		cmocka_unit_test(what_was_not_seen_is_said),
		cmocka_unit_test(a_second_start_with_the_same_volume_is_said_with_how_it_is_made),
		cmocka_unit_test(a_container_that_is_started_again_and_again_is_known_as_that),
		cmocka_unit_test(what_was_seen_is_not_said),
		cmocka_unit_test(a_stop_before_the_second_start_is_one),
		cmocka_unit_test(of_a_command_no_second_start_is_missed),
		cmocka_unit_test(of_many_ports_some_are_named),
		cmocka_unit_test(programs_that_files_name_and_that_did_not_run_are_told),
		cmocka_unit_test(of_many_programs_some_are_named),
		cmocka_unit_test(the_path_of_a_program_is_hostile),
		cmocka_unit_test(the_page_draws_a_time_line),
		cmocka_unit_test(of_many_uses_the_time_line_is_whole),
		cmocka_unit_test(times_that_make_no_sense_make_no_trouble),
		cmocka_unit_test(without_a_sign_there_is_no_time_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
