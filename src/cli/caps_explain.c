/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap caps without options: every capability in a line; and --explain: some of them at length. */
#include "src/cli/caps.h"

#include <leastcap/capset.h>
#include <leastcap/explain.h>
#include <leastcap/facts.h>

#include <string.h>

#define LC_CAPS 64
/* "  Instead   " */
#define LC_FIELD_INDENT 12

/* Whether the row before ROW in the table of alternatives has the same two. */
static bool is_repeated(const struct lc_alternative *rows, size_t row)
{
	for (size_t i = 0; i < row; i++) {
		if (rows[i].narrow == rows[row].narrow && rows[i].wide == rows[row].wide)
			return true;
	}
	return false;
}

static void add_field(struct lc_strbuf *out, const char *name, const char *text)
{
	lc_strbuf_addf(out, "  %-10s", name);
	lc_caps_add_paragraph(out, text, LC_FIELD_INDENT, LC_FIELD_INDENT);
}

/* The capabilities that share decisions with CAP: narrower ones that are accepted in its place, or wider ones. */
static uint64_t find_alternatives(int cap, bool narrower)
{
	const struct lc_alternative *rows;
	uint64_t found = 0;
	size_t n;

	rows = lc_alternatives(&n);
	for (size_t i = 0; i < n; i++) {
		if (narrower && rows[i].wide == cap)
			found |= LC_CAP_BIT(rows[i].narrow);
		if (!narrower && rows[i].narrow == cap)
			found |= LC_CAP_BIT(rows[i].wide);
	}
	return found;
}

/* "For a part of it the kernel takes BPF or PERFMON as well." */
static void add_alternatives(
	struct lc_strbuf *out, const char *name, const char *before, uint64_t others, const char *after)
{
	struct lc_strbuf text = {0};
	char buffer[LC_CAP_NAME_SIZE];
	const char *separator = before;

	for (int cap; (cap = lc_cap_take(&others)) >= 0;) {
		lc_strbuf_addf(&text, "%s%s", separator, lc_cap_name(cap, buffer));
		separator = others & (others - 1) ? ", " : " or ";
	}
	if (text.text) {
		lc_strbuf_adds(&text, after);
		add_field(out, name, text.text);
	}
	out->failed |= text.failed;
	lc_strbuf_free(&text);
}

/* Whether CALL stands before the row number ROW and its call number N among what CAP opens. */
static bool is_opened_before(const struct lc_filter_row *rows, size_t row, size_t n, int cap)
{
	const char *call = rows[row].calls[n];

	for (size_t i = 0; i <= row; i++) {
		for (size_t j = 0; rows[i].caps & LC_CAP_BIT(cap) && rows[i].calls[j] && (i < row || j < n); j++) {
			if (!strcmp(rows[i].calls[j], call))
				return true;
		}
	}
	return false;
}

/* Does WITH, with ITS, each call that the current filter of Docker lets through only with CAP or another one. */
static void each_opened(int cap, void (*with)(void *its, const char *call), void *its)
{
	size_t n;
	const struct lc_filter_row *rows = lc_filter_rows(&n);

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; rows[i].caps & LC_CAP_BIT(cap) && rows[i].calls[j]; j++) {
			const char *call = rows[i].calls[j];

			if (lc_filter_opens(NULL, NULL, call, rows[i].values[0]) & LC_CAP_BIT(cap) &&
				!is_opened_before(rows, i, j, cap))
				with(its, call);
		}
	}
}

static void add_opened(void *its, const char *call)
{
	struct lc_strbuf *text = its;

	lc_strbuf_addf(
		text, "%s%s", text->length ? ", " : "Docker's current one lets these calls through by it: ", call);
}

/* What an engine's filter of system calls has to do with CAP. */
static void add_filter(struct lc_strbuf *out, int cap)
{
	struct lc_strbuf text = {0};

	each_opened(cap, add_opened, &text);
	if (text.text) {
		lc_strbuf_adds(&text, ".");
		add_field(out, "Filter", text.text);
	}
	out->failed |= text.failed;
	lc_strbuf_free(&text);
}

static void append_opened(void *its, const char *call)
{
	json_array_append_new(its, json_string(call));
}

static json_t *filter_json(int cap)
{
	json_t *array = json_array();

	each_opened(cap, append_opened, array);
	return array;
}

