/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What each capability is, in words. */
#ifndef LEASTCAP_EXPLAIN_H
#define LEASTCAP_EXPLAIN_H

#define LC_EXPLAIN_CAPS 41

/* One capability explained, from capabilities(7) and the kernel's sources. Nothing is NULL. */
struct lc_explanation {
	const char *meaning; /* in a line */
	const char *allows;
	const char *danger;
	const char *instead; /* what else may do */
	const char *asked_by;
};

/* The explanation of CAP. NULL when CAP is newer than the table. */
const struct lc_explanation *lc_explain(int cap);

#endif
