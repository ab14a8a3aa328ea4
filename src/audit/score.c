/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The score of a target: the sum of the points of its hazards, which the tables in src/facts say. */
#include "src/audit/hazards.h"

#include <leastcap/capset.h>
#include <leastcap/facts.h>
#include <leastcap/order.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Forgets the hazards that were concluded before. */
static void forget_concluded(struct lc_target *target)
{
	size_t n = 0;

	for (size_t i = 0; i < target->n_hazards; i++) {
		if (target->hazards[i].kind >= LC_HAZARD_PRIVILEGED)
			lc_hazard_clear(&target->hazards[i]);
		else
			target->hazards[n++] = target->hazards[i];
	}
	target->n_hazards = n;
}

/* Adds a hazard of KIND about ABOUT (copied; may be NULL) if IS_SO. 0 or -ENOMEM. */
static int conclude(struct lc_target *target, enum lc_hazard_kind kind, bool is_so, const char *about)
{
	struct lc_hazard hazard = {.kind = kind, .about = lc_copy(about)};
	int r = is_so && about && !hazard.about ? -ENOMEM : 0;

	if (is_so && !r)
		r = lc_target_add_hazard(target, &hazard);
	lc_hazard_clear(&hazard);
	return r;
}

/* The row of CAP with one of TARGET's hazards; the one with the most points. NULL when there is none. */
static const struct lc_danger_with *danger_with(const struct lc_target *target, int cap)
{
	const struct lc_danger_with *worst = NULL;

	for (size_t i = 0; i < target->n_hazards; i++) {
		const struct lc_danger_with *row = lc_danger_with_find(cap, target->hazards[i].kind);

		if (row && (!worst || row->points > worst->points))
			worst = row;
	}
	return worst;
}

/* What capability CAP counts in TARGET, and in *DOES what it means. 0: it is an ordinary one. */
static unsigned int danger_of(const struct lc_target *target, int cap, const char **does)
{
	const struct lc_danger_with *with = danger_with(target, cap);
	const struct lc_danger *danger = lc_danger_find(cap);

	if (with)
		*does = with->does;
	else if (danger)
		*does = danger->does;
	return with ? with->points : danger ? danger->points : 0;
}

static int conclude_capabilities(struct lc_target *target, const struct lc_audit_held *held)
{
	uint64_t rest = held->held & held->host;
	struct lc_strbuf names = {0};
	char name[LC_CAP_NAME_SIZE];
	uint64_t ordinary = 0;
	const char *does;
	int r = 0;

	if (rest && rest == held->host)
		return conclude(target, LC_HAZARD_ALL, true, NULL);
	for (int cap; !r && (cap = lc_cap_take(&rest)) >= 0;) {
		bool dangerous = danger_of(target, cap, &does) > 0;

		ordinary |= dangerous ? 0 : LC_CAP_BIT(cap);
		r = conclude(target, LC_HAZARD_CAPABILITY, dangerous, lc_cap_name(cap, name));
	}
	lc_cap_add_names(&names, ordinary);
	if (!r)
		r = names.failed ? -ENOMEM
				 : conclude(target, LC_HAZARD_ORDINARY, ordinary && !held->confined, names.text);
	lc_strbuf_free(&names);
	return r;
}

/* Adds what follows from the rest of what is known of TARGET. 0 or -ENOMEM. */
static int conclude_all(struct lc_target *target, const struct lc_audit_held *held)
{
	const struct lc_init *init = &target->init;
	int r;

	if (target->sandbox || init->ended)
		return 0;
	r = conclude(target, LC_HAZARD_PRIVILEGED, target->privileged, NULL);
	if (!r && !init->pid)
		return conclude(target, LC_HAZARD_UNREAD, true, NULL);
	if (!r)
		r = conclude_capabilities(target, held);
	if (!r)
		r = conclude(
			target, LC_HAZARD_ROOT, target->user && lc_user_is_root(target->user) && !held->confined, NULL);
	return r ? r : conclude(target, LC_HAZARD_SECCOMP, init->seccomp == LC_SECCOMP_DISABLED, NULL);
}

/* How many names are in TEXT, with commas between. */
static unsigned int count_names(const char *text)
{
	unsigned int n = 1;

	for (; *text; text++)
		n += *text == ',';
	return n;
}

/* The points that HAZARD has by itself, and in *WHY what it means. */
static unsigned int points_of(const struct lc_target *target, const struct lc_hazard *hazard, const char **why)
{
	const struct lc_hazard_row *row = lc_hazard_row(hazard->kind);
	const struct lc_host_place *place;

	*why = row->why;
	switch (hazard->kind) {
	case LC_HAZARD_FILES:
		place = lc_host_place_find(hazard->about, hazard->read_only);
		*why = place ? place->why : "";
		return !place ? 0 : hazard->read_only ? place->read_only : place->points;
	case LC_HAZARD_DEVICE:
		*why = hazard->why;
		return (unsigned int)hazard->points;
	case LC_HAZARD_CAPABILITY:
		return danger_of(target, lc_cap_from_name(hazard->about), why);
	case LC_HAZARD_ORDINARY:
		return row->points * count_names(hazard->about);
	default:
		return row->points;
	}
}

/* Sets what HAZARD means: WHY, and what holds it back. 0 or -ENOMEM. */
static int explain(struct lc_hazard *hazard, const char *why, bool confined)
{
	struct lc_strbuf text = {0};

	if (hazard->kind == LC_HAZARD_CAPABILITY)
		lc_strbuf_addf(&text, "It %s.", why);
	else
		lc_strbuf_adds(&text, why);
	if (hazard->kind == LC_HAZARD_FILES && hazard->read_only)
		lc_strbuf_adds(&text, " It is mounted read-only.");
	if (confined)
		lc_strbuf_adds(&text, " Its user namespace holds it back.");
	else if (hazard->barred)
		lc_strbuf_adds(&text, " The user that it runs as may not use it.");
	free(hazard->why);
	hazard->why = lc_strbuf_steal(&text);
	return hazard->why ? 0 : -ENOMEM;
}

/* Gives HAZARD of TARGET its points. 0 or -ENOMEM. */
static int weigh(const struct lc_target *target, struct lc_hazard *hazard, bool confined)
{
	unsigned int less = lc_hazard_row(hazard->kind)->less;
	const char *why;
	unsigned int points = points_of(target, hazard, &why);

	hazard->points = (confined || hazard->barred) && less < points ? less : points;
	/* A device was explained when it was found. */
	return hazard->kind == LC_HAZARD_DEVICE ? 0 : explain(hazard, why, confined);
}

static int compare(const void *left, const void *right)
{
	const struct lc_hazard *a = left;
	const struct lc_hazard *b = right;

	if (a->points != b->points)
		return LC_COMPARE_NUMBERS(b->points, a->points);
	if (a->kind != b->kind)
		return LC_COMPARE_NUMBERS(a->kind, b->kind);
	return lc_compare_text(a->about, b->about) ?: lc_compare_text(a->where, b->where);
}

int lc_audit_score(struct lc_target *target, const struct lc_audit_held *held)
{
	int r;

	forget_concluded(target);
	r = conclude_all(target, held);
	target->rating.score = 0;
	for (size_t i = 0; !r && i < target->n_hazards; i++) {
		r = weigh(target, &target->hazards[i], held->confined);
		target->rating.score += target->hazards[i].points;
	}
	if (target->n_hazards)
		qsort(target->hazards, target->n_hazards, sizeof(*target->hazards), compare);
	return r;
}
