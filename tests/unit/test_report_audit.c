/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the text report of an audit. */
#include "render.h"

static const struct lc_style plain = {.columns = 80};
static const struct lc_style color = {.columns = 80, .color = true};
static const struct lc_style details = {.columns = 80, .details = true};
static const struct lc_style details_in_color = {.columns = 80, .color = true, .details = true};
static const struct lc_style verbose = {.columns = 80, .verbose = true};

#define ALL         (LC_CAP_BIT(41) - 1)
#define HEAD(level) "1 running, the worst first: 1 " level "\n"
#define UNWATCHED   "What they use was not watched: --for TIME does that.\n\n"

/* Adds a container that was audited, and holds MASK as root does. */
static struct lc_target *add_audited(
	struct lc_profile *profile, const char *name, enum lc_rating_level level, uint64_t mask)
{
	struct lc_target *target = add_container(profile, name, "nginx:1.27", NULL, 0);

	target->engine = strdup("docker");
	target->user = strdup("0:0");
	target->rating = (struct lc_rating){.level = level, .why = strdup("Why."), .advice = strdup("What to do.")};
	target->init = (struct lc_init){.pid = 4711,
		.sets = {.bounding = mask, .permitted = mask, .effective = mask},
		.seccomp = LC_SECCOMP_FILTER};
	return target;
}

/* Counts columns: one per character of UTF-8. */
static void assert_no_line_is_longer_than(const char *report, size_t columns)
{
	size_t column = 0;

	for (; *report; report++) {
		column = *report == '\n' ? 0 : column + (((unsigned char)*report & 0xc0) != 0x80);
		assert_true(column <= columns);
	}
}

static void a_target_shows_rating_reason_advice_and_sets(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_audited(&profile, "web", LC_RATING_REDUCED, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL));
	assert_report(&profile, "text", &plain,
		HEAD("reduced") UNWATCHED "REDUCED  web (nginx:1.27)\n"
					  "  Why.\n"
					  "  → What to do.\n"
					  "  docker, user 0:0, pid 4711, no_new_privs off, seccomp filter\n"
					  "  bounding, permitted, effective: CHOWN, KILL\n"
					  "  inheritable, ambient: none\n");
}

