/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The patch of a compose file. The edited text is read again, and what each service is granted then decides which edits stay. */
#include "edit.h"
#include "match.h"
#include "warn.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How far the edit of one service has come. */
enum stage {
	STAGE_NONE,    /* needs none so far */
	STAGE_EDIT,    /* the smallest edit */
	STAGE_IN_FULL, /* all in its own keys, because what it has from others changes too */
	STAGE_REFUSED, /* there is no edit, or it would change other services */
};

struct patch {
	const struct lc_compose *file;
	const struct lc_log *log;
	struct lc_compose_recorded *recorded; /* each service */
	enum stage *stages;
};

/* Whether A and B are granted the same. */
static bool same_grant(const struct lc_compose_service *a, const struct lc_compose_service *b)
{
	return a->privileged == b->privileged && a->cap_add == b->cap_add && a->cap_drop == b->cap_drop &&
	       a->open_ports == b->open_ports && !strcmp(a->user ? a->user : "", b->user ? b->user : "") &&
	       a->add_all == b->add_all && a->drop_all == b->drop_all && a->n_entries == b->n_entries;
}

/* Collects the edits of each service that has one: of all, or only of service ONLY (SIZE_MAX: all). */
static int collect(const struct patch *patch, size_t only, struct lc_edits *edits)
{
	int r = 0;

	for (size_t i = 0; i < patch->file->n_services && !r; i++) {
		struct lc_compose_wanted wanted = patch->recorded[i].wanted;

		if ((patch->stages[i] != STAGE_EDIT && patch->stages[i] != STAGE_IN_FULL) ||
			(only != SIZE_MAX && only != i))
			continue;
		wanted.in_full = patch->stages[i] == STAGE_IN_FULL;
		r = lc_compose_edit(patch->file, &patch->file->services[i], &wanted, edits);
	}
	if (!r && !lc_edits_sort(edits))
		r = -ENOTSUP;
	return r;
}

/* Reads the file as it is with EDITS. */
static int reread(const struct patch *patch, const struct lc_edits *edits, struct lc_compose *after)
{
	_cleanup_free_ char *text = lc_edits_apply(patch->file->tree, edits);
	_cleanup_free_ char *message = NULL;
	int r;

	if (!text)
		return -ENOMEM;
	r = lc_compose_parse(after, patch->file->path, text, strlen(text), &message);
	if (!r && after->n_services != patch->file->n_services)
		r = -EINVAL;
	if (r)
		lc_compose_clear(after);
	return r;
}

/* The first service that was not recorded and is granted something else in AFTER, or SIZE_MAX. */
static size_t find_bystander(const struct patch *patch, const struct lc_compose *after)
{
	for (size_t i = 0; i < patch->file->n_services; i++) {
		if (!patch->recorded[i].n && !same_grant(&patch->file->services[i], &after->services[i]))
			return i;
	}
	return SIZE_MAX;
}

static void refuse(struct patch *patch, size_t number, const char *why, const char *other)
{
	const struct lc_compose_service *service = &patch->file->services[number];

	patch->stages[number] = STAGE_REFUSED;
	lc_log(patch->log, LC_LOG_WARN, "%s:%zu: %s is left as it is: %s%s", patch->file->path, service->line,
		service->name, why, other);
}

/*
 * Refuses each service whose edit, made alone, does not work or changes what a service is granted that was not recorded. Returns
 * whether there was one.
 */
static bool refuse_alone(struct patch *patch)
{
	bool refused = false;

	for (size_t i = 0; i < patch->file->n_services; i++) {
		_cleanup_(lc_edits_clear) struct lc_edits edits = {0};
		_cleanup_(lc_compose_clear) struct lc_compose after = {0};
		size_t bystander = SIZE_MAX;
		int r;

		if (patch->stages[i] != STAGE_EDIT && patch->stages[i] != STAGE_IN_FULL)
			continue;
		r = collect(patch, i, &edits);
		if (!r)
			r = reread(patch, &edits, &after);
		if (!r)
			bystander = find_bystander(patch, &after);
		if (r)
			refuse(patch, i, "it is written in a way that leastcap cannot edit, or others use a part of it",
				"");
		else if (bystander != SIZE_MAX)
			refuse(patch, i, "an edit would also change a service that was not recorded: ",
				patch->file->services[bystander].name);
		refused |= patch->stages[i] == STAGE_REFUSED;
	}
	return refused;
}

