/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the story of one capability: the answer, the evidence in its order, stacks, what to do instead. */
#include <leastcap/story.h>

#include "stacks.h"
#include "web.h"

#include <leastcap/cleanup.h>
#include <leastcap/explain.h>

#define NOON_NS INT64_C(1795348800123456000) /* 2026-11-22 12:00:00 UTC */

static const struct lc_style plain = {.columns = 80};
static const struct lc_style verbose = {.columns = 80, .verbose = true};

static int begin(void **state)
{
	return begin_web(state, LC_CAP_BIT(CAP_NET_BIND_SERVICE));
}

/* The piece of evidence that most tests look at. */
static struct lc_check *bind_port_80(void **state)
{
	struct lc_check *check = add_evidence(
		web(state), CAP_NET_BIND_SERVICE, LC_CLASS_REQUIRED, 1, "/usr/sbin/nginx", "bind", "0.0.0.0:80");

	check->first_ns = check->last_ns = NOON_NS;
	return check;
}

static char *story(void **state, int cap, const struct lc_style *style)
{
	struct lc_strbuf out = {0};

	assert_int_equal(lc_story_tell(web(state), cap, style, &out), 0);
	return lc_strbuf_steal(&out);
}

static void assert_has(void **state, const struct lc_style *style, const char *expected)
{
	_cleanup_free_ char *text = story(state, CAP_NET_BIND_SERVICE, style);

	if (!strstr(text, expected))
		fail_msg("'%s' is not in:\n%s", expected, text);
}

static void assert_lacks(void **state, const struct lc_style *style, const char *unexpected)
{
	_cleanup_free_ char *text = story(state, CAP_NET_BIND_SERVICE, style);

	if (strstr(text, unexpected))
		fail_msg("'%s' is in:\n%s", unexpected, text);
}

/* Asserts that FIRST, SECOND and THIRD are told, and in this order. */
static void assert_order(
	void **state, const struct lc_style *style, const char *first, const char *second, const char *third)
{
	_cleanup_free_ char *text = story(state, CAP_NET_BIND_SERVICE, style);
	const char *at = strstr(text, first);

	at = at ? strstr(at, second) : NULL;
	if (!at || !strstr(at, third))
		fail_msg("'%s', '%s', '%s' are not in:\n%s", first, second, third, text);
}

static void a_story_from_its_answer_to_its_advice(void **state)
{
	struct lc_check *check = bind_port_80(state);
	_cleanup_free_ char *text = NULL;

	check->user = strdup("0:0");
	check->why = strdup("ports below 1024");
	check->user_stack = stack_of("bind", "ngx_open_listening_sockets", "main", NULL);
	check->kernel_stack = stack_of("__inet_bind", "__sys_bind", "__x64_sys_bind", "do_syscall_64", NULL);
	assert_int_equal(lc_target_add_advice(web(state), CAP_NET_BIND_SERVICE, strdup("Listen on port 8080.")), 0);
	text = story(state, CAP_NET_BIND_SERVICE, &plain);
	assert_string_equal(text, "web (nginx:1.22): NET_BIND_SERVICE is on the list\n"
				  "  bind ports below 1024\n"
				  "\n"
				  "nginx bind 0.0.0.0:80\n"
				  "  1 time, 2026-11-22 12:00:00 UTC; /usr/sbin/nginx as 0:0\n"
				  "  required: without it this call fails: ports below 1024.\n"
				  "  program: main → ngx_open_listening_sockets → bind\n"
				  "  kernel: __x64_sys_bind → __sys_bind → __inet_bind\n"
				  "\n"
				  "what to do instead, and what granting means\n"
				  "  Listen on port 8080.\n");
}

static void what_is_on_the_list_is_said_to_be(void **state)
{
	assert_has(state, &plain, "web (nginx:1.22): NET_BIND_SERVICE is on the list\n");
}

static void what_is_to_be_verified_is_said_to_be(void **state)
{
	web(state)->verify = LC_CAP_BIT(CAP_NET_BIND_SERVICE);
	assert_has(state, &plain, "NET_BIND_SERVICE is on the list, to be verified\n");
}

