/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an OCI runtime tells a hook of a container, where the profile that its annotation asks for may go, and who records it. */
#ifndef LEASTCAP_OCI_HOOK_H
#define LEASTCAP_OCI_HOOK_H

#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The annotation by which a container is recorded: "of:/tmp/web.json". */
#define LC_OCI_ANNOTATION "io.leastcap.record"

/* The container's state: the OCI runtime specification's "State". Strings are owned. */
struct lc_oci_state {
	char *id;     /* fit to be a file's name */
	char *bundle; /* an absolute path; NULL: none is told */
	char *output; /* an absolute path, from the annotation, which is hostile; NULL: the container is not to be recorded */
	pid_t pid; /* its first process, as the runtime numbers it; 0: there is none */
};

/* Reads a container's state from TEXT (JSON, LENGTH bytes) to STATE. 0, -EINVAL with *MESSAGE, a line (caller frees), or -ENOMEM: STATE is then unchanged. */
int lc_oci_state_read(const char *text, size_t length, struct lc_oci_state *state, char **message);

/* Frees what STATE owns and zeroes it. */
void lc_oci_state_clear(struct lc_oci_state *state);

/*
 * Opens the directory that the profile at PATH goes to, for who need not be root but has root's hook write there: whoever may annotate a container. It
 * has to lie in one of the N DIRECTORIES (absolute) or be one, without symbolic links below that, and to be root's, writable to root alone or sticky.
 * What is at PATH is replaced only if it is a profile, in a regular file of root's that has no other name. *NAME becomes the file's name (in PATH). A
 * descriptor for the caller to close; or -EACCES with *MESSAGE, a line (caller frees), or another -errno.
 */
int lc_oci_open_place(const char *path, const char *const *directories, size_t n, const char **name, char **message);

/*
 * The note that a container is recorded: a file that the recorder holds locked as long as it lives, and writes what it has to say to. It is in a
 * directory of root's own.
 */

/* Makes the note of container ID and locks it. Removes those that are left of recorders that were killed. A descriptor, or -errno: -EEXIST when ID is being recorded. */
int lc_oci_note_make(const char *id);

/* Removes the note of container ID, whose descriptor stays open. */
void lc_oci_note_remove(const char *id);

/*
 * Waits until nobody records container ID any more, TIMEOUT_MS at most, and removes the note. What the recorder has said goes to SAID (zeroed
 * before). 0, also when nobody records it; -ETIMEDOUT; or another -errno.
 */
int lc_oci_note_await(const char *id, int timeout_ms, struct lc_strbuf *said);

#endif
