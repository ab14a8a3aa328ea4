/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Looking things up in YAML that has been read: lines, keys, what aliases and merge keys stand for. */
#include "limits.h"

#include <leastcap/yaml.h>

#include <string.h>

/* Merge keys can name each other, so that what they stand for grows without end. No honest file comes near this number. */
#define MAX_MERGES 1000

size_t lc_yaml_line(const struct lc_yaml_tree *tree, size_t offset)
{
	size_t low = 0, high = tree->n_breaks;

	/* How many line breaks lie before OFFSET is found by halving. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (tree->breaks[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low + 1;
}

size_t lc_yaml_column(const struct lc_yaml_tree *tree, size_t offset)
{
	return offset - lc_yaml_line_start(tree, offset < tree->length ? offset : tree->length) + 1;
}

size_t lc_yaml_line_start(const struct lc_yaml_tree *tree, size_t offset)
{
	while (offset && tree->text[offset - 1] != '\n')
		offset--;
	return offset;
}

size_t lc_yaml_next_line(const struct lc_yaml_tree *tree, size_t offset)
{
	while (offset < tree->length && tree->text[offset] != '\n')
		offset++;
	return offset < tree->length ? offset + 1 : offset;
}

const struct lc_yaml_node *lc_yaml_root(const struct lc_yaml_tree *tree)
{
	return tree->n_documents ? tree->documents[0] : NULL;
}

const struct lc_yaml_node *lc_yaml_resolve(const struct lc_yaml_node *node)
{
	return node && node->kind == LC_YAML_ALIAS ? node->target : node;
}

const char *lc_yaml_text(const struct lc_yaml_node *node)
{
	node = lc_yaml_resolve(node);
	return node && node->kind == LC_YAML_SCALAR ? node->text : NULL;
}

bool lc_yaml_is(const struct lc_yaml_node *node, const char *text)
{
	node = lc_yaml_resolve(node);
	return node && node->kind == LC_YAML_SCALAR && strcmp(node->text, text) == 0;
}

bool lc_yaml_is_exhausted(const struct lc_yaml_tree *tree)
{
	return tree->limited && tree->comparisons > LC_YAML_MAX_COMPARISONS;
}

long lc_yaml_find(const struct lc_yaml_node *mapping, const char *key)
{
	if (!mapping || mapping->kind != LC_YAML_MAPPING || lc_yaml_is_exhausted(mapping->tree))
		return -1;
	mapping->tree->comparisons += 1 + mapping->n_children / 2;
	for (size_t i = 0; i + 1 < mapping->n_children; i += 2) {
		if (lc_yaml_is(mapping->children[i], key))
			return (long)i;
	}
	return -1;
}

static const struct lc_yaml_node *get(const struct lc_yaml_node *mapping, const char *key, size_t *merges);

/* The value of KEY in what a merge key's VALUE names: a mapping, or a list in which the first mapping that has KEY counts. */
static const struct lc_yaml_node *get_merged(const struct lc_yaml_node *value, const char *key, size_t *merges)
{
	const struct lc_yaml_node *found = NULL;

	value = lc_yaml_resolve(value);
	if (value->kind != LC_YAML_SEQUENCE)
		return get(value, key, merges);
	for (size_t i = 0; i < value->n_children && !found; i++)
		found = get(lc_yaml_resolve(value->children[i]), key, merges);
	return found;
}

static const struct lc_yaml_node *get_inherited(const struct lc_yaml_node *mapping, const char *key, size_t *merges)
{
	const struct lc_yaml_node *found = NULL;

	if (mapping->kind != LC_YAML_MAPPING || ++*merges > MAX_MERGES || lc_yaml_is_exhausted(mapping->tree))
		return NULL;
	mapping->tree->comparisons += 1 + mapping->n_children / 2;
	for (size_t i = 0; i + 1 < mapping->n_children && !found; i += 2) {
		const struct lc_yaml_node *name = mapping->children[i];

		if (lc_yaml_is(name, "<<") && !name->quote)
			found = get_merged(mapping->children[i + 1], key, merges);
	}
	return found;
}

static const struct lc_yaml_node *get(const struct lc_yaml_node *mapping, const char *key, size_t *merges)
{
	long own = lc_yaml_find(mapping, key);

	return own >= 0 ? mapping->children[own + 1] : get_inherited(mapping, key, merges);
}

const struct lc_yaml_node *lc_yaml_get(const struct lc_yaml_node *mapping, const char *key)
{
	size_t merges = 0;

	mapping = lc_yaml_resolve(mapping);
	return mapping ? get(mapping, key, &merges) : NULL;
}

const struct lc_yaml_node *lc_yaml_value(const struct lc_yaml_node *mapping, const char *key)
{
	return lc_yaml_resolve(lc_yaml_get(mapping, key));
}

const struct lc_yaml_node *lc_yaml_get_merged(const struct lc_yaml_node *mapping, const char *key)
{
	size_t merges = 0;

	return get_inherited(mapping, key, &merges);
}
