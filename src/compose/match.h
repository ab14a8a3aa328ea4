/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which recorded container is of which service of a compose file. */
#ifndef LEASTCAP_COMPOSE_MATCH_H
#define LEASTCAP_COMPOSE_MATCH_H

#include <leastcap/compose.h>

#define LC_COMPOSE_NO_SERVICE SIZE_MAX

/*
 * For each target of PROFILE the number of its service in FILE, or LC_COMPOSE_NO_SERVICE, in an array that the caller frees:
 * by the label that compose gives its containers, by container_name, or by the image where only one service has that. LOG gets a
 * line for each target without a service, with the reason. NULL when out of memory.
 */
size_t *lc_compose_match(const struct lc_compose *file, const struct lc_profile *profile, const struct lc_log *log);

#endif
