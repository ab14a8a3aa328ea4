/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The trace: checks and refused calls one by one as they happen, as lines in strace's look, and strace's kind of summary. */
#ifndef LEASTCAP_TRACE_H
#define LEASTCAP_TRACE_H

#include <leastcap/check.h>
#include <leastcap/failure.h>
#include <leastcap/strbuf.h>
#include <leastcap/syscalls.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * Appends the call in strace's look, without its result: bind(6, {sa_family=AF_INET, sin_port=htons(80), …}). Strings longer than 32
 * bytes are cut, paths are not. With NAMES each argument has its name before it, as with strace -N. Strings are escaped as strace does, so that nothing can act on a terminal.
 */
void lc_trace_format_call(struct lc_strbuf *out, const struct lc_call_made *call, bool names);

/*
 * Appends what CALL returned, in strace's look: "0", an address, "-1 EPERM (Operation not permitted)" of a negative errno, "? ERESTARTSYS
 * (To be restarted if SA_RESTART is set)". CALL may be NULL.
 */
void lc_trace_format_result(struct lc_strbuf *out, const struct lc_call_made *call, int64_t result);

/* One check, or one refused call without a check, traced. Both are judged and count one. */
struct lc_traced {
	int64_t time_ns; /* since 1970, UTC */
	pid_t pid;       /* the thread's */
	pid_t tgid;
	const char *target;               /* the container's name; hostile; NULL where there is only one */
	const struct lc_check *check;     /* NULL: a refused call */
	const struct lc_failure *failure; /* that; else NULL */
	const struct lc_call_made *call;
	bool returned; /* the call has returned, so that RESULT and ENDED_NS are known */
	int64_t result;
	int64_t began_ns; /* when the call was entered (CLOCK_MONOTONIC); 0 when unknown (it is asked for with -T only) */
	int64_t ended_ns;
	const struct lc_stack *stack; /* -k; or NULL */
};

/* What a line shows besides the call. */
struct lc_trace_style {
	int time;      /* 0; 1 for -t (HH:MM:SS), 2 for -tt (microseconds), 3 for -ttt (seconds since 1970) */
	bool relative; /* -r: since the line before */
	bool duration; /* -T */
	bool names;    /* -N */
	bool class; /* -v: marks what is not required: <advisory>, <setup>, …; and refused calls that are expected */
	bool json;  /* a JSON object per line */
	bool color;
	int64_t previous_ns; /* the line before's time, for -r; kept by lc_trace_line */
};

/*
 * Appends TRACED as a line (or with json an object and a line break); with -k the stack's lines follow. As strace:
 *   [pid 4242] nginx  bind(6, {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("0.0.0.0")}, 16) → NET_BIND_SERVICE granted = 0
 * A refused call has its cause in the place of a check, or nothing where the cause is not known:
 *   [pid 4250] mount  mount("none", "/mnt", "tmpfs", 0, NULL) → seccomp filter (SYS_ADMIN opens it) = -1 EPERM (Operation not permitted)
 * A call that has not returned yet ends in "<unfinished ...>"; a check outside of a system call has "--- no system call ---" in the
 * call's place. Times stand before the line, stacks behind it as with strace -k.
 */
void lc_trace_line(struct lc_strbuf *out, struct lc_trace_style *style, const struct lc_traced *traced);

/* Which checks and refused calls are shown. */
struct lc_trace_filter;

/*
 * A filter that shows all checks but setup, overridden and advisory ones, and all refused calls but those that are expected, or with
 * ALL those too. The caller frees it with lc_trace_filter_free. NULL when out of memory.
 */
struct lc_trace_filter *lc_trace_filter_new(bool all);

/*
 * Adds one -e expression: cap=net_admin,sys_admin (with or without CAP_, any case), verdict=denied, class=required, cause=filter,device,
 * syscall=bind,mount or trace=bind or only bind. A ! after the = (or before the value) turns it around. Several expressions of one kind narrow
 * each other. 0; -EINVAL, with *MESSAGE (caller frees) one line that says what is wrong and what there is; or -ENOMEM, with *MESSAGE
 * unchanged. FILTER is unchanged on failure.
 */
int lc_trace_filter_add(struct lc_trace_filter *filter, const char *expression, char **message);

/* Whether FILTER shows CHECK. */
bool lc_trace_filter_passes(const struct lc_trace_filter *filter, const struct lc_check *check);

/*
 * The same for the refused call FAILURE, which counts as denied, has no class, and has the capabilities that would let it through. One
 * whose cause is a capability is never shown, because its check is.
 */
bool lc_trace_filter_passes_failure(const struct lc_trace_filter *filter, const struct lc_failure *failure);

/* Whether FILTER may show refused calls of SYSCALL; NULL: of any. */
bool lc_trace_filter_shows_failures(const struct lc_trace_filter *filter, const char *syscall);

/* The capabilities of which FILTER shows no check at all, so that the kernel side need not tell of them. */
uint64_t lc_trace_filter_never(const struct lc_trace_filter *filter);

/* Frees FILTER, which may be NULL. */
void lc_trace_filter_free(struct lc_trace_filter *filter);

/* The tables at the end (-c, -C): counts per capability and syscall, and of refused calls per cause and syscall. */
struct lc_trace_summary;

/* Empty tables, which the caller frees with lc_trace_summary_free. NULL when out of memory. */
struct lc_trace_summary *lc_trace_summary_new(void);

/* Counts CHECK (its COUNT times) in SUMMARY. 0, or -ENOMEM, when SUMMARY is unchanged. */
int lc_trace_summary_add(struct lc_trace_summary *summary, const struct lc_check *check);

/* The same for the refused call FAILURE. */
int lc_trace_summary_add_failure(struct lc_trace_summary *summary, const struct lc_failure *failure);

/*
 * Appends the table in the look of strace -c: % of all, checks, granted, denied, capability, syscall, the most first, and a total. If
 * there are refused calls, theirs follows.
 */
void lc_trace_summary_print(const struct lc_trace_summary *summary, struct lc_strbuf *out);

/* The same as JSON, an object per line and row, schema leastcap-trace-summary/1: {"cap": "CHOWN", "syscall": "chown", "granted": 5, "denied": 0}. */
void lc_trace_summary_json(const struct lc_trace_summary *summary, struct lc_strbuf *out);

/* Frees SUMMARY, which may be NULL. */
void lc_trace_summary_free(struct lc_trace_summary *summary);

#endif
