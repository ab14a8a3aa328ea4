/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a recording tells bit by bit is added up, container by container. */
#include "src/top/model.h"

#include <leastcap/clock.h>
#include <leastcap/merge.h>
#include <leastcap/top.h>

#include <errno.h>
#include <stdlib.h>

/* A target that has ended is shown for so long. */
#define ENDED_NS (60 * LC_NS_PER_S)

/* Adds to FRESH what TARGET did, and what it is. 0 or -ENOMEM. */
static int keep_deeds(struct lc_profile *fresh, const struct lc_target *target)
{
	struct lc_target *kept = lc_profile_add_target(fresh);
	int r = kept ? lc_target_copy_about(kept, target) : -ENOMEM;

	for (size_t i = 0; !r && i < target->n_evidence; i++) {
		struct lc_check check = {0};

		r = lc_check_copy(&check, &target->evidence[i]) ?: lc_target_add_evidence(kept, &check);
		lc_check_clear(&check);
	}
	for (size_t i = 0; !r && i < target->n_failures; i++) {
		struct lc_failure failure = {0};

		r = lc_failure_copy(&failure, &target->failures[i]) ?: lc_target_add_failure(kept, &failure);
		lc_failure_clear(&failure);
	}
	return r;
}

/* A profile with TARGET alone, which is moved. */
static int alone(struct lc_profile *profile, struct lc_target *target)
{
	struct lc_target *place = lc_profile_add_target(profile);

	if (!place)
		return -ENOMEM;
	*place = *target;
	*target = (struct lc_target){0};
	return 0;
}

/* Has INTO called what MORE is called now, so that they are taken for one. 0 or -ENOMEM. */
static int rename_as(struct lc_target *into, const struct lc_target *more)
{
	const struct {
		char **into;
		const char *more;
	} names[] = {{&into->name, more->name}, {&into->image, more->image}, {&into->project, more->project},
		{&into->service, more->service}};
	int r = 0;

	into->kind = more->kind;
	for (size_t i = 0; !r && i < sizeof(names) / sizeof(names[0]); i++) {
		free(*names[i].into);
		*names[i].into = NULL;
		r = lc_copy_to(names[i].into, names[i].more);
	}
	return r;
}

/* Adds MORE, which is moved, to INTO, the same target on this KERNEL. 0, or -ENOMEM: one of them may be lost. */
static int unite(struct lc_target *into, struct lc_target *more, const char *kernel)
{
	struct lc_profile a = {0}, b = {0}, both = {0};
	struct lc_merge merge = {0};
	struct lc_life life = more->life;
	int r;

	r = rename_as(into, more) ?: lc_copy_to(&a.kernel, kernel) ?: lc_copy_to(&b.kernel, kernel);
	r = r ?: alone(&a, into) ?: alone(&b, more);
	r = r ?: lc_merge_add(&merge, &a) ?: lc_merge_add(&merge, &b) ?: lc_merge_finish(&merge, &both);
	lc_merge_clear(&merge);
	lc_profile_clear(&a);
	lc_profile_clear(&b);
	if (r || !both.n_targets) {
		lc_profile_clear(&both);
		return r ? r : -EINVAL;
	}
	*into = both.targets[0];
	into->life = life;
	both.targets[0] = (struct lc_target){0};
	lc_profile_clear(&both);
	return 0;
}

/* Adds TARGET, which is moved, to what is known. KNOWN: keys → the targets of before. 0 or -ENOMEM. */
static int add_target(struct lc_top *top, struct lc_target *target, const struct lc_table *known)
{
	char key[LC_SHA256_SIZE];
	const uintptr_t *place;
	int r = lc_top_key(target, key);

	if (r)
		return r;
	place = lc_table_get(known, key);
	return place ? unite(&top->now.targets[*place], target, top->now.kernel) : alone(&top->now, target);
}

/* Fills PLACES (keys → where in TOP's targets). 0 or -ENOMEM. */
static int index_places(const struct lc_top *top, struct lc_table *places)
{
	char key[LC_SHA256_SIZE];
	int r = 0;

	for (size_t i = 0; !r && i < top->now.n_targets; i++) {
		uintptr_t *place = malloc(sizeof(*place));

		if (!place)
			return -ENOMEM;
		*place = i;
		r = lc_top_key(&top->now.targets[i], key) ?: lc_table_put(places, key, place);
		if (r)
			free(place);
	}
	return r;
}

/* Takes what is said of the host and the time, and of what is lost, from INCREMENT. */
static void take_host(struct lc_profile *now, struct lc_profile *increment)
{
	struct lc_target *targets = now->targets;
	size_t n = now->n_targets;
	int64_t started = now->started_ns ? now->started_ns : increment->started_ns;
	struct lc_losses elsewhere = now->elsewhere;
	uint64_t lost = lc_count_add(now->lost, increment->lost);

	lc_losses_add(&elsewhere, &increment->elsewhere);
	now->targets = NULL;
	now->n_targets = 0;
	lc_profile_clear(now);
	*now = *increment;
	*increment = (struct lc_profile){.targets = increment->targets, .n_targets = increment->n_targets};
	now->targets = targets;
	now->n_targets = n;
	now->started_ns = started;
	now->elsewhere = elsewhere;
	now->lost = lost;
}

/* Forgets the targets that ended long ago. */
static void forget_ended(struct lc_profile *now)
{
	size_t n = 0;

	for (size_t i = 0; i < now->n_targets; i++) {
		int64_t ended = now->targets[i].life.ended_ns;

		if (ended && now->ended_ns - ended > ENDED_NS)
			lc_target_clear(&now->targets[i]);
		else if (n++ != i)
			now->targets[n - 1] = now->targets[i];
	}
	now->n_targets = n;
}

int lc_top_add(struct lc_top *top, struct lc_profile *increment, int64_t now_ns)
{
	struct lc_table *places = lc_table_new(LC_SHA256_SIZE);
	int r = places ? index_places(top, places) : -ENOMEM;

	lc_profile_clear(&top->fresh);
	take_host(&top->now, increment);
	for (size_t i = 0; !r && i < increment->n_targets; i++)
		r = keep_deeds(&top->fresh, &increment->targets[i]) ?: add_target(top, &increment->targets[i], places);
	lc_table_free(places, free);
	lc_profile_clear(increment);
	forget_ended(&top->now);
	top->is_added = true;
	lc_top_note_time(top, now_ns);
	return r;
}
