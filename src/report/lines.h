/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Options for a container engine's run command: per target a comment with its name, and one line to paste. */
#ifndef LEASTCAP_REPORT_LINES_H
#define LEASTCAP_REPORT_LINES_H

#include <leastcap/report.h>

/* A renderer for engines that take docker's options. GRANTING: see lc_report_add_comments_on. */
int lc_report_lines(
	const struct lc_profile *profile, const struct lc_style *style, const char *granting, struct lc_strbuf *out);

#endif
