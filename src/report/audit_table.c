/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of an audit: a line for each target, the worst first, with what its score is made of. */
#include "audit.h"
#include "parts.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/facts.h>
#include <leastcap/paragraph.h>

#include <inttypes.h>
#include <string.h>

#define LC_BOLD  "\033[1m"
#define LC_ALERT "\033[1;31m"
#define LC_PLAIN "\033[0m"

/* No column of names is wider. */
#define NAME_WIDTH 26

bool lc_report_is_audit_table(const struct lc_style *style, const struct lc_profile *profile)
{
	return profile->n_targets > 1 && !style->details && !style->verbose &&
	       profile->targets[0].rating.level != LC_RATING_UNRATED;
}

/* What follows the last slash of TEXT, or all of it. */
static const char *last_part(const char *text)
{
	const char *slash = strrchr(text, '/');

	return slash && slash[1] ? slash + 1 : text;
}

void lc_report_add_hazard_brief(struct lc_strbuf *out, const struct lc_hazard *hazard)
{
	const char *brief = lc_hazard_row(hazard->kind)->brief;

	if (brief)
		lc_strbuf_adds(out, brief);
	else if (hazard->kind == LC_HAZARD_SOCKET || hazard->kind == LC_HAZARD_DEVICE)
		lc_paragraph_escape(out, hazard->about ? last_part(hazard->about) : "?", 24);
	else
		lc_paragraph_escape(out, hazard->about ? hazard->about : "?", 24);
	if (hazard->kind == LC_HAZARD_FILES && hazard->read_only)
		lc_strbuf_adds(out, " (ro)");
}

void lc_report_add_hazard_name(struct lc_strbuf *out, const struct lc_hazard *hazard)
{
	const char *brief = lc_hazard_row(hazard->kind)->brief;

	lc_strbuf_adds(out, brief);
	if (hazard->about) {
		lc_strbuf_adds(out, brief ? " (" : "");
		lc_paragraph_escape(out, hazard->about, 0);
		lc_strbuf_adds(out, brief ? ")" : "");
	}
	if (hazard->where) {
		lc_strbuf_adds(out, " at ");
		lc_paragraph_escape(out, hazard->where, 0);
	}
}

/* Appends what TARGET's score is made of in WIDTH columns (0: no limit): "docker.sock 100, root 5, +2". */
static void add_reasons(struct lc_strbuf *out, const struct lc_target *target, size_t width)
{
	struct lc_strbuf text = {0};
	size_t n = 0;

	for (; n < target->n_hazards; n++) {
		struct lc_strbuf piece = {0};
		bool last = n + 1 == target->n_hazards;
		bool fits;

		lc_strbuf_adds(&piece, n ? ", " : "");
		lc_report_add_hazard_brief(&piece, &target->hazards[n]);
		lc_strbuf_addf(&piece, " %" PRIu64, target->hazards[n].points);
		fits = !width || !n ||
		       lc_flow_width(text.text) + lc_flow_width(piece.text ? piece.text : "") +
				       (last ? 0 : strlen(", +10")) <=
			       width;
		if (fits)
			lc_strbuf_adds(&text, piece.text);
		out->failed |= piece.failed;
		lc_strbuf_free(&piece);
		if (!fits)
			break;
	}
	if (n < target->n_hazards)
		lc_strbuf_addf(&text, ", +%zu", target->n_hazards - n);
	out->failed |= text.failed;
	lc_flow_elide(out, text.text ? text.text : "", width);
	lc_strbuf_free(&text);
}

/* The same of a target without a score. */
static void add_without(struct lc_strbuf *out, const struct lc_target *target, size_t width)
{
	struct lc_strbuf text = {0};

	if (target->sandbox)
		lc_strbuf_adds(&text, "runs in a kernel of its own: not seen");
	else if (target->init.ended)
		lc_strbuf_adds(&text, "ended while the audit looked");
	else
		lc_strbuf_adds(&text, "nothing");
	out->failed |= text.failed;
	lc_flow_elide(out, text.text ? text.text : "", width);
	lc_strbuf_free(&text);
}

static const char *color_of(const struct lc_target *target)
{
	return target->rating.score >= LC_POINTS_HOST        ? LC_ALERT
	       : target->rating.score >= LC_POINTS_DANGEROUS ? LC_BOLD
							     : "";
}

/* "1 of 14": how many of the capabilities that it holds TARGET used. */
static void add_used(struct lc_strbuf *out, const struct lc_target *target)
{
	char text[32] = "-";

	if (target->init.pid)
		snprintf(text, sizeof(text), "%d of %d", __builtin_popcountll(target->cap_add & target->granted),
			__builtin_popcountll(target->granted));
	lc_strbuf_addf(out, "%-8s  ", text);
}

