/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the text report says of an audit: the rating of each target, why, what to do, and what it holds. */
#include "audit.h"
#include "parts.h"
#include <leastcap/paragraph.h>

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <inttypes.h>
#include <linux/capability.h>
#include <string.h>

#define LC_BOLD  "\033[1m"
#define LC_ALERT "\033[1;31m"
#define LC_PLAIN "\033[0m"

/* Of a set that lacks no more than so many, those are named that it lacks. */
#define LC_FEW 8

static const struct {
	const char *name;
	size_t offset;
} sets[] = {
	{"bounding", offsetof(struct lc_sets, bounding)},
	{"permitted", offsetof(struct lc_sets, permitted)},
	{"effective", offsetof(struct lc_sets, effective)},
	{"inheritable", offsetof(struct lc_sets, inheritable)},
	{"ambient", offsetof(struct lc_sets, ambient)},
};
#define N_SETS (sizeof(sets) / sizeof(sets[0]))

static uint64_t set_of(const struct lc_sets *all, size_t i)
{
	return *(const uint64_t *)((const char *)all + sets[i].offset);
}

/* Names the capabilities in MASK, or those that it lacks where they are few. */
static void add_set(struct lc_strbuf *out, uint64_t mask)
{
	const uint64_t all = mask | LC_CAP_BIT(CAP_LAST_CAP) | (LC_CAP_BIT(CAP_LAST_CAP) - 1);
	uint64_t lacking = all & ~mask;

	if (!mask)
		lc_strbuf_adds(out, "none");
	else if (!lacking)
		lc_strbuf_addf(out, "all %d", __builtin_popcountll(mask));
	else if (__builtin_popcountll(lacking) <= LC_FEW)
		lc_strbuf_adds(out, "all but ");
	if (mask)
		lc_cap_add_names(out, __builtin_popcountll(lacking) <= LC_FEW ? lacking : mask);
}

/* Nothing where HOSTILE is NULL. */
static void add_escaped(struct lc_strbuf *out, const struct lc_style *style, const char *lead, const char *hostile)
{
	struct lc_strbuf text = {0};

	lc_paragraph_escape(&text, hostile, 0);
	lc_paragraph_take(out, style, lead, &text);
}

/* Each set once, with the names of those that are equal to it. */
static void add_sets(struct lc_strbuf *out, const struct lc_style *style, const struct lc_sets *all)
{
	bool told[N_SETS] = {false};

	for (size_t i = 0; i < N_SETS; i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};
		struct lc_strbuf text = {0};

		if (told[i])
			continue;
		lc_strbuf_adds(&names, sets[i].name);
		for (size_t j = i + 1; j < N_SETS; j++) {
			if (set_of(all, j) != set_of(all, i))
				continue;
			told[j] = true;
			lc_strbuf_addf(&names, ", %s", sets[j].name);
		}
		lc_strbuf_adds(&names, ":");
		add_set(&text, set_of(all, i));
		out->failed |= names.failed;
		lc_paragraph_take(out, style, names.text ? names.text : "", &text);
	}
}

/* "docker, user 0:0, pid 4711, no_new_privs off, seccomp filter" */
static void add_who(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	const struct lc_init *init = &target->init;
	struct lc_strbuf text = {0};

	lc_paragraph_escape(&text, target->engine ? target->engine : lc_target_kind_name(target->kind), 0);
	if (target->user) {
		lc_strbuf_adds(&text, ", user ");
		lc_paragraph_escape(&text, target->user, 0);
	}
	if (init->pid)
		lc_strbuf_addf(&text, ", pid %" PRIu64 ", no_new_privs %s, seccomp %s%s", init->pid,
			init->no_new_privs ? "on" : "off",
			init->seccomp == LC_SECCOMP_DISABLED ? "off" : lc_seccomp_name(init->seccomp),
			init->own_userns ? ", user namespace of its own" : "");
	lc_paragraph_take(out, style, "", &text);
}

/* "--privileged --cap-drop=ALL --cap-add=NET_ADMIN" */
static void add_configured(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	const struct {
		const char *option;
		uint64_t mask;
	} lists[] = {{" --cap-drop=", target->configured_drop}, {" --cap-add=", target->configured_add}};
	struct lc_strbuf text = {0};

	if (target->privileged)
		lc_strbuf_adds(&text, "privileged");
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		bool is_all = (lists[i].mask & (lists[i].mask + 1)) == 0 && lists[i].mask >> LC_FEW;
		const char *first = lists[i].option + !text.length;

		if (is_all)
			lc_strbuf_addf(&text, "%sALL", first);
		else
			lc_cap_add_list(&text, lists[i].mask, first, lists[i].option, false);
	}
	lc_paragraph_take(out, style, "configured:", &text);
}

