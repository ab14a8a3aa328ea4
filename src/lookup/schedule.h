/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The programs that the files of cron, supervisord, s6 and runit name, found in their text. */
#ifndef LEASTCAP_LOOKUP_SCHEDULE_H
#define LEASTCAP_LOOKUP_SCHEDULE_H

#include <stddef.h>

/* What a file is. */
enum lc_schedule {
	SCHEDULE_SYSTEM,     /* a crontab whose lines name the user */
	SCHEDULE_USER,       /* one whose lines do not */
	SCHEDULE_ANACRON,    /* anacrontab(5) */
	SCHEDULE_SUPERVISOR, /* supervisord's configuration */
	SCHEDULE_RUN,        /* a script that begins a service */
};

/* Called with the LENGTH bytes at PATH, an absolute path as the file has it; hostile. */
typedef void lc_schedule_visit(void *context, const char *path, size_t length);

/*
 * Calls VISIT for each absolute path in TEXT, a file of KIND, that stands where a command is named. Nothing in quotes with blanks is looked at,
 * nor what stands behind another command (nice, flock).
 */
void lc_schedule_each(const char *text, enum lc_schedule kind, lc_schedule_visit *visit, void *context);

#endif
