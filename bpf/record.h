/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The records that the kernel side and user space share: keys, counters and events. Every struct is free of padding. */
#ifndef LEASTCAP_BPF_RECORD_H
#define LEASTCAP_BPF_RECORD_H

#include <linux/types.h>

enum {
	LC_COMM_SIZE = 16,
	LC_STACK_FRAMES = 32,
	LC_STACK_WORDS = 64,   /* how much of the kernel stack is searched for return addresses, in 8-byte words */
	LC_NAME_SIZE = 128,    /* longest path component that is taken */
	LC_PATH_SIZE = 640,    /* a path as components, leaf first, each NUL-terminated */
	LC_CGROUP_PATH = 1024, /* a cgroup's path in its hierarchy */
	LC_RECORDED_SLOTS = 4096,
	LC_WRAPPERS = 64, /* kernel functions that only pass a capability question on */
	LC_SYSCALLS = 1024,
	LC_CALL_TABLE = 2 * LC_SYSCALLS, /* by the numbers of syscalls, then by those of 32-bit ones */
	LC_CAPS = 64,                    /* room for capabilities: a set is 64 bits wide */
	LC_PENDING = 8,                  /* distinct denied checks of one syscall whose outcome is awaited */
	LC_PIECES = 4,                   /* arguments of a traced call of which what they point to is taken */
	LC_PIECE = 256,                  /* bytes of each, at most */
	LC_REGISTERS_TAKEN = 34,         /* the user registers by their DWARF numbers, and the program counter last */
	LC_USER_STACK = 32 * 1024,       /* bytes of a user stack, at most */
	LC_STACK_PAGE = 4096,
	LC_COPY_MARKS = 1 << 22, /* of tasks and copies, at most: include/linux/threads.h, PID_MAX_LIMIT */
	LC_NESTING = 8,          /* targets within each other, as far as anybody asks */
	LC_FILTERS = 8,          /* filters of a task that are taken, the newest first */
	LC_FILTER_CHUNK = 1024,  /* how many of their instructions go into one event */
	LC_REFUSALS = 1024,      /* targets that a trial refuses something to, at most */
};

/* lc_key.facts: what is true of a check beyond its capability. */
enum {
	LC_FACT_DENIED = 1 << 0,
	LC_FACT_OWNER = 1 << 1,      /* granted to a child user namespace's owner; denied: no capability would do */
	LC_FACT_OVERRIDDEN = 1 << 2, /* the credential was not the task's own, nor one that its target can have made */
	LC_FACT_SETUP = 1 << 3,      /* the runtime is still preparing the process */
	LC_FACT_NOAUDIT = 1 << 4,
	LC_FACT_OUTER = 1 << 5,    /* overridden, by one that the target around its own can have made */
	LC_FACT_ORDINARY = 1 << 6, /* the call would have had the same result without it: bpf/ordinary.h */
	LC_FACT_CHAINED = 1 << 7,  /* the same function asked for another one before, which was denied */
	/* Never with LC_FACT_OVERRIDDEN, without which LC_FACT_OUTER says nothing: a trial refuses it, see lc_is_tried. */
	LC_FACT_TRIED = LC_FACT_OUTER,
};

/* Whether FACTS are of a check that a trial refuses: with LC_FACT_DENIED it did, without it did not reach it. */
static inline int lc_is_tried(__u8 facts)
{
	return (facts & (LC_FACT_TRIED | LC_FACT_OVERRIDDEN)) == LC_FACT_TRIED;
}

/* lc_key.syscall beyond the numbers themselves. */
enum {
	LC_SYSCALL_NONE = 0xffff,   /* no syscall: a page fault, a kernel thread */
	LC_SYSCALL_URING = 0xfffe,  /* a request of io_uring_enter's, in one of its workers or the polling one */
	LC_SYSCALL_COMPAT = 0x4000, /* a 32-bit program's number */
	LC_SYSCALL_NUMBER = 0x3fff,
};

/* Checks that agree in all of this are counted together. */
struct lc_key {
	__u64 cgroup; /* kernfs id in the recorded hierarchy; LC_FOLLOWED | pid for a followed process */
	__u32 site;   /* low half of the call site's return address; 0 when it could not be told */
	__u32 exe;    /* low half of the executable's inode number */
	__u32 userns; /* inode number of the credential's user namespace */
	__u16 syscall;
	__u8 cap;
	__u8 facts;
};

