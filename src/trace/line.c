/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One traced check or refused call as a line in strace's look, and its stack below it. */
#include "src/trace/line.h"

#include "src/trace/decode.h"

#include <leastcap/capset.h>
#include <leastcap/clock.h>
#include <leastcap/escape.h>

#include <sys/stat.h>
#include <time.h>

#define LC_NS_PER_US 1000

#define LC_RED   "\033[31m"
#define LC_PLAIN "\033[0m"

/* Appends the microseconds of NS as a fraction: .000123. */
static void put_fraction(struct lc_strbuf *out, int64_t ns)
{
	lc_strbuf_add(out, ".", 1);
	lc_put_padded(out, (uint64_t)(ns % LC_NS_PER_S / LC_NS_PER_US), 6);
}

static void put_clock(struct lc_strbuf *out, int64_t ns)
{
	time_t seconds = ns / LC_NS_PER_S;
	struct tm local = {0};

	localtime_r(&seconds, &local);
	lc_put_padded(out, (uint64_t)local.tm_hour, 2);
	lc_strbuf_add(out, ":", 1);
	lc_put_padded(out, (uint64_t)local.tm_min, 2);
	lc_strbuf_add(out, ":", 1);
	lc_put_padded(out, (uint64_t)local.tm_sec, 2);
}

/* Appends the time since the line before, its seconds in six columns as strace has them. */
static void put_relative(struct lc_strbuf *out, struct lc_trace_style *style, int64_t ns)
{
	static const char columns[] = "     ";
	int64_t since = style->previous_ns ? ns - style->previous_ns : 0;

	/* A check from another processor may arrive late. */
	if (since < 0)
		since = 0;
	lc_strbuf_adds(out, style->time ? "(+" : "");
	for (int64_t above = 10, i = 0; columns[i]; i++, above *= 10) {
		if (since / LC_NS_PER_S < above)
			lc_strbuf_add(out, " ", 1);
	}
	lc_put_signed(out, since / LC_NS_PER_S);
	put_fraction(out, since);
	lc_strbuf_adds(out, style->time ? ") " : " ");
	style->previous_ns = ns > style->previous_ns ? ns : style->previous_ns;
}

static void put_time(struct lc_strbuf *out, struct lc_trace_style *style, int64_t ns)
{
	if (ns < 0)
		ns = 0;
	if (style->time == 1 || style->time == 2)
		put_clock(out, ns);
	else if (style->time)
		lc_put_signed(out, ns / LC_NS_PER_S);
	if (style->time > 1)
		put_fraction(out, ns);
	if (style->time)
		lc_strbuf_add(out, " ", 1);
	if (style->relative)
		put_relative(out, style, ns);
}

/* Appends who asked: [pid 4242 web] nginx, and two blanks. */
static void put_task(struct lc_strbuf *out, const struct lc_traced *traced)
{
	lc_strbuf_adds(out, "[pid ");
	lc_put_signed(out, traced->pid);
	if (traced->target) {
		lc_strbuf_add(out, " ", 1);
		lc_escape_terminal(out, traced->target);
	}
	lc_strbuf_adds(out, "] ");
	lc_escape_terminal(out, traced->check ? traced->check->comm : traced->failure->comm);
	lc_strbuf_adds(out, "  ");
}

static void put_no_call(struct lc_strbuf *out, const struct lc_check *check)
{
	lc_strbuf_adds(out, "--- no system call");
	if (check->caller) {
		lc_strbuf_adds(out, ": ");
		lc_escape_terminal(out, check->caller);
	}
	lc_strbuf_adds(out, " ---");
}

/* Appends what was asked for and answered: → SYS_ADMIN denied <refused>. */
static void put_answer(struct lc_strbuf *out, const struct lc_trace_style *style, const struct lc_check *check)
{
	bool red = style->color && check->verdict == LC_VERDICT_DENIED;
	char cap[LC_CAP_NAME_SIZE];

	lc_strbuf_adds(out, " → ");
	lc_strbuf_adds(out, lc_cap_name(check->cap, cap));
	lc_strbuf_adds(out, red ? " " LC_RED : " ");
	lc_strbuf_adds(out, lc_verdict_name(check->verdict));
	lc_strbuf_adds(out, red ? LC_PLAIN : "");
	if (style->class && check->class != LC_CLASS_REQUIRED) {
		lc_strbuf_adds(out, " <");
		lc_strbuf_adds(out, lc_class_name(check->class));
		lc_strbuf_adds(out, ">");
	}
}

/* Causes as a line has them; NULL: nothing is said. */
static const char *const causes[LC_CAUSE_N] = {
	[LC_CAUSE_CAPABILITY] = "capability",
	[LC_CAUSE_FILTER] = "seccomp filter",
	[LC_CAUSE_OWN_CHECK] = "its own check",
	[LC_CAUSE_DEVICE] = "device controller",
	[LC_CAUSE_CONFINEMENT] = "confinement",
	[LC_CAUSE_NO_NEW_PRIVS] = "no_new_privs",
	[LC_CAUSE_NAMESPACE] = "user namespace",
	[LC_CAUSE_LIMIT] = "resource limit",
	[LC_CAUSE_FILE] = "file",
};

