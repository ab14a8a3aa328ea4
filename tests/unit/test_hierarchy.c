/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of cgroup hierarchies on this host's own: finding one, ids, paths, walks and processes. */
#include <leastcap/cleanup.h>
#include <leastcap/probe.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

/* The cgroups made for one test, one within the other: their directories, and their paths in the hierarchy. */
struct fixture {
	struct lc_hierarchy hierarchy;
	char outer[PATH_MAX + 64];
	char inner[PATH_MAX + 80];
	char outer_path[PATH_MAX + 64];
	char inner_path[PATH_MAX + 80];
};

static int remove_cgroups(void **state)
{
	struct fixture *fixture = *state;

	rmdir(fixture->inner);
	rmdir(fixture->outer);
	free(fixture);
	return 0;
}

static int find_hierarchy(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	*state = fixture;
	return fixture ? lc_hierarchy_find(&fixture->hierarchy) : -ENOMEM;
}

/* Makes both cgroups, or skips the test. */
static void make_cgroups(struct fixture *fixture)
{
	const struct lc_hierarchy *hierarchy = &fixture->hierarchy;
	char name[64];

	snprintf(name, sizeof(name), "/leastcap-unit-%d", (int)getpid());
	snprintf(fixture->outer, sizeof(fixture->outer), "%s%s", hierarchy->mount, name);
	snprintf(fixture->inner, sizeof(fixture->inner), "%s/inner", fixture->outer);
	snprintf(fixture->outer_path, sizeof(fixture->outer_path), "%s%s",
		strcmp(hierarchy->root, "/") ? hierarchy->root : "", name);
	snprintf(fixture->inner_path, sizeof(fixture->inner_path), "%s/inner", fixture->outer_path);
	if (mkdir(fixture->outer, 0755) || mkdir(fixture->inner, 0755)) {
		print_message("no cgroup can be made in %s (%s): run as root\n", hierarchy->mount, strerror(errno));
		skip();
	}
}

static void a_hierarchy_is_found_and_mounted_where_it_says(void **state)
{
	struct fixture *fixture = *state;
	const struct lc_hierarchy *hierarchy = &fixture->hierarchy;
	char procs[PATH_MAX + 128];

	assert_true(
		!strcmp(hierarchy->mode, "v1") || !strcmp(hierarchy->mode, "v2") || !strcmp(hierarchy->mode, "hybrid"));
	assert_int_equal(!strcmp(hierarchy->mode, "v2"), !hierarchy->controller[0]);
	assert_int_equal(!strcmp(hierarchy->mode, "v2"), !hierarchy->id);
	snprintf(procs, sizeof(procs), "%s/cgroup.procs", hierarchy->mount);
	assert_int_equal(access(procs, F_OK), 0);
}

static void a_cgroups_id_is_its_directorys_inode_number(void **state)
{
	struct fixture *fixture = *state;
	char own[PATH_MAX], directory[2 * PATH_MAX];
	struct stat status;
	uint64_t id = 0;

	assert_int_equal(lc_cgroup_of_pid(&fixture->hierarchy, 0, own, sizeof(own)), 0);
	if (strcmp(fixture->hierarchy.root, "/") != 0) {
		print_message("only a part of the hierarchy is mounted here\n");
		skip();
	}
	snprintf(directory, sizeof(directory), "%s%s", fixture->hierarchy.mount, own);
	assert_int_equal(stat(directory, &status), 0);
	assert_int_equal(lc_cgroup_id(directory, &id), 0);
	assert_int_equal(id, status.st_ino);
}

static void what_is_no_directory_has_no_id(void **state)
{
	uint64_t id = 7;

	(void)state;
	assert_int_equal(lc_cgroup_id("/no/such/directory", &id), -ENOENT);
	assert_int_equal(lc_cgroup_id("/proc/self/cgroup", &id), -ENOTDIR);
	assert_int_equal(id, 7);
}

