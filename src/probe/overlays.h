/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The overlay file systems that the host sees mounted: the roots of its containers are among them. */
#ifndef LEASTCAP_PROBE_OVERLAYS_H
#define LEASTCAP_PROBE_OVERLAYS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * The device of the overlay that LINE of mountinfo (proc_pid_mountinfo(5)) tells of, as the kernel numbers devices: the major
 * number above 20 bits of the minor one. 0 when it tells of another file system, or is no such line.
 */
uint32_t lc_overlay_device(const char *line);

/*
 * Tells the kernel side, by its map FD, which overlays process 1 sees. 0 or -errno: what was not told of is then not taken for
 * a container's root.
 */
int lc_overlays_tell(int fd);

#endif
