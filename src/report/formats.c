/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of report formats. */
#include "parts.h"

#include <leastcap/report.h>

#include <string.h>

static const struct lc_report_format formats[] = {
	{"text", "for people: the answer, what asked for each capability, and what was left out", false,
		lc_report_text},
	{"docker", "options for docker run, one line per container", true, lc_report_docker},
	{"podman", "options for podman run, one line per container", true, lc_report_podman},
	{"nerdctl", "options for nerdctl run, one line per container", true, lc_report_nerdctl},
	{"compose", "an override file for docker compose -f compose.yaml -f FILE", true, lc_report_compose},
	{"kubernetes", "securityContext per container, a patch for kubectl patch --patch-file", false,
		lc_report_kubernetes},
	{"quadlet", "drop-ins for Podman's .container files", true, lc_report_quadlet},
	{"systemd", "drop-ins for services", false, lc_report_systemd},
	{"oci", "process.capabilities for a runtime's config.json, by container", false, lc_report_oci},
	{"markdown", "tables for a pull request", false, lc_report_markdown},
	{"sarif", "what is held beyond need, for code scanning (SARIF 2.1.0)", false, lc_report_sarif},
	{"html", "one self-contained page: a map of all targets, then the evidence for each", false, lc_report_html},
	{"json", "the whole profile, for programs", false, lc_report_json},
	{NULL, NULL, false, NULL},
};

const struct lc_report_format *lc_report_formats(void)
{
	return formats;
}

const struct lc_report_format *lc_report_find(const char *name)
{
	for (const struct lc_report_format *format = formats; format->name; format++) {
		if (strcmp(format->name, name) == 0)
			return format;
	}
	return NULL;
}
