/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads the BPF object with the first hook that this kernel allows, attaches it, and delivers the events. */
#include "src/probe/about.h"
#include "src/probe/calls.h"
#include "src/probe/globals.h"
#include "src/probe/hooks.h"
#include "src/probe/overlays.h"
#include "src/probe/probe_private.h"
#include "src/probe/programs.h"
#include "src/probe/rooms.h"
#include "src/probe/stacks.h"
#include "src/probe/symbols.h"
#include "src/probe/traces.h"
#include "src/probe/types_file.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/host.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

/* Nanoseconds by which CLOCK_REALTIME may drift from CLOCK_MONOTONIC before we go along. */
#define CLOCKS_AGREE 1000000

/* bpf/embedded.S */
extern const char lc_bpf_tracing[];
extern const char lc_bpf_tracing_end[];
extern const char lc_bpf_kprobe[];
extern const char lc_bpf_kprobe_end[];

/* The inode number of the host's namespace NAME, process 1's; where that may not be read, our own; 0 when that can't be either. */
static uint32_t host_namespace(const char *name)
{
	uint32_t inode = 0;

	if (lc_process_namespace(1, name, &inode))
		lc_process_namespace(0, name, &inode);
	return inode;
}

/* The number in the one-line file PATH; 0 when it can't be read. */
static uint32_t number_in(const char *path)
{
	_cleanup_file_ FILE *file = fopen(path, "re");
	uint32_t number;

	return file && fscanf(file, "%" SCNu32, &number) == 1 ? number : 0;
}

/* Writes the configuration into the opened, not yet loaded object. 0 or -errno. */
static int configure(struct lc_probe *probe, const struct lc_probe_options *options,
	const struct lc_hierarchy *hierarchy, int subsystem)
{
	struct bpf_object *object = probe->object;

	*(int32_t *)lc_global_initial(object, "config_subsystem") = subsystem;
	*(int32_t *)lc_global_initial(object, "config_hierarchy") = hierarchy->id;
	probe->host_mntns = host_namespace("mnt");
	*(uint32_t *)lc_global_initial(object, "config_host_mntns") = probe->host_mntns;
	*(uint32_t *)lc_global_initial(object, "config_host_pidns") = host_namespace("pid");
	*(bool *)lc_global_initial(object, "config_new_cgroups") = options->new_cgroups;
	*(bool *)lc_global_initial(object, "config_follow") = options->follow;
	lc_calls_fill(lc_global_initial(object, "config_calls"));
	((uint32_t *)lc_global_initial(object, "config_largest_buffer"))[0] = number_in("/proc/sys/net/core/wmem_max");
	((uint32_t *)lc_global_initial(object, "config_largest_buffer"))[1] = number_in("/proc/sys/net/core/rmem_max");
	*(uint64_t *)lc_global_initial(object, "config_lowest_mapping") = number_in("/proc/sys/vm/mmap_min_addr");
	if (options->keys && lc_map_set_size(object, "checks", options->keys))
		return -EINVAL;
	lc_rooms_measure(object);
	return lc_stacks_configure(object, options->stacks) ?: lc_traces_configure(object, options->trace);
}

/* Opens the object that HOOK's program is in. NULL with errno. */
static struct bpf_object *open_object(const struct lc_hook *hook, const struct lc_kernel_facts *facts)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = facts->types_fd < 0 ? NULL : facts->types);

	if (hook->btf_name)
		return bpf_object__open_mem(lc_bpf_tracing, (size_t)(lc_bpf_tracing_end - lc_bpf_tracing), NULL);
	return bpf_object__open_mem(lc_bpf_kprobe, (size_t)(lc_bpf_kprobe_end - lc_bpf_kprobe), &opts);
}

/* Tells OBJECT, not yet loaded, what we know of ourselves: types that came from a file have to say the same. */
static void introduce(struct bpf_object *object)
{
	uint32_t *ids = lc_global_initial(object, "config_own_ids");

	if (getresuid(&ids[0], &ids[1], &ids[2]) || getresgid(&ids[3], &ids[4], &ids[5]))
		return;
	/* Where they can't be read they stay 0. */
	lc_process_namespace(0, "mnt", lc_global_initial(object, "config_own_mntns"));
	lc_process_namespace(0, "user", lc_global_initial(object, "config_own_userns"));
}

