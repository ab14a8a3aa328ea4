/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds answers of a child that was taken over to the privileged side, which may not crash, leak or believe more than fits. */
#include "served.h"

#include "src/why/wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	static char path[] = "/bin/program";
	const struct lc_mapping mappings[] = {{.path = path}, {.path = NULL}};
	const struct lc_snapshot snapshot = {.mappings = mappings, .n_mappings = 2};
	struct lc_stack stack = {0};
	size_t i, n;

	if (lc_why_wire_unpack(input, size, &snapshot, &stack) > 0 || stack.n > LC_STACK_DEPTH)
		abort();
	for (i = 0, n = 0; i < stack.n; i++) {
		n += stack.frames[i].function ? strlen(stack.frames[i].function) : 0;
		n += stack.frames[i].file ? strlen(stack.frames[i].file) : 0;
	}
	if (n > size)
		abort();
	lc_stack_clear(&stack);
	return 0;
}
