/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* For the fuzzers of what is read from files: the input in their place. */
#ifndef LEASTCAP_TESTS_FUZZ_SERVED_H
#define LEASTCAP_TESTS_FUZZ_SERVED_H

#include <stddef.h>
#include <stdint.h>

/* What libFuzzer calls: 0, always. */
int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size);

/*
 * From here on every file whose path begins with PREFIX, and every one that is opened relative to a directory, has the SIZE bytes of
 * INPUT, which has to stay: fopen, open and openat are ours in these programs (the linker's --wrap). Directories, and what is only
 * opened as a path, are the real ones. PREFIX NULL ends it.
 */
void fuzz_serve(const char *prefix, const uint8_t *input, size_t size);

#endif
