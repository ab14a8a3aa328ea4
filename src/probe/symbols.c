/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All functions of the kernel, kept for naming call sites while checks are traced. */
#include "src/probe/symbols.h"
#include "src/probe/kallsyms.h"

#include <leastcap/array.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>

struct function {
	uint64_t start;
	size_t name; /* where it begins in the text */
};

struct lc_symbols {
	struct function *functions; /* by address */
	size_t n;
	struct lc_strbuf text; /* all names, each with its NUL */
};

static int keep(void *context, const char *name, uint64_t address)
{
	struct lc_symbols *symbols = context;

	struct function *larger = lc_array_grow(symbols->functions, symbols->n, sizeof(*larger));

	if (!larger)
		return -ENOMEM;
	symbols->functions = larger;
	symbols->functions[symbols->n++] = (struct function){.start = address, .name = symbols->text.length};
	lc_strbuf_adds(&symbols->text, name);
	lc_strbuf_add(&symbols->text, "", 1);
	return 0;
}

/* Of several names at one address the first comes last, because that one is found, as lc_kallsyms_resolve finds it. */
static int by_start(const void *a, const void *b)
{
	const struct function *left = a, *right = b;

	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return left->name > right->name ? -1 : left->name < right->name;
}

int lc_symbols_load(struct lc_symbols **result)
{
	struct lc_symbols *symbols = calloc(1, sizeof(*symbols));
	int r;

	if (!symbols)
		return -ENOMEM;
	r = lc_kallsyms_each(keep, symbols);
	if (!r && symbols->text.failed)
		r = -ENOMEM;
	if (!r && !symbols->n)
		r = -EPERM;
	if (r) {
		lc_symbols_free(symbols);
		return r;
	}
	qsort(symbols->functions, symbols->n, sizeof(*symbols->functions), by_start);
	*result = symbols;
	return 0;
}

const char *lc_symbols_find(const struct lc_symbols *symbols, uint64_t address, uint64_t *start)
{
	size_t low = 0, high = symbols->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		/* A return address may be the first byte behind the function that made the call. */
		if (symbols->functions[middle].start < address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NULL;
	*start = symbols->functions[low - 1].start;
	return symbols->text.text + symbols->functions[low - 1].name;
}

void lc_symbols_free(struct lc_symbols *symbols)
{
	if (!symbols)
		return;
	lc_strbuf_free(&symbols->text);
	free(symbols->functions);
	free(symbols);
}
