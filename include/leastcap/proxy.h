/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A UNIX socket that stands in front of a container engine's one (Docker's API, Podman's compatible one, and libpod's own). Every request and
 * every answer passes as it is, except the creation of a container: its body is shown to the caller, who may write another one.
 *
 *     struct lc_proxy *proxy;
 *     lc_proxy_open(&proxy, "/var/run/docker.sock", log, &message);  the socket is there; whoever connects waits
 *     for each trial:
 *             lc_proxy_start(proxy, &calls, &message);               a process serves it; CALLS are called in there
 *             run the command with DOCKER_HOST=lc_proxy_address(proxy)
 *             while (lc_proxy_next(proxy, &event) > 0) …             what was created, started, refused
 *             lc_proxy_stop(proxy);                                  its connections are closed
 *     lc_proxy_close(proxy);                                         the socket is gone
 */
#ifndef LEASTCAP_PROXY_H
#define LEASTCAP_PROXY_H

#include <leastcap/log.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The label that lc_proxy_rewrite puts on a container. Its value is the trial's name. */
#define LC_PROXY_LABEL "leastcap.prove"

/* The longest body of a request to create a container. A longer one is refused (413). */
#define LC_PROXY_BODY_MAX (16U << 20)

/* Whose words a request to create a container is in. */
enum lc_proxy_api {
	LC_PROXY_DOCKER, /* POST /containers/create: HostConfig.CapAdd */
	LC_PROXY_LIBPOD, /* POST /libpod/containers/create: cap_add */
};

/* A request to create a container, as the client sent it. All strings are hostile; NULL where the request has none. */
struct lc_proxy_create {
	enum lc_proxy_api api;
	uint64_t number;    /* 1 for the first one since lc_proxy_start, in the order in which they came */
	const char *method; /* "POST" */
	const char *target; /* the path with its query: "/v1.41/containers/create?name=web" */
	const char *body;   /* JSON */
	size_t length;      /* of BODY */
	const char *name;   /* what the client calls the container */
	const char *image;
	const char *project; /* of Compose */
	const char *service;
	uint64_t add;   /* the capabilities that it asks for: those of names that libcap knows, or all for "ALL" */
	uint64_t drop;  /* and gives up */
	bool adds_all;  /* ADD has "ALL" */
	bool drops_all; /* DROP has "ALL" */
	bool privileged;
};

/* The caller's part. The functions run in the serving process, and hold up every connection while they run. */
struct lc_proxy_calls {
	/*
	 * Is shown a request before the engine is. 0: it goes on with BODY (empty before), or unchanged when BODY is still empty. From 400 to 599: it
	 * is refused with that HTTP status and the text that is in BODY. -errno: it is refused with 500 and what went wrong.
	 */
	int (*create)(void *context, const struct lc_proxy_create *request, struct lc_strbuf *body);
	/*
	 * Is told the engine's answer before the client is: the HTTP STATUS (201 is a success) and the container's ID (NULL: none was made, or the answer
	 * can't be read). NUMBER is the request's. May be NULL.
	 */
	void (*created)(void *context, uint64_t number, int status, const char *id);
	/* Requests that stop, kill or remove a container are told of (LC_PROXY_ENDING), and wait until lc_proxy_go_on. */
	bool holds_ends;
	void *context;
};

/* What of a container is written anew. */
struct lc_proxy_rewrite {
	uint64_t add;      /* its capabilities: all others are dropped */
	const char *label; /* the value of LC_PROXY_LABEL */
	bool unprivileged; /* a privileged container is to be created without Privileged, so that ADD counts */
};

/*
 * Appends to BODY the body of REQUEST with "ALL" as the capabilities to drop and REWRITE's ones to add, REWRITE's label, and Privileged as false
 * if that is asked. Everything else is as it was: members that are unknown, their order, and numbers digit for digit. 0, or what
 * lc_proxy_calls' create returns for what can't be rewritten (400 and why in BODY: no JSON object, a member that is there twice), or -errno.
 */
