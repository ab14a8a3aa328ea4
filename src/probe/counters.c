/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes counters, outcomes and samples out of the kernel's maps and turns keys into checks. */
#include "src/probe/about.h"
#include "src/probe/calls.h"
#include "src/probe/rooms.h"
#include "src/probe/symbols.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

/* So many distinct stacks are kept of one share's: a check more may lack its own. */
#define STACKS_OF_SHARE 4096

struct lc_record *lc_record_of(struct lc_probe *probe, const struct lc_key *key)
{
	struct lc_record *record = lc_table_get(probe->records, key);

	if (record)
		return record;
	record = calloc(1, sizeof(*record));
	if (!record)
		return NULL;
	record->key = *key;
	if (lc_table_put(probe->records, key, record)) {
		free(record);
		return NULL;
	}
	return record;
}

void lc_record_forget(struct lc_probe *probe, const struct lc_key *key)
{
	struct lc_record *record = lc_table_get(probe->records, key);

	/* Whoever was asked about it, or told of it, has its address. */
	if (!record || record->count || record->awaited || record->is_looked_for || record->traced)
		return;
	lc_table_remove(probe->records, key);
	lc_record_free(record);
}

static bool within(const struct lc_text_range *range, uint64_t address)
{
	return address > range->start && address <= range->end;
}

/*
 * Where in SAMPLE's stack walk of N frames the caller of cap_capable is (bpf/callsite.h, first_frame, is the same); N
 * when it is not there.
 */
static size_t first_frame(const struct lc_wrappers *wrappers, const struct lc_event_sample *sample, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		/* A kprobe's walk may begin with cap_capable's first byte. */
		if (sample->stack[i] == wrappers->cap_capable.start || within(&wrappers->cap_capable, sample->stack[i]))
			return i + 1;
	}
	for (size_t i = 0; i < n; i++) {
		if (within(&wrappers->kernel, sample->stack[i]))
			return i;
	}
	return n;
}

/*
 * The call site in SAMPLE's stack walk: the first frame above cap_capable that does more than pass the question on; 0
 * when it can't be told. *NOAUDIT: something on the way there asked without audit.
 */
static uint64_t site_of(const struct lc_probe *probe, const struct lc_event_sample *sample, bool *noaudit)
{
	const struct lc_wrappers *wrappers = &probe->wrappers;
	size_t n = sample->stack_bytes > 0 ? (size_t)sample->stack_bytes / sizeof(uint64_t) : 0;

	*noaudit = false;
	if (!probe->exact_sites || n > LC_STACK_FRAMES)
		return 0;
	for (size_t i = first_frame(wrappers, sample, n); i < n; i++) {
		bool passes_on = false;

		for (size_t j = 0; j < wrappers->n; j++) {
			if (!within(&wrappers->ranges[j], sample->stack[i]))
				continue;
			passes_on = true;
			*noaudit = *noaudit || wrappers->noaudit[j];
		}
		if (passes_on)
			continue;
		*noaudit = *noaudit || within(&wrappers->overcommit[0], sample->stack[i]) ||
			   within(&wrappers->overcommit[1], sample->stack[i]);
		return sample->stack[i];
	}
	return 0;
}

/* What is kept for whose share CGROUP takes; 0 stands for those that are not known any more. NULL when out of memory. */
static struct lc_share *share_of_cgroup(struct lc_probe *probe, uint64_t cgroup)
{
	const struct lc_gone_cgroup *gone = lc_table_get(probe->gone, &cgroup);
	struct lc_cgroup entry;

	if (gone)
		return lc_share_at(probe, gone->share);
	return lc_share_at(probe, bpf_map_lookup_elem(probe->cgroups, &cgroup, &entry) ? 0 : entry.share);
}

/* Keeps SAMPLE's stack walk, from the caller of cap_capable upwards, as one of the distinct ones. NULL when there is none. */
static struct lc_kernel_stack *keep_kernel_stack(struct lc_probe *probe, const struct lc_event_sample *sample)
{
	size_t n = sample->stack_bytes > 0 ? (size_t)sample->stack_bytes / sizeof(uint64_t) : 0;
	struct lc_kernel_stack *stack, found = {0};
	struct lc_share *share;
	size_t first;