static void what_was_denied_and_wanted_is_said_to_be(void **state)
{
	web(state)->cap_add = 0;
	web(state)->wanted = LC_CAP_BIT(CAP_NET_BIND_SERVICE);
	assert_has(state, &plain, "NET_BIND_SERVICE is wanted, but denied\n");
}

static void what_is_not_on_the_list_is_said_not_to_be(void **state)
{
	web(state)->cap_add = LC_CAP_BIT(CAP_KILL);
	web(state)->verify = LC_CAP_BIT(CAP_NET_BIND_SERVICE);
	assert_has(state, &plain, "NET_BIND_SERVICE is not on the list\n");
}

static void a_capability_is_told_by_its_meaning(void **state)
{
	assert_has(state, &plain, lc_explain(CAP_NET_BIND_SERVICE)->meaning);
}

static void one_that_nobody_has_explained_is_told_by_its_number(void **state)
{
	_cleanup_free_ char *text = story(state, 63, &plain);

	assert_string_equal(text, "web (nginx:1.22): CAP_63 is not on the list\n"
				  "  The workload never asked for it.\n");
}

static void what_was_granted_for_nothing_is_said_to_be(void **state)
{
	web(state)->granted = LC_CAP_BIT(CAP_NET_BIND_SERVICE);
	assert_has(state, &plain, "  It was granted, and the workload never asked for it.\n");
}

static void evidence_of_other_capabilities_is_not_told(void **state)
{
	bind_port_80(state);
	add_evidence(web(state), CAP_KILL, LC_CLASS_REQUIRED, 1, "/bin/kill", "kill", "SIGTERM to 1");
	assert_lacks(state, &verbose, "SIGTERM");
}

static void evidence_stands_by_class_and_then_the_most_frequent_first(void **state)
{
	add_evidence(web(state), CAP_NET_BIND_SERVICE, LC_CLASS_ADVISORY, 900, "/bin/a", "bind", "advisory");
	add_evidence(web(state), CAP_NET_BIND_SERVICE, LC_CLASS_REQUIRED, 2, "/bin/b", "bind", "rare");
	add_evidence(web(state), CAP_NET_BIND_SERVICE, LC_CLASS_REQUIRED, 7, "/bin/c", "bind", "frequent");
	lc_profile_sort(*state);
	assert_order(state, &plain, "c bind frequent", "b bind rare", "a bind advisory");
}

static void each_class_has_its_consequence(void **state)
{
	bind_port_80(state)->class = LC_CLASS_ADVISORY;
	assert_has(state, &plain, "  advisory: refusing it would have changed nothing.\n");
	web(state)->evidence[0].class = LC_CLASS_REQUIRED;
	assert_has(state, &plain, "  required: without it this call fails.\n");
	web(state)->evidence[0].class = LC_CLASS_REFUSED;
	assert_has(state, &plain, "  refused: it was denied, and the call went on without.\n");
}

static void a_program_that_may_do_without_is_to_be_verified(void **state)
{
	bind_port_80(state)->survivable = true;
	assert_has(state, &plain, "but the program may do without: verify\n    by a run without it.\n");
}

static void a_denied_call_is_told_with_its_result(void **state)
{
	struct lc_check *check = bind_port_80(state);

	check->verdict = LC_VERDICT_DENIED;
	check->class = LC_CLASS_BLOCKED;
	check->result = strdup("EACCES");
	assert_has(state, &plain, "\nnginx bind 0.0.0.0:80 → EACCES\n");
}

static void what_happened_often_has_its_first_and_last_time(void **state)
{
	struct lc_check *check = bind_port_80(state);

	check->count = 12;
	check->last_ns = NOON_NS + INT64_C(61000000000);
	assert_has(state, &plain, "  12 times, first 2026-11-22 12:00:00, last 2026-11-22 12:01:01 UTC;\n");
}

static void a_time_that_is_unknown_is_not_told(void **state)
{
	struct lc_check *check = bind_port_80(state);

	check->first_ns = check->last_ns = 0;
	assert_has(state, &plain, "  1 time; /usr/sbin/nginx\n");
}

static void the_file_that_made_the_kernel_ask_is_told(void **state)
{
	struct lc_check *check = bind_port_80(state);

	check->object =
		(struct lc_object){.path = strdup("/run/x.sock"), .owner = strdup("www-data:adm"), .mode = 0100640};
	assert_has(state, &plain, "; /run/x.sock is www-data:adm\n    0640\n");
}

