/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a recording knows, as structures: the profile, its targets, and what each holds, used and needs. */
#ifndef LEASTCAP_MODEL_H
#define LEASTCAP_MODEL_H

#include <leastcap/check.h>
#include <leastcap/coverage.h>
#include <leastcap/failure.h>
#include <leastcap/hazard.h>
#include <leastcap/loss.h>
#include <leastcap/proof.h>
#include <leastcap/seen.h>
#include <leastcap/volumes.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lc_target_kind { LC_TARGET_CONTAINER, LC_TARGET_COMMAND, LC_TARGET_SERVICE, LC_TARGET_CGROUP, LC_TARGET_KIND_N };

/* The biggest count: readers of JSON hold integers in 64 bits with a sign. */
#define LC_COUNT_MAX ((uint64_t)INT64_MAX)

/* A + B, and no more than a profile's file can hold, so that saving and loading in between changes nothing. */
static inline uint64_t lc_count_add(uint64_t a, uint64_t b)
{
	return a > LC_COUNT_MAX || b > LC_COUNT_MAX - a ? LC_COUNT_MAX : a + b;
}

/* What to do about one capability instead of, or besides, granting it. TEXT is owned, one or more sentences, and hostile. */
struct lc_advice {
	int cap;
	char *text;
};

/* The five capability sets of a process: capabilities(7). */
struct lc_sets {
	uint64_t inheritable;
	uint64_t permitted;
	uint64_t effective;
	uint64_t bounding;
	uint64_t ambient;
};

/* How seccomp restricts a process; the order is the kernel's (include/uapi/linux/seccomp.h). */
enum lc_seccomp { LC_SECCOMP_DISABLED, LC_SECCOMP_STRICT, LC_SECCOMP_FILTER, LC_SECCOMP_N };

/* The first process of a target, as an audit found it; all zero where there was no audit. */
struct lc_init {
	uint64_t pid; /* 0: nothing is known of it */
	struct lc_sets sets;
	bool no_new_privs;
	bool own_userns; /* in another user namespace than leastcap itself */
	enum lc_seccomp seccomp;
	bool ended;   /* it ended before it was read */
	char *unread; /* why nothing is known of it, in a sentence without its end; owned */
};

/* What all processes of a target may do together, as an audit found them; all zero where there was no audit. */
struct lc_members {
	uint64_t n;          /* how many there were */
	bool cut;            /* there were more, which were not read */
	bool own_userns;     /* each of them is in another user namespace than leastcap itself */
	struct lc_sets sets; /* of those in the outermost of their user namespaces, united */
	uint64_t held;       /* by one of those, or by any that root among them starts; not saved */
	uint64_t reached;    /* and by set-user-ID programs that they may start; not saved */
	char *differs;       /* who may do more than the first process, in whole sentences; owned and hostile */
};

/* What an audit makes of a target, the worst first: see lc_audit_rate. */
enum lc_rating_level {
	LC_RATING_UNRATED, /* there was no audit */
	LC_RATING_PRIVILEGED,
	LC_RATING_ALL,       /* every capability, though not privileged */
	LC_RATING_DANGEROUS, /* one by which root of the host can be had */
	LC_RATING_UNKNOWN,   /* its first process could not be read */
	LC_RATING_WIDE,      /* the engine's defaults and more */
	LC_RATING_DEFAULTS,  /* the engine's defaults */
	LC_RATING_CONFINED,  /* some, in a user namespace of its own */
	LC_RATING_REACHABLE, /* an ordinary user, whom a set-user-ID program gives more */
	LC_RATING_UNUSED,    /* some that it did not use */
	LC_RATING_REDUCED,   /* some, and nobody watched which it uses */
	LC_RATING_EXACT,     /* what it used */
	LC_RATING_NOTHING,
	LC_RATING_N
};

/* Strings are owned and hostile: they quote names. */
struct lc_rating {
	enum lc_rating_level level;
	uint64_t score; /* the sum of its hazards' points; the biggest is the worst */
	char *why;
	char *advice; /* what to do about it */
	char *told; /* where it differs from what the engine was told, in a whole sentence; NULL: nowhere, or not known */
};

/* By what the end of a target's start is known. The order is that of trust. */
enum lc_sign {
	LC_SIGN_NONE,
	LC_SIGN_TOLD,        /* the user has said how long it takes */
	LC_SIGN_ACCEPT,      /* it accepted its first connection */
	LC_SIGN_HEALTHY,     /* its first health check succeeded */
	LC_SIGN_CREDENTIALS, /* it changed its credentials for the last time before it went quiet */
	LC_SIGN_QUIET,       /* it asked for nothing new for some seconds */
	LC_SIGN_N
};

