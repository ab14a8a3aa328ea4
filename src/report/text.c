/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The text report. For each target the answer comes first, then what it rests on, then what was left out and why. */
#include "audit.h"
#include "notes.h"
#include "parts.h"
#include "refused.h"
#include "rows.h"
#include "uses.h"
#include <leastcap/flow.h>
#include <leastcap/paragraph.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LC_BOLD  "\033[1m"
#define LC_ALERT "\033[1;31m"
#define LC_PLAIN "\033[0m"

/* Before the options of a target that was refused something. */
#define LC_NEXT "to try next:"

/* How many capabilities of each class are named in what was left out. */
#define LC_LEFT_OUT_NAMES 3

/* How many system calls are named that a capability opens in an engine's filter. */
#define LC_OPENED_NAMES 8

/* Widths of the table's columns. */
struct widths {
	int capability;
	int class;
	int count;
	size_t asked; /* where the last column starts */
};

static void add_answer(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile,
	const struct lc_target *target)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf label = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf options = {0};
	struct lc_flow flow = {.out = out, .columns = lc_paragraph_columns(style), .indent = 4};
	bool has_next = lc_report_has_next(target);

	lc_report_add_label_among(&label, target, profile);
	/* Where something was refused, the list breaks it: what is to be typed is the next one. */
	lc_report_add_options(&options, has_next ? lc_report_next(target) : target->cap_add);
	if (label.failed || options.failed || !label.text) {
		out->failed |= label.failed || options.failed;
		return;
	}
	lc_strbuf_adds(out, label.text);
	if (target->sandbox) {
		lc_strbuf_adds(out, "\n");
		return;
	}
	flow.column = lc_flow_width(label.text) + 2;
	if (has_next) {
		lc_strbuf_adds(out, "  " LC_NEXT);
		flow.column += strlen(LC_NEXT) + 1;
	}
	if (flow.columns && flow.column + strlen("--cap-drop=ALL \\") > flow.columns) {
		lc_strbuf_addf(out, "\n%*s", (int)flow.indent, "");
		flow.column = flow.indent;
	} else {
		lc_strbuf_adds(out, has_next ? " " : "  ");
	}
	flow.line_end = " \\";
	flow.on = style->color ? LC_BOLD : NULL;
	flow.off = style->color ? LC_PLAIN : NULL;
	lc_flow_words(&flow, options.text);
	lc_flow_end(&flow);
}

static int max(int a, int b)
{
	return a > b ? a : b;
}

static struct widths measure(const struct lc_report_row *rows, size_t n)
{
	struct widths widths = {
		.capability = (int)strlen("CAPABILITY"), .class = (int)strlen("CLASS"), .count = (int)strlen("COUNT")};

	for (size_t i = 0; i < n; i++) {
		char name[LC_CAP_NAME_SIZE];

		widths.capability = max(widths.capability, (int)strlen(lc_cap_name(rows[i].check->cap, name)));
		widths.class = max(widths.class, (int)strlen(lc_class_name(rows[i].check->class)));
		widths.count = max(widths.count, snprintf(NULL, 0, "%" PRIu64, rows[i].count));
	}
	widths.asked = 2 + (size_t)widths.capability + 2 + (size_t)widths.class + 2 + (size_t)widths.count + 2;
	return widths;
}

void lc_report_add_name(struct lc_flow *flow, const char *prefix, const char *text, size_t width)
{
	struct lc_strbuf piece = {0};

	if (!text || !*text)
		return;
	lc_strbuf_adds(&piece, prefix);
	lc_paragraph_escape(&piece, text, width ? width - lc_flow_width(prefix) : 0);
	lc_paragraph_set(flow, &piece);
}

void lc_report_add_who_and_where(
	struct lc_flow *flow, const struct lc_object *object, const char *about, const char *user)
{
	if (object->path) {
		struct lc_strbuf mode = {0};

		if (!about || strcmp(about, object->path) != 0)
			lc_report_add_name(flow, "at ", object->path, 0);
		lc_report_add_name(flow, "", object->owner, 0);
		lc_strbuf_addf(&mode, "%04o", (unsigned int)(object->mode & 07777));
		lc_paragraph_set(flow, &mode);
	} else if (object->late) {
		lc_report_add_name(flow, "", LC_OBJECT_LATE, 0);
	}
	lc_report_add_name(flow, "as ", user, 0);
}

/* In which times of its target's life it was made. */
static void add_times(struct lc_flow *flow, const struct lc_check *check)
{
	struct lc_strbuf times = {0};

	lc_report_add_times(&times, check);
	flow->out->failed |= times.failed;
	if (times.text)
		lc_flow_words(flow, times.text);
	lc_strbuf_free(&times);
}

