/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The overlay file systems that the host sees mounted: the roots of its containers are among them. */
#include "src/probe/overlays.h"

#include <leastcap/cleanup.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

/* include/linux/kdev_t.h */
#define MINOR_BITS 20

uint32_t lc_overlay_device(const char *line)
{
	static const char separator[] = " - ", overlay[] = "overlay ";
	unsigned int major, minor;
	const char *type;

	/* No field before the separator has a space: mountinfo escapes them. */
	type = strstr(line, separator);
	if (!type || strncmp(type + strlen(separator), overlay, strlen(overlay)) != 0)
		return 0;
	if (sscanf(line, "%*d %*d %u:%u ", &major, &minor) != 2 || minor >= 1U << MINOR_BITS)
		return 0;
	return major << MINOR_BITS | minor;
}

int lc_overlays_tell(int fd)
{
	_cleanup_file_ FILE *stream = fopen("/proc/1/mountinfo", "re");
	_cleanup_free_ char *line = NULL;
	const uint8_t yes = 1;
	size_t size = 0;
	int r = 0;

	if (!stream)
		return -errno;
	while (getline(&line, &size, stream) >= 0) {
		uint32_t device = lc_overlay_device(line);

		if (device && bpf_map_update_elem(fd, &device, &yes, BPF_ANY))
			r = -errno;
	}
	return r;
}
