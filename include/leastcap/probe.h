/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The probe: loads the kernel side, picks the hook that this kernel allows, delivers events and counted checks. */
#ifndef LEASTCAP_PROBE_H
#define LEASTCAP_PROBE_H

#include <leastcap/check.h>
#include <leastcap/failure.h>
#include <leastcap/host.h>
#include <leastcap/log.h>
#include <leastcap/loss.h>
#include <leastcap/rootfs.h>
#include <leastcap/syscalls.h>

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A cgroup that has appeared. */
struct lc_made_cgroup {
	uint64_t id;
	uint64_t outer; /* the cgroup of the target that it lies in, or that made it; 0: none */
	uint64_t share; /* the same for all that one container, or one group of the host's users, makes */
	const char *path;
};

/* Facts about a process at the moment it left set-up. */
struct lc_started {
	uint64_t cgroup;
	pid_t pid;
	uint64_t bounding;
	uint32_t userns;  /* inode number of its user namespace */
	int userns_depth; /* how deep that lies below the initial one */
	uint32_t uid;     /* effective, as the host numbers it */
	uint32_t gid;
	bool seccomp; /* a filter of system calls was in force: the engine's */
	bool in_host; /* in the mount namespace that it came from: a command or a service, no container */
};

/* A process was moved out of the target that it belongs to. What it and its children ask still counts there. */
struct lc_left {
	uint64_t target; /* the target's cgroup */
	uint32_t count;  /* how many have been, so far: not each is told once they are many */
	pid_t pid;
	const char *comm; /* of whoever moved it; hostile */
	const char *path; /* to where: a cgroup's path, or its last component; hostile */
};

/* A process that somebody put into a target was in set-up, and has run no program there for LC_SETUP_MS, or to its or the recording's end. */
struct lc_stayed {
	uint64_t target; /* the target's cgroup */
	uint64_t asked;  /* the capabilities that it, and what came with it, asked for meanwhile and were granted */
	bool expired;    /* it goes on, as the workload */
	pid_t pid;
	const char *comm; /* hostile */
};

/* A signal was sent to the first process of a target. Only the first of each number is told, from outside and from inside of the target. */
struct lc_signalled {
	uint64_t target; /* the target's cgroup */
	int signal;
	bool outside;     /* by somebody who does not belong to the target */
	int64_t time_ns;  /* since 1970; no later than the checks that follow from it */
	uint32_t handled; /* 1 << NUMBER for each signal that the process has a handler for, of those that are told */
};

/* No runtime takes longer from putting a process into a target to running a program there, on a slow machine either. Milliseconds. */
#define LC_SETUP_MS 30000

/* A program that a process of the workload began to run, or was refused (EPERM), seen for the first time. */
struct lc_executed {
	const void *key; /* see lc_probe_tell_carried */
	uint64_t cgroup; /* or the stand-in of a followed process */
	uint32_t tgid;
	struct lc_root root; /* the process's */
	bool refused;        /* what PATH names may be a script */
	uint64_t inode;      /* the program's, unless it was refused */
	int64_t changed_ns; /* when the program was changed last (since 1970), as it ran; of a refused one, when it was refused */
	const char *path; /* absolute, as the container sees it; hostile */
	const char *comm; /* how its process is called then: of a script by the script; hostile */
};

/* What its file carries. */
struct lc_carried {
	uint64_t caps; /* those that execve fails without; 0: none */
	char *about;   /* "/usr/bin/ping carries cap_net_raw=ep"; owned by the probe, NULL when CAPS is 0 */
};

/* The first check, or refused call, of a kind that is about a file. */
struct lc_touched {
	const void *key; /* see lc_probe_tell_object */
	uint64_t cgroup;
	uint32_t tgid;
	uint32_t uid; /* effective, as the host numbers it */
	uint32_t gid;
	struct lc_root root; /* the process's */
	int cap;             /* of a refused call without a check the one that its error would have gone away by */
	const char *syscall; /* NULL outside of one */
	const char *path;    /* absolute, as the container sees it; hostile */
	uint64_t arguments[6];
};

