/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the unwinder and its child say to each other, over a pair of sockets that keep messages apart. The child is believed nothing: it may have
 * been taken over by a file that it parsed.
 */
#ifndef LEASTCAP_WHY_WIRE_H
#define LEASTCAP_WHY_WIRE_H

#include <leastcap/why.h>

#include <sys/uio.h>

#define WIRE_STACK_MAX    (64 << 10)
#define WIRE_MAPPINGS_MAX 2048
#define WIRE_ID_MAX       64
#define WIRE_NAME_MAX     256
#define WIRE_STRING_MAX   4096
/* More than a request or an answer of that many parts has. A UNIX socket takes up to about 208 KiB at once. */
#define WIRE_MESSAGE_MAX (160 << 10)

enum wire_kind {
	WIRE_REQUEST = 1, /* to the child: a stack to unwind */
	WIRE_FILE,        /* to the child: the file that it wanted, in the message's descriptor, or none */
	WIRE_WANT_FILE,   /* from the child: the file of a mapping */
	WIRE_WANT_DEBUG,  /* from the child: a separate debug file */
	WIRE_ANSWER,      /* from the child: the stack */
};

/* n_mappings of struct wire_mapping follow, and the stack. */
struct wire_request {
	uint32_t kind;
	uint32_t n_mappings;
	uint32_t stack_size;
	uint32_t unused;
	struct lc_registers registers;
};

/* The child knows mappings by number: it has no use for their paths. */
struct wire_mapping {
	uint64_t start;
	uint64_t end;
	uint64_t offset;
	uint64_t inode; /* 0: no file */
	uint64_t vdso;
};

struct wire_want {
	uint32_t kind;
	uint32_t mapping;
	uint32_t id_length;
	uint32_t has_name;
	unsigned char id[WIRE_ID_MAX];
	char name[WIRE_NAME_MAX];
};

/* N of struct wire_frame follow, each with its strings. */
struct wire_answer {
	uint32_t kind;
	int32_t result;
	uint32_t n;
	uint32_t cut;
};

/* The bytes of the function's name and the file's follow; 0 of them: it is not known. */
struct wire_frame {
	uint64_t offset;
	int32_t mapping; /* -1: in none */
	uint32_t line;
	uint32_t inlined;
	uint32_t function;
	uint32_t file;
	uint32_t unused;
};

/* Sends one message of N parts, with the descriptor FD unless it is negative. 0 or -errno. */
int lc_message_send(int socket, struct iovec *parts, size_t n, int fd);

/*
 * Receives one message of up to SIZE bytes, and a descriptor to *FD (-1: none) unless FD is NULL. Its length; 0 at the end; -EMSGSIZE when it was
 * longer; or -errno.
 */
ssize_t lc_message_receive(int socket, void *buffer, size_t size, int *fd);

/* Packs STACK, whose frames are in MAPPINGS, into BUFFER of SIZE bytes; what does not fit is cut off. The length. */
size_t lc_why_wire_pack(
	const struct lc_stack *stack, const int *mappings, int result, unsigned char *buffer, size_t size);

/* Unpacks an answer of LENGTH bytes to STACK (zeroed before); modules are named by the paths of SNAPSHOT. Its result, -EPROTO when it is none. */
int lc_why_wire_unpack(
	const unsigned char *buffer, size_t length, const struct lc_snapshot *snapshot, struct lc_stack *stack);

#endif
