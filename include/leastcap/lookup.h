/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Look-ups in what a container controls: its files, and the memory and stacks of its processes. Processes of their own do them, because a
 * file system there may never answer (FUSE, NFS). The caller is never kept waiting.
 */
#ifndef LEASTCAP_LOOKUP_H
#define LEASTCAP_LOOKUP_H

#include <leastcap/host.h>
#include <leastcap/probe.h>
#include <leastcap/why.h>

struct lc_lookups;

/* Whose look-up it is. */
struct lc_lookup_place {
	uint64_t group; /* look-ups of one group share the room and the patience: each target has a group */
	const char
		*cgroup; /* the path of the cgroup whose other processes may have the same root; NULL: none are asked */
};

/* A program of machine code that a file of a container names, to be run at a time or to be kept running. All of it is hostile. */
struct lc_named {
	char *path; /* as the file has it */
	char *file;
	char *real; /* the same without symbolic links, as struct lc_executed has it */
	uint64_t inode;
};

struct lc_named_list {
	struct lc_named *programs;
	size_t n;
	uint64_t left_out; /* how many more there are, or files that may name some */
};

/* Frees what LIST holds. */
void lc_named_clear(struct lc_named_list *list);

/*
 * What is called with an answer. RESULT is 0, -ETIMEDOUT when there was no answer in time, or another -errno. A string or stack in the
 * answer may be taken over, its place then being zeroed; what is left there is freed. Any function may be NULL.
 */
struct lc_lookup_events {
	void *context;
	void (*carried)(void *context, const void *key, int result, struct lc_carried *carried);
	void (*object)(void *context, const void *key, int result, struct lc_object *object);
	void (*stack)(void *context, const void *key, int result, struct lc_stack *stack);
	void (*named)(void *context, uint64_t cgroup, int result, struct lc_named_list *list);
	/* Nothing of GROUP is looked at any more, because its file systems do not answer. */
	void (*given_up)(void *context, uint64_t group);
};

struct lc_lookup_options {
	const struct lc_hierarchy *hierarchy; /* the cgroups' */
	struct lc_why *unwinder;              /* kept; NULL: no stacks are unwound */
	unsigned deadline_ms;                 /* for one look-up in files; 0: the default of 500 */
	unsigned stack_deadline_ms;           /* for one stack; 0: the default of 3000, or a minute with debuginfod */
};

/*
 * Starts the processes that look. They keep what they need of our privileges, so that this is to be called before these are given up.
 * EVENTS and LOG (may be NULL) are kept by reference. 0 or -errno: *LOOKUPS is then unchanged.
 */
int lc_lookups_new(struct lc_lookups **lookups, const struct lc_lookup_options *options,
	const struct lc_lookup_events *events, const struct lc_log *log);

/*
 * Asks for what the program in EXECUTED carries. The answer comes later, or at once where there is no room. Each group has its own room,
 * and the groups take turns. Nothing in EXECUTED is kept but its key.
 */
void lc_lookups_ask_carried(
	struct lc_lookups *lookups, const struct lc_lookup_place *place, const struct lc_executed *executed);

/* The same for the file whose owner and mode made the kernel ask in TOUCHED. */
void lc_lookups_ask_object(
	struct lc_lookups *lookups, const struct lc_lookup_place *place, const struct lc_touched *touched);

/* The same for the functions on the stack of SNAPSHOT. */
void lc_lookups_ask_stack(struct lc_lookups *lookups, const struct lc_lookup_place *place, const void *key,
	const struct lc_snapshot *snapshot);

/*
 * If EXECUTED is a daemon that runs what its files name (cron, supervisord, s6, runit), asks for what they do. The answer is told with the
 * cgroup of EXECUTED.
 */
void lc_lookups_ask_named(
	struct lc_lookups *lookups, const struct lc_lookup_place *place, const struct lc_executed *executed);

/* A descriptor that is readable while there is an answer. */
int lc_lookups_fd(const struct lc_lookups *lookups);

/* Milliseconds until lc_lookups_proceed is to be called though no descriptor is readable; -1: never. */
int lc_lookups_timeout(const struct lc_lookups *lookups);

/* Takes the answers that have come, ends what takes too long, and sends what is next. */
void lc_lookups_proceed(struct lc_lookups *lookups);

/* How many answers are still to come; of STACKS, or of files. */
size_t lc_lookups_pending(const struct lc_lookups *lookups, bool stacks);

/* How many look-ups found no room. */
uint64_t lc_lookups_dropped(const struct lc_lookups *lookups);

/* Answers everything that is still to come with -ETIMEDOUT. */
void lc_lookups_cancel(struct lc_lookups *lookups);

/* Forgets GROUP, if nothing of it is still to come. False: something is. */
bool lc_lookups_forget(struct lc_lookups *lookups, uint64_t group);

/* Ends the processes and frees everything but the unwinder, which is the caller's. LOOKUPS may be NULL. */
void lc_lookups_free(struct lc_lookups *lookups);

#endif
