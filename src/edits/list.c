/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The edit of a list of capabilities where it stands. Entries that stay are left as they are written. */
#include <leastcap/yaml_edit.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Whether ITEM is to stay in a list. What it names is then taken out of MISSING. */
static bool stays(const struct lc_yaml_node *item, struct lc_content *missing)
{
	const struct lc_yaml_node *scalar = lc_yaml_resolve(item);
	int cap = scalar->kind == LC_YAML_SCALAR ? lc_cap_from_name(scalar->text) : -1;

	if (scalar->kind == LC_YAML_SCALAR && strcasecmp(scalar->text, "ALL") == 0 && missing->all) {
		missing->all = false;
		return true;
	}
	if (cap < 0 || !(missing->mask & LC_CAP_BIT(cap)))
		return false;
	missing->mask &= ~LC_CAP_BIT(cap);
	return true;
}

static char quote_in(const struct lc_yaml_edit *edit, const struct lc_yaml_node *list)
{
	if (list->n_children)
		return list->children[0]->quote;
	return edit->style.quote;
}

void lc_list_edit_line(struct lc_yaml_edit *edit, const struct lc_yaml_node *list, struct lc_content missing)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	_cleanup_free_ char *between = NULL;
	const char *text = lc_edit_text(edit);
	size_t start = lc_edit_open(edit, list) + 1;
	size_t end = list->end - 1;
	const char *separator = "";

	if (list->n_children > 1)
		between = strndup(text + list->children[0]->end, list->children[1]->start - list->children[0]->end);
	for (size_t i = 0; i < list->n_children; i++) {
		const struct lc_yaml_node *item = list->children[i];

		start = i ? start : item->start;
		end = item->end;
		if (!stays(item, &missing))
			continue;
		lc_strbuf_adds(&out, separator);
		lc_strbuf_add(&out, text + item->start, item->end - item->start);
		separator = between ? between : ", ";
	}
	if (missing.all || missing.mask) {
		lc_strbuf_adds(&out, separator);
		lc_style_add_names(&out, &edit->style, missing, quote_in(edit, list), between ? between : ", ");
	}
	edit->edits->failed |= out.failed;
	lc_edit_replace(edit, start, end, out.text ? out.text : "");
}

/* Removes ITEM from a list in brackets, with its comma, and with its line where nothing else stands there. */
static void take_item(struct lc_yaml_edit *edit, const struct lc_yaml_node *item)
{
	const char *text = lc_edit_text(edit);
	size_t comma = lc_edit_skip_comments(edit, item->end);
	size_t end = text[comma] == ',' && lc_edit_next_line(edit, comma) == lc_edit_next_line(edit, item->end)
			     ? comma + 1
			     : item->end;

	if (lc_edit_begins_line(edit, item->start) && lc_edit_ends_line(edit, end)) {
		lc_edit_take_away(edit, lc_edit_line_start(edit, item->start), lc_edit_next_line(edit, end));
		return;
	}
	while ((text[end] == ' ' || text[end] == '\t') && !lc_edit_ends_line(edit, end))
		end++;
	lc_edit_take_away(edit, item->start, end);
}

void lc_list_append(struct lc_yaml_edit *edit, size_t first, const struct lc_yaml_node *last, const char *text)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	size_t comma = lc_edit_after_comma(edit, last);

	if (!lc_edit_begins_line(edit, first) || !lc_edit_ends_line(edit, comma)) {
		lc_strbuf_addf(&out, ", %s", text);
		lc_edit_replace(edit, last->end, last->end, out.text);
	} else {
		if (comma == last->end)
			lc_edit_replace(edit, comma, comma, ",");
		lc_style_add_spaces(&out, lc_edit_column(edit, first));
		lc_strbuf_addf(&out, "%s%s", text, edit->style.eol);
		lc_edit_replace(edit, lc_edit_next_line(edit, comma), lc_edit_next_line(edit, comma), out.text);
	}
	edit->edits->failed |= out.failed;
}

void lc_list_add_separator(
	struct lc_strbuf *out, const struct lc_yaml_edit *edit, size_t first, const struct lc_yaml_node *last)
{
	if (!lc_edit_begins_line(edit, first) || !lc_edit_ends_line(edit, lc_edit_after_comma(edit, last))) {
		lc_strbuf_adds(out, ", ");
		return;
	}
	lc_strbuf_addf(out, ",%s", edit->style.eol);
	lc_style_add_spaces(out, lc_edit_column(edit, first));
}