	if (!probe->exact_sites || n > LC_STACK_FRAMES)
		return NULL;
	first = first_frame(&probe->wrappers, sample, n);
	if (first >= n)
		return NULL;
	memcpy(found.addresses, sample->stack + first, (n - first) * sizeof(uint64_t));
	stack = lc_table_get(probe->kernel_stacks, found.addresses);
	if (stack)
		return stack;
	share = share_of_cgroup(probe, sample->key.cgroup);
	if (!share || share->stacks >= STACKS_OF_SHARE)
		return NULL;
	stack = malloc(sizeof(*stack));
	if (!stack)
		return NULL;
	*stack = found;
	if (lc_table_put(probe->kernel_stacks, stack->addresses, stack)) {
		free(stack);
		return NULL;
	}
	share->stacks++;
	return stack;
}

/* The checks that are decided by a file's owner and mode. */
#define FILE_CAPS                                                                                                      \
	(1ULL << CAP_CHOWN | 1ULL << CAP_DAC_OVERRIDE | 1ULL << CAP_DAC_READ_SEARCH | 1ULL << CAP_FOWNER |             \
		1ULL << CAP_FSETID)

/* Has the file looked at that SAMPLE is about, while it is still as the kernel met it, or nearly. */
static void look_at_object(struct lc_probe *probe, const struct lc_event_sample *sample, struct lc_record *record)
{
	const uint8_t elsewhere = LC_FACT_SETUP | LC_FACT_OVERRIDDEN | LC_FACT_OWNER;
	const struct lc_probe_events *events = probe->events;
	_cleanup_free_ char *name = NULL;
	struct lc_touched touched = {
		.key = record,
		.cgroup = sample->key.cgroup,
		.tgid = sample->tgid,
		.uid = sample->uid,
		.gid = sample->gid,
		.root = {sample->device, sample->root},
		.cap = sample->key.cap,
		.path = record->about,
	};

	if (!events || !events->touched || record->looked_at || !record->about)
		return;
	if (sample->key.facts & elsewhere || !(1ULL << (sample->key.cap & 63) & FILE_CAPS) || !lc_about_is_path(sample))
		return;
	name = lc_syscall_name(sample->key.syscall);
	touched.syscall = name;
	memcpy(touched.arguments, sample->arguments, sizeof(touched.arguments));
	record->looked_at = record->is_looked_for = true;
	events->touched(events->context, &touched);
}

/* The record that KEY of an event is. */
static struct lc_record *record_at(struct lc_probe *probe, const void *key)
{
	return lc_table_get(probe->records, &((const struct lc_record *)key)->key);
}

void lc_probe_tell_object(struct lc_probe *probe, const void *key, int result, struct lc_object *object)
{
	struct lc_record *record = record_at(probe, key);

	if (!record)
		return;
	record->is_looked_for = false;
	lc_object_clear(&record->object);
	record->object = *object;
	record->object.late = result == -ETIMEDOUT;
	*object = (struct lc_object){0};
}

void lc_probe_take_sample(struct lc_probe *probe, const struct lc_event_sample *sample)
{
	struct lc_record *record = lc_record_of(probe, &sample->key);
	bool noaudit;
	uint64_t site = site_of(probe, sample, &noaudit);

	if (!record)
		return;
	if (!record->site) {
		record->site = site;
		record->noaudit = noaudit;
	}
	if (site && record->site != site)
		lc_log(probe->log, LC_LOG_DEBUG, "two call sites under one key: %llx and %llx",
			(unsigned long long)record->site, (unsigned long long)site);
	if (!record->comm)
		record->comm = strndup(sample->comm, sizeof(sample->comm));
	if (!record->exe)
		record->exe = lc_about_path(sample->exe, sample->exe_bytes);
	if (!record->about)
		record->about = lc_about_describe(sample);
	if (!record->user && asprintf(&record->user, "%u:%u", sample->uid, sample->gid) < 0)
		record->user = NULL;
	if (!record->kernel_stack)
		record->kernel_stack = keep_kernel_stack(probe, sample);
	look_at_object(probe, sample, record);
}

