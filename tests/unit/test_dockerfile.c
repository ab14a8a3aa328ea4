/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the patch of a Dockerfile: where its lines go, and what is left as it is because it is not understood. */
#include <leastcap/cleanup.h>
#include <leastcap/dockerfile.h>

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A plan that gives /data, and a file, to 100:101. */
static struct lc_harden_plan plan(void)
{
	static char data[] = "/data", file[] = "/etc/web.conf";

	return (struct lc_harden_plan){
		.as_user = true,
		.has_gid = true,
		.uid = 100,
		.gid = 101,
		.paths = {{data, true}, {file, false}},
		.n_paths = 2,
	};
}

#define MKDIR "RUN [\"mkdir\", \"-p\", \"/data\"]\n"
#define CHOWN "RUN [\"chown\", \"-R\", \"100:101\", \"/data\", \"/etc/web.conf\"]\n"
#define USER  "USER 100:101\n"

/* Asserts that TEXT's stage STAGE gets LINES, each with its sign and those about it, in hunks of the diff. */
static void assert_patch(const char *text, const char *stage, const char *hunks)
{
	const struct lc_harden_plan wanted = plan();
	_cleanup_(lc_strbuf_free) struct lc_strbuf diff = {0};
	_cleanup_free_ char *message = NULL;

	if (lc_dockerfile_patch("Dockerfile", text, strlen(text), stage, &wanted, &diff, &message))
		fail_msg("%s in\n%s", message, text);
	assert_memory_equal(diff.text, "--- a/Dockerfile\n+++ b/Dockerfile\n", 34);
	assert_string_equal(diff.text + 34, hunks);
}

static void assert_left(const char *text, const char *why)
{
	const struct lc_harden_plan wanted = plan();
	_cleanup_(lc_strbuf_free) struct lc_strbuf diff = {0};
	_cleanup_free_ char *message = NULL;

	assert_int_equal(
		lc_dockerfile_patch("Dockerfile", text, strlen(text), NULL, &wanted, &diff, &message), -ENOTSUP);
	assert_int_equal(diff.length, 0);
	assert_non_null(message);
	if (!strstr(message, why))
		fail_msg("\"%s\" is not in \"%s\"", why, message);
}

static void the_lines_stand_before_what_starts(void **state)
{
	(void)state;
	assert_patch("FROM debian\nCOPY . /\n# How it starts.\nENTRYPOINT [\"/entry\"]\nCMD [\"web\"]\n", NULL,
		"@@ -1,5 +1,8 @@\n FROM debian\n COPY . /\n+" MKDIR "+" CHOWN "+" USER
		" # How it starts.\n ENTRYPOINT [\"/entry\"]\n CMD [\"web\"]\n");
	assert_patch("FROM debian\nENTRYPOINT [\"/entry\"]\nRUN make", NULL,
		"@@ -1,3 +1,6 @@\n FROM debian\n ENTRYPOINT [\"/entry\"]\n-RUN make\n\\ No newline at end of file\n+RUN make\n+" MKDIR
		"+" CHOWN "+" USER "\\ No newline at end of file\n");
	assert_patch("FROM debian\n", NULL, "@@ -1 +1,4 @@\n FROM debian\n+" MKDIR "+" CHOWN "+" USER);
}

static void files_are_given_away_before_they_are_in_a_volume(void **state)
{
	(void)state;
	assert_patch(
		"FROM debian\nRUN make\nVOLUME [\"/data\"]\nWORKDIR /data\nCOPY entry /\nEXPOSE 80\nLABEL a=b\nCMD web\n",
		NULL,
		"@@ -1,8 +1,11 @@\n FROM debian\n RUN make\n+" MKDIR "+" CHOWN
		" VOLUME [\"/data\"]\n WORKDIR /data\n COPY entry /\n EXPOSE 80\n LABEL a=b\n+" USER " CMD web\n");
	assert_patch("FROM debian\nVOLUME /other /database\nRUN make\nCMD web\n", NULL,
		"@@ -1,4 +1,7 @@\n FROM debian\n VOLUME /other /database\n RUN make\n+" MKDIR "+" CHOWN "+" USER
		" CMD web\n");
}

static void lines_that_go_on_are_one_instruction(void **state)
{
	(void)state;
	assert_patch("FROM debian\nRUN make && \\\n# CMD no\n\n  CMD=1 \\\n  USER=nobody\nCMD web\n", NULL,
		"@@ -4,4 +4,7 @@\n \n   CMD=1 \\\n   USER=nobody\n+" MKDIR "+" CHOWN "+" USER " CMD web\n");
	assert_patch("# escape=`\nFROM windows-like\nRUN dir c:\\\nRUN make `\n  CMD\nCMD web\n", NULL,
		"@@ -3,4 +3,7 @@\n RUN dir c:\\\n RUN make `\n   CMD\n+" MKDIR "+" CHOWN "+" USER " CMD web\n");
}

static void line_breaks_stay_as_they_are(void **state)
{
	(void)state;
	assert_patch("FROM debian\r\nRUN make \\\r\n  all\r\nCMD web\r\n", NULL,
		"@@ -1,4 +1,7 @@\n FROM debian\r\n RUN make \\\r\n   all\r\n"
		"+RUN [\"mkdir\", \"-p\", \"/data\"]\r\n+RUN [\"chown\", \"-R\", \"100:101\", \"/data\", \"/etc/web.conf\"]\r\n+USER 100:101\r\n CMD web\r\n");
}

