/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Receives a stack, asks for the files it leads through, answers with its functions. */
#include "src/why/worker.h"

#include "src/why/walk.h"
#include "src/why/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* After so many seconds of work another child takes over, before the limit on a process's time ends this one in the middle of a stack. */
#define SECONDS_MAX 20

struct worker {
	int socket;
	unsigned char *message; /* LC_MESSAGE_MAX */
	struct lc_mapping *mappings;
	uint64_t *paths;
	struct lc_why_images *images;
	char vdso[sizeof("[vdso]")]; /* the only path that matters here */
};

/* Asks for a file. A descriptor or -errno. */
static int want(const struct worker *worker, struct lc_why_wire_want *message)
{
	struct iovec part = {message, sizeof(*message)};
	uint32_t kind = 0;
	ssize_t length;
	int ret, fd;

	ret = lc_message_send(worker->socket, &part, 1, -1);
	if (ret < 0)
		return ret;
	length = lc_message_receive(worker->socket, &kind, sizeof(kind), &fd);
	/* Nobody waits for the stack any more. */
	if (length != sizeof(kind) || kind != WIRE_FILE)
		_Exit(0);
	return fd < 0 ? -ENOENT : fd;
}

static int open_file(void *context, size_t mapping)
{
	struct lc_why_wire_want message = {.kind = WIRE_WANT_FILE, .mapping = (uint32_t)mapping};

	return want(context, &message);
}

static int find_debug(void *context, const struct lc_why_debug_wanted *wanted)
{
	struct lc_why_wire_want message = {.kind = WIRE_WANT_DEBUG, .mapping = (uint32_t)wanted->mapping};

	if (wanted->length <= WIRE_ID_MAX) {
		message.id_length = (uint32_t)wanted->length;
		if (wanted->length)
			memcpy(message.id, wanted->build_id, wanted->length);
	}
	if (wanted->name && strlen(wanted->name) < WIRE_NAME_MAX) {
		message.has_name = true;
		memcpy(message.name, wanted->name, strlen(wanted->name));
	}
	return want(context, &message);
}

/* Takes the LENGTH bytes of worker->message apart. Whether they are a request. */
static bool parse(struct worker *worker, size_t length, struct lc_why_request *request)
{
	const unsigned char *at = worker->message;
	struct lc_why_wire_request header;
	uint32_t i;

	if (length < sizeof(header))
		return false;
	memcpy(&header, at, sizeof(header));
	at += sizeof(header);
	if (header.kind != WIRE_REQUEST || header.n_mappings > WIRE_MAPPINGS_MAX ||
		header.stack_size > WIRE_STACK_MAX ||
		length != sizeof(header) + header.n_mappings * sizeof(struct lc_why_wire_mapping) + header.stack_size)
		return false;
	for (i = 0; i < header.n_mappings; i++, at += sizeof(struct lc_why_wire_mapping)) {
		struct lc_why_wire_mapping from;

		memcpy(&from, at, sizeof(from));
		worker->mappings[i] = (struct lc_mapping){
			.start = from.start,
			.end = from.end,
			.offset = from.offset,
			.device = from.device,
			.inode = from.inode,
			.path = from.vdso ? worker->vdso : NULL,
		};
		worker->paths[i] = from.path;
	}
	*request = (struct lc_why_request){
		.registers = header.registers,
		.stack = at,
		.stack_size = header.stack_size,
		.mappings = worker->mappings,
		.n_mappings = header.n_mappings,
		.root = {.device = header.root_device, .inode = header.root_inode},
		.paths = worker->paths,
		.open_file = open_file,
		.find_debug = find_debug,
		.context = worker,
	};
	return true;
}

static int answer(struct worker *worker, const struct lc_why_request *request)
{
	int mappings[LC_STACK_DEPTH];
	struct lc_stack stack = {0};
	struct iovec part;
	int ret;

	ret = lc_why_walk_request(worker->images, request, &stack, mappings);
	part.iov_base = worker->message;
	part.iov_len = lc_why_wire_pack(&stack, mappings, ret, worker->message, LC_MESSAGE_MAX);
	lc_stack_clear(&stack);
	return lc_message_send(worker->socket, &part, 1, -1);
}

static bool has_worked_enough(void)
{
	struct timespec used;

	return clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used) || used.tv_sec >= SECONDS_MAX;
}

void lc_why_worker_run(int socket)
{
	struct worker worker = {
		.socket = socket,
		.message = malloc(LC_MESSAGE_MAX),
		.mappings = calloc(WIRE_MAPPINGS_MAX, sizeof(struct lc_mapping)),
		.paths = calloc(WIRE_MAPPINGS_MAX, sizeof(uint64_t)),
		.vdso = "[vdso]",
	};
	struct lc_why_request request;
	ssize_t length;

	if (lc_why_images_new(&worker.images, &lc_why_walk_callbacks))
		return;
	while (worker.message && worker.mappings && worker.paths && !has_worked_enough()) {
		length = lc_message_receive(socket, worker.message, LC_MESSAGE_MAX, NULL);
		if (length <= 0 || !parse(&worker, (size_t)length, &request) || answer(&worker, &request))
			break;
	}
	lc_why_images_free(worker.images);
	free(worker.paths);
	free(worker.mappings);
	free(worker.message);
}