static void add_explanation(struct lc_strbuf *out, int cap)
{
	const struct lc_explanation *explanation = lc_explain(cap);
	char name[LC_CAP_NAME_SIZE];

	if (out->length)
		lc_strbuf_adds(out, "\n");
	lc_strbuf_addf(out, "%s (%d)", lc_cap_name(cap, name), cap);
	if (!explanation) {
		lc_strbuf_adds(out, ": newer than this program\n");
		return;
	}
	lc_strbuf_addf(out, ": %s\n", explanation->meaning);
	add_field(out, "Allows", explanation->allows);
	add_field(out, "Danger", explanation->danger);
	add_field(out, "Instead", explanation->instead);
	add_field(out, "Asked by", explanation->asked_by);
	add_filter(out, cap);
	add_alternatives(out, "Narrower", "in its place, for what they are made for, the kernel takes ",
		find_alternatives(cap, true), ".");
	add_alternatives(out, "Wider", "for some of it the kernel takes ", find_alternatives(cap, false), " too.");
}

static json_t *alternatives_json(int cap)
{
	const struct lc_alternative *rows;
	json_t *array = json_array();
	char narrow[LC_CAP_NAME_SIZE];
	char wide[LC_CAP_NAME_SIZE];
	size_t n;

	rows = lc_alternatives(&n);
	for (size_t i = 0; i < n; i++) {
		if ((rows[i].narrow != cap && rows[i].wide != cap) || is_repeated(rows, i))
			continue;
		json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "narrow", lc_cap_name(rows[i].narrow, narrow),
						     "wide", lc_cap_name(rows[i].wide, wide), "why", rows[i].why));
	}
	return array;
}

static json_t *explanation_json(int cap)
{
	static const struct lc_explanation nothing = {0};
	const struct lc_explanation *explanation = lc_explain(cap);
	char name[LC_CAP_NAME_SIZE];

	if (!explanation)
		explanation = &nothing;
	return json_pack("{s:i, s:s, s:s?, s:s?, s:s?, s:s?, s:s?, s:o, s:o}", "number", cap, "name",
		lc_cap_name(cap, name), "meaning", explanation->meaning, "allows", explanation->allows, "danger",
		explanation->danger, "instead", explanation->instead, "asked_by", explanation->asked_by, "alternatives",
		alternatives_json(cap), "opens", filter_json(cap));
}

int lc_caps_explain(const struct lc_caps_options *options)
{
	json_t *array = options->json ? json_array() : NULL;
	struct lc_strbuf out = {0};

	for (size_t i = 0; i < options->words.n; i++) {
		uint64_t mask = lc_caps_read_capability(options->words.list[i]);

		for (int cap = 0; cap < LC_CAPS; cap++) {
			if (!(mask & LC_CAP_BIT(cap)))
				continue;
			if (options->json)
				json_array_append_new(array, explanation_json(cap));
			else
				add_explanation(&out, cap);
		}
	}
	return options->json ? lc_caps_print_json(array) : lc_caps_print(&out);
}

static json_t *row_json(int cap, bool is_default)
{
	const struct lc_explanation *explanation = lc_explain(cap);
	char name[LC_CAP_NAME_SIZE];

	return json_pack("{s:i, s:s, s:s?, s:b}", "number", cap, "name", lc_cap_name(cap, name), "meaning",
		explanation ? explanation->meaning : NULL, "docker_default", is_default);
}

int lc_caps_list(const struct lc_caps_options *options)
{
	uint64_t defaults = lc_engine_defaults(LC_ENGINE_DOCKER, NULL);
	json_t *array = options->json ? json_array() : NULL;
	struct lc_strbuf out = {0};
	char name[LC_CAP_NAME_SIZE];
	int last = 0;

	/* Those of this table and those of the kernel, whichever has more. */
	while (last < LC_CAPS && (lc_explain(last) || lc_cap_all() & LC_CAP_BIT(last)))
		last++;
	lc_strbuf_adds(&out, "    name                docker  allows to\n");
	for (int cap = 0; cap < last; cap++) {
		const struct lc_explanation *explanation = lc_explain(cap);
		bool is_default = defaults & LC_CAP_BIT(cap);

		if (options->json)
			json_array_append_new(array, row_json(cap, is_default));
		else
			lc_strbuf_addf(&out, "%2d  %-18s  %-6s  %s\n", cap, lc_cap_name(cap, name),
				is_default ? "yes" : "",
				explanation ? explanation->meaning : "(newer than this program)");
	}
	if (options->json)
		lc_strbuf_free(&out);
	return options->json ? lc_caps_print_json(array) : lc_caps_print(&out);
}
