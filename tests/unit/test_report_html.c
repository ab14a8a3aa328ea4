/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the html report. */
#include "render.h"

#include <stdio.h>

static const struct lc_style plain = {.columns = 80};
static const struct lc_style verbose = {.columns = 80, .verbose = true};

/* The part of PROFILE's page from FIRST to LAST, both included; frees PROFILE. The caller frees the part. */
static char *part_of(struct lc_profile *profile, const struct lc_style *style, const char *first, const char *last)
{
	char *page = render(profile, "html", style);
	char *begin = strstr(page, first);
	char *end = begin ? strstr(begin, last) : NULL;
	char *part;

	if (!end)
		fail_msg("there is no %s … %s in: %s", first, last, page);
	part = strndup(begin, (size_t)(end - begin) + strlen(last));
	free(page);
	lc_profile_clear(profile);
	return part;
}

static void assert_part(struct lc_profile *profile, const struct lc_style *style, const char *first, const char *last,
	const char *expected)
{
	char *part = part_of(profile, style, first, last);

	assert_string_equal(part, expected);
	free(part);
}

/* How often WORD is in TEXT. */
static int count(const char *text, const char *word)
{
	int n = 0;

	for (text = strstr(text, word); text; text = strstr(text + 1, word))
		n++;
	return n;
}

static void nothing_recorded_is_said_in_words(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_part(&profile, &plain, "<main>", "</main>",
		"<main>\n<p>nothing was recorded: no container ran</p>\n</main>");
}

static void the_page_says_when_and_where_it_was_recorded(void **state)
{
	struct lc_profile profile = {.kernel = strdup("6.18.44"), .machine = strdup("x86_64"), .hook = strdup("fexit")};

	(void)state;
	profile.tool = strdup("leastcap 0.1.0");
	profile.started_ns = INT64_C(1795339557) * 1000000000;
	profile.ended_ns = profile.started_ns + INT64_C(61) * 1000000000;
	add_container(&profile, "web", NULL, NULL, 0);
	assert_part(&profile, &plain, "<header>", "</header>",
		"<header>\n<h1>The capabilities of 1 target</h1>\n"
		"<p>Recorded 2026-11-22 09:25:57 to 2026-11-22 09:26:58 UTC on kernel <bdi>6.18.44</bdi>, <bdi>x86_64</bdi>, hook <bdi>fexit</bdi>, by <bdi>leastcap 0.1.0</bdi>.</p>\n</header>");
}

static void lost_checks_are_the_first_thing_on_the_page(void **state)
{
	struct lc_profile profile = {.lost = 12};

	(void)state;
	add_container(&profile, "web", NULL, NULL, 0);
	assert_part(&profile, &plain, "<body>", "</p>",
		"<body>\n<p class=\"lost\"><strong>INCOMPLETE: 12 checks were lost: a list may lack a capability</strong></p>");
}

static void a_complete_page_does_not_speak_of_lost_checks(void **state)
{
	struct lc_profile profile = {0};
	char *body;

	(void)state;
	add_container(&profile, "web", NULL, NULL, 0);
	body = part_of(&profile, &plain, "<body>", "</header>");
	assert_null(strstr(body, "lost"));
	free(body);
}

static void the_policy_has_the_hash_of_the_style_and_of_the_script_and_allows_nothing_else(void **state)
{
	struct lc_profile profile = {0};
	char *policy = part_of(&profile, &plain, "content=\"default-src", ">");
	char style[45], script[45];
	int length = 0;

	(void)state;
	assert_int_equal(
		sscanf(policy,
			"content=\"default-src 'none'; style-src 'sha256-%44[A-Za-z0-9+/=]'; script-src 'sha256-%44[A-Za-z0-9+/=]'; base-uri 'none'; form-action 'none'\">%n",
			style, script, &length),
		2);
	assert_int_equal(length, strlen(policy));
	assert_int_equal(strlen(style), 44);
	assert_int_equal(strlen(script), 44);
	free(policy);
}

