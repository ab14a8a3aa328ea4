/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the advice: what is said of each kind of capability, from what evidence. */
#include "evidence.h"

#include <sys/stat.h>

/* A file that a check was about. */
static struct lc_object object_of(const char *path, const char *owner, uint32_t mode)
{
	return (struct lc_object){.path = strdup(path), .owner = owner ? strdup(owner) : NULL, .mode = mode};
}

/* A granted check at an unknown call site of USER ("0:0") in SYSCALL. */
static struct lc_check used_check(int cap, const char *syscall, const char *user)
{
	struct lc_check check = granted_check(cap, UNKNOWN);

	check.syscall = strdup(syscall);
	check.user = user ? strdup(user) : NULL;
	return check;
}

/* Asserts what a container is advised on CAP when CHECK is its only evidence. */
static void assert_advice(struct lc_check check, int cap, const char *expected)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};

	add(&target, check);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_string_equal(advice_on(&target, cap), expected);
}

static void an_override_names_the_file_its_owner_and_mode_and_who_came(void **state)
{
	struct lc_check check = used_check(CAP_DAC_OVERRIDE, "openat", "0:0");

	(void)state;
	check.object = object_of("/var/log/nginx", "www-data:adm", S_IFDIR | 0755);
	assert_advice(check, CAP_DAC_OVERRIDE,
		"/var/log/nginx is www-data:adm 0755, written by uid 0: change its owner or mode in the image (chown, chmod), or run the program as www-data.");
}

static void of_a_file_in_a_volume_no_image_is_told_to_change_it(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};
	struct lc_check owned = used_check(CAP_FOWNER, "fchmodat", "0:0");
	struct lc_check chowned = used_check(CAP_CHOWN, "fchownat", "0:0");

	(void)state;
	assert_int_equal(lc_volumes_add(&target.volumes, "/data"), 0);
	owned.object = object_of("/data/file", "nobody:root", S_IFREG | 0600);
	chowned.object = object_of("/data", "root:root", S_IFDIR | 0755);
	add(&target, owned);
	add(&target, chowned);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_string_equal(advice_on(&target, CAP_FOWNER),
		"/data/file is nobody:root 0600, changed in mode by uid 0: change its owner or mode once in the volume /data (chown, chmod), or run the program as nobody.");
	assert_string_equal(advice_on(&target, CAP_CHOWN),
		"/data is root:root 0755, chowned by uid 0: do it once, when the volume is made, from a container that may.");
}

static void nobody_is_advised_to_run_as_root(void **state)
{
	struct lc_check check = used_check(CAP_DAC_OVERRIDE, "openat", "0:0");

	(void)state;
	check.object = object_of("/etc/shadow", "root:shadow", S_IFREG | 0400);
	assert_advice(check, CAP_DAC_OVERRIDE,
		"/etc/shadow is root:shadow 0400, written by uid 0: change its owner or mode in the image (chown, chmod).");
}

static void an_owner_without_a_name_is_a_number(void **state)
{
	struct lc_check check = used_check(CAP_DAC_OVERRIDE, "openat", "0:0");

	(void)state;
	check.object = object_of("/data", "1000:root", S_IFDIR | 0700);
	assert_advice(check, CAP_DAC_OVERRIDE,
		"/data is 1000:root 0700, written by uid 0: change its owner or mode in the image (chown, chmod), or run the program as uid 1000.");
}

static void what_is_no_container_has_no_image(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_COMMAND};
	struct lc_check check = used_check(CAP_DAC_OVERRIDE, "openat", NULL);

	(void)state;
	check.object = object_of("/srv/x", NULL, S_IFREG | 0400);
	add(&target, check);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_string_equal(advice_on(&target, CAP_DAC_OVERRIDE),
		"/srv/x is 0400, written: change its owner or mode (chown, chmod).");
}

