/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A SARIF log: its rules, its results and where they are, as code scanning wants them. */
#include "json_parts.h"
#include "parts.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/explain.h>
#include <leastcap/facts.h>
#include <leastcap/json.h>
#include <leastcap/path.h>
#include <leastcap/sarif.h>

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LC_SARIF_SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
#define LC_SARIF_MANUAL "https://man7.org/linux/man-pages/man7/capabilities.7.html"

/* The ids of the rules that are no capability's. */
static const char *const rule_ids[LC_SARIF_RULES] = {
	[LC_SARIF_PRIVILEGED] = "PRIVILEGED",
	[LC_SARIF_BEYOND_NEED] = "BEYOND_NEED",
	[LC_SARIF_UNKNOWN] = "UNKNOWN",
	[LC_SARIF_PARTIAL] = "PARTIAL",
	[LC_SARIF_UNPROVEN] = "UNPROVEN",
	[LC_SARIF_UNTOLD] = "UNTOLD",
	[LC_SARIF_STALE] = "STALE",
	[LC_SARIF_HOST_OPEN] = "HOST_OPEN",
};

static const struct lc_explanation others[] = {
	[LC_SARIF_PRIVILEGED - 64] =
		{
			.meaning = "a container without walls",
			.allows =
				"--privileged grants every capability and all devices, and takes seccomp and AppArmor away.",
			.danger = "Root in the container is root on the host.",
			.instead = "Drop all capabilities, add those on the list, and give devices with --device.",
			.asked_by = "containers that run containers, and whatever once did not work.",
		},
	[LC_SARIF_BEYOND_NEED - 64] =
		{
			.meaning = "capabilities that nothing needed",
			.allows = "The message names what the container holds, and did not use while it was recorded.",
			.danger = "Whoever takes the container over has them.",
			.instead = "Drop all capabilities and add those on the list.",
			.asked_by = "nothing; an engine grants them by default.",
		},
	[LC_SARIF_UNKNOWN - 64] =
		{
			.meaning = "a container that the file does not know",
			.allows = "Nothing says what it may hold.",
			.danger = "What it holds is nobody's decision.",
			.instead = "Give it an entry in the file, or check with --ignore-unknown.",
			.asked_by = "containers that tests start beside those of the file.",
		},
	[LC_SARIF_PARTIAL - 64] =
		{
			.meaning = "a container whose life was recorded in part",
			.allows = "It ran before the recording, or the recording ended while it was starting.",
			.danger = "What its start needs may be missing from the list.",
			.instead = "Start it while it is recorded, or check with --allow-partial.",
			.asked_by = "containers that tests find running.",
		},
	[LC_SARIF_UNPROVEN - 64] =
		{
			.meaning = "a list that no trial has proven",
			.allows = "The list rests on what was recorded.",
			.danger = "It may have more than the program could do without.",
			.instead = "Prove it: leastcap prove.",
			.asked_by = "--require-proof.",
		},
	[LC_SARIF_UNTOLD - 64] =
		{
			.meaning = "values that the file alone does not tell",
			.allows = "Variables and templates are filled in elsewhere, so that they may grant anything.",
			.danger = "The check can't see what they grant.",
			.instead = "Write what decides about capabilities as it is meant.",
			.asked_by = "--strict.",
		},
	[LC_SARIF_STALE - 64] =
		{
			.meaning = "accepted, and no longer needed",
			.allows = "The baseline accepts a capability that nothing needed.",
			.danger = "What comes to need it is accepted unseen.",
			.instead = "Take the entry out of the baseline.",
			.asked_by = "--strict.",
		},
	[LC_SARIF_HOST_OPEN - 64] =
		{
			.meaning = "something of the host's that is open to a container",
			.allows =
				"A mounted socket or directory, a namespace or a device of the host's does what capabilities would be needed for.",
			.danger = "The message says what whoever takes the container over has of the host.",
			.instead = "Give the container only what of it it needs, read-only where it only reads.",
			.asked_by = "containers that look after a host or an engine: monitoring, deployment, proxies.",
		},
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

/* "CAP_SYS_ADMIN" */
static json_t *rule_id(int rule)
{
	struct lc_strbuf id = {0};

	if (rule_ids[rule])
		return json_string(rule_ids[rule]);
	lc_cap_add_list(&id, LC_CAP_BIT(rule), "", "", true);
	return lc_json_taken(&id);
}

/* With a backslash before square brackets (SARIF 2.1.0, 3.11.6). */
void lc_sarif_add_text(struct lc_strbuf *out, const char *text)
{
	for (; text && *text; text++) {
		if (strchr("[]\\", *text))
			lc_strbuf_adds(out, "\\");
		lc_strbuf_add(out, text, 1);
	}
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

/* Appends TEXT as a relative reference (RFC 3986). A slash at its beginning is no root. */
static void add_reference(struct lc_strbuf *out, const char *text)
{
	for (const char *c = text; c && *c; c++) {
		if (isascii((unsigned char)*c) &&
			(isalnum((unsigned char)*c) || strchr("-._~", *c) || (*c == '/' && c != text)))
			lc_strbuf_add(out, c, 1);
		else
			lc_strbuf_addf(out, "%%%02X", (unsigned char)*c);
	}
}

/* The file at PATH as code scanning looks it up: from the root of its repository, else from here. */
static void add_file(struct lc_strbuf *out, const char *path)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf file = {0};
	bool absolute = lc_path_add_in_repository(&file, path);

	out->failed |= file.failed;
	lc_strbuf_adds(out, absolute ? "file:///" : "");
	add_reference(out, absolute && file.text ? file.text + 1 : file.text);
}

static json_t *uri_value(const struct lc_sarif_alert *alert)
{
	const struct lc_target *target = alert->target;
	struct lc_strbuf uri = {0};

	if (alert->place.path)
		add_file(&uri, alert->place.path);
	else if (target)
		add_reference(&uri, target->image && *target->image ? target->image : target->name);
	lc_strbuf_adds(&uri, uri.length ? NULL : "unnamed");
	return lc_json_taken(&uri);
}

/* What ALERT is about, by its whole name. */
static json_t *logical_value(const struct lc_sarif_alert *alert)
{
	struct lc_strbuf qualified = {0};

	if (!alert->target)
		return json_pack("{s:o, s:s}", "name", lc_json_text(alert->entry), "kind", "resource");
	add_qualified_name(&qualified, alert->target);
	return json_pack("{s:o, s:o, s:s}", "name", lc_json_text(alert->target->name), "fullyQualifiedName",
		lc_json_taken(&qualified), "kind", lc_target_kind_name(alert->target->kind));
}

static json_t *location_value(const struct lc_sarif_alert *alert)
{
	size_t line = alert->place.line ? alert->place.line : 1;
	json_t *physical = json_pack("{s:{s:o}, s:{s:I}}", "artifactLocation", "uri", uri_value(alert), "region",
		"startLine", (json_int_t)line);

	if (!alert->target && !alert->entry)
		return json_pack("{s:o}", "physicalLocation", physical);
	return json_pack("{s:o, s:[o]}", "physicalLocation", physical, "logicalLocations", logical_value(alert));
}

/* What was found where, in words that are the same in every run: a service's containers have the service's. */
static json_t *fingerprint_value(const struct lc_sarif_alert *alert)
{
	struct lc_strbuf print = {0};

	if (alert->entry)
		lc_strbuf_adds(&print, alert->entry);
	else if (alert->target)
		add_qualified_name(&print, alert->target);
	lc_strbuf_addf(&print, ":%s", alert->finding);
	if (alert->rule < LC_SARIF_PRIVILEGED)
		lc_cap_add_list(&print, LC_CAP_BIT(alert->rule), ":", "", true);
	return lc_json_taken(&print);
}

/* SARIF 2.1.0, 3.27.23: an empty list says that it is not suppressed; either all results have a list or none. */
static json_t *suppressions_value(const struct lc_sarif_alert *alert)
{
	if (!alert->accepted)
		return json_array();
	return json_pack("[{s:s, s:s, s:o}]", "kind", "external", "status", "accepted", "justification",
		lc_json_text(alert->accepted));
}

int lc_sarif_add(struct lc_sarif *sarif, const struct lc_sarif_alert *alert, struct lc_strbuf *message)
{
	json_t *result = json_pack("{s:o, s:s, s:{s:o}, s:[o], s:{s:o}}", "ruleId", rule_id(alert->rule), "level",
		alert->level, "message", "text", lc_json_taken(message), "locations", location_value(alert),
		"partialFingerprints", "leastcapFinding/v1", fingerprint_value(alert));

	if (sarif->has_baseline && lc_json_set(result, "suppressions", suppressions_value(alert))) {
		json_decref(result);
		return -ENOMEM;
	}
	if (!sarif->results)
		sarif->results = json_array();
	sarif->used[alert->rule] = true;
	return json_array_append_new(sarif->results, result) ? -ENOMEM : 0;
}

static json_t *rule_value(int rule)
{
	const struct lc_explanation *about = rule < LC_SARIF_PRIVILEGED ? lc_explain(rule) : &others[rule - 64];
	bool dangerous = rule == LC_SARIF_PRIVILEGED || lc_danger_find(rule);
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

static json_t *rules_value(const struct lc_sarif *sarif)
{
	_cleanup_json_ json_t *rules = json_array();

	for (int rule = 0; rules && rule < LC_SARIF_RULES; rule++) {
		if (sarif->used[rule] && json_array_append_new(rules, rule_value(rule)))
			return NULL;
	}
	return json_incref(rules);
}

static int add_notification(json_t *notifications, const char *level, json_t *text)
{
	return json_array_append_new(
		notifications, json_pack("{s:s, s:{s:o}}", "level", level, "message", "text", text));
}

/* That calls of TARGET were refused is no finding of its own; what is known of its need ends there. */
static int add_refusals(json_t *notifications, const struct lc_target *target)
{
	struct lc_strbuf text = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf refusals = {0};

	lc_report_add_refusals(&refusals, target);
	if (!refusals.length && !refusals.failed)
		return 0;
	lc_report_add_label(&text, target);
	lc_strbuf_addf(&text, ": %s", refusals.text ? refusals.text : "");
	text.failed |= refusals.failed;
	return add_notification(notifications, "note", lc_json_taken(&text));
}

/* What code scanning shows about the run itself. */
static json_t *notifications_value(const struct lc_profile *profile)
{
	_cleanup_json_ json_t *notices = lc_json_notices(profile);
	_cleanup_json_ json_t *notifications = json_array();
	size_t index;
	json_t *notice;

	if (!notices || !notifications)
		return NULL;
	json_array_foreach(notices, index, notice)
	{
		if (add_notification(notifications, "warning", json_incref(notice)))
			return NULL;
	}
	for (size_t i = 0; i < profile->n_targets; i++) {
		if (add_refusals(notifications, &profile->targets[i]))
			return NULL;
	}
	return json_incref(notifications);
}

int lc_sarif_render(const struct lc_sarif *sarif, const struct lc_profile *profile, struct lc_strbuf *out)
{
	_cleanup_json_ json_t *none = sarif->results ? NULL : json_array();
	_cleanup_json_ json_t *root = json_pack("{s:s, s:s, s:[{s:{s:{s:s, s:s, s:o}}, s:[{s:b, s:o}], s:s, s:O}]}",
		"$schema", LC_SARIF_SCHEMA, "version", "2.1.0", "runs", "tool", "driver", "name", "leastcap", "version",
		LC_VERSION, "rules", rules_value(sarif), "invocations", "executionSuccessful", 1,
		"toolExecutionNotifications", notifications_value(profile), "columnKind", "unicodeCodePoints",
		"results", sarif->results ? sarif->results : none);

	return lc_json_render(root, out);
}

void lc_sarif_clear(struct lc_sarif *sarif)
{
	json_decref(sarif->results);
	*sarif = (struct lc_sarif){0};
}
