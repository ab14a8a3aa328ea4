/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Merging: the profiles of many runs or of many hosts make one. */
#ifndef LEASTCAP_MERGE_H
#define LEASTCAP_MERGE_H

#include <leastcap/model.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>

/*
 * A merge under way. Zero-initialise to start; lc_merge_clear frees it.
 *
 * In whatever order and grouping profiles are merged, the result is the same. Merged with itself a profile keeps its
 * lists, and its counts double.
 *
 * Targets are one when they are of the same kind and compose project and service, or else of the same name and image and, in pods, of the same namespace and workload
 * (workload.h). Their id, namespace, cgroup and user stay where all agree, and are unknown otherwise. The name of a service's containers is
 * the first in the alphabet, and so is the pod of those of a workload. What is granted and configured is united. What an audit found of a process at one moment is left
 * out.
 *
 * A proof stays where all have the same one. What other runs were seen to need has not been tried.
 *
 * Evidence is one when program, syscall, call site, answer and what it was about agree. A process's number does not count, and
 * where the list does not rest on a check (the runtime's set-up, others' credentials) nothing that it was about does; what is told
 * is the earliest, as in one recording. Counts add up. The judgement is made anew.
 *
 * Refused calls are one when program, call, error and what it was about agree, and are told and counted likewise.
 *
 * Of the host, the engine, its version, a security module's label and a service's image each value is listed ("5.10.0, 6.1.0"); more than eight are "several".
 */
struct lc_merge {
	bool by_image; /* containers of the same image are one, whatever their names */
	struct lc_profile profile;
	size_t settled; /* pieces that were left when what agrees was last united */
	size_t added;   /* pieces that came since */
};

/* Adds PROFILE, taking over what it owns (it is empty afterwards). 0 or -ENOMEM: then the merge can only be cleared. */
int lc_merge_add(struct lc_merge *merge, struct lc_profile *profile);

/* Moves the result, judged and sorted, to MERGED; MERGE is empty afterwards. 0, or -ENOMEM with MERGED unchanged. */
int lc_merge_finish(struct lc_merge *merge, struct lc_profile *merged);

/* Frees what MERGE owns and zeroes it. */
void lc_merge_clear(struct lc_merge *merge);

/*
 * Adds the values of FROM ("5.10.0, 6.1.0"; NULL: none) to those of *INTO, which is freed, in the order of the alphabet; more than eight are "several". 0, or -ENOMEM with
 * *INTO unchanged.
 */
int lc_merge_unite_values(char **into, const char *from);

/*
 * CHECK with nothing but what makes it one piece of evidence with another: counters, times, the judgement, stacks and what does not count are
 * empty. The strings are CHECK's own.
 */
struct lc_check lc_check_identity(const struct lc_check *check);

/* The same of a refused call. */
struct lc_failure lc_failure_identity(const struct lc_failure *failure);

/*
 * Appends a text that tells TARGET from other workloads: what makes targets one in a merge. Each name has its length
 * before it, so that no name can be taken for two.
 */
void lc_target_add_identity(struct lc_strbuf *out, const struct lc_target *target);

/* 0 when two targets are one, otherwise their order. Images do not count unless WITH_IMAGE. */
int lc_target_compare(const struct lc_target *a, const struct lc_target *b, bool with_image);

#endif
