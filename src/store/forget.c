/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a store forgets: what is too old, and the oldest days where it takes more room than it may. */
#include "store_private.h"

#include <leastcap/cleanup.h>

#include <errno.h>

static const char cannot_forget[] = "cannot be made smaller";

/* What nothing refers to any more. */
static const char delete_orphans[] =
	"DELETE FROM piece WHERE NOT EXISTS (SELECT 1 FROM day WHERE day.piece = piece.id);\n"
	"DELETE FROM workload WHERE last < %lld AND NOT EXISTS (SELECT 1 FROM piece WHERE piece.workload = workload.id);\n"
	"DELETE FROM lost WHERE workload AND NOT EXISTS (SELECT 1 FROM workload WHERE workload.id = lost.workload);\n"
	"DELETE FROM session WHERE ended AND added < %lld;\n"
	"DELETE FROM host WHERE last < %lld AND NOT EXISTS (SELECT 1 FROM workload WHERE workload.host = host.id)\n"
	"AND NOT EXISTS (SELECT 1 FROM lost WHERE lost.host = host.id)";

/* Runs the printf format SQL with BEFORE, as often as it has it. 0 or a negative errno with *MESSAGE. */
static int run_before(struct lc_store *store, const char *sql, int64_t before, char **message)
{
	char *text = sqlite3_mprintf(sql, (long long)before, (long long)before, (long long)before);
	int r = text ? lc_store_run(store, text, cannot_forget, message) : -ENOMEM;

	sqlite3_free(text);
	return r;
}

/* Reads the number that SQL selects. 0 or a negative errno with *MESSAGE; -ENOENT: there is none. */
static int read_number(struct lc_store *store, const char *sql, int64_t *number, char **message)
{
	_cleanup_statement_ sqlite3_stmt *statement = NULL;
	int code = lc_store_ask(store, sql, NULL, 0, &statement);

	if (code != SQLITE_ROW && code != SQLITE_DONE)
		return lc_store_complain(store, cannot_forget, message);
	if (code == SQLITE_DONE || sqlite3_column_type(statement, 0) == SQLITE_NULL)
		return -ENOENT;
	*number = sqlite3_column_int64(statement, 0);
	return 0;
}

/* Forgets in one transaction what was last seen before BEFORE. *FORGOTTEN grows by how many days' pieces that were. */
static int forget_before(struct lc_store *store, int64_t before, uint64_t *forgotten, char **message)
{
	int64_t changes = 0;
	int r = lc_store_begin(store, cannot_forget, message);

	if (r)
		return r;
	r = run_before(store, "DELETE FROM day WHERE last < %lld", before, message)
		    ?: read_number(store, "SELECT changes()", &changes, message)
		    ?: run_before(store, "DELETE FROM lost WHERE day < %lld", before / LC_STORE_DAY_NS, message)
		    ?: run_before(store, delete_orphans, before, message);
	r = lc_store_end(store, r, cannot_forget, message);
	if (!r)
		*forgotten += (uint64_t)changes;
	return r;
}

/* How many bytes of the file are in use. */
static int measure(struct lc_store *store, uint64_t *bytes, char **message)
{
	int64_t used = 0;
	int r = read_number(store,
		"SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size",
		&used, message);

	*bytes = (uint64_t)used;
	return r;
}

int lc_store_size(struct lc_store *store, uint64_t *bytes, char **message)
{
	int64_t size = 0;
	int r = lc_store_number(store, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
		"cannot be read", &size, message);

	if (!r)
		*bytes = (uint64_t)size;
	return r;
}

int lc_store_forget(struct lc_store *store, int64_t before, uint64_t bytes, uint64_t *forgotten, char **message)
{
	uint64_t n = 0, used = 0;
	int64_t day = 0;
	int r;

	*message = NULL;
	r = forget_before(store, before, &n, message) ?: measure(store, &used, message);
	while (!r && bytes && used > bytes) {
		r = read_number(store, "SELECT min(last) FROM day", &day, message);
		/* Nothing is left that could go. */
		if (r == -ENOENT) {
			r = 0;
			break;
		}
		r = r ?: forget_before(store, (day / LC_STORE_DAY_NS + 1) * LC_STORE_DAY_NS, &n, message)
			?: measure(store, &used, message);
	}
	r = r
		    ?: lc_store_run(store, "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)", cannot_forget,
			       message);
	if (!r)
		*forgotten = n;
	return r;
}
