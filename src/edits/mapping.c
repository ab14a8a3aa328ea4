/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The edit of a mapping: its keys are changed, added or removed in the text. */
#include <leastcap/yaml_edit.h>

#include <leastcap/cleanup.h>

#include <errno.h>
#include <string.h>

void lc_yaml_edit_add_key(struct lc_yaml_edit *edit, const char *key)
{
	const struct lc_yaml_node *mapping = edit->mapping;
	size_t n = mapping ? mapping->n_children : 0;

	if (!edit->flow)
		lc_style_add_spaces(&edit->added, edit->column);
	else if (edit->added.length && n)
		lc_list_add_separator(&edit->added, edit, mapping->children[n - 2]->start, mapping->children[n - 1]);
	else if (edit->added.length)
		lc_strbuf_adds(&edit->added, ", ");
	lc_style_add_quoted(&edit->added, key, edit->style.quote);
	lc_strbuf_adds(&edit->added, ":");
}

void lc_yaml_edit_add_flow_list(struct lc_strbuf *out, const struct lc_yaml_edit *edit, struct lc_content content)
{
	lc_strbuf_adds(out, "[");
	lc_style_add_names(out, &edit->style, content, edit->style.quote, ", ");
	lc_strbuf_adds(out, "]");
}

void lc_yaml_edit_add_list(struct lc_yaml_edit *edit, const char *key, struct lc_content content, const char *tag)
{
	lc_yaml_edit_add_key(edit, key);
	if (tag)
		lc_strbuf_addf(&edit->added, " %s", tag);
	if (edit->flow || !edit->style.block_list || (!content.mask && !content.all)) {
		lc_strbuf_adds(&edit->added, " ");
		lc_yaml_edit_add_flow_list(&edit->added, edit, content);
		lc_strbuf_adds(&edit->added, edit->flow ? "" : edit->style.eol);
		return;
	}
	lc_strbuf_adds(&edit->added, edit->style.eol);
	lc_style_add_dashes(&edit->added, edit, content, 0, edit->column + edit->style.dash);
}

bool lc_yaml_edit_can_take(
	const struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *value)
{
	return !edit->flow && lc_edit_begins_line(edit, key->start) &&
	       lc_edit_ends_line(edit, lc_edit_end(edit, value)) &&
	       (lc_is_block_list(value) ? lc_list_has_dashes(edit, key, value)
					: !value->flow || !lc_edit_has_comments(edit, value));
}

void lc_yaml_edit_take(struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *value)
{
	edit->taken = key;
	if (!lc_is_block_list(value)) {
		lc_edit_take_away(
			edit, lc_edit_line_start(edit, key->start), lc_edit_next_line(edit, lc_edit_end(edit, value)));
		return;
	}
	lc_edit_take_away(edit, lc_edit_line_start(edit, key->start), lc_edit_next_line(edit, key->start));
	for (size_t i = 0; i < value->n_children; i++)
		lc_edit_take_away(edit, lc_edit_line_start(edit, value->children[i]->start),
			lc_edit_next_line(edit, value->children[i]->end));
}

void lc_yaml_edit_replace_value(
	struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *value, const char *text)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	size_t start = value->start;

	/* A value that begins on a later line, or takes several, has a layout of its own. */
	if (value->block_scalar || (value->kind == LC_YAML_MAPPING && !value->flow) || lc_is_block_list(value) ||
		!lc_edit_after_colon(edit, key)) {
		edit->error = -ENOTSUP;
		return;
	}
	lc_strbuf_adds(&out, lc_edit_text(edit)[start - 1] == ':' ? " " : "");
	lc_strbuf_adds(&out, text);
	edit->edits->failed |= out.failed;
	lc_edit_replace(edit, start, value->end, out.text);
}

void lc_yaml_edit_list(struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *value,
	struct lc_content content)
{
	size_t start = lc_edit_open(edit, value);

	if (lc_list_has_dashes(edit, key, value))
		lc_list_edit_block(edit, key, value, content);
	else if (!value->flow)
		edit->error = -ENOTSUP;
	else if (lc_edit_next_line(edit, start) == lc_edit_next_line(edit, value->end - 1))
		lc_list_edit_line(edit, value, content);
	else
		lc_list_edit_lines(edit, value, content);
}

/* What NODE ends in: its last child's last child, and so on. */
static const struct lc_yaml_node *last_of(const struct lc_yaml_node *node)
{
	while (node->n_children && !node->flow)
		node = node->children[node->n_children - 1];
	return node;
}

/* Whether blank lines after NODE belong to it: a block scalar with a plus sign. */
static bool keeps_blank_lines(const struct lc_yaml_edit *edit, const struct lc_yaml_node *node)
{
	const char *text = lc_edit_text(edit) + lc_edit_open(edit, node);

	return node->block_scalar && memchr(text, '+', strcspn(text, "\r\n# \t"));
}

/* The line before which new keys of a mapping without brackets stand. */
static size_t place_for_keys(const struct lc_yaml_edit *edit, const char *const *near, size_t n)
{
	const struct lc_yaml_node *mapping = edit->mapping;
	size_t pair = mapping->n_children - 2;

	for (size_t i = 0; i < n; i++) {
		long own = lc_yaml_find(mapping, near[i]);

		if (own >= 0) {
			pair = (size_t)own;
			break;
		}
	}
	/* New keys take the place of a key whose lines are removed. */
	if (mapping->children[pair] == edit->taken || keeps_blank_lines(edit, last_of(mapping->children[pair + 1])))
		return lc_edit_line_start(edit, mapping->children[pair]->start);
	return lc_edit_next_line(edit, lc_edit_end(edit, mapping->children[pair + 1]));
}

/* Whether nothing but blanks and dashes with a blank after them stands before OFFSET on its line. */
static bool begins_item(const struct lc_yaml_edit *edit, size_t offset)
{
	const char *text = lc_edit_text(edit);

	for (size_t i = lc_edit_line_start(edit, offset); i < offset; i++) {
		if (text[i] != ' ' && (text[i] != '-' || text[i + 1] != ' '))
			return false;
	}
	return true;
}

static void insert_in_block(struct lc_yaml_edit *edit, const char *const *near, size_t n)
{
	size_t place = place_for_keys(edit, near, n);

	/* Keys that do not begin their lines ("? key") cannot be edited, but for the first one of a list's item ("- key"). */
	if (!begins_item(edit, edit->mapping->children[0]->start))
		edit->error = -ENOTSUP;
	else
		lc_edit_replace(edit, place, place, edit->added.text);
}

static void insert_in_flow(struct lc_yaml_edit *edit)
{
	const struct lc_yaml_node *mapping = edit->mapping;
	size_t n = mapping->n_children;
	size_t open = lc_edit_open(edit, mapping) + 1;

	if (n)
		lc_list_append(edit, mapping->children[n - 2]->start, mapping->children[n - 1], edit->added.text);
	else
		lc_edit_replace(edit, open, open, edit->added.text);
}

void lc_yaml_edit_insert(struct lc_yaml_edit *edit, const char *const *near, size_t n)
{
	if (!edit->added.length)
		return;
	if (edit->flow)
		insert_in_flow(edit);
	else
		insert_in_block(edit, near, n);
}
