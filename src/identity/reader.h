/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads files of other users than root: directly, or by a process that may hang in their file systems in our stead. */
#ifndef LEASTCAP_IDENTITY_READER_H
#define LEASTCAP_IDENTITY_READER_H

#include <leastcap/worker.h>

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define LC_READ_MAX (4 << 20)

/* With so many users whose files were late, only those among them are still asked that have some patience left. */
#define LC_LATE_USERS_MAX 8

/* A user whose files did not answer in time. */
struct lc_late_user {
	uid_t user;
	unsigned files;
};

/* The process that reads; it is started when it is first asked. Zero-initialise. */
struct lc_reader {
	struct lc_worker worker;
	bool started;
	struct lc_late_user late[LC_LATE_USERS_MAX];
	size_t n_late;
};

/* A file that is to be read. */
struct lc_file_to_read {
	const char *path;
	uid_t user;   /* who can keep it from answering: the late files of each user count apart */
	uid_t owner;  /* who has to own it; for root our own user will do; (uid_t)-1: anybody */
	size_t limit; /* how many bytes of it are read at most; no more than LC_READ_MAX */
};

/*
 * Reads the regular file WANTED, which READER (NULL: we ourselves) opens, to *TEXT. The caller frees that; it ends in a NUL that *LENGTH
 * does not count. 0; -ENOENT when there is no such file, or somebody else owns it; -ETIMEDOUT when it did not answer in time, or too many of
 * its user's files did not before; or another -errno. *TEXT and *LENGTH are then unchanged.
 */
int lc_reader_read(struct lc_reader *reader, const struct lc_file_to_read *wanted, char **text, size_t *length);

/* Ends the process, and forgets who was late. */
void lc_reader_end(struct lc_reader *reader);

#endif
