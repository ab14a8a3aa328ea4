/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* All functions of the kernel, kept for naming call sites while checks are traced. */
#ifndef LEASTCAP_PROBE_SYMBOLS_H
#define LEASTCAP_PROBE_SYMBOLS_H

#include <stdint.h>

struct lc_symbols;

/* Reads them from /proc/kallsyms. 0, -EPERM when addresses are hidden, or -errno; *SYMBOLS is unchanged on failure. */
int lc_symbols_load(struct lc_symbols **symbols);

/* The function that ADDRESS lies in, lent, and in *START where it begins; NULL (*START is unchanged) when there is none. */
const char *lc_symbols_find(const struct lc_symbols *symbols, uint64_t address, uint64_t *start);

/* Frees SYMBOLS, which may be NULL. */
void lc_symbols_free(struct lc_symbols *symbols);

#endif
