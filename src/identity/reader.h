/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads files that others than root have: directly, or by a process that may hang in their file systems in our stead. */
#ifndef LEASTCAP_IDENTITY_READER_H
#define LEASTCAP_IDENTITY_READER_H

#include <leastcap/worker.h>

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define LC_READ_MAX (4 << 20)

/* The process that reads, from the first time that it is asked. Zero-initialise to start. */
struct lc_reader {
	struct lc_worker worker;
	bool started;
	unsigned late; /* how many answers did not come in time */
};

/* A file that is to be read. */
struct lc_file_to_read {
	const char *path;
	uid_t owner;  /* whose it has to be; of root's our own are as good; (uid_t)-1: anybody's */
	size_t limit; /* no more than so many bytes of it, at most LC_READ_MAX */
};

/*
 * Reads the regular file WANTED, which READER (NULL: we ourselves) opens, to *TEXT, which the caller frees and which ends in a NUL that *LENGTH
 * does not count. 0; -ENOENT when it is not there, or not whose it has to be; -ETIMEDOUT when it did not answer in time, nor will others be
 * asked once that has happened too often; or another -errno. *TEXT and *LENGTH are then unchanged.
 */
int lc_reader_read(struct lc_reader *reader, const struct lc_file_to_read *wanted, char **text, size_t *length);

/* Ends the process. */
void lc_reader_end(struct lc_reader *reader);

#endif
