/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report's table of a target's evidence. */
#include "html.h"
#include "rows.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <inttypes.h>
#include <string.h>

static const struct {
	const char *title;
	const char *sort; /* how the script compares the column's cells */
} columns[] = {
	{"Capability", "text"},
	{"Class", "class"},
	{"Count", "number"},
	{"Program", "text"},
	{"System call", "text"},
	{"About", "text"},
	{"Asked in", "text"},
	{"User", "text"},
	{"First, last (UTC)", "text"},
};

static void add_head(struct lc_strbuf *out)
{
	lc_strbuf_adds(out, "<thead>\n<tr>");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		lc_strbuf_addf(out, "<th scope=\"col\" data-sort=\"%s\">%s</th>", columns[i].sort, columns[i].title);
	lc_strbuf_adds(out, "</tr>\n</thead>\n");
}

void lc_html_add_cell(struct lc_strbuf *out, const char *text)
{
	lc_strbuf_adds(out, "<td>");
	lc_escape_html(out, text);
	lc_strbuf_adds(out, "</td>");
}

void lc_html_add_call(struct lc_strbuf *out, const char *syscall, const char *result)
{
	lc_strbuf_adds(out, "<td>");
	lc_escape_html(out, syscall);
	if (result) {
		lc_strbuf_adds(out, " → ");
		lc_escape_html(out, result);
	}
	lc_strbuf_adds(out, "</td>");
}

void lc_html_add_object(struct lc_strbuf *out, const char *about, const struct lc_object *object)
{
	if (!about || strcmp(about, object->path) != 0) {
		lc_strbuf_adds(out, "at ");
		lc_escape_html(out, object->path);
		lc_strbuf_adds(out, ": ");
	}
	lc_escape_html(out, object->owner);
	lc_strbuf_addf(out, " %04o", (unsigned int)(object->mode & 07777));
}

/* A line each: what the check was about, the file whose owner and mode made the kernel ask, and why the check is in its class. */
static void add_about(struct lc_strbuf *out, const struct lc_check *check)
{
	const char *separator = "";

	lc_strbuf_adds(out, "<td>");
	if (check->about) {
		lc_escape_html(out, check->about);
		separator = "<br>";
	}
	if (check->object.path) {
		lc_strbuf_adds(out, separator);
		lc_html_add_object(out, check->about, &check->object);
		separator = "<br>";
	} else if (check->object.late) {
		lc_strbuf_addf(out, "%s%s", separator, LC_OBJECT_LATE);
		separator = "<br>";
	}
	if (check->why) {
		lc_strbuf_addf(out, "%s<em>", separator);
		lc_escape_html(out, check->why);
		lc_strbuf_adds(out, "</em>");
	}
	lc_strbuf_adds(out, "</td>");
}

void lc_html_add_times(struct lc_strbuf *out, int64_t first_ns, int64_t last_ns)
{
	lc_strbuf_adds(out, "<td>");
	lc_html_add_time(out, first_ns);
	if (last_ns / LC_NS_PER_S != first_ns / LC_NS_PER_S) {
		lc_strbuf_adds(out, "<br>");
		lc_html_add_time(out, last_ns);
	}
	lc_strbuf_adds(out, "</td>");
}

static void add_row(struct lc_strbuf *out, const struct lc_check *check)
{
	const char *class = lc_class_name(check->class);
	char name[LC_CAP_NAME_SIZE];

	lc_strbuf_addf(out,
		"<tr class=\"%s\"><th scope=\"row\">%s</th><td>%s</td><td class=\"number\">%" PRIu64 "</td>", class,
		lc_cap_name(check->cap, name), class, check->count);
	lc_html_add_cell(out, lc_report_program(check));
	lc_html_add_call(out, check->syscall, check->verdict == LC_VERDICT_DENIED ? check->result : NULL);
	add_about(out, check);
	lc_html_add_cell(out, check->caller);
	lc_html_add_cell(out, check->user);
	lc_html_add_times(out, check->first_ns, check->last_ns);
	lc_strbuf_adds(out, "</tr>\n");
}

static void add_table(struct lc_strbuf *out, const struct lc_target *target, const struct lc_report_row *rows, size_t n)
{
	lc_strbuf_adds(out, "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Evidence on ");
	lc_html_add_name(out, target);
	lc_strbuf_adds(out, "\">\n<table class=\"evidence\">\n<caption>What asked</caption>\n");
	add_head(out);
	lc_strbuf_adds(out, "<tbody>\n");
	for (size_t i = 0; i < n; i++)
		add_row(out, rows[i].check);
	lc_strbuf_adds(out, "</tbody>\n</table>\n</div>\n");
}

int lc_html_add_evidence(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	_cleanup_free_ struct lc_report_row *rows = NULL;
	size_t n = 0, shown = 0;
	/* A page has room for a row per piece of evidence. */
	int r = lc_report_rows(target, NULL, true, &rows, &n);

	if (r)
		return r;
	for (size_t i = 0; i < n; i++) {
		if (style->verbose || !lc_report_is_left_out(rows[i].check->class))
			rows[shown++] = rows[i];
	}
	if (shown)
		add_table(out, target, rows, shown);
	return 0;
}
