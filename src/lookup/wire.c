/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Packs and unpacks requests and answers: numbers as they lie in memory, strings with their length before them. */
#include "src/lookup/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Strings are paths, names and functions: longer ones are left out. */
#define STRING_MAX 8192

/* A string that is not there. */
#define NO_STRING UINT32_MAX

/* Where a message is written to. */
struct writer {
	unsigned char *at, *end;
	bool full;
};

/* Where one is read from. */
struct reader {
	const unsigned char *at, *end;
	bool broken;
};

static void put(struct writer *writer, const void *bytes, size_t size)
{
	if (writer->full || size > (size_t)(writer->end - writer->at)) {
		writer->full = true;
		return;
	}
	if (size)
		memcpy(writer->at, bytes, size);
	writer->at += size;
}

#define PUT(writer, value)                                                                                             \
	do {                                                                                                           \
		typeof(value) copied = (value);                                                                        \
		put(writer, &copied, sizeof(copied));                                                                  \
	} while (0)

static void put_string(struct writer *writer, const char *text)
{
	size_t length = text ? strlen(text) : 0;

	if (!text || length > STRING_MAX) {
		PUT(writer, NO_STRING);
		return;
	}
	PUT(writer, (uint32_t)length);
	put(writer, text, length + 1);
}

static const unsigned char *take_bytes(struct reader *reader, size_t size)
{
	const unsigned char *bytes = reader->at;

	if (reader->broken || size > (size_t)(reader->end - reader->at)) {
		reader->broken = true;
		return NULL;
	}
	reader->at += size;
	return bytes;
}

static void take(struct reader *reader, void *to, size_t size)
{
	const unsigned char *bytes = take_bytes(reader, size);

	if (bytes)
		memcpy(to, bytes, size);
	else
		memset(to, 0, size);
}

#define TAKE(reader, place) take(reader, &(place), sizeof(place))

/* A string within the message, or NULL. */
static const char *take_string(struct reader *reader)
{
	const unsigned char *bytes;
	uint32_t length;

	TAKE(reader, length);
	if (reader->broken || length == NO_STRING)
		return NULL;
	if (length > STRING_MAX) {
		reader->broken = true;
		return NULL;
	}
	bytes = take_bytes(reader, (size_t)length + 1);
	if (bytes && strnlen((const char *)bytes, (size_t)length + 1) != length)
		reader->broken = true;
	return reader->broken ? NULL : (const char *)bytes;
}

/* The same as a copy that the caller frees. */
static char *take_copy(struct reader *reader)
{
	const char *text = take_string(reader);
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		reader->broken = true;
	return copy;
}

static void put_root(struct writer *writer, const struct lc_root *root)
{
	PUT(writer, root->device);
	PUT(writer, root->inode);
}

static void take_root(struct reader *reader, struct lc_root *root)
{
	TAKE(reader, root->device);
	TAKE(reader, root->inode);
}

static void put_executed(struct writer *writer, const struct lc_executed *executed)
{
	PUT(writer, executed->tgid);
	put_root(writer, &executed->root);
	PUT(writer, executed->refused);
	PUT(writer, executed->inode);
	PUT(writer, executed->changed_ns);
	put_string(writer, executed->path);
}

static void take_executed(struct reader *reader, struct lc_executed *executed)
{
	TAKE(reader, executed->tgid);
	take_root(reader, &executed->root);
	TAKE(reader, executed->refused);
	TAKE(reader, executed->inode);
	TAKE(reader, executed->changed_ns);
	executed->path = take_string(reader);
	reader->broken |= !executed->path;
}

static void put_touched(struct writer *writer, const struct lc_touched *touched)
{
	PUT(writer, touched->tgid);
	PUT(writer, touched->uid);
	PUT(writer, touched->gid);
	PUT(writer, touched->cap);
	put_root(writer, &touched->root);
	put(writer, touched->arguments, sizeof(touched->arguments));
	put_string(writer, touched->syscall);
	put_string(writer, touched->path);
}

