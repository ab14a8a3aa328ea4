/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of refused system calls, as tables: their causes, which of them programs get over, and what usually follows. */
#ifndef LEASTCAP_CAUSES_H
#define LEASTCAP_CAUSES_H

#include <leastcap/failure.h>

#include <stddef.h>
#include <stdint.h>

#define LC_REFUSAL_CALLS   12
#define LC_REFUSAL_RESULTS 2

/* What has to be true of a refused call besides its name and its error. */
enum lc_refusal_when {
	LC_REFUSAL_ALWAYS,
	LC_REFUSAL_FILE,          /* the call is about a file */
	LC_REFUSAL_DEVICE,        /* it is about a device node */
	LC_REFUSAL_DIRECTORY,     /* it is about a directory */
	LC_REFUSAL_NO_EXECUTE,    /* it is about a file whose mode has no execute bit at all */
	LC_REFUSAL_NOT_OF_FILTER, /* the filters of the task let it through, or there are none */
	LC_REFUSAL_GRANTED,       /* a capability was asked for in it, and granted */
	LC_REFUSAL_KERNELS,       /* it is about a file below /proc or /sys */
	LC_REFUSAL_WHEN_N
};

/*
 * A cause that the call, its error and its object tell by themselves. A row fits calls in which no check was denied. The first one that fits
 * counts. A POSSIBLE one only counts where the policy of a security module can't be the cause.
 */
struct lc_refusal {
	const char *calls[LC_REFUSAL_CALLS];     /* none: any call */
	const char *results[LC_REFUSAL_RESULTS]; /* none: any error */
	enum lc_refusal_when when;
	enum lc_cause cause;
	bool possible;
	bool expected; /* programs get over it */
	const char *why;
	const char *help; /* NULL: there is nothing to be done */
};

/* The table of these causes, N rows. */
const struct lc_refusal *lc_refusals(size_t *n);

/* The row that fits FAILURE, POSSIBLE or not; NULL when there is none. */
const struct lc_refusal *lc_refusal_find(const struct lc_failure *failure, bool possible);

/* A resource limit that is asked before a capability: whoever stays within it needs none. */
struct lc_limit {
	const char *calls[LC_REFUSAL_CALLS];
	const char *result;
	int cap;            /* the other way */
	const char *limit;  /* "RLIMIT_MEMLOCK" */
	const char *ulimit; /* how engines call it: "memlock" */
};

/* The table of limits, N rows. */
const struct lc_limit *lc_limits(size_t *n);

/* The row of SYSCALL (may be NULL) that failed with RESULT (may be NULL). NULL when no limit explains that. */
const struct lc_limit *lc_limit_find(const char *syscall, const char *result);

/* Calls, and functions of the kernel that ask, without which programs usually go on when they are refused. */
struct lc_gone_on {
	const char *calls[LC_REFUSAL_CALLS];
	const char *functions[2];
	const char *why;
};

/* The row of SYSCALL (may be NULL) or of FUNCTION (may be NULL), or NULL. */
const struct lc_gone_on *lc_gone_on_find(const char *syscall, const char *function);

/* A setting of the host's because of which a function of the kernel asks for a capability. */
struct lc_setting {
	const char *functions[2];
	const char *why;
	const char *help; /* what else than the capability */
};

/* The row of FUNCTION (may be NULL), or NULL. */
const struct lc_setting *lc_setting_find(const char *function);

/* Who decides about calls whatever capabilities there are. */
enum lc_mediator {
	LC_MEDIATOR_POLICY, /* of AppArmor, SELinux or Smack */
	LC_MEDIATOR_LANDLOCK,
};

/* What BY decides about in SYSCALL (may be NULL), where that fails with RESULT (may be NULL) when it is refused: "mounts"; NULL: nothing. */
const char *lc_mediated(enum lc_mediator by, const char *syscall, const char *result);

/* The security modules that call processes something. */
enum lc_module { LC_MODULE_NONE, LC_MODULE_APPARMOR, LC_MODULE_SELINUX, LC_MODULE_SMACK };

/* The module that LABEL (may be NULL) is of, as it looks; LC_MODULE_NONE where it confines nothing. */
enum lc_module lc_module_of(const char *label);

/* Whether LABEL is of a profile of AppArmor's that may forbid a capability: any but those that engines load, which allow them all. */
bool lc_label_limits_capabilities(const char *label);

/* How it is known that programs get over a failure. */
enum lc_expected_sign {
	LC_EXPECTED_ALWAYS,    /* of such a call with such an error */
	LC_EXPECTED_PROC,      /* it is about /proc/PID of some process */
	LC_EXPECTED_PROBE,     /* a signal without a number, which is only asked whether it could be sent */
	LC_EXPECTED_LATER,     /* the same program made the same call successfully afterwards */
	LC_EXPECTED_ELSEWHERE, /* a program of the same name was run from elsewhere */
	LC_EXPECTED_SIGN_N
};

/* Refused calls that programs get over. */
struct lc_expected {
	const char *calls[LC_REFUSAL_CALLS];     /* none: any */
	const char *results[LC_REFUSAL_RESULTS]; /* none: any error */
	enum lc_expected_sign sign;
	const char *why;
};

/* The table of these, N rows. */
const struct lc_expected *lc_expected(size_t *n);

/* A capability that a kernel asks for besides another one in the same call, and that would not help without that one. */
struct lc_fruitless {
	const char *syscall;
	int cap;
	int first; /* denied in the same call before it */
	const char *why;
};

/* The table of these, N rows. */
const struct lc_fruitless *lc_fruitless(size_t *n);

/* What programs usually want next, once they got CAP. */
struct lc_sequel {
	int cap;
	bool tried; /* at once with CAP, because few do without */
	uint64_t then;
	const char *why;
};

/* The table of these, N rows. */
const struct lc_sequel *lc_sequels(size_t *n);

/* Whether WORD (may be NULL) is one of the N words, or of those before the first NULL. */
bool lc_is_one_of(const char *word, const char *const *words, size_t n);

#endif
