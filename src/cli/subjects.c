/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets of a recording under way, and which cgroup belongs to which. */
#include "src/cli/subjects.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

int subjects_init(struct subjects *subjects)
{
	subjects->first = NULL;
	subjects->places = lc_table_new(sizeof(uint64_t));
	return subjects->places ? 0 : -ENOMEM;
}

struct subject *subjects_get(struct subjects *subjects, const char *key, size_t length, bool *is_new)
{
	struct subject *subject;
	struct utsname system;

	*is_new = false;
	for (subject = subjects->first; subject; subject = subject->next) {
		if (!strncmp(subject->key, key, length) && !subject->key[length])
			return subject;
	}
	subject = calloc(1, sizeof(*subject));
	if (!subject)
		return NULL;
	subject->key = strndup(key, length);
	if (!subject->key) {
		free(subject);
		return NULL;
	}
	uname(&system);
	subject->target.kernel = lc_kernel_version(system.release);
	subject->next = subjects->first;
	subjects->first = subject;
	*is_new = true;
	return subject;
}

const struct place *subjects_at(const struct subjects *subjects, uint64_t cgroup)
{
	return lc_table_get(subjects->places, &cgroup);
}

int subjects_place(struct subjects *subjects, uint64_t cgroup, struct subject *subject)
{
	struct place *place;
	int r;

	if (lc_table_get(subjects->places, &cgroup))
		return 0;
	place = malloc(sizeof(*place));
	if (!place)
		return -ENOMEM;
	*place = (struct place){cgroup, subject};
	r = lc_table_put(subjects->places, &place->id, place);
	if (r)
		free(place);
	return r;
}

void subject_lives_in(struct subject *subject, const struct lc_namespaces *namespaces)
{
	struct lc_namespaces *known = &subject->namespaces;

	if (!known->userns || namespaces->userns_depth < known->userns_depth) {
		known->userns = namespaces->userns;
		known->userns_depth = namespaces->userns_depth;
	}
	if (!known->pidns)
		known->pidns = namespaces->pidns;
}

struct subject *subject_around(const struct subject *subject)
{
	struct subject *outer = subject->outer;

	while (outer && outer->target.kind != LC_TARGET_CONTAINER && outer->target.kind != LC_TARGET_COMMAND)
		outer = outer->outer;
	return outer;
}

static void free_subject(struct subject *subject)
{
	lc_target_clear(&subject->target);
	free(subject->key);
	free(subject);
}

void subjects_clear(struct subjects *subjects)
{
	lc_table_free(subjects->places, free);
	while (subjects->first) {
		struct subject *next = subjects->first->next;

		free_subject(subjects->first);
		subjects->first = next;
	}
	subjects->places = NULL;
}
