/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that a command is given to read, taken in whole. */
#ifndef LEASTCAP_INPUT_FILE_H
#define LEASTCAP_INPUT_FILE_H

#include <leastcap/strbuf.h>

#include <stddef.h>

/* What messages call the file at PATH: "standard input" for "-", else PATH. */
const char *lc_input_name(const char *path);

/*
 * Reads the file at PATH ("-" is standard input) to TEXT (zeroed before). It is refused when it is bigger than LIMIT bytes, and the
 * message calls it WHAT ("a profile"). 0, or -errno with TEXT still empty and *MESSAGE (caller frees), which names the file.
 */
int lc_input_read(const char *path, size_t limit, const char *what, struct lc_strbuf *text, char **message);

#endif