/* A container with a capability in each of the states. */
static void make_every_state(struct lc_profile *profile)
{
	struct lc_target *web = add_container(profile, "web", "nginx:1.22", NULL,
		LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_AUDIT_WRITE) | LC_CAP_BIT(CAP_NET_RAW));

	web->granted = web->cap_add | LC_CAP_BIT(CAP_SYS_ADMIN) | LC_CAP_BIT(CAP_KILL);
	web->verify = LC_CAP_BIT(CAP_AUDIT_WRITE);
	web->unused = LC_CAP_BIT(CAP_KILL);
	web->wanted = LC_CAP_BIT(CAP_SYS_TIME);
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 1, "/bin/x", "y", NULL);
	add_evidence(web, CAP_CHOWN, LC_CLASS_ADVISORY, 1, "/bin/x", "y", NULL);
	add_evidence(web, CAP_AUDIT_WRITE, LC_CLASS_REQUIRED, 1, "/bin/x", "y", NULL);
	add_evidence(web, CAP_NET_RAW, LC_CLASS_IMPLIED, 1, "/bin/x", "y", NULL);
	add_evidence(web, CAP_SYS_TIME, LC_CLASS_BLOCKED, 1, "/bin/x", "y", NULL);
	add_evidence(web, CAP_DAC_READ_SEARCH, LC_CLASS_ALTERNATIVE, 1, "/bin/x", "y", NULL);
	add_evidence(web, CAP_SYS_ADMIN, LC_CLASS_ADVISORY, 1, "/bin/x", "y", NULL);
	add_evidence(web, CAP_SYS_NICE, LC_CLASS_REFUSED, 1, "/bin/x", "y", NULL);
	add_evidence(web, CAP_MKNOD, LC_CLASS_SETUP, 1, "/bin/x", "y", NULL);
}

static void the_map_has_a_letter_and_a_word_for_each_state(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	make_every_state(&profile);
	assert_part(&profile, &plain, "<tbody>", "</tbody>",
		"<tbody>\n"
		"<tr data-section=\"t1\"><th scope=\"row\" class=\"name\"><a href=\"#t1\">web</a></th><td class=\"image\">nginx:1.22</td><td class=\"number\">3</td><td class=\"number\">2</td><td class=\"required\" title=\"required\">R</td><td class=\"alternative\" title=\"alternative\">o</td><td class=\"unused\" title=\"unused\">u</td><td class=\"implied\" title=\"implied\">I</td><td class=\"advisory\" title=\"advisory\">a</td><td class=\"refused\" title=\"refused\">d</td><td class=\"wanted\" title=\"wanted\">W</td><td class=\"verify\" title=\"verify\">R?</td></tr>\n</tbody>");
}

static void every_state_is_in_the_legend(void **state)
{
	static const char *const words[] = {
		"required", "verify", "implied", "wanted", "alternative", "advisory", "refused", "unused", "held"};
	struct lc_profile profile = {0};
	char *legend;

	(void)state;
	add_container(&profile, "web", NULL, NULL, 0);
	legend = part_of(&profile, &plain, "<ul class=\"legend\">", "</ul>");
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char entry[64];

		snprintf(entry, sizeof(entry), "<li><span class=\"%s\">", words[i]);
		assert_int_equal(count(legend, entry), 1);
	}
	assert_int_equal(count(legend, "<li>"), sizeof(words) / sizeof(words[0]));
	free(legend);
}

