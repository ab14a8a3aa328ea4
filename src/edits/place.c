/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where things stand in a YAML file's text: the lines, brackets, colons and commas around a node. */
#include <leastcap/yaml_edit.h>

#include <string.h>

const char *lc_edit_text(const struct lc_yaml_edit *edit)
{
	return edit->tree->text;
}

size_t lc_edit_line_start(const struct lc_yaml_edit *edit, size_t offset)
{
	return lc_yaml_line_start(edit->tree, offset);
}

size_t lc_edit_next_line(const struct lc_yaml_edit *edit, size_t offset)
{
	return lc_yaml_next_line(edit->tree, offset);
}

size_t lc_edit_column(const struct lc_yaml_edit *edit, size_t offset)
{
	return offset - lc_edit_line_start(edit, offset);
}

bool lc_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool lc_edit_begins_line(const struct lc_yaml_edit *edit, size_t offset)
{
	for (size_t i = lc_edit_line_start(edit, offset); i < offset; i++) {
		if (lc_edit_text(edit)[i] != ' ')
			return false;
	}
	return true;
}

bool lc_edit_ends_line(const struct lc_yaml_edit *edit, size_t offset)
{
	const char *text = lc_edit_text(edit);
	size_t i = offset;

	while (text[i] == ' ' || text[i] == '\t')
		i++;
	return !text[i] || text[i] == '\n' || text[i] == '\r' || (text[i] == '#' && i > offset);
}

size_t lc_edit_end(const struct lc_yaml_edit *edit, const struct lc_yaml_node *node)
{
	size_t end = node->end;

	while (end > node->start && lc_is_space(lc_edit_text(edit)[end - 1]))
		end--;
	return end;
}

size_t lc_edit_skip_comments(const struct lc_yaml_edit *edit, size_t offset)
{
	const char *text = lc_edit_text(edit);

	for (;;) {
		while (lc_is_space(text[offset]))
			offset++;
		if (text[offset] != '#')
			return offset;
		offset = lc_edit_next_line(edit, offset);
	}
}

size_t lc_edit_open(const struct lc_yaml_edit *edit, const struct lc_yaml_node *node)
{
	const char *text = lc_edit_text(edit);
	size_t offset = node->start;

	while (text[offset] == '!' || text[offset] == '&') {
		while (text[offset] && !lc_is_space(text[offset]))
			offset++;
		offset = lc_edit_skip_comments(edit, offset);
	}
	return offset;
}

bool lc_edit_has_comments(const struct lc_yaml_edit *edit, const struct lc_yaml_node *list)
{
	size_t start = lc_edit_open(edit, list) + 1;

	return memchr(lc_edit_text(edit) + start, '#', list->end - start) != NULL;
}

size_t lc_edit_after_colon(const struct lc_yaml_edit *edit, const struct lc_yaml_node *key)
{
	size_t offset = key->end;

	while (lc_edit_text(edit)[offset] == ' ' || lc_edit_text(edit)[offset] == '\t')
		offset++;
	return lc_edit_text(edit)[offset] == ':' ? offset + 1 : 0;
}

size_t lc_edit_head_end(const struct lc_yaml_edit *edit, const struct lc_yaml_node *key)
{
	const char *text = lc_edit_text(edit);
	size_t end = lc_edit_after_colon(edit, key);

	for (;;) {
		size_t offset = end;

		while (text[offset] == ' ' || text[offset] == '\t')
			offset++;
		if (text[offset] != '!' && text[offset] != '&')
			return end;
		while (text[offset] && !lc_is_space(text[offset]))
			offset++;
		end = offset;
	}
}

size_t lc_edit_after_comma(const struct lc_yaml_edit *edit, const struct lc_yaml_node *node)
{
	size_t offset = node->end;

	while (lc_edit_text(edit)[offset] == ' ' || lc_edit_text(edit)[offset] == '\t')
		offset++;
	return lc_edit_text(edit)[offset] == ',' ? offset + 1 : node->end;
}

void lc_edit_replace(struct lc_yaml_edit *edit, size_t start, size_t end, const char *text)
{
	lc_edits_add(edit->edits, start, end, text);
}

void lc_edit_take_away(struct lc_yaml_edit *edit, size_t start, size_t end)
{
	lc_edit_replace(edit, start, end, "");
}
