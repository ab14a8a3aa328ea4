/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cgroup hierarchies: which one identifies containers on this host, its cgroups, their ids and processes. */
#include <leastcap/cleanup.h>
#include <leastcap/probe.h>
#include <leastcap/strbuf.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* Controllers whose v1 hierarchy every engine puts its containers into, best first. */
static const char *const controllers[] = {"pids", "memory", "freezer", "devices"};

/* Every v1 controller with a hierarchy in struct css_set (include/linux/cgroup_subsys.h). */
static const char *const every_controller[] = {"pids", "memory", "freezer", "devices", "cpu", "cpuacct", "cpuset",
	"net_cls", "net_prio", "perf_event", "hugetlb", "rdma", "misc"};

static bool list_has(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; at && *at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, word, length) && (at[length] == ',' || !at[length] || at[length] == '\n'))
			return true;
	}
	return false;
}

/* Turns mountinfo's octal escapes (\040 for a space, proc(5)) back into bytes. */
static void unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in; in++) {
		if (in[0] == '\\' && strspn(in + 1, "01234567") >= 3) {
			*out++ = (char)((in[1] - '0') << 6 | (in[2] - '0') << 3 | (in[3] - '0'));
			in += 3;
		} else {
			*out++ = *in;
		}
	}
	*out = '\0';
}

/* One cgroup mount. Lines of mountinfo: id parent device root mount options … - type source options. */
struct cgroup_mount {
	char root[256];
	char mount[256];
	char type[32];
	char options[512];
};

