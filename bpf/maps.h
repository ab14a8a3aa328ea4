/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The maps, the ring buffers, and the variables that both sides share. Who writes and reads each (files are in bpf/ unless they
 * end in .c, which are in src/probe/):
 *
 * map            written by                                  read by
 * checks         count.h; records taken out: counters.c      count.h, counters.c
 * missed_keys    count.h                                     count.h, counters.c
 * outcomes       outcome.h                                   counters.c, once it is over
 * cgroups        phase.h, room.h; members.c, gone.c, rooms.c all of them
 * homes          phase.h; members.c, where there is none     phase.h, task.h, members.c
 * setup          phase.h; members.c, where there is none     phase.h
 * arrivals       phase.h; members.c, where there is none     phase.h
 * followed       phase.h; members.c, where there is none     task.h, phase.h
 * host_overlays  overlays.c                                  override.h
 * pending        outcome.h                                   outcome.h
 * requests       request.h                                   request.h, requests.c
 * names          request.h                                   request.h, requests.c
 * call_counts    returned.h; taken out: returned.c           returned.h, returned.c
 * coarse_calls   returned.h; taken out: returned.c           returned.h, returned.c
 * filters_sent   filters.h; taken out: returned.c            filters.h
 * readers        request.h                                   request.h
 * in_capset      ordinary.h                                  request.h
 * shapes         about.c, before attaching                   sample.h
 * events         count.h, request.h, returned.h, filters.h   events.c
 * lives          phase.h, signals.h                          events.c
 * given_back     rooms.c, gone.c                             room.h
 * traces         trace.h                                     events.c
 * captures       traces.c, before attaching                  trace.h
 * quiet          traces.c                                    trace.h
 * awaited        trace.h                                     trace.h
 * entered_at     trace.h                                     trace.h
 * trace_scratch  trace.h                                     trace.h
 * copy_marks     copies.h                                    copies.h
 * refusals       refusals.c                                  trial.h
 * stacks         stack.h                                     events.c
 * stacked        stack.h                                     stack.h
 *
 * variable       written by                                  read by
 * config_*       object.c, before loading                    all
 * room_sizes     rooms.c, before loading                     room.h
 * kernel_text … inlining_callers
 *                object.c, before attaching                  callsite.h, inlined.h
 * refused_caps … refused_until
 *                refusals.c                                  trial.h
 * setup_count    phase.h, members.c                          key.h, phase.h, request.h
 * recorded_slots phase.h, members.c; never taken back        task.h, phase.h
 * overrides      override.h                                  override.h
 * stray_slots    phase.h                                     task.h
 * pending_slots  outcome.h                                   outcome.h, tracepoints.h
 * repeated       copies.h                                    programs.c
 * has_readers    request.h                                   request.h, tracepoints.h
 * room_used      room.h, rooms.c, members.c                  room.h
 * room_lost      room.h                                      rooms.c
 * room_errors    room.h                                      rooms.c
 * gone_untold    phase.h                                     events.c
 * events_round   room.h                                      room.h
 * the others     what has dropped something                  object.c, for -v
 *
 * Many functions are not static. The verifier checks such a function once by itself, and a static one again at every call. A pointer to
 * the kernel's memory is passed to them as a number.
 */
#ifndef LEASTCAP_BPF_MAPS_H
#define LEASTCAP_BPF_MAPS_H

#include "bpf/kernel.h"
#include "bpf/record.h"

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

/* Counters. User space may shrink or grow it before loading. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct lc_key);
	__type(value, struct lc_counter);
} checks SEC(".maps");

/* What found no room there, without the program, which the judgement does not need. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct lc_key);
	__type(value, __u8);
} missed_keys SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, struct lc_outcome);
	__type(value, __u64);
} outcomes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct lc_cgroup);
} cgroups SEC(".maps");

/* Where the processes of recorded targets belong, by thread group id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, __u32);
	__type(value, struct lc_home);
} homes SEC(".maps");

/* Processes in set-up, by thread group id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, struct lc_setup);
} setup SEC(".maps");

/* How they came, by LC_ARRIVAL. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, __u64);
	__type(value, struct lc_arrival);
} arrivals SEC(".maps");

/* Processes that are followed with -p, by thread group id: the key's cgroup that stands for them. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, __u32);
	__type(value, __u64);
} followed SEC(".maps");

/* The overlays that the host saw when the recording began, by device. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u32);
	__type(value, __u8);
} host_overlays SEC(".maps");

/* Denied checks of the syscall that a task is in. With task work (bpf/resumed.h) also that its return is to be looked at, without any. */
struct lc_pending {
	struct lc_key keys[LC_PENDING];
	__u32 counts[LC_PENDING];   /* 0 from the first free place on */
	__u32 answered[LC_PENDING]; /* how many of them were followed by a check that was granted in their stead */
	__u32 last;                 /* 1 + the place of the task's last check, if that was denied; else 0 */
	__u16 filtered;             /* a filter of system calls refused the syscall: known only by task work … */
	__u16 resumed;              /* … which has been asked for */
	__u64 share;                /* whose place this is */
#if RESUMED
	struct bpf_task_work work; /* the kernel's own, from 6.18 on */
#endif
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, struct lc_pending);
} pending SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct lc_request_key);
	__type(value, struct lc_request_count);
} requests SEC(".maps");

