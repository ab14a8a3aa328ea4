/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report's map: a row for each target, a column for each capability, a letter where there is something to say. */
#include "html.h"

#include <leastcap/capset.h>
#include <leastcap/escape.h>

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

/* Finds TARGET's state for each capability. */
static void find_states(const struct lc_target *target, enum state found[64])
{
	uint64_t classes[64] = {0};
	uint64_t on_list = target->cap_add;

	for (int cap = 0; cap < 64; cap++) {
		bool wanted = target->wanted & LC_CAP_BIT(cap);
		bool granted = target->granted & LC_CAP_BIT(cap);

		/* Of what runs in a kernel of its own nothing was seen. */
		found[cap] = target->sandbox ? STATE_N : wanted ? STATE_WANTED : granted ? STATE_UNUSED : STATE_N;
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

static void add_legend(struct lc_strbuf *out)
{
	lc_strbuf_adds(out, "<ul class=\"legend\">\n");
	for (size_t i = 0; i < STATE_N; i++)
		lc_strbuf_addf(out, "<li><span class=\"%s\">%s</span> <strong>%s</strong> %s</li>\n", states[i].word,
			states[i].letter, states[i].word, states[i].meaning);
	lc_strbuf_adds(out, "</ul>\n");
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

		find_states(&profile->targets[i], found);
		for (int cap = 0; cap < 64; cap++)
			columns |= found[cap] < STATE_N ? LC_CAP_BIT(cap) : 0;
	}
	return columns;
}

/* COLUMNS are the capabilities that have one. */
static void add_head(struct lc_strbuf *out, uint64_t columns)
{
	char name[LC_CAP_NAME_SIZE];

	lc_strbuf_adds(out,
		"<thead>\n<tr><th scope=\"col\" class=\"name\" data-sort=\"text\">Target</th><th scope=\"col\" class=\"image\" data-sort=\"text\">Image</th><th scope=\"col\" class=\"turned number\" data-sort=\"number\"><span>on the list</span></th><th scope=\"col\" class=\"turned number\" data-sort=\"number\"><span>too many</span></th>");
	for (int cap; (cap = lc_cap_take(&columns)) >= 0;)
		lc_strbuf_addf(out, "\n<th scope=\"col\" class=\"turned\" data-sort=\"state\"><span>%s</span></th>",
			lc_cap_name(cap, name));
	lc_strbuf_adds(out, "</tr>\n</thead>\n");
}

static void add_row(struct lc_strbuf *out, const struct lc_target *target, size_t number, uint64_t columns)
{
	enum state found[64];

	find_states(target, found);
	lc_strbuf_addf(
		out, "<tr data-section=\"t%zu\"><th scope=\"row\" class=\"name\"><a href=\"#t%zu\">", number, number);
	lc_html_add_name(out, target);
	lc_strbuf_adds(out, "</a></th><td class=\"image\">");
	lc_escape_html(out, target->image ? target->image : lc_target_kind_name(target->kind));
	lc_strbuf_addf(out, "</td><td class=\"number\">%d</td><td class=\"number\">%d</td>",
		__builtin_popcountll(target->cap_add), __builtin_popcountll(target->granted & ~target->cap_add));
	for (int cap; (cap = lc_cap_take(&columns)) >= 0;) {
		if (found[cap] < STATE_N)
			lc_strbuf_addf(out, "<td class=\"%s\" title=\"%s\">%s</td>", states[found[cap]].word,
				states[found[cap]].word, states[found[cap]].letter);
		else
			lc_strbuf_adds(out, "<td></td>");
	}
	lc_strbuf_adds(out, "</tr>\n");
}

void lc_html_add_map(struct lc_strbuf *out, const struct lc_profile *profile)
{
	uint64_t columns = columns_of(profile);

	lc_strbuf_adds(out, "<section aria-labelledby=\"map\">\n<h2 id=\"map\">All targets at a glance</h2>\n");
	add_legend(out);
	lc_strbuf_adds(out,
		"<p><a href=\"#targets\">Past the map, to the targets one by one</a></p>\n"
		"<div class=\"scroll\" role=\"region\" aria-labelledby=\"map\" tabindex=\"0\">\n"
		"<table class=\"map\">\n<caption>What each target does with each capability. Its name leads to the evidence; <em>too many</em> counts what it was granted and does not need.</caption>\n");
	add_head(out, columns);
	lc_strbuf_adds(out, "<tbody>\n");
	for (size_t i = 0; i < profile->n_targets; i++)
		add_row(out, &profile->targets[i], i + 1, columns);
	lc_strbuf_adds(out, "</tbody>\n</table>\n</div>\n</section>\n");
}