#define LC_FOLLOWED (1ULL << 63)

/* Ordinary users' cgroups take room together, by these bits of their user's number: cgroup ids are far smaller. */
#define LC_SHARE_OF_USERS (1ULL << 62)
#define LC_USER_SHARES    256

/* Per processor and key. Times are jiffies: the cheapest clock by far. */
struct lc_counter {
	__u64 count;
	__u64 first;
	__u64 last;
	__u64 sampled; /* nonzero once this processor's sample of the key has reached the ring buffer */
};

/* Denied checks, and granted ones of searches that found nothing, by what their syscall returned. */
struct lc_outcome {
	struct lc_key key;
	__s64 result; /* -errno, 0 for success, LC_RESULT_ANSWERED and above */
};

/*
 * The result where the same function then accepted another capability. No syscall's result is positive here. If the search found
 * nothing all the same, its errno is added to this.
 */
#define LC_RESULT_ANSWERED 1

/*
 * What the kernel side keeps in places of limited size, on which a judgement depends. All of it is written by bpf/room.h, which
 * shares the places out and counts what found none. The names are in src/probe/rooms.c.
 */
enum lc_room {
	LC_ROOM_CHECKS,   /* distinct checks; what is lost is a check */
	LC_ROOM_COARSE,   /* the same with less detail, once there is no room for all */
	LC_ROOM_OUTCOMES, /* what syscalls with denied checks returned */
	LC_ROOM_PENDING,  /* denied checks of syscalls that have not returned */
	LC_ROOM_REQUESTS, /* capabilities named by files and requests */
	LC_ROOM_NAMES,    /* the same without whose program it was, once there is no room for all */
	LC_ROOM_READERS,  /* processes that have read their own sets */
	LC_ROOM_CGROUPS,  /* recorded cgroups */
	LC_ROOM_SETUP,    /* processes in set-up */
	LC_ROOM_ARRIVALS, /* what they came by */
	LC_ROOM_HOMES,    /* where processes belong */
	LC_ROOM_FOLLOWED, /* followed processes */
	LC_ROOM_LIVES,    /* events on cgroups and first programs */
	LC_ROOM_EVENTS,   /* events on requests; samples are tried again */
	LC_ROOM_CALLS,    /* calls that were refused, or that a filter guards */
	LC_ROOM_KINDS,    /* the same with less detail, once there is no room for all */
	LC_ROOM_FILTERS,  /* filters of system calls that user space was told of */
	LC_ROOMS,
};

/* A cgroup that is recorded; or what stands for a user of the host who makes cgroups, LC_SHARE_OF_USERS. */
struct lc_cgroup {
	__u64 target; /* the innermost container's cgroup at or above this one; itself where none is known */
	__u64 share;  /* whose share of each place it takes: the outermost recorded cgroup above it, or a user's */
	/* From here to LEFT used only in a target's own cgroup. */
	__u64 outer;          /* the target that it lies in, or whose process made it; 0: none */
	__u32 pidns;          /* the target's pid namespace; 0 until its first program ran */
	__u32 strays;         /* thread groups that belong to it and are elsewhere */
	__u32 left;           /* how often one of its thread groups was moved elsewhere */
	__u32 userns;         /* the target's user namespace; 0 until its first program ran */
	__u64 lost[LC_ROOMS]; /* how much of it found no room */
	__u32 held[(LC_ROOMS + 1) &
		   ~1]; /* of a share: how many places are taken; an even number, so that nothing is padded */
	__u64 bounding; /* of a target: all that its programs were given, where LC_CGROUP_BOUNDED */
	__u32 root;     /* of a target: the device of its first program's root directory; 0 when that is not known */
	__u32 flags;    /* LC_CGROUP_* */
	__u32 round;    /* of a share: of events, see bpf/room.h … */
	__u32 sent;     /* … and how many bytes of them it has sent since that began */
	__u32 first;    /* of a target that is new: the thread group of its first program; else 0 */
	__u32 signalled
		[2]; /* the signals that user space was told of: to its first process, from inside and from outside */
	__u32 unused;
	/*
	 * 1 for each capability that was granted to the workload's own credentials and of which nothing else is known. Bytes,
	 * because a kernel before 5.12 has no atomic or.
	 */
	__u8 granted[LC_CAPS];
};

