/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sarif report: what containers hold beyond their need, for code scanning (SARIF 2.1.0, OASIS). */
#include "json_parts.h"
#include "parts.h"
#include "refused.h"
#include "rows.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/explain.h>
#include <leastcap/facts.h>
#include <leastcap/json.h>
#include <leastcap/judge.h>
#include <leastcap/report.h>

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define LC_SARIF_SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#define LC_SARIF_MANUAL "https://man7.org/linux/man-pages/man7/capabilities.7.html"

/* The rules after those of the capabilities. */
#define LC_RULE_PRIVILEGED 64
#define LC_RULE_REFUSED    65
#define LC_N_RULES         66

/* Why there is a result. */
enum finding {
	FINDING_UNUSED,
	FINDING_IDLE,
	FINDING_HELD,
	FINDING_WANTED,
	FINDING_PRIVILEGED,
	FINDING_REFUSED,
	FINDING_N
};

static const struct {
	const char *name; /* in fingerprints: never to change */
	const char *level;
	const char *says; /* after the target's name; %s is the capability */
} findings[FINDING_N] = {
	[FINDING_UNUSED] = {"unused", "warning", "was granted %s and never asked for it."},
	[FINDING_IDLE] = {"idle", "note", "was granted %s and did nothing that depended on it."},
	[FINDING_HELD] = {"held", "warning", "holds %s; nobody watched whether it uses it."},
	[FINDING_WANTED] = {"wanted", "note", "was denied %s, and a system call failed for it."},
	[FINDING_PRIVILEGED] = {"privileged", "error",
		"runs privileged: with every capability, all devices, and neither seccomp nor AppArmor."},
	[FINDING_REFUSED] = {"refused", "note", "was refused a system call:"},
};

/* The results and rules being made. */
struct log {
	json_t *results;
	bool watched; /* the profile is of more than an audit, so that it is known what targets need */
	bool used[LC_N_RULES];
};

/* "CAP_SYS_ADMIN" */
static json_t *rule_id(int rule)
{
	struct lc_strbuf id = {0};

	if (rule == LC_RULE_PRIVILEGED || rule == LC_RULE_REFUSED)
		return json_string(rule == LC_RULE_REFUSED ? "REFUSED" : "PRIVILEGED");
	lc_cap_add_list(&id, LC_CAP_BIT(rule), "", "", true);
	return lc_json_taken(&id);
}

/* Appends TEXT, with a backslash before square brackets, which would make a link in a message (SARIF 2.1.0, 3.11.6). */
static void add_message(struct lc_strbuf *out, const char *text)
{
	for (; text && *text; text++) {
		if (strchr("[]\\", *text))
			lc_strbuf_adds(out, "\\");
		lc_strbuf_add(out, text, 1);
	}
}

/* Appends what TEXT holds as add_message does, and frees it. */
static void add_taken(struct lc_strbuf *out, struct lc_strbuf *text)
{
	out->failed |= text->failed;
	add_message(out, text->text);
	lc_strbuf_free(text);
}

/* What is found: a capability, or a call that was refused. */
struct found {
	const struct lc_target *target;
	int rule;
	enum finding finding;
	const struct lc_failure *failure; /* the call; or NULL */
};

/* Who asked for the capability, or which call it would have let through. */
static void add_asker(struct lc_strbuf *message, const struct found *found)
{
	const struct lc_check *check = lc_judge_caller(found->target, found->rule);
	struct lc_strbuf part = {0};

	if (lc_report_refusal(found->target, found->rule)) {
		lc_strbuf_adds(message, " It would have let through ");
		lc_report_add_reason(&part, found->target, found->rule);
	} else if (check) {
		lc_strbuf_adds(message, " It was asked for by ");
		lc_report_add_caller(&part, check);
	} else {
		return;
	}
	add_taken(message, &part);
	lc_strbuf_adds(message, ".");
}

/* The call that was refused, and why. */
static void add_call(struct lc_strbuf *message, const struct lc_failure *failure)
{
	struct lc_strbuf part = {0};

	lc_report_add_failed_call(&part, failure);
	lc_strbuf_adds(message, " ");
	add_taken(message, &part);
	lc_strbuf_adds(message, ".");
	lc_report_add_cause(&part, failure);
	lc_strbuf_adds(message, part.length ? " " : "");
	add_taken(message, &part);
}

