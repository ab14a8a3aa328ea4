/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines of a trace: each traced check waits here for its syscall to return, and is then written. Refused calls are written at once. */
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/judge.h>
#include <leastcap/table.h>
#include <leastcap/tracer.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* A check whose syscall has not returned for so long (nanoseconds) is written as unfinished. */
#define UNFINISHED_AFTER 300000000LL

/* How many bytes are written at once, unless nothing more is there. */
#define WRITE_AT 65536

/* How much of an id is shown, as engines do. */
#define SHORT_ID 12

/* A check that waits for its syscall to return. */
struct line {
	struct line *next;
	const struct lc_target *target;
	struct lc_traced traced;
	struct lc_check check;
	bool search;
	char comm[16];
	int64_t since_ns; /* CLOCK_MONOTONIC */
	bool told;        /* written as unfinished */
	struct lc_call_made call;
	unsigned char bytes[]; /* what the pieces point to, and the target's name */
};

/* The checks of the syscall that a thread is in. */
struct waiting {
	uint32_t pid;
	struct line *first;
	struct line **last;
};

struct lc_tracer {
	struct lc_tracer_options options;
	struct lc_table *waiting; /* pid → waiting */
	struct lc_strbuf text;
	struct lc_untold untold; /* as far as that has been said */
	int error;               /* -errno of a write that failed: the reader of a pipe is gone */
};

struct lc_tracer *lc_tracer_new(const struct lc_tracer_options *options)
{
	struct lc_tracer *tracer = calloc(1, sizeof(*tracer));

	if (!tracer)
		return NULL;
	tracer->options = *options;
	tracer->waiting = lc_table_new(sizeof(uint32_t));
	if (!tracer->waiting) {
		free(tracer);
		return NULL;
	}
	return tracer;
}

static void write_text(struct lc_tracer *tracer)
{
	if (tracer->text.length && !tracer->error &&
		(fwrite(tracer->text.text, 1, tracer->text.length, tracer->options.stream) != tracer->text.length ||
			fflush(tracer->options.stream)))
		tracer->error = -errno;
	tracer->text.length = 0;
}

/* Appends the functions of PART (may be NULL) to JOINED, which has room for them. The strings stay PART's. */
static void join_stack(struct lc_stack *joined, const struct lc_shared_stack *part)
{
	if (!part)
		return;
	memcpy(joined->frames + joined->n, part->stack.frames, part->stack.n * sizeof(*joined->frames));
	joined->n += part->stack.n;
	joined->cut = part->stack.cut;
}

/* Writes TRACED, with the kernel's functions and the program's. */
static void write_line(struct lc_tracer *tracer, struct lc_traced *traced, const struct lc_shared_stack *kernel,
	const struct lc_shared_stack *user)
{
	struct lc_frame frames[2 * LC_STACK_DEPTH];
	struct lc_stack stack = {.frames = frames};

	if (tracer->options.stacks) {
		join_stack(&stack, kernel);
		join_stack(&stack, user);
		traced->stack = &stack;
	}
	lc_trace_line(&tracer->text, &tracer->options.style, traced);
	traced->stack = NULL;
	if (tracer->text.length >= WRITE_AT)
		write_text(tracer);
}

static void write_check(struct lc_tracer *tracer, struct line *line)
{
	write_line(tracer, &line->traced, line->check.kernel_stack, line->check.user_stack);
}

/* Whether the class of a check may still change when its syscall returns. */
static bool is_open(const struct lc_recording_check *told)
{
	const struct lc_check *check = &told->check;

	if (check->result || check->verdict != LC_VERDICT_DENIED)
		return !check->result && told->traced->search;
	return check->class == LC_CLASS_REFUSED || check->class == LC_CLASS_BLOCKED ||
	       check->class == LC_CLASS_ALTERNATIVE;
}

/* The name of TARGET, or its id as long as its engine has not told the name; in *LENGTH how much of that is shown. */
static const char *name_of(const struct lc_target *target, size_t *length)
{
	const char *name = target->name ? target->name : target->id;

	*length = name ? strnlen(name, target->name ? SIZE_MAX : SHORT_ID) : 0;
	return name;
}

/* A copy of the check, of what its call points to, and of its target's name, because these may change. NULL when out of memory. */
static struct line *keep(const struct lc_tracer *tracer, const struct lc_recording_check *check)
{
	const struct lc_traced_check *traced = check->traced;
	size_t size = 0, length;
	const char *name = name_of(check->target, &length);
	struct line *line;

