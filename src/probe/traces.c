/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks told one by one, as they happen. */
#include "src/probe/traces.h"
#include "bpf/entry.h"
#include "bpf/search.h"
#include "src/probe/about.h"
#include "src/probe/calls.h"
#include "src/probe/symbols.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

/* Room for what comes between two looks: a quarter of a second at 100,000 checks a second. Each takes some 300 bytes with its return. */
#define TRACES_SIZE (8U << 20)

/* Milliseconds between two looks: no delay that a person would notice. */
#define LOOK_EVERY 20

_Static_assert(LC_PIECES == LC_TRACE_PIECES && LC_PIECE == LC_TRACE_PIECE, "both sides take the same");
_Static_assert((int)LC_CAPTURE_BUFFER == (int)LC_PIECE_BUFFER, "both sides take the same");
_Static_assert(sizeof(struct lc_captures) == sizeof(struct lc_capture), "both sides take the same");

int lc_traces_configure(struct lc_kernel_side *kernel, const struct lc_trace_wanted *wanted)
{
	struct bpf_map *const unused[] = {kernel->maps.captures, kernel->maps.quiet, kernel->maps.awaited};
	int r = 0;

	if (!wanted || !wanted->durations) {
		bpf_program__set_autoload(bpf_object__find_program_by_name(kernel->object, "on_sys_enter"), false);
		bpf_program__set_autoload(bpf_object__find_program_by_name(kernel->object, "on_sys_enter_2"), false);
		r = bpf_map__set_max_entries(kernel->maps.entered_at, 1);
	}
	if (!wanted) {
		for (size_t i = 0; !r && i < sizeof(unused) / sizeof(unused[0]); i++)
			r = bpf_map__set_max_entries(unused[i], 1);
		return r;
	}
	*kernel->settings.config_trace = true;
	*kernel->settings.config_durations = wanted->durations;
	*kernel->settings.config_traced_caps = wanted->caps;
	*kernel->settings.config_untraced_facts = wanted->everything ? 0 : LC_FACT_SETUP | LC_FACT_OVERRIDDEN;
	return r ? r : bpf_map__set_max_entries(kernel->maps.traces, TRACES_SIZE);
}

int lc_traces_begin(struct lc_probe *probe, const struct lc_trace_wanted *wanted)
{
	int fd = bpf_map__fd(probe->kernel.maps.captures);
	int r;

	probe->tracing = true;
	lc_calls_fill(probe->calls);
	probe->capture = wanted->capture;
	for (uint32_t number = 0; wanted->capture && number < LC_SYSCALLS; number++) {
		struct lc_capture capture = wanted->capture((int)number);

		if (capture.pieces[0].kind && bpf_map_update_elem(fd, &number, &capture, BPF_ANY))
			return -errno;
	}
	r = lc_symbols_load(&probe->symbols);
	/* Hidden symbols are warned of elsewhere. */
	return r == -EPERM || r == -EACCES ? 0 : r;
}

int lc_probe_trace_interval(const struct lc_probe *probe)
{
	return probe->tracing ? LOOK_EVERY : -1;
}

int lc_probe_mute(struct lc_probe *probe, const void *key)
{
	const struct lc_record *record = key;
	uint8_t yes = 1;

	return bpf_map_update_elem(bpf_map__fd(probe->kernel.maps.quiet), &record->key, &yes, BPF_ANY) ? -errno : 0;
}

uint64_t lc_probe_untold(const struct lc_probe *probe)
{
	const uint64_t *untold = probe->tracing ? probe->kernel.live.untraced : NULL;

	return untold ? *untold : 0;
}

/* Moves *FROM to *TO, or frees it if *TO is there already. */
static void keep_first(char **to, char **from)
{
	if (*to)
		free(*from);
	else
		*to = *from;
	*from = NULL;
}

/*
 * The check that is told of RECORD. It is made with the first one, and filled in when the sample comes later. What is in it stays
 * as it is until the probe is freed. NULL when out of memory.
 */
static const struct lc_check *told_check(struct lc_probe *probe, struct lc_record *record)
{
	struct lc_check now;

	if (record->traced && record->traced->exe && record->traced->user_stack == record->user_stack)
		return record->traced;
	lc_probe_name_site(probe, record);
	now = lc_record_check(probe, record);
	now.count = 1;
	if (!record->traced) {
		record->traced = malloc(sizeof(now));
		if (record->traced)
			*record->traced = now;
		else
			lc_check_clear(&now);
		return record->traced;
	}
	keep_first(&record->traced->exe, &now.exe);
	keep_first(&record->traced->comm, &now.comm);
	keep_first(&record->traced->about, &now.about);
	keep_first(&record->traced->user, &now.user);
	keep_first(&record->traced->caller, &now.caller);
	if (!record->traced->kernel_stack)
		record->traced->kernel_stack = lc_shared_stack_take(now.kernel_stack);
	if (!record->traced->user_stack)
		record->traced->user_stack = lc_shared_stack_take(now.user_stack);
	lc_check_clear(&now);
	return record->traced;
}

/* The record of KEY, with the sample and the stack that were sent before its first traced check. NULL when out of memory. */
static struct lc_record *record_of(struct lc_probe *probe, const struct lc_key *key)
{
	struct lc_record *record = lc_record_of(probe, key);

	if (record && !record->comm)
		lc_events_consume(probe);
	return record;
}

