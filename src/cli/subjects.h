/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets of a recording under way, and which cgroup belongs to which. */
#ifndef LEASTCAP_CLI_SUBJECTS_H
#define LEASTCAP_CLI_SUBJECTS_H

#include <leastcap/identity.h>
#include <leastcap/profile.h>
#include <leastcap/table.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A target while it is recorded. */
struct subject {
	struct subject *next;
	struct lc_target target;
	struct subject *outer;           /* the target that it lies in; NULL: none */
	struct lc_namespaces namespaces; /* that it was given; the user namespace is 0 until known */
	bool container;                  /* of its own mount namespace: what runs before its first program is set-up */
	bool started;                    /* its first program has been seen */
	bool wanted;                     /* it is one of those that were asked for */
	uint64_t cgroup;                 /* the topmost of its cgroups */
	char *key;                       /* that one's path, or a name for a process tree */
};

/* A cgroup and the target that it belongs to; NULL for one that is known not to be recorded. */
struct place {
	uint64_t id;
	struct subject *subject;
};

struct subjects {
	struct subject *first;   /* in no particular order */
	struct lc_table *places; /* cgroup id → place */
};

/* Makes SUBJECTS empty. 0, or -ENOMEM. */
int subjects_init(struct subjects *subjects);

/* The subject called by LENGTH bytes of KEY, made when it is new (*IS_NEW). NULL when out of memory. */
struct subject *subjects_get(struct subjects *subjects, const char *key, size_t length, bool *is_new);

/* What is known of CGROUP; NULL when it was never met. */
const struct place *subjects_at(const struct subjects *subjects, uint64_t cgroup);

/* Notes that CGROUP belongs to SUBJECT (NULL: to none), unless it is known to belong somewhere. 0, or -ENOMEM. */
int subjects_place(struct subjects *subjects, uint64_t cgroup, struct subject *subject);

/*
 * One of SUBJECT's processes, or its first program, was found to live in NAMESPACES. What it was given is the outermost user namespace of
 * all: those below it can make themselves.
 */
void subject_lives_in(struct subject *subject, const struct lc_namespaces *namespaces);

/* The next target around SUBJECT whose list holds what runs in SUBJECT too: a container's and a command's do. NULL: none. */
struct subject *subject_around(const struct subject *subject);

/* Frees everything. */
void subjects_clear(struct subjects *subjects);

#endif
