/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The volumes of a container. */
#include <leastcap/volumes.h>

#include <leastcap/array.h>
#include <leastcap/path.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int lc_volumes_add(struct lc_volumes *volumes, const char *path)
{
	size_t place = 0;
	char **paths, *copy;

	while (place < volumes->n && strcmp(volumes->paths[place], path) < 0)
		place++;
	if (volumes->n >= LC_VOLUMES_MAX || (place < volumes->n && strcmp(volumes->paths[place], path) == 0))
		return 0;
	copy = strdup(path);
	paths = copy ? lc_array_grow(volumes->paths, volumes->n, sizeof(*paths)) : NULL;
	if (!paths) {
		free(copy);
		return -ENOMEM;
	}
	memmove(&paths[place + 1], &paths[place], (volumes->n - place) * sizeof(*paths));
	paths[place] = copy;
	volumes->paths = paths;
	volumes->n++;
	return 0;
}

const char *lc_volumes_around(const struct lc_volumes *volumes, const char *path)
{
	const char *found = NULL;

	for (size_t i = 0; path && i < volumes->n; i++) {
		const char *volume = volumes->paths[i];

		if (lc_path_lies_in(path, volume) && (!found || strlen(volume) > strlen(found)))
			found = volume;
	}
	return found;
}

int lc_volumes_unite(struct lc_volumes *volumes, const struct lc_volumes *more)
{
	int r = 0;

	for (size_t i = 0; !r && i < more->n; i++)
		r = lc_volumes_add(volumes, more->paths[i]);
	return r;
}

void lc_volumes_clear(struct lc_volumes *volumes)
{
	for (size_t i = 0; i < volumes->n; i++)
		free(volumes->paths[i]);
	free(volumes->paths);
	*volumes = (struct lc_volumes){0};
}
