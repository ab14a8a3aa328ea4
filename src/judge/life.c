/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The times of a target's life: when its start was over, and what it asked for before and after. */
#include <leastcap/life.h>

#include <leastcap/capset.h>
#include <leastcap/facts.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/* Whether CHECK is the target's own doing, and not the runtime's before. */
static bool is_workload(const struct lc_check *check)
{
	return check->phase == LC_PHASE_WORKLOAD;
}

/* Whether CHECK was asked to change a user or groups, and granted. */
static bool changes_credentials(const struct lc_check *check)
{
	return (check->cap == CAP_SETUID || check->cap == CAP_SETGID) && is_workload(check) &&
	       check->credential == LC_CREDENTIAL_OWN && check->verdict == LC_VERDICT_GRANTED;
}

static int compare_times(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

	return (a > b) - (a < b);
}

/*
 * Fills in when TARGET had asked for the last new thing before it was quiet for the first time; 0 where it never was, before END. 0 or
 * -ENOMEM.
 */
static int find_quiet(const struct lc_target *target, int64_t end, int64_t *quiet)
{
	int64_t last = target->life.asked_ns > target->life.began_ns ? target->life.asked_ns : target->life.began_ns;
	int64_t *news = calloc(target->n_evidence + 1, sizeof(*news));
	size_t n = 0;

	if (!news)
		return -ENOMEM;
	for (size_t i = 0; i < target->n_evidence; i++) {
		if (is_workload(&target->evidence[i]))
			news[n++] = target->evidence[i].first_ns;
	}
	news[n++] = end;
	qsort(news, n, sizeof(*news), compare_times);
	*quiet = 0;
	for (size_t i = 0; !*quiet && i < n; i++) {
		if (news[i] - last >= LC_LIFE_QUIET_NS)
			*quiet = last;
		last = news[i] > last ? news[i] : last;
	}
	free(news);
	return 0;
}

/* The last change of credentials until LIMIT; 0 where there was none. */
static int64_t find_credentials(const struct lc_target *target, int64_t limit)
{
	int64_t last = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];
		int64_t ns = check->last_ns <= limit ? check->last_ns : check->first_ns;

		if (changes_credentials(check) && ns <= limit && ns > last)
			last = ns;
	}
	return last;
}

/* Fills in by what TARGET, which lived until END, asked for when its start was over. 0 or -ENOMEM. */
static int guess_start(struct lc_target *target, int64_t end)
{
	struct lc_life *life = &target->life;
	int64_t quiet = 0, credentials;
	int r = find_quiet(target, end, &quiet);

	if (r)
		return r;
	credentials = find_credentials(target, quiet ? quiet : end - LC_LIFE_SERVICE_NS);
	life->served_ns = credentials ? credentials : quiet;
	life->sign = credentials ? LC_SIGN_CREDENTIALS : LC_SIGN_QUIET;
	return 0;
}

/* Fills in when the start of TARGET, which lived until END, was over, and by what sign that is known. 0 or -ENOMEM. */
static int find_sign(struct lc_target *target, int64_t start_ns, int64_t end)
{
	struct lc_life *life = &target->life;
	int r = 0;

	if (start_ns) {
		life->served_ns = life->began_ns + start_ns;
		life->sign = LC_SIGN_TOLD;
	} else if (life->accepted_ns) {
		life->served_ns = life->accepted_ns;
		life->sign = LC_SIGN_ACCEPT;
	} else if (life->healthy_ns) {
		life->served_ns = life->healthy_ns;
		life->sign = LC_SIGN_HEALTHY;
	} else {
		r = guess_start(target, end);
	}
	if (life->served_ns && life->served_ns < end)
		return r;
	life->served_ns = 0;
	life->sign = LC_SIGN_NONE;
	return r;
}

/* Whether NS lies behind LIFE's start. What was asked for in the moment of the first connection may be for that. */
static bool is_after_start(const struct lc_life *life, int64_t ns)
{
	return life->sign == LC_SIGN_ACCEPT ? ns >= life->served_ns : ns > life->served_ns;
}

