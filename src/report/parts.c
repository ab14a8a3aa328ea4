/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What several report formats say in the same words. */
#include "parts.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <inttypes.h>
#include <string.h>

const char lc_report_nothing[] = "nothing was recorded: no container ran";

void lc_report_add_lost(struct lc_strbuf *out, const struct lc_profile *profile)
{
	if (profile->lost)
		lc_strbuf_addf(out, "INCOMPLETE: %" PRIu64 " check%s lost: a list may lack a capability", profile->lost,
			profile->lost == 1 ? " was" : "s were");
}

void lc_report_add_label(struct lc_strbuf *out, const struct lc_target *target)
{
	const char *what = target->image;

	if (!what && target->kind != LC_TARGET_CONTAINER)
		what = lc_target_kind_name(target->kind);
	if (target->name && *target->name)
		lc_escape_terminal(out, target->name);
	else
		lc_strbuf_adds(out, "(no name)");
	if (what) {
		lc_strbuf_adds(out, " (");
		lc_escape_terminal(out, what);
		lc_strbuf_adds(out, ")");
	}
}

void lc_report_add_options(struct lc_strbuf *out, uint64_t mask)
{
	char name[LC_CAP_NAME_SIZE];

	lc_strbuf_adds(out, "--cap-drop=ALL");
	for (int cap = 0; cap < 64; cap++) {
		if (mask & LC_CAP_BIT(cap))
			lc_strbuf_addf(out, " --cap-add=%s", lc_cap_name(cap, name));
	}
}

/* "CHOWN, KILL" */
static void add_names(struct lc_strbuf *out, uint64_t mask)
{
	const char *separator = "";
	char name[LC_CAP_NAME_SIZE];

	for (int cap = 0; cap < 64; cap++) {
		if (!(mask & LC_CAP_BIT(cap)))
			continue;
		lc_strbuf_addf(out, "%s%s", separator, lc_cap_name(cap, name));
		separator = ", ";
	}
}

/* Those of TARGET's list that it got by SOURCE; of what the kernel asked those that a set-user-id program used as root. */
static uint64_t got_by(const struct lc_target *target, enum lc_source source)
{
	uint64_t mask = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->source != source || check->verdict != LC_VERDICT_GRANTED ||
			(check->class != LC_CLASS_REQUIRED && check->class != LC_CLASS_IMPLIED))
			continue;
		if (source != LC_SOURCE_CHECK || (check->user && lc_user_is_root(check->user)))
			mask |= LC_CAP_BIT(check->cap);
	}
	return mask & target->cap_add;
}

/* Those of TARGET's list that only its filter of system calls wants, which looks at the bounding set. */
static uint64_t wanted_by_filter(const struct lc_target *target)
{
	uint64_t by_filter = 0, otherwise = 0;

	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->class == LC_CLASS_IMPLIED && check->source == LC_SOURCE_CHECK)
			by_filter |= LC_CAP_BIT(check->cap);
		else if (check->class == LC_CLASS_REQUIRED || check->class == LC_CLASS_IMPLIED)
			otherwise |= LC_CAP_BIT(check->cap);
	}
	return by_filter & ~otherwise & target->cap_add;
}

/* ": /usr/bin/ping carries NET_RAW=ep", and a comma before further files; one is shown for each capability. */
static void add_carriers(struct lc_strbuf *out, const struct lc_target *target, uint64_t mask)
{
	const char *last = NULL;

	for (size_t i = 0; i < target->n_evidence && mask; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->source != LC_SOURCE_FILE || check->class != LC_CLASS_IMPLIED ||
			!(mask & LC_CAP_BIT(check->cap)) || !check->about)
			continue;
		mask &= ~LC_CAP_BIT(check->cap);
		if (last && strcmp(last, check->about) == 0)
			continue;
		lc_strbuf_adds(out, last ? ", " : ": ");
		lc_escape_terminal(out, check->about);
		last = check->about;
	}
}

void lc_report_add_user(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t by_file = got_by(target, LC_SOURCE_FILE);
	uint64_t by_ambient = got_by(target, LC_SOURCE_AMBIENT) & ~by_file;
	uint64_t by_root = got_by(target, LC_SOURCE_CHECK) & ~by_file & ~by_ambient;
	uint64_t by_filter = wanted_by_filter(target) & ~by_file & ~by_ambient & ~by_root;
	uint64_t explained = by_file | by_ambient | by_root | by_filter;

	if (!target->cap_add || lc_user_is_root(target->user))
		return;
	lc_strbuf_adds(out, "It runs as user ");
	lc_escape_terminal(out, target->user);
	lc_strbuf_adds(out, ", not root: --cap-add reaches only its bounding set.");
	if (by_file) {
		lc_strbuf_adds(out, " By a file's capabilities it gets ");
		add_names(out, by_file);
		add_carriers(out, target, by_file);
		lc_strbuf_adds(out, ".");
	}
	if (by_ambient) {
		lc_strbuf_adds(out, " It raises to ambient ");
		add_names(out, by_ambient);
		lc_strbuf_adds(out, ".");
	}
	if (by_root) {
		lc_strbuf_adds(out, " As root (a set-user-id program) it uses ");
		add_names(out, by_root);
		lc_strbuf_adds(out, ".");
	}
	if (by_filter) {
		lc_strbuf_adds(out, " That is enough for its filter of system calls, which wants ");
		add_names(out, by_filter);
		lc_strbuf_adds(out, ".");
	}
	if (target->cap_add & ~explained) {
		lc_strbuf_adds(out, " The program also needs file capabilities (setcap) or ambient ones");
		lc_strbuf_adds(out, explained ? " for " : "");
		add_names(out, explained ? target->cap_add & ~explained : 0);
		lc_strbuf_adds(out, ".");
	}
}

void lc_report_add_verify(struct lc_strbuf *out, const struct lc_target *target)
{
	uint64_t mask = target->verify & target->cap_add;

	if (!mask)
		return;
	add_names(out, mask);
	lc_strbuf_addf(out, " may be survivable: verify by a run without %s", mask & (mask - 1) ? "them" : "it");
}

void lc_report_add_comments(struct lc_strbuf *out, const char *indent, const struct lc_target *target)
{
	void (*const comments[])(struct lc_strbuf *, const struct lc_target *) = {
		lc_report_add_user, lc_report_add_verify};

	for (size_t i = 0; i < sizeof(comments) / sizeof(comments[0]); i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

		comments[i](&text, target);
		out->failed |= text.failed;
		if (text.text)
			lc_strbuf_addf(out, "%s# %s\n", indent, text.text);
	}
}
