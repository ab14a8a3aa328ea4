/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What asked for a capability, in half a sentence. */
#include "rows.h"

#include <leastcap/escape.h>
#include <leastcap/report.h>

void lc_report_add_word(struct lc_strbuf *out, size_t start, const char *before, const char *text)
{
	if (!text || !*text)
		return;
	lc_strbuf_adds(out, out->length > start ? " " : "");
	lc_strbuf_adds(out, before);
	lc_escape_terminal(out, text);
}

void lc_report_add_caller(struct lc_strbuf *out, const struct lc_check *check)
{
	size_t start = out->length;

	lc_report_add_word(out, start, "", lc_report_program(check));
	lc_report_add_word(out, start, "", check->syscall);
	lc_report_add_word(out, start, "", check->about);
	if (out->length == start)
		lc_report_add_word(out, start, "in ", check->caller);
	if (out->length == start)
		lc_strbuf_adds(out, "?");
	if (check->verdict == LC_VERDICT_DENIED)
		lc_report_add_word(out, start, "→ ", check->result);
}
