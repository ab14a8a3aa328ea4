/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the probe's own files share: the loaded object, and what has been taken out of the kernel so far. */
#ifndef LEASTCAP_PROBE_PRIVATE_H
#define LEASTCAP_PROBE_PRIVATE_H

#include "bpf/record.h"
#include "src/probe/hooks.h"
#include "src/probe/kallsyms.h"
#include "src/probe/kernel_side.h"
#include "src/probe/preemption.h"

#include <leastcap/probe.h>
#include <leastcap/stack.h>
#include <leastcap/table.h>

#include <bpf/libbpf.h>
#include <linux/seccomp.h>

#define LC_MAX_LINKS 64

/* How many keys of each share are kept of cgroups that are gone. The kernel side keeps no more of those that are there. */
#define LC_RECORDS_OF_SHARE 16384

/* A file that something was about, and that is looked at. */
struct lc_inspected {
	struct lc_object object;
	bool looked_at;     /* that was asked for */
	bool is_looked_for; /* and has not been told */
};

/* One key as far as user space knows it: the sample of its first check, and counters already taken from the kernel. */
struct lc_record {
	struct lc_key key;
	uint64_t count; /* taken out of the kernel */
	uint64_t live;  /* and still counted there, when it was looked at last */
	uint64_t told;  /* how many of both have been delivered */
	uint64_t first; /* jiffies; 0 while nothing was counted */
	uint64_t last;
	uint64_t site;    /* return address into the function that asked; 0 when unknown */
	bool noaudit;     /* the wrapper that it asked through asks without audit */
	bool missed;      /* checks like these found no room: only that they happened is known … */
	bool missed_told; /* … and has been delivered */
	bool kept;        /* its cgroup is gone, and its share has one record more for it */
	bool late;        /* it was to be delivered, and no sample of it had come */
	char *comm;
	char *exe;
	char *about;
	char *user;   /* "uid:gid" */
	char *caller; /* the function that SITE lies in, once that is known */
	struct lc_inspected inspected;
	bool awaited;                         /* its user stack was asked for, and has not been told */
	struct lc_kernel_stack *kernel_stack; /* one of the probe's */
	struct lc_shared_stack *user_stack;
	struct lc_check *traced; /* as it is told of each traced check; NULL before the first */
};

/* A distinct walk of the kernel's stack, from the function that asked upwards. */
struct lc_kernel_stack {
	uint64_t addresses[LC_STACK_FRAMES]; /* 0 behind the last: the key in its table */
	uint64_t share;                      /* that was the first to have it */
	size_t users;                        /* how many records have it */
	struct lc_shared_stack *named;       /* once its functions are known */
};

/* A cgroup that is gone. */
struct lc_gone_cgroup {
	uint64_t id;
	uint64_t share;
	uint32_t userns; /* its target's; 0 where that is not known */
	bool told;       /* something was counted in it */
	struct lc_missed missed;
};

/* What has been delivered of an outcome. */
struct lc_told_outcome {
	struct lc_outcome outcome;
	uint64_t count;
};

/* A cgroup that is gone, and whose counters have been taken. */
struct lc_left_cgroup {
	uint64_t id;
	uint64_t share;
	bool waits; /* something that was asked for has not been told, or not been delivered */
};

/* What is kept for one share of the places (bpf/room.h), and how much of each kind. */
struct lc_share {
	uint64_t id;
	size_t records;          /* of cgroups that are gone */
	size_t returned;         /* likewise, of returns of calls */
	size_t losing;           /* such cgroups that lost something and are told apart */
	size_t stacks;           /* distinct ones that it was the first to have */
	size_t instructions;     /* of its filters of system calls */
	bool used;               /* some cgroup takes it */
	struct lc_missed missed; /* in all others */
};

