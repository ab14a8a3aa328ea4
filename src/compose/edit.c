/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The edit of one service: its keys are changed, added or removed in the text. */
#include "edit_private.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *key_of(enum lc_compose_list list)
{
	return lc_compose_key_name((enum lc_compose_key)list);
}

static struct lc_content content_of(const struct lc_service_edit *edit, enum lc_compose_list list)
{
	if (list == LC_COMPOSE_CAP_DROP)
		return (struct lc_content){.all = true};
	return (struct lc_content){.mask = edit->wanted->cap_add};
}

static void add_flow_list(
	struct lc_strbuf *out, const struct lc_service_edit *edit, struct lc_content content, bool override)
{
	lc_strbuf_adds(out, override ? "!override [" : "[");
	lc_style_add_names(out, &edit->style, content, edit->style.quote, ", ");
	lc_strbuf_adds(out, "]");
}

/* Appends KEY and its colon to the new keys of the service. */
static void add_key(struct lc_service_edit *edit, const char *key)
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

static void add_new_list(struct lc_service_edit *edit, enum lc_compose_list list, bool override)
{
	struct lc_content content = content_of(edit, list);

	add_key(edit, key_of(list));
	if (edit->flow || !edit->style.block_list || (!content.mask && !content.all)) {
		lc_strbuf_adds(&edit->added, " ");
		add_flow_list(&edit->added, edit, content, override);
		lc_strbuf_adds(&edit->added, edit->flow ? "" : edit->style.eol);
		return;
	}
	lc_strbuf_addf(&edit->added, "%s%s", override ? " !override" : "", edit->style.eol);
	lc_style_add_dashes(&edit->added, edit, content, 0, edit->column + edit->style.dash);
}

/* Whether the lines of KEY and VALUE can be removed whole: nothing else stands there, and no comment would be lost. */
static bool can_take_lines(
	const struct lc_service_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *value)
{
	return !edit->flow && lc_edit_begins_line(edit, key->start) &&
	       lc_edit_ends_line(edit, lc_edit_end(edit, value)) &&
	       (lc_is_block_list(value) ? lc_list_has_dashes(edit, key, value)
					: !value->flow || !lc_edit_has_comments(edit, value));
}

/* Removes the lines of KEY and VALUE. Comments on lines of their own stay. */
static void take_key(struct lc_service_edit *edit, const struct lc_yaml_node *key, const struct lc_yaml_node *value)
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

/* Puts TEXT in the place of a value that cannot be edited. */
static void replace_value(struct lc_service_edit *edit, const struct lc_yaml_node *key,
	const struct lc_yaml_node *value, const char *text)
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

/* Whether the service has KEY from elsewhere than its own keys, now or once other services are edited. */
static bool inherits(const struct lc_service_edit *edit, const char *key)
{
	bool merges = edit->mapping && lc_yaml_find(edit->mapping, "<<") >= 0;

	return lc_yaml_get(edit->service->value, "extends") || (merges && edit->wanted->in_full) ||
	       (edit->mapping && lc_yaml_get_merged(edit->mapping, key));
}

/* Whether Compose adds to LIST what the service extends, unless a tag keeps that out. */
static bool is_added_to(const struct lc_service_edit *edit, enum lc_compose_list list)
{
	const struct lc_yaml_node *own = lc_yaml_resolve(lc_yaml_get(edit->service->value, key_of(list)));
	size_t n = own && own->kind == LC_YAML_SEQUENCE ? own->n_children : 0;
	size_t n_all = 0;

	if (!lc_yaml_get(edit->service->value, "extends"))
		return false;
	if (edit->wanted->in_full || edit->service->other_file)
		return true;
	for (size_t i = 0; i < edit->service->n_entries; i++)
		n_all += edit->service->entries[i].list == list;
	return n_all > n;
}

static void insert_override(struct lc_service_edit *edit, const struct lc_yaml_node *key)
{
	size_t place = lc_edit_after_colon(edit, key);

	if (place)
		lc_edit_replace(
			edit, place, place, lc_is_space(lc_edit_text(edit)[place]) ? " !override" : " !override ");
	else
		edit->error = -ENOTSUP;
}

/* Edits VALUE, the list that the service itself has under KEY. */
static void edit_list(struct lc_service_edit *edit, enum lc_compose_list list, const struct lc_yaml_node *key,
	const struct lc_yaml_node *value, bool override)
{
	struct lc_content content = content_of(edit, list);
	size_t start = lc_edit_open(edit, value);

	if (override)
		insert_override(edit, key);
	if (lc_list_has_dashes(edit, key, value))
		lc_list_edit_block(edit, key, value, content);
	else if (!value->flow)
		edit->error = -ENOTSUP;
	else if (lc_edit_next_line(edit, start) == lc_edit_next_line(edit, value->end - 1))
		lc_list_edit_line(edit, value, content);
	else
		lc_list_edit_lines(edit, value, content);
}