/* Appends "default/web-0/" of a pod's container, escaped. */
static void add_pod(struct lc_strbuf *out, const struct lc_target *target)
{
	if (target->namespace) {
		lc_paragraph_escape(out, target->namespace, 0);
		lc_strbuf_adds(out, "/");
	}
	/* A sandbox has its pod's name, which is not said twice. */
	if (target->pod && !(target->name && strcmp(target->pod, target->name) == 0)) {
		lc_paragraph_escape(out, target->pod, 0);
		lc_strbuf_adds(out, "/");
	}
}

void lc_report_add_audited_name(struct lc_strbuf *out, const struct lc_target *target)
{
	add_pod(out, target);
	lc_paragraph_escape(out, target->name, 0);
}

/* "PRIVILEGED 360  default/web-0/nginx (nginx:1.27)" */
static void add_title(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	const char *on = target->rating.level <= LC_RATING_UNKNOWN ? LC_ALERT : LC_BOLD;
	_cleanup_(lc_strbuf_free) struct lc_strbuf label = {0};
	struct lc_flow flow = {.out = out, .columns = lc_paragraph_columns(style), .indent = 4};
	const char *level = lc_rating_name(target->rating.level);

	if (flow.columns > flow.indent + LC_LEAST_WIDTH && !style->verbose)
		flow.longest = flow.columns - flow.indent;
	lc_strbuf_adds(out, style->color ? on : "");
	for (const char *c = level; *c; c++)
		lc_strbuf_addf(out, "%c", *c >= 'a' ? *c - 'a' + 'A' : *c);
	flow.column = strlen(level) + 1;
	if (target->rating.score) {
		lc_strbuf_addf(out, " %" PRIu64, target->rating.score);
		flow.column += (size_t)snprintf(NULL, 0, " %" PRIu64, target->rating.score);
	}
	lc_strbuf_adds(out, style->color ? LC_PLAIN " " : " ");
	/* The label is the second piece of the line. */
	flow.started = true;
	add_pod(&label, target);
	lc_report_add_label(&label, target);
	out->failed |= label.failed;
	lc_flow_words(&flow, label.text ? label.text : "");
	lc_flow_end(&flow);
}

/* "100  /run/docker.sock, at /var/run/docker.sock: Whoever may …" */
static void add_hazard(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target,
	const struct lc_hazard *hazard)
{
	struct lc_flow flow = {.out = out, .columns = lc_paragraph_columns(style), .indent = 8, .column = 8};
	struct lc_strbuf text = {0};

	if (flow.columns > flow.indent + LC_LEAST_WIDTH && !style->verbose)
		flow.longest = flow.columns - flow.indent;
	lc_report_add_hazard_name(&text, hazard);
	/* Why the target is rated so is told already. */
	if (hazard->why && !(target->rating.why && strstr(target->rating.why, hazard->why))) {
		lc_strbuf_adds(&text, ": ");
		lc_paragraph_escape(&text, hazard->why, 0);
	}
	lc_strbuf_addf(out, "  %4" PRIu64 "  ", hazard->points);
	out->failed |= text.failed;
	lc_flow_words(&flow, text.text ? text.text : "");
	lc_flow_end(&flow);
	lc_strbuf_free(&text);
}

void lc_report_add_audit(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile,
	const struct lc_target *target)
{
	struct lc_strbuf claim = {0};
	struct lc_strbuf used = {0};
	struct lc_strbuf unused = {0};

	add_title(out, style, target);
	lc_report_add_claim(&claim, target);
	lc_paragraph_take(out, style, "", &claim);
	add_escaped(out, style, "", target->rating.why);
	add_escaped(out, style, "→", target->rating.advice);
	add_escaped(out, style, "", target->members.differs);
	add_escaped(out, style, "", target->rating.told);
	for (size_t i = 0; i < target->n_hazards; i++)
		add_hazard(out, style, target, &target->hazards[i]);
	add_who(out, style, target);
	if (target->init.pid)
		add_sets(out, style, &target->init.sets);
	add_configured(out, style, target);
	if (!profile->hook)
		return;
	add_set(&used, target->cap_add);
	lc_paragraph_take(out, style, "used:", &used);
	if (!target->unused)
		return;
	add_set(&unused, target->unused);
	lc_paragraph_take(out, style, "granted, never used:", &unused);
}
