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

/* What a registry's client puts before a short name by itself. */
static const char *short_image(const char *image)
{
	static const char *const prefixes[] = {"docker.io/", "index.docker.io/", "library/"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(image, prefixes[i], strlen(prefixes[i])) == 0)
			image += strlen(prefixes[i]);
	}
	return image;
}

/* The length of IMAGE without ":latest", which it has anyway where it has no tag. */
static size_t length_of_image(const char *image)
{
	static const char latest[] = ":latest";
	size_t length = strlen(image);
	size_t tag = sizeof(latest) - 1;

	return length > tag && strcmp(image + length - tag, latest) == 0 ? length - tag : length;
}

static bool same_image(const char *a, const char *b)
{
	if (!a || !b)
		return false;
	a = short_image(a);
	b = short_image(b);
	return length_of_image(a) == length_of_image(b) && strncmp(a, b, length_of_image(a)) == 0;
}

static const char *image_of(const struct lc_allowed *allowed)
{
	return allowed->target ? allowed->target->image : allowed->image;
}

/* Whether nothing speaks against TARGET's pod being one of ALLOWED's: a pod's name is its object's, or begins with it. */
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
	bool images_agree = same_image(image_of(allowed), target->image);

	if (same_name(policy, allowed, target))
		return images_agree ? FIT_NAME_AND_IMAGE : FIT_NAME;
	/*
	 * A service has a name of its own, and so has a pod: another's entry is not meant for it. What an ordinary user runs is none
	 * of root's containers, whatever its image is called.
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
