/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what the reports say of refused calls. */
#include "render.h"

#include <leastcap/story.h>

#include <stdio.h>

static const struct lc_style plain = {.columns = 80};
static const struct lc_style narrow = {.columns = 40};
static const struct lc_style wide = {0};
static const struct lc_style verbose = {.columns = 80, .verbose = true};

#define SYS_ADMIN LC_CAP_BIT(CAP_SYS_ADMIN)

/* A container that was refused a mount by its engine's filter, twice. */
static struct lc_target *add_mount(struct lc_profile *profile)
{
	struct lc_target *web = add_container(profile, "web", "debian:12", NULL, 0);
	struct lc_failure *failure = add_failure(web, LC_CAUSE_FILTER, SYS_ADMIN, 2, "/usr/bin/mount", "mount", "/mnt");

	failure->filter = LC_FILTER_REFUSES;
	failure->user = strdup("0:0");
	failure->why = strdup("Docker's filter refused it before the kernel was asked.");
	failure->help = strdup("With SYS_ADMIN it lets it through.");
	web->wanted = SYS_ADMIN;
	return web;
}

static void the_cause_and_what_opens_the_call_stand_below_it(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_mount(&profile);
	assert_report(&profile, "text", &plain,
		"web (debian:12)  to try next: --cap-drop=ALL --cap-add=SYS_ADMIN\n"
		"  It used no capabilities; 2 calls were refused (below).\n"
		"\n"
		"  CAUSE   COUNT  WHAT WAS REFUSED\n"
		"  filter      2  mount mount /mnt → EPERM\n"
		"                 Docker's filter refused it before the kernel was asked. With\n"
		"                 SYS_ADMIN it lets it through.\n"
		"\n"
		"  Each run with so little shows the next step; one with the engine's defaults\n"
		"    shows all at once.\n");
}

static void a_list_beside_refusals_does_not_look_complete(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_mount(&profile)->cap_add = LC_CAP_BIT(CAP_CHOWN);
	assert_report(&profile, "text", &plain,
		"web (debian:12)  to try next: --cap-drop=ALL --cap-add=CHOWN \\\n"
		"    --cap-add=SYS_ADMIN\n"
		"  2 calls were refused (below).\n"
		"  It used only CHOWN.\n"
		"\n"
		"  CAUSE   COUNT  WHAT WAS REFUSED\n"
		"  filter      2  mount mount /mnt → EPERM\n"
		"                 Docker's filter refused it before the kernel was asked. With\n"
		"                 SYS_ADMIN it lets it through.\n"
		"\n"
		"  Each run with so little shows the next step; one with the engine's defaults\n"
		"    shows all at once.\n");
}

static void the_most_frequent_come_first_and_one_kind_is_one_row(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);

	(void)state;
	add_failure(web, LC_CAUSE_CAPABILITY, LC_CAP_BIT(CAP_CHOWN), 1, "/bin/chown", "fchownat", "/a")->why =
		strdup("It lacks CHOWN");
	add_failure(web, LC_CAUSE_DEVICE, 0, 30, "/usr/bin/qemu", "openat", "/dev/kvm")->help =
		strdup("Give it the device: --device /dev/kvm");
	add_failure(web, LC_CAUSE_CAPABILITY, LC_CAP_BIT(CAP_CHOWN), 4, "/bin/chown", "fchownat", "/b")->why =
		strdup("It lacks CHOWN");
	add_failure(web, LC_CAUSE_CAPABILITY, LC_CAP_BIT(CAP_CHOWN), 2, "/bin/cp", "fchownat", "/b");
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL\n"
		"  It used no capabilities; 37 calls were refused (below).\n"
		"\n"
		"  CAUSE       COUNT  WHAT WAS REFUSED\n"
		"  device         30  qemu openat /dev/kvm → EPERM\n"
		"                     Give it the device: --device /dev/kvm.\n"
		"  capability      5  chown fchownat /b → EPERM +1 more\n"
		"                     It lacks CHOWN. CHOWN lets it through.\n"
		"  capability      2  cp fchownat /b → EPERM\n"
		"                     CHOWN lets it through.\n"
		"\n"
		"  to try next: no other list; see above what would help\n");
}

