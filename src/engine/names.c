/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of capabilities as a person writes them for an engine. */
#include <leastcap/capset.h>
#include <leastcap/engine.h>
#include <leastcap/message.h>
#include <leastcap/suggest.h>

#include <errno.h>
#include <strings.h>

int lc_engine_read_capability(const char *name, uint64_t *mask, char **message)
{
	static const char *const all = "ALL";
	char buffer[LC_CAP_NAME_SIZE];
	const char *near;
	int cap;

	*message = NULL;
	if (strcasecmp(name, all) == 0) {
		*mask = lc_cap_all();
		return 0;
	}
	cap = lc_cap_from_name(name);
	if (cap >= 0) {
		*mask = LC_CAP_BIT(cap);
		return 0;
	}
	near = lc_cap_suggest(name, buffer);
	if (!near)
		near = lc_suggest(strncasecmp(name, "CAP_", 4) ? name : name + 4, &all, 1);
	if (near)
		return lc_complain(message, -EINVAL, "no capability is called '%s'; did you mean %s?", name, near);
	return lc_complain(message, -EINVAL, "no capability is called '%s'; 'leastcap caps' lists them", name);
}