/* The last column: program, system call, what it was about, what came of it. */
static void add_what_asked(struct lc_flow *flow, const struct lc_report_row *row, bool verbose)
{
	const struct lc_check *check = row->check;
	/* A verbose report has long names whole. */
	size_t width = verbose || !flow->columns ? 0 : flow->columns - flow->indent;
	bool is_named = lc_report_program(check) || check->syscall;

	if (width && (flow->columns <= flow->indent || width < LC_LEAST_WIDTH))
		width = LC_LEAST_WIDTH;
	lc_report_add_name(flow, "", verbose ? lc_report_program(check) : lc_report_short_program(check), width);
	lc_report_add_name(flow, "", check->syscall, width);
	lc_report_add_name(flow, "", check->about, width);
	if (verbose)
		lc_report_add_who_and_where(flow, &check->object, check->about, check->user);
	if (verbose)
		add_times(flow, check);
	if (verbose || !is_named)
		lc_report_add_name(flow, "in ", check->caller, width);
	if (!flow->started)
		lc_flow_piece(flow, "?");
	if (check->verdict == LC_VERDICT_DENIED)
		lc_report_add_name(flow, "→ ", check->result, width);
	if (row->others) {
		struct lc_strbuf more = {0};

		lc_strbuf_addf(&more, "+%zu more", row->others);
		lc_paragraph_set(flow, &more);
	}
}

static void add_row(struct lc_strbuf *out, const struct lc_style *style, const struct widths *widths,
	const struct lc_report_row *row)
{
	struct lc_flow flow = {
		.out = out, .columns = lc_paragraph_columns(style), .indent = widths->asked, .column = widths->asked};
	char name[LC_CAP_NAME_SIZE];

	lc_strbuf_addf(out, "  %-*s  %-*s  %*" PRIu64 "  ", widths->capability, lc_cap_name(row->check->cap, name),
		widths->class, lc_class_name(row->check->class), widths->count, row->count);
	add_what_asked(&flow, row, style->verbose);
	lc_flow_end(&flow);
	if (row->check->why)
		lc_paragraph_below(&flow, row->check->why);
}

/* Whether rows of CLASS are about the list, or about what it lacks. */
static bool is_decisive(enum lc_class class)
{
	return class == LC_CLASS_REQUIRED || class == LC_CLASS_IMPLIED || class == LC_CLASS_BLOCKED;
}

/* Leaves of the N ROWS those that are about the list. Returns how many these are. */
static size_t keep_decisive(struct lc_report_row *rows, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (is_decisive(rows[i].check->class))
			rows[kept++] = rows[i];
	}
	return kept;
}

static int add_table(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target,
	const struct lc_report_refusals *refusals)
{
	_cleanup_free_ struct lc_report_row *rows = NULL;
	struct widths widths;
	size_t n = 0;
	int err = lc_report_rows(target, refusals, style->verbose, &rows, &n);

	if (!err && !style->verbose)
		n = keep_decisive(rows, n);
	if (err || !n)
		return err;
	widths = measure(rows, n);
	lc_strbuf_addf(out, "\n  %-*s  %-*s  %*s  WHAT ASKED\n", widths.capability, "CAPABILITY", widths.class, "CLASS",
		widths.count, "COUNT");
	for (size_t i = 0; i < n; i++)
		add_row(out, style, &widths, &rows[i]);
	lc_strbuf_adds(out, "\n");
	return 0;
}

/* Appends the names in MASK with commas, at most AT_MOST of them and then an ellipsis, after BEFORE and before AFTER. */
static void add_names(struct lc_flow *flow, uint64_t mask, int at_most, const char *before, const char *after)
{
	char name[LC_CAP_NAME_SIZE];

	for (int cap, n = 0; (cap = lc_cap_take(&mask)) >= 0; n++) {
		struct lc_strbuf piece = {0};

		if (n == at_most)
			mask = 0;
		lc_strbuf_adds(&piece, n ? "" : before);
		lc_strbuf_adds(&piece, n == at_most ? "…" : lc_cap_name(cap, name));
		lc_strbuf_adds(&piece, mask ? "," : after);
		lc_paragraph_set(flow, &piece);
	}
}

/* "granted, never used: KILL, MKNOD", where MASK is not empty. */
static void add_granted(struct lc_strbuf *out, const struct lc_style *style, const char *lead, uint64_t mask)
{
	struct lc_flow flow;

	if (!mask)
		return;
	flow = lc_paragraph_start(out, style, lead);
	add_names(&flow, mask, 64, "", "");
	lc_flow_end(&flow);
}