static void a_cgroups_directory_is_cut_to_its_path_in_the_hierarchy(void **state)
{
	struct fixture *fixture = *state;
	struct lc_hierarchy found;
	char cgroup[PATH_MAX];

	make_cgroups(fixture);
	assert_int_equal(lc_hierarchy_at(fixture->inner, &found, cgroup, sizeof(cgroup)), 0);
	assert_string_equal(cgroup, fixture->inner_path);
	assert_string_equal(found.mount, fixture->hierarchy.mount);
	assert_int_equal(found.id, fixture->hierarchy.id);
}

static void dots_slashes_and_links_in_a_directorys_name_do_not_matter(void **state)
{
	struct fixture *fixture = *state;
	struct lc_hierarchy found;
	char cgroup[PATH_MAX], name[PATH_MAX + 128], link[] = "/tmp/leastcap-unit.XXXXXX";

	make_cgroups(fixture);
	snprintf(name, sizeof(name), "%s/./inner/..//", fixture->outer);
	assert_int_equal(lc_hierarchy_at(name, &found, cgroup, sizeof(cgroup)), 0);
	assert_string_equal(cgroup, fixture->outer_path);
	assert_non_null(mkdtemp(link));
	snprintf(name, sizeof(name), "%s/link", link);
	assert_int_equal(symlink(fixture->outer, name), 0);
	assert_int_equal(lc_hierarchy_at(name, &found, cgroup, sizeof(cgroup)), 0);
	assert_string_equal(cgroup, fixture->outer_path);
	unlink(name);
	rmdir(link);
}

static void the_mount_point_is_the_topmost_cgroup(void **state)
{
	struct fixture *fixture = *state;
	struct lc_hierarchy found;
	char cgroup[PATH_MAX];

	assert_int_equal(lc_hierarchy_at(fixture->hierarchy.mount, &found, cgroup, sizeof(cgroup)), 0);
	assert_string_equal(cgroup, fixture->hierarchy.root);
}

static void a_directory_that_is_no_cgroup_is_refused(void **state)
{
	struct lc_hierarchy found;
	char cgroup[PATH_MAX];

	(void)state;
	assert_int_equal(lc_hierarchy_at("/", &found, cgroup, sizeof(cgroup)), -ENOTDIR);
	assert_int_equal(lc_hierarchy_at("/tmp", &found, cgroup, sizeof(cgroup)), -ENOTDIR);
}

/* "/sys/fs/cgroup/pids-not" begins like "/sys/fs/cgroup/pids". */
static void a_directory_that_only_begins_like_a_mount_point_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct lc_hierarchy found;
	char name[PATH_MAX + 16], cgroup[PATH_MAX];

	snprintf(name, sizeof(name), "%s-not", fixture->hierarchy.mount);
	if (mkdir(name, 0755)) {
		print_message("no directory can be made beside %s (%s)\n", fixture->hierarchy.mount, strerror(errno));
		skip();
	}
	assert_int_equal(lc_hierarchy_at(name, &found, cgroup, sizeof(cgroup)), -ENOTDIR);
	rmdir(name);
}

static void a_directory_that_is_not_there_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct lc_hierarchy found;
	char name[PATH_MAX + 16], cgroup[PATH_MAX];

	snprintf(name, sizeof(name), "%s/no-such-cgroup", fixture->hierarchy.mount);
	assert_int_equal(lc_hierarchy_at(name, &found, cgroup, sizeof(cgroup)), -ENOENT);
}

static void a_path_that_does_not_fit_is_an_error(void **state)
{
	struct fixture *fixture = *state;
	struct lc_hierarchy found;
	char cgroup[8];

	make_cgroups(fixture);
	assert_int_equal(lc_hierarchy_at(fixture->outer, &found, cgroup, sizeof(cgroup)), -ENAMETOOLONG);
}

/* A walk, and when it was where. */
struct visits {
	struct lc_strbuf paths; /* each followed by a newline */
	uint64_t *ids;          /* in the same order */
	size_t n;
	bool parent_unknown; /* somewhere a child came before its parent */
	size_t stop_after;   /* 0: never */
	struct lc_unwalked unwalked;
};