static void the_map_has_columns_only_for_capabilities_that_matter_to_some_target(void **state)
{
	struct lc_profile profile = {0};
	char *head;

	(void)state;
	add_container(&profile, "db", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	add_container(&profile, "web", NULL, NULL, 0)->granted = LC_CAP_BIT(CAP_KILL);
	head = part_of(&profile, &plain, "<thead>", "</thead>");
	assert_int_equal(count(head, "data-sort=\"state\""), 2);
	assert_non_null(strstr(head, "<span>CHOWN</span>"));
	assert_non_null(strstr(head, "<span>KILL</span>"));
	free(head);
}

static void a_section_begins_with_the_options_and_what_to_know_about_them(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", "nginx:1.22", NULL, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_AUDIT_WRITE));
	web->claim = strdup("claims to be <another>");
	assert_part(&profile, &plain, "<section class=\"target\">", "<details class=\"formats\">",
		"<section class=\"target\">\n<h3>web</h3>\n<div class=\"answer\">\n"
		"<p class=\"note\">It claims to be &lt;another&gt;.</p>\n"
		"<pre class=\"options\"><code><span>--cap-drop=ALL</span> <span>--cap-add=CHOWN</span> <span>--cap-add=AUDIT_WRITE</span></code></pre>\n"
		"</div>\n<details class=\"formats\">");
}

static void what_is_folded_is_what_the_options_rest_on(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", "nginx:1.22", NULL, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_AUDIT_WRITE));
	web->verify = LC_CAP_BIT(CAP_AUDIT_WRITE);
	web->granted = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_FSETID);
	web->unused = LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_MKNOD);
	web->wanted = LC_CAP_BIT(CAP_BPF);
	assert_int_equal(lc_target_add_advice(web, CAP_CHOWN, strdup("/a & /b: do it in the image.")), 0);
	assert_part(&profile, &plain, "<details class=\"evidence-of\"", "</section>",
		"<details class=\"evidence-of\" open>\n"
		"<summary>2 on the list, 3 too many, 1 wanted</summary>\n"
		"<div id=\"t1\">\n"
		"<p class=\"note\">AUDIT_WRITE may be survivable: verify by a run without it</p>\n"
		"<h4>To try next</h4>\n<pre class=\"options\"><code><span>--cap-drop=ALL</span> <span>--cap-add=CHOWN</span> <span>--cap-add=AUDIT_WRITE</span> <span>--cap-add=BPF</span></code></pre>\n"
		"<dl>\n<dt>granted, never used</dt><dd>KILL, MKNOD</dd>\n<dt>granted, used without need</dt><dd>FSETID</dd>\n<dt>wanted, but denied</dt><dd>BPF</dd>\n</dl>\n"
		"<h4>What to do instead, and what granting means</h4>\n"
		"<dl>\n<dt>CHOWN</dt><dd>/a &amp; /b: do it in the image.</dd>\n</dl>\n"
		"<dl class=\"facts\">\n<dt>kind</dt><dd>container</dd>\n<dt>image</dt><dd>nginx:1.22</dd>\n</dl>\n"
		"</div>\n</details>\n</section>");
}

static void the_list_can_be_copied_in_each_format_that_has_it(void **state)
{
	static const char *const formats[] = {"docker", "compose", "podman", "quadlet", "oci"};
	struct lc_profile profile = {.lost = 7};
	char *section;

	(void)state;
	add_container(&profile, "web", "nginx:1.22", "web", LC_CAP_BIT(CAP_CHOWN))->engine = strdup("docker");
	add_container(&profile, "other", "nginx:1.22", NULL, LC_CAP_BIT(CAP_KILL));
	section = part_of(&profile, &plain, "<details class=\"formats\">", "</details>");
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		char start[64];

		snprintf(start, sizeof(start), "<pre data-format=\"%s\"><code>", formats[i]);
		assert_int_equal(count(section, start), 1);
	}
	assert_non_null(strstr(section, "--cap-drop=ALL --cap-add=CHOWN"));
	assert_non_null(strstr(section, "cap_add:"));
	assert_null(strstr(section, "KILL"));
	assert_non_null(strstr(section, "# INCOMPLETE: 7 checks were lost"));
	free(section);
}