/* Fills in when CHECK was made. Of more than two checks nobody knows whether those between the first and the last were made in service. */
static void place(const struct lc_life *life, struct lc_check *check)
{
	bool stops = life->stopping_ns && check->last_ns >= life->stopping_ns;
	bool only_stops = stops && check->first_ns >= life->stopping_ns;

	check->at_start = !is_after_start(life, check->first_ns);
	check->at_stop = stops;
	if (only_stops || !is_after_start(life, check->last_ns))
		check->while_serving = false;
	else
		check->while_serving = !check->at_start || !stops || check->count > 2;
}

int lc_life_fill(struct lc_target *target, int64_t start_ns, int64_t now_ns)
{
	struct lc_life *life = &target->life;
	int r = 0;

	life->served_ns = 0;
	life->sign = LC_SIGN_NONE;
	if (life->began_ns)
		r = find_sign(target, start_ns, life->ended_ns ? life->ended_ns : now_ns);
	lc_life_place(target, false);
	return r;
}

void lc_life_place(struct lc_target *target, bool starting)
{
	const struct lc_life *life = &target->life;

	for (size_t i = 0; i < target->n_evidence; i++) {
		struct lc_check *check = &target->evidence[i];

		check->at_start = check->while_serving = check->at_stop = false;
		if (life->sign && is_workload(check))
			place(life, check);
		else if (starting && life->began_ns && is_workload(check))
			check->at_start = true;
	}
}

static bool is_known(const struct lc_check *check)
{
	return check->at_start || check->while_serving || check->at_stop;
}

void lc_life_unite(struct lc_check *check, const struct lc_check *more)
{
	bool known = is_known(check) && is_known(more);

	check->at_start = known && (check->at_start || more->at_start);
	check->while_serving = known && (check->while_serving || more->while_serving);
	check->at_stop = known && (check->at_stop || more->at_stop);
}

/* The capabilities that may be on the list because of CHECK: its own, or one that its decision takes as well. */
static uint64_t served_by(const struct lc_check *check)
{
	uint64_t caps = LC_CAP_BIT(check->cap);
	const struct lc_alternative *rows;
	size_t n;

	if (check->class != LC_CLASS_ALTERNATIVE)
		return caps;
	rows = lc_alternatives(&n);
	for (size_t i = 0; i < n; i++) {
		if (rows[i].narrow == check->cap || rows[i].wide == check->cap)
			caps |= LC_CAP_BIT(rows[i].narrow) | LC_CAP_BIT(rows[i].wide);
	}
	return caps;
}

uint64_t lc_life_start_only(const struct lc_target *target)
{
	uint64_t start = 0, later = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->class != LC_CLASS_REQUIRED && check->class != LC_CLASS_IMPLIED &&
			check->class != LC_CLASS_ALTERNATIVE)
			continue;
		if (check->at_start && !check->while_serving && !check->at_stop)
			start |= check->class == LC_CLASS_ALTERNATIVE ? 0 : LC_CAP_BIT(check->cap);
		else
			later |= served_by(check);
	}
	return target->cap_add & start & ~later;
}

/* An id that no call named, or calls named several. */
#define NO_ID (-1)

/* The id in ABOUT, "uid 33" or "uid -1,33,-1" of KIND; NO_ID where that names none, or several. */
static long named_id(const char *about, const char *kind)
{
	size_t length = strlen(kind);
	long found = NO_ID;

	if (!about || strncmp(about, kind, length) != 0 || about[length] != ' ')
		return NO_ID;
	do {
		char *end;
		long id;

		about += length + 1;
		id = strtol(about, &end, 10);
		if (end == about || (*end && *end != ',') || (id >= 0 && found >= 0 && id != found))
			return NO_ID;
		found = id >= 0 ? id : found;
		about = end;
		length = 0;
	} while (*about);
	return found;
}

long lc_life_becomes(const struct lc_target *target, int cap)
{
	const char *kind = cap == CAP_SETUID ? "uid" : "gid";
	long found = NO_ID;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];
		long id;

		if (check->cap != cap || check->class != LC_CLASS_REQUIRED || !check->about ||
			strncmp(check->about, kind, strlen(kind)) != 0)
			continue;
		id = named_id(check->about, kind);
		if (id < 0 || (found >= 0 && id != found))
			return NO_ID;
		found = id;
	}
	return found;
}
