/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the tests of compose files: texts read, patched, and what was said meanwhile. */
#ifndef LEASTCAP_TESTS_COMPOSE_TEXT_H
#define LEASTCAP_TESTS_COMPOSE_TEXT_H

#include "render.h"

#include <leastcap/compose.h>

#include <errno.h>
#include <stdio.h>

/* Reads TEXT, which has to be a compose file. */
static inline void read_compose(struct lc_compose *file, const char *text)
{
	char *message = NULL;

	if (lc_compose_parse(file, "compose.yaml", text, strlen(text), &message))
		fail_msg("%s in\n%s", message, text);
}

/* Asserts that TEXT is refused with MESSAGE. */
static inline void assert_refused(const char *text, const char *message)
{
	struct lc_compose file = {0};
	char *said = NULL;

	assert_int_equal(lc_compose_parse(&file, "compose.yaml", text, strlen(text), &said), -EINVAL);
	assert_non_null(said);
	assert_string_equal(said, message);
	assert_null(file.services);
	free(said);
}

/* The patch of TEXT for PROFILE, which is freed. What is said goes to *SAID, unless SAID is NULL. Caller frees both. */
static inline char *patch_text(const char *text, struct lc_profile *profile, char **said, size_t *left)
{
	struct lc_compose file = {0};
	struct lc_strbuf diff = {0};
	char *lines = NULL;
	size_t length;
	FILE *stream = open_memstream(&lines, &length);
	struct lc_log log = {.threshold = LC_LOG_NOTICE, .stream = stream};

	assert_non_null(stream);
	read_compose(&file, text);
	assert_int_equal(lc_compose_patch(&file, profile, NULL, &log, &diff, left), 0);
	fclose(stream);
	if (said)
		*said = lines;
	else
		free(lines);
	lc_compose_clear(&file);
	lc_profile_clear(profile);
	return lc_strbuf_steal(&diff);
}

/* Asserts that the patch of TEXT for PROFILE is DIFF, after its two lines of names. */
static inline void assert_patch(const char *text, struct lc_profile *profile, const char *diff)
{
	static const char head[] = "--- a/compose.yaml\n+++ b/compose.yaml\n";
	size_t left;
	char *got = patch_text(text, profile, NULL, &left);

	assert_int_equal(left, 0);
	if (*diff) {
		assert_memory_equal(got, head, strlen(head) < strlen(got) ? strlen(head) : strlen(got) + 1);
		assert_string_equal(got + strlen(head), diff);
	} else {
		assert_string_equal(got, "");
	}
	free(got);
}

/* Asserts that the patch of TEXT for PROFILE comes with LINES on standard error, each after "leastcap: warning: ". */
static inline void assert_said(const char *text, struct lc_profile *profile, const char *lines)
{
	static const char prefix[] = "leastcap: warning: ";
	struct lc_strbuf plain = {0};
	size_t left;
	char *said = NULL;

	free(patch_text(text, profile, &said, &left));
	for (char *line = strtok(said, "\n"); line; line = strtok(NULL, "\n")) {
		assert_memory_equal(line, prefix, strlen(prefix));
		lc_strbuf_addf(&plain, "%s\n", line + strlen(prefix));
	}
	assert_string_equal(plain.text ? plain.text : "", lines);
	lc_strbuf_free(&plain);
	free(said);
}

#endif
