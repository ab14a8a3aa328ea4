/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which containers are the same from run to run, although each run makes new ones. */
#include <leastcap/trial.h>

#include <leastcap/array.h>

#include <stdlib.h>
#include <string.h>

static struct lc_trial_image *find_image(const struct lc_trial_count *count, const char *image)
{
	for (size_t i = 0; i < count->n; i++) {
		if (!strcmp(count->list[i].image, image))
			return &count->list[i];
	}
	return NULL;
}

/* The counter of IMAGE, made where there is none. NULL when out of memory. */
static struct lc_trial_image *get_image(struct lc_trial_count *count, const char *image)
{
	struct lc_trial_image *found = find_image(count, image);
	char *copy;

	if (found)
		return found;
	found = lc_array_grow(count->list, count->n, sizeof(*found));
	copy = found ? strdup(image) : NULL;
	count->list = found ? found : count->list;
	if (!copy)
		return NULL;
	count->list[count->n] = (struct lc_trial_image){.image = copy};
	return &count->list[count->n++];
}

static bool is_named(const struct lc_trial_names *names)
{
	return names->service || names->name;
}

char *lc_trial_key(struct lc_trial_count *count, const struct lc_trial_names *names)
{
	struct lc_strbuf key = {0};
	struct lc_trial_image *image;

	if (names->service)
		lc_strbuf_addf(&key, "%s/%s", names->project ? names->project : "", names->service);
	else if (names->name)
		lc_strbuf_adds(&key, names->name);
	if (is_named(names))
		return lc_strbuf_steal(&key);
	image = get_image(count, names->image ? names->image : "");
	if (!image)
		return NULL;
	lc_strbuf_addf(&key, "%s #%u", image->image, ++image->n);
	return lc_strbuf_steal(&key);
}

void lc_trial_uncount(struct lc_trial_count *count, const struct lc_trial_names *names)
{
	struct lc_trial_image *image = find_image(count, names->image ? names->image : "");

	if (!is_named(names) && image && image->n)
		image->n--;
}

void lc_trial_count_clear(struct lc_trial_count *count)
{
	for (size_t i = 0; i < count->n; i++)
		free(count->list[i].image);
	free(count->list);
	*count = (struct lc_trial_count){0};
}
