/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Counting a check: its key, its counter, the sample of its first time, and the outcome of denied ones. */
#ifndef LEASTCAP_BPF_COUNT_H
#define LEASTCAP_BPF_COUNT_H

#include "bpf/callsite.h"
#include "bpf/ordinary.h"
#include "bpf/override.h"
#include "bpf/path.h"
#include "bpf/phase.h"
#include "bpf/request.h"
#include "bpf/room.h"
#include "bpf/search.h"
#include "bpf/site.h"
#include "bpf/stack.h"
#include "bpf/task.h"
#include "bpf/trace.h"

/* Facts of checks that ask for no capability, or for somebody else's. */
#define NOT_OWN_GRANTED (LC_FACT_DENIED | LC_FACT_OVERRIDDEN | LC_FACT_OWNER)

/* What the kernel asked, as one of the hooks saw it. */
struct lc_question {
	struct cred *cred;
	struct user_namespace *target_ns;
	__u64 position; /* where on the kernel stack the call site is looked for */
	__u64 link; /* the return address of cap_capable while it is in a register, or 0; without a position: the call site */
	int cap;
	__u8 audit;   /* LC_FACT_NOAUDIT or 0, also where the hook cannot see it */
	__u8 scratch; /* the hook's own, see trace_scratch */
};

/* Takes the socket address at ADDRESS into SAMPLE: the longest that is shown, sockaddr_un; less at the end of a page. */
static __always_inline void take_address(struct lc_event_sample *sample, __u64 address)
{
	if (!bpf_probe_read_user(sample->text, 110, (void *)address))
		sample->text_bytes = 110;
	else if (!bpf_probe_read_user(sample->text, 28, (void *)address))
		sample->text_bytes = 28;
	else if (!bpf_probe_read_user(sample->text, 16, (void *)address))
		sample->text_bytes = 16;
}

/* The address that socketcall(2) with ARGUMENTS binds or connects a socket to; 0 when it does something else. */
static __always_inline __u64 packed_address(const __u64 arguments[6])
{
	__u32 packed[2];

	if (arguments[0] != SYS_BIND && arguments[0] != SYS_CONNECT)
		return 0;
	return bpf_probe_read_user(packed, sizeof(packed), (void *)arguments[1]) ? 0 : packed[1];
}

/* Where the address of the struct msghdr at MESSAGE is; 0 when it can't be read. A 32-bit program's has pointers of 32 bits. */
static __always_inline __u64 address_of_message(bool narrow, __u64 message)
{
	__u64 address = 0;

	bpf_probe_read_user(&address, narrow ? sizeof(__u32) : sizeof(address), (void *)message);
	return address;
}

/* Takes what the syscall is about into SAMPLE, by the shape of its arguments. */
static __noinline void take_about(struct lc_event_sample *sample, struct task_struct *task)
{
	struct path *path = NULL;
	struct file *file = NULL;
	__u32 number, place;
	struct lc_shape *shape;
	__u64 argument;

	if (!sample)
		return;
	number = sample->key.syscall;
	if (!lc_is_syscall(number))
		return;
	syscall_arguments(task, number & LC_SYSCALL_COMPAT, sample->arguments);
	if (call_of(number) == LC_CALL_OPENAT2)
		bpf_probe_read_user(&sample->arguments[2], sizeof(__u64), (void *)sample->arguments[2]);
	place = lc_place_of(number);
	shape = bpf_map_lookup_elem(&shapes, &place);
	if (!shape || shape->argument > 5)
		return;
	argument = sample->arguments[shape->argument];
	sample->text_kind = shape->kind;
	if (shape->kind == LC_SHAPE_PATH) {
		long n = bpf_probe_read_user_str(sample->text, sizeof(sample->text), (void *)argument);

		sample->text_bytes = n > 0 ? n : 0;
		if (n <= 0 || sample->text[0] == '/')
			return;
		path = &BPF_CORE_READ(task, fs)->pwd;
		if (shape->has_directory)
			file = open_file(task, sample->arguments[(shape->argument - 1) & 3]);
	} else if (shape->kind == LC_SHAPE_SOCKADDR) {
		if (call_of(number) == LC_CALL_SOCKETCALL)
			argument = packed_address(sample->arguments);
		take_address(sample, argument);
	} else if (shape->kind == LC_SHAPE_MESSAGE) {
		take_address(sample, address_of_message(number & LC_SYSCALL_COMPAT, argument));
	} else if (shape->kind == LC_SHAPE_FD) {
		file = open_file(task, argument);
	}
	if (file)
		path = &file->f_path;
	if (path)
		take_path(task, path, sample->base, &sample->base_bytes);
}

