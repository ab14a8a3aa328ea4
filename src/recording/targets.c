/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The targets of a recording under way, and which cgroup belongs to which. */
#include "src/recording/targets.h"

#include <leastcap/array.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/utsname.h>

/* How many targets one share of the host has. */
struct share {
	uint64_t share;
	size_t n;
};

int lc_targets_init(struct lc_recorded_targets *targets)
{
	*targets = (struct lc_recorded_targets){
		.by_key = lc_table_new(sizeof(uint64_t)),
		.members = lc_table_new(sizeof(uint64_t)),
		.shares = lc_table_new(sizeof(uint64_t)),
	};
	/* Paths are chosen by whoever makes them. Without entropy the table is no worse than a list. */
	if (getrandom(&targets->seed, sizeof(targets->seed), GRND_NONBLOCK) < 0)
		targets->seed = 0;
	return targets->by_key && targets->members && targets->shares ? 0 : -ENOMEM;
}

/* FNV-1a of LENGTH bytes of KEY, from TARGETS' own seed on. */
static uint64_t hash_of(const struct lc_recorded_targets *targets, const char *key, size_t length)
{
	uint64_t hash = 0xcbf29ce484222325 ^ targets->seed;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)key[i]) * 0x100000001b3;
	return hash;
}

/* Adds one to how many targets SHARE has. 0 or -ENOMEM. */
static int join_share(struct lc_recorded_targets *targets, uint64_t share)
{
	struct share *known = lc_table_get_or_add(targets->shares, &share, sizeof(*known));

	if (!known)
		return -ENOMEM;
	known->n++;
	return 0;
}

static void leave_share(struct lc_recorded_targets *targets, uint64_t share)
{
	struct share *known = lc_table_get(targets->shares, &share);

	if (known && !--known->n)
		free(lc_table_remove(targets->shares, &share));
}

bool lc_targets_are_many(const struct lc_recorded_targets *targets, uint64_t share)
{
	const struct share *known = lc_table_get(targets->shares, &share);

	return known && known->n >= LC_TARGETS_OF_SHARE;
}

static void free_target(struct lc_recorded_target *recorded)
{
	for (size_t i = 0; i < recorded->n_named; i++) {
		free(recorded->named[i].named.path);
		free(recorded->named[i].named.file);
		free(recorded->named[i].named.real);
	}
	free(recorded->named);
	lc_target_clear(&recorded->target);
	free(recorded->key);
	free(recorded);
}

struct lc_recorded_target *lc_targets_get(
	struct lc_recorded_targets *targets, const char *key, size_t length, uint64_t share, bool *is_new)
{
	uint64_t hash = hash_of(targets, key, length);
	struct lc_recorded_target *alike = lc_table_get(targets->by_key, &hash), *recorded;
	struct utsname system;

	for (recorded = alike; recorded; recorded = recorded->alike) {
		if (!strncmp(recorded->key, key, length) && !recorded->key[length]) {
			*is_new = false;
			return recorded;
		}
	}
	recorded = calloc(1, sizeof(*recorded));
	if (!recorded)
		return NULL;
	recorded->hash = hash;
	recorded->share = share;
	recorded->key = strndup(key, length);
	if (!recorded->key || join_share(targets, share)) {
		free_target(recorded);
		return NULL;
	}
	if (lc_table_put(targets->by_key, &recorded->hash, recorded)) {
		leave_share(targets, share);
		free_target(recorded);
		return NULL;
	}
	uname(&system);
	recorded->target.kernel = lc_kernel_version(system.release);
	recorded->alike = alike;
	recorded->next = targets->first;
	if (recorded->next)
		recorded->next->link = &recorded->next;
	recorded->link = &targets->first;
	targets->first = recorded;
	*is_new = true;
	return recorded;
}

struct lc_member_cgroup *lc_targets_member(const struct lc_recorded_targets *targets, uint64_t cgroup)
{
	return lc_table_get(targets->members, &cgroup);
}

int lc_targets_add_member(struct lc_recorded_targets *targets, uint64_t cgroup, struct lc_recorded_target *recorded)
{
	struct lc_member_cgroup *member = lc_targets_member(targets, cgroup);

	if (member && !member->path)
		return 0;
	member = lc_table_get_or_add(targets->members, &cgroup, sizeof(*member));
	if (!member)
		return -ENOMEM;
	free(member->path);
	member->path = NULL;
	member->target = recorded;
	if (recorded)
		recorded->n_members++;
	return 0;
}

/* Forgets MEMBER alone. */
static void remove_member(struct lc_recorded_targets *targets, struct lc_member_cgroup *member)
{
	lc_table_remove(targets->members, &member->id);
	free(member->path);
	free(member);
}

int lc_targets_ignore(struct lc_recorded_targets *targets, uint64_t cgroup)
{
	uint64_t *oldest = &targets->ignored[targets->n_ignored++ % LC_CGROUPS_IGNORED];
	struct lc_member_cgroup *member = *oldest ? lc_targets_member(targets, *oldest) : NULL;

	if (member && !member->target && !member->path)
		remove_member(targets, member);
	*oldest = cgroup;
	return lc_targets_add_member(targets, cgroup, NULL);
}

