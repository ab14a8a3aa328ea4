/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The string builder: grows as needed, always NUL-terminated, remembers a failed allocation. */
#ifndef LEASTCAP_STRBUF_H
#define LEASTCAP_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise to start (struct lc_strbuf b = {0}); free with lc_strbuf_free. */
struct lc_strbuf {
	char *text; /* NULL while empty */
	size_t length;
	size_t capacity;
	bool failed; /* an allocation failed: what was appended since is missing */
};

/* Appends LENGTH bytes of TEXT. Failure is remembered in buf->failed. */
void lc_strbuf_add(struct lc_strbuf *buf, const char *text, size_t length);

/* Appends a NUL-terminated string; NULL appends nothing. */
void lc_strbuf_adds(struct lc_strbuf *buf, const char *text);

/* Appends as printf does. */
void lc_strbuf_addf(struct lc_strbuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Appends SEPARATOR unless BUF is empty. */
void lc_strbuf_separate(struct lc_strbuf *buf, const char *separator);

/* Hands the string over (caller frees with free) and empties BUF. NULL if an allocation had failed; never NULL otherwise. */
char *lc_strbuf_steal(struct lc_strbuf *buf);

/* Frees what BUF holds and zeroes it. */
void lc_strbuf_free(struct lc_strbuf *buf);

/* A copy of TEXT, which the caller frees; NULL of NULL, or when out of memory. */
char *lc_copy(const char *text);

/* Sets *INTO, which is not freed, to such a copy. 0, or -ENOMEM with *INTO unchanged. */
int lc_copy_to(char **into, const char *text);

#endif
