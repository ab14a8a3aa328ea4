/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the lines of a trace: which check is written when, and as what. */
#include <leastcap/tracer.h>

#include "evidence.h"
#include "stacks.h"

#include <errno.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define PID 4242

/* A tracer whose lines go to memory. */
struct trace {
	struct lc_tracer_options options;
	struct lc_trace_filter *filter;
	struct lc_tracer *tracer;
	struct lc_recording_listener listener;
	struct lc_target target;
	char *text;
	size_t size;
	size_t seen;                        /* of the text, by assert_written */
	struct lc_shared_stack *user_stack; /* of refused calls */
	bool search;                        /* what happens from here on is part of a search for a file */
	int64_t now;                        /* of the checks */
};

static int64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static int begin(void **state)
{
	struct trace *trace = calloc(1, sizeof(*trace));

	trace->filter = lc_trace_filter_new(false);
	trace->options.filter = trace->filter;
	trace->options.style.class = true;
	trace->options.stream = open_memstream(&trace->text, &trace->size);
	trace->target.name = strdup("web");
	trace->now = clock_now();
	*state = trace;
	return 0;
}

static int end(void **state)
{
	struct trace *trace = *state;

	lc_tracer_free(trace->tracer);
	fclose(trace->options.stream);
	free(trace->text);
	lc_trace_filter_free(trace->filter);
	lc_target_clear(&trace->target);
	free(trace);
	return 0;
}

/* The tracer, made when it is first needed: the options have been set by then. */
static struct lc_tracer *tracer_of(struct trace *trace)
{
	if (!trace->tracer) {
		trace->tracer = lc_tracer_new(&trace->options);
		assert_non_null(trace->tracer);
		trace->listener = lc_tracer_listener(trace->tracer);
	}
	return trace->tracer;
}

static void only(struct trace *trace, const char *expression)
{
	char *message;

	assert_int_equal(lc_trace_filter_add(trace->filter, expression, &message), 0);
}

/* CHECK is made in SYSCALL (NULL: in none) by thread PID. Its strings are literals. Whether checks like it are to be told further on. */
static bool happens(struct trace *trace, struct lc_check check, const char *syscall)
{
	const struct lc_call_made call = {.number = syscall ? seccomp_syscall_resolve_name(syscall) : -1, .pid = PID};
	struct lc_traced_check traced = {.time_ns = trace->now,
		.pid = PID,
		.tgid = PID,
		.comm = "nginx",
		.check = &check,
		.call = &call,
		.search = trace->search};
	struct lc_recording_check recording = {.traced = &traced, .target = &trace->target};

	tracer_of(trace);
	check.syscall = (char *)syscall;
	recording.check = check;
	recording.why = lc_judge_check(&recording.check, &trace->target);
	return trace->listener.traced(trace->listener.context, &recording);
}

static void returns(struct trace *trace, int64_t result)
{
	const struct lc_traced_return returned = {
		.pid = PID, .time_ns = trace->now + 1000, .result = result, .nothing = result == -ENOENT};

	trace->listener.returned(trace->listener.context, &returned);
}

/* The task ends in its system call. */
static void ends(struct trace *trace)
{
	const struct lc_traced_return returned = {.pid = PID, .time_ns = trace->now + 1000, .ended = true};

	trace->listener.returned(trace->listener.context, &returned);
}

/* A check at CALLER, a literal. */
static struct lc_check granted(int cap, const char *caller)
{
	struct lc_check check = granted_check(cap, NULL);

	check.caller = (char *)caller;
	return check;
}

static struct lc_check denied(int cap, const char *caller)
{
	struct lc_check check = denied_check(cap, NULL, NULL);

	check.caller = (char *)caller;
	return check;
}

/* Asserts what has been written since this was last asked. */
static void assert_written(struct trace *trace, const char *expected)
{
	assert_int_equal(lc_tracer_flush(trace->tracer, (struct lc_untold){0}), 0);
	assert_string_equal(trace->text ? trace->text + trace->seen : "", expected);
	trace->seen = trace->size;
}

