/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks told one by one, as they happen. */
#include "src/probe/traces.h"
#include "bpf/entry.h"
#include "bpf/search.h"
#include "src/probe/about.h"
#include "src/probe/calls.h"
#include "src/probe/symbols.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/strbuf.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <string.h>

/* Room for what comes between two looks: a quarter of a second at 100,000 checks a second. Each takes some 300 bytes with its return. */
#define TRACES_SIZE (8U << 20)

/* Milliseconds between two looks: no delay that a person would notice. */
#define LOOK_EVERY 20

/* How long (nanoseconds) a refused call waits for what is known of its file. */
#define FILE_AWAITED 300000000LL

_Static_assert(LC_PIECES == LC_TRACE_PIECES && LC_PIECE == LC_TRACE_PIECE, "both sides take the same");
_Static_assert((int)LC_CAPTURE_BUFFER == (int)LC_PIECE_BUFFER, "both sides take the same");
_Static_assert(sizeof(struct lc_captures) == sizeof(struct lc_capture), "both sides take the same");

/* Marks those in CALLS, LC_CALL_TABLE long, of which refused ones are WANTED. */
static void choose_calls(uint8_t *calls, const struct lc_trace_wanted *wanted)
{
	for (uint32_t number = 0; wanted->refused && number < LC_SYSCALLS; number++) {
		const uint16_t words[] = {(uint16_t)number, (uint16_t)(number | LC_SYSCALL_COMPAT)};

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			_cleanup_free_ char *name = lc_syscall_name(words[i]);

			calls[lc_place_of(words[i])] = wanted->refused(wanted->filter, name);
		}
	}
}

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
	choose_calls(*kernel->settings.config_traced_calls, wanted);
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

struct lc_untold lc_probe_untold(const struct lc_probe *probe)
{
	const struct lc_variables *live = &probe->kernel.live;

	return probe->tracing ? (struct lc_untold){*live->untraced, *live->untraced_calls} : (struct lc_untold){0};
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

/* How many bytes of traced checks, calls and returns wait for stacks and files at most. What comes then is told without. */
#define HELD_MAX (4U << 20)

/* A traced check, a refused call, or the return of a syscall, that waits for a stack or a file, or for one before it that does. */
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

/* The call that EVENT, SIZE bytes, tells of; NUMBER: as in its key. Whether the event is whole. */
static bool find_call(const struct lc_probe *probe, const struct lc_event_check *event, size_t size, uint16_t number,
	struct lc_call_made *call)
{
	bool in_call = lc_is_syscall(number);

