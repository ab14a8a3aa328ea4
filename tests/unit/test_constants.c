/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* scripts/constants: what becomes of a list's names, with headers that have them and headers that do not. */
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define HEADER                                                                                                         \
	"#define LOW 1\n#define HIGH 0x80000000\n#define GONE 1\n#undef GONE\nenum { ONE, TWO };\n#define OF(x) (x)\n"

/* What the script writes for a list of SET, whose headers hold HEADER. *STATUS is its exit status. */
static void define(struct lc_strbuf *out, const char *set, int *status)
{
	char directory[] = "/tmp/lc-constants-XXXXXX";
	char command[512];
	char line[512];

	assert_non_null(mkdtemp(directory));
	snprintf(command, sizeof(command), "cat > %s/names.h", directory);
	FILE *header = popen(command, "w");
	fputs(HEADER, header);
	assert_int_equal(pclose(header), 0);
	snprintf(command, sizeof(command), "cat > %s/x.list", directory);
	FILE *list = popen(command, "w");
	fprintf(list, "headers\n  names.h\n%s", set);
	assert_int_equal(pclose(list), 0);

	snprintf(command, sizeof(command), "scripts/constants define %s/x.list gcc -I%s 2>&1", directory, directory);
	FILE *script = popen(command, "r");
	while (fgets(line, sizeof(line), script))
		lc_strbuf_adds(out, line);
	*status = WEXITSTATUS(pclose(script));
	snprintf(command, sizeof(command), "rm -r %s", directory);
	assert_int_equal(system(command), 0);
}

static void assert_defined(const char *set, const char *const *rows)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	int status;

	define(&out, set, &status);
	assert_int_equal(status, 0);
	const char *at = strstr(out.text, "static const");
	assert_non_null(at);
	for (at = strchr(at, '\n') + 1; *rows; rows++) {
		assert_memory_equal(at, *rows, strlen(*rows));
		at += strlen(*rows);
	}
	assert_true(strncmp(at, "};\n", 3) == 0);
}

static void assert_refused(const char *set, const char *why)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	int status;

	define(&out, set, &status);
	assert_int_not_equal(status, 0);
	assert_non_null(strstr(out.text, why));
}

static void macros_and_enumerators_are_found(void **state)
{
	(void)state;
	assert_defined("set x X_???\n  flags LOW\n    HIGH\n  words ONE ?TWO\n",
		(const char *[]){"\t{BITS(LOW), BITS(LOW), \"LOW\"},\n", "\t{BITS(HIGH), BITS(HIGH), \"HIGH\"},\n",
			"\t{(uint32_t)(ONE), (uint32_t)(UINT32_MAX), \"ONE\"},\n",
			"\t{(uint32_t)(TWO), (uint32_t)(UINT32_MAX), \"TWO\"},\n", NULL});
}

static void a_field_has_a_mask(void **state)
{
	(void)state;
	assert_defined("set x X_???\n  field(LOW | HIGH) ONE\n",
		(const char *[]){"\t{(uint32_t)(ONE), (uint32_t)(LOW | HIGH), \"ONE\"},\n", NULL});
}

static void what_may_be_missing_is_left_out(void **state)
{
	(void)state;
	assert_defined("set x\n  words ?NEWER ONE ?GONE\n",
		(const char *[]){"\t{(uint32_t)(ONE), (uint32_t)(UINT32_MAX), \"ONE\"},\n", NULL});
}

static void what_may_not_be_missing_is_an_error(void **state)
{
	(void)state;
	assert_refused("set x\n  words ONE NEWER\n", "line 4: no header has NEWER\n");
	assert_refused("set x\n  words GONE\n", "line 4: no header has GONE\n");
}

/* The number is the list's own only as long as no header says it. */
static void a_number_is_for_what_no_header_has(void **state)
{
	(void)state;
	assert_defined("set x\n  words NEWER=7\n", (const char *[]){"\t{7, UINT32_MAX, \"7 /* NEWER */\"},\n", NULL});
	assert_refused(
		"set x\n  words TWO=1\n", "line 4: the headers have TWO: its value is not for the list to say\n");
}

static void an_unknown_line_is_an_error(void **state)
{
	(void)state;
	assert_refused("sets x\n", "line 3: what is sets?\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(macros_and_enumerators_are_found),
		cmocka_unit_test(a_field_has_a_mask),
		cmocka_unit_test(what_may_be_missing_is_left_out),
		cmocka_unit_test(what_may_not_be_missing_is_an_error),
		cmocka_unit_test(a_number_is_for_what_no_header_has),
		cmocka_unit_test(an_unknown_line_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
