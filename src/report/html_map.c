/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report's map: a row for each target, a column for each capability, a letter where there is something to say. */
#include "html.h"

#include <leastcap/capset.h>
#include <leastcap/escape.h>
#include <leastcap/flow.h>

/* What a cell says about one target and one capability. The order is that of importance, and of sorting. */
enum state {
	STATE_REQUIRED,
	STATE_VERIFY,
	STATE_IMPLIED,
	STATE_WANTED,
	STATE_ALTERNATIVE,
	STATE_ADVISORY,
	STATE_REFUSED,
	STATE_UNUSED,
	STATE_HELD,
	STATE_N /* there is nothing to say */
};

/* WORD is the state's name, also in the style sheet and the script. EVIDENCE is the class of the evidence that it rests on. */
static const struct {
	const char *word;
	const char *letter;
	const char *evidence;
	const char *meaning;
} states[STATE_N] = {
	[STATE_REQUIRED] = {"required", "R", "required", "on the list: what it did depended on it"},
	[STATE_VERIFY] = {"verify", "R?", "required",
		"on the list, but perhaps survivable: verify by a run without it"},
	[STATE_IMPLIED] = {"implied", "I", "implied", "on the list: exec, capset or prctl fails without it"},
	[STATE_WANTED] = {"wanted", "W", "blocked", "not on the list: denied, and the system call failed"},
	[STATE_ALTERNATIVE] = {"alternative", "o", "alternative", "the list has another one that will do"},
	[STATE_ADVISORY] = {"advisory", "a", "advisory", "asked for, but the answer changed nothing"},
	[STATE_REFUSED] = {"refused", "d", "refused", "denied, and the system call went on"},
	[STATE_UNUSED] = {"unused", "u", "", "granted, and never used"},
	[STATE_HELD] = {"held", "h", "", "held; nobody watched whether it is used"},
};

/* The state that a piece of evidence makes of a capability that is not on the list. */
static enum state state_by_evidence(enum lc_class class)
{
	switch (class) {
	case LC_CLASS_BLOCKED:
		return STATE_WANTED;
	case LC_CLASS_ALTERNATIVE:
		return STATE_ALTERNATIVE;
	case LC_CLASS_ADVISORY:
		return STATE_ADVISORY;
	case LC_CLASS_REFUSED:
		return STATE_REFUSED;
	default:
		return STATE_N;
	}
}

/* The state of a capability that is on the list, with evidence of the classes in CLASSES. */
static enum state state_on_list(uint64_t classes, bool to_verify)
{
	if (to_verify)
		return STATE_VERIFY;
	if (!(classes & (1U << LC_CLASS_REQUIRED)) && (classes & (1U << LC_CLASS_IMPLIED)))
		return STATE_IMPLIED;
	return STATE_REQUIRED;
}

/* Finds TARGET's state for each capability. WATCHED: somebody recorded what it uses. */
static void find_states(const struct lc_target *target, bool watched, enum state found[64])
{
	enum state idle = watched ? STATE_UNUSED : STATE_HELD;
	uint64_t classes[64] = {0};
	uint64_t on_list = target->cap_add;

	for (int cap = 0; cap < 64; cap++) {
		bool wanted = target->wanted & LC_CAP_BIT(cap);
		bool granted = target->granted & LC_CAP_BIT(cap);

		/* Of what runs in a kernel of its own nothing was seen. */
		found[cap] = target->sandbox ? STATE_N : wanted ? STATE_WANTED : granted ? idle : STATE_N;
	}
	if (target->sandbox)
		return;
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];
		enum state state = state_by_evidence(check->class);

		if (check->cap < 0 || check->cap >= 64)
			continue;
		classes[check->cap] |= 1U << check->class;
		if (state < found[check->cap])
			found[check->cap] = state;
	}
	for (int cap; (cap = lc_cap_take(&on_list)) >= 0;)
		found[cap] = state_on_list(classes[cap], target->verify & LC_CAP_BIT(cap));
}

