/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A call that a seccomp profile of the user's own refuses: which of its rules does, and what opens it. */
#include "causes.h"

#include <leastcap/filter.h>

static void add_rule(struct lc_strbuf *out, const struct lc_profile_rule *rule)
{
	if (rule->arguments)
		lc_strbuf_addf(out, "entry %zu of its syscalls lets it through with other arguments only, and ",
			rule->arguments);
	if (rule->entry)
		lc_strbuf_addf(out, "entry %zu of its syscalls says %s", rule->entry, rule->action);
	else
		lc_strbuf_addf(out, "%sits defaultAction is %s",
			rule->arguments ? "" : "no entry of its syscalls lets it through, and ", rule->action);
}

void lc_by_own_profile(const struct lc_refused *refused, struct lc_finding *finding)
{
	const struct lc_target *target = refused->known->target;
	const struct lc_failure *failure = refused->failure;
	struct lc_profile_rule rule;

	if (!target->own_profile) {
		/* The profile was read again from a file, which has what was found. */
		lc_strbuf_adds(&finding->rule, failure->rule ? failure->rule : "");
		finding->caps = failure->rule ? failure->caps : 0;
		return;
	}
	if (!failure->syscall || lc_profile_rule_find(&rule, target->own_profile, failure->syscall))
		return;
	add_rule(&finding->rule, &rule);
	/* What the container has does not open it. */
	finding->caps = rule.opens & ~target->granted;
}
