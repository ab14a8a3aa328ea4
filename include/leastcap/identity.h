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

/* The path of the socket in HOST ($DOCKER_HOST, or NULL) if that begins with unix://; else the engine's default. Lies in HOST, or is static. */
const char *lc_identity_socket(const char *host);

/* Room for an engine's version, which is cut to what fits, with its NUL. */
#define LC_ENGINE_VERSION_SIZE 64

/*
 * Asks the Docker Engine at SOCKET for its version, with the rights of the user who called us, and waits two seconds at most. 0; -ENOENT,
 * -EACCES, -ECONNREFUSED, … when nobody could be asked, -ETIMEDOUT when the engine does not answer, -EPROTO when its answer makes no sense, or
 * another -errno: VERSION is then unchanged.
 */
int lc_identity_engine_version(const char *socket, char version[LC_ENGINE_VERSION_SIZE]);

/* Whether ID is 64 lower-case hex digits, as every engine's container id, and can stand in a path or a URL. */
bool lc_container_id_valid(const char *id);

/* Asks engines about containers, without ever blocking the caller. */
struct lc_identity;

/*
 * Makes a resolver. DOCKER_SOCKET is the path of the engine's UNIX socket (NULL: as lc_identity_socket has it for $DOCKER_HOST). LOG (may be NULL)
 * is kept by reference. 0, or -errno: *IDENTITY is then unchanged.
 */
int lc_identity_new(struct lc_identity **identity, const char *docker_socket, const struct lc_log *log);

/*
 * Begins to find out about the container in TARGET (kind, id, engine and cgroup set). Reads its OCI bundle's config.json at once; asks the Docker
 * Engine in the background when the engine is docker or unknown. TARGET has its id only while the id is believed. If TARGET turns out not to be
 * the container, it becomes a plain cgroup with a claim. TARGET must stay valid until lc_identity_settle or lc_identity_free. 0 or -errno. It
 * is no error when nothing can be found out.
 */
int lc_identity_resolve(struct lc_identity *identity, struct lc_target *target);

/*
 * Tells where the containers' cgroups are. From now on a cgroup is believed to be what its name says only if the engine's own record names that very
 * cgroup, or if root of the host alone can have made it and no engine says otherwise. HIERARCHY is kept by reference. Targets that are resolved
 * have to stay valid until lc_identity_free.
 */
void lc_identity_in(struct lc_identity *identity, const struct lc_hierarchy *hierarchy);

/*
 * Fills the unknown fields of TARGET, a container with its cgroup, from the OCI bundle in DIRECTORY, which is root's. 0, -ENOENT when that has no
 * configuration that can be trusted and read, -EXDEV when it is of another cgroup, or -ENOMEM.
 */
int lc_identity_fill_from_bundle(struct lc_target *target, const char *directory);

/* From now on the lives of resolved containers are told when the engine says that their first health check has succeeded. */
void lc_identity_follow_health(struct lc_identity *identity);

/*
 * Names TARGET, which is no container, after the cgroup at LENGTH bytes of PATH: by its last component where root alone can have made the cgroup, else
 * by the whole path. A service of a user's own manager is named by the user and the last component. 0 or -ENOMEM.
 */
int lc_identity_name_cgroup(
	struct lc_target *target, const struct lc_hierarchy *hierarchy, const char *path, size_t length);

/* A descriptor that is readable while there is an answer of an engine. It stays the same until lc_identity_free. */
int lc_identity_fd(const struct lc_identity *identity);

/* Milliseconds until lc_identity_proceed is to be called although the descriptor is not readable; -1: never. */
int lc_identity_timeout(const struct lc_identity *identity);

/* Takes the answers that have come, and moves every request on as far as it goes without waiting. 0 or -errno. */
int lc_identity_proceed(struct lc_identity *identity);

/* Whether there are requests that have not been answered. */
bool lc_identity_pending(const struct lc_identity *identity);

/*
 * Waits until every request has been answered or TIMEOUT_MS is over (negative: no limit). Returns how many were not answered. These are dropped, and
 * their containers called by the first 12 digits of their ids.
 */
int lc_identity_settle(struct lc_identity *identity, int timeout_ms);

/* Whether it is still to be found out who TARGET is. */
bool lc_identity_awaits(const struct lc_identity *identity, const struct lc_target *target);

/* Decides meanwhile about cgroups that claim the same, and names what lies in a container after that, as lc_identity_settle does. 0 or -ENOMEM. */
int lc_identity_compare(struct lc_identity *identity);

/* Forgets TARGET, which is not asked about any more and need not stay valid. */
void lc_identity_forget(struct lc_identity *identity, const struct lc_target *target);

/*
 * How much longer (milliseconds) a runtime may prepare process PID of the container TARGET, which was there before us. 0 when the process is the
 * workload's, or nothing proves that it is not. The proof is that the process is young, that its parent lies outside of the container's
 * cgroup, and that it is in the host's mount namespace, or has run no program since it was forked and either its parent lies outside of its pid
 * namespace as well or it may have capabilities that the container was not granted.
 */
unsigned int lc_identity_setup_left(struct lc_identity *identity, const struct lc_target *target, pid_t pid);

/* Frees the resolver; pending requests are dropped. IDENTITY may be NULL. */
void lc_identity_free(struct lc_identity *identity);

#endif