static void a_granted_check_waits_for_its_return(void **state)
{
	struct trace *trace = *state;

	assert_true(happens(trace, granted(CAP_SYS_TIME, UNKNOWN), "sync"));
	assert_written(trace, "");
	returns(trace, 0);
	assert_written(trace, "[pid 4242] nginx  sync() → SYS_TIME granted = 0\n");
}

static void a_denied_check_whose_call_failed_is_blocked(void **state)
{
	struct trace *trace = *state;

	assert_true(happens(trace, denied(CAP_SYS_TIME, UNKNOWN), "sync"));
	returns(trace, -EPERM);
	assert_written(
		trace, "[pid 4242] nginx  sync() → SYS_TIME denied <blocked> = -1 EPERM (Operation not permitted)\n");
}

static void a_denied_check_whose_call_went_on_is_refused(void **state)
{
	struct trace *trace = *state;

	happens(trace, denied(CAP_SYS_TIME, UNKNOWN), "sync");
	returns(trace, 0);
	assert_written(trace, "[pid 4242] nginx  sync() → SYS_TIME denied <refused> = 0\n");
}

static void a_denied_check_whose_call_failed_of_something_else_is_refused(void **state)
{
	struct trace *trace = *state;

	happens(trace, denied(CAP_SYS_TIME, UNKNOWN), "sync");
	returns(trace, -ENOENT);
	assert_written(trace,
		"[pid 4242] nginx  sync() → SYS_TIME denied <refused> = -1 ENOENT (No such file or directory)\n");
}

static void a_result_counts_for_its_own_call_only(void **state)
{
	struct trace *trace = *state;

	happens(trace, denied(CAP_SYS_TIME, UNKNOWN), "sync");
	returns(trace, -EPERM);
	returns(trace, 0);
	happens(trace, denied(CAP_SYS_TIME, UNKNOWN), "sync");
	returns(trace, 0);
	assert_written(trace,
		"[pid 4242] nginx  sync() → SYS_TIME denied <blocked> = -1 EPERM (Operation not permitted)\n"
		"[pid 4242] nginx  sync() → SYS_TIME denied <refused> = 0\n");
}

static void what_the_same_decision_accepted_afterwards_answers_what_it_denied(void **state)
{
	struct trace *trace = *state;
	struct lc_check wide = granted(CAP_SYS_ADMIN, UNKNOWN);

	wide.chained = true;
	happens(trace, denied(CAP_BPF, UNKNOWN), "sync");
	happens(trace, wide, "sync");
	returns(trace, 0);
	assert_written(trace, "[pid 4242] nginx  sync() → BPF denied <alternative> = 0\n"
			      "[pid 4242] nginx  sync() → SYS_ADMIN granted = 0\n");
}

/* As in the report: see facts' rows of generic_permission. */
static void a_granted_search_that_found_nothing_is_judged_by_that(void **state)
{
	struct trace *trace = *state;
	struct lc_check search = granted(CAP_DAC_READ_SEARCH, "generic_permission");

	only(trace, "class=required,advisory");
	trace->search = true;
	happens(trace, search, "execveat");
	returns(trace, -ENOENT);
	happens(trace, search, "execveat");
	returns(trace, 0);
	trace->search = false;
	happens(trace, search, "execveat");
	returns(trace, -ENOENT);
	assert_written(trace,
		"[pid 4242] nginx  execveat(0, NULL, NULL, NULL, 0) → DAC_READ_SEARCH granted <advisory> = -1 ENOENT (No such file or directory)\n"
		"[pid 4242] nginx  execveat(0, NULL, NULL, NULL, 0) → DAC_READ_SEARCH granted = 0\n"
		"[pid 4242] nginx  execveat(0, NULL, NULL, NULL, 0) → DAC_READ_SEARCH granted = -1 ENOENT (No such file or directory)\n");
}

static void a_search_that_only_its_result_makes_advisory_is_told_to_the_end(void **state)
{
	struct trace *trace = *state;

	only(trace, "class=advisory");
	trace->search = true;
	assert_true(happens(trace, granted(CAP_DAC_READ_SEARCH, "generic_permission"), "execveat"));
	returns(trace, 0);
	assert_written(trace, "");
	happens(trace, granted(CAP_DAC_READ_SEARCH, "generic_permission"), "execveat");
	returns(trace, -ENOENT);
	assert_written(trace,
		"[pid 4242] nginx  execveat(0, NULL, NULL, NULL, 0) → DAC_READ_SEARCH granted <advisory> = -1 ENOENT (No such file or directory)\n");
}

