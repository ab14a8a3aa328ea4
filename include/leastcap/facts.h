/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of kernels and engines, as tables: call sites, alternatives, filters, dangers. */
#ifndef LEASTCAP_FACTS_H
#define LEASTCAP_FACTS_H

#include <leastcap/model.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LC_CALLSITE_FUNCTIONS 8
#define LC_CALLSITE_RESULTS   4
#define LC_CALLSITE_EFFECTS   4

/*
 * What is known of one kind of call site. A row fits a check of a capability in CAPS at one of FUNCTIONS (they get
 * inlined and renamed: a row can name several; none: any function), on the kernels from SINCE on and before UNTIL. The
 * first row that fits counts.
 *
 * A row is advisory only where the kernel asks before it matters, and goes on either way. Where the question is the last
 * condition (a limit is exceeded already, nothing else is left) it is required: what a program does with less memory, a
 * smaller buffer or a full disk is its own affair, so that most of these are survivable.
 */
struct lc_callsite {
	const char *functions[LC_CALLSITE_FUNCTIONS];
	uint64_t caps;
	uint32_t since;      /* LC_KERNEL; 0: as far back as there are sources of */
	uint32_t until;      /* the first kernel that it does not hold for; 0: none */
	enum lc_class class; /* LC_CLASS_ADVISORY, or LC_CLASS_REQUIRED for what needs a word all the same */
	bool noaudit;        /* only its checks without audit: the others in the same function do decide */
	bool ordinary;   /* only where ids, groups or modes alone would have had the same result: see struct lc_check */
	bool nothing;    /* only where it was granted to a search that found nothing: see struct lc_check's result */
	bool survivable; /* required, but programs are known to go on without it */
	const char *in_call;     /* only in syscalls whose name has this in it; NULL: in all */
	const char *not_in_call; /* only in syscalls whose name does not have this in it; NULL: in all */
	/*
	 * What the syscall returns when this check is denied and that is what makes it fail, where that is neither EPERM nor
	 * EACCES: names of errnos; "0" where it returns success and the refusal comes by another way (a netlink answer) or
	 * as silently less. Of an advisory row: the results, EPERM and EACCES among them, by which a denied check shows that
	 * it mattered after all.
	 */
	const char *results[LC_CALLSITE_RESULTS];
	/*
	 * Of an advisory row with functions: what the answer decides in the words of the kernel's source, an identifier that stands near
	 * the question in each kernel. Several where kernels or functions differ.
	 */
	const char *effects[LC_CALLSITE_EFFECTS];
	const char *why;
	const char *
		source; /* the kernel's files that say so, those of the functions among them; a comma and a space between */
};

/* The table of call sites, N rows. A call site that is not in it decides its syscall. */
const struct lc_callsite *lc_callsites(size_t *n);

/*
 * The row that fits CHECK, which was made on KERNEL (LC_KERNEL; 0: nobody knows which, and rows for any are looked at), or
 * NULL.
 */
const struct lc_callsite *lc_callsite_find(const struct lc_check *check, uint32_t kernel);

/* Which checks tell that a decision is one of a row of alternatives. */
enum lc_alternative_sign {
	LC_SIGN_EITHER, /* one of NARROW, and a CHAINED one of WIDE */
	LC_SIGN_NARROW, /* one of NARROW only: a chained one there may follow another capability than NARROW */
	LC_SIGN_CHAINED, /* a chained one of WIDE only: for other things, or by newer kernels, NARROW alone is accepted there */
	LC_SIGN_FIRST, /* any of either: the kernel asks for WIDE first */
};

/* Two capabilities of which a decision accepts either: it asks for NARROW first, and for WIDE when that is denied. */
struct lc_alternative {
	int narrow;
	int wide;
	const char *functions
		[LC_CALLSITE_FUNCTIONS]; /* the pair holds at these call sites only; none: wherever NARROW is asked */
	enum lc_alternative_sign sign;
	bool wide_in_containers; /* a container is better off with WIDE */
	const char *why;         /* which one the list takes, in a sentence that is shown */
	const char *source;
};

/* The table of alternatives, N rows. */
const struct lc_alternative *lc_alternatives(size_t *n);

/* The row that CHECK's decision belongs to, the first in the table, or NULL. */
const struct lc_alternative *lc_alternative_find(const struct lc_check *check);

#define LC_FILTER_ENGINES 2

/* What an engine's default filter of system calls (seccomp) lets through only if the container was given a capability. */
struct lc_filter_gate {
	const char *engines[LC_FILTER_ENGINES];
	int cap;
	const char *syscall; /* NULL: any that CAP is asked in */
	const char *source;  /* where the engine says so */
};

/* The row for CAP in SYSCALL (NULL: outside of one) in a container of ENGINE (may be NULL), or NULL: its filter does not ask for CAP. */
const struct lc_filter_gate *lc_filter_gate_find(const char *engine, int cap, const char *syscall);

/* A capability by which a container reaches beyond itself. */
struct lc_danger {
	int cap;
	const char *does; /* what holding it means, after "it" or "which" */
};

/* The table of dangerous capabilities, N rows, the worst first. */
const struct lc_danger *lc_dangers(size_t *n);

/* The row of CAP, or NULL: then it is not dangerous. */
const struct lc_danger *lc_danger_find(int cap);

/* All of them. */
uint64_t lc_dangerous_set(void);

#endif
