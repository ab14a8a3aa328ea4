/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a request to a container engine is about, as far as the proxy has to know. */
#ifndef LEASTCAP_PROXY_ROUTE_H
#define LEASTCAP_PROXY_ROUTE_H

#include <leastcap/proxy.h>

enum lc_route_kind {
	LC_ROUTE_OTHER,
	LC_ROUTE_CREATE, /* of a container */
	LC_ROUTE_START,  /* of a container */
	LC_ROUTE_END,    /* a container is stopped, killed or removed */
	LC_ROUTE_BESIDE, /* LC_PROXY_BESIDE */
};

struct lc_route {
	enum lc_route_kind kind;
	enum lc_proxy_api api;
	char *path; /* decoded, without version and "libpod/": "containers/web/start"; NULL: it makes no sense, or is too long */
	char *id;     /* of LC_ROUTE_START and LC_ROUTE_END: what the client calls the container */
	char *name;   /* of LC_ROUTE_CREATE: the query's name; NULL: none */
	char *signal; /* of LC_ROUTE_END: likewise */
};

/* Reads METHOD and TARGET ("/v1.41/containers/create?name=web") to ROUTE, which lc_route_clear frees. 0 or -ENOMEM. */
int lc_route_read(struct lc_route *route, const char *method, const char *target);
void lc_route_clear(struct lc_route *route);

#endif
