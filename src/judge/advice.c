/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Advice: what to do about each capability of the lists instead of granting it, and what granting it means. */
#include "advice.h"
#include "phrases.h"

#include <leastcap/capset.h>

#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

const struct lc_decision *lc_need_next(const struct lc_need *need, size_t *cursor)
{
	while (*cursor < need->decisions->n) {
		const struct lc_decision *decision = &need->decisions->list[(*cursor)++];

		if (decision->taken == need->cap && decision->denied == need->denied)
			return decision;
	}
	return NULL;
}

void lc_advice_add_user(struct lc_strbuf *out, const char *before, const char *user)
{
	if (user)
		lc_strbuf_addf(out, "%suid %.*s", before, (int)strcspn(user, ":"), user);
}

/* The other member of DECISION's pair, or -1. */
static int other_of(const struct lc_decision *decision, int cap)
{
	if (!decision->pair)
		return -1;
	return cap == decision->pair->narrow ? decision->pair->wide : decision->pair->narrow;
}

/* Which syscalls take nothing but this capability. */
static void find_strict(struct lc_phrases *syscalls, const struct lc_need *need)
{
	const struct lc_decision *decision;
	size_t cursor = 0;

	while ((decision = lc_need_next(need, &cursor))) {
		struct lc_strbuf phrase = {0};

		if (decision->pair || !decision->check->syscall || decision->check->class != LC_CLASS_REQUIRED)
			continue;
		lc_strbuf_adds(&phrase, decision->check->syscall);
		lc_phrases_add(syscalls, &phrase, decision->check->count);
	}
	lc_phrases_settle(syscalls);
}

static void advise_on_danger(struct lc_strbuf *out, const struct lc_need *need)
{
	const struct lc_danger *danger = lc_danger_find(need->cap);
	struct lc_phrases syscalls = {0};

	if (!danger)
		return;
	lc_strbuf_addf(out, " It %s", danger->does);
	if (need->cap == CAP_SYS_ADMIN)
		find_strict(&syscalls, need);
	if (syscalls.n) {
		lc_strbuf_adds(out, ", and nothing narrower is known that would do for ");
		lc_phrases_list(out, &syscalls, ", ", LC_NAMED);
	}
	lc_strbuf_adds(out, ".");
	out->failed |= syscalls.failed;
	lc_phrases_free(&syscalls);
}

/* The pair of which every decision of NEED accepts either, or NULL. */
static const struct lc_alternative *choice(const struct lc_need *need)
{
	const struct lc_alternative *pair = NULL;
	const struct lc_decision *decision;
	size_t cursor = 0;

	while ((decision = lc_need_next(need, &cursor))) {
		if (!decision->pair || (pair && other_of(decision, need->cap) !=
							(pair->narrow == need->cap ? pair->wide : pair->narrow)))
			return NULL;
		/* Of several rows for the same two the first in the table, whatever the evidence's order. */
		if (!pair || decision->pair < pair)
			pair = decision->pair;
	}
	return pair;
}

/*
 * Says for what a narrower capability would do ("BPF for bpf"), although other decisions of NEED do not accept it. Where a container is better off
 * with the wide one nothing would be gained.
 */
static void advise_on_narrower(struct lc_strbuf *out, const struct lc_need *need)
{
	const struct lc_decision *decision;
	struct lc_phrases parts = {0};
	size_t cursor = 0;

	while ((decision = lc_need_next(need, &cursor))) {
		struct lc_strbuf phrase = {0};
		char name[LC_CAP_NAME_SIZE];

		if (!decision->pair || decision->pair->wide != need->cap || decision->pair->wide_in_containers)
			continue;
		lc_strbuf_adds(&phrase, lc_cap_name(decision->pair->narrow, name));
		if (decision->check->syscall)
			lc_strbuf_addf(&phrase, " for %s", decision->check->syscall);
		lc_phrases_add(&parts, &phrase, decision->check->count);
	}
	lc_phrases_settle(&parts);
	if (parts.n) {
		lc_strbuf_adds(out, " For a part something narrower would do: ");
		lc_phrases_list(out, &parts, ", ", LC_NAMED);
		lc_strbuf_adds(out, ".");
	}
	out->failed |= parts.failed;
	lc_phrases_free(&parts);
}

static void advise_on_alternatives(struct lc_strbuf *out, const struct lc_need *need)
{
	const struct lc_alternative *pair = choice(need);
	char name[LC_CAP_NAME_SIZE];

	if (!pair) {
		advise_on_narrower(out, need);
		return;
	}
	lc_strbuf_addf(out, " %s would do as well: %s.",
		lc_cap_name(need->cap == pair->narrow ? pair->wide : pair->narrow, name), pair->why);
}

/* The program that asked, as it is commonly called. */
static const char *program_name(const struct lc_check *check)
{
	const char *slash = check->exe ? strrchr(check->exe, '/') : NULL;

	if (slash && slash[1])
		return slash + 1;
	return check->exe ? check->exe : check->comm;
}

