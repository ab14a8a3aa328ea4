/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a recording that goes on has seen since it was asked before: an increment. What is gone is then forgotten. */
#include "src/recording/recording_private.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How many pieces of evidence are kept of what may still turn out to be a container. */
#define KEPT_OF_UNKNOWN 1024

/* What RECORDED is at NOW, besides what it does. */
static struct lc_recorded_facts facts_of(const struct lc_recorded_target *recorded, int64_t now)
{
	const struct lc_target *target = &recorded->target;
	const struct lc_coverage *coverage = &target->coverage;
	struct lc_recorded_facts facts;

	/* They are compared as bytes. */
	memset(&facts, 0, sizeof(facts));
	facts.began_ns = target->life.began_ns;
	facts.ended_ns = target->life.ended_ns;
	facts.restarted_ns = recorded->restarted_ns;
	facts.healthy_ns = target->life.healthy_ns;
	facts.starts = target->life.starts;
	facts.granted = target->granted;
	facts.n_ports = coverage->n_ports;
	facts.lowest_port = coverage->lowest;
	facts.n_named = recorded->n_named;
	for (size_t i = 0; i < recorded->n_named; i++)
		facts.n_ran += recorded->named[i].ran;
	facts.n_volumes = target->volumes.n;
	facts.handled = coverage->handled;
	facts.sent = coverage->sent;
	facts.until = lc_recording_until(recorded, now);
	facts.kind = target->kind;
	facts.name = target->name;
	facts.image = target->image;
	facts.label = target->label;
	return facts;
}

/* Whether something of RECORDED, whose facts are FACTS, has not been told. */
static bool has_news(const struct lc_recorded_target *recorded, const struct lc_recorded_facts *facts)
{
	const struct lc_target *target = &recorded->target;
	const struct lc_recorded_told *told = &recorded->told;

	return !told->any || target->n_evidence || target->n_failures || target->n_left > told->n_left ||
	       memcmp(&target->losses, &told->losses, sizeof(told->losses)) != 0 ||
	       lc_coverage_has_news(&target->coverage) || memcmp(facts, &told->facts, sizeof(*facts)) != 0;
}

/* Whether it is known who RECORDED is, so that it can be told of. */
static bool is_known(const struct lc_recording *recording, const struct lc_recorded_target *recorded)
{
	return recorded->target.name && !lc_identity_awaits(recording->identity, &recorded->target);
}

/* Moves the evidence and the failures of FROM to INTO, which has none. */
static void move_deeds(struct lc_target *into, struct lc_target *from)
{
	into->evidence = from->evidence;
	into->n_evidence = from->n_evidence;
	into->failures = from->failures;
	into->n_failures = from->n_failures;
	from->evidence = NULL;
	from->failures = NULL;
	from->n_evidence = from->n_failures = 0;
}

/* Adds what is new of RECORDED to INCREMENT. 0 or -ENOMEM. */
static int take_target(
	const struct lc_recording *recording, struct lc_recorded_target *recorded, struct lc_profile *increment)
{
	struct lc_recorded_target view = *recorded;
	struct lc_target *place = lc_profile_add_target(increment);
	int r = place ? lc_target_copy_about(&view.target, &recorded->target) : -ENOMEM;

	if (r)
		return r;
	move_deeds(&view.target, &recorded->target);
	r = lc_recording_fill_target(recording, &view);
	*place = view.target;
	increment->lost += lc_losses_total(&place->losses);
	recorded->told = view.told;
	recorded->news_ns = view.news_ns;
	recorded->target.life = view.target.life;
	recorded->target.coverage.handled |= view.target.coverage.handled;
	lc_coverage_tell_connections(&recorded->target.coverage);
	recorded->told.facts = facts_of(recorded, recording->ended_ns);
	return r;
}

/* Forgets what RECORDED did, which nobody is told. What may still become a container is kept until that is known. */
static void drop_deeds(struct lc_recorded_target *recorded)
{
	bool may_count = recorded->target.kind == LC_TARGET_CGROUP && !recorded->started && recorded->n_members;
	struct lc_target deeds = {0};

	if (may_count && recorded->target.n_evidence + recorded->target.n_failures < KEPT_OF_UNKNOWN)
		return;
	move_deeds(&deeds, &recorded->target);
	lc_target_clear(&deeds);
}

/* Moves what is new of all targets into INCREMENT. 0 or -ENOMEM. */
static int take_targets(struct lc_recording *recording, struct lc_profile *increment)
{
	for (struct lc_recorded_target *recorded = recording->targets.first; recorded; recorded = recorded->next) {
		struct lc_recorded_facts facts = facts_of(recorded, recording->ended_ns);
		int r;

		if (!lc_recording_reports(recording, recorded)) {
			drop_deeds(recorded);
			continue;
		}
		if (!is_known(recording, recorded) || !has_news(recorded, &facts))
			continue;
		r = take_target(recording, recorded, increment);
		if (r)
			return r;
	}
	lc_profile_sort(increment);
	return 0;
}

/* Whether RECORDED is gone, nothing lies in it, and all of it has been told. What was there before us may be started again. */
static bool is_over(const struct lc_recording *recording, const struct lc_recorded_target *recorded)
{
	struct lc_recorded_facts facts = facts_of(recorded, recording->ended_ns);

	if (recorded->n_members || recorded->n_inside || recorded->existed)
		return false;
	if (!lc_recording_reports(recording, recorded))
		return !recorded->target.n_evidence && !recorded->target.n_failures;
	return is_known(recording, recorded) && !has_news(recorded, &facts);
}

/* Forgets the targets that are gone. */
static void drop_targets(struct lc_recording *recording)
{
	struct lc_recorded_target *recorded = recording->targets.first, *next;

	for (; recorded; recorded = next) {
		next = recorded->next;
		if (!is_over(recording, recorded) || !lc_lookups_forget(recording->lookups, recorded->cgroup))
			continue;
		lc_identity_forget(recording->identity, &recorded->target);
		lc_targets_drop(&recording->targets, recorded);
	}
}

int lc_recording_take(struct lc_recording *recording, struct lc_profile *increment)
{
	_cleanup_(lc_profile_clear) struct lc_profile filled = {0};
	int r = lc_probe_consume(recording->probe);

	recording->ended_ns = lc_recording_now(recording);
	r = r ?: lc_identity_compare(recording->identity);
	r = r ?: lc_recording_add_evidence(recording);
	if (r)
		return lc_recording_fail(recording, NULL, r);
	lc_recording_mark_run(recording);
	r = lc_recording_fill_host(recording, &filled) ?: take_targets(recording, &filled);
	if (r)
		return lc_recording_fail(recording, NULL, r);
	recording->taken_ns = recording->ended_ns;
	r = lc_probe_forget_gone(recording->probe);
	if (r)
		return lc_recording_fail(recording, NULL, r);
	drop_targets(recording);
	*increment = filled;
	filled = (struct lc_profile){0};
	return 0;
}