/* What the decision then accepted in its stead found a file: a result that says nothing about what was denied. */
static void a_search_that_found_a_file_leaves_an_alternative_as_it_is(void **state)
{
	struct trace *trace = *state;
	struct lc_check wide = granted(CAP_DAC_OVERRIDE, "generic_permission");

	wide.chained = true;
	trace->search = true;
	happens(trace, denied(CAP_DAC_READ_SEARCH, "generic_permission"), "execveat");
	happens(trace, wide, "execveat");
	returns(trace, 0);
	assert_written(trace,
		"[pid 4242] nginx  execveat(0, NULL, NULL, NULL, 0) → DAC_READ_SEARCH denied <alternative> = 0\n"
		"[pid 4242] nginx  execveat(0, NULL, NULL, NULL, 0) → DAC_OVERRIDE granted = 0\n");
}

static void what_another_decision_accepted_answers_nothing(void **state)
{
	struct trace *trace = *state;
	struct lc_check wide = granted(CAP_SYS_ADMIN, "another_function");

	wide.chained = true;
	happens(trace, denied(CAP_BPF, UNKNOWN), "sync");
	happens(trace, wide, "sync");
	returns(trace, 0);
	assert_written(trace, "[pid 4242] nginx  sync() → BPF denied <refused> = 0\n"
			      "[pid 4242] nginx  sync() → SYS_ADMIN granted = 0\n");
}

static void the_checks_of_a_call_are_written_in_their_order(void **state)
{
	struct trace *trace = *state;

	happens(trace, granted(CAP_CHOWN, UNKNOWN), "sync");
	happens(trace, granted(CAP_KILL, UNKNOWN), "sync");
	happens(trace, granted(CAP_FOWNER, UNKNOWN), "sync");
	returns(trace, 0);
	assert_written(trace, "[pid 4242] nginx  sync() → CHOWN granted = 0\n"
			      "[pid 4242] nginx  sync() → KILL granted = 0\n"
			      "[pid 4242] nginx  sync() → FOWNER granted = 0\n");
}

static void outside_of_a_system_call_nothing_is_waited_for(void **state)
{
	struct trace *trace = *state;

	assert_true(happens(trace, granted(CAP_SYS_ADMIN, "io_work"), NULL));
	assert_written(trace, "[pid 4242] nginx  --- no system call: io_work --- → SYS_ADMIN granted\n");
}

static void a_call_that_lasts_is_unfinished_and_then_whole(void **state)
{
	struct trace *trace = *state;

	happens(trace, granted(CAP_SYS_TIME, UNKNOWN), "sync");
	usleep(400000);
	assert_written(trace, "[pid 4242] nginx  sync() → SYS_TIME granted = <unfinished ...>\n");
	assert_written(trace, "");
	returns(trace, 0);
	assert_written(trace, "[pid 4242] nginx  sync() → SYS_TIME granted = 0\n");
}

static void a_call_that_has_only_begun_is_not_unfinished(void **state)
{
	struct trace *trace = *state;

	happens(trace, granted(CAP_SYS_TIME, UNKNOWN), "sync");
	assert_written(trace, "");
}

static void a_clock_that_was_set_makes_no_call_unfinished(void **state)
{
	struct trace *trace = *state;

	trace->now -= 3600 * INT64_C(1000000000);
	happens(trace, granted(CAP_SYS_TIME, UNKNOWN), "sync");
	assert_written(trace, "");
}

static void a_task_that_ends_in_its_call_leaves_it_unfinished(void **state)
{
	struct trace *trace = *state;

	happens(trace, granted(CAP_SYS_BOOT, UNKNOWN), "sync");
	ends(trace);
	assert_written(trace, "[pid 4242] nginx  sync() → SYS_BOOT granted = <unfinished ...>\n");
}

