/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SHA-256 (FIPS 180-4), by which a text is known again. */
#ifndef LEASTCAP_SHA256_H
#define LEASTCAP_SHA256_H

#include <stddef.h>

/* Room for such a hash in hexadecimal, with its NUL. */
#define LC_SHA256_SIZE 65

/* Writes the hash of LENGTH bytes of TEXT to HEX, in small letters. */
void lc_sha256(const char *text, size_t length, char hex[LC_SHA256_SIZE]);

#endif
