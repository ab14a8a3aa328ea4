/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Answers: what each of them has besides its text. */
#include "answer.h"

#include <stdlib.h>
#include <string.h>

/*
 * A page has a stricter policy of its own (src/report/html.c), and both hold: what may not be shown in another's frame is said here, where alone it counts. What is not a page
 * may do nothing at all.
 */
#define POLICY_PAGE  "frame-ancestors 'none'"
#define POLICY_OTHER "default-src 'none'; frame-ancestors 'none'"

/* Nothing of it is to be kept, guessed at, or read by pages from elsewhere. */
static const char *const headers[][2] = {
	{MHD_HTTP_HEADER_CACHE_CONTROL, "no-store"},
	{"X-Content-Type-Options", "nosniff"},
	{"Referrer-Policy", "no-referrer"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
};

static struct MHD_Response *with_headers(struct MHD_Response *answer, const char *type, const char *etag)
{
	const char *policy = type && strcmp(type, LC_TYPE_HTML) == 0 ? POLICY_PAGE : POLICY_OTHER;
	bool failed = false;

	if (!answer)
		return NULL;
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		failed |= MHD_add_response_header(answer, headers[i][0], headers[i][1]) != MHD_YES;
	failed |= MHD_add_response_header(answer, "Content-Security-Policy", policy) != MHD_YES;
	if (type)
		failed |= MHD_add_response_header(answer, MHD_HTTP_HEADER_CONTENT_TYPE, type) != MHD_YES;
	if (etag)
		failed |= MHD_add_response_header(answer, MHD_HTTP_HEADER_ETAG, etag) != MHD_YES;
	if (!failed)
		return answer;
	MHD_destroy_response(answer);
	return NULL;
}

struct MHD_Response *lc_answer_make(struct lc_strbuf *body, const char *type, const char *etag)
{
	size_t length = body->length;
	char *text = lc_strbuf_steal(body);
	struct MHD_Response *answer =
		text ? MHD_create_response_from_buffer(length, text, MHD_RESPMEM_MUST_FREE) : NULL;

	if (!answer)
		free(text);
	return with_headers(answer, type, etag);
}

static enum MHD_Result send_and_drop(
	struct MHD_Connection *connection, unsigned int status, struct MHD_Response *answer)
{
	enum MHD_Result sent;

	if (!answer)
		return MHD_NO;
	sent = MHD_queue_response(connection, status, answer);
	MHD_destroy_response(answer);
	return sent;
}

enum MHD_Result lc_answer_line(
	struct MHD_Connection *connection, unsigned int status, const char *line, const char *header, const char *value)
{
	struct lc_strbuf body = {0};
	struct MHD_Response *answer;

	lc_strbuf_addf(&body, "%s\n", line);
	answer = lc_answer_make(&body, LC_TYPE_TEXT, NULL);
	if (answer && header && MHD_add_response_header(answer, header, value) != MHD_YES) {
		MHD_destroy_response(answer);
		answer = NULL;
	}
	return send_and_drop(connection, status, answer);
}

enum MHD_Result lc_answer_not_modified(struct MHD_Connection *connection, const char *etag)
{
	struct MHD_Response *answer = MHD_create_response_from_buffer(0, (void *)"", MHD_RESPMEM_PERSISTENT);

	return send_and_drop(connection, MHD_HTTP_NOT_MODIFIED, with_headers(answer, NULL, etag));
}
