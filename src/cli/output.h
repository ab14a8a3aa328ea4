/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Printing a report to the terminal, a pipe or a file. */
#ifndef LEASTCAP_CLI_OUTPUT_H
#define LEASTCAP_CLI_OUTPUT_H

#include <leastcap/log.h>
#include <leastcap/model.h>
#include <leastcap/output_file.h>
#include <leastcap/report.h>
#include <leastcap/strbuf.h>

#include <argp.h>
#include <stdbool.h>
#include <stdio.h>

/* How output looks on STREAM: in colour as lc_color_is_wanted says, and 80 columns wide if nothing else is known. */
struct lc_style lc_output_style(FILE *stream, bool verbose);

/* A format by name. */
struct lc_output_choice {
	const char *name;
	const char *description; /* one line */
};

/*
 * The number of the one of N CHOICES that is called NAME; or the end of the program: LC_EXIT_OK after having listed them all for "list", else
 * LC_EXIT_USAGE with a hint at COMMAND ("leastcap report -f list").
 */
size_t lc_output_choose(const char *name, const struct lc_output_choice *choices, size_t n, const char *command);

/* The format called NAME, or the end of the program: LC_EXIT_OK after having listed them all for "list", else LC_EXIT_USAGE. */
const struct lc_report_format *lc_output_parse_format(const char *name);

/* Ends the program with LC_EXIT_USAGE if FORMAT tells what PROFILE's targets need and nobody watched what they use. */
void lc_output_check_watched(const struct lc_profile *profile, const struct lc_report_format *format);

/* A file that a command is to make: -o and --mode. */
struct lc_output_wanted {
	const char *path; /* NULL: none was asked for */
	mode_t mode;
	bool has_mode;
};

/* Takes -o and --mode into WANTED, or ends the program with LC_EXIT_USAGE. 0, or ARGP_ERR_UNKNOWN for another KEY. */
error_t lc_output_parse(struct lc_output_wanted *wanted, int key, char *argument);

/*
 * Opens what WANTED (whose path is not NULL) asks for before the work begins: see output_file.h. A signal that ends the program
 * removes it, until SIGINT, SIGTERM and SIGHUP are blocked. Says to LOG what failed. An exit status: LC_EXIT_USAGE where what is
 * there is refused. *FILE is unchanged on failure.
 */
int lc_output_open(struct lc_output_file **file, const struct lc_output_wanted *wanted, const struct lc_log *log);

/* Removes what lc_output_open has made and nobody has placed, for who ends the program by _exit(2). Safe in a signal's handler. */
void lc_output_remove_temporary(void);

static inline void lc_cleanup_output(struct lc_output_file *const *file)
{
	lc_output_file_free(*file);
}

/* Says to LOG what is missing from PROFILE, or left out of it, for the targets for which MEANT is true: see lc_profile_lost. */
void lc_output_lost(const struct lc_log *log, const struct lc_profile *profile, const bool *meant);

/* Writes TEXT to standard output. Says what failed. 0 or -errno. */
int lc_output_text(const struct lc_strbuf *text);

/* The same to FILE (NULL: standard output), which is placed then. */
int lc_output_text_to(const struct lc_strbuf *text, struct lc_output_file *file);

enum { LC_OUTPUT_VERBOSE = 1, LC_OUTPUT_CAP_PREFIX = 2, LC_OUTPUT_DETAILS = 4 };

/*
 * Renders PROFILE in FORMAT, with FLAGS (LC_OUTPUT_…), to FILE (NULL: standard output), in colour as lc_color_is_wanted says. Says what failed.
 * 0 or -errno.
 */
int lc_output_report(const struct lc_profile *profile, const struct lc_report_format *format,
	struct lc_output_file *file, unsigned int flags);

/* The same for a chart with such HELM_PATHS as struct lc_style has. */
int lc_output_report_at(const struct lc_profile *profile, const struct lc_report_format *format,
	struct lc_output_file *file, unsigned int flags, const char *const *helm_paths);

#endif