/* Finds what was taken of the argument that EVENT's piece I is. */
static void find_piece(
	const struct lc_event_check *event, const struct lc_capture *capture, uint32_t i, struct lc_piece *piece)
{
	int32_t taken = event->taken[i];
	bool string = capture->pieces[i].kind == LC_PIECE_STRING;

	if (taken < 0 || taken > LC_PIECE || (string && !taken))
		return;
	piece->bytes = (const unsigned char *)event->piece[i];
	piece->length = (uint32_t)taken - string;
	piece->cut = taken == LC_PIECE;
	if (capture->pieces[i].kind == LC_PIECE_BUFFER)
		piece->cut =
			(uint64_t)(uint32_t)event->arguments[capture->pieces[i].size % 6] * capture->pieces[i].unit >
			LC_PIECE;
}

/* How many bytes of traced checks and returns wait for stacks at most. What comes then is told without. */
#define HELD_MAX (4U << 20)

/* A traced check, or the return of a syscall, that waits for a stack, or for one before it that does. */
struct lc_held {
	struct lc_held *next;
	size_t size;
	_Alignas(8) unsigned char event[];
};

/* Puts EVENT at the end of what waits. Whether there was room. */
static bool hold(struct lc_probe *probe, const void *event, size_t size)
{
	struct lc_held *held = probe->held_bytes + size <= HELD_MAX ? malloc(sizeof(*held) + size) : NULL;

	if (!held)
		return false;
	held->next = NULL;
	held->size = size;
	memcpy(held->event, event, size);
	if (!probe->held)
		probe->last_held = &probe->held;
	*probe->last_held = held;
	probe->last_held = &held->next;
	probe->held_bytes += size;
	return true;
}

/* Whether the check of KEY was made in a search for a file. */
static bool is_search(const struct lc_probe *probe, const struct lc_key *key)
{
	uint32_t place = lc_place_of(key->syscall);

	return place < LC_CALL_TABLE && lc_is_search(probe->calls[place] & LC_CALL_KIND, key->cap);
}

static void tell_check(struct lc_probe *probe, const struct lc_event_check *event, size_t size)
{
	const size_t bare = sizeof(*event) - sizeof(event->piece);
	struct lc_record *record = record_of(probe, &event->key);
	const struct lc_check *check = record ? told_check(probe, record) : NULL;
	bool in_call = lc_is_syscall(event->key.syscall);
	struct lc_call_made call = {
		.number = in_call ? event->key.syscall & LC_SYSCALL_NUMBER : -1,
		.compat = in_call && event->key.syscall & LC_SYSCALL_COMPAT,
		.pid = (pid_t)event->tgid,
	};
	struct lc_traced_check traced = {
		.key = record,
		.cgroup = event->key.cgroup,
		.userns = event->key.userns,
		.setup = event->key.facts & LC_FACT_SETUP,
		.search = is_search(probe, &event->key),
		.pid = (pid_t)event->pid,
		.tgid = (pid_t)event->tgid,
		.comm = event->comm,
		.check = check,
		.call = &call,
	};

	if (!check || !probe->events->traced || size < bare + event->pieces * sizeof(event->piece[0]))
		return;
	memcpy(call.arguments, event->arguments, sizeof(call.arguments)); /* the first six */
	if (event->pieces && event->pieces <= LC_PIECES && probe->capture) {
		struct lc_capture capture = probe->capture(call.number);

		for (uint32_t i = 0; i < event->pieces; i++)
			find_piece(event, &capture, i, &call.pieces[i]);
	}
	traced.time_ns = lc_since_1970(probe, event->time);
	traced.entered_ns = (int64_t)event->entered;
	probe->events->traced(probe->events->context, &traced);
}

static void tell_return(struct lc_probe *probe, const struct lc_event_return *event)
{
	struct lc_traced_return returned = {
		.pid = (pid_t)event->pid,
		.time_ns = (int64_t)event->time,
		.result = event->result,
		.ended = event->ended,
		.nothing = !event->ended && lc_found_nothing(event->result),
	};

	if (probe->events->returned)
		probe->events->returned(probe->events->context, &returned);
}

/* Whether HELD is a check whose stack has not been told yet. */
static bool still_waits(struct lc_probe *probe, const struct lc_held *held)
{
	const struct lc_event_check *event = (const void *)held->event;
	const struct lc_record *record = event->type == LC_EVENT_CHECK ? record_of(probe, &event->key) : NULL;

	return record && record->awaited;
}

void lc_traces_release(struct lc_probe *probe, bool all)
{
	while (probe->held && (all || !still_waits(probe, probe->held))) {
		struct lc_held *held = probe->held;

		probe->held = held->next;
		probe->held_bytes -= held->size;
		if (((const struct lc_event_check *)held->event)->type == LC_EVENT_CHECK)
			tell_check(probe, (const void *)held->event, held->size);
		else
			tell_return(probe, (const void *)held->event);
		free(held);
	}
}

void lc_traces_take_check(struct lc_probe *probe, const struct lc_event_check *event, size_t size)
{
	const struct lc_record *record = record_of(probe, &event->key);

	/* What waits keeps back all that comes behind it. */
	if (!probe->held && !(record && record->awaited)) {
		tell_check(probe, event, size);
	} else if (!hold(probe, event, size)) {
		lc_traces_release(probe, true);
		tell_check(probe, event, size);
	}
}

void lc_traces_take_return(struct lc_probe *probe, const struct lc_event_return *event)
{
	if (!probe->held) {
		tell_return(probe, event);
	} else if (!hold(probe, event, sizeof(*event))) {
		lc_traces_release(probe, true);
		tell_return(probe, event);
	}
}

void lc_traces_drop(struct lc_probe *probe)
{
	while (probe->held) {
		struct lc_held *held = probe->held;

		probe->held = held->next;
		free(held);
	}
}
