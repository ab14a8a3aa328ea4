/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The capabilities that a recording itself needs: what for, for how long, and what is lost without them. */
#ifndef LEASTCAP_PRIVILEGES_H
#define LEASTCAP_PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a recording is without a capability. */
enum lc_privilege_without {
	LC_WITHOUT_REFUSED, /* impossible, or the list would be wrong: the recording does not begin */
	LC_WITHOUT_POORER,  /* poorer, as a warning says */
	LC_WITHOUT_SAME,    /* the same: nobody is asked to have it, and root keeps it */
};

/* When a capability is needed at all. */
enum lc_privilege_when {
	LC_WHEN_ALWAYS,
	LC_WHEN_MEMLOCK, /* the kernel is older than 5.11 and the limit on locked memory is low */
	LC_WHEN_KPROBE,  /* the hook kprobe is forced, and kernel.perf_event_paranoid is above 2 (Debian, Ubuntu) */
	LC_WHEN_SYMBOLS, /* without it /proc/kallsyms hides addresses */
	LC_WHEN_CLOSED,  /* without it we can't write to the directory of the profile, or of the cgroup to be removed */
	LC_WHEN_COMMAND, /* there is a command */
};

/* How long. */
enum lc_privilege_until {
	LC_UNTIL_ATTACHED,
	LC_UNTIL_READ, /* until the end where a map can't be read without it (before 5.19), else until attached */
	LC_UNTIL_END,
};

struct lc_privilege {
	int cap;
	int instead; /* another capability that will do, or -1 */
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
	const char *parent; /* the directory of the cgroup in which one is to be removed at the end, or NULL */
	bool command;       /* there is a command */
};

/* What privileges depend on, here and now. */
struct lc_privilege_host {
	uint64_t effective;    /* our capabilities */
	bool is_root;          /* we are user 0 */
	bool in_user_ns;       /* our user namespace is not the host's, so that our capabilities count for nothing */
	bool memlock_is_low;   /* maps count as locked memory (before 5.11), and the limit may be too low for ours */
	int perf_paranoid;     /* kernel.perf_event_paranoid */
	int kptr_restrict;     /* kernel.kptr_restrict */
	bool reading_is_asked; /* a map can't be read without CAP_BPF, or that may be so later (before 5.19) */
};

/* The table of privileges, N rows. */
const struct lc_privilege *lc_privileges(size_t *n);

/* Fills HOST. Where a sysctl can't be read the kernel's default is assumed. */
void lc_privilege_host_read(struct lc_privilege_host *host);

/* Whether PRIVILEGE is needed on HOST for USE. */
bool lc_privilege_is_needed(
	const struct lc_privilege *privilege, const struct lc_privilege_use *use, const struct lc_privilege_host *host);

/* Whether EFFECTIVE has PRIVILEGE's capability or the one that will do instead. */
bool lc_privilege_is_held(const struct lc_privilege *privilege, uint64_t effective);

/* Those of our capabilities (HOST's) that a recording keeps once it is attached. */
uint64_t lc_privileges_kept(const struct lc_privilege_use *use, const struct lc_privilege_host *host);

/*
 * Tries whether the file PATH could be written, replaced or made with our capabilities but those in WITHOUT. 0 (also for NULL and "-"), or
 * -errno.
 */
int lc_privileges_try_write(const char *path, uint64_t without);

/*
 * Says in one line which capabilities are missing on HOST so that USE can't begin, and what to do. The caller frees it. NULL when none is
 * missing, or out of memory.
 */
char *lc_privileges_refusal(const struct lc_privilege_use *use, const struct lc_privilege_host *host);

#endif
