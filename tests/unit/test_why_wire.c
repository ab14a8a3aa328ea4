/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests the messages between the unwinder and its child, as a child that was taken over would send them. */
#include "src/why/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static char program[] = "/bin/program";
static const struct lc_mapping mapping = {.path = program};
static const struct lc_snapshot snapshot = {.mappings = &mapping, .n_mappings = 1};

/* An answer with one frame, whose strings follow. */
struct one {
	struct wire_answer answer;
	struct wire_frame frame;
	char text[64];
};

static struct one one_frame(void)
{
	return (struct one){
		.answer = {.kind = WIRE_ANSWER, .n = 1},
		.frame = {.mapping = 0, .offset = 0x10, .line = 3, .function = 4, .file = 6},
		.text = "mainmain.c",
	};
}

#define LENGTH (sizeof(struct wire_answer) + sizeof(struct wire_frame) + 10)

static int unpack(const void *message, size_t length, struct lc_stack *stack)
{
	*stack = (struct lc_stack){0};
	return lc_why_wire_unpack(message, length, &snapshot, stack);
}

static void an_answer_becomes_a_stack(void **state)
{
	struct one message = one_frame();
	struct lc_stack stack;

	(void)state;
	assert_int_equal(unpack(&message, LENGTH, &stack), 0);
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
	static unsigned char buffer[WIRE_MESSAGE_MAX];
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
	unsigned char buffer[sizeof(struct wire_answer) + sizeof(struct wire_frame) + 8];
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

static void assert_refused(const void *message, size_t length)
{
	struct lc_stack stack;

	assert_int_equal(unpack(message, length, &stack), -EPROTO);
	assert_int_equal(stack.n, 0);
	assert_null(stack.frames);
}

static void an_answer_of_any_shorter_length_is_refused(void **state)
{
	struct one message = one_frame();
	size_t length;

	(void)state;
	for (length = 0; length < LENGTH; length++)
		assert_refused(&message, length);
}

static void an_answer_with_more_than_it_says_is_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	assert_refused(&message, LENGTH + 1);
}

static void strings_beyond_the_end_are_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	message.frame.file = UINT32_MAX;
	assert_refused(&message, LENGTH);
	message = one_frame();
	message.frame.function = WIRE_STRING_MAX + 1;
	assert_refused(&message, LENGTH);
}

static void mappings_that_the_process_does_not_have_are_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	message.frame.mapping = 1;
	assert_refused(&message, LENGTH);
	message.frame.mapping = -2;
	assert_refused(&message, LENGTH);
}

static void more_frames_than_a_stack_has_are_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	message.answer.n = LC_STACK_DEPTH + 1;
	assert_refused(&message, LENGTH);
}

static void results_that_are_no_errors_are_refused(void **state)
{
	struct one message = one_frame();

	(void)state;
	message.answer.result = 1;
	assert_refused(&message, LENGTH);
	message.answer.result = INT32_MIN;
	assert_refused(&message, LENGTH);
}

static void a_string_ends_at_its_first_nul(void **state)
{
	struct one message = one_frame();
	struct lc_stack stack;

	(void)state;
	message.text[2] = '\0';
	assert_int_equal(unpack(&message, LENGTH, &stack), 0);
	assert_string_equal(stack.frames[0].function, "ma");
	lc_stack_clear(&stack);
}

static void a_message_longer_than_the_room_for_it_is_refused(void **state)
{
	char small[4], large[8] = {0};
	struct iovec part = {large, sizeof(large)};
	int sockets[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
	assert_int_equal(lc_message_send(sockets[0], &part, 1, -1), 0);
	assert_int_equal(lc_message_receive(sockets[1], small, sizeof(small), NULL), -EMSGSIZE);
	close(sockets[0]);
	close(sockets[1]);
}

static void a_descriptor_that_is_not_expected_is_not_taken(void **state)
{
	char byte = 0;
	struct iovec part = {&byte, 1};
	int sockets[2], before, after;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
	before = dup(0);
	close(before);
	assert_int_equal(lc_message_send(sockets[0], &part, 1, sockets[0]), 0);
	assert_int_equal(lc_message_receive(sockets[1], &byte, 1, NULL), 1);
	after = dup(0);
	close(after);
	assert_int_equal(before, after);
	close(sockets[0]);
	close(sockets[1]);
}

static void a_descriptor_arrives_with_its_message(void **state)
{
	char byte = 0;
	struct iovec part = {&byte, 1};
	int sockets[2], fd;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sockets), 0);
	assert_int_equal(lc_message_send(sockets[0], &part, 1, sockets[0]), 0);
	assert_int_equal(lc_message_receive(sockets[1], &byte, 1, &fd), 1);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	close(sockets[0]);
	close(sockets[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_becomes_a_stack),
		cmocka_unit_test(what_was_packed_is_unpacked_the_same),
		cmocka_unit_test(what_finds_no_room_in_an_answer_cuts_the_stack),
		cmocka_unit_test(an_answer_of_any_shorter_length_is_refused),
		cmocka_unit_test(an_answer_with_more_than_it_says_is_refused),
		cmocka_unit_test(strings_beyond_the_end_are_refused),
		cmocka_unit_test(mappings_that_the_process_does_not_have_are_refused),
		cmocka_unit_test(more_frames_than_a_stack_has_are_refused),
		cmocka_unit_test(results_that_are_no_errors_are_refused),
		cmocka_unit_test(a_string_ends_at_its_first_nul),
		cmocka_unit_test(a_message_longer_than_the_room_for_it_is_refused),
		cmocka_unit_test(a_descriptor_that_is_not_expected_is_not_taken),
		cmocka_unit_test(a_descriptor_arrives_with_its_message),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