static void expected_failures_are_folded_under_one_line(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);

	(void)state;
	add_failure(web, LC_CAUSE_FILE, 0, 23, "/bin/sh", "execve", "/root/bin/ls")->expected = true;
	add_failure(web, LC_CAUSE_UNKNOWN, 0, 1, "/bin/ls", "openat", "/root")->expected = true;
	assert_rendered(&profile, "text", &plain,
		"web  --cap-drop=ALL\n"
		"  It used no capabilities; 24 calls were refused, which programs get over\n"
		"    (below).\n"
		"  24 failed calls that programs get over; -v lists them\n");
	assert_rendered(&profile, "text", &verbose,
		"web  --cap-drop=ALL\n"
		"  It used no capabilities; 24 calls were refused, which programs get over\n"
		"    (below).\n"
		"\n"
		"  CAUSE    COUNT  FAILED, AND PROGRAMS GET OVER IT\n"
		"  file        23  /bin/sh execve /root/bin/ls → EPERM\n"
		"  unknown      1  /bin/ls openat /root → EPERM\n"
		"\n");
	add_failure(web, LC_CAUSE_UNKNOWN, 0, 1, "/bin/x", "ioctl", NULL)->why = strdup("Why is not known");
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL\n"
		"  It used no capabilities; 1 call was refused (below).\n"
		"\n"
		"  CAUSE    COUNT  WHAT WAS REFUSED\n"
		"  unknown      1  x ioctl → EPERM\n"
		"                  Why is not known.\n"
		"  24 more failed calls that programs get over; -v lists them\n"
		"\n"
		"  to try next: no other list; see above what would help\n");
}

static void what_a_list_needs_is_said_where_all_that_failed_was_expected(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));

	(void)state;
	add_failure(web, LC_CAUSE_FILE, 0, 1, "/bin/sh", "execve", "/root/bin/ls")->expected = true;
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"  1 failed call that programs get over; -v lists it\n");
}

static void a_denied_capability_is_shown_once(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);
	struct lc_failure *failure =
		add_failure(web, LC_CAUSE_CAPABILITY, LC_CAP_BIT(CAP_CHOWN), 3, "/bin/chown", "fchownat", "/a");
	struct lc_check *check = add_evidence(web, CAP_CHOWN, LC_CLASS_BLOCKED, 3, "/bin/chown", "fchownat", "/a");

	(void)state;
	failure->why = strdup("It lacks CHOWN.");
	failure->help = strdup("Add it.");
	failure->denied = failure->asked = true;
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup("EPERM");
	/* What no failed call tells of stays as it was. */
	check = add_evidence(web, CAP_NET_ADMIN, LC_CLASS_BLOCKED, 1, "/bin/ip", "sendto", NULL);
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup("0");
	web->wanted = LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_NET_ADMIN);
	assert_rendered(&profile, "text", &plain,
		"web  to try next: --cap-drop=ALL --cap-add=CHOWN --cap-add=SETGID \\\n"
		"    --cap-add=SETUID --cap-add=NET_ADMIN\n"
		"  It used no capabilities; 3 calls were refused (below).\n"
		"  of these a guess: SETGID, SETUID; what a run that works with it then uses is\n"
		"    the list\n"
		"\n"
		"  CAPABILITY  CLASS    COUNT  WHAT ASKED\n"
		"  NET_ADMIN   blocked      1  ip sendto → 0\n"
		"\n"
		"  CAUSE       COUNT  WHAT WAS REFUSED\n"
		"  capability      3  chown fchownat /a → EPERM\n"
		"                     It lacks CHOWN. Add it.\n"
		"\n"
		"  wanted, but denied: NET_ADMIN (ip: sendto → 0)\n"
		"  Each run with so little shows the next step; one with the engine's defaults\n"
		"    shows all at once.\n");
	/* Of another program it is another denial. */
	free(web->failures[0].exe);
	web->failures[0].exe = strdup("/bin/cp");
	assert_report(&profile, "text", &plain,
		"web  to try next: --cap-drop=ALL --cap-add=CHOWN --cap-add=SETGID \\\n"
		"    --cap-add=SETUID --cap-add=NET_ADMIN\n"
		"  It used no capabilities; 3 calls were refused (below).\n"
		"  of these a guess: SETGID, SETUID; what a run that works with it then uses is\n"
		"    the list\n"
		"\n"
		"  CAPABILITY  CLASS    COUNT  WHAT ASKED\n"
		"  CHOWN       blocked      3  chown fchownat /a → EPERM\n"
		"  NET_ADMIN   blocked      1  ip sendto → 0\n"
		"\n"
		"  CAUSE       COUNT  WHAT WAS REFUSED\n"
		"  capability      3  cp fchownat /a → EPERM\n"
		"                     It lacks CHOWN. Add it.\n"
		"\n"
		"  wanted, but denied: NET_ADMIN (ip: sendto → 0)\n"
		"  Each run with so little shows the next step; one with the engine's defaults\n"
		"    shows all at once.\n");
}