static int visit(void *context, const struct lc_existing_cgroup *cgroup)
{
	struct visits *visits = context;
	bool known = !cgroup->parent;

	for (size_t i = 0; i < visits->n; i++)
		known = known || visits->ids[i] == cgroup->parent;
	visits->parent_unknown = visits->parent_unknown || !known;
	visits->ids = realloc(visits->ids, (visits->n + 1) * sizeof(*visits->ids));
	assert_non_null(visits->ids);
	visits->ids[visits->n++] = cgroup->id;
	lc_strbuf_addf(&visits->paths, "%s\n", cgroup->path);
	return visits->n == visits->stop_after ? 42 : 0;
}

static void free_visits(struct visits *visits)
{
	lc_strbuf_free(&visits->paths);
	free(visits->ids);
}

/* The id that the walk gave for PATH; 0 when it did not come by. */
static uint64_t visited(const struct visits *visits, const char *path)
{
	const char *line = visits->paths.text;
	size_t length = strlen(path);

	for (size_t i = 0; i < visits->n; i++) {
		if (!strncmp(line, path, length) && line[length] == '\n')
			return visits->ids[i];
		line = strchr(line, '\n') + 1;
	}
	return 0;
}

static void a_walk_visits_every_cgroup_by_its_path_and_id(void **state)
{
	struct fixture *fixture = *state;
	_cleanup_(free_visits) struct visits visits = {0};
	uint64_t id;

	make_cgroups(fixture);
	assert_int_equal(lc_hierarchy_walk(&fixture->hierarchy, visit, &visits, &visits.unwalked), 0);
	assert_int_equal(lc_cgroup_id(fixture->hierarchy.mount, &id), 0);
	assert_int_equal(visited(&visits, fixture->hierarchy.root), id);
	assert_int_equal(lc_cgroup_id(fixture->outer, &id), 0);
	assert_int_equal(visited(&visits, fixture->outer_path), id);
	assert_int_equal(lc_cgroup_id(fixture->inner, &id), 0);
	assert_int_equal(visited(&visits, fixture->inner_path), id);
}

static void a_walk_visits_children_after_their_parents(void **state)
{
	struct fixture *fixture = *state;
	_cleanup_(free_visits) struct visits visits = {0};

	make_cgroups(fixture);
	assert_int_equal(lc_hierarchy_walk(&fixture->hierarchy, visit, &visits, &visits.unwalked), 0);
	assert_true(visits.n >= 3);
	assert_false(visits.parent_unknown);
}

/* Makes a cgroup below the inner one whose path is longer than the kernel tells, to PATH; its directory to DIRECTORY. */
static void make_long(const struct fixture *fixture, char *directory, char *path, size_t size)
{
	char name[256];

	memset(name, 'n', 250);
	name[250] = '\0';
	snprintf(directory, size, "%s", fixture->inner);
	snprintf(path, size, "%s", fixture->inner_path);
	for (int i = 0; i < 5; i++) {
		strcat(strcat(directory, "/"), name);
		strcat(strcat(path, "/"), name);
		assert_int_equal(mkdir(directory, 0700), 0);
	}
}

static void a_path_that_the_kernel_cut_is_looked_up_by_the_cgroups_id(void **state)
{
	struct fixture *fixture = *state;
	char directory[8192], whole[8192], told[LC_TOLD_PATH + 1], path[PATH_MAX];
	uint64_t id;

	make_cgroups(fixture);
	make_long(fixture, directory, whole, sizeof(whole));
	assert_int_equal(lc_cgroup_id(directory, &id), 0);
	snprintf(told, sizeof(told), "%.*s", LC_TOLD_PATH, whole);
	assert_int_equal(lc_cgroup_whole_path(&fixture->hierarchy, id, told, path), 0);
	assert_string_equal(path, whole);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(rmdir(directory), 0);
		*strrchr(directory, '/') = '\0';
	}
	/* It is gone: what is left is the path of a cgroup above. */
	assert_int_equal(lc_cgroup_whole_path(&fixture->hierarchy, id, told, path), -ENAMETOOLONG);
	assert_true(strlen(path) < strlen(told) && !strncmp(path, whole, strlen(path)));
	assert_int_equal(whole[strlen(path)], '/');
}