/* What is granted and not on the list: VERBOSE, because others have their count in a line. */
static void add_unused(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	struct lc_report_uses uses = lc_report_uses(target);
	uint64_t rest = uses.never;

	if (!style->verbose)
		return;
	add_granted(out, style, "granted, asked for only by who had given it up:", uses.in_vain);
	add_granted(out, style, "granted, never used:", uses.never);
	for (int cap; (cap = lc_cap_take(&rest)) >= 0;) {
		struct lc_strbuf opened = {0};

		lc_report_add_opened(&opened, target, cap, LC_OPENED_NAMES);
		lc_paragraph_take(out, style, "", &opened);
	}
}

/* What only the start needs, and what was not seen; and, VERBOSE, what the times of its life were. */
static void add_life(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	struct lc_strbuf text = {0};

	lc_report_add_start_only(&text, target);
	lc_paragraph_take(out, style, "", &text);
	lc_report_add_unseen(&text, target);
	lc_paragraph_take(out, style, "", &text);
	if (style->verbose)
		lc_report_add_life(&text, target);
	lc_paragraph_take(out, style, "", &text);
}

/* The classes of checks that say nothing about the list. */
static const struct {
	enum lc_class class;
	bool with_names; /* the capabilities are named */
	const char *what;
} left_out_classes[] = {
	{LC_CLASS_SETUP, false, "of the runtime's set-up"},
	{LC_CLASS_OVERRIDDEN, true, "by overlayfs's credentials"},
	{LC_CLASS_OWNER, true, "by the owner of a user namespace of its own"},
	{LC_CLASS_NESTED, true, "inside user namespaces that it made itself"},
};
#define N_LEFT_OUT_CLASSES (sizeof(left_out_classes) / sizeof(left_out_classes[0]))

/* The checks of one class. */
struct tally {
	uint64_t count;
	uint64_t caps;
};

/* "40 checks of the runtime's set-up,": TALLY of left_out_classes[I], counted in NOUN, with AFTER at its end. */
static void add_left_out_class(
	struct lc_flow *flow, size_t i, const struct tally *tally, const char *noun, const char *after)
{
	bool with_names = left_out_classes[i].with_names;
	struct lc_strbuf words = {0};
	struct lc_strbuf closing = {0};

	lc_strbuf_addf(
		&words, "%" PRIu64 "%s %s%s", tally->count, noun, left_out_classes[i].what, with_names ? "" : after);
	lc_strbuf_addf(&closing, ")%s", after);
	flow->out->failed |= words.failed || closing.failed;
	lc_flow_words(flow, words.text ? words.text : "");
	if (with_names)
		add_names(flow, tally->caps, LC_LEFT_OUT_NAMES, "(", closing.text ? closing.text : "");
	lc_strbuf_free(&words);
	lc_strbuf_free(&closing);
}

/* How many checks of TARGET each class has, and of which capabilities. */
static void count_classes(const struct lc_target *target, struct tally tallies[LC_CLASS_N])
{
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];
		struct tally *tally = &tallies[check->class];

		tally->count = lc_count_add(tally->count, check->count);
		tally->caps |= LC_CAP_BIT(check->cap);
	}
}

/* "10 granted and never used": N capabilities of a kind, where there are any. Ends with AFTER. */
static void add_left_out_caps(struct lc_flow *flow, uint64_t mask, const char *what, const char *after)
{
	struct lc_strbuf words = {0};

	lc_strbuf_addf(&words, "%d %s%s", __builtin_popcountll(mask), what, after);
	flow->out->failed |= words.failed;
	lc_flow_words(flow, words.text ? words.text : "");
	lc_strbuf_free(&words);
}

/* In a line what is left out: checks by class, and capabilities that are granted, or were used without need. */
static void add_left_out(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	struct lc_report_uses uses = lc_report_uses(target);
	const struct {
		uint64_t mask;
		const char *what;
	} groups[] = {{uses.alternative | uses.without_need, "used without need"},
		{uses.never | uses.in_vain, "granted and never used"}};
	struct tally tallies[LC_CLASS_N] = {0};
	const char *noun = NULL;
	struct lc_flow flow;
	size_t left = 0;

	count_classes(target, tallies);
	for (size_t i = 0; i < N_LEFT_OUT_CLASSES; i++)
		left += tallies[left_out_classes[i].class].caps != 0;
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++)
		left += groups[i].mask != 0;
	if (!left)
		return;
	flow = lc_paragraph_start(out, style, "left out:");
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (groups[i].mask)
			add_left_out_caps(&flow, groups[i].mask, groups[i].what, --left ? "," : ";");
	}
	for (size_t i = 0; i < N_LEFT_OUT_CLASSES; i++) {
		const struct tally *tally = &tallies[left_out_classes[i].class];

		if (!tally->caps)
			continue;
		/* Only the first number says that it counts checks. */
		noun = noun ? "" : tally->count == 1 ? " check" : " checks";
		add_left_out_class(&flow, i, tally, noun, --left ? "," : ";");
	}
	lc_flow_words(&flow, "-v shows them");
	lc_flow_end(&flow);
}

