/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Edits of one mapping in a YAML text: its keys, and the lists of capabilities in it. Comments and layout stay, and what is added looks like the rest. */
#ifndef LEASTCAP_YAML_EDIT_H
#define LEASTCAP_YAML_EDIT_H

#include <leastcap/edits.h>
#include <leastcap/strbuf.h>
#include <leastcap/yaml.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How a file is written. */
struct lc_yaml_style {
	const char *eol;
	size_t step;     /* columns from a key to those below it */
	bool block_list; /* lists stand below their keys, one entry a line */
	size_t dash;     /* columns from a key to the dashes below it */
	char quote;      /* around keys and values, or 0 */
	bool prefixed;   /* CAP_NET_ADMIN */
	bool lower;      /* net_admin */
};

/* The edit of one mapping. */
struct lc_yaml_edit {
	const struct lc_yaml_tree *tree;
	const struct lc_yaml_node *mapping; /* NULL: there is none so far */
	struct lc_yaml_style style;
	struct lc_edits *edits;
	const struct lc_yaml_node *taken; /* the key whose lines are removed, or NULL */
	struct lc_strbuf added;           /* new keys, each on its line or lines, or with commas between them */
	size_t column;                    /* of the mapping's keys */
	bool flow;                        /* the mapping stands in brackets */
	int error;                        /* -ENOTSUP: it is written in a way that can't be edited */
};

/* What one list is to have. */
struct lc_content {
	uint64_t mask;
	bool all;
};

/* The file's text. Offsets are into it. */
const char *lc_edit_text(const struct lc_yaml_edit *edit);

/* Where the line begins that OFFSET is on. */
size_t lc_edit_line_start(const struct lc_yaml_edit *edit, size_t offset);

/* The beginning of the line after the one that OFFSET is on. */
size_t lc_edit_next_line(const struct lc_yaml_edit *edit, size_t offset);

/* How many bytes stand before OFFSET on its line. */
size_t lc_edit_column(const struct lc_yaml_edit *edit, size_t offset);

/* Whether C is a blank or ends a line. */
bool lc_is_space(char c);

/* Whether nothing but blanks stands before OFFSET on its line. */
bool lc_edit_begins_line(const struct lc_yaml_edit *edit, size_t offset);

/* Whether nothing but blanks and a comment stands from OFFSET to the end of its line. */
bool lc_edit_ends_line(const struct lc_yaml_edit *edit, size_t offset);

/* The end of NODE without the line breaks and blank lines that a block scalar takes in. */
size_t lc_edit_end(const struct lc_yaml_edit *edit, const struct lc_yaml_node *node);

/* The first byte from OFFSET on that is neither white space nor in a comment. */
size_t lc_edit_skip_comments(const struct lc_yaml_edit *edit, size_t offset);

/* Where NODE's brackets begin, after its tag and anchor. */
size_t lc_edit_open(const struct lc_yaml_edit *edit, const struct lc_yaml_node *node);

/* Whether LIST has a comment between its brackets. */
bool lc_edit_has_comments(const struct lc_yaml_edit *edit, const struct lc_yaml_node *list);

/* After the colon that follows KEY, or 0. */
size_t lc_edit_after_colon(const struct lc_yaml_edit *edit, const struct lc_yaml_node *key);

/* After the tag and the anchor that stand on the line of KEY's colon, which is there. */
size_t lc_edit_head_end(const struct lc_yaml_edit *edit, const struct lc_yaml_node *key);

/* After the comma that follows NODE on its line; NODE's end where none does. */
size_t lc_edit_after_comma(const struct lc_yaml_edit *edit, const struct lc_yaml_node *node);

/* Adds the edit that puts TEXT in place of the bytes from START to before END. */
void lc_edit_replace(struct lc_yaml_edit *edit, size_t start, size_t end, const char *text);

/* Adds the edit that removes the bytes from START to before END. */
void lc_edit_take_away(struct lc_yaml_edit *edit, size_t start, size_t end);

/* Whether NODE is a list with dashes. */
bool lc_is_block_list(const struct lc_yaml_node *node);