/* Asserts that the advice on a check of CAP in SYSCALL at a file of the given MODE says that it was DONE. */
static void assert_done(int cap, bool chained, const char *syscall, uint32_t mode, const char *done)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_COMMAND};
	struct lc_check check = used_check(cap, syscall, "0:0");
	char expected[128];

	check.chained = chained;
	check.object = object_of("/x", "app:app", mode);
	add(&target, check);
	assert_int_equal(lc_judge_target(&target), 0);
	snprintf(expected, sizeof(expected), "/x is app:app %04o, %s by uid 0: ", mode & 07777, done);
	assert_memory_equal(advice_on(&target, cap), expected, strlen(expected));
}

static void the_syscall_and_the_question_tell_what_was_done(void **state)
{
	(void)state;
	assert_done(CAP_DAC_READ_SEARCH, false, "openat", S_IFREG | 0400, "read");
	assert_done(CAP_DAC_READ_SEARCH, false, "openat", S_IFDIR | 0700, "searched");
	assert_done(CAP_DAC_READ_SEARCH, false, "execve", S_IFDIR | 0700, "searched");
	assert_done(CAP_DAC_OVERRIDE, true, "openat", S_IFREG | 0400, "read");
	assert_done(CAP_DAC_OVERRIDE, false, "mkdirat", S_IFDIR | 0755, "written");
	assert_done(CAP_DAC_OVERRIDE, false, "execve", S_IFREG | 0744, "executed");
	assert_done(CAP_DAC_OVERRIDE, false, "connect", S_IFSOCK | 0600, "connected to");
	assert_done(CAP_DAC_OVERRIDE, false, "sendmsg", S_IFSOCK | 0600, "sent to");
	assert_done(CAP_DAC_OVERRIDE, false, "setxattrat", S_IFREG | 0600, "written");
	assert_done(CAP_FOWNER, false, "fchmodat2", S_IFREG | 0600, "changed in mode");
	assert_done(CAP_FOWNER, false, "setxattrat", S_IFREG | 0600, "changed in attributes");
	assert_done(CAP_FOWNER, false, "fchmodat", S_IFREG | 0600, "changed in mode");
	assert_done(CAP_FOWNER, false, "utimensat", S_IFREG | 0600, "changed in time");
	assert_done(CAP_FOWNER, false, "unlinkat", S_IFDIR | 01777, "an entry removed");
	assert_done(CAP_FOWNER, false, "linkat", S_IFREG | 0600, "linked");
	assert_done(CAP_FOWNER, false, "openat", S_IFREG | 0600, "used");
}

static void the_three_commonest_files_are_named_each_once_and_the_others_counted(void **state)
{
	static const char *const paths[] = {"/e", "/d", "/a", "/c", "/b", "/a"};
	static const uint64_t counts[] = {1, 5, 2, 1, 4, 2};

	(void)state;
	for (int first = 0; first < 6; first++) {
		_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};

		for (int i = first; i < first + 6; i++) {
			struct lc_check *check = add(&target, used_check(CAP_DAC_OVERRIDE, "openat", "0:0"));

			check->count = counts[i % 6];
			check->object = object_of(paths[i % 6], i % 6 ? "app:app" : "www:www", S_IFREG | 0600);
		}
		assert_int_equal(lc_judge_target(&target), 0);
		assert_string_equal(advice_on(&target, CAP_DAC_OVERRIDE),
			"/d is app:app 0600, written by uid 0; /a is app:app 0600, written by uid 0; /b is app:app 0600, written by uid 0; and 2 more: change their owners or modes in the image (chown, chmod).");
	}
}

static void the_files_of_a_check_whose_capability_is_not_the_one_listed_are_named_all_the_same(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};
	struct lc_check check = narrow_check(row_of(CAP_DAC_READ_SEARCH, CAP_DAC_OVERRIDE), LC_VERDICT_GRANTED);

	(void)state;
	check.object = object_of("/root", "root:root", S_IFDIR | 0700);
	check.user = strdup("33:33");
	add(&target, check);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.cap_add, LC_CAP_BIT(CAP_DAC_OVERRIDE));
	assert_non_null(strstr(advice_on(&target, CAP_DAC_OVERRIDE),
		"/root is root:root 0700, searched by uid 33: change its owner or mode in the image (chown, chmod)."));
}

