/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that were refused, or that an engine's filter guards (bpf/returned.h), as the kernel side counted them. */
#include "src/probe/about.h"
#include "src/probe/calls.h"
#include "src/probe/rooms.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/strbuf.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One key as far as user space knows it. */
struct lc_returned {
	struct lc_call_key key;
	struct lc_counter counter; /* taken out of the kernel … */
	uint64_t live;             /* … and how many more were counted there, when that was looked at last */
	uint64_t delivered;        /* how many of both have been */
	bool kept;                 /* its cgroup is gone, and its share has one more for it */
	bool late;                 /* it was to be delivered before its event had come */
	bool told;                 /* its event has come */
	char *comm;
	char *exe;
	char *about;
	char *user; /* "uid:gid" */
	enum lc_filter_answer filter;
	struct seccomp_data call; /* what filters see of the first of them */
	struct lc_inspected inspected;
};

void lc_returned_free(void *value)
{
	struct lc_returned *returned = value;

	free(returned->comm);
	free(returned->exe);
	free(returned->about);
	free(returned->user);
	lc_object_clear(&returned->inspected.object);
	free(returned);
}

/* What is known of KEY, made when it is new. NULL when out of memory. */
static struct lc_returned *returned_of(struct lc_probe *probe, const struct lc_call_key *key)
{
	return lc_table_get_or_add(probe->returned, key, sizeof(struct lc_returned));
}

/* The kernel's number for the architecture whose calls SYSCALL, the word in a key, is one of. */
static uint32_t architecture_of(uint16_t syscall)
{
#if defined(__x86_64__)
	return syscall & LC_SYSCALL_COMPAT ? AUDIT_ARCH_I386 : AUDIT_ARCH_X86_64;
#else
	return syscall & LC_SYSCALL_COMPAT ? AUDIT_ARCH_ARM : AUDIT_ARCH_AARCH64;
#endif
}

/* EVENT's call as filters see it: include/uapi/linux/seccomp.h, struct seccomp_data. */
static struct seccomp_data seen_by_filters(const struct lc_event_call *event)
{
	struct seccomp_data call = {
		.nr = (int)event->number,
		.arch = architecture_of(event->key.syscall),
		.instruction_pointer = event->pointer,
	};

	memcpy(call.args, event->subject.arguments, sizeof(call.args));
	return call;
}

/* Asks the filters of RETURNED's task, unless they have answered. */
static void ask_filters(struct lc_probe *probe, struct lc_returned *returned)
{
	const struct lc_call_key *key = &returned->key;

	if (returned->filter != LC_FILTER_UNKNOWN)
		return;
	if (!(key->facts & LC_CALL_FILTERED))
		returned->filter = LC_FILTER_NONE;
	else if (!key->error)
		returned->filter = LC_FILTER_ALLOWS;
	else if (returned->told)
		returned->filter = lc_filters_ask(probe, key->cgroup, key->filters, &returned->call, key->error);
}

/*
 * Has the file looked at that EVENT's call is about, while it is still, or nearly, as the kernel met it. Where a filter refused the call
 * the file has no part in it. EACCES comes from a mode, EPERM from an owner.
 */
static void look_at_object(struct lc_probe *probe, const struct lc_event_call *event, struct lc_returned *returned)
{
	const struct lc_probe_events *events = probe->events;
	_cleanup_free_ char *name = lc_syscall_name(event->key.syscall);
	struct lc_touched touched = {
		.key = &returned->inspected,
		.cgroup = event->key.cgroup,
		.tgid = event->actor.tgid,
		.uid = event->actor.uid,
		.gid = event->actor.gid,
		.root = {event->actor.device, event->actor.root},
		.cap = event->key.error == EACCES ? CAP_DAC_OVERRIDE : CAP_FOWNER,
		.syscall = name,
		.path = returned->about,
	};

	if (!events || !events->touched || !event->key.error || event->key.error == ENOSYS || !returned->about)
		return;
	if (returned->filter == LC_FILTER_REFUSES || !lc_about_is_path(&event->subject))
		return;
	memcpy(touched.arguments, event->subject.arguments, sizeof(touched.arguments));
	returned->inspected.looked_at = returned->inspected.is_looked_for = true;
	events->touched(events->context, &touched);
}

