/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* System calls: what their arguments are, and what is taken along of what those point to. */
#ifndef LEASTCAP_SYSCALLS_H
#define LEASTCAP_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define LC_TRACE_PIECES 4   /* arguments of a call of which what they point to is taken */
#define LC_TRACE_PIECE  256 /* bytes of each, at most */

/* What an argument points to, as far as the kernel side takes it along. */
enum lc_piece_kind {
	LC_PIECE_NONE,
	LC_PIECE_STRING, /* up to its NUL */
	LC_PIECE_BYTES,  /* as many as SIZE says */
	LC_PIECE_BUFFER, /* UNIT times as many as the argument number SIZE (32 bits of it) says, at most LC_TRACE_PIECE */
};

struct lc_piece_shape {
	uint8_t kind;     /* enum lc_piece_kind */
	uint8_t argument; /* the address, counted from 0 */
	uint8_t size;
	uint8_t unit;
};

/* What to take along of a call. */
struct lc_capture {
	struct lc_piece_shape pieces[LC_TRACE_PIECES];
};

/*
 * The capture of syscall NUMBER (of this machine's own architecture), from the table of calls; all zero where it points to nothing
 * that is shown. An address that is NULL, or no address at all (the last argument of an ioctl), is no error: there is no piece then.
 */
struct lc_capture lc_trace_capture(int number);

/* One thing that a call's argument pointed to when the check was made. */
struct lc_piece {
	const unsigned char *bytes; /* NULL: it could not be read */
	uint32_t length;            /* LC_PIECE_STRING: without its NUL */
	bool cut;                   /* there was more */
};

/* A system call with its arguments, as it was when the check was made. Everything in it is hostile. */
struct lc_call_made {
	int number;  /* of this machine's own architecture; negative: not in a system call */
	bool compat; /* a 32-bit program's, whose number is another */
	uint64_t arguments[6];
	struct lc_piece pieces[LC_TRACE_PIECES]; /* as lc_trace_capture has it */
	pid_t pid;                               /* for the paths of descriptors (-y); may be gone by now */
	bool descriptor_paths;                   /* -y */
};

#endif
