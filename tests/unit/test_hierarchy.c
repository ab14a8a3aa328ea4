/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of cgroup hierarchies on this host's own: finding one, ids, paths, walks and processes. */
#include <leastcap/cleanup.h>
#include <leastcap/probe.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

/* The cgroups made for one test, one within the other: their directories, and their paths in the hierarchy. */
struct fixture {
	struct lc_hierarchy hierarchy;
	char outer[512];
	char inner[640];
	char outer_path[512];
	char inner_path[640];
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
	char procs[PATH_MAX];

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
	char cgroup[PATH_MAX], name[PATH_MAX], link[] = "/tmp/leastcap-unit.XXXXXX";

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
	char name[PATH_MAX], cgroup[PATH_MAX];

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
	char name[PATH_MAX], cgroup[PATH_MAX];

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
};

static int visit(void *context, uint64_t id, uint64_t parent, const char *path)
{
	struct visits *visits = context;
	bool known = !parent;

	for (size_t i = 0; i < visits->n; i++)
		known = known || visits->ids[i] == parent;
	visits->parent_unknown = visits->parent_unknown || !known;
	visits->ids = realloc(visits->ids, (visits->n + 1) * sizeof(*visits->ids));
	assert_non_null(visits->ids);
	visits->ids[visits->n++] = id;
	lc_strbuf_addf(&visits->paths, "%s\n", path);
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
	assert_int_equal(lc_hierarchy_walk(&fixture->hierarchy, visit, &visits), 0);
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
	assert_int_equal(lc_hierarchy_walk(&fixture->hierarchy, visit, &visits), 0);
	assert_true(visits.n >= 3);
	assert_false(visits.parent_unknown);
}

static void a_walk_stops_at_the_first_nonzero_answer_and_returns_it(void **state)
{
	struct fixture *fixture = *state;
	_cleanup_(free_visits) struct visits visits = {.stop_after = 2};

	make_cgroups(fixture);
	assert_int_equal(lc_hierarchy_walk(&fixture->hierarchy, visit, &visits), 42);
	assert_int_equal(visits.n, 2);
}

static void a_walk_of_a_hierarchy_that_is_not_mounted_is_an_error(void **state)
{
	struct lc_hierarchy hierarchy = {.mount = "/no/such/mount", .root = "/"};
	_cleanup_(free_visits) struct visits visits = {0};

	(void)state;
	assert_int_equal(lc_hierarchy_walk(&hierarchy, visit, &visits), -ENOENT);
	assert_int_equal(visits.n, 0);
}

/* A child of ours that waits in the cgroup whose directory is DIRECTORY. */
static pid_t start_process_in(const char *directory)
{
	char procs[PATH_MAX + 16];
	_cleanup_file_ FILE *file = NULL;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		pause();
		_exit(0);
	}
	snprintf(procs, sizeof(procs), "%s/cgroup.procs", directory);
	file = fopen(procs, "we");
	assert_non_null(file);
	assert_true(fprintf(file, "%d", (int)pid) > 0);
	assert_int_equal(fflush(file), 0);
	return pid;
}

static void end_process(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

/* Takes the one process that is expected. */
static int take_pid(void *context, pid_t pid)
{
	pid_t *taken = context;

	assert_int_equal(*taken, 0);
	*taken = pid;
	return 0;
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
	results[2] = lc_hierarchy_walk(&part, visit, &visits);
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
		ON_HIERARCHY(a_walk_stops_at_the_first_nonzero_answer_and_returns_it),
		cmocka_unit_test(a_walk_of_a_hierarchy_that_is_not_mounted_is_an_error),
		ON_HIERARCHY(a_process_is_found_by_its_cgroup_and_its_cgroup_by_the_process),
		ON_HIERARCHY(a_cgroup_that_is_empty_or_gone_has_no_processes),
		ON_HIERARCHY(a_process_that_is_not_there_has_no_cgroup),
		ON_HIERARCHY(where_only_a_part_is_mounted_paths_are_still_those_of_the_whole),
	};

	return cmocka_run_group_tests_name("hierarchy", tests, NULL, NULL);
}
