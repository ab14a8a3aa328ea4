/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A process for work that may go wrong: parsing a file that a container made, looking at a file system that may never answer. The process has
 * given up the privileges that it does not need. It is asked by messages, and replaced when it does not answer.
 */
#ifndef LEASTCAP_WORKER_H
#define LEASTCAP_WORKER_H

#include <leastcap/stack.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/uio.h>

/* A kind of worker. */
struct lc_worker_life {
	const char *name; /* of the processes, of 15 characters at most */
	/* In the keeper: gives up the privileges that neither it nor a worker needs. *SOCKET stays open and may get another number. 0 or -errno. */
	int (*enter)(void *context, int *socket);
	/* The worker's life, until the other end of SOCKET is closed. */
	void (*live)(void *context, int socket);
};

/*
 * Workers of one kind, one at a time. Their keeper is a process that is forked early, with all privileges that a worker needs. It makes the next
 * worker when the last one is dropped, and waits for none of them, because a worker that hangs in the kernel may not even die.
 */
struct lc_worker {
	pid_t keeper;
	int control; /* to the keeper; -1: there is none */
	int socket;  /* to the worker; -1: there is none just now */
	int watch;   /* an epoll instance that is to be readable while there is an answer; -1: none */
};

/* A worker that was not started, or has been ended. */
#define LC_WORKER_NONE ((struct lc_worker){0, -1, -1, -1})

/*
 * Starts the keeper of WORKER (LC_WORKER_NONE, WATCH may be set). Its workers are of the kind LIFE and are given CONTEXT (may be NULL). 0, or
 * -errno: WORKER is then unchanged.
 */
int lc_worker_start(struct lc_worker *worker, const struct lc_worker_life *life, void *context);

/* Makes sure that there is a worker. Never blocks. 0 or -errno. */
int lc_worker_need(struct lc_worker *worker);

/* Ends the worker, if there is one. lc_worker_need makes another, which costs a millisecond. Never blocks. */
void lc_worker_drop(struct lc_worker *worker);

/* Sends the worker one message of N parts, with the descriptor FD unless it is negative. Never blocks. 0; -EAGAIN when there is no room; or -errno. */
int lc_worker_send(const struct lc_worker *worker, struct iovec *parts, size_t n, int fd);

/*
 * Receives the worker's next message of up to SIZE bytes to BUFFER. Waits for it until DEADLINE (CLOCK_MONOTONIC, ms; 0: not at all). Its length;
 * -ETIMEDOUT; -EPIPE when the worker has ended; -EMSGSIZE when the message was longer; or -errno.
 */
ssize_t lc_worker_receive(const struct lc_worker *worker, void *buffer, size_t size, int64_t deadline);

/* Ends the keeper and the worker. Waits for them, but not for long. */
void lc_worker_end(struct lc_worker *worker);

/* Sends one message of N parts, with the descriptor FD unless it is negative. 0 or -errno. */
int lc_message_send(int socket, struct iovec *parts, size_t n, int fd);

/*
 * Receives one message of up to SIZE bytes, and a descriptor to *FD (-1: none) unless FD is NULL. Its length; 0 at the end; -EMSGSIZE when it was
 * longer; or -errno.
 */
ssize_t lc_message_receive(int socket, void *buffer, size_t size, int *fd);

/* The longest message. A UNIX socket takes up to about 208 KiB at once (net.core.wmem_default). */
#define LC_MESSAGE_MAX (160 << 10)

/* The longest string in a message. Longer paths and names are left out. */
#define LC_PACKED_STRING_MAX 8192

/* A message being written. Numbers are packed as they lie in memory, strings with their length before them. */
struct lc_packer {
	unsigned char *at, *end;
	bool full; /* something found no room */
};

/* A message being read. */
struct lc_unpacker {
	const unsigned char *at, *end;
	bool broken; /* the message is shorter than it should be, or makes no sense */
};

/* Adds SIZE bytes; nothing once PACKER is full. */
void lc_pack(struct lc_packer *packer, const void *bytes, size_t size);

/* Adds TEXT, which may be NULL. */
void lc_pack_string(struct lc_packer *packer, const char *text);

/* The next SIZE bytes, in the message; NULL when there are not so many. */
const unsigned char *lc_unpack_bytes(struct lc_unpacker *unpacker, size_t size);

/* Copies the next SIZE bytes to TO, zeros when there are not so many. */
void lc_unpack(struct lc_unpacker *unpacker, void *to, size_t size);

/* The next string, in the message; NULL when none was packed, or the message is broken. */
const char *lc_unpack_string(struct lc_unpacker *unpacker);

/* The same as a copy that the caller frees. When there is no memory the message counts as broken. */
char *lc_unpack_copy(struct lc_unpacker *unpacker);

/* Adds FRAME as a whole, or nothing. */
void lc_pack_frame(struct lc_packer *packer, const struct lc_frame *frame);

/* Adds the next frame to STACK. When STACK is full or there is no memory, nothing is added and the message counts as broken. */
void lc_unpack_frame(struct lc_unpacker *unpacker, struct lc_stack *stack);

/*
 * Leaves this process no descriptor but SOCKET, which becomes number 0, and no capabilities. A process of root's becomes nobody's. The NETWORK stays
 * or goes. There is no way back. 0 or -errno.
 */
int lc_sandbox_enter(int socket, bool network);

/* After that: sets limits on memory, time and files, and a filter that kills the process for a system call that parsing does not need. 0 or -errno. */
int lc_sandbox_confine(void);

/*
 * For a process that looks into containers. Leaves it the N descriptors in KEPT (above 2), and of its capabilities CAP_SYS_PTRACE and
 * CAP_DAC_READ_SEARCH (or CAP_DAC_OVERRIDE where it lacks that). It has no network then, and can't write to any file. There is no way back. 0 or
 * -errno.
 */
int lc_sandbox_look(const int *kept, size_t n);

#endif
