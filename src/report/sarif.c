/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sarif report: what containers hold beyond their need, for code scanning. One alert for each thing to do something about. */
#include "audit.h"
#include "parts.h"
#include "refused.h"

#include <leastcap/capset.h>
#include <leastcap/facts.h>
#include <leastcap/sarif.h>

#include <errno.h>

/* From so many points on what an audit found is worth an alert. */
#define LC_ALERT_POINTS 10

/* A target whose alerts are made. */
struct subject {
	struct lc_sarif *sarif;
	const struct lc_target *target;
	struct lc_sarif_place place;
	bool watched; /* it is known what the target needs */
};

/* "What it needs: --cap-drop=ALL --cap-add=CHOWN" */
static void add_need(struct lc_strbuf *out, const struct subject *subject)
{
	const struct lc_target *target = subject->target;

	if (!subject->watched)
		return;
	lc_strbuf_adds(out, lc_report_count_refused(target).calls ? " What it used: " : " What it needs: ");
	lc_report_add_options(out, target->cap_add);
	if (lc_report_next(target) == target->cap_add)
		return;
	lc_strbuf_adds(out, "; to try next: ");
	lc_report_add_options(out, lc_report_next(target));
}

/* Adds the alert of RULE that SUBJECT is what BEFORE, the names of CAPS and AFTER say. */
static int add_alert(const struct subject *subject, const struct lc_sarif_alert *alert, const char *before,
	uint64_t caps, const char *after)
{
	struct lc_sarif_alert placed = *alert;
	struct lc_strbuf label = {0};
	struct lc_strbuf message = {0};

	placed.target = subject->target;
	placed.place = subject->place;
	lc_report_add_label(&label, subject->target);
	lc_sarif_add_text(&message, label.text);
	message.failed |= label.failed;
	lc_strbuf_free(&label);
	lc_strbuf_adds(&message, before);
	lc_cap_add_names(&message, caps);
	lc_strbuf_adds(&message, after);
	add_need(&message, subject);
	return lc_sarif_add(subject->sarif, &placed, &message);
}

/* The dangerous ones of CAPS, each by itself. */
static int add_dangerous(const struct subject *subject, uint64_t caps, uint64_t unused)
{
	int r = 0;

	for (int cap; !r && (cap = lc_cap_take(&caps)) >= 0;) {
		bool never = unused & LC_CAP_BIT(cap);
		struct lc_sarif_alert alert = {.rule = cap,
			.level = "error",
			.finding = never              ? "unused"
				   : subject->watched ? "idle"
						      : "held"};

		r = add_alert(subject, &alert, subject->watched || never ? " was granted " : " holds ", LC_CAP_BIT(cap),
			never              ? " and never asked for it."
			: subject->watched ? " and did nothing that depended on it."
					   : "; nobody watched whether it uses it.");
	}
	return r;
}

/* What of the host's is open to the target, as an audit found it. */
static int add_hazards(const struct subject *subject)
{
	const struct lc_target *target = subject->target;
	int r = 0;

	for (size_t i = 0; !r && i < target->n_hazards; i++) {
		const struct lc_hazard *hazard = &target->hazards[i];
		struct lc_sarif_alert alert = {.rule = LC_SARIF_HOST_OPEN, .target = target, .place = subject->place};
		struct lc_strbuf finding = {0};
		struct lc_strbuf name = {0};
		struct lc_strbuf message = {0};

		if (hazard->kind >= LC_HAZARD_PRIVILEGED || hazard->points < LC_ALERT_POINTS)
			continue;
		lc_strbuf_addf(
			&finding, "open:%s:%s", lc_hazard_name(hazard->kind), hazard->about ? hazard->about : "");
		lc_report_add_label(&name, target);
		lc_strbuf_adds(&name, ": ");
		lc_report_add_hazard_name(&name, hazard);
		lc_sarif_add_text(&message, name.text);
		lc_strbuf_adds(&message, ": ");
		lc_sarif_add_text(&message, hazard->why);
		message.failed |= name.failed || finding.failed;
		alert.level = hazard->points >= LC_POINTS_DANGEROUS ? "error" : "warning";
		alert.finding = finding.text ? finding.text : "open";
		r = lc_sarif_add(subject->sarif, &alert, &message);
		lc_strbuf_free(&finding);
		lc_strbuf_free(&name);
	}
	return r;
}

/* What the target holds beyond its need. */
static int add_held(const struct subject *subject)
{
	const struct lc_target *target = subject->target;
	uint64_t list = target->sandbox ? 0 : target->cap_add;
	uint64_t unused = target->sandbox ? 0 : target->unused;
	/* Where nobody watched what the target uses, only dangerous capabilities are named. */
	uint64_t beyond = unused | (target->granted & ~list & (subject->watched ? UINT64_MAX : lc_dangerous_set()));
	uint64_t rest = beyond & ~lc_dangerous_set();
	int r;

	if (target->privileged)
		return add_alert(subject,
			&(struct lc_sarif_alert){
				.rule = LC_SARIF_PRIVILEGED, .level = "error", .finding = "privileged"},
			" runs privileged: with every capability, all devices, and neither seccomp nor AppArmor.", 0,
			"");
	r = add_dangerous(subject, beyond & lc_dangerous_set(), unused);
	if (r || !rest)
		return r;
	return add_alert(subject,
		&(struct lc_sarif_alert){.rule = LC_SARIF_BEYOND_NEED, .level = "warning", .finding = "beyond"},
		" was granted ", rest, rest & (rest - 1) ? " and needed none of them." : " and did not need it.");
}

static int add_target(const struct subject *subject)
{
	int r = add_hazards(subject);

	return r ? r : add_held(subject);
}

int lc_sarif_report(const struct lc_profile *profile, const struct lc_sarif_place *places, struct lc_strbuf *out)
{
	struct lc_sarif sarif = {0};
	bool watched = !lc_profile_is_unwatched(profile);
	int r = 0;

	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		const struct subject subject = {.sarif = &sarif,
			.target = target,
			.place = places ? places[i] : (struct lc_sarif_place){0},
			.watched = watched && !target->sandbox};

		if (!places || places[i].path)
			r = add_target(&subject);
	}
	if (!r)
		r = lc_sarif_render(&sarif, profile, out);
	lc_sarif_clear(&sarif);
	return r;
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	return lc_sarif_report(profile, NULL, out);
}

const struct lc_report_format lc_report_sarif = {
	.name = "sarif",
	.description = "what is held beyond need, for code scanning (SARIF 2.1.0)",
	.render = render,
};
