/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A system call that was refused: the facts that the kernel side counted, and the cause that the judge found. */
#ifndef LEASTCAP_FAILURE_H
#define LEASTCAP_FAILURE_H

#include <leastcap/check.h>

#include <stdbool.h>
#include <stdint.h>

/* Which refused calls a recording looks at. */
enum lc_refusals {
	LC_REFUSALS_ALL,
	LC_REFUSALS_CHECKED, /* those in which a capability was denied, or that a filter refused: nothing costs every system call then */
};

/* Why a call failed. The order is the order of importance in reports. */
enum lc_cause {
	LC_CAUSE_CAPABILITY,  /* a capability was asked for in this call, and denied */
	LC_CAUSE_FILTER,      /* a seccomp filter refused the call before the kernel asked anything */
	LC_CAUSE_OWN_CHECK,   /* the program read its own capability sets, and gave up */
	LC_CAUSE_DEVICE,      /* the cgroup's device controller */
	LC_CAUSE_CONFINEMENT, /* AppArmor, SELinux, Smack, Landlock or Yama */
	LC_CAUSE_NO_NEW_PRIVS, /* execve gave nothing by a set-user-ID bit or file capabilities, because no_new_privs was set */
	LC_CAUSE_NAMESPACE, /* the object belongs to a user namespace in which the container's capabilities count for nothing */
	LC_CAUSE_LIMIT, /* a resource limit */
	LC_CAUSE_FILE,  /* owner, mode, attribute or mount of a file explain it */
	LC_CAUSE_UNKNOWN,
	LC_CAUSE_N
};

/* What the seccomp filters of the task answer for a call. */
enum lc_filter_answer {
	LC_FILTER_UNKNOWN, /* they could not be read */
	LC_FILTER_NONE,    /* there is none */
	LC_FILTER_ALLOWS,
	LC_FILTER_REFUSES, /* with the result that the call had */
	LC_FILTER_ANSWERS_N
};

/*
 * All refused calls of one target that agree in what is not a counter or the judge's. Strings are owned (lc_failure_clear frees
 * them), hostile, and NULL when unknown.
 */
struct lc_failure {
	char *syscall; /* libseccomp's name */
	char *result;  /* an errno's name: "EPERM" */
	char *exe;     /* the executable's path as the container sees it */
	char *comm;    /* the task's name at the first of them */
	char *user;    /* "uid:gid", effective, as the host numbers them */
	char *about;   /* what it was about, as in struct lc_check */
	/* Of calls that filters tell apart by an argument, that argument (lc_filter_selector); of capget, the permitted set; else 0. */
	uint64_t argument;
	bool denied;       /* a check in this call was denied */
	bool asked;        /* a check in this call was made, whatever the answer */
	bool no_new_privs; /* of the task */
	bool void_file; /* that made void what its program's file would have given: capabilities, a set-user-ID bit */
	enum lc_filter_answer filter;
	struct lc_object object; /* the file that it was about */
	uint64_t count;
	int64_t first_ns; /* nanoseconds since 1970, UTC */
	int64_t last_ns;
	/* The judge's. */
	enum lc_cause cause;
	bool expected; /* programs get over such a failure: it stands folded with others */
	uint64_t
		caps; /* any one of these lets the call through (engine and kernel taken together); 0: no capability does */
	char *rule; /* what a seccomp profile of the user's own says of the call, a part of a sentence after a colon */
	char *why;  /* the cause, in a whole sentence */
	char *help; /* what to do, in a whole sentence */
};

/* The word for each value, as the profile spells it ("filter", "no_new_privs", "refuses", …); NULL when out of range. */
const char *lc_cause_name(enum lc_cause cause);
const char *lc_filter_answer_name(enum lc_filter_answer answer);

/* The value that NAME spells, or -EINVAL. */
int lc_cause_from_name(const char *name);
int lc_filter_answer_from_name(const char *name);

/* Compares what identifies A and B, all but the counters and the judge's: less than, equal to or greater than 0. */
int lc_failure_compare_facts(const struct lc_failure *a, const struct lc_failure *b);

/* Makes *COPY equal to FAILURE, with strings of its own. 0, or -ENOMEM and *COPY is unchanged. */
int lc_failure_copy(struct lc_failure *copy, const struct lc_failure *failure);

/* Frees the strings that FAILURE owns and zeroes it. */
void lc_failure_clear(struct lc_failure *failure);

#endif
