/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the arguments of system calls look: the types of the tables, and what shows single values. */
#ifndef LEASTCAP_SRC_TRACE_DECODE_H
#define LEASTCAP_SRC_TRACE_DECODE_H

#include <leastcap/strbuf.h>
#include <leastcap/trace.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LC_CALL_ARGUMENTS 6

/* A constant's name. It is in a value whose bits of MASK are VALUE: a flag has its own bits as mask, a word of an enumeration all. */
struct lc_constant {
	uint64_t value;
	uint64_t mask;
	const char *name;
};

/* The constants that an argument may be made of. */
struct lc_constants {
	const char *
		family; /* what an unknown one is called, as strace does: "MS_???"; NULL: it is a number like any other */
	const struct lc_constant *rows;
	size_t n;
};

/* How a value is shown. Those from LC_KIND_STRING on are addresses: what is there is taken along and shown. */
enum lc_kind {
	LC_KIND_NONE, /* there is no such argument */
	LC_KIND_INT,  /* 32 bits, signed */
	LC_KIND_UINT,
	LC_KIND_LONG, /* 64 bits, signed */
	LC_KIND_SIZE,
	LC_KIND_HEX,     /* 0x2a; 0 is 0 */
	LC_KIND_MASK,    /* eight characters: 0x00002a */
	LC_KIND_ADDRESS, /* 0x2a; 0 is NULL */
	LC_KIND_ID,      /* a user or group; -1 for "as it is" */
	LC_KIND_OCTAL,   /* permissions */
	LC_KIND_MODE,    /* the type of a file and its permissions */
	LC_KIND_DEVICE,
	LC_KIND_FD,
	LC_KIND_DIRFD, /* or AT_FDCWD */
	LC_KIND_SIGNAL,
	LC_KIND_FLAGS,
	LC_KIND_CLONE,        /* flags, and in the lowest byte a signal */
	LC_KIND_WORD,         /* one of an enumeration */
	LC_KIND_BITS,         /* a set of the enumeration's: 1<<CAP_CHOWN */
	LC_KIND_IOCTL,        /* a request */
	LC_KIND_QUOTA,        /* a command and a kind of quota */
	LC_KIND_PORT,         /* of 16 bits, in the network's order: htons(80) */
	LC_KIND_NETWORK_LONG, /* of 32 bits, in the network's order: htonl(1) */
	LC_KIND_ETHERNET,     /* a protocol of Ethernet, in the network's order: htons(ETH_P_ALL) */
	LC_KIND_IO_PRIORITY,
	LC_KIND_LIMIT, /* of a resource */
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

/* How an argument, or a member of a structure, is shown. Arguments are counted from 1 here, so that 0 is "none". */
struct lc_look {
	uint8_t kind;    /* enum lc_kind */
	uint8_t element; /* LC_KIND_ARRAY: enum lc_kind of one */
	uint8_t unit;    /* bytes of an element */
	uint8_t from;    /* the argument that is shown here, if not the one that stands here */
	uint8_t size;    /* the argument that says how many bytes (or elements) there are; none: BYTES, or LAYOUT's */
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
	struct lc_look look;
	uint16_t offset;
	uint16_t size;
	bool unless_zero; /* it is left out when it is 0 */
};

/* A structure: its members in the order in which they are shown. */
struct lc_layout {
	const struct lc_member *members;
	size_t n;
	size_t size;   /* of the structure, as much of it as is shown */
	bool abridged; /* it has more: an ellipsis stands for them */
};

/* How a call's arguments look when one of them, the selector, has VALUE. */
struct lc_variant {
	uint64_t value;
	struct lc_look looks[LC_CALL_ARGUMENTS - 1]; /* the arguments from FIRST on */
};

struct lc_variants {
	uint8_t selector; /* an argument, counted from 0 */
	uint8_t first;    /* the first that depends on it, counted from 0 */
	const struct lc_variant *rows;
	size_t n;
};

/* A system call. What is taken along follows from LOOKS alone: no variant points to anything where they do not. */
struct lc_call_row {
	const char *name;
	struct lc_look looks[LC_CALL_ARGUMENTS];
	const struct lc_variants *variants;
	uint8_t result; /* enum lc_kind of what it returns; LC_KIND_NONE: a number */
};

/* An argument as it is shown. */
struct lc_shown {
	const struct lc_look *look;
	uint8_t argument;             /* counted from 0 */
	const struct lc_piece *piece; /* what it points to; NULL: nothing was to be taken along */
};

/* The row of system call NUMBER of this machine's architecture; NULL when the table has none. */
const struct lc_call_row *lc_call_row(int number);

/* Appends the name of CALL. */
void lc_put_call_name(struct lc_strbuf *out, const struct lc_call_made *call);

/* The arguments of CALL that are shown, and how. Returns how many. */
size_t lc_call_shown(const struct lc_call_made *call, struct lc_shown shown[LC_CALL_ARGUMENTS]);

/* Appends an argument of CALL. */
void lc_put_argument(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_shown *shown);

/* Appends VALUE as LOOK says, whose kind is one before LC_KIND_STRING. */
void lc_put_value(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_look *look, uint64_t value);

/* Appends LENGTH BYTES of memory as LOOK says, whose kind is LC_KIND_STRING or one behind it; CUT: there was more. */
void lc_put_memory(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_look *look,
	const unsigned char *bytes, size_t length, bool cut);

/* Appends a structure; what BYTES are too few for is left out. */
void lc_put_struct(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_layout *layout,
	const unsigned char *bytes, size_t length);

/* Appends the address of a socket: {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("0.0.0.0")}. */
void lc_put_sockaddr(struct lc_strbuf *out, const struct lc_call_made *call, const unsigned char *bytes, size_t length);

/* The unsigned number that SIZE bytes (1, 2, 4 or 8) hold. */
uint64_t lc_number_at(const unsigned char *bytes, size_t size);

/* Numbers as printf has them, which would take most of a line's time. */
void lc_put_unsigned(struct lc_strbuf *out, uint64_t value);
void lc_put_signed(struct lc_strbuf *out, int64_t value);
void lc_put_hex(struct lc_strbuf *out, uint64_t value);                     /* 0x2a; 0 is 0 */
void lc_put_hex_digits(struct lc_strbuf *out, uint64_t value);              /* 2a */
void lc_put_octal(struct lc_strbuf *out, uint64_t value);                   /* 0644; three digits at least */
void lc_put_padded(struct lc_strbuf *out, uint64_t value, unsigned digits); /* 007 */

/* Appends BYTES in double quotes, escaped as strace does; dots behind them say that there was more. */
void lc_put_quoted(struct lc_strbuf *out, const unsigned char *bytes, size_t length, bool cut);

/* Appends BYTES escaped as strace does, and with them the characters of ALSO. */
void lc_put_escaped(struct lc_strbuf *out, const unsigned char *bytes, size_t length, const char *also);

/* Appends the flags that are in VALUE, and what remains as a number. */
void lc_put_flags(struct lc_strbuf *out, const struct lc_constants *constants, uint64_t value);

/* Appends VALUE's word of an enumeration. */
void lc_put_word(struct lc_strbuf *out, const struct lc_constants *constants, uint64_t value);

#endif
