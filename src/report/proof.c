/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What reports say of a proof: one line, and in the text report what the trials have shown. */
#include "notes.h"

#include <leastcap/capset.h>
#include <leastcap/clock.h>
#include <leastcap/escape.h>
#include <leastcap/paragraph.h>

#include <inttypes.h>
#include <string.h>

/* Appends "2026-11-30"; nothing when the time is unknown. */
static void add_date(struct lc_strbuf *out, const char *before, int64_t ns)
{
	if (ns <= 0)
		return;
	lc_strbuf_adds(out, before);
	lc_clock_add_utc(out, "%Y-%m-%d", ns);
}

static void add_after(struct lc_strbuf *out, const char *before, const char *text)
{
	if (!text || !*text)
		return;
	lc_strbuf_adds(out, before);
	lc_paragraph_escape(out, text, 0);
}

void lc_report_add_patch(struct lc_strbuf *out, const struct lc_proof *proof)
{
	if (!proof->patch_sha256)
		return;
	add_after(out, " with ", proof->patch ? proof->patch : "a patch");
	lc_strbuf_adds(out, " applied (SHA-256 ");
	lc_paragraph_escape(out, proof->patch_sha256, LC_DIGEST_WIDTH);
	lc_strbuf_adds(out, ")");
}

/* "proven in 6 runs", or how far it came. */
static void add_runs(struct lc_strbuf *out, const struct lc_proof *proof)
{
	lc_strbuf_addf(out, "%s in %zu run%s", proof->stopped ? "not yet proven, but passed" : "proven", proof->n_runs,
		proof->n_runs == 1 ? "" : "s");
	if (proof->unprivileged)
		lc_strbuf_adds(out, " without --privileged");
	lc_report_add_patch(out, proof);
}

void lc_report_add_proof(struct lc_strbuf *out, const struct lc_target *target)
{
	const struct lc_proof *proof = target->proof;
	bool by_kernel;

	if (!proof)
		return;
	add_runs(out, proof);
	by_kernel = proof->method && !strcmp(proof->method, LC_PROOF_BY_KERNEL);
	if (by_kernel)
		lc_strbuf_adds(out, " by the kernel, of what already ran");
	else
		add_after(out, " by ", proof->engine ? proof->engine : proof->method);
	if (proof->engine && !by_kernel)
		add_after(out, " ", proof->engine_version);
	if (proof->restart)
		lc_strbuf_adds(out, ", each with a restart");
	add_date(out, " on ", proof->ended_ns);
	if (proof->untried) {
		lc_strbuf_adds(out, "; not tried without ");
		lc_cap_add_names(out, proof->untried);
	}
}

void lc_report_add_proof_head(struct lc_strbuf *out, const struct lc_target *target)
{
	if (!target->proof)
		return;
	add_runs(out, target->proof);
	lc_strbuf_adds(out, "\n");
}

/* A line about the capabilities in MASK; nothing where there are none. */
static void add_caps(
	struct lc_strbuf *out, const struct lc_style *style, const char *before, uint64_t mask, const char *after)
{
	struct lc_strbuf text = {0};

	if (!mask)
		return;
	lc_strbuf_adds(&text, before);
	lc_cap_add_names(&text, mask);
	lc_strbuf_adds(&text, after);
	lc_paragraph_take(out, style, "", &text);
}

/* "without CHOWN it failed: exit status 1" */
static void add_reason(struct lc_strbuf *out, const struct lc_style *style, const struct lc_proof *proof, int cap)
{
	const struct lc_proof_run *reason = lc_proof_reason(proof, cap);
	struct lc_strbuf text = {0};
	char name[LC_CAP_NAME_SIZE];

	if (!reason)
		return;
	lc_strbuf_addf(&text, "without %s it %s", lc_cap_name(cap, name),
		reason->verdict == LC_TRIAL_DEGRADED ? "was worse" : "failed");
	add_after(&text, ": ", reason->why);
	lc_paragraph_take(out, style, "", &text);
}

/* Why each entry stays that was tried. */
static void add_reasons(struct lc_strbuf *out, const struct lc_style *style, const struct lc_proof *proof)
{
	uint64_t left = proof->list & ~proof->untried;

	for (int cap; (cap = lc_cap_take(&left)) >= 0;)
		add_reason(out, style, proof, cap);
}

void lc_report_add_trial(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target, int cap)
{
	const struct lc_proof *proof = target->proof;
	uint64_t bit = LC_CAP_BIT(cap);

	if (!proof)
		return;
	if (proof->removed & bit)
		lc_paragraph_add(out, style, "Proven: the test passed without it.");
	else if (proof->list & bit)
		add_reason(out, style, proof, cap);
}

/* What of the list was given up although the service was worse without. */
static uint64_t accepted(const struct lc_proof *proof)
{
	uint64_t caps = 0;

	for (size_t i = 0; i < proof->n_runs; i++)
		caps |= proof->runs[i].accepted ? proof->runs[i].without : 0;
	return caps & ~proof->list;
}

void lc_report_add_trials(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target)
{
	const struct lc_proof *proof = target->proof;
	struct lc_strbuf text = {0};

	if (!proof)
		return;
	add_after(&text, "tested by: ", proof->command);
	lc_paragraph_take(out, style, "", &text);
	if (proof->restart)
		lc_paragraph_add(out, style,
			"each run also reloaded it if it handles HUP, stopped it, and started it again with the same volumes");
	add_caps(out, style, "it passed without ", proof->removed & ~accepted(proof), ", which was recorded");
	add_caps(out, style, "accepted although it is worse without: ", accepted(proof), "");
	add_reasons(out, style, proof);
	add_caps(out, style, "added, because the recorded list alone did not pass: ", proof->added, "");
	add_caps(out, style, "not tried without: ", proof->untried,
		proof->stopped ? " (it was stopped)" : " (--exhaustive does)");
}
