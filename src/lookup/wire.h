/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the recorder and the process that looks say to each other: requests and answers as messages. Answers are believed nothing but what they
 * tell: whoever looks reads what a container wrote.
 */
#ifndef LEASTCAP_LOOKUP_WIRE_H
#define LEASTCAP_LOOKUP_WIRE_H

#include <leastcap/lookup.h>
#include <leastcap/worker.h>

enum lookup_kind { LOOKUP_CARRIED, LOOKUP_OBJECT, LOOKUP_STACK, LOOKUP_KINDS };

/* A request: one of the three by its kind. Strings are lent. */
struct lookup_request {
	uint32_t id;
	enum lookup_kind kind;
	const char *cgroup; /* NULL: none */
	struct lc_executed executed;
	struct lc_touched touched;
	struct lc_snapshot snapshot;
};

/* The answer, by the same. What is in it is owned: lc_lookup_answer_clear. */
struct lookup_answer {
	uint32_t id;
	enum lookup_kind kind;
	int result;
	bool no_debuginfod; /* see lc_why_lacks_debuginfod */
	struct lc_carried carried;
	struct lc_object object;
	struct lc_stack stack;
};

/*
 * Packs REQUEST into a new buffer, to *BUFFER (caller frees) and *LENGTH; mappings that find no room are left out. 0; -EMSGSIZE when the
 * rest does not fit into a message; or -ENOMEM.
 */
int lc_lookup_pack_request(const struct lookup_request *request, unsigned char **buffer, size_t *length);

/*
 * Takes the LENGTH bytes of BUFFER apart to REQUEST, whose strings lie in BUFFER, and its mappings in MAPPINGS (room for LOOKUP_MAPPINGS_MAX).
 * 0 or -EPROTO.
 */
int lc_lookup_unpack_request(
	const unsigned char *buffer, size_t length, struct lookup_request *request, struct lc_mapping *mappings);

#define LOOKUP_MAPPINGS_MAX 2048

/* Packs ANSWER into BUFFER (LC_MESSAGE_MAX bytes); frames that find no room are cut off. The length. */
size_t lc_lookup_pack_answer(const struct lookup_answer *answer, unsigned char *buffer);

/* Takes the LENGTH bytes of BUFFER apart to ANSWER. 0, -EPROTO when they are none, or -ENOMEM; ANSWER is then empty. */
int lc_lookup_unpack_answer(const unsigned char *buffer, size_t length, struct lookup_answer *answer);

/* Frees what ANSWER owns and zeroes that. */
void lc_lookup_answer_clear(struct lookup_answer *answer);

#endif
