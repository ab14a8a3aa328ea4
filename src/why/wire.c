/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Packs and unpacks answers. */
#include "src/why/wire.h"

#include <errno.h>
#include <string.h>

size_t lc_why_wire_pack(
	const struct lc_stack *stack, const int *mappings, int result, unsigned char *buffer, size_t size)
{
	struct lc_why_wire_answer answer = {.kind = WIRE_ANSWER, .result = result, .cut = stack->cut};
	struct lc_packer packer = {buffer, buffer + size, false};

	lc_pack(&packer, &answer, sizeof(answer));
	for (; answer.n < stack->n; answer.n++) {
		int32_t mapping = mappings[answer.n];
		unsigned char *start = packer.at;

		lc_pack(&packer, &mapping, sizeof(mapping));
		lc_pack_frame(&packer, &stack->frames[answer.n]);
		if (packer.full) {
			packer.at = start;
			answer.cut = true;
			break;
		}
	}
	memcpy(buffer, &answer, sizeof(answer));
	return (size_t)(packer.at - buffer);
}

static int unpack_frame(struct lc_unpacker *unpacker, const struct lc_snapshot *snapshot, struct lc_stack *stack)
{
	struct lc_frame *frame;
	int32_t mapping;

	lc_unpack(unpacker, &mapping, sizeof(mapping));
	if (mapping < -1 || (mapping >= 0 && (size_t)mapping >= snapshot->n_mappings))
		return -EPROTO;
	lc_unpack_frame(unpacker, stack);
	if (unpacker->broken)
		return -EPROTO;
	frame = &stack->frames[stack->n - 1];
	/* The child knows no paths. */
	if (frame->module)
		return -EPROTO;
	if (mapping < 0 || !snapshot->mappings[mapping].path)
		return 0;
	frame->module = strdup(snapshot->mappings[mapping].path);
	return frame->module ? 0 : -ENOMEM;
}

int lc_why_wire_unpack(
	const unsigned char *buffer, size_t length, const struct lc_snapshot *snapshot, struct lc_stack *stack)
{
	struct lc_unpacker unpacker = {buffer, buffer + length, false};
	struct lc_why_wire_answer answer;
	int ret = 0;

	lc_unpack(&unpacker, &answer, sizeof(answer));
	if (unpacker.broken || answer.kind != WIRE_ANSWER || answer.n > LC_STACK_DEPTH || answer.result > 0 ||
		answer.result < -4095)
		return -EPROTO;
	for (uint32_t i = 0; ret == 0 && i < answer.n; i++)
		ret = unpack_frame(&unpacker, snapshot, stack);
	if (ret == 0 && unpacker.at != unpacker.end)
		ret = -EPROTO;
	if (ret < 0) {
		lc_stack_clear(stack);
		return ret;
	}
	stack->cut = answer.cut != 0;
	return answer.result;
}