static void a_walk_stops_at_the_first_nonzero_answer_and_returns_it(void **state)
{
	struct fixture *fixture = *state;
	_cleanup_(free_visits) struct visits visits = {.stop_after = 2};

	make_cgroups(fixture);
	assert_int_equal(lc_hierarchy_walk(&fixture->hierarchy, visit, &visits, &visits.unwalked), 42);
	assert_int_equal(visits.n, 2);
}

static void a_walk_of_a_hierarchy_that_is_not_mounted_is_an_error(void **state)
{
	struct lc_hierarchy hierarchy = {.mount = "/no/such/mount", .root = "/"};
	_cleanup_(free_visits) struct visits visits = {0};

	(void)state;
	assert_int_equal(lc_hierarchy_walk(&hierarchy, visit, &visits, &visits.unwalked), -ENOENT);
	assert_int_equal(visits.n, 0);
}

/* Takes the one process that is expected. */
static int take_pid(void *context, pid_t pid)
{
	pid_t *taken = context;

	assert_int_equal(*taken, 0);
	*taken = pid;
	return 0;
}

#define NESTED 1900

/* Makes NESTED directories one within the other below DIRECTORY; how many that were. */
static int nest(const char *directory)
{
	_cleanup_fd_ int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int n = 0;

	assert_int_equal(chdir(directory), 0);
	while (n < NESTED && !mkdir("a", 0700) && !chdir("a"))
		n++;
	assert_int_equal(fchdir(here), 0);
	return n;
}

static void unnest(const char *directory, int n)
{
	_cleanup_fd_ int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_int_equal(chdir(directory), 0);
	for (int i = 0; i < n; i++)
		assert_int_equal(chdir("a"), 0);
	for (int i = 0; i < n; i++) {
		assert_int_equal(chdir(".."), 0);
		assert_int_equal(rmdir("a"), 0);
	}
	assert_int_equal(fchdir(here), 0);
	assert_int_equal(rmdir(directory), 0);
}

