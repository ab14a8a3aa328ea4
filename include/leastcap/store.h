/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The store: what many recordings have seen, by workload and day, in one SQLite file that outlives them. */
#ifndef LEASTCAP_STORE_H
#define LEASTCAP_STORE_H

#include <leastcap/model.h>

#include <stdbool.h>
#include <stdint.h>

/* Where a store is, unless somebody says otherwise; and how the file in a store's directory is called. */
#define LC_STORE_DIRECTORY "/var/lib/leastcap"
#define LC_STORE_FILE      "leastcap.db"
#define LC_STORE_LOCK      "leastcap.lock" /* held by the service while it writes */

struct lc_store;

enum lc_store_mode {
	LC_STORE_READ,  /* it must be there */
	LC_STORE_WRITE, /* the directory and the file are made where they are not */
};

/*
 * Opens the store in DIRECTORY. 0, or a negative errno with *STORE unchanged, and *MESSAGE (caller frees) says in one line what is
 * wrong: -ENOENT there is none, -EBADMSG the file is no store or is damaged, -EPROTO a newer leastcap has written it, or what open
 * said. A file that is not a store of this version is never changed.
 */
int lc_store_open(struct lc_store **store, const char *directory, enum lc_store_mode mode, char **message);

/* Closes STORE, which may be NULL. */
void lc_store_close(struct lc_store *store);

static inline void lc_store_release(struct lc_store **store)
{
	lc_store_close(*store);
}

/*
 * Adds what PROFILE has seen, in one transaction: all of it or nothing is kept, whatever happens. Counts of what is known already
 * grow; each is the day's of its last check. Stacks, and what an audit found, are not kept. NAME names the recording ("sha256:…"): one that has been
 * added before is not added again; NULL: it has no name. 1 when it was added, 0 when it was there, -ENOSPC where the file system is
 * full, another negative errno; *MESSAGE as for lc_store_open.
 */
int lc_store_add(struct lc_store *store, const struct lc_profile *profile, const char *name, char **message);

/*
 * The same without a name, by the service, whose session notes the time. *IS_NEW becomes whether something was added that the store had not had before: a workload,
 * or a piece of evidence. 0 or a negative errno.
 */
int lc_store_add_increment(struct lc_store *store, const struct lc_profile *increment, bool *is_new, char **message);

/* Sessions of the service that ended otherwise than by being told to: what came after the last that they added is missing. */
struct lc_store_broken {
	uint64_t n;
	int64_t last_ns; /* when the latest of them added something for the last time, nanoseconds since 1970 */
};

/*
 * Begins a session of the service, which goes on until lc_store_end_session, or until STORE is closed or the process ends: then it is broken. BROKEN becomes those that were
 * and of which no session knew yet. 0; -EBUSY while another service has one, or another negative errno with *MESSAGE as for lc_store_open.
 */
int lc_store_begin_session(struct lc_store *store, struct lc_store_broken *broken, char **message);

/* The session ends as it should. 0 or a negative errno with *MESSAGE. */
int lc_store_end_session(struct lc_store *store, char **message);

/* BROKEN becomes the sessions that broke at SINCE (nanoseconds since 1970) or later. 0 or a negative errno with *MESSAGE. */
int lc_store_broken(struct lc_store *store, int64_t since, struct lc_store_broken *broken, char **message);

/* How many bytes the file takes. 0 or a negative errno with *MESSAGE. */
int lc_store_size(struct lc_store *store, uint64_t *bytes, char **message);

/*
 * Makes PROFILE (zeroed before) of what was seen at SINCE (nanoseconds since 1970) or later: merged and judged as lc_merge does, so
 * that it is what `leastcap merge` makes of the recordings. What belongs to one piece on one day counts if the last of it is not older.
 * 0 or a negative errno with *MESSAGE as for lc_store_open; PROFILE is then empty.
 */
int lc_store_read(struct lc_store *store, int64_t since, struct lc_profile *profile, char **message);

/*
 * *VERSION becomes a number that is another one when somebody else has written to the store since it was last asked for. 0 or a negative errno with
 * *MESSAGE as for lc_store_open.
 */
int lc_store_version(struct lc_store *store, int64_t *version, char **message);

/*
 * Forgets what was last seen before BEFORE (nanoseconds since 1970); and then, from the oldest day on, what it takes for the file to have at
 * most BYTES (0: no limit). *FORGOTTEN becomes how many days' pieces went. 0 or a negative errno with *MESSAGE as for lc_store_open.
 */
int lc_store_forget(struct lc_store *store, int64_t before, uint64_t bytes, uint64_t *forgotten, char **message);

#endif
