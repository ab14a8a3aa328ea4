/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps what the samples tell of each key: its call site, its stacks, who asks, about what. */
#include "bpf/site.h"
#include "src/probe/about.h"
#include "src/probe/calls.h"
#include "src/probe/probe_private.h"

#include <leastcap/cleanup.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>

/* How many distinct stacks are kept of each share. A check beyond that may lack its own. */
#define STACKS_OF_SHARE 4096

struct lc_record *lc_record_of(struct lc_probe *probe, const struct lc_key *key)
{
	return lc_table_get_or_add(probe->records, key, sizeof(struct lc_record));
}

void lc_record_leave_stack(struct lc_probe *probe, struct lc_record *record)
{
	struct lc_kernel_stack *stack = record->kernel_stack;
	struct lc_share *share;

	record->kernel_stack = NULL;
	if (!stack || --stack->users)
		return;
	share = lc_table_get(probe->shares, &stack->share);
	if (share && share->stacks)
		share->stacks--;
	lc_table_remove(probe->kernel_stacks, stack->addresses);
	lc_kernel_stack_free(stack);
}

void lc_record_forget(struct lc_probe *probe, const struct lc_key *key)
{
	struct lc_record *record = lc_table_get(probe->records, key);

	/* Somebody who was asked about the record, or told of it, has its address. */
	if (!record || lc_record_total(record) || lc_record_waits(record) || record->traced)
		return;
	lc_record_leave_stack(probe, record);
	lc_table_remove(probe->records, key);
	lc_record_free(record);
}

/*
 * The call site in SAMPLE's stack walk: the first frame above cap_capable that does more than pass the question on; 0 when it can't
 * be told. *NOAUDIT: a function on the way there asked without audit.
 */
static uint64_t site_of(const struct lc_probe *probe, const struct lc_event_sample *sample, bool *noaudit)
{
	const struct lc_wrappers *wrappers = &probe->wrappers;
	size_t n = sample->stack_bytes > 0 ? (size_t)sample->stack_bytes / sizeof(uint64_t) : 0;

	*noaudit = false;
	if (!probe->exact_sites || n > LC_STACK_FRAMES)
		return 0;
	for (size_t i = lc_first_frame(sample->stack, &wrappers->cap_capable, &wrappers->kernel); i < n; i++) {
		bool passes_on = false;

		for (size_t j = 0; j < wrappers->n; j++) {
			if (!lc_in_range(&wrappers->ranges[j], sample->stack[i]))
				continue;
			passes_on = true;
			*noaudit = *noaudit || wrappers->noaudit[j];
		}
		if (passes_on)
			continue;
		*noaudit = *noaudit || lc_in_range(&wrappers->overcommit[0], sample->stack[i]) ||
			   lc_in_range(&wrappers->overcommit[1], sample->stack[i]);
		return sample->stack[i];
	}
	return 0;
}

struct lc_share *lc_share_of_cgroup(struct lc_probe *probe, uint64_t cgroup)
{
	const struct lc_gone_cgroup *gone = lc_table_get(probe->gone, &cgroup);
	struct lc_cgroup entry;

	if (gone)
		return lc_share_at(probe, gone->share);
	return lc_share_at(
		probe, bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.cgroups), &cgroup, &entry) ? 0 : entry.share);
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
	first = lc_first_frame(sample->stack, &probe->wrappers.cap_capable, &probe->wrappers.kernel);
	if (first >= n)
		return NULL;
	memcpy(found.addresses, sample->stack + first, (n - first) * sizeof(uint64_t));
	stack = lc_table_get(probe->kernel_stacks, found.addresses);
	if (stack)
		return stack;
	share = lc_share_of_cgroup(probe, sample->key.cgroup);
	if (!share || share->stacks >= STACKS_OF_SHARE)
		return NULL;
	stack = malloc(sizeof(*stack));
	if (!stack)
		return NULL;
	found.share = share->id;
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

/* Has the file looked at that SAMPLE is about, while it is still, or nearly, as the kernel met it. */
static void look_at_object(struct lc_probe *probe, const struct lc_event_sample *sample, struct lc_record *record)
{
	const uint8_t elsewhere = LC_FACT_SETUP | LC_FACT_OVERRIDDEN | LC_FACT_OWNER;
	const struct lc_probe_events *events = probe->events;
	_cleanup_free_ char *name = NULL;
	struct lc_touched touched = {
		.key = &record->inspected,
		.cgroup = sample->key.cgroup,
		.tgid = sample->actor.tgid,
		.uid = sample->actor.uid,
		.gid = sample->actor.gid,
		.root = {sample->actor.device, sample->actor.root},
		.cap = sample->key.cap,
		.path = record->about,
	};

	if (!events || !events->touched || record->inspected.looked_at || !record->about)
		return;
	if (sample->key.facts & elsewhere || !(1ULL << (sample->key.cap & 63) & FILE_CAPS) ||
		!lc_about_is_path(&sample->subject))
		return;
	name = lc_syscall_name(sample->key.syscall);
	touched.syscall = name;
	memcpy(touched.arguments, sample->subject.arguments, sizeof(touched.arguments));
	record->inspected.looked_at = record->inspected.is_looked_for = true;
	events->touched(events->context, &touched);
}

/* KEY is a struct lc_inspected, which lives as long as it is looked for. */
void lc_probe_tell_object(struct lc_probe *probe, const void *key, int result, struct lc_object *object)
{
	struct lc_inspected *inspected = (struct lc_inspected *)key;

	(void)probe;
	inspected->is_looked_for = false;
	lc_object_clear(&inspected->object);
	inspected->object = *object;
	inspected->object.late = result == -ETIMEDOUT;
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
		record->comm = strndup(sample->actor.comm, sizeof(sample->actor.comm));
	if (!record->exe)
		record->exe = lc_about_path(sample->exe, sample->exe_bytes);
	if (!record->about)
		record->about = lc_about_describe(&sample->subject);
	if (!record->user && asprintf(&record->user, "%u:%u", sample->actor.uid, sample->actor.gid) < 0)
		record->user = NULL;
	if (!record->kernel_stack) {
		record->kernel_stack = keep_kernel_stack(probe, sample);
		if (record->kernel_stack)
			record->kernel_stack->users++;
	}
	look_at_object(probe, sample, record);
}

void lc_record_free(void *value)
{
	struct lc_record *record = value;

	free(record->comm);
	free(record->exe);
	free(record->about);
	free(record->user);
	free(record->caller);
	lc_object_clear(&record->inspected.object);
	lc_shared_stack_drop(record->user_stack);
	if (record->traced)
		lc_check_clear(record->traced);
	free(record->traced);
	free(record);
}
