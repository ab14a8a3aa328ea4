/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The pages that are made of the published profile: once for each version that somebody asks for, by a thread that nobody else waits for. */
#ifndef LEASTCAP_ENDPOINT_PAGES_H
#define LEASTCAP_ENDPOINT_PAGES_H

#include <leastcap/endpoint.h>

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum lc_page { LC_PAGE_REPORT, LC_PAGE_PROFILE, LC_PAGE_N };

/* An answer that was made; NULL: not yet, or no longer. */
struct lc_made_page {
	struct MHD_Response *answer;
	uint64_t version;
	int64_t used_ms;
	bool wanted; /* it is to be made */
};

struct lc_published;

/* All of this belongs to the thread that serves, but for what the thread that makes a page was given. */
struct lc_pages {
	struct lc_published *published; /* NULL: nothing was */
	uint64_t version;               /* of that; counts from 1 */
	int64_t began_ms;               /* when the service did, so that a version of another run is another one */
	struct lc_made_page made[LC_PAGE_N];
	struct lc_endpoint_source source;
	int wake; /* an eventfd that is written to when a page is made; not owned */
	bool busy;
	pthread_t maker;
	struct lc_job *job;
};

/* Long enough for a version's name in quotes. */
#define LC_ETAG_SIZE 48

/* Writes the name of the version that is published to ETAG. */
void lc_pages_etag(const struct lc_pages *pages, char etag[LC_ETAG_SIZE]);

/* Publishes WHOLE, a profile on the heap that is taken over, and dropped at once where it can be read again. 0 or -ENOMEM (what was published before stays). */
int lc_pages_publish(struct lc_pages *pages, struct lc_profile *whole);

/*
 * The answer PAGE of the version that is published, or NULL where it is not made; then it will be. NOW_MS says when. The caller does not own
 * it.
 */
struct MHD_Response *lc_pages_get(struct lc_pages *pages, enum lc_page page, int64_t now_ms);

/* What was made last of PAGE, of whatever version; NULL: nothing was, or it could not be made. */
struct MHD_Response *lc_pages_last(struct lc_pages *pages, enum lc_page page);

/* Whether PAGE is being made, or will be. */
bool lc_pages_is_awaited(const struct lc_pages *pages, enum lc_page page);

/* Takes in what the other thread has made, and has the next one made that is wanted. */
void lc_pages_proceed(struct lc_pages *pages, int64_t now_ms);

/* Forgets pages for which nobody has asked for some time. Whether some are left. */
bool lc_pages_expire(struct lc_pages *pages, int64_t now_ms);

/* Waits for the other thread, and frees everything. */
void lc_pages_clear(struct lc_pages *pages);

#endif
