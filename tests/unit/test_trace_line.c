/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of a traced check or refused call as a line of text. */
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>
#include <leastcap/trace.h>

#include <errno.h>
#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>

#include <cmocka.h>

#define SECOND INT64_C(1000000000)

/* A mount that was denied to pid 4250. */
struct denied {
	struct lc_check check;
	struct lc_call_made call;
	struct lc_traced traced;
};

static void make(struct denied *denied)
{
	*denied = (struct denied){
		.check = {.cap = CAP_SYS_ADMIN, .verdict = LC_VERDICT_DENIED, .class = LC_CLASS_REQUIRED, .count = 1},
		.call = {.number = SYS_umount2},
		.traced = {.time_ns = 1700000000 * SECOND + 123456789,
			.pid = 4250,
			.tgid = 4250,
			.returned = true,
			.result = -EPERM},
	};
	denied->check.comm = (char *)"umount";
	denied->traced.check = &denied->check;
	denied->traced.call = &denied->call;
}

/* Asserts the line of TRACED, whose end of line is not given. */
static void assert_line(struct lc_trace_style style, const struct lc_traced *traced, const char *expected)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

	lc_trace_line(&out, &style, traced);
	assert_true(out.length > 0 && out.text[out.length - 1] == '\n');
	out.text[out.length - 1] = '\0';
	assert_string_equal(out.text, expected);
}

#define DENIED "umount2(NULL, 0) → SYS_ADMIN denied = -1 EPERM (Operation not permitted)"

static void a_line_says_who_asked_for_what_and_what_became_of_it(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	assert_line((struct lc_trace_style){0}, &denied.traced, "[pid 4250] umount  " DENIED);
}

static void what_was_granted_says_so(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	denied.check.verdict = LC_VERDICT_GRANTED;
	denied.traced.result = 0;
	assert_line((struct lc_trace_style){0}, &denied.traced,
		"[pid 4250] umount  umount2(NULL, 0) → SYS_ADMIN granted = 0");
}

static void a_target_stands_beside_the_pid(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	denied.traced.target = "web";
	assert_line((struct lc_trace_style){0}, &denied.traced, "[pid 4250 web] umount  " DENIED);
}

static void a_call_that_has_not_returned_is_unfinished(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	denied.traced.returned = false;
	assert_line((struct lc_trace_style){0}, &denied.traced,
		"[pid 4250] umount  umount2(NULL, 0) → SYS_ADMIN denied = <unfinished ...>");
}

static void a_check_outside_of_a_call_names_the_function_that_asked(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	denied.call.number = -1;
	assert_line((struct lc_trace_style){0}, &denied.traced,
		"[pid 4250] umount  --- no system call --- → SYS_ADMIN denied");
	denied.check.caller = (char *)"io_wq_worker";
	assert_line((struct lc_trace_style){0}, &denied.traced,
		"[pid 4250] umount  --- no system call: io_wq_worker --- → SYS_ADMIN denied");
}

static void the_class_is_marked_when_asked(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	denied.check.class = LC_CLASS_ADVISORY;
	assert_line((struct lc_trace_style){.class = true}, &denied.traced,
		"[pid 4250] umount  umount2(NULL, 0) → SYS_ADMIN denied <advisory> = -1 EPERM (Operation not permitted)");
}

static void what_is_required_has_no_mark(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	assert_line((struct lc_trace_style){.class = true}, &denied.traced, "[pid 4250] umount  " DENIED);
}

static void the_duration_stands_at_the_end(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	denied.traced.began_ns = 10 * SECOND;
	denied.traced.ended_ns = 11 * SECOND + 2345678;
	assert_line(
		(struct lc_trace_style){.duration = true}, &denied.traced, "[pid 4250] umount  " DENIED " <1.002345>");
}

static void an_unknown_duration_is_left_out(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	assert_line((struct lc_trace_style){.duration = true}, &denied.traced, "[pid 4250] umount  " DENIED);
}

static void times_stand_first_as_strace_writes_them(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	setenv("TZ", "UTC0", 1); // NOLINT(concurrency-mt-unsafe)
	tzset();
	assert_line((struct lc_trace_style){.time = 1}, &denied.traced, "22:13:20 [pid 4250] umount  " DENIED);
	assert_line((struct lc_trace_style){.time = 2}, &denied.traced, "22:13:20.123456 [pid 4250] umount  " DENIED);
	assert_line((struct lc_trace_style){.time = 3}, &denied.traced, "1700000000.123456 [pid 4250] umount  " DENIED);
}

static void relative_times_count_from_the_line_before(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	struct lc_trace_style style = {.relative = true};
	struct denied denied;

	(void)state;
	make(&denied);
	lc_trace_line(&out, &style, &denied.traced);
	denied.traced.time_ns += 12 * SECOND + 34567000;
	lc_trace_line(&out, &style, &denied.traced);
	assert_string_equal(
		out.text, "     0.000000 [pid 4250] umount  " DENIED "\n    12.034567 [pid 4250] umount  " DENIED "\n");
}

