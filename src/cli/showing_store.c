/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* `leastcap top --store`: what a store has, as others write to it. */
#include "src/cli/cli.h"
#include "src/cli/showing.h"

#include <leastcap/cleanup.h>
#include <leastcap/store.h>

#include <string.h>

/* The store, and what was seen of it. */
struct stored {
	struct lc_store *store;
	int64_t since_ns;
	int64_t version;
};

static int read_store(void *context, bool all, struct lc_profile *profile, char **message)
{
	struct stored *stored = context;
	int64_t version = stored->version;
	int r = lc_store_version(stored->store, &version, message);

	if (r || (version == stored->version && !all))
		return r;
	stored->version = version;
	r = lc_store_read(stored->store, stored->since_ns, profile, message);
	return r ? r : 1;
}

int lc_showing_store(struct lc_showing *showing, const char *directory, int64_t since_ns)
{
	_cleanup_(lc_store_release) struct lc_store *store = NULL;
	_cleanup_free_ char *message = NULL;
	struct stored stored = {.since_ns = since_ns, .version = -1};
	const struct lc_showing_source source = {&stored, read_store, false};
	int r = lc_store_open(&store, directory, LC_STORE_READ, &message);

	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	stored.store = store;
	lc_showing_check(showing);
	return lc_showing_follow(showing, &source) ? LC_EXIT_FAILURE : LC_EXIT_OK;
}
