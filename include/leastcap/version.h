/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Versions of engines, "20.10.24+dfsg1" or "v1.24", as numbers that can be compared. */
#ifndef LEASTCAP_VERSION_H
#define LEASTCAP_VERSION_H

#include <stdbool.h>
#include <stdint.h>

/* A version as one number, in which later is greater. */
#define LC_ENGINE_VERSION(major, minor, patch)                                                                         \
	(UINT64_C(1000000000000) * (major) + UINT64_C(1000000) * (minor) + (patch))
/* Later than every version. */
#define LC_ENGINE_NEWEST UINT64_MAX

/* The versions from FROM on and before BEFORE; LC_ENGINE_NEWEST there takes in every later one. */
struct lc_version_span {
	uint64_t from;
	uint64_t before;
};

/* Whether VERSION is in SPAN. */
bool lc_version_in(const struct lc_version_span *span, uint64_t version);

/*
 * Reads TEXT, "20.10.24+dfsg1", to *VERSION. "20.10" is the newest version that begins so, and NULL is LC_ENGINE_NEWEST. 0, or -EINVAL
 * with *VERSION unchanged.
 */
int lc_version_read(const char *text, uint64_t *version);

#endif
