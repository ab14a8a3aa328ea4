/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is known of kernels and engines, as tables: call sites, alternatives, filters, dangers, hazards. */
#ifndef LEASTCAP_FACTS_H
#define LEASTCAP_FACTS_H

#include <leastcap/model.h>
#include <leastcap/version.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LC_CALLSITE_FUNCTIONS 8
#define LC_CALLSITE_RESULTS   4
#define LC_CALLSITE_EFFECTS   4

/*
 * What is known of one kind of call site. A row fits a check of a capability in CAPS at one of FUNCTIONS (none: at any), on the kernels
 * from SINCE on and before UNTIL. A row can name several functions, because compilers inline them and kernels rename them. The first row
 * that fits counts.
 *
 * A row is advisory only where the kernel asks before the answer matters, and goes on either way. Where the question is the last condition
 * (a limit is exceeded already, nothing else is left) the row is required. Most of these are survivable, because what a program does with
 * less memory, a smaller buffer or a full disk is its own affair.
 */
struct lc_callsite {
	const char *functions[LC_CALLSITE_FUNCTIONS];
	uint64_t caps;
	uint32_t since;      /* LC_KERNEL; 0: as far back as there are sources of */
	uint32_t until;      /* the first kernel that it does not hold for; 0: none */
	enum lc_class class; /* LC_CLASS_ADVISORY, or LC_CLASS_REQUIRED for a row that says why, or is survivable */
	bool noaudit;        /* only checks without audit, because the others in the same function do decide */
	bool ordinary;   /* only where ids, groups or modes alone would have had the same result: see struct lc_check */
	bool nothing;    /* only where a search was granted that then found nothing: see struct lc_check's result */
	bool survivable; /* required, but programs are known to go on without it */
	bool goes_on;    /* required, and not wanted where the program that was denied it is seen to go on */
	const char *in_call;     /* only in syscalls whose name has this in it; NULL: in all */
	const char *not_in_call; /* only in syscalls whose name does not have this in it; NULL: in all */
	/*
	 * The errnos, beside EPERM and EACCES, with which the syscall fails because this check was denied. "0" where the syscall
	 * succeeds, and the refusal comes by another way (a netlink answer) or as silently less. Of an advisory row: the results
	 * (EPERM and EACCES among them) that show that a denied check mattered after all.
	 */
	const char *results[LC_CALLSITE_RESULTS];
	/*
	 * Of an advisory row with functions: identifiers that stand near the question in the kernel's source and say what the answer
	 * decides. Several where kernels or functions differ.
	 */
	const char *effects[LC_CALLSITE_EFFECTS];
	const char *why;
	/* The kernel's files that say so, those of the functions among them; a comma and a space between. */
	const char *source;
};

/* The table of call sites, N rows. A call site that is not in it decides its syscall. */
const struct lc_callsite *lc_callsites(size_t *n);

/*
 * The row that fits CHECK, which was made on KERNEL (LC_KERNEL; 0: nobody knows which, so that the rows of all kernels are searched). NULL
 * when there is none.
 */
const struct lc_callsite *lc_callsite_find(const struct lc_check *check, uint32_t kernel);

/* Whether the kernel's FUNCTION (NULL: unknown) asks cap_capable without security_capable, where a trial by the kernel refuses. */
bool lc_asks_directly(const char *function);

/* Which checks tell that a decision is one of a row of alternatives. */
enum lc_alternative_sign {
	LC_SIGN_EITHER, /* a check of NARROW, and a chained one of WIDE */
	LC_SIGN_NARROW, /* a check of NARROW only: a chained one there may follow another capability than NARROW */
	LC_SIGN_CHAINED, /* a chained check of WIDE only: NARROW alone is asked there for other things, or by newer kernels */
	LC_SIGN_FIRST, /* a check of either: the kernel asks for WIDE first */
};

/* Two capabilities of which a decision accepts either: it asks for NARROW first, and for WIDE when that is denied. */
struct lc_alternative {
	int narrow;
	int wide;
	/* The call sites that the row holds for; none: wherever NARROW is asked. */
	const char *functions[LC_CALLSITE_FUNCTIONS];
	enum lc_alternative_sign sign;
	bool wide_in_containers; /* a container is better off with WIDE */
	bool narrow_alone;       /* some kernels accept nothing but NARROW */
	const char *why;         /* why the list takes the one that it takes, as a part of a sentence */
	const char *source;
};

/* The table of alternatives, N rows. */
const struct lc_alternative *lc_alternatives(size_t *n);

/* The row that CHECK's decision belongs to, the first in the table, or NULL. */
const struct lc_alternative *lc_alternative_find(const struct lc_check *check);

#define LC_FILTER_VALUES 5

/* Which values of the argument that engines' filters look at (lc_filter_selector) a row is about. */
enum lc_filter_when {
	LC_VALUES_ANY,      /* all of them */
	LC_VALUES_WITH_BIT, /* those that have a bit of the row's first value */
	LC_VALUES_ONE_OF,   /* the row's values */
	LC_VALUES_NONE_OF,  /* all others */
};

