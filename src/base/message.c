/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages about what went wrong: each is formatted and escaped. */
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/message.h>
#include <leastcap/strbuf.h>

int lc_complain_at(char **message, int err, const char *where, const char *format, va_list arguments)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf line = {0};

	lc_escape_terminal(&line, where);
	lc_escape_terminal_format(&line, format, arguments);
	free(*message);
	*message = lc_strbuf_steal(&line);
	return err;
}

int lc_complain(char **message, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	lc_complain_at(message, err, NULL, format, arguments);
	va_end(arguments);
	return err;
}