static void who_differs_from_the_first_process_is_named_escaped(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_audited(&profile, "web", LC_RATING_DANGEROUS, LC_CAP_BIT(CAP_CHOWN));
	char *report;

	(void)state;
	web->members.n = 2;
	web->members.differs = strdup("Process 12 (\033[5m) holds SYS_ADMIN.");
	web->rating.told = strdup("It holds more than docker was told to grant: SYS_ADMIN.");
	report = render(&profile, "text", &plain);
	assert_non_null(strstr(report,
		"\n  Process 12 (\\033[5m) holds SYS_ADMIN.\n  It holds more than docker was told to grant: SYS_ADMIN.\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_set_that_lacks_little_is_told_by_what_it_lacks(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_audited(&profile, "web", LC_RATING_ALL, ALL);

	(void)state;
	web->init.sets.effective &= ~LC_CAP_BIT(CAP_SYS_RESOURCE);
	web->init.no_new_privs = true;
	web->init.seccomp = LC_SECCOMP_DISABLED;
	web->init.own_userns = true;
	assert_report(&profile, "text", &plain,
		HEAD("all") UNWATCHED "ALL  web (nginx:1.27)\n"
				      "  Why.\n"
				      "  → What to do.\n"
				      "  docker, user 0:0, pid 4711, no_new_privs on, seccomp off, user namespace of\n"
				      "    its own\n"
				      "  bounding, permitted: all 41\n"
				      "  effective: all but SYS_RESOURCE\n"
				      "  inheritable, ambient: none\n");
}

static void the_configuration_is_shown_as_it_was_given(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_audited(&profile, "web", LC_RATING_REDUCED, LC_CAP_BIT(CAP_CHOWN));
	char *report;

	(void)state;
	web->configured_drop = ALL;
	web->configured_add = LC_CAP_BIT(CAP_CHOWN);
	report = render(&profile, "text", &plain);
	assert_non_null(strstr(report, "\n  configured: --cap-drop=ALL --cap-add=CHOWN\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void what_was_watched_shows_use_and_wants(void **state)
{
	struct lc_profile profile = {.hook = strdup("fexit"), .ended_ns = INT64_C(602000000000)};
	struct lc_target *web =
		add_audited(&profile, "web", LC_RATING_UNUSED, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL));

	(void)state;
	web->cap_add = LC_CAP_BIT(CAP_CHOWN);
	web->unused = LC_CAP_BIT(CAP_KILL);
	web->wanted = LC_CAP_BIT(CAP_NET_ADMIN);
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 1, "/bin/chown", "fchownat", "/a");
	assert_report(&profile, "text", &plain,
		HEAD("unused") "Watched for 10m 2s; what one needs to start shows only if it started meanwhile.\n\n"
			       "UNUSED  web (nginx:1.27)\n"
			       "  Why.\n"
			       "  → What to do.\n"
			       "  docker, user 0:0, pid 4711, no_new_privs off, seccomp filter\n"
			       "  bounding, permitted, effective: CHOWN, KILL\n"
			       "  inheritable, ambient: none\n"
			       "  used: CHOWN\n"
			       "  granted, never used: KILL\n"
			       "  wanted, but denied: NET_ADMIN\n");
}

static void what_asked_is_shown_to_those_who_ask(void **state)
{
	struct lc_profile profile = {.hook = strdup("fexit")};
	struct lc_target *web = add_audited(&profile, "web", LC_RATING_EXACT, LC_CAP_BIT(CAP_CHOWN));
	char *report;

	(void)state;
	web->cap_add = LC_CAP_BIT(CAP_CHOWN);
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 1, "/bin/chown", "fchownat", "/a");
	report = render(&profile, "text", &verbose);
	assert_non_null(strstr(report, "/bin/chown fchownat /a"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_container_of_a_pod_is_called_by_namespace_pod_and_name(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_audited(&profile, "web", LC_RATING_DEFAULTS, 0);
	char *report;

	(void)state;
	web->namespace = strdup("shop");
	web->pod = strdup("web-0");
	report = render(&profile, "text", &plain);
	assert_non_null(strstr(report, "\nDEFAULTS  shop/web-0/web (nginx:1.27)\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_sandbox_is_called_by_its_pod_once(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_audited(&profile, "web-0", LC_RATING_DEFAULTS, 0);
	char *report;

	(void)state;
	web->namespace = strdup("shop");
	web->pod = strdup("web-0");
	report = render(&profile, "text", &plain);
	assert_non_null(strstr(report, "\nDEFAULTS  shop/web-0 (nginx:1.27)\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void what_could_not_be_read_has_no_sets(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);

	(void)state;
	web->rating =
		(struct lc_rating){.level = LC_RATING_UNKNOWN, .why = strdup("Why."), .advice = strdup("What to do.")};
	web->init.unread = strdup("Permission denied");
	assert_report(&profile, "text", &plain,
		HEAD("unknown") UNWATCHED "UNKNOWN  web\n"
					  "  Why.\n"
					  "  → What to do.\n"
					  "  container\n");
}

static void the_levels_are_counted(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_audited(&profile, "a", LC_RATING_PRIVILEGED, 0);
	add_audited(&profile, "b", LC_RATING_DEFAULTS, 0);
	add_audited(&profile, "c", LC_RATING_DEFAULTS, 0);
	report = render(&profile, "text", &details);
	assert_non_null(strstr(report, "3 running, the worst first: 1 privileged, 2 defaults\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void the_bad_ones_are_red_on_terminals_only(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_audited(&profile, "a", LC_RATING_DANGEROUS, 0);
	add_audited(&profile, "b", LC_RATING_DEFAULTS, 0);
	report = render(&profile, "text", &details_in_color);
	assert_non_null(strstr(report, "\033[1;31mDANGEROUS\033[0m  a"));
	assert_non_null(strstr(report, "\033[1mDEFAULTS\033[0m  b"));
	free(report);
	report = render(&profile, "text", &details);
	assert_null(strchr(report, '\033'));
	free(report);
	lc_profile_clear(&profile);
}

/* Adds a hazard of KIND to TARGET, and its points to the score. */
static void add_hazard(
	struct lc_target *target, enum lc_hazard_kind kind, uint64_t points, const char *about, const char *where)
{
	struct lc_hazard hazard = {
		.kind = kind, .points = points, .about = copy(about), .where = copy(where), .why = strdup("Because.")};

	target->rating.score += points;
	assert_int_equal(lc_target_add_hazard(target, &hazard), 0);
}

static void what_a_score_is_made_of_is_told_with_its_points(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_audited(&profile, "web", LC_RATING_DANGEROUS, 0);

	(void)state;
	free(web->rating.why);
	web->rating.why = strdup("The host's. Whoever may write to it is root.");
	add_hazard(web, LC_HAZARD_SOCKET, 100, "/run/docker.sock", "/var/run/docker.sock");
	free(web->hazards[0].why);
	web->hazards[0].why = strdup("Whoever may write to it is root.");
	add_hazard(web, LC_HAZARD_ROOT, 5, NULL, NULL);
	add_hazard(web, LC_HAZARD_SETUID, 3, "/bin/su and 6 more", NULL);
	assert_report(&profile, "text", &plain,
		HEAD("dangerous") UNWATCHED "DANGEROUS 108  web (nginx:1.27)\n"
					    "  The host's. Whoever may write to it is root.\n"
					    "  → What to do.\n"
					    "   100  /run/docker.sock at /var/run/docker.sock\n"
					    "     5  root: Because.\n"
					    "     3  set-user-ID (/bin/su and 6 more): Because.\n"
					    "  docker, user 0:0, pid 4711, no_new_privs off, seccomp filter\n"
					    "  bounding, permitted, effective, inheritable, ambient: none\n");
}

/* What a host with one container of each kind looks like. */
static void fill_host(struct lc_profile *profile)
{
	struct lc_target *target = add_audited(profile, "ci", LC_RATING_DANGEROUS, LC_CAP_BIT(CAP_KILL));

	add_hazard(target, LC_HAZARD_SOCKET, 100, "/run/docker.sock", "/var/run/docker.sock");
	add_hazard(target, LC_HAZARD_FILES, 20, "/etc", "/host/etc");
	target->hazards[1].read_only = true;
	add_hazard(target, LC_HAZARD_ORDINARY, 14, "CHOWN, KILL", NULL);
	add_hazard(target, LC_HAZARD_ROOT, 5, NULL, NULL);
	add_hazard(target, LC_HAZARD_SETUID, 3, "/bin/su", NULL);
	target = add_audited(profile, "a-container-with-quite-a-long-name", LC_RATING_DANGEROUS, LC_CAP_BIT(CAP_KILL));
	add_hazard(target, LC_HAZARD_CAPABILITY, 100, "SYS_MODULE", NULL);
	target = add_audited(profile, "gone", LC_RATING_UNKNOWN, 0);
	target->init = (struct lc_init){.ended = true, .unread = strdup("it has ended just now")};
	add_audited(profile, "idle", LC_RATING_NOTHING, 0);
}

static void many_targets_are_a_table_the_worst_first(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	fill_host(&profile);
	assert_report(&profile, "text", &plain,
		"4 running, the worst first; 2 are as good as root on the host (a 100).\n"
		"\n"
		"SCORE  NAME                        WHAT IT IS MADE OF\n"
		"  142  ci                          docker.sock 100, /etc (ro) 20, +3\n"
		"  100  a-container-…e-a-long-name  SYS_MODULE 100\n"
		"    -  gone                        ended while the audit looked\n"
		"    0  idle                        nothing\n"
		"'leastcap audit NAME' explains a score; --for TIME watches what is used.\n");
}

static void a_table_of_what_was_watched_says_how_much_was_used(void **state)
{
	struct lc_profile profile = {.hook = strdup("fexit"), .ended_ns = INT64_C(5000000000)};
	struct lc_target *web = add_audited(&profile, "web", LC_RATING_UNUSED, 0);
	char *report;

	(void)state;
	web->granted = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL);
	web->cap_add = LC_CAP_BIT(CAP_CHOWN);
	add_hazard(web, LC_HAZARD_ROOT, 5, NULL, NULL);
	add_audited(&profile, "idle", LC_RATING_NOTHING, 0);
	report = render(&profile, "text", &plain);
	assert_non_null(strstr(report, "\nSCORE  NAME  USED      WHAT IT IS MADE OF\n"));
	assert_non_null(strstr(report, "\n    5  web   1 of 2    root 5\n"));
	assert_non_null(strstr(report, "Watched for 5s;"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_table_says_what_claims_to_be_a_container(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	fill_host(&profile);
	profile.targets[1].claim = strdup("claims to be \033another");
	report = render(&profile, "text", &plain);
	assert_non_null(strstr(report, "nothing\n  a-container-…e-a-long-name: It claims to be \\033another."));
	free(report);
	lc_profile_clear(&profile);
}

static void a_table_of_eighteen_fits_a_terminal(void **state)
{
	struct lc_profile profile = {0};
	size_t lines = 0;
	char *report;

	(void)state;
	for (int i = 0; i < 18; i++) {
		struct lc_target *target = add_audited(&profile, "a-service-of-some-project-1",
			(enum lc_rating_level)(LC_RATING_PRIVILEGED + i % (LC_RATING_N - 1)), ALL);

		for (int kind = 0; kind < LC_HAZARD_N; kind++)
			add_hazard(target, (enum lc_hazard_kind)kind, 100, "/var/lib/something/of/the/hosts", "/a");
	}
	report = render(&profile, "text", &plain);
	assert_no_line_is_longer_than(report, 80);
	for (const char *c = report; *c; c++)
		lines += *c == '\n';
	assert_true(lines < 24);
	free(report);
	lc_profile_clear(&profile);
}

static void those_who_ask_are_told_at_length(void **state)
{
	static const struct lc_style *const styles[] = {&details, &verbose};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct lc_profile profile = {0};
		char *report;

		fill_host(&profile);
		report = render(&profile, "text", styles[i]);
		assert_non_null(strstr(report, "\nDANGEROUS 142  ci (nginx:1.27)\n"));
		assert_non_null(strstr(report, "\n    20  /etc at /host/etc: Because.\n"));
		assert_null(strstr(report, "SCORE"));
		free(report);
		lc_profile_clear(&profile);
	}
}

static void a_host_in_danger_is_red_in_a_table_on_terminals_only(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	fill_host(&profile);
	report = render(&profile, "text", &color);
	assert_non_null(strstr(report, "\033[1;31m  142\033[0m  ci"));
	free(report);
	report = render(&profile, "text", &plain);
	assert_null(strchr(report, '\033'));
	free(report);
	lc_profile_clear(&profile);
}

static void hostile_strings_do_not_break_a_table(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_audited(&profile, "\033[2J\nweb", LC_RATING_DANGEROUS, 0);
	size_t lines = 0;
	char *report;

	(void)state;
	add_hazard(web, LC_HAZARD_FILES, 20, "/\n\033[5m", "/\n");
	add_hazard(web, LC_HAZARD_DEVICE, 20, "/dev/\r\033[5m", NULL);
	add_audited(&profile, "b", LC_RATING_NOTHING, 0);
	report = render(&profile, "text", &plain);
	assert_null(strchr(report, '\033'));
	assert_null(strchr(report, '\r'));
	for (const char *c = report; *c; c++)
		lines += *c == '\n';
	assert_int_equal(lines, 6);
	free(report);
	report = render(&profile, "text", &details);
	assert_null(strchr(report, '\033'));
	assert_null(strstr(report, "/\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void hostile_strings_cannot_move_the_cursor(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "\033[2J\nweb", "\r\033]0;x\a", NULL, 0);
	char *report;

	(void)state;
	web->engine = strdup("\033[31m");
	web->user = strdup("0\n0");
	web->pod = strdup("\033c");
	web->namespace = strdup("a\nb");
	web->rating = (struct lc_rating){
		.level = LC_RATING_ALL, .why = strdup("\033[5m"), .advice = strdup("\nREDUCED  other")};
	report = render(&profile, "text", &plain);
	assert_null(strchr(report, '\033'));
	assert_null(strchr(report, '\r'));
	assert_null(strchr(report, '\a'));
	assert_null(strstr(report, "\nREDUCED"));
	assert_null(strstr(report, "\nb"));
	free(report);
	lc_profile_clear(&profile);
}

static void no_line_is_longer_than_the_terminal(void **state)
{
	struct lc_profile profile = {.hook = strdup("fexit")};
	char name[301];
	struct lc_target *web;
	char *report;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	web = add_audited(&profile, name, LC_RATING_DANGEROUS, ALL & ~UINT64_C(0xffff00));
	free(web->rating.advice);
	web->rating.advice = strdup(
		"Enough in the time watched: --cap-drop=ALL --cap-add=CHOWN --cap-add=NET_BIND_SERVICE --cap-add=DAC_OVERRIDE --cap-add=SETPCAP");
	web->configured_add = ALL & ~UINT64_C(1);
	web->unused = ALL / 3;
	report = render(&profile, "text", &plain);
	assert_no_line_is_longer_than(report, 80);
	free(report);
	lc_profile_clear(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_target_shows_rating_reason_advice_and_sets),
		cmocka_unit_test(who_differs_from_the_first_process_is_named_escaped),
		cmocka_unit_test(a_set_that_lacks_little_is_told_by_what_it_lacks),
		cmocka_unit_test(the_configuration_is_shown_as_it_was_given),
		cmocka_unit_test(what_was_watched_shows_use_and_wants),
		cmocka_unit_test(what_asked_is_shown_to_those_who_ask),
		cmocka_unit_test(a_container_of_a_pod_is_called_by_namespace_pod_and_name),
		cmocka_unit_test(a_sandbox_is_called_by_its_pod_once),
		cmocka_unit_test(what_could_not_be_read_has_no_sets),
		cmocka_unit_test(the_levels_are_counted),
		cmocka_unit_test(the_bad_ones_are_red_on_terminals_only),
		cmocka_unit_test(what_a_score_is_made_of_is_told_with_its_points),
		cmocka_unit_test(many_targets_are_a_table_the_worst_first),
		cmocka_unit_test(a_table_of_what_was_watched_says_how_much_was_used),
		cmocka_unit_test(a_table_says_what_claims_to_be_a_container),
		cmocka_unit_test(a_table_of_eighteen_fits_a_terminal),
		cmocka_unit_test(those_who_ask_are_told_at_length),
		cmocka_unit_test(a_host_in_danger_is_red_in_a_table_on_terminals_only),
		cmocka_unit_test(hostile_strings_do_not_break_a_table),
		cmocka_unit_test(hostile_strings_cannot_move_the_cursor),
		cmocka_unit_test(no_line_is_longer_than_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