/* Whether the types in a file, with which OBJECT was loaded, are those of this kernel: 0, -ESTALE or -errno. */
static int try_types(const struct bpf_object *object)
{
	LIBBPF_OPTS(bpf_test_run_opts, run);
	int r = bpf_prog_test_run_opts(bpf_program__fd(bpf_object__find_program_by_name(object, "try_types")), &run);

	if (r)
		return r;
	return run.retval ? 0 : -ESTALE;
}

/* Whether the types in the file of FACTS are those that the kernel has of its own, where it has any: 0 or -ESTALE. */
static int compare_types(const struct bpf_object *object, const struct lc_kernel_facts *facts)
{
	struct btf *kernel = btf__parse("/sys/kernel/btf/vmlinux", NULL);
	struct btf *given = kernel ? btf__parse(facts->types, NULL) : NULL;
	int r = kernel && !(given && lc_types_agree(bpf_object__btf(object), given, kernel)) ? -ESTALE : 0;

	btf__free(given);
	btf__free(kernel);
	return r;
}

/* Opens, configures and loads the object with HOOK's program on cap_capable. 0 or -errno. */
static int load(struct lc_probe *probe, const struct lc_hook *hook, const struct lc_probe_options *options,
	const struct lc_hierarchy *hierarchy, const struct lc_kernel_facts *facts)
{
	int r;

	probe->object = open_object(hook, facts);
	if (!probe->object)
		return -errno;
	r = facts->types_fd < 0 ? 0 : compare_types(probe->object, facts);
	if (!r)
		r = lc_programs_choose(probe, hook, options, facts)
			    ?: configure(probe, options, hierarchy, facts->subsystem);
	if (!r && options->btf)
		introduce(probe->object);
	if (!r)
		r = bpf_object__load(probe->object);
	if (!r && options->btf)
		r = try_types(probe->object);
	if (!r) {
		probe->hook = hook->name;
		return 0;
	}
	bpf_object__close(probe->object);
	probe->object = NULL;
	probe->check = NULL;
	return r;
}

/* Tries the hooks in turn (or only those called options->hook) until one loads. 0 or -errno with *MESSAGE. */
static int choose_hook(struct lc_probe *probe, const struct lc_probe_options *options,
	const struct lc_hierarchy *hierarchy, char **message)
{
	struct lc_kernel_facts facts;
	int r = lc_kernel_facts_find(&facts, options, hierarchy, message);
	_cleanup_fd_ int types __attribute__((unused)) = facts.types_fd;
	int worst = -ENOENT;

	if (r)
		return r;
	for (size_t i = 0; i < LC_HOOKS; i++) {
		size_t n = (facts.best + i) % LC_HOOKS;

		r = facts.hooks[n];
		if (!r)
			r = load(probe, &lc_hooks[n], options, hierarchy, &facts);
		if (!r)
			return 0;
		lc_log(probe->log, LC_LOG_DEBUG, "hook %s (%s): %s", lc_hooks[n].name, lc_hooks[n].program,
			strerror(-r));
		if (r != -ENOENT)
			worst = r;
	}
	return lc_hooks_explain(worst, options, message);
}

/* Before 5.11 maps and programs counted against RLIMIT_MEMLOCK. */
static void raise_memlock(void)
{
	struct rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
}