static void take_touched(struct reader *reader, struct lc_touched *touched)
{
	TAKE(reader, touched->tgid);
	TAKE(reader, touched->uid);
	TAKE(reader, touched->gid);
	TAKE(reader, touched->cap);
	take_root(reader, &touched->root);
	TAKE(reader, touched->arguments);
	touched->syscall = take_string(reader);
	touched->path = take_string(reader);
	reader->broken |= !touched->path;
}

/* Mappings come last, so that those that find no room can be left out. */
static void put_snapshot(struct writer *writer, const struct lc_snapshot *snapshot)
{
	uint32_t size = (uint32_t)snapshot->stack_size;

	PUT(writer, snapshot->tgid);
	put_root(writer, &snapshot->root);
	PUT(writer, snapshot->exe);
	PUT(writer, snapshot->registers);
	PUT(writer, size);
	put(writer, snapshot->stack, size);
	for (size_t i = 0; i < snapshot->n_mappings && i < LOOKUP_MAPPINGS_MAX && !writer->full; i++) {
		const struct lc_mapping *mapping = &snapshot->mappings[i];
		unsigned char *start = writer->at;

		PUT(writer, mapping->start);
		PUT(writer, mapping->end);
		PUT(writer, mapping->offset);
		PUT(writer, mapping->inode);
		PUT(writer, mapping->device);
		put_string(writer, mapping->path);
		if (writer->full)
			writer->at = start;
	}
}

static void take_snapshot(struct reader *reader, struct lc_snapshot *snapshot, struct lc_mapping *mappings)
{
	uint32_t size;

	TAKE(reader, snapshot->tgid);
	take_root(reader, &snapshot->root);
	TAKE(reader, snapshot->exe);
	TAKE(reader, snapshot->registers);
	TAKE(reader, size);
	snapshot->stack = take_bytes(reader, size);
	snapshot->stack_size = snapshot->stack ? size : 0;
	snapshot->mappings = mappings;
	while (!reader->broken && reader->at < reader->end && snapshot->n_mappings < LOOKUP_MAPPINGS_MAX) {
		struct lc_mapping *mapping = &mappings[snapshot->n_mappings];

		TAKE(reader, mapping->start);
		TAKE(reader, mapping->end);
		TAKE(reader, mapping->offset);
		TAKE(reader, mapping->inode);
		TAKE(reader, mapping->device);
		mapping->path = (char *)take_string(reader); /* NOLINT: never freed, never written */
		snapshot->n_mappings += !reader->broken;
	}
}

int lc_lookup_pack_request(const struct lookup_request *request, unsigned char **buffer, size_t *length)
{
	unsigned char *message = malloc(LOOKUP_MESSAGE_MAX), *smaller;
	struct writer writer = {message, message + LOOKUP_MESSAGE_MAX, false};
	uint32_t kind = request->kind;

	if (!message)
		return -ENOMEM;
	PUT(&writer, request->id);
	PUT(&writer, kind);
	put_string(&writer, request->cgroup);
	if (kind == LOOKUP_CARRIED)
		put_executed(&writer, &request->executed);
	else if (kind == LOOKUP_OBJECT)
		put_touched(&writer, &request->touched);
	if (writer.full) {
		free(message);
		return -EMSGSIZE;
	}
	if (kind == LOOKUP_STACK)
		put_snapshot(&writer, &request->snapshot);
	*length = (size_t)(writer.at - message);
	smaller = realloc(message, *length);
	*buffer = smaller ? smaller : message;
	return 0;
}

int lc_lookup_unpack_request(
	const unsigned char *buffer, size_t length, struct lookup_request *request, struct lc_mapping *mappings)
{
	struct reader reader = {buffer, buffer + length, false};
	uint32_t kind;

	*request = (struct lookup_request){0};
	TAKE(&reader, request->id);
	TAKE(&reader, kind);
	request->kind = (enum lookup_kind)kind;
	request->cgroup = take_string(&reader);
	if (kind == LOOKUP_CARRIED)
		take_executed(&reader, &request->executed);
	else if (kind == LOOKUP_OBJECT)
		take_touched(&reader, &request->touched);
	else if (kind == LOOKUP_STACK)
		take_snapshot(&reader, &request->snapshot, mappings);
	else
		return -EPROTO;
	return reader.broken ? -EPROTO : 0;
}

