/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reports: a profile in the form that a person or a program takes. */
#ifndef LEASTCAP_REPORT_H
#define LEASTCAP_REPORT_H

#include <leastcap/diff.h>
#include <leastcap/model.h>
#include <leastcap/strbuf.h>
#include <leastcap/style.h>

#include <stdbool.h>

/* One output format. */
struct lc_report_format {
	const char *name;        /* as given to -f */
	const char *description; /* one line for -f list */
	bool either_spelling;    /* its consumer takes capabilities with and without "CAP_" */
	bool other_engine;       /* its consumer may ask for ports below 1024: lc_report_grant_ports */
	bool only_list; /* it prints the list and comments on it, so that another list can stand in its place */
	/* Appends PROFILE's report to OUT. 0 or -errno. */
	int (*render)(const struct lc_profile *profile, const struct lc_style *style, struct lc_strbuf *out);
};

/*
 * Appends what is missing from PROFILE ("INCOMPLETE: …", by target and by what was full) and what has less detail than was known
 * ("CUT: …"), without a line break, escaped for terminals and comments. It is about the targets for which MEANT is true (see
 * lc_profile_lost). Where WHICH is not NULL, it says "in the WHICH profile". Appends nothing where nothing is missing.
 */
void lc_report_add_lost_of(
	struct lc_strbuf *out, const struct lc_profile *profile, const bool *meant, const char *which);

/*
 * Appends how much of TARGET's life its recording did not see, so that its list may lack something, and what to do: "web: seen from 14:02 UTC on, started
 * 2 days before: …"; escaped for terminals and comments. Nothing where all was seen, or that is not known, or an audit says it for all.
 */
void lc_report_add_seen(struct lc_strbuf *out, const struct lc_target *target);

/* The same after "old profile: ", WHICH being "old". */
void lc_report_add_seen_in(struct lc_strbuf *out, const struct lc_target *target, const char *which);

/* Appends "name (image)", or "name (service)" for what is no container; escaped for terminals and comments. */
void lc_report_add_label(struct lc_strbuf *out, const struct lc_target *target);

/* Appends "/usr/sbin/nginx chown /var/lib/nginx → EPERM", escaped for terminals; "?" when nothing is known of CHECK. */
void lc_report_add_caller(struct lc_strbuf *out, const struct lc_check *check);

/* The same of a refused call: "/bin/mount mount /mnt → EPERM". */
void lc_report_add_failed_call(struct lc_strbuf *out, const struct lc_failure *failure);

/*
 * The most frequent refused call of TARGET that CAP would have let through, if TARGET wants CAP and no denied check says why. NULL if it does not,
 * or if one does.
 */
const struct lc_failure *lc_report_refusal(const struct lc_target *target, int cap);

/*
 * Appends what asked for CAP of TARGET, or the call that it would have let through, and why: "/usr/sbin/nginx setuid uid 33 (…)". Escaped for
 * terminals. Nothing where nothing is known.
 */
void lc_report_add_reason(struct lc_strbuf *out, const struct lc_target *target, int cap);

/*
 * Appends how TARGET, which does not run as root, gets what is on its list, because --cap-add alone does not give it: one line,
 * escaped for terminals and comments. Appends nothing where TARGET runs as root or its list is empty.
 */
void lc_report_add_user(struct lc_strbuf *out, const struct lc_target *target);

/* Appends "AUDIT_WRITE may be survivable: verify by a run without it", or nothing where nothing is to be verified. */
void lc_report_add_verify(struct lc_strbuf *out, const struct lc_target *target);

/*
 * Appends that TARGET's list is proven: "proven in 6 runs by docker 20.10.24 on 2026-11-30", and what of it was not tried. Escaped for terminals and
 * comments. Nothing where it is not.
 */
void lc_report_add_proof(struct lc_strbuf *out, const struct lc_target *target);

/*
 * Appends that calls of TARGET were refused, and what to add to try again, in a sentence without its end, for what has no room for the calls
 * themselves. Appends nothing where nothing was refused that programs do not get over.
 */
void lc_report_add_refusals(struct lc_strbuf *out, const struct lc_target *target);

/*
 * Puts what to try next in the place of the list of each of PROFILE's targets, for the formats that print nothing but lists. Their comments say
 * what is there only to be tried.
 */
void lc_report_try_next(struct lc_profile *profile);

/*
 * Adds NET_BIND_SERVICE to the list of each of PROFILE's targets that listens at a port below 1024 for which nobody was asked, for the formats with OTHER_ENGINE. Their
 * comments say why it is there.
 */
void lc_report_grant_ports(struct lc_profile *profile);

/*
 * Sets *MISSED to the first of PATHS (ended by NULL) that is for a container, "CONTAINER=PLACE" or "WORKLOAD/CONTAINER=PLACE", of which PROFILE has none; NULL:
 * there is none such. 0, or -ENOMEM.
 */
int lc_report_helm_misses(const struct lc_profile *profile, const char *const *paths, const char **missed);

/* Every format, ended by NULL. */
const struct lc_report_format *const *lc_report_formats(void);

/* The format called NAME, or NULL. */
const struct lc_report_format *lc_report_find(const char *name);

/* Appends DIFF as text for a person; nothing where nothing differs. 0 or -ENOMEM. */
int lc_diff_text(const struct lc_diff *diff, const struct lc_style *style, struct lc_strbuf *out);

/* Appends DIFF as JSON, schema leastcap-diff/1. 0 or -ENOMEM. */
int lc_diff_json(const struct lc_diff *diff, struct lc_strbuf *out);

#endif
