/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Packs and unpacks messages. The process that packed a message may have been taken over. */
#include <leastcap/worker.h>

#include <string.h>

/* The length of a string that is NULL. */
#define NO_STRING UINT32_MAX

void lc_pack(struct lc_packer *packer, const void *bytes, size_t size)
{
	if (packer->full || size > (size_t)(packer->end - packer->at)) {
		packer->full = true;
		return;
	}
	if (size)
		memcpy(packer->at, bytes, size);
	packer->at += size;
}

void lc_pack_string(struct lc_packer *packer, const char *text)
{
	size_t length = text ? strlen(text) : 0;
	uint32_t packed = text && length <= LC_PACKED_STRING_MAX ? (uint32_t)length : NO_STRING;

	lc_pack(packer, &packed, sizeof(packed));
	if (packed != NO_STRING)
		lc_pack(packer, text, length + 1);
}

const unsigned char *lc_unpack_bytes(struct lc_unpacker *unpacker, size_t size)
{
	const unsigned char *bytes = unpacker->at;

	if (unpacker->broken || size > (size_t)(unpacker->end - unpacker->at)) {
		unpacker->broken = true;
		return NULL;
	}
	unpacker->at += size;
	return bytes;
}

void lc_unpack(struct lc_unpacker *unpacker, void *to, size_t size)
{
	const unsigned char *bytes = lc_unpack_bytes(unpacker, size);

	if (bytes)
		memcpy(to, bytes, size);
	else
		memset(to, 0, size);
}

const char *lc_unpack_string(struct lc_unpacker *unpacker)
{
	const unsigned char *bytes;
	uint32_t length;

	lc_unpack(unpacker, &length, sizeof(length));
	if (unpacker->broken || length == NO_STRING)
		return NULL;
	if (length > LC_PACKED_STRING_MAX) {
		unpacker->broken = true;
		return NULL;
	}
	bytes = lc_unpack_bytes(unpacker, (size_t)length + 1);
	if (bytes && strnlen((const char *)bytes, (size_t)length + 1) != length)
		unpacker->broken = true;
	return unpacker->broken ? NULL : (const char *)bytes;
}

char *lc_unpack_copy(struct lc_unpacker *unpacker)
{
	const char *text = lc_unpack_string(unpacker);
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		unpacker->broken = true;
	return copy;
}

void lc_pack_frame(struct lc_packer *packer, const struct lc_frame *frame)
{
	unsigned char *start = packer->at;
	uint8_t inlined = frame->inlined;

	lc_pack(packer, &frame->offset, sizeof(frame->offset));
	lc_pack(packer, &frame->line, sizeof(frame->line));
	lc_pack(packer, &inlined, sizeof(inlined));
	lc_pack_string(packer, frame->function);
	lc_pack_string(packer, frame->module);
	lc_pack_string(packer, frame->file);
	if (packer->full)
		packer->at = start;
}

void lc_unpack_frame(struct lc_unpacker *unpacker, struct lc_stack *stack)
{
	struct lc_frame *frame = lc_stack_add(stack);
	uint8_t inlined;

	if (!frame) {
		unpacker->broken = true;
		return;
	}
	lc_unpack(unpacker, &frame->offset, sizeof(frame->offset));
	lc_unpack(unpacker, &frame->line, sizeof(frame->line));
	lc_unpack(unpacker, &inlined, sizeof(inlined));
	frame->inlined = inlined != 0;
	frame->function = lc_unpack_copy(unpacker);
	frame->module = lc_unpack_copy(unpacker);
	frame->file = lc_unpack_copy(unpacker);
}
