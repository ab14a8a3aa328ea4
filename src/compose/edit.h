/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits of a compose file's services. */
#ifndef LEASTCAP_COMPOSE_EDIT_H
#define LEASTCAP_COMPOSE_EDIT_H

#include <leastcap/compose.h>
#include <leastcap/edits.h>

/* What a service is to be granted. */
struct lc_compose_wanted {
	uint64_t cap_add;
	const char *user;    /* NULL: as it is */
	bool open_ports;     /* with the sysctl for ports below 1024 */
	bool was_privileged; /* when it was recorded */
	bool in_full;        /* the service's own keys have to say all of it, whatever it has from others */
};

/* Whether compose grants SERVICE what WANTED says, and no more. */
bool lc_compose_fulfils(const struct lc_compose_service *service, const struct lc_compose_wanted *wanted);

/*
 * Appends the edits after which SERVICE of FILE has what WANTED says. 0, -ENOTSUP where the file is written in a way that cannot be
 * edited, or -ENOMEM. After an error EDITS may have some of them, and can only be cleared.
 */
int lc_compose_edit(const struct lc_compose *file, const struct lc_compose_service *service,
	const struct lc_compose_wanted *wanted, struct lc_edits *edits);

#endif
