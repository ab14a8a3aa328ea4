/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests the messages between the unwinder and its child, as a child that was taken over would send them. */
#include "src/why/wire.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char program[] = "/bin/program";
static const struct lc_mapping mapping = {.path = program};
static const struct lc_snapshot snapshot = {.mappings = &mapping, .n_mappings = 1};

/* An answer with one frame, as it is packed. */
struct one {
	struct lc_why_wire_answer answer;
	int32_t mapping;
	struct lc_frame frame;
	unsigned char bytes[256];
	size_t length;
};

static char main_name[] = "main", main_file[] = "main.c";

static struct one one_frame(void)
{
	return (struct one){
		.answer = {.kind = WIRE_ANSWER, .n = 1},
		.frame = {.offset = 0x10, .line = 3, .function = main_name, .file = main_file},
	};
}

static void pack(struct one *one)
{
	struct lc_packer packer = {one->bytes, one->bytes + sizeof(one->bytes), false};

	lc_pack(&packer, &one->answer, sizeof(one->answer));
	lc_pack(&packer, &one->mapping, sizeof(one->mapping));
	lc_pack_frame(&packer, &one->frame);
	assert_false(packer.full);
	one->length = (size_t)(packer.at - one->bytes);
}

/* Unpacks MESSAGE as it is packed. */
static int unpack(struct one *message, struct lc_stack *stack)
{
	pack(message);
	*stack = (struct lc_stack){0};
	return lc_why_wire_unpack(message->bytes, message->length, &snapshot, stack);
}

static void an_answer_becomes_a_stack(void **state)
{
	struct one message = one_frame();
	struct lc_stack stack;

	(void)state;
	assert_int_equal(unpack(&message, &stack), 0);
	assert_int_equal(stack.n, 1);
	assert_string_equal(stack.frames[0].function, "main");
	assert_string_equal(stack.frames[0].file, "main.c");
	assert_string_equal(stack.frames[0].module, program);
	assert_int_equal(stack.frames[0].line, 3);
	assert_int_equal(stack.frames[0].offset, 0x10);
	lc_stack_clear(&stack);
}

static void what_was_packed_is_unpacked_the_same(void **state)
{
	static unsigned char buffer[LC_MESSAGE_MAX];
	const int mappings[] = {0, -1};
	struct lc_stack stack = {.cut = true}, back = {0};
	size_t length;

	(void)state;
	lc_stack_add(&stack)->function = strdup("inner");
	stack.frames[0].inlined = true;
	stack.frames[0].file = strdup("x.c");
	lc_stack_add(&stack)->offset = 77;
	length = lc_why_wire_pack(&stack, mappings, 0, buffer, sizeof(buffer));
	assert_int_equal(lc_why_wire_unpack(buffer, length, &snapshot, &back), 0);
	assert_true(back.cut);
	assert_int_equal(back.n, 2);
	assert_string_equal(back.frames[0].function, "inner");
	assert_string_equal(back.frames[0].file, "x.c");
	assert_true(back.frames[0].inlined);
	assert_string_equal(back.frames[0].module, program);
	assert_null(back.frames[1].function);
	assert_null(back.frames[1].module);
	assert_int_equal(back.frames[1].offset, 77);
	lc_stack_clear(&stack);
	lc_stack_clear(&back);
}

static void what_finds_no_room_in_an_answer_cuts_the_stack(void **state)
{
	unsigned char buffer[sizeof(struct lc_why_wire_answer) + 48];
	const int mappings[] = {0, 0};
	struct lc_stack stack = {0}, back = {0};
	size_t length;

	(void)state;
	lc_stack_add(&stack)->function = strdup("inner");
	lc_stack_add(&stack)->function = strdup("outer");
	length = lc_why_wire_pack(&stack, mappings, 0, buffer, sizeof(buffer));
	assert_true(length <= sizeof(buffer));
	assert_int_equal(lc_why_wire_unpack(buffer, length, &snapshot, &back), 0);
	assert_int_equal(back.n, 1);
	assert_true(back.cut);
	lc_stack_clear(&stack);
	lc_stack_clear(&back);
}

static void assert_bytes_are_refused(const unsigned char *bytes, size_t length)
{
	struct lc_stack stack = {0};

	assert_int_equal(lc_why_wire_unpack(bytes, length, &snapshot, &stack), -EPROTO);
	assert_int_equal(stack.n, 0);
	assert_null(stack.frames);
}

static void assert_refused(struct one *message)
{
	pack(message);
	assert_bytes_are_refused(message->bytes, message->length);
}

static void an_answer_of_any_shorter_length_is_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	pack(&message);
	for (size_t length = 0; length < message.length; length++)
		assert_bytes_are_refused(message.bytes, length);
}

static void an_answer_with_more_than_it_says_is_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	pack(&message);
	assert_bytes_are_refused(message.bytes, message.length + 1);
}

static void a_module_that_the_child_names_is_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	message.frame.module = program;
	assert_refused(&message);
}

static void mappings_that_the_process_does_not_have_are_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	message.mapping = 1;
	assert_refused(&message);
	message.mapping = -2;
	assert_refused(&message);
}

static void more_frames_than_a_stack_has_are_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	message.answer.n = LC_STACK_DEPTH + 1;
	assert_refused(&message);
}

static void results_that_are_no_errors_are_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	message.answer.result = 1;
	assert_refused(&message);
	message.answer.result = INT32_MIN;
	assert_refused(&message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_becomes_a_stack),
		cmocka_unit_test(what_was_packed_is_unpacked_the_same),
		cmocka_unit_test(what_finds_no_room_in_an_answer_cuts_the_stack),
		cmocka_unit_test(an_answer_of_any_shorter_length_is_refused),
		cmocka_unit_test(an_answer_with_more_than_it_says_is_refused),
		cmocka_unit_test(a_module_that_the_child_names_is_refused),
		cmocka_unit_test(mappings_that_the_process_does_not_have_are_refused),
		cmocka_unit_test(more_frames_than_a_stack_has_are_refused),
		cmocka_unit_test(results_that_are_no_errors_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
