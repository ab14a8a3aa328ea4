/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds seccomp filters and calls, both as a container makes them: some filters, each a length and its instructions, behind one call. */
#include "served.h"

#include <leastcap/filter.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define FILTERS 4

/* Takes a filter off the N bytes at INPUT; what is left is its own, so that a read behind its end is seen. */
static size_t take(const uint8_t *input, size_t n, struct lc_filter *filter)
{
	size_t length = input[0] % 64 ? input[0] : n; /* some take all that there is */
	size_t size;
	struct sock_filter *program;

	if (length > (n - 1) / sizeof(*program))
		length = (n - 1) / sizeof(*program);
	size = length * sizeof(*program);
	program = malloc(size + 1);
	if (!program)
		abort();
	memcpy(program, input + 1, size);
	program = realloc(program, size ? size : 1);
	if (!program)
		abort();
	*filter = (struct lc_filter){program, length};
	return 1 + size;
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	struct lc_filter filters[FILTERS];
	struct seccomp_data call = {0};
	enum lc_filter_answer answer;
	size_t n = 0;

	if (size < sizeof(call))
		return 0;
	memcpy(&call, input, sizeof(call));
	for (size_t at = sizeof(call); at < size && n < FILTERS; n++)
		at += take(input + at, size - at, &filters[n]);
	answer = lc_filter_answers(filters, n, &call, EPERM);
	if (answer >= LC_FILTER_ANSWERS_N || (answer == LC_FILTER_NONE) != (n == 0))
		abort();
	for (size_t i = 0; i < n; i++) {
		uint32_t first = 1, second = 2;
		int r = lc_filter_run(&filters[i], &call, &first);

		if (r != 0 && r != -EINVAL)
			abort();
		/* A filter has no state, and one that can't be run leaves all of them unanswered. */
		if (r == 0 && (lc_filter_run(&filters[i], &call, &second) || first != second))
			abort();
		if (r != 0 && answer != LC_FILTER_UNKNOWN)
			abort();
		free((void *)filters[i].program);
	}
	return 0;
}
