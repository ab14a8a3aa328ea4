/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets of a recording under way, and which cgroup belongs to which. */
#ifndef LEASTCAP_RECORDING_TARGETS_H
#define LEASTCAP_RECORDING_TARGETS_H

#include <leastcap/identity.h>
#include <leastcap/lookup.h>
#include <leastcap/model.h>
#include <leastcap/table.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A program that a file of a target names. */
struct lc_recorded_named {
	struct lc_named named;
	bool ran;
};

/* How many of them a target has. */
#define LC_NAMED_OF_TARGET 256

/* What lc_recording_take has handed out of a target. */
struct lc_recorded_told {
	bool any; /* it has been told of */
	struct lc_losses losses;
	uint64_t n_left;
	/* What it was besides what it did. */
	struct lc_recorded_facts {
		int64_t began_ns, ended_ns, restarted_ns, healthy_ns;
		uint64_t starts, granted;
		size_t n_ports, n_named, n_ran, n_volumes, lowest_port;
		uint32_t handled, sent;
		enum lc_seen_until until;
		enum lc_target_kind kind;
		const char *name, *image, *label; /* only whether they are other ones counts */
	} facts;
};

/* A target while it is recorded. */
struct lc_recorded_target {
	struct lc_recorded_target *next;
	struct lc_recorded_target **link; /* what points to it there */
	struct lc_recorded_target *alike; /* the next whose key has the same hash */
	struct lc_target target;
	struct lc_recorded_target *outer; /* the target that it lies in; NULL: none */
	struct lc_namespaces namespaces;  /* that it was given; the user namespace is 0 until known */
	bool container;                   /* of its own mount namespace: what runs before its first program is set-up */
	bool entered;                     /* a program came into it from outside after its first one (docker exec) */
	bool existed;                     /* it was there when the recording began */
	int64_t born_ns;       /* of one that ran then: when its first process had been started; 0: not known */
	int64_t restarted_ns;  /* of one that ran then: when it was started again; 0: it was not */
	int64_t news_ns;       /* when it asked for something new the last time, as far as is known */
	bool empty;            /* nothing was in its cgroup when the recording began */
	bool started;          /* its first program has been seen */
	pid_t first;           /* whose process that is; 0: not known */
	int64_t terminated_ns; /* TERM was sent to that from outside; 0: it was not */
	int64_t told_ns;       /* the last other signal from outside that may have been to stop; 0: none */
	bool wanted;           /* it is one of those that were asked for */
	bool refused;          /* of a trial: what it refuses has been told to the kernel side */
	bool asked;            /* an engine was: the answer will be put here */
	bool awaited;          /* and its answer was waited for */
	struct lc_recorded_named *named; /* what its files name */
	size_t n_named;
	uint64_t named_unknown;       /* how many more */
	uint64_t cgroup;              /* the topmost of its cgroups */
	uint64_t last_cgroup;         /* the same of its last start: an engine makes a new one of the same path */
	char *key;                    /* that one's path, or a name for a process tree */
	uint64_t hash;                /* of KEY */
	uint64_t share;               /* as of struct lc_made_cgroup */
	size_t n_members;             /* of its cgroups that are known */
	struct lc_recorded_told told; /* what of it has been taken: lc_recording_take */
	size_t n_inside;              /* how many targets have it for their OUTER */
};

/* A cgroup and the target that it belongs to. NULL: it is known not to be recorded, or waits for its first check. */
struct lc_member_cgroup {
	uint64_t id;
	struct lc_recorded_target *target;
	char *path; /* of one that waits; else NULL */
	uint64_t outer;
	uint64_t share;
};

/* How many targets each share has before its further cgroups wait for their first check to become one. */
#define LC_TARGETS_OF_SHARE 1024

/* How many of the cgroups that are not recorded are remembered, for what was counted there before that was known. */
#define LC_CGROUPS_IGNORED 4096

struct lc_recorded_targets {
	struct lc_recorded_target *first; /* in no particular order */
	struct lc_table *by_key;          /* hash of the key → target, the first of a chain */
	struct lc_table *members;         /* cgroup id → member cgroup */
	struct lc_table *shares;          /* share → how many targets it has */
	uint64_t seed;
	uint64_t ignored[LC_CGROUPS_IGNORED];
	size_t n_ignored;
};

/* Makes TARGETS empty. 0, or -ENOMEM. */
int lc_targets_init(struct lc_recorded_targets *targets);

/* The target whose key is the LENGTH bytes at KEY, made for SHARE when it is new (*IS_NEW). NULL (*IS_NEW is unchanged) when out of memory. */
struct lc_recorded_target *lc_targets_get(
	struct lc_recorded_targets *targets, const char *key, size_t length, uint64_t share, bool *is_new);

/* Whether SHARE has so many targets that its next cgroup is to wait. */
bool lc_targets_are_many(const struct lc_recorded_targets *targets, uint64_t share);

/* What is known of CGROUP; NULL when it was never met. */
struct lc_member_cgroup *lc_targets_member(const struct lc_recorded_targets *targets, uint64_t cgroup);

/* Notes that CGROUP belongs to RECORDED (NULL: to none), unless it is known to belong somewhere. 0, or -ENOMEM. */
int lc_targets_add_member(struct lc_recorded_targets *targets, uint64_t cgroup, struct lc_recorded_target *recorded);

/* Notes that CGROUP belongs to no target. Only the last ones are remembered. 0, or -ENOMEM. */
int lc_targets_ignore(struct lc_recorded_targets *targets, uint64_t cgroup);

/* Notes that CGROUP, at PATH (copied) in OUTER, is to become a target at its first check. 0, or -ENOMEM. */
int lc_targets_defer(
	struct lc_recorded_targets *targets, uint64_t cgroup, uint64_t outer, uint64_t share, const char *path);

/* RECORDED lies in OUTER (NULL: in none). */
void lc_recorded_target_lies_in(struct lc_recorded_target *recorded, struct lc_recorded_target *outer);

/* Forgets CGROUP, of which nothing more will be told; and its target and those around that, if nothing is known of them either. */
void lc_targets_forget(struct lc_recorded_targets *targets, uint64_t cgroup);

/* Forgets RECORDED, which has no cgroups and in which nothing lies. */
void lc_targets_drop(struct lc_recorded_targets *targets, struct lc_recorded_target *recorded);

/*
 * One of RECORDED's processes, or its first program, was found to live in NAMESPACES. Of all user namespaces the outermost is the
 * one that the target was given, because it can make those below by itself.
 */
void lc_recorded_target_lives_in(struct lc_recorded_target *recorded, const struct lc_namespaces *namespaces);

/* Moves what is in LIST, which RECORDED's files name, to it. What finds no room is counted. */
void lc_recorded_target_add_named(struct lc_recorded_target *recorded, struct lc_named_list *list);

/* The next target around RECORDED whose list holds what runs in RECORDED too: a container's and a command's do. NULL: none. */
struct lc_recorded_target *lc_recorded_target_around(const struct lc_recorded_target *recorded);

/* Frees everything. */
void lc_targets_clear(struct lc_recorded_targets *targets);

#endif
