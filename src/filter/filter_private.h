/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the interpreter share: whether a filter is one that the kernel takes. */
#ifndef LEASTCAP_FILTER_PRIVATE_H
#define LEASTCAP_FILTER_PRIVATE_H

#include <leastcap/filter.h>

#include <stdbool.h>

/*
 * Whether the kernel takes FILTER: kernel/seccomp.c (seccomp_check_filter), net/core/filter.c (bpf_check_classic). A filter that it takes
 * ends, divides by no constant that is 0, and reads nothing but the call, registers and the memory that it has written.
 */
bool lc_filter_is_valid(const struct lc_filter *filter);

#endif