/* The times of a target's life, in nanoseconds since 1970. All zero where its beginning was not seen. */
struct lc_life {
	int64_t began_ns;    /* its first program */
	int64_t accepted_ns; /* the first connection that it accepted; 0: none, or not known. Not saved: SERVED has it */
	bool is_checked;     /* its engine checks its health. Not saved */
	int64_t healthy_ns;  /* the first successful health check; 0: none, or not known. Not saved either */
	int64_t served_ns;   /* the end of its start; 0: there was no sign of that */
	enum lc_sign sign;   /* of that */
	int64_t stopping_ns; /* when it was told to stop; 0: not known */
	int64_t ended_ns;    /* 0: it still ran when the recording ended */
	uint64_t starts;     /* how often its first program was started */
	int64_t asked_ns; /* when it had asked for the last new thing before what its evidence has; 0: nothing. Not saved */
};

/* One container, command, service or cgroup. Strings are owned, hostile, and NULL when unknown. */
struct lc_target {
	enum lc_target_kind kind;
	char *name; /* never NULL in a valid profile */
	char *id;
	char *engine;         /* "docker", "containerd", "podman", … */
	char *engine_version; /* "20.10.24" */
	char *label; /* what a security module calls a container's first process, or else the first program that it confines: "docker-default (enforce)", "unconfined" */
	char *landlock; /* a program of its own that has restricted itself by Landlock, which what that starts inherits */
	char *image;
	char *image_id;  /* what that was just then: "sha256:…" */
	char *project;   /* compose */
	char *service;   /* compose service */
	char *directory; /* of the compose project's file. Not saved */
	char *pod;       /* Kubernetes */
	char *namespace; /* of the pod */
	char *user;      /* "uid:gid" of the workload's first program */
	char *cgroup;    /* path in its hierarchy */
	char *left_to;   /* one of those that were moved out of it and still count here: "sshd → /user.slice/…" */
	uint64_t n_left; /* how many were */
	uint32_t kernel; /* that it was recorded on, LC_KERNEL; 0: unknown, or several. Not saved: the profile has it */
	char *owner;     /* the number of the ordinary user who runs it: what it is called is that user's word */
	char *claim;     /* what its cgroup's name says and no engine confirms, a part of a sentence after "it" */
	char *origin; /* who told of it, where it was not recorded ("Prometheus at http://…"): its evidence is counts by class, of which nothing else is known */
	char *sandbox; /* the runtime that runs it in a kernel of its own, whose checks are not seen: "runsc" */
	bool privileged;
	bool seccomp;      /* the engine had a filter of system calls in force when the first program began */
	bool own_filter;   /* that was made from a profile of the user's own, and not the engine's default one */
	char *own_profile; /* what that says, as JSON. Not saved: lc_failure's rule has what it says of a refused call */
	uint64_t configured_add;  /* CapAdd as configured */
	uint64_t configured_drop; /* CapDrop as configured */
	uint64_t granted;         /* bounding set; capability masks, see capset.h */
	uint64_t cap_add;         /* the answer */
	uint64_t verify;          /* those of cap_add that the program may do without: another run has to tell */
	uint64_t unused;          /* granted and never asked for */
	uint64_t wanted;          /* denied, and a syscall failed for it */
	uint16_t
		port; /* for which cap_add has NET_BIND_SERVICE though nobody was asked: other engines ask; 0: none. Not saved */
	uint64_t tried;          /* of cap_add: only to be tried, because it was wanted. Not saved */
	struct lc_losses losses; /* what its evidence lacks */
	struct lc_check *evidence;
	size_t n_evidence;
	struct lc_failure *failures; /* refused calls */
	size_t n_failures;
	struct lc_advice *advice; /* by capability */
	size_t n_advice;
	struct lc_init init;
	struct lc_members members;
	struct lc_hazard *hazards; /* what its score is made of, the worst first */
	size_t n_hazards;
	struct lc_rating rating;
	struct lc_life life;
	struct lc_seen seen;
	struct lc_volumes volumes;
	struct lc_coverage coverage;
	struct lc_proof
		*proof; /* that the list is enough, and has nothing too much; NULL: it rests on what was recorded */
};

/* A kernel's version as a number that can be compared. */
#define LC_KERNEL(major, minor) ((uint32_t)(major) << 16 | (uint32_t)(minor))