static void what_nobody_watched_has_a_score_and_no_list(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);
	struct lc_hazard hazard = {.kind = LC_HAZARD_SOCKET,
		.points = 100,
		.about = strdup("/run/<b>docker.sock"),
		.where = strdup("/s"),
		.why = strdup("Whoever.")};
	char *body;

	(void)state;
	web->granted = LC_CAP_BIT(CAP_KILL);
	web->rating = (struct lc_rating){
		.level = LC_RATING_DANGEROUS, .score = 101, .why = strdup("Why."), .advice = strdup("Do.")};
	assert_int_equal(lc_target_add_hazard(web, &hazard), 0);
	body = part_of(&profile, &plain, "<body>", "</body>");
	assert_non_null(strstr(body,
		"<p class=\"rating\"><strong>dangerous, score 101</strong></p>\n<p class=\"note\">Why.</p>\n<p class=\"note\">Do.</p>\n"
		"<dl class=\"hazards\">\n<dt>100</dt><dd><strong>/run/&lt;b&gt;docker.sock at /s</strong> Whoever.</dd>\n</dl>"));
	assert_non_null(strstr(body, "<td class=\"number\">101</td><td class=\"number\">1</td>"));
	assert_non_null(strstr(body, "<td class=\"held\" title=\"held\">h</td>"));
	assert_null(strstr(body, "class=\"options\""));
	assert_null(strstr(body, "<details class=\"formats\">"));
	free(body);
}

static void a_row_of_evidence_says_who_asked_what_when_and_why(void **state)
{
	struct lc_profile profile = {0};
	struct lc_check *check;

	(void)state;
	check = add_evidence(add_container(&profile, "web", NULL, NULL, 0), CAP_DAC_OVERRIDE, LC_CLASS_BLOCKED, 7,
		"/usr/sbin/nginx", "openat", "/var/log/error.log");
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup("EACCES");
	check->caller = strdup("generic_permission");
	check->user = strdup("0:0");
	check->why = strdup("because");
	check->object = (struct lc_object){.path = strdup("/var/log"), .owner = strdup("www-data:adm"), .mode = 040750};
	check->first_ns = INT64_C(1795339557) * 1000000000;
	check->last_ns = check->first_ns + INT64_C(2) * 1000000000;
	assert_part(&profile, &plain, "<tr class=\"blocked\">", "</tr>",
		"<tr class=\"blocked\"><th scope=\"row\">DAC_OVERRIDE</th><td>blocked</td><td class=\"number\">7</td><td>/usr/sbin/nginx</td><td>openat → EACCES</td><td>/var/log/error.log<br>at /var/log: www-data:adm 0750<br><em>because</em></td><td>generic_permission</td><td>0:0</td><td>2026-11-22 09:25:57<br>2026-11-22 09:25:59</td></tr>");
}

/* A container with checks that are no reason for its list. */
static void make_left_out(struct lc_profile *profile)
{
	struct lc_target *web = add_container(profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));

	add_evidence(web, CAP_SYS_ADMIN, LC_CLASS_SETUP, 40, "/usr/bin/runc", "mount", NULL);
	add_evidence(web, CAP_CHOWN, LC_CLASS_OVERRIDDEN, 2, "/bin/chown", "fchownat", NULL);
}

static void what_was_left_out_is_counted(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	make_left_out(&profile);
	assert_part(&profile, &plain, "<p>Checks left out", "</p>",
		"<p>Checks left out: 2 overridden, 40 setup; <code>leastcap report -v</code> shows them.</p>");
}

static void verbose_leaves_nothing_out(void **state)
{
	struct lc_profile profile = {0};
	char *section;

	(void)state;
	make_left_out(&profile);
	section = part_of(&profile, &verbose, "<section class=\"target\">", "</section>");
	assert_int_equal(count(section, "<tr class=\"setup\">"), 1);
	assert_int_equal(count(section, "<tr class=\"overridden\">"), 1);
	assert_null(strstr(section, "left out"));
	free(section);
}

/* How many sections of a page of N targets are open at first. */
static int n_open(int n)
{
	struct lc_profile profile = {0};
	char *sections;
	int found;

	for (int i = 0; i < n; i++)
		add_container(&profile, "web", NULL, NULL, 0);
	sections = part_of(&profile, &plain, "<h2 id=\"targets\">", "</main>");
	found = count(sections, "<details class=\"evidence-of\" open>");
	assert_int_equal(found + count(sections, "<details class=\"evidence-of\">"), n);
	free(sections);
	return found;
}

static void few_sections_are_open_and_many_are_closed(void **state)
{
	(void)state;
	assert_int_equal(n_open(3), 3);
	assert_int_equal(n_open(100), 0);
}

