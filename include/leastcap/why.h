/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Why a check was made: the stack of functions that led to it, unwound and named in a process that may do nothing else. */
#ifndef LEASTCAP_WHY_H
#define LEASTCAP_WHY_H

#include <leastcap/log.h>
#include <leastcap/snapshot.h>
#include <leastcap/stack.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Unwinds stacks. */
struct lc_why;

struct lc_why_options {
	bool debuginfod;     /* ask the servers of $DEBUGINFOD_URLS for debug information that is not here */
	unsigned timeout_ms; /* for one stack; 0: the default of 2000 */
};

/*
 * Makes an unwinder. Its child process has no capabilities, files or network, few system calls, and limits on memory and time. To be
 * called before privileges are dropped. LOG (may be NULL) is kept by reference. 0; -ENOENT when OPTIONS ask for debuginfod and
 * $DEBUGINFOD_URLS is not set; or -errno. *UNWINDER is unchanged on failure.
 */
int lc_why_new(struct lc_why **unwinder, const struct lc_why_options *options, const struct lc_log *log);

/*
 * Unwinds SNAPSHOT to STACK (zeroed before), down to main or the thread's first function. Functions are named by .debug_info (with file, line
 * and inlined functions), .symtab or .dynsym, else by module and offset. Files are opened below the process's root. When the process is gone,
 * the root of another process of the container serves, or the engine's mount of the root. Each file is compared with the mapping's device
 * and inode, and the child gets its descriptor alone. A child that dies or is late costs this stack alone, because a new child takes its
 * place. 0, -ETIMEDOUT, -EPIPE when the child died, or -errno; STACK may then hold the first frames.
 */
int lc_why_unwind(struct lc_why *unwinder, const struct lc_snapshot *snapshot, struct lc_stack *stack);

/* Whether debug information was to be fetched, and the process that fetches it does not answer any more. */
bool lc_why_lacks_debuginfod(const struct lc_why *unwinder);

/*
 * Puts into FDS the descriptors that a process forked later has to keep if it is to use UNWINDER. Returns how many. That process may be
 * killed at any time, because the next one forked begins with UNWINDER as it is here.
 */
int lc_why_fds(const struct lc_why *unwinder, int fds[2]);

/* Ends the child and frees everything. UNWINDER may be NULL. */
void lc_why_free(struct lc_why *unwinder);

/* A separate debug file that an ELF file names. */
struct lc_why_debug_wanted {
	size_t mapping; /* whose it is */
	const unsigned char *build_id;
	size_t length;    /* of the build id; 0: there is none */
	const char *name; /* what .gnu_debuglink or .gnu_debugaltlink says; hostile; NULL: nothing */
};

/*
 * One request, as the child and the fuzzer serve it in their own process. Only files that the stack leads through are asked for; they are
 * parsed here.
 */
struct lc_why_request {
	struct lc_registers registers;
	const unsigned char *stack; /* from registers.sp upwards */
	size_t stack_size;
	const struct lc_mapping *mappings; /* by address, rising */
	size_t n_mappings;
	struct lc_root root; /* of the process */
	/* A number for each mapping's path, the same for the same path. The number, the mapping's file and the root tell a file that is known. NULL: none is. */
	const uint64_t *paths;
	/* Opens the file of mapping number MAPPING for reading. A descriptor (the caller closes it) or -errno. */
	int (*open_file)(void *context, size_t mapping);
	/* The same for a separate debug file. NULL: there are none. */
	int (*find_debug)(void *context, const struct lc_why_debug_wanted *wanted);
	void *context;
};

/* Unwinds REQUEST to STACK (zeroed before). 0 or -errno; STACK may then hold the first frames. */
int lc_why_unwind_here(const struct lc_why_request *request, struct lc_stack *stack);

#endif
