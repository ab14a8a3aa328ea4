/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much of a target's life one recording, or several, have seen. */
#include <leastcap/seen.h>

#include <leastcap/words.h>

static const char *const froms[LC_SEEN_FROM_N] = {
	[LC_SEEN_FROM_UNKNOWN] = "unknown",
	[LC_SEEN_FROM_START] = "start",
	[LC_SEEN_FROM_RUNNING] = "running",
	[LC_SEEN_FROM_RESTART] = "restart",
};

static const char *const untils[LC_SEEN_UNTIL_N] = {
	[LC_SEEN_UNTIL_UNKNOWN] = "unknown",
	[LC_SEEN_UNTIL_END] = "end",
	[LC_SEEN_UNTIL_SETTLED] = "settled",
	[LC_SEEN_UNTIL_CUT] = "cut",
};

const struct lc_vocabulary lc_vocabulary_seen_from = {froms, LC_SEEN_FROM_N};
const struct lc_vocabulary lc_vocabulary_seen_until = {untils, LC_SEEN_UNTIL_N};

bool lc_seen_is_partial(const struct lc_seen *seen)
{
	return seen->from == LC_SEEN_FROM_RUNNING || seen->from == LC_SEEN_FROM_RESTART ||
	       seen->until == LC_SEEN_UNTIL_CUT;
}

/* How much a recording that began so has seen of a start. An older profile says nothing, so that what another one lacks stays missing. */
static int rank(enum lc_seen_from from)
{
	static const int ranks[LC_SEEN_FROM_N] = {
		[LC_SEEN_FROM_START] = 3, [LC_SEEN_FROM_RESTART] = 2, [LC_SEEN_FROM_RUNNING] = 1};

	return ranks[from];
}

/* Unites of two recordings how they began. */
static void unite_from(struct lc_seen *seen, const struct lc_seen *more)
{
	if (rank(more->from) > rank(seen->from)) {
		seen->from = more->from;
		seen->since_ns = more->since_ns;
		seen->started_ns = more->started_ns;
		return;
	}
	if (more->from != seen->from)
		return;
	if (more->since_ns < seen->since_ns)
		seen->since_ns = more->since_ns;
	if (!seen->started_ns || (more->started_ns && more->started_ns < seen->started_ns))
		seen->started_ns = more->started_ns;
}

void lc_seen_unite(struct lc_seen *seen, const struct lc_seen *more)
{
	/* The one that says most stands first. */
	static const enum lc_seen_until order[] = {
		LC_SEEN_UNTIL_END, LC_SEEN_UNTIL_SETTLED, LC_SEEN_UNTIL_CUT, LC_SEEN_UNTIL_UNKNOWN};
	int i = 0;

	unite_from(seen, more);
	while (seen->until != order[i] && more->until != order[i])
		i++;
	seen->until = order[i];
	if (seen->until != LC_SEEN_UNTIL_CUT)
		seen->cut_ns = 0;
	else if (more->cut_ns > seen->cut_ns)
		seen->cut_ns = more->cut_ns;
}