/* What the default filter of system calls (seccomp) of ENGINE refuses in some of its versions. The first row that fits a call counts. */
struct lc_filter_row {
	const char *engine;              /* "docker", "containerd", "podman", "cri-o" */
	const char *const *calls;        /* ended by NULL */
	struct lc_version_span versions; /* BEFORE 0: every version */
	uint64_t values[LC_FILTER_VALUES];
	uint64_t
		caps; /* each of them opens the call, if the container was given it; 0: none does, only another profile */
	enum lc_filter_when when;
	bool nosys;  /* it answers ENOSYS, with which most programs go on to an older call; else EPERM */
	bool passes; /* these versions let the call through, and others don't */
};

/* The table of filters, N rows. */
const struct lc_filter_row *lc_filter_rows(size_t *n);

/*
 * The row by which ENGINE's default filter in VERSION refuses SYSCALL, called with ARGUMENT, to a container that was given none of the row's
 * CAPS. NULL where the filter lets the call through, and where nothing is known of the engine's (lc_filter_knows). ENGINE and VERSION may
 * be NULL: Docker, and the newest that is known. SYSCALL may be NULL.
 */
const struct lc_filter_row *lc_filter_row_find(
	const char *engine, const char *version, const char *syscall, uint64_t argument);

/* Whether the table has ENGINE (NULL: as above). A call that its filter refuses and the table has no row for is refused by another profile. */
bool lc_filter_knows(const char *engine);

/* The CAPS of that row: any one of them lets the call through. 0: the filter lets it through without, or with none. */
uint64_t lc_filter_opens(const char *engine, const char *version, const char *syscall, uint64_t argument);

/* Whether the default filter of any engine lets SYSCALL through, at least with some argument, only if the container was given a capability. */
bool lc_filter_guards(const char *syscall);

/* Which argument (0 to 5) of SYSCALL engines' filters look at; -1: none. */
int lc_filter_selector(const char *syscall);

/*
 * The name of RUNTIME, a name or a path that ends in it (NULL: unknown), if such a runtime gives its containers a kernel of their own, whose
 * checks are not the host's. NULL if it does not. The result lies in RUNTIME.
 */
const char *lc_runtime_with_kernel(const char *runtime);

/* A capability by which a container reaches beyond itself. */
struct lc_danger {
	int cap;
	unsigned int points; /* of a target's score */
	const char *does;    /* what holding it means, after "it" or "which" */
};

/* The table of dangerous capabilities, N rows, the worst first. */
const struct lc_danger *lc_dangers(size_t *n);

/* The row of CAP. NULL when CAP is not dangerous. */
const struct lc_danger *lc_danger_find(int cap);

/* All dangerous capabilities as a set. */
uint64_t lc_dangerous_set(void);

/* A capability that is worse together with something else. */
struct lc_danger_with {
	int cap;
	enum lc_hazard_kind with;
	unsigned int points; /* instead of its own */
	const char *does;    /* as in struct lc_danger */
};

/* The row of CAP together with a hazard of the kind WITH, or NULL. */
const struct lc_danger_with *lc_danger_with_find(int cap, enum lc_hazard_kind with);

/* What a hazard counts, and what it means. */
struct lc_hazard_row {
	enum lc_hazard_kind kind;
	unsigned int points;
	unsigned int less;  /* for a target that is in a user namespace of its own, or whose user may not use it */
	bool container;     /* a container's alone: services are expected to be so */
	const char *brief;  /* in a table; NULL: what it is about */
	const char *why;    /* what it means; NULL: another table has that */
	const char *advice; /* what to do about it */
};

/* The row of KIND. */
const struct lc_hazard_row *lc_hazard_row(enum lc_hazard_kind kind);

/* From so many points on a hazard makes a target dangerous, and from so many on its host can be had through it. */
#define LC_POINTS_DANGEROUS 40
#define LC_POINTS_HOST      100

/* A place of the host's files that is dangerous to have mounted. */
struct lc_host_place {
	const char *path;
	bool below;             /* what lies below it is so too */
	unsigned int points;    /* mounted writable */
	unsigned int read_only; /* mounted read-only */
	const char *why;
};

/*
 * The row of what a mount of PATH, a file of the host's, gives away: that of PATH itself; else the most specific that it lies below, or the worst that lies
 * below it. NULL when there is none, or it has no points.
 */
const struct lc_host_place *lc_host_place_find(const char *path, bool read_only);

/* Whether PATH, on the host, is the socket of a container engine, by its name. */
bool lc_is_engine_socket(const char *path);

/* Where engines have their sockets, ended by NULL. */
const char *const *lc_engine_sockets(void);

/* A device that reaches beyond a container. */
struct lc_device_row {
	bool block;
	int major; /* -1: any */
	int minor; /* -1: any */
	unsigned int points;
	const char *why;
};

/* The row of a device; NULL for one that every container has. */
const struct lc_device_row *lc_device_find(bool block, unsigned int major, unsigned int minor);

#endif