enum {
	LC_CGROUP_HOST = 1 << 0, /* a command or a service: its programs run in the host's mount namespace */
	LC_CGROUP_GONE = 1 << 1, /* removed, and user space could not be told */
	LC_CGROUP_NEW = 1 << 2,  /* made while we record, so that its first program is met */
	LC_CGROUP_BOUNDED = 1 << 3,
	LC_CGROUP_STARTED = 1 << 4, /* a container, in which a program has run */
	LC_CGROUP_REMOVED = 1 << 5, /* kept for the sake of its strays */
};

/* What a trial refuses to a target. */
struct lc_refusal {
	__u64 caps;
	__u32 userns; /* of the target, as far as user space knows; 0: unknown */
	__u32 unused;
};

/* Where a thread group belongs, wherever it stands. */
struct lc_home {
	__u64 target;  /* the cgroup of a recorded target */
	__u32 strayed; /* it was moved out of the target's cgroups, or descends from one that was */
	__u32 met;     /* it was there before us, and takes nobody's share */
	__u64 share;   /* whose it takes */
};

/* A thread group that somebody outside is still preparing. */
struct lc_setup {
	__u64 arrival;
	__u32 generation; /* how many forks lie between it and the one that was put there */
	__u32 met;        /* as in struct lc_home */
	__u64 share;
};

/* From the moment a runtime puts a process into a target to the first program there, at most. Nanoseconds. */
#define LC_SETUP_LIMIT 30000000000ULL

/* Most take far less. Who is still there after so long when the recording ends is taken for the workload. Nanoseconds. */
#define LC_SETUP_USUAL 10000000000ULL

/* Forks that inherit set-up: what runc puts there forks one that unshares, which forks the container's first process. */
#define LC_SETUP_GENERATIONS 2

/* A process that somebody outside put into a target, and those that it forked before it ran a program there. */
struct lc_arrival {
	__u64 target;
	__u64 within;        /* the target around TARGET, if its process put them there as its own work; 0: none */
	__u64 share;         /* as in struct lc_home */
	__u64 deadline;      /* CLOCK_MONOTONIC, nanoseconds */
	__u32 outside_mntns; /* mount namespace of whoever put it there */
	__s32 members;       /* thread groups in set-up */
	__u8 proven;         /* one of them has tried to run a program, or ended in a mount namespace of its own */
	__u8 told;
	__u8 met; /* as in struct lc_home */
	__u8 unused[5];
	__u8 asked[LC_CAPS]; /* 1 for each capability that was asked for, with credentials of their own, and granted */
};

/* The arrival of process TGID at the moment NOW (nanoseconds): a process number has 22 bits. */
#define LC_ARRIVAL(now, tgid) ((__u64)(now) << 22 | (tgid))
#define LC_ARRIVAL_TGID(id)   ((__u32)((id) & ((1 << 22) - 1)))

/* How the subject of a syscall is read from its arguments. */
enum lc_shape_kind { LC_SHAPE_NONE, LC_SHAPE_PATH, LC_SHAPE_SOCKADDR, LC_SHAPE_MESSAGE, LC_SHAPE_FD };

struct lc_shape {
	__u8 kind;
	__u8 argument;
	__u8 has_directory; /* the argument before is the descriptor of the directory that a relative path starts at */
	__u8 unused;
};

