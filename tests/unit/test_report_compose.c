/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the compose report: what it says, and that YAML readers agree. */
#include "render.h"

#include <leastcap/strbuf.h>

#include <yaml.h>

#define VERSION_LINE "# !override needs Docker Compose 2.24.4 or later\n"

static const struct lc_style plain = {.columns = 80};

static void each_service_replaces_the_lists_of_the_base_file(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "shop-db-1", "redis:7", "db",
		LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETUID));
	add_container(&profile, "shop-web-1", "nginx:1.22", "web", 0);
	assert_report(&profile, "compose", &plain,
		"# for compose project shop\n" VERSION_LINE "services:\n"
		"  db:\n"
		"    # shop-db-1 (redis:7)\n"
		"    cap_drop: !override [ALL]\n"
		"    cap_add: !override [CHOWN, SETGID, SETUID]\n"
		"  web:\n"
		"    # shop-web-1 (nginx:1.22)\n"
		"    cap_drop: !override [ALL]\n"
		"    cap_add: !override []\n");
}

static void containers_of_one_service_are_united(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "shop-web-1", NULL, "web", LC_CAP_BIT(CAP_CHOWN));
	add_container(&profile, "shop-db-1", NULL, "db", 0);
	add_container(&profile, "shop-web-2", NULL, "web", LC_CAP_BIT(CAP_SETUID))->privileged = true;
	assert_report(&profile, "compose", &plain,
		"# for compose project shop\n" VERSION_LINE "services:\n"
		"  db:\n"
		"    # shop-db-1\n"
		"    cap_drop: !override [ALL]\n"
		"    cap_add: !override []\n"
		"  web:\n"
		"    # shop-web-1\n"
		"    # shop-web-2\n"
		"    cap_drop: !override [ALL]\n"
		"    cap_add: !override [CHOWN, SETUID]\n"
		"    privileged: false\n");
}

static void what_is_to_be_verified_and_what_an_ordinary_user_needs_stand_below_their_container(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "shop-web-1", NULL, "web", LC_CAP_BIT(CAP_AUDIT_WRITE));
	web->user = strdup("33\n  evil:");
	web->verify = LC_CAP_BIT(CAP_AUDIT_WRITE);
	assert_report(&profile, "compose", &plain,
		"# for compose project shop\n" VERSION_LINE "services:\n"
		"  web:\n"
		"    # shop-web-1\n"
		"    # It runs as user 33\\n  evil:, not root: --cap-add reaches only its bounding set. The program also needs file capabilities (setcap) or ambient ones.\n"
		"    # AUDIT_WRITE may be survivable: verify by a run without it\n"
		"    cap_drop: !override [ALL]\n"
		"    cap_add: !override [AUDIT_WRITE]\n");
}

/* Compose refuses a file that names a service which the project does not have. */
static void containers_outside_the_project_are_left_out_with_a_comment(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *other;

	(void)state;
	add_container(&profile, "proxy", "traefik:3", NULL, LC_CAP_BIT(CAP_NET_BIND_SERVICE));
	add_container(&profile, "shop-web-1", NULL, "web", 0);
	other = add_container(&profile, "blog-web-1", NULL, "web", LC_CAP_BIT(CAP_SYS_ADMIN));
	free(other->project);
	other->project = strdup("blog");
	add_container(&profile, "sshd.service", NULL, NULL, LC_CAP_BIT(CAP_CHOWN))->kind = LC_TARGET_SERVICE;
	assert_report(&profile, "compose", &plain,
		"# for compose project shop\n" VERSION_LINE
		"# left out: proxy (traefik:3): not started by compose: --cap-drop=ALL --cap-add=NET_BIND_SERVICE\n"
		"# left out: blog-web-1: of another compose project: --cap-drop=ALL --cap-add=SYS_ADMIN\n"
		"# left out: sshd.service (service): no container: --cap-drop=ALL --cap-add=CHOWN\n"
		"services:\n"
		"  web:\n"
		"    # shop-web-1\n"
		"    cap_drop: !override [ALL]\n"
		"    cap_add: !override []\n");
}

static void without_a_project_containers_are_keyed_by_their_names(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", "nginx", NULL, LC_CAP_BIT(CAP_CHOWN));
	add_container(&profile, "not a name", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	assert_report(&profile, "compose", &plain,
		VERSION_LINE "# left out: not a name: its name cannot be a service's: --cap-drop=ALL --cap-add=CHOWN\n"
			     "services:\n"
			     "  web:\n"
			     "    # web (nginx), not started by compose: the container's name\n"
			     "    cap_drop: !override [ALL]\n"
			     "    cap_add: !override [CHOWN]\n");
}

static void an_incomplete_recording_is_announced_first(void **state)
{
	struct lc_profile profile = {.lost = 1};

	(void)state;
	add_container(&profile, "web", NULL, "web", 0);
	assert_report(&profile, "compose", &plain,
		"# INCOMPLETE: 1 check was lost: a list may lack a capability\n"
		"# for compose project shop\n" VERSION_LINE "services:\n"
		"  web:\n"
		"    # web\n"
		"    cap_drop: !override [ALL]\n"
		"    cap_add: !override []\n");
}

static void an_empty_recording_is_an_empty_override_file(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_report(&profile, "compose", &plain,
		VERSION_LINE "# nothing was recorded: no container ran\n"
			     "services: {}\n");
}

/* Appends one event of a YAML parser: values as they are read, tags before them. Returns whether more follow. */
static bool add_event(struct lc_strbuf *out, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		lc_strbuf_addf(out, "<%s>", (const char *)event->data.scalar.value);
		break;
	case YAML_SEQUENCE_START_EVENT:
		lc_strbuf_addf(
			out, "%s[", event->data.sequence_start.tag ? (const char *)event->data.sequence_start.tag : "");
		break;
	case YAML_SEQUENCE_END_EVENT:
		lc_strbuf_adds(out, "]");
		break;
	case YAML_MAPPING_START_EVENT:
		lc_strbuf_adds(out, "{");
		break;
	case YAML_MAPPING_END_EVENT:
		lc_strbuf_adds(out, "}");
		break;
	case YAML_DOCUMENT_START_EVENT:
		lc_strbuf_adds(out, "---");
		break;
	default:
		break;
	}
	return event->type != YAML_STREAM_END_EVENT;
}

