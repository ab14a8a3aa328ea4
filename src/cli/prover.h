/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Makes the trials of a proof. By the engine: the command runs with a socket of ours in front of it, which writes the containers' lists anew. Or of the
 * command itself (scope LC_SCOPE_COMMAND): its bounding set has no more than the list, and no engine is asked. Or by the kernel, of containers that
 * already run.
 */
#ifndef LEASTCAP_CLI_PROVER_H
#define LEASTCAP_CLI_PROVER_H

#include "src/cli/patched.h"
#include "src/cli/trial.h"

#include <leastcap/log.h>
#include <leastcap/proxy.h>
#include <leastcap/trial.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many requests to create a container one run may make, and how long the key of a container is that they name, with its NUL. */
enum { LC_PROVER_REQUESTS = 4096, LC_PROVER_KEY_SIZE = 256 };

/* Both baselines: struct lc_prover_container's RUNS. */
#define LC_PROVER_BOTH 3U

/* One container that the command creates in every run, or all those of one service; or the command itself. */
struct lc_prover_container {
	char *key;
	uint64_t granted;  /* by the command itself */
	uint64_t recorded; /* its list */
	uint64_t doubtful;
	unsigned int runs;      /* the baselines that created it: bit 0 for the first, bit 1 for the second */
	uint64_t beyond;        /* of its list: what no trial by the kernel tells anything of */
	int64_t restarts;       /* by the engine, when the run began; -1: not known; by the kernel only */
	bool seen;              /* something of it was recorded */
	bool privileged;        /* it stays as it is */
	bool sandboxed;         /* likewise: its checks are not seen */
	bool subject;           /* something is to be proven of it, if only that nothing is enough */
	bool ends_by_hup;       /* although it handles that */
	unsigned int restarted; /* like RUNS: the baselines that have restarted it */
	int64_t restart_ms;     /* how long that took at most */
	uint64_t list;          /* what this trial grants it */
	uint64_t missing;       /* of RECORDED, what this trial does not grant */
};

/* A container of one run. What is not known of it is no "no". */
struct lc_prover_created {
	size_t container; /* its index */
	char *id;
	char *name;    /* that the client gave it; NULL: none */
	bool started;  /* by the client */
	bool stated;   /* how it is, or how it has ended, is known */
	bool logged;   /* its log was read */
	bool listed;   /* its files' owners were */
	bool recorded; /* and all calls that it was refused */
	bool tried;    /* the prover has begun to restart it */
	bool restarted;
	struct lc_samples again; /* how it looked then */
};

struct lc_prover {
	/* Whoever calls fills these. */
	struct lc_recording_options options; /* of the recordings; with the command */
	const struct lc_profile *from;       /* the lists to begin with, or NULL */
	const struct lc_profile *resumed;    /* whose proof is gone on with, or NULL */
	uint64_t accepted;                   /* what may go although a service is worse without it */
	bool unprivileged;                   /* privileged containers are tried, as others are */
	bool by_kernel;                      /* the containers that OPTIONS names, which already run */
	bool restarts;                       /* it reloads and restarts containers before the command ends them */
	const char *
		patch; /* what PATCHED was made from, as the user calls it; NULL: the project's files are as they are */
	struct lc_patched patched; /* likewise */
	int64_t timeout_ns;        /* for a trial; 0: as the baselines' time says */
	const struct lc_log *log;
	/* The rest is the prover's. */
	char *socket;            /* the engine's; NULL: none is asked */
	struct lc_proxy *proxy;  /* NULL: of the command itself, or by the kernel */
	char *label;             /* whose trial a container is of, as lc_left_label makes it; NULL likewise */
	uint64_t *refused;       /* an element for each container: what this trial refuses to it; by the kernel only */
	struct lc_log trial_log; /* likewise: of the recordings */
	int64_t began_ns;        /* likewise: of this run, CLOCK_REALTIME; else 0 */
	char **environment;
	struct lc_prover_container *containers;
	size_t n_containers;
	struct lc_prove_subject *subjects; /* an element for each container */
	struct lc_prove_run *earlier;      /* the trials of RESUMED */
	size_t n_earlier;
	struct lc_traits passed;
	struct lc_traits now;
	struct lc_prover_created *created; /* in the last run */
	size_t n_created;
	char (*keys)
		[LC_PROVER_KEY_SIZE]; /* of the last run's requests, by number; shared with the proxy's process, which fills it */
	struct lc_profile baseline;
	struct lc_prover_created *recorded; /* in the first baseline: whose recording the profile has */
	size_t n_recorded;
	int64_t longest_ns; /* that a baseline took */
	bool is_baseline;
	size_t n_subjects;  /* containers that are known, once the search has begun; 0 until then */
	size_t strangers;   /* containers that trials have created and no baseline, which stayed as they were */
	size_t others;      /* starts of containers that no run of this proof has created, which stayed as they were */
	size_t unlogged;    /* containers whose log could not be read */
	size_t unlisted;    /* containers whose files could not be looked at */
	size_t unrestarted; /* containers of the first baseline that it did not restart */
	unsigned int repeats; /* of the first baseline */
	bool again;           /* it is to be made again */
	char *unreturned;     /* why a container of this run did not come through its restart; NULL: all did */
	size_t beside;        /* requests whose containers stay as they are */
	bool crowded;         /* containers had more processes, files or lines than are compared */
	int64_t ends_ns;   /* until when (CLOCK_REALTIME) the engine has told which containers have ended in this run */
	int64_t asks_ns;   /* when it is asked for that again */
	size_t unanswered; /* questions of this run to which the engine gave no answer, although it was asked again */
	char *unanswered_what; /* what the first of them was about */
	int unanswered_why;    /* and -errno */
	int told;              /* -errno: not all that happened at the socket in this run is known */
	int status;            /* an exit status, where a trial could not be made */
};

/* Finds the engine and puts the socket in front of it, where one is needed. An exit status; what failed has been said. */
int lc_prover_open(struct lc_prover *prover);

/* What lc_prove is to call, with PROVER as its context. */
extern const struct lc_prove_trials lc_prover_trials;

/* Fills PROFILE with the baseline's targets that the command has created, each with its certificate. 0 or -errno. */
int lc_prover_deliver(struct lc_prover *prover, const struct lc_prove_result *result, struct lc_profile *profile);

void lc_prover_close(struct lc_prover *prover);

#endif
