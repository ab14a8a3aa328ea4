/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the Docker Engine's API answers, read from its JSON. */
#ifndef LEASTCAP_IDENTITY_DOCKER_H
#define LEASTCAP_IDENTITY_DOCKER_H

#include <leastcap/model.h>

#include <jansson.h>
#include <sys/types.h>

/* Room for an engine's version, with its NUL. */
#define LC_DOCKER_VERSION_SIZE 64

/* What an answer says of a container; the strings belong to its JSON, NULL where it does not say. */
struct lc_docker_container {
	json_t *json;
	const char *name;
	const char *image;                    /* as the user called it */
	const char *image_id;                 /* "sha256:…" */
	const char *project, *service, *hash; /* compose's labels */
	const char *directory;                /* likewise: of the project's file */
	const char *pod, *namespace;          /* the kubelet's labels */
	const char *runtime;                  /* as the engine's configuration calls it: "runc" */
	char version[LC_DOCKER_VERSION_SIZE]; /* of the engine; "": unknown */
	bool privileged;
	bool checked;            /* it has health checks */
	const char *own_profile; /* the seccomp profile of the user's own that it was started with, as JSON */
	uint64_t add, drop;
	pid_t pid; /* of its first process, as the engine numbers it; 0: it does not run */
};

/*
 * Reads the answer to GET /containers/ID/json, LENGTH bytes of TEXT, into CONTAINER (lc_docker_clear frees it). 0, or -EPROTO when the answer
 * makes no sense or is about another container: CONTAINER is then unchanged.
 */
int lc_docker_read(struct lc_docker_container *container, const char *id, const char *text, size_t length);

/*
 * Takes the engine's version into CONTAINER from SERVER, as the header of an answer has it: "Docker/20.10.24 (linux)". Nothing is taken from what looks
 * otherwise.
 */
void lc_docker_read_server(struct lc_docker_container *container, const char *server);

/* Whether CONTAINER has labels that name it, so that its image has to be asked which of them are the image's own. */
bool lc_docker_is_labelled(const struct lc_docker_container *container);

/*
 * Takes away those labels of CONTAINER that its image carries itself, by the answer to GET /images/ID/json (LENGTH bytes of TEXT; NULL: not
 * known). Compose's labels go too when compose gave the container no hash. 0, or -EPROTO when the answer makes no sense. All labels go then, as
 * where TEXT is NULL.
 */
int lc_docker_discount(struct lc_docker_container *container, const char *text, size_t length);

/*
 * Takes CONTAINER into TARGET (engine, engine_version, name, image, project, service, pod, namespace, privileged, configured_add,
 * configured_drop, sandbox). 0 or -ENOMEM.
 */
int lc_docker_fill(struct lc_target *target, const struct lc_docker_container *container);

/* Frees what CONTAINER owns and empties it. */
void lc_docker_clear(struct lc_docker_container *container);

#endif
