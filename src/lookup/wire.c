/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Packs and unpacks requests and answers. */
#include "src/lookup/wire.h"

#include "src/lookup/named.h"

#include <leastcap/array.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define PUT(packer, value)                                                                                             \
	do {                                                                                                           \
		typeof(value) copied = (value);                                                                        \
		lc_pack(packer, &copied, sizeof(copied));                                                              \
	} while (0)

#define TAKE(unpacker, place) lc_unpack(unpacker, &(place), sizeof(place))

static void put_root(struct lc_packer *packer, const struct lc_root *root)
{
	PUT(packer, root->device);
	PUT(packer, root->inode);
}

static void take_root(struct lc_unpacker *unpacker, struct lc_root *root)
{
	TAKE(unpacker, root->device);
	TAKE(unpacker, root->inode);
}

static void put_executed(struct lc_packer *packer, const struct lc_executed *executed)
{
	PUT(packer, executed->tgid);
	put_root(packer, &executed->root);
	PUT(packer, executed->refused);
	PUT(packer, executed->inode);
	PUT(packer, executed->changed_ns);
	lc_pack_string(packer, executed->path);
}

static void take_executed(struct lc_unpacker *unpacker, struct lc_executed *executed)
{
	TAKE(unpacker, executed->tgid);
	take_root(unpacker, &executed->root);
	TAKE(unpacker, executed->refused);
	TAKE(unpacker, executed->inode);
	TAKE(unpacker, executed->changed_ns);
	executed->path = lc_unpack_string(unpacker);
	unpacker->broken |= !executed->path;
}

static void put_touched(struct lc_packer *packer, const struct lc_touched *touched)
{
	PUT(packer, touched->tgid);
	PUT(packer, touched->uid);
	PUT(packer, touched->gid);
	PUT(packer, touched->cap);
	put_root(packer, &touched->root);
	lc_pack(packer, touched->arguments, sizeof(touched->arguments));
	lc_pack_string(packer, touched->syscall);
	lc_pack_string(packer, touched->path);
}

static void take_touched(struct lc_unpacker *unpacker, struct lc_touched *touched)
{
	TAKE(unpacker, touched->tgid);
	TAKE(unpacker, touched->uid);
	TAKE(unpacker, touched->gid);
	TAKE(unpacker, touched->cap);
	take_root(unpacker, &touched->root);
	TAKE(unpacker, touched->arguments);
	touched->syscall = lc_unpack_string(unpacker);
	touched->path = lc_unpack_string(unpacker);
	unpacker->broken |= !touched->path;
}

/* Mappings come last, so that those that find no room can be left out. */
static void put_snapshot(struct lc_packer *packer, const struct lc_snapshot *snapshot)
{
	uint32_t size = (uint32_t)snapshot->stack_size;

	PUT(packer, snapshot->tgid);
	put_root(packer, &snapshot->root);
	PUT(packer, snapshot->exe);
	PUT(packer, snapshot->registers);
	PUT(packer, size);
	lc_pack(packer, snapshot->stack, size);
	for (size_t i = 0; i < snapshot->n_mappings && i < LOOKUP_MAPPINGS_MAX && !packer->full; i++) {
		const struct lc_mapping *mapping = &snapshot->mappings[i];
		unsigned char *start = packer->at;

		PUT(packer, mapping->start);
		PUT(packer, mapping->end);
		PUT(packer, mapping->offset);
		PUT(packer, mapping->inode);
		PUT(packer, mapping->device);
		lc_pack_string(packer, mapping->path);
		if (packer->full)
			packer->at = start;
	}
}

