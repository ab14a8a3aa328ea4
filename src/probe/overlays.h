/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The overlay file systems that the host sees mounted: the roots of its containers are among them. */
#ifndef LEASTCAP_PROBE_OVERLAYS_H
#define LEASTCAP_PROBE_OVERLAYS_H

#include <leastcap/host.h>

#include <stdint.h>

/* The device of the overlay that MOUNT is, as the kernel numbers devices; 0 when it is another file system. */
uint32_t lc_overlay_device(const struct lc_mount *mount);

/*
 * Tells the kernel side, by its map FD, which overlays process 1 sees. 0 or -errno. An overlay that it was not told is not taken
 * for a container's root.
 */
int lc_overlays_tell(int fd);

#endif
