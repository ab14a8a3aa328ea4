/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which entry of a policy a target has to keep to: by service, by name, by image. */
#include "policy_private.h"

#include <leastcap/merge.h>

#include <string.h>

/* How well an entry fits. */
enum fit { FIT_NOT, FIT_IMAGE, FIT_NAME, FIT_NAME_AND_IMAGE };

static bool same_text(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

static const char *image_of(const struct lc_allowed *allowed)
{
	return allowed->target ? allowed->target->image : allowed->image;
}

/* Whether TARGET's pod may be one of ALLOWED's: a pod's name is its object's, or begins with it. True where nothing is known. */
static bool may_be_pod_of(const struct lc_allowed *allowed, const struct lc_target *target)
{
	size_t length = allowed->workload ? strlen(allowed->workload) : 0;

	if (allowed->namespace && target->namespace && strcmp(allowed->namespace, target->namespace) != 0)
		return false;
	if (!length || !target->pod)
		return true;
	return strncmp(target->pod, allowed->workload, length) == 0 &&
	       (!target->pod[length] || target->pod[length] == '-');
}

static bool same_name(const struct lc_policy *policy, const struct lc_allowed *allowed, const struct lc_target *target)
{
	if (policy->kind == LC_POLICY_PROFILE)
		return lc_target_compare(allowed->target, target, false) == 0;
	if (policy->project && target->project && strcmp(policy->project, target->project) != 0)
		return false;
	if (!may_be_pod_of(allowed, target))
		return false;
	if (target->service)
		return same_text(allowed->name, target->service);
	return same_text(allowed->other_name, target->name) || same_text(allowed->name, target->name);
}

static enum fit fit_of(const struct lc_policy *policy, const struct lc_allowed *allowed, const struct lc_target *target)
{
	bool images_agree = lc_image_is(image_of(allowed), target->image);

	if (same_name(policy, allowed, target))
		return images_agree ? FIT_NAME_AND_IMAGE : FIT_NAME;
	/*
	 * The image does not tell where a service or a pod has a name: another's entry is not meant for it. Nor does it tell of what an
	 * ordinary user runs, who may call an image as root does.
	 */
	if (target->service || target->owner || target->kind != LC_TARGET_CONTAINER || !may_be_pod_of(allowed, target))
		return FIT_NOT;
	return images_agree ? FIT_IMAGE : FIT_NOT;
}

const struct lc_allowed *lc_policy_next(const struct lc_policy *policy, const struct lc_target *target, size_t *cursor)
{
	enum fit best = FIT_NOT;

	for (size_t i = 0; i < policy->n; i++) {
		enum fit fit = fit_of(policy, &policy->list[i], target);

		best = fit > best ? fit : best;
	}
	while (best != FIT_NOT && *cursor < policy->n) {
		const struct lc_allowed *allowed = &policy->list[(*cursor)++];

		if (fit_of(policy, allowed, target) == best)
			return allowed;
	}
	return NULL;
}
