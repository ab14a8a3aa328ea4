/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The overlay file systems that the host sees mounted: the roots of its containers are among them. */
#include "src/probe/overlays.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

uint32_t lc_overlay_device(const struct lc_mount *mount)
{
	return strcmp(mount->type, "overlay") == 0 ? mount->device : 0;
}

/* What is told, and the first error. */
struct telling {
	int fd;
	int error;
};

static int tell(void *context, const struct lc_mount *mount)
{
	struct telling *telling = context;
	uint32_t device = lc_overlay_device(mount);
	const uint8_t yes = 1;

	if (device && bpf_map_update_elem(telling->fd, &device, &yes, BPF_ANY))
		telling->error = -errno;
	return 0;
}

int lc_overlays_tell(int fd)
{
	struct telling telling = {.fd = fd};
	int r = lc_mounts_each(1, tell, &telling);

	return r ? r : telling.error;
}
