/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kubernetes manifests: the pods in them, and the smallest edit by which containers hold what they need. */
#ifndef LEASTCAP_MANIFEST_H
#define LEASTCAP_MANIFEST_H

#include <leastcap/edits.h>
#include <leastcap/log.h>
#include <leastcap/yaml.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One object that has a pod's specification in it. Texts are the tree's, hostile, and NULL where it does not say. */
struct lc_manifest_pod {
	const char *kind;
	const char *name;
	const char *namespace;
	const struct lc_yaml_node *metadata; /* or NULL */
	const struct lc_yaml_node *spec;     /* the pod's */
};

/* The lists of containers that a pod's specification may have, in the order in which they are read; ended by NULL. */
extern const char *const lc_manifest_lists[];

/* Whether one of TREE's documents is a Kubernetes object. */
bool lc_manifest_is(const struct lc_yaml_tree *tree);

/* Finds all pods of TREE: *N in an array that the caller frees. 0 or -ENOMEM with *PODS and *N unchanged. */
int lc_manifest_find_pods(const struct lc_yaml_tree *tree, struct lc_manifest_pod **pods, size_t *n);

/* What a container's securityContext says. */
struct lc_manifest_grant {
	bool privileged;
	bool add_all;
	bool drop_all;
	bool exact; /* no entry is repeated, or no capability's */
	uint64_t add;
	uint64_t drop;
};

struct lc_manifest_container {
	struct lc_manifest_pod pod;
	const char *name;                /* NULL where it has none */
	const struct lc_yaml_node *item; /* in its list: an alias, or the container itself */
	const struct lc_yaml_node *node; /* what that stands for */
	struct lc_manifest_grant grant;
};

/* A file of manifests. */
struct lc_manifest {
	char *path; /* as given, for messages */
	struct lc_yaml_tree *tree;
	struct lc_manifest_container *containers; /* in the file's order, those of lc_manifest_lists in turn */
	size_t n;
};

/* Reads LENGTH bytes of TEXT, which messages call PATH, into MANIFEST (zeroed before). 0, or -errno with MANIFEST zero again and *MESSAGE (caller frees). */
int lc_manifest_parse(struct lc_manifest *manifest, const char *path, const char *text, size_t length, char **message);

/* Reads the file at PATH. As lc_manifest_parse; also -errno of open and read. */
int lc_manifest_load(struct lc_manifest *manifest, const char *path, char **message);

/* Frees everything that MANIFEST owns and zeroes it. */
void lc_manifest_clear(struct lc_manifest *manifest);

/* What a container is to hold. */
struct lc_manifest_wanted {
	bool recorded; /* else it stays as it is */
	uint64_t cap_add;
};

/* "Deployment shop, container web" of CONTAINER, which the caller frees; NULL when out of memory. */
char *lc_manifest_where(const struct lc_manifest_container *container);

/*
 * Fills EDITS (zeroed before), sorted, with those of MANIFEST's text by which each recorded container drops all capabilities, adds those that it is
 * WANTED to have (an element for each container), and is not privileged. LOG gets a line for each that no edit brings to it. 0 with the number of
 * these in *LEFT, or -errno with *LEFT unchanged; EDITS is to be cleared in any case.
 */
int lc_manifest_edits(const struct lc_manifest *manifest, const struct lc_manifest_wanted *wanted,
	const struct lc_log *log, struct lc_edits *edits, size_t *left);

#endif