/* What the kernel side knows about a syscall besides that. */
enum lc_call {
	LC_CALL_OTHER,
	LC_CALL_SETUID,    /* setuid */
	LC_CALL_SETRESUID, /* setresuid */
	LC_CALL_SETGID,
	LC_CALL_SETRESGID,
	LC_CALL_SETUID_16, /* the same with ids of 16 bits, as 32-bit programs have them */
	LC_CALL_SETRESUID_16,
	LC_CALL_SETGID_16,
	LC_CALL_SETRESGID_16,
	LC_CALL_MODE_1, /* argument 1 is a file's mode */
	LC_CALL_MODE_2,
	LC_CALL_MODE_3,
	LC_CALL_OPENAT2, /* its flags and its mode are in memory: struct open_how */
	LC_CALL_FILE,    /* reads or writes a file, or asks whether it may */
	LC_CALL_SETSOCKOPT,
	LC_CALL_SOCKETCALL, /* which of them, and its arguments in memory: a 32-bit program's */
	LC_CALL_KILL,
	LC_CALL_LOOKUP, /* only looks whether a path leads to something */
	LC_CALL_CLONE,  /* returns twice */
	LC_CALL_ACCEPT, /* counted when it succeeds, because a target is in service from then on */
	LC_CALL_LISTEN, /* counted when it succeeds */
	LC_CALL_BIND,   /* counted when it succeeds with a port that only the privileged have by default */
	/* From here on syscalls are also watched when they return. */
	LC_CALL_RETURNS,
	LC_CALL_EXECVE = LC_CALL_RETURNS,
	LC_CALL_EXECVEAT,
	LC_CALL_CAPGET,
	LC_CALL_CAPSET,
	LC_CALL_PRCTL,
	LC_CALL_RING, /* io_uring_register */
	LC_CALL_MMAP, /* watched only where user stacks are taken */
	/* What follows is added to the above, which has these bits. */
	LC_CALL_KIND = 0x3f,
	/* An engine's filter lets the call through only if the container was given a capability: all its returns are counted. */
	LC_CALL_GUARDED = 0x40,
	/* The 32-bit syscall with this number is watched. */
	LC_CALL_RETURNS_32 = 0x80,
};

/* Capabilities that are named without a check: by a file's attribute, by a request, by a user namespace that maps root. */
enum lc_request_kind {
	LC_REQUEST_FILE,
	LC_REQUEST_CAPSET,
	LC_REQUEST_AMBIENT,
	LC_REQUEST_ROOT_MAP,
	LC_REQUEST_RING, /* memory that io_uring is to lock: whether that counts was asked when the ring was made */
	LC_REQUEST_OWN_CHECK, /* a process read its own sets and soon ended with an error: names nothing */
};

enum {
	LC_REQUEST_REFUSED = 1 << 0,  /* EPERM; of a ring's memory ENOMEM */
	LC_REQUEST_DERIVED = 1 << 1,  /* the process had read its own sets before */
	LC_REQUEST_GIVES_UP = 1 << 2, /* nothing became effective by it that was not before */
	LC_REQUEST_COMPUTED =
		1 << 3, /* of a file: what execve demanded for it is known, so that its attribute need not be */
	LC_REQUEST_NO_NEW_PRIVS = 1 << 4, /* of a file: the process, which is not root, gains nothing by it */
	LC_REQUEST_SET_ID = 1 << 5, /* of a file, with no_new_privs: so its set-user-ID or set-group-ID bit is void */
};

/* Whoever reads its own sets and ends with an error within this time may have missed something there. Nanoseconds. */
#define LC_OWN_CHECK_LIMIT 1000000000ULL

/* Requests that agree in all of this are counted together: which capabilities they name is counted for each. */
struct lc_request_key {
	__u64 cgroup; /* as in a check's key */
	/* Of a file: its device << 32 | inode number, or a hash of a refused one's path; of an own check the exit status; else 0. */
	__u64 program;
	/* Of a file: when its inode was changed last (nanoseconds), the bounding set of a refused one; of an own check the permitted set; else 0. */
	__u64 version;
	__u32 userns; /* LC_USERNS_ANY_OTHER for all but the target's own, once there is little room */
	__u32 exe;
	__u32 kind;
	__u32 facts;
};

/* No user namespace's inode number: those are numbered from 0xf0000000 on, and seldom as high (fs/proc/generic.c). */
#define LC_USERNS_ANY_OTHER 0xffffffff

/*
 * How often in all, and for each capability. A refused request counts only those that were not held, a file only those that it is
 * known to have given.
 */
struct lc_request_count {
	struct lc_counter counter;
	__u64 named[LC_CAPS];
};

