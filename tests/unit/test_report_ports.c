/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of ports below 1024 for which one engine asks nobody and others do. */
#include "render.h"

#define PORT_80 "NET_BIND_SERVICE is here for port 80: where it was recorded nobody asked"

/* A container that listens at PORT. */
static struct lc_target *add_listener(struct lc_profile *profile, uint16_t port)
{
	struct lc_target *target = add_container(profile, "web", "nginx", NULL, LC_CAP_BIT(CAP_CHOWN));

	assert_int_equal(lc_coverage_add_port(&target->coverage, port, 1), 0);
	return target;
}

static void assert_list(struct lc_profile *profile, uint64_t expected)
{
	lc_report_grant_ports(profile);
	assert_int_equal(profile->targets[0].cap_add, expected);
	lc_profile_clear(profile);
}

static void a_low_port_that_nobody_asked_for_is_asked_for_elsewhere(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_listener(&profile, 80);
	assert_list(&profile, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_NET_BIND_SERVICE));
	add_listener(&profile, 1024);
	assert_list(&profile, LC_CAP_BIT(CAP_CHOWN));
}

static void a_port_of_udp_at_which_nothing_listens_is_one_too(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_listener(&profile, 8080);

	(void)state;
	lc_coverage_add_bound(&target->coverage, 53);
	lc_report_grant_ports(&profile);
	assert_int_equal(target->port, 53);
	assert_int_equal(target->cap_add, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_NET_BIND_SERVICE));
	lc_profile_clear(&profile);
}

static void what_was_asked_for_is_known_already(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *target = add_listener(&profile, 80);

	(void)state;
	add_evidence(target, CAP_NET_BIND_SERVICE, LC_CLASS_ADVISORY, 1, "/nginx", "bind", "0.0.0.0:80");
	assert_list(&profile, LC_CAP_BIT(CAP_CHOWN));
	target = add_listener(&profile, 80);
	target->kind = LC_TARGET_COMMAND;
	assert_list(&profile, LC_CAP_BIT(CAP_CHOWN));
}

static void the_formats_for_other_engines_have_it_and_say_why(void **state)
{
	(void)state;
	for (const struct lc_report_format *const *format = lc_report_formats(); *format; format++) {
		struct lc_profile profile = {0};
		char *report;

		if (!(*format)->other_engine)
			continue;
		add_listener(&profile, 80);
		lc_report_grant_ports(&profile);
		report = render(&profile, (*format)->name, &(struct lc_style){0});
		if (!strstr(report, PORT_80))
			fail_msg("-f %s does not say why:\n%s", (*format)->name, report);
		free(report);
		lc_profile_clear(&profile);
	}
}

static void they_are_those_that_are_not_dockers(void **state)
{
	static const char *const names[] = {"podman", "nerdctl", "kubernetes", "kustomize", "vap", "kyverno", "helm",
		"filecap", "ambient", "quadlet", "systemd", "oci", "dockerfile", "label"};
	size_t n = 0;

	(void)state;
	for (const struct lc_report_format *const *format = lc_report_formats(); *format; format++)
		n += (*format)->other_engine;
	assert_int_equal(n, sizeof(names) / sizeof(names[0]));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_true(lc_report_find(names[i])->other_engine);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_low_port_that_nobody_asked_for_is_asked_for_elsewhere),
		cmocka_unit_test(a_port_of_udp_at_which_nothing_listens_is_one_too),
		cmocka_unit_test(what_was_asked_for_is_known_already),
		cmocka_unit_test(the_formats_for_other_engines_have_it_and_say_why),
		cmocka_unit_test(they_are_those_that_are_not_dockers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
