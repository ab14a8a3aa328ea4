/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets of a recording under way, and which cgroup belongs to which. */
#include "src/recording/subjects.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>

/* How many subjects one share of the host has. */
struct crowd {
	uint64_t share;
	size_t n;
};

int lc_subjects_init(struct subjects *subjects)
{
	*subjects = (struct subjects){
		.by_key = lc_table_new(sizeof(uint64_t)),
		.places = lc_table_new(sizeof(uint64_t)),
		.crowds = lc_table_new(sizeof(uint64_t)),
	};
	/* Paths are their makers' choice. Without entropy the table is no worse than a list. */
	if (getrandom(&subjects->seed, sizeof(subjects->seed), GRND_NONBLOCK) < 0)
		subjects->seed = 0;
	return subjects->by_key && subjects->places && subjects->crowds ? 0 : -ENOMEM;
}

/* FNV-1a of LENGTH bytes of KEY, from SUBJECTS' own seed on. */
static uint64_t hash_of(const struct subjects *subjects, const char *key, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325 ^ subjects->seed;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)key[i]) * 0x100000001b3;
	return hash;
}

/* Adds one to how many subjects SHARE has. 0 or -ENOMEM. */
static int join_crowd(struct subjects *subjects, uint64_t share)
{
	struct crowd *crowd = lc_table_get(subjects->crowds, &share);

	if (!crowd) {
		crowd = malloc(sizeof(*crowd));
		if (!crowd)
			return -ENOMEM;
		*crowd = (struct crowd){share, 0};
		if (lc_table_put(subjects->crowds, &crowd->share, crowd)) {
			free(crowd);
			return -ENOMEM;
		}
	}
	crowd->n++;
	return 0;
}

static void leave_crowd(struct subjects *subjects, uint64_t share)
{
	struct crowd *crowd = lc_table_get(subjects->crowds, &share);

	if (crowd && !--crowd->n)
		free(lc_table_remove(subjects->crowds, &share));
}

bool lc_subjects_are_many(const struct subjects *subjects, uint64_t share)
{
	const struct crowd *crowd = lc_table_get(subjects->crowds, &share);

	return crowd && crowd->n >= SUBJECTS_OF_SHARE;
}

static void free_subject(struct subject *subject)
{
	lc_target_clear(&subject->target);
	free(subject->key);
	free(subject);
}

struct subject *lc_subjects_get(struct subjects *subjects, const char *key, size_t length, uint64_t share, bool *is_new)
{
	uint64_t hash = hash_of(subjects, key, length);
	struct subject *alike = lc_table_get(subjects->by_key, &hash), *subject;
	struct utsname system;

	*is_new = false;
	for (subject = alike; subject; subject = subject->alike) {
		if (!strncmp(subject->key, key, length) && !subject->key[length])
			return subject;
	}
	subject = calloc(1, sizeof(*subject));
	if (!subject)
		return NULL;
	subject->hash = hash;
	subject->share = share;
	subject->key = strndup(key, length);
	if (!subject->key || join_crowd(subjects, share)) {
		free_subject(subject);
		return NULL;
	}
	if (lc_table_put(subjects->by_key, &subject->hash, subject)) {
		leave_crowd(subjects, share);
		free_subject(subject);
		return NULL;
	}
	uname(&system);
	subject->target.kernel = lc_kernel_version(system.release);
	subject->alike = alike;
	subject->next = subjects->first;
	if (subject->next)
		subject->next->link = &subject->next;
	subject->link = &subjects->first;
	subjects->first = subject;
	*is_new = true;
	return subject;
}

struct place *lc_subjects_at(const struct subjects *subjects, uint64_t cgroup)
{
	return lc_table_get(subjects->places, &cgroup);
}

/* A new place for CGROUP, of which nothing is known. NULL when out of memory. */
static struct place *new_place(struct subjects *subjects, uint64_t cgroup)
{
	struct place *place = calloc(1, sizeof(*place));

	if (!place)
		return NULL;
	place->id = cgroup;
	if (lc_table_put(subjects->places, &place->id, place)) {
		free(place);
		return NULL;
	}
	return place;
}

int lc_subjects_place(struct subjects *subjects, uint64_t cgroup, struct subject *subject)
{
	struct place *place = lc_subjects_at(subjects, cgroup);

	if (place && !place->path)
		return 0;
	if (!place)
		place = new_place(subjects, cgroup);
	if (!place)
		return -ENOMEM;
	free(place->path);
	place->path = NULL;
	place->subject = subject;
	if (subject)
		subject->n_places++;
	return 0;
}