/* Fills what is left of SAMPLE, which has its key and its stack. */
static __noinline void take_sample(struct lc_event_sample *sample)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	__u64 ids = bpf_get_current_pid_tgid();

	if (!sample)
		return;
	sample->type = LC_EVENT_SAMPLE;
	sample->pid = ids;
	sample->tgid = ids >> 32;
	sample->time = bpf_ktime_get_ns();
	sample->jiffies = bpf_jiffies64();
	sample->uid = BPF_CORE_READ(task, cred, euid.val);
	sample->gid = BPF_CORE_READ(task, cred, egid.val);
	sample->base_bytes = 0;
	take_root(task, &sample->device, &sample->root);
	sample->unused = 0;
	sample->text_bytes = 0;
	sample->text_kind = LC_SHAPE_NONE;
	sample->exe_bytes = 0;
	bpf_get_current_comm(sample->comm, sizeof(sample->comm));
	if (mm) {
		struct file *file = BPF_CORE_READ(mm, exe_file);

		if (file)
			take_path(task, &file->f_path, sample->exe, &sample->exe_bytes);
	}
	take_about(sample, task);
}

/*
 * KEY found no room and was counted as lost: a key with less detail is kept, so that no list lacks a capability or has one too
 * many. Where even that finds no room, the capability itself is kept.
 */
static __noinline void keep_missed(struct lc_cgroup *entry, const struct lc_key *key)
{
	struct lc_key coarse = {};
	__u8 yes = 1;
	long r;

	if (!entry || !key)
		return;
	coarse.cgroup = key->cgroup;
	coarse.site = key->site;
	/* All but the target's own are one: who makes namespaces does not use up the room. */
	coarse.userns = entry->userns && entry->userns != key->userns ? LC_USERNS_ANY_OTHER : key->userns;
	coarse.syscall = key->syscall;
	coarse.cap = key->cap;
	coarse.facts = key->facts;
	if (bpf_map_lookup_elem(&missed_keys, &coarse))
		return;
	r = keep(&missed_keys, LC_ROOM_COARSE, entry, &coarse, &yes);
	if (!r || r == -EEXIST)
		return;
	if (coarse.userns != LC_USERNS_ANY_OTHER &&
		!(key->facts & (LC_FACT_DENIED | LC_FACT_SETUP | LC_FACT_OVERRIDDEN | LC_FACT_OWNER)))
		entry->granted[key->cap & (LC_CAPS - 1)] = 1;
}

static __always_inline bool same_key(const struct lc_key *a, const struct lc_key *b)
{
	const __u64 *left = (const void *)a, *right = (const void *)b;

	_Static_assert(sizeof(*a) == 3 * sizeof(*left), "a key is three words");
	return left[0] == right[0] && left[1] == right[1] && left[2] == right[2];
}

/* Whether KEY's check is one of a search for a file. */
static __always_inline bool is_search(const struct lc_key *key)
{
	return lc_is_search(call_of(key->syscall), key->cap);
}

/*
 * Awaits the outcome of the syscall that was denied KEY, or granted it in a search. Room for eight distinct keys a syscall (a fork asks about memory
 * once for each mapping, with one key); the outcome of more stays unknown.
 */
