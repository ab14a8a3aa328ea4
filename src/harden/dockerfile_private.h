/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A Dockerfile that has been read. */
#ifndef LEASTCAP_DOCKERFILE_PRIVATE_H
#define LEASTCAP_DOCKERFILE_PRIVATE_H

#include <leastcap/yaml.h>

#include <stdbool.h>
#include <stddef.h>

/* What an instruction does, as far as it matters where another one is put. */
enum lc_docker_kind {
	LC_DOCKER_FROM,
	LC_DOCKER_BUILD, /* changes files, or what following instructions work on: RUN, COPY, ADD, WORKDIR, SHELL */
	LC_DOCKER_USER,
	LC_DOCKER_VOLUME, /* what later instructions do to its directories is lost */
	LC_DOCKER_START,  /* CMD, ENTRYPOINT */
	LC_DOCKER_LATER,  /* ONBUILD: is done in the images that are made of this one */
	LC_DOCKER_NOTE,   /* the rest: says something of the image */
};

struct lc_docker_instruction {
	enum lc_docker_kind kind;
	size_t start; /* of its line */
	size_t end;   /* of its last line, behind the line break; with its documents ("<<EOF") */
	char *words;  /* what follows the keyword, on one line, without comments; owned */
};

struct lc_docker_stage {
	size_t first; /* its FROM */
	size_t end;   /* after its last instruction */
	char *name;   /* after AS; NULL: none; owned */
	char *base;   /* what it is made of; owned */
};

/* Zero-initialise to start. */
struct lc_dockerfile {
	const char *path;
	struct lc_yaml_tree *text; /* its lines */
	char escape;
	struct lc_docker_instruction *instructions;
	size_t n;
	struct lc_docker_stage *stages;
	size_t n_stages;
};

/* Reads LENGTH bytes of TEXT. 0; -ENOTSUP with *MESSAGE (caller frees) where it is not understood; or -ENOMEM. FILE is to be cleared in any case. */
int lc_dockerfile_read(struct lc_dockerfile *file, const char *path, const char *text, size_t length, char **message);

/* Frees what FILE owns and zeroes it. */
void lc_dockerfile_clear(struct lc_dockerfile *file);

#endif