/* The counter of KEY over all processors. 0 or -errno. VALUES has room for each processor's. */
static int read_counter(
	const struct lc_probe *probe, const struct lc_key *key, struct lc_counter *values, struct lc_counter *sum)
{
	memset(sum, 0, sizeof(*sum));
	if (bpf_map_lookup_elem(probe->checks, key, values))
		return -errno;
	for (int i = 0; i < probe->cpus; i++) {
		if (!values[i].count)
			continue;
		sum->count += values[i].count;
		if (!sum->first || values[i].first < sum->first)
			sum->first = values[i].first;
		if (values[i].last > sum->last)
			sum->last = values[i].last;
	}
	return 0;
}

static int add_counter(struct lc_probe *probe, const struct lc_key *key, const struct lc_counter *sum)
{
	struct lc_record *record = lc_record_of(probe, key);

	if (!record)
		return -ENOMEM;
	record->count += sum->count;
	if (sum->first && (!record->first || sum->first < record->first))
		record->first = sum->first;
	if (sum->last > record->last)
		record->last = sum->last;
	return 0;
}

ssize_t lc_map_keys(int fd, size_t size, void **keys)
{
	size_t n = 0;
	char *list = lc_array_grow(NULL, 0, size);

	while (list && !bpf_map_get_next_key(fd, n ? list + (n - 1) * size : NULL, list + n * size)) {
		char *larger = lc_array_grow(list, ++n, size);

		if (!larger) {
			free(list);
			return -ENOMEM;
		}
		list = larger;
	}
	*keys = list;
	if (list && errno != ENOENT)
		return -errno;
	return list ? (ssize_t)n : -ENOMEM;
}

int lc_counters_take(struct lc_probe *probe, bool every)
{
	_cleanup_free_ struct lc_counter *values = calloc((size_t)probe->cpus, sizeof(*values));
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(probe->checks, sizeof(struct lc_key), &list);
	const struct lc_key *keys = list;

	if (n < 0 || !values)
		return n < 0 ? (int)n : -ENOMEM;
	for (ssize_t i = 0; i < n; i++) {
		struct lc_counter sum;
		int r;

		struct lc_gone_cgroup *gone = lc_table_get(probe->gone, &keys[i].cgroup);

		if (!every && !gone)
			continue;
		r = read_counter(probe, &keys[i], values, &sum);
		/* Somebody else may have taken it; but what may not be read is not to be lost silently. */
		if (r == -ENOENT)
			continue;
		if (!r && !bpf_map_delete_elem(probe->checks, &keys[i]) && gone)
			lc_rooms_give_back(probe, gone->share, LC_ROOM_CHECKS);
		if (!r)
			r = gone ? lc_gone_keep(probe, gone, &keys[i], sum.count) : 1;
		if (r > 0)
			r = add_counter(probe, &keys[i], &sum);
		if (r)
			return r;
	}
	return 0;
}

/* The set of the capabilities that are marked in MARKS. */
static uint64_t marked(const __u8 marks[LC_CAPS])
{
	uint64_t set = 0;

	for (int cap = 0; cap < LC_CAPS; cap++)
		set |= marks[cap] ? UINT64_C(1) << cap : 0;
	return set;
}

void lc_take_missed_of(const struct lc_cgroup *entry, struct lc_missed *missed)
{
	*missed = (struct lc_missed){.granted = marked(entry->granted)};
	lc_rooms_add_lost(entry, &missed->losses);
}

/* As bpf/phase.h, share_of_new. */
uint64_t lc_probe_share(const struct lc_probe *probe, uint64_t id, uint64_t parent, uid_t maker)
{
	struct lc_cgroup entry;

	if (parent && !bpf_map_lookup_elem(probe->cgroups, &parent, &entry))
		return entry.share;
	return maker ? LC_SHARE_OF_USERS | (maker & (LC_USER_SHARES - 1)) : id;
}

