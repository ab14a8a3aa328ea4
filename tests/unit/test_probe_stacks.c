/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what processes have mapped, as the kernel side tells of it, and of what the unwinder is given. */
#include "src/probe/stacks.h"

#include "stacks.h"

#include <leastcap/cleanup.h>
#include <leastcap/table.h>

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PC 0x401234 /* where the programs that are told of were */

/* A probe that was told of events, and what it last had unwound. */
struct told {
	struct lc_probe probe;
	struct lc_probe_events events;
	unsigned unwound; /* how often */
	bool fails;       /* no function is found */
	bool later;       /* the answer does not come at once */
	const void *key;
	uint64_t cgroup;
	struct lc_snapshot snapshot;
	struct lc_mapping *mappings;
};

/* Keeps a copy of what was told of the mappings of SNAPSHOT's process. */
static void copy_mappings(struct told *told, const struct lc_snapshot *snapshot)
{
	told->mappings = calloc(snapshot->n_mappings + 1, sizeof(*told->mappings));
	assert_non_null(told->mappings);
	for (size_t i = 0; i < snapshot->n_mappings; i++) {
		told->mappings[i] = snapshot->mappings[i];
		told->mappings[i].path = lc_copy(snapshot->mappings[i].path);
	}
}

/* Keeps what is to be unwound, by the mappings that whoever looks would take. */
static void unwind(void *context, const void *key, uint64_t cgroup, const struct lc_snapshot *snapshot)
{
	struct told *told = context;
	struct lc_stack stack = {0};

	lc_mappings_free(told->mappings, told->snapshot.n_mappings);
	told->unwound++;
	told->key = key;
	told->cgroup = cgroup;
	told->snapshot = *snapshot;
	if (lc_mappings_of_snapshot(snapshot, &told->mappings, &told->snapshot.n_mappings)) {
		told->snapshot.n_mappings = snapshot->n_mappings;
		copy_mappings(told, snapshot);
	}
	if (!told->fails)
		push(&stack, "main", 0);
	if (!told->later)
		lc_probe_tell_stack(&told->probe, key, &stack);
	lc_stack_clear(&stack);
}

static int begin(void **state)
{
	struct told *told = calloc(1, sizeof(*told));

	told->events = (struct lc_probe_events){.context = told, .unwind = unwind};
	told->probe.events = &told->events;
	told->probe.records = lc_table_new(sizeof(struct lc_key));
	told->probe.mapped = lc_table_new(sizeof(uint32_t));
	*state = told;
	return 0;
}

static void free_record(void *value)
{
	struct lc_record *record = value;

	lc_shared_stack_drop(record->user_stack);
	free(record);
}

static int end(void **state)
{
	struct told *told = *state;

	lc_mappings_free(told->mappings, told->snapshot.n_mappings);
	lc_table_free(told->probe.records, free_record);
	lc_table_free(told->probe.mapped, lc_mapped_process_free);
	free(told);
	return 0;
}

/* The number of a process that is gone. */
static uint32_t gone(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return (uint32_t)pid;
}

/* TGID maps the file called NAME, in the root directory, at START; TYPE says how. */
static void map(struct told *told, uint32_t type, uint32_t tgid, uint64_t start, const char *name)
{
	struct lc_event_mapping event = {
		.type = type,
		.tgid = tgid,
		.start = start,
		.end = start + 0x1000,
		.offset = 0x3000,
		.inode = 77,
		.device = 8 << 20 | 1,
		.path_bytes = (uint32_t)strlen(name) + 1,
	};

	snprintf(event.path, sizeof(event.path), "%s", name);
	lc_stacks_take(&told->probe, type, &event, sizeof(event));
}

static void execute(struct told *told, uint32_t tgid, const char *name)
{
	map(told, LC_EVENT_PROGRAM, tgid, PC & ~0xfffULL, name);
}

static void process_event(struct told *told, uint32_t type, uint32_t tgid, uint32_t child)
{
	struct lc_event_process event = {.type = type, .tgid = tgid, .child = child};

	lc_stacks_take(&told->probe, type, &event, sizeof(event));
}

/* The stack of TGID, which runs the program with inode number EXE, is taken at PC: the check of a key of its own. */
static void take_stack_at(struct told *told, uint32_t tgid, uint32_t exe, uint64_t pc)
{
	static struct lc_event_stack event;

	memset(&event, 0, sizeof(event));
	event.type = LC_EVENT_STACK;
	event.tgid = tgid;
	event.key = (struct lc_key){.cgroup = told->unwound + 1, .exe = exe};
	event.registers[LC_REGISTERS_TAKEN - 1] = pc;
	lc_stacks_take(&told->probe, LC_EVENT_STACK, &event, sizeof(event));
}

