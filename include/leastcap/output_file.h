/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that a command writes for whoever called it. It is opened before the work begins, and has its name once it is whole. */
#ifndef LEASTCAP_OUTPUT_FILE_H
#define LEASTCAP_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct lc_output_file;

/*
 * Opens what is to become PATH, with the rights of whoever called us (lc_as_caller_begin). "-", /dev/stdout, /dev/stderr and
 * /dev/fd/N are descriptors that we were given, and are written directly, as /dev/null is. Any other PATH has to be free or a regular
 * file; symbolic links are followed. In a directory where everybody may write, somebody else's link or file is refused, because it
 * may have been put there for us to find. The file gets exactly MODE. Where MODE is NULL it gets 0600 for root and 0666 without the
 * umask for everybody else, and never more than the file that it replaces.
 *
 * The text goes to a file without a name where the file system has such (O_TMPFILE, open(2)), else to one with a name that
 * nobody can know before. The directory is held open, so that it does not matter when it is renamed. 0 with *FILE, or -errno with
 * *FILE unchanged: -EEXIST or -EISDIR when what is at PATH is refused; *MESSAGE (caller frees) then says in one line why and what
 * to do.
 */
int lc_output_file_open(struct lc_output_file **file, const char *path, const mode_t *mode, char **message);

/* The descriptor to write to, which stays FILE's. */
int lc_output_file_fd(const struct lc_output_file *file);

/*
 * The name of the temporary file that we would leave behind if we were killed, in the directory with the descriptor *DIRECTORY; NULL
 * where there is none. Both stay FILE's.
 */
const char *lc_output_file_temporary(const struct lc_output_file *file, int *directory);

/* Writes LENGTH bytes of TEXT. 0, or -errno with *MESSAGE (caller frees). */
int lc_output_file_write(struct lc_output_file *file, const char *text, size_t length, char **message);

/*
 * Gives what was written its name, and replaces what was there. To replace it, the file first gets a temporary name, which stays if
 * we are killed just then. Writing may go on afterwards. Where something else has taken the name meanwhile that may not be replaced,
 * what was written stays under the temporary name, and *MESSAGE (caller frees) says so. 0 or -errno.
 */
int lc_output_file_place(struct lc_output_file *file, char **message);

/* Closes FILE, which may be NULL, and removes what has not been placed. */
void lc_output_file_free(struct lc_output_file *file);

#endif
