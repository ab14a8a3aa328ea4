/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the text report. */
#include "render.h"

static const struct lc_style plain = {.columns = 80};
static const struct lc_style verbose = {.columns = 80, .verbose = true};

static void the_answer_comes_first_then_what_asked(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", "nginx:1.22", NULL,
		LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_NET_BIND_SERVICE));
	add_evidence(web, CAP_NET_BIND_SERVICE, LC_CLASS_REQUIRED, 1, "/usr/sbin/nginx", "bind", "0.0.0.0:80");
	add_evidence(web, CAP_SETUID, LC_CLASS_REQUIRED, 2, "/usr/sbin/nginx", "setuid", "uid 33");
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 12, "/usr/sbin/nginx", "chown", "/var/lib/nginx/body");
	assert_report(&profile, "text", &plain,
		"web (nginx:1.22)  --cap-drop=ALL --cap-add=CHOWN --cap-add=SETUID \\\n"
		"    --cap-add=NET_BIND_SERVICE\n"
		"\n"
		"  CAPABILITY        CLASS     COUNT  WHAT ASKED\n"
		"  CHOWN             required     12  nginx chown /var/lib/nginx/body\n"
		"  SETUID            required      2  nginx setuid uid 33\n"
		"  NET_BIND_SERVICE  required      1  nginx bind 0.0.0.0:80\n"
		"\n");
}

static void targets_are_separated_by_a_blank_line(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "db", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_KILL));
	assert_report(&profile, "text", &plain,
		"db  --cap-drop=ALL --cap-add=CHOWN\n"
		"\n"
		"web  --cap-drop=ALL --cap-add=KILL\n");
}

static void an_empty_list_is_said_in_words(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", NULL, NULL, 0)->user = strdup("33:33");
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL\n"
		"  It needs no capabilities: nothing that it did depended on one.\n");
}

static void an_empty_list_with_denials_points_to_them(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", NULL, NULL, 0)->wanted = LC_CAP_BIT(CAP_BPF);
	assert_report(&profile, "text", &plain,
		"web  to try next: --cap-drop=ALL --cap-add=BPF\n"
		"  It used no capabilities, but see below what it wanted.\n"
		"  wanted, but denied: BPF\n"
		"  Each run with so little shows the next step; one with the engine's defaults\n"
		"    shows all at once.\n");
}

static void rows_are_merged_by_capability_and_class(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 3, "/bin/chown", "fchownat", "/a");
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 10, "/bin/cp", "fchown", "/b");
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 4, "/bin/chown", "fchownat", "/c");
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 1, "/bin/cp", "fchownat", "/d");
	add_evidence(web, CAP_CHOWN, LC_CLASS_ADVISORY, 1, "/bin/ls", "open", NULL);
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"\n"
		"  CAPABILITY  CLASS     COUNT  WHAT ASKED\n"
		"  CHOWN       required     18  cp fchown /b +2 more\n"
		"\n");
}

static void rows_stand_in_the_order_of_their_classes(void **state)
{
	static const enum lc_class shown[] = {LC_CLASS_REFUSED, LC_CLASS_ADVISORY, LC_CLASS_BLOCKED,
		LC_CLASS_ALTERNATIVE, LC_CLASS_IMPLIED, LC_CLASS_REQUIRED};
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		add_evidence(web, (int)i, shown[i], 1, "/bin/x", "y", NULL);
	assert_rendered(&profile, "text", &verbose,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"\n"
		"  CAPABILITY       CLASS        COUNT  WHAT ASKED\n"
		"  KILL             required         1  /bin/x y\n"
		"  FSETID           implied          1  /bin/x y\n"
		"  FOWNER           alternative      1  /bin/x y\n"
		"  DAC_READ_SEARCH  blocked          1  /bin/x y\n"
		"  DAC_OVERRIDE     advisory         1  /bin/x y\n"
		"  CHOWN            refused          1  /bin/x y\n"
		"\n");
	/* What changes nothing of the list has no row unless it is asked for. */
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"\n"
		"  CAPABILITY       CLASS     COUNT  WHAT ASKED\n"
		"  KILL             required      1  x y\n"
		"  FSETID           implied       1  x y\n"
		"  DAC_READ_SEARCH  blocked       1  x y\n"
		"\n"
		"  left out: 2 used without need; -v shows them\n");
}

