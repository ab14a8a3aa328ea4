/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A capability check as user space sees it: the facts that the kernel side counted, and the class that the judge gave it. */
#ifndef LEASTCAP_CHECK_H
#define LEASTCAP_CHECK_H

#include <leastcap/stack.h>

#include <stdbool.h>
#include <stdint.h>

/* What the kernel answered. */
enum lc_verdict { LC_VERDICT_GRANTED, LC_VERDICT_DENIED, LC_VERDICT_N };

/* Why it answered so. */
enum lc_authority {
	LC_AUTHORITY_EFFECTIVE, /* granted: the bit was effective */
	LC_AUTHORITY_OWNER,     /* granted: the caller owns a child user namespace */
	LC_AUTHORITY_NONE,      /* denied: the bit was not effective */
	LC_AUTHORITY_BEYOND, /* denied: asked in a user namespace above the caller's, where no capability of its own reaches */
	LC_AUTHORITY_N
};

/* Whose credential was asked about: the task's own, or one that a kernel subsystem put in its place (overlayfs). */
enum lc_credential { LC_CREDENTIAL_OWN, LC_CREDENTIAL_OVERRIDDEN, LC_CREDENTIAL_N };

/* Whether the runtime was still preparing the container. */
enum lc_phase { LC_PHASE_SETUP, LC_PHASE_WORKLOAD, LC_PHASE_N };

/* Which user namespace the credential lives in: the one that the target was given, or another one. */
enum lc_userns { LC_USERNS_TARGET, LC_USERNS_OTHER, LC_USERNS_N };

/* Whether the check asked for an audit record; the tp_btf hook cannot see it. */
enum lc_audited { LC_AUDITED_NO, LC_AUDITED_YES, LC_AUDITED_UNKNOWN, LC_AUDITED_N };

/* How the question came up: the kernel asked cap_capable, or a file or a request named the capability outright. */
enum lc_source {
	LC_SOURCE_CHECK,   /* cap_capable was asked */
	LC_SOURCE_FILE,    /* a file with file capabilities was executed: see capabilities(7), "File capabilities" */
	LC_SOURCE_CAPSET,  /* capset(2) asked to hold it */
	LC_SOURCE_AMBIENT, /* prctl(PR_CAP_AMBIENT_RAISE) asked to hold it */
	LC_SOURCE_USERNS,  /* a user namespace was made that maps root of the one it was made in: user_namespaces(7) */
	LC_SOURCE_RING,   /* io_uring_register(2) locked memory: whether that counts was asked when the ring was made */
	LC_SOURCE_FILTER, /* an engine's seccomp filter let the call through because the container was given it */
	LC_SOURCE_N
};

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

/* The file or directory whose owner and mode made the kernel ask. Strings are owned and hostile; NULL when unknown. */
struct lc_object {
	char *path;    /* as the container sees it */
	char *owner;   /* "www-data:adm": names of the container's own, or numbers */
	uint32_t mode; /* st_mode */
	bool late;     /* unknown because its file system did not answer in time */
};

/*
 * All checks of one target that agree in every field but the counters. Strings are owned (lc_check_clear frees them),
 * hostile (they came out of a container) and may be NULL when unknown.
 */
struct lc_check {
	int cap;
	enum lc_class class;
	enum lc_source source;
	enum lc_verdict verdict;
	enum lc_authority authority;
	enum lc_credential credential;
	enum lc_phase phase;
	enum lc_userns userns;
	enum lc_audited audited;
	bool ordinary; /* the call would have had the same result without the capability, by ids, groups or modes alone */
	bool chained;      /* the same decision had asked for a narrower capability before, which was denied */
	bool gives_up;     /* a capset that made nothing effective that was not before */
	bool no_new_privs; /* of a file: under no_new_privs, so that execve demands what it carries, and gives none of it */
	bool tried;        /* a trial was to refuse it: denied, it did so; granted, it did not reach it */
	bool answered;     /* denied, but the same decision then accepted another capability */
	bool survivable; /* the judge: on the list, but the program may do without, which is to be verified */
	/* In which times of its target's life it was made (leastcap/life.h). All false: not known. */
	bool at_start;
	bool while_serving;
	bool at_stop;
	uint64_t count;
	int64_t first_ns; /* nanoseconds since 1970, UTC */
	int64_t last_ns;
	char *syscall; /* libseccomp's name; NULL outside of a syscall (io_uring worker, page fault) */
	char *caller;  /* the kernel function that asked */
	char *exe;     /* the executable's path as the container sees it */
	char *comm;    /* the task's name at the first check */
	char *about;   /* what it was about: a path, a port, a pid and a signal */
	char *user;    /* "uid:gid" of the first caller, effective, as the host numbers them; NULL when unknown */
	struct lc_object object;
	/*
	 * What the syscall returned, "0" or an errno's name ("EPERM"); NULL when unknown. Of a check that was granted, or denied and
	 * answered, it is known only where a file was searched for and not found, and of an execve that lacked others.
	 */
	char *result;
	char *why; /* the judge's sentence; NULL when the class says it all */
	struct lc_shared_stack
		*kernel_stack; /* from the function that asked up to the syscall; a reference; NULL when unknown */
	struct lc_shared_stack *user_stack; /* of the first such check, where stacks were taken; the same */
};

/* The word for each value, as the profile spells it ("granted", "effective", …); NULL when out of range. */
const char *lc_verdict_name(enum lc_verdict verdict);
const char *lc_authority_name(enum lc_authority authority);
const char *lc_credential_name(enum lc_credential credential);
const char *lc_phase_name(enum lc_phase phase);
const char *lc_userns_name(enum lc_userns userns);
const char *lc_audited_name(enum lc_audited audited);
const char *lc_class_name(enum lc_class class);
const char *lc_source_name(enum lc_source source);

/* The value that NAME spells, or -EINVAL. */
int lc_verdict_from_name(const char *name);
int lc_authority_from_name(const char *name);
int lc_credential_from_name(const char *name);
int lc_phase_from_name(const char *name);
int lc_userns_from_name(const char *name);
int lc_audited_from_name(const char *name);
int lc_class_from_name(const char *name);
int lc_source_from_name(const char *name);

/* Whether USER ("uid:gid", each a number or a name) is root. NULL and "", which are unknown, count as root. */
bool lc_user_is_root(const char *user);

/*
 * Compares what the kernel side found of two checks, the members from verdict to answered: less than, equal to or greater than 0.
 * Capability, strings, counters and the judgement do not count.
 */
int lc_check_compare_facts(const struct lc_check *a, const struct lc_check *b);

/* Frees the strings that OBJECT owns and zeroes it. */
void lc_object_clear(struct lc_object *object);

/* Makes *COPY equal to CHECK, with strings of its own. 0, or -ENOMEM and *COPY is unchanged. */
int lc_check_copy(struct lc_check *copy, const struct lc_check *check);

/* Frees the strings that CHECK owns and zeroes it. */
void lc_check_clear(struct lc_check *check);

#endif