static void refuse_all(struct patch *patch)
{
	for (size_t i = 0; i < patch->file->n_services; i++) {
		if (patch->stages[i] == STAGE_EDIT || patch->stages[i] == STAGE_IN_FULL)
			refuse(patch, i, "the edits of several services do not go together", "");
	}
}

/* Moves each service that does not have in AFTER what it needs one stage on. Returns whether there was one. */
static bool advance(struct patch *patch, const struct lc_compose *after)
{
	bool moved = false;

	for (size_t i = 0; i < patch->file->n_services; i++) {
		if (!patch->recorded[i].n || patch->stages[i] == STAGE_REFUSED ||
			lc_compose_fulfils(&after->services[i], &patch->recorded[i].wanted))
			continue;
		moved = true;
		/* A service that seemed to need no edit has from others what their edits changed. */
		if (patch->stages[i] == STAGE_NONE &&
			!lc_compose_fulfils(&patch->file->services[i], &patch->recorded[i].wanted))
			patch->stages[i] = STAGE_EDIT;
		else if (patch->stages[i] != STAGE_IN_FULL)
			patch->stages[i] = STAGE_IN_FULL;
		else
			refuse(patch, i, "no edit of its own keys brings it to what was recorded", "");
	}
	return moved;
}

/* One attempt: 1 when it changed what is to be edited, 0 when EDITS will do, or -errno. */
static int attempt(struct patch *patch, struct lc_edits *edits)
{
	_cleanup_(lc_compose_clear) struct lc_compose after = {0};
	int r = collect(patch, SIZE_MAX, edits);

	if (!r)
		r = reread(patch, edits, &after);
	if (r == -ENOMEM)
		return r;
	if (r || find_bystander(patch, &after) != SIZE_MAX) {
		if (!refuse_alone(patch))
			refuse_all(patch);
		return 1;
	}
	return advance(patch, &after);
}

/* Finds the edits. This ends, because each attempt but the last moves a service to a later stage. */
static int find_edits(struct patch *patch, struct lc_edits *edits)
{
	int r;

	do {
		lc_edits_clear(edits);
		r = attempt(patch, edits);
	} while (r > 0);
	return r;
}

/* Whether two changes start a service as the same user. */
static bool same_user(const struct lc_compose_change *a, const struct lc_compose_change *b)
{
	return a->user && b->user ? !strcmp(a->user, b->user) : !a->user && !b->user;
}

/* Forgets the change of each target whose service can't become that, or is to become something else for another one. */
static void forget_changes(const struct patch *patch, const size_t *services, const struct lc_profile *profile,
	const struct lc_compose_change **changes)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_compose_service *service =
			services[i] == LC_COMPOSE_NO_SERVICE ? NULL : &patch->file->services[services[i]];
		const char *why = service && changes[i] ? lc_compose_refusal(service, changes[i]) : NULL;

		for (size_t j = 0; service && !why && changes[i] && j < profile->n_targets; j++) {
			if (services[j] == services[i] && (!changes[j] || !same_user(changes[i], changes[j])))
				why = "its containers start as several users";
		}
		if (!why)
			continue;
		changes[i] = NULL;
		lc_log(patch->log, LC_LOG_WARN, "%s:%zu: %s keeps the list that was recorded: %s", patch->file->path,
			service->line, service->name, why);
	}
}