static void more_than_a_reader_takes_in_are_counted(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);
	char *report, *rows;
	size_t n = 0;

	(void)state;
	for (unsigned int i = 0; i < 20; i++) {
		char program[32];

		snprintf(program, sizeof(program), "/bin/p%02u", i);
		add_failure(web, LC_CAUSE_CAPABILITY, LC_CAP_BIT(i), 100 - i, program, "ioctl", NULL);
	}
	web->wanted = LC_CAP_BIT(0) | LC_CAP_BIT(19);
	report = render(&profile, "text", &plain);
	for (rows = report; (rows = strstr(rows, "ioctl")); rows++)
		n++;
	assert_int_equal(n, 12);
	assert_non_null(strstr(report, "\n  8 more kinds of refused calls; -v lists them\n"));
	/* What the rows left out does not tell is told by name. */
	assert_non_null(strstr(report, "\n  wanted, but denied: SYS_PTRACE\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void names_are_escaped_and_fit_into_the_line(void **state)
{
	struct lc_profile profile = {0};
	struct lc_failure *failure;
	char *report;

	(void)state;
	add_mount(&profile);
	failure = &profile.targets[0].failures[0];
	free(failure->exe);
	free(failure->about);
	free(failure->why);
	failure->exe = strdup("/bin/\033]0;evil\007");
	failure->about = strdup("/a/very/long/name/of/a/directory/that/does/not/fit/into/a/line\n  x");
	failure->why = strdup("\033[2J is \xff");
	assert_rendered(&profile, "text", &narrow,
		"web (debian:12)  to try next:\n"
		"    --cap-drop=ALL --cap-add=SYS_ADMIN\n"
		"  It used no capabilities; 2 calls were\n"
		"    refused (below).\n"
		"\n"
		"  CAUSE   COUNT  WHAT WAS REFUSED\n"
		"  filter      2  \\033]0;evil\\x07 mount\n"
		"                 /a/very/lon…a/line\\n  x\n"
		"                 → EPERM\n"
		"                 \\033[2J is \\xff. With\n"
		"                 SYS_ADMIN it lets it\n"
		"                 through.\n"
		"\n"
		"  Each run with so little shows the next\n"
		"    step; one with the engine's defaults\n"
		"    shows all at once.\n");
	report = render(&profile, "markdown", &plain);
	assert_null(strchr(report, '\033'));
	free(report);
	report = render(&profile, "html", &verbose);
	assert_null(strchr(report, '\033'));
	free(report);
	report = render(&profile, "docker", &wide);
	assert_null(strchr(report, '\033'));
	free(report);
	lc_profile_clear(&profile);
}

static void a_verbose_report_says_who_and_which_file(void **state)
{
	struct lc_profile profile = {0};
	struct lc_failure *failure;
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);

	(void)state;
	failure = add_failure(web, LC_CAUSE_FILE, 0, 1, "/bin/cat", "openat", "/etc/shadow");
	failure->user = strdup("33:33");
	failure->no_new_privs = true;
	failure->object.path = strdup("/etc/shadow");
	failure->object.owner = strdup("root:shadow");
	failure->object.mode = 0640;
	assert_report(&profile, "text", &verbose,
		"web  --cap-drop=ALL\n"
		"  It used no capabilities; 1 call was refused (below).\n"
		"\n"
		"  CAUSE  COUNT  WHAT WAS REFUSED\n"
		"  file       1  /bin/cat openat /etc/shadow root:shadow 0640 as 33:33\n"
		"                under no_new_privs → EPERM\n"
		"\n"
		"  to try next: no other list; see above what would help\n");
}

/* Every format that reports may have says of a refused target that something was refused, and none that it needs nothing. */
static void no_format_says_that_a_refused_target_needs_nothing(void **state)
{
	(void)state;
	for (const struct lc_report_format *const *format = lc_report_formats(); *format; format++) {
		for (enum lc_cause cause = 0; cause < LC_CAUSE_N; cause++) {
			struct lc_profile profile = {.hook = strdup("fexit")};
			struct lc_target *web = add_container(&profile, "web", "nginx", NULL, 0);
			char *report;

			web->user = strdup("0:0");
			add_failure(web, cause, 0, 1, "/bin/x", "ioctl", NULL);
			report = render(&profile, (*format)->name, &plain);
			if (strstr(report, "eeds no capabilit") || strstr(report, "What it needs"))
				fail_msg("%s: %s", (*format)->name, report);
			if (strcmp((*format)->name, "json") != 0 && !strstr(report, "refused"))
				fail_msg("%s: %s", (*format)->name, report);
			free(report);
			lc_profile_clear(&profile);
		}
	}
}

static void formats_of_lists_say_what_to_add_to_try_again(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_mount(&profile);
	assert_rendered(&profile, "docker", &plain,
		"# web (debian:12)\n"
		"# 2 calls were refused: to try again, add SYS_ADMIN (leastcap report says why)\n"
		"--cap-drop=ALL\n");
	profile.targets[0].wanted = 0;
	assert_report(&profile, "docker", &plain,
		"# web (debian:12)\n"
		"# 2 calls were refused, and no other list is known to help (leastcap report says why)\n"
		"--cap-drop=ALL\n");
}

static void what_is_to_be_tried_next_can_be_asked_for(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_mount(&profile)->cap_add = LC_CAP_BIT(CAP_CHOWN);
	lc_report_try_next(&profile);
	assert_rendered(&profile, "docker", &plain,
		"# web (debian:12)\n"
		"# SYS_ADMIN is here to be tried: /usr/bin/mount mount /mnt → EPERM (Docker's filter refused it before the kernel was asked)\n"
		"--cap-drop=ALL --cap-add=CHOWN --cap-add=SYS_ADMIN\n");
	assert_rendered(&profile, "quadlet", &plain,
		"# each part is a file of its own: NAME.container.d/50-leastcap.conf (Podman 5.0 or later)\n"
		"\n"
		"# web (debian:12)\n"
		"# SYS_ADMIN is here to be tried: /usr/bin/mount mount /mnt → EPERM (Docker's filter refused it before the kernel was asked)\n"
		"[Container]\n"
		"DropCapability=\n"
		"DropCapability=all\n"
		"AddCapability=\n"
		"AddCapability=CHOWN SYS_ADMIN\n");
	lc_profile_clear(&profile);
}

static void what_usually_follows_is_tried_at_once_and_marked_as_a_guess(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, 0);

	(void)state;
	add_failure(web, LC_CAUSE_CAPABILITY, LC_CAP_BIT(CAP_SETGID), 1, "/bin/su", "setgroups", NULL);
	web->wanted = LC_CAP_BIT(CAP_SETGID);
	assert_rendered(&profile, "text", &plain,
		"web  to try next: --cap-drop=ALL --cap-add=SETGID --cap-add=SETUID\n"
		"  It used no capabilities; 1 call was refused (below).\n"
		"  of these a guess: SETUID; what a run that works with it then uses is the list\n"
		"\n"
		"  CAUSE       COUNT  WHAT WAS REFUSED\n"
		"  capability      1  su setgroups → EPERM\n"
		"                     SETGID lets it through.\n"
		"\n"
		"  Each run with so little shows the next step; one with the engine's defaults\n"
		"    shows all at once.\n");
	lc_report_try_next(&profile);
	assert_report(&profile, "docker", &plain,
		"# web\n"
		"# SETGID is here to be tried: /bin/su setgroups → EPERM\n"
		"# of these a guess: SETUID; what a run that works with it then uses is the list\n"
		"--cap-drop=ALL --cap-add=SETGID --cap-add=SETUID\n");
}