struct lc_probe {
	struct lc_kernel_side kernel; /* its object is NULL until one is loaded */
	struct bpf_link *links[LC_MAX_LINKS];
	size_t n_links;
	struct ring_buffer *ring;
	struct ring_buffer *trace_ring; /* traced checks, which need what comes by the other; NULL: none */
	const struct lc_probe_events *events;
	const struct lc_log *log;
	enum lc_hook hook;
	struct lc_preemption preempted;
	struct lc_scheduling scheduling; /* of the thread that attached, before */
	struct bpf_program *check;       /* the program on cap_capable */
	bool exact_sites;                /* kernel symbols are readable, so that call sites can be told */
	struct ring_buffer *lives;       /* the buffer of that name; its descriptor is among those of RING */
	uint64_t gone_told; /* how often the kernel side had marked cgroups as gone when they were looked for last */
	int cpus;
	uint32_t host_mntns; /* inode number of the host's mount namespace; 0 when it can't be read */
	struct lc_wrappers wrappers;
	struct lc_table *records;  /* lc_key → lc_record */
	struct lc_table *gone;     /* cgroup id → lc_gone_cgroup, whose counters have not been taken */
	struct lc_table *losing;   /* the same, whose have been, and which lost something */
	struct lc_table *left;     /* cgroup id → lc_left_cgroup, of all whose have been, until they are forgotten */
	struct lc_table *shares;   /* share → lc_share */
	struct lc_table *named;    /* lc_request_key → lc_request, see requests.c */
	struct lc_table *returned; /* lc_call_key → lc_returned, see returned.c */
	struct lc_table *filters;  /* lc_filters_key → lc_filters, see filters.c */
	struct lc_table *kernel_stacks; /* addresses → lc_kernel_stack */
	struct lc_table *outcomes;      /* lc_outcome → lc_told_outcome */
	struct lc_table *losses;        /* what has been told of losses, see losses.c */
	struct lc_table *sites;         /* address → lc_symbol, named if it could be */
	struct lc_table *mapped; /* thread group → lc_mapped_process, see stacks.c; NULL where no stacks are taken */
	struct lc_symbols *symbols; /* of the kernel, where checks are traced; else NULL */
	struct lc_capture (*capture)(int number);
	struct lc_held *held; /* traced checks and returns that wait for a stack, as they came; see traces.c */
	struct lc_held **last_held;
	size_t held_bytes;
	bool tracing;
	uint8_t calls[LC_CALL_TABLE]; /* enum lc_call of each syscall, once tracing */
	uint64_t anchor_jiffies;      /* one moment in both clocks … */
	int64_t anchor_ns;            /* … the second being nanoseconds since 1970 */
	int64_t tick_ns;
	int64_t clock_offset; /* from CLOCK_MONOTONIC to CLOCK_REALTIME, nanoseconds; kept while they agree */
	int64_t delivered_ns; /* when counters were delivered last, since 1970; 0: never */
	uint64_t lost;
	bool resumed; /* the returns of calls are looked at by task work, where something asks for it: bpf/resumed.h */
	bool forgets; /* lc_probe_options: else LEFT is empty */
	bool stopped;
};

/* Takes what has come in the buffers, but for traced checks. What was taken, or -errno. */
int lc_events_consume(struct lc_probe *probe);

/* Tells of those who have been in set-up for longer than LC_SETUP_USUAL. After everything is detached. 0 or -errno. */
int lc_tell_staying(struct lc_probe *probe);

/* The record for KEY, made when it is new. NULL when out of memory. */
struct lc_record *lc_record_of(struct lc_probe *probe, const struct lc_key *key);

/* Frees a value of the RECORDS table. */
void lc_record_free(void *value);

/* RECORD has its kernel stack no more. That is forgotten with the last record that had it. */
void lc_record_leave_stack(struct lc_probe *probe, struct lc_record *record);

/* Frees a value of the KERNEL_STACKS table. */
void lc_kernel_stack_free(void *value);

/* What is kept for the share that CGROUP takes; if that is not known any more, for share 0. NULL when out of memory. */
struct lc_share *lc_share_of_cgroup(struct lc_probe *probe, uint64_t cgroup);

/* Forgets the record for KEY, of which a sample alone is known, unless somebody has it. */
void lc_record_forget(struct lc_probe *probe, const struct lc_key *key);

