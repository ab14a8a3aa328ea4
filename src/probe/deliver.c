/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Turns what is new of records, counters and outcomes into checks, with the names of their call sites. */
#include "src/probe/calls.h"
#include "src/probe/probe_private.h"
#include "src/probe/symbols.h"

#include <leastcap/cleanup.h>
#include <leastcap/strbuf.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int64_t lc_probe_time(const struct lc_probe *probe, uint64_t jiffies)
{
	return probe->anchor_ns + (int64_t)(jiffies - probe->anchor_jiffies) * probe->tick_ns;
}

int64_t lc_probe_first(const struct lc_probe *probe, uint64_t first, uint64_t told)
{
	int64_t ns = lc_probe_time(probe, first);

	return told && ns < probe->delivered_ns ? probe->delivered_ns : ns;
}

/* The delivery of all checks to VISIT. */
struct delivery {
	struct lc_probe *probe;
	struct lc_outcome *outcomes; /* sorted by key */
	size_t n_outcomes;
	struct lc_table *pending; /* lc_key → pending_checks; NULL: none are */
	int (*visit)(void *context, struct lc_counted *counted);
	void *context;
};

/* How many checks of a key were made in calls that have not returned. */
struct pending_checks {
	struct lc_key key;
	uint64_t count;
};

/* How a value of the kernel's map of pending checks begins: bpf/maps.h, struct lc_pending. */
struct pending_value {
	struct lc_key keys[LC_PENDING];
	uint32_t counts[LC_PENDING]; /* 0 from the first free place on */
};

static int by_key(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct lc_key));
}

/* The tracepoint does not see opts. There the wrapper that the question came through tells. */
static enum lc_audited audited(const struct lc_probe *probe, const struct lc_record *record)
{
	if (probe->hook != LC_HOOK_TP_BTF)
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
		.tried = lc_is_tried(key->facts),
		.syscall = lc_syscall_name(key->syscall),
		.caller = lc_copy(record->caller),
		.exe = lc_copy(record->exe),
		.comm = lc_copy(record->comm),
		.about = lc_copy(record->about),
		.user = lc_copy(record->user),
		.object =
			{
				.path = lc_copy(record->inspected.object.path),
				.owner = lc_copy(record->inspected.object.owner),
				.mode = record->inspected.object.mode,
				.late = record->inspected.object.late,
			},
		.kernel_stack = lc_shared_stack_take(record->kernel_stack ? record->kernel_stack->named : NULL),
		.user_stack = lc_shared_stack_take(record->user_stack),
	};
}

/* Delivers COUNT checks of RECORD whose syscall returned RESULT (NULL: unknown, or of no interest). ANSWERED: as in struct lc_check. */
static int deliver(const struct delivery *delivery, const struct lc_record *record, uint64_t count, const char *result,
	bool answered)
{
	const struct lc_probe *probe = delivery->probe;
	struct lc_counted counted = {
		.key = record,
		.cgroup = record->key.cgroup,
		.userns = record->key.userns,
		.setup = record->key.facts & LC_FACT_SETUP,
		.outers_own = record->key.facts & LC_FACT_OUTER && !lc_is_tried(record->key.facts),
		.check = lc_record_check(probe, record),
	};
	int r;

	counted.check.answered = answered;
	counted.check.count = count;
	counted.check.first_ns =
		lc_record_total(record) ? lc_probe_first(probe, record->first, record->told) : probe->anchor_ns;
	counted.check.last_ns = lc_record_total(record) ? lc_probe_time(probe, record->last) : probe->anchor_ns;
	counted.check.result = lc_copy(result);
	r = delivery->visit(delivery->context, &counted);

	lc_check_clear(&counted.check);
	return r;
}

/* The index of the first outcome of KEY, or of the first behind where that would be. */
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

/* How many checks of KEY were made in calls that have not returned. */
static uint64_t pending_of(const struct delivery *delivery, const struct lc_key *key)
{
	const struct pending_checks *checks = delivery->pending ? lc_table_get(delivery->pending, key) : NULL;

	return checks ? checks->count : 0;
}

/* Delivers of RECORD, LEFT of which have not been, those whose syscalls had OUTCOME. How many they were, or what was answered, negative. */
static int64_t deliver_outcome(
	const struct delivery *delivery, struct lc_record *record, const struct lc_outcome *outcome, uint64_t left)
{
	struct lc_told_outcome *told =
		lc_table_get_or_add(delivery->probe->outcomes, outcome, sizeof(struct lc_told_outcome));
	uint64_t count;
	int r;

	if (!told)
		return -ENOMEM;
	if (bpf_map_lookup_elem(bpf_map__fd(delivery->probe->kernel.maps.outcomes), outcome, &count))
		return 0;
	count = count > told->count ? count - told->count : 0;
	count = count < left ? count : left;
	if (!count)
		return 0;
	r = deliver(delivery, record, count, result_of(outcome), outcome->result >= LC_RESULT_ANSWERED);
	told->count += count;
	return r ? r : (int64_t)count;
}

