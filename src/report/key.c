/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keys of YAML, quoted where they have to be. */
#include "parts.h"

#include <leastcap/escape.h>

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Words that mean something else to YAML 1.1 or 1.2 unless they are quoted. */
static const char *const reserved_words[] = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"};

static bool is_reserved(const char *text)
{
	for (size_t i = 0; i < sizeof(reserved_words) / sizeof(reserved_words[0]); i++) {
		if (strcasecmp(text, reserved_words[i]) == 0)
			return true;
	}
	return false;
}

/* Whether TEXT is letters, digits, dots, dashes and underscores, of which the first is a letter. */
static bool is_word(const char *text)
{
	if (!isascii((unsigned char)*text) || !isalpha((unsigned char)*text))
		return false;
	for (; *text; text++) {
		if (!strchr("._-", *text) && !(isascii((unsigned char)*text) && isalnum((unsigned char)*text)))
			return false;
	}
	return true;
}

void lc_report_add_key(struct lc_strbuf *out, const char *text)
{
	if (is_word(text) && !is_reserved(text))
		lc_strbuf_adds(out, text);
	else
		lc_escape_yaml(out, text);
}