/* Folded, because the map comes first; the script opens it where there is room. */
static void add_legend(struct lc_strbuf *out)
{
	lc_strbuf_adds(
		out, "<details id=\"legend\">\n<summary>What the letters mean</summary>\n<ul class=\"legend\">\n");
	for (size_t i = 0; i < STATE_N; i++)
		lc_strbuf_addf(out, "<li><span class=\"%s\">%s</span> <strong>%s</strong> %s</li>\n", states[i].word,
			states[i].letter, states[i].word, states[i].meaning);
	lc_strbuf_adds(out, "</ul>\n</details>\n");
}

void lc_html_add_filter(struct lc_strbuf *out)
{
	/* The form is hidden until the script shows it, because it does nothing without the script. */
	lc_strbuf_adds(out,
		"<form id=\"filter\" role=\"search\" hidden>\n"
		"<label>Show targets with <input type=\"search\" id=\"text\" autocomplete=\"off\" placeholder=\"a name, a path, a capability\"></label>\n"
		"<label>and a capability that is <select id=\"state\">\n"
		"<option value=\"\">anything</option>\n");
	for (size_t i = 0; i < STATE_N; i++)
		lc_strbuf_addf(out, "<option value=\"%s\" data-evidence=\"%s\">%s</option>\n", states[i].word,
			states[i].evidence, states[i].word);
	lc_strbuf_adds(out, "</select></label>\n<output id=\"shown\" for=\"text state\"></output>\n</form>\n");
}

/* The capabilities that have a state for one of the targets. */
static uint64_t columns_of(const struct lc_profile *profile)
{
	uint64_t columns = 0;

	for (size_t i = 0; i < profile->n_targets; i++) {
		enum state found[64];

		find_states(&profile->targets[i], !lc_profile_is_unwatched(profile), found);
		for (int cap = 0; cap < 64; cap++)
			columns |= found[cap] < STATE_N ? LC_CAP_BIT(cap) : 0;
	}
	return columns;
}

/* A column of numbers. */
struct number_column {
	const char *title;
	int (*count)(const struct lc_target *target);
};

static int count_score(const struct lc_target *target)
{
	return (int)target->rating.score;
}

static int count_listed(const struct lc_target *target)
{
	return __builtin_popcountll(target->cap_add);
}

static int count_too_many(const struct lc_target *target)
{
	return __builtin_popcountll(lc_html_too_many(target));
}

static int count_held(const struct lc_target *target)
{
	return __builtin_popcountll(target->granted);
}

/* The columns of numbers that PROFILE has, ended by one without a title. */
static const struct number_column *number_columns(const struct lc_profile *profile)
{
	static const struct number_column recorded[] = {
		{"on the list", count_listed}, {"too many", count_too_many}, {NULL, NULL}};
	static const struct number_column audited[] = {
		{"score", count_score}, {"on the list", count_listed}, {"too many", count_too_many}, {NULL, NULL}};
	static const struct number_column unwatched[] = {{"score", count_score}, {"held", count_held}, {NULL, NULL}};

	if (lc_profile_is_unwatched(profile))
		return unwatched;
	return profile->targets[0].rating.level == LC_RATING_UNRATED ? recorded : audited;
}

/* COLUMNS are the capabilities that have one. */
static void add_head(struct lc_strbuf *out, const struct number_column *numbers, uint64_t columns)
{
	char name[LC_CAP_NAME_SIZE];

	lc_strbuf_adds(out,
		"<thead>\n<tr><th scope=\"col\" class=\"name\" data-sort=\"text\">Target</th><th scope=\"col\" class=\"image\" data-sort=\"text\">Image</th>");
	for (; numbers->title; numbers++)
		lc_strbuf_addf(out,
			"<th scope=\"col\" class=\"turned number\" data-sort=\"number\"><span>%s</span></th>",
			numbers->title);
	for (int cap; (cap = lc_cap_take(&columns)) >= 0;)
		lc_strbuf_addf(out, "\n<th scope=\"col\" class=\"turned\" data-sort=\"state\"><span>%s</span></th>",
			lc_cap_name(cap, name));
	lc_strbuf_adds(out, "</tr>\n</thead>\n");
}

