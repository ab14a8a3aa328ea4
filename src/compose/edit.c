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

/* Whether the service has KEY from elsewhere than its own keys, now or once other services are edited. */
static bool inherits(const struct lc_service_edit *edit, const char *key)
{
	bool merges = edit->at.mapping && lc_yaml_find(edit->at.mapping, "<<") >= 0;

	return lc_yaml_get(edit->service->value, "extends") || (merges && edit->wanted->in_full) ||
	       (edit->at.mapping && lc_yaml_get_merged(edit->at.mapping, key));
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
	size_t place = lc_edit_after_colon(&edit->at, key);

	if (place)
		lc_edit_replace(&edit->at, place, place,
			lc_is_space(lc_edit_text(&edit->at)[place]) ? " !override" : " !override ");
	else
		edit->at.error = -ENOTSUP;
}

/* Edits VALUE, the list that the service itself has under KEY. */
static void edit_list(struct lc_service_edit *edit, enum lc_compose_list list, const struct lc_yaml_node *key,
	const struct lc_yaml_node *value, bool override)
{
	if (override)
		insert_override(edit, key);
	lc_yaml_edit_list(&edit->at, key, value, content_of(edit, list));
}

/* Brings LIST to what is wanted. */
static void fix_list(struct lc_service_edit *edit, enum lc_compose_list list)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	long own = edit->at.mapping ? lc_yaml_find(edit->at.mapping, key_of(list)) : -1;
	bool override = is_added_to(edit, list);
	struct lc_content content = content_of(edit, list);
	const struct lc_yaml_node *key, *value;
	bool empty = !content.all && !content.mask;

	if (own < 0) {
		if (!empty || inherits(edit, key_of(list)))
			lc_yaml_edit_add_list(&edit->at, key_of(list), content, override ? "!override" : NULL);
		return;
	}
	key = edit->at.mapping->children[own];
	value = edit->at.mapping->children[own + 1];
	if (empty && !inherits(edit, key_of(list)) && lc_yaml_edit_can_take(&edit->at, key, value)) {
		lc_yaml_edit_take(&edit->at, key, value);
		return;
	}
	if (value->kind == LC_YAML_SEQUENCE && (!value->tag || strcmp(value->tag, "!override") == 0)) {
		edit_list(edit, list, key, value, override && !value->tag);
		return;
	}
	lc_strbuf_adds(&out, override ? "!override " : "");
	lc_yaml_edit_add_flow_list(&out, &edit->at, content);
	edit->at.edits->failed |= out.failed;
	lc_yaml_edit_replace_value(&edit->at, key, value, out.text ? out.text : "");
}

/* Makes the service unprivileged. */
static void fix_privileged(struct lc_service_edit *edit)
{
	long own = edit->at.mapping ? lc_yaml_find(edit->at.mapping, "privileged") : -1;
	const struct lc_yaml_node *key, *value;

	if (!edit->service->privileged && (!edit->service->other_file || !edit->wanted->was_privileged || own >= 0))
		return;
	if (own < 0) {
		lc_yaml_edit_add_key(&edit->at, "privileged");
		lc_strbuf_addf(&edit->at.added, " false%s", edit->at.flow ? "" : edit->at.style.eol);
		return;
	}
	key = edit->at.mapping->children[own];
	value = edit->at.mapping->children[own + 1];
	if (!inherits(edit, "privileged") && lc_yaml_edit_can_take(&edit->at, key, value))
		lc_yaml_edit_take(&edit->at, key, value);
	else
		lc_yaml_edit_replace_value(&edit->at, key, value, "false");
}

/* Has the service start as the wanted user. */
static void fix_user(struct lc_service_edit *edit)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	long own = edit->at.mapping ? lc_yaml_find(edit->at.mapping, "user") : -1;
	const char *user = edit->wanted->user;

	if (!user || (edit->service->user && !strcmp(edit->service->user, user)))
		return;
	/* Without quotes a number with a colon is another number to some readers. */
	lc_style_add_quoted(&text, user, '"');
	edit->at.edits->failed |= text.failed;
	if (own >= 0) {
		lc_yaml_edit_replace_value(
			&edit->at, edit->at.mapping->children[own], edit->at.mapping->children[own + 1], text.text);
		return;
	}
	lc_yaml_edit_add_key(&edit->at, "user");
	lc_strbuf_addf(&edit->at.added, " %s%s", text.text, edit->at.flow ? "" : edit->at.style.eol);
}