/* The same for REQUESTS. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2048);
	__type(key, struct lc_request_key);
	__type(value, struct lc_request_count);
} names SEC(".maps");

/* Returns of calls that were refused, or that a filter guards. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, struct lc_call_key);
	__type(value, struct lc_counter);
} call_counts SEC(".maps");

/* What found no room there, as LC_CALL_COARSE. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 2048);
	__type(key, struct lc_call_key);
	__type(value, struct lc_counter);
} coarse_calls SEC(".maps");

/* Filters that user space has been told of. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct lc_filters_key);
	__type(value, __u8);
} filters_sent SEC(".maps");

/* New entries begin as these, which are too large for a program's stack. */
const volatile struct lc_request_count no_requests = {};
const volatile struct lc_arrival no_arrival = {};

/* That a process has read its own capability sets since its last exec. */
struct lc_reading {
	__u64 cgroup; /* what it was recorded under then */
	__u64 permitted;
	__u64 share; /* whose place this is */
	__u64 time; /* when it read them itself, and was refused nothing and gave up nothing since (CLOCK_MONOTONIC, nanoseconds); else 0 */
	__u32 exe;
	__u32 userns;
};

/* Those processes, by thread group id. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, struct lc_reading);
} readers SEC(".maps");

/* The effective set that a task had before its capset(2). Of a task without an entry it is not known whether it only gave up some. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u64);
} in_capset SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LC_CALL_TABLE);
	__type(key, __u32);
	__type(value, struct lc_shape);
} shapes SEC(".maps");

/* Samples and requests. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 21);
} events SEC(".maps");

/* Cgroups that appear and go, and first programs. They have a buffer of their own, because all other events depend on them. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 19);
} lives SEC(".maps");

/* Places that user space has emptied, by share. User space alone writes here, as the kernel side alone writes lc_cgroup.held. */
struct lc_given_back {
	__u32 places[LC_ROOMS];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct lc_given_back);
} given_back SEC(".maps");

/* Traced checks, their results and refused calls, one by one. Tiny unless they are asked for. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} traces SEC(".maps");

/* What of each syscall's arguments a traced check or call takes along. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, LC_SYSCALLS);
	__type(key, __u32);
	__type(value, struct lc_captures);
} captures SEC(".maps");

/* Keys whose checks are counted and not traced, because user space shows none of them. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct lc_key);
	__type(value, __u8);
} quiet SEC(".maps");

/* Tasks with traced checks in the syscall that they are in. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, __u8);
} awaited SEC(".maps");

/* When tasks entered the syscall that they are in. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);
	__type(value, __u64);
} entered_at SEC(".maps");

/*
 * A traced check or call while it is put together: too large for the program's stack. One for each program (lc_question.scratch),
 * since one may be preempted while another runs on the same processor.
 */
#define SCRATCH_INLINED  LC_COPIES
#define SCRATCH_RETURNED (SCRATCH_INLINED + LC_INLININGS * LC_COPIES) /* and the copy's number, one of two */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SCRATCH_RETURNED + 2);
	__type(key, __u32);
	__type(value, struct lc_event_check);
} trace_scratch SEC(".maps");