/* What the unwinder is given of TGID, as the paths of its mappings in their order: "/a /b". The caller frees it. */
static char *mapped_by(struct told *told, uint32_t tgid)
{
	struct lc_strbuf paths = {0};

	take_stack_at(told, tgid, 77, PC);
	for (size_t i = 0; i < told->snapshot.n_mappings; i++) {
		lc_strbuf_adds(&paths, i ? " " : "");
		lc_strbuf_adds(&paths, told->mappings[i].path);
	}
	return lc_strbuf_steal(&paths);
}

static void assert_mapped(struct told *told, uint32_t tgid, const char *expected)
{
	_cleanup_free_ char *paths = mapped_by(told, tgid);

	assert_string_equal(paths, expected);
}

static void what_a_process_that_is_gone_had_mapped_is_known(void **state)
{
	struct told *told = *state;
	uint32_t pid = gone();

	execute(told, pid, "program");
	map(told, LC_EVENT_MAPPING, pid, 0x7f0000000000, "libc.so.6");
	assert_mapped(told, pid, "/program /libc.so.6");
	assert_int_equal(told->mappings[1].start, 0x7f0000000000);
	assert_int_equal(told->mappings[1].end, 0x7f0000001000);
	assert_int_equal(told->mappings[1].inode, 77);
	assert_int_equal(told->mappings[1].device, 8 << 20 | 1);
}

static void mappings_stand_by_address(void **state)
{
	struct told *told = *state;
	uint32_t pid = gone();

	map(told, LC_EVENT_MAPPING, pid, 0x5000, "high");
	map(told, LC_EVENT_MAPPING, pid, 0x1000, "low");
	map(told, LC_EVENT_MAPPING, pid, 0x3000, "middle");
	assert_mapped(told, pid, "/low /middle /high");
}

static void where_a_programs_segment_lies_in_its_file_is_unknown(void **state)
{
	struct told *told = *state;
	uint32_t pid = gone();

	execute(told, pid, "program");
	map(told, LC_EVENT_MAPPING, pid, 0x7f0000000000, "libc.so.6");
	assert_mapped(told, pid, "/program /libc.so.6");
	assert_int_equal(told->mappings[0].offset, LC_OFFSET_UNKNOWN);
	assert_int_equal(told->mappings[1].offset, 0x3000);
}

static void a_child_begins_with_what_its_parent_had(void **state)
{
	struct told *told = *state;
	uint32_t parent = gone(), child = gone();

	execute(told, parent, "program");
	map(told, LC_EVENT_MAPPING, parent, 0x7f0000000000, "libc.so.6");
	process_event(told, LC_EVENT_FORK, parent, child);
	assert_mapped(told, child, "/program /libc.so.6");
}

static void what_is_mapped_after_a_fork_is_the_own_of_each(void **state)
{
	struct told *told = *state;
	uint32_t parent = gone(), child = gone();

	execute(told, parent, "program");
	process_event(told, LC_EVENT_FORK, parent, child);
	map(told, LC_EVENT_MAPPING, child, 0x7f0000000000, "childs");
	map(told, LC_EVENT_MAPPING, parent, 0x7f0000000000, "parents");
	assert_mapped(told, child, "/program /childs");
	assert_mapped(told, parent, "/program /parents");
}

static void a_child_outlives_its_parent(void **state)
{
	struct told *told = *state;
	uint32_t parent = gone(), child = gone();

	execute(told, parent, "program");
	process_event(told, LC_EVENT_FORK, parent, child);
	process_event(told, LC_EVENT_EXIT, parent, 0);
	assert_mapped(told, child, "/program");
}

static void a_number_that_is_used_again_has_nothing_of_the_process_before(void **state)
{
	struct told *told = *state;
	uint32_t parent = gone(), child = gone(), stranger = gone();

	execute(told, parent, "program");
	execute(told, child, "of_another_time");
	process_event(told, LC_EVENT_FORK, parent, child);
	assert_mapped(told, child, "/program");
	process_event(told, LC_EVENT_FORK, stranger, child);
	assert_mapped(told, child, "");
}

static void another_program_clears_what_was_mapped(void **state)
{
	struct told *told = *state;
	uint32_t pid = gone();

	execute(told, pid, "first");
	map(told, LC_EVENT_MAPPING, pid, 0x7f0000000000, "libc.so.6");
	execute(told, pid, "second");
	assert_mapped(told, pid, "/second");
}

static void a_process_that_ends_is_forgotten(void **state)
{
	struct told *told = *state;
	uint32_t pid = gone();

	execute(told, pid, "program");
	process_event(told, LC_EVENT_EXIT, pid, 0);
	assert_mapped(told, pid, "");
	assert_int_equal(lc_table_size(told->probe.mapped), 0);
}