static void a_file_that_was_refused_is_said_to_be_wanted(void **state)
{
	struct lc_check check = denied_check(CAP_DAC_OVERRIDE, UNKNOWN, "EACCES");

	(void)state;
	check.object = object_of("/srv/x", "root:root", S_IFREG | 0644);
	assert_advice(check, CAP_DAC_OVERRIDE,
		"/srv/x is root:root 0644, to be written: change its owner or mode in the image (chown, chmod).");
}

static void a_chown_is_done_when_the_image_is_built(void **state)
{
	struct lc_check check = used_check(CAP_CHOWN, "fchownat", "0:0");

	(void)state;
	check.object = object_of("/var/lib/nginx/body", "root:root", S_IFDIR | 0755);
	assert_advice(check, CAP_CHOWN,
		"/var/lib/nginx/body is root:root 0755, chowned by uid 0: do it when the image is built (COPY --chown=…, RUN chown).");
}

static void of_a_chown_without_a_known_owner_the_path_is_named(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_COMMAND};

	(void)state;
	add(&target, used_check(CAP_CHOWN, "chown", "0:0"))->about = strdup("/a");
	add(&target, used_check(CAP_CHOWN, "chown", "0:0"))->about = strdup("/b");
	add(&target, used_check(CAP_CHOWN, "chown", "0:0"));
	assert_int_equal(lc_judge_target(&target), 0);
	assert_string_equal(advice_on(&target, CAP_CHOWN),
		"/a is chowned by uid 0; /b is chowned by uid 0: do it once, when the program is installed.");
}

static void a_privileged_port_is_named_with_the_sysctl_that_opens_it(void **state)
{
	struct lc_check check = used_check(CAP_NET_BIND_SERVICE, "bind", "0:0");

	(void)state;
	check.about = strdup("0.0.0.0:80");
	assert_advice(check, CAP_NET_BIND_SERVICE,
		"It binds port 80: give --sysctl net.ipv4.ip_unprivileged_port_start=80 instead (Docker sets it to 0 by itself since 20.10; not with the host's network), or let it listen on a port from 1024 up (-p 80:8080).");
}

static void of_several_ports_the_lowest_is_where_the_sysctl_starts(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_COMMAND};

	(void)state;
	add(&target, used_check(CAP_NET_BIND_SERVICE, "bind", "0:0"))->about = strdup("[::]:443");
	add(&target, used_check(CAP_NET_BIND_SERVICE, "bind", "0:0"))->about = strdup("0.0.0.0:80");
	add(&target, used_check(CAP_NET_BIND_SERVICE, "bind", "0:0"))->about = strdup("[::]:80");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_string_equal(advice_on(&target, CAP_NET_BIND_SERVICE),
		"It binds ports 80, 443: set the sysctl net.ipv4.ip_unprivileged_port_start to 80 instead, or let it listen on a port from 1024 up.");
}

static void what_is_no_privileged_port_is_not_taken_for_one(void **state)
{
	static const char *const abouts[] = {"/run/x:80x", "0.0.0.0:", "0.0.0.0:8080", "@x:-1", "x:08", "no port"};

	(void)state;
	for (size_t i = 0; i < sizeof(abouts) / sizeof(abouts[0]); i++) {
		struct lc_check check = used_check(CAP_NET_BIND_SERVICE, "bind", "0:0");

		check.about = strdup(abouts[i]);
		assert_advice(check, CAP_NET_BIND_SERVICE, "");
	}
}

static void a_file_that_carries_a_capability_is_named(void **state)
{
	struct lc_check check = named_check(LC_SOURCE_FILE, CAP_NET_RAW, LC_VERDICT_GRANTED);

	(void)state;
	check.about = strdup("/usr/bin/ping carries NET_RAW=ep");
	assert_advice(check, CAP_NET_RAW,
		"/usr/bin/ping carries NET_RAW=ep: execve fails with EPERM when NET_RAW is not in the bounding set.");
}

