/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Versions of engines, "20.10.24+dfsg1" or "v1.24", as numbers that can be compared. */
#include <leastcap/version.h>

#include <ctype.h>
#include <errno.h>
#include <stddef.h>

#define LC_COMPONENTS    3
#define LC_COMPONENT_MAX UINT64_C(999999)

bool lc_version_in(const struct lc_version_span *span, uint64_t version)
{
	return version >= span->from && (version < span->before || span->before == LC_ENGINE_NEWEST);
}

/* Reads the digits at *TEXT, one at least, and moves *TEXT behind them. */
static int read_component(const char **text, uint64_t *component)
{
	*component = 0;
	if (!isdigit((unsigned char)**text))
		return -EINVAL;
	for (; isdigit((unsigned char)**text); (*text)++) {
		*component = *component * 10 + (uint64_t)(**text - '0');
		if (*component > LC_COMPONENT_MAX)
			return -EINVAL;
	}
	return 0;
}

int lc_version_read(const char *text, uint64_t *version)
{
	uint64_t components[LC_COMPONENTS] = {LC_COMPONENT_MAX, LC_COMPONENT_MAX, LC_COMPONENT_MAX};

	if (!text) {
		*version = LC_ENGINE_NEWEST;
		return 0;
	}
	text += *text == 'v';
	for (size_t i = 0; i < LC_COMPONENTS; i++) {
		if (read_component(&text, &components[i]))
			return -EINVAL;
		if (*text != '.')
			break;
		text++;
	}
	*version = LC_ENGINE_VERSION(components[0], components[1], components[2]);
	return 0;
}