static void at_the_end_what_still_waits_is_unfinished(void **state)
{
	struct trace *trace = *state;

	happens(trace, granted(CAP_SYS_TIME, UNKNOWN), "sync");
	assert_int_equal(lc_tracer_end(trace->tracer, (struct lc_untold){0}), 0);
	assert_string_equal(trace->text, "[pid 4242] nginx  sync() → SYS_TIME granted = <unfinished ...>\n");
}

static void at_the_end_what_was_unfinished_is_not_told_again_but_what_came_later_is(void **state)
{
	struct trace *trace = *state;

	happens(trace, granted(CAP_CHOWN, UNKNOWN), "sync");
	usleep(400000);
	assert_written(trace, "[pid 4242] nginx  sync() → CHOWN granted = <unfinished ...>\n");
	happens(trace, granted(CAP_KILL, UNKNOWN), "sync");
	assert_int_equal(lc_tracer_end(trace->tracer, (struct lc_untold){0}), 0);
	assert_string_equal(trace->text + trace->seen, "[pid 4242] nginx  sync() → KILL granted = <unfinished ...>\n");
}

/* Its event found no room. */
static void a_return_that_was_not_told_is_not_made_up_from_the_next_calls(void **state)
{
	struct trace *trace = *state;

	happens(trace, denied(CAP_CHOWN, UNKNOWN), "vhangup");
	happens(trace, denied(CAP_KILL, UNKNOWN), "sync");
	returns(trace, -EPERM);
	assert_written(trace,
		"[pid 4242] nginx  vhangup() → CHOWN denied <refused> = <unfinished ...>\n"
		"[pid 4242] nginx  sync() → KILL denied <blocked> = -1 EPERM (Operation not permitted)\n");
}

static void checks_that_were_not_told_are_said_to_be_skipped_once(void **state)
{
	struct trace *trace = *state;

	lc_tracer_flush(tracer_of(trace), (struct lc_untold){.checks = 1});
	lc_tracer_flush(trace->tracer, (struct lc_untold){.checks = 1});
	lc_tracer_end(trace->tracer, (struct lc_untold){.checks = 3});
	assert_string_equal(trace->text, "... 1 check skipped: they came faster than they could be written ...\n"
					 "... 2 checks skipped: they came faster than they could be written ...\n");
}

static void in_json_skipped_checks_are_an_object(void **state)
{
	struct trace *trace = *state;

	trace->options.style.json = true;
	lc_tracer_flush(tracer_of(trace), (struct lc_untold){.checks = 12});
	assert_string_equal(trace->text, "{\"skipped\": 12}\n");
}

static void checks_that_the_filter_never_lets_through_need_not_be_told(void **state)
{
	struct trace *trace = *state;

	only(trace, "cap=chown");
	assert_false(happens(trace, granted(CAP_KILL, UNKNOWN), "sync"));
	returns(trace, 0);
	assert_written(trace, "");
}

static void a_denied_check_passes_the_filter_by_what_its_call_returned(void **state)
{
	struct trace *trace = *state;

	only(trace, "class=blocked");
	assert_true(happens(trace, denied(CAP_KILL, UNKNOWN), "sync"));
	returns(trace, 0);
	assert_written(trace, "");
	assert_true(happens(trace, denied(CAP_KILL, UNKNOWN), "sync"));
	returns(trace, -EPERM);
	assert_written(
		trace, "[pid 4242] nginx  sync() → KILL denied <blocked> = -1 EPERM (Operation not permitted)\n");
}

static void outside_of_a_system_call_the_filter_decides_at_once(void **state)
{
	struct trace *trace = *state;

	only(trace, "class=blocked");
	assert_false(happens(trace, denied(CAP_KILL, "io_work"), NULL));
	assert_written(trace, "");
}

static void what_is_set_up_is_left_out(void **state)
{
	struct trace *trace = *state;
	struct lc_check check = granted(CAP_SYS_ADMIN, UNKNOWN);

	check.phase = LC_PHASE_SETUP;
	assert_false(happens(trace, check, "sync"));
	returns(trace, 0);
	assert_written(trace, "");
}

static void a_return_that_nobody_waits_for_is_ignored(void **state)
{
	struct trace *trace = *state;

	tracer_of(trace);
	returns(trace, 0);
	assert_written(trace, "");
}