int lc_probe_record(struct lc_probe *probe, const struct lc_recorded *recorded)
{
	struct lc_cgroup entry = {
		.target = recorded->target,
		.share = recorded->share,
		.outer = recorded->outer,
		.userns = recorded->userns,
		.pidns = recorded->pidns,
		.flags = (recorded->in_host ? LC_CGROUP_HOST : 0) | (recorded->started ? LC_CGROUP_STARTED : 0),
	};

	probe->recorded_slots[recorded->id & (LC_RECORDED_SLOTS - 1)] = 1;
	/* The kernel side may have met it in the meantime: what it keeps there must not be overwritten. */
	if (!bpf_map_update_elem(probe->cgroups, &recorded->id, &entry, BPF_NOEXIST)) {
		__sync_fetch_and_add(&probe->room_used[LC_ROOM_CGROUPS], 1);
		return 0;
	}
	return errno == EEXIST ? 0 : -errno;
}

int lc_probe_ignore(struct lc_probe *probe, uint64_t id)
{
	_cleanup_free_ void *list = NULL;
	struct lc_cgroup entry = {.share = id};
	ssize_t n;
	const struct lc_key *keys;

	if (!bpf_map_lookup_elem(probe->cgroups, &id, &entry))
		lc_forget_cgroup(probe, id, entry.share);
	n = lc_map_keys(probe->checks, sizeof(struct lc_key), &list);
	keys = list;
	for (ssize_t i = 0; i < n; i++) {
		if (keys[i].cgroup == id && !bpf_map_delete_elem(probe->checks, &keys[i]))
			lc_rooms_give_back(probe, entry.share, LC_ROOM_CHECKS);
	}
	return n < 0 ? (int)n : 0;
}

int lc_probe_follow(struct lc_probe *probe, pid_t pid, pid_t root, uint64_t *stand_in)
{
	uint32_t tgid = (uint32_t)pid;
	uint64_t id = LC_FOLLOWED | (uint64_t)root;
	int r = lc_probe_record(probe, &(struct lc_recorded){.id = id, .target = id, .share = id, .in_host = true});

	if (r)
		return r;
	*stand_in = id;
	/* Somebody may have followed it already, when it was forked. */
	if (bpf_map_update_elem(probe->followed, &tgid, &id, BPF_NOEXIST))
		return errno == EEXIST ? 0 : -errno;
	__sync_fetch_and_add(&probe->room_used[LC_ROOM_FOLLOWED], 1);
	return 1;
}

uint64_t lc_probe_total(struct lc_probe *probe)
{
	_cleanup_free_ struct lc_counter *values = calloc((size_t)probe->cpus, sizeof(*values));
	_cleanup_free_ void *list = NULL;
	ssize_t n = probe->stopped ? 0 : lc_map_keys(probe->checks, sizeof(struct lc_key), &list);
	const struct lc_key *keys = list;
	struct lc_record *record;
	uint64_t total = 0;
	size_t cursor = 0;

	for (ssize_t i = 0; values && i < n; i++) {
		struct lc_counter sum;

		if (!read_counter(probe, &keys[i], values, &sum))
			total += sum.count;
	}
	while ((record = lc_table_next(probe->records, &cursor)))
		total += record->count;
	return total;
}

int lc_probe_each_missed(
	struct lc_probe *probe, int (*visit)(void *context, uint64_t id, const struct lc_missed *missed), void *context)
{
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(probe->cgroups, sizeof(uint64_t), &list);
	const uint64_t *ids = list;
	struct lc_missed missed = {0};
	int r;

