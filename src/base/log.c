/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages for the person at the terminal: each is formatted, escaped and written as one line. */
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/log.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdarg.h>

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
	lc_strbuf_adds(&line, "\n");
	/* In one piece, so that lines of several processes on one terminal do not mix. */
	if (!line.failed) {
		fwrite(line.text, 1, line.length, log->stream);
		fflush(log->stream);
	}
	errno = saved_errno;
}
