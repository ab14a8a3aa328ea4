/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of system calls: what each argument is, which one the call is about, what the call does to a file, and what it returns. All that a
 * call needs is a row of a file in src/syscalls/.
 */
#ifndef LEASTCAP_SYSCALLS_H
#define LEASTCAP_SYSCALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define LC_CALL_ARGUMENTS 6
#define LC_TRACE_PIECES   4   /* of how many arguments what they point to is taken along */
#define LC_TRACE_PIECE    256 /* how many bytes of each, at most */

/* A constant. A value has it if the value's bits of MASK are VALUE. A flag's mask is the flag itself, that of an enumeration's word all bits. */
struct lc_constant {
	uint64_t value;
	uint64_t mask;
	const char *name;
};

/* The constants that an argument may be made of. */
struct lc_constants {
	const char
		*family; /* the name of an unknown one, as in strace: "MS_???"; NULL: it is shown as a plain number */
	const struct lc_constant *rows;
	size_t n;
};

/* What a value is. Kinds from LC_KIND_STRING on are addresses; what they point to is taken along and shown. */
enum lc_kind {
	LC_KIND_NONE, /* there is no such argument */
	LC_KIND_INT,  /* 32 bits, signed */
	LC_KIND_UINT,
	LC_KIND_LONG, /* 64 bits, signed */
	LC_KIND_SIZE,
	LC_KIND_HEX,     /* 0x2a; 0 is 0 */
	LC_KIND_MASK,    /* eight characters: 0x00002a */
	LC_KIND_ADDRESS, /* 0x2a; 0 is NULL */
	LC_KIND_PID,
	LC_KIND_UID, /* -1 for "as it is" */
	LC_KIND_GID,
	LC_KIND_OCTAL, /* permissions */
	LC_KIND_MODE,  /* the type of a file and its permissions */
	LC_KIND_DEVICE,
	LC_KIND_FD,    /* a descriptor of something without a path: a socket, a process, an epoll instance */
	LC_KIND_FILE,  /* a descriptor of an open file */
	LC_KIND_DIRFD, /* the directory that the path behind it starts at; or AT_FDCWD */
	LC_KIND_SIGNAL,
	LC_KIND_FLAGS,
	LC_KIND_CLONE,    /* flags, and in the lowest byte a signal */
	LC_KIND_WORD,     /* one of an enumeration */
	LC_KIND_BITS,     /* a set of the enumeration's: 1<<CAP_CHOWN */
	LC_KIND_IOCTL,    /* a request */
	LC_KIND_QUOTA,    /* a command and a kind of quota */
	LC_KIND_ETHERNET, /* a protocol of Ethernet, in the network's order: htons(ETH_P_ALL) */
	LC_KIND_IO_PRIORITY,
	LC_KIND_LIMIT,    /* of a resource */
	LC_KIND_MESSAGES, /* the address of structures that begin with a struct msghdr */
	LC_KIND_STRING,
	LC_KIND_PATH,
	LC_KIND_BUFFER,   /* bytes that need not be text */
	LC_KIND_TEXT,     /* bytes up to a NUL */
	LC_KIND_OPTION,   /* what setsockopt(2) sets an option to */
	LC_KIND_SOCKADDR, /* the address of a socket */
	LC_KIND_STRUCT,
	LC_KIND_ARRAY,        /* values or structures one behind the other */
	LC_KIND_CPUS,         /* a set of processors */
	LC_KIND_CAPABILITIES, /* what capset(2) sets */
};

struct lc_layout;

/* What an argument is, or a member of a structure. Arguments are counted from 1 here, so that 0 is "none". */
struct lc_type {
	uint8_t kind;    /* enum lc_kind */
	uint8_t element; /* LC_KIND_ARRAY: enum lc_kind of one */
	uint8_t unit;    /* bytes of an element */
	uint8_t from;    /* the argument that is shown in this one's place, if another one is */
	uint8_t size; /* the argument that counts the bytes (or elements); none: there are BYTES, or as many as LAYOUT has */
	uint8_t bytes;
	uint8_t when; /* shown only if this argument has a bit of MASK */
	uint32_t mask;
	const char *label; /* before the value: "flags=" */
	const struct lc_constants *constants;
	const struct lc_layout *layout;
};

/* A member of a structure. */
struct lc_member {
	const char *name;
	struct lc_type type;
	uint16_t offset;
	uint16_t size;
	bool unless_zero; /* it is left out when it is 0 */
};

/* A structure: its members in the order in which they are shown. */
struct lc_layout {
	const struct lc_member *members;
	size_t n;
	size_t size;   /* of the structure, as much of it as is shown */
	bool abridged; /* it has more members, for which an ellipsis is shown */
};