static void add_row(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target,
	size_t name_width, bool watched)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf name = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf cut = {0};
	size_t columns = lc_paragraph_columns(style);
	size_t before = 5 + 2 + name_width + 2 + (watched ? 10 : 0);
	const char *on = style->color ? color_of(target) : "";
	size_t width = !columns ? 0 : columns > before + LC_LEAST_WIDTH ? columns - before : LC_LEAST_WIDTH;

	lc_report_add_audited_name(&name, target);
	lc_flow_elide(&cut, name.text ? name.text : "?", name_width);
	if (target->n_hazards)
		lc_strbuf_addf(out, "%s%5" PRIu64 "%s  ", on, target->rating.score, *on ? LC_PLAIN : "");
	else
		lc_strbuf_addf(out, "%5s  ", target->rating.level == LC_RATING_UNKNOWN ? "-" : "0");
	lc_strbuf_addf(out, "%s%*s  ", cut.text, (int)(name_width - lc_flow_width(cut.text ? cut.text : "")), "");
	if (watched)
		add_used(out, target);
	if (target->n_hazards)
		add_reasons(out, target, width);
	else
		add_without(out, target, width);
	out->failed |= name.failed || cut.failed;
	lc_strbuf_adds(out, "\n");
}

static size_t width_of_names(const struct lc_profile *profile)
{
	size_t widest = strlen("NAME");

	for (size_t i = 0; i < profile->n_targets; i++) {
		struct lc_strbuf name = {0};
		size_t width;

		lc_report_add_audited_name(&name, &profile->targets[i]);
		width = lc_flow_width(name.text ? name.text : "");
		widest = width > widest ? width : widest;
		lc_strbuf_free(&name);
	}
	return widest < NAME_WIDTH ? widest : NAME_WIDTH;
}

/* What says that it is a container that it is not. */
static void add_claims(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf name = {0};
		struct lc_strbuf text = {0};

		if (!profile->targets[i].claim)
			continue;
		lc_report_add_audited_name(&name, &profile->targets[i]);
		lc_flow_elide(&text, name.text ? name.text : "?", NAME_WIDTH);
		lc_strbuf_adds(&text, ": ");
		lc_report_add_claim(&text, &profile->targets[i]);
		out->failed |= name.failed;
		lc_paragraph_take(out, style, "", &text);
	}
}

void lc_report_add_audit_table(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile)
{
	size_t width = width_of_names(profile);

	lc_strbuf_addf(
		out, "SCORE  %-*s  %sWHAT IT IS MADE OF\n", (int)width, "NAME", profile->hook ? "USED      " : "");
	for (size_t i = 0; i < profile->n_targets; i++)
		add_row(out, style, &profile->targets[i], width, profile->hook);
	add_claims(out, style, profile);
	lc_strbuf_addf(out, "'leastcap audit NAME' explains a score%s.\n",
		profile->hook ? " and says what is enough" : "; --for TIME watches what is used");
}

static void add_time(struct lc_strbuf *out, int64_t ns)
{
	int64_t seconds = (ns + LC_NS_PER_S / 2) / LC_NS_PER_S;

	if (seconds >= 60)
		lc_strbuf_addf(out, "%" PRId64 "m ", seconds / 60);
	lc_strbuf_addf(out, "%" PRId64 "s", seconds % 60);
}

/* " 1 privileged, 12 defaults" */
static void add_counts(struct lc_strbuf *out, const struct lc_profile *profile)
{
	size_t counts[LC_RATING_N] = {0};
	const char *separator = " ";

	for (size_t i = 0; i < profile->n_targets; i++)
		counts[profile->targets[i].rating.level]++;
	for (int level = 0; level < LC_RATING_N; level++) {
		if (!counts[level])
			continue;
		lc_strbuf_addf(out, "%s%zu %s", separator, counts[level], lc_rating_name((enum lc_rating_level)level));
		separator = ", ";
	}
}

/* "; 3 are as good as root on the host (those with a 100)." */
static void add_worst(struct lc_strbuf *out, const struct lc_profile *profile)
{
	size_t n = 0;

	for (size_t i = 0; i < profile->n_targets; i++)
		n += profile->targets[i].n_hazards && profile->targets[i].hazards[0].points >= LC_POINTS_HOST;
	if (n)
		lc_strbuf_addf(out, "; %zu %s as good as root on the host (a 100)", n, n == 1 ? "is" : "are");
	lc_strbuf_adds(out, ".");
}

/* Sets TEXT, which is freed, from the start of the line. */
static void add_line(struct lc_strbuf *out, const struct lc_style *style, struct lc_strbuf *text)
{
	struct lc_flow flow = {.out = out, .columns = lc_paragraph_columns(style)};

	out->failed |= text->failed;
	lc_flow_words(&flow, text->text ? text->text : "");
	lc_flow_end(&flow);
	lc_strbuf_free(text);
}

void lc_report_add_audit_head(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile)
{
	struct lc_strbuf counts = {0};
	struct lc_strbuf watched = {0};

	if (!profile->n_targets || profile->targets[0].rating.level == LC_RATING_UNRATED)
		return;
	lc_strbuf_addf(&counts, "%zu running, the worst first", profile->n_targets);
	if (lc_report_is_audit_table(style, profile)) {
		add_worst(&counts, profile);
	} else {
		lc_strbuf_adds(&counts, ":");
		add_counts(&counts, profile);
	}
	add_line(out, style, &counts);
	if (profile->hook) {
		lc_strbuf_adds(&watched, "Watched for ");
		add_time(&watched, profile->ended_ns - profile->started_ns);
		lc_strbuf_adds(&watched, "; what one needs to start shows only if it started meanwhile.");
	} else if (!lc_report_is_audit_table(style, profile)) {
		lc_strbuf_adds(&watched, "What they use was not watched: --for TIME does that.");
	}
	if (watched.length)
		add_line(out, style, &watched);
	lc_strbuf_adds(out, "\n");
}
