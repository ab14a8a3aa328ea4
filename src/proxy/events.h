/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the serving process tells the caller: a file in memory, one JSON object a line, so that neither ever waits for the other. */
#ifndef LEASTCAP_PROXY_EVENTS_H
#define LEASTCAP_PROXY_EVENTS_H

#include <leastcap/json.h>
#include <leastcap/proxy.h>

#include <stddef.h>

/* The writer's end. */
struct lc_event_writer {
	int fd;
	size_t length; /* what was written */
	bool full;     /* something found no room */
};

/* Writes KIND, the HTTP STATUS, and TEXT (may be NULL) into DETAILS (may be NULL, a reference is taken), and that to WRITER. */
void lc_event_write(
	struct lc_event_writer *writer, enum lc_proxy_kind kind, int status, const char *text, json_t *details);

/* Sets KEY of an EVENT to TEXT (NULL: leaves it out), which is cut when it is very long. 0 or -ENOMEM. */
int lc_event_set(json_t *event, const char *key, const char *text);

/* The reader's end. */
struct lc_event_reader {
	int fd;
	size_t length; /* what was read */
	json_t *current;
};

/* The next event. 1; 0 when there is none as yet; -EOVERFLOW where events found no room; or -errno. */
int lc_event_read(struct lc_event_reader *reader, struct lc_proxy_event *event);

#endif
