/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Printing a report to the terminal, a pipe or a file. */
#include "src/cli/output.h"

#include <leastcap/cleanup.h>
#include <leastcap/log.h>

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

/* How reports look on STREAM: https://no-color.org, and 80 columns wherever nobody knows better. */
static struct lc_report_style style_for(FILE *stream, bool verbose)
{
	const char *no_color = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");
	bool is_terminal = isatty(fileno(stream));
	struct lc_report_style style = {.columns = 80, .verbose = verbose};
	struct winsize size;

	style.color = is_terminal && !(no_color && *no_color) && !(terminal && !strcmp(terminal, "dumb"));
	if (is_terminal && !ioctl(fileno(stream), TIOCGWINSZ, &size) && size.ws_col >= 40)
		style.columns = size.ws_col;
	return style;
}

int output_report(
	const struct lc_profile *profile, const struct lc_report_format *format, const char *path, bool verbose)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	FILE *stream = path ? fopen(path, "we") : stdout;
	struct lc_report_style style;
	int r = 0;

	if (!stream) {
		r = -errno;
		lc_log(&log, LC_LOG_ERROR, "%s: %s", path, strerror(-r));
		return r;
	}
	style = style_for(stream, verbose);
	r = format->render(profile, &style, &text);
	if (!r && text.failed)
		r = -ENOMEM;
	if (!r && text.length && fwrite(text.text, 1, text.length, stream) != text.length)
		r = -errno;
	if ((path ? fclose(stream) : fflush(stream)) && !r)
		r = -errno;
	/* A reader that has seen enough (| head) is no failure worth a line. */
	if (r && r != -EPIPE)
		lc_log(&log, LC_LOG_ERROR, "%s: %s", path ? path : "standard output", strerror(-r));
	return r;
}
