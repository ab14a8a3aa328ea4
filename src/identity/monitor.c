/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds out about a container from the process that watches over it: conmon, or containerd's shim. */
#include "src/identity/monitor.h"
#include "src/identity/bundle.h"
#include <leastcap/host.h>

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/identity.h>
#include <leastcap/json.h>
#include <leastcap/strbuf.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define LC_ARGUMENTS_MAX 65536

/* A program that engines have watch over a container. */
static const struct monitor {
	const char *comm;
	const char *engine; /* NULL: the bundle tells */
	/* The option that each of them follows, in both of its forms; NULL where there is none. */
	const char *id[2], *name[2], *bundle[2], *namespace[2], *runtime[2];
	/* Its working directory is a bundle: its container's, or that of its pod's first container, beside which its container's lies. */
	bool works_in_bundle;
} programs[] = {
	{.comm = "conmon",
		.id = {"-c", "--cid"},
		.name = {"-n", "--name"},
		.bundle = {"-b", "--bundle"},
		.runtime = {"-r", "--runtime"}},
	/* "containerd-shim-runc-v2", of which comm holds 15 bytes */
	{.comm = "containerd-shim",
		.id = {"-id", "--id"},
		.engine = "containerd",
		.namespace = {"-namespace", "--namespace"},
		.works_in_bundle = true},
};

/* What the annotations name as the container's manager. */
static const struct manager {
	const char *name;
	const char *engine;
} managers[] = {
	{"libpod", "podman"},
	{"cri-o", "cri-o"},
};

static const struct monitor *find_monitor(const char *comm)
{
	for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
		if (strcmp(programs[i].comm, comm) == 0)
			return &programs[i];
	}
	return NULL;
}

static bool is_one_of(const char *option, const char *const names[2])
{
	return (names[0] && strcmp(option, names[0]) == 0) || (names[1] && strcmp(option, names[1]) == 0);
}

int lc_monitor_read(const char *comm, const char *arguments, size_t size, struct lc_monitor_words *words)
{
	const struct monitor *monitor = find_monitor(comm);
	const char *option = NULL;

	if (!monitor)
		return -ENOENT;
	*words = (struct lc_monitor_words){0};
	while (size) {
		size_t length = strnlen(arguments, size);

		/* The last word is cut off. */
		if (length == size)
			break;
		if (option && is_one_of(option, monitor->id))
			words->id = arguments;
		else if (option && is_one_of(option, monitor->name))
			words->name = arguments;
		else if (option && is_one_of(option, monitor->bundle))
			words->bundle = arguments;
		else if (option && is_one_of(option, monitor->namespace))
			words->namespace = arguments;
		/* The first, because podman's own options follow, each as the value of --exit-command-arg. */
		else if (!words->runtime && (option ? is_one_of(option, monitor->runtime) : !monitor->runtime[0]))
			words->runtime = arguments;
		option = arguments;
		arguments += length + 1;
		size -= length + 1;
	}
	return 0;
}

/* The kind of monitor that process PID is by its name, or NULL. */
static const struct monitor *monitor_of(pid_t pid)
{
	char comm[32];

	return lc_process_comm(pid, comm, sizeof(comm)) ? find_monitor(comm) : NULL;
}

/* Puts into DIRECTORY the one in which the bundle lies that monitor PID works in; "" when that can't be told. */
static void find_directory(pid_t pid, char directory[PATH_MAX])
{
	char path[64];
	char *slash;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/cwd", (int)pid);
	length = readlink(path, directory, PATH_MAX - 1);
	directory[length > 0 ? length : 0] = '\0';
	slash = strrchr(directory, '/');
	if (slash)
		*slash = '\0';
}

/* STORAGE/overlay-containers of the bundle STORAGE/overlay-containers/ID/userdata. */
static int fill_from_storage_of(struct lc_target *target, const char *bundle, uid_t owner, struct lc_reader *reader)
{
	_cleanup_free_ char *copy = strdup(bundle);

	return copy ? lc_monitor_fill_from_storage(target, dirname(dirname(copy)), owner, reader) : -ENOMEM;
}

/* The entry of container ID in LIST, or NULL. */
static const json_t *find_entry(const json_t *list, const char *id)
{
	const json_t *entry;
	size_t i;

	json_array_foreach(list, i, entry)
	{
		const char *other = json_string_value(json_object_get(entry, "id"));

		if (other && strcmp(other, id) == 0)
			return entry;
	}
	return NULL;
}