static void the_judges_reason_follows_its_row(void **state)
{
	struct lc_profile profile = {0};
	struct lc_check *check;

	(void)state;
	check = add_evidence(add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN)), CAP_SYS_ADMIN,
		LC_CLASS_ADVISORY, 100234, "/bin/x", "mmap", NULL);
	check->why = strdup("memory overcommit: a reserve for the administrator, which nothing depends on");
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup("0");
	assert_report(&profile, "text", &verbose,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"\n"
		"  CAPABILITY  CLASS      COUNT  WHAT ASKED\n"
		"  SYS_ADMIN   advisory  100234  /bin/x mmap → 0\n"
		"                                memory overcommit: a reserve for the\n"
		"                                administrator, which nothing depends on\n"
		"\n");
}

static void a_program_without_a_path_is_shown_by_its_name(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 1, NULL, "chown", NULL)->comm = strdup("sh");
	add_evidence(web, CAP_KILL, LC_CLASS_REQUIRED, 1, NULL, NULL, NULL)->caller = strdup("check_kill_permission");
	add_evidence(web, CAP_SYS_TIME, LC_CLASS_REQUIRED, 1, NULL, NULL, NULL);
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"\n"
		"  CAPABILITY  CLASS     COUNT  WHAT ASKED\n"
		"  CHOWN       required      1  sh chown\n"
		"  KILL        required      1  in check_kill_permission\n"
		"  SYS_TIME    required      1  ?\n"
		"\n");
}

static void unused_and_wanted_capabilities_are_listed_apart(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;
	struct lc_check *check;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	web->unused = LC_CAP_BIT(CAP_FOWNER) | LC_CAP_BIT(CAP_KILL) | LC_CAP_BIT(CAP_SETPCAP) |
		      LC_CAP_BIT(CAP_NET_RAW) | LC_CAP_BIT(CAP_SYS_CHROOT) | LC_CAP_BIT(CAP_MKNOD) |
		      LC_CAP_BIT(CAP_AUDIT_WRITE);
	web->wanted = LC_CAP_BIT(CAP_NET_ADMIN) | LC_CAP_BIT(CAP_SYS_TIME);
	check = add_evidence(web, CAP_NET_ADMIN, LC_CLASS_BLOCKED, 3, "/sbin/ip", "sendto", NULL);
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup("EPERM");
	assert_rendered(&profile, "text", &plain,
		"web  to try next: --cap-drop=ALL --cap-add=CHOWN --cap-add=NET_ADMIN \\\n"
		"    --cap-add=SYS_TIME\n"
		"  It used only CHOWN.\n"
		"\n"
		"  CAPABILITY  CLASS    COUNT  WHAT ASKED\n"
		"  NET_ADMIN   blocked      3  ip sendto → EPERM\n"
		"\n"
		"  wanted, but denied: NET_ADMIN (ip: sendto → EPERM), SYS_TIME\n"
		"  left out: 7 granted and never used; -v shows them\n"
		"  Each run with so little shows the next step; one with the engine's defaults\n"
		"    shows all at once.\n");
	assert_report(&profile, "text", &verbose,
		"web  to try next: --cap-drop=ALL --cap-add=CHOWN --cap-add=NET_ADMIN \\\n"
		"    --cap-add=SYS_TIME\n"
		"  It used only CHOWN.\n"
		"\n"
		"  CAPABILITY  CLASS    COUNT  WHAT ASKED\n"
		"  NET_ADMIN   blocked      3  /sbin/ip sendto → EPERM\n"
		"\n"
		"  granted, never used: FOWNER, KILL, SETPCAP, NET_RAW, SYS_CHROOT, MKNOD,\n"
		"    AUDIT_WRITE\n"
		"  wanted, but denied: NET_ADMIN (ip: sendto → EPERM), SYS_TIME\n"
		"  Each run with so little shows the next step; one with the engine's defaults\n"
		"    shows all at once.\n");
}

