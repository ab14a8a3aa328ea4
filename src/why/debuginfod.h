/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Debug information from the servers of $DEBUGINFOD_URLS, fetched by a process without privileges. */
#ifndef LEASTCAP_WHY_DEBUGINFOD_H
#define LEASTCAP_WHY_DEBUGINFOD_H

#include <leastcap/log.h>

#include <stdbool.h>
#include <stddef.h>

struct lc_why_debuginfod;

/* Starts the process that fetches, to *DEBUGINFOD. 0; -ENOENT when $DEBUGINFOD_URLS is not set; or -errno: *DEBUGINFOD is then unchanged. */
int lc_why_debuginfod_new(struct lc_why_debuginfod **debuginfod, const struct lc_log *log);

/* Fetches the debug file with BUILD_ID. A descriptor (the caller closes it) or -errno. */
int lc_why_debuginfod_find(struct lc_why_debuginfod *debuginfod, const unsigned char *build_id, size_t length);

/* The descriptor that reaches the process that fetches. */
int lc_why_debuginfod_fd(const struct lc_why_debuginfod *debuginfod);

/* Whether that process does not answer any more. */
bool lc_why_debuginfod_is_gone(const struct lc_why_debuginfod *debuginfod);

/* Ends that process, which removes what it has fetched, and frees DEBUGINFOD (may be NULL). Waits for it, but not for long. */
void lc_why_debuginfod_free(struct lc_why_debuginfod *debuginfod);

#endif
