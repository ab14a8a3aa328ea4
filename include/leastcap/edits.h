/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits of a text, and the unified diff that they make. */
#ifndef LEASTCAP_EDITS_H
#define LEASTCAP_EDITS_H

#include <leastcap/strbuf.h>
#include <leastcap/yaml.h>

#include <stdbool.h>
#include <stddef.h>

/* TEXT in place of the bytes from START to before END. */
struct lc_edit {
	size_t start;
	size_t end;
	size_t number; /* the order among edits at one place */
	char *text;
};

/* Zero-initialise to start. */
struct lc_edits {
	struct lc_edit *edits;
	size_t n;
	bool failed; /* out of memory: one is missing */
};

/* Appends the edit that puts a copy of TEXT in place of the bytes from START to before END. */
void lc_edits_add(struct lc_edits *edits, size_t start, size_t end, const char *text);

/* Sorts by place. Returns false where two of them overlap. */
bool lc_edits_sort(struct lc_edits *edits);

/* The text of TREE with sorted EDITS made, for the caller to free. NULL when out of memory. */
char *lc_edits_apply(const struct lc_yaml_tree *tree, const struct lc_edits *edits);

/* The same, without the line break that the last line has only in TREE: what the file becomes, of *LENGTH bytes. */
char *lc_edits_text(const struct lc_yaml_tree *tree, const struct lc_edits *edits, size_t *length);

/* Frees what EDITS owns and zeroes it. */
void lc_edits_clear(struct lc_edits *edits);

/* Appends to OUT the unified diff that sorted EDITS make of TREE, a file that is called PATH. Nothing without edits. */
void lc_edits_diff(
	const struct lc_yaml_tree *tree, const struct lc_edits *edits, const char *path, struct lc_strbuf *out);

#endif
