/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Escaping of strings that came out of a container, one function per format they are written to. */
#ifndef LEASTCAP_ESCAPE_H
#define LEASTCAP_ESCAPE_H

#include <leastcap/strbuf.h>

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Appends TEXT as a terminal may show it: control characters (C0, DEL, C1), bytes that are not valid UTF-8 and
 * characters that reorder text (bidirectional controls, zero-width) become \n, \t, \033 or \xHH as strace writes
 * them. Printable UTF-8 passes unchanged. NULL appends nothing.
 */
void lc_escape_terminal(struct lc_strbuf *buf, const char *text);

/* Formats as vprintf does and appends the result as lc_escape_terminal does: a message that fits on a line. */
void lc_escape_terminal_format(struct lc_strbuf *buf, const char *format, va_list arguments)
	__attribute__((format(printf, 2, 0)));

/* Appends TEXT as a double-quoted YAML 1.2 scalar, quotes included. NULL appends "". */
void lc_escape_yaml(struct lc_strbuf *buf, const char *text);

/* Appends TEXT as one word of a POSIX shell: as it is where that is one, else in single quotes. NULL appends ''. */
void lc_escape_shell(struct lc_strbuf *buf, const char *text);

/* Appends TEXT as a string of CEL in single quotes, these included. NULL appends ''. What is not valid UTF-8 becomes U+FFFD. */
void lc_escape_cel(struct lc_strbuf *buf, const char *text);

/*
 * Appends TEXT as HTML may hold it, between tags or in a quoted attribute: as lc_escape_terminal, and &, <, > and both
 * quotes as character references. NULL appends nothing.
 */
void lc_escape_html(struct lc_strbuf *buf, const char *text);

/*
 * Appends TEXT as running text of GitHub's Markdown, also in a table's cell: as lc_escape_terminal, and what could be markup, a link
 * or a mention as character references. NULL appends nothing.
 */
void lc_escape_markdown(struct lc_strbuf *buf, const char *text);

/* Appends TEXT as a shell comment may hold it: as lc_escape_terminal; a line break cannot end the comment. */
void lc_escape_comment(struct lc_strbuf *buf, const char *text);

/*
 * Appends TEXT as a workflow command of GitHub Actions may hold it as its message: as lc_escape_terminal, and % as %25. NULL appends
 * nothing. In a property's value a colon and a comma would end it, and are %3A and %2C.
 */
void lc_escape_workflow(struct lc_strbuf *buf, const char *text);
void lc_escape_workflow_property(struct lc_strbuf *buf, const char *text);

/*
 * Decodes the character that TEXT (NUL-terminated) begins with to *CODE_POINT. Returns how many bytes it has; 0 when it is not valid UTF-8 (RFC 3629),
 * and *CODE_POINT is unchanged.
 */
size_t lc_utf8_decode(const char *text, uint32_t *code_point);

/*
 * Returns a copy of TEXT in which every byte that is not part of valid UTF-8 is replaced by U+FFFD, as JSON strings
 * must be valid UTF-8 (RFC 8259 section 8.1). Caller frees. NULL in, NULL out; NULL also when out of memory.
 */
char *lc_utf8_dup(const char *text);

#endif
