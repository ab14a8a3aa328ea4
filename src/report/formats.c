/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of report formats. */
#include "parts.h"

#include <leastcap/report.h>

#include <string.h>

static const struct lc_report_format formats[] = {
	{"text", "for people: the answer, what asked for each capability, and what was left out", lc_report_text},
	{"docker", "options for docker run and podman run, one line per container", lc_report_docker},
	{"compose", "an override file for docker compose -f compose.yaml -f FILE", lc_report_compose},
	{"json", "the whole profile, for programs", lc_report_json},
	{NULL, NULL, NULL},
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
