/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds out about a container from the process that watches over it: conmon, or containerd's shim. */
#include "src/identity/monitor.h"
#include "src/identity/bundle.h"
#include "src/identity/process.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define LC_ARGUMENTS_MAX 65536

/* A program that engines have watch over a container. */
static const struct monitor {
	const char *comm;
	const char *engine; /* NULL: the bundle tells */
	/* The option that each of them follows, in both of its forms; NULL where there is none. */
	const char *id[2], *name[2], *bundle[2], *namespace[2];
	/* It works in a bundle: its container's, or that of its pod's first container, which lies beside it. */
	bool works_in_bundle;
} monitors[] = {
	{.comm = "conmon", .id = {"-c", "--cid"}, .name = {"-n", "--name"}, .bundle = {"-b", "--bundle"}},
	/* "containerd-shim-runc-v2", of which comm holds 15 bytes */
	{.comm = "containerd-shim",
		.engine = "containerd",
		.namespace = {"-namespace", "--namespace"},
		.works_in_bundle = true},
};

/* What stands in the annotations as the one who made the container. */
static const struct manager {
	const char *name;
	const char *engine;
} managers[] = {
	{"libpod", "podman"},
	{"cri-o", "cri-o"},
};

static void cleanup_json(json_t **json)
{
	json_decref(*json);
}

static const struct monitor *find_monitor(const char *comm)
{
	for (size_t i = 0; i < sizeof(monitors) / sizeof(monitors[0]); i++) {
		if (strcmp(monitors[i].comm, comm) == 0)
			return &monitors[i];
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

	*words = (struct lc_monitor_words){0};
	if (!monitor)
		return -ENOENT;
	while (size) {
		size_t length = strnlen(arguments, size);

		/* Cut off in the middle: the rest is missing. */
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
		option = arguments;
		arguments += length + 1;
		size -= length + 1;
	}
	return 0;
}

/* Reads the file NAME of process PID to TEXT (SIZE bytes, the last of them NUL). Returns its length, 0 when it can't be read. */
static size_t read_file(pid_t pid, const char *name, char *text, size_t size)
{
	_cleanup_file_ FILE *stream = NULL;
	char path[64];
	size_t length;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	stream = fopen(path, "re");
	length = stream ? fread(text, 1, size - 1, stream) : 0;
	text[length] = '\0';
	return length;
}

/* The directory that holds the bundle which monitor PID works in, or "". */
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
static int fill_from_storage_of(struct lc_target *target, const char *bundle, uid_t owner)
{
	_cleanup_free_ char *copy = strdup(bundle);

	return copy ? lc_monitor_fill_from_storage(target, dirname(dirname(copy)), owner) : -ENOMEM;
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

int lc_monitor_fill_from_storage(struct lc_target *target, const char *storage, uid_t owner)
{
	_cleanup_(cleanup_json) json_t *list = NULL;
	_cleanup_(cleanup_json) json_t *metadata = NULL;
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	const json_t *entry;
	const char *text;
	int ret;

	lc_strbuf_addf(&path, "%s/containers.json", storage);
	if (path.failed)
		return -ENOMEM;
	list = lc_bundle_load(path.text, owner);
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
static int fill_engine(struct lc_target *target, const char *directory, uid_t owner)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	_cleanup_(cleanup_json) json_t *config = NULL;
	const char *name;

	lc_strbuf_addf(&path, "%s/config.json", directory);
	if (path.failed)
		return -ENOMEM;
	config = lc_bundle_load(path.text, owner);
	name = json_string_value(json_object_get(json_object_get(config, "annotations"), "io.container.manager"));
	for (size_t i = 0; name && i < sizeof(managers) / sizeof(managers[0]); i++) {
		if (strcmp(managers[i].name, name) == 0)
			return lc_bundle_fill_string(&target->engine, managers[i].engine);
	}
	return 0;
}

/* Fills TARGET from its bundle in DIRECTORY and what lies around it. */
static int fill_from_bundle(
	struct lc_target *target, const char *directory, const struct lc_monitor_words *words, uid_t owner)
{
	int ret = lc_bundle_fill_from(target, directory, owner);

	if (ret == -ENOMEM)
		return ret;
	ret = fill_engine(target, directory, owner);
	if (ret == 0)
		ret = lc_bundle_fill_string(&target->name, words->name);
	return ret || !words->bundle ? ret : fill_from_storage_of(target, directory, owner);
}

/* What containerd's clients call their namespaces: Docker's is its own. */
static const char *engine_of(const struct monitor *monitor, const struct lc_monitor_words *words)
{
	return words->namespace && strcmp(words->namespace, "moby") == 0 ? "docker" : monitor->engine;
}

int lc_monitor_fill(struct lc_target *target, pid_t pid)
{
	_cleanup_free_ char *arguments = malloc(LC_ARGUMENTS_MAX);
	_cleanup_free_ char *directory = malloc(PATH_MAX + 128);
	struct lc_monitor_words words;
	struct lc_process process;
	char comm[32];
	int ret;

	if (!arguments || !directory)
		return -ENOMEM;
	read_file(pid, "comm", comm, sizeof(comm));
	comm[strcspn(comm, "\n")] = '\0';
	if (lc_monitor_read(comm, arguments, read_file(pid, "cmdline", arguments, LC_ARGUMENTS_MAX), &words) ||
		lc_process_read(pid, &process) || !lc_container_id_valid(target->id) ||
		(words.id && strcmp(words.id, target->id) != 0))
		return 0;
	ret = lc_bundle_fill_string(&target->engine, engine_of(find_monitor(comm), &words));
	if (ret)
		return ret;
	if (words.bundle)
		return fill_from_bundle(target, words.bundle, &words, process.uid);
	find_directory(pid, directory);
	if (!find_monitor(comm)->works_in_bundle || !*directory)
		return 0;
	snprintf(directory + strlen(directory), 128, "/%s", target->id);
	return fill_from_bundle(target, directory, &words, process.uid);
}