static int silent(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

int64_t lc_since_1970(struct lc_probe *probe, uint64_t monotonic)
{
	int64_t offset = lc_clock_ns(CLOCK_REALTIME) - lc_clock_ns(CLOCK_MONOTONIC);

	/* What lies between the two readings must not make one moment two. */
	if (llabs(offset - probe->clock_offset) > CLOCKS_AGREE)
		probe->clock_offset = offset;
	return (int64_t)monotonic + probe->clock_offset;
}

static void on_left(const struct lc_probe_events *events, const struct lc_event_left *event)
{
	const struct lc_left left = {
		.target = event->target,
		.count = event->count,
		.pid = (pid_t)event->tgid,
		.comm = event->comm,
		.path = event->path,
	};

	/* bpf_probe_read_kernel_str ends what it reads with a NUL; where it can't read it leaves nothing. */
	if (events && events->left && event->path_length && event->path_length < sizeof(event->path))
		events->left(events->context, &left);
}

static void on_stayed(const struct lc_probe_events *events, const struct lc_event_stayed *event)
{
	struct lc_stayed stayed = {
		.target = event->target,
		.expired = event->expired,
		.pid = (pid_t)event->tgid,
		.comm = event->comm,
	};

	for (int cap = 0; cap < LC_CAPS; cap++)
		stayed.asked |= event->asked[cap] ? UINT64_C(1) << cap : 0;
	if (events && events->stayed)
		events->stayed(events->context, &stayed);
}

/* The ring buffer is mapped read-only. */
static int on_event(void *context, void *bytes, size_t size)
{
	struct lc_probe *probe = context;
	const struct lc_probe_events *events = probe->events;
	uint32_t type = size >= sizeof(type) ? *(const uint32_t *)bytes : UINT32_MAX;

	/* What is told of a cgroup may only be understood once the cgroup is known, whose buffer was looked at before. */
	if (type == LC_EVENT_SAMPLE || type == LC_EVENT_REQUEST)
		ring_buffer__consume(probe->lives);
	if (type == LC_EVENT_SAMPLE && size >= sizeof(struct lc_event_sample)) {
		const struct lc_event_sample *sample = bytes;

		probe->anchor_jiffies = sample->jiffies;
		probe->anchor_ns = lc_since_1970(probe, sample->time);
		lc_probe_take_sample(probe, sample);
	} else if (type == LC_EVENT_REQUEST && size >= sizeof(struct lc_event_request)) {
		const struct lc_event_request *event = bytes;

		probe->anchor_jiffies = event->jiffies;
		probe->anchor_ns = lc_since_1970(probe, event->time);
		lc_probe_take_request(probe, event);
	} else if (type == LC_EVENT_CGROUP && size >= sizeof(struct lc_event_cgroup)) {
		const struct lc_event_cgroup *event = bytes;

		/* bpf_probe_read_kernel_str ends what it reads with a NUL. */
		if (events && events->cgroup_made && event->path_length < sizeof(event->path))
			events->cgroup_made(events->context,
				&(struct lc_made_cgroup){event->cgroup, event->outer, event->share, event->path});
	} else if (type == LC_EVENT_CGROUP_GONE && size >= sizeof(struct lc_event_cgroup_gone)) {
		if (events && events->cgroup_gone)
			events->cgroup_gone(events->context, ((const struct lc_event_cgroup_gone *)bytes)->cgroup);
	} else if (type == LC_EVENT_STARTED && size >= sizeof(struct lc_event_started)) {
		const struct lc_event_started *event = bytes;
		struct lc_started started = {
			.cgroup = event->cgroup,
			.bounding = event->bounding,
			.userns = event->userns,
			.userns_depth = (int)event->userns_level,
			.uid = event->uid,
			.gid = event->gid,
			.seccomp = event->seccomp == SECCOMP_MODE_FILTER,
			.in_host = event->in_host,
		};

		if (events && events->started)
			events->started(events->context, &started);
	} else if (type == LC_EVENT_LEFT && size >= sizeof(struct lc_event_left)) {
		on_left(events, bytes);
	} else if (type == LC_EVENT_STAYED && size >= sizeof(struct lc_event_stayed)) {
		on_stayed(events, bytes);
	} else if (type == LC_EVENT_CHECK) {
		lc_traces_take_check(probe, bytes, size);
	} else if (type == LC_EVENT_RETURN && size >= sizeof(struct lc_event_return)) {
		lc_traces_take_return(probe, bytes);
	} else if (type >= LC_EVENT_STACK && type <= LC_EVENT_EXIT && probe->mapped) {
		lc_stacks_take(probe, type, bytes, size);
	}
	return 0;
}

/* Reads the kernel's symbols, in a thread of its own: it takes as long as loading, which does not need them. */
static void *read_symbols(void *context)
{
	struct lc_probe *probe = context;

	probe->exact_sites = !lc_kallsyms_wrappers(&probe->wrappers);
	return NULL;
}

/* Hands the kernel's symbols to the loaded object. */
static void give_symbols(struct lc_probe *probe)
{
	memcpy(lc_global(probe, "kernel_text"), &probe->wrappers.kernel, sizeof(struct lc_text_range));
	memcpy(lc_global(probe, "cap_capable_text"), &probe->wrappers.cap_capable, sizeof(struct lc_text_range));
	memcpy(lc_global(probe, "wrappers"), probe->wrappers.ranges, sizeof(probe->wrappers.ranges));
	*(uint32_t *)lc_global(probe, "wrapper_count") = (uint32_t)probe->wrappers.n;
	/* Behind the first byte: addresses are taken for those that a call returns to. */
	for (size_t i = 0; i < LC_INLININGS; i++) {
		uint64_t start = probe->wrappers.callers[i].start;

		((uint64_t *)lc_global(probe, "inlining_callers"))[i] = start ? start + 1 : 0;
	}
}

/* Tells how often the kernel side found no room for something that is not a count. */
static void log_dropped(const struct lc_probe *probe)
{
	static const char *const names[] = {"samples_dropped", "stacks_dropped", "mappings_dropped", "returns_missed"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const uint64_t *dropped = lc_global(probe, names[i]);

		if (dropped && *dropped)
			lc_log(probe->log, LC_LOG_DEBUG, "%s: %llu", names[i], (unsigned long long)*dropped);
	}
}

static int find_maps(struct lc_probe *probe, const struct lc_probe_options *options)
{
	struct bpf_object *object = probe->object;
	int shapes = bpf_object__find_map_fd_by_name(object, "shapes");
	struct epoll_event event = {.events = EPOLLIN};

	probe->checks = bpf_object__find_map_fd_by_name(object, "checks");
	probe->missed_keys = bpf_object__find_map_fd_by_name(object, "missed_keys");
	probe->outcomes = bpf_object__find_map_fd_by_name(object, "outcomes");
	probe->cgroups = bpf_object__find_map_fd_by_name(object, "cgroups");
	probe->followed = bpf_object__find_map_fd_by_name(object, "followed");
	probe->requests = bpf_object__find_map_fd_by_name(object, "requests");
	probe->names = bpf_object__find_map_fd_by_name(object, "names");
	probe->given_back = bpf_object__find_map_fd_by_name(object, "given_back");
	probe->lives = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "lives"), on_event, probe, NULL);
	probe->ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "events"), on_event, probe, NULL);
	if (!probe->lives || !probe->ring ||
		epoll_ctl(
			ring_buffer__epoll_fd(probe->ring), EPOLL_CTL_ADD, ring_buffer__epoll_fd(probe->lives), &event))
		return -errno;
	if (probe->mapped &&
		ring_buffer__add(probe->ring, bpf_object__find_map_fd_by_name(object, "stacks"), on_event, probe))
		return -errno;
	if (options->trace)
		probe->trace_ring =
			ring_buffer__new(bpf_object__find_map_fd_by_name(object, "traces"), on_event, probe, NULL);
	if (options->trace && !probe->trace_ring)
		return -errno;
	return lc_globals_map(probe) ?: lc_rooms_share(probe) ?: lc_about_install(shapes);
}