/* Whoever asks: the file gives it. */
static void a_refused_exec_is_told_as_what_it_is(void **state)
{
	struct lc_check check = named_check(LC_SOURCE_FILE, CAP_NET_RAW, LC_VERDICT_DENIED);

	(void)state;
	check.about = strdup("/usr/bin/ping carries NET_RAW=ep");
	check.user = strdup("1000:1000");
	assert_advice(check, CAP_NET_RAW,
		"/usr/bin/ping carries NET_RAW=ep: execve fails with EPERM when NET_RAW is not in the bounding set.");
}

static void sys_admin_without_a_narrower_one_is_as_good_as_root(void **state)
{
	(void)state;
	assert_advice(used_check(CAP_SYS_ADMIN, "mount", "0:0"), CAP_SYS_ADMIN,
		"It is as good as root on the host, and nothing narrower is known that would do for mount.");
}

static void a_dangerous_capability_is_called_so(void **state)
{
	(void)state;
	assert_advice(used_check(CAP_SYS_MODULE, "init_module", "0:0"), CAP_SYS_MODULE,
		"It loads code into the host's kernel: as good as root on the host.");
	assert_advice(used_check(CAP_SYS_PTRACE, "ptrace", "0:0"), CAP_SYS_PTRACE,
		"It reads and changes every process that it sees, with the host's pid namespace the host's.");
}

static void an_ordinary_capability_needs_no_word(void **state)
{
	(void)state;
	assert_advice(used_check(CAP_SETUID, "setuid", "0:0"), CAP_SETUID, "");
}

static void what_may_be_survivable_is_to_be_tried_without(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.configured_add = LC_CAP_BIT(CAP_SETPCAP)};
	struct lc_check check = named_check(LC_SOURCE_CAPSET, CAP_SETPCAP, LC_VERDICT_GRANTED);

	(void)state;
	check.ordinary = true;
	check.exe = strdup("/usr/sbin/named");
	add(&target, check);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_string_equal(advice_on(&target, CAP_SETPCAP),
		"It was asked for and granted, but named may do without: try a run without it.");
}

static void cap_add_alone_would_not_help_who_is_not_root(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.user = strdup("33:33")};

	(void)state;
	add(&target, denied_check(CAP_KILL, UNKNOWN, "EPERM"))->user = strdup("33:33");
	assert_int_equal(lc_judge_target(&target), 0);
	assert_string_equal(advice_on(&target, CAP_KILL),
		"It is uid 33 that asks for it, not root: --cap-add alone would not help, without a file capability (setcap) or an ambient one.");
}

static void cap_add_helps_root_and_whom_nobody_knows(void **state)
{
	struct lc_check root = denied_check(CAP_KILL, UNKNOWN, "EPERM");

	(void)state;
	root.user = strdup("0:0");
	assert_advice(root, CAP_KILL, "");
	assert_advice(denied_check(CAP_KILL, UNKNOWN, "EPERM"), CAP_KILL, "");
}

/* uid 33 of EXE is denied KILL in a container of USER, in which OTHER was granted something as CALLER. Whether advice warns. */
static bool is_warned(const char *user, const char *exe, const char *other, const char *caller)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.user = strdup(user)};
	struct lc_check *check = add(&target, denied_check(CAP_KILL, UNKNOWN, "EPERM"));

	check->user = strdup("33:33");
	check->exe = strdup(exe);
	add(&target, used_check(CAP_SETUID, "setuid", caller))->exe = strdup(other);
	assert_int_equal(lc_judge_target(&target), 0);
	assert_int_equal(target.wanted, LC_CAP_BIT(CAP_KILL));
	return strstr(advice_on(&target, CAP_KILL), "--cap-add alone would not help") != NULL;
}

/* A process may keep capabilities when it changes its user. */
static void cap_add_may_help_a_program_that_was_granted_something_else_as_the_same_user(void **state)
{
	(void)state;
	assert_false(is_warned("33:33", "/bin/a", "/bin/a", "33:5"));
	assert_true(is_warned("33:33", "/bin/a", "/bin/b", "33:5"));
	assert_true(is_warned("33:33", "/bin/a", "/bin/a", "333:33"));
}