static json_t *message_value(const struct log *log, const struct found *found)
{
	const struct lc_target *target = found->target;
	char name[LC_CAP_NAME_SIZE] = "";
	const char *says = findings[found->finding].says;
	struct lc_strbuf message = {0};
	struct lc_strbuf part = {0};

	if (found->finding == FINDING_WANTED && lc_report_refusal(target, found->rule))
		says = "lacks %s, and a system call was refused for it.";
	lc_report_add_label(&part, target);
	add_taken(&message, &part);
	lc_strbuf_adds(&message, " ");
	// NOLINTNEXTLINE(clang-diagnostic-format-nonliteral): the table's own
	lc_strbuf_addf(&message, says, found->rule < 64 ? lc_cap_name(found->rule, name) : name);
	if (found->finding == FINDING_WANTED)
		add_asker(&message, found);
	if (found->failure)
		add_call(&message, found->failure);
	if (log->watched && !target->sandbox) {
		lc_strbuf_adds(
			&message, lc_report_count_refused(target).calls ? " What it used: " : " What it needs: ");
		lc_report_add_options(&message, target->cap_add);
	}
	if (log->watched && !target->sandbox && lc_report_next(target) != target->cap_add) {
		lc_strbuf_adds(&message, "; to try next: ");
		lc_report_add_options(&message, lc_report_next(target));
	}
	return json_pack("{s:o}", "text", lc_json_taken(&message));
}

/* "shop/web/shop-web-1" */
static void add_qualified_name(struct lc_strbuf *out, const struct lc_target *target)
{
	const char *const parts[] = {target->namespace, target->pod, target->project, target->service, target->name};

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		if (!parts[i])
			continue;
		lc_strbuf_adds(out, out->length ? "/" : "");
		lc_strbuf_adds(out, parts[i]);
	}
}

/* Code scanning shows nothing without a file, so that the image's name stands for one, as a relative reference (RFC 3986). */
static json_t *uri_value(const struct lc_target *target)
{
	const char *name = target->image && *target->image ? target->image : target->name;
	struct lc_strbuf uri = {0};

	for (const char *c = name; c && *c; c++) {
		if (isascii((unsigned char)*c) &&
			(isalnum((unsigned char)*c) || strchr("-._~", *c) || (*c == '/' && c != name)))
			lc_strbuf_add(&uri, c, 1);
		else
			lc_strbuf_addf(&uri, "%%%02X", (unsigned char)*c);
	}
	lc_strbuf_adds(&uri, uri.length ? NULL : "unnamed");
	return lc_json_taken(&uri);
}

static json_t *location_value(const struct lc_target *target)
{
	struct lc_strbuf qualified = {0};

	add_qualified_name(&qualified, target);
	return json_pack("{s:{s:{s:o}, s:{s:i}}, s:[{s:o, s:o, s:s}]}", "physicalLocation", "artifactLocation", "uri",
		uri_value(target), "region", "startLine", 1, "logicalLocations", "name", lc_json_text(target->name),
		"fullyQualifiedName", lc_json_taken(&qualified), "kind", lc_target_kind_name(target->kind));
}

/* What was found where, in words that are the same in every run. */
static json_t *fingerprint_value(const struct found *found)
{
	const struct lc_failure *failure = found->failure;
	struct lc_strbuf print = {0};

	add_qualified_name(&print, found->target);
	lc_strbuf_addf(&print, ":%s", findings[found->finding].name);
	if (found->rule < LC_RULE_PRIVILEGED)
		lc_cap_add_list(&print, LC_CAP_BIT(found->rule), ":", "", true);
	if (failure) {
		const char *const words[] = {lc_report_failed_program(failure), failure->syscall, failure->result,
			lc_cause_name(failure->cause)};

		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			lc_strbuf_addf(&print, ":%s", words[i] ? words[i] : "");
	}
	return lc_json_taken(&print);
}

static int add_result(struct log *log, const struct found *found)
{
	bool dangerous = found->finding != FINDING_WANTED && lc_danger_find(found->rule);
	json_t *result = json_pack("{s:o, s:s, s:o, s:[o], s:{s:o}}", "ruleId", rule_id(found->rule), "level",
		dangerous ? "error" : findings[found->finding].level, "message", message_value(log, found), "locations",
		location_value(found->target), "partialFingerprints", "leastcapFinding/v1", fingerprint_value(found));

	log->used[found->rule] = true;
	return json_array_append_new(log->results, result) ? -ENOMEM : 0;
}

/* The refused calls that nothing TARGET wanted opens. 0 or -ENOMEM. */
static int add_refused(struct log *log, const struct lc_target *target)
{
	_cleanup_(lc_report_refusals_clear) struct lc_report_refusals refusals = {0};
	int r = lc_report_refusals_fill(&refusals, target, false);

	for (size_t i = 0; !r && i < refusals.n; i++) {
		const struct lc_failure *failure = refusals.list[i].failure;

		if (!(failure->caps & target->wanted))
			r = add_result(log, &(struct found){.target = target,
						    .rule = LC_RULE_REFUSED,
						    .finding = FINDING_REFUSED,
						    .failure = failure});
	}
	return r;
}

