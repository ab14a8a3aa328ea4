/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The report formats, in the order in which they are listed. Each describes itself in a file of its name, or in run_options.c or labels.c. */
#include <leastcap/report.h>

#include <string.h>

extern const struct lc_report_format lc_report_text, lc_report_docker, lc_report_podman, lc_report_nerdctl,
	lc_report_compose, lc_report_dockerfile, lc_report_label, lc_report_kubernetes, lc_report_kustomize,
	lc_report_helm, lc_report_vap, lc_report_kyverno, lc_report_quadlet, lc_report_systemd, lc_report_filecap,
	lc_report_ambient_caps, lc_report_oci, lc_report_markdown, lc_report_sarif, lc_report_html, lc_report_json;

static const struct lc_report_format *const formats[] = {
	&lc_report_text,
	&lc_report_docker,
	&lc_report_podman,
	&lc_report_nerdctl,
	&lc_report_compose,
	&lc_report_kubernetes,
	&lc_report_kustomize,
	&lc_report_helm,
	&lc_report_vap,
	&lc_report_kyverno,
	&lc_report_quadlet,
	&lc_report_systemd,
	&lc_report_oci,
	&lc_report_dockerfile,
	&lc_report_label,
	&lc_report_filecap,
	&lc_report_ambient_caps,
	&lc_report_markdown,
	&lc_report_sarif,
	&lc_report_html,
	&lc_report_json,
	NULL,
};

const struct lc_report_format *const *lc_report_formats(void)
{
	return formats;
}

const struct lc_report_format *lc_report_find(const char *name)
{
	for (const struct lc_report_format *const *format = formats; *format; format++) {
		if (strcmp((*format)->name, name) == 0)
			return *format;
	}
	return NULL;
}
