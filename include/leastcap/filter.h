/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What seccomp filters answer for a system call, by running them as the kernel would. */
#ifndef LEASTCAP_FILTER_H
#define LEASTCAP_FILTER_H

#include <leastcap/failure.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>

/* One filter: N instructions of classic BPF, as the kernel took them from the process. */
struct lc_filter {
	const struct sock_filter *program;
	size_t n;
};

/*
 * Runs FILTER on CALL: kernel/seccomp.c, seccomp_check_filter says which instructions there are. *ANSWER becomes a SECCOMP_RET_ value with
 * its data. 0, or -EINVAL where FILTER is none that the kernel takes. A filter comes from a container: hostile.
 */
int lc_filter_run(const struct lc_filter *filter, const struct seccomp_data *call, uint32_t *answer);

/*
 * What N FILTERS, the newest first, together answer for CALL, whose result was -ERROR (a positive errno; 0: it did not fail).
 * LC_FILTER_REFUSES only where the strictest of them answers with that errno (or kills). LC_FILTER_NONE where N is 0. LC_FILTER_UNKNOWN where
 * one can't be run, where the result is not the one that they answer with, and where they leave it to another process.
 */
enum lc_filter_answer lc_filter_answers(
	const struct lc_filter *filters, size_t n, const struct seccomp_data *call, int error);

/* What a seccomp profile says of a call that its filter refused. Entries are those of "syscalls", from 1. */
struct lc_profile_rule {
	size_t entry;       /* the first that refuses the call; 0: none does, and the profile's defaultAction decides */
	const char *action; /* which refuses it: one of libseccomp's words */
	size_t arguments;   /* an entry that lets it through with some arguments only; 0: none does */
	uint64_t opens;     /* any one of these capabilities has an entry in force that lets it through */
};

/*
 * Fills RULE with what PROFILE, the JSON that Docker takes as --security-opt seccomp=FILE (docs.docker.com/engine/security/seccomp),
 * says of SYSCALL. 0, or -EINVAL where PROFILE is none.
 */
int lc_profile_rule_find(struct lc_profile_rule *rule, const char *profile, const char *syscall);

/*
 * Any one of the capabilities in the result lets SYSCALL through PROFILE, which refuses it otherwise. ARGUMENT is that with the number
 * SELECTOR (0 to 5; -1: no argument is known), of which the low 32 bits count. 0: PROFILE lets the call through without one, or with none,
 * or is no profile. PROFILE and SYSCALL may be NULL.
 */
uint64_t lc_profile_opens(const char *profile, const char *syscall, int selector, uint64_t argument);

#endif
