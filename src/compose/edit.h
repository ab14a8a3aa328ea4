/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits of a compose file's text, and the diff that they make. */
#ifndef LEASTCAP_COMPOSE_EDIT_H
#define LEASTCAP_COMPOSE_EDIT_H

#include <leastcap/compose.h>
#include <leastcap/yaml.h>

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

/* What a service is to be granted. */
struct lc_compose_wanted {
	uint64_t cap_add;
	bool was_privileged; /* when it was recorded */
	bool in_full;        /* the service's own keys have to say all of it, whatever it has from others */
};

/* Appends the edit that puts a copy of TEXT in place of the bytes from START to before END. */
void lc_edits_add(struct lc_edits *edits, size_t start, size_t end, const char *text);

/* Sorts by place. Returns false where two of them overlap. */
bool lc_edits_sort(struct lc_edits *edits);

/* The text of TREE with sorted EDITS made, for the caller to free. NULL when out of memory. */
char *lc_edits_apply(const struct lc_yaml_tree *tree, const struct lc_edits *edits);

/* Frees what EDITS owns and zeroes it. */
void lc_edits_clear(struct lc_edits *edits);

/* Whether compose grants SERVICE what WANTED says, and no more. */
bool lc_compose_fulfils(const struct lc_compose_service *service, const struct lc_compose_wanted *wanted);

/*
 * Appends the edits after which SERVICE of FILE has what WANTED says. 0, -ENOTSUP where the file is written in a way that cannot be
 * edited, or -ENOMEM. After an error EDITS may have some of them, and can only be cleared.
 */
int lc_compose_edit(const struct lc_compose *file, const struct lc_compose_service *service,
	const struct lc_compose_wanted *wanted, struct lc_edits *edits);

/* Appends to OUT the unified diff that sorted EDITS make of TREE, a file that is called PATH. Nothing without edits. */
void lc_compose_diff(
	const struct lc_yaml_tree *tree, const struct lc_edits *edits, const char *path, struct lc_strbuf *out);

#endif