static void where_there_are_several_targets_each_line_names_its_own(void **state)
{
	struct trace *trace = *state;

	trace->options.targets = true;
	happens(trace, granted(CAP_KILL, UNKNOWN), "sync");
	/* The engine tells another name in the meantime. */
	free(trace->target.name);
	trace->target.name = strdup("renamed");
	returns(trace, 0);
	assert_written(trace, "[pid 4242 web] nginx  sync() → KILL granted = 0\n");
}

static void a_target_without_a_name_goes_by_the_beginning_of_its_id(void **state)
{
	struct trace *trace = *state;

	trace->options.targets = true;
	free(trace->target.name);
	trace->target.name = NULL;
	trace->target.id = strdup("0123456789abcdef0123456789abcdef");
	happens(trace, granted(CAP_KILL, UNKNOWN), "sync");
	returns(trace, 0);
	assert_written(trace, "[pid 4242 0123456789ab] nginx  sync() → KILL granted = 0\n");
}

static void with_stacks_the_kernels_functions_stand_before_the_programs(void **state)
{
	struct trace *trace = *state;
	struct lc_check check = granted(CAP_KILL, UNKNOWN);

	trace->options.stacks = true;
	check.kernel_stack = stack_of("ksys_sync", NULL);
	check.user_stack = stack_of("main", NULL);
	check.user_stack->stack.frames[0].module = strdup("/bin/a");
	check.user_stack->stack.cut = true;
	happens(trace, check, "sync");
	returns(trace, 0);
	assert_written(trace, "[pid 4242] nginx  sync() → KILL granted = 0\n"
			      " > [kernel](ksys_sync+0x10)\n"
			      " > /bin/a(main+0x10)\n"
			      " > ...\n");
	lc_shared_stack_drop(check.kernel_stack);
	lc_shared_stack_drop(check.user_stack);
}

static void without_being_asked_for_stacks_are_not_shown(void **state)
{
	struct trace *trace = *state;
	struct lc_check check = granted(CAP_KILL, UNKNOWN);

	check.kernel_stack = stack_of("ksys_sync", NULL);
	happens(trace, check, "sync");
	returns(trace, 0);
	assert_written(trace, "[pid 4242] nginx  sync() → KILL granted = 0\n");
	lc_shared_stack_drop(check.kernel_stack);
}

static void what_a_call_points_to_is_kept_until_it_returns(void **state)
{
	struct trace *trace = *state;
	unsigned char path[] = "/srv/www";
	struct lc_call_made call = {.number = seccomp_syscall_resolve_name("chroot"),
		.arguments = {0x1000},
		.pieces = {{.bytes = path, .length = 8}}};
	struct lc_check check = granted(CAP_SYS_CHROOT, UNKNOWN);
	struct lc_traced_check traced = {
		.time_ns = trace->now, .pid = PID, .tgid = PID, .comm = "nginx", .check = &check, .call = &call};
	struct lc_recording_check recording = {.traced = &traced, .target = &trace->target, .check = check};

	tracer_of(trace);
	recording.check.class = LC_CLASS_REQUIRED;
	trace->listener.traced(trace->listener.context, &recording);
	memset(path, 'x', sizeof(path));
	returns(trace, 0);
	assert_written(trace, "[pid 4242] nginx  chroot(\"/srv/www\") → SYS_CHROOT granted = 0\n");
}

static void when_the_reader_of_a_pipe_is_gone_the_tracer_says_so(void **state)
{
	struct trace *trace = *state;
	int ends_of_pipe[2];

	assert_int_equal(pipe(ends_of_pipe), 0);
	fclose(trace->options.stream);
	trace->options.stream = fdopen(ends_of_pipe[1], "w");
	close(ends_of_pipe[0]);
	signal(SIGPIPE, SIG_IGN);
	happens(trace, granted(CAP_KILL, UNKNOWN), "sync");
	returns(trace, 0);
	assert_int_equal(lc_tracer_flush(trace->tracer, (struct lc_untold){0}), -EPIPE);
	assert_int_equal(lc_tracer_end(trace->tracer, (struct lc_untold){0}), -EPIPE);
}