/* A container with checks that are no reason for its list. */
static void make_left_out(struct lc_profile *profile)
{
	struct lc_target *web = add_container(profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));

	add_evidence(web, CAP_SYS_ADMIN, LC_CLASS_SETUP, 40, "/usr/bin/runc", "mount", NULL)->caller =
		strdup("path_mount");
	add_evidence(web, CAP_SETUID, LC_CLASS_SETUP, 1, "/usr/bin/runc", "setuid", NULL);
	for (int cap = CAP_CHOWN; cap <= CAP_FSETID; cap++)
		add_evidence(web, cap, LC_CLASS_OVERRIDDEN, 2, "/bin/chown", "fchownat", NULL);
	add_evidence(web, CAP_SYS_CHROOT, LC_CLASS_NESTED, 7, "/bin/browser", "chroot", NULL);
}

static void what_was_left_out_is_summed_up_in_one_line(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	make_left_out(&profile);
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"  left out: 41 checks of the runtime's set-up, 10 by overlayfs's credentials\n"
		"    (CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, …), 7 inside user namespaces that it\n"
		"    made itself (SYS_CHROOT); -v shows them\n");
}

static void verbose_lists_every_piece_of_evidence_with_its_call_site(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	make_left_out(&profile);
	assert_report(&profile, "text", &verbose,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"\n"
		"  CAPABILITY       CLASS       COUNT  WHAT ASKED\n"
		"  SYS_CHROOT       nested          7  /bin/browser chroot\n"
		"  CHOWN            overridden      2  /bin/chown fchownat\n"
		"  DAC_OVERRIDE     overridden      2  /bin/chown fchownat\n"
		"  DAC_READ_SEARCH  overridden      2  /bin/chown fchownat\n"
		"  FOWNER           overridden      2  /bin/chown fchownat\n"
		"  FSETID           overridden      2  /bin/chown fchownat\n"
		"  SETUID           setup           1  /usr/bin/runc setuid\n"
		"  SYS_ADMIN        setup          40  /usr/bin/runc mount in path_mount\n"
		"\n");
}

static void an_incomplete_recording_is_announced_first(void **state)
{
	struct lc_profile profile = {.lost = 123};

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	assert_report(&profile, "text", &plain,
		"INCOMPLETE: 123 checks were lost: a list may lack a capability\n"
		"\n"
		"web  --cap-drop=ALL --cap-add=CHOWN\n");
}

static void an_empty_recording_says_so(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	assert_report(&profile, "text", &plain, "nothing was recorded: no container ran\n");
}

static void a_list_for_an_ordinary_user_says_what_else_it_takes(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN))->user = strdup("101:101");
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"  It runs as user 101:101, not root: --cap-add reaches only its bounding set.\n"
		"    The program also needs file capabilities (setcap) or ambient ones.\n");
}

/* Adds evidence of a capability that SOURCE named to TARGET. */
static void add_named(struct lc_target *target, int cap, enum lc_source source, const char *about)
{
	add_evidence(target, cap, LC_CLASS_IMPLIED, 1, "/usr/bin/ping", "execve", about)->source = source;
}

