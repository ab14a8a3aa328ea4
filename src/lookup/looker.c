/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Gives up the privileges that looking does not take, then answers one request after the other. */
#include "src/lookup/looker.h"

#include "src/lookup/files.h"
#include "src/lookup/wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What a looker needs while it answers. */
struct work {
	const struct lc_lookup_looker *looker;
	struct lc_names *names;
	unsigned char *message;      /* LC_MESSAGE_MAX */
	struct lc_mapping *mappings; /* LOOKUP_MAPPINGS_MAX */
};

static int enter(void *context, int *socket)
{
	const struct lc_lookup_looker *looker = context;
	int kept[3] = {*socket};
	size_t n = 1;

	if (looker->unwinder)
		n += (size_t)lc_why_fds(looker->unwinder, kept + 1);
	return lc_sandbox_look(kept, n);
}

/* Unwinds SNAPSHOT by the mappings that its process has now if it still runs the same program, else by those in SNAPSHOT. */
static int unwind(struct lc_why *unwinder, struct lc_snapshot *snapshot, struct lc_stack *stack)
{
	struct lc_mapping *mappings;
	size_t n;
	int ret;

	if (!unwinder)
		return -ENOENT;
	if (lc_mappings_of_snapshot(snapshot, &mappings, &n))
		return lc_why_unwind(unwinder, snapshot, stack);
	snapshot->mappings = mappings;
	snapshot->n_mappings = n;
	ret = lc_why_unwind(unwinder, snapshot, stack);
	lc_mappings_free(mappings, n);
	return ret;
}

static void look(const struct work *work, struct lc_lookup_request *request, struct lc_lookup_answer *answer)
{
	const struct lc_lookup_files_place place = {work->looker->hierarchy, request->cgroup};

	switch (request->kind) {
	case LOOKUP_CARRIED:
		answer->result = lc_lookup_files_carried(&place, &request->executed, &answer->carried);
		break;
	case LOOKUP_OBJECT:
		answer->result = lc_lookup_files_find_object(&place, &request->touched, work->names, &answer->object);
		break;
	case LOOKUP_STACK:
		answer->result = unwind(work->looker->unwinder, &request->snapshot, &answer->stack);
		answer->no_debuginfod = work->looker->unwinder && lc_why_lacks_debuginfod(work->looker->unwinder);
		break;
	case LOOKUP_NAMED:
		answer->result = lc_lookup_files_named(&place, &request->executed, request->daemon, &answer->named);
		break;
	case LOOKUP_KINDS:
		break;
	}
}

/* Answers the request of LENGTH bytes in the message. Whether there is another to wait for. */
static bool serve(const struct work *work, int socket, size_t length)
{
	struct lc_lookup_answer answer = {0};
	struct lc_lookup_request request;
	struct iovec part = {work->message, 0};
	int ret;

	if (lc_lookup_unpack_request(work->message, length, &request, work->mappings))
		return false;
	answer.id = request.id;
	answer.kind = request.kind;
	look(work, &request, &answer);
	part.iov_len = lc_lookup_pack_answer(&answer, work->message);
	ret = lc_message_send(socket, &part, 1, -1);
	lc_lookup_answer_clear(&answer);
	return ret == 0;
}

static void live(void *context, int socket)
{
	struct work work = {
		.looker = context,
		.names = lc_names_new(),
		.message = malloc(LC_MESSAGE_MAX),
		.mappings = calloc(LOOKUP_MAPPINGS_MAX, sizeof(struct lc_mapping)),
	};
	ssize_t length = 1;

	while (work.names && work.message && work.mappings && length > 0) {
		length = lc_message_receive(socket, work.message, LC_MESSAGE_MAX, NULL);
		if (length > 0 && !serve(&work, socket, (size_t)length))
			break;
	}
	lc_names_free(work.names);
	free(work.message);
	free(work.mappings);
}

const struct lc_worker_life lc_lookup_looker_of_files = {.name = "leastcap-files", .enter = enter, .live = live};
const struct lc_worker_life lc_lookup_looker_of_stacks = {.name = "leastcap-stacks", .enter = enter, .live = live};
