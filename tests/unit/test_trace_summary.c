/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the table at the end of a trace. */
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>
#include <leastcap/trace.h>

#include <linux/capability.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void add(struct lc_trace_summary *summary, int cap, const char *syscall, enum lc_verdict verdict, uint64_t count)
{
	struct lc_check check = {.cap = cap, .syscall = (char *)(uintptr_t)syscall, .verdict = verdict, .count = count};

	assert_int_equal(lc_trace_summary_add(summary, &check), 0);
}

static void assert_printed(struct lc_trace_summary *summary, const char *expected)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};

	lc_trace_summary_print(summary, &out);
	lc_trace_summary_free(summary);
	assert_string_equal(out.text, expected);
}

#define HEAD                                                                                                           \
	"% checks    checks   granted    denied capability         syscall\n"                                          \
	"-------- --------- --------- --------- ------------------ ----------------\n"
#define LINE "-------- --------- --------- --------- ------------------ ----------------\n"

static void the_table_has_straces_look_and_the_most_first(void **state)
{
	struct lc_trace_summary *summary = lc_trace_summary_new();

	(void)state;
	add(summary, CAP_SYS_ADMIN, "mount", LC_VERDICT_DENIED, 1);
	add(summary, CAP_CHOWN, "fchown", LC_VERDICT_GRANTED, 2);
	add(summary, CAP_CHOWN, "fchown", LC_VERDICT_DENIED, 1);
	add(summary, CAP_NET_BIND_SERVICE, NULL, LC_VERDICT_GRANTED, 4);
	assert_printed(summary, HEAD "   50.00         4         4           NET_BIND_SERVICE   (none)\n"
				     "   37.50         3         2         1 CHOWN              fchown\n"
				     "   12.50         1                   1 SYS_ADMIN          mount\n" LINE
				     "  100.00         8         6         2 total\n");
}

static void the_same_number_is_ordered_by_capability_and_call(void **state)
{
	struct lc_trace_summary *summary = lc_trace_summary_new();

	(void)state;
	add(summary, CAP_KILL, "kill", LC_VERDICT_GRANTED, 1);
	add(summary, CAP_CHOWN, "fchown", LC_VERDICT_GRANTED, 1);
	add(summary, CAP_CHOWN, "chown", LC_VERDICT_GRANTED, 1);
	add(summary, CAP_CHOWN, "lchown", LC_VERDICT_GRANTED, 1);
	assert_printed(summary, HEAD "   25.00         1         1           CHOWN              chown\n"
				     "   25.00         1         1           CHOWN              fchown\n"
				     "   25.00         1         1           CHOWN              lchown\n"
				     "   25.00         1         1           KILL               kill\n" LINE
				     "  100.00         4         4           total\n");
}

static void nothing_is_a_table_too(void **state)
{
	(void)state;
	assert_printed(lc_trace_summary_new(), HEAD LINE "  100.00         0                     total\n");
}

static void counts_are_exact_beyond_32_bits(void **state)
{
	struct lc_trace_summary *summary = lc_trace_summary_new();

	(void)state;
	for (int i = 0; i < 3; i++)
		add(summary, CAP_CHOWN, "chown", LC_VERDICT_GRANTED, UINT64_C(4000000000));
	assert_printed(summary, HEAD "  100.00 12000000000 12000000000           CHOWN              chown\n" LINE
				     "  100.00 12000000000 12000000000           total\n");
}

static void a_name_that_is_none_cannot_act_on_the_terminal(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	struct lc_trace_summary *summary = lc_trace_summary_new();

	(void)state;
	add(summary, CAP_CHOWN, "\033[2J", LC_VERDICT_GRANTED, 1);
	lc_trace_summary_print(summary, &out);
	lc_trace_summary_free(summary);
	assert_null(strchr(out.text, '\033'));
}

static void add_failure(
	struct lc_trace_summary *summary, enum lc_cause cause, const char *syscall, uint64_t caps, uint64_t count)
{
	const struct lc_failure failure = {
		.cause = cause, .syscall = (char *)(uintptr_t)syscall, .caps = caps, .count = count};

	assert_int_equal(lc_trace_summary_add_failure(summary, &failure), 0);
}

static void refused_calls_have_a_table_of_their_own(void **state)
{
	struct lc_trace_summary *summary = lc_trace_summary_new();

	(void)state;
	add(summary, CAP_CHOWN, "chown", LC_VERDICT_DENIED, 1);
	add_failure(summary, LC_CAUSE_FILTER, "mount", UINT64_C(1) << CAP_SYS_ADMIN, 2);
	add_failure(summary, LC_CAUSE_FILTER, "mount", UINT64_C(1) << CAP_SYS_ADMIN, 1);
	add_failure(summary, LC_CAUSE_FILE, "openat", 0, 1);
	assert_printed(summary, HEAD "  100.00         1                   1 CHOWN              chown\n" LINE
				     "  100.00         1                   1 total\n"
				     "\n"
				     " % calls   refused cause              syscall          opened by\n"
				     "-------- --------- ------------------ ---------------- ----------------\n"
				     "   75.00         3 filter             mount            SYS_ADMIN\n"
				     "   25.00         1 file               openat\n"
				     "-------- --------- ------------------ ---------------- ----------------\n"
				     "  100.00         4 total\n");
}

static void as_json_each_row_is_an_object_and_a_name_stays_in_its_string(void **state)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf out = {0};
	struct lc_trace_summary *summary = lc_trace_summary_new();

	(void)state;
	add(summary, CAP_CHOWN, "chown", LC_VERDICT_GRANTED, 5);
	add(summary, CAP_CHOWN, "chown", LC_VERDICT_DENIED, 1);
	add(summary, CAP_SYS_ADMIN, NULL, LC_VERDICT_GRANTED, 2);
	add(summary, CAP_KILL, "\"\033[2J", LC_VERDICT_DENIED, 1);
	add_failure(summary, LC_CAUSE_FILTER, "mount", UINT64_C(1) << CAP_SYS_ADMIN, 3);
	lc_trace_summary_json(summary, &out);
	lc_trace_summary_free(summary);
	assert_string_equal(out.text,
		"{\"cap\":\"CHOWN\",\"granted\":5,\"denied\":1,\"syscall\":\"chown\"}\n"
		"{\"cap\":\"SYS_ADMIN\",\"granted\":2,\"denied\":0}\n"
		"{\"cap\":\"KILL\",\"granted\":0,\"denied\":1,\"syscall\":\"\\\"\\u001B[2J\"}\n"
		"{\"cause\":\"filter\",\"refused\":3,\"caps\":[\"SYS_ADMIN\"],\"syscall\":\"mount\"}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_has_straces_look_and_the_most_first),
		cmocka_unit_test(the_same_number_is_ordered_by_capability_and_call),
		cmocka_unit_test(nothing_is_a_table_too),
		cmocka_unit_test(counts_are_exact_beyond_32_bits),
		cmocka_unit_test(a_name_that_is_none_cannot_act_on_the_terminal),
		cmocka_unit_test(refused_calls_have_a_table_of_their_own),
		cmocka_unit_test(as_json_each_row_is_an_object_and_a_name_stays_in_its_string),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