static void cap_add_may_help_where_root_has_another_number_on_the_host(void **state)
{
	(void)state;
	assert_false(is_warned("0:0", "/bin/a", "/bin/b", "34:34"));
	assert_true(is_warned("0:0", "/bin/a", "/bin/b", "0:0"));
}

static void advice_concerns_only_what_is_listed_or_wanted(void **state)
{
	struct lc_check check = used_check(CAP_DAC_OVERRIDE, "openat", "0:0");

	(void)state;
	check.phase = LC_PHASE_SETUP;
	check.object = object_of("/x", "app:app", S_IFREG | 0600);
	assert_advice(check, CAP_DAC_OVERRIDE, "");
}

/* Adds to TARGET a check for CAP in SYSCALL about ABOUT, which nothing but the start made. */
static struct lc_check *add_start(struct lc_target *target, int cap, const char *syscall, const char *about)
{
	struct lc_check *check = add(target, used_check(cap, syscall, "0:0"));

	check->about = about ? strdup(about) : NULL;
	check->at_start = true;
	return check;
}

/* Asserts that TARGET, judged anew, is advised on CAP with WORDS (NULL: not with anything about its start). */
static void assert_start_advice(struct lc_target *target, int cap, const char *words)
{
	assert_int_equal(lc_judge_target(target), 0);
	if (!strstr(advice_on(target, cap), words ? words : "Nothing but its start") == !!words)
		fail_msg("%s", advice_on(target, cap));
}

static void what_prepares_files_is_for_the_image_or_an_init_container(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};

	(void)state;
	add_start(&target, CAP_FOWNER, "chmod", "/data");
	assert_start_advice(&target, CAP_FOWNER,
		"Nothing but its start was seen to need it: what it does then can be done when the image is built, or in an init container.");
	target.kind = LC_TARGET_COMMAND;
	assert_start_advice(&target, CAP_FOWNER,
		"Nothing but its start was seen to need it: what it does then can be done once, before it is started.");
	target.evidence[0].while_serving = true;
	assert_start_advice(&target, CAP_FOWNER, NULL);
}

static void who_drops_from_root_is_to_start_as_whom_it_becomes(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};

	(void)state;
	add_start(&target, CAP_SETGID, "setgroups", NULL);
	add_start(&target, CAP_SETGID, "setgid", "gid 34");
	add_start(&target, CAP_SETUID, "setresuid", "uid -1,33,33");
	assert_start_advice(
		&target, CAP_SETUID, "it changes users, so that it can be started as the right one, user: \"33:34\".");
	assert_start_advice(&target, CAP_SETGID, "user: \"33:34\".");
	add_start(&target, CAP_NET_BIND_SERVICE, "bind", "0.0.0.0:80");
	assert_start_advice(&target, CAP_SETUID,
		"user: \"33:34\". Ports below 1024 then need the sysctl net.ipv4.ip_unprivileged_port_start, which Docker sets since 20.10, but for containers in the host's network.");
	add_start(&target, CAP_CHOWN, "chown", "/data");
	assert_start_advice(&target, CAP_SETUID, "The files that it works with have to be that user's already. Ports");
	assert_null(strstr(advice_on(&target, CAP_SETGID), "Ports"));
	target.evidence[2].while_serving = true;
	assert_start_advice(&target, CAP_SETGID, "The files that it works with have to be that user's already. Ports");
}

static void a_low_port_that_took_no_capability_is_a_condition_too(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_COMMAND};

	(void)state;
	add_start(&target, CAP_SETUID, "setuid", "uid 33");
	assert_int_equal(lc_coverage_add_port(&target.coverage, 8080, 1), 0);
	assert_start_advice(&target, CAP_SETUID, "user: \"33\".");
	assert_null(strstr(advice_on(&target, CAP_SETUID), "Ports below 1024"));
	lc_coverage_add_bound(&target.coverage, 69);
	assert_start_advice(
		&target, CAP_SETUID, "Ports below 1024 then need the sysctl net.ipv4.ip_unprivileged_port_start.");
}