	if (size < sizeof(*event) - sizeof(event->piece) + event->pieces * sizeof(event->piece[0]))
		return false;
	*call = (struct lc_call_made){
		.number = in_call ? number & LC_SYSCALL_NUMBER : -1,
		.compat = in_call && number & LC_SYSCALL_COMPAT,
		.pid = (pid_t)event->tgid,
	};
	memcpy(call->arguments, event->arguments, sizeof(call->arguments)); /* the first six */
	if (event->pieces && event->pieces <= LC_PIECES && probe->capture) {
		struct lc_capture capture = probe->capture(call->number);

		for (uint32_t i = 0; i < event->pieces; i++)
			find_piece(event, &capture, i, &call->pieces[i]);
	}
	return true;
}

static void tell_check(struct lc_probe *probe, const struct lc_event_check *event, size_t size)
{
	struct lc_record *record = record_of(probe, &event->key);
	const struct lc_check *check = record ? told_check(probe, record) : NULL;
	struct lc_call_made call;
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

	if (!check || !probe->events->traced || !find_call(probe, event, size, event->key.syscall, &call))
		return;
	traced.time_ns = lc_since_1970(probe, event->time);
	traced.entered_ns = (int64_t)event->entered;
	probe->events->traced(probe->events->context, &traced);
}

static void tell_refused(struct lc_probe *probe, const struct lc_event_check *event, size_t size)
{
	_cleanup_(lc_failure_clear) struct lc_failure failure = {0};
	const struct lc_key key = lc_stack_key(&event->call);
	const struct lc_record *record = lc_table_get(probe->records, &key);
	const int64_t result = -(int64_t)event->call.error;
	struct lc_call_made call;
	struct lc_traced_call traced = {
		.cgroup = event->call.cgroup,
		.checked = event->checked,
		.entered_ns = (int64_t)event->entered,
		.tgid = (pid_t)event->tgid,
		.comm = event->comm,
		.failure = &failure,
		.call = &call,
		.user_stack = record ? record->user_stack : NULL,
		.returned = {(pid_t)event->pid, (int64_t)event->time, result, false, lc_found_nothing(result)},
	};

	if (!probe->events->refused || !find_call(probe, event, size, event->call.syscall, &call) ||
		lc_returned_describe(probe, &event->call, &failure))
		return;
	failure.count = 1;
	traced.time_ns = failure.first_ns = failure.last_ns = lc_since_1970(probe, event->time);
	probe->events->refused(probe->events->context, &traced);
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

/* Whether EVENT, a check, waits for its stack. */
static bool check_waits(struct lc_probe *probe, const struct lc_event_check *event)
{
	const struct lc_record *record = record_of(probe, &event->key);

	return record && record->awaited;
}

/* Whether EVENT, a refused call, waits for its stack, or for what is known of its file. That not for ever, because a file system may hang. */
static bool refused_waits(struct lc_probe *probe, const struct lc_event_check *event)
{
	const struct lc_key key = lc_stack_key(&event->call);
	const struct lc_record *record = lc_table_get(probe->records, &key);

	return (record && record->awaited) ||
	       (lc_returned_is_looked_for(probe, &event->call) &&
		       lc_clock_ns(CLOCK_MONOTONIC) - (int64_t)event->time < FILE_AWAITED);
}

static bool still_waits(struct lc_probe *probe, const struct lc_held *held)
{
	const struct lc_event_check *event = (const void *)held->event;

	if (event->type == LC_EVENT_REFUSED)
		return refused_waits(probe, event);
	return event->type == LC_EVENT_CHECK && check_waits(probe, event);
}

/* Delivers EVENT, SIZE bytes. */
static void tell(struct lc_probe *probe, const void *event, size_t size)
{
	switch (((const struct lc_event_check *)event)->type) {
	case LC_EVENT_CHECK:
		tell_check(probe, event, size);
		break;
	case LC_EVENT_REFUSED:
		tell_refused(probe, event, size);
		break;
	default:
		tell_return(probe, event);
		break;
	}
}

void lc_traces_release(struct lc_probe *probe, bool all)
{
	while (probe->held && (all || !still_waits(probe, probe->held))) {
		struct lc_held *held = probe->held;

		probe->held = held->next;
		probe->held_bytes -= held->size;
		tell(probe, held->event, held->size);
		free(held);
	}
}

/* Delivers EVENT, or holds it back if it WAITS or something before it does. What waits keeps back all that comes behind it. */
static void take(struct lc_probe *probe, const void *event, size_t size, bool waits)
{
	if ((waits || probe->held) && hold(probe, event, size))
		return;
	lc_traces_release(probe, true);
	tell(probe, event, size);
}

void lc_traces_take_check(struct lc_probe *probe, const struct lc_event_check *event, size_t size)
{
	take(probe, event, size, check_waits(probe, event));
}

void lc_traces_take_refused(struct lc_probe *probe, const struct lc_event_check *event, size_t size)
{
	/* What was sent before it: the first of its kind, its stack. */
	if (!lc_returned_is_told(probe, &event->call))
		lc_events_consume(probe);
	take(probe, event, size, refused_waits(probe, event));
}

void lc_traces_take_return(struct lc_probe *probe, const struct lc_event_return *event)
{
	take(probe, event, sizeof(*event), false);
}

void lc_traces_drop(struct lc_probe *probe)
{
	while (probe->held) {
		struct lc_held *held = probe->held;

		probe->held = held->next;
		free(held);
	}
}
