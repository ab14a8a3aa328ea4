/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap caps --decode: masks to names and names to masks. */
#include "src/cli/caps.h"
#include "src/cli/cli.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LC_MASK_DIGITS 16
/* How many capabilities a set may differ from a default list by to be described by that. */
#define LC_NEAR 4

/* Reads hexadecimal digits, with or without "0x", to *MASK; -EINVAL for anything else. */
static int read_mask(const char *text, uint64_t *mask)
{
	size_t length;

	if (strncasecmp(text, "0x", 2) == 0)
		text += 2;
	length = strlen(text);
	if (!length || length > LC_MASK_DIGITS || strspn(text, "0123456789abcdefABCDEF") != length)
		return -EINVAL;
	*mask = strtoull(text, NULL, 16);
	return 0;
}

/* Reads names with commas between them. */
static uint64_t read_names(const char *text)
{
	_cleanup_free_ char *copy = strdup(text);
	char *rest = copy;
	uint64_t mask = 0;
	char *name;

	if (!copy)
		lc_cli_usage_error("%s", strerror(ENOMEM));
	while ((name = strsep(&rest, ",")))
		mask |= lc_caps_read_capability(name + strspn(name, " "));
	return mask;
}

/* No name begins with a digit, and none has hexadecimal digits alone. */
static uint64_t read_word(const char *word)
{
	uint64_t mask;

	if (!read_mask(word, &mask))
		return mask;
	if (isdigit((unsigned char)*word) || !*word)
		lc_cli_usage_error("--decode: '%s' is no mask of 1 to %d hexadecimal digits", word, LC_MASK_DIGITS);
	return read_names(word);
}

/* The engine whose default list differs least from MASK, and in *DIFFERENCE by what. */
static enum lc_engine nearest_engine(uint64_t mask, uint64_t *difference)
{
	enum lc_engine nearest = LC_ENGINE_DOCKER;

	*difference = mask ^ lc_engine_defaults(nearest, NULL);
	for (int engine = 0; engine < LC_ENGINE_N; engine++) {
		uint64_t other = mask ^ lc_engine_defaults(engine, NULL);

		if (__builtin_popcountll(other) < __builtin_popcountll(*difference)) {
			nearest = engine;
			*difference = other;
		}
	}
	return nearest;
}

/* "docker's defaults with NET_ADMIN without MKNOD"; nothing when it is not near any. */
static void describe(struct lc_strbuf *out, uint64_t mask)
{
	uint64_t all = lc_cap_all();
	uint64_t difference;
	enum lc_engine engine = nearest_engine(mask, &difference);

	if (mask == all) {
		lc_strbuf_adds(out, "all that this kernel has");
	} else if (mask & ~all) {
		lc_cap_add_list(out, mask & ~all, "not in this kernel: ", ", ", false);
	} else if (__builtin_popcountll(all & ~mask) <= LC_NEAR) {
		lc_cap_add_list(out, all & ~mask, "all but ", ", ", false);
	} else if (__builtin_popcountll(difference) <= LC_NEAR) {
		lc_strbuf_addf(out, "%s's defaults", lc_engine_name(engine));
		lc_cap_add_list(out, mask & difference, " with ", ", ", false);
		lc_cap_add_list(out, difference & ~mask, " without ", ", ", false);
	}
}

static void add_text(struct lc_strbuf *out, uint64_t mask)
{
	struct lc_strbuf description = {0};

	lc_strbuf_addf(out, "%016" PRIx64 "  ", mask);
	lc_caps_add_names(out, mask, LC_MASK_DIGITS + 2);
	describe(&description, mask);
	if (description.text) {
		lc_strbuf_addf(out, "%*s(", LC_MASK_DIGITS + 2, "");
		lc_strbuf_adds(&description, ")");
		lc_caps_add_paragraph(out, description.text, LC_MASK_DIGITS + 3, LC_MASK_DIGITS + 3);
	}
	out->failed |= description.failed;
	lc_strbuf_free(&description);
}

int lc_caps_decode(const struct lc_caps_options *options)
{
	json_t *array = options->json ? json_array() : NULL;
	struct lc_strbuf out = {0};

	for (size_t i = 0; i < options->words.n; i++) {
		uint64_t mask = read_word(options->words.list[i]);

		if (options->json)
			json_array_append_new(array, lc_caps_set_json(mask));
		else
			add_text(&out, mask);
	}
	return options->json ? lc_caps_print_json(array) : lc_caps_print(&out);
}