	for (size_t i = 0; i < LC_TRACE_PIECES; i++)
		size += traced->call->pieces[i].bytes ? traced->call->pieces[i].length : 0;
	line = malloc(sizeof(*line) + size + length + 1);
	if (!line)
		return NULL;
	*line = (struct line){.target = check->target,
		.check = check->check,
		.search = traced->search,
		.since_ns = lc_clock_ns(CLOCK_MONOTONIC),
		.call = *traced->call};
	line->check.why = (char *)check->why;
	snprintf(line->comm, sizeof(line->comm), "%s", traced->comm);
	line->check.comm = line->comm;
	line->call.descriptor_paths = tracer->options.descriptor_paths;
	size = 0;
	for (size_t i = 0; i < LC_TRACE_PIECES; i++) {
		struct lc_piece *piece = &line->call.pieces[i];

		if (!piece->bytes)
			continue;
		piece->bytes = memcpy(line->bytes + size, piece->bytes, piece->length);
		size += piece->length;
	}
	memcpy(line->bytes + size, name ? name : "", length);
	line->bytes[size + length] = '\0';
	line->traced = (struct lc_traced){
		.time_ns = traced->time_ns,
		.pid = traced->pid,
		.tgid = traced->tgid,
		.target = tracer->options.targets && name ? (const char *)line->bytes + size : NULL,
		.check = &line->check,
		.call = &line->call,
		.began_ns = traced->entered_ns,
	};
	return line;
}

static struct waiting *waiting_of(struct lc_tracer *tracer, pid_t pid)
{
	uint32_t key = (uint32_t)pid;
	struct waiting *waiting = lc_table_get_or_add(tracer->waiting, &key, sizeof(*waiting));

	if (waiting && !waiting->last)
		waiting->last = &waiting->first;
	return waiting;
}

static void free_waiting(void *value)
{
	struct waiting *waiting = value;

	for (struct line *line = waiting->first, *next; line; line = next) {
		next = line->next;
		free(line);
	}
	free(waiting);
}

/* Marks the denied checks of WAITING that the same function made as answered, because the same decision accepted GRANTED. */
static void answer(struct waiting *waiting, const struct lc_check *granted)
{
	for (struct line *line = waiting->first; line; line = line->next) {
		struct lc_check *check = &line->check;

		if (check->verdict != LC_VERDICT_DENIED || !check->caller || !granted->caller ||
			strcmp(check->caller, granted->caller) != 0)
			continue;
		check->answered = true;
		check->why = (char *)lc_judge_check(check, line->target);
	}
}

/*
 * The result RETURNED for the judgement of LINE, "0" or an errno's name; NULL where that has no meaning for it. A granted check
 * made no difference to a search that found nothing.
 */
static const char *result_for(const struct line *line, const struct lc_traced_return *returned)
{
	bool failed = returned->result < 0 && returned->result >= -4095;
	bool granted = line->check.verdict != LC_VERDICT_DENIED || line->check.answered;

	if (returned->ended || (granted && !(line->search && returned->nothing)))
		return NULL;
	return failed ? strerrorname_np((int)-returned->result) : "0";
}

/* Writes LINE, whose syscall returned RETURNED (NULL: it will not be known). Whether it is shown. */
static bool finish_line(struct lc_tracer *tracer, struct line *line, const struct lc_traced_return *returned)
{
	if (returned && !returned->ended) {
		line->traced.returned = true;
		line->traced.result = returned->result;
		line->traced.ended_ns = returned->time_ns;
		line->check.result = (char *)result_for(line, returned);
		if (line->check.result)
			line->check.why = (char *)lc_judge_check(&line->check, line->target);
	}
	if (!lc_trace_filter_passes(tracer->options.filter, &line->check))
		return false;
	write_check(tracer, line);
	return true;
}

/* Whether the check TRACED is made in another system call than LINE was. Then the return of that one has not been told. */
static bool is_in_another_call(const struct line *line, const struct lc_traced_check *traced)
{
	return line->call.number != traced->call->number || line->call.compat != traced->call->compat ||
	       line->traced.began_ns != traced->entered_ns;
}

/* Writes the lines of WAITING, whose result will not be known. */
static void give_up(struct lc_tracer *tracer, struct waiting *waiting)
{
	for (struct line *line = waiting->first, *next; line; line = next) {
		next = line->next;
		if (!line->told)
			finish_line(tracer, line, NULL);
		free(line);
	}
	waiting->first = NULL;
	waiting->last = &waiting->first;
}

static bool on_traced(void *context, const struct lc_recording_check *check)
{
	struct lc_tracer *tracer = context;
	bool shown = lc_trace_filter_passes(tracer->options.filter, &check->check);
	bool in_call = check->traced->call->number >= 0;
	struct waiting *waiting;
	struct line *line;

	if (!shown && !(in_call && is_open(check)))
		return false;
	line = keep(tracer, check);
	if (!line)
		return true;
	if (!in_call) {
		write_check(tracer, line);
		free(line);
		return true;
	}
	waiting = waiting_of(tracer, check->traced->pid);
	if (!waiting) {
		free(line);
		return true;
	}
	if (waiting->first && is_in_another_call(waiting->first, check->traced))
		give_up(tracer, waiting);
	if (check->check.chained && check->check.verdict == LC_VERDICT_GRANTED)
		answer(waiting, &check->check);
	*waiting->last = line;
	waiting->last = &line->next;
	return true;
}

