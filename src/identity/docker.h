/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the Docker Engine's API answers, read from its JSON. */
#ifndef LEASTCAP_IDENTITY_DOCKER_H
#define LEASTCAP_IDENTITY_DOCKER_H

#include <leastcap/profile.h>

/*
 * Takes the answer to GET /containers/ID/json into TARGET (engine, name, image, project, service, pod, namespace, privileged,
 * configured_add, configured_drop), which is only touched when the whole answer makes sense. 0, -EPROTO, -ENOMEM.
 */
int lc_docker_read_container(struct lc_target *target, const char *text, size_t length);

#endif