static bool has_tables(const struct lc_probe *probe, const struct lc_probe_options *options)
{
	return probe->records && probe->gone && probe->losing && probe->shares && probe->named &&
	       probe->kernel_stacks && (probe->mapped || !options->stacks);
}

int lc_probe_open(struct lc_probe **result, const struct lc_probe_options *options,
	const struct lc_hierarchy *hierarchy, const struct lc_probe_events *events, const struct lc_log *log,
	char **message)
{
	struct lc_probe *probe = calloc(1, sizeof(*probe));
	struct timespec tick = {0};
	pthread_t reader;
	bool alone;
	int r;

	*message = NULL;
	if (!probe)
		return -ENOMEM;
	probe->events = events;
	probe->log = log;
	probe->cpus = libbpf_num_possible_cpus();
	probe->records = lc_table_new(sizeof(struct lc_key));
	probe->gone = lc_table_new(sizeof(uint64_t));
	probe->losing = lc_table_new(sizeof(uint64_t));
	probe->shares = lc_table_new(sizeof(uint64_t));
	probe->named = lc_table_new(sizeof(struct lc_request_key));
	probe->kernel_stacks = lc_table_new(sizeof(((struct lc_kernel_stack *)NULL)->addresses));
	probe->mapped = options->stacks ? lc_table_new(sizeof(uint32_t)) : NULL;
	/* A jiffy is as long as the coarse clocks' resolution (kernel/time/posix-timers.c, KTIME_LOW_RES). */
	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	probe->tick_ns = tick.tv_nsec;
	libbpf_set_print(silent);
	raise_memlock();
	r = has_tables(probe, options) && probe->cpus > 0 ? 0 : -ENOMEM;
	alone = pthread_create(&reader, NULL, read_symbols, probe);
	if (!r)
		r = choose_hook(probe, options, hierarchy, message);
	if (alone)
		read_symbols(probe);
	else
		pthread_join(reader, NULL);
	/* Who lacks CAP_SYSLOG has been warned; 2 hides them from everybody. */
	if (!probe->exact_sites && number_in("/proc/sys/kernel/kptr_restrict") > 1)
		lc_log(log, LC_LOG_WARN,
			"kernel symbols are hidden (/proc/sys/kernel/kptr_restrict): call sites can't be told, so the list may be too long");
	if (!r)
		r = find_maps(probe, options);
	if (!r)
		give_symbols(probe);
	if (!r && options->trace)
		r = lc_traces_begin(probe, options->trace);
	if (r) {
		lc_probe_free(probe);
		return r;
	}
	*result = probe;
	return 0;
}

