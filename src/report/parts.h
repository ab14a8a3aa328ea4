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

/* "--cap-drop=ALL --cap-add=CHOWN …" for the capabilities in MASK. */
void lc_report_add_options(struct lc_strbuf *out, uint64_t mask);

/* The same, with "CAP_" before each name if PREFIX. */
void lc_report_add_spelled_options(struct lc_strbuf *out, uint64_t mask, bool prefix);

/* What is said of an empty list; NULL where TARGET's is not empty. */
const char *lc_report_empty_list(const struct lc_target *target);

/* What whoever takes the list of a target that ran with --privileged has to know. */
extern const char lc_report_privileged[];

/*
 * Appends a sentence, escaped for terminals and comments, on what TARGET's cgroup claims to be and no engine confirms, or on the user
 * who chose its name. Appends nothing of a target that is what it is called.
 */
void lc_report_add_claim(struct lc_strbuf *out, const struct lc_target *target);

/* What lc_report_add_claim, lc_report_add_user and lc_report_add_verify say of TARGET: comments, each on a line after INDENT. */
void lc_report_add_comments(struct lc_strbuf *out, const char *indent, const struct lc_target *target);

/*
 * The same for a consumer whose setting GRANTING ("capabilities.add") grants capabilities. NULL for one that grants them to every user:
 * nothing is said about the user then.
 */
void lc_report_add_comments_on(
	struct lc_strbuf *out, const char *indent, const struct lc_target *target, const char *granting);

/* Appends a comment after INDENT: what to know about SETTING, which sets no_new_privs, where a target changes users. */
void lc_report_add_lock_comment(struct lc_strbuf *out, const char *indent, const char *setting);

/* TARGET's label as a comment. */
void lc_report_add_heading(struct lc_strbuf *out, const char *indent, const struct lc_target *target);

/* Appends comments where checks were lost, or nothing was recorded. */
void lc_report_add_notices(struct lc_strbuf *out, const struct lc_profile *profile);

#endif
