/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* YAML documents as libyaml reads them: their events made trees, their marks made offsets. */
#include "limits.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/message.h>
#include <leastcap/strbuf.h>
#include <leastcap/yaml.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

struct anchor {
	char *name;
	const struct lc_yaml_node *node;
};

/* What the reading of one document needs. */
struct reader {
	yaml_parser_t parser;
	struct lc_yaml_tree *tree;
	uint32_t *offsets; /* of each character: libyaml counts characters */
	size_t n_offsets;
	struct lc_yaml_node *open[LC_YAML_MAX_DEPTH]; /* collections that have not ended, outermost first */
	char *names[LC_YAML_MAX_DEPTH];               /* their anchors */
	size_t depth;
	struct anchor anchors[LC_YAML_MAX_ANCHORS];
	size_t n_anchors;
	char **message;
};

static void node_free(struct lc_yaml_node *node)
{
	if (!node)
		return;
	for (size_t i = 0; i < node->n_children; i++)
		node_free(node->children[i]);
	free(node->children);
	free(node->text);
	free(node->tag);
	free(node);
}

void lc_yaml_tree_free(struct lc_yaml_tree *tree)
{
	if (!tree)
		return;
	for (size_t i = 0; i < tree->n_documents; i++)
		node_free(tree->documents[i]);
	free(tree->documents);
	free(tree->breaks);
	free(tree->text);
	free(tree);
}

/* Says WHAT is wrong at the byte at OFFSET. */
static int refuse(struct reader *reader, size_t offset, const char *what)
{
	const struct lc_yaml_tree *tree = reader->tree;

	return lc_complain(reader->message, -EINVAL, "%zu:%zu: %s", lc_yaml_line(tree, offset),
		lc_yaml_column(tree, offset), what);
}