/* Moves the counters of cgroups that are gone (EVERY: of all) from the kernel to the records. 0 or -errno. */
int lc_counters_take(struct lc_probe *probe, bool every);

/* Notes in the records what the kernel has counted so far, and leaves it there. 0 or -errno. */
int lc_counters_look(struct lc_probe *probe);

/* How many checks of RECORD have been counted. */
static inline uint64_t lc_record_total(const struct lc_record *record)
{
	return record->count + record->live;
}

/* Whether something of RECORD that is asked for has not been told. */
static inline bool lc_record_waits(const struct lc_record *record)
{
	return record->awaited || record->inspected.is_looked_for;
}

/*
 * Whether what was met between the last look at the events and the one at the counters is to wait once for its event, which has come by the next time. COME: it has. *LATE:
 * it has waited.
 */
static inline bool lc_awaits_event(const struct lc_probe *probe, bool come, bool *late)
{
	bool waits = !probe->stopped && !come && !*late;

	*late |= waits;
	return waits;
}

/* When that what is delivered now was counted first, if FIRST is when it was ever, and TOLD of it have been delivered. */
int64_t lc_probe_first(const struct lc_probe *probe, uint64_t first, uint64_t told);

/* Makes records of the keys of checks that found no room. 0 or -errno. */
int lc_counters_take_missed(struct lc_probe *probe);

/* The set of the capabilities that are marked in MARKS. */
uint64_t lc_marked_caps(const __u8 marks[LC_CAPS]);

/* The number in the one-line file PATH; 0 when it can't be read. */
uint32_t lc_number_in(const char *path);

/* Puts what ENTRY tells of all that found no room to MISSED. */
void lc_take_missed_of(const struct lc_cgroup *entry, struct lc_missed *missed);

/* What is kept for the share ID, made when it is new. NULL when out of memory. */
struct lc_share *lc_share_at(struct lc_probe *probe, uint64_t id);

/* Cgroup ID, which takes SHARE, is not recorded any more. */
void lc_forget_cgroup(struct lc_probe *probe, uint64_t id, uint64_t share);

/*
 * Whether the N checks of KEY, which were counted in GONE, are to become a record: 1, or 0 when its share has too many already,
 * and they have been counted as lost; or -ENOMEM.
 */
int lc_gone_keep(struct lc_probe *probe, struct lc_gone_cgroup *gone, const struct lc_key *key, uint64_t n);

/* Takes the counters of cgroups that are gone, once they are some (AT_ONCE: now), and forgets those in which nothing was counted. 0 or -errno. */
int lc_gone_collect(struct lc_probe *probe, bool at_once);

/* What lc_probe_each_missed does for cgroups that are gone. */
int lc_gone_each_missed(struct lc_probe *probe,
	int (*visit)(void *context, uint64_t id, const struct lc_missed *missed), void *context);

/* Keeps what a sample tells. */
void lc_probe_take_sample(struct lc_probe *probe, const struct lc_event_sample *sample);

/* Names RECORD's call site and kernel stack. To be called only where checks are traced, before they are all named at the end. */
void lc_probe_name_site(struct lc_probe *probe, struct lc_record *record);

/* The facts in RECORD's key and samples as a check, whose strings are RECORD's and which counts one. */
struct lc_check lc_record_check(const struct lc_probe *probe, const struct lc_record *record);

/* Keeps what the first request of a key tells, and has the program looked at that it is about. */
void lc_probe_take_request(struct lc_probe *probe, const struct lc_event_request *event);

/* After lc_probe_stop: calls VISIT for every capability of every request, as lc_probe_each does for checks. */
int lc_requests_each(struct lc_probe *probe, int (*visit)(void *context, struct lc_counted *counted), void *context);

/*
 * After lc_probe_stop: calls VISIT for every process that read its own sets and gave up, as lc_probe_each_call does for refused calls. The call is
 * capget(2), its argument the permitted set, and its result the exit status: "exit 5".
 */
int lc_requests_each_call(
	struct lc_probe *probe, int (*visit)(void *context, struct lc_counted_call *counted), void *context);