static void add_cell(struct lc_strbuf *out, enum state state)
{
	if (state < STATE_N)
		lc_strbuf_addf(out, "<td class=\"%s\" title=\"%s\">%s</td>", states[state].word, states[state].word,
			states[state].letter);
	else
		lc_strbuf_adds(out, "<td></td>");
}

static const char *image_of(const struct lc_target *target)
{
	return target->image ? target->image : lc_target_kind_name(target->kind);
}

static void add_row(struct lc_strbuf *out, const struct lc_profile *profile, size_t i, uint64_t columns)
{
	const struct lc_target *target = &profile->targets[i];
	enum state found[64];

	find_states(target, !lc_profile_is_unwatched(profile), found);
	lc_strbuf_addf(
		out, "<tr data-section=\"t%zu\"><th scope=\"row\" class=\"name\"><a href=\"#t%zu\">", i + 1, i + 1);
	lc_html_add_name(out, target);
	lc_strbuf_adds(out, "</a></th><td class=\"image\">");
	lc_escape_html(out, image_of(target));
	lc_strbuf_adds(out, "</td>");
	for (const struct number_column *number = number_columns(profile); number->title; number++)
		lc_strbuf_addf(out, "<td class=\"number\">%d</td>", number->count(target));
	for (int cap; (cap = lc_cap_take(&columns)) >= 0;)
		add_cell(out, found[cap]);
	lc_strbuf_adds(out, "</tr>\n");
}

/* Columns of fixed widths come in steps of so many characters, up to the last. */
#define WIDTH_STEP 8
#define WIDTH_MOST 48

/* The step that the longest of PROFILE's names, or of its images, takes. */
static size_t width_of(const struct lc_profile *profile, bool images)
{
	size_t widest = WIDTH_STEP;

	for (size_t i = 0; i < profile->n_targets; i++) {
		const char *text = images ? image_of(&profile->targets[i]) : profile->targets[i].name;
		size_t width = text ? lc_flow_width(text) : 0;

		widest = width > widest ? width : widest;
	}
	widest = (widest + WIDTH_STEP - 1) / WIDTH_STEP * WIDTH_STEP;
	return widest < WIDTH_MOST ? widest : WIDTH_MOST;
}

void lc_html_add_map(struct lc_strbuf *out, const struct lc_profile *profile)
{
	uint64_t columns = columns_of(profile);

	lc_strbuf_addf(out,
		"<section aria-labelledby=\"map\">\n<h2 id=\"map\">All targets at a glance</h2>\n"
		"<p class=\"skip\"><a href=\"#targets\">Past the map, to the targets one by one</a></p>\n"
		"<div class=\"scroll\" role=\"region\" aria-label=\"Table of all targets\" tabindex=\"0\">\n"
		"<table class=\"map names-%zu images-%zu\">\n",
		width_of(profile, false), width_of(profile, true));
	lc_strbuf_adds(out,
		lc_profile_is_unwatched(profile)
			? "<caption>What each target holds. Its name leads to what its <em>score</em> is made of.</caption>\n"
			: "<caption>What each target does with each capability. Its name leads to the evidence; <em>too many</em> counts what it was granted and does not need.</caption>\n");
	add_head(out, number_columns(profile), columns);
	lc_strbuf_adds(out, "<tbody>\n");
	for (size_t i = 0; i < profile->n_targets; i++)
		add_row(out, profile, i, columns);
	lc_strbuf_adds(out, "</tbody>\n</table>\n</div>\n");
	add_legend(out);
	lc_strbuf_adds(out, "</section>\n");
}
