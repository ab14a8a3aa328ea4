/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a YAML file is written. It is learnt from what is there and kept in what is added. */
#include <leastcap/yaml_edit.h>

#include <leastcap/capset.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

bool lc_is_block_list(const struct lc_yaml_node *node)
{
	return node->kind == LC_YAML_SEQUENCE && !node->flow && node->n_children;
}

bool lc_is_block_mapping(const struct lc_yaml_node *node)
{
	return node->kind == LC_YAML_MAPPING && !node->flow && node->n_children;
}

bool lc_style_learn_lists(struct lc_yaml_edit *edit, const struct lc_yaml_node *mapping)
{
	for (size_t i = 0; i + 1 < mapping->n_children; i += 2) {
		const struct lc_yaml_node *value = mapping->children[i + 1];
		size_t dash;

		if (!lc_is_block_list(value))
			continue;
		dash = lc_edit_line_start(edit, value->children[0]->start);
		while (lc_edit_text(edit)[dash] == ' ')
			dash++;
		if (lc_edit_text(edit)[dash] != '-' ||
			lc_edit_column(edit, dash) < lc_edit_column(edit, mapping->children[i]->start))
			continue;
		edit->style.block_list = true;
		edit->style.dash = lc_edit_column(edit, dash) - lc_edit_column(edit, mapping->children[i]->start);
		return true;
	}
	return false;
}

void lc_style_learn_spelling(struct lc_yaml_edit *edit, const char *name)
{
	edit->style.prefixed = strncasecmp(name, "CAP_", 4) == 0;
	edit->style.lower = islower((unsigned char)*name);
}

void lc_style_learn_breaks(struct lc_yaml_edit *edit)
{
	const char *text = lc_edit_text(edit);
	const char *newline = strchr(text, '\n');

	edit->style.eol = newline && newline > text && newline[-1] == '\r' ? "\r\n" : "\n";
}

void lc_style_add_quoted(struct lc_strbuf *out, const char *text, char quote)
{
	if (quote)
		lc_strbuf_add(out, &quote, 1);
	lc_strbuf_adds(out, text);
	if (quote)
		lc_strbuf_add(out, &quote, 1);
}

/* The name of CAP as the file spells such names. */
static const char *spell(const struct lc_yaml_style *style, int cap, char name[LC_CAP_NAME_SIZE])
{
	if (style->prefixed)
		lc_cap_full_name(cap, name);
	else
		lc_cap_name(cap, name);
	for (char *c = name; style->lower && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	return name;
}

/* Takes the next name out of CONTENT, which NAME may hold; NULL when CONTENT is empty. */
static const char *next_name(const struct lc_yaml_style *style, struct lc_content *content, char name[LC_CAP_NAME_SIZE])
{
	int cap;

	if (content->all) {
		content->all = false;
		return "ALL";
	}
	cap = lc_cap_take(&content->mask);
	return cap < 0 ? NULL : spell(style, cap, name);
}

void lc_style_add_names(struct lc_strbuf *out, const struct lc_yaml_style *style, struct lc_content content, char quote,
	const char *separator)
{
	char name[LC_CAP_NAME_SIZE];
	const char *next;
	bool first = true;

	while ((next = next_name(style, &content, name))) {
		lc_strbuf_adds(out, first ? "" : separator);
		lc_style_add_quoted(out, next, quote);
		first = false;
	}
}

void lc_style_add_spaces(struct lc_strbuf *out, size_t n)
{
	lc_strbuf_addf(out, "%*s", (int)n, "");
}

void lc_style_add_dashes(
	struct lc_strbuf *out, const struct lc_yaml_edit *edit, struct lc_content content, char quote, size_t column)
{
	char name[LC_CAP_NAME_SIZE];
	const char *next;

	while ((next = next_name(&edit->style, &content, name))) {
		lc_style_add_spaces(out, column);
		lc_strbuf_adds(out, "- ");
		lc_style_add_quoted(out, next, quote);
		lc_strbuf_adds(out, edit->style.eol);
	}
}