/* As many of STACK's frames as there is room for. */
static void put_stack(struct writer *writer, const struct lc_stack *stack)
{
	unsigned char *cut = writer->at;

	PUT(writer, stack->cut);
	for (size_t i = 0; i < stack->n && !writer->full; i++) {
		const struct lc_frame *frame = &stack->frames[i];
		unsigned char *start = writer->at;

		PUT(writer, frame->offset);
		PUT(writer, frame->line);
		PUT(writer, frame->inlined);
		put_string(writer, frame->function);
		put_string(writer, frame->module);
		put_string(writer, frame->file);
		if (writer->full) {
			writer->at = start;
			*cut = true;
		}
	}
}

static void take_stack(struct reader *reader, struct lc_stack *stack)
{
	uint8_t flag;

	TAKE(reader, flag);
	stack->cut = flag;
	while (!reader->broken && reader->at < reader->end) {
		struct lc_frame *frame = lc_stack_add(stack);

		if (!frame) {
			reader->broken = true;
			return;
		}
		TAKE(reader, frame->offset);
		TAKE(reader, frame->line);
		TAKE(reader, flag);
		frame->inlined = flag;
		frame->function = take_copy(reader);
		frame->module = take_copy(reader);
		frame->file = take_copy(reader);
	}
}

size_t lc_lookup_pack_answer(const struct lookup_answer *answer, unsigned char *buffer)
{
	struct writer writer = {buffer, buffer + LOOKUP_MESSAGE_MAX, false};
	uint32_t kind = answer->kind;

	PUT(&writer, answer->id);
	PUT(&writer, kind);
	PUT(&writer, answer->result);
	PUT(&writer, answer->no_debuginfod);
	if (kind == LOOKUP_CARRIED) {
		PUT(&writer, answer->carried.caps);
		put_string(&writer, answer->carried.about);
	} else if (kind == LOOKUP_OBJECT) {
		PUT(&writer, answer->object.mode);
		put_string(&writer, answer->object.path);
		put_string(&writer, answer->object.owner);
	} else {
		put_stack(&writer, &answer->stack);
	}
	return (size_t)(writer.at - buffer);
}

int lc_lookup_unpack_answer(const unsigned char *buffer, size_t length, struct lookup_answer *answer)
{
	struct reader reader = {buffer, buffer + length, false};
	uint32_t kind;
	uint8_t flag;

	*answer = (struct lookup_answer){0};
	TAKE(&reader, answer->id);
	TAKE(&reader, kind);
	TAKE(&reader, answer->result);
	TAKE(&reader, flag);
	answer->kind = kind < LOOKUP_KINDS ? (enum lookup_kind)kind : LOOKUP_KINDS;
	answer->no_debuginfod = flag;
	if (kind == LOOKUP_CARRIED) {
		TAKE(&reader, answer->carried.caps);
		answer->carried.about = take_copy(&reader);
	} else if (kind == LOOKUP_OBJECT) {
		TAKE(&reader, answer->object.mode);
		answer->object.path = take_copy(&reader);
		answer->object.owner = take_copy(&reader);
	} else if (kind == LOOKUP_STACK) {
		take_stack(&reader, &answer->stack);
	}
	/* A capability without the file that carries it would be evidence of nothing. */
	if (reader.broken || reader.at != reader.end || kind >= LOOKUP_KINDS || answer->result > 0 ||
		(answer->carried.caps && !answer->carried.about)) {
		lc_lookup_answer_clear(answer);
		return -EPROTO;
	}
	return 0;
}

void lc_lookup_answer_clear(struct lookup_answer *answer)
{
	free(answer->carried.about);
	answer->carried = (struct lc_carried){0};
	lc_object_clear(&answer->object);
	lc_stack_clear(&answer->stack);
}