/* Brings LIST to what is wanted. */
static void fix_list(struct lc_service_edit *edit, enum lc_compose_list list)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	long own = edit->mapping ? lc_yaml_find(edit->mapping, key_of(list)) : -1;
	bool override = is_added_to(edit, list);
	struct lc_content content = content_of(edit, list);
	const struct lc_yaml_node *key, *value;
	bool empty = !content.all && !content.mask;

	if (own < 0) {
		if (!empty || inherits(edit, key_of(list)))
			add_new_list(edit, list, override);
		return;
	}
	key = edit->mapping->children[own];
	value = edit->mapping->children[own + 1];
	if (empty && !inherits(edit, key_of(list)) && can_take_lines(edit, key, value)) {
		take_key(edit, key, value);
		return;
	}
	if (value->kind == LC_YAML_SEQUENCE && (!value->tag || strcmp(value->tag, "!override") == 0)) {
		edit_list(edit, list, key, value, override && !value->tag);
		return;
	}
	add_flow_list(&out, edit, content, override);
	edit->edits->failed |= out.failed;
	replace_value(edit, key, value, out.text ? out.text : "");
}

/* Makes the service unprivileged. */
static void fix_privileged(struct lc_service_edit *edit)
{
	long own = edit->mapping ? lc_yaml_find(edit->mapping, "privileged") : -1;
	const struct lc_yaml_node *key, *value;

	if (!edit->service->privileged && (!edit->service->other_file || !edit->wanted->was_privileged || own >= 0))
		return;
	if (own < 0) {
		add_key(edit, "privileged");
		lc_strbuf_addf(&edit->added, " false%s", edit->flow ? "" : edit->style.eol);
		return;
	}
	key = edit->mapping->children[own];
	value = edit->mapping->children[own + 1];
	if (!inherits(edit, "privileged") && can_take_lines(edit, key, value))
		take_key(edit, key, value);
	else
		replace_value(edit, key, value, "false");
}

/* Has the service start as the wanted user. */
static void fix_user(struct lc_service_edit *edit)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	long own = edit->mapping ? lc_yaml_find(edit->mapping, "user") : -1;
	const char *user = edit->wanted->user;

	if (!user || (edit->service->user && !strcmp(edit->service->user, user)))
		return;
	/* Without quotes a number with a colon is another number to some readers. */
	lc_style_add_quoted(&text, user, '"');
	edit->edits->failed |= text.failed;
	if (own >= 0) {
		replace_value(edit, edit->mapping->children[own], edit->mapping->children[own + 1], text.text);
		return;
	}
	add_key(edit, "user");
	lc_strbuf_addf(&edit->added, " %s%s", text.text, edit->flow ? "" : edit->style.eol);
}

/* Has everybody in the service bind all ports, where the service has no sysctls. */
static void fix_ports(struct lc_service_edit *edit)
{
	bool lines = !edit->flow && edit->style.block_list;
	char quote = '\0';

	if (!edit->wanted->open_ports || edit->service->open_ports)
		return;
	if (!lines)
		quote = edit->style.quote;
	add_key(edit, "sysctls");
	lc_strbuf_adds(&edit->added, lines ? edit->style.eol : " [");
	if (lines) {
		lc_style_add_spaces(&edit->added, edit->column + edit->style.dash);
		lc_strbuf_adds(&edit->added, "- ");
	}
	lc_style_add_quoted(&edit->added, LC_COMPOSE_PORTS_SYSCTL "=0", quote);
	lc_strbuf_adds(&edit->added, lines ? "" : "]");
	lc_strbuf_adds(&edit->added, edit->flow ? "" : edit->style.eol);
}

/* What NODE ends in: its last child's last child, and so on. */
static const struct lc_yaml_node *last_of(const struct lc_yaml_node *node)
{
	while (node->n_children && !node->flow)
		node = node->children[node->n_children - 1];
	return node;
}

/* Whether blank lines after NODE belong to it: a block scalar with a plus sign. */
static bool keeps_blank_lines(const struct lc_service_edit *edit, const struct lc_yaml_node *node)
{
	const char *text = lc_edit_text(edit) + lc_edit_open(edit, node);

	return node->block_scalar && memchr(text, '+', strcspn(text, "\r\n# \t"));
}

