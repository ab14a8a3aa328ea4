/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of capabilities as a person writes them, and the nearest one to what is none. */
#include <leastcap/capset.h>
#include <leastcap/engine.h>
#include <leastcap/message.h>
#include <leastcap/suggest.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define LC_CAPS 64

/* The nearest name to NAME, with or without "CAP_" as NAME has it; BUFFER holds it. NULL when none is near. */
static const char *nearest(const char *name, char buffer[LC_CAP_NAME_SIZE])
{
	char names[LC_CAPS][LC_CAP_NAME_SIZE];
	const char *words[LC_CAPS + 1] = {"ALL"};
	uint64_t all = lc_cap_all();
	const char *near;
	size_t n = 1;

	if (strncasecmp(name, "CAP_", 4) == 0)
		name += 4;
	/* A capability without a name is called CAP_ and its number: that is no suggestion. */
	for (int cap; (cap = lc_cap_take(&all)) >= 0;) {
		if (strncmp(lc_cap_name(cap, names[cap]), "CAP_", 4) != 0)
			words[n++] = names[cap];
	}
	near = lc_suggest(name, words, n);
	if (!near)
		return NULL;
	snprintf(buffer, LC_CAP_NAME_SIZE, "%s", near);
	return buffer;
}

int lc_engine_read_capability(const char *name, uint64_t *mask, char **message)
{
	char buffer[LC_CAP_NAME_SIZE];
	const char *near;
	int cap;

	*message = NULL;
	if (strcasecmp(name, "ALL") == 0) {
		*mask = lc_cap_all();
		return 0;
	}
	cap = lc_cap_from_name(name);
	if (cap >= 0) {
		*mask = LC_CAP_BIT(cap);
		return 0;
	}
	near = nearest(name, buffer);
	if (near)
		return lc_complain(message, -EINVAL, "no capability is called '%s'; did you mean %s?", name, near);
	return lc_complain(message, -EINVAL, "no capability is called '%s'; 'leastcap caps' lists them", name);
}
