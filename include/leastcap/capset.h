/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Capability sets as 64-bit masks (bit N is capability N) and their names, by libcap. */
#ifndef LEASTCAP_CAPSET_H
#define LEASTCAP_CAPSET_H

#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stdint.h>

/* A name as leastcap writes it: upper case, no "CAP_" (include/uapi/linux/capability.h). */
#define LC_CAP_NAME_SIZE 40

/* The mask with only capability CAP (0 to 63) in it. */
#define LC_CAP_BIT(cap) (UINT64_C(1) << (cap))

/*
 * Writes CAP's name to NAME: "NET_ADMIN". A number that libcap has no name for becomes "CAP_" and the number, which
 * lc_cap_from_name reads back. Returns NAME.
 */
const char *lc_cap_name(int cap, char name[LC_CAP_NAME_SIZE]);

/* The same with "CAP_" before each name: "CAP_NET_ADMIN". */
const char *lc_cap_full_name(int cap, char name[LC_CAP_NAME_SIZE]);

/* Takes the lowest capability out of *MASK. Returns its number; -1 when *MASK is empty. */
int lc_cap_take(uint64_t *mask);

/* Appends the names of the capabilities in MASK: the first after BEFORE, the others after BETWEEN, with "CAP_" if PREFIX. */
void lc_cap_add_list(struct lc_strbuf *out, uint64_t mask, const char *before, const char *between, bool prefix);

/* Appends "CHOWN, KILL" for the capabilities in MASK. */
void lc_cap_add_names(struct lc_strbuf *out, uint64_t mask);

/* The number of the capability called NAME, any case, with or without "CAP_"; -EINVAL when there is none. */
int lc_cap_from_name(const char *name);

/* Every capability that the running kernel has (/proc/sys/kernel/cap_last_cap by libcap's cap_max_bits). */
uint64_t lc_cap_all(void);

/* The name of a capability that is nearest to NAME, with or without "CAP_"; BUFFER holds it. NULL when none is near enough. */
const char *lc_cap_suggest(const char *name, char buffer[LC_CAP_NAME_SIZE]);

#endif
