/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests lc_audit_scan on a directory that stands for a cgroup hierarchy, with this program's children in it. */
#include <leastcap/audit.h>
#include <leastcap/capset.h>

#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define N_CHILDREN 8

struct fixture {
	struct lc_hierarchy hierarchy;
	struct lc_profile profile;
	pid_t children[N_CHILDREN];
	size_t n_children;
};

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	if (!f)
		return -1;
	f->hierarchy = (struct lc_hierarchy){.mode = "v2", .root = "/", .mount = "/tmp/test-audit-XXXXXX"};
	*state = f;
	return mkdtemp(f->hierarchy.mount) ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < f->n_children; i++) {
		kill(f->children[i], SIGKILL);
		waitpid(f->children[i], NULL, 0);
	}
	lc_profile_clear(&f->profile);
	nftw(f->hierarchy.mount, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(f);
	return 0;
}

/* Puts LINE into the cgroup at PATH, which is made with those above it. */
static void put_line(struct fixture *f, const char *path, long line)
{
	char name[PATH_MAX + 512];
	FILE *stream;

	snprintf(name, sizeof(name), "%s%s/cgroup.procs", f->hierarchy.mount, path);
	for (char *slash = strchr(name + strlen(f->hierarchy.mount) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(name, 0700))
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
	stream = fopen(name, "a");
	assert_non_null(stream);
	if (line >= 0)
		assert_true(fprintf(stream, "%ld\n", line) > 0);
	assert_int_equal(fclose(stream), 0);
}

/* A child that does what PREPARE says, and then waits to be killed. */
static pid_t start_prepared(struct fixture *f, void (*prepare)(void))
{
	int channel[2];
	pid_t pid;
	char done;

	assert_int_equal(pipe(channel), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prepare();
		if (write(channel[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	f->children[f->n_children++] = pid;
	assert_int_equal(read(channel[0], &done, 1), 1);
	close(channel[0]);
	close(channel[1]);
	return pid;
}

static void prepare_nothing(void)
{
}

static pid_t start_child(struct fixture *f)
{
	return start_prepared(f, prepare_nothing);
}

static void drop_everything(void)
{
	for (int cap = 0; cap < 64; cap++)
		prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
	if (setgid(1000) || setuid(1000))
		_exit(1);
}

static void enter_a_user_namespace(void)
{
	if (unshare(CLONE_NEWUSER))
		_exit(1);
}

/* The child's own child, the init of a new pid namespace, as the host numbers it; it ends with the child. */
static pid_t start_init(struct fixture *f)
{
	int channel[2];
	pid_t pid, init;

	assert_int_equal(pipe(channel), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		init = unshare(CLONE_NEWPID) ? -1 : fork();
		if (init == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
		if (write(channel[1], &init, sizeof(init)) != sizeof(init))
			_exit(1);
		for (;;)
			pause();
	}
	f->children[f->n_children++] = pid;
	assert_int_equal(read(channel[0], &init, sizeof(init)), sizeof(init));
	close(channel[0]);
	close(channel[1]);
	assert_true(init > 0);
	/* Not our child, but ours to end: it may not have got as far as to ask for its end with its parent's. */
	f->children[f->n_children++] = init;
	return init;
}

static void scan(struct fixture *f, bool services)
{
	struct lc_audit_scope scope = {.hierarchy = &f->hierarchy, .settle_ms = 3000, .services = services};
	struct lc_unwalked unwalked;

	assert_int_equal(lc_identity_new(&scope.identity, "/nonexistent/docker.sock", NULL), 0);
	assert_int_equal(lc_audit_scan(&f->profile, &scope, &unwalked), 0);
	lc_identity_free(scope.identity);
}

/* The one target that there is. */
static const struct lc_target *only(const struct fixture *f)
{
	assert_int_equal(f->profile.n_targets, 1);
	return &f->profile.targets[0];
}

static void a_container_is_listed_with_its_first_process(void **state)
{
	struct fixture *f = *state;
	pid_t pid = start_child(f);

	put_line(f, "/docker/" ID, pid);
	scan(f, false);
	assert_int_equal(only(f)->kind, LC_TARGET_CONTAINER);
	assert_string_equal(only(f)->engine, "docker");
	assert_string_equal(only(f)->id, ID);
	assert_string_equal(only(f)->cgroup, "/docker/" ID);
	assert_int_equal(only(f)->init.pid, pid);
	assert_true(only(f)->init.sets.bounding == only(f)->granted);
}

/* By an ordinary user, who may see that it is there. */
static void a_container_whose_processes_are_hidden_from_us_is_listed_with_why(void **state)
{
	struct fixture *f = *state;
	char path[PATH_MAX + 512];

	if (geteuid() != 0)
		skip();
	put_line(f, "/docker/" ID, start_child(f));
	assert_int_equal(chmod(f->hierarchy.mount, 0755), 0);
	snprintf(path, sizeof(path), "%s/docker", f->hierarchy.mount);
	assert_int_equal(chmod(path, 0755), 0);
	snprintf(path, sizeof(path), "%s/docker/" ID, f->hierarchy.mount);
	assert_int_equal(chmod(path, 0755), 0);
	strcat(path, "/cgroup.procs");
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(seteuid(47112), 0);
	scan(f, false);
	assert_int_equal(seteuid(0), 0);
	assert_string_equal(only(f)->id, ID);
	assert_string_equal(only(f)->init.unread, "Permission denied");
}

static void each_engines_cgroups_are_listed(void **state)
{
	static const struct {
		const char *path, *engine, *id;
	} cgroups[] = {
		{"/system.slice/docker-" ID ".scope", "docker", ID},
		{"/machine.slice/libpod-" ID ".scope/container", "podman", ID},
		{"/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope", "podman", ID},
		{"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-" ID ".scope",
			"containerd", ID},
		{"/kubepods.slice/kubepods-besteffort.slice/crio-" ID ".scope", "cri-o", ID},
		{"/lxc.payload.web/init.scope", "lxc", "web"},
	};
	struct fixture *f = *state;
	pid_t pid = start_child(f);

	for (size_t i = 0; i < sizeof(cgroups) / sizeof(cgroups[0]); i++) {
		put_line(f, cgroups[i].path, pid);
		scan(f, false);
		assert_string_equal(only(f)->engine, cgroups[i].engine);
		assert_string_equal(only(f)->id, cgroups[i].id);
		lc_profile_clear(&f->profile);
		nftw(f->hierarchy.mount, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
		assert_int_equal(mkdir(f->hierarchy.mount, 0700), 0);
	}
}

static void a_machine_that_machined_does_not_know_is_listed_by_its_path(void **state)
{
	struct fixture *f = *state;

	put_line(f, "/machine.slice/machine-leastcap\\x2dnone.scope/payload", start_child(f));
	scan(f, false);
	assert_int_equal(only(f)->kind, LC_TARGET_CGROUP);
	assert_string_equal(only(f)->name, "/machine.slice/machine-leastcap\\x2dnone.scope");
	assert_non_null(strstr(only(f)->claim, "no engine's record confirms it"));
	assert_null(only(f)->id);
}

/* Gives the cgroup at PATH to an ordinary user. */
static void delegate(struct fixture *f, const char *path)
{
	char name[PATH_MAX + 512];

	snprintf(name, sizeof(name), "%s%s", f->hierarchy.mount, path);
	assert_int_equal(chown(name, 4711, 4711), 0);
}

static void what_an_ordinary_user_calls_a_cgroup_is_no_containers_name(void **state)
{
	static const char *const names[] = {ID, "docker-" ID ".scope", "lxc.payload.web", "machine-web.scope"};
	struct fixture *f = *state;
	char path[256];
	pid_t pid;

	if (geteuid() != 0)
		skip();
	pid = start_child(f);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "/user.slice/%s", names[i]);
		put_line(f, path, pid);
		delegate(f, "/user.slice");
		scan(f, false);
		assert_int_equal(only(f)->kind, LC_TARGET_CGROUP);
		assert_string_equal(only(f)->name, path);
		assert_null(only(f)->id);
		assert_non_null(strstr(only(f)->claim, "user 4711"));
		lc_profile_clear(&f->profile);
		nftw(f->hierarchy.mount, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
		assert_int_equal(mkdir(f->hierarchy.mount, 0700), 0);
	}
}

static void a_users_own_service_is_marked_with_the_user(void **state)
{
	struct fixture *f = *state;

	if (geteuid() != 0)
		skip();
	put_line(f, "/user.slice/user@4711.service/nginx.service", start_child(f));
	delegate(f, "/user.slice/user@4711.service");
	scan(f, true);
	assert_string_equal(only(f)->name, "4711/nginx.service");
	assert_string_equal(only(f)->owner, "4711");
}

static void a_container_in_a_container_is_called_after_the_outer_one(void **state)
{
	struct fixture *f = *state;
	const char *name;

	put_line(f, "/lxc.payload.outer", start_child(f));
	put_line(f, "/lxc.payload.outer/docker/" ID, start_child(f));
	scan(f, false);
	assert_int_equal(f->profile.n_targets, 2);
	name = f->profile.targets[strcmp(f->profile.targets[0].name, "outer") == 0].name;
	assert_string_equal(name, "outer/0123456789ab");
}

static void of_two_cgroups_that_claim_the_same_without_proof_neither_is_believed(void **state)
{
	struct fixture *f = *state;

	put_line(f, "/docker/" ID, start_child(f));
	put_line(f, "/other/" ID, start_child(f));
	scan(f, false);
	assert_int_equal(f->profile.n_targets, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(f->profile.targets[i].kind, LC_TARGET_CGROUP);
		assert_string_equal(
			f->profile.targets[i].claim, "claims to be container 0123456789ab, whose cgroup is another");
	}
}

static void the_oldest_process_is_the_first(void **state)
{
	struct fixture *f = *state;
	pid_t older = start_child(f), younger;

	usleep(20000);
	younger = start_child(f);
	put_line(f, "/docker/" ID, younger);
	put_line(f, "/docker/" ID "/below", older);
	scan(f, false);
	assert_int_equal(only(f)->init.pid, older);
}

static void the_init_of_a_pid_namespace_comes_before_an_older_process_of_the_hosts(void **state)
{
	struct fixture *f = *state;
	pid_t supervisor, init;

	if (geteuid() != 0)
		skip();
	supervisor = start_child(f);
	usleep(20000);
	init = start_init(f);
	put_line(f, "/machine.slice/machine-web.scope/supervisor", supervisor);
	put_line(f, "/machine.slice/machine-web.scope/payload", init);
	scan(f, false);
	assert_int_equal(only(f)->init.pid, init);
}

static void what_another_process_than_the_first_holds_counts_and_is_named(void **state)
{
	struct fixture *f = *state;
	pid_t first, other;
	char expected[64];

	if (geteuid() != 0)
		skip();
	first = start_prepared(f, drop_everything);
	usleep(20000);
	other = start_child(f);
	put_line(f, "/docker/" ID, first);
	put_line(f, "/docker/" ID, other);
	scan(f, false);
	assert_int_equal(only(f)->init.pid, first);
	assert_true(only(f)->init.sets.bounding == 0);
	assert_int_equal(only(f)->members.n, 2);
	assert_true(only(f)->members.held & LC_CAP_BIT(0));
	snprintf(expected, sizeof(expected), "Process %d (test_audit_scan) holds ", (int)other);
	assert_non_null(strstr(only(f)->members.differs, expected));
}

/* Leaves the namespaces that containers leave, and mounts what a careless one has from the host. */
static void mount_what_is_the_hosts(void)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWIPC) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		mount("none", "/mnt", "tmpfs", 0, NULL) || mkdir("/mnt/etc", 0755) || mkdir("/mnt/root", 0755) ||
		mkdir("/mnt/srv", 0755) || mount("/etc", "/mnt/etc", NULL, MS_BIND, NULL) ||
		mount("/root", "/mnt/root", NULL, MS_BIND, NULL) ||
		mount(NULL, "/mnt/root", NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL) ||
		mount("/mnt", "/mnt/srv", NULL, MS_BIND, NULL) || chroot("/mnt") || chdir("/"))
		_exit(1);
}

/* The first of TARGET's hazards that is about ABOUT, or NULL. */
static const struct lc_hazard *about(const struct lc_target *target, const char *about)
{
	for (size_t i = 0; i < target->n_hazards; i++) {
		if (target->hazards[i].about && strcmp(target->hazards[i].about, about) == 0)
			return &target->hazards[i];
	}
	return NULL;
}

static void what_is_the_hosts_is_found_in_the_kernels_own_words(void **state)
{
	struct fixture *f = *state;
	const struct lc_hazard *etc, *root;

	if (geteuid() != 0)
		skip();
	put_line(f, "/docker/" ID, start_prepared(f, mount_what_is_the_hosts));
	scan(f, false);
	etc = about(only(f), "/etc");
	root = about(only(f), "/root");
	assert_non_null(etc);
	assert_string_equal(etc->where, "/etc");
	assert_false(etc->read_only || etc->barred);
	assert_non_null(root);
	assert_true(root->read_only);
	assert_non_null(lc_target_hazard(only(f), LC_HAZARD_PID));
	assert_non_null(lc_target_hazard(only(f), LC_HAZARD_NETWORK));
	assert_null(lc_target_hazard(only(f), LC_HAZARD_IPC));
	assert_null(lc_target_hazard(only(f), LC_HAZARD_MOUNTS));
	assert_null(about(only(f), "/mnt"));
}

static void who_has_the_hosts_own_mounts_is_told_so(void **state)
{
	struct fixture *f = *state;

	if (geteuid() != 0)
		skip();
	put_line(f, "/docker/" ID, start_child(f));
	scan(f, false);
	assert_non_null(lc_target_hazard(only(f), LC_HAZARD_MOUNTS));
	assert_null(lc_target_hazard(only(f), LC_HAZARD_FILES));
}

static void a_service_is_a_part_of_the_host(void **state)
{
	struct fixture *f = *state;

	put_line(f, "/system.slice/nginx.service", start_child(f));
	scan(f, true);
	assert_int_equal(only(f)->n_hazards, 0);
}

/* The hierarchy of a test is nobody's, so that this is no container of an engine's. */
static void what_is_no_container_and_sees_the_hosts_files_is_a_part_of_the_host(void **state)
{
	struct fixture *f = *state;

	put_line(f, "/machine.slice/machine-leastcap\\x2dnone.scope/payload", start_child(f));
	scan(f, false);
	assert_int_equal(only(f)->kind, LC_TARGET_CGROUP);
	assert_int_equal(only(f)->n_hazards, 0);
}

static void what_ends_while_it_is_read_has_ended(void **state)
{
	struct fixture *f = *state;
	pid_t pid = start_child(f);

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	f->n_children--;
	put_line(f, "/docker/" ID, pid);
	scan(f, false);
	assert_true(only(f)->init.ended);
	assert_string_equal(only(f)->init.unread, "it has ended just now");
}

static void the_outermost_user_namespace_counts(void **state)
{
	struct fixture *f = *state;
	pid_t first, other;

	if (geteuid() != 0)
		skip();
	first = start_prepared(f, enter_a_user_namespace);
	usleep(20000);
	other = start_prepared(f, drop_everything);
	put_line(f, "/docker/" ID, first);
	put_line(f, "/docker/" ID, other);
	scan(f, false);
	assert_int_equal(only(f)->init.pid, first);
	assert_true(only(f)->init.own_userns);
	assert_false(only(f)->members.own_userns);
	/* What the first process may do in its own is not counted. */
	assert_true(only(f)->members.held == 0);
	assert_non_null(strstr(only(f)->members.differs, "is in a user namespace of its own, and others are not."));
}

static void services_are_listed_only_when_asked_for(void **state)
{
	struct fixture *f = *state;
	pid_t pid = start_child(f);

	put_line(f, "/system.slice/nginx.service", pid);
	scan(f, false);
	assert_int_equal(f->profile.n_targets, 0);
	scan(f, true);
	assert_int_equal(only(f)->kind, LC_TARGET_SERVICE);
	assert_string_equal(only(f)->name, "nginx.service");
	assert_int_equal(only(f)->init.pid, pid);
}

static void a_cgroup_without_processes_is_not_listed(void **state)
{
	struct fixture *f = *state;

	put_line(f, "/docker/" ID, -1);
	put_line(f, "/system.slice/old.service", -1);
	scan(f, true);
	assert_int_equal(f->profile.n_targets, 0);
}

static void a_plain_cgroup_is_not_listed(void **state)
{
	struct fixture *f = *state;

	put_line(f, "/user.slice", start_child(f));
	scan(f, true);
	assert_int_equal(f->profile.n_targets, 0);
}

static void a_container_whose_process_has_ended_is_listed_with_the_reason(void **state)
{
	struct fixture *f = *state;
	pid_t pid = start_child(f);

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	f->n_children = 0;
	put_line(f, "/docker/" ID, pid);
	scan(f, false);
	assert_int_equal(only(f)->init.pid, 0);
	assert_string_equal(only(f)->init.unread, "it has ended just now");
}

static void a_container_in_a_pid_namespace_out_of_sight_is_listed_with_the_reason(void **state)
{
	struct fixture *f = *state;

	put_line(f, "/docker/" ID, 0);
	scan(f, false);
	assert_string_equal(only(f)->init.unread, "it is in another pid namespace than leastcap");
}

static void a_cgroup_that_a_recording_met_is_read(void **state)
{
	struct fixture *f = *state;
	struct lc_target target = {.kind = LC_TARGET_CONTAINER, .cgroup = strdup("/default/web")};
	pid_t pid = start_child(f);

	put_line(f, "/default/web", pid);
	assert_int_equal(lc_audit_read(&target, &f->hierarchy), 0);
	assert_int_equal(target.init.pid, pid);
	lc_target_clear(&target);
}

static void a_cgroup_that_a_recording_met_and_that_is_gone_is_said_to_have_ended(void **state)
{
	struct fixture *f = *state;
	struct lc_target target = {.kind = LC_TARGET_CONTAINER, .cgroup = strdup("/default/web")};

	assert_int_equal(lc_audit_read(&target, &f->hierarchy), 0);
	assert_int_equal(target.init.pid, 0);
	assert_string_equal(target.init.unread, "it has ended meanwhile");
	lc_target_clear(&target);
}

static void what_was_recorded_moves_over(void **state)
{
	struct lc_target target = {0}, recorded = {.cap_add = 1, .unused = 2, .wanted = 4, .verify = 1};
	struct lc_check check = {.cap = 3, .comm = strdup("chown")};

	(void)state;
	assert_int_equal(lc_target_add_evidence(&recorded, &check), 0);
	assert_int_equal(lc_target_add_advice(&recorded, 3, strdup("do without")), 0);
	lc_audit_take_recording(&target, &recorded);
	assert_int_equal(target.n_evidence, 1);
	assert_int_equal(target.n_advice, 1);
	assert_true(target.cap_add == 1 && target.unused == 2 && target.wanted == 4 && target.verify == 1);
	assert_int_equal(recorded.n_evidence, 0);
	lc_target_clear(&recorded);
	lc_target_clear(&target);
}

static void the_host_may_hold_what_its_first_process_may(void **state)
{
	(void)state;
	assert_true(lc_audit_host() & LC_CAP_BIT(0));
	assert_false(lc_audit_host() & ~lc_cap_all());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_container_is_listed_with_its_first_process),
		TEST(a_container_whose_processes_are_hidden_from_us_is_listed_with_why),
		TEST(each_engines_cgroups_are_listed),
		TEST(a_machine_that_machined_does_not_know_is_listed_by_its_path),
		TEST(what_an_ordinary_user_calls_a_cgroup_is_no_containers_name),
		TEST(a_users_own_service_is_marked_with_the_user),
		TEST(a_container_in_a_container_is_called_after_the_outer_one),
		TEST(of_two_cgroups_that_claim_the_same_without_proof_neither_is_believed),
		TEST(the_oldest_process_is_the_first),
		TEST(the_init_of_a_pid_namespace_comes_before_an_older_process_of_the_hosts),
		TEST(what_another_process_than_the_first_holds_counts_and_is_named),
		TEST(what_is_the_hosts_is_found_in_the_kernels_own_words),
		TEST(who_has_the_hosts_own_mounts_is_told_so),
		TEST(a_service_is_a_part_of_the_host),
		TEST(what_is_no_container_and_sees_the_hosts_files_is_a_part_of_the_host),
		TEST(what_ends_while_it_is_read_has_ended),
		TEST(the_outermost_user_namespace_counts),
		TEST(services_are_listed_only_when_asked_for),
		TEST(a_cgroup_without_processes_is_not_listed),
		TEST(a_plain_cgroup_is_not_listed),
		TEST(a_container_whose_process_has_ended_is_listed_with_the_reason),
		TEST(a_container_in_a_pid_namespace_out_of_sight_is_listed_with_the_reason),
		TEST(a_cgroup_that_a_recording_met_is_read),
		TEST(a_cgroup_that_a_recording_met_and_that_is_gone_is_said_to_have_ended),
		cmocka_unit_test(what_was_recorded_moves_over),
		cmocka_unit_test(the_host_may_hold_what_its_first_process_may),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