static void an_ordinary_user_is_told_what_each_capability_comes_by(void **state)
{
	const struct lc_style wide = {.columns = 0};
	struct lc_profile profile = {0};
	struct lc_target *web;
	char *report;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL,
		LC_CAP_BIT(CAP_NET_RAW) | LC_CAP_BIT(CAP_NET_ADMIN) | LC_CAP_BIT(CAP_SYS_NICE) |
			LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_KILL));
	web->user = strdup("101:101");
	add_named(web, CAP_NET_RAW, LC_SOURCE_FILE, "/usr/bin/ping carries NET_RAW,NET_ADMIN=ep");
	add_named(web, CAP_NET_ADMIN, LC_SOURCE_FILE, "/usr/bin/ping carries NET_RAW,NET_ADMIN=ep");
	add_named(web, CAP_SYS_NICE, LC_SOURCE_AMBIENT, NULL);
	add_evidence(web, CAP_SETUID, LC_CLASS_REQUIRED, 1, "/usr/bin/su", "setuid", NULL)->user = strdup("0:101");
	add_evidence(web, CAP_KILL, LC_CLASS_REQUIRED, 1, "/usr/bin/x", "kill", NULL)->user = strdup("101:101");
	report = render(&profile, "text", &wide);
	assert_non_null(strstr(report,
		"  It runs as user 101:101, not root: --cap-add reaches only its bounding set. By a file's capabilities it gets NET_ADMIN, NET_RAW: /usr/bin/ping carries NET_RAW,NET_ADMIN=ep. It raises to ambient SYS_NICE. As root (a set-user-id program) it uses SETUID. The program also needs file capabilities (setcap) or ambient ones for KILL.\n"));
	free(report);
	lc_profile_clear(&profile);
}

static void what_no_new_privs_makes_void_is_not_got_by_a_file(void **state)
{
	const struct lc_style wide = {.columns = 0};
	struct lc_profile profile = {0};
	struct lc_target *web;
	char *report;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_NET_RAW));
	web->user = strdup("101:101");
	add_named(web, CAP_NET_RAW, LC_SOURCE_FILE, "/usr/bin/ping carries NET_RAW=ep");
	web->evidence[0].no_new_privs = true;
	report = render(&profile, "text", &wide);
	assert_non_null(strstr(report,
		"--cap-add reaches only its bounding set. A file carries, and execve demands, but the program does not get NET_RAW: /usr/bin/ping carries NET_RAW=ep.\n"));
	assert_null(strstr(report, "By a file's capabilities"));
	assert_null(strstr(report, "also needs file capabilities"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_file_that_carries_the_whole_list_is_all_that_an_ordinary_user_needs(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_NET_RAW));
	web->user = strdup("101:101");
	add_named(web, CAP_NET_RAW, LC_SOURCE_FILE, "/usr/bin/ping carries NET_RAW=ep");
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL --cap-add=NET_RAW\n"
		"  It runs as user 101:101, not root: --cap-add reaches only its bounding set. By\n"
		"    a file's capabilities it gets NET_RAW: /usr/bin/ping carries NET_RAW=ep.\n"
		"\n"
		"  CAPABILITY  CLASS    COUNT  WHAT ASKED\n"
		"  NET_RAW     implied      1  ping execve /usr/bin/ping carries NET_RAW=ep\n"
		"\n");
}

static void advice_stands_below_the_table_a_paragraph_for_each_capability(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	web->unused = LC_CAP_BIT(CAP_KILL);
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 1, "/bin/chown", "fchownat", "/a");
	add_evidence(web, CAP_SETUID, LC_CLASS_SETUP, 1, "/bin/runc", "setuid", NULL);
	lc_target_add_advice(web, CAP_CHOWN,
		strdup("/a (root:root 0644) changes its owner: do it when the image is built (COPY --chown=…, RUN chown)."));
	lc_target_add_advice(web, CAP_NET_ADMIN, strdup("Not so good."));
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"\n"
		"  CAPABILITY  CLASS     COUNT  WHAT ASKED\n"
		"  CHOWN       required      1  chown fchownat /a\n"
		"\n"
		"  what to do instead, and what granting means:\n"
		"    CHOWN: /a (root:root 0644) changes its owner: do it when the image is built\n"
		"      (COPY --chown=…, RUN chown).\n"
		"    NET_ADMIN: Not so good.\n"
		"  left out: 1 granted and never used, 1 check of the runtime's set-up; -v shows\n"
		"    them\n");
}