static void take_snapshot(struct lc_unpacker *unpacker, struct lc_snapshot *snapshot, struct lc_mapping *mappings)
{
	uint32_t size;

	TAKE(unpacker, snapshot->tgid);
	take_root(unpacker, &snapshot->root);
	TAKE(unpacker, snapshot->exe);
	TAKE(unpacker, snapshot->registers);
	TAKE(unpacker, size);
	snapshot->stack = lc_unpack_bytes(unpacker, size);
	snapshot->stack_size = snapshot->stack ? size : 0;
	snapshot->mappings = mappings;
	while (!unpacker->broken && unpacker->at < unpacker->end && snapshot->n_mappings < LOOKUP_MAPPINGS_MAX) {
		struct lc_mapping *mapping = &mappings[snapshot->n_mappings];

		TAKE(unpacker, mapping->start);
		TAKE(unpacker, mapping->end);
		TAKE(unpacker, mapping->offset);
		TAKE(unpacker, mapping->inode);
		TAKE(unpacker, mapping->device);
		mapping->path = (char *)lc_unpack_string(unpacker); /* NOLINT: never freed, never written */
		snapshot->n_mappings += !unpacker->broken;
	}
}

int lc_lookup_pack_request(const struct lc_lookup_request *request, unsigned char **buffer, size_t *length)
{
	unsigned char *message = malloc(LC_MESSAGE_MAX), *smaller;
	struct lc_packer packer = {message, message + LC_MESSAGE_MAX, false};
	uint32_t kind = request->kind;

	if (!message)
		return -ENOMEM;
	PUT(&packer, request->id);
	PUT(&packer, kind);
	lc_pack_string(&packer, request->cgroup);
	if (kind == LOOKUP_CARRIED)
		put_executed(&packer, &request->executed);
	else if (kind == LOOKUP_OBJECT)
		put_touched(&packer, &request->touched);
	else if (kind == LOOKUP_NAMED) {
		put_executed(&packer, &request->executed);
		PUT(&packer, request->daemon);
	}
	if (packer.full) {
		free(message);
		return -EMSGSIZE;
	}
	if (kind == LOOKUP_STACK)
		put_snapshot(&packer, &request->snapshot);
	*length = (size_t)(packer.at - message);
	smaller = realloc(message, *length);
	*buffer = smaller ? smaller : message;
	return 0;
}

int lc_lookup_unpack_request(
	const unsigned char *buffer, size_t length, struct lc_lookup_request *request, struct lc_mapping *mappings)
{
	struct lc_unpacker unpacker = {buffer, buffer + length, false};
	struct lc_lookup_request taken = {0};
	uint32_t kind;

	TAKE(&unpacker, taken.id);
	TAKE(&unpacker, kind);
	taken.kind = (enum lc_lookup_kind)kind;
	taken.cgroup = lc_unpack_string(&unpacker);
	if (kind == LOOKUP_CARRIED)
		take_executed(&unpacker, &taken.executed);
	else if (kind == LOOKUP_OBJECT)
		take_touched(&unpacker, &taken.touched);
	else if (kind == LOOKUP_STACK)
		take_snapshot(&unpacker, &taken.snapshot, mappings);
	else if (kind == LOOKUP_NAMED) {
		take_executed(&unpacker, &taken.executed);
		TAKE(&unpacker, taken.daemon);
	}
	if (unpacker.broken || kind >= LOOKUP_KINDS)
		return -EPROTO;
	*request = taken;
	return 0;
}

/* As many of STACK's frames as there is room for. */
static void put_stack(struct lc_packer *packer, const struct lc_stack *stack)
{
	unsigned char *cut = packer->at;

	PUT(packer, stack->cut);
	for (size_t i = 0; i < stack->n && !packer->full; i++)
		lc_pack_frame(packer, &stack->frames[i]);
	if (packer->full)
		*cut = true;
}

static void take_stack(struct lc_unpacker *unpacker, struct lc_stack *stack)
{
	uint8_t cut;

	TAKE(unpacker, cut);
	stack->cut = cut;
	while (!unpacker->broken && unpacker->at < unpacker->end)
		lc_unpack_frame(unpacker, stack);
}

static void put_named(struct lc_packer *packer, const struct lc_named_list *list)
{
	PUT(packer, list->left_out);
	for (size_t i = 0; i < list->n; i++) {
		PUT(packer, list->programs[i].inode);
		lc_pack_string(packer, list->programs[i].path);
		lc_pack_string(packer, list->programs[i].file);
		lc_pack_string(packer, list->programs[i].real);
	}
}