struct lc_profile {
	char *tool; /* "leastcap 0.1.0" */
	char *kernel;
	char *machine;
	char *hook;         /* "fexit", "tp_btf", "kprobe" */
	char *cgroup;       /* "v1", "v2", "hybrid" */
	char *refusals;     /* which refused calls were looked at: "checked" (LC_REFUSALS_CHECKED); NULL: all */
	int64_t started_ns; /* nanoseconds since 1970, UTC */
	int64_t ended_ns;
	uint64_t lost; /* how much is missing from the evidence: of the targets here, or not known of which */
	struct lc_losses elsewhere; /* of LOST what is not known to belong to a target; empty in older profiles */
	struct lc_target *targets;
	size_t n_targets;
};

/* The word for each value, as the profile spells it ("container", "filter", "privileged", …); NULL when out of range. */
const char *lc_target_kind_name(enum lc_target_kind kind);
const char *lc_seccomp_name(enum lc_seccomp seccomp);
const char *lc_rating_name(enum lc_rating_level level);
const char *lc_sign_name(enum lc_sign sign);

/* Whether PROFILE is that of an audit that watched nothing: it says what its targets hold, and not what they need. */
bool lc_profile_is_unwatched(const struct lc_profile *profile);

/* Where PROFILE's targets are from, if somebody told of them (their ORIGIN); NULL: they were recorded. */
const char *lc_profile_origin(const struct lc_profile *profile);

/*
 * How many checks are missing from the evidence of the targets for which MEANT (an element each; NULL: all) is true. What is not known
 * to be another target's counts.
 */
uint64_t lc_profile_lost(const struct lc_profile *profile, const bool *meant);

/*
 * The version in RELEASE, a kernel's as uname(2) has it ("6.1.0-56-amd64"); 0 when there is none, or where a merged profile
 * lists several ("5.10.0, 6.1.0"). RELEASE may be NULL.
 */
uint32_t lc_kernel_version(const char *release);

/* Whether two names are of the same image: "nginx" is "docker.io/library/nginx:latest". False when one is NULL. */
bool lc_image_is(const char *image, const char *other);

/* Appends a zeroed target and returns it (valid until the next append), or NULL when out of memory. */
struct lc_target *lc_profile_add_target(struct lc_profile *profile);

/* Appends CHECK to TARGET's evidence, taking over its strings (CHECK is zeroed). 0, or -ENOMEM and CHECK is kept. */
int lc_target_add_evidence(struct lc_target *target, struct lc_check *check);

/* The same for FAILURE and TARGET's failures. */
int lc_target_add_failure(struct lc_target *target, struct lc_failure *failure);

/*
 * Makes the runtime's own work of what was seen of TARGET, which runs in a kernel of its own: its evidence becomes set-up, nothing is known
 * of what it was granted and refused, and that nothing of its workload was seen is a loss.
 */
void lc_target_set_aside(struct lc_target *target);

/* Sorts TARGET's failures, and makes one of those that agree in all facts. */
void lc_target_unite_failures(struct lc_target *target);

/* Appends advice on CAP to TARGET, taking over TEXT. 0, or -ENOMEM and TEXT is freed. */
int lc_target_add_advice(struct lc_target *target, int cap, char *text);

/* Appends HAZARD to TARGET's, taking over its strings (HAZARD is zeroed). 0, or -ENOMEM and HAZARD is kept. */
int lc_target_add_hazard(struct lc_target *target, struct lc_hazard *hazard);

/* The first of TARGET's hazards that is of KIND, or NULL. */
const struct lc_hazard *lc_target_hazard(const struct lc_target *target, enum lc_hazard_kind kind);

/* Forgets TARGET's hazards. */
void lc_target_clear_hazards(struct lc_target *target);

/* Forgets what an audit found of TARGET: init, members, hazards and rating. */
void lc_target_clear_audit(struct lc_target *target);

/*
 * Makes *COPY what is known of TARGET besides what it did: all but its evidence, its failures, its proof, and what the judge and an audit say. 0, or -ENOMEM and *COPY
 * is unchanged.
 */
int lc_target_copy_about(struct lc_target *copy, const struct lc_target *target);

/* Frees everything that TARGET owns and zeroes it. */
void lc_target_clear(struct lc_target *target);

/*
 * Sorts targets by score and rating (the worst first), project, service, name, id, …; the evidence of each by capability, class, count (the
 * biggest first), …; its failures likewise by cause; and its advice by capability. So the same profile is always saved as the same bytes.
 */
void lc_profile_sort(struct lc_profile *profile);

/* Frees everything that PROFILE owns and zeroes it. */
void lc_profile_clear(struct lc_profile *profile);

#endif