static void a_file_whose_owner_is_unknown_is_told_all_the_same(void **state)
{
	bind_port_80(state)->object = (struct lc_object){.path = strdup("/x"), .mode = 0100640};
	assert_has(state, &plain, "/x is ? 0640\n");
}

static void five_pieces_are_told_and_the_others_counted(void **state)
{
	for (int i = 0; i < 7; i++)
		bind_port_80(state);
	assert_has(state, &plain, "\n+2 more; -v tells them all\n");
	assert_lacks(state, &verbose, "more; -v");
}

static void what_the_runtime_asked_is_left_out_and_counted(void **state)
{
	bind_port_80(state)->class = LC_CLASS_SETUP;
	web(state)->evidence[0].count = 1200;
	bind_port_80(state)->class = LC_CLASS_OVERRIDDEN;
	web(state)->evidence[1].count = 34;
	assert_lacks(state, &plain, "nginx bind");
	assert_has(state, &plain,
		"\nleft out: 1200 by the runtime's set-up, 34 by overlayfs's credentials; -v tells\n"
		"    them\n");
}

static void nothing_is_left_out_where_nothing_was(void **state)
{
	bind_port_80(state);
	assert_lacks(state, &plain, "left out");
}

static void verbosely_nothing_is_left_out(void **state)
{
	bind_port_80(state)->class = LC_CLASS_SETUP;
	assert_has(state, &verbose, "  setup: the runtime's own work, before the container's program began.\n");
	assert_lacks(state, &verbose, "left out");
}

static void only_what_is_advised_on_this_capability_is_told(void **state)
{
	bind_port_80(state);
	assert_int_equal(lc_target_add_advice(web(state), CAP_KILL, strdup("Kill nobody.")), 0);
	assert_lacks(state, &plain, "what to do instead");
	assert_int_equal(lc_target_add_advice(web(state), CAP_NET_BIND_SERVICE, strdup("Listen on 8080.")), 0);
	assert_int_equal(lc_target_add_advice(web(state), CAP_NET_BIND_SERVICE, strdup("Or be given a socket.")), 0);
	assert_has(state, &plain,
		"\nwhat to do instead, and what granting means\n"
		"  Listen on 8080.\n"
		"  Or be given a socket.\n");
	assert_lacks(state, &plain, "Kill nobody");
}

static void without_the_programs_functions_it_is_said_how_to_get_them(void **state)
{
	bind_port_80(state)->kernel_stack = stack_of("__inet_bind", NULL);
	assert_has(state, &plain, "\nrecord with -k to see the program's own functions\n");
	web(state)->evidence[0].user_stack = stack_of("main", NULL);
	assert_lacks(state, &plain, "record with -k");
}

static void where_no_kernel_stack_is_known_the_function_that_asked_is_told(void **state)
{
	bind_port_80(state)->caller = strdup("__inet_bind");
	assert_has(state, &plain, "  kernel: __inet_bind\n");
}

static void a_function_without_a_name_is_where_it_is_in_its_module(void **state)
{
	struct lc_check *check = bind_port_80(state);

	check->user_stack = stack_of("bind", NULL);
	push(&check->user_stack->stack, NULL, 0x2f10)->module = strdup("/usr/sbin/nginx");
	assert_has(state, &plain, "  program: nginx+0x2f10 → bind\n");
}

static void a_function_whose_source_is_known_has_its_file_and_line(void **state)
{
	struct lc_check *check = bind_port_80(state);

	check->user_stack = stack_of("main", NULL);
	check->user_stack->stack.frames[0].file = strdup("/build/src/nginx.c");
	check->user_stack->stack.frames[0].line = 42;
	assert_has(state, &plain, "  program: main (nginx.c:42)\n");
}

static void a_file_without_a_line_is_told_alone(void **state)
{
	struct lc_check *check = bind_port_80(state);

	check->user_stack = stack_of("main", NULL);
	check->user_stack->stack.frames[0].file = strdup("/build/src/nginx.c");
	assert_has(state, &plain, "  program: main (nginx.c)\n");
}