/* TEXT as a copy, if it is a path as the process that looks has to tell it. Else the message is broken. */
static char *take_plain(struct lc_unpacker *unpacker)
{
	char *text = lc_unpack_copy(unpacker);

	unpacker->broken |= !text || *text != '/' || !lc_named_is_plain(text);
	return text;
}

static void take_named(struct lc_unpacker *unpacker, struct lc_named_list *list)
{
	TAKE(unpacker, list->left_out);
	while (!unpacker->broken && unpacker->at < unpacker->end) {
		struct lc_named *programs = lc_array_grow(list->programs, list->n, sizeof(*programs));
		struct lc_named *named = programs ? &programs[list->n] : NULL;

		if (programs)
			list->programs = programs;
		if (!named || list->n == LC_NAMED_MAX) {
			unpacker->broken = true;
			return;
		}
		*named = (struct lc_named){0};
		list->n++;
		TAKE(unpacker, named->inode);
		named->path = take_plain(unpacker);
		named->file = take_plain(unpacker);
		named->real = take_plain(unpacker);
	}
}

size_t lc_lookup_pack_answer(const struct lc_lookup_answer *answer, unsigned char *buffer)
{
	struct lc_packer packer = {buffer, buffer + LC_MESSAGE_MAX, false};
	uint32_t kind = answer->kind;

	PUT(&packer, answer->id);
	PUT(&packer, kind);
	PUT(&packer, answer->result);
	PUT(&packer, answer->no_debuginfod);
	if (kind == LOOKUP_CARRIED) {
		PUT(&packer, answer->carried.caps);
		lc_pack_string(&packer, answer->carried.about);
	} else if (kind == LOOKUP_OBJECT) {
		PUT(&packer, answer->object.mode);
		lc_pack_string(&packer, answer->object.path);
		lc_pack_string(&packer, answer->object.owner);
	} else if (kind == LOOKUP_NAMED) {
		put_named(&packer, &answer->named);
	} else {
		put_stack(&packer, &answer->stack);
	}
	return (size_t)(packer.at - buffer);
}

int lc_lookup_unpack_answer(const unsigned char *buffer, size_t length, struct lc_lookup_answer *answer)
{
	struct lc_unpacker unpacker = {buffer, buffer + length, false};
	struct lc_lookup_answer taken = {0};
	uint32_t kind;
	uint8_t flag;

	TAKE(&unpacker, taken.id);
	TAKE(&unpacker, kind);
	TAKE(&unpacker, taken.result);
	TAKE(&unpacker, flag);
	taken.kind = kind < LOOKUP_KINDS ? (enum lc_lookup_kind)kind : LOOKUP_KINDS;
	taken.no_debuginfod = flag;
	if (kind == LOOKUP_CARRIED) {
		TAKE(&unpacker, taken.carried.caps);
		taken.carried.about = lc_unpack_copy(&unpacker);
	} else if (kind == LOOKUP_OBJECT) {
		TAKE(&unpacker, taken.object.mode);
		taken.object.path = lc_unpack_copy(&unpacker);
		taken.object.owner = lc_unpack_copy(&unpacker);
	} else if (kind == LOOKUP_STACK) {
		take_stack(&unpacker, &taken.stack);
	} else if (kind == LOOKUP_NAMED) {
		take_named(&unpacker, &taken.named);
	}
	/* A capability without the file that carries it would be evidence of nothing. */
	if (unpacker.broken || unpacker.at != unpacker.end || kind >= LOOKUP_KINDS || taken.result > 0 ||
		(taken.carried.caps && !taken.carried.about)) {
		lc_lookup_answer_clear(&taken);
		return -EPROTO;
	}
	*answer = taken;
	return 0;
}

void lc_lookup_answer_clear(struct lc_lookup_answer *answer)
{
	free(answer->carried.about);
	answer->carried = (struct lc_carried){0};
	lc_object_clear(&answer->object);
	lc_stack_clear(&answer->stack);
	lc_named_clear(&answer->named);
}
