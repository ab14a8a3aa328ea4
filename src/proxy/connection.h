/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One client's connection, and the one to the engine that belongs to it. */
#ifndef LEASTCAP_PROXY_CONNECTION_H
#define LEASTCAP_PROXY_CONNECTION_H

#include "src/proxy/events.h"
#include "src/proxy/route.h"
#include "src/proxy/stream.h"

#include <http_parser.h>
#include <sys/queue.h>

/* The longest head of a request: its first line and its header. The client keeps a longer one (431). */
#define LC_HEAD_MAX (256U << 10)

/* What all connections share. */
struct lc_server {
	const char *engine; /* the path of its socket */
	const struct lc_proxy_calls *calls;
	const struct lc_log *log;
	struct lc_event_writer events;
	int epoll;
	uint64_t creates; /* requests to create containers so far */
	uint64_t holds;   /* requests that had to wait for the caller so far */
	size_t held;      /* bytes of bodies of such requests in memory */
};

/* Where a connection is with the client's current request. One request at a time is with the engine, the next ones wait. */
enum lc_phase {
	LC_PHASE_HEAD,    /* nothing of it was passed on yet */
	LC_PHASE_HELD,    /* the head is complete, and waits for the caller */
	LC_PHASE_BODY,    /* passes as it comes */
	LC_PHASE_CREATE,  /* the body is gathered */
	LC_PHASE_WAIT,    /* it was passed on; the answer is not complete, or not written */
	LC_PHASE_RAW,     /* the connection speaks another protocol now: everything passes */
	LC_PHASE_REFUSED, /* it was answered by the proxy, and the connection ends: nothing passes */
};

struct lc_request {
	http_parser parser;
	enum lc_phase phase;
	struct lc_strbuf target;
	struct lc_strbuf head; /* of a request to create: the lines that are passed on */
	struct lc_strbuf name; /* of the header's current line */
	struct lc_strbuf body; /* of a request to create, without chunks */
	struct lc_route route;
	uint64_t hold;      /* of LC_PHASE_HELD: the number to go on with */
	bool is_routed;     /* ROUTE is read */
	bool has_head;      /* the head is complete */
	bool in_value;      /* the parser is in the value of a header's line */
	bool skips_line;    /* which is not passed on */
	bool expects;       /* the client waits for "100 Continue" */
	bool keeps_alive;   /* the client may send another request on this connection */
	bool complete;      /* its last byte was parsed */
	bool was_passed_on; /* its head was, so that answers are answers to it */
	int status;         /* it is refused with this, when parsing fails; 0: what the parser says */
	const char *why;
};

struct lc_answer {
	http_parser parser;
	bool is_complete; /* the current request's one */
	bool has_end;     /* of the parser: a message is complete */
	bool is_raw;      /* everything that comes passes, until the engine closes */
	bool until_end;   /* its length is not said, so that it ends when the connection does */
	bool is_broken;   /* it is not HTTP */
};

/* A request to create a container that the engine has not answered. */
struct lc_making {
	bool is_pending;
	uint64_t number;
	json_t *event;           /* what is known of it */
	struct lc_strbuf answer; /* the body of the engine's answer */
};

struct lc_connection {
	struct lc_server *server;
	struct lc_end client, engine;
	struct lc_stream up, down; /* to the engine, to the client */
	struct lc_request request;
	struct lc_answer answer;
	struct lc_making making;
	bool waits_for_engine; /* which has no room for one more connection just now */
	bool is_queued;
	TAILQ_ENTRY(lc_connection) all, queue;
};

/* A connection of SERVER with the client at FD, which is then the connection's. NULL when out of memory. */
struct lc_connection *lc_connection_new(struct lc_server *server, int fd);

/* What is to be done with a connection. */
enum lc_progress {
	LC_PROGRESS_IDLE, /* nothing, until one of its sockets has news */
	LC_PROGRESS_MORE, /* there is more to be moved at once; others first */
	LC_PROGRESS_OVER, /* it is to be freed */
};

/* Moves what can be moved without waiting. */
enum lc_progress lc_connection_move(struct lc_connection *connection);

void lc_connection_free(struct lc_connection *connection);

/* request.c: parses what the client sent. */
void lc_request_begin(struct lc_connection *connection);
void lc_request_take(struct lc_connection *connection);
void lc_request_clear(struct lc_connection *connection);
/* A request that the caller holds goes on, when the connection is moved next. */
void lc_request_go_on(struct lc_connection *connection);

/* answer.c: parses what the engine sent, and answers in its place. */
void lc_answer_begin(struct lc_connection *connection);
void lc_answer_take(struct lc_connection *connection);
/* The current request is answered with STATUS and TEXT as an error of the engine's. */
void lc_answer_error(struct lc_connection *connection, int status, const char *text);
/* The same, and nothing more of the client's is read. */
void lc_answer_refuse(struct lc_connection *connection, int status, const char *text);

/* making.c: the requests that matter. */
/* The whole body is there: asks the caller, and passes the request on or answers it. */
void lc_making_begin(struct lc_connection *connection);
/* The engine has answered with STATUS; 0: it never did. */
void lc_making_end(struct lc_connection *connection, int status);
/* It is refused before it came so far. */
void lc_making_refused(struct lc_connection *connection, int status, const char *text);
/* The engine has answered a request of another kind with STATUS. */
void lc_making_note(struct lc_connection *connection, int status);

#endif