/* The length of the byte order mark that TEXT begins with: libyaml, given the encoding, takes it for a character. */
static size_t skip_mark(const char *text)
{
	return strncmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* Finds where each character begins: every byte but UTF-8's continuations. */
static int find_offsets(struct reader *reader)
{
	const struct lc_yaml_tree *tree = reader->tree;

	reader->offsets = calloc(tree->length + 1, sizeof(*reader->offsets));
	if (!reader->offsets)
		return -ENOMEM;
	for (size_t i = skip_mark(tree->text); i < tree->length; i++) {
		if (((unsigned char)tree->text[i] & 0xc0) != 0x80)
			reader->offsets[reader->n_offsets++] = (uint32_t)i;
	}
	reader->offsets[reader->n_offsets] = (uint32_t)tree->length;
	return 0;
}

static size_t offset_of(const struct reader *reader, yaml_mark_t mark)
{
	return reader->offsets[mark.index < reader->n_offsets ? mark.index : reader->n_offsets];
}

/* Says what libyaml found wrong, and where. */
static int refuse_problem(struct reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	_cleanup_free_ char *what = NULL;

	if (parser->error == YAML_MEMORY_ERROR)
		return -ENOMEM;
	if (parser->error == YAML_READER_ERROR)
		return refuse(reader, reader->offsets[0] + parser->problem_offset, parser->problem);
	if (asprintf(&what, "%s%s%s", parser->problem, parser->context ? " " : "",
		    parser->context ? parser->context : "") < 0) {
		what = NULL;
		return -ENOMEM;
	}
	return refuse(reader, offset_of(reader, parser->problem_mark), what);
}

/* From here on NAME stands for NODE. Takes NAME over, which may be NULL: there is no anchor then. */
static int add_anchor(struct reader *reader, char *name, const struct lc_yaml_node *node)
{
	if (!name)
		return 0;
	if (reader->n_anchors == LC_YAML_MAX_ANCHORS) {
		free(name);
		return refuse(reader, node->start, "more anchors than leastcap reads");
	}
	reader->anchors[reader->n_anchors++] = (struct anchor){.name = name, .node = node};
	return 0;
}

static int find_anchor(struct reader *reader, struct lc_yaml_node *alias)
{
	for (size_t i = reader->n_anchors; i; i--) {
		if (strcmp(reader->anchors[i - 1].name, alias->text) == 0) {
			alias->target = reader->anchors[i - 1].node;
			return 0;
		}
	}
	return refuse(reader, alias->start, "an alias whose anchor does not stand before it");
}

/* Appends NODE to the innermost open collection, or to the documents. Takes NODE over, also when this fails. */
static int append(struct reader *reader, struct lc_yaml_node *node)
{
	struct lc_yaml_node *parent = reader->depth ? reader->open[reader->depth - 1] : NULL;
	struct lc_yaml_node ***list = parent ? &parent->children : &reader->tree->documents;
	size_t *n = parent ? &parent->n_children : &reader->tree->n_documents;
	struct lc_yaml_node **grown = lc_array_grow(*list, *n, sizeof(void *));

	if (!grown) {
		node_free(node);
		return -ENOMEM;
	}
	*list = grown;
	grown[(*n)++] = node;
	return 0;
}

/* Appends the node that EVENT begins. NULL when out of memory. */
static struct lc_yaml_node *new_node(struct reader *reader, const yaml_event_t *event, enum lc_yaml_kind kind)
{
	struct lc_yaml_node *node = calloc(1, sizeof(*node));

	if (!node)
		return NULL;
	node->tree = reader->tree;
	node->kind = kind;
	node->start = offset_of(reader, event->start_mark);
	node->end = offset_of(reader, event->end_mark);
	return append(reader, node) ? NULL : node;
}

static int copy_text(char **copy, const yaml_char_t *text)
{
	return lc_copy_to(copy, (const char *)text);
}

static int read_scalar(struct reader *reader, const yaml_event_t *event)
{
	yaml_scalar_style_t style = event->data.scalar.style;
	struct lc_yaml_node *node = new_node(reader, event, LC_YAML_SCALAR);
	char *name = NULL;

	if (!node || copy_text(&node->text, event->data.scalar.value) ||
		copy_text(&node->tag, event->data.scalar.tag) || copy_text(&name, event->data.scalar.anchor))
		return -ENOMEM;
	node->block_scalar = style == YAML_LITERAL_SCALAR_STYLE || style == YAML_FOLDED_SCALAR_STYLE;
	if (style == YAML_SINGLE_QUOTED_SCALAR_STYLE)
		node->quote = '\'';
	if (style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		node->quote = '"';
	return add_anchor(reader, name, node);
}

static int read_alias(struct reader *reader, const yaml_event_t *event)
{
	struct lc_yaml_node *node = new_node(reader, event, LC_YAML_ALIAS);

	if (!node || copy_text(&node->text, event->data.alias.anchor) || !node->text)
		return -ENOMEM;
	return find_anchor(reader, node);
}

static int read_start(struct reader *reader, const yaml_event_t *event)
{
	bool is_sequence = event->type == YAML_SEQUENCE_START_EVENT;
	const yaml_char_t *tag = is_sequence ? event->data.sequence_start.tag : event->data.mapping_start.tag;
	const yaml_char_t *anchor = is_sequence ? event->data.sequence_start.anchor : event->data.mapping_start.anchor;
	struct lc_yaml_node *node;

	if (reader->depth == LC_YAML_MAX_DEPTH)
		return refuse(reader, offset_of(reader, event->start_mark), "nested deeper than leastcap reads");
	node = new_node(reader, event, is_sequence ? LC_YAML_SEQUENCE : LC_YAML_MAPPING);
	if (!node || copy_text(&node->tag, tag) || copy_text(&reader->names[reader->depth], anchor))
		return -ENOMEM;
	node->flow = is_sequence ? event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE
				 : event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
	reader->open[reader->depth++] = node;
	return 0;
}

/* An anchor counts from the end of its node on, because a node cannot contain itself. */
static int read_end(struct reader *reader, const yaml_event_t *event)
{
	struct lc_yaml_node *node = reader->open[--reader->depth];
	char *name = reader->names[reader->depth];

	reader->names[reader->depth] = NULL;
	/* Without brackets the mark of the end is where the next thing begins, after comments and blank lines. */
	if (node->flow)
		node->end = offset_of(reader, event->end_mark);
	else if (node->n_children)
		node->end = node->children[node->n_children - 1]->end;
	return add_anchor(reader, name, node);
}

/* Each document has anchors of its own. */
static void forget_anchors(struct reader *reader)
{
	while (reader->n_anchors)
		free(reader->anchors[--reader->n_anchors].name);
}

static int read_event(struct reader *reader, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(reader, event);
	case YAML_ALIAS_EVENT:
		return read_alias(reader, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return read_start(reader, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return read_end(reader, event);
	case YAML_DOCUMENT_START_EVENT:
		forget_anchors(reader);
		if (reader->tree->n_documents == 1)
			reader->tree->second = offset_of(reader, event->start_mark);
		return 0;
	default:
		return 0;
	}
}

/* Refuses a text beyond the limits, before libyaml's parser reads it. */
static int check_limits(struct reader *reader)
{
	const struct lc_yaml_tree *tree = reader->tree;
	size_t mark = skip_mark(tree->text);
	struct lc_yaml_excess excess;

	if (!lc_yaml_exceeds(tree->text + mark, tree->length - mark, &excess))
		return 0;
	return refuse(reader, offset_of(reader, excess.mark), excess.what);
}

static int read_events(struct reader *reader)
{
	bool more = true;
	int r = find_offsets(reader) ?: check_limits(reader);

	while (!r && more) {
		yaml_event_t event;

		if (!yaml_parser_parse(&reader->parser, &event))
			return refuse_problem(reader);
		more = event.type != YAML_STREAM_END_EVENT;
		r = read_event(reader, &event);
		yaml_event_delete(&event);
	}
	return r;
}

static void reader_free(struct reader *reader)
{
	for (size_t i = 0; i < LC_YAML_MAX_DEPTH; i++)
		free(reader->names[i]);
	forget_anchors(reader);
	free(reader->offsets);
	yaml_parser_delete(&reader->parser);
	free(reader);
}

/* Finds where TREE's lines end. 0 or -ENOMEM. */
static int find_breaks(struct lc_yaml_tree *tree)
{
	size_t n = 0;

	for (size_t i = 0; i < tree->length; i++)
		n += tree->text[i] == '\n';
	tree->breaks = calloc(n + 1, sizeof(*tree->breaks));
	if (!tree->breaks)
		return -ENOMEM;
	for (size_t i = 0; i < tree->length; i++) {
		if (tree->text[i] == '\n')
			tree->breaks[tree->n_breaks++] = (uint32_t)i;
	}
	return 0;
}

static struct lc_yaml_tree *new_tree(const char *text, size_t length)
{
	struct lc_yaml_tree *tree = calloc(1, sizeof(*tree));
	struct lc_strbuf copy = {0};
	const char *first = memchr(text, '\n', length);

	if (!tree)
		return NULL;
	tree->limited = true;
	lc_strbuf_add(&copy, text, length);
	if (length && text[length - 1] != '\n')
		lc_strbuf_adds(
			&copy, first && first > text && first[-1] == '\r' && text[length - 1] != '\r' ? "\r\n" : "\n");
	tree->unended = copy.length - length;
	tree->length = copy.length;
	tree->text = lc_strbuf_steal(&copy);
	if (!tree->text || find_breaks(tree)) {
		lc_yaml_tree_free(tree);
		return NULL;
	}
	return tree;
}

int lc_yaml_read(struct lc_yaml_tree **tree, const char *text, size_t length, char **message)
{
	struct reader *reader;
	int r = -ENOMEM;

	*message = NULL;
	if (length > LC_YAML_MAX_SIZE)
		return lc_complain(message, -EFBIG, "bigger than %zu MiB", LC_YAML_MAX_SIZE >> 20);
	reader = calloc(1, sizeof(*reader));
	if (!reader)
		return -ENOMEM;
	if (!yaml_parser_initialize(&reader->parser)) {
		free(reader);
		return -ENOMEM;
	}
	yaml_parser_set_encoding(&reader->parser, YAML_UTF8_ENCODING);
	reader->message = message;
	reader->tree = new_tree(text, length);
	if (reader->tree) {
		size_t mark = skip_mark(reader->tree->text);

		yaml_parser_set_input_string(&reader->parser, (const unsigned char *)text + mark, length - mark);
		r = read_events(reader);
	}
	if (r)
		lc_yaml_tree_free(reader->tree);
	else
		*tree = reader->tree;
	reader_free(reader);
	return r;
}

int lc_yaml_read_plain(struct lc_yaml_tree **tree, const char *text, size_t length)
{
	if (length > LC_YAML_MAX_SIZE)
		return -EFBIG;
	*tree = new_tree(text, length);
	return *tree ? 0 : -ENOMEM;
}
