/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A call in strace's look, from its row of the table: name(argument, argument). */
#include "src/trace/decode.h"

#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

static const struct lc_type hexadecimal = {.kind = LC_KIND_HEX};
static const struct lc_type address = {.kind = LC_KIND_ADDRESS};

/* The row of CALL. NULL when it has none, or is a 32-bit program's, whose numbers are another machine's. */
static const struct lc_syscall *row_of(const struct lc_call_made *call)
{
	return call->compat ? NULL : lc_syscall_numbered(call->number);
}

static void put_name(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_syscall *row)
{
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

void lc_put_call_name(struct lc_strbuf *out, const struct lc_call_made *call)
{
	put_name(out, call, row_of(call));
}

/* Whether VARIANT is for VALUE of its selector. */
static bool has_value(const struct lc_variant *variant, uint32_t value)
{
	for (size_t i = 0; i < variant->n_values; i++) {
		if (variant->values[i] == value)
			return true;
	}
	return false;
}

/* The variant of ROW that CALL is; NULL when it is none of them. */
static const struct lc_variant *variant_of(const struct lc_syscall *row, const struct lc_call_made *call)
{
	const struct lc_variants *variants = row->variants;

	for (size_t i = 0; variants && i < variants->n; i++) {
		if (has_value(&variants->rows[i], (uint32_t)call->arguments[variants->selector]))
			return &variants->rows[i];
	}
	return NULL;
}

/* What the argument at POSITION of ROW is in a call that is VARIANT; NULL when the call has no such argument. */
static const struct lc_type *type_at(const struct lc_syscall *row, const struct lc_variant *variant, size_t position)
{
	const struct lc_type *type = &row->arguments[position];
	size_t first = row->variants ? row->variants->first : LC_CALL_ARGUMENTS;

	if (position < first || position >= first + row->variants->count)
		return type;
	if (variant)
		return position - first < variant->n ? &variant->types[position - first] : NULL;
	if (type->kind < LC_KIND_STRING)
		return type;
	/* What it is depends on a value that is not known. With a size beside it it is an address; else it may be a number. */
	return type->size ? &address : &hexadecimal;
}

/* Every register is shown of a call that the table lacks. */
static size_t shown_unknown(struct lc_shown shown[LC_CALL_ARGUMENTS])
{
	for (uint8_t i = 0; i < LC_CALL_ARGUMENTS; i++)
		shown[i] = (struct lc_shown){&hexadecimal, i, NULL, i};
	return LC_CALL_ARGUMENTS;
}

/* lc_call_shown for a call whose row is ROW, or NULL. */
static size_t shown_of(
	const struct lc_syscall *row, const struct lc_call_made *call, struct lc_shown shown[LC_CALL_ARGUMENTS])
{
	const struct lc_variant *variant;
	size_t pieces = 0;
	size_t n = 0;

	if (!row)
		return shown_unknown(shown);
	variant = variant_of(row, call);
	for (size_t i = 0; i < row->n; i++) {
		const struct lc_type *type = type_at(row, variant, i);
		const struct lc_piece *piece = NULL;

		if (row->arguments[i].kind >= LC_KIND_STRING && pieces < LC_TRACE_PIECES)
			piece = &call->pieces[pieces++];
		if (!type || (type->when && !(call->arguments[type->when - 1] & type->mask)))
			continue;
		shown[n++] = (struct lc_shown){type, type->from ? type->from - 1 : (uint8_t)i, piece, i};
	}
	return n;
}

size_t lc_call_shown(const struct lc_call_made *call, struct lc_shown shown[LC_CALL_ARGUMENTS])
{
	return shown_of(row_of(call), call, shown);
}

/* How many bytes of PIECE belong to what CALL passes. A buffer is no longer than the argument that counts it says. */
static size_t passed(const struct lc_call_made *call, const struct lc_type *type, const struct lc_piece *piece)
{
	uint64_t counted = type->size ? (uint32_t)call->arguments[type->size - 1] : UINT64_MAX;
	size_t unit = type->unit ? type->unit : 1;
	size_t length = piece->length < LC_TRACE_PIECE ? piece->length : LC_TRACE_PIECE;

	return counted < length / unit ? counted * unit : length;
}

static void put_pointed(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_type *type,
	uint64_t pointer, const struct lc_piece *piece)
{
	bool empty = type->size && !call->arguments[type->size - 1];
	size_t length;

	if (!pointer || !piece || (!piece->bytes && !empty)) {
		lc_put_value(out, call, &address, pointer);
		return;
	}
	length = empty ? 0 : passed(call, type, piece);
	if (length < lc_type_size(type) && type->kind != LC_KIND_STRUCT && !type->size)
		lc_put_value(out, call, &address, pointer);
	else
		lc_put_memory(out, call, type, &(struct lc_piece){piece->bytes, (uint32_t)length, piece->cut});
}

void lc_put_argument(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_shown *shown)
{
	const struct lc_type *type = shown->type;
	uint64_t value = call->arguments[shown->argument];

	lc_strbuf_adds(out, type->label);
	if (type->kind >= LC_KIND_STRING)
		put_pointed(out, call, type, value, shown->piece);
	else
		lc_put_value(out, call, type, value);
}

/* Appends what SHOWN, an argument of a call of ROW, is called, where it does not say that itself. */
static void put_argument_name(struct lc_strbuf *out, const struct lc_syscall *row, const struct lc_shown *shown)
{
	size_t length;
	const char *name = shown->type->label ? NULL : lc_syscall_argument_name(row, shown->position, &length);

	if (name) {
		lc_strbuf_add(out, name, length);
		lc_strbuf_adds(out, "=");
	}
}

void lc_trace_format_call(struct lc_strbuf *out, const struct lc_call_made *call, bool names)
{
	struct lc_shown shown[LC_CALL_ARGUMENTS];
	const struct lc_syscall *row = row_of(call);
	size_t n = shown_of(row, call, shown);

	put_name(out, call, row);
	lc_strbuf_add(out, "(", 1);
	for (size_t i = 0; i < n; i++) {
		if (i)
			lc_strbuf_adds(out, ", ");
		if (names)
			put_argument_name(out, row, &shown[i]);
		lc_put_argument(out, call, &shown[i]);
	}
	lc_strbuf_add(out, ")", 1);
}