static void relative_times_stand_in_brackets_behind_the_clock(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	setenv("TZ", "UTC0", 1); // NOLINT(concurrency-mt-unsafe)
	tzset();
	assert_line((struct lc_trace_style){.time = 1, .relative = true}, &denied.traced,
		"22:13:20 (+     0.000000) [pid 4250] umount  " DENIED);
}

static void a_line_that_comes_late_counts_as_no_time(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	assert_line((struct lc_trace_style){.relative = true, .previous_ns = denied.traced.time_ns + SECOND},
		&denied.traced, "     0.000000 [pid 4250] umount  " DENIED);
}

static void a_denial_is_red_when_asked(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	assert_line((struct lc_trace_style){.color = true}, &denied.traced,
		"[pid 4250] umount  umount2(NULL, 0) → SYS_ADMIN \033[31mdenied\033[0m = -1 EPERM (Operation not permitted)");
}

static void names_cannot_act_on_the_terminal(void **state)
{
	struct denied denied;

	(void)state;
	make(&denied);
	denied.check.comm = (char *)"a\033[2J\n\xff";
	denied.traced.target = "\a";
	assert_line((struct lc_trace_style){0}, &denied.traced, "[pid 4250 \\x07] a\\033[2J\\n\\xff  " DENIED);
}

static void a_stack_follows_as_with_strace(void **state)
{
	struct lc_frame frames[] = {
		{.function = (char *)"ns_capable", .offset = 0x2f},
		{.function = (char *)"do_mount",
			.offset = 0x10,
			.module = (char *)"/bin/mount",
			.file = (char *)"mount.c",
			.line = 42},
		{.function = (char *)"inner", .module = (char *)"/bin/mount", .inlined = true},
		{.offset = 0x1234, .module = (char *)"/lib/a\nb.so"},
	};
	struct lc_stack stack = {.frames = frames, .n = 4, .cut = true};
	struct denied denied;

	(void)state;
	make(&denied);
	denied.traced.stack = &stack;
	assert_line((struct lc_trace_style){0}, &denied.traced,
		"[pid 4250] umount  " DENIED "\n"
		" > [kernel](ns_capable+0x2f)\n"
		" > /bin/mount(do_mount+0x10) mount.c:42\n"
		" > /bin/mount(inner) (inlined)\n"
		" > /lib/a\\nb.so() [0x1234]\n"
		" > ...");
}

/* The same call, refused without a check. */
struct refused {
	struct lc_failure failure;
	struct denied denied;
};

static void make_refused(struct refused *refused, enum lc_cause cause, uint64_t caps)
{
	make(&refused->denied);
	refused->failure = (struct lc_failure){.cause = cause, .caps = caps, .count = 1};
	refused->failure.comm = (char *)"umount";
	refused->denied.traced.check = NULL;
	refused->denied.traced.failure = &refused->failure;
}

#define REFUSED(cause) "[pid 4250] umount  umount2(NULL, 0)" cause " = -1 EPERM (Operation not permitted)"

static void assert_cause(enum lc_cause cause, uint64_t caps, const char *expected)
{
	struct refused refused;

	make_refused(&refused, cause, caps);
	assert_line((struct lc_trace_style){0}, &refused.denied.traced, expected);
}

static void a_refused_call_has_its_cause_in_the_place_of_a_check(void **state)
{
	(void)state;
	assert_cause(LC_CAUSE_FILTER, 0, REFUSED(" → seccomp filter"));
	assert_cause(LC_CAUSE_DEVICE, 0, REFUSED(" → device controller"));
	assert_cause(LC_CAUSE_CONFINEMENT, 0, REFUSED(" → confinement"));
	assert_cause(LC_CAUSE_NO_NEW_PRIVS, 0, REFUSED(" → no_new_privs"));
	assert_cause(LC_CAUSE_NAMESPACE, 0, REFUSED(" → user namespace"));
	assert_cause(LC_CAUSE_LIMIT, 0, REFUSED(" → resource limit"));
	assert_cause(LC_CAUSE_FILE, 0, REFUSED(" → file"));
	assert_cause(LC_CAUSE_OWN_CHECK, 0, REFUSED(" → its own check"));
	assert_cause(LC_CAUSE_CAPABILITY, 0, REFUSED(" → capability"));
}

static void a_cause_names_what_would_let_the_call_through(void **state)
{
	struct refused refused;

	(void)state;
	assert_cause(LC_CAUSE_LIMIT, UINT64_C(1) << CAP_SYS_RESOURCE,
		REFUSED(" → resource limit (SYS_RESOURCE would open it)"));
	assert_cause(
		LC_CAUSE_FILTER, UINT64_C(1) << CAP_SYS_ADMIN, REFUSED(" → seccomp filter (SYS_ADMIN would open it)"));
	make_refused(&refused, LC_CAUSE_FILTER, UINT64_C(1) << CAP_SYS_ADMIN | UINT64_C(1) << CAP_BPF);
	refused.failure.filter = LC_FILTER_REFUSES;
	assert_line((struct lc_trace_style){0}, &refused.denied.traced,
		REFUSED(" → seccomp filter (SYS_ADMIN or BPF opens it)"));
}