static void what_stands_in_a_document_is_no_instruction(void **state)
{
	(void)state;
	assert_patch(
		"# syntax=docker/dockerfile:1\nFROM debian\nRUN <<-EOT cat <<'END'\n\tUSER nobody\n\tEOT\nCMD no\nEND\nCMD web\n",
		NULL, "@@ -5,4 +5,7 @@\n \tEOT\n CMD no\n END\n+" MKDIR "+" CHOWN "+" USER " CMD web\n");
	assert_patch("FROM debian\nRUN echo $((1<<2)) \"<<no\" && cat a<<b\nCMD web\n", NULL,
		"@@ -1,3 +1,6 @@\n FROM debian\n RUN echo $((1<<2)) \"<<no\" && cat a<<b\n+" MKDIR "+" CHOWN "+" USER
		" CMD web\n");
}

static void the_last_stage_or_the_one_asked_for_is_changed(void **state)
{
	static const char text[] =
		"ARG V=1\nFROM --platform=linux/amd64 go:$V AS build\nUSER nobody\nRUN make\nFROM debian as Run\nRUN two\nCMD run\nFROM run\nCMD web\n";

	(void)state;
	assert_patch(
		text, NULL, "@@ -6,4 +6,7 @@\n RUN two\n CMD run\n FROM run\n+" MKDIR "+" CHOWN "+" USER " CMD web\n");
	assert_patch(text, "run",
		"@@ -4,6 +4,9 @@\n RUN make\n FROM debian as Run\n RUN two\n+" MKDIR "+" CHOWN "+" USER
		" CMD run\n FROM run\n CMD web\n");
	assert_patch(text, "1",
		"@@ -4,6 +4,9 @@\n RUN make\n FROM debian as Run\n RUN two\n+" MKDIR "+" CHOWN "+" USER
		" CMD run\n FROM run\n CMD web\n");
}

static void a_user_that_is_root_gives_way(void **state)
{
	(void)state;
	assert_patch("FROM debian\nUSER nobody\nRUN make\nUSER root\nRUN rest\nCMD web\n", NULL,
		"@@ -3,4 +3,7 @@\n RUN make\n USER root\n RUN rest\n+" MKDIR "+" CHOWN "+" USER " CMD web\n");
	assert_patch("FROM debian\nCMD web\nUSER 0\n", NULL,
		"@@ -1,3 +1,6 @@\n FROM debian\n+" MKDIR "+" CHOWN " CMD web\n USER 0\n+" USER);
}

static void what_is_not_understood_is_left(void **state)
{
	static const struct {
		const char *text;
		const char *why;
	} rows[] = {
		{"", "it has no FROM"},
		{"# only this\n", "it has no FROM"},
		{"RUN make\nFROM debian\n", "Dockerfile:1: an instruction stands before FROM"},
		{"FROM debian\nINCLUDE other\nCMD web\n", "Dockerfile:2: it has an instruction that is not understood"},
		{"# syntax=example.com/other:1\nFROM debian\n", "Dockerfile:1: it has a syntax of its own"},
		{"# escape=x\nFROM debian\n", "Dockerfile:1: the escape directive"},
		{"FROM debian\nUSER app\nCMD web\n", "Dockerfile:2: it has a user already"},
		{"FROM debian\nUSER ${APP:-root}\nCMD web\n", "Dockerfile:2: it has a user already"},
		{"FROM debian AS base\nUSER app\nFROM base\nCMD web\n", "Dockerfile:2: it has a user already"},
		{"FROM debian\nONBUILD RUN make\nCMD web\n", "Dockerfile:2: what ONBUILD does"},
		{"FROM debian\nRUN cat <<EOF\nnever ends\nCMD web\n",
			"Dockerfile:2: a document (<<) that begins here does not end"},
		{"FROM debian\nRUN echo don't <<EOF\nEOF\n", "Dockerfile:2: whether << begins a document"},
		{"FROM debian\nRUN a \\\\\nCMD web\n", "Dockerfile:2: the line ends in two escape characters"},
		{"FROM debian AS base\nVOLUME /data\nFROM base\nCMD web\n",
			"Dockerfile:2: what is changed in its volume later is lost"},
		{"FROM debian\nUSER app\nVOLUME /data\nUSER root\nCMD web\n",
			"Dockerfile:2: where files would have to be given away"},
		{"FROM debian AS\n", "Dockerfile:1: its FROM"},
		{"FROM debian base\n", "Dockerfile:1: its FROM"},
		{"FROM\n", "Dockerfile:1: its FROM"},
		{"FROM debian\nUS\\\nER app\n", "it has an instruction that is not understood"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_left(rows[i].text, rows[i].why);
}

static void an_unknown_stage_is_said(void **state)
{
	static const char text[] = "FROM debian AS one\n";
	const struct lc_harden_plan wanted = plan();
	struct lc_strbuf diff = {0};
	char *message = NULL;

	(void)state;
	assert_int_equal(
		lc_dockerfile_patch("Dockerfile", text, strlen(text), "two", &wanted, &diff, &message), -ENOTSUP);
	assert_string_equal(message, "Dockerfile: it has no stage called two; it is left as it is");
	free(message);
	message = NULL;
	assert_int_equal(
		lc_dockerfile_patch("Dockerfile", text, strlen(text), "1", &wanted, &diff, &message), -ENOTSUP);
	free(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_lines_stand_before_what_starts),
		cmocka_unit_test(files_are_given_away_before_they_are_in_a_volume),
		cmocka_unit_test(lines_that_go_on_are_one_instruction),
		cmocka_unit_test(line_breaks_stay_as_they_are),
		cmocka_unit_test(what_stands_in_a_document_is_no_instruction),
		cmocka_unit_test(the_last_stage_or_the_one_asked_for_is_changed),
		cmocka_unit_test(a_user_that_is_root_gives_way),
		cmocka_unit_test(what_is_not_understood_is_left),
		cmocka_unit_test(an_unknown_stage_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
