/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the parts of the prover do for each other. */
#ifndef LEASTCAP_CLI_PROVER_PRIVATE_H
#define LEASTCAP_CLI_PROVER_PRIVATE_H

#include "src/cli/prover.h"

#include <leastcap/json.h>

/* What all keys of a run take. */
#define LC_PROVER_KEYS_SIZE ((size_t)LC_PROVER_REQUESTS * LC_PROVER_KEY_SIZE)

/* Makes the command's environment: ours, with the proxy's socket as the engine's. 0 or -ENOMEM. */
int lc_prover_make_environment(struct lc_prover *prover);

/* Makes room for the keys. 0 or -errno. */
int lc_prover_make_keys(struct lc_prover *prover);

/* The proxy's question what REQUEST is to become: lc_proxy_calls' create. In the proxy's process, whose copy of the prover is its own. */
int lc_prover_rewrite(void *context, const struct lc_proxy_create *request, struct lc_strbuf *body);

/* Takes what has happened at the proxy. False: nothing more comes of this run. */
bool lc_prover_take_events(void *context);

/* Removes the containers of this trial, which has left them behind in the middle of something. */
void lc_prover_remove_created(const struct lc_prover *prover);

/* Frees LIST of N containers. */
void lc_prover_forget(struct lc_prover_created *list, size_t n);

/* The container of that key; NULL: there is none. */
struct lc_prover_container *lc_prover_find(const struct lc_prover *prover, const char *key);

/* Runs the command once behind the proxy. 0, -EINTR or -EIO, with an exit status in PROVER. */
int lc_prover_run(struct lc_prover *prover, const struct lc_prove_trial *trial, struct lc_trial_end *end);

/* Makes room for a proof by the kernel. An exit status; what failed has been said. */
int lc_prover_open_kernel(struct lc_prover *prover);

/* Has the recordings refuse what this trial's lists lack, for LIMIT_NS at most. 0; -EINTR when a container does not run any more, which has been said. */
int lc_prover_begin_by_kernel(struct lc_prover *prover, int64_t limit_ns);

/* Notes the containers that a run by the kernel recorded. 0 or -ENOMEM. */
int lc_prover_note_recorded(struct lc_prover *prover, const struct lc_profile *profile);

/* lc_prover_look_at for what already ran. */
int lc_prover_look_by_kernel(struct lc_prover *prover, struct lc_prover_created *created);

/* Says how the command ended, when it did not pass. NULL when out of memory. */
char *lc_prover_failure(const struct lc_trial_end *end);

/* Says in one line how a trial went. */
void lc_prover_tell(const struct lc_prover *prover, const struct lc_prove_trial *trial,
	const struct lc_prove_answer *answer, const struct lc_trial_end *end);

/*
 * Takes what this run has shown of its containers. What would open what they were refused is added to WANTED, an element for each container (NULL: nobody
 * asks). 0 or -ENOMEM.
 */
int lc_prover_look(struct lc_prover *prover, const struct lc_trial_end *end, uint64_t *wanted);

/*
 * Looks at CREATED, if it is still there: its state, its log, and while it runs its files' owners. What can't be had is noted in CREATED. 0 or -ENOMEM.
 */
int lc_prover_look_at(struct lc_prover *prover, struct lc_prover_created *created);

/* Takes the log of CREATED, which ANSWER tells of, since the run began where that is known. 0; -ENOMEM; or another -errno where it can't be had. */
int lc_prover_take_log(struct lc_prover *prover, const struct lc_prover_created *created, const json_t *answer);

/* What the engine knows of CONTAINER. A reference; NULL: nothing. */
json_t *lc_prover_inspect(struct lc_prover *prover, const char *container);

/* Whether process PID is one of container ID, by its cgroups' names. */
bool lc_prover_is_of(pid_t pid, const char *id);

/*
 * Where the prover restarts: has CREATED, which a request that names SIGNAL (NULL: none) is about to end, be reloaded if it handles HUP, stopped and started
 * again, once in a run, and waits until it serves as before. That it does not is noted in PROVER. 0 or -ENOMEM.
 */
int lc_prover_restart(struct lc_prover *prover, struct lc_prover_created *created, const char *signal);

/* The container of the last run that the client or the engine calls NAME, or whose id begins so; NULL: none. */
struct lc_prover_created *lc_prover_known_as(struct lc_prover *prover, const char *name);

/*
 * Asks the engine for PATH, patiently, which is about WHAT ("the log of web"). Without an answer that is noted, so that this run is not compared. As
 * lc_engine_get.
 */
int lc_prover_ask(struct lc_prover *prover, const char *path, const char *what, struct lc_strbuf *body);

/* Takes which containers have ended until now, if it is time for that. 0 or -ENOMEM. */
int lc_prover_take_ends_meanwhile(struct lc_prover *prover);

/* Why this run, of which all has been taken, can't be compared; NULL: it can, or out of memory (*R is -ENOMEM). Caller frees. */
char *lc_prover_incomparable(const struct lc_prover *prover, int *r);

/* Says what of this run, a second baseline, was not as in the first, and so is not compared. 0 or -ENOMEM. */
int lc_prover_tell_flapping(const struct lc_prover *prover);

/* Compares this run, which the command's exit status passed, with those that passed. 0 or -ENOMEM. */
int lc_prover_compare(const struct lc_prover *prover, struct lc_prove_answer *answer);

/* The target of PROFILE that is called as TARGET, or else has its image; NULL: none is. */
const struct lc_target *lc_prover_same_target(const struct lc_profile *profile, const struct lc_target *target);

/* The command as one would type it. NULL when out of memory. */
char *lc_prover_command_text(char *const *command);

/* lc_prove_trials' earlier: the trials of the profile that is gone on with. */
int lc_prover_resume(void *context, const struct lc_prove_run **runs, size_t *n);

/* Frees the trials that lc_prover_resume has made. */
void lc_prover_forget_earlier(struct lc_prover *prover);

/* The container that TARGET, of the first baseline, is of; NULL when the command did not create it. */
struct lc_prover_container *lc_prover_recorded(const struct lc_prover *prover, const struct lc_target *target);

/* lc_prove_trials' subjects. */
int lc_prover_subjects(void *context, const struct lc_prove_subject **list, size_t *n);

#endif
