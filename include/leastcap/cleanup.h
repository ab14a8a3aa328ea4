/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Attributes that free what a scope owns when the scope is left. */
#ifndef LEASTCAP_CLEANUP_H
#define LEASTCAP_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void lc_cleanup_free_impl(void *pointer)
{
	free(*(void **)pointer);
}

static inline void lc_cleanup_fd_impl(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void lc_cleanup_file_impl(FILE **file)
{
	if (*file)
		fclose(*file);
}

/* Frees the pointer; set it to NULL to keep what it points to. */
#define _cleanup_free_ __attribute__((cleanup(lc_cleanup_free_impl)))
/* Closes the descriptor unless it is negative. */
#define _cleanup_fd_ __attribute__((cleanup(lc_cleanup_fd_impl)))
/* Closes the stream unless it is NULL. */
#define _cleanup_file_ __attribute__((cleanup(lc_cleanup_file_impl)))
/* Calls FUNCTION with the variable's address. */
#define _cleanup_(function) __attribute__((cleanup(function)))

#endif
