/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The class of one check by itself: what it concerns, what its call site is known for, and what came of it. */
#include "judge_private.h"

#include <leastcap/capset.h>
#include <leastcap/judge.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct judgement {
	enum lc_class class;
	bool survivable;
	const char *why; /* NULL: the class says it all */
};

/* The judgement of a capability that an executed file carries. */
static struct judgement judge_file(const struct lc_check *check)
{
	if (check->result)
		return (struct judgement){.class = LC_CLASS_IMPLIED,
			.why = "the file carries it beside what was lacking: execve fails with EPERM where any of them is not in the bounding set"};
	if (check->no_new_privs)
		return (struct judgement){.class = LC_CLASS_IMPLIED,
			.why = "no_new_privs makes the file's capabilities void, and execve demands them all the same: it fails with EPERM where one is not in the bounding set"};
	return (struct judgement){.class = LC_CLASS_IMPLIED,
		.why = "execve fails with EPERM where a capability of the file is not in the bounding set"};
}

/* The judgement of a capability that a file or a request named. The kernel makes no check then; execve or the request just fails. */
static struct judgement judge_named(const struct lc_check *check)
{
	static const char mapped_root[] =
		"root is mapped into a user namespace of its own: since Linux 5.12 writing that map fails with EPERM for who did not have it when the namespace was made";
	static const char ring[] =
		"io_uring asks when a ring is made: memory that it locks then counts against RLIMIT_MEMLOCK, and beyond that it fails with ENOMEM";
	static const char *const names[LC_SOURCE_N] = {
		[LC_SOURCE_FILE] = "execve fails with EPERM where a capability of the file is not in the bounding set",
		[LC_SOURCE_CAPSET] = "capset named it: that fails with EPERM where the program does not have it",
		[LC_SOURCE_AMBIENT] =
			"prctl named it as an ambient one: that fails with EPERM where the program does not have it",
		[LC_SOURCE_USERNS] = mapped_root,
		[LC_SOURCE_RING] = ring,
	};

	if (check->verdict == LC_VERDICT_DENIED)
		return (struct judgement){.class = LC_CLASS_BLOCKED, .why = names[check->source]};
	if (check->source == LC_SOURCE_FILE)
		return judge_file(check);
	if (check->ordinary)
		return (struct judgement){.class = LC_CLASS_IMPLIED,
			.survivable = true,
			.why = "capset named it among few, after the program had read its own sets: it may only keep what it finds there, or go on with what it has, or refuse to go on without"};
	if (check->gives_up)
		return (struct judgement){.class = LC_CLASS_IMPLIED,
			.survivable = true,
			.why = "capset named it to keep it and gave up the rest: that fails with EPERM where the program does not have it, and some go on with what they have"};
	return (struct judgement){.class = LC_CLASS_IMPLIED, .why = names[check->source]};
}

static bool is_among(const char *word, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n && words[i]; i++) {
		if (strcmp(word, words[i]) == 0)
			return true;
	}
	return false;
}

/* Whether the syscall failed as one does for want of a capability, in general or (ROW) at this call site. */
static bool syscall_failed(const struct lc_check *check, const struct lc_callsite *row)
{
	static const char *const refusals[] = {"EPERM", "EACCES"};

	/* The result of a request of io_uring is in its completion, and not what the syscall returns. */
	if (check->syscall && strcmp(check->syscall, "io_uring_enter") == 0)
		return true;
	if (!check->result)
		return false;
	return is_among(check->result, refusals, 2) ||
	       (row && is_among(check->result, row->results, LC_CALLSITE_RESULTS));
}

/* Whether CHECK, at ROW's advisory call site, was denied, and the syscall then had a result that this leads to. */
static bool mattered(const struct lc_check *check, const struct lc_callsite *row)
{
	return check->verdict == LC_VERDICT_DENIED && check->result &&
	       is_among(check->result, row->results, LC_CALLSITE_RESULTS);
}

/* Why a capability was denied that the process has. */
static const char tried[] = "the trial refused it: the process has the capability";

/* The judgement of CHECK, which was denied. What decided after it is found when the lists are made. */
static struct judgement judge_denied(const struct lc_check *check, const struct lc_callsite *row)
{
	if (check->answered)
		return (struct judgement){.class = LC_CLASS_ALTERNATIVE};
	if (check->authority == LC_AUTHORITY_BEYOND)
		return (struct judgement){.class = LC_CLASS_REFUSED,
			.why = "asked in a user namespace above the container's own: what --cap-add grants does not reach there"};
	if (syscall_failed(check, row))
		return (struct judgement){.class = LC_CLASS_BLOCKED,
			.why = check->tried ? tried
			       : row        ? row->why
					    : NULL};
	return (struct judgement){.class = LC_CLASS_REFUSED, .why = check->tried ? tried : NULL};
}

/*
 * The judgement of CHECK by itself. What the list is not about comes first: the runtime's work, somebody else's credentials, a user namespace that
 * the workload made itself. An unknown call site counts as one that decides.
 */
static struct judgement judge(const struct lc_check *check, const struct lc_target *target)
{
	const struct lc_callsite *row;

	if (check->phase == LC_PHASE_SETUP)
		return (struct judgement){.class = LC_CLASS_SETUP};
	if (check->credential == LC_CREDENTIAL_OVERRIDDEN)
		return (struct judgement){.class = LC_CLASS_OVERRIDDEN};
	if (check->userns == LC_USERNS_OTHER)
		return (struct judgement){.class = LC_CLASS_NESTED};
	if (check->source != LC_SOURCE_CHECK)
		return judge_named(check);
	if (check->authority == LC_AUTHORITY_OWNER)
		return (struct judgement){.class = LC_CLASS_OWNER};
	row = lc_callsite_find(check, target->kernel);
	if (row && row->class == LC_CLASS_ADVISORY && !mattered(check, row))
		return (struct judgement){.class = LC_CLASS_ADVISORY, .why = row->why};
	if (check->verdict == LC_VERDICT_DENIED)
		return judge_denied(check, row);
	return (struct judgement){
		.class = LC_CLASS_REQUIRED, .survivable = row && row->survivable, .why = row ? row->why : NULL};
}

const char *lc_judge_check(struct lc_check *check, const struct lc_target *target)
{
	struct judgement judgement = judge(check, target);

	check->class = judgement.class;
	check->survivable = judgement.survivable;
	return judgement.why;
}

int lc_judge_classify(struct lc_target *target)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];
		const char *sentence = lc_judge_check(check, target);
		char *why = lc_copy(sentence);

		if (sentence && !why)
			return -ENOMEM;
		free(check->why);
		check->why = why;
	}
	return 0;
}