/* How many items LIST has up to the last that stays. What those that stay name is taken out of MISSING. */
static size_t find_last(const struct lc_yaml_node *list, struct lc_content *missing)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n_children; i++) {
		if (stays(list->children[i], missing))
			n = i + 1;
	}
	return n;
}

/* Removes the comma after LAST, which is now LIST's last item, unless LIST ended in one. */
static void take_comma(struct lc_yaml_edit *edit, const struct lc_yaml_node *list, const struct lc_yaml_node *last)
{
	const struct lc_yaml_node *end = list->children[list->n_children - 1];
	size_t comma = lc_edit_after_comma(edit, last);

	if (last != end && comma != last->end && lc_edit_text(edit)[lc_edit_skip_comments(edit, end->end)] != ',')
		lc_edit_take_away(edit, comma - 1, comma);
}

void lc_list_edit_lines(struct lc_yaml_edit *edit, const struct lc_yaml_node *list, struct lc_content content)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf separator = {0};
	struct lc_content missing = content;
	size_t n = find_last(list, &missing);
	const struct lc_yaml_node *last = n ? list->children[n - 1] : NULL;
	size_t open = lc_edit_open(edit, list) + 1;
	bool whole = !n && !lc_edit_has_comments(edit, list);

	for (size_t i = 0; i < list->n_children; i++) {
		if (!whole && !stays(list->children[i], &content))
			take_item(edit, list->children[i]);
	}
	if (n)
		lc_list_add_separator(&separator, edit, last->start, last);
	lc_style_add_names(&names, &edit->style, missing, quote_in(edit, list), n ? separator.text : ", ");
	edit->edits->failed |= names.failed || separator.failed;
	if (n && names.text)
		lc_list_append(edit, last->start, last, names.text);
	else if (n)
		take_comma(edit, list, last);
	else
		/* No entry stays, so that no comma is needed. */
		lc_edit_replace(edit, open, whole ? list->end - 1 : open, names.text ? names.text : "");
}

/* Where the dash of ITEM stands; 0 where it is on another line. */
static size_t dash_of(const struct lc_yaml_edit *edit, const struct lc_yaml_node *item)
{
	size_t offset = item->start;

	while (offset && (lc_edit_text(edit)[offset - 1] == ' ' || lc_edit_text(edit)[offset - 1] == '\t'))
		offset--;
	offset = offset && lc_edit_text(edit)[offset - 1] == '-' ? offset - 1 : 0;
	return offset && lc_edit_begins_line(edit, offset) ? offset : 0;
}

bool lc_list_has_dashes(
	const struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *list)
{
	if (!lc_is_block_list(list) || !lc_edit_after_colon(edit, key) ||
		!lc_edit_ends_line(edit, lc_edit_head_end(edit, key)))
		return false;
	for (size_t i = 0; i < list->n_children; i++) {
		const struct lc_yaml_node *item = list->children[i];

		if (!dash_of(edit, item) || !lc_edit_ends_line(edit, item->end) ||
			(item->kind != LC_YAML_SCALAR && item->kind != LC_YAML_ALIAS) || item->block_scalar)
			return false;
	}
	return true;
}

void lc_list_edit_block(struct lc_yaml_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *list,
	struct lc_content missing)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	size_t column = lc_edit_column(edit, dash_of(edit, list->children[0]));
	size_t place = lc_edit_line_start(edit, list->children[0]->start);

	if (!missing.all && !missing.mask)
		lc_edit_replace(edit, lc_edit_head_end(edit, key), lc_edit_head_end(edit, key), " []");
	for (size_t i = 0; i < list->n_children; i++) {
		const struct lc_yaml_node *item = list->children[i];

		if (stays(item, &missing))
			place = lc_edit_next_line(edit, item->end);
		else
			lc_edit_take_away(
				edit, lc_edit_line_start(edit, item->start), lc_edit_next_line(edit, item->end));
	}
	lc_style_add_dashes(&out, edit, missing, quote_in(edit, list), column);
	edit->edits->failed |= out.failed;
	if (out.length)
		lc_edit_replace(edit, place, place, out.text);
}
