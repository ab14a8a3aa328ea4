/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the text report says of an audit. */
#ifndef LEASTCAP_REPORT_AUDIT_H
#define LEASTCAP_REPORT_AUDIT_H

#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

/* Appends how many targets there are and how long they were watched. Nothing when PROFILE is no audit's. */
void lc_report_add_audit_head(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile);

/* Whether PROFILE is an audit's that is shown as a table. */
bool lc_report_is_audit_table(const struct lc_style *style, const struct lc_profile *profile);

/* Appends the table of PROFILE's targets, a line for each. */
void lc_report_add_audit_table(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile);

/* Appends what TARGET is called, with its pod: "default/web-0/nginx"; escaped for terminals. */
void lc_report_add_audited_name(struct lc_strbuf *out, const struct lc_target *target);

/* Appends what HAZARD is in a word or two ("docker.sock"); escaped for terminals. */
void lc_report_add_hazard_brief(struct lc_strbuf *out, const struct lc_hazard *hazard);

/* Appends what HAZARD is and where: "/run/docker.sock at /var/run/docker.sock"; escaped for terminals. */
void lc_report_add_hazard_name(struct lc_strbuf *out, const struct lc_hazard *hazard);

/* Appends TARGET's rating, what its first process holds, and how it was configured. */
void lc_report_add_audit(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile,
	const struct lc_target *target);

#endif
