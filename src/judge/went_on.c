/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a program was refused and did without: a capability for that is not wanted. */
#include "judge_private.h"

#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A program that gives up for what it was refused is over within this time (nanoseconds). */
#define LC_GIVES_UP_NS INT64_C(100000000)

/* Whether the program EXE is seen to do something at LAST, long after BEFORE. */
static bool is_later(const char *exe, const char *program, int64_t last, int64_t before)
{
	return exe && !strcmp(exe, program) && last >= before + LC_GIVES_UP_NS;
}

static bool is_same_question(const struct lc_check *a, const struct lc_check *b)
{
	return a->cap == b->cap && a->caller && b->caller && !strcmp(a->caller, b->caller);
}

/* Whether CHECK's program did something else long after it was refused. */
static bool went_on(const struct lc_target *target, const struct lc_check *check)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *other = &target->evidence[i];

		if (other->phase == LC_PHASE_WORKLOAD && !is_same_question(other, check) &&
			is_later(other->exe, check->exe, other->last_ns, check->first_ns))
			return true;
	}
	return false;
}

int lc_judge_went_on(struct lc_target *target)
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];
		struct lc_strbuf why = {0};
		const struct lc_callsite *row;

		if (check->class != LC_CLASS_BLOCKED || check->source != LC_SOURCE_CHECK || !check->exe)
			continue;
		row = lc_callsite_find(check, target->kernel);
		if (!row || !row->goes_on || !went_on(target, check))
			continue;
		lc_strbuf_addf(&why, "%s; the program went on without", row->why);
		if (why.failed) {
			lc_strbuf_free(&why);
			return -ENOMEM;
		}
		free(check->why);
		check->why = lc_strbuf_steal(&why);
		check->class = LC_CLASS_REFUSED;
	}
	return 0;
}
