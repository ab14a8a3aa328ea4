/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a compose file is written. It is learnt from its services. */
#include "edit_private.h"

/* Learns from SERVICE's first capability how they are spelt. Returns whether it has one. */
static bool learn_spelling(struct lc_service_edit *edit, const struct lc_compose_service *service)
{
	for (size_t i = 0; i < service->n_entries; i++) {
		if (!service->entries[i].mask)
			continue;
		lc_style_learn_spelling(&edit->at, service->entries[i].text);
		return true;
	}
	return false;
}

void lc_style_learn(struct lc_service_edit *edit)
{
	const struct lc_compose *file = edit->file;
	struct lc_yaml_edit *at = &edit->at;
	bool lists = at->mapping && lc_is_block_mapping(at->mapping) && lc_style_learn_lists(at, at->mapping);
	bool spelling = learn_spelling(edit, edit->service);
	bool step = false;

	lc_style_learn_breaks(at);
	at->style.step = 2;
	for (size_t i = 0; i < file->n_services; i++) {
		const struct lc_compose_service *other = &file->services[i];
		size_t column = lc_edit_column(at, other->key->start);

		spelling = spelling || learn_spelling(edit, other);
		if (!lc_is_block_mapping(other->value))
			continue;
		lists = lists || lc_style_learn_lists(at, other->value);
		if (!step && lc_edit_column(at, other->value->children[0]->start) > column) {
			at->style.step = lc_edit_column(at, other->value->children[0]->start) - column;
			step = true;
		}
	}
	if (at->mapping && at->mapping->flow && at->mapping->n_children)
		at->style.quote = at->mapping->children[0]->quote;
	else if (at->flow)
		at->style.quote = edit->service->key->quote;
}
