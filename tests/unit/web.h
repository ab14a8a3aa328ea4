/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A profile with the container "web", as the state of tests; how it begins is theirs. */
#ifndef LEASTCAP_TESTS_WEB_H
#define LEASTCAP_TESTS_WEB_H

#include "render.h"

#include <stdlib.h>

/* Makes the profile, of a container whose list has CAPS. 0. */
static inline int begin_web(void **state, uint64_t caps)
{
	*state = calloc(1, sizeof(struct lc_profile));
	add_container(*state, "web", "nginx:1.22", NULL, caps);
	return 0;
}

static inline struct lc_target *web(void **state)
{
	return ((struct lc_profile *)*state)->targets;
}

/* Frees it. 0. */
static inline int end_web(void **state)
{
	lc_profile_clear(*state);
	free(*state);
	return 0;
}

#endif