static void advise_to_verify(struct lc_strbuf *out, const struct lc_need *need)
{
	const struct lc_decision *decision;
	struct lc_phrases programs = {0};
	size_t cursor = 0;

	if (need->denied || !(need->target->verify & LC_CAP_BIT(need->cap)))
		return;
	while ((decision = lc_need_next(need, &cursor))) {
		const char *program = program_name(decision->check);
		struct lc_strbuf phrase = {0};

		lc_strbuf_adds(&phrase, program ? program : "the program");
		lc_phrases_add(&programs, &phrase, decision->check->count);
	}
	lc_phrases_settle(&programs);
	lc_strbuf_adds(out, " It was asked for and granted, but ");
	lc_phrases_list(out, &programs, ", ", LC_NAMED);
	lc_strbuf_adds(out, " may do without: try a run without it.");
	lc_phrases_free(&programs);
}

/* Whether CHECK is the workload's own question in the target's user namespace, and it is known who asked. */
static bool is_own(const struct lc_check *check)
{
	return check->phase == LC_PHASE_WORKLOAD && check->credential == LC_CREDENTIAL_OWN &&
	       check->userns == LC_USERNS_TARGET && check->user;
}

static bool is_same_caller(const struct lc_check *a, const struct lc_check *b)
{
	size_t length = strcspn(a->user, ":");

	return strcspn(b->user, ":") == length && strncmp(a->user, b->user, length) == 0 && a->exe && b->exe &&
	       strcmp(a->exe, b->exe) == 0;
}

/*
 * Whether the caller of ASKED may gain from its bounding set, because it is root, or because its program held something as the same user. Root of
 * a user namespace has another number outside, so that nobody can tell where no check was root's.
 */
static bool may_hold(const struct lc_target *target, const struct lc_check *asked)
{
	bool root_is_seen = !lc_user_is_root(target->user);

	if (lc_user_is_root(asked->user))
		return true;
	for (size_t i = 0; i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (!is_own(check))
			continue;
		root_is_seen |= lc_user_is_root(check->user);
		if (check->verdict == LC_VERDICT_GRANTED && check->authority == LC_AUTHORITY_EFFECTIVE &&
			is_same_caller(check, asked))
			return true;
	}
	return !root_is_seen;
}

/* An ordinary user gains nothing by --cap-add, unless a file carries the capability. */
static void advise_ordinary_users(struct lc_strbuf *out, const struct lc_need *need)
{
	const struct lc_decision *decision;
	struct lc_phrases users = {0};
	size_t cursor = 0;
	bool helps = !need->denied;

	while (!helps && (decision = lc_need_next(need, &cursor))) {
		const struct lc_check *check = decision->check;
		struct lc_strbuf phrase = {0};

		helps = check->source == LC_SOURCE_FILE || may_hold(need->target, check);
		if (helps)
			break;
		lc_advice_add_user(&phrase, "", check->user);
		lc_phrases_add(&users, &phrase, check->count);
	}
	lc_phrases_settle(&users);
	if (!helps && users.n) {
		lc_strbuf_adds(out, " It is ");
		lc_phrases_list(out, &users, ", ", LC_NAMED);
		lc_strbuf_adds(out,
			" that asks for it, not root: --cap-add alone would not help, without a file capability (setcap) or an ambient one.");
	}
	out->failed |= users.failed;
	lc_phrases_free(&users);
}

/* The sentences, in their order. Each begins with a space, or appends nothing. */
static void (*const sentences[])(struct lc_strbuf *out, const struct lc_need *need) = {
	lc_advice_on_files,
	lc_advice_on_chown,
	lc_advice_on_ports,
	lc_advice_on_carriers,
	lc_advice_on_void_files,
	lc_advice_on_start,
	advise_on_danger,
	advise_on_alternatives,
	advise_to_verify,
	advise_ordinary_users,
};

static int advise(struct lc_target *target, const struct lc_need *need)
{
	struct lc_strbuf text = {0};
	char *sentence;
	int r = 0;

	for (size_t i = 0; i < sizeof(sentences) / sizeof(sentences[0]); i++)
		sentences[i](&text, need);
	if (text.failed)
		r = -ENOMEM;
	if (!r && text.text) {
		sentence = strdup(text.text + 1);
		r = sentence ? lc_target_add_advice(target, need->cap, sentence) : -ENOMEM;
	}
	lc_strbuf_free(&text);
	return r;
}

int lc_judge_advise(struct lc_target *target, const struct lc_decisions *decisions)
{
	int r = 0;

	for (size_t i = 0; i < target->n_advice; i++)
		free(target->advice[i].text);
	free(target->advice);
	target->advice = NULL;
	target->n_advice = 0;
	for (int cap = 0; !r && cap < 64; cap++) {
		const struct lc_need need = {.target = target,
			.decisions = decisions,
			.cap = cap,
			.denied = !(target->cap_add & LC_CAP_BIT(cap))};

		if ((target->cap_add | target->wanted) & LC_CAP_BIT(cap))
			r = advise(target, &need);
	}
	return r;
}