/* Delivers what is new of RECORD, split by the outcomes of its syscalls as far as they are known. */
static int deliver_outcomes(const struct delivery *delivery, struct lc_record *record)
{
	uint64_t left = lc_record_total(record) - record->told, news = left, held;
	int r = 0;

	for (size_t i = first_outcome(delivery, &record->key); i < delivery->n_outcomes; i++) {
		const struct lc_outcome *outcome = &delivery->outcomes[i];
		int64_t known;

		if (by_key(&outcome->key, &record->key) != 0)
			break;
		known = deliver_outcome(delivery, record, outcome, left);
		if (known < 0)
			return (int)known;
		left -= (uint64_t)known;
	}
	/* Of a call that goes on the outcome is still to come. */
	held = pending_of(delivery, &record->key);
	held = held < left ? held : left;
	left -= held;
	if (left || (record->missed && !record->missed_told))
		r = deliver(delivery, record, left, NULL, false);
	record->told += news - held;
	record->missed_told = record->missed;
	return r;
}

/* Completes the site of a RECORD without a sample: its key has the low half, and the upper one is the same in all of the kernel's text. */
static void complete_site(const struct lc_probe *probe, struct lc_record *record)
{
	if (!record->site && record->key.site && probe->exact_sites)
		record->site = (probe->wrappers.cap_capable.start & ~0xffffffffULL) | record->key.site;
}

/* Puts ADDRESS among the N of SYMBOLS, unless its name is known. */
static void ask_name(const struct lc_probe *probe, uint64_t address, struct lc_symbol *symbols, size_t *n)
{
	if (address && !lc_table_get(probe->sites, &address))
		symbols[(*n)++].address = address;
}

/* Keeps the N of SYMBOLS, which are resolved, with their names. 0 or -ENOMEM. */
static int keep_names(struct lc_probe *probe, struct lc_symbol *symbols, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct lc_symbol *site =
			lc_table_get_or_add(probe->sites, &symbols[i].address, sizeof(struct lc_symbol));

		if (!site)
			return -ENOMEM;
		if (site->name)
			continue;
		*site = symbols[i];
		symbols[i].name = NULL;
	}
	return 0;
}

/* Names the addresses of all call sites and kernel stacks that are new. The kernel's table of symbols is read only where there are any. */
static int resolve_sites(struct lc_probe *probe)
{
	struct lc_table *records = probe->records, *stacks = probe->kernel_stacks;
	struct lc_symbol *symbols =
		calloc(lc_table_size(records) + lc_table_size(stacks) * LC_STACK_FRAMES + 1, sizeof(*symbols));
	const struct lc_kernel_stack *stack;
	struct lc_record *record;
	size_t cursor = 0, n = 0;
	int r;

	if (!symbols)
		return -ENOMEM;
	while ((record = lc_table_next(records, &cursor))) {
		complete_site(probe, record);
		if (!record->caller)
			ask_name(probe, record->site, symbols, &n);
	}
	cursor = 0;
	while ((stack = lc_table_next(stacks, &cursor))) {
		for (size_t i = 0; !stack->named && i < LC_STACK_FRAMES && stack->addresses[i]; i++)
			ask_name(probe, stack->addresses[i], symbols, &n);
	}
	r = n ? lc_kallsyms_resolve(symbols, n) : 0;
	r = r ? r : keep_names(probe, symbols, n);
	for (size_t i = 0; i < n; i++)
		free(symbols[i].name);
	free(symbols);
	return r;
}

/* Names STACK's functions, which FIND finds. */
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
	const struct lc_probe *probe = context;
	const struct lc_symbol *symbol = lc_table_get(probe->sites, &address);

	*start = symbol ? symbol->start : 0;
	return symbol ? symbol->name : NULL;
}

static const char *find_loaded(const void *context, uint64_t address, uint64_t *start)
{
	return lc_symbols_find(context, address, start);
}

/*
 * A copy of NAME, which may be NULL, as that of the function that asks. No BPF program does: where one may refuse, what it was put before is called
 * from its trampoline (kernel/bpf/trampoline.c), and then nobody knows who asked.
 */
static char *asking_function(const char *name)
{
	/* The kernel's own functions are called bpf_prog_get_info_by_fd and the like. */
	static const char program[] = "bpf_prog_", trampoline[] = "bpf_trampoline_";
	size_t length = sizeof(program) - 1;

	if (!name || !strncmp(name, trampoline, sizeof(trampoline) - 1))
		return NULL;
	/* A program's name begins with its tag, eight bytes. */
	if (!strncmp(name, program, length) && strspn(name + length, "0123456789abcdef") == 16)
		return NULL;
	return lc_copy(name);
}

