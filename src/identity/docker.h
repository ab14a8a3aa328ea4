/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the Docker Engine's API answers, read from its JSON. */
#ifndef LEASTCAP_IDENTITY_DOCKER_H
#define LEASTCAP_IDENTITY_DOCKER_H

#include <leastcap/profile.h>

/*
 * Takes the answer to GET /containers/ID/json into TARGET (engine, name, image, project, service, privileged,
 * configured_add, configured_drop), which is only touched when the whole answer makes sense. 0, -EPROTO, -ENOMEM.
 */
int lc_docker_read_container(struct lc_target *target, const char *text, size_t length);

/*
 * Finds the containers called NAME in the answer to GET /containers/json, or when there is none, those whose id begins
 * with NAME, as docker itself does. Puts up to N ids into IDS, returns how many there are, or -EPROTO.
 */
int lc_docker_read_list(const char *text, size_t length, const char *name, char (*ids)[72], size_t n);

#endif
