/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The capabilities that a recording itself needs: what for, for how long, and what it is without them. */
#ifndef LEASTCAP_PRIVILEGES_H
#define LEASTCAP_PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a recording is without a capability. */
enum lc_privilege_without {
	LC_WITHOUT_REFUSED, /* impossible, or its list would be wrong: it does not begin */
	LC_WITHOUT_POORER,  /* poorer, which a warning says */
	LC_WITHOUT_SAME,    /* the same: asked of nobody, and kept only by who has it */
};

/* When a capability is needed at all. */
enum lc_privilege_when {
	LC_WHEN_ALWAYS,
	LC_WHEN_MEMLOCK, /* the kernel is older than 5.11 and the limit on locked memory is low */
	LC_WHEN_KPROBE,  /* the hook kprobe is forced, and kernel.perf_event_paranoid is above 2 (Debian, Ubuntu) */
	LC_WHEN_SYMBOLS, /* /proc/kallsyms hides addresses from who lacks it */
	LC_WHEN_CLOSED,  /* what is written in the end lies in a directory that is closed to us without it */
	LC_WHEN_COMMAND, /* there is a command */
};

/* How long. */
enum lc_privilege_until {
	LC_UNTIL_ATTACHED,
	LC_UNTIL_READ, /* until the end where reading a map takes it (before 5.19), else until attached */
	LC_UNTIL_END,
};

struct lc_privilege {
	int cap;
	int instead; /* another one that does as well, or -1 */
	enum lc_privilege_without without;
	enum lc_privilege_when when;
	enum lc_privilege_until until;
	const char *purpose; /* "loads the BPF programs" */
	const char *cost;    /* LC_WITHOUT_POORER: what the report then lacks */
};

/* What is going to be recorded, as far as privileges depend on it. */
struct lc_privilege_use {
	const char *hook;   /* the hook that is forced, or NULL */
	const char *output; /* the file that the profile goes to; NULL or "-": none */
	const char *parent; /* the directory of the cgroup below which there is one to be removed, or NULL */
	bool command;       /* there is a command */
};

/* What privileges depend on, here and now. */
struct lc_privilege_host {
	uint64_t effective;    /* our capabilities */
	bool is_root;          /* we are user 0 */
	bool in_user_ns;       /* a user namespace that is not the host's: there our capabilities count for nothing */
	bool memlock_is_low;   /* maps count as locked memory (before 5.11), of which we may not have enough */
	int perf_paranoid;     /* kernel.perf_event_paranoid */
	int kptr_restrict;     /* kernel.kptr_restrict */
	bool reading_is_asked; /* reading a map takes CAP_BPF, or may come to (before 5.19) */
};

/* The table; *N becomes its length. */
const struct lc_privilege *lc_privileges(size_t *n);

/* Finds out about HOST. What can't be read is as strict as kernels have it by default. */
void lc_privilege_host_read(struct lc_privilege_host *host);

/* Whether PRIVILEGE is needed on HOST for USE. */
bool lc_privilege_is_needed(
	const struct lc_privilege *privilege, const struct lc_privilege_use *use, const struct lc_privilege_host *host);

/* Whether the capabilities in EFFECTIVE have PRIVILEGE's or the one that does as well. */
bool lc_privilege_is_held(const struct lc_privilege *privilege, uint64_t effective);

/* The capabilities that a recording keeps when it is attached, of those that HOST says we have. */
uint64_t lc_privileges_kept(const struct lc_privilege_use *use, const struct lc_privilege_host *host);

/*
 * Whether the file PATH could be written, replaced or made with our capabilities but those in WITHOUT. 0 (also for NULL and
 * "-") or -errno.
 */
int lc_privileges_try_write(const char *path, uint64_t without);

/*
 * Says in one line which capabilities USE lacks on HOST although it can't begin without them, and what to do. NULL when none is
 * missing (or out of memory); caller frees.
 */
char *lc_privileges_refusal(const struct lc_privilege_use *use, const struct lc_privilege_host *host);

#endif
