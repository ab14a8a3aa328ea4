/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that a command makes for whoever called it: opened before the work begins, whole under its name when it is done. */
#ifndef LEASTCAP_OUTPUT_FILE_H
#define LEASTCAP_OUTPUT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct lc_output_file;

/*
 * Opens what is to become PATH, with the rights of whoever called us (lc_as_caller_begin). "-", /dev/stdout, /dev/stderr and
 * /dev/fd/N are descriptors that we were given, and written as they are; so is /dev/null. Else PATH has to be free or a regular
 * file; symbolic links are followed. In a directory where everybody may write, a link or a file that is somebody else's is
 * refused: it was put there for us. MODE is the file's, exactly; NULL: 0600 for root, 0666 without the umask for everybody else,
 * and never more than a file has that is replaced.
 *
 * The text goes to a file without a name where the file system has them (O_TMPFILE, open(2)), else to one with a name that
 * nobody can know before; the directory is held, whatever becomes of its name. 0 with *FILE, or -errno with
 * *FILE unchanged: -EEXIST or -EISDIR when what is at PATH is refused; *MESSAGE (caller frees) then says in one line why and what
 * to do.
 */
int lc_output_file_open(struct lc_output_file **file, const char *path, const mode_t *mode, char **message);

/* The descriptor to write to; it is FILE's. */
int lc_output_file_fd(const struct lc_output_file *file);

/*
 * The temporary file's name in the directory *DIRECTORY, a descriptor, where there is one that a killed process would leave
 * behind; else NULL. Both are FILE's.
 */
const char *lc_output_file_temporary(const struct lc_output_file *file, int *directory);

/* Writes LENGTH bytes of TEXT. 0, or -errno with *MESSAGE (caller frees). */
int lc_output_file_write(struct lc_output_file *file, const char *text, size_t length, char **message);

/*
 * Gives what was written its name, replacing what was there: for the moment of that it has a temporary name, which stays if the
 * process is killed just then. Writing may go on. Where the name has been taken meanwhile by what
 * may not be replaced, what was written stays under a name of its own, which *MESSAGE (caller frees) tells. 0 or -errno.
 */
int lc_output_file_place(struct lc_output_file *file, char **message);

/* Closes FILE, which may be NULL, and removes what has not been placed. */
void lc_output_file_free(struct lc_output_file *file);

#endif