static void a_walk_of_deeply_nested_cgroups_needs_few_descriptors(void **state)
{
	struct lc_hierarchy hierarchy = {.mount = "/tmp/leastcap-unit.XXXXXX", .root = "/"};
	_cleanup_(free_visits) struct visits visits = {0};
	struct rlimit before, few;
	int n, r;

	(void)state;
	assert_non_null(mkdtemp(hierarchy.mount));
	n = nest(hierarchy.mount);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = (struct rlimit){.rlim_cur = 24, .rlim_max = before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	r = lc_hierarchy_walk(&hierarchy, visit, &visits, &visits.unwalked);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	unnest(hierarchy.mount, n);
	assert_int_equal(n, NESTED);
	assert_int_equal(r, 0);
	assert_int_equal(visits.n, NESTED + 1);
	assert_int_equal(visits.unwalked.beyond, 0);
}

static void a_walk_follows_no_links(void **state)
{
	struct lc_hierarchy hierarchy = {.mount = "/tmp/leastcap-unit.XXXXXX", .root = "/"};
	_cleanup_(free_visits) struct visits visits = {0};
	char link[PATH_MAX + 8];
	pid_t taken = 0;

	(void)state;
	assert_non_null(mkdtemp(hierarchy.mount));
	snprintf(link, sizeof(link), "%s/link", hierarchy.mount);
	assert_int_equal(symlink("/proc", link), 0);
	assert_int_equal(lc_hierarchy_walk(&hierarchy, visit, &visits, &visits.unwalked), 0);
	assert_int_equal(lc_cgroup_each_pid(&hierarchy, "/link/self", take_pid, &taken), -ELOOP);
	assert_int_equal(visits.n, 1);
	unlink(link);
	rmdir(hierarchy.mount);
}

/* As an ordinary user, whom a user's closed directory keeps out. */
static void a_walk_goes_round_what_is_closed_and_says_so(void **state)
{
	struct lc_hierarchy hierarchy = {.mount = "/tmp/leastcap-unit.XXXXXX", .root = "/"};
	_cleanup_(free_visits) struct visits visits = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf said = {0};
	static const char *const names[] = {"a", "closed", "closed/within", "z"};
	struct lc_log log = {.threshold = LC_LOG_WARN};
	char path[PATH_MAX + 32];
	size_t size;
	int r;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_non_null(mkdtemp(hierarchy.mount));
	assert_int_equal(chmod(hierarchy.mount, 0755), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", hierarchy.mount, names[i]);
		assert_int_equal(mkdir(path, i == 1 ? 0700 : 0755), 0);
	}
	assert_int_equal(seteuid(47112), 0);
	r = lc_hierarchy_walk(&hierarchy, visit, &visits, &visits.unwalked);
	assert_int_equal(seteuid(0), 0);
	for (size_t i = sizeof(names) / sizeof(names[0]); i-- > 0;) {
		snprintf(path, sizeof(path), "%s/%s", hierarchy.mount, names[i]);
		rmdir(path);
	}
	rmdir(hierarchy.mount);
	assert_int_equal(r, 0);
	assert_int_equal(visits.n, 3);
	assert_true(visited(&visits, "/a") && visited(&visits, "/z"));
	assert_int_equal(visits.unwalked.closed, 1);

	log.stream = open_memstream(&said.text, &size);
	lc_unwalked_warn(&visits.unwalked, &log);
	fclose(log.stream);
	assert_string_equal(
		said.text, "leastcap: warning: the cgroup /closed was not looked at: it is closed to you; use sudo\n");
}

/* Puts process PID into the cgroup whose directory is DIRECTORY. */
static void move_to(const char *directory, pid_t pid)
{
	char procs[PATH_MAX + 128];
	_cleanup_file_ FILE *file = NULL;

	snprintf(procs, sizeof(procs), "%s/cgroup.procs", directory);
	file = fopen(procs, "we");
	assert_non_null(file);
	assert_true(fprintf(file, "%d", (int)pid) > 0);
	assert_int_equal(fflush(file), 0);
}

/* A child of ours that waits in the cgroup whose directory is DIRECTORY. */
static pid_t start_process_in(const char *directory)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		pause();
		_exit(0);
	}
	move_to(directory, pid);
	return pid;
}

