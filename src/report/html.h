/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parts of the html report. */
#ifndef LEASTCAP_REPORT_HTML_H
#define LEASTCAP_REPORT_HTML_H

#include <leastcap/clock.h>
#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

#include <stddef.h>
#include <stdint.h>

/* The form that filters the page by words and by what the map says. */
void lc_html_add_filter(struct lc_strbuf *out);

/*
 * The table of targets and capabilities, with its legend. Target number N links to the section that lc_html_add_target
 * makes of number N.
 */
void lc_html_add_map(struct lc_strbuf *out, const struct lc_profile *profile);

/* What TARGET was granted and does not need. */
static inline uint64_t lc_html_too_many(const struct lc_target *target)
{
	return (target->granted | target->unused) & ~target->cap_add;
}

/* The section of PROFILE's target NUMBER (the first is 1). CLOSED: the reader opens it. 0 or -errno. */
int lc_html_add_target(struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile,
	size_t number, bool closed);

/* The list of PROFILE's target NUMBER in the formats that take it, folded, for the script's buttons that copy them. 0 or -errno. */
int lc_html_add_formats(
	struct lc_strbuf *out, const struct lc_style *style, const struct lc_profile *profile, size_t number);

/* What an audit made of TARGET; nothing where there was none. */
void lc_html_add_audit(struct lc_strbuf *out, const struct lc_target *target);

/* The table of TARGET's evidence; nothing where there is none to show. 0 or -ENOMEM. */
int lc_html_add_evidence(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target);

/* The time line of TARGET's life; nothing where that is not known. */
void lc_html_add_life(struct lc_strbuf *out, const struct lc_target *target);

/* The table of the calls that TARGET was refused; nothing where there were none. 0 or -ENOMEM. */
int lc_html_add_refused(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target);

/* The target's name, or what stands for it where it has none. */
void lc_html_add_name(struct lc_strbuf *out, const struct lc_target *target);

/* Cells of a table: TEXT; a call and its result ("openat → EACCES"), which may be NULL; a first and a last time. */
void lc_html_add_cell(struct lc_strbuf *out, const char *text);
void lc_html_add_call(struct lc_strbuf *out, const char *syscall, const char *result);
void lc_html_add_times(struct lc_strbuf *out, int64_t first_ns, int64_t last_ns);

/* OBJECT, whose path is known: "at /var/log: www-data:adm 0640"; the path only where it is not ABOUT. */
void lc_html_add_object(struct lc_strbuf *out, const char *about, const struct lc_object *object);

/* NS as "2026-11-22 09:25:57", UTC; nothing when it is unknown. */
void lc_html_add_time(struct lc_strbuf *out, int64_t ns);

#endif
