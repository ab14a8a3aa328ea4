/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recording from start to end: whom it records, the command that it runs, what ends it, and the profile that comes of it. */
#ifndef LEASTCAP_RECORDING_H
#define LEASTCAP_RECORDING_H

#include <leastcap/log.h>
#include <leastcap/model.h>
#include <leastcap/privileges.h>
#include <leastcap/probe.h>
#include <leastcap/replace.h>
#include <leastcap/unit.h>

/* What is recorded. */
enum lc_recording_scope {
	LC_SCOPE_CONTAINERS, /* every container, or those called NAMES */
	LC_SCOPE_PROCESS,    /* PID and its children */
	LC_SCOPE_CGROUP,     /* the cgroup at CGROUP_PATH and those below */
	LC_SCOPE_COMMAND,    /* COMMAND, in a cgroup of its own that is made for it and removed */
	LC_SCOPE_HOST,       /* everything */
	LC_SCOPE_UNIT,       /* the service of UNIT, whether it runs or is still to be started */
};

/* struct lc_recording_options: SETTLE_NS. */
#define LC_SETTLE_AS_NEEDED (-1)

/* The container that LC_SCOPE_CGROUP is about, where its runtime has told. */
struct lc_recorded_container {
	const char *id;
	const char *bundle; /* a directory; NULL: not known */
};

/* A traced check and where it belongs. Everything in it is lent for the time of the call. */
struct lc_recording_check {
	const struct lc_traced_check *traced;
	const struct lc_target *target;
	struct lc_check check; /* judged but for its outcome; its strings live as long as the recording */
	const char *why;       /* the judge's sentence, or NULL */
};

/* A refused call, traced, and where it belongs. Everything in it is lent for the time of the call. */
struct lc_recording_call {
	const struct lc_traced_call *traced;
	const struct lc_target *target;
	const struct lc_failure *failure; /* judged; its name is the task's now */
};

/* Who is told of traced checks and refused calls. */
struct lc_recording_listener {
	void *context;
	/* False: no check that is counted with this one has to be told any more. */
	bool (*traced)(void *context, const struct lc_recording_check *check);
	void (*returned)(void *context, const struct lc_traced_return *returned);
	void (*refused)(void *context, const struct lc_recording_call *refused);
};

struct lc_recording;

/* Who is told how the recording goes on. Each function may be NULL. */
struct lc_recording_watcher {
	void *context;
	/* Events have been taken. False: the recording ends now. */
	bool (*looked)(void *context, const struct lc_recording *recording);
	/* TAKE_NS have passed since it was called last: for lc_recording_take. */
	void (*take)(void *context, struct lc_recording *recording);
	int64_t take_ns;
	/* PROGRESS_MS have passed since it was called last. */
	void (*progressed)(void *context, const struct lc_recording *recording);
	unsigned int progress_ms;
	/* FD (which stays open) can be read. False: the recording ends now. */
	bool (*readable)(void *context);
	int fd;
	/*
	 * A signal has come to end the recording and something does not answer: the program has to end now. Called from another
	 * thread that has no privileges. Does not return.
	 */
	void (*stuck)(void);
};

struct lc_recording_options {
	enum lc_recording_scope scope;
	char **names; /* of containers: lc_target_answers */
	size_t n_names;
	const char *project; /* LC_SCOPE_CONTAINERS: only this compose project; NULL: any */
	const char *image;   /* likewise: only containers of this image */
	bool only_started; /* without NAMES: only what starts after the recording has begun, or is of the compose project of our directory */
	bool names_may_come;                   /* a container of that name may still be started */
	bool services;                         /* LC_SCOPE_CONTAINERS: systemd's services, too */
	const struct lc_unit *unit;            /* what systemd said of it */
	const struct lc_unit_manager *manager; /* has it stopped and started */
	pid_t pid;
	const char *cgroup_path;                       /* a directory */
	const struct lc_recorded_container *container; /* that it is; NULL: its path tells */
	pid_t until;        /* the recording ends when this process has, and its cgroup is empty; 0: not so */
	char **command;     /* the recording ends with it; NULL: none */
	const char *user;   /* the command runs as this user; NULL: as ours */
	char **environment; /* the command's; NULL: ours */
	const struct lc_replacement *replaced; /* files that the command finds changed */
	size_t n_replaced;
	const uint64_t *bounding; /* the command and its children can have no other capabilities; NULL: all */
	int64_t limit_ns;         /* the recording lasts so long; 0: no limit */
	/*
	 * How long the recording goes on after its command while containers run that this has started; 0: not at all; LC_SETTLE_AS_NEEDED: while one of
	 * them is still starting, ten seconds at most.
	 */
	int64_t settle_ns;
	int64_t start_ns;   /* a target's start takes so long; 0: signs tell when it is over */
	const char *output; /* the file that is written in the end, for which privileges are kept; NULL: none */
	const char *hook;   /* NULL: the best */
	const char *btf;    /* a file with the kernel's types, or NULL */
	uint32_t keys;      /* room for so many distinct checks; 0: the default */
	bool stacks;        /* take and unwind the user stack at the first check of a kind */
	uint64_t refused;   /* what is refused to the targets asked for, as a trial; 0: nothing */
	const uint64_t *refused_each; /* what of REFUSED each of NAMES is refused; NULL: all of it */
	int64_t refused_ns; /* after so long everything is granted again; more than 0 where REFUSED is not 0 */
	bool debuginfod;    /* for stacks: ask $DEBUGINFOD_URLS for what is not here */
	const struct lc_trace_wanted *trace; /* NULL: checks are not told one by one */
	enum lc_refusals refusals;           /* at least these refused calls are looked at */
	struct lc_recording_listener listener;
	struct lc_recording_watcher watcher;
	const struct lc_log *log;
};

