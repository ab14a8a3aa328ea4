/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Takes counters, and what was lost, out of the kernel's maps. */
#include "src/probe/rooms.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Adds up what each processor has counted, VALUES. */
static void add_up(const struct lc_probe *probe, const struct lc_counter *values, struct lc_counter *sum)
{
	*sum = (struct lc_counter){0};
	for (int i = 0; i < probe->cpus; i++) {
		if (!values[i].count)
			continue;
		sum->count += values[i].count;
		if (!sum->first || values[i].first < sum->first)
			sum->first = values[i].first;
		if (values[i].last > sum->last)
			sum->last = values[i].last;
	}
}

/* The counter of KEY over all processors. 0 or -errno. VALUES has room for each processor's. */
static int read_counter(
	const struct lc_probe *probe, const struct lc_key *key, struct lc_counter *values, struct lc_counter *sum)
{
	*sum = (struct lc_counter){0};
	if (bpf_map_lookup_elem(bpf_map__fd(probe->kernel.maps.checks), key, values))
		return -errno;
	add_up(probe, values, sum);
	return 0;
}

/* Moves what KEY has counted, SUM, to its record. GONE: its cgroup is gone. 0 or -ENOMEM. */
static int add_counter(struct lc_probe *probe, const struct lc_key *key, const struct lc_counter *sum, bool gone)
{
	struct lc_record *record = lc_record_of(probe, key);

	if (!record)
		return -ENOMEM;
	record->count += sum->count;
	record->live = 0;
	record->kept |= gone;
	if (sum->first && (!record->first || sum->first < record->first))
		record->first = sum->first;
	if (sum->last > record->last)
		record->last = sum->last;
	return 0;
}

/* Puts what KEY has counted so far, SUM, to its record. 0 or -ENOMEM. */
static int note_counter(struct lc_probe *probe, const struct lc_key *key, const struct lc_counter *sum)
{
	struct lc_record *record = lc_record_of(probe, key);

	if (!record)
		return -ENOMEM;
	record->live = sum->count;
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
	if (!list)
		return -ENOMEM;
	if (errno != ENOENT) {
		int r = -errno;

		free(list);
		return r;
	}
	*keys = list;
	return (ssize_t)n;
}

int lc_counters_take(struct lc_probe *probe, bool every)
{
	_cleanup_free_ struct lc_counter *values = calloc((size_t)probe->cpus, sizeof(*values));
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(bpf_map__fd(probe->kernel.maps.checks), sizeof(struct lc_key), &list);
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
		/* Somebody else may have taken it. A counter that can't be read must not be lost silently. */
		if (r == -ENOENT)
			continue;
		if (!r && !bpf_map_delete_elem(bpf_map__fd(probe->kernel.maps.checks), &keys[i]) && gone)
			lc_rooms_give_back(probe, gone->share, LC_ROOM_CHECKS);
		if (!r)
			r = gone ? lc_gone_keep(probe, gone, &keys[i], sum.count) : 1;
		if (r > 0)
			r = add_counter(probe, &keys[i], &sum, gone);
		if (r)
			return r;
	}
	return 0;
}

/* How many counters are read by one call of the kernel's: that of each by itself takes ten times as long. */
#define BATCH 256

/*
 * Notes all counters, many at once. 0; -ENOMEM, or another negative errno where the kernel can't (before 5.6), or has more of them
 * in one place than it may hand out at once.
 */
static int look_at_batches(struct lc_probe *probe)
{
	int map = bpf_map__fd(probe->kernel.maps.checks);
	_cleanup_free_ struct lc_key *keys = calloc(BATCH, sizeof(*keys));
	_cleanup_free_ struct lc_counter *values = calloc((size_t)probe->cpus * BATCH, sizeof(*values));
	uint32_t place, n;
	int r = 0;

	if (!keys || !values)
		return -ENOMEM;
	for (bool first = true; !r; first = false) {
		n = BATCH;
		if (bpf_map_lookup_batch(map, first ? NULL : &place, &place, keys, values, &n, NULL))
			r = -errno;
		for (uint32_t i = 0; (!r || r == -ENOENT) && i < n; i++) {
			struct lc_counter sum;

			add_up(probe, values + (size_t)probe->cpus * i, &sum);
			if (note_counter(probe, &keys[i], &sum))
				return -ENOMEM;
		}
	}
	return r == -ENOENT ? 0 : r;
}

/* The same, one by one. 0 or -errno. */
static int look_at_each(struct lc_probe *probe)
{
	_cleanup_free_ struct lc_counter *values = calloc((size_t)probe->cpus, sizeof(*values));
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(bpf_map__fd(probe->kernel.maps.checks), sizeof(struct lc_key), &list);
	const struct lc_key *keys = list;
	int r = n < 0 ? (int)n : values ? 0 : -ENOMEM;

	for (ssize_t i = 0; !r && i < n; i++) {
		struct lc_counter sum;

		r = read_counter(probe, &keys[i], values, &sum);
		if (!r)
			r = note_counter(probe, &keys[i], &sum);
		/* Nobody but us takes keys out, so that it comes again with the next walk. */
		else if (r == -ENOENT)
			r = 0;
	}
	return r;
}

int lc_counters_look(struct lc_probe *probe)
{
	int r = look_at_batches(probe);

	return r && r != -ENOMEM ? look_at_each(probe) : r;
}

uint64_t lc_marked_caps(const __u8 marks[LC_CAPS])
{
	uint64_t set = 0;

	for (int cap = 0; cap < LC_CAPS; cap++)
		set |= marks[cap] ? UINT64_C(1) << cap : 0;
	return set;
}

void lc_take_missed_of(const struct lc_cgroup *entry, struct lc_missed *missed)
{
	*missed = (struct lc_missed){.granted = lc_marked_caps(entry->granted)};
	lc_rooms_add_lost(entry, &missed->losses);
}

uint64_t lc_probe_total(struct lc_probe *probe)
{
	_cleanup_free_ struct lc_counter *values = calloc((size_t)probe->cpus, sizeof(*values));
	_cleanup_free_ void *list = NULL;
	ssize_t n =
		probe->stopped ? 0 : lc_map_keys(bpf_map__fd(probe->kernel.maps.checks), sizeof(struct lc_key), &list);
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

void lc_probe_each_news(
	struct lc_probe *probe, void (*visit)(void *context, uint64_t cgroup, int64_t time_ns), void *context)
{
	_cleanup_free_ struct lc_counter *values = calloc((size_t)probe->cpus, sizeof(*values));
	_cleanup_free_ void *list = NULL;
	ssize_t n =
		probe->stopped ? 0 : lc_map_keys(bpf_map__fd(probe->kernel.maps.checks), sizeof(struct lc_key), &list);
	const struct lc_key *keys = list;

	for (ssize_t i = 0; values && i < n; i++) {
		struct lc_counter sum;

		if (!(keys[i].facts & LC_FACT_SETUP) && !read_counter(probe, &keys[i], values, &sum) && sum.first)
			visit(context, keys[i].cgroup, lc_probe_time(probe, sum.first));
	}
}

int lc_counters_take_missed(struct lc_probe *probe)
{
	_cleanup_free_ void *list = NULL;
	ssize_t n = lc_map_keys(bpf_map__fd(probe->kernel.maps.missed_keys), sizeof(struct lc_key), &list);
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
