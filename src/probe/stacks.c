/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* User stacks, and what recorded processes have mapped, for processes that are gone when their stack is unwound. */
#include "src/probe/stacks.h"
#include "src/probe/about.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <seccomp.h>
#include <string.h>

/* Some 220 stacks of 37 KiB. */
#define STACKS_SIZE (8U << 20)

/* With stacks more events come, because each mapping is one. */
#define EVENTS_SIZE (16U << 20)

/* How many mappings of a process are kept. Further ones are left out. */
#define MAPPINGS_AT_MOST 512

/* What a process has mapped for execution since it was first seen. */
struct lc_mapped_process {
	uint32_t tgid;
	struct lc_mapping *mappings; /* in the order in which they were made */
	size_t n;
};

int lc_stacks_configure(struct lc_kernel_side *kernel, bool wanted)
{
	int mmap = seccomp_syscall_resolve_name("mmap");
	uint8_t *calls = *kernel->settings.config_calls;

	if (!wanted)
		return bpf_map__set_max_entries(kernel->maps.stacked, 1);
	*kernel->settings.config_stacks = true;
	if (mmap >= 0 && mmap < LC_SYSCALLS)
		calls[mmap] = (uint8_t)((calls[mmap] & ~LC_CALL_KIND) | LC_CALL_MMAP);
	if (bpf_map__set_max_entries(kernel->maps.events, EVENTS_SIZE))
		return -EINVAL;
	return bpf_map__set_max_entries(kernel->maps.stacks, STACKS_SIZE);
}

void lc_mapped_process_free(void *value)
{
	struct lc_mapped_process *process = value;

	lc_mappings_free(process->mappings, process->n);
	free(process);
}

static struct lc_mapped_process *process_of(struct lc_probe *probe, uint32_t tgid)
{
	return lc_table_get_or_add(probe->mapped, &tgid, sizeof(struct lc_mapped_process));
}

static void forget_process(struct lc_probe *probe, uint32_t tgid)
{
	struct lc_mapped_process *process = lc_table_remove(probe->mapped, &tgid);

	if (process)
		lc_mapped_process_free(process);
}

/* Forgets the mappings that lay where MAPPING lies now, because they have been unmapped. */
static void replace_mappings(struct lc_mapped_process *process, const struct lc_mapping *mapping)
{
	size_t n = 0;

	for (size_t i = 0; i < process->n; i++) {
		const struct lc_mapping *old = &process->mappings[i];

		if (old->start < mapping->end && mapping->start < old->end)
			free(old->path);
		else
			process->mappings[n++] = *old;
	}
	process->n = n;
}

/* Appends MAPPING, whose path PROCESS then owns. */
static void add_mapping(struct lc_mapped_process *process, struct lc_mapping *mapping)
{
	struct lc_mapping *larger = NULL;

	replace_mappings(process, mapping);
	if (process->n < MAPPINGS_AT_MOST)
		larger = lc_array_grow(process->mappings, process->n, sizeof(*larger));
	if (!larger) {
		free(mapping->path);
		return;
	}
	process->mappings = larger;
	larger[process->n++] = *mapping;
}

static void take_mapping(struct lc_probe *probe, const struct lc_event_mapping *event)
{
	struct lc_mapped_process *process;
	struct lc_mapping mapping = {
		.start = event->start,
		.end = event->end,
		.offset = event->type == LC_EVENT_PROGRAM ? LC_OFFSET_UNKNOWN : event->offset,
		.device = event->device,
		.inode = event->inode,
	};

	if (event->type == LC_EVENT_PROGRAM)
		forget_process(probe, event->tgid);
	process = process_of(probe, event->tgid);
	mapping.path = lc_about_path(event->path, event->path_bytes);
	if (process && mapping.path)
		add_mapping(process, &mapping);
	else
		free(mapping.path);
}

static void take_fork(struct lc_probe *probe, const struct lc_event_process *event)
{
	const struct lc_mapped_process *parent = lc_table_get(probe->mapped, &event->tgid);
	struct lc_mapped_process *child;

	forget_process(probe, event->child);
	if (!parent)
		return;
	child = process_of(probe, event->child);
	for (size_t i = 0; child && i < parent->n; i++) {
		struct lc_mapping mapping = parent->mappings[i];

		mapping.path = strdup(mapping.path);
		if (mapping.path)
			add_mapping(child, &mapping);
	}
}

static int by_start(const void *a, const void *b)
{
	uint64_t left = ((const struct lc_mapping *)a)->start, right = ((const struct lc_mapping *)b)->start;

	return left < right ? -1 : left > right;
}

/*
 * The mappings of EVENT's process by address, to *MAPPINGS (caller frees; the paths are lent). How many there are; 0 with *MAPPINGS
 * NULL when out of memory.
 */
static size_t list_mappings(struct lc_probe *probe, const struct lc_event_stack *event, struct lc_mapping **mappings)
{
	const struct lc_mapped_process *process = lc_table_get(probe->mapped, &event->tgid);
	size_t n = process ? process->n : 0;

	*mappings = n ? malloc(n * sizeof(**mappings)) : NULL;
	if (!*mappings)
		return 0;
	memcpy(*mappings, process->mappings, n * sizeof(**mappings));
	qsort(*mappings, n, sizeof(**mappings), by_start);
	return n;
}

static void take_stack(struct lc_probe *probe, const struct lc_event_stack *event)
{
	struct lc_record *record = lc_record_of(probe, &event->key);
	_cleanup_free_ struct lc_mapping *mappings = NULL;
	struct lc_snapshot snapshot = {
		.tgid = (pid_t)event->tgid,
		.root = {event->device, event->root},
		.exe = event->key.exe,
		.stack = event->stack,
		.stack_size = event->bytes <= sizeof(event->stack) ? event->bytes : 0,
	};

	if (!record || record->user_stack || record->awaited || !probe->events || !probe->events->unwind)
		return;
	memcpy(snapshot.registers.dwarf, event->registers, sizeof(snapshot.registers.dwarf));
	snapshot.registers.pc = event->registers[LC_REGISTERS_TAKEN - 1];
	snapshot.registers.sp = event->stack_pointer;
	snapshot.n_mappings = list_mappings(probe, event, &mappings);
	snapshot.mappings = mappings;
	record->awaited = true;
	probe->events->unwind(probe->events->context, record, record->key.cgroup, &snapshot);
}

void lc_probe_tell_stack(struct lc_probe *probe, const void *key, struct lc_stack *stack)
{
	struct lc_record *record = lc_table_get(probe->records, &((const struct lc_record *)key)->key);

	if (record)
		record->awaited = false;
	if (record && !record->user_stack && stack->n)
		record->user_stack = lc_shared_stack_new(stack);
	lc_stack_clear(stack);
}

void lc_stacks_take(struct lc_probe *probe, uint32_t type, const void *event, size_t size)
{
	const struct lc_event_process *process = event;

	if (type == LC_EVENT_STACK && size >= sizeof(struct lc_event_stack))
		take_stack(probe, event);
	else if ((type == LC_EVENT_PROGRAM || type == LC_EVENT_MAPPING) && size >= sizeof(struct lc_event_mapping))
		take_mapping(probe, event);
	else if (type == LC_EVENT_FORK && size >= sizeof(*process))
		take_fork(probe, process);
	else if (type == LC_EVENT_EXIT && size >= sizeof(*process))
		forget_process(probe, process->tgid);
}