/* A check as it happens. Everything in it is lent for the time of the call. */
struct lc_traced_check {
	const void *key; /* the same for all checks that are counted together: see lc_probe_mute */
	uint64_t cgroup;
	uint32_t userns;
	bool setup;
	bool search;        /* asked while a file was looked for: see lc_traced_return.nothing */
	int64_t time_ns;    /* since 1970, UTC */
	int64_t entered_ns; /* when its syscall began (CLOCK_MONOTONIC); 0 when that is not known */
	pid_t pid;          /* the thread's */
	pid_t tgid;
	const char *comm;             /* the task's name now; hostile */
	const struct lc_check *check; /* not judged yet; counts one; lives as long as the probe */
	const struct lc_call_made *call;
};

/* A syscall in which traced checks were made has returned. */
struct lc_traced_return {
	pid_t pid;
	int64_t time_ns; /* CLOCK_MONOTONIC */
	int64_t result;  /* -errno, or what it returned */
	bool ended;      /* the task has ended in it: there is no result */
	bool nothing;    /* if it looked for a file, there was none that could be used */
};

/* A call of a traced target that was refused, as it returns. Everything in it is lent for the time of the call. */
struct lc_traced_call {
	uint64_t cgroup;
	bool checked;       /* its checks have been told, and its return will be */
	int64_t time_ns;    /* when it returned, since 1970, UTC */
	int64_t entered_ns; /* as in struct lc_traced_check */
	pid_t tgid;
	const char *comm;                 /* the task's name now; hostile */
	const struct lc_failure *failure; /* not judged yet; counts one */
	const struct lc_call_made *call;
	const struct lc_shared_stack
		*user_stack; /* of the first of its kind, where stacks are taken; NULL when unknown */
	struct lc_traced_return returned;
};

/* What the probe tells while it records. Any may be NULL. */
struct lc_probe_events {
	void *context;
	/* What the file carries is to be told, now or later, by lc_probe_tell_carried. */
	void (*executed)(void *context, const struct lc_executed *executed);
	/* The owner and mode of the file may be told, now or later, by lc_probe_tell_object. */
	void (*touched)(void *context, const struct lc_touched *touched);
	void (*cgroup_made)(void *context, const struct lc_made_cgroup *made);
	void (*cgroup_gone)(void *context, uint64_t id);
	/* Nothing was counted in cgroup ID, which is gone, and nothing more is told of it. */
	void (*cgroup_was_quiet)(void *context, uint64_t id);
	/* Cgroup ID is gone, all of it has been delivered, and nothing is known of it any more: lc_probe_forget_gone. */
	void (*cgroup_forgotten)(void *context, uint64_t id);
	void (*started)(void *context, const struct lc_started *started);
	void (*left)(void *context, const struct lc_left *left);
	void (*stayed)(void *context, const struct lc_stayed *stayed);
	/* HUP, INT, QUIT, KILL, USR1, USR2, TERM and WINCH are told. */
	void (*signalled)(void *context, const struct lc_signalled *signalled);
	void (*traced)(void *context, const struct lc_traced_check *traced);
	void (*returned)(void *context, const struct lc_traced_return *returned);
	/* A traced call was refused. If checks were told of it, this comes before its return. */
	void (*refused)(void *context, const struct lc_traced_call *refused);
	/* The stack of the first check of KEY, in CGROUP, is to be told, now or later, by lc_probe_tell_stack. */
	void (*unwind)(void *context, const void *key, uint64_t cgroup, const struct lc_snapshot *snapshot);
};

/* Which checks and calls are told one by one. */
struct lc_trace_wanted {
	uint64_t caps; /* checks of these capabilities */
	/* Whether refused calls of SYSCALL are told, by FILTER; NULL: none are. */
	bool (*refused)(const void *filter, const char *syscall);
	const void *filter;
	bool everything; /* those of set-up and with overridden credentials too */
	struct lc_capture (*capture)(
		int number); /* what to take along of each syscall's arguments: lc_syscall_capture */
	bool durations;      /* note when syscalls begin: dear, as every syscall of the host is looked at */
};