int lc_monitor_fill_from_storage(struct lc_target *target, const char *storage, uid_t owner, struct lc_reader *reader)
{
	_cleanup_json_ json_t *list = NULL;
	_cleanup_json_ json_t *metadata = NULL;
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	const json_t *entry;
	const char *text;
	int ret;

	lc_strbuf_addf(&path, "%s/containers.json", storage);
	if (path.failed)
		return -ENOMEM;
	list = lc_bundle_load(path.text, owner, reader);
	entry = list ? find_entry(list, target->id) : NULL;
	/* JSON within a string. */
	text = json_string_value(json_object_get(entry, "metadata"));
	metadata = text ? json_loads(text, 0, NULL) : NULL;
	ret = lc_bundle_fill_string(
		&target->name, json_string_value(json_array_get(json_object_get(entry, "names"), 0)));
	return ret ? ret
		   : lc_bundle_fill_string(&target->image, json_string_value(json_object_get(metadata, "image-name")));
}

/* The engine that the bundle in DIRECTORY names as the container's maker. */
static int fill_engine(struct lc_target *target, const char *directory, uid_t owner, struct lc_reader *reader)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	_cleanup_json_ json_t *config = NULL;
	const char *name;

	lc_strbuf_addf(&path, "%s/config.json", directory);
	if (path.failed)
		return -ENOMEM;
	config = lc_bundle_load(path.text, owner, reader);
	name = json_string_value(json_object_get(json_object_get(config, "annotations"), "io.container.manager"));
	for (size_t i = 0; name && i < sizeof(managers) / sizeof(managers[0]); i++) {
		if (strcmp(managers[i].name, name) == 0)
			return lc_bundle_fill_string(&target->engine, managers[i].engine);
	}
	return 0;
}

/* Fills TARGET from its bundle in DIRECTORY and what lies around it. */
static int fill_from_bundle(struct lc_target *target, const char *directory, const struct lc_monitor_words *words,
	uid_t owner, struct lc_reader *reader)
{
	int ret = lc_bundle_fill_from(target, directory, owner, reader);

	if (ret)
		return ret;
	ret = fill_engine(target, directory, owner, reader);
	if (ret == 0)
		ret = lc_bundle_fill_string(&target->name, words->name);
	return ret || !words->bundle ? ret : fill_from_storage_of(target, directory, owner, reader);
}

/* The engine that MONITOR watches for. Docker calls its namespace of containerd "moby". */
static const char *engine_of(const struct monitor *monitor, const struct lc_monitor_words *words)
{
	return words->namespace && strcmp(words->namespace, "moby") == 0 ? "docker" : monitor->engine;
}

/* A monitor's process: what it is, its command line, and where its container's bundle is. */
struct watcher {
	const struct monitor *monitor;
	char *arguments;
	char directory[PATH_MAX + 128]; /* of the bundle, or that of its pod's bundles; "" where it can't be told */
	struct lc_monitor_words words;
};

static void cleanup_watcher(struct watcher **watcher)
{
	if (*watcher)
		free((*watcher)->arguments);
	free(*watcher);
}

/*
 * Reads process PID of USER's as a monitor to WATCHER, which is zeroed. READER reads the command line, because it lies in memory that the
 * process can keep locked (mmap_read_lock_killable in mm/memory.c). 0, -ENOENT when it is no monitor, or -errno.
 */
static int read_watcher(pid_t pid, uid_t user, struct watcher *watcher, struct lc_reader *reader)
{
	char path[64];
	const struct lc_file_to_read line = {.path = path, .user = user, .owner = (uid_t)-1, .limit = LC_ARGUMENTS_MAX};
	size_t length;
	int r;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	watcher->monitor = monitor_of(pid);
	if (!watcher->monitor)
		return -ENOENT;
	r = lc_reader_read(reader, &line, &watcher->arguments, &length);
	if (!r)
		r = lc_monitor_read(watcher->monitor->comm, watcher->arguments, length, &watcher->words);
	if (r)
		return r;
	if (watcher->words.bundle)
		snprintf(watcher->directory, PATH_MAX, "%s", watcher->words.bundle);
	else if (watcher->monitor->works_in_bundle)
		find_directory(pid, watcher->directory);
	return 0;
}

/* A monitor among all processes. */
struct lc_monitor_process {
	pid_t pid;
	uid_t uid;
	bool known; /* what it watches over has been read */
	char *id;   /* of its container; NULL when its command line has none */
	char *home; /* where the bundles of its pod's containers lie; NULL for a monitor of one container */
};