/* Calls FITS for each cgroup mount until it says yes; that mount is then in *FOUND. 0, -ENOENT or -errno. */
static int find_mount(
	bool (*fits)(const struct cgroup_mount *, const void *), const void *wanted, struct cgroup_mount *found)
{
	_cleanup_file_ FILE *file = fopen("/proc/self/mountinfo", "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	if (!file)
		return -errno;
	while (getline(&line, &size, file) > 0) {
		const char *dash = strstr(line, " - ");

		if (!dash || sscanf(line, "%*d %*d %*s %255s %255s", found->root, found->mount) != 2 ||
			sscanf(dash, " - %31s %*s %511s", found->type, found->options) != 2 ||
			strncmp(found->type, "cgroup", 6) != 0)
			continue;
		unescape(found->root);
		unescape(found->mount);
		if (fits(found, wanted))
			return 0;
	}
	return -ENOENT;
}

/* CONTROLLER: a v1 controller's name, NULL for cgroup v2. */
static bool has_controller(const struct cgroup_mount *mount, const void *controller)
{
	if (!controller)
		return !strcmp(mount->type, "cgroup2");
	return !strcmp(mount->type, "cgroup") && list_has(mount->options, controller);
}

/* Whether the directory PATH lies in MOUNT. */
static bool contains(const struct cgroup_mount *mount, const void *path)
{
	size_t length = strlen(mount->mount);
	const char *text = path;

	return !strncmp(text, mount->mount, length) && (!text[length] || text[length] == '/');
}

static void keep_mount(struct lc_hierarchy *hierarchy, const struct cgroup_mount *mount)
{
	snprintf(hierarchy->root, sizeof(hierarchy->root), "%s", mount->root);
	snprintf(hierarchy->mount, sizeof(hierarchy->mount), "%s", mount->mount);
}

/* The line of /proc/PID/cgroup (id:controllers:path) for CONTROLLER (NULL: v2). Fills ID and PATH (SIZE bytes). */
static int find_membership(pid_t pid, const char *controller, int *id, char *path, size_t size)
{
	char name[64];
	_cleanup_file_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	size_t capacity = 0;

	if (pid)
		snprintf(name, sizeof(name), "/proc/%d/cgroup", (int)pid);
	else
		snprintf(name, sizeof(name), "/proc/self/cgroup");
	file = fopen(name, "re");
	if (!file)
		return -errno;
	while (getline(&line, &capacity, file) > 0) {
		char *list = strchr(line, ':');
		char *where = list ? strchr(list + 1, ':') : NULL;

		if (!where)
			continue;
		*list++ = '\0';
		*where++ = '\0';
		where[strcspn(where, "\n")] = '\0';
		if (controller ? !list_has(list, controller) : *list != '\0')
			continue;
		*id = (int)strtol(line, NULL, 10);
		if ((size_t)snprintf(path, size, "%s", where) >= size)
			return -ENAMETOOLONG;
		return 0;
	}
	return -ENOENT;
}

int lc_hierarchy_find(struct lc_hierarchy *hierarchy)
{
	struct cgroup_mount v2, v1;
	char path[PATH_MAX];
	bool has_v2 = !find_mount(has_controller, NULL, &v2);

	memset(hierarchy, 0, sizeof(*hierarchy));
	for (size_t i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++) {
		if (find_mount(has_controller, controllers[i], &v1) ||
			find_membership(0, controllers[i], &hierarchy->id, path, sizeof(path)))
			continue;
		keep_mount(hierarchy, &v1);
		snprintf(hierarchy->controller, sizeof(hierarchy->controller), "%s", controllers[i]);
		snprintf(hierarchy->mode, sizeof(hierarchy->mode), "%s", has_v2 ? "hybrid" : "v1");
		return 0;
	}
	if (!has_v2)
		return -ENOENT;
	keep_mount(hierarchy, &v2);
	snprintf(hierarchy->mode, sizeof(hierarchy->mode), "v2");
	return 0;
}

int lc_hierarchy_at(const char *path, struct lc_hierarchy *hierarchy, char *cgroup, size_t size)
{
	_cleanup_free_ char *real = realpath(path, NULL);
	struct cgroup_mount mount;
	char own[PATH_MAX];
	const char *below;
	int r;

	if (!real)
		return -errno;
	r = find_mount(contains, real, &mount);
	if (r)
		return r == -ENOENT ? -ENOTDIR : r;
	memset(hierarchy, 0, sizeof(*hierarchy));
	keep_mount(hierarchy, &mount);
	snprintf(hierarchy->mode, sizeof(hierarchy->mode), "v2");
	if (!strcmp(mount.type, "cgroup")) {
		const char *name = NULL;

		for (size_t i = 0; !name && i < sizeof(every_controller) / sizeof(every_controller[0]); i++) {
			if (list_has(mount.options, every_controller[i]))
				name = every_controller[i];
		}
		if (!name)
			return -ENOTDIR;
		snprintf(hierarchy->mode, sizeof(hierarchy->mode), "v1");
		snprintf(hierarchy->controller, sizeof(hierarchy->controller), "%s", name);
		r = find_membership(0, name, &hierarchy->id, own, sizeof(own));
		if (r)
			return r;
	}
	below = real + strlen(mount.mount);
	if (!strcmp(mount.root, "/"))
		r = snprintf(cgroup, size, "%s", *below ? below : "/");
	else
		r = snprintf(cgroup, size, "%s%s", mount.root, below);
	return r < (int)size ? 0 : -ENAMETOOLONG;
}

int lc_cgroup_id(const char *directory, uint64_t *id)
{
	struct stat status;

	if (stat(directory, &status))
		return -errno;
	if (!S_ISDIR(status.st_mode))
		return -ENOTDIR;
	*id = status.st_ino;
	return 0;
}

/* What a walk carries from directory to directory. */
struct walk {
	int (*visit)(void *context, uint64_t id, uint64_t parent, const char *path);
	void *context;
	char path[PATH_MAX]; /* in the hierarchy */
};

/* Visits the cgroup open as FD (taken over), at walk->path, and those below it. */
static int walk_cgroup(struct walk *walk, int fd, uint64_t parent)
{
	size_t length = strlen(walk->path);
	struct stat status;
	struct dirent *entry;
	DIR *directory = fdopendir(fd);
	int result;

	if (!directory) {
		result = -errno;
		close(fd);
		return result;
	}
	result = fstat(fd, &status) ? -errno
				    : walk->visit(walk->context, status.st_ino, parent, length ? walk->path : "/");
	while (!result && (entry = readdir(directory))) {
		int below;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if (length + strlen(entry->d_name) + 2 > sizeof(walk->path))
			continue;
		/* A cgroup that went away in the meantime is no failure. */
		below = openat(fd, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (below < 0)
			continue;
		snprintf(walk->path + length, sizeof(walk->path) - length, "/%s", entry->d_name);
		result = walk_cgroup(walk, below, status.st_ino);
		walk->path[length] = '\0';
	}
	closedir(directory);
	return result;
}

int lc_hierarchy_walk(const struct lc_hierarchy *hierarchy,
	int (*visit)(void *context, uint64_t id, uint64_t parent, const char *path), void *context)
{
	struct walk walk = {.visit = visit, .context = context};
	int fd = open(hierarchy->mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (strcmp(hierarchy->root, "/") != 0)
		snprintf(walk.path, sizeof(walk.path), "%s", hierarchy->root);
	return walk_cgroup(&walk, fd, 0);
}

/* The directory of the cgroup at PATH of HIERARCHY, to DIRECTORY (PATH_MAX bytes). */
static int cgroup_directory(const struct lc_hierarchy *hierarchy, const char *path, char *directory)
{
	size_t skip = strcmp(hierarchy->root, "/") != 0 ? strlen(hierarchy->root) : 0;

	if (skip && (strncmp(path, hierarchy->root, skip) != 0 || (path[skip] && path[skip] != '/')))
		return -ENOENT;
	if (snprintf(directory, PATH_MAX, "%s%s", hierarchy->mount, path + skip) >= PATH_MAX)
		return -ENAMETOOLONG;
	return 0;
}

/* Opens the list of processes of the cgroup at PATH. 0, and *FILE is NULL when the cgroup is gone; or -errno. */
static int open_processes(const struct lc_hierarchy *hierarchy, const char *path, FILE **file)
{
	char directory[PATH_MAX];
	_cleanup_free_ char *name = NULL;
	int r = cgroup_directory(hierarchy, path, directory);

	if (r)
		return r;
	if (asprintf(&name, "%s/cgroup.procs", directory) < 0)
		return -ENOMEM;
	*file = fopen(name, "re");
	return *file || errno == ENOENT ? 0 : -errno;
}

int lc_cgroup_each_pid(
	const struct lc_hierarchy *hierarchy, const char *path, int (*each)(void *context, pid_t pid), void *context)
{
	_cleanup_file_ FILE *file = NULL;
	int pid;
	int r = open_processes(hierarchy, path, &file);

	/* Zero stands for processes of another pid namespace. */
	while (!r && file && fscanf(file, "%d", &pid) == 1)
		r = pid > 0 ? each(context, pid) : 0;
	return r;
}

bool lc_cgroup_is_populated(const struct lc_hierarchy *hierarchy, const char *path)
{
	_cleanup_file_ FILE *file = NULL;
	int pid;

	return !open_processes(hierarchy, path, &file) && file && fscanf(file, "%d", &pid) == 1;
}

int lc_cgroup_of_pid(const struct lc_hierarchy *hierarchy, pid_t pid, char *path, size_t size)
{
	int id;

	return find_membership(pid, hierarchy->controller[0] ? hierarchy->controller : NULL, &id, path, size);
}
