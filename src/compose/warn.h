/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is to be said about a compose file's services. */
#ifndef LEASTCAP_COMPOSE_WARN_H
#define LEASTCAP_COMPOSE_WARN_H

#include "edit.h"

/* What was recorded of one service. */
struct lc_compose_recorded {
	size_t n;                        /* containers */
	struct lc_compose_wanted wanted; /* the union of what they need */
	const struct lc_target *target;  /* one of them, with needs where one has any; NULL: none was recorded */
};

/*
 * Says to LOG what is wrong with SERVICE of FILE, a line for each thing, with where it stands. MENDED: the lists of what was recorded are about to be
 * mended, so that nothing is said of them.
 */
void lc_compose_warn(const struct lc_compose *file, const struct lc_compose_service *service,
	const struct lc_compose_recorded *recorded, bool mended, const struct lc_log *log);

#endif
