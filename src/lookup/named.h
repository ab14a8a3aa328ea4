/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of a container name that is to be run at a time, or to be kept running. */
#ifndef LEASTCAP_LOOKUP_NAMED_H
#define LEASTCAP_LOOKUP_NAMED_H

#include <leastcap/lookup.h>

#include <stdint.h>

/* How many programs one look finds room for. */
#define LC_NAMED_MAX 64

/* The longest path of one; the kernel side can tell at least so much of what ran. */
#define LC_NAMED_PATH_MAX 255

/* The daemon that EXECUTED is, by its name or its script's: a number that lc_named_read takes; -1: none that reads such files. */
int lc_named_daemon(const struct lc_executed *executed);

/* Whether TEXT can be such a path: nothing but the visible characters of ASCII, and not too long. */
bool lc_named_is_plain(const char *text);

/*
 * Reads the files of DAEMON below ROOT to LIST (zeroed before; lc_named_clear frees it). Programs that are not there and scripts are passed over; what
 * found no room, or can't be told, is counted. 0, or -errno: LIST is then unchanged.
 */
int lc_named_read(int root, uint32_t daemon, struct lc_named_list *list);

#endif
