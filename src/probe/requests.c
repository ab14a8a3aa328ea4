/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Capabilities that were named without a check (bpf/request.h), as the kernel side counted them. */
#include "src/probe/about.h"
#include "src/probe/probe_private.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* One key as far as user space knows it. */
struct lc_request {
	struct lc_request_key key;
	struct lc_request_count count;
	bool told;                 /* its event has come */
	bool held;                 /* something of it was to be delivered, and waits */
	bool late;                 /* it was to be delivered before that */
	bool asked;                /* what its file carries was asked for, and has not been told */
	uint64_t delivered;        /* which capabilities have been, or of an own check that it has … */
	uint64_t *delivered_count; /* … and how many of each; NULL: none */
	uint64_t delivered_calls;
	bool unread; /* what its file carries is not known, and matters */
	char *comm;
	char *exe;
	char *user; /* "uid:gid" */
	struct lc_carried carried;
};

void lc_request_free(void *value)
{
	struct lc_request *request = value;

	free(request->comm);
	free(request->exe);
	free(request->user);
	free(request->delivered_count);
	free(request->carried.about);
	free(request);
}

/* The request for KEY, made when it is new. NULL when out of memory. */
static struct lc_request *request_of(struct lc_probe *probe, const struct lc_request_key *key)
{
	return lc_table_get_or_add(probe->named, key, sizeof(struct lc_request));
}

/* Has the program at PATH looked at. */
static void look_at_program(
	struct lc_probe *probe, const struct lc_event_request *event, struct lc_request *request, const char *path)
{
	const struct lc_probe_events *events = probe->events;
	struct lc_executed executed = {
		.key = request,
		.cgroup = event->key.cgroup,
		.tgid = event->actor.tgid,
		.root = {event->actor.device, event->actor.root},
		.refused = event->key.facts & LC_REQUEST_REFUSED,
		.inode = event->inode,
		.changed_ns = (int64_t)event->key.version,
		.path = path,
		.comm = request->comm,
	};

	if (executed.refused)
		executed.changed_ns = lc_since_1970(probe, event->actor.time);
	if (!events || !events->executed || !path)
		return;
	request->asked = true;
	events->executed(events->context, &executed);
}

const struct lc_request_key *lc_request_key(const void *value)
{
	return &((const struct lc_request *)value)->key;
}

bool lc_request_waits(const void *value)
{
	const struct lc_request *request = value;

	return request->asked || request->held;
}

void lc_probe_tell_carried(struct lc_probe *probe, const void *key, int result, struct lc_carried *carried)
{
	struct lc_request *request = lc_table_get(probe->named, &((const struct lc_request *)key)->key);

	if (!request)
		return;
	request->asked = false;
	free(request->carried.about);
	request->carried = *carried;
	*carried = (struct lc_carried){0};
	if (!result)
		return;
	request->unread = !(request->key.facts & LC_REQUEST_COMPUTED);
	lc_log(probe->log, LC_LOG_DEBUG, "%s: its file capabilities can't be read any more: %s",
		request->exe ? request->exe : request->comm, strerror(-result));
}

void lc_probe_take_request(struct lc_probe *probe, const struct lc_event_request *event)
{
	struct lc_request *request = request_of(probe, &event->key);
	char *path = lc_about_absolute(event->text, event->text_bytes, event->base, event->base_bytes);

	if (!request || request->told) {
		free(path);
		return;
	}
	request->told = true;
	request->comm = strndup(event->actor.comm, sizeof(event->actor.comm));
	if (asprintf(&request->user, "%u:%u", event->actor.uid, event->actor.gid) < 0)
		request->user = NULL;
	if (!event->text_bytes)
		request->exe = lc_copy(path);
	if (event->key.kind == LC_REQUEST_FILE)
		look_at_program(probe, event, request, path);
	free(path);
}

/* Takes the counts in the kernel's MAP. */
static int take_counts(struct lc_probe *probe, int map)
{
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(map, sizeof(struct lc_request_key), &list);
	const struct lc_request_key *keys = list;

	for (ssize_t i = 0; i < n; i++) {
		struct lc_request *request = request_of(probe, &keys[i]);

		if (!request)
			return -ENOMEM;
		bpf_map_lookup_elem(map, &keys[i], &request->count);
	}
	return n < 0 ? (int)n : 0;
}

/* How each kind of request is told. */
static const struct {
	enum lc_source source;
	const char *syscall;
	const char *refusal; /* what it returns without the capability */
} kinds[] = {
	[LC_REQUEST_FILE] = {LC_SOURCE_FILE, "execve", "EPERM"},
	[LC_REQUEST_CAPSET] = {LC_SOURCE_CAPSET, "capset", "EPERM"},
	[LC_REQUEST_AMBIENT] = {LC_SOURCE_AMBIENT, "prctl", "EPERM"},
	[LC_REQUEST_ROOT_MAP] = {LC_SOURCE_USERNS, NULL, NULL},
	[LC_REQUEST_RING] = {LC_SOURCE_RING, "io_uring_register", "ENOMEM"},
};

