/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What went wrong, as one line for the person at the terminal. The function that opens a file names the file in the message. A
 * function that is given a text says where in the text ("3:7: …", "targets[2].cap: …"). A command prints the message as it is.
 * In the same way the command that has an option names the option, and not the function that reads its value.
 */
#ifndef LEASTCAP_MESSAGE_H
#define LEASTCAP_MESSAGE_H

#include <stdarg.h>

/*
 * Sets *MESSAGE, which is NULL or an earlier message that is freed, to the formatted text, escaped for a terminal; NULL when out of
 * memory. The caller frees it. Returns ERR, for the caller to return.
 */
int lc_complain(char **message, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same with WHERE, escaped too, before the text. WHERE may be NULL. */
int lc_complain_at(char **message, int err, const char *where, const char *format, va_list arguments)
	__attribute__((format(printf, 4, 0)));

#endif
