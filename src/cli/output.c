/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Printing a report to the terminal, a pipe or a file. */
#include "src/cli/output.h"
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/log.h>
#include <leastcap/suggest.h>

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>

struct lc_report_style output_style(FILE *stream, bool verbose)
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

static void list_formats(void)
{
	int width = 0;

	for (const struct lc_report_format *format = lc_report_formats(); format->name; format++)
		width = (int)strlen(format->name) > width ? (int)strlen(format->name) : width;
	for (const struct lc_report_format *format = lc_report_formats(); format->name; format++)
		printf("%-*s  %s\n", width, format->name, format->description);
}

const struct lc_report_format *output_parse_format(const char *name)
{
	const struct lc_report_format *format = lc_report_find(name);
	const char *words[32];
	const char *near;
	size_t n = 0;

	if (!strcmp(name, "list")) {
		list_formats();
		exit(LC_EXIT_OK);
	}
	if (format)
		return format;
	for (format = lc_report_formats(); format->name && n < 32; format++)
		words[n++] = format->name;
	near = lc_suggest(name, words, n);
	if (near)
		cli_usage_error("unknown format '%s'; did you mean '%s'?", name, near);
	cli_usage_error("unknown format '%s'; 'leastcap report -f list' names them", name);
}

/* The formats that tell what targets hold, too; every other one tells only what they need. */
static const char *const factual_formats[] = {"text", "json", "sarif"};

void output_check_watched(const struct lc_profile *profile, const struct lc_report_format *format)
{
	if (!lc_profile_is_unwatched(profile))
		return;
	for (size_t i = 0; i < sizeof(factual_formats) / sizeof(factual_formats[0]); i++) {
		if (!strcmp(format->name, factual_formats[i]))
			return;
	}
	cli_usage_error("-f %s tells what was used, and nobody watched: leastcap audit --for 10m does", format->name);
}

/* Writes TEXT to STREAM, which is PATH (NULL: standard output) and is closed then. R is how it went until here. */
static int finish(FILE *stream, const char *path, const struct lc_strbuf *text, int r)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};

	if (!r && text->failed)
		r = -ENOMEM;
	if (!r && text->length && fwrite(text->text, 1, text->length, stream) != text->length)
		r = -errno;
	if ((path ? fclose(stream) : fflush(stream)) && !r)
		r = -errno;
	/* A reader that has seen enough (| head) is no failure worth a line. */
	if (r && r != -EPIPE)
		lc_log(&log, LC_LOG_ERROR, "%s: %s", path ? path : "standard output", strerror(-r));
	return r;
}

int output_text(const struct lc_strbuf *text)
{
	return finish(stdout, NULL, text, 0);
}

/* The stream for PATH (NULL: standard output), or NULL after saying why not. */
static FILE *open_output(const char *path)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	FILE *stream = path ? fopen(path, "we") : stdout;

	if (!stream)
		lc_log(&log, LC_LOG_ERROR, "%s: %s", path, strerror(errno));
	return stream;
}

int output_text_to(const struct lc_strbuf *text, const char *path)
{
	FILE *stream = open_output(path);

	return stream ? finish(stream, path, text, 0) : -errno;
}

int output_report(
	const struct lc_profile *profile, const struct lc_report_format *format, const char *path, unsigned int flags)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	FILE *stream = open_output(path);
	struct lc_report_style style;
	int r;

	if (!stream)
		return -errno;
	style = output_style(stream, flags & OUTPUT_VERBOSE);
	style.cap_prefix = flags & OUTPUT_CAP_PREFIX;
	r = format->render(profile, &style, &text);
	return finish(stream, path, &text, r);
}
