/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The edits of a manifest. The edited text is read again, and what each container is granted then decides which edits stay. */
#include "edit.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct patch {
	const struct lc_manifest *manifest;
	const struct lc_manifest_wanted *wanted;
	const struct lc_log *log;
	bool *edited; /* each container: it is to be edited, and that has not been refused */
	size_t left;
};

static bool same_grant(const struct lc_manifest_grant *a, const struct lc_manifest_grant *b)
{
	return a->privileged == b->privileged && a->add_all == b->add_all && a->drop_all == b->drop_all &&
	       a->exact == b->exact && a->add == b->add && a->drop == b->drop;
}

/* Collects the edits of each container that has one: of all, or only of ONLY (SIZE_MAX: all). 0, sorted, or -errno. */
static int collect(const struct patch *patch, size_t only, struct lc_edits *edits)
{
	int r = 0;

	for (size_t i = 0; !r && i < patch->manifest->n; i++) {
		if (patch->edited[i] && (only == SIZE_MAX || only == i))
			r = lc_manifest_edit(
				patch->manifest, &patch->manifest->containers[i], patch->wanted[i].cap_add, edits);
	}
	return !r && !lc_edits_sort(edits) ? -ENOTSUP : r;
}

/* Whether EDITS do what they are for, and nothing to any other container. 0; -ENOTSUP, with *OTHER the container that changes too; or -ENOMEM. */
static int verify(const struct patch *patch, size_t only, const struct lc_edits *edits, size_t *other)
{
	const struct lc_manifest *manifest = patch->manifest;
	_cleanup_(lc_manifest_clear) struct lc_manifest after = {0};
	_cleanup_free_ char *text = lc_edits_apply(manifest->tree, edits);
	_cleanup_free_ char *message = NULL;
	int r;

	if (!text)
		return -ENOMEM;
	r = lc_manifest_parse(&after, manifest->path, text, strlen(text), &message);
	if (r == -ENOMEM)
		return r;
	if (r || after.n != manifest->n)
		return -ENOTSUP;
	for (size_t i = 0; i < manifest->n; i++) {
		const struct lc_manifest_grant *grant = &after.containers[i].grant;
		bool edited = patch->edited[i] && (only == SIZE_MAX || only == i);

		if (edited ? lc_manifest_fulfils(grant, patch->wanted[i].cap_add)
			   : same_grant(grant, &manifest->containers[i].grant))
			continue;
		if (!edited)
			*other = i;
		return -ENOTSUP;
	}
	return 0;
}

static int refuse(struct patch *patch, size_t number, const char *why, size_t other)
{
	const struct lc_manifest *manifest = patch->manifest;
	const struct lc_manifest_container *container = &manifest->containers[number];
	_cleanup_free_ char *where = lc_manifest_where(container);
	_cleanup_free_ char *second = other == SIZE_MAX ? strdup("") : lc_manifest_where(&manifest->containers[other]);

	if (!where || !second)
		return -ENOMEM;
	lc_log(patch->log, LC_LOG_WARN, "%s:%zu: %s is left as it is: %s%s", manifest->path,
		lc_yaml_line(manifest->tree, container->item->start), where, why, second);
	patch->edited[number] = false;
	patch->left++;
	return 0;
}

/* Refuses each container whose edit, made alone, does not work; all, where each does. 0 or -errno. */
static int refuse_some(struct patch *patch)
{
	bool refused = false;
	int r = 0;

	for (size_t i = 0; !r && i < patch->manifest->n; i++) {
		_cleanup_(lc_edits_clear) struct lc_edits edits = {0};
		size_t other = SIZE_MAX;

		if (!patch->edited[i])
			continue;
		r = collect(patch, i, &edits);
		if (!r)
			r = verify(patch, i, &edits, &other);
		if (r != -ENOTSUP)
			continue;
		refused = true;
		r = refuse(patch, i,
			other == SIZE_MAX
				? "it is written in a way that leastcap cannot edit, or others use a part of it"
				: "an edit would also change ",
			other);
	}
	for (size_t i = 0; !r && !refused && i < patch->manifest->n; i++) {
		if (patch->edited[i])
			r = refuse(patch, i, "the edits of several containers do not go together", SIZE_MAX);
	}
	return r;
}

int lc_manifest_edits(const struct lc_manifest *manifest, const struct lc_manifest_wanted *wanted,
	const struct lc_log *log, struct lc_edits *edits, size_t *left)
{
	_cleanup_free_ bool *edited = calloc(manifest->n + 1, sizeof(*edited));
	struct patch patch = {.manifest = manifest, .wanted = wanted, .log = log, .edited = edited};
	int r;

	if (!edited)
		return -ENOMEM;
	for (size_t i = 0; i < manifest->n; i++)
		edited[i] =
			wanted[i].recorded && !lc_manifest_fulfils(&manifest->containers[i].grant, wanted[i].cap_add);
	/* This ends, because each round but the last refuses a container. */
	for (;;) {
		size_t other = SIZE_MAX;

		lc_edits_clear(edits);
		r = collect(&patch, SIZE_MAX, edits);
		if (!r)
			r = verify(&patch, SIZE_MAX, edits, &other);
		if (r == -ENOTSUP)
			r = refuse_some(&patch);
		else
			break;
		if (r)
			return r;
	}
	if (!r)
		*left = patch.left;
	return r;
}