static void a_full_disk_is_told(void **state)
{
	struct trace *trace = *state;

	fclose(trace->options.stream);
	trace->options.stream = fopen("/dev/full", "w");
	happens(trace, granted(CAP_KILL, UNKNOWN), "sync");
	returns(trace, 0);
	assert_int_equal(lc_tracer_end(trace->tracer, (struct lc_untold){0}), -ENOSPC);
}

static void freeing_none_does_no_harm(void **state)
{
	(void)state;
	lc_tracer_free(NULL);
}

/* SYSCALL is refused with ERROR for CAUSE. CHECKED: its checks have been told. */
static void refused(struct trace *trace, const char *syscall, int error, enum lc_cause cause, bool checked)
{
	const struct lc_call_made call = {.number = seccomp_syscall_resolve_name(syscall), .pid = PID};
	const struct lc_traced_call traced = {.time_ns = trace->now,
		.tgid = PID,
		.comm = "nginx",
		.call = &call,
		.checked = checked,
		.user_stack = trace->user_stack,
		.returned = {.pid = PID, .time_ns = trace->now + 1000, .result = -error}};
	const struct lc_failure failure = {.syscall = (char *)syscall, .comm = (char *)"nginx", .cause = cause};
	const struct lc_recording_call made = {.traced = &traced, .target = &trace->target, .failure = &failure};

	tracer_of(trace);
	trace->listener.refused(trace->listener.context, &made);
}

static void a_refused_call_is_written_at_once(void **state)
{
	struct trace *trace = *state;

	refused(trace, "vhangup", EPERM, LC_CAUSE_FILTER, false);
	assert_written(trace, "[pid 4242] nginx  vhangup() → seccomp filter = -1 EPERM (Operation not permitted)\n");
}

static void a_refused_call_whose_check_is_shown_is_not_told_again(void **state)
{
	struct trace *trace = *state;

	happens(trace, granted(CAP_KILL, UNKNOWN), "sync");
	refused(trace, "sync", EACCES, LC_CAUSE_FILE, true);
	returns(trace, -EACCES);
	assert_written(trace, "[pid 4242] nginx  sync() → KILL granted = -1 EACCES (Permission denied)\n");
}

static void a_refused_call_whose_check_is_not_shown_is_told(void **state)
{
	struct trace *trace = *state;

	only(trace, "class=!blocked");
	happens(trace, denied(CAP_KILL, UNKNOWN), "sync");
	refused(trace, "sync", EACCES, LC_CAUSE_FILE, true);
	returns(trace, -EACCES);
	assert_written(trace, "[pid 4242] nginx  sync() → file = -1 EACCES (Permission denied)\n");
}

static void refused_calls_pass_the_filter_by_syscall_and_cause(void **state)
{
	struct trace *trace = *state;

	only(trace, "vhangup");
	refused(trace, "sync", EPERM, LC_CAUSE_FILTER, false);
	assert_written(trace, "");
	only(trace, "cause=filter");
	refused(trace, "vhangup", EPERM, LC_CAUSE_FILE, false);
	assert_written(trace, "");
	refused(trace, "vhangup", EPERM, LC_CAUSE_FILTER, false);
	assert_written(trace, "[pid 4242] nginx  vhangup() → seccomp filter = -1 EPERM (Operation not permitted)\n");
}

static void a_call_that_waits_longer_keeps_nothing_of_a_refused_one(void **state)
{
	struct trace *trace = *state;

	happens(trace, granted(CAP_KILL, UNKNOWN), "sync");
	refused(trace, "vhangup", EPERM, LC_CAUSE_FILTER, false);
	assert_written(trace, "[pid 4242] nginx  vhangup() → seccomp filter = -1 EPERM (Operation not permitted)\n");
	returns(trace, 0);
	assert_written(trace, "[pid 4242] nginx  sync() → KILL granted = 0\n");
}

static void refused_calls_that_were_not_told_are_said_to_be_skipped(void **state)
{
	struct trace *trace = *state;

	lc_tracer_flush(tracer_of(trace), (struct lc_untold){.calls = 1});
	lc_tracer_end(trace->tracer, (struct lc_untold){.checks = 1, .calls = 3});
	assert_string_equal(trace->text,
		"... 1 refused call skipped: they came faster than they could be written ...\n"
		"... 1 check skipped: they came faster than they could be written ...\n"
		"... 2 refused calls skipped: they came faster than they could be written ...\n");
}