int lc_proxy_rewrite(
	const struct lc_proxy_create *request, const struct lc_proxy_rewrite *rewrite, struct lc_strbuf *body);

/* What happened at the socket that a trial has to know. */
enum lc_proxy_kind {
	LC_PROXY_CREATED, /* a container was created: ID, NUMBER */
	LC_PROXY_FAILED, /* none was: the engine, or the caller, or the proxy (STATUS, TEXT) refused: NUMBER, or 0 when it never came so far */
	LC_PROXY_STARTED, /* a container was started or restarted: ID is what the client calls it, name or id */
	LC_PROXY_ENDING, /* a container is to be stopped, killed or removed, and the request waits for lc_proxy_go_on: ID as in LC_PROXY_STARTED, NUMBER, TEXT: the signal that the client names */
	LC_PROXY_BESIDE, /* a request that has the engine make containers by itself, which stay as they are (swarm, play kube, a pod, a checkpoint), or that can't be seen (HTTP/2): TEXT */
};

/* One of these. The strings are hostile, and stay until the next lc_proxy_next. NULL: there is none. */
struct lc_proxy_event {
	enum lc_proxy_kind kind;
	uint64_t number; /* of lc_proxy_create, or for lc_proxy_go_on */
	int status;      /* the HTTP status of the answer */
	const char *id;
	const char *name; /* these four are those of lc_proxy_create */
	const char *image;
	const char *project;
	const char *service;
	const char *text; /* the message of a refusal; the request's path */
};

struct lc_proxy;

/*
 * The UNIX socket of the engine that the command would talk to: of $DOCKER_HOST or $CONTAINER_HOST, or of the Docker client's current context, or
 * the default one of Docker or Podman.
 * Appends its path. 0; or -errno with a *MESSAGE (freed by the caller): -EPROTONOSUPPORT when the engine is reached by another way (tcp, ssh).
 */
int lc_proxy_find_engine(struct lc_strbuf *path, char **message);

/*
 * Makes a socket in a directory of its own, which only those may enter who may connect to the socket ENGINE, with ENGINE's owner and mode. Removes
 * the sockets of processes that were killed. LOG (may be NULL) is the serving process's too. 0 and *PROXY, or -errno and *MESSAGE.
 */
int lc_proxy_open(struct lc_proxy **proxy, const char *engine, const struct lc_log *log, char **message);

/* The socket's address, for DOCKER_HOST: "unix:///run/leastcap/proxy.x1y2z3/docker.sock". Until lc_proxy_close. */
const char *lc_proxy_address(const struct lc_proxy *proxy);

/*
 * Starts a process that serves PROXY, without more rights than it needs to reach the engine, and without our open files but standard error and the
 * log's. It ends when we do. CALLS is copied, like all our memory. Events of before are forgotten. 0 or -errno and *MESSAGE.
 */
int lc_proxy_start(struct lc_proxy *proxy, const struct lc_proxy_calls *calls, char **message);

/*
 * The next thing that happened, in order. Never blocks; also after lc_proxy_stop. 1 and EVENT; 0 when there is none as yet; or -errno: -EPIPE when
 * the process has ended before it was stopped, -EOVERFLOW when there were more events than found room; both once everything else is told.
 */
int lc_proxy_next(struct lc_proxy *proxy, struct lc_proxy_event *event);

/* Lets the request go on that waits with NUMBER. Nothing happens where its process has ended. */
void lc_proxy_go_on(const struct lc_proxy *proxy, uint64_t number);

/* Ends the process. Its connections are closed. Whoever connects afterwards waits for the next start. May be called twice. */
void lc_proxy_stop(struct lc_proxy *proxy);

/* Stops PROXY, and removes its socket and directory. PROXY may be NULL. */
void lc_proxy_close(struct lc_proxy *proxy);

#endif
