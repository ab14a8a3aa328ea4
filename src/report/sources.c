/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a workload came to the capabilities on its list. */
#include "sources.h"

#include <leastcap/capset.h>

#include <linux/capability.h>

/* Whether CHECK is of an executable whose capabilities its process did not get. */
static bool is_in_vain(const struct lc_check *check)
{
	return check->source == LC_SOURCE_FILE && (check->no_new_privs || check->result);
}

/* The capabilities on TARGET's list that came by SOURCE. Of LC_SOURCE_CHECK only those that a set-user-ID program used as root. */
static uint64_t got_by(const struct lc_target *target, enum lc_source source)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->source != source || is_in_vain(check) || check->verdict != LC_VERDICT_GRANTED ||
			(check->class != LC_CLASS_REQUIRED && check->class != LC_CLASS_IMPLIED))
			continue;
		if (source != LC_SOURCE_CHECK || (check->user && lc_user_is_root(check->user)))
			mask |= LC_CAP_BIT(check->cap);
	}
	return mask & target->cap_add;
}

/* The capabilities on TARGET's list that an executable carries, and that no process got by that, because of no_new_privs or because others lacked. */
static uint64_t carried_in_vain(const struct lc_target *target)
{
	uint64_t in_vain = 0, otherwise = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->class != LC_CLASS_REQUIRED && check->class != LC_CLASS_IMPLIED)
			continue;
		if (is_in_vain(check))
			in_vain |= LC_CAP_BIT(check->cap);
		else
			otherwise |= LC_CAP_BIT(check->cap);
	}
	return in_vain & ~otherwise & target->cap_add;
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
	by.in_vain = carried_in_vain(target) & ~by.file & ~by.ambient & ~by.root & ~by.filter;
	return by;
}

uint64_t lc_report_ambient(const struct lc_target *target)
{
	struct lc_report_sources by = lc_report_sources(target);

	return lc_user_is_root(target->user) ? 0 : target->cap_add & ~by.file & ~by.root & ~by.filter & ~by.in_vain;
}

/* Whether CHECK shows that a program of a workload which is not root ran with root's uid. */
static bool is_roots(const struct lc_check *check)
{
	return check->user && lc_user_is_root(check->user) && check->phase == LC_PHASE_WORKLOAD &&
	       check->credential == LC_CREDENTIAL_OWN && check->userns == LC_USERNS_TARGET;
}

bool lc_report_needs_no_new_privileges(const struct lc_target *target)
{
	/* Who asked is not known then. */
	if (target->origin)
		return false;
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
