/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Printing a report to the terminal, a pipe or a file. */
#ifndef LEASTCAP_CLI_OUTPUT_H
#define LEASTCAP_CLI_OUTPUT_H

#include <leastcap/profile.h>
#include <leastcap/report.h>

#include <stdbool.h>

/*
 * Renders PROFILE in FORMAT to PATH (NULL: standard output), in colour on a terminal without NO_COLOR. Says what failed.
 * 0 or -errno.
 */
int output_report(
	const struct lc_profile *profile, const struct lc_report_format *format, const char *path, bool verbose);

#endif
