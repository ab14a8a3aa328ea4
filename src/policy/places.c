/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where in a file that has them the targets of a profile stand. */
#include "policy_private.h"

void lc_policy_places(const struct lc_policy *policy, const struct lc_profile *profile, struct lc_sarif_place *places)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		size_t cursor = 0;
		const struct lc_allowed *allowed = lc_policy_next(policy, &profile->targets[i], &cursor);

		places[i] = allowed ? (struct lc_sarif_place){.path = allowed->path ? allowed->path : policy->path,
					      .line = allowed->line}
				    : (struct lc_sarif_place){0};
	}
}
