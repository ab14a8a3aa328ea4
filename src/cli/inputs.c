/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The profiles that a subcommand is given. */
#include "src/cli/inputs.h"
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/merge.h>
#include <leastcap/profile.h>

#include <string.h>

void lc_inputs_load(struct lc_profile *profile, const char *path)
{
	_cleanup_free_ char *message = NULL;
	int r = lc_profile_load(profile, path, &message);

	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	if (lc_profile_is_unwatched(profile))
		lc_cli_usage_error(
			"%s: this audit watched nothing, so it does not say what is needed; 'leastcap audit --for 10m' does",
			path);
}

int lc_inputs_merge(struct lc_profile *profile, char *const *paths, size_t n, bool by_image)
{
	_cleanup_(lc_merge_clear) struct lc_merge merge = {.by_image = by_image};
	int r = 0;

	for (size_t i = 0; !r && i < n; i++) {
		struct lc_profile one = {0};

		lc_inputs_load(&one, paths[i]);
		r = lc_merge_add(&merge, &one);
	}
	return r ? r : lc_merge_finish(&merge, profile);
}
