/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers: what each of them has besides its text. They are counted references: one is made once and sent to many. */
#ifndef LEASTCAP_ENDPOINT_ANSWER_H
#define LEASTCAP_ENDPOINT_ANSWER_H

#include <leastcap/strbuf.h>

#include <microhttpd.h>

#define LC_TYPE_TEXT "text/plain; charset=utf-8"
#define LC_TYPE_HTML "text/html; charset=utf-8"
#define LC_TYPE_JSON "application/json"

/*
 * An answer of TYPE with BODY, which is taken over and empty afterwards. ETAG (with its quotes) may be NULL. The caller ends with MHD_destroy_response. NULL when out of memory,
 * or where an allocation for BODY had failed.
 */
struct MHD_Response *lc_answer_make(struct lc_strbuf *body, const char *type, const char *etag);

/* Sends a line of text, which lacks its end, with STATUS. HEADER is "Allow", … with VALUE, or NULL. */
enum MHD_Result lc_answer_line(struct MHD_Connection *connection, unsigned int status, const char *line,
	const char *header, const char *value);

/* Says that what the client has, ETAG, is still so. */
enum MHD_Result lc_answer_not_modified(struct MHD_Connection *connection, const char *etag);

#endif
