/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The diagnosis as text: whether anything can be recorded, then state, name and findings in columns. */
#include <leastcap/flow.h>
#include <leastcap/paragraph.h>

#include <leastcap/doctor.h>
#include <leastcap/escape.h>

#include <errno.h>
#include <string.h>

#define LC_PLAIN "\033[0m"

static const char *const state_colors[LC_DOCTOR_STATE_N] = {
	[LC_DOCTOR_OK] = "\033[32m",
	[LC_DOCTOR_UNKNOWN] = "\033[1m",
	[LC_DOCTOR_DEGRADED] = "\033[1;33m",
	[LC_DOCTOR_MISSING] = "\033[1;31m",
};

/* A diagnosis being written, and where its columns begin. */
struct page {
	struct lc_strbuf *out;
	const struct lc_style *style;
	int state; /* the widest state's name */
	int name;
	size_t text;
};

static struct page measure(const struct lc_diagnosis *diagnosis, const struct lc_style *style, struct lc_strbuf *out)
{
	struct page page = {.out = out, .style = style};

	for (size_t i = 0; i < diagnosis->n; i++) {
		int state = (int)strlen(lc_doctor_state_name(diagnosis->list[i].state));
		int name = (int)strlen(diagnosis->list[i].name);

		page.state = state > page.state ? state : page.state;
		page.name = name > page.name ? name : page.name;
	}
	page.text = (size_t)page.state + 2 + (size_t)page.name + 2;
	return page;
}

/* Appends LEAD and TEXT, which is escaped, as a paragraph. Its first line begins at COLUMN, the others at INDENT. */
static void add_paragraph(const struct page *page, size_t column, size_t indent, const char *lead, const char *text)
{
	struct lc_flow flow = {
		.out = page->out, .columns = lc_paragraph_columns(page->style), .column = column, .indent = indent};
	struct lc_strbuf escaped = {0};

	if (flow.columns)
		flow.longest = flow.columns > indent + LC_LEAST_WIDTH ? flow.columns - indent : LC_LEAST_WIDTH;
	lc_escape_terminal(&escaped, text);
	page->out->failed |= escaped.failed;
	lc_flow_words(&flow, lead);
	if (escaped.text)
		lc_flow_words(&flow, escaped.text);
	lc_flow_end(&flow);
	lc_strbuf_free(&escaped);
}

static void add_colored(const struct page *page, enum lc_doctor_state state, const char *text, int width)
{
	if (page->style->color)
		lc_strbuf_adds(page->out, state_colors[state]);
	lc_strbuf_adds(page->out, text);
	if (page->style->color)
		lc_strbuf_adds(page->out, LC_PLAIN);
	lc_strbuf_addf(page->out, "%*s", width - (int)strlen(text), "");
}

/* A line of its own below the finding, under the finding's column. */
static void add_below(const struct page *page, const char *lead, const struct lc_strbuf *text)
{
	if (!text->text)
		return;
	lc_strbuf_addf(page->out, "%*s", (int)page->text, "");
	add_paragraph(page, page->text, page->text + 2, lead, text->text);
}

static void add_finding(const struct page *page, const struct lc_doctor_finding *finding)
{
	add_colored(page, finding->state, lc_doctor_state_name(finding->state), page->state);
	lc_strbuf_addf(page->out, "  %-*s  ", page->name, finding->name);
	add_paragraph(page, page->text, page->text, "", finding->found.text ? finding->found.text : "");
	add_below(page, "costs:", &finding->cost);
	add_below(page, "do:", &finding->remedy);
}

/* The first finding in the worst state, or NULL. */
static const struct lc_doctor_finding *find_worst(const struct lc_diagnosis *diagnosis)
{
	enum lc_doctor_state worst = lc_diagnosis_worst(diagnosis);

	for (size_t i = 0; i < diagnosis->n; i++) {
		if (diagnosis->list[i].state == worst)
			return &diagnosis->list[i];
	}
	return NULL;
}

/* The answer, and the reason where something is in the way. */
static void add_answer(const struct page *page, const struct lc_diagnosis *diagnosis)
{
	static const char *const answers[LC_DOCTOR_STATE_N] = {
		[LC_DOCTOR_OK] = "leastcap can record here.",
		[LC_DOCTOR_UNKNOWN] = "leastcap can record here; not all could be looked at:",
		[LC_DOCTOR_DEGRADED] = "leastcap can record here, but not all is well:",
		[LC_DOCTOR_MISSING] = "leastcap cannot record here:",
	};
	const struct lc_doctor_finding *worst = find_worst(diagnosis);
	struct lc_strbuf reason = {0};

	if (worst && worst->state != LC_DOCTOR_OK)
		lc_strbuf_addf(&reason, "%s: %s", worst->name, worst->found.text ? worst->found.text : "");
	page->out->failed |= reason.failed;
	add_paragraph(page, 0, 0, answers[worst ? worst->state : LC_DOCTOR_OK], reason.text ? reason.text : "");
	lc_strbuf_adds(page->out, "\n");
	lc_strbuf_free(&reason);
}

int lc_diagnosis_text(const struct lc_diagnosis *diagnosis, const struct lc_style *style, struct lc_strbuf *out)
{
	struct page page = measure(diagnosis, style, out);

	add_answer(&page, diagnosis);
	for (size_t i = 0; i < diagnosis->n; i++)
		add_finding(&page, &diagnosis->list[i]);
	return out->failed ? -ENOMEM : 0;
}