static void verbose_shows_whose_file_it_was_and_who_asked(void **state)
{
	const struct lc_style wide = {.columns = 0, .verbose = true};
	struct lc_profile profile = {0};
	struct lc_check *check;

	(void)state;
	check = add_evidence(add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_DAC_OVERRIDE)), CAP_DAC_OVERRIDE,
		LC_CLASS_REQUIRED, 1, "/usr/sbin/nginx", "openat", "/var/log/nginx/error.log");
	check->user = strdup("0:0");
	check->object =
		(struct lc_object){.path = strdup("/var/log/nginx"), .owner = strdup("www-data:adm"), .mode = 040755};
	assert_report(&profile, "text", &wide,
		"web  --cap-drop=ALL --cap-add=DAC_OVERRIDE\n"
		"\n"
		"  CAPABILITY    CLASS     COUNT  WHAT ASKED\n"
		"  DAC_OVERRIDE  required      1  /usr/sbin/nginx openat /var/log/nginx/error.log at /var/log/nginx www-data:adm 0755 as 0:0\n"
		"\n");
}

static void a_list_for_root_says_nothing_of_users(void **state)
{
	static const char *const roots[] = {"0", "0:0", "0:101", "root", "root:adm"};

	(void)state;
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		struct lc_profile profile = {0};

		add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN))->user = strdup(roots[i]);
		assert_report(&profile, "text", &plain, "web  --cap-drop=ALL --cap-add=CHOWN\n");
	}
}

static void a_privileged_container_is_told_what_it_would_be_without(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN))->privileged = true;
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"  It ran with --privileged. Without it, the options above are all the\n"
		"    capabilities that it needs; devices that it uses have to be given with\n"
		"    --device.\n");
}

static void colour_makes_the_answer_bold_on_each_of_its_lines(void **state)
{
	const struct lc_style color = {.columns = 50, .color = true};
	struct lc_profile profile = {.lost = 2};

	(void)state;
	add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_NET_BIND_SERVICE));
	assert_report(&profile, "text", &color,
		"\033[1;31mINCOMPLETE: 2 checks were lost: a list may lack a capability\033[0m\n"
		"\n"
		"web  \033[1m--cap-drop=ALL --cap-add=CHOWN \\\033[0m\n"
		"    \033[1m--cap-add=NET_BIND_SERVICE\033[0m\n");
}

static void a_label_that_fills_the_line_has_its_options_on_the_next(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "web", "registry.example.org/team/some/long/image/name:with-a-tag-too-2026", NULL,
		LC_CAP_BIT(CAP_CHOWN));
	assert_report(&profile, "text", &plain,
		"web (registry.example.org/team/some/long/image/name:with-a-tag-too-2026)\n"
		"    --cap-drop=ALL --cap-add=CHOWN\n");
}

static void a_long_path_moves_to_its_own_line_and_loses_its_middle(void **state)
{
	struct lc_profile profile = {0};
	struct lc_target *web;

	(void)state;
	web = add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	add_evidence(web, CAP_CHOWN, LC_CLASS_REQUIRED, 1, "/bin/chown", "fchownat",
		"/srv/one/two/three/four/five/six/seven/eight/nine/ten/eleven/file.txt");
	assert_report(&profile, "text", &plain,
		"web  --cap-drop=ALL --cap-add=CHOWN\n"
		"\n"
		"  CAPABILITY  CLASS     COUNT  WHAT ASKED\n"
		"  CHOWN       required      1  chown fchownat\n"
		"                               /srv/one/two/three/four/…nine/ten/eleven/file.txt\n"
		"\n");
}