void lc_probe_take_call(struct lc_probe *probe, const struct lc_event_call *event)
{
	struct lc_returned *returned = returned_of(probe, &event->key);

	if (!returned || returned->told)
		return;
	returned->told = true;
	returned->comm = strndup(event->actor.comm, sizeof(event->actor.comm));
	returned->exe = lc_about_path(event->exe, event->exe_bytes);
	returned->about = lc_about_describe(&event->subject);
	if (asprintf(&returned->user, "%u:%u", event->actor.uid, event->actor.gid) < 0)
		returned->user = NULL;
	returned->call = seen_by_filters(event);
	ask_filters(probe, returned);
	look_at_object(probe, event, returned);
}

/* Adds MORE to COUNTER. */
static void add_counter(struct lc_counter *counter, const struct lc_counter *more)
{
	counter->count += more->count;
	if (more->first && (!counter->first || more->first < counter->first))
		counter->first = more->first;
	if (more->last > counter->last)
		counter->last = more->last;
}

/* Forgets KEY, unless its file is being looked at. */
static void forget(struct lc_probe *probe, const struct lc_call_key *key)
{
	struct lc_returned *returned = lc_table_get(probe->returned, key);

	if (!returned || returned->inspected.is_looked_for)
		return;
	lc_table_remove(probe->returned, key);
	lc_returned_free(returned);
}

int lc_returned_keep(struct lc_probe *probe, struct lc_gone_cgroup *gone, const struct lc_call_key *key,
	const struct lc_counter *more)
{
	struct lc_share *share = gone ? lc_share_at(probe, gone->share) : NULL;
	struct lc_returned *returned;

	if (gone && !share)
		return -ENOMEM;
	returned = lc_table_get(probe->returned, key);
	/* What has been delivered in part is not lost any more. */
	if (share && share->returned >= LC_RECORDS_OF_SHARE && !(returned && returned->delivered)) {
		gone->missed.losses.of[LC_LOSS_UNCOUNTED] += more->count;
		forget(probe, key);
		return 0;
	}
	returned = returned_of(probe, key);
	if (!returned)
		return -ENOMEM;
	add_counter(&returned->counter, more);
	returned->live = 0;
	ask_filters(probe, returned);
	if (gone) {
		share->returned++;
		gone->told = true;
		returned->kept = true;
	}
	return 0;
}

bool lc_returned_is_kept(const void *value)
{
	return ((const struct lc_returned *)value)->kept;
}

/* Notes what the kernel's MAP has counted so far. 0 or -errno. */
static int look_at_counters(struct lc_probe *probe, int map)
{
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(map, sizeof(struct lc_call_key), &list);
	const struct lc_call_key *keys = list;

	for (ssize_t i = 0; i < n; i++) {
		struct lc_returned *returned;
		struct lc_counter counter;

		if (bpf_map_lookup_elem(map, &keys[i], &counter))
			continue;
		returned = returned_of(probe, &keys[i]);
		if (!returned)
			return -ENOMEM;
		returned->live = counter.count;
		counter.count = 0;
		add_counter(&returned->counter, &counter);
		ask_filters(probe, returned);
	}
	return n < 0 ? (int)n : 0;
}

/* Moves the counters in the kernel's MAP, which is ROOM, to here: of cgroups that are gone, or (EVERY) all. 0 or -errno. */
static int take_counters(struct lc_probe *probe, int map, enum lc_room room, bool every)
{
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(map, sizeof(struct lc_call_key), &list);
	const struct lc_call_key *keys = list;

	for (ssize_t i = 0; i < n; i++) {
		struct lc_gone_cgroup *gone = lc_table_get(probe->gone, &keys[i].cgroup);
		struct lc_counter counter;
		int r;

		if ((!every && !gone) || bpf_map_lookup_elem(map, &keys[i], &counter))
			continue;
		if (!bpf_map_delete_elem(map, &keys[i]) && gone)
			lc_rooms_give_back(probe, gone->share, room);
		r = lc_returned_keep(probe, gone, &keys[i], &counter);
		if (r)
			return r;
	}
	return n < 0 ? (int)n : 0;
}

int lc_returned_take(struct lc_probe *probe, bool every)
{
	return take_counters(probe, bpf_map__fd(probe->kernel.maps.call_counts), LC_ROOM_CALLS, every)
		       ?: take_counters(probe, bpf_map__fd(probe->kernel.maps.coarse_calls), LC_ROOM_KINDS, every);
}

