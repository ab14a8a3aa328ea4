/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the edit of one service shares among its parts. */
#ifndef LEASTCAP_COMPOSE_EDIT_PRIVATE_H
#define LEASTCAP_COMPOSE_EDIT_PRIVATE_H

#include "edit.h"

#include <leastcap/strbuf.h>
#include <leastcap/style.h>

/* How the file is written. */
struct lc_compose_style {
	const char *eol;
	size_t step;     /* columns from a service's name to its keys */
	bool block_list; /* lists stand below their keys, one entry a line */
	size_t dash;     /* columns from a key to the dashes below it */
	char quote;      /* around keys and values, or 0 */
	bool prefixed;   /* CAP_NET_ADMIN */
	bool lower;      /* net_admin */
};

/* The edit of one service. */
struct lc_service_edit {
	const struct lc_compose *file;
	const struct lc_compose_service *service;
	const struct lc_compose_wanted *wanted;
	const struct lc_yaml_node *mapping; /* the service's own keys; NULL: it has none */
	struct lc_compose_style style;
	struct lc_edits *edits;
	const struct lc_yaml_node *taken; /* the key whose lines are removed, or NULL */
	struct lc_strbuf added;           /* new keys, each on its line or lines, or with commas between them */
	size_t column;                    /* of the service's keys */
	bool flow;                        /* the service stands in brackets */
	int error;
};

/* What one list is to have. */
struct lc_content {
	uint64_t mask;
	bool all;
};

/* The file's text. Offsets are into it. */
const char *lc_edit_text(const struct lc_service_edit *edit);

/* Where the line begins that OFFSET is on. */
size_t lc_edit_line_start(const struct lc_service_edit *edit, size_t offset);

/* The beginning of the line after the one that OFFSET is on. */
size_t lc_edit_next_line(const struct lc_service_edit *edit, size_t offset);

/* How many bytes stand before OFFSET on its line. */
size_t lc_edit_column(const struct lc_service_edit *edit, size_t offset);

/* Whether C is a blank or ends a line. */
bool lc_is_space(char c);

/* Whether nothing but blanks stands before OFFSET on its line. */
bool lc_edit_begins_line(const struct lc_service_edit *edit, size_t offset);

/* Whether nothing but blanks and a comment stands from OFFSET to the end of its line. */
bool lc_edit_ends_line(const struct lc_service_edit *edit, size_t offset);

/* The end of NODE without the line breaks and blank lines that a block scalar takes in. */
size_t lc_edit_end(const struct lc_service_edit *edit, const struct lc_yaml_node *node);

/* The first byte from OFFSET on that is neither white space nor in a comment. */
size_t lc_edit_skip_comments(const struct lc_service_edit *edit, size_t offset);

/* Where NODE's brackets begin, after its tag and anchor. */
size_t lc_edit_open(const struct lc_service_edit *edit, const struct lc_yaml_node *node);

/* Whether LIST has a comment between its brackets. */
bool lc_edit_has_comments(const struct lc_service_edit *edit, const struct lc_yaml_node *list);

/* After the colon that follows KEY, or 0. */
size_t lc_edit_after_colon(const struct lc_service_edit *edit, const struct lc_yaml_node *key);

/* After the tag and the anchor that stand on the line of KEY's colon, which is there. */
size_t lc_edit_head_end(const struct lc_service_edit *edit, const struct lc_yaml_node *key);

/* After the comma that follows NODE on its line; NODE's end where none does. */
size_t lc_edit_after_comma(const struct lc_service_edit *edit, const struct lc_yaml_node *node);

/* Adds the edit that puts TEXT in place of the bytes from START to before END. */
void lc_edit_replace(struct lc_service_edit *edit, size_t start, size_t end, const char *text);

/* Adds the edit that removes the bytes from START to before END. */
void lc_edit_take_away(struct lc_service_edit *edit, size_t start, size_t end);

/* Whether NODE is a list with dashes. */
bool lc_is_block_list(const struct lc_yaml_node *node);

/* Whether NODE is a mapping without brackets. */
bool lc_is_block_mapping(const struct lc_yaml_node *node);

/* Learns how the file is written: from the service itself, else from the first other one that tells. */
void lc_style_learn(struct lc_service_edit *edit);

/* Appends TEXT in QUOTE, or as it is where that is 0. */
void lc_style_add_quoted(struct lc_strbuf *out, const char *text, char quote);

/* Appends the names of CONTENT with SEPARATOR between them. */
void lc_style_add_names(struct lc_strbuf *out, const struct lc_compose_style *style, struct lc_content content,
	char quote, const char *separator);

/* Appends N spaces. */
void lc_style_add_spaces(struct lc_strbuf *out, size_t n);

/* Appends the names of CONTENT as lines with dashes in COLUMN. */
void lc_style_add_dashes(struct lc_strbuf *out, const struct lc_service_edit *edit, struct lc_content content,
	char quote, size_t column);

/* Brings LIST, in brackets on one line, to MISSING. What stays is written as it was. */
void lc_list_edit_line(struct lc_service_edit *edit, const struct lc_yaml_node *list, struct lc_content missing);

/*
 * Puts TEXT, one or several elements of a list or mapping in brackets, after LAST, the last element that stays; that one begins at
 * FIRST. Where the elements have lines of their own, so has TEXT, because a comment after LAST is about LAST.
 */
void lc_list_append(struct lc_service_edit *edit, size_t first, const struct lc_yaml_node *last, const char *text);

/* Appends the separator of elements that lc_list_append is given at once. */
void lc_list_add_separator(
	struct lc_strbuf *out, const struct lc_service_edit *edit, size_t first, const struct lc_yaml_node *last);

/* Brings LIST, in brackets over several lines with comments among them, to CONTENT. */
void lc_list_edit_lines(struct lc_service_edit *edit, const struct lc_yaml_node *list, struct lc_content content);

/* Whether LIST, the value of KEY, has a line for each entry, and nothing else on it. */
bool lc_list_has_dashes(
	const struct lc_service_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *list);

/* Brings LIST, with dashes, to MISSING. The lines of entries that do not stay are removed; new ones come after the last that does. */
void lc_list_edit_block(struct lc_service_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *list,
	struct lc_content missing);

#endif