static void a_stack_that_went_on_begins_with_dots(void **state)
{
	struct lc_check *check = bind_port_80(state);

	check->user_stack = stack_of("bind", "listen_on", NULL);
	check->user_stack->stack.cut = true;
	assert_has(state, &plain, "  program: … → listen_on → bind\n");
	assert_has(state, &verbose, "    listen_on+0x11\n    …\n");
}

static void how_every_call_enters_the_kernel_is_not_told(void **state)
{
	bind_port_80(state)->kernel_stack =
		stack_of("x64_sys_call", "__sys_bind", "do_syscall_64", "entry_SYSCALL_64_after_hwframe", NULL);
	assert_has(state, &plain, "  kernel: __sys_bind\n");
}

static void verbosely_each_frame_has_a_line_of_its_own_with_all_that_is_known(void **state)
{
	struct lc_check *check = bind_port_80(state);
	struct lc_frame *frame;

	check->kernel_stack = stack_of("__sys_bind", "do_syscall_64", NULL);
	check->user_stack = stack_of("bind", NULL);
	frame = push(&check->user_stack->stack, "listen_on", 0);
	frame->module = strdup("/usr/sbin/nginx");
	frame->file = strdup("/build/src/nginx.c");
	frame->line = 42;
	frame->inlined = true;
	push(&check->user_stack->stack, NULL, 0x99)->module = strdup("/usr/sbin/nginx");
	assert_has(state, &verbose,
		"  program:\n"
		"    bind+0x10\n"
		"    listen_on+0x0 /usr/sbin/nginx (/build/src/nginx.c:42) [inlined]\n"
		"    /usr/sbin/nginx+0x99\n"
		"  kernel:\n"
		"    __sys_bind+0x10\n"
		"    do_syscall_64+0x11\n");
}

/* The width of the widest line of TEXT. */
static size_t widest(const char *text)
{
	size_t width = 0, most = 0;

	for (; *text; text++) {
		if (*text == '\n')
			width = 0;
		else if (((unsigned char)*text & 0xc0) != 0x80 && ++width > most)
			most = width;
	}
	return most;
}

static void no_line_is_wider_than_the_terminal(void **state)
{
	struct lc_check *check = bind_port_80(state);
	char endless[300] = "/";
	_cleanup_free_ char *text = NULL;

	memset(endless + 1, 'n', sizeof(endless) - 2);
	free(check->about);
	check->about = strdup(endless);
	free(check->exe);
	check->exe = strdup(endless);
	check->why = strdup(endless);
	check->user_stack = stack_of(NULL);
	for (int i = 0; i < 60; i++)
		push(&check->user_stack->stack, i % 20 ? "a_function" : endless, 0);
	check->kernel_stack =
		stack_of("a_function_of_some_length", "another_of_some_length", "and_a_third_one", endless, NULL);
	bind_port_80(state)->class = LC_CLASS_SETUP;
	web(state)->evidence[1].count = UINT64_MAX;
	assert_int_equal(lc_target_add_advice(web(state), CAP_NET_BIND_SERVICE, strdup(endless)), 0);
	free(web(state)->image);
	web(state)->image = strdup("registry.example.com:5000/a/rather/long/path/to/an/image/nginx:1.22.1-alpine");
	text = story(state, CAP_NET_BIND_SERVICE, &plain);
	assert_in_range(widest(text), 60, 80);
}

#define HOSTILE "\033[2J\nx\xe2\x80\xae"
#define VISIBLE "\\033[2J\\nx\\xe2\\x80\\xae"

