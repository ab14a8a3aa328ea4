/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What several report formats say in the same words. */
#ifndef LEASTCAP_REPORT_PARTS_H
#define LEASTCAP_REPORT_PARTS_H

#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

/* The report of a profile without targets. */
extern const char lc_report_nothing[];

/* lc_report_add_lost_of for all of PROFILE's targets. */
void lc_report_add_lost(struct lc_strbuf *out, const struct lc_profile *profile);

/* "name (image)", or "name (service)" for what is no container; escaped for terminals and comments. */
void lc_report_add_label(struct lc_strbuf *out, const struct lc_target *target);

/* "--cap-drop=ALL --cap-add=CHOWN …" for the capabilities in MASK. */
void lc_report_add_options(struct lc_strbuf *out, uint64_t mask);

/* The same, each name with "CAP_" before it where PREFIX says so. */
void lc_report_add_spelled_options(struct lc_strbuf *out, uint64_t mask, bool prefix);

/* What is to be said of an empty list; NULL where there is something on it. */
const char *lc_report_empty_list(const struct lc_target *target);

/* What has to be known to take the list of a target that ran with --privileged. */
extern const char lc_report_privileged[];

/*
 * How a workload that does not run as root gets what is on TARGET's list, which --cap-add alone does not give it: one line,
 * escaped for terminals and comments. Appends nothing where it runs as root or there is nothing on the list.
 */
void lc_report_add_user(struct lc_strbuf *out, const struct lc_target *target);

/*
 * What TARGET's cgroup claims to be and is not, or whose word its name is: a sentence, escaped for terminals and comments. Appends
 * nothing of a target that is what it is called.
 */
void lc_report_add_claim(struct lc_strbuf *out, const struct lc_target *target);

/* "AUDIT_WRITE may be survivable: verify by a run without it". Appends nothing where nothing is to be verified. */
void lc_report_add_verify(struct lc_strbuf *out, const struct lc_target *target);

/* All of them as comments, each on a line of its own after INDENT. */
void lc_report_add_comments(struct lc_strbuf *out, const char *indent, const struct lc_target *target);

/*
 * The same for a consumer that grants by what is called GRANTING ("capabilities.add"); NULL for one that gives what it grants to
 * every user: there is nothing to say about the user then.
 */
void lc_report_add_comments_on(
	struct lc_strbuf *out, const char *indent, const struct lc_target *target, const char *granting);

/* What to know about SETTING, which sets no_new_privs, where a target changes users: a comment after INDENT. */
void lc_report_add_lock_comment(struct lc_strbuf *out, const char *indent, const char *setting);

/* TARGET's label as a comment. */
void lc_report_add_heading(struct lc_strbuf *out, const char *indent, const struct lc_target *target);

/* As comments: that checks were lost, that nothing was recorded. */
void lc_report_add_notices(struct lc_strbuf *out, const struct lc_profile *profile);

/* The renderers; struct lc_report_format says what they do. */
int lc_report_text(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_docker(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_compose(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_podman(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_nerdctl(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_kubernetes(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_quadlet(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_systemd(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_oci(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_markdown(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_sarif(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_html(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
int lc_report_json(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);

#endif
