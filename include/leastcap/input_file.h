/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A file that a command is given to read, taken in whole. */
#ifndef LEASTCAP_INPUT_FILE_H
#define LEASTCAP_INPUT_FILE_H

#include <leastcap/strbuf.h>

#include <stddef.h>

/* What messages call the file at PATH: "standard input" for "-", else PATH. */
const char *lc_input_name(const char *path);

/*
 * Appends what is in the file at PATH ("-" is standard input) to TEXT (zeroed before): at most LIMIT bytes, which no WHAT ("a
 * profile") is bigger than. 0, or -errno with *MESSAGE (caller frees), which names the file; TEXT may then hold a part of it.
 */
int lc_input_read(const char *path, size_t limit, const char *what, struct lc_strbuf *text, char **message);

#endif