/* dlclose, and dlopen of something else. */
static void what_is_mapped_in_a_place_replaces_what_was_there(void **state)
{
	struct told *told = *state;
	uint32_t pid = gone();

	map(told, LC_EVENT_MAPPING, pid, 0x7f0000000000, "first.so");
	map(told, LC_EVENT_MAPPING, pid, 0x7f0000001000, "beside.so");
	map(told, LC_EVENT_MAPPING, pid, 0x7f0000000800, "over_both.so");
	map(told, LC_EVENT_MAPPING, pid, 0x7f0000002000, "behind.so");
	assert_mapped(told, pid, "/over_both.so /behind.so");
}

static void no_process_is_remembered_with_more_than_512_mappings(void **state)
{
	struct told *told = *state;
	uint32_t pid = gone();

	for (uint64_t i = 0; i < 600; i++)
		map(told, LC_EVENT_MAPPING, pid, i * 0x1000, "many");
	free(mapped_by(told, pid));
	assert_int_equal(told->snapshot.n_mappings, 512);
}

/* The low half of our own program's inode number. */
static uint32_t own_program(void)
{
	struct stat status;

	assert_int_equal(stat("/proc/self/exe", &status), 0);
	return (uint32_t)status.st_ino;
}

/* The number of the mapping that ADDRESS lies in; -1: none. */
static int mapping_at(const struct told *told, uint64_t address)
{
	for (size_t i = 0; i < told->snapshot.n_mappings; i++) {
		if (told->mappings[i].start <= address && address < told->mappings[i].end)
			return (int)i;
	}
	return -1;
}

static void of_a_live_process_its_mappings_now_are_taken(void **state)
{
	struct told *told = *state;
	uint64_t pc = (uint64_t)(uintptr_t)own_program;

	execute(told, (uint32_t)getpid(), "told");
	take_stack_at(told, (uint32_t)getpid(), own_program(), pc);
	assert_int_equal(told->unwound, 1);
	assert_true(mapping_at(told, pc) >= 0);
	assert_true(mapping_at(told, PC) < 0);
}

static void of_one_that_runs_another_program_by_now_they_are_not(void **state)
{
	struct told *told = *state;

	execute(told, (uint32_t)getpid(), "told");
	take_stack_at(told, (uint32_t)getpid(), own_program() + 1, (uint64_t)(uintptr_t)own_program);
	assert_int_equal(told->snapshot.n_mappings, 1);
	assert_string_equal(told->mappings[0].path, "/told");
}

static void where_the_program_counter_is_in_none_of_them_they_are_not(void **state)
{
	struct told *told = *state;

	execute(told, (uint32_t)getpid(), "told");
	take_stack_at(told, (uint32_t)getpid(), own_program(), 1);
	assert_int_equal(told->snapshot.n_mappings, 1);
	assert_string_equal(told->mappings[0].path, "/told");
}

static void a_process_that_nothing_is_known_of_has_no_mappings(void **state)
{
	struct told *told = *state;

	assert_mapped(told, gone(), "");
	assert_int_equal(told->unwound, 1);
}

static void registers_and_stack_reach_the_unwinder(void **state)
{
	static struct lc_event_stack event;
	struct told *told = *state;

	for (size_t i = 0; i < LC_REGISTERS_TAKEN; i++)
		event.registers[i] = 100 + i;
	event.tgid = gone();
	event.device = 5;
	event.root = 6;
	event.key.cgroup = 7;
	event.stack_pointer = 0x7ffc0000;
	event.bytes = 3;
	memcpy(event.stack, "abc", 3);
	lc_stacks_take(&told->probe, LC_EVENT_STACK, &event, sizeof(event));
	assert_int_equal(told->snapshot.tgid, event.tgid);
	assert_int_equal(told->snapshot.root.device, 5);
	assert_int_equal(told->snapshot.root.inode, 6);
	assert_int_equal(told->cgroup, 7);
	assert_int_equal(told->snapshot.registers.dwarf[0], 100);
	assert_int_equal(told->snapshot.registers.dwarf[LC_REGISTERS - 1], 100 + LC_REGISTERS - 1);
	assert_int_equal(told->snapshot.registers.pc, 100 + LC_REGISTERS_TAKEN - 1);
	assert_int_equal(told->snapshot.registers.sp, 0x7ffc0000);
	assert_int_equal(told->snapshot.stack_size, 3);
	assert_memory_equal(told->snapshot.stack, "abc", 3);
}