static void with_stacks_a_refused_call_has_the_programs(void **state)
{
	struct trace *trace = *state;

	trace->options.stacks = true;
	trace->user_stack = stack_of("main", NULL);
	refused(trace, "vhangup", EPERM, LC_CAUSE_FILTER, false);
	assert_written(trace, "[pid 4242] nginx  vhangup() → seccomp filter = -1 EPERM (Operation not permitted)\n"
			      " > [kernel](main+0x10)\n");
	lc_shared_stack_drop(trace->user_stack);
}

static void a_refused_call_names_its_target(void **state)
{
	struct trace *trace = *state;

	trace->options.targets = true;
	refused(trace, "vhangup", EPERM, LC_CAUSE_UNKNOWN, false);
	assert_written(trace, "[pid 4242 web] nginx  vhangup() = -1 EPERM (Operation not permitted)\n");
}

#define TRACED(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TRACED(a_granted_check_waits_for_its_return),
		TRACED(a_denied_check_whose_call_failed_is_blocked),
		TRACED(a_denied_check_whose_call_went_on_is_refused),
		TRACED(a_denied_check_whose_call_failed_of_something_else_is_refused),
		TRACED(a_result_counts_for_its_own_call_only),
		TRACED(what_the_same_decision_accepted_afterwards_answers_what_it_denied),
		TRACED(a_granted_search_that_found_nothing_is_judged_by_that),
		TRACED(a_search_that_only_its_result_makes_advisory_is_told_to_the_end),
		TRACED(a_search_that_found_a_file_leaves_an_alternative_as_it_is),
		TRACED(what_another_decision_accepted_answers_nothing),
		TRACED(the_checks_of_a_call_are_written_in_their_order),
		TRACED(outside_of_a_system_call_nothing_is_waited_for),
		TRACED(a_call_that_lasts_is_unfinished_and_then_whole),
		TRACED(a_call_that_has_only_begun_is_not_unfinished),
		TRACED(a_clock_that_was_set_makes_no_call_unfinished),
		TRACED(a_task_that_ends_in_its_call_leaves_it_unfinished),
		TRACED(at_the_end_what_still_waits_is_unfinished),
		TRACED(at_the_end_what_was_unfinished_is_not_told_again_but_what_came_later_is),
		TRACED(a_return_that_was_not_told_is_not_made_up_from_the_next_calls),
		TRACED(checks_that_were_not_told_are_said_to_be_skipped_once),
		TRACED(in_json_skipped_checks_are_an_object),
		TRACED(checks_that_the_filter_never_lets_through_need_not_be_told),
		TRACED(a_denied_check_passes_the_filter_by_what_its_call_returned),
		TRACED(outside_of_a_system_call_the_filter_decides_at_once),
		TRACED(what_is_set_up_is_left_out),
		TRACED(a_return_that_nobody_waits_for_is_ignored),
		TRACED(where_there_are_several_targets_each_line_names_its_own),
		TRACED(a_target_without_a_name_goes_by_the_beginning_of_its_id),
		TRACED(with_stacks_the_kernels_functions_stand_before_the_programs),
		TRACED(without_being_asked_for_stacks_are_not_shown),
		TRACED(what_a_call_points_to_is_kept_until_it_returns),
		TRACED(when_the_reader_of_a_pipe_is_gone_the_tracer_says_so),
		TRACED(a_full_disk_is_told),
		cmocka_unit_test(freeing_none_does_no_harm),
		TRACED(a_refused_call_is_written_at_once),
		TRACED(a_refused_call_whose_check_is_shown_is_not_told_again),
		TRACED(a_refused_call_whose_check_is_not_shown_is_told),
		TRACED(refused_calls_pass_the_filter_by_syscall_and_cause),
		TRACED(a_call_that_waits_longer_keeps_nothing_of_a_refused_one),
		TRACED(refused_calls_that_were_not_told_are_said_to_be_skipped),
		TRACED(with_stacks_a_refused_call_has_the_programs),
		TRACED(a_refused_call_names_its_target),
	};

	return cmocka_run_group_tests_name("tracer", tests, NULL, NULL);
}
