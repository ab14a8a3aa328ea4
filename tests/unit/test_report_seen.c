/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what reports say where only a part of a target's life was recorded. */
#include "render.h"

#include <leastcap/clock.h>

#define SINCE (INT64_C(1790000000) * LC_NS_PER_S)
#define DAY   (INT64_C(86400) * LC_NS_PER_S)

static struct lc_target *add_web(struct lc_profile *profile, const struct lc_seen *seen)
{
	struct lc_target *target = add_container(profile, "web", "nginx", "web", 0);

	target->engine = copy("docker");
	target->seen = *seen;
	return target;
}

static const struct lc_seen running = {
	.from = LC_SEEN_FROM_RUNNING, .until = LC_SEEN_UNTIL_SETTLED, .since_ns = SINCE, .started_ns = SINCE - 2 * DAY};
static const struct lc_seen cut = {
	.from = LC_SEEN_FROM_START, .until = LC_SEEN_UNTIL_CUT, .cut_ns = 3 * LC_NS_PER_S / 10};

/* Asserts that FORMAT's report of a container of which SEEN was seen has PART. */
static void assert_says(const char *format, const struct lc_seen *seen, const char *part)
{
	struct lc_profile profile = {0};
	char *report;

	add_web(&profile, seen);
	report = render(&profile, format, &(struct lc_style){0});
	if (!strstr(report, part))
		fail_msg("-f %s lacks \"%s\":\n%s", format, part, report);
	free(report);
	lc_profile_clear(&profile);
}

static void every_format_says_that_the_start_was_not_seen(void **state)
{
	(void)state;
	for (const struct lc_report_format *const *format = lc_report_formats(); *format; format++)
		assert_says((*format)->name, &running,
			strcmp((*format)->name, "json") == 0 ? "\"from\": \"running\""
							     : "what its start needs is not known");
}

static void every_format_says_that_the_recording_was_cut_off(void **state)
{
	(void)state;
	for (const struct lc_report_format *const *format = lc_report_formats(); *format; format++)
		assert_says((*format)->name, &cut,
			strcmp((*format)->name, "json") == 0 ? "\"until\": \"cut\"" : "cut off 0.3 s after its start");
}

static void it_stands_on_the_first_line_with_what_to_do(void **state)
{
	static const char *const formats[] = {"text", "docker", "compose", "podman", "systemd"};
	static const char line[] =
		"web: seen from 14:13 UTC on, started 2 days before: what its start needs is not known. Start it anew while recording: leastcap record -- docker compose up -d --force-recreate web\n";

	(void)state;
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct lc_profile profile = {0};
		char *report;

		add_web(&profile, &running);
		report = render(&profile, formats[i], &(struct lc_style){0});
		if (strncmp(report + (strncmp(report, "# ", 2) ? 0 : 2), line, sizeof(line) - 1) != 0)
			fail_msg("-f %s does not begin with it:\n%s", formats[i], report);
		free(report);
		lc_profile_clear(&profile);
	}
}

static void nothing_is_said_to_need_nothing_that_was_not_seen_whole(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_web(&profile, &running);
	report = render(&profile, "text", &(struct lc_style){0});
	assert_null(strstr(report, "It needs no capabilities"));
	assert_non_null(strstr(report, "It used no capabilities while it was seen."));
	free(report);
	lc_profile_clear(&profile);
}

static void a_name_that_would_be_read_by_a_shell_is_in_no_command(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_web(&profile, &running);
	char *report;

	(void)state;
	free(target->name);
	free(target->service);
	target->name = copy("$(reboot)");
	target->service = copy("$(halt)");
	report = render(&profile, "docker", &(struct lc_style){0});
	assert_non_null(strstr(report, "Restart it while recording.\n"));
	assert_null(strstr(report, "--restart $("));
	assert_null(strstr(report, "$(halt)"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_container_that_compose_did_not_start_is_restarted_by_name(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_web(&profile, &running);
	char *report;

	(void)state;
	free(target->project);
	free(target->service);
	target->project = target->service = NULL;
	report = render(&profile, "docker", &(struct lc_style){0});
	assert_non_null(strstr(report, "Restart it while recording: leastcap record --restart web -- ./test.sh\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void what_a_restart_has_shown_is_not_taken_for_a_new_container(void **state)
{
	static const struct lc_seen restarted = {
		.from = LC_SEEN_FROM_RESTART, .until = LC_SEEN_UNTIL_SETTLED, .since_ns = SINCE};

	(void)state;
	assert_says("text", &restarted,
		"web: seen from its restart at 14:13 UTC on: what only a new container needs is not known. Start a new one while recording: leastcap record -- docker compose up -d --force-recreate web\n");
}

static void what_was_seen_whole_is_not_mentioned(void **state)
{
	static const struct lc_seen seens[] = {{0}, {.from = LC_SEEN_FROM_START, .until = LC_SEEN_UNTIL_END},
		{.from = LC_SEEN_FROM_START, .until = LC_SEEN_UNTIL_SETTLED}};

	(void)state;
	for (size_t i = 0; i < sizeof(seens) / sizeof(seens[0]); i++) {
		struct lc_profile profile = {0};
		char *report;

		add_web(&profile, &seens[i]);
		report = render(&profile, "text", &(struct lc_style){0});
		assert_int_equal(strncmp(report, "web (nginx)", strlen("web (nginx)")), 0);
		free(report);
		lc_profile_clear(&profile);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_says_that_the_start_was_not_seen),
		cmocka_unit_test(every_format_says_that_the_recording_was_cut_off),
		cmocka_unit_test(it_stands_on_the_first_line_with_what_to_do),
		cmocka_unit_test(nothing_is_said_to_need_nothing_that_was_not_seen_whole),
		cmocka_unit_test(a_name_that_would_be_read_by_a_shell_is_in_no_command),
		cmocka_unit_test(a_container_that_compose_did_not_start_is_restarted_by_name),
		cmocka_unit_test(what_a_restart_has_shown_is_not_taken_for_a_new_container),
		cmocka_unit_test(what_was_seen_whole_is_not_mentioned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