static int add_target(struct log *log, const struct lc_target *target)
{
	/* Where nobody watched what the target uses, only dangerous capabilities are named. */
	bool watched = log->watched && !target->sandbox;
	uint64_t list = target->sandbox ? 0 : target->cap_add;
	uint64_t unused = target->sandbox ? 0 : target->unused;
	uint64_t idle = target->granted & ~list & (watched ? UINT64_MAX : lc_dangerous_set());
	uint64_t rest = unused | idle | (target->sandbox ? 0 : target->wanted);
	struct found found = {.target = target, .rule = LC_RULE_PRIVILEGED, .finding = FINDING_PRIVILEGED};
	int r = target->privileged ? add_result(log, &found) : 0;

	while (!r && (found.rule = lc_cap_take(&rest)) >= 0) {
		if (unused & LC_CAP_BIT(found.rule))
			found.finding = FINDING_UNUSED;
		else if (idle & LC_CAP_BIT(found.rule))
			found.finding = watched ? FINDING_IDLE : FINDING_HELD;
		else
			found.finding = FINDING_WANTED;
		r = add_result(log, &found);
	}
	return r ? r : add_refused(log, target);
}

static const struct lc_explanation privileged = {
	.meaning = "a container without walls",
	.allows = "--privileged grants every capability and all devices, and takes seccomp and AppArmor away.",
	.danger = "Root in the container is root on the host.",
	.instead = "Drop all capabilities, add those on the list, and give devices with --device.",
	.asked_by = "containers that run containers, and whatever once did not work.",
};

static const struct lc_explanation refused = {
	.meaning = "a system call that failed for another reason than a capability",
	.allows = "The message names the call, its cause and what would have let it through.",
	.danger = "Nothing is; but what the program did without is not on its list.",
	.instead = "Mend the cause, or leave it, and record again.",
	.asked_by = "programs in containers with a filter of system calls, without devices, or with files of others.",
};

static const struct lc_explanation unknown = {
	.meaning = "newer than this program",
	.allows = "See the manual of the kernel that has it.",
	.danger = "Not known.",
	.instead = "Not known.",
	.asked_by = "not known.",
};

static json_t *help_value(const struct lc_explanation *about)
{
	return json_pack("{s:o, s:o}", "text",
		json_sprintf("What it allows: %s\nWhy it is dangerous: %s\nInstead: %s\nAsked for by: %s",
			about->allows, about->danger, about->instead, about->asked_by),
		"markdown",
		json_sprintf(
			"- **What it allows**: %s\n- **Why it is dangerous**: %s\n- **Instead**: %s\n- **Asked for by**: %s",
			about->allows, about->danger, about->instead, about->asked_by));
}

static json_t *rule_value(int rule)
{
	const struct lc_explanation *about = rule == LC_RULE_PRIVILEGED ? &privileged
					     : rule == LC_RULE_REFUSED  ? &refused
									: lc_explain(rule);
	bool dangerous = rule == LC_RULE_PRIVILEGED || lc_danger_find(rule);
	_cleanup_json_ json_t *id = rule_id(rule);

	if (!id)
		return NULL;
	if (!about)
		about = &unknown;
	return json_pack("{s:O, s:{s:o}, s:{s:s}, s:o, s:s, s:{s:s}, s:{s:[s, s], s:s}}", "id", id, "shortDescription",
		"text", json_sprintf("%s: %s", json_string_value(id), about->meaning), "fullDescription", "text",
		about->allows, "help", help_value(about), "helpUri", LC_SARIF_MANUAL, "defaultConfiguration", "level",
		dangerous ? "error" : "warning", "properties", "tags", "security", "containers", "security-severity",
		dangerous ? "8.0" : "4.0");
}

static json_t *rules_value(const struct log *log)
{
	_cleanup_json_ json_t *rules = json_array();

	for (int rule = 0; rules && rule < LC_N_RULES; rule++) {
		if (log->used[rule] && json_array_append_new(rules, rule_value(rule)))
			return NULL;
	}
	return json_incref(rules);
}

/* What code scanning shows about the run itself. */
static json_t *notifications_value(const struct lc_profile *profile)
{
	_cleanup_json_ json_t *notices = lc_json_notices(profile);
	_cleanup_json_ json_t *notifications = json_array();
	size_t index;
	json_t *notice;

	if (!notices)
		return NULL;
	json_array_foreach(notices, index, notice)
	{
		if (json_array_append_new(
			    notifications, json_pack("{s:s, s:{s:O}}", "level", "warning", "message", "text", notice)))
			return NULL;
	}
	return json_incref(notifications);
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	_cleanup_json_ json_t *results = json_array();
	struct log log = {.results = results, .watched = !lc_profile_is_unwatched(profile)};
	_cleanup_json_ json_t *root = NULL;

	for (size_t i = 0; i < profile->n_targets; i++) {
		int r = add_target(&log, &profile->targets[i]);

		if (r)
			return r;
	}
	root = json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:[{s:b, s:o}], s:s, s:O}]}", "$schema",
		LC_SARIF_SCHEMA, "version", "2.1.0", "runs", "tool", "driver", "name", "leastcap", "version",
		LC_VERSION, "rules", rules_value(&log), "invocations", "executionSuccessful", 1,
		"toolExecutionNotifications", notifications_value(profile), "columnKind", "unicodeCodePoints",
		"results", results);
	return lc_json_render(root, out);
}

const struct lc_report_format lc_report_sarif = {
	.name = "sarif",
	.description = "what is held beyond need, for code scanning (SARIF 2.1.0)",
	.render = render,
};