/* lc_call_key.facts */
enum {
	LC_CALL_DENIED = 1 << 0, /* a check in this call was denied, and no other capability accepted in its stead */
	LC_CALL_ASKED = 1 << 1,  /* a check in this call was made; of a granted one that is known only in a search */
	LC_CALL_NO_NEW_PRIVS = 1 << 2, /* of the task */
	LC_CALL_FILTERED = 1 << 3,     /* the task has filters of system calls */
	LC_CALL_COARSE = 1 << 4,       /* there was no room for more detail */
};

/* Returns of system calls that agree in all of this are counted together. */
struct lc_call_key {
	__u64 cgroup;  /* as in a check's key */
	__u32 exe;     /* low half of the executable's inode number; 0 in a coarse one */
	__u32 userns;  /* of the task's credential; in a coarse one LC_USERNS_ANY_OTHER for all but the target's own */
	__u32 filters; /* tells the task's filters apart: bpf/filters.h; 0 for none, and where they don't matter */
	__u32 argument; /* the low half of the one that engines' filters look at, or the port of LISTEN, ACCEPT and BIND; 0: none */
	__u32 subject; /* a hash of what it was about; 0 of a call that passed, and in a coarse one */
	__u16 syscall;
	__u8 error; /* that it returned, positive: bpf/refusal.h; 0: it passed, which is to be known only of guarded ones */
	__u8 facts;
};

/* The key that the user stack of the refused calls of KEY is kept under. No check has its capability. */
static inline struct lc_key lc_stack_key(const struct lc_call_key *key)
{
	return (struct lc_key){
		.cgroup = key->cgroup,
		.site = key->subject,
		.exe = key->exe,
		.userns = key->error,
		.syscall = key->syscall,
		.cap = LC_CAPS - 1,
	};
}

/* All filters of a task, as they are told apart in a cgroup. */
struct lc_filters_key {
	__u64 cgroup;
	__u32 filters;
	__u32 unused;
};

/* What a traced call's argument points to, as far as it is taken along. The same as enum lc_piece_kind of <leastcap/trace.h>. */
enum lc_capture_kind { LC_CAPTURE_NONE, LC_CAPTURE_STRING, LC_CAPTURE_BYTES, LC_CAPTURE_BUFFER };

struct lc_capture_piece {
	__u8 kind; /* enum lc_capture_kind */
	__u8 argument;
	__u8 size; /* LC_CAPTURE_BYTES: how many; LC_CAPTURE_BUFFER: which argument says how many … */
	__u8 unit; /* … of so many bytes */
};

struct lc_captures {
	struct lc_capture_piece pieces[LC_PIECES];
};

/* Functions that the compiler may have put a copy of cap_capable into: bpf/inlined.h. */
enum lc_inlining {
	LC_INLINING_PRCTL,  /* cap_task_prctl */
	LC_INLINING_CAPSET, /* cap_capset */
	LC_INLINING_MMAP,   /* cap_mmap_addr */
	LC_INLININGS,
};

/* The programs that have copies where the kernel may skip one: bpf/copies.h. */
enum lc_copied {
	LC_COPIED_CHECK,
	LC_COPIED_FORK,
	LC_COPIED_EXEC,
	LC_COPIED_EXIT,
	LC_COPIED_RETURN, /* of syscalls that are watched */
	LC_COPIED_ATTACH,
	LC_COPIED_MKDIR,
	LC_COPIED_RMDIR,
	LC_COPIED_INLINED, /* the first of those on functions in which cap_capable is inlined: enum lc_inlining counts on from here */
	LC_COPIED = LC_COPIED_INLINED + LC_INLININGS, /* sixteen at most: a mark has four bits for it */
};

/* A process number has 22 bits (include/linux/threads.h, PID_MAX_LIMIT): a mark has 32 with program and copy. */
enum lc_program_copy { LC_COPY_FIRST, LC_COPY_SECOND, LC_COPY_THIRD, LC_COPY_LAST, LC_COPIES };

/* A range of kernel text. */
struct lc_text_range {
	__u64 start;
	__u64 end;
};