struct lc_probe_options {
	const struct lc_hierarchy *hierarchy; /* whose cgroups are recorded */
	const struct lc_probe_events *events; /* kept by reference; NULL: nobody is told */
	const struct lc_log *log;             /* kept by reference; may be NULL */
	const char *hook;                     /* "fexit", "tp_btf" or "kprobe"; NULL: the best that works */
	bool new_cgroups;                     /* record every cgroup that appears, not only those below recorded ones */
	bool follow;   /* record the processes given to lc_probe_follow and their children, not cgroups */
	uint32_t keys; /* room for so many distinct checks; 0: the default */
	const struct lc_trace_wanted *trace; /* NULL: none */
	bool stacks;                         /* take the user stack at the first check of a key */
	enum lc_refusals refusals;           /* which refused calls are to be looked at, at least */
	bool trial;                          /* capabilities may be refused: lc_probe_refuse */
	bool forgets;                        /* lc_probe_forget_gone is called from time to time */
	/*
	 * A file with the kernel's types (BTF, as it is or in an ELF file), or NULL for the kernel's own. A kernel without types of
	 * its own loads no tracing program, so that the hook is kprobe then.
	 */
	const char *btf;
};

/* The checks of one key, and where they belong. Phase and userns in CHECK are the caller's to fill in. */
struct lc_counted {
	const void
		*key; /* that of the traced checks that are counted here: struct lc_traced_check; NULL: none are told */
	uint64_t cgroup; /* or the stand-in of a followed process, see lc_probe_follow */
	uint32_t userns; /* of the credential */
	bool setup;      /* the runtime was still preparing the process */
	bool outers_own; /* overridden, by a credential that somebody in the target around its own can have made */
	struct lc_check check;
};

/* Refused calls of one key, or (PASSED) calls that an engine's filter guards and let through. The facts of CALL are filled in. */
struct lc_counted_call {
	uint64_t cgroup; /* or the stand-in of a followed process */
	uint32_t userns; /* of the task's credential */
	bool passed;     /* the call did not fail as refused ones do: CALL has no result */
	struct lc_failure call;
};

/* One kind of hook, and whether this kernel and our privileges allow it. */
struct lc_hook_state {
	const char *name; /* "fexit", "tp_btf" or "kprobe" */
	int error; /* 0 when it can be used, else -errno: -ENOENT where the kernel lacks it, -EPERM where it forbids it */
};

#define LC_HOOK_KINDS 3

/*
 * Tries every kind of hook, best first, by loading and attaching a program that does nothing. On a kernel without types of its own
 * (BTF) those that need them are -ENOENT. kprobe is tried all the same, and needs a file with types (lc_probe_options.btf) to be
 * used.
 */
void lc_probe_try_hooks(struct lc_hook_state states[LC_HOOK_KINDS]);

/* What is known of all in a cgroup that found no room. */
struct lc_missed {
	struct lc_losses losses;
	uint64_t granted; /* the capabilities of those checks that nothing else is known of */
	bool users; /* of cgroups that ordinary users have made, and that are not recorded, or too many to be told apart */
};

struct lc_probe;

/*
 * Loads the kernel side, of which nothing is attached yet. 0, or -errno with *MESSAGE (caller frees) in one line: no root, no BTF,
 * no hook that loads, …; -ENOEXEC when OPTIONS names a file of types that can't be used: it holds none, or another kernel's. *PROBE
 * is unchanged on failure.
 */
int lc_probe_open(struct lc_probe **probe, const struct lc_probe_options *options, char **message);

/* A cgroup that is to be recorded. */
struct lc_recorded {
	uint64_t id;
	uint64_t target; /* the cgroup of the target that it belongs to */
	uint64_t outer;  /* of the target that this one lies in; 0: none */
	uint64_t share;  /* lc_probe_share's */
	uint32_t userns; /* inode numbers of the target's namespaces; 0 where unknown */
	uint32_t pidns;
	bool in_host; /* its programs run in the host's mount namespace, so that set-up ends with the first of them there */
	bool started; /* it is a container, in which programs run */
};