/* The program and the copy that each task passed last, by the low bits of its pid. One place unless there are copies. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} copy_marks SEC(".maps");

/* What a trial refuses, by the cgroups of targets. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, LC_REFUSALS);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct lc_refusal);
} refusals SEC(".maps");

/* User stacks and what is mapped where. Tiny unless they are asked for. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} stacks SEC(".maps");

/* Keys whose user stack has been taken. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct lc_key);
	__type(value, __u8);
} stacked SEC(".maps");

/* Written by user space before loading. */
const volatile __s32 config_subsystem = -1; /* index of the v1 controller whose hierarchy is recorded; -1: cgroup v2 */
const volatile __s32 config_hierarchy = 0;  /* its hierarchy id */
const volatile __u32 config_host_mntns = 0;
const volatile __u32 config_host_pidns = 0;
const volatile bool config_new_cgroups = false;           /* record cgroups that appear, wherever they do */
const volatile bool config_follow = false;                /* record the processes in FOLLOWED instead of cgroups */
const volatile __u8 config_calls[LC_CALL_TABLE] = {};     /* enum lc_call of each syscall */
const volatile __u8 config_selectors[LC_CALL_TABLE] = {}; /* 1 + the argument of each that filters look at; 0: none */
const volatile __u32 config_largest_buffer[2] = {};       /* net.core.wmem_max, net.core.rmem_max */
const volatile __u64 config_lowest_mapping = 0;           /* vm.mmap_min_addr */

/* What user space knows of the task that runs try_types: its ids, and the inode numbers of its namespaces (0: not known). */
const volatile __u32 config_own_ids[6] = {};
const volatile __u32 config_own_mntns = 0;
const volatile __u32 config_own_userns = 0;

const volatile bool config_copies = false;                   /* programs have copies, see bpf/copies.h */
const volatile __u32 config_copy_marks = 1;                  /* how many places COPY_MARKS has: a power of two */
const volatile bool config_trace = false;                    /* send every check, not only the first of a key */
const volatile bool config_durations = false;                /* note when syscalls begin */
const volatile __u64 config_traced_caps = 0;                 /* only checks of these are traced … */
const volatile __u8 config_untraced_facts = 0;               /* … and without any of these facts */
const volatile __u8 config_traced_calls[LC_CALL_TABLE] = {}; /* not 0: refused ones are traced */
const volatile bool config_stacks = false;                   /* take user stacks */
const volatile bool config_filter_answers_int = false; /* __seccomp_filter does, and does not say whether to go on */
const volatile bool config_trial = false;              /* a trial may refuse capabilities: bpf/trial.h */

/* Where the kernel's functions are. Written by user space after loading, which does not wait for them, and before attaching. */
struct lc_text_range kernel_text = {}; /* without modules and BPF programs */
struct lc_text_range cap_capable_text = {};
struct lc_text_range wrappers[LC_WRAPPERS] = {};
__u32 wrapper_count = 0;
__u64 inlining_callers[LC_INLININGS] = {}; /* an address in each, or 0 */

/* What the trial refuses to anybody, and until when (CLOCK_MONOTONIC, nanoseconds). From then on everything is granted again. */
__u64 refused_caps = 0;
__u64 refused_until = 0;

/* How many thread groups are in setup. While there are none no check has to look for its own. */
__s64 setup_count = 0;

/* Whether any recorded cgroup has these low bits in its id. Most processes of a host are in none, so that no map is looked up for them. */
__u8 recorded_slots[LC_RECORDED_SLOTS] = {};

/* Credentials that have been judged: bpf/override.h. */
#define OVERRIDES 1024
__u64 overrides[OVERRIDES] = {};

/* How many thread groups with these low bits of their ids have left the target that they belong to. Nearly always none. */
#define STRAY_SLOTS 4096
__u32 stray_slots[STRAY_SLOTS] = {};

/* How many tasks with these low bits of their pid have a denied check pending. Nearly always none. */
#define PENDING_SLOTS 4096
__u32 pending_slots[PENDING_SLOTS] = {};

/* Runs whose work a later copy did because the kernel had skipped the first, by enum lc_copied. */
__u64 repeated[LC_COPIED] = {};

/* Whether any process was ever put into READERS. */
bool has_readers = false;

/* How many places there are (0: not shared out), how many are taken, and what found none and belongs to no recorded cgroup. */
const volatile __u32 room_sizes[LC_ROOMS] = {};
__u64 room_used[LC_ROOMS] = {};
__u64 room_lost[LC_ROOMS] = {};
__u32 room_errors[LC_ROOMS] = {}; /* why the last that found no room did: an errno; 0: all found some */

/* Cgroups that are gone and that user space was not told of: they are marked. */
__u64 gone_untold = 0;

/* Counts how often EVENTS was found as good as empty. */
__u32 events_round = 0;

/* Samples that found no room. They are taken at another check of the same key. */
__u64 samples_dropped = 0;

#endif
