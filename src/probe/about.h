/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a syscall is about, from its arguments: a path, an address, a process, an id. */
#ifndef LEASTCAP_PROBE_ABOUT_H
#define LEASTCAP_PROBE_ABOUT_H

#include <stdbool.h>
#include <stdint.h>

struct lc_subject;

/* Tells the kernel side, through the map open as FD, which argument of which syscall to read. 0 or -errno. */
int lc_about_install(int fd);

/* What the syscall was about of which TAKEN was taken, as text that the caller frees; NULL when there is nothing to say. */
char *lc_about_describe(const struct lc_subject *taken);

/* Whether what lc_about_describe says of TAKEN is a file's absolute path. */
bool lc_about_is_path(const struct lc_subject *taken);

/*
 * The path in TEXT, with the directory in BASE before it when it is relative, as text that the caller frees; NULL when both
 * are empty. BASE is in components as below.
 */
char *lc_about_absolute(const char *text, uint32_t text_bytes, const char *base, uint32_t base_bytes);

/* The path in COMPONENTS (leaf first, each with its NUL, BYTES long in all) as text that the caller frees; NULL when empty. */
char *lc_about_path(const char *components, uint32_t bytes);

#endif