static void who_becomes_several_users_is_not_told_which(void **state)
{
	_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};

	(void)state;
	add_start(&target, CAP_SETUID, "setuid", "uid 33");
	add_start(&target, CAP_SETUID, "setreuid", "uid 34,34");
	assert_start_advice(&target, CAP_SETUID, "so that it can be started as the right one.");
	target.evidence[1].while_serving = true;
	assert_start_advice(&target, CAP_SETUID, NULL);
}

static void an_id_that_is_none_is_not_told(void **state)
{
	static const char *const abouts[] = {"uid", "uid ", "uid x", "uid 3x", "uid 3,", "uid 3,4", "uid -1", "uid 0"};

	(void)state;
	for (size_t i = 0; i < sizeof(abouts) / sizeof(abouts[0]); i++) {
		_cleanup_(lc_target_clear) struct lc_target target = {.kind = LC_TARGET_CONTAINER};

		add_start(&target, CAP_SETUID, "setuid", abouts[i]);
		assert_start_advice(&target, CAP_SETUID, "so that it can be started as the right one.");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_override_names_the_file_its_owner_and_mode_and_who_came),
		cmocka_unit_test(of_a_file_in_a_volume_no_image_is_told_to_change_it),
		cmocka_unit_test(nobody_is_advised_to_run_as_root),
		cmocka_unit_test(an_owner_without_a_name_is_a_number),
		cmocka_unit_test(what_is_no_container_has_no_image),
		cmocka_unit_test(the_syscall_and_the_question_tell_what_was_done),
		cmocka_unit_test(the_three_commonest_files_are_named_each_once_and_the_others_counted),
		cmocka_unit_test(the_files_of_a_check_whose_capability_is_not_the_one_listed_are_named_all_the_same),
		cmocka_unit_test(a_file_that_was_refused_is_said_to_be_wanted),
		cmocka_unit_test(a_chown_is_done_when_the_image_is_built),
		cmocka_unit_test(of_a_chown_without_a_known_owner_the_path_is_named),
		cmocka_unit_test(a_privileged_port_is_named_with_the_sysctl_that_opens_it),
		cmocka_unit_test(of_several_ports_the_lowest_is_where_the_sysctl_starts),
		cmocka_unit_test(what_is_no_privileged_port_is_not_taken_for_one),
		cmocka_unit_test(a_file_that_carries_a_capability_is_named),
		cmocka_unit_test(a_refused_exec_is_told_as_what_it_is),
		cmocka_unit_test(sys_admin_without_a_narrower_one_is_as_good_as_root),
		cmocka_unit_test(a_dangerous_capability_is_called_so),
		cmocka_unit_test(an_ordinary_capability_needs_no_word),
		cmocka_unit_test(what_may_be_survivable_is_to_be_tried_without),
		cmocka_unit_test(cap_add_alone_would_not_help_who_is_not_root),
		cmocka_unit_test(cap_add_helps_root_and_whom_nobody_knows),
		cmocka_unit_test(cap_add_may_help_a_program_that_was_granted_something_else_as_the_same_user),
		cmocka_unit_test(cap_add_may_help_where_root_has_another_number_on_the_host),
		cmocka_unit_test(advice_concerns_only_what_is_listed_or_wanted),
		cmocka_unit_test(what_prepares_files_is_for_the_image_or_an_init_container),
		cmocka_unit_test(who_drops_from_root_is_to_start_as_whom_it_becomes),
		cmocka_unit_test(a_low_port_that_took_no_capability_is_a_condition_too),
		cmocka_unit_test(who_becomes_several_users_is_not_told_which),
		cmocka_unit_test(an_id_that_is_none_is_not_told),
	};

	return cmocka_run_group_tests_name("judge advice", tests, NULL, NULL);
}
