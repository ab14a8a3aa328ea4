/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds tables of kernel symbols, as /proc/kallsyms has them, to what finds call sites in them. */
#include "served.h"

#include "src/probe/kallsyms.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Addresses in the order in which they come in; some of them twice. */
static const uint64_t addresses[] = {0xffffffff810a2215, 0, 0xffffffff810a1f20, UINT64_MAX, 0xffffffff810a2215, 1};

#define N (sizeof(addresses) / sizeof(addresses[0]))

static void resolve(void)
{
	struct lc_symbol symbols[N] = {0};
	bool has_first = false;

	for (size_t i = 0; i < N; i++)
		symbols[i].address = addresses[i];
	(void)lc_kallsyms_resolve(symbols, N);
	for (size_t i = 0; i < N; i++) {
		has_first |= symbols[i].address == addresses[0];
		if (symbols[i].name && symbols[i].start >= symbols[i].address)
			abort();
		free(symbols[i].name);
	}
	if (!has_first)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct lc_wrappers wrappers;

	fuzz_serve("/proc/kallsyms", input, size);
	lc_kallsyms_wrappers(&wrappers);
	if (wrappers.n > LC_WRAPPERS)
		abort();
	resolve();
	fuzz_serve(NULL, NULL, 0);
	return 0;
}