static void end_process(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void a_process_is_found_by_its_cgroup_and_its_cgroup_by_the_process(void **state)
{
	struct fixture *fixture = *state;
	char path[PATH_MAX];
	pid_t pid, taken = 0;

	make_cgroups(fixture);
	pid = start_process_in(fixture->outer);
	assert_int_equal(lc_cgroup_of_pid(&fixture->hierarchy, pid, path, sizeof(path)), 0);
	assert_string_equal(path, fixture->outer_path);
	assert_int_equal(lc_cgroup_each_pid(&fixture->hierarchy, fixture->outer_path, take_pid, &taken), 0);
	assert_int_equal(taken, pid);
	end_process(pid);
}

static void a_cgroup_that_is_empty_or_gone_has_no_processes(void **state)
{
	struct fixture *fixture = *state;
	const char *path = fixture->outer_path;
	pid_t taken = 0;

	make_cgroups(fixture);
	assert_int_equal(lc_cgroup_each_pid(&fixture->hierarchy, path, take_pid, &taken), 0);
	rmdir(fixture->inner);
	rmdir(fixture->outer);
	assert_int_equal(lc_cgroup_each_pid(&fixture->hierarchy, path, take_pid, &taken), 0);
	assert_int_equal(taken, 0);
}

static void a_process_that_is_not_there_has_no_cgroup(void **state)
{
	struct fixture *fixture = *state;
	char path[PATH_MAX];

	assert_int_equal(lc_cgroup_of_pid(&fixture->hierarchy, INT_MAX, path, sizeof(path)), -ENOENT);
}

/* What a recorder sees that is in the inner cgroup, with a cgroup namespace of its own: of OTHER, a process in the outer one, and of INIT. */
static const char *seen_from_within(const struct fixture *fixture, pid_t other, pid_t init)
{
	struct lc_hierarchy seen;
	char path[PATH_MAX], whole[PATH_MAX];
	int r;

	if (lc_cgroup_of_pid(&fixture->hierarchy, init, whole, sizeof(whole)) || unshare(CLONE_NEWCGROUP))
		return "there is no cgroup namespace to be had";
	r = lc_hierarchy_find(&seen);
	if (r || strcmp(seen.root, "/") != 0 || strcmp(seen.own, fixture->inner_path) != 0)
		return "the whole hierarchy is not found";
	r = lc_cgroup_of_pid(&seen, getpid(), path, sizeof(path));
	if (r || strcmp(path, fixture->inner_path) != 0)
		return "it is not where it is itself";
	r = lc_hierarchy_at(fixture->outer, &seen, path, sizeof(path));
	if (r || strcmp(path, fixture->outer_path) != 0 || strcmp(seen.own, fixture->inner_path) != 0)
		return "a directory is not in the whole hierarchy";
	r = lc_cgroup_of_pid(&seen, other, path, sizeof(path));
	if (r || strcmp(path, fixture->outer_path) != 0)
		return "a process beside it is not where it is";
	r = lc_cgroup_of_pid(&seen, init, path, sizeof(path));
	return r || strcmp(path, whole) != 0 ? "the first process is not where it is" : NULL;
}

static void in_a_cgroup_namespace_of_its_own_a_recorder_names_cgroups_as_the_host_does(void **state)
{
	struct fixture *fixture = *state;
	const char *wrong = NULL;
	int status, channel[2];
	pid_t other, recorder;

	make_cgroups(fixture);
	if (strcmp(fixture->hierarchy.root, "/") != 0 || fixture->hierarchy.outer)
		skip();
	other = start_process_in(fixture->outer);
	assert_int_equal(pipe(channel), 0);
	recorder = fork();
	assert_true(recorder >= 0);
	if (!recorder) {
		char go;

		wrong = read(channel[0], &go, 1) == 1 ? seen_from_within(fixture, other, 1) : "it was not moved";
		if (wrong && write(STDERR_FILENO, wrong, strlen(wrong)) < 0)
			_exit(2);
		_exit(wrong ? 1 : 0);
	}
	move_to(fixture->inner, recorder);
	assert_int_equal(write(channel[1], "x", 1), 1);
	assert_int_equal(waitpid(recorder, &status, 0), recorder);
	end_process(other);
	close(channel[0]);
	close(channel[1]);
	assert_int_equal(status, 0);
}

/* Mounts the outer cgroup alone on DIRECTORY, as it is in a container; for this process only. */
static void mount_part(const struct fixture *fixture, const char *directory)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		mount(fixture->outer, directory, NULL, MS_BIND, NULL)) {
		print_message("nothing can be mounted here (%s): run as root\n", strerror(errno));
		skip();
	}
}

static void where_only_a_part_is_mounted_paths_are_still_those_of_the_whole(void **state)
{
	struct fixture *fixture = *state;
	_cleanup_(free_visits) struct visits visits = {0};
	char directory[] = "/tmp/leastcap-unit.XXXXXX";
	char name[64], top[PATH_MAX], below[PATH_MAX];
	struct lc_hierarchy part;
	int results[3];

	make_cgroups(fixture);
	assert_non_null(mkdtemp(directory));
	mount_part(fixture, directory);
	snprintf(name, sizeof(name), "%s/inner", directory);
	results[0] = lc_hierarchy_at(name, &part, below, sizeof(below));
	results[1] = lc_hierarchy_at(directory, &part, top, sizeof(top));
	results[2] = lc_hierarchy_walk(&part, visit, &visits, &visits.unwalked);
	umount2(directory, MNT_DETACH);
	rmdir(directory);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(results[i], 0);
	assert_string_equal(part.root, fixture->outer_path);
	assert_string_equal(below, fixture->inner_path);
	assert_string_equal(top, fixture->outer_path);
	assert_int_equal(visited(&visits, fixture->outer_path), visits.ids[0]);
	assert_true(visited(&visits, fixture->inner_path) > 0);
}

