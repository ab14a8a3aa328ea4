/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One question to a container engine's API at a time, for who can wait for the answer. */
#ifndef LEASTCAP_ENGINE_ASK_H
#define LEASTCAP_ENGINE_ASK_H

#include <leastcap/strbuf.h>

/*
 * Asks the engine at SOCKET for PATH ("containers/ID/json"), with the rights of the user who called us, and waits two seconds at most. The
 * answer's body, which is hostile, is appended to BODY. 0; -ESRCH: there is no such thing; -ENOENT, -EACCES, -ECONNREFUSED, … when nobody could be asked,
 * -ETIMEDOUT, -EMSGSIZE when it is larger than 4 MiB, -EPROTO for another answer, or -ENOMEM.
 */
int lc_engine_get(const char *socket, const char *path, struct lc_strbuf *body);

/* The same for what is to be deleted, which may take half a minute. */
int lc_engine_delete(const char *socket, const char *path);

#endif
