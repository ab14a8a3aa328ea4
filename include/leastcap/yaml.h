/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* YAML documents as libyaml reads them, each node with the bytes that it stands on. */
#ifndef LEASTCAP_YAML_H
#define LEASTCAP_YAML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A bigger text is no file of a person's. */
#define LC_YAML_MAX_SIZE ((size_t)16 << 20)
/* How deep collections may lie in each other. */
#define LC_YAML_MAX_DEPTH 100

enum lc_yaml_kind { LC_YAML_SCALAR, LC_YAML_SEQUENCE, LC_YAML_MAPPING, LC_YAML_ALIAS };

struct lc_yaml_tree;

struct lc_yaml_node {
	struct lc_yaml_tree *tree; /* that it stands in */
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
struct lc_yaml_tree {
	char *text;
	size_t length;
	size_t unended; /* bytes of the last line break that are not in the file: every line has one here */
	struct lc_yaml_node **documents; /* the root of each; a file may have none */
	size_t n_documents;
	size_t second;    /* where the second document begins */
	uint32_t *breaks; /* the offset of each line break, ascending */
	size_t n_breaks;
	bool limited;       /* the number of keys that are compared has a limit */
	size_t comparisons; /* of keys so far, and of nodes that a reader looked at as well */
};

/*
 * Reads LENGTH bytes of TEXT: UTF-8, any number of documents. 0 with *TREE, which is limited and the caller frees; or -EINVAL,
 * -EFBIG, -ENOMEM with *TREE unchanged, and *MESSAGE (caller frees) is "3:7: …", line and column and what is wrong there.
 */
int lc_yaml_read(struct lc_yaml_tree **tree, const char *text, size_t length, char **message);

/* The same of a text that is no YAML, of which nothing but the lines is known. -EFBIG or -ENOMEM without a message. */
int lc_yaml_read_plain(struct lc_yaml_tree **tree, const char *text, size_t length);

/* Frees TREE, which may be NULL. */
void lc_yaml_tree_free(struct lc_yaml_tree *tree);

/* The line, from 1, on which the byte at OFFSET stands. */
size_t lc_yaml_line(const struct lc_yaml_tree *tree, size_t offset);

/* The column, in bytes from 1, at which the byte at OFFSET stands. */
size_t lc_yaml_column(const struct lc_yaml_tree *tree, size_t offset);

/* Where the line begins on which the byte at OFFSET stands. */
size_t lc_yaml_line_start(const struct lc_yaml_tree *tree, size_t offset);

/* Where the line after that one begins; the text's end where there is none. */
size_t lc_yaml_next_line(const struct lc_yaml_tree *tree, size_t offset);

/* The root of TREE's first document, or NULL. */
const struct lc_yaml_node *lc_yaml_root(const struct lc_yaml_tree *tree);

/* Whether TREE is limited and more keys have been compared than an honest file asks for. From then on no key is found. */
bool lc_yaml_is_exhausted(const struct lc_yaml_tree *tree);

/* What NODE stands for: itself, or an alias's target. */
const struct lc_yaml_node *lc_yaml_resolve(const struct lc_yaml_node *node);

/* The text of NODE, which may be NULL, where it is or stands for a scalar; else NULL. */
const char *lc_yaml_text(const struct lc_yaml_node *node);

/* Whether NODE is a scalar that reads TEXT. */
bool lc_yaml_is(const struct lc_yaml_node *node, const char *text);

/* The index of KEY among MAPPING's own children, where its value follows; or -1. */
long lc_yaml_find(const struct lc_yaml_node *mapping, const char *key);

/* The value of KEY in MAPPING or in what its merge keys ("<<") name, or NULL. */
const struct lc_yaml_node *lc_yaml_get(const struct lc_yaml_node *mapping, const char *key);

/* What that value stands for, or NULL. MAPPING may be NULL, or no mapping at all. */
const struct lc_yaml_node *lc_yaml_value(const struct lc_yaml_node *mapping, const char *key);

/* The value of KEY in what MAPPING's merge keys name, whatever its own keys say, or NULL. */
const struct lc_yaml_node *lc_yaml_get_merged(const struct lc_yaml_node *mapping, const char *key);

#endif
