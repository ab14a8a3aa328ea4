/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds paths of cgroups, which whoever a part of the hierarchy was delegated to names as he likes. */
#include "served.h"

#include <leastcap/cleanup.h>
#include <leastcap/identity.h>

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	_cleanup_free_ char *path = strndup((const char *)input, size);
	struct lc_cgroup_name name;

	if (!path)
		abort();
	lc_cgroup_name_parse(path, &name);
	if (name.target_length > strlen(path) || strnlen(name.id, sizeof(name.id)) == sizeof(name.id))
		abort();
	/* Only a container has an id, and it comes from the path. */
	if ((name.kind == LC_TARGET_CONTAINER) != (name.id[0] != '\0') || !strstr(path, name.id))
		abort();
	return 0;
}
