/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The privileged side: opens files, gives them to the child, and waits for its answer until a deadline. */
#include "src/why/debuginfod.h"
#include "src/why/files.h"
#include "src/why/wire.h"
#include "src/why/worker.h"

#include <leastcap/clock.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TIMEOUT_MS 2000

/* How many files a child may want for one stack: each frame has one at most, with a debug file and an alternate. */
#define WANTS_MAX (4 * LC_STACK_DEPTH)

struct lc_why {
	const struct lc_log *log;
	unsigned timeout_ms;
	struct lc_worker child;
	struct lc_why_debuginfod *debuginfod;
	struct lc_table *seen; /* processes by their roots */
	unsigned char *message;
	struct lc_why_wire_mapping *mappings;
};

bool lc_why_lacks_debuginfod(const struct lc_why *unwinder)
{
	return unwinder->debuginfod && lc_why_debuginfod_is_gone(unwinder->debuginfod);
}

int lc_why_fds(const struct lc_why *unwinder, int fds[2])
{
	int n = 0;

	fds[n++] = unwinder->child.control;
	if (unwinder->debuginfod)
		fds[n++] = lc_why_debuginfod_fd(unwinder->debuginfod);
	return n;
}

void lc_why_free(struct lc_why *unwinder)
{
	if (!unwinder)
		return;
	lc_worker_end(&unwinder->child);
	lc_why_debuginfod_free(unwinder->debuginfod);
	lc_table_free(unwinder->seen, free);
	free(unwinder->mappings);
	free(unwinder->message);
	free(unwinder);
}

/* The keeper of the children has no privileges itself. */
static int enter(void *context, int *socket)
{
	int ret = lc_sandbox_enter(*socket, false);

	(void)context;
	*socket = 0;
	return ret;
}

static void live(void *context, int socket)
{
	(void)context;
	close_range((unsigned)socket + 1, ~0U, 0);
	if (lc_sandbox_confine())
		_exit(1);
	lc_why_worker_run(socket);
}

static const struct lc_worker_life parsing = {.name = "leastcap-why", .enter = enter, .live = live};

int lc_why_new(struct lc_why **out, const struct lc_why_options *options, const struct lc_log *log)
{
	struct lc_why *unwinder = calloc(1, sizeof(*unwinder));
	int ret;

	if (!unwinder)
		return -ENOMEM;
	unwinder->log = log;
	unwinder->timeout_ms = options && options->timeout_ms ? options->timeout_ms : TIMEOUT_MS;
	unwinder->child = LC_WORKER_NONE;
	ret = lc_worker_start(&unwinder->child, &parsing, NULL);
	if (ret == 0 && options && options->debuginfod)
		ret = lc_why_debuginfod_new(&unwinder->debuginfod, log);
	if (ret == 0) {
		unwinder->seen = lc_table_new(sizeof(struct lc_root));
		unwinder->mappings = calloc(WIRE_MAPPINGS_MAX, sizeof(*unwinder->mappings));
		unwinder->message = malloc(LC_MESSAGE_MAX);
		if (!unwinder->seen || !unwinder->mappings || !unwinder->message)
			ret = -ENOMEM;
	}
	if (ret < 0) {
		lc_why_free(unwinder);
		return ret;
	}
	*out = unwinder;
	return 0;
}

