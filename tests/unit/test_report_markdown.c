/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the markdown report. */
#include "render.h"

static const struct lc_style plain = {.columns = 80};

static void each_container_has_its_options_and_a_table(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web_1", "nginx:1.22", NULL, LC_CAP_BIT(CAP_NET_BIND_SERVICE));

	(void)state;
	web->unused = LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_SYS_CHROOT);
	web->wanted = LC_CAP_BIT(CAP_BPF);
	web->privileged = true;
	web->verify = web->cap_add;
	add_evidence(web, CAP_NET_BIND_SERVICE, LC_CLASS_REQUIRED, 2, "/usr/sbin/nginx", "bind", "0.0.0.0:80");
	assert_int_equal(lc_target_add_advice(web, CAP_NET_BIND_SERVICE, strdup("Listen on 8080.")), 0);
	assert_report(&profile, "markdown", &plain,
		"## Capabilities\n"
		"\n"
		"### web_1 (nginx:1.22)\n"
		"\n"
		"```\n"
		"--cap-drop=ALL --cap-add=NET_BIND_SERVICE\n"
		"```\n"
		"\n"
		"NET_BIND_SERVICE may be survivable: verify by a run without it\n"
		"\n"
		"It ran with --privileged. Without it, the options above are all the capabilities that it needs; devices that it uses have to be given with --device.\n"
		"\n"
		"| Capability | Class | Count | What asked |\n"
		"| --- | --- | ---: | --- |\n"
		"| NET_BIND_SERVICE | required | 2 | <code>/usr/sbin/nginx bind 0.0.0.0:80</code> |\n"
		"\n"
		"To try next:\n"
		"\n"
		"```\n"
		"--cap-drop=ALL --cap-add=NET_BIND_SERVICE --cap-add=BPF\n"
		"```\n"
		"\n"
		"<details><summary>What to do instead</summary>\n"
		"\n"
		"- granted, never used: KILL, SYS_CHROOT\n"
		"- wanted, but denied: BPF\n"
		"- NET_BIND_SERVICE: Listen on 8080.\n"
		"\n"
		"</details>\n"
		"\n");
}

static void a_container_that_needs_nothing_says_so(void **state)
{
	struct lc_profile profile = {.lost = 1};

	(void)state;
	add_container(&profile, "web", NULL, NULL, 0)->user = strdup("33:33");
	assert_report(&profile, "markdown", &plain,
		"## Capabilities\n"
		"\n"
		"**INCOMPLETE: 1 check was lost: a list may lack a capability**\n"
		"\n"
		"### web\n"
		"\n"
		"```\n"
		"--cap-drop=ALL\n"
		"```\n"
		"\n"
		"It needs no capabilities: nothing that it did depended on one.\n"
		"\n");
}

static void what_a_user_other_than_root_needs_is_said(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_KILL))->user = strdup("33:33<script>");
	report = render(&profile, "markdown", &plain);
	assert_non_null(strstr(report, "\n\nIt runs as user 33:33&#60;script&#62;, not root: "));
	free(report);
	lc_profile_clear(&profile);
}

static void hostile_names_are_no_markup(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "a|b</code>\n# x",
		"`![i](https://e.org) *b* @root www.e.org :bug: ~~s~~ $x$ &amp; _u_", NULL, 0);

	(void)state;
	web->wanted = LC_CAP_BIT(CAP_CHOWN);
	add_evidence(web, CAP_CHOWN, LC_CLASS_BLOCKED, 1, "/x|y`</code>|<script>\n|", "chown", "\\|");
	assert_int_equal(lc_target_add_advice(web, CAP_CHOWN, strdup("</details>\n\n# x")), 0);
	assert_report(&profile, "markdown", &plain,
		"## Capabilities\n"
		"\n"
		"### a&#124;b&#60;/code&#62;&#92;n&#35; x (&#96;!&#91;i&#93;(https&#58;//e.org) &#42;b&#42; <code>&#64;</code>root www&#46;e.org &#58;bug: &#126;&#126;s&#126;&#126; &#36;x&#36; &#38;amp; &#95;u&#95;)\n"
		"\n"
		"```\n"
		"--cap-drop=ALL\n"
		"```\n"
		"\n"
		"It used no capabilities, but see below what it wanted.\n"
		"\n"
		"| Capability | Class | Count | What asked |\n"
		"| --- | --- | ---: | --- |\n"
		"| CHOWN | blocked | 1 | <code>/x&#124;y&#96;&#60;/code&#62;&#124;&#60;script&#62;&#92;n&#124; chown &#92;&#124;</code> |\n"
		"\n"
		"To try next:\n"
		"\n"
		"```\n"
		"--cap-drop=ALL --cap-add=CHOWN --cap-add=SETGID --cap-add=SETUID\n"
		"```\n"
		"\n"
		"of these a guess: SETGID, SETUID; what a run that works with it then uses is the list\n"
		"\n"
		"<details><summary>What to do instead</summary>\n"
		"\n"
		"- wanted, but denied: CHOWN\n"
		"- CHOWN: &#60;/details&#62;&#92;n&#92;n&#35; x\n"
		"\n"
		"</details>\n"
		"\n");
}

static void an_empty_recording_says_so(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_report(&profile, "markdown", &plain, "## Capabilities\n\nnothing was recorded: no container ran\n");
}

/* An audit that nobody watched has scores and no lists. */
static void an_audit_is_a_table_of_scores(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web|1", NULL, NULL, 0);
	struct lc_hazard socket = {.kind = LC_HAZARD_SOCKET,
		.points = 100,
		.about = strdup("/run/docker.sock"),
		.why = strdup("Whoever may.")};
	struct lc_hazard root = {.kind = LC_HAZARD_ROOT, .points = 5};

	(void)state;
	web->rating = (struct lc_rating){
		.level = LC_RATING_DANGEROUS, .score = 105, .why = strdup("A <b> socket."), .advice = strdup("Out.")};
	assert_int_equal(lc_target_add_hazard(web, &socket), 0);
	assert_int_equal(lc_target_add_hazard(web, &root), 0);
	assert_report(&profile, "markdown", &plain,
		"## Capabilities\n\n"
		"| Score | Target | What it is made of | What to do |\n| ---: | --- | --- | --- |\n"
		"| 105 | web&#124;1 | docker.sock 100, root 5<br>A &#60;b&#62; socket. | Out. |\n\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_container_has_its_options_and_a_table),
		cmocka_unit_test(a_container_that_needs_nothing_says_so),
		cmocka_unit_test(what_a_user_other_than_root_needs_is_said),
		cmocka_unit_test(hostile_names_are_no_markup),
		cmocka_unit_test(an_empty_recording_says_so),
		cmocka_unit_test(an_audit_is_a_table_of_scores),
	};

	return cmocka_run_group_tests_name("report_markdown", tests, NULL, NULL);
}
