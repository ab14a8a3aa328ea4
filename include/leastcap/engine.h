/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What container engines grant: default lists, rules for adds and drops, and the five sets that come of them. */
#ifndef LEASTCAP_ENGINE_H
#define LEASTCAP_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lc_engine { LC_ENGINE_DOCKER, LC_ENGINE_PODMAN, LC_ENGINE_CONTAINERD, LC_ENGINE_CRIO, LC_ENGINE_N };

/*
 * How a container is configured. All zero is a container of Docker's newest version, as root, with nothing added or
 * dropped. Names are taken in any case, with or without "CAP_" as far as the engine does so; "ALL" is one.
 */
struct lc_engine_request {
	enum lc_engine engine;
	const char *version; /* of the engine, "20.10.24" or "20.10"; NULL: a current one */
	bool privileged;
	bool ordinary_user; /* the first process runs with a uid that is not 0 */
	bool no_new_privileges;
	const char *const *add;
	size_t n_add;
	const char *const *drop;
	size_t n_drop;
	uint64_t available; /* what the engine itself may hold; 0: every capability that the running kernel has */
};

#define LC_ENGINE_NOTES 8

/* The sets that the container's first process has after its execve, and what there is to say about them. */
struct lc_engine_grant {
	uint64_t bounding;
	uint64_t permitted;
	uint64_t effective;
	uint64_t inheritable;
	uint64_t ambient;
	uint64_t contradicted; /* both added and dropped by name: a note says which of the two the engine does */
	uint64_t ignored;      /* spelt so that the engine passes over them: a note says why */
	const char *notes[LC_ENGINE_NOTES]; /* sentences, ended by NULL where there are fewer; not owned */
};

/*
 * Computes what REQUEST grants. 0, or -ENOMEM, or -EINVAL for a version that is none and for what the engine or its runtime refuses:
 * a name that is no capability or is spelt in another way, and with some engines what is both added and dropped. After an error
 * *GRANT is unchanged, and *MESSAGE (caller frees) says in one line what is wrong.
 */
int lc_engine_grant(const struct lc_engine_request *request, struct lc_engine_grant *grant, char **message);

/* The two lists of a configuration, read. */
struct lc_engine_lists {
	uint64_t add, drop; /* by name */
	bool add_all, drop_all;
	uint64_t ignored; /* spelt so that the engine passes over them */
};

/*
 * What a current ENGINE grants root by LISTS, or with PRIVILEGED. Every capability counts as available, because a file means the same
 * on whatever host it is read.
 */
uint64_t lc_engine_granted(enum lc_engine engine, bool privileged, const struct lc_engine_lists *lists);

/* What ENGINE grants root by default, in VERSION (NULL, or one that is none: a current one). */
uint64_t lc_engine_defaults(enum lc_engine engine, const char *version);

/* The capabilities that ENGINE in VERSION (as above) knows by name: it refuses to add others. */
uint64_t lc_engine_known(enum lc_engine engine, const char *version);

/* "docker", "podman", "containerd", "cri-o"; NULL when out of range. */
const char *lc_engine_name(enum lc_engine engine);

/* The engine called NAME, in any case, "cri-o" also as "crio"; or -EINVAL. */
int lc_engine_from_name(const char *name);

/* Every name of an engine for lc_suggest, LC_ENGINE_N of them. */
const char *const *lc_engine_names(void);

/*
 * Reads NAME, a capability or "ALL", any case, with or without "CAP_", to *MASK; ALL is every capability that the
 * running kernel has. 0; or -EINVAL with *MASK unchanged and *MESSAGE (caller frees; NULL when out of memory), which names the
 * nearest one.
 */
int lc_engine_read_capability(const char *name, uint64_t *mask, char **message);

#endif