/* Mounts TYPE on DIRECTORY in a mount namespace of our own. */
static void mount_alone(const char *type, const char *directory, const char *options)
{
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		mount("none", directory, type, 0, options)) {
		print_message("no %s can be mounted here (%s)\n", type, strerror(errno));
		skip();
	}
}

static void where_engines_use_v2_a_v1_controller_that_is_mounted_too_is_left_alone(void **state)
{
	char directory[] = "/tmp/leastcap-unit.XXXXXX";
	struct lc_hierarchy found;
	int r;

	(void)state;
	assert_non_null(mkdtemp(directory));
	mount_alone("cgroup", directory, "freezer");
	mount_alone("cgroup2", "/sys/fs/cgroup", NULL);
	r = lc_hierarchy_find(&found);
	umount2("/sys/fs/cgroup", MNT_DETACH);
	umount2(directory, MNT_DETACH);
	rmdir(directory);
	assert_int_equal(r, 0);
	assert_string_equal(found.mode, "v2");
	assert_string_equal(found.controller, "");
	assert_string_equal(found.mount, "/sys/fs/cgroup");
	assert_string_equal(found.beside, "freezer");
}

#define ON_HIERARCHY(test) cmocka_unit_test_setup_teardown(test, find_hierarchy, remove_cgroups)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_HIERARCHY(a_hierarchy_is_found_and_mounted_where_it_says),
		ON_HIERARCHY(a_cgroups_id_is_its_directorys_inode_number),
		cmocka_unit_test(what_is_no_directory_has_no_id),
		ON_HIERARCHY(a_cgroups_directory_is_cut_to_its_path_in_the_hierarchy),
		ON_HIERARCHY(dots_slashes_and_links_in_a_directorys_name_do_not_matter),
		ON_HIERARCHY(the_mount_point_is_the_topmost_cgroup),
		cmocka_unit_test(a_directory_that_is_no_cgroup_is_refused),
		ON_HIERARCHY(a_directory_that_only_begins_like_a_mount_point_is_refused),
		ON_HIERARCHY(a_directory_that_is_not_there_is_an_error),
		ON_HIERARCHY(a_path_that_does_not_fit_is_an_error),
		ON_HIERARCHY(a_walk_visits_every_cgroup_by_its_path_and_id),
		ON_HIERARCHY(a_walk_visits_children_after_their_parents),
		ON_HIERARCHY(a_path_that_the_kernel_cut_is_looked_up_by_the_cgroups_id),
		cmocka_unit_test(a_walk_goes_round_what_is_closed_and_says_so),
		ON_HIERARCHY(a_walk_stops_at_the_first_nonzero_answer_and_returns_it),
		cmocka_unit_test(a_walk_of_a_hierarchy_that_is_not_mounted_is_an_error),
		cmocka_unit_test(a_walk_of_deeply_nested_cgroups_needs_few_descriptors),
		cmocka_unit_test(a_walk_follows_no_links),
		ON_HIERARCHY(a_process_is_found_by_its_cgroup_and_its_cgroup_by_the_process),
		ON_HIERARCHY(a_cgroup_that_is_empty_or_gone_has_no_processes),
		ON_HIERARCHY(a_process_that_is_not_there_has_no_cgroup),
		ON_HIERARCHY(in_a_cgroup_namespace_of_its_own_a_recorder_names_cgroups_as_the_host_does),
		ON_HIERARCHY(where_only_a_part_is_mounted_paths_are_still_those_of_the_whole),
		cmocka_unit_test(where_engines_use_v2_a_v1_controller_that_is_mounted_too_is_left_alone),
	};

	return cmocka_run_group_tests_name("hierarchy", tests, NULL, NULL);
}