/* Has everybody in the service bind all ports, where the service has no sysctls. */
static void fix_ports(struct lc_service_edit *edit)
{
	bool lines = !edit->at.flow && edit->at.style.block_list;
	char quote = '\0';

	if (!edit->wanted->open_ports || edit->service->open_ports)
		return;
	if (!lines)
		quote = edit->at.style.quote;
	lc_yaml_edit_add_key(&edit->at, "sysctls");
	lc_strbuf_adds(&edit->at.added, lines ? edit->at.style.eol : " [");
	if (lines) {
		lc_style_add_spaces(&edit->at.added, edit->at.column + edit->at.style.dash);
		lc_strbuf_adds(&edit->at.added, "- ");
	}
	lc_style_add_quoted(&edit->at.added, LC_COMPOSE_PORTS_SYSCTL "=0", quote);
	lc_strbuf_adds(&edit->at.added, lines ? "" : "]");
	lc_strbuf_adds(&edit->at.added, edit->at.flow ? "" : edit->at.style.eol);
}

/* Gives keys to a service that has none of its own: it is empty, or an alias, which becomes a merge key. */
static void insert_anew(struct lc_service_edit *edit)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	const struct lc_yaml_node *value = edit->service->value;
	size_t colon = lc_edit_after_colon(&edit->at, edit->service->key);
	const char *alias = value->kind == LC_YAML_ALIAS ? value->text : NULL;

	if (!colon || value->block_scalar || value->tag ||
		lc_edit_next_line(&edit->at, colon) != lc_edit_next_line(&edit->at, value->end)) {
		edit->at.error = -ENOTSUP;
		return;
	}
	if (edit->at.flow) {
		lc_strbuf_addf(&out, " {%s%s%s%s}", alias ? "<<: *" : "", alias ? alias : "", alias ? ", " : "",
			edit->at.added.text);
		lc_edit_replace(&edit->at, colon, value->end, out.text);
	} else {
		if (alias) {
			lc_style_add_spaces(&out, edit->at.column);
			lc_strbuf_addf(&out, "<<: *%s%s", alias, edit->at.style.eol);
		}
		lc_strbuf_adds(&out, edit->at.added.text);
		if (value->end > colon)
			lc_edit_take_away(&edit->at, colon, value->end);
		lc_edit_replace(
			&edit->at, lc_edit_next_line(&edit->at, colon), lc_edit_next_line(&edit->at, colon), out.text);
	}
	edit->at.edits->failed |= out.failed;
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
		edit->at.mapping = value;
		edit->at.flow = value->flow || !value->n_children;
	} else {
		edit->at.flow = lc_yaml_resolve(lc_yaml_get(lc_yaml_root(edit->file->tree), "services"))->flow ||
				!lc_edit_begins_line(&edit->at, key->start);
	}
	lc_style_learn(edit);
	edit->at.column = lc_edit_column(&edit->at, key->start) + edit->at.style.step;
	if (edit->at.mapping && !edit->at.flow)
		edit->at.column = lc_edit_column(&edit->at, edit->at.mapping->children[0]->start);
	return 0;
}

int lc_compose_edit(const struct lc_compose *file, const struct lc_compose_service *service,
	const struct lc_compose_wanted *wanted, struct lc_edits *edits)
{
	static const char *const near[] = {"cap_drop", "cap_add", "privileged"};
	struct lc_service_edit edit = {
		.file = file, .service = service, .wanted = wanted, .at = {.tree = file->tree, .edits = edits}};
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
	if (edit.at.added.length && !edit.at.mapping)
		insert_anew(&edit);
	else
		lc_yaml_edit_insert(&edit.at, near, sizeof(near) / sizeof(near[0]));
	edits->failed |= edit.at.added.failed;
	lc_strbuf_free(&edit.at.added);
	return edits->failed ? -ENOMEM : edit.at.error;
}
