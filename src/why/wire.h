/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the unwinder and its child say to each other, over a pair of sockets that keep messages apart. The unwinder checks whatever the child
 * says, because a file that the child parsed may have taken it over.
 */
#ifndef LEASTCAP_WHY_WIRE_H
#define LEASTCAP_WHY_WIRE_H

#include <leastcap/why.h>
#include <leastcap/worker.h>

/* A message has room for both. */
#define WIRE_STACK_MAX    (48 << 10)
#define WIRE_MAPPINGS_MAX 2048

#define WIRE_ID_MAX   64
#define WIRE_NAME_MAX 256

enum lc_why_wire_kind {
	WIRE_REQUEST = 1, /* to the child: a stack to unwind */
	WIRE_FILE,        /* to the child: the file that it wanted, in the message's descriptor, or none */
	WIRE_WANT_FILE,   /* from the child: the file of a mapping */
	WIRE_WANT_DEBUG,  /* from the child: a separate debug file */
	WIRE_ANSWER,      /* from the child: the stack */
};

/* Behind it come n_mappings of struct lc_why_wire_mapping, and the stack. */
struct lc_why_wire_request {
	uint32_t kind;
	uint32_t n_mappings;
	uint32_t stack_size;
	uint32_t root_device; /* as of struct lc_root */
	uint64_t root_inode;
	struct lc_registers registers;
};

/* The child knows mappings by number. Of their paths it only has to know which are the same. */
struct lc_why_wire_mapping {
	uint64_t start;
	uint64_t end;
	uint64_t offset;
	uint64_t inode; /* 0: no file */
	uint64_t path;  /* as in struct lc_why_request */
	uint32_t device;
	uint32_t vdso;
};

struct lc_why_wire_want {
	uint32_t kind;
	uint32_t mapping;
	uint32_t id_length;
	uint32_t has_name;
	unsigned char id[WIRE_ID_MAX];
	char name[WIRE_NAME_MAX];
};

/* N frames follow: each the number of its mapping (int32_t, -1: in none) and what lc_pack_frame has of it. */
struct lc_why_wire_answer {
	uint32_t kind;
	int32_t result;
	uint32_t n;
	uint32_t cut;
};

/* Packs STACK, whose frames are in MAPPINGS, into BUFFER of SIZE bytes; what does not fit is cut off. The length. */
size_t lc_why_wire_pack(
	const struct lc_stack *stack, const int *mappings, int result, unsigned char *buffer, size_t size);

/*
 * Unpacks an answer of LENGTH bytes to STACK (zeroed before), whose modules are named by the paths of SNAPSHOT. The answer's result; or
 * -EPROTO when it is no answer, or -ENOMEM: STACK is then empty.
 */
int lc_why_wire_unpack(
	const unsigned char *buffer, size_t length, const struct lc_snapshot *snapshot, struct lc_stack *stack);

#endif
