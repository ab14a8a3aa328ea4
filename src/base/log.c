/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages for the person at the terminal: each is formatted, escaped and written as one line. */
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/flow.h>
#include <leastcap/log.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* How far the lines after a message's first are indented. */
#define INDENT 4

/* How wide the terminal is that STREAM writes to; 0: it writes to none, or that is not known. */
static size_t terminal_columns(FILE *stream)
{
	struct winsize size;
	int fd = fileno(stream);

	return fd >= 0 && isatty(fd) && !ioctl(fd, TIOCGWINSZ, &size) && size.ws_col >= 40 ? size.ws_col : 0;
}

/* Breaks LINE between words where it does not fit into COLUMNS (0: any). */
static void wrap(struct lc_strbuf *line, size_t columns)
{
	struct lc_strbuf wrapped = {0};
	struct lc_flow flow = {.out = &wrapped, .columns = columns, .indent = INDENT};

	if (!columns || line->failed || lc_flow_width(line->text) <= columns)
		return;
	lc_flow_words(&flow, line->text);
	lc_strbuf_free(line);
	*line = wrapped;
}

void lc_log(const struct lc_log *log, enum lc_log_level level, const char *format, ...)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};
	int saved_errno = errno;
	va_list args;

	if (!log || !log->stream || level > log->threshold)
		return;
	lc_strbuf_adds(&line, "leastcap: ");
	if (level == LC_LOG_WARN)
		lc_strbuf_adds(&line, "warning: ");
	va_start(args, format);
	lc_escape_terminal_format(&line, format, args);
	va_end(args);
	wrap(&line, terminal_columns(log->stream));
	lc_strbuf_adds(&line, "\n");
	/* In one piece, so that lines of several processes on one terminal do not mix. */
	if (!line.failed) {
		fwrite(line.text, 1, line.length, log->stream);
		fflush(log->stream);
	}
	errno = saved_errno;
}
