/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What several report formats say in the same words. */
#ifndef LEASTCAP_REPORT_PARTS_H
#define LEASTCAP_REPORT_PARTS_H

#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

/* The report of a profile without targets. */
const char *lc_report_nothing(const struct lc_profile *profile);

/* lc_report_add_lost_of for all of PROFILE's targets. */
void lc_report_add_lost(struct lc_strbuf *out, const struct lc_profile *profile);

/* Appends where the lists of PROFILE are from that were not recorded, and what is not known of them; escaped for terminals and comments. */
void lc_report_add_origin(struct lc_strbuf *out, const struct lc_profile *profile);

/* A sentence on the refused calls that PROFILE's recording, or one of those united in it, did not look at; NULL: it looked at all. */
const char *lc_report_not_looked_at(const struct lc_profile *profile);

/* "--cap-drop=ALL --cap-add=CHOWN …" for the capabilities in MASK. */
void lc_report_add_options(struct lc_strbuf *out, uint64_t mask);

/* The same, with "CAP_" before each name if PREFIX. */
void lc_report_add_spelled_options(struct lc_strbuf *out, uint64_t mask, bool prefix);

/*
 * Appends a sentence on an empty list, and on calls that were refused, for a report that lists them below. Appends nothing where TARGET's list is
 * not empty and nothing was refused.
 */
void lc_report_add_need(struct lc_strbuf *out, const struct lc_target *target);

/*
 * Appends that TARGET runs in a kernel of its own, so that nothing is known of what it needs; escaped for terminals and comments. Nothing where it
 * does not. Formats have no list for it.
 */
void lc_report_add_sandbox(struct lc_strbuf *out, const struct lc_target *target);

/*
 * Appends what of TARGET's list nothing but its start needs: "only at the start (until it accepted its first connection, after 0.8 s): CHOWN, …". Nothing
 * where there is none, or that is not known.
 */
void lc_report_add_start_only(struct lc_strbuf *out, const struct lc_target *target);

/* Whether NAME (NULL: no) can be typed in a shell as it is, and is no option. */
bool lc_report_is_plain(const char *name);

/* lc_report_add_label; and where another of PROFILE's targets is called the same, " in namespace/pod" or the beginning of its id. */
void lc_report_add_label_among(struct lc_strbuf *out, const struct lc_target *target, const struct lc_profile *profile);

/* Appends why NET_BIND_SERVICE is on TARGET's list though nobody was asked for it. Nothing where lc_report_grant_ports has not put it there. */
void lc_report_add_port(struct lc_strbuf *out, const struct lc_target *target);

/* Appends in which times of life CHECK was made: "at the start, while serving". Nothing where that is not known. */
void lc_report_add_times(struct lc_strbuf *out, const struct lc_check *check);

/* Appends that TARGET, a container, was started again and again. Nothing where it was not. */
void lc_report_add_crash_loop(struct lc_strbuf *out, const struct lc_target *target);

/* Appends what is known of TARGET's life: how often it was started, and how long its times lasted. Nothing where its beginning was not seen. */
void lc_report_add_life(struct lc_strbuf *out, const struct lc_target *target);

/*
 * Appends what TARGET was not asked for while it was recorded, so that its list says nothing of it: "not seen: a connection to port 443; HUP, which
 * it handles; a second start, with the data of the first". Nothing where there is nothing to say.
 */
void lc_report_add_unseen(struct lc_strbuf *out, const struct lc_target *target);

/*
 * What to try next, where TARGET was refused something: the list, and what would have let the refused calls through. Where nothing is known
 * to have, what its programs may have looked for by themselves.
 */
uint64_t lc_report_next(const struct lc_target *target);

/*
 * Appends what CAP opens in the filter of system calls of TARGET's engine: "by SYS_NICE the engine's filter lets through get_mempolicy, mbind, …",
 * at most so many names as MOST. Nothing where it opens nothing, or no filter was in force.
 */
void lc_report_add_opened(struct lc_strbuf *out, const struct lc_target *target, int cap, size_t most);

/* What whoever takes the list of TARGET has to know if it ran with --privileged; NULL if it did not. */
const char *lc_report_privileged(const struct lc_target *target);

/*
 * Appends a sentence, escaped for terminals and comments, on what TARGET's cgroup claims to be and no engine confirms, or on the user
 * who chose its name. Appends nothing of a target that is what it is called.
 */
void lc_report_add_claim(struct lc_strbuf *out, const struct lc_target *target);

/*
 * What lc_report_add_claim, lc_report_add_user, lc_report_add_verify and lc_report_add_refusals say of TARGET: comments, each on a line after
 * INDENT.
 */
void lc_report_add_comments(struct lc_strbuf *out, const char *indent, const struct lc_target *target);

/*
 * The same for a consumer whose setting GRANTING ("capabilities.add") grants capabilities. NULL for one that grants them to every user:
 * nothing is said about the user then.
 */
void lc_report_add_comments_on(
	struct lc_strbuf *out, const char *indent, const struct lc_target *target, const char *granting);

/*
 * Appends what programs usually want after what TARGET is to try next, marked as a guess; or that this is itself a guess. Nothing where
 * nothing usually follows.
 */
void lc_report_add_likely(struct lc_strbuf *out, const struct lc_target *target);

/* Appends a comment after INDENT: what to know about SETTING, which sets no_new_privs, where a target changes users. */
void lc_report_add_lock_comment(struct lc_strbuf *out, const char *indent, const char *setting);

/* TARGET's label as a comment. */
void lc_report_add_heading(struct lc_strbuf *out, const char *indent, const struct lc_target *target);

/*
 * Appends what of TARGET was not recorded, so that its list may lack something or that it has none: what lc_report_add_seen says, or that it runs in a
 * kernel of its own. Nothing where all was.
 */
void lc_report_add_missing(struct lc_strbuf *out, const struct lc_target *target);

/* Appends TEXT as a key of YAML: as it is where it is a plain word, else quoted. */
void lc_report_add_key(struct lc_strbuf *out, const char *text);

/* Appends comments where checks were lost, a part of a target's life was not seen, or it has no list. */
void lc_report_add_losses(struct lc_strbuf *out, const struct lc_profile *profile);

/* The same, and a comment where nothing was recorded. */
void lc_report_add_notices(struct lc_strbuf *out, const struct lc_profile *profile);

#endif