/*
 * Whether the program with inode number EXE (its low half) began in CGROUP under no_new_privs, which made void the capabilities that its file
 * carries, or its set-user-ID or set-group-ID bit.
 */
bool lc_requests_void_file(const struct lc_probe *probe, uint64_t cgroup, uint32_t exe);

/* Calls VISIT once for every program whose file capabilities could not be read, as lc_probe_each_missed does. */
int lc_requests_each_unread(const struct lc_probe *probe,
	int (*visit)(void *context, uint64_t id, const struct lc_missed *missed), void *context);

/* Frees a value of the NAMED table. */
void lc_request_free(void *value);

/* The key of a value of the NAMED table, and whether something of it was asked for and has not been told, or waits to be delivered. */
const struct lc_request_key *lc_request_key(const void *value);
bool lc_request_waits(const void *value);

/* Whether that is so of the program with inode number EXE (its low half) that began in CGROUP. */
bool lc_requests_wait_for(const struct lc_probe *probe, uint64_t cgroup, uint32_t exe);

/* Keeps what the first return of a key tells. */
void lc_probe_take_call(struct lc_probe *probe, const struct lc_event_call *event);

/* Moves the counters of returns in cgroups that are gone (EVERY: in all) from the kernel to here. 0 or -errno. */
int lc_returned_take(struct lc_probe *probe, bool every);

/* Keeps that MORE of KEY were counted. GONE: its cgroup, if that is gone; NULL: it is there. 0 or -ENOMEM. */
int lc_returned_keep(struct lc_probe *probe, struct lc_gone_cgroup *gone, const struct lc_call_key *key,
	const struct lc_counter *more);

/* Calls VISIT for every key that is known here, as lc_probe_each_call does. */
int lc_returned_tell(
	struct lc_probe *probe, int (*visit)(void *context, struct lc_counted_call *counted), void *context);

/* Fills *CALL (lc_failure_clear frees it) with what is known of KEY. 0 or -ENOMEM. */
int lc_returned_describe(struct lc_probe *probe, const struct lc_call_key *key, struct lc_failure *call);

/* Whether the first return of KEY has been told of. */
bool lc_returned_is_told(const struct lc_probe *probe, const struct lc_call_key *key);

/* Whether the file that KEY's first call was about is being looked at. */
bool lc_returned_is_looked_for(const struct lc_probe *probe, const struct lc_call_key *key);

/* Frees a value of the RETURNED table. */
void lc_returned_free(void *value);

/* Whether the share of VALUE, one of the RETURNED table, has one more for it, because its cgroup is gone. */
bool lc_returned_is_kept(const void *value);

/* Whether something of VALUE, one of the RETURNED table, has not been delivered or not been told. */
bool lc_returned_is_undelivered(const struct lc_probe *probe, const void *value);

/* Keeps the instructions that EVENT brings. */
void lc_filters_take(struct lc_probe *probe, const struct lc_event_filter *event);

/* What the filters MARK of a process in CGROUP answer for CALL, which returned -ERROR. */
enum lc_filter_answer lc_filters_ask(
	struct lc_probe *probe, uint64_t cgroup, uint32_t mark, const struct seccomp_data *call, int error);

/* Forgets the filters of processes in cgroups that are gone. 0 or -errno. */
int lc_filters_forget(struct lc_probe *probe);

/* Frees a value of the FILTERS table. */
void lc_filters_free(void *value);

/* Opens the buffers of the loaded object, those of OPTIONS too, from which lc_probe_consume takes the events. 0 or -errno. */
int lc_events_open(struct lc_probe *probe, const struct lc_probe_options *options);

/* The nanoseconds since 1970 at a moment of CLOCK_MONOTONIC. */
int64_t lc_since_1970(struct lc_probe *probe, uint64_t monotonic);

/* The nanoseconds since 1970 at JIFFIES. */
int64_t lc_probe_time(const struct lc_probe *probe, uint64_t jiffies);

/* Every key now in the map FD (SIZE bytes each), to *KEYS (caller frees). Returns how many, or -errno (*KEYS is unchanged). */
ssize_t lc_map_keys(int fd, size_t size, void **keys);

#endif