static void where_a_program_looked_by_itself_the_guess_is_all_there_is_to_try(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));

	(void)state;
	add_failure(web, LC_CAUSE_OWN_CHECK, LC_CAP_BIT(CAP_NET_ADMIN) | LC_CAP_BIT(CAP_NET_RAW), 1, "/bin/dnsmasq",
		"capget", NULL);
	assert_rendered(&profile, "text", &plain,
		"web  to try next: --cap-drop=ALL --cap-add=CHOWN --cap-add=NET_ADMIN \\\n"
		"    --cap-add=NET_RAW\n"
		"  1 call was refused (below).\n"
		"  It used only CHOWN.\n"
		"  that is a guess; what a run that works with it then uses is the list\n"
		"\n"
		"  CAUSE      COUNT  WHAT WAS REFUSED\n"
		"  own_check      1  dnsmasq capget → EPERM\n"
		"                    NET_ADMIN or NET_RAW lets it through.\n"
		"\n"
		"  Each run with so little shows the next step; one with the engine's defaults\n"
		"    shows all at once.\n");
	lc_report_try_next(&profile);
	assert_rendered(&profile, "docker", &plain,
		"# web\n"
		"# that is a guess; what a run that works with it then uses is the list\n"
		"--cap-drop=ALL --cap-add=CHOWN --cap-add=NET_ADMIN --cap-add=NET_RAW\n");
	lc_profile_clear(&profile);
}

