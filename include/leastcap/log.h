/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages for the person at the terminal: one line each, on standard error, escaped. */
#ifndef LEASTCAP_LOG_H
#define LEASTCAP_LOG_H

#include <stdio.h>

enum lc_log_level {
	LC_LOG_ERROR,
	LC_LOG_WARN,
	LC_LOG_NOTICE, /* progress and results, which -q silences */
	LC_LOG_DEBUG,  /* what -v shows */
};

/* Where messages go. Callers own it and pass it down; NULL means silence. */
struct lc_log {
	enum lc_log_level threshold; /* messages above it are dropped */
	FILE *stream;                /* not owned */
};

/*
 * Writes "leastcap: " (and "warning: " for LC_LOG_WARN), the message and a newline to LOG's stream.
 * LOG may be NULL. The formatted message is passed through lc_escape_terminal, so that strings which
 * came out of a container cannot move the cursor. errno is kept.
 */
void lc_log(const struct lc_log *log, enum lc_log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
