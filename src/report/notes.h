/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the text report says besides its answer and its table. */
#ifndef LEASTCAP_REPORT_NOTES_H
#define LEASTCAP_REPORT_NOTES_H

#include <leastcap/model.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

/* Enough of a hash, with "sha256:" where that is before it, to tell one from another. */
#define LC_DIGEST_WIDTH 20

/* Appends what somebody who takes the list as it is has to know. */
void lc_report_add_notes(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target);

/* Appends the line above the answer that says that it is proven; nothing where it is not. */
void lc_report_add_proof_head(struct lc_strbuf *out, const struct lc_target *target);

/* Appends with which patch PROOF was made, as a part of a sentence; nothing where with none. */
void lc_report_add_patch(struct lc_strbuf *out, const struct lc_proof *proof);

/* Appends what the trials have shown: the test, what it passed without, and why each entry stays. */
void lc_report_add_trials(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target);

/* Appends what trials without CAP have shown; nothing where none was made. */
void lc_report_add_trial(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target, int cap);

/* Appends the advice, a paragraph for each capability; nothing when there is none. */
void lc_report_add_advice(struct lc_strbuf *out, const struct lc_style *style, const struct lc_target *target);

#endif
