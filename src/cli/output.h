/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Printing a report to the terminal, a pipe or a file. */
#ifndef LEASTCAP_CLI_OUTPUT_H
#define LEASTCAP_CLI_OUTPUT_H

#include <leastcap/profile.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stdio.h>

/* How output looks on STREAM: https://no-color.org, and 80 columns wherever nobody knows better. */
struct lc_report_style output_style(FILE *stream, bool verbose);

/* The format called NAME, or the end of the program: LC_EXIT_OK after having listed them all for "list", else LC_EXIT_USAGE. */
const struct lc_report_format *output_parse_format(const char *name);

/* Ends the program with LC_EXIT_USAGE where FORMAT tells what PROFILE's targets need and nobody watched what they use. */
void output_check_watched(const struct lc_profile *profile, const struct lc_report_format *format);

/* Writes TEXT to standard output. Says what failed. 0 or -errno. */
int output_text(const struct lc_strbuf *text);

/* The same to PATH (NULL: standard output). */
int output_text_to(const struct lc_strbuf *text, const char *path);

enum { OUTPUT_VERBOSE = 1, OUTPUT_CAP_PREFIX = 2 };

/*
 * Renders PROFILE in FORMAT, with FLAGS (OUTPUT_…), to PATH (NULL: standard output), in colour on a terminal without NO_COLOR. Says what failed.
 * 0 or -errno.
 */
int output_report(
	const struct lc_profile *profile, const struct lc_report_format *format, const char *path, unsigned int flags);

#endif