/*
 * Says in one line what is missing for OPTIONS if a recording can't begin. If it can, warns in one line each of what its report
 * will lack. 0, or -EPERM when it can't begin.
 */
int lc_recording_check_privileges(const struct lc_recording_options *options);

/*
 * Drops all capabilities of a user other than root. What follows is done with the caller's rights, and not with those that our file
 * gives to everybody. 0 or -errno.
 */
int lc_privileges_give_up(void);

/*
 * Forks the command, which waits, and loads the probe. From here on SIGINT, SIGTERM, SIGHUP and SIGCHLD are blocked, as they are events
 * of the recording, and SIGPIPE is ignored. OPTIONS are kept by reference. 0; -ENOEXEC when OPTIONS names a file of types that can't
 * be used, or wants a trial that this kernel does not allow; -EBUSY when another trial goes on; or -errno. What went wrong has been said to the log. *RECORDING is unchanged on failure.
 */
int lc_recording_open(struct lc_recording **recording, const struct lc_recording_options *options);

/*
 * Attaches, finds the targets that are there already, and drops all privileges that are not needed any more. 0; -ENXIO when no container
 * answers to a name in the options; or -errno. What went wrong has been said to the log.
 */
int lc_recording_start(struct lc_recording *recording);

/*
 * Has the Docker Engine stop and start the containers that are to be in the profile and run, and goes on recording until they have started again, ten
 * seconds at most for each that does not say when that is. Between lc_recording_start and lc_recording_release, or after lc_recording_run. 0; -EINTR after a
 * signal; -EIO when the engine can't, or another -errno: what went wrong has been said.
 */
int lc_recording_restart(struct lc_recording *recording);

/*
 * Has systemd stop the unit, and start it again unless the command is to do that by a connection to its socket; and, where there is a command, goes on
 * recording until it has started. Between lc_recording_start and lc_recording_release. As lc_recording_restart.
 */
int lc_recording_restart_unit(struct lc_recording *recording);

/* After lc_recording_run: has systemd stop the unit if it did not run before, and takes what systemd says of it in the end. What fails is said. */
void lc_recording_leave_unit(struct lc_recording *recording);

/* Lets the command go, if there is one. 0, or the -errno with which its execution failed (-ENOENT: no such command), which has been said. */
int lc_recording_release(struct lc_recording *recording);

/*
 * Records until the command, the time, a signal or the watcher ends it. The first signal is passed on to the command, and the
 * recording ends with it; the second ends it at once. 0, or -errno, which has been said: what was recorded until then can be had all
 * the same.
 */
int lc_recording_run(struct lc_recording *recording);

/*
 * Fills INCREMENT (zeroed before) with what was seen since this was called before, or since the start, judged; the recording goes on. Counts and losses are
 * those that are new, so that what all increments and lc_recording_finish say together, merged, is what that would have said alone. What is not known yet
 * (who a container is, who owns a file) is told later, and its checks with it. Times of life are each increment's own view. What is gone and has
 * been told is forgotten. 0, or -errno, which has been said (INCREMENT is unchanged, and what was new is lost).
 */
int lc_recording_take(struct lc_recording *recording, struct lc_profile *increment);

/* Ends the recording: detaches, judges, and fills PROFILE (zeroed before). 0, or -errno, which has been said (PROFILE is unchanged). */
int lc_recording_finish(struct lc_recording *recording, struct lc_profile *profile);

/*
 * Of a trial, after lc_recording_finish: whether all that was to be refused was, until the end. What was not has been said.
 */
bool lc_recording_trial_was_whole(const struct lc_recording *recording);

/*
 * What is done now (ON) is worth its time, like writing the profile. A signal that has come before is forgotten, and only another
 * one ends the program.
 */
void lc_recording_saving(struct lc_recording *recording, bool on);

/* Whether the command has ended; *STATUS is then what waitpid(2) tells of that, else unchanged. */
bool lc_recording_command_ended(const struct lc_recording *recording, int *status);

/* How much was to be told and was not, because the listener was too slow. It is counted all the same. */
struct lc_untold lc_recording_untold(const struct lc_recording *recording);

/* How many containers ran before the recording and are left out of the profile because of ONLY_STARTED. Before lc_recording_finish. */
size_t lc_recording_neighbours(const struct lc_recording *recording);

/* The container (hostile) that the recording waits for after its command has ended, because it is still starting; NULL: it waits for none. */
const char *lc_recording_awaits(const struct lc_recording *recording);

/* The hook in use: "fexit", "tp_btf" or "kprobe". */
const char *lc_recording_hook(const struct lc_recording *recording);

/* How many checks have been counted, and how many targets there are for the profile, so far. */
uint64_t lc_recording_checks(const struct lc_recording *recording);
size_t lc_recording_targets(const struct lc_recording *recording);

/*
 * Calls EACH for every process that is now in the topmost cgroup of a recorded container that has an id, or of the recorded command, but for those that
 * the container's runtime still prepares. Stops at the first positive answer, and returns it; else 0.
 */
int lc_recording_each_process(const struct lc_recording *recording,
	int (*each)(void *context, const struct lc_target *target, pid_t pid), void *context);

/* Frees everything; a command that was never released ends. Signals stay blocked. RECORDING may be NULL. */
void lc_recording_free(struct lc_recording *recording);

#endif
