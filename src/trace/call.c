/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A call in strace's look, from its row of the table: name(argument, argument). */
#include "src/trace/decode.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

static const struct lc_look hexadecimal = {.kind = LC_KIND_HEX};
static const struct lc_look address = {.kind = LC_KIND_ADDRESS};

/* How many bytes LOOK takes along when no argument counts them. */
static size_t fixed_size(const struct lc_look *look)
{
	return look->kind == LC_KIND_STRUCT ? look->layout->size : look->bytes;
}

/* What LOOK, which stands at ARGUMENT, takes along; LC_PIECE_NONE where that is nothing. */
static struct lc_piece_shape shape_of(const struct lc_look *look, size_t argument)
{
	struct lc_piece_shape shape = {
		.kind = LC_PIECE_BYTES, .argument = (uint8_t)argument, .size = (uint8_t)fixed_size(look)};

	if (look->kind < LC_KIND_STRING)
		return (struct lc_piece_shape){0};
	if (look->kind == LC_KIND_STRING || look->kind == LC_KIND_PATH)
		return (struct lc_piece_shape){.kind = LC_PIECE_STRING, .argument = (uint8_t)argument};
	if (look->size) {
		shape.kind = LC_PIECE_BUFFER;
		shape.size = look->size - 1;
		shape.unit = look->unit ? look->unit : 1;
	}
	return shape;
}

struct lc_capture lc_trace_capture(int number)
{
	const struct lc_call_row *row = lc_call_row(number);
	struct lc_capture capture = {0};
	size_t n = 0;

	for (size_t i = 0; row && i < LC_CALL_ARGUMENTS && n < LC_TRACE_PIECES; i++) {
		capture.pieces[n] = shape_of(&row->looks[i], i);
		if (capture.pieces[n].kind != LC_PIECE_NONE)
			n++;
	}
	return capture;
}

void lc_put_call_name(struct lc_strbuf *out, const struct lc_call_made *call)
{
	const struct lc_call_row *row = call->compat ? NULL : lc_call_row(call->number);
	uint32_t arch = SCMP_ARCH_NATIVE;
	char *name;

	if (row) {
		lc_strbuf_adds(out, row->name);
		return;
	}
	if (call->compat)
		arch = seccomp_arch_native() == SCMP_ARCH_AARCH64 ? SCMP_ARCH_ARM : SCMP_ARCH_X86;
	name = seccomp_syscall_resolve_num_arch(arch, call->number);
	if (name)
		lc_strbuf_adds(out, name);
	else
		lc_strbuf_addf(out, "syscall_%#x", (unsigned)call->number);
	free(name);
}

/* The variant of ROW that CALL is; NULL when it is none of them. */
static const struct lc_variant *variant_of(const struct lc_call_row *row, const struct lc_call_made *call)
{
	uint32_t value = (uint32_t)call->arguments[row->variants->selector];

	for (size_t i = 0; i < row->variants->n; i++) {
		if ((uint32_t)row->variants->rows[i].value == value)
			return &row->variants->rows[i];
	}
	return NULL;
}

/* How the argument at POSITION of ROW looks in a call that is VARIANT. */
static const struct lc_look *look_at(const struct lc_call_row *row, const struct lc_variant *variant, size_t position)
{
	const struct lc_look *look = &row->looks[position];

	if (!row->variants || position < row->variants->first || look->kind == LC_KIND_NONE)
		return look;
	if (variant)
		return &variant->looks[position - row->variants->first];
	if (look->kind < LC_KIND_STRING || look->kind == LC_KIND_OPTION)
		return look;
	/* What is there depends on what is not known; where its size is passed too it is an address, else it may be a number. */
	return look->size ? &address : &hexadecimal;
}

static size_t shown_unknown(struct lc_shown shown[LC_CALL_ARGUMENTS])
{
	for (uint8_t i = 0; i < LC_CALL_ARGUMENTS; i++)
		shown[i] = (struct lc_shown){&hexadecimal, i, NULL};
	return LC_CALL_ARGUMENTS;
}

size_t lc_call_shown(const struct lc_call_made *call, struct lc_shown shown[LC_CALL_ARGUMENTS])
{
	const struct lc_call_row *row = call->compat ? NULL : lc_call_row(call->number);
	const struct lc_variant *variant;
	size_t pieces = 0;
	size_t n = 0;

	if (!row)
		return shown_unknown(shown);
	variant = row->variants ? variant_of(row, call) : NULL;
	for (size_t i = 0; i < LC_CALL_ARGUMENTS; i++) {
		const struct lc_look *look = look_at(row, variant, i);
		const struct lc_piece *piece = NULL;

		if (row->looks[i].kind >= LC_KIND_STRING && pieces < LC_TRACE_PIECES)
			piece = &call->pieces[pieces++];
		if (look->kind == LC_KIND_NONE || (look->when && !(call->arguments[look->when - 1] & look->mask)))
			continue;
		shown[n++] = (struct lc_shown){look, look->from ? look->from - 1 : (uint8_t)i, piece};
	}
	return n;
}

/* How many bytes of PIECE are what CALL passes: a buffer is no longer than the argument that counts it says. */
static size_t passed(const struct lc_call_made *call, const struct lc_look *look, const struct lc_piece *piece)
{
	uint64_t counted = look->size ? (uint32_t)call->arguments[look->size - 1] : UINT64_MAX;
	size_t unit = look->unit ? look->unit : 1;
	size_t length = piece->length < LC_TRACE_PIECE ? piece->length : LC_TRACE_PIECE;

	return counted < length / unit ? counted * unit : length;
}

static void put_pointed(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_look *look,
	uint64_t pointer, const struct lc_piece *piece)
{
	bool empty = look->size && !call->arguments[look->size - 1];
	size_t length;

	if (!pointer || !piece || (!piece->bytes && !empty)) {
		lc_put_value(out, call, &address, pointer);
		return;
	}
	length = empty ? 0 : passed(call, look, piece);
	if (length < fixed_size(look) && look->kind != LC_KIND_STRUCT && !look->size)
		lc_put_value(out, call, &address, pointer);
	else
		lc_put_memory(out, call, look, piece->bytes, length, piece->cut);
}

void lc_put_argument(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_shown *shown)
{
	const struct lc_look *look = shown->look;
	uint64_t value = call->arguments[shown->argument];

	lc_strbuf_adds(out, look->label);
	if (look->kind >= LC_KIND_STRING)
		put_pointed(out, call, look, value, shown->piece);
	else
		lc_put_value(out, call, look, value);
}

void lc_trace_format_call(struct lc_strbuf *out, const struct lc_call_made *call)
{
	struct lc_shown shown[LC_CALL_ARGUMENTS];
	size_t n = lc_call_shown(call, shown);

	lc_put_call_name(out, call);
	lc_strbuf_add(out, "(", 1);
	for (size_t i = 0; i < n; i++) {
		if (i)
			lc_strbuf_adds(out, ", ");
		lc_put_argument(out, call, &shown[i]);
	}
	lc_strbuf_add(out, ")", 1);
}
