/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Dockerfiles: their instructions and stages, as far as it takes to have the image give files to a user and start as that. */
#ifndef LEASTCAP_DOCKERFILE_H
#define LEASTCAP_DOCKERFILE_H

#include <leastcap/harden.h>
#include <leastcap/strbuf.h>

#include <stddef.h>

/* A bigger text is no Dockerfile of a person's. */
#define LC_DOCKERFILE_MAX_SIZE ((size_t)1 << 20)

/*
 * Appends to DIFF the unified diff after which the stage STAGE (NULL: the last) of the Dockerfile TEXT, LENGTH bytes of a file that is called PATH, gives PLAN's
 * files to its user and starts as that. 0; -ENOTSUP with *MESSAGE (caller frees, "Dockerfile:3: …") where it is written in a way that is not understood, or has
 * a user already, and nothing is changed; or -ENOMEM.
 */
int lc_dockerfile_patch(const char *path, const char *text, size_t length, const char *stage,
	const struct lc_harden_plan *plan, struct lc_strbuf *diff, char **message);

#endif
