/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recording from start to profile: probe, identity and judge brought together. */
#ifndef LEASTCAP_RECORDING_SESSION_H
#define LEASTCAP_RECORDING_SESSION_H

#include <leastcap/log.h>
#include <leastcap/model.h>
#include <leastcap/probe.h>

/* What is recorded. */
enum session_scope {
	SESSION_CONTAINERS, /* every container, or those called NAMES */
	SESSION_PROCESS,    /* PID and its children */
	SESSION_CGROUP,     /* the cgroup at CGROUP_PATH and those below */
};

/* A traced check and where it belongs. Everything in it is lent for the time of the call. */
struct session_check {
	const struct lc_traced_check *traced;
	const struct lc_target *target;
	struct lc_check check; /* judged but for its outcome; its strings live as long as the session */
	const char *why;       /* the judge's sentence, or NULL */
};

/* Who is told of traced checks. */
struct session_listener {
	void *context;
	/* False: no check that is counted with this one has to be told any more. */
	bool (*traced)(void *context, const struct session_check *check);
	void (*returned)(void *context, const struct lc_traced_return *returned);
};

struct session_options {
	enum session_scope scope;
	char **names; /* of containers: names or the beginnings of ids */
	size_t n_names;
	pid_t pid;
	const char *cgroup_path;             /* a directory */
	const char *command;                 /* the cgroup was made for this command: how the target is called */
	const char *hook;                    /* NULL: the best */
	const char *btf;                     /* file with the kernel's types, or NULL */
	uint32_t keys;                       /* room for so many distinct checks; 0: the default */
	bool names_may_come;                 /* a container of that name may still be started */
	bool services;                       /* SESSION_CONTAINERS: systemd's services, too */
	bool stacks;                         /* take and unwind the user stack at the first check of a kind */
	bool debuginfod;                     /* for stacks: ask $DEBUGINFOD_URLS for what is not here */
	const struct lc_trace_wanted *trace; /* NULL: checks are not told one by one */
	struct session_listener listener;
	int interrupt; /* a descriptor that becomes readable when nothing is to be waited for any more; -1: none */
	const struct lc_log *log;
};

struct session;

/*
 * Loads the probe and prepares the targets. OPTIONS are kept by reference. LC_EXIT_OK, or another exit status after having
 * said what is wrong.
 */
int lc_session_open(struct session **session, const struct session_options *options);

/* Attaches, and finds the targets that are there already. As session_open. */
int lc_session_start(struct session *session);

/* Waits for events, for FD to become readable, or TIMEOUT_MS (negative: no limit), and handles the events. 0 or -errno. */
int lc_session_wait(struct session *session, int fd, int timeout_ms);

/* Milliseconds after which lc_session_wait is to be called again for traced checks; -1: they are not traced. */
int lc_session_trace_interval(const struct session *session);

/* How many checks were to be told and were not, because LISTENER was too slow; they are counted all the same. */
uint64_t lc_session_untold(const struct session *session);

/* For the progress line. */
uint64_t lc_session_checks(struct session *session);
size_t lc_session_targets(const struct session *session);

/* Ends the recording: detaches, judges, and fills PROFILE; waits for little if it was INTERRUPTED. As session_open. */
int lc_session_finish(struct session *session, bool interrupted, struct lc_profile *profile);

/* Frees everything. SESSION may be NULL. */
void lc_session_free(struct session *session);

#endif