/* The capabilities that REQUEST names, as the kernel side counted them. */
static uint64_t counted_in(const struct lc_request *request)
{
	uint64_t named = 0;

	for (int cap = 0; cap < LC_CAPS; cap++)
		named |= request->count.named[cap] ? LC_CAP_BIT(cap) : 0;
	return named;
}

/* "asks for NET_BIND_SERVICE SYS_TIME"; of a file what it carries. Caller frees. */
static char *describe(const struct lc_request *request)
{
	static const char *const verbs[] = {[LC_REQUEST_FILE] = "its file gave it",
		[LC_REQUEST_CAPSET] = "asks for",
		[LC_REQUEST_AMBIENT] = "raises"};
	struct lc_strbuf text = {0};
	char name[LC_CAP_NAME_SIZE];

	if (request->carried.about)
		return lc_copy(request->carried.about);
	if (request->key.kind == LC_REQUEST_ROOT_MAP)
		return strdup("maps root into a user namespace");
	if (request->key.kind == LC_REQUEST_RING)
		return strdup("locks memory beyond RLIMIT_MEMLOCK");
	lc_strbuf_adds(&text, verbs[request->key.kind]);
	for (int cap = 0; cap < LC_CAPS; cap++) {
		if (request->count.named[cap])
			lc_strbuf_addf(&text, " %s", lc_cap_name(cap, name));
	}
	return lc_strbuf_steal(&text);
}

/*
 * The capabilities that REQUEST names. An execve that was refused for what its file carries demands all of it. If nothing of that was
 * lacking, something else refused it.
 */
static uint64_t named_in(const struct lc_request *request)
{
	uint64_t carried = request->carried.caps;

	if (request->key.facts & LC_REQUEST_REFUSED && !(carried & ~request->key.version))
		carried = 0;
	return carried | counted_in(request);
}

/* Whether CAP was what REQUEST was refused for. Of a file's capabilities some were there, maybe, and others not. */
static bool lacked(const struct lc_request *request, int cap)
{
	if (!(request->key.facts & LC_REQUEST_REFUSED))
		return false;
	return request->key.kind != LC_REQUEST_FILE || !(request->key.version & LC_CAP_BIT(cap));
}

/* How often REQUEST has named CAP. What a file carries it gives to each process that runs it. */
static uint64_t count_of(const struct lc_request *request, int cap)
{
	return request->carried.caps & LC_CAP_BIT(cap) ? request->count.counter.count : request->count.named[cap];
}

static int deliver(struct lc_probe *probe, const struct lc_request *request, int cap, uint64_t told,
	int (*visit)(void *context, struct lc_counted *counted), void *context)
{
	bool refused = request->key.facts & LC_REQUEST_REFUSED, was_lacking = lacked(request, cap);
	struct lc_counted counted = {
		.cgroup = request->key.cgroup,
		.userns = request->key.userns,
		.check =
			{
				.cap = cap,
				.source = kinds[request->key.kind].source,
				.verdict = was_lacking ? LC_VERDICT_DENIED : LC_VERDICT_GRANTED,
				.authority = was_lacking ? LC_AUTHORITY_NONE : LC_AUTHORITY_EFFECTIVE,
				.ordinary = request->key.facts & LC_REQUEST_DERIVED,
				.gives_up = request->key.facts & LC_REQUEST_GIVES_UP,
				.no_new_privs = request->key.facts & LC_REQUEST_NO_NEW_PRIVS,
				.count = count_of(request, cap) - told,
				.first_ns = lc_probe_first(probe, request->count.counter.first, told),
				.last_ns = lc_probe_time(probe, request->count.counter.last),
				.syscall = lc_copy(kinds[request->key.kind].syscall),
				.exe = lc_copy(request->exe),
				.comm = lc_copy(request->comm),
				.about = describe(request),
				.user = lc_copy(request->user),
				.result = lc_copy(refused ? kinds[request->key.kind].refusal : NULL),
			},
	};
	int r = visit(context, &counted);

	lc_check_clear(&counted.check);
	return r;
}

/* Delivers what is new of REQUEST. */
static int deliver_news(struct lc_probe *probe, struct lc_request *request,
	int (*visit)(void *context, struct lc_counted *counted), void *context)
{
	uint64_t named = request->key.kind == LC_REQUEST_OWN_CHECK ? 0 : named_in(request);
	int r = 0;

	request->held =
		named && (lc_awaits_event(probe, request->told, &request->late) || (request->asked && !probe->stopped));
	if (!named || request->held)
		return 0;
	if (!request->delivered_count)
		request->delivered_count = calloc(LC_CAPS, sizeof(*request->delivered_count));
	if (!request->delivered_count)
		return -ENOMEM;
	for (int cap = 0; !r && cap < LC_CAPS; cap++) {
		uint64_t told = request->delivered_count[cap];

		if (!(named & LC_CAP_BIT(cap)) ||
			(request->delivered & LC_CAP_BIT(cap) && count_of(request, cap) <= told))
			continue;
		r = deliver(probe, request, cap, told, visit, context);
		request->delivered |= LC_CAP_BIT(cap);
		request->delivered_count[cap] = count_of(request, cap);
	}
	return r;
}

