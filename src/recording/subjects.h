/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets of a recording under way, and which cgroup belongs to which. */
#ifndef LEASTCAP_RECORDING_SUBJECTS_H
#define LEASTCAP_RECORDING_SUBJECTS_H

#include <leastcap/identity.h>
#include <leastcap/model.h>
#include <leastcap/table.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A target while it is recorded. */
struct subject {
	struct subject *next;
	struct subject **link; /* what points to it there */
	struct subject *alike; /* the next whose key has the same hash */
	struct lc_target target;
	struct subject *outer;           /* the target that it lies in; NULL: none */
	struct lc_namespaces namespaces; /* that it was given; the user namespace is 0 until known */
	bool container;                  /* of its own mount namespace: what runs before its first program is set-up */
	bool started;                    /* its first program has been seen */
	bool wanted;                     /* it is one of those that were asked for */
	bool asked;                      /* an engine was: the answer will be put here */
	uint64_t cgroup;                 /* the topmost of its cgroups */
	char *key;                       /* that one's path, or a name for a process tree */
	uint64_t hash;                   /* of KEY */
	uint64_t share;                  /* as of struct lc_made_cgroup */
	size_t n_places;                 /* of its cgroups that are known */
	size_t n_inside;                 /* how many subjects have it for their OUTER */
};

/* A cgroup and the target that it belongs to; NULL for one that is known not to be recorded, or that waits for its first check. */
struct place {
	uint64_t id;
	struct subject *subject;
	char *path; /* of one that waits; else NULL */
	uint64_t outer;
	uint64_t share;
};

/* So many subjects one share has before its further cgroups wait for their first check to become one. */
#define SUBJECTS_OF_SHARE 1024

/* So many of the cgroups that are not recorded are remembered, for what was counted there before that was known. */
#define SUBJECTS_IGNORED 4096

struct subjects {
	struct subject *first;   /* in no particular order */
	struct lc_table *by_key; /* hash of the key → subject, the first of a chain */
	struct lc_table *places; /* cgroup id → place */
	struct lc_table *crowds; /* share → how many subjects it has */
	uint64_t seed;
	uint64_t ignored[SUBJECTS_IGNORED];
	size_t n_ignored;
};

/* Makes SUBJECTS empty. 0, or -ENOMEM. */
int lc_subjects_init(struct subjects *subjects);

/* The subject called by LENGTH bytes of KEY, made for SHARE when it is new (*IS_NEW). NULL when out of memory. */
struct subject *lc_subjects_get(
	struct subjects *subjects, const char *key, size_t length, uint64_t share, bool *is_new);

/* Whether SHARE has so many subjects that its next cgroup is to wait. */
bool lc_subjects_are_many(const struct subjects *subjects, uint64_t share);

/* What is known of CGROUP; NULL when it was never met. */
struct place *lc_subjects_at(const struct subjects *subjects, uint64_t cgroup);

/* Notes that CGROUP belongs to SUBJECT (NULL: to none), unless it is known to belong somewhere. 0, or -ENOMEM. */
int lc_subjects_place(struct subjects *subjects, uint64_t cgroup, struct subject *subject);

/* Notes that CGROUP belongs to no subject; of those noted so only the last ones are remembered. 0, or -ENOMEM. */
int lc_subjects_ignore(struct subjects *subjects, uint64_t cgroup);

/* Notes that CGROUP, at PATH (copied) in OUTER, is to become a subject at its first check. 0, or -ENOMEM. */
int lc_subjects_defer(struct subjects *subjects, uint64_t cgroup, uint64_t outer, uint64_t share, const char *path);

/* SUBJECT lies in OUTER (NULL: in none). */
void lc_subject_lies_in(struct subject *subject, struct subject *outer);

/* Nothing more will be told of CGROUP: forgets it, and its subject and those around where nothing is known of them either. */
void lc_subjects_forget(struct subjects *subjects, uint64_t cgroup);

/*
 * One of SUBJECT's processes, or its first program, was found to live in NAMESPACES. What it was given is the outermost user namespace of
 * all: those below it can make themselves.
 */
void lc_subject_lives_in(struct subject *subject, const struct lc_namespaces *namespaces);

/* The next target around SUBJECT whose list holds what runs in SUBJECT too: a container's and a command's do. NULL: none. */
struct subject *lc_subject_around(const struct subject *subject);

/* Frees everything. */
void lc_subjects_clear(struct subjects *subjects);

#endif