/* Asserts that libyaml reads PROFILE's report as one document with the given EVENTS, and frees PROFILE. */
static void assert_yaml(struct lc_profile *profile, const char *events)
{
	char *report = render(profile, "compose", &plain);
	struct lc_strbuf read = {0};
	yaml_parser_t parser;
	bool more = true;

	assert_true(yaml_parser_initialize(&parser));
	yaml_parser_set_input_string(&parser, (const unsigned char *)report, strlen(report));
	while (more) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event))
			fail_msg("not YAML: %s in line %zu of\n%s", parser.problem, parser.problem_mark.line, report);
		more = add_event(&read, &event);
		yaml_event_delete(&event);
	}
	assert_string_equal(read.text, events);
	yaml_parser_delete(&parser);
	lc_strbuf_free(&read);
	lc_profile_clear(profile);
	free(report);
}

static void libyaml_reads_the_file_as_it_is_meant(void **state)
{
	struct lc_profile profile = {.lost = 7};

	(void)state;
	add_container(&profile, "shop-web-1", "nginx: # 1.22", "web", LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_KILL))
		->privileged = true;
	add_container(&profile, "x", NULL, NULL, 0);
	assert_yaml(&profile,
		"---{<services>{<web>{<cap_drop>!override[<ALL>]<cap_add>!override[<CHOWN><KILL>]<privileged><false>}}}");
}

static void a_hostile_service_name_stays_one_key(void **state)
{
	static const char *const names[] = {"a: b", "a #b", "\"a\"", "'a'", "- a", "{a: b}", "a\nprivileged: true",
		"!tag", "&a", "*a", "a\\nb", "", " a", "a\tb", "\033[2J", "%", "? a", "|", "@a", "`a`", "a,b", "[a]",
		"\xe2\x80\xa8"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct lc_profile profile = {0};
		struct lc_strbuf events = {0};

		add_container(&profile, names[i], names[i], names[i], 0);
		lc_strbuf_addf(
			&events, "---{<services>{<%s>{<cap_drop>!override[<ALL>]<cap_add>!override[]}}}", names[i]);
		assert_yaml(&profile, events.text);
		lc_strbuf_free(&events);
	}
}

static void a_service_name_that_yaml_takes_for_something_else_is_quoted(void **state)
{
	static const char *const names[] = {"yes", "No", "ON", "off", "true", "False", "null", "NULL", "y", "N", "123",
		"1e3", "0x10", ".inf", "12.5", "-", "_"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct lc_profile profile = {0};
		struct lc_strbuf key = {0};
		char *report;

		add_container(&profile, "c", NULL, names[i], 0);
		lc_strbuf_addf(&key, "\n  \"%s\":\n", names[i]);
		report = render(&profile, "compose", &plain);
		if (!strstr(report, key.text))
			fail_msg("%s is not quoted in\n%s", names[i], report);
		free(report);
		lc_strbuf_free(&key);
		lc_profile_clear(&profile);
	}
}

static void names_that_come_out_alike_are_one_key(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "a", NULL, "x\xff", LC_CAP_BIT(CAP_CHOWN));
	add_container(&profile, "b", NULL, "x\xfe", LC_CAP_BIT(CAP_KILL));
	assert_yaml(&profile,
		"---{<services>{<x\xef\xbf\xbd>{<cap_drop>!override[<ALL>]<cap_add>!override[<CHOWN><KILL>]}}}");
}

static void hostile_names_stay_inside_their_comments(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	free(add_container(&profile, "a\n  evil: {}", "b\r\nc", "web", 0)->project);
	profile.targets[0].project = strdup("p\nservices: 1");
	add_container(&profile, "x\xc2\x85y: z", "q\xe2\x80\xa9r", NULL, 0);
	assert_yaml(&profile, "---{<services>{<web>{<cap_drop>!override[<ALL>]<cap_add>!override[]}}}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_service_replaces_the_lists_of_the_base_file),
		cmocka_unit_test(containers_of_one_service_are_united),
		cmocka_unit_test(what_is_to_be_verified_and_what_an_ordinary_user_needs_stand_below_their_container),
		cmocka_unit_test(containers_outside_the_project_are_left_out_with_a_comment),
		cmocka_unit_test(without_a_project_containers_are_keyed_by_their_names),
		cmocka_unit_test(an_incomplete_recording_is_announced_first),
		cmocka_unit_test(an_empty_recording_is_an_empty_override_file),
		cmocka_unit_test(libyaml_reads_the_file_as_it_is_meant),
		cmocka_unit_test(a_hostile_service_name_stays_one_key),
		cmocka_unit_test(a_service_name_that_yaml_takes_for_something_else_is_quoted),
		cmocka_unit_test(names_that_come_out_alike_are_one_key),
		cmocka_unit_test(hostile_names_stay_inside_their_comments),
	};

	return cmocka_run_group_tests_name("report_compose", tests, NULL, NULL);
}
