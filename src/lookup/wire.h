/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the recorder and the process that looks say to each other: requests and answers as messages. The recorder checks the answers, because
 * what a container wrote may have taken over the process that reads it.
 */
#ifndef LEASTCAP_LOOKUP_WIRE_H
#define LEASTCAP_LOOKUP_WIRE_H

#include <leastcap/lookup.h>
#include <leastcap/worker.h>

enum lc_lookup_kind { LOOKUP_CARRIED, LOOKUP_OBJECT, LOOKUP_STACK, LOOKUP_NAMED, LOOKUP_KINDS };

/* A request: what of this counts follows from its kind. Strings are lent. */
struct lc_lookup_request {
	uint32_t id;
	enum lc_lookup_kind kind;
	const char *cgroup; /* NULL: none */
	struct lc_executed executed;
	uint32_t daemon; /* see lc_named_daemon */
	struct lc_touched touched;
	struct lc_snapshot snapshot;
};

/* The answer to a request of the same kind. lc_lookup_answer_clear frees what it holds. */
struct lc_lookup_answer {
	uint32_t id;
	enum lc_lookup_kind kind;
	int result;
	bool no_debuginfod; /* see lc_why_lacks_debuginfod */
	struct lc_carried carried;
	struct lc_object object;
	struct lc_stack stack;
	struct lc_named_list named;
};

/*
 * Packs REQUEST into a new buffer, to *BUFFER (caller frees) and *LENGTH. Mappings that find no room are left out. 0; -EMSGSIZE when the
 * rest does not fit into a message, or -ENOMEM: both are then unchanged.
 */
int lc_lookup_pack_request(const struct lc_lookup_request *request, unsigned char **buffer, size_t *length);

/*
 * Takes the LENGTH bytes of BUFFER apart to REQUEST. Its strings lie in BUFFER, its mappings in MAPPINGS (room for LOOKUP_MAPPINGS_MAX).
 * 0, or -EPROTO: REQUEST is then unchanged.
 */
int lc_lookup_unpack_request(
	const unsigned char *buffer, size_t length, struct lc_lookup_request *request, struct lc_mapping *mappings);

#define LOOKUP_MAPPINGS_MAX 2048

/* Packs ANSWER into BUFFER (LC_MESSAGE_MAX bytes); frames that find no room are cut off. The length. */
size_t lc_lookup_pack_answer(const struct lc_lookup_answer *answer, unsigned char *buffer);

/* Takes the LENGTH bytes of BUFFER apart to ANSWER (lc_lookup_answer_clear frees it). 0, or -EPROTO: ANSWER is then unchanged. */
int lc_lookup_unpack_answer(const unsigned char *buffer, size_t length, struct lc_lookup_answer *answer);

/* Frees what ANSWER owns and zeroes that. */
void lc_lookup_answer_clear(struct lc_lookup_answer *answer);

#endif
