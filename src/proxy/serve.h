/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The life of the process that serves the proxy's socket. */
#ifndef LEASTCAP_PROXY_SERVE_H
#define LEASTCAP_PROXY_SERVE_H

#include "src/proxy/place.h"

#include <leastcap/log.h>
#include <leastcap/proxy.h>

#include <sys/types.h>

struct lc_serve {
	const struct lc_place *place;
	const char *engine;
	const struct lc_proxy_calls *calls;
	const struct lc_log *log;
	int go_on;    /* the socket that tells which requests go on: numbers */
	int events;   /* the file that events are written to */
	pid_t parent; /* who started the process; the socket is removed when it is there no more */
};

/*
 * Lives the process's life, until a SIGTERM. Containers that are being made then are waited for, but not for long. Returns its exit status.
 */
int lc_serve(const struct lc_serve *serve);

#endif
