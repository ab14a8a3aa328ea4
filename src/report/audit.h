/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the text report says of an audit. */
#ifndef LEASTCAP_REPORT_AUDIT_H
#define LEASTCAP_REPORT_AUDIT_H

#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

/* Appends how many targets there are and how long they were watched. Nothing when PROFILE is no audit's. */
void lc_report_add_audit_head(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile);

/* Appends TARGET's rating, what its first process holds, and how it was configured. */
void lc_report_add_audit(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile,
	const struct lc_target *target);

#endif
