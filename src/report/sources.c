/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a workload came to the capabilities on its list. */
#include "sources.h"

#include <leastcap/capset.h>

#include <linux/capability.h>

/* The capabilities on TARGET's list that came by SOURCE. Of LC_SOURCE_CHECK only those that a set-user-ID program used as root. */
static uint64_t got_by(const struct lc_target *target, enum lc_source source)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->source != source || check->verdict != LC_VERDICT_GRANTED ||
			(check->class != LC_CLASS_REQUIRED && check->class != LC_CLASS_IMPLIED))
			continue;
		if (source != LC_SOURCE_CHECK || (check->user && lc_user_is_root(check->user)))
			mask |= LC_CAP_BIT(check->cap);
	}
	return mask & target->cap_add;
}

/* The capabilities on TARGET's list that only its filter of system calls wants, which looks at the bounding set. */
static uint64_t wanted_by_filter(const struct lc_target *target)
{
	uint64_t by_filter = 0, otherwise = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->class == LC_CLASS_IMPLIED &&
			(check->source == LC_SOURCE_CHECK || check->source == LC_SOURCE_FILTER))
			by_filter |= LC_CAP_BIT(check->cap);
		else if (check->class == LC_CLASS_REQUIRED || check->class == LC_CLASS_IMPLIED)
			otherwise |= LC_CAP_BIT(check->cap);
	}
	return by_filter & ~otherwise & target->cap_add;
}

struct lc_report_sources lc_report_sources(const struct lc_target *target)
{
	struct lc_report_sources by = {.file = got_by(target, LC_SOURCE_FILE)};

	by.ambient = got_by(target, LC_SOURCE_AMBIENT) & ~by.file;
	if (!lc_user_is_root(target->user))
		by.root = got_by(target, LC_SOURCE_CHECK) & ~by.file & ~by.ambient;
	by.filter = wanted_by_filter(target) & ~by.file & ~by.ambient & ~by.root;
	return by;
}

uint64_t lc_report_ambient(const struct lc_target *target)
{
	struct lc_report_sources by = lc_report_sources(target);

	return lc_user_is_root(target->user) ? 0 : target->cap_add & ~by.file & ~by.root & ~by.filter;
}

/* Whether CHECK shows that a program of a workload which is not root ran with root's uid. */
static bool is_roots(const struct lc_check *check)
{
	return check->user && lc_user_is_root(check->user) && check->phase == LC_PHASE_WORKLOAD &&
	       check->credential == LC_CREDENTIAL_OWN && check->userns == LC_USERNS_TARGET;
}

bool lc_report_needs_no_new_privileges(const struct lc_target *target)
{
	bool is_root = lc_user_is_root(target->user);

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->source == LC_SOURCE_FILE || (!is_root && is_roots(check)))
			return false;
	}
	return true;
}

bool lc_report_changes_users(const struct lc_target *target)
{
	return lc_user_is_root(target->user) && (target->cap_add & LC_CAP_BIT(CAP_SETUID));
}