#define HOSTILE                                                                                                        \
	"</td></table></style></script><script>alert(1)</script>\"'><img src=x "                                       \
	"onerror=alert(1)>\n\033[2J\xff\xe2\x80\xae"

/* A profile in which every string is HOSTILE. */
static void make_hostile(struct lc_profile *profile)
{
	struct lc_target *web = add_container(profile, HOSTILE, HOSTILE, HOSTILE, LC_CAP_BIT(CAP_CHOWN));
	struct lc_check *check = add_evidence(web, CAP_CHOWN, LC_CLASS_IMPLIED, 1, HOSTILE, HOSTILE, HOSTILE);

	profile->tool = strdup(HOSTILE);
	profile->kernel = strdup(HOSTILE);
	profile->machine = strdup(HOSTILE);
	profile->hook = strdup(HOSTILE);
	web->id = strdup(HOSTILE);
	web->engine = strdup(HOSTILE);
	web->user = strdup(HOSTILE);
	web->cgroup = strdup(HOSTILE);
	assert_int_equal(lc_target_add_advice(web, CAP_CHOWN, strdup(HOSTILE)), 0);
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup(HOSTILE);
	check->caller = strdup(HOSTILE);
	check->comm = strdup(HOSTILE);
	check->user = strdup(HOSTILE);
	check->why = strdup(HOSTILE);
	check->object = (struct lc_object){.path = strdup(HOSTILE), .owner = strdup(HOSTILE)};
}

static void no_string_of_a_profile_becomes_markup(void **state)
{
	struct lc_profile profile = {0};
	char *body;

	(void)state;
	make_hostile(&profile);
	body = part_of(&profile, &verbose, "<body>", "</html>");
	assert_int_equal(count(body, "<script"), 1);
	assert_int_equal(count(body, "<img"), 0);
	assert_int_equal(count(body, "\"'>"), 0);
	assert_true(count(body, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img") > 15);
	free(body);
}

static void no_string_of_a_profile_brings_in_what_cannot_be_seen(void **state)
{
	struct lc_profile profile = {0};
	char *body;

	(void)state;
	make_hostile(&profile);
	body = part_of(&profile, &verbose, "<body>", "</html>");
	assert_null(strchr(body, '\033'));
	assert_null(strchr(body, '\xff'));
	assert_null(strstr(body, "\xe2\x80\xae"));
	assert_non_null(strstr(body, "\\n\\033[2J\\xff\\xe2\\x80\\xae"));
	free(body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_recorded_is_said_in_words),
		cmocka_unit_test(the_page_says_when_and_where_it_was_recorded),
		cmocka_unit_test(lost_checks_are_the_first_thing_on_the_page),
		cmocka_unit_test(a_complete_page_does_not_speak_of_lost_checks),
		cmocka_unit_test(the_policy_has_the_hash_of_the_style_and_of_the_script_and_allows_nothing_else),
		cmocka_unit_test(the_map_has_a_letter_and_a_word_for_each_state),
		cmocka_unit_test(every_state_is_in_the_legend),
		cmocka_unit_test(the_map_has_columns_only_for_capabilities_that_matter_to_some_target),
		cmocka_unit_test(a_section_begins_with_the_options_and_what_to_know_about_them),
		cmocka_unit_test(what_is_folded_is_what_the_options_rest_on),
		cmocka_unit_test(the_list_can_be_copied_in_each_format_that_has_it),
		cmocka_unit_test(what_nobody_watched_has_a_score_and_no_list),
		cmocka_unit_test(a_row_of_evidence_says_who_asked_what_when_and_why),
		cmocka_unit_test(what_was_left_out_is_counted),
		cmocka_unit_test(verbose_leaves_nothing_out),
		cmocka_unit_test(few_sections_are_open_and_many_are_closed),
		cmocka_unit_test(no_string_of_a_profile_becomes_markup),
		cmocka_unit_test(no_string_of_a_profile_brings_in_what_cannot_be_seen),
	};

	return cmocka_run_group_tests_name("report_html", tests, NULL, NULL);
}