static void what_is_known_to_help_is_tried_before_a_guess(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_mount(&profile);

	(void)state;
	add_failure(web, LC_CAUSE_OWN_CHECK, LC_CAP_BIT(CAP_NET_ADMIN), 1, "/bin/dnsmasq", "capget", NULL);
	lc_report_try_next(&profile);
	assert_report(&profile, "docker", &plain,
		"# web (debian:12)\n"
		"# SYS_ADMIN is here to be tried: /usr/bin/mount mount /mnt → EPERM (Docker's filter refused it before the kernel was asked)\n"
		"# likely after that, which is a guess: NET_ADMIN\n"
		"--cap-drop=ALL --cap-add=SYS_ADMIN\n");
}

static void markdown_has_a_table_of_them(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_mount(&profile)->failures[0].count = 1;
	assert_report(&profile, "markdown", &plain,
		"## Capabilities\n"
		"\n"
		"### web (debian:12)\n"
		"\n"
		"```\n"
		"--cap-drop=ALL\n"
		"```\n"
		"\n"
		"It used no capabilities; 1 call was refused (below).\n"
		"\n"
		"| Cause | Count | What was refused |\n"
		"| --- | ---: | --- |\n"
		"| filter | 1 | <code>/usr/bin/mount mount /mnt → EPERM</code><br>Docker's filter refused it before the kernel was asked. With SYS_ADMIN it lets it through. |\n"
		"\n"
		"To try next:\n"
		"\n"
		"```\n"
		"--cap-drop=ALL --cap-add=SYS_ADMIN\n"
		"```\n"
		"\n");
}

static void html_has_a_table_of_them(void **state)
{
	struct lc_profile profile = {0};
	char *report;

	(void)state;
	add_failure(add_mount(&profile), LC_CAUSE_FILE, 0, 7, "/bin/sh", "execve", "/<x>")->expected = true;
	report = render(&profile, "html", &plain);
	assert_non_null(strstr(report, "<summary>0 on the list, 1 wanted, 2 refused</summary>"));
	assert_non_null(strstr(report,
		"<h4>To try next</h4>\n<pre class=\"options\"><code><span>--cap-drop=ALL</span> <span>--cap-add=SYS_ADMIN</span></code></pre>"));
	assert_non_null(strstr(report,
		"<tr class=\"blocked\"><th scope=\"row\">filter</th><td>SYS_ADMIN</td><td class=\"number\">2</td><td>/usr/bin/mount</td><td>mount → EPERM</td><td>/mnt<br><em>Docker&#39;s filter refused it before the kernel was asked. With SYS_ADMIN it lets it through.</em></td><td>refuses</td><td>0:0</td>"));
	assert_non_null(strstr(report, "<p>Failed calls that programs get over: 7;"));
	assert_null(strstr(report, "<tr class=\"expected\">"));
	free(report);
	report = render(&profile, "html", &verbose);
	assert_non_null(strstr(
		report, "<tr class=\"expected\"><th scope=\"row\">file</th><td></td><td class=\"number\">7</td>"));
	assert_non_null(strstr(report, "/&lt;x&gt;"));
	free(report);
	lc_profile_clear(&profile);
}

