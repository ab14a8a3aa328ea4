/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Sends, receives, packs and unpacks messages. */
#include "src/why/wire.h"

#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Room for one descriptor beside a message, aligned as the kernel wants it. */
union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr header;
};

int lc_message_send(int socket, struct iovec *parts, size_t n, int fd)
{
	union control control = {0};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = n};

	if (fd >= 0) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &fd, sizeof(int));
	}
	while (sendmsg(socket, &message, MSG_NOSIGNAL) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return 0;
}

ssize_t lc_message_receive(int socket, void *buffer, size_t size, int *fd)
{
	union control control = {0};
	struct iovec part = {buffer, size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	const struct cmsghdr *header;
	ssize_t length;

	if (fd) {
		*fd = -1;
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
	}
	do
		length = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return -errno;
	header = CMSG_FIRSTHDR(&message);
	if (fd && header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
		header->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(fd, CMSG_DATA(header), sizeof(int));
	if (message.msg_flags & MSG_TRUNC) {
		if (fd && *fd >= 0)
			close(*fd);
		return -EMSGSIZE;
	}
	return length;
}

static uint32_t length_of(const char *text)
{
	size_t length = text ? strlen(text) : 0;

	return length < WIRE_STRING_MAX ? (uint32_t)length : WIRE_STRING_MAX;
}

size_t lc_why_wire_pack(
	const struct lc_stack *stack, const int *mappings, int result, unsigned char *buffer, size_t size)
{
	struct wire_answer answer = {.kind = WIRE_ANSWER, .result = result, .cut = stack->cut};
	size_t length = sizeof(answer);

	for (; answer.n < stack->n; answer.n++) {
		const struct lc_frame *from = &stack->frames[answer.n];
		struct wire_frame frame = {
			.offset = from->offset,
			.mapping = mappings[answer.n],
			.line = from->line,
			.inlined = from->inlined,
			.function = length_of(from->function),
			.file = length_of(from->file),
		};

		if (size - length < sizeof(frame) + frame.function + frame.file) {
			answer.cut = true;
			break;
		}
		memcpy(buffer + length, &frame, sizeof(frame));
		length += sizeof(frame);
		if (frame.function)
			memcpy(buffer + length, from->function, frame.function);
		length += frame.function;
		if (frame.file)
			memcpy(buffer + length, from->file, frame.file);
		length += frame.file;
	}
	memcpy(buffer, &answer, sizeof(answer));
	return length;
}

/* What is left of a message. */
struct rest {
	const unsigned char *at;
	size_t length;
};

static bool take(struct rest *rest, void *to, size_t size)
{
	if (rest->length < size)
		return false;
	memcpy(to, rest->at, size);
	rest->at += size;
	rest->length -= size;
	return true;
}

/* Takes LENGTH bytes as a string. 0, -EPROTO, or -ENOMEM. */
static int take_text(struct rest *rest, size_t length, char **text)
{
	if (length > WIRE_STRING_MAX || length > rest->length)
		return -EPROTO;
	if (length == 0)
		return 0;
	*text = strndup((const char *)rest->at, length);
	rest->at += length;
	rest->length -= length;
	return *text ? 0 : -ENOMEM;
}

static int unpack_frame(struct rest *rest, const struct lc_snapshot *snapshot, struct lc_stack *stack)
{
	struct wire_frame packed;
	struct lc_frame *frame;
	int ret;

	if (!take(rest, &packed, sizeof(packed)) || packed.mapping < -1 ||
		(packed.mapping >= 0 && (size_t)packed.mapping >= snapshot->n_mappings))
		return -EPROTO;
	frame = lc_stack_add(stack);
	if (!frame)
		return -ENOMEM;
	frame->offset = packed.offset;
	frame->line = packed.line;
	frame->inlined = packed.inlined != 0;
	ret = take_text(rest, packed.function, &frame->function);
	if (ret == 0)
		ret = take_text(rest, packed.file, &frame->file);
	if (ret == 0 && packed.mapping >= 0 && snapshot->mappings[packed.mapping].path) {
		frame->module = lc_copy(snapshot->mappings[packed.mapping].path);
		ret = frame->module ? 0 : -ENOMEM;
	}
	return ret;
}

int lc_why_wire_unpack(
	const unsigned char *buffer, size_t length, const struct lc_snapshot *snapshot, struct lc_stack *stack)
{
	struct rest rest = {buffer, length};
	struct wire_answer answer;
	uint32_t i;
	int ret = 0;

	if (!take(&rest, &answer, sizeof(answer)) || answer.kind != WIRE_ANSWER || answer.n > LC_STACK_DEPTH ||
		answer.result > 0 || answer.result < -4095)
		return -EPROTO;
	for (i = 0; ret == 0 && i < answer.n; i++)
		ret = unpack_frame(&rest, snapshot, stack);
	if (ret == 0 && rest.length)
		ret = -EPROTO;
	if (ret < 0) {
		lc_stack_clear(stack);
		return ret;
	}
	stack->cut = answer.cut != 0;
	return answer.result;
}
