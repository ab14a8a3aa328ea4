/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that looks. It keeps the privileges that looking takes, and no others. */
#ifndef LEASTCAP_LOOKUP_LOOKER_H
#define LEASTCAP_LOOKUP_LOOKER_H

#include <leastcap/lookup.h>
#include <leastcap/worker.h>

/* What it is given when it is forked. */
struct lc_lookup_looker {
	const struct lc_hierarchy *hierarchy;
	struct lc_why *unwinder; /* NULL: it unwinds no stacks */
};

/* The lives of the workers that look in files and of those that unwind stacks. Their context is a struct lc_lookup_looker. */
extern const struct lc_worker_life lc_lookup_looker_of_files;
extern const struct lc_worker_life lc_lookup_looker_of_stacks;

#endif