static void a_size_that_cannot_be_is_taken_for_no_stack(void **state)
{
	static struct lc_event_stack event;
	struct told *told = *state;

	event.tgid = gone();
	event.bytes = sizeof(event.stack) + 1;
	lc_stacks_take(&told->probe, LC_EVENT_STACK, &event, sizeof(event));
	assert_int_equal(told->unwound, 1);
	assert_int_equal(told->snapshot.stack_size, 0);
}

static void a_key_keeps_its_first_stack(void **state)
{
	static struct lc_event_stack event;
	struct told *told = *state;
	struct lc_record *record;

	event.tgid = gone();
	lc_stacks_take(&told->probe, LC_EVENT_STACK, &event, sizeof(event));
	lc_stacks_take(&told->probe, LC_EVENT_STACK, &event, sizeof(event));
	record = lc_record_of(&told->probe, &event.key);
	assert_int_equal(told->unwound, 1);
	assert_string_equal(record->user_stack->stack.frames[0].function, "main");
}

static void a_stack_in_which_nothing_was_found_is_not_kept(void **state)
{
	static struct lc_event_stack event;
	struct told *told = *state;

	told->fails = true;
	event.tgid = gone();
	lc_stacks_take(&told->probe, LC_EVENT_STACK, &event, sizeof(event));
	assert_null(lc_record_of(&told->probe, &event.key)->user_stack);
}

static void a_stack_is_asked_for_once_and_may_be_told_later(void **state)
{
	static struct lc_event_stack event;
	struct lc_stack stack = {0};
	struct told *told = *state;
	struct lc_record *record;

	told->later = true;
	event.tgid = gone();
	lc_stacks_take(&told->probe, LC_EVENT_STACK, &event, sizeof(event));
	lc_stacks_take(&told->probe, LC_EVENT_STACK, &event, sizeof(event));
	record = lc_record_of(&told->probe, &event.key);
	assert_int_equal(told->unwound, 1);
	assert_true(record->awaited);
	push(&stack, "main", 0);
	lc_probe_tell_stack(&told->probe, told->key, &stack);
	assert_false(record->awaited);
	assert_string_equal(record->user_stack->stack.frames[0].function, "main");
}

static void an_event_that_is_too_short_is_ignored(void **state)
{
	struct told *told = *state;
	struct lc_event_mapping mapping = {.type = LC_EVENT_PROGRAM, .tgid = 1};
	struct lc_event_process process = {.type = LC_EVENT_EXIT, .tgid = 2};
	static struct lc_event_stack stack;

	execute(told, 2, "program");
	lc_stacks_take(&told->probe, LC_EVENT_PROGRAM, &mapping, sizeof(mapping) - 1);
	lc_stacks_take(&told->probe, LC_EVENT_EXIT, &process, sizeof(process) - 1);
	lc_stacks_take(&told->probe, LC_EVENT_STACK, &stack, sizeof(stack) - 1);
	assert_int_equal(lc_table_size(told->probe.mapped), 1);
	assert_int_equal(told->unwound, 0);
}

#define WITH_PROBE(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PROBE(what_a_process_that_is_gone_had_mapped_is_known),
		WITH_PROBE(mappings_stand_by_address),
		WITH_PROBE(where_a_programs_segment_lies_in_its_file_is_unknown),
		WITH_PROBE(a_child_begins_with_what_its_parent_had),
		WITH_PROBE(what_is_mapped_after_a_fork_is_the_own_of_each),
		WITH_PROBE(a_child_outlives_its_parent),
		WITH_PROBE(a_number_that_is_used_again_has_nothing_of_the_process_before),
		WITH_PROBE(another_program_clears_what_was_mapped),
		WITH_PROBE(a_process_that_ends_is_forgotten),
		WITH_PROBE(what_is_mapped_in_a_place_replaces_what_was_there),
		WITH_PROBE(no_process_is_remembered_with_more_than_512_mappings),
		WITH_PROBE(of_a_live_process_its_mappings_now_are_taken),
		WITH_PROBE(of_one_that_runs_another_program_by_now_they_are_not),
		WITH_PROBE(where_the_program_counter_is_in_none_of_them_they_are_not),
		WITH_PROBE(a_process_that_nothing_is_known_of_has_no_mappings),
		WITH_PROBE(registers_and_stack_reach_the_unwinder),
		WITH_PROBE(a_size_that_cannot_be_is_taken_for_no_stack),
		WITH_PROBE(a_key_keeps_its_first_stack),
		WITH_PROBE(a_stack_in_which_nothing_was_found_is_not_kept),
		WITH_PROBE(a_stack_is_asked_for_once_and_may_be_told_later),
		WITH_PROBE(an_event_that_is_too_short_is_ignored),
	};

	return cmocka_run_group_tests_name("probe_stacks", tests, NULL, NULL);
}
