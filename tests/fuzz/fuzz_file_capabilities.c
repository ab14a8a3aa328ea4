/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds attributes called security.capability, which are whatever a file system image has. */
#include "served.h"

#include "src/rootfs/rootfs_private.h"

#include <leastcap/capset.h>

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct lc_file_capabilities capabilities;

	if (!lc_file_capabilities_parse(input, size, &capabilities) &&
		(capabilities.permitted | capabilities.inheritable) & ~lc_cap_all())
		abort();
	return 0;
}