/* Writes the checks of the syscall that RETURNED. How many are shown. */
static size_t finish(struct lc_tracer *tracer, const struct lc_traced_return *returned)
{
	uint32_t pid = (uint32_t)returned->pid;
	struct waiting *waiting = lc_table_remove(tracer->waiting, &pid);
	size_t n = 0;

	if (!waiting)
		return 0;
	for (struct line *line = waiting->first; line; line = line->next)
		n += finish_line(tracer, line, returned);
	free_waiting(waiting);
	return n;
}

static void on_returned(void *context, const struct lc_traced_return *returned)
{
	finish(context, returned);
}

/* Writes a refused call, of which no check is shown. */
static void write_refused(struct lc_tracer *tracer, const struct lc_recording_call *refused)
{
	const struct lc_traced_call *made = refused->traced;
	size_t length;
	const char *name = name_of(refused->target, &length);
	_cleanup_free_ char *target = tracer->options.targets && name ? strndup(name, length) : NULL;
	struct lc_call_made call = *made->call;
	struct lc_traced traced = {
		.time_ns = made->time_ns,
		.pid = made->returned.pid,
		.tgid = made->tgid,
		.target = target,
		.failure = refused->failure,
		.call = &call,
		.returned = true,
		.result = made->returned.result,
		.began_ns = made->entered_ns,
		.ended_ns = made->returned.time_ns,
	};

	call.descriptor_paths = tracer->options.descriptor_paths;
	write_line(tracer, &traced, NULL, made->user_stack);
}

static void on_refused(void *context, const struct lc_recording_call *refused)
{
	struct lc_tracer *tracer = context;
	const struct lc_trace_filter *filter = tracer->options.filter;

	if ((!refused->traced->checked || !finish(tracer, &refused->traced->returned)) &&
		lc_trace_filter_passes_failure(filter, refused->failure))
		write_refused(tracer, refused);
}

struct lc_recording_listener lc_tracer_listener(struct lc_tracer *tracer)
{
	return (struct lc_recording_listener){
		.context = tracer, .traced = on_traced, .returned = on_returned, .refused = on_refused};
}

/* Says that N of WHAT (KEY in JSON) were not told. */
static void say_skipped(struct lc_tracer *tracer, unsigned long long n, const char *what, const char *key)
{
	if (n && tracer->options.style.json)
		lc_strbuf_addf(&tracer->text, "{\"%s\": %llu}\n", key, n);
	else if (n)
		lc_strbuf_addf(&tracer->text,
			"... %llu %s%s skipped: they came faster than they could be written ...\n", n, what,
			n == 1 ? "" : "s");
}

/* Says how much was not told since this was said last. */
static void say_untold(struct lc_tracer *tracer, struct lc_untold untold)
{
	say_skipped(tracer, untold.checks - tracer->untold.checks, "check", "skipped");
	say_skipped(tracer, untold.calls - tracer->untold.calls, "refused call", "skipped_calls");
	tracer->untold = untold;
}

/* Writes what has been waiting since before MOMENT (nanoseconds of CLOCK_MONOTONIC) as unfinished. */
static void say_unfinished(struct lc_tracer *tracer, int64_t moment)
{
	struct waiting *waiting;
	size_t cursor = 0;

	while ((waiting = lc_table_next(tracer->waiting, &cursor))) {
		for (struct line *line = waiting->first; line; line = line->next) {
			if (line->told || line->since_ns >= moment)
				continue;
			line->told = true;
			finish_line(tracer, line, NULL);
		}
	}
}

/* Notes whether nobody reads the pipe any more, because there may be nothing to write for long. */
static void look_for_reader(struct lc_tracer *tracer)
{
	struct pollfd output = {.fd = fileno(tracer->options.stream)};

	if (!tracer->error && poll(&output, 1, 0) == 1 && output.revents & POLLERR)
		tracer->error = -EPIPE;
}

int lc_tracer_flush(struct lc_tracer *tracer, struct lc_untold untold)
{
	say_unfinished(tracer, lc_clock_ns(CLOCK_MONOTONIC) - UNFINISHED_AFTER);
	say_untold(tracer, untold);
	write_text(tracer);
	look_for_reader(tracer);
	return tracer->error;
}

int lc_tracer_end(struct lc_tracer *tracer, struct lc_untold untold)
{
	say_unfinished(tracer, INT64_MAX);
	say_untold(tracer, untold);
	write_text(tracer);
	return tracer->error;
}

void lc_tracer_free(struct lc_tracer *tracer)
{
	if (!tracer)
		return;
	lc_table_free(tracer->waiting, free_waiting);
	lc_strbuf_free(&tracer->text);
	free(tracer);
}