/* The addresses of sockets of AF_NETLINK and AF_PACKET. */
extern const struct lc_layout lc_netlink_layout;
extern const struct lc_layout lc_packet_layout;

/* What the arguments that depend on another one, the selector, are when the selector has one of VALUES. */
struct lc_variant {
	const uint32_t *values;
	size_t n_values;
	const struct lc_type *types;
	size_t n; /* of TYPES; the call does not have the arguments behind them */
};

struct lc_variants {
	uint8_t selector; /* an argument, counted from 0 */
	uint8_t first;    /* the first that depends on it, counted from 0 */
	uint8_t count;    /* how many depend on it */
	const struct lc_variant *rows;
	size_t n;
};

/* What a system call wants of the file that it is about. */
enum lc_access {
	LC_ACCESS_SEARCH, /* only to reach it: stat, chown, chmod, readlink */
	LC_ACCESS_READ,
	LC_ACCESS_WRITE,   /* the file, or its directory when it is not there */
	LC_ACCESS_EXECUTE, /* exec, chdir */
	LC_ACCESS_ENTRY,   /* to make, rename or remove its entry in its directory */
};

/* A system call. What is taken along follows from ARGUMENTS alone, so that a variant points to something only where they do. */
struct lc_syscall {
	int number;     /* of this machine's own architecture; negative: it has no such call */
	uint8_t n;      /* of ARGUMENTS */
	uint8_t result; /* enum lc_kind of what it returns; LC_KIND_NONE: a number */
	uint8_t access; /* enum lc_access, unless flags or a mode among the arguments tell */
	uint8_t about; /* the argument that it is about, counted from 1; 0: the first path, descriptor, address or id */
	bool looks;    /* it only looks whether a path leads to something */
	bool keeps_links; /* where its path leads to a symbolic link it is about the link itself */
	const char *name;
	const struct lc_type *arguments;
	const struct lc_variants *variants; /* NULL: no argument depends on another */
	const char
		*verb; /* "chowned": what is done by it, as in "FILE is root:root 0755, chowned by uid 33"; or NULL */
};

/* The call NUMBER of this machine's own architecture. NULL when the table has none. */
const struct lc_syscall *lc_syscall_numbered(int number);

/* The call called NAME, which may be one that only 32-bit programs have. NULL when NAME is NULL, or the table has none. */
const struct lc_syscall *lc_syscall_named(const char *name);

/*
 * What strace calls the argument of CALL that stands at POSITION (0: the first) of its row: "pathname". It is *LENGTH bytes long, and not ended there. NULL when CALL
 * is NULL, or that is not known; *LENGTH is unchanged then.
 */
const char *lc_syscall_argument_name(const struct lc_syscall *call, size_t position, size_t *length);

/* The name of the call in the table that is nearest to NAME, or NULL when none is near enough. */
const char *lc_syscall_suggest(const char *name);

/* The next call of the table from *CURSOR (0 at first) on; NULL behind the last one. */
const struct lc_syscall *lc_syscall_next(size_t *cursor);

/* The argument that CALL is about, counted from 0; -1 when CALL is NULL or about none of them. */
int lc_syscall_subject(const struct lc_syscall *call);

/* Whether CALL is about a file, by path or descriptor. CALL may be NULL. */
bool lc_syscall_is_about_file(const struct lc_syscall *call);

/*
 * What CALL with ARGUMENTS wants of the file that it is about; LC_ACCESS_SEARCH when CALL is NULL. The flags of openat2 are expected where
 * openat has its own.
 */
enum lc_access lc_syscall_access(const struct lc_syscall *call, const uint64_t arguments[LC_CALL_ARGUMENTS]);

/* Whether CALL (may be NULL) with ARGUMENTS follows a symbolic link at the end of its path. */
bool lc_syscall_follows(const struct lc_syscall *call, const uint64_t arguments[LC_CALL_ARGUMENTS]);

/* How the kernel side takes along what an argument points to. */
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
 * The capture of syscall NUMBER (of this machine's own architecture); all zero when none of its arguments point to anything that is shown. Where an
 * argument turns out to be NULL or no address (the last one of an ioctl) there is no piece, which is no error.
 */
struct lc_capture lc_syscall_capture(int number);

/* How many bytes at an address of TYPE are taken along when no argument counts them. */
size_t lc_type_size(const struct lc_type *type);

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
	uint64_t arguments[LC_CALL_ARGUMENTS];
	struct lc_piece pieces[LC_TRACE_PIECES]; /* as lc_syscall_capture has it */
	pid_t pid;                               /* for the paths of descriptors (-y); may be gone by now */
	bool descriptor_paths;                   /* -y */
};

#endif