enum lc_event_type {
	LC_EVENT_SAMPLE,
	LC_EVENT_CGROUP,
	LC_EVENT_CGROUP_GONE,
	LC_EVENT_STARTED,
	LC_EVENT_REQUEST,
	LC_EVENT_CHECK,
	LC_EVENT_RETURN,
	LC_EVENT_STACK,
	LC_EVENT_PROGRAM,
	LC_EVENT_MAPPING,
	LC_EVENT_FORK,
	LC_EVENT_EXIT,
	LC_EVENT_LEFT,
	LC_EVENT_STAYED,
	LC_EVENT_CALL,
	LC_EVENT_FILTER,
	LC_EVENT_REFUSED,
	LC_EVENT_SIGNAL,
};

/* A new cgroup in the recorded hierarchy. */
struct lc_event_cgroup {
	__u32 type;
	__u32 path_length;
	__u64 cgroup;
	__u64 outer; /* as of struct lc_cgroup */
	__u64 share; /* likewise */
	char path[LC_CGROUP_PATH];
};

/* Most cgroups have a short path, with its NUL, and their events end behind so many bytes of it. */
#define LC_CGROUP_SHORT_PATH  192
#define LC_EVENT_CGROUP_SHORT (offsetof(struct lc_event_cgroup, path) + LC_CGROUP_SHORT_PATH)

struct lc_event_cgroup_gone {
	__u32 type;
	__u32 unused;
	__u64 cgroup;
};

/* A process has left set-up: its first program runs. */
struct lc_event_started {
	__u32 type;
	__u32 tgid;
	__u64 cgroup;
	__u64 bounding;
	__u32 userns;
	__u32 uid; /* effective, as the initial user namespace numbers them */
	__u32 gid;
	__u32 in_host; /* in the mount namespace that it came from */
	__u32 seccomp; /* its mode: SECCOMP_MODE_FILTER is 2 */
	__u32 userns_level;
};

/* A process was moved out of the target that it belongs to. */
struct lc_event_left {
	__u32 type;
	__u32 tgid;
	__u64 target;
	__u32 count;       /* how many have been, so far */
	__u32 path_length; /* of PATH, to where */
	char comm[LC_COMM_SIZE];
	char path[LC_CGROUP_PATH];
};

/* Those that somebody outside put into a target have run no program there within LC_SETUP_LIMIT, or to their end. */
struct lc_event_stayed {
	__u32 type;
	__u32 tgid; /* of one of them */
	__u64 target;
	__u32 expired;
	__u32 unused;
	__u8 asked[LC_CAPS];
	char comm[LC_COMM_SIZE];
};

/* The first signal of its kind to the first process of a target. */
struct lc_event_signal {
	__u32 type;
	__u32 signal;
	__u64 target;
	__u64 time;    /* CLOCK_MONOTONIC, nanoseconds */
	__u64 jiffies; /* at the same moment */
	__u32 handled; /* which signals that process has handlers for: 1 << NUMBER, of those that are told */
	__u32 outside; /* sent by somebody who does not belong to the target */
};

/* Who did what an event tells of, where and when. */
struct lc_actor {
	__u32 pid;
	__u32 tgid;
	__u64 time;    /* CLOCK_MONOTONIC, nanoseconds */
	__u64 jiffies; /* at the same moment */
	__u32 uid;     /* effective, as the initial user namespace numbers them */
	__u32 gid;
	__u64 root;   /* inode number of the process's root directory … */
	__u32 device; /* … and the device of the file system that it lies on */
	__u32 unused;
	char comm[LC_COMM_SIZE];
};

/* What a syscall was about, read while it was served. */
struct lc_subject {
	__u64 arguments[6]; /* of openat2 the third is its flags, and not where they are */
	__u32 syscall;      /* as in lc_key */
	__u32 text_kind;    /* enum lc_shape_kind */
	__u32 text_bytes;   /* of TEXT; 0 when nothing could be read */
	__u32 base_bytes;   /* of BASE */
	char text[LC_PATH_SIZE];
	char base[LC_PATH_SIZE]; /* the directory that a relative path in TEXT starts at, in components */
};

/* The first request of a key. */
struct lc_event_request {
	__u32 type;
	__u32 unused;
	struct lc_request_key key;
	struct lc_actor actor;
	__u64 inode;      /* of a program that runs */
	__u32 text_bytes; /* of TEXT: the path that a refused execve named */
	__u32 base_bytes; /* of BASE: the program's path in components, or the directory that TEXT starts at */
	char text[LC_PATH_SIZE];
	char base[LC_PATH_SIZE];
};