int lc_requests_each(struct lc_probe *probe, int (*visit)(void *context, struct lc_counted *counted), void *context)
{
	struct lc_request *request;
	size_t cursor = 0;
	int r = take_counts(probe, bpf_map__fd(probe->kernel.maps.requests))
			?: take_counts(probe, bpf_map__fd(probe->kernel.maps.names));

	while (!r && (request = lc_table_next(probe->named, &cursor)))
		r = deliver_news(probe, request, visit, context);
	return r;
}

void lc_probe_each_program(const struct lc_probe *probe,
	void (*visit)(void *context, uint64_t cgroup, const char *path, uint32_t inode), void *context)
{
	const struct lc_request *request;
	size_t cursor = 0;

	while ((request = lc_table_next(probe->named, &cursor))) {
		if (request->key.kind == LC_REQUEST_FILE && !(request->key.facts & LC_REQUEST_REFUSED))
			visit(context, request->key.cgroup, request->exe, request->key.exe);
	}
}

/* The path of the program with inode number EXE (its low half) that was seen to begin in CGROUP; NULL when none was. */
static const char *program_of(const struct lc_probe *probe, uint64_t cgroup, uint32_t exe)
{
	const struct lc_request *request;
	size_t cursor = 0;

	while ((request = lc_table_next(probe->named, &cursor))) {
		if (request->key.kind == LC_REQUEST_FILE && request->key.cgroup == cgroup && request->key.exe == exe &&
			request->exe)
			return request->exe;
	}
	return NULL;
}

/* Tells that as many processes as have not been told read their own sets and gave up. It is told as a call that was refused, because nothing else was. */
static int deliver_own_check(struct lc_probe *probe, const struct lc_request *request,
	int (*visit)(void *context, struct lc_counted_call *counted), void *context)
{
	struct lc_counted_call counted = {
		.cgroup = request->key.cgroup,
		.userns = request->key.userns,
		.call =
			{
				.syscall = strdup("capget"),
				.exe = lc_copy(program_of(probe, request->key.cgroup, request->key.exe)),
				.comm = lc_copy(request->comm),
				.user = lc_copy(request->user),
				.argument = request->key.version,
				.count = request->count.counter.count - request->delivered_calls,
				.first_ns =
					lc_probe_first(probe, request->count.counter.first, request->delivered_calls),
				.last_ns = lc_probe_time(probe, request->count.counter.last),
			},
	};
	int r;

	if (asprintf(&counted.call.result, "exit %u", (unsigned int)request->key.program) < 0)
		counted.call.result = NULL;
	r = counted.call.syscall && counted.call.result ? visit(context, &counted) : -ENOMEM;
	lc_failure_clear(&counted.call);
	return r;
}

int lc_requests_each_call(
	struct lc_probe *probe, int (*visit)(void *context, struct lc_counted_call *counted), void *context)
{
	struct lc_request *request;
	size_t cursor = 0;
	int r = take_counts(probe, bpf_map__fd(probe->kernel.maps.requests));

	while (!r && (request = lc_table_next(probe->named, &cursor))) {
		/* Whoever had everything missed nothing. */
		if (request->key.kind != LC_REQUEST_OWN_CHECK || !(lc_cap_all() & ~request->key.version) ||
			(request->delivered && request->count.counter.count <= request->delivered_calls))
			continue;
		request->held = lc_awaits_event(probe, request->told, &request->late);
		if (request->held)
			continue;
		r = deliver_own_check(probe, request, visit, context);
		request->delivered = 1;
		request->delivered_calls = request->count.counter.count;
	}
	return r;
}

bool lc_requests_wait_for(const struct lc_probe *probe, uint64_t cgroup, uint32_t exe)
{
	const struct lc_request *request;
	size_t cursor = 0;

	while ((request = lc_table_next(probe->named, &cursor))) {
		if (request->asked && request->key.cgroup == cgroup && request->key.exe == exe)
			return true;
	}
	return false;
}

bool lc_requests_void_file(const struct lc_probe *probe, uint64_t cgroup, uint32_t exe)
{
	const struct lc_request *request;
	size_t cursor = 0;

	while ((request = lc_table_next(probe->named, &cursor))) {
		if (request->key.kind == LC_REQUEST_FILE && request->key.cgroup == cgroup && request->key.exe == exe &&
			request->key.facts & LC_REQUEST_NO_NEW_PRIVS &&
			(request->key.facts & LC_REQUEST_SET_ID || request->carried.caps))
			return true;
	}
	return false;
}

int lc_requests_each_unread(const struct lc_probe *probe,
	int (*visit)(void *context, uint64_t id, const struct lc_missed *missed), void *context)
{
	const struct lc_missed missed = {.losses.of[LC_LOSS_PROGRAMS] = 1};
	const struct lc_request *request;
	size_t cursor = 0;
	int r = 0;

	while (!r && (request = lc_table_next(probe->named, &cursor))) {
		if (request->unread)
			r = visit(context, request->key.cgroup, &missed);
	}
	return r;
}
