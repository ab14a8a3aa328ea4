/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sessions of the service that writes to a store: one at a time, and one that was killed leaves a mark. */
#include "store_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/message.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* session.ended */
enum { GOES_ON, ENDED, BROKE };

static const char cannot_write[] = "cannot be written";

/* Opens the file that says by its lock that a service writes to STORE. The descriptor or a negative errno. */
static int open_lock(const struct lc_store *store, int flags)
{
	char path[PATH_MAX];
	size_t length = strlen(store->path) - strlen(LC_STORE_FILE);
	int fd;

	if (snprintf(path, sizeof(path), "%.*s" LC_STORE_LOCK, (int)length, store->path) >= (int)sizeof(path))
		return -ENAMETOOLONG;
	fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW, 0600);
	return fd < 0 ? -errno : fd;
}

/* Takes STORE for the service alone. 0 or a negative errno with *MESSAGE. */
static int take_lock(struct lc_store *store, char **message)
{
	int fd = open_lock(store, O_RDWR | O_CREAT);

	if (fd < 0)
		return lc_complain(message, fd, "%s: cannot be taken for the service: %s", store->path, strerror(-fd));
	if (flock(fd, LOCK_EX | LOCK_NB)) {
		int r = errno == EWOULDBLOCK ? -EBUSY : -errno;

		close(fd);
		return lc_complain(message, r, "%s: %s", store->path,
			r == -EBUSY ? "another leastcap serve writes to this store" : strerror(-r));
	}
	store->lock = fd;
	return 0;
}

/* Whether a service writes to STORE now. Who may not look takes it that one does. */
static bool is_taken(const struct lc_store *store)
{
	_cleanup_fd_ int fd = open_lock(store, O_RDONLY);

	if (fd < 0)
		return fd != -ENOENT;
	return flock(fd, LOCK_SH | LOCK_NB) != 0;
}

/* Adds to BROKEN those sessions of which the condition that SQL selects by is true. 0 or a negative errno with *MESSAGE. */
static int count(struct lc_store *store, const char *sql, const struct lc_store_value *values, int n,
	struct lc_store_broken *broken, char **message)
{
	_cleanup_statement_ sqlite3_stmt *statement = NULL;

	if (lc_store_ask(store, sql, values, n, &statement) != SQLITE_ROW)
		return lc_store_complain(store, "cannot be read", message);
	broken->n = (uint64_t)sqlite3_column_int64(statement, 0);
	broken->last_ns = sqlite3_column_int64(statement, 1);
	return 0;
}

/* Adds a session to the table, and marks those that have not ended. 0 or a negative errno with *MESSAGE. */
static int add_session(struct lc_store *store, struct lc_store_broken *broken, char **message)
{
	_cleanup_statement_ sqlite3_stmt *statement = NULL;
	int64_t now = lc_clock_ns(CLOCK_REALTIME);
	int r = count(store, "SELECT count(*), max(added) FROM session WHERE ended = 0", NULL, 0, broken, message);

	r = r ?: lc_store_run(store, "UPDATE session SET ended = 2 WHERE ended = 0", cannot_write, message);
	if (r)
		return r;
	if (lc_store_ask(store, "INSERT INTO session (began, added, ended) VALUES (?, ?, ?)",
		    (struct lc_store_value[]){{.number = now}, {.number = now}, {.number = GOES_ON}}, 3,
		    &statement) != SQLITE_DONE)
		return lc_store_complain(store, cannot_write, message);
	store->session = sqlite3_last_insert_rowid(store->database);
	return 0;
}

int lc_store_begin_session(struct lc_store *store, struct lc_store_broken *broken, char **message)
{
	int r;

	*message = NULL;
	*broken = (struct lc_store_broken){0};
	r = take_lock(store, message) ?: lc_store_begin(store, cannot_write, message);
	if (r)
		return r;
	r = lc_store_end(store, add_session(store, broken, message), cannot_write, message);
	if (r)
		store->session = 0;
	return r;
}

/* Sets COLUMN ("added = ?") of STORE's session to NUMBER. 0 or a negative errno with *MESSAGE. */
static int set(struct lc_store *store, const char *sql, int64_t number, char **message)
{
	_cleanup_statement_ sqlite3_stmt *statement = NULL;

	if (!store->session)
		return 0;
	if (lc_store_ask(store, sql, (struct lc_store_value[]){{.number = number}, {.number = store->session}}, 2,
		    &statement) != SQLITE_DONE)
		return lc_store_complain(store, cannot_write, message);
	return 0;
}

int lc_store_note_session(struct lc_store *store, int64_t time, char **message)
{
	return set(store, "UPDATE session SET added = ? WHERE id = ?", time, message);
}

int lc_store_end_session(struct lc_store *store, char **message)
{
	int r;

	*message = NULL;
	r = set(store, "UPDATE session SET ended = ? WHERE id = ?", ENDED, message);
	if (!r)
		store->session = 0;
	return r;
}

int lc_store_broken(struct lc_store *store, int64_t since, struct lc_store_broken *broken, char **message)
{
	/* One that goes on has not broken. */
	const int worst = is_taken(store) ? BROKE : GOES_ON;
	int64_t has_table = 0;
	int r;

	*message = NULL;
	*broken = (struct lc_store_broken){0};
	r = lc_store_number(store, "SELECT count(*) FROM sqlite_schema WHERE name = 'session'", "cannot be read",
		&has_table, message);
	if (r || !has_table)
		return r;
	return count(store, "SELECT count(*), max(added) FROM session WHERE ended IN (2, ?) AND added >= ?",
		(struct lc_store_value[]){{.number = worst}, {.number = since > 0 ? since : 0}}, 2, broken, message);
}