/* The first check of a key on a processor, with what can only be read while it happens. */
struct lc_event_sample {
	__u32 type;
	__u32 unused;
	struct lc_key key;
	struct lc_actor actor;
	struct lc_subject subject;
	__s32 stack_bytes; /* of STACK, or -errno */
	__u32 exe_bytes;   /* of EXE */
	__u64 stack[LC_STACK_FRAMES];
	union {
		__u64 words[LC_STACK_WORDS]; /* scratch of the kernel side, before the path is taken */
		char exe[LC_PATH_SIZE];
	};
};

/* The first return of a key. */
struct lc_event_call {
	__u32 type;
	__u32 exe_bytes; /* of EXE */
	struct lc_call_key key;
	struct lc_actor actor;
	struct lc_subject subject;
	__u64 pointer; /* the instruction pointer, as filters see it */
	__u32 number;  /* the same of the syscall's number */
	__u32 unused;
	char exe[LC_PATH_SIZE];
};

/* Some instructions of one of a task's filters. These events come before that of the call in which the filters are met first. */
struct lc_event_filter {
	__u32 type;
	__u32 filters;                       /* as in struct lc_call_key */
	__u64 cgroup;                        /* likewise */
	__u32 place;                         /* 0: the newest filter */
	__u32 length;                        /* how many instructions it has; 0: it could not be read */
	__u32 offset;                        /* how many of them came before */
	__u32 last;                          /* there is no older filter */
	__u64 instructions[LC_FILTER_CHUNK]; /* each a struct sock_filter */
};

/* A check as it happens, or a refused call as it returns, where they are traced. Only as many of PIECES are sent as were taken. */
struct lc_event_check {
	__u32 type; /* LC_EVENT_CHECK, LC_EVENT_REFUSED */
	__u32 pid;
	union {
		struct lc_key key;
		struct lc_call_key call; /* of a refused call */
	};
	__u64 time;         /* CLOCK_MONOTONIC, nanoseconds */
	__u64 entered;      /* when the syscall began; 0 when that is not watched */
	__u64 arguments[8]; /* six, and room for any number of three bits */
	__u32 tgid;
	__u32 checked; /* of a refused call: its checks have been told, and its return will be */
	__u32 unused;
	__u32 pieces;           /* how many follow */
	__s32 taken[LC_PIECES]; /* bytes of each, a string's with its NUL; -errno when it could not be read */
	char comm[LC_COMM_SIZE];
	char piece[LC_PIECES][LC_PIECE];
};

/* The syscall in which a traced check was made has returned, or its task has ended in it. */
struct lc_event_return {
	__u32 type;
	__u32 pid;
	__u64 time;
	__s64 result;
	__u32 ended; /* there is no result */
	__u32 unused;
};

/* The user stack at the first check of a key. */
struct lc_event_stack {
	__u32 type;
	__u32 pid;
	struct lc_key key;
	__u32 tgid;
	__u32 device; /* of the file system that the process's root directory lies on */
	__u64 root;   /* that directory's inode number */
	__u64 registers[LC_REGISTERS_TAKEN];
	__u64 stack_pointer;
	__u32 bytes; /* of STACK */
	__u32 unused;
	/* The first page is not whole: what lies above the stack pointer on its page; then whole pages. */
	unsigned char stack[LC_USER_STACK + LC_STACK_PAGE];
};

/* A process has begun to run another program, or has mapped a file that can be executed. */
struct lc_event_mapping {
	__u32 type; /* LC_EVENT_PROGRAM, LC_EVENT_MAPPING */
	__u32 tgid;
	__u64 start; /* of a program: where its first executable segment lies */
	__u64 end;
	__u64 offset; /* in the file; unknown of a program */
	__u64 inode;
	__u32 device;
	__u32 path_bytes;
	char path[LC_PATH_SIZE]; /* in components */
};

struct lc_event_process {
	__u32 type; /* LC_EVENT_FORK, LC_EVENT_EXIT */
	__u32 tgid;
	__u32 child; /* LC_EVENT_FORK */
	__u32 unused;
};

#endif
