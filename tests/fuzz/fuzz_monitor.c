/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Feeds command lines of processes that call themselves conmon or containerd-shim, as anybody can. */
#include "served.h"

#include "src/identity/monitor.h"

#include <stdlib.h>
#include <string.h>

/* WORD lies in the SIZE bytes of INPUT, and ends there. */
static void check(const char *word, const uint8_t *input, size_t size)
{
	const char *text = (const char *)input;

	if (word && (word < text || word >= text + size || !memchr(word, '\0', (size_t)(text + size - word))))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size)
{
	static const char *const comms[] = {"conmon", "containerd-shim"};
	struct lc_monitor_words words;

	for (size_t i = 0; i < sizeof(comms) / sizeof(comms[0]); i++) {
		if (lc_monitor_read(comms[i], (const char *)input, size, &words))
			abort();
		check(words.id, input, size);
		check(words.name, input, size);
		check(words.bundle, input, size);
		check(words.namespace, input, size);
	}
	return 0;
}
