/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report: one page that needs nothing besides itself, a map of all targets first, then a section for each. */
#include "html.h"
#include "parts.h"

#include <leastcap/clock.h>
#include <leastcap/escape.h>

#include <errno.h>
#include <inttypes.h>

/* With more targets than these, all are closed at first, and the reader opens those that matter. */
#define LC_OPEN_TARGETS 8

/* The style sheet and the scripts, with the hashes by which a browser uses these and no others (html_embedded.S). */
extern const char lc_html_style[];
extern const char lc_html_style_hash[];
extern const char lc_html_script[];
extern const char lc_html_script_hash[];
extern const char lc_html_live[];
extern const char lc_html_live_hash[];

void lc_html_add_name(struct lc_strbuf *out, const struct lc_target *target)
{
	if (target->name && *target->name)
		lc_escape_html(out, target->name);
	else
		lc_strbuf_adds(out, "(no name)");
}

void lc_html_add_time(struct lc_strbuf *out, int64_t ns)
{
	if (ns > 0)
		lc_clock_add_utc(out, "%Y-%m-%d %H:%M:%S", ns);
}

/* "3 targets" */
static void add_n_targets(struct lc_strbuf *out, const struct lc_profile *profile)
{
	lc_strbuf_addf(out, "%zu target%s", profile->n_targets, profile->n_targets == 1 ? "" : "s");
}

/* A page that looks whether there is a newer one has a script more, which may ask where the page came from. */
static void add_policy(struct lc_strbuf *out, bool is_live)
{
	lc_strbuf_addf(out,
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-%s'; script-src 'sha256-%s'",
		lc_html_style_hash, lc_html_script_hash);
	if (is_live)
		lc_strbuf_addf(out, " 'sha256-%s'; connect-src 'self'", lc_html_live_hash);
	lc_strbuf_adds(out, "; base-uri 'none'; form-action 'none'\">\n");
}

/*
 * The policy names the style sheet and the script by their hashes. A browser runs and fetches nothing else, whatever a name from a
 * container may bring in.
 */
static void add_head(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile)
{
	lc_strbuf_adds(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	add_policy(out, style->live);
	lc_strbuf_adds(out, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
			    "<meta name=\"color-scheme\" content=\"light dark\">\n"
			    "<title>leastcap: ");
	add_n_targets(out, profile);
	lc_strbuf_addf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n", lc_html_style);
}

static void add_lost(struct lc_strbuf *out, const struct lc_profile *profile)
{
	struct lc_strbuf lost = {0};

	lc_report_add_lost(&lost, profile);
	if (lost.length) {
		lc_strbuf_adds(out, "<p class=\"lost\"><strong>");
		lc_escape_html(out, lost.text);
		lc_strbuf_adds(out, "</strong></p>\n");
	}
	out->failed |= lost.failed;
	lc_strbuf_free(&lost);
}

/* Appends BEFORE and TEXT, or nothing where TEXT is unknown. */
static void add_known(struct lc_strbuf *out, const char *before, const char *text)
{
	if (!text || !*text)
		return;
	lc_strbuf_adds(out, before);
	lc_strbuf_adds(out, "<bdi>");
	lc_escape_html(out, text);
	lc_strbuf_adds(out, "</bdi>");
}

/* "2026-11-22 09:25:56 to 2026-11-22 09:25:57 UTC", or the one time that it was. */
static void add_when(struct lc_strbuf *out, const struct lc_profile *profile)
{
	if (profile->started_ns <= 0)
		return;
	lc_strbuf_adds(out, " ");
	lc_html_add_time(out, profile->started_ns);
	if (!lc_profile_is_unwatched(profile)) {
		lc_strbuf_adds(out, " to ");
		lc_html_add_time(out, profile->ended_ns);
	}
	lc_strbuf_adds(out, " UTC");
}

/* Where what was not recorded is from. */
static void add_origin(struct lc_strbuf *out, const struct lc_profile *profile)
{
	struct lc_strbuf text = {0};

	lc_report_add_origin(&text, profile);
	out->failed |= text.failed;
	if (text.length) {
		lc_strbuf_adds(out, "<p>");
		lc_escape_html(out, text.text);
		lc_strbuf_adds(out, "</p>\n");
	}
	lc_strbuf_free(&text);
}

/* "Recorded 2026-11-22 09:25:56 to 2026-11-22 09:25:57 UTC, kernel 6.18.44, x86_64, hook tp_btf, by leastcap 0.1.0" */
static void add_header(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile)
{
	lc_strbuf_adds(out, "<header>\n<h1>The capabilities of ");
	add_n_targets(out, profile);
	lc_strbuf_addf(out, "</h1>\n<p>%s", lc_profile_is_unwatched(profile) ? "Looked at" : "Recorded");
	add_when(out, profile);
	add_known(out, " on kernel ", profile->kernel);
	add_known(out, ", ", profile->machine);
	add_known(out, ", hook ", profile->hook);
	add_known(out, ", by ", profile->tool);
	lc_strbuf_adds(out, ".</p>\n");
	add_origin(out, profile);
	if (lc_report_not_looked_at(profile))
		lc_strbuf_addf(out, "<p>%s</p>\n", lc_report_not_looked_at(profile));
	if (style->live) {
		lc_strbuf_adds(out, "<p id=\"live\" role=\"status\" data-version=\"");
		lc_escape_html(out, style->live);
		lc_strbuf_adds(out, "\"></p>\n");
	}
	lc_strbuf_adds(out, "</header>\n");
}

static int add_targets(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile)
{
	bool closed = profile->n_targets > LC_OPEN_TARGETS;

	lc_strbuf_adds(out, "<section aria-labelledby=\"targets\">\n<h2 id=\"targets\">Target by target</h2>\n");
	for (size_t i = 0; i < profile->n_targets; i++) {
		int r = lc_html_add_target(out, style, profile, i + 1, closed);

		if (r)
			return r;
	}
	lc_strbuf_adds(out, "</section>\n");
	return 0;
}

static int render(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	int r = 0;

	add_head(out, style, profile);
	add_lost(out, profile);
	add_header(out, style, profile);
	lc_strbuf_adds(out, "<main>\n");
	if (!profile->n_targets) {
		lc_strbuf_addf(out, "<p>%s</p>\n", lc_report_nothing(profile));
	} else {
		lc_html_add_filter(out);
		lc_html_add_map(out, profile);
		r = add_targets(out, style, profile);
	}
	lc_strbuf_addf(out, "</main>\n<script>%s</script>\n", lc_html_script);
	if (style->live)
		lc_strbuf_addf(out, "<script>%s</script>\n", lc_html_live);
	lc_strbuf_adds(out, "</body>\n</html>\n");
	if (r)
		return r;
	return out->failed ? -ENOMEM : 0;
}

const struct lc_report_format lc_report_html = {
	.name = "html",
	.description = "one self-contained page: a map of all targets, then the evidence for each",
	.render = render,
};