/* Asserts that no line of TEXT is wider than COLUMNS. */
static void assert_fits(const char *text, size_t columns)
{
	const char *line = text;
	size_t width = 0;

	for (; *text; text++) {
		if (*text == '\n') {
			line = text + 1;
			width = 0;
			continue;
		}
		width += ((unsigned char)*text & 0xc0) != 0x80;
		if (width > columns)
			fail_msg("wider than %zu: %.*s", columns, (int)strcspn(line, "\n"), line);
	}
}

static void a_target_with_everything_stays_under_80_columns(void **state)
{
	struct lc_profile profile = {.lost = UINT64_MAX};
	struct lc_target *web;
	char *report;
	char name[256];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	web = add_container(&profile, "web", "nginx", NULL, UINT64_C(0x1ffffffffff));
	web->unused = UINT64_MAX;
	web->wanted = UINT64_MAX;
	web->privileged = true;
	web->user = strdup(name);
	for (int cap = 0; cap < 64; cap++) {
		for (int class = 0; class < LC_CLASS_N; class ++) {
			struct lc_check *check =
				add_evidence(web, cap, (enum lc_class) class, UINT64_MAX, name, name, name);

			check->verdict = LC_VERDICT_DENIED;
			check->result = strdup(name);
			check->why = strdup("a reason of some length that has to be broken into several lines to fit");
			check->source = LC_SOURCE_FILE;
		}
		lc_target_add_advice(web, cap, strdup(name));
		lc_target_add_advice(
			web, cap, strdup("advice of some length that has to be broken into several lines"));
	}
	report = render(&profile, "text", &plain);
	assert_fits(report, 80);
	free(report);
	lc_profile_clear(&profile);
}

static void without_a_width_nothing_is_broken_or_shortened(void **state)
{
	const struct lc_style unlimited = {.columns = 0};
	struct lc_profile profile = {0};
	char about[301];
	char *report;

	(void)state;
	memset(about, 'a', sizeof(about) - 1);
	about[sizeof(about) - 1] = '\0';
	add_evidence(add_container(&profile, "web", NULL, NULL, UINT64_C(0x1ffffffffff)), CAP_CHOWN, LC_CLASS_REQUIRED,
		1, "/bin/chown", "fchownat", about);
	report = render(&profile, "text", &unlimited);
	assert_null(strchr(report, '\\'));
	assert_non_null(strstr(report, about));
	free(report);
	lc_profile_clear(&profile);
}

static void a_terminal_too_narrow_for_the_table_still_gets_it(void **state)
{
	const struct lc_style narrow = {.columns = 10};
	struct lc_profile profile = {0};

	(void)state;
	add_evidence(add_container(&profile, "web", NULL, NULL, LC_CAP_BIT(CAP_CHOWN)), CAP_CHOWN, LC_CLASS_REQUIRED, 1,
		"/bin/chown", "fchownat", "/data/x");
	assert_report(&profile, "text", &narrow,
		"web\n"
		"    --cap-drop=ALL \\\n"
		"    --cap-add=CHOWN\n"
		"\n"
		"  CAPABILITY  CLASS     COUNT  WHAT ASKED\n"
		"  CHOWN       required      1  chown\n"
		"                               fchownat\n"
		"                               /data/x\n"
		"\n");
}

