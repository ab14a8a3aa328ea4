/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What trials of a proof have in common: which containers are the same from run to run, and what of them is worse than before. */
#ifndef LEASTCAP_TRIAL_H
#define LEASTCAP_TRIAL_H

#include <leastcap/model.h>
#include <leastcap/prove.h>
#include <leastcap/strbuf.h>

/* How a request to create a container names it. NULL: not. */
struct lc_trial_names {
	const char *name;
	const char *image;
	const char *project; /* compose */
	const char *service;
	const char *command; /* what lc_trial_command makes of it */
};

/*
 * The command in a request to create a container, LENGTH bytes of BODY, its words with blanks between; "" where the image's own is meant. Caller frees;
 * NULL when out of memory.
 */
char *lc_trial_command(const char *body, size_t length);

/*
 * What the container that NAMES name is called in every run: its service, else its name, else its image and command, which may be several containers.
 * Caller frees; NULL when out of memory.
 */
char *lc_trial_key(const struct lc_trial_names *names);

/* What may be told of a container. */
enum lc_trait_kind {
	LC_TRAIT_CONTAINER, /* it is created */
	LC_TRAIT_PROCESS,   /* "nginx of user 33:33": a process that stays */
	LC_TRAIT_PORT,      /* "tcp 80": it listens there */
	LC_TRAIT_STATE,     /* "running", "one that ends with exit status 0", "healthy": when the command ended */
	LC_TRAIT_RESTART,   /* the engine restarted it */
	LC_TRAIT_UNWELL,    /* its health check fails */
	LC_TRAIT_LOG,  /* "[error] # bind() failed": a line of its log that tells of an error, with # for what varies */
	LC_TRAIT_FILE, /* "/data/x of user 33:33": a file that it has made or changed */
	LC_TRAIT_REFUSED, /* "EPERM in chown of /bin/chown": a call that failed */
	LC_TRAIT_TOLD,    /* "its log": what of the above could be had at all, so that nothing of it came unnoticed */
	LC_TRAIT_N
};

/* One of these. */
struct lc_trait {
	size_t subject;
	enum lc_trait_kind kind;
	uint64_t caps; /* of a refused call: any one of these opens it */
	bool passing;  /* it was there in one run and not in another, and need not be there again */
	char *text;    /* owned, hostile */
};

/* What stands between a file's path and its owner. */
#define LC_TRAIT_OWNER " of user "

/* What is known of the containers of one run, or of all that passed. Zero-initialise to start. */
struct lc_traits {
	struct lc_trait *list;
	size_t n;
};

/* Adds a trait, once. TEXT is copied. 0 or -ENOMEM. */
int lc_traits_add(struct lc_traits *traits, size_t subject, enum lc_trait_kind kind, uint64_t caps, const char *text);

/* Adds what the recording of TARGET tells of SUBJECT: the calls that failed, but those that programs get over. 0 or -ENOMEM. */
int lc_traits_add_target(struct lc_traits *traits, size_t subject, const struct lc_target *target);

/*
 * Adds what the engine's answer to GET /containers/ID/json, LENGTH bytes of TEXT, tells of SUBJECT: whether it runs or how it ended, its health, whether its health check
 * fails, and whether it was restarted. 0, -EPROTO when it makes no sense, or -ENOMEM.
 */
int lc_traits_add_state(struct lc_traits *traits, size_t subject, const char *text, size_t length);

/*
 * Adds how containers ended, removed ones too, by the engine's answer to GET /events, LENGTH bytes of TEXT. SUBJECT_OF finds the subject of a container's
 * ID, or SIZE_MAX where there is none. What makes no sense ends it. 0 or -ENOMEM.
 */
int lc_traits_add_ends(struct lc_traits *traits, const char *text, size_t length,
	size_t (*subject_of)(void *context, const char *id), void *context);

/*
 * Adds the lines of error or warning level in the log of SUBJECT, LENGTH bytes of TEXT, which is changed: what the engine answers to GET
 * /containers/ID/logs, in frames of Docker's where FRAMED (no terminal). Positive: there were more than find room; 0; or -ENOMEM.
 */
int lc_traits_add_log(struct lc_traits *traits, size_t subject, bool framed, char *text, size_t length);

/*
 * Adds the owners of the files that SUBJECT has changed, by the engine's answer to GET /containers/ID/changes, LENGTH bytes of TEXT. ROOT is a descriptor
 * of its root directory (O_PATH), which no path leads out of. Positive: there were more than find room; 0; -ENOMEM; or another -errno when not all could
 * be read.
 */
int lc_traits_add_changes(struct lc_traits *traits, size_t subject, int root, const char *text, size_t length);

/* The same for everything in the directory PATH, a volume. */
int lc_traits_add_tree(struct lc_traits *traits, size_t subject, int root, const char *path);

/*
 * Appends to WHY, as parts of a sentence, what of NOW is worse than PASSED: what has gone, and what has come that nobody wants. A call that was
 * refused for what its subject lacks (LACKS, one for each subject) is the trial itself, and not worse by itself. NAMES are the subjects'. Returns how
 * many differences there are.
 */
size_t lc_traits_compare(const struct lc_traits *passed, const struct lc_traits *now, const uint64_t *lacks,
	const char *const *names, struct lc_strbuf *why);

/* Has those of NOW's processes and ports that are not in STAYS, too, be passing. */
void lc_traits_keep(struct lc_traits *now, const struct lc_traits *stays);

/*
 * Appends to WHY what of NOW could not be had, and of PASSED could, so that nobody knows whether that is worse. NAMES are the subjects'. Returns how much
 * that is.
 */
size_t lc_traits_untold(
	const struct lc_traits *passed, const struct lc_traits *now, const char *const *names, struct lc_strbuf *why);

/*
 * Appends to WHY in what two runs, with nothing refused in both, differ, so that no trial can be compared in that. NAMES are the subjects'. Returns how many
 * differences there are.
 */
size_t lc_traits_differ(
	const struct lc_traits *first, const struct lc_traits *second, const char *const *names, struct lc_strbuf *why);

/*
 * NOW passed as well: PASSED becomes what both have of what has to be there (passing only
 * where it is in both), and what either has of the rest. Where containers ended otherwise, they may end in any of these ways. 0 or -ENOMEM.
 */
int lc_traits_learn(struct lc_traits *passed, const struct lc_traits *now);

void lc_traits_clear(struct lc_traits *traits);

/*
 * What TARGET may do without, of its list: what the judge has found survivable, what nothing but a capset named, and what programs often go on
 * without.
 */
uint64_t lc_trial_doubtful(const struct lc_target *target);

/* Of LIST: what is tried alone although nothing makes it doubtful. Without SETUID or SETGID a program stays whoever it was, which is worse as it is. */
uint64_t lc_trial_open(uint64_t list);

/* Of TARGET's list: what it had in ways that no trial by the kernel refuses, so that such a trial says nothing of it. */
uint64_t lc_trial_beyond_kernel(const struct lc_target *target);

/* What would open what TARGET was refused, granted or not. */
uint64_t lc_trial_wanted(const struct lc_target *target);

/*
 * The certificate of SUBJECT by RESULT, whose lists are not NULL; RECORDED is its recorded list. What the search does not know (method, command, …) is
 * left to the caller. NULL when out of memory.
 */
struct lc_proof *lc_proof_of(const struct lc_prove_result *result, size_t subject, uint64_t recorded);

#endif