/* Whether NODE is a mapping without brackets. */
bool lc_is_block_mapping(const struct lc_yaml_node *node);

/* Learns from MAPPING how lists are written. Returns whether it has one. */
bool lc_style_learn_lists(struct lc_yaml_edit *edit, const struct lc_yaml_node *mapping);

/* Learns from NAME, a capability's, how they are spelt. */
void lc_style_learn_spelling(struct lc_yaml_edit *edit, const char *name);

/* Learns how lines end. */
void lc_style_learn_breaks(struct lc_yaml_edit *edit);

/* Appends TEXT in QUOTE, or as it is where that is 0. */
void lc_style_add_quoted(struct lc_strbuf *out, const char *text, char quote);

/* Appends the names of CONTENT with SEPARATOR between them. */
void lc_style_add_names(struct lc_strbuf *out, const struct lc_yaml_style *style, struct lc_content content, char quote,
	const char *separator);

/* Appends N spaces. */
void lc_style_add_spaces(struct lc_strbuf *out, size_t n);

/* Appends the names of CONTENT as lines with dashes in COLUMN. */
void lc_style_add_dashes(
	struct lc_strbuf *out, const struct lc_yaml_edit *edit, struct lc_content content, char quote, size_t column);

/* Brings LIST, in brackets on one line, to MISSING. What stays is written as it was. */
void lc_list_edit_line(struct lc_yaml_edit *edit, const struct lc_yaml_node *list, struct lc_content missing);

/*
 * Puts TEXT, one or several elements of a list or mapping in brackets, after LAST, the last element that stays; that one begins at
 * FIRST. Where the elements have lines of their own, so has TEXT, because a comment after LAST is about LAST.
 */
void lc_list_append(struct lc_yaml_edit *edit, size_t first, const struct lc_yaml_node *last, const char *text);

/* Appends the separator of elements that lc_list_append is given at once. */
void lc_list_add_separator(
	struct lc_strbuf *out, const struct lc_yaml_edit *edit, size_t first, const struct lc_yaml_node *last);

/* Brings LIST, in brackets over several lines with comments among them, to CONTENT. */
void lc_list_edit_lines(struct lc_yaml_edit *edit, const struct lc_yaml_node *list, struct lc_content content);

/* Whether LIST, the value of KEY, has a line for each entry, and nothing else on it. */
bool lc_list_has_dashes(
	const struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *list);

/* Brings LIST, with dashes, to MISSING. The lines of entries that do not stay are removed; new ones come after the last that does. */
void lc_list_edit_block(struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *list,
	struct lc_content missing);

/* The keys of a mapping */

/* Appends KEY and its colon to the new keys of the mapping. */
void lc_yaml_edit_add_key(struct lc_yaml_edit *edit, const char *key);

/* Appends the names of CONTENT in brackets. */
void lc_yaml_edit_add_flow_list(struct lc_strbuf *out, const struct lc_yaml_edit *edit, struct lc_content content);

/* Adds KEY with a list of CONTENT to the new keys, as lists are written here; TAG ("!override") stands before it, NULL: none. */
void lc_yaml_edit_add_list(struct lc_yaml_edit *edit, const char *key, struct lc_content content, const char *tag);

/* Whether the lines of KEY and VALUE can be removed whole: nothing else stands there, and no comment would be lost. */
bool lc_yaml_edit_can_take(
	const struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *value);

/* Removes the lines of KEY and VALUE. Comments on lines of their own stay. */
void lc_yaml_edit_take(struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *value);

/* Puts TEXT in the place of VALUE, which can't be edited. */
void lc_yaml_edit_replace_value(
	struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *value, const char *text);

/* Brings VALUE, the list that the mapping itself has under KEY, to CONTENT. */
void lc_yaml_edit_list(struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *value,
	struct lc_content content);

/* Puts the new keys into the mapping, which is there: after the first of those called NEAR (N of them) that it has, else at its end. */
void lc_yaml_edit_insert(struct lc_yaml_edit *edit, const char *const *near, size_t n);

#endif
