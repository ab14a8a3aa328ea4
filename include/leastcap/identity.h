/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Identity: from a cgroup to the container, service or plain cgroup that it belongs to. */
#ifndef LEASTCAP_IDENTITY_H
#define LEASTCAP_IDENTITY_H

#include <leastcap/host.h>
#include <leastcap/log.h>
#include <leastcap/model.h>
#include <leastcap/probe.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The path of the socket that HOST ($DOCKER_HOST, or NULL) names when it is a unix:// one; else the engine's default. */
const char *lc_identity_socket(const char *host);

/* What fits of an engine's version, with the byte that ends it. */
#define LC_ENGINE_VERSION_SIZE 64

/*
 * Asks the Docker Engine at SOCKET for its version, with the rights of whoever called us, and waits two seconds at most. 0;
 * -ENOENT, -EACCES, -ECONNREFUSED, … when nobody could be asked, -ETIMEDOUT when it does not answer, -EPROTO when its answer makes no
 * sense, or another -errno: VERSION is then unchanged.
 */
int lc_identity_engine_version(const char *socket, char version[LC_ENGINE_VERSION_SIZE]);

/* Asks engines about containers, without ever blocking the caller. */
struct lc_identity;

/*
 * Makes a resolver. DOCKER_SOCKET is the path of the engine's UNIX socket (NULL: $DOCKER_HOST when it is a unix:// one,
 * else /var/run/docker.sock). LOG may be NULL. 0 or -errno.
 */
int lc_identity_new(struct lc_identity **identity, const char *docker_socket, const struct lc_log *log);

/*
 * Begins to find out about the container in TARGET (kind, id, engine and cgroup set): reads its OCI bundle's config.json at once,
 * then asks the Docker Engine in the background when the engine is docker or unknown. Its id is only there while it is believed. What
 * turns out not to be the container becomes a plain cgroup with a claim. TARGET must stay valid until
 * lc_identity_settle or lc_identity_free. 0 or -errno; a container about which nothing can be found out is no error.
 */
int lc_identity_resolve(struct lc_identity *identity, struct lc_target *target);

/*
 * Where the containers' cgroups are: from now on a cgroup is what its name says only if the engine's own record lies in that very cgroup,
 * or if root of the host alone can have made it and no engine says otherwise. HIERARCHY is kept by reference. Targets that are
 * resolved have to stay valid until lc_identity_free.
 */
void lc_identity_in(struct lc_identity *identity, const struct lc_hierarchy *hierarchy);

/*
 * Names TARGET, which is no container, after the cgroup at LENGTH bytes of PATH: by the last component where root alone can have made
 * it, else by the whole path, or, a service of a user's own manager, as that user's. 0 or -ENOMEM.
 */
int lc_identity_name_cgroup(
	struct lc_target *target, const struct lc_hierarchy *hierarchy, const char *path, size_t length);

/* A descriptor that is readable while an engine has answered; it is the same until lc_identity_free. */
int lc_identity_fd(const struct lc_identity *identity);

/* Milliseconds until lc_identity_proceed is to be called although the descriptor is not readable; -1: never. */
int lc_identity_timeout(const struct lc_identity *identity);

/* Takes the answers that have come, and moves every request on as far as it goes without waiting. 0 or -errno. */
int lc_identity_proceed(struct lc_identity *identity);

/* Whether there are requests that have not been answered. */
bool lc_identity_pending(const struct lc_identity *identity);

/*
 * Waits until every begun request has been answered or TIMEOUT_MS is over (negative: no limit). Returns how many remain
 * unanswered; those are dropped, their containers called by the first 12 digits of their ids.
 */
int lc_identity_settle(struct lc_identity *identity, int timeout_ms);

/*
 * How long process PID of the container TARGET in the hierarchy of lc_identity_in, which was there before us, may still be prepared by a runtime
 * (milliseconds; 0: it is the workload's). Only on proof: whoever made it lies outside of the container's cgroup and pid namespace,
 * and it may have capabilities that the container was not granted, or is in the host's mount namespace; and it is young. 0 also
 * when that can't be told.
 */
unsigned int lc_identity_setup_left(struct lc_identity *identity, const struct lc_target *target, pid_t pid);

/* Frees the resolver; pending requests are dropped. IDENTITY may be NULL. */
void lc_identity_free(struct lc_identity *identity);

#endif
