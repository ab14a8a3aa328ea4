/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The helm report: values for a chart, with each container's securityContext at the place where the chart has it. No chart says where that is: by default it is
 * as helm create has it, and users know theirs.
 */
#include "parts.h"
#include "workloads.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Stands between the keys of a place, so that places with keys in common are sorted together. */
#define SEPARATOR '\1'

/* Containers of one name in one workload, and their place. */
struct entry {
	char *place; /* keys with SEPARATOR between */
	const struct lc_report_united *united;
};

/* The name of the workload that TARGET is of; of no pod it is one of its own. */
static char *workload_name(const struct lc_target *target)
{
	char *name = NULL;

	if (!target->pod)
		return lc_report_container_name(target);
	return lc_workload_of(target, &name) ? name : NULL;
}

/* Where PATH, "CONTAINER=PLACE", "WORKLOAD/CONTAINER=PLACE" or "PLACE", puts UNITED; NULL: it is for others. */
static const char *place_by(const char *path, const struct lc_report_united *united)
{
	const char *equals = strchr(path, '=');
	size_t workload = strlen(united->group);
	size_t length;

	if (!equals)
		return path;
	length = (size_t)(equals - path);
	if (length > workload && !strncmp(path, united->group, workload) && path[workload] == '/') {
		path += workload + 1;
		length -= workload + 1;
	}
	return length == strlen(united->name) && !strncmp(path, united->name, length) ? equals + 1 : NULL;
}

/* The last of PATHS that names UNITED, or else the last that names none; NULL: there is none. */
static const char *find_place(const char *const *paths, const struct lc_report_united *united)
{
	const char *named = NULL, *for_all = NULL;

	for (; paths && *paths; paths++) {
		const char *place = place_by(*paths, united);

		if (place == *paths)
			for_all = place;
		else if (place)
			named = place;
	}
	return named ? named : for_all;
}

/* Appends the keys of PLACE with SEPARATOR between. A dot that belongs to a key has a backslash before it, as with helm's --set. */
static void add_keys(struct lc_strbuf *out, const char *place)
{
	static const char separator = SEPARATOR;

	for (; *place; place++) {
		bool separates = *place == '.';

		if (*place == '\\' && place[1])
			place++;
		lc_strbuf_add(out, separates ? &separator : place, 1);
	}
}

/* Whether another workload of the N in UNITED has a container that is called as NUMBER. */
static bool has_namesake(const struct lc_report_united *united, size_t n, size_t number)
{
	for (size_t i = 0; i < n; i++) {
		if (i != number && !strcmp(united[i].name, united[number].name))
			return true;
	}
	return false;
}

/* The place of NUMBER of the N in UNITED. Caller frees; NULL when out of memory. */
static char *place_of(const struct lc_report_united *united, size_t n, size_t number, const char *const *paths)
{
	const char *place = find_place(paths, &united[number]);
	struct lc_strbuf keys = {0};

	if (place) {
		add_keys(&keys, place);
		return lc_strbuf_steal(&keys);
	}
	if (has_namesake(united, n, number))
		lc_strbuf_addf(&keys, "%s%c", united[number].group, SEPARATOR);
	if (n > 1)
		lc_strbuf_addf(&keys, "%s%c", united[number].name, SEPARATOR);
	lc_strbuf_adds(&keys, "securityContext");
	return lc_strbuf_steal(&keys);
}

static int compare_entries(const void *left, const void *right)
{
	const struct entry *a = left;
	const struct entry *b = right;
	int order = strcmp(a->place, b->place);

	return order ? order : (a->united > b->united) - (a->united < b->united);
}

/* Appends the keys of PLACE that are not those of BEFORE, the place before it, each deeper than the one before. How deep what stands there is. */
static size_t add_place(struct lc_strbuf *out, const char *place, const char *before)
{
	size_t depth = 0;

	for (bool same = true; *place; depth++) {
		size_t length = strcspn(place, (const char[]){SEPARATOR, 0});
		_cleanup_free_ char *key = strndup(place, length);

		same &= !strncmp(place, before, length) && (before[length] == SEPARATOR || !before[length]);
		if (same) {
			before += length + (before[length] != 0);
		} else {
			lc_strbuf_addf(out, "%*s", (int)(2 * depth), "");
			out->failed |= !key;
			lc_report_add_key(out, key ? key : "");
			lc_strbuf_adds(out, ":\n");
		}
		place += length + (place[length] != 0);
	}
	return depth;
}

