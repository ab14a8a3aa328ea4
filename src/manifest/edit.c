/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The edit of one container of a manifest: what its securityContext says of capabilities and privilege. */
#include "edit.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/yaml_edit.h>

#include <errno.h>
#include <string.h>

/* A container being edited. */
struct container_edit {
	const struct lc_manifest *manifest;
	const struct lc_manifest_container *container;
	uint64_t cap_add;
	struct lc_edits *edits;
};

/* Begins the edit of MAPPING, a part of the container, or the container itself. */
static struct lc_yaml_edit begin(const struct container_edit *edit, const struct lc_yaml_node *mapping)
{
	const struct lc_manifest *manifest = edit->manifest;
	struct lc_yaml_edit at = {.tree = manifest->tree, .edits = edit->edits, .mapping = mapping};
	bool lists;

	lc_style_learn_breaks(&at);
	at.style.step = 2;
	at.flow = mapping->flow || !mapping->n_children;
	if (mapping->flow && mapping->n_children)
		at.style.quote = mapping->children[0]->quote;
	else if (at.flow && edit->container->node->flow)
		at.style.quote = edit->container->node->children[0]->quote;
	if (!at.flow)
		at.column = lc_edit_column(&at, mapping->children[0]->start);
	lists = lc_style_learn_lists(&at, edit->container->node);
	for (size_t i = 0; !lists && i < manifest->n; i++)
		lists = lc_style_learn_lists(&at, manifest->containers[i].node);
	if (!lists)
		lc_style_learn_lists(&at, edit->container->pod.spec);
	return at;
}

/* Ends it: puts in what was added. 0 or -errno. */
static int end(struct lc_yaml_edit *at)
{
	static const char *const near[] = {"capabilities", "drop", "add"};

	lc_yaml_edit_insert(at, near, sizeof(near) / sizeof(near[0]));
	at->edits->failed |= at->added.failed;
	lc_strbuf_free(&at->added);
	return at->edits->failed ? -ENOMEM : at->error;
}

/* Adds KEY to AT with a mapping as its value, which INNER is for. */
static struct lc_yaml_edit begin_inner(struct lc_yaml_edit *at, const char *key)
{
	struct lc_yaml_edit inner = *at;

	lc_yaml_edit_add_key(at, key);
	inner.mapping = NULL;
	inner.added = (struct lc_strbuf){0};
	inner.column = at->column + at->style.step;
	return inner;
}

static void end_inner(struct lc_yaml_edit *at, struct lc_yaml_edit *inner)
{
	lc_strbuf_adds(&at->added, at->flow ? " {" : at->style.eol);
	lc_strbuf_adds(&at->added, inner->added.text);
	lc_strbuf_adds(&at->added, at->flow ? "}" : "");
	at->added.failed |= inner->added.failed;
	lc_strbuf_free(&inner->added);
}

/* Adds the lists, as new keys. */
static void add_lists(struct lc_yaml_edit *at, uint64_t cap_add)
{
	lc_yaml_edit_add_list(at, "drop", (struct lc_content){.all = true}, NULL);
	if (cap_add)
		lc_yaml_edit_add_list(at, "add", (struct lc_content){.mask = cap_add}, NULL);
}

static void add_capabilities(struct lc_yaml_edit *at, uint64_t cap_add)
{
	struct lc_yaml_edit inner = begin_inner(at, "capabilities");

	add_lists(&inner, cap_add);
	end_inner(at, &inner);
}

/* Brings the list under KEY in the mapping of AT to CONTENT. */
static void fix_list(struct lc_yaml_edit *at, const char *key, struct lc_content content)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	long own = lc_yaml_find(at->mapping, key);
	bool empty = !content.all && !content.mask;
	const struct lc_yaml_node *name, *value;

	if (own < 0) {
		if (!empty)
			lc_yaml_edit_add_list(at, key, content, NULL);
		return;
	}
	name = at->mapping->children[own];
	value = at->mapping->children[own + 1];
	if (empty && lc_yaml_edit_can_take(at, name, value)) {
		lc_yaml_edit_take(at, name, value);
	} else if (value->kind == LC_YAML_SEQUENCE) {
		lc_yaml_edit_list(at, name, value, content);
	} else {
		lc_yaml_edit_add_flow_list(&text, at, content);
		at->edits->failed |= text.failed;
		lc_yaml_edit_replace_value(at, name, value, text.text ? text.text : "");
	}
}

