/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the thread that serves has: connections, and what answers are made of. */
#ifndef LEASTCAP_ENDPOINT_SERVER_H
#define LEASTCAP_ENDPOINT_SERVER_H

#include "access.h"
#include "clients.h"
#include "counters.h"
#include "listen.h"
#include "metrics.h"
#include "pages.h"

#include <microhttpd.h>

/* A request that waits until its page is made. */
struct lc_waiter {
	struct lc_waiter *next;
	struct MHD_Connection *connection;
	enum lc_page page;
};

/* A text of all metrics, which is made at most once a second. */
struct lc_made_metrics {
	struct MHD_Response *answer;
	int64_t made_ms;
};

struct lc_server {
	struct lc_access access;
	struct MHD_Daemon *plain; /* UNIX sockets, and TCP without TLS */
	struct MHD_Daemon *tls;   /* TCP, where there is a certificate */
	struct lc_clients clients;
	struct lc_waiter *waiters;
	struct lc_pages pages;
	struct lc_metrics metrics;
	struct lc_counters *counters;   /* of METRICS */
	char *gauges;                   /* likewise */
	struct lc_made_metrics made[2]; /* by whether it is OpenMetrics */
};

/* Starts what SERVER's connections are answered by. 0, or a negative errno with *MESSAGE. */
int lc_server_start(struct lc_server *server, char **message);

/* Takes in the client that LISTENER has. 0, or -errno where nobody was there any more, or can't be taken in. */
int lc_server_accept(struct lc_server *server, const struct lc_listener *listener);

/* Goes on with every connection as far as that goes without waiting, and with the pages that they wait for. */
void lc_server_proceed(struct lc_server *server);

/* After how many milliseconds that is to be done, though nothing happened; -1: never. */
int lc_server_timeout(const struct lc_server *server);

/* The descriptor that is readable while DAEMON has something to do. */
int lc_server_fd(struct MHD_Daemon *daemon);

/* The client whose CONNECTION it is; NULL: it is not known. */
struct lc_client *lc_server_client(struct MHD_Connection *connection);

/* Answers a request: routes.c. CLS is the server, *REQUEST is NULL at the first call. */
enum MHD_Result lc_routes_answer(void *cls, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload, size_t *upload_size, void **request);

/* Closes every connection, and frees what SERVER has, but not what others gave it. */
void lc_server_stop(struct lc_server *server);

#endif