/*
 * The share of cgroup ID, which was there before us and can have been made by user MAKER: that of its PARENT if that is recorded,
 * that of ordinary users like MAKER, or its own.
 */
uint64_t lc_probe_share(const struct lc_probe *probe, uint64_t id, uint64_t parent, uid_t maker);

/* Begins to record a cgroup that was there before us. 0 or -errno. */
int lc_probe_record(struct lc_probe *probe, const struct lc_recorded *recorded);

/*
 * Cgroup ID, which the kernel side has met below one that is recorded, belongs to TARGET, and its programs run in the host's mount namespace. 0 or
 * -errno.
 */
int lc_probe_claim(struct lc_probe *probe, uint64_t id, uint64_t target);

/* Process PID, which was taken for one of another target before ID of lc_probe_claim was known to be TARGET's, belongs to TARGET. */
void lc_probe_rehome(struct lc_probe *probe, pid_t pid, uint64_t target);

/* Stops recording cgroup ID and forgets what was counted in it. */
int lc_probe_ignore(struct lc_probe *probe, uint64_t id);

/*
 * Begins to record process PID and its future children (FOLLOW option) as part of the process tree that began with ROOT. *STAND_IN
 * becomes the cgroup id that the tree's checks carry. 1 when that is news, 0 when it was followed, or -errno (*STAND_IN is
 * unchanged).
 */
int lc_probe_follow(struct lc_probe *probe, pid_t pid, pid_t root, uint64_t *stand_in);

/* Process PID belongs to TARGET, in whose cgroups it was met. 1 when that is news, 0 when it was known, or -errno. */
int lc_probe_belongs(struct lc_probe *probe, pid_t pid, uint64_t target);

/* Whether it is known where process PID belongs. */
bool lc_probe_knows(const struct lc_probe *probe, pid_t pid);

/* As lc_probe_belongs, of a process that its runtime is still preparing, for LEFT_MS at most. */
int lc_probe_in_setup(struct lc_probe *probe, pid_t pid, uint64_t target, unsigned int left_ms);

/*
 * Process PID, which lc_probe_in_setup was told of, had run its first program before: it is the workload. Returns the capabilities that it
 * has asked for since and was granted. Nothing where the kernel side has ended its set-up itself.
 */
uint64_t lc_probe_end_setup(struct lc_probe *probe, pid_t pid);

/* What a trial refuses to a target: to its workload with its own credentials, in the user namespace that it was given. */
struct lc_refused {
	uint64_t target; /* its cgroup, or the stand-in of a followed process */
	uint64_t caps;
	uint32_t
		userns; /* inode number of its user namespace; 0: unknown, so that it is what the kernel side has met, or else the initial one */
};

/*
 * Whether this kernel lets a program refuse capabilities: 0, or -ENOEXEC with *MESSAGE (caller frees). BTF: as in the options.
 */
int lc_probe_may_refuse(const char *btf, char **message);

/*
 * Refuses REFUSED from now on (TRIAL option), until lc_probe_refuse_until's moment or until the probe is stopped or the process has
 * ended in any way. 0; -E2BIG when there is no room for another target; or -errno.
 */
int lc_probe_refuse(struct lc_probe *probe, const struct lc_refused *refused);

/* Sets the moment (CLOCK_MONOTONIC, nanoseconds) from which everything is granted again. Before it is set nothing is refused. */
void lc_probe_refuse_until(struct lc_probe *probe, int64_t moment);

/* Attaches everything: from here on checks are counted. 0 or -errno with *MESSAGE. */
int lc_probe_attach(struct lc_probe *probe, char **message);

/* The hook in use: "fexit", "tp_btf" or "kprobe". */
const char *lc_probe_hook(const struct lc_probe *probe);

/*
 * Which refused calls are looked at: LC_REFUSALS_CHECKED only where the kernel can call us when a task returns to user space, and the
 * options ask for no more; then nothing is attached to the return of every syscall.
 */
enum lc_refusals lc_probe_refusals(const struct lc_probe *probe);

/* A descriptor that becomes readable when there are events. */
int lc_probe_fd(const struct lc_probe *probe);