/* What REFUSALS are, in a line. */
static void add_refused_line(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	uint64_t calls = lc_report_count_refused(target).calls;
	struct lc_strbuf text = {0};

	if (!calls)
		return;
	lc_report_add_n_refused(&text, calls);
	lc_strbuf_adds(&text, "; -v lists them");
	lc_paragraph_take(out, style, "", &text);
}

/* An audit tells about many targets, so that only a verbose report shows what each rests on. */
static int add_audited(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile,
	const struct lc_target *target, const struct lc_report_refusals *refusals)
{
	static const struct lc_report_refusals none;
	int err;

	lc_report_add_audit(out, style, profile, target);
	err = style->verbose ? add_table(out, style, target, refusals) : 0;
	if (err)
		return err;
	if (style->verbose)
		lc_report_add_refused(out, style, refusals);
	else
		add_refused_line(out, style, target);
	lc_report_add_wanted(out, style, target, style->verbose ? refusals : &none);
	if (style->verbose)
		lc_report_add_advice(out, style, target);
	return 0;
}

/* What of TARGET's life was not recorded: before the answer, which may lack something for that. */
static void add_seen(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	struct lc_flow flow = {.out = out,
		.columns = lc_paragraph_columns(style),
		.on = style->color ? LC_ALERT : NULL,
		.off = style->color ? LC_PLAIN : NULL};

	lc_report_add_seen(&text, target);
	out->failed |= text.failed;
	if (!text.text)
		return;
	lc_flow_words(&flow, text.text);
	lc_flow_end(&flow);
}

static int add_recorded(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile,
	const struct lc_target *target, const struct lc_report_refusals *refusals)
{
	int err;

	add_seen(out, style, target);
	lc_report_add_proof_head(out, target);
	add_answer(out, style, profile, target);
	lc_report_add_notes(out, style, target);
	if (lc_report_has_next(target))
		lc_report_add_used(out, style, target);
	lc_report_add_trials(out, style, target);
	err = add_table(out, style, target, refusals);
	if (err)
		return err;
	lc_report_add_refused(out, style, refusals);
	add_life(out, style, target);
	add_unused(out, style, target);
	lc_report_add_wanted(out, style, target, refusals);
	lc_report_add_advice(out, style, target);
	if (!style->verbose)
		add_left_out(out, style, target);
	if (!target->sandbox)
		lc_report_add_next(out, style, target);
	return 0;
}

static int add_target(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile,
	const struct lc_target *target)
{
	_cleanup_(lc_report_refusals_clear) struct lc_report_refusals refusals = {0};
	int err = lc_report_refusals_fill(&refusals, target, style->verbose);

	if (err)
		return err;
	return target->rating.level != LC_RATING_UNRATED ? add_audited(out, style, profile, target, &refusals)
							 : add_recorded(out, style, profile, target, &refusals);
}

static int render(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out)
{
	struct lc_strbuf lost = {0};

	lc_report_add_lost(&lost, profile);
	if (lost.length) {
		lc_strbuf_adds(out, style->color ? LC_ALERT : "");
		lc_strbuf_adds(out, lost.text);
		lc_strbuf_adds(out, style->color ? LC_PLAIN "\n\n" : "\n\n");
	}
	out->failed |= lost.failed;
	lc_strbuf_free(&lost);
	if (lc_profile_origin(profile)) {
		lc_report_add_origin(out, profile);
		lc_strbuf_adds(out, "\n\n");
	}
	if (lc_report_not_looked_at(profile))
		lc_strbuf_addf(out, "%s\n\n", lc_report_not_looked_at(profile));
	if (!profile->n_targets)
		lc_strbuf_addf(out, "%s\n", lc_report_nothing(profile));
	lc_report_add_audit_head(out, style, profile);
	if (lc_report_is_audit_table(style, profile)) {
		lc_report_add_audit_table(out, style, profile);
		return out->failed ? -ENOMEM : 0;
	}
	for (size_t i = 0; i < profile->n_targets; i++) {
		int err;

		if (i > 0)
			lc_strbuf_adds(out, "\n");
		err = add_target(out, style, profile, &profile->targets[i]);
		if (err)
			return err;
	}
	return out->failed ? -ENOMEM : 0;
}

const struct lc_report_format lc_report_text = {
	.name = "text",
	.description = "for people: the answer, what asked for each capability, and what was left out",
	.render = render,
};