int lc_probe_attach(struct lc_probe *probe, char **message)
{
	int r;

	*message = NULL;
	r = lc_programs_attach(probe, message);
	if (r)
		return r;
	/* From here on containers tell themselves where their roots are. */
	r = lc_overlays_tell(bpf_object__find_map_fd_by_name(probe->object, "host_overlays"));
	if (r)
		lc_log(probe->log, LC_LOG_DEBUG, "the overlays of this host can't all be told: %s", strerror(-r));
	return 0;
}

const char *lc_probe_hook(const struct lc_probe *probe)
{
	return probe->hook;
}

int lc_probe_fd(const struct lc_probe *probe)
{
	return ring_buffer__epoll_fd(probe->ring);
}

/* Tells of the cgroups that are gone and were only marked, because there was no room for an event. */
static void find_gone(struct lc_probe *probe)
{
	const uint64_t marked = *(const volatile uint64_t *)probe->gone_untold;
	_cleanup_free_ void *list = NULL;
	const uint64_t *ids;
	ssize_t n;

	if (marked == probe->gone_told || !probe->events || !probe->events->cgroup_gone)
		return;
	probe->gone_told = marked;
	n = lc_map_keys(probe->cgroups, sizeof(uint64_t), &list);
	ids = list;
	for (ssize_t i = 0; i < n; i++) {
		struct lc_cgroup entry;

		if (!bpf_map_lookup_elem(probe->cgroups, &ids[i], &entry) && entry.flags & LC_CGROUP_GONE)
			probe->events->cgroup_gone(probe->events->context, ids[i]);
	}
}

int lc_events_consume(struct lc_probe *probe)
{
	/* In this order: what happens in a cgroup comes after the cgroup. */
	int n = ring_buffer__consume(probe->lives);

	return n < 0 ? n : ring_buffer__consume(probe->ring);
}

int lc_probe_consume(struct lc_probe *probe)
{
	int n = lc_events_consume(probe);

	find_gone(probe);
	if (n >= 0)
		n = lc_gone_collect(probe);
	if (n >= 0 && probe->trace_ring) {
		lc_traces_release(probe, false);
		n = ring_buffer__consume(probe->trace_ring);
	}
	return n < 0 ? n : 0;
}

int lc_probe_stop(struct lc_probe *probe)
{
	if (probe->stopped)
		return 0;
	probe->stopped = true;
	probe->lost += lc_programs_lost(probe);
	lc_programs_detach(probe);
	log_dropped(probe);
	return lc_probe_consume(probe);
}

void lc_record_free(void *value)
{
	struct lc_record *record = value;

	free(record->comm);
	free(record->exe);
	free(record->about);
	free(record->user);
	free(record->caller);
	lc_object_clear(&record->object);
	lc_shared_stack_drop(record->user_stack);
	if (record->traced)
		lc_check_clear(record->traced);
	free(record->traced);
	free(record);
}

static void free_kernel_stack(void *value)
{
	lc_shared_stack_drop(((struct lc_kernel_stack *)value)->named);
	free(value);
}

void lc_probe_free(struct lc_probe *probe)
{
	if (!probe)
		return;
	lc_programs_detach(probe);
	lc_traces_drop(probe);
	ring_buffer__free(probe->ring);
	ring_buffer__free(probe->lives);
	ring_buffer__free(probe->trace_ring);
	lc_globals_unmap(probe);
	bpf_object__close(probe->object);
	lc_table_free(probe->records, lc_record_free);
	lc_table_free(probe->kernel_stacks, free_kernel_stack);
	lc_table_free(probe->mapped, lc_mapped_process_free);
	lc_symbols_free(probe->symbols);
	lc_table_free(probe->gone, free);
	lc_table_free(probe->losing, free);
	lc_table_free(probe->shares, free);
	lc_table_free(probe->named, lc_request_free);
	free(probe);
}