static char *story_of(const struct lc_target *target, int cap, const char *syscall)
{
	struct lc_strbuf out = {0};

	assert_int_equal(cap >= 0 ? lc_story_tell(target, cap, &plain, &out)
				  : lc_story_tell_refusals(target, syscall, &plain, &out),
		0);
	return lc_strbuf_steal(&out);
}

static void assert_story(const struct lc_target *target, int cap, const char *syscall, const char *expected)
{
	char *story = story_of(target, cap, syscall);

	assert_string_equal(story, expected);
	free(story);
}

static void a_story_tells_the_refused_calls_that_a_capability_opens(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_mount(&profile);

	(void)state;
	assert_story(web, CAP_SYS_ADMIN, NULL,
		"web (debian:12): SYS_ADMIN is wanted: it lets through what was refused\n"
		"  mount, enter namespaces, and much else\n"
		"\n"
		"mount mount /mnt → EPERM\n"
		"  2 times; /usr/bin/mount as 0:0\n"
		"  filter: Docker's filter refused it before the kernel was asked. With SYS_ADMIN\n"
		"    it lets it through.\n"
		"  kernel: its filter of system calls refuses it; no capability was asked for.\n");
	lc_profile_clear(&profile);
}

static void a_story_tells_of_a_system_call(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_mount(&profile);
	struct lc_failure *failure = add_failure(web, LC_CAUSE_DEVICE, 0, 1, "/bin/qemu", "openat", "/dev/kvm");

	(void)state;
	failure->filter = LC_FILTER_NONE;
	failure->help = strdup("Give it the device");
	assert_true(lc_story_has_refusal(web, "openat"));
	assert_false(lc_story_has_refusal(web, "chown"));
	assert_story(web, -1, "openat",
		"web (debian:12): openat was refused\n"
		"\n"
		"qemu openat /dev/kvm → EPERM\n"
		"  1 time; /bin/qemu\n"
		"  device: Give it the device.\n"
		"  kernel: no filter of system calls; no capability was asked for.\n");
	assert_story(web, -1, "chown", "web (debian:12): chown was never refused\n");
	/* Of all calls those that nothing wanted opens. */
	assert_story(web, -1, NULL,
		"web (debian:12): calls that were refused, and nothing on a list opens\n"
		"\n"
		"qemu openat /dev/kvm → EPERM\n"
		"  1 time; /bin/qemu\n"
		"  device: Give it the device.\n"
		"  kernel: no filter of system calls; no capability was asked for.\n");
	web->failures[1].expected = true;
	assert_false(lc_story_has_refusal(web, NULL));
	lc_profile_clear(&profile);
}

static void the_reason_for_what_is_wanted_is_the_denied_check_or_else_the_refused_call(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_mount(&profile);
	struct lc_strbuf out = {0};
	struct lc_check *check;

	(void)state;
	/* Every mmap asks for it: that is not why it is wanted. */
	add_evidence(web, CAP_SYS_ADMIN, LC_CLASS_ADVISORY, 99, "/bin/sh", "mmap", NULL)->verdict = LC_VERDICT_DENIED;
	assert_ptr_equal(lc_report_refusal(web, CAP_SYS_ADMIN), &web->failures[0]);
	assert_null(lc_report_refusal(web, CAP_CHOWN));
	lc_report_add_reason(&out, web, CAP_SYS_ADMIN);
	assert_string_equal(
		out.text, "/usr/bin/mount mount /mnt → EPERM (Docker's filter refused it before the kernel was asked)");
	lc_strbuf_free(&out);
	check = add_evidence(web, CAP_SYS_ADMIN, LC_CLASS_BLOCKED, 1, "/bin/sh", "sethostname", NULL);
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup("EPERM");
	assert_null(lc_report_refusal(web, CAP_SYS_ADMIN));
	lc_report_add_reason(&out, web, CAP_SYS_ADMIN);
	assert_string_equal(out.text, "/bin/sh sethostname → EPERM");
	lc_strbuf_free(&out);
	lc_profile_clear(&profile);
}

