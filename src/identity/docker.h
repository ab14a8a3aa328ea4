/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the Docker Engine's API answers, read from its JSON. */
#ifndef LEASTCAP_IDENTITY_DOCKER_H
#define LEASTCAP_IDENTITY_DOCKER_H

#include <leastcap/model.h>

#include <jansson.h>
#include <sys/types.h>

/* What an answer says of a container; the strings belong to its JSON, NULL where it does not say. */
struct lc_docker_container {
	json_t *json;
	const char *name;
	const char *image;                    /* as the user called it */
	const char *image_id;                 /* "sha256:…" */
	const char *project, *service, *hash; /* compose's labels */
	const char *pod, *namespace;          /* the kubelet's labels */
	bool privileged;
	uint64_t add, drop;
	pid_t pid; /* of its first process, as the engine numbers it; 0: it does not run */
};

/*
 * Reads the answer to GET /containers/ID/json into CONTAINER, which is empty where there is an error. 0, or -EPROTO when it makes no
 * sense or is about another container.
 */
int lc_docker_read(struct lc_docker_container *container, const char *id, const char *text, size_t length);

/* Whether CONTAINER has labels that name it, of which its image has to be asked whether they are the image's own. */
bool lc_docker_is_labelled(const struct lc_docker_container *container);

/*
 * Takes the labels from CONTAINER that are not the engine's user's: those that its image carries itself, by the answer to GET
 * /images/ID/json (TEXT NULL: not known, all of them); of compose's, all without a hash that compose gave the container. 0, or -EPROTO
 * when the answer makes no sense: then all are taken.
 */
int lc_docker_discount(struct lc_docker_container *container, const char *text, size_t length);

/*
 * Takes CONTAINER into TARGET (engine, name, image, project, service, pod, namespace, privileged, configured_add,
 * configured_drop). 0 or -ENOMEM.
 */
int lc_docker_fill(struct lc_target *target, const struct lc_docker_container *container);

/* Frees what CONTAINER owns and empties it. */
void lc_docker_clear(struct lc_docker_container *container);

#endif