/* FNV-1a. A container that finds two paths with the same number spoils the names of its own functions alone. */
static uint64_t number_of(const char *path)
{
	uint64_t number = UINT64_C(0xcbf29ce484222325);

	for (; path && *path; path++)
		number = (number ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
	return number;
}

static int send_request(struct lc_why *unwinder, const struct lc_snapshot *snapshot)
{
	struct lc_why_wire_request request = {
		.kind = WIRE_REQUEST,
		.n_mappings =
			(uint32_t)(snapshot->n_mappings < WIRE_MAPPINGS_MAX ? snapshot->n_mappings : WIRE_MAPPINGS_MAX),
		.stack_size = (uint32_t)(snapshot->stack_size < WIRE_STACK_MAX ? snapshot->stack_size : WIRE_STACK_MAX),
		.root_device = snapshot->root.device,
		.root_inode = snapshot->root.inode,
		.registers = snapshot->registers,
	};
	struct iovec parts[] = {
		{&request, sizeof(request)},
		{unwinder->mappings, request.n_mappings * sizeof(struct lc_why_wire_mapping)},
		{(void *)snapshot->stack, request.stack_size},
	};
	uint32_t i;

	for (i = 0; i < request.n_mappings; i++) {
		const struct lc_mapping *mapping = &snapshot->mappings[i];

		unwinder->mappings[i] = (struct lc_why_wire_mapping){
			.start = mapping->start,
			.end = mapping->end,
			.offset = mapping->offset,
			.inode = mapping->inode,
			.path = number_of(mapping->path),
			.device = mapping->device,
			.vdso = !mapping->inode && mapping->path && strcmp(mapping->path, "[vdso]") == 0,
		};
	}
	return lc_worker_send(&unwinder->child, parts, 3, -1);
}

/* Sends the request for SNAPSHOT. A child may have ended since its last answer, so that a second one is tried. 0 or -errno. */
static int send_to_worker(struct lc_why *unwinder, const struct lc_snapshot *snapshot)
{
	int ret, i;

	for (i = 0; i < 2; i++) {
		ret = lc_worker_need(&unwinder->child);
		if (ret == 0)
			ret = send_request(unwinder, snapshot);
		if (ret != -EPIPE && ret != -ECONNRESET)
			break;
		lc_worker_drop(&unwinder->child);
	}
	return ret;
}

/* Opens the file that the message of LENGTH bytes wants, to *FD (negative: there is none). 0, or -EPROTO when the message makes no sense. */
static int find_wanted(struct lc_why *unwinder, struct lc_why_files *files, size_t length, int *fd)
{
	struct lc_why_debug_wanted debug = {0};
	struct lc_why_wire_want want;

	if (length != sizeof(want))
		return -EPROTO;
	memcpy(&want, unwinder->message, sizeof(want));
	if (want.mapping >= files->snapshot->n_mappings || want.id_length > WIRE_ID_MAX ||
		memchr(want.name, '\0', sizeof(want.name)) == NULL)
		return -EPROTO;
	if (want.kind == WIRE_WANT_FILE) {
		*fd = lc_why_files_open(files, want.mapping);
		return 0;
	}
	debug.mapping = want.mapping;
	debug.build_id = want.id;
	debug.length = want.id_length;
	debug.name = want.has_name ? want.name : NULL;
	*fd = lc_why_files_find_debug(files, &debug);
	if (*fd < 0 && debug.length && unwinder->debuginfod)
		*fd = lc_why_debuginfod_find(unwinder->debuginfod, debug.build_id, debug.length);
	return 0;
}

/* Answers the message of LENGTH bytes that wants a file. The time that this takes is added to the child's DEADLINE. */
static int serve_want(struct lc_why *unwinder, struct lc_why_files *files, size_t length, int64_t *deadline)
{
	uint32_t kind = WIRE_FILE;
	struct iovec part = {&kind, sizeof(kind)};
	int64_t began = lc_clock_ms(CLOCK_MONOTONIC);
	int ret, fd = -1;

	ret = find_wanted(unwinder, files, length, &fd);
	if (ret == 0)
		ret = lc_worker_send(&unwinder->child, &part, 1, fd);
	if (fd >= 0)
		close(fd);
	*deadline += lc_clock_ms(CLOCK_MONOTONIC) - began;
	return ret;
}

/* Gives the child the files that it asks for, until it answers. */
static int converse(struct lc_why *unwinder, struct lc_why_files *files, struct lc_stack *stack)
{
	int64_t deadline = lc_clock_ms(CLOCK_MONOTONIC) + unwinder->timeout_ms;
	ssize_t length;
	uint32_t kind;
	int wants, ret;

	for (wants = 0; wants < WANTS_MAX; wants++) {
		length = lc_worker_receive(&unwinder->child, unwinder->message, LC_MESSAGE_MAX, deadline);
		if (length < 0)
			return (int)length;
		if ((size_t)length < sizeof(kind))
			return -EPROTO;
		memcpy(&kind, unwinder->message, sizeof(kind));
		if (kind == WIRE_ANSWER)
			return lc_why_wire_unpack(unwinder->message, (size_t)length, files->snapshot, stack);
		if (kind != WIRE_WANT_FILE && kind != WIRE_WANT_DEBUG)
			return -EPROTO;
		ret = serve_want(unwinder, files, (size_t)length, &deadline);
		if (ret < 0)
			return ret;
	}
	return -EPROTO;
}

int lc_why_unwind(struct lc_why *unwinder, const struct lc_snapshot *snapshot, struct lc_stack *stack)
{
	struct lc_why_files files;
	int ret;

	ret = send_to_worker(unwinder, snapshot);
	if (ret == 0) {
		lc_why_files_begin(&files, snapshot, unwinder->seen);
		ret = converse(unwinder, &files, stack);
		lc_why_files_end(&files);
	}
	if (ret < 0) {
		lc_log(unwinder->log, LC_LOG_DEBUG, "the stack of process %d could not be unwound: %s", snapshot->tgid,
			strerror(-ret));
		lc_worker_drop(&unwinder->child);
	}
	return ret;
}