static __noinline void await_outcome(const struct lc_key *key)
{
	__u32 pid = bpf_get_current_pid_tgid();
	struct lc_pending *entry;
	bool denied;

	if (!key || !lc_is_syscall(key->syscall))
		return;
	denied = key->facts & LC_FACT_DENIED;
	entry = bpf_map_lookup_elem(&pending, &pid);
	if (!entry) {
		struct lc_cgroup *recorded = bpf_map_lookup_elem(&cgroups, &key->cgroup);
		struct lc_pending first = {.share = share_id(recorded)};

		first.keys[0] = *key;
		first.counts[0] = 1;
		first.last = denied;
		if (!keep(&pending, LC_ROOM_PENDING, recorded, &pid, &first))
			__sync_fetch_and_add(&pending_slots[pid & (PENDING_SLOTS - 1)], 1);
		return;
	}
	for (__u32 i = 0; i < LC_PENDING; i++) {
		if (!entry->counts[i])
			entry->keys[i] = *key;
		else if (!same_key(&entry->keys[i], key))
			continue;
		entry->counts[i]++;
		if (denied)
			entry->last = i + 1;
		return;
	}
	/* Of a granted one it is only not known that it made no difference. */
	if (denied)
		lose(bpf_map_lookup_elem(&cgroups, &key->cgroup), LC_ROOM_PENDING, 1);
}

/*
 * Whether the last check of task PID was denied and asked, in the same function, for another capability than CAP: "or". If
 * this check, at SITE with FACTS, is granted, it answers the denied ones. Not static, as the next: verified once.
 */
__noinline int follows_denied(__u32 pid, __u32 cap, __u32 site, __u32 facts)
{
	struct lc_pending *entry;
	struct lc_key *last;

	if (!pending_slots[pid & (PENDING_SLOTS - 1)])
		return 0;
	entry = bpf_map_lookup_elem(&pending, &pid);
	if (!entry || !entry->last)
		return 0;
	last = &entry->keys[(entry->last - 1) & (LC_PENDING - 1)];
	if (last->cap == cap || !lc_in_one_function(last->site, site) || !is_site(site) || !is_site(last->site))
		return 0;
	if (facts & LC_FACT_DENIED)
		return LC_FACT_CHAINED;
	for (__u32 i = 0; i < LC_PENDING; i++) {
		if (entry->keys[i].facts & LC_FACT_DENIED && lc_in_one_function(entry->keys[i].site, site))
			entry->answered[i] = entry->counts[i];
	}
	return LC_FACT_CHAINED;
}

/* A check of task PID was granted: what it asks next does not follow from a denied one. */
__noinline int forget_denied(__u32 pid)
{
	struct lc_pending *entry;

	if (!pending_slots[pid & (PENDING_SLOTS - 1)])
		return 0;
	entry = bpf_map_lookup_elem(&pending, &pid);
	if (entry)
		entry->last = 0;
	return 0;
}

static __noinline void add_outcome(const struct lc_outcome *outcome, __u64 n)
{
	__u64 *count;

	if (!outcome)
		return;
	count = bpf_map_lookup_elem(&outcomes, outcome);
	if (count)
		__sync_fetch_and_add(count, n);
	else
		keep(&outcomes, LC_ROOM_OUTCOMES, bpf_map_lookup_elem(&cgroups, &outcome->key.cgroup), outcome, &n);
}

/* Counts what became of the checks at PLACE of those that task PID has pending, whose syscall returned RESULT. Not static: as above. */
__noinline int settle_place(__u32 pid, __u32 place, __u64 result)
{
	struct lc_pending *entry = bpf_map_lookup_elem(&pending, &pid);
	__u32 i = place & (LC_PENDING - 1);
	struct lc_outcome outcome = {};
	__s64 returned = result;
	__u64 n, answered;
	bool nothing;

	if (!entry)
		return 0;
	n = entry->counts[i];
	answered = entry->answered[i];
	outcome.key = entry->keys[i];
	nothing = lc_found_nothing(returned) && is_search(&outcome.key);
	if (!(outcome.key.facts & LC_FACT_DENIED)) {
		outcome.result = returned;
		if (nothing)
			add_outcome(&outcome, n);
		return 0;
	}
	outcome.result = LC_RESULT_ANSWERED - (nothing ? returned : 0);
	if (answered)
		add_outcome(&outcome, answered);
	outcome.result = returned < 0 && returned >= -4095 ? returned : 0;
	if (n > answered)
		add_outcome(&outcome, n - answered);
	return 0;
}

