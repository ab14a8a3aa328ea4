/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of images, which may leave out what engines add by themselves. */
#include <leastcap/model.h>

#include <string.h>

/* IMAGE without the registry and folder that engines put before a short name; *LENGTH is without ":latest". */
static const char *short_name(const char *image, size_t *length)
{
	static const char *const prefixes[] = {"docker.io/", "index.docker.io/", "library/"};
	static const char latest[] = ":latest";

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		if (strncmp(image, prefixes[i], strlen(prefixes[i])) == 0)
			image += strlen(prefixes[i]);
	}
	*length = strlen(image);
	if (*length > strlen(latest) && strcmp(image + *length - strlen(latest), latest) == 0)
		*length -= strlen(latest);
	return image;
}

bool lc_image_is(const char *image, const char *other)
{
	size_t length, other_length;

	if (!image || !other)
		return false;
	image = short_name(image, &length);
	other = short_name(other, &other_length);
	return length == other_length && strncmp(image, other, length) == 0;
}