/* Appends whose a file is and how it may be used: /etc/shadow root:shadow 0640. */
static void put_object(struct lc_strbuf *out, const struct lc_object *object)
{
	lc_escape_terminal(out, object->path);
	lc_strbuf_adds(out, object->owner ? " " : "");
	lc_escape_terminal(out, object->owner);
	/* A mode without a file's type is not known. */
	if (object->mode & S_IFMT)
		lc_strbuf_addf(out, " %04o", object->mode & 07777);
}

/* Appends which capabilities let the call through: BPF or SYS_ADMIN opens it. That is sure where the filter itself was asked. */
static void put_caps(struct lc_strbuf *out, const struct lc_failure *failure)
{
	bool sure = failure->cause == LC_CAUSE_FILTER && failure->filter == LC_FILTER_REFUSES;

	lc_cap_add_list(out, failure->caps, "", " or ", false);
	lc_strbuf_adds(out, sure ? " opens it" : " would open it");
}

/* Appends why the call was refused: → seccomp filter (SYS_ADMIN opens it). */
static void put_cause(struct lc_strbuf *out, const struct lc_trace_style *style, const struct lc_failure *failure)
{
	const char *cause = (unsigned)failure->cause < LC_CAUSE_N ? causes[failure->cause] : NULL;
	bool object = failure->cause == LC_CAUSE_FILE && failure->object.path;

	if (cause) {
		lc_strbuf_adds(out, " → ");
		lc_strbuf_adds(out, style->color ? LC_RED : "");
		lc_strbuf_adds(out, cause);
		lc_strbuf_adds(out, style->color ? LC_PLAIN : "");
	}
	if (cause && (object || failure->caps)) {
		lc_strbuf_adds(out, " (");
		if (object)
			put_object(out, &failure->object);
		lc_strbuf_adds(out, object && failure->caps ? "; " : "");
		if (failure->caps)
			put_caps(out, failure);
		lc_strbuf_adds(out, ")");
	}
	if (style->class && failure->expected)
		lc_strbuf_adds(out, " <expected>");
}

static void put_outcome(struct lc_strbuf *out, const struct lc_trace_style *style, const struct lc_traced *traced)
{
	int64_t took = traced->ended_ns - traced->began_ns;

	if (!traced->returned) {
		lc_strbuf_adds(out, " = <unfinished ...>");
		return;
	}
	lc_strbuf_adds(out, " = ");
	lc_trace_format_result(out, traced->call, traced->result);
	if (style->duration && traced->began_ns && took >= 0) {
		lc_strbuf_adds(out, " <");
		lc_put_signed(out, took / LC_NS_PER_S);
		put_fraction(out, took);
		lc_strbuf_adds(out, ">");
	}
}

/* Appends a frame as strace -k does: > /usr/sbin/nginx(main+0x2f) /src/nginx.c:42. */
static void put_frame(struct lc_strbuf *out, const struct lc_frame *frame)
{
	lc_strbuf_adds(out, " > ");
	lc_escape_terminal(out, frame->module ? frame->module : "[kernel]");
	lc_strbuf_adds(out, "(");
	lc_escape_terminal(out, frame->function);
	/* An inlined function has no beginning of its own. */
	if (!frame->inlined) {
		lc_strbuf_adds(out, frame->function ? "+0x" : ") [0x");
		lc_put_hex_digits(out, frame->offset);
	}
	lc_strbuf_adds(out, frame->function || frame->inlined ? ")" : "]");
	if (frame->file) {
		lc_strbuf_adds(out, " ");
		lc_escape_terminal(out, frame->file);
	}
	if (frame->file && frame->line) {
		lc_strbuf_adds(out, ":");
		lc_put_unsigned(out, frame->line);
	}
	lc_strbuf_adds(out, frame->inlined ? " (inlined)\n" : "\n");
}

void lc_trace_line(struct lc_strbuf *out, struct lc_trace_style *style, const struct lc_traced *traced)
{
	const struct lc_call_made *call = traced->call;

	if (style->json) {
		lc_trace_json(out, traced);
		return;
	}
	put_time(out, style, traced->time_ns);
	put_task(out, traced);
	if (call && call->number >= 0)
		lc_trace_format_call(out, call, style->names);
	else if (traced->check)
		put_no_call(out, traced->check);
	if (traced->check)
		put_answer(out, style, traced->check);
	else
		put_cause(out, style, traced->failure);
	if (call && call->number >= 0)
		put_outcome(out, style, traced);
	lc_strbuf_add(out, "\n", 1);
	for (size_t i = 0; traced->stack && i < traced->stack->n; i++)
		put_frame(out, &traced->stack->frames[i]);
	if (traced->stack && traced->stack->cut)
		lc_strbuf_adds(out, " > ...\n");
}