int lc_targets_defer(
	struct lc_recorded_targets *targets, uint64_t cgroup, uint64_t outer, uint64_t share, const char *path)
{
	struct lc_member_cgroup *member = lc_targets_member(targets, cgroup);

	if (member)
		return 0;
	member = lc_table_get_or_add(targets->members, &cgroup, sizeof(*member));
	if (!member)
		return -ENOMEM;
	member->outer = outer;
	member->share = share;
	member->path = strdup(path);
	if (member->path)
		return 0;
	remove_member(targets, member);
	return -ENOMEM;
}

void lc_recorded_target_lies_in(struct lc_recorded_target *recorded, struct lc_recorded_target *outer)
{
	if (outer)
		outer->n_inside++;
	recorded->outer = outer;
}

/* Whether nothing is known of RECORDED that anybody is told, nor will be. */
static bool is_forgettable(const struct lc_recorded_target *recorded)
{
	const struct lc_target *target = &recorded->target;

	return target->kind == LC_TARGET_CGROUP && !recorded->asked && !recorded->n_members && !recorded->n_inside &&
	       !target->claim && !target->n_evidence && !target->n_left && !lc_losses_total(&target->losses);
}

/* Takes RECORDED out of the chain of those whose keys have one hash. */
static void unchain(struct lc_recorded_targets *targets, struct lc_recorded_target *recorded)
{
	struct lc_recorded_target *before = lc_table_get(targets->by_key, &recorded->hash);

	if (before != recorded) {
		while (before->alike != recorded)
			before = before->alike;
		before->alike = recorded->alike;
		return;
	}
	lc_table_remove(targets->by_key, &recorded->hash);
	/* There was room a moment ago. */
	if (recorded->alike)
		lc_table_put(targets->by_key, &recorded->alike->hash, recorded->alike);
}

void lc_targets_drop(struct lc_recorded_targets *targets, struct lc_recorded_target *recorded)
{
	unchain(targets, recorded);
	*recorded->link = recorded->next;
	if (recorded->next)
		recorded->next->link = recorded->link;
	leave_share(targets, recorded->share);
	if (recorded->outer)
		recorded->outer->n_inside--;
	free_target(recorded);
}

void lc_targets_forget(struct lc_recorded_targets *targets, uint64_t cgroup)
{
	struct lc_member_cgroup *member = lc_targets_member(targets, cgroup);
	struct lc_recorded_target *recorded = member ? member->target : NULL;

	if (!member)
		return;
	remove_member(targets, member);
	if (recorded)
		recorded->n_members--;
	while (recorded && is_forgettable(recorded)) {
		struct lc_recorded_target *outer = recorded->outer;

		lc_targets_drop(targets, recorded);
		recorded = outer;
	}
}

void lc_recorded_target_lives_in(struct lc_recorded_target *recorded, const struct lc_namespaces *namespaces)
{
	struct lc_namespaces *known = &recorded->namespaces;

	if (!known->userns || namespaces->userns_depth < known->userns_depth) {
		known->userns = namespaces->userns;
		known->userns_depth = namespaces->userns_depth;
	}
	if (!known->pidns)
		known->pidns = namespaces->pidns;
}

void lc_recorded_target_add_named(struct lc_recorded_target *recorded, struct lc_named_list *list)
{
	recorded->named_unknown = lc_count_add(recorded->named_unknown, list->left_out);
	for (size_t i = 0; i < list->n; i++) {
		struct lc_recorded_named *named =
			recorded->n_named < LC_NAMED_OF_TARGET
				? lc_array_grow(recorded->named, recorded->n_named, sizeof(*named))
				: NULL;

		if (!named) {
			recorded->named_unknown = lc_count_add(recorded->named_unknown, 1);
			continue;
		}
		recorded->named = named;
		named[recorded->n_named++] = (struct lc_recorded_named){list->programs[i], false};
		list->programs[i] = (struct lc_named){0};
	}
}

struct lc_recorded_target *lc_recorded_target_around(const struct lc_recorded_target *recorded)
{
	struct lc_recorded_target *outer = recorded->outer;

	while (outer && outer->target.kind != LC_TARGET_CONTAINER && outer->target.kind != LC_TARGET_COMMAND)
		outer = outer->outer;
	return outer;
}

static void free_member(void *value)
{
	free(((struct lc_member_cgroup *)value)->path);
	free(value);
}

void lc_targets_clear(struct lc_recorded_targets *targets)
{
	lc_table_free(targets->members, free_member);
	lc_table_free(targets->shares, free);
	lc_table_free(targets->by_key, NULL);
	while (targets->first) {
		struct lc_recorded_target *next = targets->first->next;

		free_target(targets->first);
		targets->first = next;
	}
	targets->members = targets->shares = targets->by_key = NULL;
}
