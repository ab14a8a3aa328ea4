/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the store share: the open database, its statements, and the words for what goes wrong. */
#ifndef LEASTCAP_STORE_PRIVATE_H
#define LEASTCAP_STORE_PRIVATE_H

#include <leastcap/store.h>

#include <sqlite3.h>
#include <stddef.h>
#include <stdint.h>

/* What PRAGMA application_id says of a store ("lcap"), and of which version its tables are. */
#define LC_STORE_APPLICATION 0x6c636170
#define LC_STORE_VERSION     1

/* The day that a time belongs to, in UTC. */
#define LC_STORE_DAY_NS (INT64_C(86400) * 1000000000)

/* How many statements are kept for the next time. */
#define LC_STORE_KEPT 16

struct lc_store {
	sqlite3 *database;
	char *path;
	int lock;        /* the service's, held; -1: it is not ours */
	int64_t session; /* its number; 0: none */
	struct {
		const char *sql; /* by its address */
		sqlite3_stmt *statement;
	} kept[LC_STORE_KEPT];
};

/* A negative errno for what SQLite has just said of STORE, and *MESSAGE in one line: what could not be done, WHAT, and why. */
int lc_store_complain(const struct lc_store *store, const char *what, char **message);

/* Runs SQL, which returns no rows. 0 or a negative errno as above. */
int lc_store_run(struct lc_store *store, const char *sql, const char *what, char **message);

/*
 * Begins a transaction that writes, to do WHAT of lc_store_complain. 0, or a negative errno as above.
 */
int lc_store_begin(struct lc_store *store, const char *what, char **message);

/* Ends it: what was done is kept if R is 0 (or more) and it can be written, and else undone. R, or what kept that from being written, with *MESSAGE as above. */
int lc_store_end(struct lc_store *store, int r, const char *what, char **message);

/* A value for a statement: a text where TEXT is there, and else NUMBER. */
struct lc_store_value {
	const char *text;
	int64_t number;
};

/*
 * Makes SQL, with the N VALUES at its question marks, a statement that stands at its first row. The values have to live as long as it does.
 * SQLITE_ROW, SQLITE_DONE, or what went wrong. *STATEMENT (NULL where it could not be made) is the caller's: sqlite3_finalize.
 */
int lc_store_ask(
	struct lc_store *store, const char *sql, const struct lc_store_value *values, int n, sqlite3_stmt **statement);

/*
 * Does the same with a statement that is kept for the next time, because to make it takes longer than to run it. SQL has to be a constant.
 * *STATEMENT is the store's: the caller only resets it.
 */
int lc_store_ask_again(
	struct lc_store *store, const char *sql, const struct lc_store_value *values, int n, sqlite3_stmt **statement);

/* Notes in the transaction under way that STORE's session, if there is one, has added something at TIME. 0 or a negative errno with *MESSAGE. */
int lc_store_note_session(struct lc_store *store, int64_t time, char **message);

/* Reads the number that SQL selects into *NUMBER, 0 where there is none. WHAT as for lc_store_complain. 0 or a negative errno with *MESSAGE. */
int lc_store_number(struct lc_store *store, const char *sql, const char *what, int64_t *number, char **message);

static inline void lc_store_statement_release(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
}

/* Ends the statement when the scope is left. */
#define _cleanup_statement_ __attribute__((cleanup(lc_store_statement_release)))

#endif
