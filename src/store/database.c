/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The store's file: made, opened, held against what it should be, and closed. */
#include "store_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/message.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How long somebody who writes is waited for. */
#define BUSY_MS 5000

/*
 * host: what recordings say of where they were made. workload: what is known of a target besides what it did. piece: a piece of evidence
 * (failure 0) or a refused call (1), as the profile has them; identity is what makes it one with another, and
 * the text is that of the earliest. day: how often it was seen on a day
 * since 1970. lost: what is missing, by day; workload 0 is nobody's. recording: names of what was added.
 */
static const char tables[] =
	"CREATE TABLE host (id INTEGER PRIMARY KEY, about TEXT NOT NULL UNIQUE, first INTEGER NOT NULL, last INTEGER NOT NULL);\n"
	"CREATE TABLE workload (id INTEGER PRIMARY KEY, host INTEGER NOT NULL, identity TEXT NOT NULL, about TEXT NOT NULL, last INTEGER NOT NULL,\n"
	"UNIQUE (host, identity));\n"
	"CREATE TABLE piece (id INTEGER PRIMARY KEY, workload INTEGER NOT NULL, failure INTEGER NOT NULL, identity TEXT NOT NULL,\n"
	"sampled INTEGER NOT NULL, text TEXT NOT NULL, UNIQUE (workload, failure, identity));\n"
	"CREATE TABLE day (piece INTEGER NOT NULL, day INTEGER NOT NULL, count INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,\n"
	"PRIMARY KEY (piece, day)) WITHOUT ROWID;\n"
	"CREATE TABLE lost (host INTEGER NOT NULL, workload INTEGER NOT NULL, day INTEGER NOT NULL, loss TEXT NOT NULL, count INTEGER NOT NULL,\n"
	"PRIMARY KEY (host, workload, day, loss)) WITHOUT ROWID;\n"
	"CREATE TABLE recording (name TEXT PRIMARY KEY) WITHOUT ROWID;";

/*
 * session: when the service began to write, added something for the last time, and how that ended (0: it goes on, 1: as it should, 2: it broke). An older leastcap
 * reads a store that has it, and its own have none.
 */
static const char session_table[] =
	"CREATE TABLE IF NOT EXISTS session (id INTEGER PRIMARY KEY, began INTEGER NOT NULL, added INTEGER NOT NULL, ended INTEGER NOT NULL)";

static int errno_of(int code)
{
	static const struct {
		int code, error;
	} errors[] = {
		{SQLITE_NOMEM, ENOMEM},
		{SQLITE_FULL, ENOSPC},
		{SQLITE_BUSY, EBUSY},
		{SQLITE_LOCKED, EBUSY},
		{SQLITE_READONLY, EROFS},
		{SQLITE_PERM, EACCES},
		{SQLITE_AUTH, EACCES},
		{SQLITE_CANTOPEN, EACCES},
		{SQLITE_CORRUPT, EBADMSG},
		{SQLITE_NOTADB, EBADMSG},
		{SQLITE_TOOBIG, EFBIG},
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		if (errors[i].code == (code & 0xff))
			return -errors[i].error;
	}
	return -EIO;
}

int lc_store_complain(const struct lc_store *store, const char *what, char **message)
{
	int r = errno_of(sqlite3_extended_errcode(store->database));

	if (r == -EBADMSG)
		return lc_complain(message, r,
			"%s: this is no store of leastcap's, or it is damaged; move it away, and a new one is made",
			store->path);
	return lc_complain(message, r, "%s: %s: %s", store->path, what, sqlite3_errmsg(store->database));
}

int lc_store_run(struct lc_store *store, const char *sql, const char *what, char **message)
{
	if (sqlite3_exec(store->database, sql, NULL, NULL, NULL) != SQLITE_OK)
		return lc_store_complain(store, what, message);
	return 0;
}

int lc_store_begin(struct lc_store *store, const char *what, char **message)
{
	return lc_store_run(store, "BEGIN IMMEDIATE", what, message);
}

int lc_store_end(struct lc_store *store, int r, const char *what, char **message)
{
	_cleanup_free_ char *undo = NULL;
	int written = r < 0 ? r : lc_store_run(store, "COMMIT", what, message);

	if (written < 0)
		lc_store_run(store, "ROLLBACK", what, &undo);
	return written < 0 ? written : r;
}

/* Gives STATEMENT its N VALUES and makes its first step. What SQLite says. */
static int start(sqlite3_stmt *statement, const struct lc_store_value *values, int n)
{
	int code = SQLITE_OK;

	for (int i = 0; code == SQLITE_OK && i < n; i++) {
		code = values[i].text ? sqlite3_bind_text(statement, i + 1, values[i].text, -1, SQLITE_STATIC)
				      : sqlite3_bind_int64(statement, i + 1, values[i].number);
	}
	return code == SQLITE_OK ? sqlite3_step(statement) : code;
}

int lc_store_ask(
	struct lc_store *store, const char *sql, const struct lc_store_value *values, int n, sqlite3_stmt **statement)
{
	int code = sqlite3_prepare_v2(store->database, sql, -1, statement, NULL);

	return code == SQLITE_OK ? start(*statement, values, n) : code;
}

int lc_store_ask_again(
	struct lc_store *store, const char *sql, const struct lc_store_value *values, int n, sqlite3_stmt **statement)
{
	size_t i = 0;
	int code = SQLITE_OK;

