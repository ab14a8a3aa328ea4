/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of what user space makes of calls that were refused or guarded, and of their tasks' filters, however hostile. */
#include "src/probe/probe_private.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

#include <cmocka.h>

/* Answers EPERM to mount(2), and lets all else through. */
static const struct sock_filter no_mount[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mount, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define CGROUP        42
#define MARK          7

/* What was looked at, and what was told, in one test. */
struct heard {
	int touched;
	int cap;
	const void *key;
	int n;
	struct lc_counted_call last; /* its strings are owned */
};

static void on_touched(void *context, const struct lc_touched *touched)
{
	struct heard *heard = context;

	heard->touched++;
	heard->cap = touched->cap;
	heard->key = touched->key;
}

static struct heard heard;
static const struct lc_probe_events events = {.context = &heard, .touched = on_touched};
static struct lc_probe probe;

static int setup(void **state)
{
	(void)state;
	heard = (struct heard){0};
	probe = (struct lc_probe){
		.events = &events,
		.stopped = true,
		.returned = lc_table_new(sizeof(struct lc_call_key)),
		.filters = lc_table_new(sizeof(struct lc_filters_key)),
		.gone = lc_table_new(sizeof(uint64_t)),
		.shares = lc_table_new(sizeof(uint64_t)),
		.named = lc_table_new(sizeof(struct lc_request_key)),
	};
	return probe.returned && probe.filters && probe.gone && probe.shares && probe.named ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	lc_failure_clear(&heard.last.call);
	lc_table_free(probe.returned, lc_returned_free);
	lc_table_free(probe.filters, lc_filters_free);
	lc_table_free(probe.gone, NULL);
	lc_table_free(probe.shares, free);
	lc_table_free(probe.named, lc_request_free);
	return 0;
}

/* A return of SYSCALL with ERROR, of a task with filters. */
static struct lc_event_call call_of(uint16_t syscall, uint8_t error)
{
	return (struct lc_event_call){
		.type = LC_EVENT_CALL,
		.key = {.cgroup = CGROUP,
			.syscall = syscall,
			.error = error,
			.facts = LC_CALL_FILTERED,
			.filters = MARK},
		.actor = {.pid = 12, .tgid = 11, .uid = 33, .gid = 34, .comm = "mounter"},
		.subject = {.syscall = syscall},
		.number = syscall,
		.exe_bytes = sizeof("mount\0bin"),
		.exe = "mount\0bin",
	};
}

static struct lc_event_call call_about(uint16_t syscall, uint8_t error, const char *path)
{
	struct lc_event_call event = call_of(syscall, error);

	event.subject.text_bytes = (uint32_t)strlen(path) + 1;
	snprintf(event.subject.text, sizeof(event.subject.text), "%s", path);
	return event;
}

/* An event that brings N instructions of the filter PLACE, which has LENGTH, from OFFSET on: those at PROGRAM, again and again. */
static struct lc_event_filter part_of(
	const struct sock_filter *program, size_t n, uint32_t place, uint32_t length, uint32_t offset)
{
	struct lc_event_filter event = {
		.type = LC_EVENT_FILTER,
		.filters = MARK,
		.cgroup = CGROUP,
		.place = place,
		.length = length,
		.offset = offset,
		.last = true,
	};

	memcpy(event.instructions, program, n * sizeof(*program));
	return event;
}

static void take_no_mount(void)
{
	struct lc_event_filter event = part_of(no_mount, LENGTH(no_mount), 0, LENGTH(no_mount), 0);

	lc_filters_take(&probe, &event);
}

static int on_call(void *context, struct lc_counted_call *counted)
{
	struct heard *told = context;

	told->n++;
	lc_failure_clear(&told->last.call);
	told->last = *counted;
	counted->call = (struct lc_failure){0};
	return 0;
}

/* Takes EVENT, counts it once, and has all told. */
static void take_and_tell(const struct lc_event_call *event)
{
	const struct lc_counter one = {.count = 1, .first = 5, .last = 5};

	lc_probe_take_call(&probe, event);
	assert_int_equal(lc_returned_keep(&probe, NULL, &event->key, &one), 0);
	assert_int_equal(lc_returned_tell(&probe, on_call, &heard), 0);
}

static void what_waits_for_its_file_is_told_with_it_and_once(void **state)
{
	struct lc_event_call event = call_about(SYS_openat, EACCES, "/srv");
	const struct lc_counter more = {.count = 2, .first = 6, .last = 7};

	(void)state;
	probe.stopped = false;
	event.key.facts = 0;
	take_and_tell(&event);
	assert_int_equal(heard.touched, 1);
	assert_int_equal(heard.n, 0);
	lc_probe_tell_object(&probe, heard.key, 0, &(struct lc_object){.owner = strdup("root:root"), .mode = 0600});
	assert_int_equal(lc_returned_tell(&probe, on_call, &heard), 0);
	assert_int_equal(heard.n, 1);
	assert_int_equal(heard.last.call.count, 1);
	assert_string_equal(heard.last.call.object.owner, "root:root");
	assert_int_equal(lc_returned_tell(&probe, on_call, &heard), 0);
	assert_int_equal(heard.n, 1);
	assert_int_equal(lc_returned_keep(&probe, NULL, &event.key, &more), 0);
	assert_int_equal(lc_returned_tell(&probe, on_call, &heard), 0);
	assert_int_equal(heard.n, 2);
	assert_int_equal(heard.last.call.count, 2);
}

static void what_was_counted_before_its_event_came_waits_for_it_once(void **state)
{
	struct lc_event_call event = call_about(SYS_chroot, EPERM, "/srv");
	const struct lc_counter one = {.count = 1, .first = 5, .last = 5};

	(void)state;
	probe.stopped = false;
	assert_int_equal(lc_returned_keep(&probe, NULL, &event.key, &one), 0);
	assert_int_equal(lc_returned_tell(&probe, on_call, &heard), 0);
	assert_int_equal(heard.n, 0);
	assert_int_equal(lc_returned_tell(&probe, on_call, &heard), 0);
	assert_int_equal(heard.n, 1);
	assert_int_equal(heard.last.call.count, 1);
}

static enum lc_filter_answer ask(int number)
{
	const struct seccomp_data call = {.nr = number, .arch = AUDIT_ARCH_X86_64};

	return lc_filters_ask(&probe, CGROUP, MARK, &call, EPERM);
}

static void a_refused_call_is_told_with_all_that_is_known(void **state)
{
	struct lc_event_call event = call_about(SYS_chroot, EPERM, "/srv");

	(void)state;
	event.key.userns = 9;
	event.key.argument = 3;
	event.key.facts |= LC_CALL_DENIED | LC_CALL_ASKED | LC_CALL_NO_NEW_PRIVS;
	take_and_tell(&event);
	assert_int_equal(heard.n, 1);
	assert_int_equal(heard.last.cgroup, CGROUP);
	assert_int_equal(heard.last.userns, 9);
	assert_false(heard.last.passed);
	assert_string_equal(heard.last.call.syscall, "chroot");
	assert_string_equal(heard.last.call.result, "EPERM");
	assert_string_equal(heard.last.call.exe, "/bin/mount");
	assert_string_equal(heard.last.call.comm, "mounter");
	assert_string_equal(heard.last.call.user, "33:34");
	assert_string_equal(heard.last.call.about, "/srv");
	assert_int_equal(heard.last.call.argument, 3);
	assert_true(heard.last.call.denied);
	assert_true(heard.last.call.asked);
	assert_true(heard.last.call.no_new_privs);
	assert_int_equal(heard.last.call.count, 1);
}

static void calls_of_one_key_are_added_up(void **state)
{
	const struct lc_counter earlier = {.count = 3, .first = 2, .last = 4};
	struct lc_event_call event = call_of(SYS_mount, EPERM);

	(void)state;
	probe.tick_ns = 1;
	assert_int_equal(lc_returned_keep(&probe, NULL, &event.key, &earlier), 0);
	take_and_tell(&event);
	assert_int_equal(heard.n, 1);
	assert_int_equal(heard.last.call.count, 4);
	assert_int_equal(heard.last.call.first_ns, 2);
	assert_int_equal(heard.last.call.last_ns, 5);
}

static void what_was_told_and_never_counted_is_not_told(void **state)
{
	struct lc_event_call event = call_of(SYS_mount, EPERM);

	(void)state;
	lc_probe_take_call(&probe, &event);
	assert_int_equal(lc_returned_tell(&probe, on_call, &heard), 0);
	assert_int_equal(heard.n, 0);
}

static void what_was_counted_and_never_told_is_told_with_what_is_known(void **state)
{
	const struct lc_counter one = {.count = 1};
	struct lc_event_call event = call_of(SYS_mount, EPERM);

	(void)state;
	assert_int_equal(lc_returned_keep(&probe, NULL, &event.key, &one), 0);
	assert_int_equal(lc_returned_tell(&probe, on_call, &heard), 0);
	assert_int_equal(heard.n, 1);
	assert_string_equal(heard.last.call.syscall, "mount");
	assert_null(heard.last.call.exe);
	assert_int_equal(heard.last.call.filter, LC_FILTER_UNKNOWN);
}

static void a_filter_answers_for_the_call(void **state)
{
	struct lc_event_call refused = call_of(SYS_mount, EPERM), allowed = call_of(SYS_umount2, EPERM);

	(void)state;
	take_no_mount();
	take_and_tell(&refused);
	assert_int_equal(heard.last.call.filter, LC_FILTER_REFUSES);
	lc_table_free(probe.returned, lc_returned_free);
	probe.returned = lc_table_new(sizeof(struct lc_call_key));
	take_and_tell(&allowed);
	assert_int_equal(heard.last.call.filter, LC_FILTER_ALLOWS);
}

static void a_filter_that_comes_late_answers_all_the_same(void **state)
{
	struct lc_event_call event = call_of(SYS_mount, EPERM);

	(void)state;
	lc_probe_take_call(&probe, &event);
	take_no_mount();
	take_and_tell(&event);
	assert_int_equal(heard.last.call.filter, LC_FILTER_REFUSES);
}

static void a_task_without_filters_is_refused_by_none(void **state)
{
	struct lc_event_call event = call_of(SYS_mount, EPERM);

	(void)state;
	event.key.facts = 0;
	event.key.filters = 0;
	take_and_tell(&event);
	assert_int_equal(heard.last.call.filter, LC_FILTER_NONE);
}

static void what_passed_was_let_through(void **state)
{
	struct lc_event_call event = call_of(SYS_mount, 0);

	(void)state;
	event.key.filters = 0;
	take_and_tell(&event);
	assert_true(heard.last.passed);
	assert_null(heard.last.call.result);
	assert_int_equal(heard.last.call.filter, LC_FILTER_ALLOWS);
	assert_int_equal(heard.touched, 0);
}

static void a_long_filter_comes_in_parts(void **state)
{
	struct sock_filter program[2 * LC_FILTER_CHUNK];
	struct lc_event_filter first, second;

	(void)state;
	for (size_t i = 0; i < LENGTH(program); i++)
		program[i] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	memcpy(program + LENGTH(program) - LENGTH(no_mount), no_mount, sizeof(no_mount));
	first = part_of(program, LC_FILTER_CHUNK, 0, LENGTH(program), 0);
	second = part_of(program + LC_FILTER_CHUNK, LC_FILTER_CHUNK, 0, LENGTH(program), LC_FILTER_CHUNK);
	lc_filters_take(&probe, &first);
	assert_int_equal(ask(SYS_mount), LC_FILTER_UNKNOWN);
	lc_filters_take(&probe, &second);
	assert_int_equal(ask(SYS_mount), LC_FILTER_REFUSES);
	assert_int_equal(ask(SYS_umount2), LC_FILTER_ALLOWS);
}

static void older_filters_are_asked_as_well(void **state)
{
	const struct sock_filter all[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	struct lc_event_filter newest = part_of(all, 1, 0, 1, 0),
			       oldest = part_of(no_mount, LENGTH(no_mount), 1, LENGTH(no_mount), 0);

	(void)state;
	newest.last = false;
	lc_filters_take(&probe, &newest);
	assert_int_equal(ask(SYS_mount), LC_FILTER_UNKNOWN);
	lc_filters_take(&probe, &oldest);
	assert_int_equal(ask(SYS_mount), LC_FILTER_REFUSES);
}

static void of_more_filters_than_are_sent_the_answer_is_unknown(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < LC_FILTERS + 2; i++) {
		struct lc_event_filter event = part_of(no_mount, LENGTH(no_mount), i, LENGTH(no_mount), 0);

		event.last = i == LC_FILTERS + 1;
		lc_filters_take(&probe, &event);
	}
	assert_int_equal(ask(SYS_mount), LC_FILTER_UNKNOWN);
}

static void a_part_that_does_not_fit_is_left_out(void **state)
{
	static const struct {
		uint32_t place, length, offset;
	} wrong[] = {
		{0, 0, 0},                /* could not be read */
		{0, BPF_MAXINSNS + 1, 0}, /* longer than any */
		{0, 4, 2},                /* not the first */
		{0, 4, 4},                /* behind the end */
		{0, 4, UINT32_MAX},
		{1, 4, 0}, /* not the newest */
		{UINT32_MAX, 4, 0},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++) {
		struct lc_event_filter event =
			part_of(no_mount, LENGTH(no_mount), wrong[i].place, wrong[i].length, wrong[i].offset);

		lc_filters_take(&probe, &event);
		assert_int_equal(ask(SYS_mount), LC_FILTER_UNKNOWN);
	}
	take_no_mount();
	assert_int_equal(ask(SYS_mount), LC_FILTER_REFUSES);
}

static void filters_that_are_sent_again_begin_anew(void **state)
{
	struct lc_event_filter first = part_of(no_mount, LC_FILTER_CHUNK / 512, 0, LC_FILTER_CHUNK + 1, 0);

	(void)state;
	lc_filters_take(&probe, &first);
	take_no_mount();
	assert_int_equal(ask(SYS_mount), LC_FILTER_REFUSES);
}

/* A share may not fill the memory with filters. What finds no room is counted, and others still find some. */
static void filters_have_limited_room(void **state)
{
	struct lc_event_filter event = part_of(no_mount, LENGTH(no_mount), 0, BPF_MAXINSNS, 0);
	const uint64_t share = 0;

	(void)state;
	for (uint32_t i = 0; i < 100; i++) {
		event.filters = i;
		lc_filters_take(&probe, &event);
	}
	assert_int_equal(
		((struct lc_share *)lc_table_get(probe.shares, &share))->missed.losses.of[LC_LOSS_FILTERS], 84);
}

static void the_file_is_looked_at_once(void **state)
{
	struct lc_event_call event = call_about(SYS_open, EACCES, "/etc/shadow");
	struct lc_object object = {.path = strdup("/etc/shadow"), .mode = 0100640};

	(void)state;
	lc_probe_take_call(&probe, &event);
	lc_probe_take_call(&probe, &event);
	assert_int_equal(heard.touched, 1);
	assert_int_equal(heard.cap, 1 /* CAP_DAC_OVERRIDE */);
	lc_probe_tell_object(&probe, heard.key, 0, &object);
	assert_null(object.path);
	take_and_tell(&event);
	assert_string_equal(heard.last.call.object.path, "/etc/shadow");
	assert_int_equal(heard.last.call.object.mode, 0100640);
}

static void no_file_is_looked_at_where_a_filter_refused(void **state)
{
	struct lc_event_call event = call_about(SYS_mount, EPERM, "/mnt");

	(void)state;
	take_no_mount();
	lc_probe_take_call(&probe, &event);
	assert_int_equal(heard.touched, 0);
}

#define test(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_refused_call_is_told_with_all_that_is_known),
		test(what_waits_for_its_file_is_told_with_it_and_once),
		test(what_was_counted_before_its_event_came_waits_for_it_once),
		test(calls_of_one_key_are_added_up),
		test(what_was_told_and_never_counted_is_not_told),
		test(what_was_counted_and_never_told_is_told_with_what_is_known),
		test(a_filter_answers_for_the_call),
		test(a_filter_that_comes_late_answers_all_the_same),
		test(a_task_without_filters_is_refused_by_none),
		test(what_passed_was_let_through),
		test(a_long_filter_comes_in_parts),
		test(older_filters_are_asked_as_well),
		test(of_more_filters_than_are_sent_the_answer_is_unknown),
		test(a_part_that_does_not_fit_is_left_out),
		test(filters_that_are_sent_again_begin_anew),
		test(filters_have_limited_room),
		test(the_file_is_looked_at_once),
		test(no_file_is_looked_at_where_a_filter_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