/* The line before which new keys of a service without brackets stand. */
static size_t place_for_keys(struct lc_service_edit *edit)
{
	static const char *const near[] = {"cap_drop", "cap_add", "privileged"};
	const struct lc_yaml_node *mapping = edit->mapping;
	size_t pair = mapping->n_children - 2;

	for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++) {
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

static void insert_in_block(struct lc_service_edit *edit)
{
	size_t place;

	if (!edit->added.length)
		return;
	place = place_for_keys(edit);
	/* Keys that do not begin their lines ("? key") cannot be edited. */
	if (!lc_edit_begins_line(edit, edit->mapping->children[0]->start))
		edit->error = -ENOTSUP;
	else
		lc_edit_replace(edit, place, place, edit->added.text);
}

static void insert_in_flow(struct lc_service_edit *edit)
{
	const struct lc_yaml_node *mapping = edit->mapping;
	size_t n = mapping->n_children;
	size_t open = lc_edit_open(edit, mapping) + 1;

	if (!edit->added.length)
		return;
	if (n)
		lc_list_append(edit, mapping->children[n - 2]->start, mapping->children[n - 1], edit->added.text);
	else
		lc_edit_replace(edit, open, open, edit->added.text);
}

/* Gives keys to a service that has none of its own: it is empty, or an alias, which becomes a merge key. */
static void insert_anew(struct lc_service_edit *edit)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	const struct lc_yaml_node *value = edit->service->value;
	size_t colon = lc_edit_after_colon(edit, edit->service->key);
	const char *alias = value->kind == LC_YAML_ALIAS ? value->text : NULL;

	if (!colon || value->block_scalar || value->tag ||
		lc_edit_next_line(edit, colon) != lc_edit_next_line(edit, value->end)) {
		edit->error = -ENOTSUP;
		return;
	}
	if (edit->flow) {
		lc_strbuf_addf(&out, " {%s%s%s%s}", alias ? "<<: *" : "", alias ? alias : "", alias ? ", " : "",
			edit->added.text);
		lc_edit_replace(edit, colon, value->end, out.text);
	} else {
		if (alias) {
			lc_style_add_spaces(&out, edit->column);
			lc_strbuf_addf(&out, "<<: *%s%s", alias, edit->style.eol);
		}
		lc_strbuf_adds(&out, edit->added.text);
		if (value->end > colon)
			lc_edit_take_away(edit, colon, value->end);
		lc_edit_replace(edit, lc_edit_next_line(edit, colon), lc_edit_next_line(edit, colon), out.text);
	}
	edit->edits->failed |= out.failed;
}

static bool list_fulfils(const struct lc_compose_service *service, enum lc_compose_list list, struct lc_content content)
{
	uint64_t mask = list == LC_COMPOSE_CAP_ADD ? service->cap_add : service->cap_drop;
	bool all = list == LC_COMPOSE_CAP_ADD ? service->add_all : service->drop_all;

	for (size_t i = 0; i < service->n_entries; i++) {
		const struct lc_compose_entry *entry = &service->entries[i];

		if (entry->list == list && (entry->repeated || (!entry->mask && !entry->all)))
			return false;
	}
	return mask == content.mask && all == content.all && (!service->other_file || service->list_overrides[list]);
}

bool lc_compose_fulfils(const struct lc_compose_service *service, const struct lc_compose_wanted *wanted)
{
	bool is_user = !wanted->user || (service->user && !strcmp(service->user, wanted->user));
	bool privileged_elsewhere = service->other_file && wanted->was_privileged && !service->privileged_line;

	return !service->privileged && !privileged_elsewhere && is_user &&
	       (!wanted->open_ports || service->open_ports) &&
	       list_fulfils(service, LC_COMPOSE_CAP_DROP, (struct lc_content){.all = true}) &&
	       list_fulfils(service, LC_COMPOSE_CAP_ADD, (struct lc_content){.mask = wanted->cap_add});
}

/* Finds the service's own keys, and how they are written. */
static int begin(struct lc_service_edit *edit)
{
	const struct lc_yaml_node *value = edit->service->value;
	const struct lc_yaml_node *key = edit->service->key;
	bool is_null = value->kind == LC_YAML_SCALAR && !value->quote &&
		       (!*value->text || strcmp(value->text, "~") == 0 || strcasecmp(value->text, "null") == 0);

	if (lc_yaml_resolve(value)->kind != LC_YAML_MAPPING && !is_null)
		return -ENOTSUP;
	if (value->kind == LC_YAML_MAPPING) {
		edit->mapping = value;
		edit->flow = value->flow || !value->n_children;
	} else {
		edit->flow = lc_yaml_resolve(lc_yaml_get(lc_yaml_root(edit->file->tree), "services"))->flow ||
			     !lc_edit_begins_line(edit, key->start);
	}
	lc_style_learn(edit);
	edit->column = lc_edit_column(edit, key->start) + edit->style.step;
	if (edit->mapping && !edit->flow)
		edit->column = lc_edit_column(edit, edit->mapping->children[0]->start);
	return 0;
}

int lc_compose_edit(const struct lc_compose *file, const struct lc_compose_service *service,
	const struct lc_compose_wanted *wanted, struct lc_edits *edits)
{
	struct lc_service_edit edit = {.file = file, .service = service, .wanted = wanted, .edits = edits};
	int r = begin(&edit);

	if (r)
		return r;
	if (wanted->in_full || !list_fulfils(service, LC_COMPOSE_CAP_DROP, content_of(&edit, LC_COMPOSE_CAP_DROP)))
		fix_list(&edit, LC_COMPOSE_CAP_DROP);
	if (wanted->in_full || !list_fulfils(service, LC_COMPOSE_CAP_ADD, content_of(&edit, LC_COMPOSE_CAP_ADD)))
		fix_list(&edit, LC_COMPOSE_CAP_ADD);
	fix_privileged(&edit);
	fix_user(&edit);
	fix_ports(&edit);
	if (edit.added.length && !edit.mapping)
		insert_anew(&edit);
	else if (edit.flow)
		insert_in_flow(&edit);
	else
		insert_in_block(&edit);
	edits->failed |= edit.added.failed;
	lc_strbuf_free(&edit.added);
	return edits->failed ? -ENOMEM : edit.error;
}
