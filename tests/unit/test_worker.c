/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests messages and workers: what is packed, what arrives, and what becomes of a worker that does not answer. */
#include <leastcap/clock.h>
#include <leastcap/worker.h>

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

static void what_is_packed_is_unpacked(void **state)
{
	unsigned char bytes[256];
	struct lc_packer packer = {bytes, bytes + sizeof(bytes), false};
	struct lc_unpacker unpacker = {bytes, NULL, false};
	uint32_t number = 7, found;
	char *copy;

	(void)state;
	lc_pack(&packer, &number, sizeof(number));
	lc_pack_string(&packer, "text");
	lc_pack_string(&packer, NULL);
	lc_pack_string(&packer, "");
	assert_false(packer.full);
	unpacker.end = packer.at;
	lc_unpack(&unpacker, &found, sizeof(found));
	assert_int_equal(found, 7);
	copy = lc_unpack_copy(&unpacker);
	assert_string_equal(copy, "text");
	free(copy);
	assert_null(lc_unpack_string(&unpacker));
	assert_string_equal(lc_unpack_string(&unpacker), "");
	assert_false(unpacker.broken);
	lc_unpack(&unpacker, &found, 1);
	assert_true(unpacker.broken);
}

static void what_finds_no_room_is_not_packed(void **state)
{
	unsigned char bytes[8] = {0};
	struct lc_packer packer = {bytes, bytes + sizeof(bytes), false};

	(void)state;
	lc_pack_string(&packer, "text");
	assert_true(packer.full);
}

static void a_string_that_is_too_long_is_left_out(void **state)
{
	static char text[LC_PACKED_STRING_MAX + 2];
	static unsigned char bytes[2 * sizeof(text)];
	struct lc_packer packer = {bytes, bytes + sizeof(bytes), false};
	struct lc_unpacker unpacker = {bytes, bytes + sizeof(bytes), false};

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	lc_pack_string(&packer, text);
	text[LC_PACKED_STRING_MAX] = '\0';
	lc_pack_string(&packer, text);
	assert_null(lc_unpack_string(&unpacker));
	assert_false(unpacker.broken);
	assert_string_equal(lc_unpack_string(&unpacker), text);
}

/* A string as LENGTH says, of these BYTES. */
static void assert_broken(uint32_t length, const char *text, size_t size)
{
	unsigned char bytes[64];
	struct lc_packer packer = {bytes, bytes + sizeof(bytes), false};
	struct lc_unpacker unpacker = {bytes, NULL, false};

	lc_pack(&packer, &length, sizeof(length));
	lc_pack(&packer, text, size);
	unpacker.end = packer.at;
	assert_null(lc_unpack_string(&unpacker));
	assert_true(unpacker.broken);
}

static void a_string_that_is_not_as_long_as_it_says_is_broken(void **state)
{
	(void)state;
	assert_broken(5, "text", 5);
	assert_broken(4, "te\0t", 5);
	assert_broken(4, "text", 4);
	assert_broken(4, "texts", 5);
	assert_broken(LC_PACKED_STRING_MAX + 1, "text", 5);
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

/* A worker that answers each byte with the next one, and 0xff with nothing. */
static int enter(void *context, int *socket)
{
	(void)context, (void)socket;
	return 0;
}

static void live(void *context, int socket)
{
	unsigned char byte;
	struct iovec part = {&byte, 1};

	(void)context;
	while (lc_message_receive(socket, &byte, 1, NULL) > 0) {
		if (byte == 0xff)
			pause();
		if (byte == 0xfe)
			return;
		byte++;
		lc_message_send(socket, &part, 1, -1);
	}
}

static const struct lc_worker_life counting = {.name = "counting", .enter = enter, .live = live};

static int refuse(void *context, int *socket)
{
	(void)context, (void)socket;
	return -EPERM;
}

/* Asks WORKER about BYTE. The answer or -errno. */
static int ask(struct lc_worker *worker, unsigned char byte)
{
	struct iovec part = {&byte, 1};
	ssize_t length;

	assert_int_equal(lc_worker_need(worker), 0);
	assert_int_equal(lc_worker_send(worker, &part, 1, -1), 0);
	length = lc_worker_receive(worker, &byte, 1, lc_clock_ms(CLOCK_MONOTONIC) + (byte >= 0xfe ? 300 : 60000));
	return length < 0 ? (int)length : byte;
}

static void a_worker_answers(void **state)
{
	struct lc_worker worker = LC_WORKER_NONE;
	unsigned char byte;

	(void)state;
	assert_int_equal(lc_worker_start(&worker, &counting, NULL), 0);
	assert_int_equal(ask(&worker, 1), 2);
	assert_int_equal(ask(&worker, 5), 6);
	assert_int_equal(lc_worker_receive(&worker, &byte, 1, 0), -ETIMEDOUT);
	lc_worker_end(&worker);
	assert_int_equal(worker.socket, -1);
	assert_int_equal(worker.control, -1);
}

static void a_worker_that_hangs_or_ends_is_replaced(void **state)
{
	struct lc_worker worker = LC_WORKER_NONE;

	(void)state;
	assert_int_equal(lc_worker_start(&worker, &counting, NULL), 0);
	assert_int_equal(ask(&worker, 0xff), -ETIMEDOUT);
	lc_worker_drop(&worker);
	assert_int_equal(ask(&worker, 1), 2);
	assert_int_equal(ask(&worker, 0xfe), -EPIPE);
	lc_worker_drop(&worker);
	assert_int_equal(ask(&worker, 1), 2);
	lc_worker_end(&worker);
}

static void a_keeper_that_keeps_too_much_does_not_start(void **state)
{
	const struct lc_worker_life refusing = {.name = "refusing", .enter = refuse, .live = live};
	struct lc_worker worker = LC_WORKER_NONE;

	(void)state;
	assert_int_equal(lc_worker_start(&worker, &refusing, NULL), -EPERM);
	assert_int_equal(worker.control, -1);
	lc_worker_end(&worker);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_is_unpacked),
		cmocka_unit_test(what_finds_no_room_is_not_packed),
		cmocka_unit_test(a_string_that_is_too_long_is_left_out),
		cmocka_unit_test(a_string_that_is_not_as_long_as_it_says_is_broken),
		cmocka_unit_test(a_message_longer_than_the_room_for_it_is_refused),
		cmocka_unit_test(a_descriptor_that_is_not_expected_is_not_taken),
		cmocka_unit_test(a_descriptor_arrives_with_its_message),
		cmocka_unit_test(a_worker_answers),
		cmocka_unit_test(a_worker_that_hangs_or_ends_is_replaced),
		cmocka_unit_test(a_keeper_that_keeps_too_much_does_not_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