	while (i < LC_STORE_KEPT - 1 && store->kept[i].sql && store->kept[i].sql != sql)
		i++;
	if (store->kept[i].sql != sql) {
		sqlite3_finalize(store->kept[i].statement);
		store->kept[i].sql = sql;
		code = sqlite3_prepare_v2(store->database, sql, -1, &store->kept[i].statement, NULL);
	}
	*statement = store->kept[i].statement;
	return code == SQLITE_OK ? start(*statement, values, n) : code;
}

/* Reads the number that PRAGMA says. 0 or a negative errno with *MESSAGE. */
static int read_pragma(struct lc_store *store, const char *pragma, int64_t *number, char **message)
{
	_cleanup_statement_ sqlite3_stmt *statement = NULL;

	if (lc_store_ask(store, pragma, NULL, 0, &statement) != SQLITE_ROW)
		return lc_store_complain(store, "cannot be read", message);
	*number = sqlite3_column_int64(statement, 0);
	return 0;
}

/* Whether the file is a store that this leastcap can use. *IS_NEW: it has nothing in it yet. */
static int check_file(struct lc_store *store, bool *is_new, char **message)
{
	int64_t application = 0, version = 0, pages = 0;
	int r = read_pragma(store, "PRAGMA application_id", &application, message)
			?: read_pragma(store, "PRAGMA user_version", &version, message)
			?: read_pragma(store, "PRAGMA page_count", &pages, message);

	if (r)
		return r;
	*is_new = !pages;
	if (!pages)
		return 0;
	if (application != LC_STORE_APPLICATION)
		return lc_complain(message, -EBADMSG,
			"%s: this is a database of another program's; move it away, and a store is made", store->path);
	if (version > LC_STORE_VERSION)
		return lc_complain(message, -EPROTO, "%s: a newer leastcap has written it, which this one cannot read",
			store->path);
	return 0;
}

/* Makes the tables, in one transaction: a file has all of them or is empty. */
static int make_tables(struct lc_store *store, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf sql = {0};

	lc_strbuf_addf(&sql, "BEGIN IMMEDIATE; PRAGMA application_id = %d; PRAGMA user_version = %d; %s COMMIT",
		LC_STORE_APPLICATION, LC_STORE_VERSION, tables);
	if (sql.failed)
		return -ENOMEM;
	return lc_store_run(store, sql.text, "cannot be made a store", message);
}

/* Opens the file at STORE's path, and makes of a new one a store. */
static int open_file(struct lc_store *store, enum lc_store_mode mode, char **message)
{
	int flags = mode == LC_STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READWRITE;
	bool is_new = false;
	int r, code = sqlite3_open_v2(store->path, &store->database, flags | SQLITE_OPEN_NOFOLLOW, NULL);

	/* Whoever may only read gets the file as SQLite then opens it. */
	if (!store->database)
		return -ENOMEM;
	if (code != SQLITE_OK)
		return lc_store_complain(store, "cannot be opened", message);
	sqlite3_busy_timeout(store->database, BUSY_MS);
	r = check_file(store, &is_new, message);
	if (r || mode == LC_STORE_READ)
		return r ? r : is_new ? lc_complain(message, -ENOENT, "%s: this store is empty", store->path) : 0;
	/* What is forgotten gives its room back. A transaction is on the disk when it ends, and a reader waits for nobody. What
	   is written beside the file takes a megabyte, so that a small disk has room for the store. */
	r = lc_store_run(store,
		"PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 256",
		"cannot be written", message);
	if (!r && is_new)
		r = make_tables(store, message);
	return r ?: lc_store_run(store, session_table, "cannot be written", message);
}

/* Whether there is a file at PATH that may be opened at all. */
static int look_for_file(const char *path, enum lc_store_mode mode, char **message)
{
	struct stat status;

	if (lstat(path, &status))
		return mode == LC_STORE_WRITE && errno == ENOENT
			       ? 0
			       : lc_complain(message, -errno, "%s: there is no store: %s", path, strerror(errno));
	return S_ISREG(status.st_mode) ? 0 : lc_complain(message, -EBADMSG, "%s: this is no file", path);
}

int lc_store_open(struct lc_store **store, const char *directory, enum lc_store_mode mode, char **message)
{
	struct lc_store *opened = calloc(1, sizeof(*opened));
	struct lc_strbuf path = {0};
	int r;

	*message = NULL;
	lc_strbuf_addf(&path, "%s/" LC_STORE_FILE, directory);
	if (opened) {
		opened->path = lc_strbuf_steal(&path);
		opened->lock = -1;
	}
	if (!opened || !opened->path) {
		lc_strbuf_free(&path);
		free(opened);
		return -ENOMEM;
	}
	if (mode == LC_STORE_WRITE && mkdir(directory, 0700) && errno != EEXIST)
		r = lc_complain(message, -errno, "%s: cannot be made: %s", directory, strerror(errno));
	else
		r = look_for_file(opened->path, mode, message);
	if (!r)
		r = open_file(opened, mode, message);
	if (r)
		lc_store_close(opened);
	else
		*store = opened;
	return r;
}

int lc_store_number(struct lc_store *store, const char *sql, const char *what, int64_t *number, char **message)
{
	_cleanup_statement_ sqlite3_stmt *statement = NULL;
	int code = lc_store_ask(store, sql, NULL, 0, &statement);

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return lc_store_complain(store, what, message);
	*number = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : 0;
	return 0;
}

int lc_store_version(struct lc_store *store, int64_t *version, char **message)
{
	*message = NULL;
	return read_pragma(store, "PRAGMA data_version", version, message);
}

void lc_store_close(struct lc_store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < LC_STORE_KEPT; i++)
		sqlite3_finalize(store->kept[i].statement);
	sqlite3_close(store->database);
	if (store->lock >= 0)
		close(store->lock);
	free(store->path);
	free(store);
}