/* Appends what the N ENTRIES of one place need together. 0 or -ENOMEM. */
static int add_values(struct lc_strbuf *out, const struct entry *entries, size_t n, size_t depth)
{
	struct lc_report_united together = {0};
	_cleanup_free_ const struct lc_target **targets = NULL;
	_cleanup_free_ char *indent = NULL;
	size_t n_targets = 0;

	for (size_t i = 0; i < n; i++)
		n_targets += entries[i].united->n_targets;
	targets = calloc(n_targets, sizeof(void *));
	if (asprintf(&indent, "%*s", (int)(2 * depth), "") < 0)
		indent = NULL;
	if (!targets || !indent)
		return -ENOMEM;
	together.targets = targets;
	for (size_t i = 0; i < n; i++) {
		memcpy(targets + together.n_targets, entries[i].united->targets,
			entries[i].united->n_targets * sizeof(void *));
		together.n_targets += entries[i].united->n_targets;
		together.cap_add |= entries[i].united->cap_add;
	}
	lc_report_add_united(out, indent, &together);
	lc_report_add_context_comments(out, indent, &together);
	lc_report_add_context(out, indent, &together);
	return 0;
}

static int add_entries(struct lc_strbuf *out, struct entry *entries, size_t n)
{
	const char *before = "";
	int r = 0;

	qsort(entries, n, sizeof(*entries), compare_entries);
	for (size_t i = 0, same; !r && i < n; i += same) {
		for (same = 1; i + same < n && !strcmp(entries[i].place, entries[i + same].place);)
			same++;
		r = add_values(out, &entries[i], same, add_place(out, entries[i].place, before));
		before = entries[i].place;
	}
	return r;
}

/* Appends the values for the N in UNITED. 0 or -ENOMEM. */
static int add_all(struct lc_strbuf *out, const struct lc_report_united *united, size_t n, const char *const *paths)
{
	struct entry *entries = calloc(n, sizeof(*entries));
	int r = entries ? 0 : -ENOMEM;

	for (size_t i = 0; !r && i < n; i++) {
		entries[i] = (struct entry){.place = place_of(united, n, i, paths), .united = &united[i]};
		r = entries[i].place ? 0 : -ENOMEM;
	}
	if (!r)
		r = add_entries(out, entries, n);
	for (size_t i = 0; entries && i < n; i++)
		free(entries[i].place);
	free(entries);
	return r;
}

static int render(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	static const struct lc_report_naming naming = {.group = workload_name, .name = lc_report_container_name};
	struct lc_profile kept = {0};
	struct lc_report_united *united = NULL;
	size_t n = 0;
	int r = lc_report_keep_pods(out, profile, &kept);

	if (!r)
		r = lc_report_unite(&kept, &naming, &united, &n);
	if (!r && n)
		lc_strbuf_adds(out,
			"# helm upgrade NAME CHART -f FILE; where the chart has its containers' securityContext tells --helm-path [CONTAINER=]PATH\n");
	if (!r && n)
		r = add_all(out, united, n, style->helm_paths);
	else
		lc_strbuf_adds(out, "{}\n");
	lc_report_free_united(united, n);
	free(kept.targets);
	return out->failed ? -ENOMEM : r;
}

int lc_report_helm_misses(const struct lc_profile *profile, const char *const *paths, const char **missed)
{
	static const struct lc_report_naming naming = {.group = workload_name, .name = lc_report_container_name};
	struct lc_report_united *united = NULL;
	size_t n = 0;
	int r = lc_report_unite(profile, &naming, &united, &n);

	*missed = NULL;
	for (; !r && *paths && !*missed; paths++) {
		bool found = false;

		for (size_t i = 0; i < n; i++)
			found |= place_by(*paths, &united[i]) != NULL;
		if (!found)
			*missed = *paths;
	}
	lc_report_free_united(united, n);
	return r;
}

const struct lc_report_format lc_report_helm = {
	.name = "helm",
	.description = "values for a chart, at the places that --helm-path names",
	.other_engine = true,
	.only_list = true,
	.render = render,
};
