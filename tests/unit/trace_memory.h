/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls whose arguments point into this process, taken along the way the kernel side does it. */
#ifndef LEASTCAP_TESTS_UNIT_TRACE_MEMORY_H
#define LEASTCAP_TESTS_UNIT_TRACE_MEMORY_H

#include <leastcap/trace.h>

#include <stdint.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* What the pieces of one call hold. */
struct taken {
	unsigned char bytes[LC_TRACE_PIECES][LC_TRACE_PIECE];
};

/* Reads LENGTH bytes at ADDRESS, which may be anything; how many there were, or 0. */
static inline size_t take_bytes(unsigned char *to, uint64_t address, size_t length)
{
	struct iovec local = {to, length};
	struct iovec remote = {(void *)(uintptr_t)address, length}; // NOLINT(performance-no-int-to-ptr)
	ssize_t n = length ? process_vm_readv(getpid(), &local, 1, &remote, 1, 0) : 0;

	return n > 0 ? (size_t)n : 0;
}

static inline void take_piece(
	struct lc_piece *piece, unsigned char *to, const struct lc_call_made *call, struct lc_piece_shape shape)
{
	uint64_t address = call->arguments[shape.argument];
	uint64_t wanted = LC_TRACE_PIECE;

	if (shape.kind == LC_PIECE_BYTES)
		wanted = shape.size;
	if (shape.kind == LC_PIECE_BUFFER)
		wanted = (uint64_t)(uint32_t)call->arguments[shape.size] * shape.unit;
	piece->cut = wanted > LC_TRACE_PIECE;
	piece->length = (uint32_t)take_bytes(to, address, piece->cut ? LC_TRACE_PIECE : wanted);
	if (!piece->length)
		return;
	piece->bytes = to;
	if (shape.kind == LC_PIECE_STRING) {
		size_t length = strnlen((const char *)to, piece->length);

		piece->cut = length == piece->length;
		piece->length = (uint32_t)length;
	}
}

/* Takes along what CALL points to; TAKEN must live as long as CALL. */
static inline void take_pieces(struct lc_call_made *call, struct taken *taken)
{
	struct lc_capture capture = lc_syscall_capture(call->number);

	for (size_t i = 0; i < LC_TRACE_PIECES; i++) {
		call->pieces[i] = (struct lc_piece){0};
		if (capture.pieces[i].kind != LC_PIECE_NONE)
			take_piece(&call->pieces[i], taken->bytes[i], call, capture.pieces[i]);
	}
}

#endif
