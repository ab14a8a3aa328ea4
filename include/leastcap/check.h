/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A capability check as user space sees it: the facts that the kernel side counted, and the class that the judge gave it. */
#ifndef LEASTCAP_CHECK_H
#define LEASTCAP_CHECK_H

#include <stdbool.h>
#include <stdint.h>

/* What the kernel answered. */
enum lc_verdict { LC_VERDICT_GRANTED, LC_VERDICT_DENIED, LC_VERDICT_N };

/* Why it answered so: the bit was effective, the caller owns a child user namespace, or neither. */
enum lc_authority { LC_AUTHORITY_EFFECTIVE, LC_AUTHORITY_OWNER, LC_AUTHORITY_NONE, LC_AUTHORITY_N };

/* Whose credential was asked about: the task's own, or one that a kernel subsystem put in its place (overlayfs). */
enum lc_credential { LC_CREDENTIAL_OWN, LC_CREDENTIAL_OVERRIDDEN, LC_CREDENTIAL_N };

/* Whether the runtime was still preparing the container. */
enum lc_phase { LC_PHASE_SETUP, LC_PHASE_WORKLOAD, LC_PHASE_N };

/* Which user namespace the credential lives in: the one that the target was given, or another one. */
enum lc_userns { LC_USERNS_TARGET, LC_USERNS_OTHER, LC_USERNS_N };

/* Whether the check asked for an audit record; the tp_btf hook cannot see it. */
enum lc_audited { LC_AUDITED_NO, LC_AUDITED_YES, LC_AUDITED_UNKNOWN, LC_AUDITED_N };

/* What the judge made of it. The order is the order of importance in reports. */
enum lc_class {
	LC_CLASS_REQUIRED,    /* on the list: the answer decided the syscall */
	LC_CLASS_IMPLIED,     /* on the list: exec or capset fails without it */
	LC_CLASS_ALTERNATIVE, /* one of several that a decision accepts, and not the one listed */
	LC_CLASS_BLOCKED,     /* denied, and the syscall failed */
	LC_CLASS_ADVISORY,    /* the answer changed no outcome */
	LC_CLASS_REFUSED,     /* denied, and the syscall went on */
	LC_CLASS_OWNER,       /* granted because the caller owns a child user namespace */
	LC_CLASS_NESTED,      /* used with the credentials of a user namespace that the workload made itself */
	LC_CLASS_OVERRIDDEN,  /* somebody else's credentials: overlayfs */
	LC_CLASS_SETUP,       /* the runtime's own work */
	LC_CLASS_N,
};

/*
 * All checks of one target that agree in every field but the counters. Strings are owned (lc_check_clear frees them),
 * hostile (they came out of a container) and may be NULL when unknown.
 */
struct lc_check {
	int cap;
	enum lc_class class;
	enum lc_verdict verdict;
	enum lc_authority authority;
	enum lc_credential credential;
	enum lc_phase phase;
	enum lc_userns userns;
	enum lc_audited audited;
	uint64_t count;
	int64_t first_ns; /* nanoseconds since 1970, UTC */
	int64_t last_ns;
	char *syscall; /* libseccomp's name; NULL outside of a syscall (io_uring worker, page fault) */
	char *caller;  /* the kernel function that asked */
	char *exe;     /* the executable's path as the container sees it */
	char *comm;    /* the task's name at the first check */
	char *about;   /* what it was about: a path, a port, a pid and a signal */
	char *result; /* denied checks: "0", or the errno's name ("EPERM") the syscall returned; NULL when unknown or granted */
	char *why; /* the judge's sentence; NULL when the class says it all */
};

/* The word for each value, as the profile spells it ("granted", "effective", …); NULL when out of range. */
const char *lc_verdict_name(enum lc_verdict verdict);
const char *lc_authority_name(enum lc_authority authority);
const char *lc_credential_name(enum lc_credential credential);
const char *lc_phase_name(enum lc_phase phase);
const char *lc_userns_name(enum lc_userns userns);
const char *lc_audited_name(enum lc_audited audited);
const char *lc_class_name(enum lc_class class);

/* The value that NAME spells, or -EINVAL. */
int lc_verdict_from_name(const char *name);
int lc_authority_from_name(const char *name);
int lc_credential_from_name(const char *name);
int lc_phase_from_name(const char *name);
int lc_userns_from_name(const char *name);
int lc_audited_from_name(const char *name);
int lc_class_from_name(const char *name);

/* Frees the strings that CHECK owns and zeroes it. */
void lc_check_clear(struct lc_check *check);

#endif
