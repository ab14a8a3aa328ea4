/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls as text: functions that show arguments, structures and single values. */
#ifndef LEASTCAP_TRACE_DECODE_H
#define LEASTCAP_TRACE_DECODE_H

#include <leastcap/strbuf.h>
#include <leastcap/trace.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* An argument as it is shown. */
struct lc_shown {
	const struct lc_type *type;
	uint8_t argument;             /* counted from 0 */
	const struct lc_piece *piece; /* what it points to; NULL: nothing was to be taken along */
	size_t position;              /* in the call's row, where it has one */
};

/* Appends the name of CALL. */
void lc_put_call_name(struct lc_strbuf *out, const struct lc_call_made *call);

/* Writes to SHOWN the arguments of CALL that are shown, in their order. Returns how many. */
size_t lc_call_shown(const struct lc_call_made *call, struct lc_shown shown[LC_CALL_ARGUMENTS]);

/* Appends an argument of CALL. */
void lc_put_argument(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_shown *shown);

/* Appends VALUE of TYPE, whose kind is one before LC_KIND_STRING. */
void lc_put_value(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_type *type, uint64_t value);

/* Appends MEMORY of TYPE, whose kind is LC_KIND_STRING or one behind it. */
void lc_put_memory(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_type *type,
	const struct lc_piece *memory);

/* Appends the structure in BYTES by its LAYOUT. Members behind the end of BYTES are left out. */
void lc_put_struct(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_layout *layout,
	const unsigned char *bytes, size_t length);

/* Appends the address of a socket: {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("0.0.0.0")}. */
void lc_put_sockaddr(struct lc_strbuf *out, const struct lc_call_made *call, const unsigned char *bytes, size_t length);

/* The unsigned number that SIZE bytes (1, 2, 4 or 8) hold. */
uint64_t lc_number_at(const unsigned char *bytes, size_t size);

/* Append numbers as printf would, which takes far longer. */
void lc_put_unsigned(struct lc_strbuf *out, uint64_t value);
void lc_put_signed(struct lc_strbuf *out, int64_t value);
void lc_put_hex(struct lc_strbuf *out, uint64_t value);                     /* 0x2a; 0 is 0 */
void lc_put_hex_digits(struct lc_strbuf *out, uint64_t value);              /* 2a */
void lc_put_octal(struct lc_strbuf *out, uint64_t value);                   /* 0644; three digits at least */
void lc_put_padded(struct lc_strbuf *out, uint64_t value, unsigned digits); /* 007 */

/* Appends LENGTH BYTES in double quotes, escaped as strace does. CUT adds dots behind them, because there was more. */
void lc_put_quoted(struct lc_strbuf *out, const unsigned char *bytes, size_t length, bool cut);

/* Appends LENGTH BYTES escaped as strace does. The characters in ALSO (may be NULL) are escaped too. */
void lc_put_escaped(struct lc_strbuf *out, const unsigned char *bytes, size_t length, const char *also);

/* Appends the names of the flags in VALUE, and the rest of VALUE as a number. */
void lc_put_flags(struct lc_strbuf *out, const struct lc_constants *constants, uint64_t value);

/* Appends VALUE's word of an enumeration. */
void lc_put_word(struct lc_strbuf *out, const struct lc_constants *constants, uint64_t value);

#endif