/* Fills *CALL with what is known of RETURNED and has not been delivered, whose strings it then owns. */
static void describe(const struct lc_probe *probe, const struct lc_returned *returned, struct lc_failure *call)
{
	const struct lc_call_key *key = &returned->key;
	const struct lc_object *object = &returned->inspected.object;

	*call = (struct lc_failure){
		.syscall = lc_syscall_name(key->syscall),
		.result = key->error ? lc_copy(strerrorname_np(key->error)) : NULL,
		.exe = lc_copy(returned->exe),
		.comm = lc_copy(returned->comm),
		.user = lc_copy(returned->user),
		.about = lc_copy(returned->about),
		.argument = key->argument,
		.denied = key->facts & LC_CALL_DENIED,
		.asked = key->facts & LC_CALL_ASKED,
		.no_new_privs = key->facts & LC_CALL_NO_NEW_PRIVS,
		.void_file = key->facts & LC_CALL_NO_NEW_PRIVS && lc_requests_void_file(probe, key->cgroup, key->exe),
		.filter = returned->filter,
		.object = {lc_copy(object->path), lc_copy(object->owner), object->mode, object->late},
		.count = returned->counter.count + returned->live - returned->delivered,
		.first_ns = lc_probe_first(probe, returned->counter.first, returned->delivered),
		.last_ns = lc_probe_time(probe, returned->counter.last),
	};
}

/* Whether something that is asked for, and belongs to RETURNED, has not been told. */
static bool waits(const struct lc_probe *probe, const struct lc_returned *returned)
{
	if (probe->stopped)
		return false;
	return returned->inspected.is_looked_for ||
	       (returned->key.facts & LC_CALL_NO_NEW_PRIVS &&
		       lc_requests_wait_for(probe, returned->key.cgroup, returned->key.exe));
}

bool lc_returned_is_undelivered(const struct lc_probe *probe, const void *value)
{
	const struct lc_returned *returned = value;

	return returned->counter.count + returned->live > returned->delivered || waits(probe, returned);
}

int lc_returned_tell(
	struct lc_probe *probe, int (*visit)(void *context, struct lc_counted_call *counted), void *context)
{
	struct lc_returned *returned;
	size_t cursor = 0;
	int r = 0;

	while (!r && (returned = lc_table_next(probe->returned, &cursor))) {
		struct lc_counted_call counted = {
			.cgroup = returned->key.cgroup,
			.userns = returned->key.userns,
			.passed = !returned->key.error,
		};

		if (returned->counter.count + returned->live <= returned->delivered || waits(probe, returned) ||
			lc_awaits_event(probe, returned->told, &returned->late))
			continue;
		describe(probe, returned, &counted.call);
		returned->delivered = returned->counter.count + returned->live;
		r = visit(context, &counted);
		lc_failure_clear(&counted.call);
	}
	return r;
}

int lc_returned_describe(struct lc_probe *probe, const struct lc_call_key *key, struct lc_failure *call)
{
	struct lc_returned *returned = returned_of(probe, key);

	if (!returned)
		return -ENOMEM;
	ask_filters(probe, returned);
	describe(probe, returned, call);
	return 0;
}

bool lc_returned_is_told(const struct lc_probe *probe, const struct lc_call_key *key)
{
	const struct lc_returned *returned = lc_table_get(probe->returned, key);

	return returned && returned->told;
}

bool lc_returned_is_looked_for(const struct lc_probe *probe, const struct lc_call_key *key)
{
	const struct lc_returned *returned = lc_table_get(probe->returned, key);

	return returned && returned->inspected.is_looked_for;
}

int lc_probe_each_call(
	struct lc_probe *probe, int (*visit)(void *context, struct lc_counted_call *counted), void *context)
{
	const struct lc_maps *maps = &probe->kernel.maps;
	int r = probe->stopped ? lc_returned_take(probe, true)
			       : (look_at_counters(probe, bpf_map__fd(maps->call_counts))
						 ?: look_at_counters(probe, bpf_map__fd(maps->coarse_calls)));

	if (!r)
		r = lc_returned_tell(probe, visit, context);
	if (!r)
		r = lc_requests_each_call(probe, visit, context);
	if (!r)
		probe->delivered_ns = lc_since_1970(probe, (uint64_t)lc_clock_ns(CLOCK_MONOTONIC));
	return r;
}
