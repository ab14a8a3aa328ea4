/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The same programs as in resumed.bpf.c, by the name and with the arguments that 6.18 has for what calls back. */
#define RESUMED 2

#include "bpf/resumed.bpf.c"