/*
 * Forgets the pending denied checks of task PID, the current one, whose syscall returned RESULT if KNOWN. Another syscall's
 * result says nothing: the kernel may have skipped us when theirs returned (bpf/copies.h).
 */
static __noinline void settle_outcome(__u32 pid, __s64 result, bool known)
{
	struct lc_pending *entry = bpf_map_lookup_elem(&pending, &pid);
	__u64 share;

	if (!entry)
		return;
	if (known && entry->keys[0].syscall != syscall_number(false, false, (void *)bpf_get_current_task()))
		known = false;
	for (__u32 i = 0; known && i < LC_PENDING && entry->counts[i]; i++)
		settle_place(pid, i, result);
	share = entry->share;
	if (!release(&pending, LC_ROOM_PENDING, share, &pid))
		__sync_fetch_and_sub(&pending_slots[pid & (PENDING_SLOTS - 1)], 1);
}

/*
 * Adds one to COUNTER, this processor's own. A BPF program never runs inside itself, so nobody else writes it, unless the
 * program was preempted and a copy of it runs meanwhile.
 */
static __always_inline void add_one(struct lc_counter *counter)
{
	__u64 now = bpf_jiffies64();

	if (!counter->count)
		counter->first = now;
	if (config_copies)
		__sync_fetch_and_add(&counter->count, 1);
	else
		counter->count++;
	counter->last = now;
}

/* Puts LINK, which a stack walk from the entry of a function does not see, into SAMPLE's behind that function. */
static __always_inline void add_link(void *context, struct lc_event_sample *sample, __u64 link)
{
	sample->stack_bytes = bpf_get_stack(context, &sample->stack[1], sizeof(sample->stack) - sizeof(link), 0);
	if (sample->stack_bytes <= 0)
		return;
	sample->stack_bytes += sizeof(link);
	sample->stack[0] = sample->stack[1];
	sample->stack[1] = link;
}

/* Takes the kernel stack, as a program on the entry of the call site SITE sees it, into SAMPLE. */
static __always_inline void take_own_stack(void *context, struct lc_event_sample *sample, __u64 site)
{
	sample->stack_bytes = bpf_get_stack(context, sample->stack, sizeof(sample->stack), 0);
	/* A kprobe's walk begins with the first byte, which looks like the end of what is before it. */
	if (!TYPED && site)
		sample->stack[0] = site;
}

/* Takes the kernel stack into SAMPLE and learns from it. Returns KEY's site as later checks will find it. */
static __always_inline __u32 sample_site(void *context, struct lc_event_sample *sample, __u64 position, __u64 link)
{
	for (int i = 0; i < LC_STACK_FRAMES; i++)
		sample->stack[i] = 0;
	if (!position && link)
		take_own_stack(context, sample, link);
	else if (link)
		add_link(context, sample, link);
	else
		sample->stack_bytes = bpf_get_stack(context, sample->stack, sizeof(sample->stack), 0);
	learn_site(sample, position, link);
	return lc_find_site(&distances, false, position, link);
}

/*
 * Counts KEY, whose cgroup is ENTRY. Returns its counter, NULL when there was no room for one. Not inlined: the stacks of all that
 * call each other share 512 bytes.
 */
static __noinline struct lc_counter *count_key(struct lc_cgroup *entry, const struct lc_key *key)
{
	struct lc_counter *counter;

	if (!entry || !key)
		return NULL;
	counter = bpf_map_lookup_elem(&checks, key);
	if (!counter) {
		struct lc_counter none = {};

		keep(&checks, LC_ROOM_CHECKS, entry, key, &none);
		counter = bpf_map_lookup_elem(&checks, key);
	}
	if (counter)
		add_one(counter);
	else
		keep_missed(entry, key);
	return counter;
}

/* Counts KEY, whose cgroup is ENTRY, and whose sample found no room. Returns true: it is recorded. */
static __always_inline bool count_unsampled(struct lc_cgroup *entry, const struct lc_key *key)
{
	__sync_fetch_and_add(&samples_dropped, 1);
	count_key(entry, key);
	return true;
}