static void whatever_a_container_names_is_escaped(void **state)
{
	static const char *const seen[] = {VISIBLE "function", VISIBLE "module", VISIBLE "file", VISIBLE "nameless",
		VISIBLE "kernel", VISIBLE "why", VISIBLE "user", VISIBLE "path", VISIBLE "owner", VISIBLE "result",
		VISIBLE "exe", VISIBLE "about", VISIBLE "target", VISIBLE "advice"};
	struct lc_check *check = bind_port_80(state);
	struct lc_frame *frame;
	_cleanup_free_ char *short_text = NULL, *long_text = NULL;

	check->user_stack = stack_of(HOSTILE "function", NULL);
	frame = &check->user_stack->stack.frames[0];
	frame->module = strdup("/" HOSTILE "module");
	frame->file = strdup("/" HOSTILE "file");
	push(&check->user_stack->stack, NULL, 1)->module = strdup("/" HOSTILE "nameless");
	check->kernel_stack = stack_of(HOSTILE "kernel", NULL);
	check->why = strdup(HOSTILE "why");
	check->user = strdup(HOSTILE "user");
	check->object = (struct lc_object){.path = strdup(HOSTILE "path"), .owner = strdup(HOSTILE "owner")};
	check->verdict = LC_VERDICT_DENIED;
	check->result = strdup(HOSTILE "result");
	free(check->exe);
	check->exe = strdup("/bin/" HOSTILE "exe");
	free(check->about);
	check->about = strdup(HOSTILE "about");
	free(web(state)->name);
	web(state)->name = strdup(HOSTILE "target");
	assert_int_equal(lc_target_add_advice(web(state), CAP_NET_BIND_SERVICE, strdup(HOSTILE "advice")), 0);
	short_text = story(state, CAP_NET_BIND_SERVICE, &plain);
	long_text = story(state, CAP_NET_BIND_SERVICE, &verbose);
	for (size_t i = 0; i < 2; i++) {
		const char *text = i ? long_text : short_text;

		assert_null(strchr(text, '\033'));
		assert_null(strstr(text, "\xe2\x80\xae"));
	}
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		if (!strstr(long_text, seen[i]))
			fail_msg("'%s' is not in:\n%s", seen[i], long_text);
	}
}

static void with_colours_headings_are_bold(void **state)
{
	const struct lc_style coloured = {.columns = 80, .color = true};

	bind_port_80(state);
	assert_has(state, &coloured, "\033[1mweb (nginx:1.22): NET_BIND_SERVICE is on the list\033[0m\n");
	assert_has(state, &coloured, "\n\033[1mnginx bind 0.0.0.0:80\033[0m\n");
	assert_lacks(state, &plain, "\033");
}

#define TOLD(test) cmocka_unit_test_setup_teardown(test, begin, end_web)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TOLD(a_story_from_its_answer_to_its_advice),
		TOLD(what_is_on_the_list_is_said_to_be),
		TOLD(what_is_to_be_verified_is_said_to_be),
		TOLD(what_was_denied_and_wanted_is_said_to_be),
		TOLD(what_is_not_on_the_list_is_said_not_to_be),
		TOLD(a_capability_is_told_by_its_meaning),
		TOLD(one_that_nobody_has_explained_is_told_by_its_number),
		TOLD(what_was_granted_for_nothing_is_said_to_be),
		TOLD(evidence_of_other_capabilities_is_not_told),
		TOLD(evidence_stands_by_class_and_then_the_most_frequent_first),
		TOLD(each_class_has_its_consequence),
		TOLD(a_program_that_may_do_without_is_to_be_verified),
		TOLD(a_denied_call_is_told_with_its_result),
		TOLD(what_happened_often_has_its_first_and_last_time),
		TOLD(a_time_that_is_unknown_is_not_told),
		TOLD(the_file_that_made_the_kernel_ask_is_told),
		TOLD(a_file_whose_owner_is_unknown_is_told_all_the_same),
		TOLD(five_pieces_are_told_and_the_others_counted),
		TOLD(what_the_runtime_asked_is_left_out_and_counted),
		TOLD(nothing_is_left_out_where_nothing_was),
		TOLD(verbosely_nothing_is_left_out),
		TOLD(only_what_is_advised_on_this_capability_is_told),
		TOLD(without_the_programs_functions_it_is_said_how_to_get_them),
		TOLD(where_no_kernel_stack_is_known_the_function_that_asked_is_told),
		TOLD(a_function_without_a_name_is_where_it_is_in_its_module),
		TOLD(a_function_whose_source_is_known_has_its_file_and_line),
		TOLD(a_file_without_a_line_is_told_alone),
		TOLD(a_stack_that_went_on_begins_with_dots),
		TOLD(how_every_call_enters_the_kernel_is_not_told),
		TOLD(verbosely_each_frame_has_a_line_of_its_own_with_all_that_is_known),
		TOLD(no_line_is_wider_than_the_terminal),
		TOLD(whatever_a_container_names_is_escaped),
		TOLD(with_colours_headings_are_bold),
	};

	return cmocka_run_group_tests_name("story", tests, NULL, NULL);
}
