/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel's types in a file that whoever called us has named (--btf). */
#ifndef LEASTCAP_PROBE_TYPES_FILE_H
#define LEASTCAP_PROBE_TYPES_FILE_H

#include <bpf/btf.h>

/*
 * Opens the file at PATH, with the caller's rights (lc_as_caller_begin). Where our program's file gives him rights of ours
 * (lc_is_secure) it has to be a file that root alone can change, with every directory on its path: the types say at which
 * addresses the kernel's memory is read, and what is read there is told. A descriptor, or -errno with *PROBLEM, in words
 * (static, or strerror's).
 */
int lc_types_file_open(const char *path, const char **problem);

/*
 * Whether GIVEN has every member of every structure that USED, the types of our programs, reads, where the running kernel's own
 * types KERNEL have it. What GIVEN does not have at all is not compared: a file may have no more than is used, and less does
 * not load.
 */
bool lc_types_agree(const struct btf *used, const struct btf *given, const struct btf *kernel);

#endif