/*
 * The way of a key that this processor has not seen, or that is due for another sample. Returns whether the check is
 * one that is recorded at all. SAMPLE is tested once only: the verifier of 5.10 forgets the answer.
 */
static __noinline bool count_slowly(void *context, struct lc_key *key, __u64 position, __u64 link)
{
	struct lc_event_sample *sample;
	struct lc_counter *counter;
	struct lc_cgroup *entry;

	if (!key)
		return false;
	entry = bpf_map_lookup_elem(&cgroups, &key->cgroup);
	if (!entry)
		return false;
	if (!(key->facts & LC_FACT_SETUP) && meet_arriving())
		key->facts |= LC_FACT_SETUP;

	learn_registers();
	if (!may_send(entry, sizeof(*sample)))
		return count_unsampled(entry, key);
	sample = bpf_ringbuf_reserve(&events, sizeof(*sample), 0);
	if (!sample)
		return count_unsampled(entry, key);
	key->site = sample_site(context, sample, position, link);
	/* The site may not have been known before. */
	key->facts |= follows_denied(bpf_get_current_pid_tgid(), key->cap, key->site, key->facts);
	counter = count_key(entry, key);
	/* User space keeps what it is told: no more than there is room for here. */
	if (counter) {
		sample->key = *key;
		take_sample(sample);
		bpf_ringbuf_submit(sample, 0);
		counter->sampled = 1;
	} else {
		bpf_ringbuf_discard(sample, 0);
	}
	if (!(key->facts & LC_FACT_SETUP))
		note_root_map(key->cgroup);
	if (config_stacks && counter)
		take_stack(key);
	return true;
}

/*
 * The facts that make the key, except the call site. In a set-up process only what execve asks inside the target's own
 * mount namespace is already the workload's: with its credentials, and deciding whether its program may start.
 */
static __always_inline void fill_key(
	bool direct, bool cast, const struct lc_question *q, struct task_struct *task, struct lc_key *key)
{
	/* Before any branch: for each pointer that is followed the verifier of 6.18 searches all types, on every way to it. */
	struct user_namespace *own = LOAD(direct, q->cred, user_ns);
	const struct cred *real = LOAD(direct, task, real_cred);

	key->userns = LOAD(direct, own, ns.inum);
	key->exe = executable_inode(direct, task);
	key->syscall = syscall_number(direct, cast, task);
	key->cap = q->cap;
	key->facts = q->audit | authority(direct, q->cred, own, q->target_ns, q->cap);
	key->facts |= override_facts(cast, real, q->cred, key->cgroup);
	if (1ULL << (q->cap & 63) & ASKED_FIRST)
		key->facts |= is_ordinary(key->syscall, key->cap);
	if (setup_count > 0) {
		__u64 instead = prepared_for(key->syscall, key->facts & NOT_OWN_GRANTED ? LC_CAPS : key->cap);

		if (instead == LC_NOBODY)
			key->facts |= LC_FACT_SETUP;
		else if (instead)
			key->cgroup = instead;
	}
}

/* Counts the check Q of TASK, the current one. Compile-time constants: DIRECT as for LOAD, CAST as for word_at. */
static __always_inline int count_check(
	void *context, bool direct, bool cast, struct task_struct *task, const struct lc_question *q)
{
	struct lc_key key = {};
	struct lc_counter *counter;
	__u32 pid;

	key.cgroup = counted_under(direct, task);
	if (!key.cgroup)
		return 0;
	fill_key(direct, cast, q, task, &key);
	key.site = lc_find_site(&distances, cast, q->position, q->link);
	pid = LOAD(direct, task, pid);
	key.facts |= follows_denied(pid, key.cap, key.site, key.facts);

	counter = bpf_map_lookup_elem(&checks, &key);
	if (counter && counter->sampled && (key.site || counter->count & (counter->count - 1)))
		add_one(counter);
	else if (!count_slowly(context, &key, q->position, q->link))
		return 0;
	if (config_trace)
		trace_check(&key, q->scratch);
	if (!(key.facts & LC_FACT_DENIED))
		forget_denied(pid);
	if (key.facts & LC_FACT_DENIED || is_search(&key))
		await_outcome(&key);
	return 0;
}

#endif
