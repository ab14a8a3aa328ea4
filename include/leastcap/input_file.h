/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that a command is given to read, taken in whole or piece by piece. */
#ifndef LEASTCAP_INPUT_FILE_H
#define LEASTCAP_INPUT_FILE_H

#include <leastcap/strbuf.h>

#include <stddef.h>
#include <sys/types.h>

/* What messages call the file at PATH: "standard input" for "-", else PATH. */
const char *lc_input_name(const char *path);

/* Such a file, open. */
struct lc_input {
	const char *path; /* borrowed, as WHAT is */
	const char *what;
	int fd;
	size_t limit;
	size_t length; /* how much was read */
};

/* Opens the file at PATH as lc_input_read does. 0, or -errno with *MESSAGE (caller frees), which names the file; INPUT is then not open. */
int lc_input_open(struct lc_input *input, const char *path, size_t limit, const char *what, char **message);

/* Reads up to SIZE bytes of INPUT to BUFFER. How many; 0 at the end; or -errno, -EFBIG beyond the limit. */
ssize_t lc_input_take(struct lc_input *input, char *buffer, size_t size);

/* Says in *MESSAGE why lc_input_take failed, which had returned ERROR. Returns ERROR. */
int lc_input_complain(const struct lc_input *input, int error, char **message);

/* Closes INPUT. */
void lc_input_close(struct lc_input *input);

/*
 * Reads the file at PATH ("-" is standard input) to TEXT (zeroed before). It is refused when it is bigger than LIMIT bytes, and the
 * message calls it WHAT ("a profile"). 0, or -errno with TEXT still empty and *MESSAGE (caller frees), which names the file.
 */
int lc_input_read(const char *path, size_t limit, const char *what, struct lc_strbuf *text, char **message);

#endif
