/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The containers that trials have left behind: whose they are, and how they go. */
#include "src/cli/prover_left.h"
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/engine_ask.h>
#include <leastcap/host.h>
#include <leastcap/json.h>
#include <leastcap/proxy.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *lc_left_label(void)
{
	struct lc_process self;
	char *label;

	if (lc_process_read(getpid(), &self))
		self.started = UINT64_MAX;
	return asprintf(&label, "%d:%" PRIu64, getpid(), self.started) < 0 ? NULL : label;
}

/* The process number of the proof that LABEL names, if that goes on and is not ours; 0 otherwise. Anybody may have written LABEL. */
static pid_t goes_on(const char *label)
{
	struct lc_process process;
	uint64_t started;
	int pid, end = 0;

	if (!label || sscanf(label, "%d:%" SCNu64 "%n", &pid, &started, &end) != 2 || label[end])
		return 0;
	if (pid <= 0 || pid == getpid() || lc_process_read(pid, &process))
		return 0;
	return process.started == started && started != UINT64_MAX ? pid : 0;
}

/* The same of CONTAINER, of the engine's list. */
static pid_t proof_of(const json_t *container)
{
	return goes_on(json_string_value(json_object_get(json_object_get(container, "Labels"), LC_PROXY_LABEL)));
}

/* The containers that carry a trial's label, as the engine at SOCKET lists them: *LIST is a reference. 0 or -errno. */
static int list_labelled(const char *socket, json_t **list)
{
	static const char path[] = "containers/json?all=1&filters=%7B%22label%22%3A%5B%22" LC_PROXY_LABEL "%22%5D%7D";
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	int r = lc_engine_get(socket, path, &body);

	if (r)
		return r;
	*list = json_loadb(body.text ? body.text : "", body.length, 0, NULL);
	return json_is_array(*list) ? 0 : -EPROTO;
}

void lc_left_tell(const char *socket, const struct lc_log *log)
{
	_cleanup_json_ json_t *list = NULL;
	const json_t *container;
	size_t i, left = 0;

	if (list_labelled(socket, &list))
		return;
	json_array_foreach(list, i, container) left += !proof_of(container);
	if (left)
		lc_log(log, LC_LOG_WARN,
			"%zu containers of trials are still there, with the trial's list; 'leastcap prove --clean' removes them",
			left);
}

/* Removes CONTAINER, of such a list. 0 or -errno. */
static int remove_left(const char *socket, const json_t *container, const struct lc_log *log)
{
	const char *id = json_string_value(json_object_get(container, "Id"));
	pid_t pid = proof_of(container);
	char path[128];
	int r;

	if (!id)
		return -EPROTO;
	if (pid) {
		lc_log(log, LC_LOG_NOTICE, "container %.12s stays: it is of a proof that goes on, process %d", id, pid);
		return 0;
	}
	snprintf(path, sizeof(path), "containers/%.64s?force=1&v=1", id);
	r = lc_engine_delete(socket, path);
	lc_log(log, r ? LC_LOG_ERROR : LC_LOG_NOTICE, "%s container %.12s%s%s", r ? "cannot remove" : "removed", id,
		r ? ": " : "", r ? strerror(-r) : "");
	return r;
}

int lc_left_clean(const struct lc_log *log)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf socket = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_json_ json_t *list = NULL;
	int status = LC_EXIT_OK;
	const json_t *container;
	size_t i;
	int r = lc_proxy_find_engine(&socket, &message);

	if (!r)
		r = list_labelled(socket.text, &list);
	if (r < 0) {
		lc_log(log, LC_LOG_ERROR, "cannot ask the engine for containers: %s", message ? message : strerror(-r));
		return LC_EXIT_FAILURE;
	}
	json_array_foreach(list, i, container)
	{
		if (remove_left(socket.text, container, log))
			status = LC_EXIT_FAILURE;
	}
	return status;
}