/* Adds what TARGET needs, or becomes by CHANGE, to what its service is to be granted. */
static void unite_target(struct lc_compose_recorded *recorded, const struct lc_compose_service *service,
	const struct lc_target *target, const struct lc_compose_change *change)
{
	recorded->n++;
	recorded->wanted.cap_add |= change ? change->cap_add : target->cap_add;
	recorded->wanted.was_privileged |= target->privileged;
	recorded->wanted.open_ports |= change && change->open_ports;
	if (change && change->user && (!change->of_image || service->user))
		recorded->wanted.user = change->user;
	if (!recorded->target || target->cap_add)
		recorded->target = target;
}

/* Unites what was recorded of each service, or what it is to become by CHANGES, which may be NULL. */
static int unite(const struct patch *patch, const struct lc_profile *profile, const struct lc_compose_change *changes)
{
	_cleanup_free_ const struct lc_compose_change **each = calloc(profile->n_targets + 1, sizeof(void *));
	_cleanup_free_ size_t *services = lc_compose_match(patch->file, profile, patch->log);

	if (!services || !each)
		return -ENOMEM;
	for (size_t i = 0; changes && i < profile->n_targets; i++)
		each[i] = &changes[i];
	if (changes)
		forget_changes(patch, services, profile, each);
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		/* What runs in a kernel of its own was not seen. */
		if (services[i] != LC_COMPOSE_NO_SERVICE && !target->sandbox)
			unite_target(
				&patch->recorded[services[i]], &patch->file->services[services[i]], target, each[i]);
	}
	return 0;
}

/* Warns that older versions of Compose do not know the tag. */
static void warn_override(const struct patch *patch, const struct lc_edits *edits)
{
	for (size_t i = 0; i < edits->n; i++) {
		if (strstr(edits->edits[i].text, "!override")) {
			lc_log(patch->log, LC_LOG_WARN,
				"%s: the patch has '!override', for which Docker Compose has to be 2.24.4 or later",
				patch->file->path);
			return;
		}
	}
}

/* As lc_compose_edits; MENDED as lc_compose_warn. */
static int make_edits(const struct lc_compose *file, const struct lc_profile *profile,
	const struct lc_compose_change *changes, bool mended, const struct lc_log *log, struct lc_edits *edits,
	size_t *left)
{
	_cleanup_free_ struct lc_compose_recorded *recorded = calloc(file->n_services + 1, sizeof(*recorded));
	_cleanup_free_ enum stage *stages = calloc(file->n_services + 1, sizeof(*stages));
	struct patch patch = {.file = file, .log = log, .recorded = recorded, .stages = stages};
	size_t refused = 0;
	int r;

	if (!recorded || !stages)
		return -ENOMEM;
	r = unite(&patch, profile, changes);
	if (r)
		return r;
	for (size_t i = 0; i < file->n_services; i++)
		lc_compose_warn(file, &file->services[i], &recorded[i], mended, log);
	r = find_edits(&patch, edits);
	if (r)
		return r;
	for (size_t i = 0; i < file->n_services; i++)
		refused += stages[i] == STAGE_REFUSED;
	warn_override(&patch, edits);
	*left = refused;
	return 0;
}

int lc_compose_edits(const struct lc_compose *file, const struct lc_profile *profile, bool mended,
	const struct lc_log *log, struct lc_edits *edits, size_t *left)
{
	return make_edits(file, profile, NULL, mended, log, edits, left);
}

int lc_compose_patch(const struct lc_compose *file, const struct lc_profile *profile,
	const struct lc_compose_change *changes, const struct lc_log *log, struct lc_strbuf *diff, size_t *left)
{
	_cleanup_(lc_edits_clear) struct lc_edits edits = {0};
	size_t refused;
	int r = make_edits(file, profile, changes, false, log, &edits, &refused);

	if (r)
		return r;
	lc_edits_diff(file->tree, &edits, file->path, diff);
	if (diff->failed)
		return -ENOMEM;
	*left = refused;
	return 0;
}
