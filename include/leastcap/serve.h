/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The service: a recording that does not end, and writes what it learns to a store. */
#ifndef LEASTCAP_SERVE_H
#define LEASTCAP_SERVE_H

#include <leastcap/log.h>
#include <leastcap/model.h>
#include <leastcap/recording.h>
#include <leastcap/store.h>

#include <stdbool.h>
#include <stdint.h>

/* How often a service stores what is new, and how long it keeps it, unless somebody says otherwise. */
#define LC_SERVE_EVERY_NS (INT64_C(10) * 1000000000)
#define LC_SERVE_KEEP_NS  (INT64_C(90) * 86400 * 1000000000)
#define LC_SERVE_SIZE     (UINT64_C(1) << 30)

struct lc_storing;

struct lc_storing_options {
	const char *directory; /* the store's */
	int64_t keep_ns;       /* what was last seen longer ago is forgotten */
	uint64_t size;         /* of the file, bytes; 0: no limit */
	const struct lc_log *log;
};

/* How storing goes. */
struct lc_storing_state {
	bool storing;      /* the last increment was stored */
	int error;         /* else why it was not: a negative errno */
	uint64_t bytes;    /* of the store */
	uint64_t writes;   /* increments that were stored */
	uint64_t errors;   /* how often that failed */
	uint64_t waiting;  /* increments that wait for room */
	int64_t stored_ns; /* when it was last written to, nanoseconds since 1970; 0: never */
};

/*
 * Opens the store that OPTIONS (kept by reference) name for a session of the service, says if earlier ones broke, and forgets what is old. 0, or a negative errno that has been said: -EBUSY when another
 * service has the store, or as lc_store_open. *STORING is unchanged then.
 */
int lc_storing_open(struct lc_storing **storing, const struct lc_storing_options *options);

/*
 * Stores INCREMENT, which is taken over (it is empty afterwards). What can't be stored waits for the next time, in bounded memory; the first failure, and
 * that it works again, are said. *IS_NEW becomes whether the store has had a part of it not before.
 */
void lc_storing_add(struct lc_storing *storing, struct lc_profile *increment, bool *is_new);

/* How storing goes. */
struct lc_storing_state lc_storing_state(const struct lc_storing *storing);

/* The store, to read from. It is STORING's. */
struct lc_store *lc_storing_store(struct lc_storing *storing);

/* Ends the session as it should. 0, or a negative errno: what could not be stored is lost, which has been said. */
int lc_storing_end(struct lc_storing *storing);

/* Frees STORING, which may be NULL. A session that was not ended is broken. */
void lc_storing_free(struct lc_storing *storing);

/* How a service stands. */
struct lc_service_state {
	const char *hook;
	uint64_t targets;   /* that are recorded now */
	int64_t session_ns; /* when its recording began, nanoseconds since 1970 */
	struct lc_storing_state storing;
};

/* Who is told what a service sees. Each function may be NULL; nothing is kept of what it is given unless it says so. */
struct lc_service_listener {
	void *context;
	/* The recording has begun, and privileges that are not needed any more are gone. 0, or a negative errno, which it has said, and by which the service ends. */
	int (*began)(void *context);
	void (*added)(void *context, const struct lc_profile *increment);
	/* All that the store has, whenever a part of it is new. Takes over what WHOLE owns. */
	void (*published)(void *context, struct lc_profile *whole);
	void (*stands)(void *context, const struct lc_service_state *state);
};

struct lc_service {
	struct lc_recording_options *recording; /* its watcher is the service's own, but for STUCK */
	struct lc_storing_options storing;
	int64_t every_ns; /* what is new is stored so often */
	struct lc_service_listener listener;
};

/*
 * Records, and stores what is new, until a signal says otherwise. 0; -EBUSY, -EBADMSG, -EPROTO or another negative errno when it can't begin, or when the end could not be
 * stored: it has been said.
 */
int lc_service_run(struct lc_service *service);

/*
 * Tells the service manager that has started us, if there is one ($NOTIFY_SOCKET), how it stands: "READY=1", "STOPPING=1" (sd_notify(3)). 0 or a negative errno.
 */
int lc_serve_notify(const char *state);

#endif