/* Gives every record and kernel stack the names that have been found. */
static void name_sites(struct lc_probe *probe)
{
	struct lc_kernel_stack *stack;
	struct lc_record *record;
	size_t cursor = 0;
	uint64_t start;

	while ((stack = lc_table_next(probe->kernel_stacks, &cursor))) {
		if (!stack->named)
			name_stack(stack, find_resolved, probe);
	}
	cursor = 0;
	while ((record = lc_table_next(probe->records, &cursor))) {
		if (!record->caller)
			record->caller = asking_function(find_resolved(probe, record->site, &start));
	}
}

void lc_probe_name_site(struct lc_probe *probe, struct lc_record *record)
{
	uint64_t start;

	if (!probe->symbols)
		return;
	complete_site(probe, record);
	if (!record->caller && record->site)
		record->caller = asking_function(lc_symbols_find(probe->symbols, record->site, &start));
	if (record->kernel_stack && !record->kernel_stack->named)
		name_stack(record->kernel_stack, find_loaded, probe->symbols);
}

static int list_outcomes(struct delivery *delivery)
{
	void *list = NULL;
	ssize_t n = lc_map_keys(bpf_map__fd(delivery->probe->kernel.maps.outcomes), sizeof(struct lc_outcome), &list);

	if (n < 0)
		return (int)n;
	delivery->outcomes = list;
	delivery->n_outcomes = (size_t)n;
	if (n)
		qsort(list, (size_t)n, sizeof(struct lc_outcome), by_key);
	return 0;
}

/* Adds what VALUE, of one task, has pending to PENDING. 0 or -ENOMEM. */
static int add_pending(struct lc_table *pending, const struct pending_value *value)
{
	for (size_t i = 0; i < LC_PENDING && value->counts[i]; i++) {
		struct pending_checks *checks = lc_table_get_or_add(pending, &value->keys[i], sizeof(*checks));

		if (!checks)
			return -ENOMEM;
		checks->count += value->counts[i];
	}
	return 0;
}

/* Lists the checks of calls that have not returned. It has to be done after counters were read, and before outcomes are. 0 or -errno. */
static int list_pending(struct delivery *delivery)
{
	const struct bpf_map *map = delivery->probe->kernel.maps.pending;
	size_t size = bpf_map__value_size(map);
	_cleanup_free_ void *list = NULL, *value = malloc(size);
	ssize_t n = lc_map_keys(bpf_map__fd(map), sizeof(uint32_t), &list);
	const uint32_t *tasks = list;
	int r = 0;

	if (n < 0 || !value || size < sizeof(struct pending_value))
		return n < 0 ? (int)n : value ? -EINVAL : -ENOMEM;
	delivery->pending = n ? lc_table_new(sizeof(struct lc_key)) : NULL;
	if (n && !delivery->pending)
		return -ENOMEM;
	for (ssize_t i = 0; !r && i < n; i++) {
		if (!bpf_map_lookup_elem(bpf_map__fd(map), &tasks[i], value))
			r = add_pending(delivery->pending, value);
	}
	return r;
}

/* Reads all counters: those of a recording that is over are taken out of the kernel. 0 or -errno. */
static int read_counters(struct delivery *delivery)
{
	struct lc_probe *probe = delivery->probe;

	if (probe->stopped)
		return lc_counters_take(probe, true);
	return lc_gone_collect(probe, true) ?: lc_counters_look(probe) ?: list_pending(delivery);
}

int lc_probe_each(struct lc_probe *probe, int (*visit)(void *context, struct lc_counted *counted), void *context)
{
	struct delivery delivery = {.probe = probe, .visit = visit, .context = context};
	struct lc_record *record;
	size_t cursor = 0;
	int r = read_counters(&delivery);

	if (!r)
		r = lc_counters_take_missed(probe);
	if (!r)
		r = resolve_sites(probe);
	if (r == -EACCES || r == -ENOENT)
		r = 0;
	if (!r)
		name_sites(probe);
	if (!r)
		r = list_outcomes(&delivery);
	while (!r && (record = lc_table_next(probe->records, &cursor))) {
		bool is_new = lc_record_total(record) > record->told || record->missed > record->missed_told;

		if (is_new && (probe->stopped || !lc_record_waits(record)) &&
			!lc_awaits_event(probe, record->comm, &record->late))
			r = deliver_outcomes(&delivery, record);
	}
	if (!r)
		r = lc_requests_each(probe, visit, context);
	lc_table_free(delivery.pending, free);
	free(delivery.outcomes);
	return r;
}