/* Delivers the events that have come. 0 or -errno. */
int lc_probe_consume(struct lc_probe *probe);

/*
 * How often the traces are to be looked at (milliseconds), because nothing makes lc_probe_fd readable for them: that would cost the
 * workload. -1 when there are none.
 */
int lc_probe_trace_interval(const struct lc_probe *probe);

/* Tells no more checks of KEY (of a struct lc_traced_check). They are counted all the same. 0 or -errno. */
int lc_probe_mute(struct lc_probe *probe, const void *key);

/* How much was to be told and found no room, so far; it is counted all the same. */
struct lc_untold {
	uint64_t checks;
	uint64_t calls; /* refused ones */
};

struct lc_untold lc_probe_untold(const struct lc_probe *probe);

/*
 * Tells what the program of KEY (of a struct lc_executed) carries. The probe then owns CARRIED's strings, and CARRIED is zeroed.
 * RESULT is 0, or -errno when the file could not be looked at.
 */
void lc_probe_tell_carried(struct lc_probe *probe, const void *key, int result, struct lc_carried *carried);

/* The same for OBJECT, the file of KEY (of a struct lc_touched). */
void lc_probe_tell_object(struct lc_probe *probe, const void *key, int result, struct lc_object *object);

/* Tells STACK of KEY, which the probe then owns, and STACK is zeroed. Nothing in it: it is not known. To be called once for each. */
void lc_probe_tell_stack(struct lc_probe *probe, const void *key, struct lc_stack *stack);

/*
 * After lc_probe_each: calls VISIT for every program that was seen to begin to run in CGROUP. PATH is NULL where only the low half of its INODE number
 * is known.
 */
void lc_probe_each_program(const struct lc_probe *probe,
	void (*visit)(void *context, uint64_t cgroup, const char *path, uint32_t inode), void *context);

/* Takes the counters of cgroup ID, which is gone, out of the kernel, now or together with others, and keeps them here. */
int lc_probe_collect(struct lc_probe *probe, uint64_t id);

/* How many checks have been counted so far. */
uint64_t lc_probe_total(struct lc_probe *probe);

/* Calls VISIT for each key that is counted in the kernel and is no set-up, with its cgroup and when (nanoseconds since 1970) it was met first. */
void lc_probe_each_news(
	struct lc_probe *probe, void (*visit)(void *context, uint64_t cgroup, int64_t time_ns), void *context);

/* Detaches the hooks and reads everything that is still in the kernel. 0 or -errno. */
int lc_probe_stop(struct lc_probe *probe);

/*
 * After lc_probe_each: calls VISIT for every cgroup (or stand-in) that something was lost of, and with ID 0 for what belongs to
 * none that is known. What it was called for before is left out. Stops at the first nonzero answer and returns it; -errno when the kernel's maps can't be read.
 */
int lc_probe_each_missed(struct lc_probe *probe,
	int (*visit)(void *context, uint64_t id, const struct lc_missed *missed), void *context);

/*
 * Calls VISIT for every key of which something was counted that it was not called for before, call sites resolved to names. VISIT may take the strings of
 * counted->check (lc_check_clear frees the rest). Stops at the first nonzero answer and returns it. Before lc_probe_stop what still waits for
 * a look-up, or for the return of its call, is left for the next time, so that the sum of all is what one after lc_probe_stop would be.
 */
int lc_probe_each(struct lc_probe *probe, int (*visit)(void *context, struct lc_counted *counted), void *context);

/* The same for calls that have returned: refused ones, and those that filters guard. VISIT may take what counted->call owns. */
int lc_probe_each_call(
	struct lc_probe *probe, int (*visit)(void *context, struct lc_counted_call *counted), void *context);

/*
 * After all three of lc_probe_each: forgets what is known of cgroups that are gone, here and in the kernel, unless something of them is still to be delivered. Tells
 * which by cgroup_forgotten. 0 or -errno.
 */
int lc_probe_forget_gone(struct lc_probe *probe);

/* Detaches and frees everything. PROBE may be NULL. */
void lc_probe_free(struct lc_probe *probe);

#endif