static void hostile_strings_cannot_move_the_cursor_or_make_lines(void **state)
{
	static const char evil[] = "\n\033[2J\r\x9b"
				   "1m\xe2\x80\xae#\xff";
	struct lc_profile profile = {0};
	struct lc_target *web;
	char *report;

	(void)state;
	web = add_container(&profile, evil, evil, NULL, LC_CAP_BIT(CAP_CHOWN));
	web->user = strdup(evil);
	web->wanted = LC_CAP_BIT(CAP_KILL);
	for (int class = 0; class < LC_CLASS_N; class ++) {
		struct lc_check *check = add_evidence(web, CAP_KILL, (enum lc_class) class, 1, evil, evil, evil);

		check->verdict = LC_VERDICT_DENIED;
		check->caller = strdup(evil);
		check->result = strdup(evil);
		check->why = strdup(evil);
		check->user = strdup(evil);
		check->object.path = strdup(evil);
		check->object.owner = strdup(evil);
		check->source = LC_SOURCE_FILE;
	}
	lc_target_add_advice(web, CAP_KILL, strdup(evil));
	report = render(&profile, "text", &verbose);
	for (const char *c = report; *c; c++)
		assert_true(*c == '\n' || ((unsigned char)*c >= 0x20 && *c != 0x7f));
	assert_null(strstr(report, "\x9b"));
	assert_null(strstr(report, "\xe2\x80\xae"));
	assert_null(strstr(report, "\xff"));
	/* Each of the three ways out shows up as text. */
	assert_non_null(strstr(report, "\\n\\033[2J\\r\\x9b1m\\xe2\\x80\\xae#\\xff"));
	free(report);
	lc_profile_clear(&profile);
}

static void a_target_without_a_name_still_has_its_answer(void **state)
{
	struct lc_profile profile = {0};

	(void)state;
	add_container(&profile, "", NULL, NULL, LC_CAP_BIT(CAP_CHOWN));
	assert_report(&profile, "text", &plain, "(no name)  --cap-drop=ALL --cap-add=CHOWN\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answer_comes_first_then_what_asked),
		cmocka_unit_test(targets_are_separated_by_a_blank_line),
		cmocka_unit_test(an_empty_list_is_said_in_words),
		cmocka_unit_test(an_empty_list_with_denials_points_to_them),
		cmocka_unit_test(rows_are_merged_by_capability_and_class),
		cmocka_unit_test(rows_stand_in_the_order_of_their_classes),
		cmocka_unit_test(the_judges_reason_follows_its_row),
		cmocka_unit_test(a_program_without_a_path_is_shown_by_its_name),
		cmocka_unit_test(unused_and_wanted_capabilities_are_listed_apart),
		cmocka_unit_test(what_was_left_out_is_summed_up_in_one_line),
		cmocka_unit_test(verbose_lists_every_piece_of_evidence_with_its_call_site),
		cmocka_unit_test(an_incomplete_recording_is_announced_first),
		cmocka_unit_test(an_empty_recording_says_so),
		cmocka_unit_test(a_list_for_an_ordinary_user_says_what_else_it_takes),
		cmocka_unit_test(an_ordinary_user_is_told_what_each_capability_comes_by),
		cmocka_unit_test(what_no_new_privs_makes_void_is_not_got_by_a_file),
		cmocka_unit_test(a_file_that_carries_the_whole_list_is_all_that_an_ordinary_user_needs),
		cmocka_unit_test(advice_stands_below_the_table_a_paragraph_for_each_capability),
		cmocka_unit_test(verbose_shows_whose_file_it_was_and_who_asked),
		cmocka_unit_test(a_list_for_root_says_nothing_of_users),
		cmocka_unit_test(a_privileged_container_is_told_what_it_would_be_without),
		cmocka_unit_test(colour_makes_the_answer_bold_on_each_of_its_lines),
		cmocka_unit_test(a_label_that_fills_the_line_has_its_options_on_the_next),
		cmocka_unit_test(a_long_path_moves_to_its_own_line_and_loses_its_middle),
		cmocka_unit_test(a_target_with_everything_stays_under_80_columns),
		cmocka_unit_test(without_a_width_nothing_is_broken_or_shortened),
		cmocka_unit_test(a_terminal_too_narrow_for_the_table_still_gets_it),
		cmocka_unit_test(hostile_strings_cannot_move_the_cursor_or_make_lines),
		cmocka_unit_test(a_target_without_a_name_still_has_its_answer),
	};

	return cmocka_run_group_tests_name("report_text", tests, NULL, NULL);
}
