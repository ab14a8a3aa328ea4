/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A JSON text that is changed in a few places and otherwise stays what it was, numbers included. */
#ifndef LEASTCAP_PROXY_DOCUMENT_H
#define LEASTCAP_PROXY_DOCUMENT_H

#include <leastcap/json.h>
#include <leastcap/strbuf.h>

#include <stddef.h>

/* 64 random bits in hexadecimal digits. */
#define LC_DOCUMENT_MARK 16

/*
 * A document. A number that is no small integer is a string in ROOT, of MARK and the number's own digits, because no type of C holds every number
 * that an engine takes (18446744073709551615 is libpod's word for "no limit").
 */
struct lc_document {
	json_t *root; /* an object */
	char mark[LC_DOCUMENT_MARK + 1];
};

/* Reads TEXT. 0; -EBADMSG with why in WHY: no JSON, no object, or an object that has a member twice; or -errno. lc_document_clear frees it. */
int lc_document_read(struct lc_document *document, const char *text, size_t length, struct lc_strbuf *why);

/* Appends DOCUMENT as JSON to OUT. 0 or -ENOMEM. */
int lc_document_write(const struct lc_document *document, struct lc_strbuf *out);

void lc_document_clear(struct lc_document *document);

/*
 * The member of OBJECT that an engine takes for NAME: the engines' JSON decoder (Go's encoding/json) compares names without case. Sets *KEY to its
 * own spelling, NAME when there is none, and *VALUE to NULL then. 0, or -EBADMSG with why in WHY when there are two.
 */
int lc_document_find(const json_t *object, const char *name, const char **key, json_t **value, struct lc_strbuf *why);

#endif
