/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A kernel's types in a file that whoever called us has named (--btf). */
#ifndef LEASTCAP_PROBE_TYPES_FILE_H
#define LEASTCAP_PROBE_TYPES_FILE_H

#include <bpf/btf.h>

/*
 * Opens the file at PATH with the caller's rights (lc_as_caller_begin). If our program's file gives the caller rights of ours
 * (lc_is_secure), only root may be able to change the file and every directory on its path: the types say at which addresses the
 * kernel's memory is read, and what is read there is told. A descriptor (*PROBLEM is NULL), or -errno with *PROBLEM in words
 * (static, or strerror's).
 */
int lc_types_file_open(const char *path, const char **problem);

/*
 * Whether GIVEN has every member of every structure that USED, the types of our programs, reads, at the same place as the running
 * kernel's own types KERNEL. A member that GIVEN lacks is not compared: a file need not have more than is used, and with less the
 * programs do not load.
 */
bool lc_types_agree(const struct btf *used, const struct btf *given, const struct btf *kernel);

#endif