	missed.losses.of[LC_LOSS_SKIPPED] = probe->lost;
	lc_rooms_add_unattributed(probe, &missed.losses);
	r = n < 0 ? (int)n : visit(context, 0, &missed);
	missed = (struct lc_missed){.users = true};
	lc_rooms_add_users(probe, &missed.losses);
	r = r ? r : visit(context, 0, &missed);
	for (ssize_t i = 0; !r && i < n; i++) {
		struct lc_cgroup entry;

		if (ids[i] & LC_SHARE_OF_USERS || bpf_map_lookup_elem(probe->cgroups, &ids[i], &entry))
			continue;
		lc_take_missed_of(&entry, &missed);
		r = visit(context, ids[i], &missed);
	}
	r = r ? r : lc_gone_each_missed(probe, visit, context);
	return r ? r : lc_requests_each_unread(probe, visit, context);
}

/* Takes the keys of checks that found no room. */
static int take_missed(struct lc_probe *probe)
{
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(probe->missed_keys, sizeof(struct lc_key), &list);
	const struct lc_key *keys = list;

	for (ssize_t i = 0; i < n; i++) {
		struct lc_record *record = lc_record_of(probe, &keys[i]);

		if (!record)
			return -ENOMEM;
		record->missed = true;
		if (!record->about)
			record->about = strdup("no room for more: see --keys");
	}
	return n < 0 ? (int)n : 0;
}

int64_t lc_probe_time(const struct lc_probe *probe, uint64_t jiffies)
{
	return probe->anchor_ns + (int64_t)(jiffies - probe->anchor_jiffies) * probe->tick_ns;
}

/* What VISIT needs beside the record. */
struct delivery {
	struct lc_probe *probe;
	struct lc_symbol *symbols;
	size_t n_symbols;
	struct lc_outcome *outcomes; /* sorted by key */
	size_t n_outcomes;
	int (*visit)(void *context, struct lc_counted *counted);
	void *context;
};

static int by_key(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct lc_key));
}

/* Where the hook does not see opts (a tracepoint's), the wrapper that the question came through tells. */
static enum lc_audited audited(const struct lc_probe *probe, const struct lc_record *record)
{
	if (strcmp(probe->hook, "tp_btf") != 0)
		return record->key.facts & LC_FACT_NOAUDIT ? LC_AUDITED_NO : LC_AUDITED_YES;
	if (!record->site)
		return LC_AUDITED_UNKNOWN;
	return record->noaudit ? LC_AUDITED_NO : LC_AUDITED_YES;
}

static enum lc_authority authority_of(uint8_t facts)
{
	static const enum lc_authority denied[] = {LC_AUTHORITY_NONE, LC_AUTHORITY_BEYOND};
	static const enum lc_authority granted[] = {LC_AUTHORITY_EFFECTIVE, LC_AUTHORITY_OWNER};
	bool owner = facts & LC_FACT_OWNER;

	return facts & LC_FACT_DENIED ? denied[owner] : granted[owner];
}

struct lc_check lc_record_check(const struct lc_probe *probe, const struct lc_record *record)
{
	const struct lc_key *key = &record->key;

	return (struct lc_check){
		.cap = key->cap,
		.verdict = key->facts & LC_FACT_DENIED ? LC_VERDICT_DENIED : LC_VERDICT_GRANTED,
		.authority = authority_of(key->facts),
		.credential = key->facts & LC_FACT_OVERRIDDEN ? LC_CREDENTIAL_OVERRIDDEN : LC_CREDENTIAL_OWN,
		.audited = audited(probe, record),
		.ordinary = key->facts & LC_FACT_ORDINARY,
		.chained = key->facts & LC_FACT_CHAINED,
		.syscall = lc_syscall_name(key->syscall),
		.caller = lc_copy(record->caller),
		.exe = lc_copy(record->exe),
		.comm = lc_copy(record->comm),
		.about = lc_copy(record->about),
		.user = lc_copy(record->user),
		.object =
			{
				.path = lc_copy(record->object.path),
				.owner = lc_copy(record->object.owner),
				.mode = record->object.mode,
				.late = record->object.late,
			},
		.kernel_stack = lc_shared_stack_take(record->kernel_stack ? record->kernel_stack->named : NULL),
		.user_stack = lc_shared_stack_take(record->user_stack),
	};
}

