/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One question to a container engine's API at a time, for who can wait for the answer. */
#ifndef LEASTCAP_ENGINE_ASK_H
#define LEASTCAP_ENGINE_ASK_H

#include <leastcap/strbuf.h>

#include <stdbool.h>

/*
 * Asks the engine at SOCKET for PATH ("containers/ID/json"), with the rights of the user who called us, and waits two seconds at most. The
 * answer's body, which is hostile, is appended to BODY. 0; -ESRCH: there is no such thing; -ENOENT, -EACCES, -ECONNREFUSED, … when nobody could be asked,
 * -ETIMEDOUT, -EMSGSIZE when it is larger than 4 MiB, -EPROTO for another answer, or -ENOMEM.
 */
int lc_engine_get(const char *socket, const char *path, struct lc_strbuf *body);

/* The same, but where nobody answers, or not in time, it is asked up to three times, with ever more patience: half a minute in all. */
int lc_engine_get_patiently(const char *socket, const char *path, struct lc_strbuf *body);

/* Whether R, of the two above, is an answer of the engine, even if that is that it has no such thing or can't tell: asking again would bring the same. */
bool lc_engine_has_answered(int r);

/* The same for what is to be deleted, which may take half a minute. */
int lc_engine_delete(const char *socket, const char *path);

/* The same for what is to be done ("containers/ID/restart"), which may take LIMIT_MS. Where it fails the engine's own words are appended to BODY: {"message": "…"}. */
int lc_engine_post(const char *socket, const char *path, unsigned int limit_ms, struct lc_strbuf *body);

#endif
