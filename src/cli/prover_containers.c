/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looks at a container while it is there: how the engine says that it is, what it has logged, and whose its files are. */
#include "src/cli/prover_private.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/engine_ask.h>
#include <leastcap/json.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How many of a log's last lines are asked for: first, and where these are too long. */
static const unsigned int tails[] = {20000, 1000};

/* A longer name is none that an engine has chosen. */
#define CHOSEN_MAX 64

/* Asks for WHAT of container ID, which is ABOUT something. 0 or -errno. */
static int ask(struct lc_prover *prover, const char *id, const char *what, const char *about, struct lc_strbuf *body)
{
	char path[256];
	int r;

	snprintf(path, sizeof(path), "containers/%.64s/%s", id, what);
	r = lc_prover_ask(prover, path, about, body);
	prover->crowded |= r == -EMSGSIZE;
	return r;
}

json_t *lc_prover_inspect(struct lc_prover *prover, const char *container)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	char path[192];

	if (!prover->socket || strlen(container) > 128 || strpbrk(container, "/?#%"))
		return NULL;
	snprintf(path, sizeof(path), "containers/%s/json", container);
	return lc_prover_ask(prover, path, "how a container is", &body)
		       ? NULL
		       : json_loadb(body.text ? body.text : "", body.length, 0, NULL);
}

static size_t count_lines(const struct lc_strbuf *text)
{
	size_t n = 0;

	for (size_t i = 0; i < text->length; i++)
		n += text->text[i] == '\n';
	return n;
}

int lc_prover_take_log(struct lc_prover *prover, const struct lc_prover_created *created, const json_t *answer)
{
	bool terminal = json_is_true(json_object_get(json_object_get(answer, "Config"), "Tty"));
	char since[64] = "";
	int r = -EMSGSIZE;

	if (prover->began_ns)
		snprintf(since, sizeof(since), "&since=%" PRId64 ".%09" PRId64, prover->began_ns / LC_NS_PER_S,
			prover->began_ns % LC_NS_PER_S);
	for (size_t i = 0; r == -EMSGSIZE && i < sizeof(tails) / sizeof(tails[0]); i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
		char what[128];

		snprintf(what, sizeof(what), "logs?stdout=1&stderr=1&tail=%u%s", tails[i], since);
		r = ask(prover, created->id, what, "what a container has logged", &body);
		prover->crowded |= !r && count_lines(&body) >= tails[i];
		if (!r && body.text)
			r = lc_traits_add_log(&prover->now, created->container, !terminal, body.text, body.length);
	}
	prover->crowded |= r > 0;
	return r > 0 ? 0 : r;
}

bool lc_prover_is_of(pid_t pid, const char *id)
{
	_cleanup_file_ FILE *cgroups = NULL;
	char path[64], line[1024];

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	cgroups = fopen(path, "re");
	while (cgroups && fgets(line, sizeof(line), cgroups)) {
		if (strstr(line, id))
			return true;
	}
	return false;
}

/* Opens the root directory of container ID, whose first process is PID. A descriptor or -errno. */
static int open_root(pid_t pid, const char *id)
{
	char path[64];
	int root;

	snprintf(path, sizeof(path), "/proc/%d/root", pid);
	root = pid > 0 ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -ESRCH;
	if (root < 0)
		return root == -1 ? -errno : root;
	/* The process may have ended meanwhile, and another may have its number. */
	if (lc_prover_is_of(pid, id))
		return root;
	close(root);
	return -ESRCH;
}

/* Takes the owners of what is in the container's volumes. Positive: there were more files than find room; 0; -ENOMEM; or another -errno when not all could be read. */
static int take_volumes(
	struct lc_prover *prover, const struct lc_prover_created *created, const json_t *answer, int root)
{
	const json_t *mounts = json_object_get(answer, "Mounts"), *mount;
	bool full = false;
	int unread = 0;
	size_t i;

	json_array_foreach(mounts, i, mount)
	{
		const char *path = json_string_value(json_object_get(mount, "Destination"));
		int r;

		if (!path || json_is_false(json_object_get(mount, "RW")))
			continue;
		r = lc_traits_add_tree(&prover->now, created->container, root, path);
		if (r == -ENOMEM)
			return r;
		/* Others may be readable. */
		unread = r < 0 ? r : unread;
		full |= r > 0;
	}
	return unread ? unread : full;
}

/* Takes the owners of its files. 0; -ENOMEM; or another -errno where they can't be had. */
static int take_files(struct lc_prover *prover, const struct lc_prover_created *created, const json_t *answer)
{
	pid_t pid = (pid_t)json_integer_value(json_object_get(json_object_get(answer, "State"), "Pid"));
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	/* The engine's word is not worth our own rights. */
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	_cleanup_fd_ int root = -1;
	int changed, r = ask(prover, created->id, "changes", "which files a container has changed", &body);

	if (!r)
		r = lc_as_caller_begin(&caller);
	if (r)
		return r;
	root = open_root(pid, created->id);
	if (root < 0)
		return root;
	changed =
		lc_traits_add_changes(&prover->now, created->container, root, body.text ? body.text : "", body.length);
	r = changed == -ENOMEM ? changed : take_volumes(prover, created, answer, root);
	prover->crowded |= changed > 0 || r > 0;
	return r < 0 ? r : changed < 0 ? changed : 0;
}

int lc_prover_look_at(struct lc_prover *prover, struct lc_prover_created *created)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	_cleanup_json_ json_t *answer = NULL;
	int r = ask(prover, created->id, "json", "how a container is", &body);

	if (!r && body.text)
		r = lc_traits_add_state(&prover->now, created->container, body.text, body.length);
	if (r)
		return r == -ENOMEM ? r : 0;
	created->stated = true;
	answer = json_loadb(body.text ? body.text : "", body.length, 0, NULL);
	r = lc_prover_take_log(prover, created, answer);
	created->logged |= !r;
	if (r != -ENOMEM && json_is_true(json_object_get(json_object_get(answer, "State"), "Running"))) {
		r = take_files(prover, created, answer);
		created->listed |= !r;
	}
	return r == -ENOMEM ? r : 0;
}

/* The container of the last run that has this NAME or id, or whose id begins so; NULL: none. */
static struct lc_prover_created *find(const struct lc_prover *prover, const char *name)
{
	for (size_t i = prover->n_created; name && *name && i > 0; i--) {
		struct lc_prover_created *created = &prover->created[i - 1];

		if ((created->name && !strcmp(created->name, name)) || !strncmp(created->id, name, strlen(name)))
			return created;
	}
	return NULL;
}

struct lc_prover_created *lc_prover_known_as(struct lc_prover *prover, const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	_cleanup_json_ json_t *answer = NULL;
	struct lc_prover_created *created = find(prover, name);

	/* The engine may have chosen the name. It has no other letters. */
	if (created || !name || strlen(name) > CHOSEN_MAX || name[strspn(name, letters)] ||
		ask(prover, name, "json", "which container the client means", &body))
		return created;
	answer = json_loadb(body.text ? body.text : "", body.length, 0, NULL);
	return find(prover, json_string_value(json_object_get(answer, "Id")));
}