/* Delivers COUNT checks of RECORD whose syscall returned RESULT (NULL: unknown, or of no interest: see struct lc_check). */
static int deliver(const struct delivery *delivery, const struct lc_record *record, uint64_t count, const char *result,
	bool answered)
{
	const struct lc_probe *probe = delivery->probe;
	struct lc_counted counted = {
		.cgroup = record->key.cgroup,
		.userns = record->key.userns,
		.setup = record->key.facts & LC_FACT_SETUP,
		.outers_own = record->key.facts & LC_FACT_OUTER,
		.check = lc_record_check(probe, record),
	};
	int r;

	counted.check.answered = answered;
	counted.check.count = count;
	counted.check.first_ns = record->count ? lc_probe_time(probe, record->first) : probe->anchor_ns;
	counted.check.last_ns = record->count ? lc_probe_time(probe, record->last) : probe->anchor_ns;
	counted.check.result = lc_copy(result);
	r = delivery->visit(delivery->context, &counted);

	lc_check_clear(&counted.check);
	return r;
}

/* The index of the first of the outcomes that belong to KEY, or of what comes behind where they would be. */
static size_t first_outcome(const struct delivery *delivery, const struct lc_key *key)
{
	size_t low = 0, high = delivery->n_outcomes;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (by_key(&delivery->outcomes[middle].key, key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The name of what OUTCOME's syscall returned; NULL when another capability was accepted and no more is known. */
static const char *result_of(const struct lc_outcome *outcome)
{
	if (outcome->result == LC_RESULT_ANSWERED)
		return NULL;
	if (outcome->result > LC_RESULT_ANSWERED)
		return strerrorname_np((int)outcome->result - LC_RESULT_ANSWERED);
	return outcome->result < 0 ? strerrorname_np((int)-outcome->result) : "0";
}

/* Delivers RECORD by what became of its syscalls, as far as that was awaited. */
static int deliver_outcomes(const struct delivery *delivery, const struct lc_record *record)
{
	uint64_t known = 0;
	int r = 0;

	for (size_t i = first_outcome(delivery, &record->key); !r && i < delivery->n_outcomes; i++) {
		const struct lc_outcome *outcome = &delivery->outcomes[i];
		bool answered = outcome->result >= LC_RESULT_ANSWERED;
		uint64_t count;

		if (by_key(&outcome->key, &record->key) != 0)
			break;
		if (bpf_map_lookup_elem(delivery->probe->outcomes, outcome, &count))
			continue;
		count = count < record->count - known ? count : record->count - known;
		if (!count)
			continue;
		known += count;
		r = deliver(delivery, record, count, result_of(outcome), answered);
	}
	return !r && (known < record->count || record->missed)
		       ? deliver(delivery, record, record->count - known, NULL, false)
		       : r;
}

/* Without a sample the key still has the low half of the site; the kernel's text has the rest in common. */
static void complete_site(const struct lc_probe *probe, struct lc_record *record)
{
	if (!record->site && record->key.site && probe->exact_sites)
		record->site = (probe->wrappers.cap_capable.start & ~0xffffffffULL) | record->key.site;
}

/* Collects the distinct addresses of all call sites and kernel stacks, and names them. */
static int resolve_sites(struct delivery *delivery)
{
	struct lc_table *records = delivery->probe->records, *stacks = delivery->probe->kernel_stacks;
	const struct lc_kernel_stack *stack;
	struct lc_record *record;
	size_t cursor = 0, n = 0;

	delivery->symbols = calloc(
		lc_table_size(records) + lc_table_size(stacks) * LC_STACK_FRAMES + 1, sizeof(*delivery->symbols));
	if (!delivery->symbols)
		return -ENOMEM;
	while ((record = lc_table_next(records, &cursor))) {
		complete_site(delivery->probe, record);
		if (record->site)
			delivery->symbols[n++].address = record->site;
	}
	cursor = 0;
	while ((stack = lc_table_next(stacks, &cursor))) {
		for (size_t i = 0; i < LC_STACK_FRAMES && stack->addresses[i]; i++)
			delivery->symbols[n++].address = stack->addresses[i];
	}
	delivery->n_symbols = n;
	return lc_kallsyms_resolve(delivery->symbols, n);
}

/* Names STACK's functions, each found by FIND. */
static void name_stack(struct lc_kernel_stack *stack,
	const char *(*find)(const void *context, uint64_t address, uint64_t *start), const void *context)
{
	struct lc_stack frames = {0};

	for (size_t i = 0; i < LC_STACK_FRAMES && stack->addresses[i]; i++) {
		uint64_t start = 0;
		const char *name = find(context, stack->addresses[i], &start);
		struct lc_frame *frame = name ? lc_stack_add(&frames) : NULL;

		if (!frame)
			continue;
		frame->function = strdup(name);
		frame->offset = stack->addresses[i] - start;
	}
	stack->named = lc_shared_stack_new(&frames);
}

static const char *find_resolved(const void *context, uint64_t address, uint64_t *start)
{
	const struct delivery *delivery = context;
	const struct lc_symbol *symbol = lc_symbol_find(delivery->symbols, delivery->n_symbols, address);

	*start = symbol ? symbol->start : 0;
	return symbol ? symbol->name : NULL;
}

static const char *find_loaded(const void *context, uint64_t address, uint64_t *start)
{
	return lc_symbols_find(context, address, start);
}

/* Gives every record and kernel stack the names that have been found. */
static void name_sites(struct delivery *delivery)
{
	struct lc_kernel_stack *stack;
	struct lc_record *record;
	size_t cursor = 0;
	uint64_t start;

	while ((stack = lc_table_next(delivery->probe->kernel_stacks, &cursor))) {
		if (!stack->named)
			name_stack(stack, find_resolved, delivery);
	}
	cursor = 0;
	while ((record = lc_table_next(delivery->probe->records, &cursor))) {
		if (!record->caller)
			record->caller = lc_copy(find_resolved(delivery, record->site, &start));
	}
}

void lc_probe_name_site(struct lc_probe *probe, struct lc_record *record)
{
	uint64_t start;

	if (!probe->symbols)
		return;
	complete_site(probe, record);
	if (!record->caller && record->site)
		record->caller = lc_copy(lc_symbols_find(probe->symbols, record->site, &start));
	if (record->kernel_stack && !record->kernel_stack->named)
		name_stack(record->kernel_stack, find_loaded, probe->symbols);
}

static int list_outcomes(struct delivery *delivery)
{
	void *list = NULL;
	ssize_t n = lc_map_keys(delivery->probe->outcomes, sizeof(struct lc_outcome), &list);

	if (n < 0)
		return (int)n;
	delivery->outcomes = list;
	delivery->n_outcomes = (size_t)n;
	if (n)
		qsort(list, (size_t)n, sizeof(struct lc_outcome), by_key);
	return 0;
}

int lc_probe_each(struct lc_probe *probe, int (*visit)(void *context, struct lc_counted *counted), void *context)
{
	struct delivery delivery = {.probe = probe, .visit = visit, .context = context};
	struct lc_record *record;
	size_t cursor = 0;
	int r = lc_counters_take(probe, true);

	if (!r)
		r = take_missed(probe);
	if (!r)
		r = resolve_sites(&delivery);
	if (r == -EACCES || r == -ENOENT)
		r = 0;
	if (!r)
		name_sites(&delivery);
	if (!r)
		r = list_outcomes(&delivery);
	while (!r && (record = lc_table_next(probe->records, &cursor))) {
		if (!record->count && !record->missed)
			continue;
		r = deliver_outcomes(&delivery, record);
	}
	if (!r)
		r = lc_requests_each(probe, visit, context);
	for (size_t i = 0; i < delivery.n_symbols; i++)
		free(delivery.symbols[i].name);
	free(delivery.symbols);
	free(delivery.outcomes);
	return r;
}
