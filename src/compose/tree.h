/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A YAML document as libyaml reads it, each node with the bytes that it stands on. */
#ifndef LEASTCAP_COMPOSE_TREE_H
#define LEASTCAP_COMPOSE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lc_yaml_kind { LC_YAML_SCALAR, LC_YAML_SEQUENCE, LC_YAML_MAPPING, LC_YAML_ALIAS };

struct lc_compose_tree;

struct lc_yaml_node {
	struct lc_compose_tree *tree; /* that it stands in */
	enum lc_yaml_kind kind;
	bool flow;                         /* a collection in brackets */
	bool block_scalar;                 /* after | or > */
	char quote;                        /* of a scalar: ', " or 0 */
	char *text;                        /* a scalar's value, or an alias's anchor */
	char *tag;                         /* NULL where there is none */
	const struct lc_yaml_node *target; /* what an alias stands for */
	struct lc_yaml_node **children;    /* a sequence's items; a mapping's keys and values in turn */
	size_t n_children;
	size_t start; /* in bytes; of its tag or anchor where it has one */
	size_t end;   /* after its last byte; for a collection without brackets its last child's */
};

/* The text, and what stands in it. */
struct lc_compose_tree {
	char *text;
	size_t length;
	size_t unended;            /* bytes of the last line break that are not in the file: every line has one here */
	struct lc_yaml_node *root; /* NULL for an empty document */
	uint32_t *breaks;          /* the offset of each line break, ascending */
	size_t n_breaks;
	bool limited;       /* no more than so many keys are compared */
	size_t comparisons; /* of keys, so far */
};

/*
 * Reads LENGTH bytes of TEXT, one YAML document. 0, or -EINVAL, -ENOMEM with *TREE NULL; *MESSAGE is then "3:7: …", line and
 * column and what is wrong there.
 */
int lc_yaml_tree_read(struct lc_compose_tree **tree, const char *text, size_t length, char **message);

/* Frees TREE, which may be NULL. */
void lc_yaml_tree_free(struct lc_compose_tree *tree);

/* The line, from 1, on which the byte at OFFSET stands. */
size_t lc_yaml_line(const struct lc_compose_tree *tree, size_t offset);

/*
 * Whether, TREE being limited, more keys have been compared than an honest file asks for (src/compose/limits.h): then no key is
 * found any more.
 */
bool lc_yaml_is_exhausted(const struct lc_compose_tree *tree);

/* What NODE stands for: itself, or an alias's target. */
const struct lc_yaml_node *lc_yaml_resolve(const struct lc_yaml_node *node);

/* Whether NODE is a scalar that reads TEXT. */
bool lc_yaml_is(const struct lc_yaml_node *node, const char *text);

/* The place of KEY among MAPPING's own children (that of the key; the value follows), or -1. */
long lc_yaml_find(const struct lc_yaml_node *mapping, const char *key);

/* The value of KEY in MAPPING or in what its merge keys ("<<") name, or NULL. */
const struct lc_yaml_node *lc_yaml_get(const struct lc_yaml_node *mapping, const char *key);

/* The value of KEY in what MAPPING's merge keys name, whatever its own keys say, or NULL. */
const struct lc_yaml_node *lc_yaml_get_merged(const struct lc_yaml_node *mapping, const char *key);

#endif