/* Whether MONITOR, OWNER's process, watches over container ID: its command line says so, or the bundles of its pod have ID's. */
static bool watches(const struct lc_monitor_process *monitor, const char *id, uid_t owner)
{
	_cleanup_free_ char *path = NULL;
	struct stat st;

	if (monitor->id && strcmp(monitor->id, id) == 0)
		return true;
	if (owner || !monitor->home || asprintf(&path, "%s/%s/config.json", monitor->home, id) < 0)
		return false;
	return lstat(path, &st) == 0;
}

/* Whether process PID is OWNER's, in our pid namespace, and in no container. No process inside of a container is a monitor. */
static bool is_outside(const struct lc_hierarchy *hierarchy, pid_t pid, uid_t owner)
{
	_cleanup_free_ char *path = malloc(PATH_MAX);
	struct lc_cgroup_name name;
	struct lc_process process;

	if (!path || lc_process_read(pid, &process) || process.uid != owner || process.depth != 0 ||
		lc_cgroup_of_pid(hierarchy, pid, path, PATH_MAX))
		return false;
	lc_cgroup_name_parse(path, &name);
	return name.kind != LC_TARGET_CONTAINER;
}

/* Adds process PID of user UID. 0 or -ENOMEM. */
static int add_monitor(struct lc_monitors *monitors, pid_t pid, uid_t uid)
{
	struct lc_monitor_process *grown = lc_array_grow(monitors->processes, monitors->n, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	monitors->processes = grown;
	monitors->processes[monitors->n++] = (struct lc_monitor_process){.pid = pid, .uid = uid};
	return 0;
}

int lc_monitors_read(struct lc_monitors *monitors)
{
	DIR *proc = opendir("/proc");
	struct lc_process process;
	struct dirent *entry;
	int r = 0;

	lc_monitors_clear(monitors);
	if (!proc)
		return -errno;
	while (!r && (entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (pid > 0 && monitor_of(pid) && !lc_process_read(pid, &process))
			r = add_monitor(monitors, pid, process.uid);
	}
	closedir(proc);
	return r;
}

/* Reads what MONITOR watches over. */
static void learn(struct lc_monitor_process *monitor, struct lc_reader *reader)
{
	_cleanup_(cleanup_watcher) struct watcher *watcher = calloc(1, sizeof(*watcher));

	monitor->known = true;
	if (!watcher || read_watcher(monitor->pid, monitor->uid, watcher, reader))
		return;
	monitor->id = watcher->words.id ? strdup(watcher->words.id) : NULL;
	monitor->home = watcher->words.bundle || !watcher->directory[0] ? NULL : strdup(watcher->directory);
}

pid_t lc_monitors_find(struct lc_monitors *monitors, const struct lc_hierarchy *hierarchy, const char *id, uid_t owner,
	struct lc_reader *reader)
{
	for (size_t i = 0; i < monitors->n; i++) {
		struct lc_monitor_process *monitor = &monitors->processes[i];

		if (monitor->uid != owner)
			continue;
		if (!monitor->known && is_outside(hierarchy, monitor->pid, owner))
			learn(monitor, owner ? reader : NULL);
		if (watches(monitor, id, owner) && is_outside(hierarchy, monitor->pid, owner))
			return monitor->pid;
	}
	return 0;
}

void lc_monitors_clear(struct lc_monitors *monitors)
{
	for (size_t i = 0; i < monitors->n; i++) {
		free(monitors->processes[i].id);
		free(monitors->processes[i].home);
	}
	free(monitors->processes);
	*monitors = (struct lc_monitors){0};
}

int lc_monitor_fill(
	struct lc_target *target, pid_t pid, uid_t owner, struct lc_reader *reader, struct lc_bundle_home *home)
{
	_cleanup_(cleanup_watcher) struct watcher *watcher = calloc(1, sizeof(*watcher));
	int ret;

	if (!watcher)
		return -ENOMEM;
	if (!owner)
		reader = NULL;
	if (!lc_container_id_valid(target->id) || read_watcher(pid, owner, watcher, reader) || !watcher->directory[0])
		return -ENOENT;
	if (!watcher->words.bundle) {
		snprintf(home->directory, sizeof(home->directory), "%.*s", PATH_MAX - 1, watcher->directory);
		snprintf(home->engine, sizeof(home->engine), "%s", engine_of(watcher->monitor, &watcher->words) ?: "");
		snprintf(watcher->directory + strlen(watcher->directory), 128, "/%s", target->id);
	}
	ret = fill_from_bundle(target, watcher->directory, &watcher->words, owner, reader);
	if (!ret)
		ret = lc_bundle_fill_runtime(target, watcher->words.runtime);
	if (ret)
		return ret;
	return lc_bundle_fill_string(&target->engine, engine_of(watcher->monitor, &watcher->words));
}
