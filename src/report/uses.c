/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What became of each capability that a target was granted or asked for: each is in one group. */
#include "uses.h"
#include "rows.h"

#include <leastcap/capset.h>

/* What TARGET's workload asked for in checks with VERDICT, and of CLASS unless that is LC_CLASS_N. */
static uint64_t asked(const struct lc_target *target, enum lc_verdict verdict, enum lc_class class)
{
	uint64_t caps = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->verdict == verdict && !lc_report_is_left_out(check->class) &&
			(class == LC_CLASS_N || check->class == class))
			caps |= LC_CAP_BIT(check->cap);
	}
	return caps;
}

struct lc_report_uses lc_report_uses(const struct lc_target *target)
{
	struct lc_report_uses uses = {.listed = target->cap_add, .wanted = target->wanted & ~target->cap_add};
	uint64_t told = uses.listed | uses.wanted;

	uses.in_vain = target->unused & asked(target, LC_VERDICT_DENIED, LC_CLASS_N) & ~told;
	uses.never = target->unused & ~uses.in_vain & ~told;
	told |= target->unused;
	uses.alternative = asked(target, LC_VERDICT_GRANTED, LC_CLASS_ALTERNATIVE) & ~told;
	uses.without_need = asked(target, LC_VERDICT_GRANTED, LC_CLASS_ADVISORY) & ~told & ~uses.alternative;
	return uses;
}