/* Forgets PLACE alone. */
static void remove_place(struct subjects *subjects, struct place *place)
{
	lc_table_remove(subjects->places, &place->id);
	free(place->path);
	free(place);
}

int lc_subjects_ignore(struct subjects *subjects, uint64_t cgroup)
{
	uint64_t *oldest = &subjects->ignored[subjects->n_ignored++ % SUBJECTS_IGNORED];
	struct place *place = *oldest ? lc_subjects_at(subjects, *oldest) : NULL;

	if (place && !place->subject && !place->path)
		remove_place(subjects, place);
	*oldest = cgroup;
	return lc_subjects_place(subjects, cgroup, NULL);
}

int lc_subjects_defer(struct subjects *subjects, uint64_t cgroup, uint64_t outer, uint64_t share, const char *path)
{
	struct place *place = lc_subjects_at(subjects, cgroup);

	if (place)
		return 0;
	place = new_place(subjects, cgroup);
	if (!place)
		return -ENOMEM;
	place->outer = outer;
	place->share = share;
	place->path = strdup(path);
	if (place->path)
		return 0;
	remove_place(subjects, place);
	return -ENOMEM;
}

void lc_subject_lies_in(struct subject *subject, struct subject *outer)
{
	if (outer)
		outer->n_inside++;
	subject->outer = outer;
}

/* Whether nothing is known of SUBJECT that anybody is told, and nobody will tell us more. */
static bool is_forgettable(const struct subject *subject)
{
	const struct lc_target *target = &subject->target;

	return target->kind == LC_TARGET_CGROUP && !subject->asked && !subject->n_places && !subject->n_inside &&
	       !target->claim && !target->n_evidence && !target->n_left && !lc_losses_total(&target->losses);
}

/* Takes SUBJECT out of the chain of those whose keys have one hash. */
static void unchain(struct subjects *subjects, struct subject *subject)
{
	struct subject *before = lc_table_get(subjects->by_key, &subject->hash);

	if (before != subject) {
		while (before->alike != subject)
			before = before->alike;
		before->alike = subject->alike;
		return;
	}
	lc_table_remove(subjects->by_key, &subject->hash);
	/* There was room a moment ago. */
	if (subject->alike)
		lc_table_put(subjects->by_key, &subject->alike->hash, subject->alike);
}

void lc_subjects_forget(struct subjects *subjects, uint64_t cgroup)
{
	struct place *place = lc_subjects_at(subjects, cgroup);
	struct subject *subject = place ? place->subject : NULL;

	if (!place)
		return;
	remove_place(subjects, place);
	if (subject)
		subject->n_places--;
	while (subject && is_forgettable(subject)) {
		struct subject *outer = subject->outer;

		unchain(subjects, subject);
		*subject->link = subject->next;
		if (subject->next)
			subject->next->link = subject->link;
		leave_crowd(subjects, subject->share);
		free_subject(subject);
		if (outer)
			outer->n_inside--;
		subject = outer;
	}
}

void lc_subject_lives_in(struct subject *subject, const struct lc_namespaces *namespaces)
{
	struct lc_namespaces *known = &subject->namespaces;

	if (!known->userns || namespaces->userns_depth < known->userns_depth) {
		known->userns = namespaces->userns;
		known->userns_depth = namespaces->userns_depth;
	}
	if (!known->pidns)
		known->pidns = namespaces->pidns;
}

struct subject *lc_subject_around(const struct subject *subject)
{
	struct subject *outer = subject->outer;

	while (outer && outer->target.kind != LC_TARGET_CONTAINER && outer->target.kind != LC_TARGET_COMMAND)
		outer = outer->outer;
	return outer;
}

static void free_place(void *value)
{
	free(((struct place *)value)->path);
	free(value);
}

void lc_subjects_clear(struct subjects *subjects)
{
	lc_table_free(subjects->places, free_place);
	lc_table_free(subjects->crowds, free);
	lc_table_free(subjects->by_key, NULL);
	while (subjects->first) {
		struct subject *next = subjects->first->next;

		free_subject(subjects->first);
		subjects->first = next;
	}
	subjects->places = subjects->crowds = subjects->by_key = NULL;
}
