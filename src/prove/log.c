/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The lines of a container's log that tell of errors, without what differs from run to run. */
#include "prove_private.h"

#include <leastcap/trial.h>

#include <ctype.h>
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* As many different lines of one container are compared, and as many bytes of a line. */
#define LINES_MAX 512
#define LINE_MAX  200

/* Words of a line that give it a level which is worth a look; and those of programs that print no level. */
static const char *const levels[] = {"failed", "failure", "warn", "warning", "err", "error", "crit", "critical",
	"severe", "alert", "emerg", "emergency", "fatal", "panic"};

/* Words that tell the time. */
static const char *const times[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar", "Apr", "May",
	"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

/* The length of the word that TEXT, LENGTH bytes, begins with. */
static size_t word_length(const char *text, size_t length)
{
	size_t n = 0;

	while (n < length && isalnum((unsigned char)text[n]))
		n++;
	return n;
}

/* Whether WORD, LENGTH bytes, is one of the N in LIST, with letters COMPAREd. */
static bool is_one_of(const char *word, size_t length, const char *const *list, size_t n,
	int (*compare)(const char *, const char *, size_t))
{
	for (size_t i = 0; i < n; i++) {
		if (strlen(list[i]) == length && !compare(list[i], word, length))
			return true;
	}
	return false;
}

/* The level in klog's way: "E1130 12:45:37.123456". */
static bool is_klog(const char *line, size_t length)
{
	size_t digits = 0;

	if (length < 5 || !strchr("WEF", line[0]))
		return false;
	while (digits < 4 && isdigit((unsigned char)line[1 + digits]))
		digits++;
	return digits == 4;
}

static bool has_level(const char *line, size_t length)
{
	if (is_klog(line, length))
		return true;
	for (size_t at = 0; at < length;) {
		size_t n = word_length(line + at, length - at);

		if (is_one_of(line + at, n, levels, sizeof(levels) / sizeof(levels[0]), strncasecmp))
			return true;
		at += n ? n : 1;
	}
	return false;
}

/* Whether WORD is a number, an id, a time, or a part of one. */
static bool varies(const char *word, size_t length)
{
	bool hex = length >= 8;

	for (size_t i = 0; i < length; i++) {
		if (isdigit((unsigned char)word[i]))
			return true;
		hex &= isxdigit((unsigned char)word[i]) != 0;
	}
	return hex || is_one_of(word, length, times, sizeof(times) / sizeof(times[0]), strncmp);
}

/* Appends LINE with a '#' for whatever varies, and cut. */
static void mask(struct lc_strbuf *out, const char *line, size_t length)
{
	for (size_t at = 0; at < length && out->length < LINE_MAX;) {
		size_t n = word_length(line + at, length - at);
		unsigned char byte = (unsigned char)line[at];

		if (n && varies(line + at, n))
			lc_strbuf_adds(out, "#");
		else if (n)
			lc_strbuf_add(out, line + at, n);
		else
			lc_strbuf_adds(out, byte < ' ' || byte == 0x7f ? "?" : (char[]){(char)byte, 0});
		at += n ? n : 1;
	}
	if (out->length > LINE_MAX) {
		out->text[LINE_MAX] = '\0';
		out->length = LINE_MAX;
	}
}

/* A line in which fewer words are the same says too little. */
#define SAME_MIN 3

bool lc_prove_same_message(const char *a, const char *b)
{
	size_t same = 0, other = 0;

	for (;;) {
		size_t n = strcspn(a, " "), m = strcspn(b, " ");

		if (n == m && !strncmp(a, b, n))
			same++;
		else if (n && m && a[n - 1] == ':' && b[m - 1] == ':')
			other++;
		else
			return false;
		if (!a[n] || !b[m])
			return a[n] == b[m] && other == 1 && same >= SAME_MIN;
		a += n + 1;
		b += m + 1;
	}
}

/* Takes the lines of TEXT. Positive: there were more than find room; or 0 or -ENOMEM. */
static int take_lines(struct lc_traits *traits, size_t subject, const char *text, size_t length)
{
	size_t n = 0;
	int r = 0;

	for (size_t at = 0; !r && at < length;) {
		const char *end = memchr(text + at, '\n', length - at);
		size_t line = end ? (size_t)(end - text) - at : length - at;

		if (has_level(text + at, line)) {
			struct lc_strbuf masked = {0};
			size_t before = traits->n;

			mask(&masked, text + at, line);
			r = masked.failed ? -ENOMEM : lc_traits_add(traits, subject, LC_TRAIT_LOG, 0, masked.text);
			lc_strbuf_free(&masked);
			n += traits->n != before;
		}
		if (!r && n >= LINES_MAX)
			return 1;
		at += line + 1;
	}
	return r;
}

/* Takes the heads of frames out of TEXT, in place. Each has the stream's number, three zeros, and the frame's length. What makes no sense ends it. */
static size_t join_frames(char *text, size_t length)
{
	enum { HEAD = 8 };
	size_t at = 0, out = 0;

	while (at + HEAD <= length) {
		uint32_t frame;

		memcpy(&frame, text + at + 4, sizeof(frame));
		frame = be32toh(frame);
		at += HEAD;
		if (frame > length - at)
			frame = (uint32_t)(length - at);
		memmove(text + out, text + at, frame);
		out += frame;
		at += frame;
	}
	return out;
}

int lc_traits_add_log(struct lc_traits *traits, size_t subject, bool framed, char *text, size_t length)
{
	return take_lines(traits, subject, text, framed ? join_frames(text, length) : length);
}
