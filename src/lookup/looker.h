/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The process that looks: with what it takes to look, and nothing else. */
#ifndef LEASTCAP_LOOKUP_LOOKER_H
#define LEASTCAP_LOOKUP_LOOKER_H

#include <leastcap/lookup.h>
#include <leastcap/worker.h>

/* What it is given when it is forked. */
struct looker {
	const struct lc_hierarchy *hierarchy;
	struct lc_why *unwinder; /* NULL: it unwinds no stacks */
};

/* The life of those that look in files, and of those that unwind stacks; the context is a struct looker. */
extern const struct lc_worker_life lc_lookup_looker_of_files;
extern const struct lc_worker_life lc_lookup_looker_of_stacks;

#endif