static void of_a_file_it_is_said_whose_it_is(void **state)
{
	struct refused refused;

	(void)state;
	make_refused(&refused, LC_CAUSE_FILE, UINT64_C(1) << CAP_DAC_OVERRIDE);
	refused.failure.object.path = (char *)"/etc/shadow";
	assert_line((struct lc_trace_style){0}, &refused.denied.traced,
		REFUSED(" → file (/etc/shadow; DAC_OVERRIDE would open it)"));
	refused.failure.object.owner = (char *)"root:shadow";
	refused.failure.object.mode = 0100640;
	assert_line((struct lc_trace_style){0}, &refused.denied.traced,
		REFUSED(" → file (/etc/shadow root:shadow 0640; DAC_OVERRIDE would open it)"));
	refused.failure.caps = 0;
	assert_line(
		(struct lc_trace_style){0}, &refused.denied.traced, REFUSED(" → file (/etc/shadow root:shadow 0640)"));
	refused.failure.cause = LC_CAUSE_DEVICE;
	assert_line((struct lc_trace_style){0}, &refused.denied.traced, REFUSED(" → device controller"));
}

static void an_unknown_cause_says_nothing(void **state)
{
	(void)state;
	assert_cause(LC_CAUSE_UNKNOWN, 0, REFUSED(""));
	assert_cause(LC_CAUSE_UNKNOWN, UINT64_C(1) << CAP_SYS_ADMIN, REFUSED(""));
}

static void what_is_expected_is_marked_when_asked(void **state)
{
	struct lc_trace_style marked = {.class = true};
	struct refused refused;

	(void)state;
	make_refused(&refused, LC_CAUSE_FILE, 0);
	assert_line(marked, &refused.denied.traced, REFUSED(" → file"));
	refused.failure.expected = true;
	assert_line(marked, &refused.denied.traced, REFUSED(" → file <expected>"));
	assert_line((struct lc_trace_style){0}, &refused.denied.traced, REFUSED(" → file"));
}

static void a_cause_is_red_when_asked(void **state)
{
	struct refused refused;

	(void)state;
	make_refused(&refused, LC_CAUSE_FILTER, 0);
	assert_line((struct lc_trace_style){.color = true}, &refused.denied.traced,
		REFUSED(" → \033[31mseccomp filter\033[0m"));
}

static void a_file_of_a_refused_call_cannot_act_on_the_terminal(void **state)
{
	struct refused refused;

	(void)state;
	make_refused(&refused, LC_CAUSE_FILE, 0);
	refused.failure.comm = (char *)"a\033[2J";
	refused.failure.object.path = (char *)"/b\033[2J\n";
	refused.failure.object.owner = (char *)"c\a:d";
	assert_line((struct lc_trace_style){0}, &refused.denied.traced,
		"[pid 4250] a\\033[2J  umount2(NULL, 0) → file (/b\\033[2J\\n c\\x07:d) = -1 EPERM (Operation not permitted)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_says_who_asked_for_what_and_what_became_of_it),
		cmocka_unit_test(what_was_granted_says_so),
		cmocka_unit_test(a_target_stands_beside_the_pid),
		cmocka_unit_test(a_call_that_has_not_returned_is_unfinished),
		cmocka_unit_test(a_check_outside_of_a_call_names_the_function_that_asked),
		cmocka_unit_test(the_class_is_marked_when_asked),
		cmocka_unit_test(what_is_required_has_no_mark),
		cmocka_unit_test(the_duration_stands_at_the_end),
		cmocka_unit_test(an_unknown_duration_is_left_out),
		cmocka_unit_test(times_stand_first_as_strace_writes_them),
		cmocka_unit_test(relative_times_count_from_the_line_before),
		cmocka_unit_test(relative_times_stand_in_brackets_behind_the_clock),
		cmocka_unit_test(a_line_that_comes_late_counts_as_no_time),
		cmocka_unit_test(a_denial_is_red_when_asked),
		cmocka_unit_test(names_cannot_act_on_the_terminal),
		cmocka_unit_test(a_stack_follows_as_with_strace),
		cmocka_unit_test(a_refused_call_has_its_cause_in_the_place_of_a_check),
		cmocka_unit_test(a_cause_names_what_would_let_the_call_through),
		cmocka_unit_test(of_a_file_it_is_said_whose_it_is),
		cmocka_unit_test(an_unknown_cause_says_nothing),
		cmocka_unit_test(what_is_expected_is_marked_when_asked),
		cmocka_unit_test(a_cause_is_red_when_asked),
		cmocka_unit_test(a_file_of_a_refused_call_cannot_act_on_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
