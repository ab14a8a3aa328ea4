/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What containers look like from outside while they live: their processes' ids, and the ports on which they listen, looked at again and again. */
#ifndef LEASTCAP_SAMPLES_H
#define LEASTCAP_SAMPLES_H

#include <leastcap/strbuf.h>
#include <leastcap/trial.h>

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Something of a container, and in how many looks it was seen. */
struct lc_sample {
	char *id; /* the container's */
	enum lc_trait_kind
		kind; /* LC_TRAIT_PROCESS, LC_TRAIT_PORT; LC_TRAIT_CONTAINER: the container, whenever it had processes */
	char *text;
	unsigned int seen;
	unsigned int from;    /* how often its container had been seen when it was seen first, that look included */
	int64_t first_ms;     /* when that was (CLOCK_MONOTONIC) */
	int64_t last_ms;      /* and when it was seen last */
	unsigned int last;    /* the number of the look that saw it last */
	unsigned int sockets; /* of the container: the number of the look that read its ports last */
};

/* Zero-initialise to start. */
struct lc_samples {
	struct lc_sample *list;
	size_t n;
	unsigned int looks;
	unsigned int processes; /* in this look */
	bool full;              /* there was more than finds room */
};

/* A new look begins. */
void lc_samples_look(struct lc_samples *samples);

/* Notes process PID of the container ID. 0, also where it is gone, or -ENOMEM. */
int lc_samples_take(struct lc_samples *samples, const char *id, pid_t pid);

/* Appends SAMPLES as text, for another process to read. */
void lc_samples_write(const struct lc_samples *samples, struct lc_strbuf *out);

/* Reads what lc_samples_write has written, TEXT, which is changed, to SAMPLES (zeroed before). 0, -EPROTO or -ENOMEM. */
int lc_samples_read(struct lc_samples *samples, char *text);

/*
 * Adds to TRAITS what was seen of the container ID, which is SUBJECT's: where MOSTLY, what was seen in most looks since it was there, for about a second
 * at least; else what was seen at all, and more than once where there were some looks. 0 or -ENOMEM.
 */
int lc_samples_tell(
	const struct lc_samples *samples, const char *id, bool mostly, size_t subject, struct lc_traits *traits);

/* A port that was seen at all BEFORE, and not in NOW's last look; NULL: none is missing. Ports that the kernel gives out may be others each time. */
const char *lc_samples_missing_port(const struct lc_samples *before, const struct lc_samples *now);

void lc_samples_clear(struct lc_samples *samples);

#endif