static void what_runs_in_a_kernel_of_its_own_has_no_list(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", "debian:12", NULL, LC_CAP_BIT(CAP_CHOWN))->sandbox = strdup("runsc");
	assert_rendered(&profile, "text", &wide,
		"web (debian:12)\n"
		"  It runs in a sandbox of its own kernel (runsc): its checks are not seen here, so that it has no list.\n");
	for (const struct lc_report_format *const *format = lc_report_formats(); *format; format++) {
		char *report = render(&profile, (*format)->name, &plain);

		if (strstr(report, "--cap-drop") || strstr(report, "[CHOWN]") || strstr(report, "CAP_CHOWN"))
			fail_msg("%s: %s", (*format)->name, report);
		free(report);
	}
	assert_report(&profile, "docker", &plain,
		"# web (debian:12): It runs in a sandbox of its own kernel (runsc): its checks are not seen here, so that it has no list.\n");
}

static void what_is_not_used_is_told_with_the_calls_that_it_opens(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	char *story;

	(void)state;
	web->engine = strdup("docker");
	web->seccomp = true;
	web->granted = web->unused = LC_CAP_BIT(CAP_SYS_NICE);
	story = story_of(web, CAP_SYS_NICE, NULL);
	assert_non_null(strstr(story, "It was granted, and the workload never asked for it."));
	assert_non_null(strstr(story, "filter: by SYS_NICE the engine's filter lets through "));
	assert_non_null(strstr(story, "mbind"));
	free(story);
	story = render(&profile, "text", &verbose);
	assert_non_null(strstr(story, "by SYS_NICE the engine's filter lets through "));
	free(story);
	web->seccomp = false;
	story = story_of(web, CAP_SYS_NICE, NULL);
	assert_null(strstr(story, "filter"));
	free(story);
	lc_profile_clear(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cause_and_what_opens_the_call_stand_below_it),
		cmocka_unit_test(a_list_beside_refusals_does_not_look_complete),
		cmocka_unit_test(the_most_frequent_come_first_and_one_kind_is_one_row),
		cmocka_unit_test(expected_failures_are_folded_under_one_line),
		cmocka_unit_test(what_a_list_needs_is_said_where_all_that_failed_was_expected),
		cmocka_unit_test(a_denied_capability_is_shown_once),
		cmocka_unit_test(more_than_a_reader_takes_in_are_counted),
		cmocka_unit_test(names_are_escaped_and_fit_into_the_line),
		cmocka_unit_test(a_verbose_report_says_who_and_which_file),
		cmocka_unit_test(no_format_says_that_a_refused_target_needs_nothing),
		cmocka_unit_test(formats_of_lists_say_what_to_add_to_try_again),
		cmocka_unit_test(what_is_to_be_tried_next_can_be_asked_for),
		cmocka_unit_test(what_usually_follows_is_tried_at_once_and_marked_as_a_guess),
		cmocka_unit_test(where_a_program_looked_by_itself_the_guess_is_all_there_is_to_try),
		cmocka_unit_test(what_is_known_to_help_is_tried_before_a_guess),
		cmocka_unit_test(markdown_has_a_table_of_them),
		cmocka_unit_test(html_has_a_table_of_them),
		cmocka_unit_test(a_story_tells_the_refused_calls_that_a_capability_opens),
		cmocka_unit_test(a_story_tells_of_a_system_call),
		cmocka_unit_test(the_reason_for_what_is_wanted_is_the_denied_check_or_else_the_refused_call),
		cmocka_unit_test(what_runs_in_a_kernel_of_its_own_has_no_list),
		cmocka_unit_test(what_is_not_used_is_told_with_the_calls_that_it_opens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
