/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What several report formats say in the same words. */
#ifndef LEASTCAP_REPORT_PARTS_H
#define LEASTCAP_REPORT_PARTS_H

#include <leastcap/profile.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

/* The report of a profile without targets. */
extern const char lc_report_nothing[];

/* The sentence on lost checks ("INCOMPLETE: …"), without a line break. Appends nothing when none were lost. */
void lc_report_add_lost(struct lc_strbuf *out, const struct lc_profile *profile);

/* "name (image)", or "name (service)" for what is no container; escaped for terminals and comments. */
void lc_report_add_label(struct lc_strbuf *out, const struct lc_target *target);

/* "--cap-drop=ALL --cap-add=CHOWN …" for the capabilities in MASK. */
void lc_report_add_options(struct lc_strbuf *out, uint64_t mask);

/*
 * How a workload that does not run as root gets what is on TARGET's list, which --cap-add alone does not give it: one line,
 * escaped for terminals and comments. Appends nothing where it runs as root or there is nothing on the list.
 */
void lc_report_add_user(struct lc_strbuf *out, const struct lc_target *target);

/* "AUDIT_WRITE may be survivable: verify by a run without it". Appends nothing where nothing is to be verified. */
void lc_report_add_verify(struct lc_strbuf *out, const struct lc_target *target);

/* Both of them as comments, each on a line of its own after INDENT. */
void lc_report_add_comments(struct lc_strbuf *out, const char *indent, const struct lc_target *target);

/* The renderers; struct lc_report_format says what they do. */
int lc_report_text(const struct lc_profile *profile, const struct lc_report_style *style, struct lc_strbuf *out);
int lc_report_docker(const struct lc_profile *profile, const struct lc_report_style *style, struct lc_strbuf *out);
int lc_report_compose(const struct lc_profile *profile, const struct lc_report_style *style, struct lc_strbuf *out);
int lc_report_json(const struct lc_profile *profile, const struct lc_report_style *style, struct lc_strbuf *out);

#endif