static bool is_mapping(const struct lc_yaml_node *node)
{
	return node->kind == LC_YAML_MAPPING;
}

/* Takes privilege away, which CONTEXT has. It is FILLED, if it gets other keys. */
static void fix_privileged(struct lc_yaml_edit *context, bool filled)
{
	long own = lc_yaml_find(context->mapping, "privileged");
	const struct lc_yaml_node *key, *value;

	if (own < 0) {
		context->error = -ENOTSUP;
		return;
	}
	key = context->mapping->children[own];
	value = context->mapping->children[own + 1];
	/* A mapping that would be empty is none. */
	if ((filled || context->mapping->n_children > 2) && lc_yaml_edit_can_take(context, key, value))
		lc_yaml_edit_take(context, key, value);
	else
		lc_yaml_edit_replace_value(context, key, value, "false");
}

/* Edits the container's CONTEXT, whose capabilities stand at index OWN of its keys; below 0: nowhere. */
static int fix_context(const struct container_edit *edit, const struct lc_yaml_node *context, long own)
{
	const struct lc_manifest_grant *grant = &edit->container->grant;
	struct lc_yaml_edit at = begin(edit, context);

	if (grant->privileged)
		fix_privileged(&at, own < 0);
	if (own < 0)
		add_capabilities(&at, edit->cap_add);
	return end(&at);
}

static int fix_capabilities(const struct container_edit *edit, const struct lc_yaml_node *capabilities)
{
	const struct lc_manifest_grant *grant = &edit->container->grant;
	struct lc_yaml_edit at = begin(edit, capabilities);

	if (!grant->exact || !grant->drop_all || grant->drop)
		fix_list(&at, "drop", (struct lc_content){.all = true});
	if (!grant->exact || grant->add_all || grant->add != edit->cap_add)
		fix_list(&at, "add", (struct lc_content){.mask = edit->cap_add});
	return end(&at);
}

/* A container without a securityContext gets one. */
static int add_context(const struct container_edit *edit)
{
	struct lc_yaml_edit at = begin(edit, edit->container->node);
	struct lc_yaml_edit inner = begin_inner(&at, "securityContext");

	add_capabilities(&inner, edit->cap_add);
	end_inner(&at, &inner);
	return end(&at);
}

int lc_manifest_edit(const struct lc_manifest *manifest, const struct lc_manifest_container *container,
	uint64_t cap_add, struct lc_edits *edits)
{
	const struct container_edit edit = {
		.manifest = manifest, .container = container, .cap_add = cap_add, .edits = edits};
	const struct lc_yaml_node *node = container->node;
	const struct lc_yaml_node *context;
	long own = lc_yaml_find(node, "securityContext");
	int r;

	/* What others share is left to its owner. */
	if (container->item != node || !is_mapping(node))
		return -ENOTSUP;
	if (own < 0)
		return lc_yaml_get(node, "securityContext") ? -ENOTSUP : add_context(&edit);
	context = node->children[own + 1];
	if (!is_mapping(context))
		return -ENOTSUP;
	own = lc_yaml_find(context, "capabilities");
	if (own >= 0 ? !is_mapping(context->children[own + 1]) : !!lc_yaml_get(context, "capabilities"))
		return -ENOTSUP;
	r = fix_context(&edit, context, own);
	return r || own < 0 ? r : fix_capabilities(&edit, context->children[own + 1]);
}

bool lc_manifest_fulfils(const struct lc_manifest_grant *grant, uint64_t cap_add)
{
	return grant->exact && !grant->privileged && !grant->add_all && grant->drop_all && !grant->drop &&
	       grant->add == cap_add;
}
