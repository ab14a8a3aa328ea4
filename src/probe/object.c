/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Loads the BPF object with the first hook that this kernel allows, attaches it, and ends it. */
#include "src/probe/about.h"
#include "src/probe/calls.h"
#include "src/probe/hooks.h"
#include "src/probe/losses.h"
#include "src/probe/overlays.h"
#include "src/probe/probe_private.h"
#include "src/probe/programs.h"
#include "src/probe/refusals.h"
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
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* bpf/embedded.S */
extern const char lc_bpf_tracing[];
extern const char lc_bpf_tracing_end[];
extern const char lc_bpf_kprobe[];
extern const char lc_bpf_kprobe_end[];
extern const char lc_bpf_resumed[];
extern const char lc_bpf_resumed_end[];
extern const char lc_bpf_resumed_6_18[];
extern const char lc_bpf_resumed_6_18_end[];

/* The inode number of the host's namespace NAME, process 1's; where that may not be read, our own; 0 when that can't be either. */
static uint32_t host_namespace(const char *name)
{
	uint32_t inode = 0;

	if (lc_process_namespace(1, name, &inode))
		lc_process_namespace(0, name, &inode);
	return inode;
}

uint32_t lc_number_in(const char *path)
{
	_cleanup_file_ FILE *file = fopen(path, "re");
	uint32_t number;

	return file && fscanf(file, "%" SCNu32, &number) == 1 ? number : 0;
}

/* Writes the configuration into the opened, not yet loaded object. 0 or -errno. */
static int configure(struct lc_probe *probe, const struct lc_probe_options *options, int subsystem)
{
	const struct lc_settings *settings = &probe->kernel.settings;

	probe->host_mntns = host_namespace("mnt");
	*settings->config_subsystem = subsystem;
	*settings->config_hierarchy = options->hierarchy->id;
	*settings->config_host_mntns = probe->host_mntns;
	*settings->config_host_pidns = host_namespace("pid");
	*settings->config_new_cgroups = options->new_cgroups;
	*settings->config_follow = options->follow;
	lc_calls_fill(*settings->config_calls);
	lc_calls_guard(*settings->config_calls, *settings->config_selectors);
	(*settings->config_largest_buffer)[0] = lc_number_in("/proc/sys/net/core/wmem_max");
	(*settings->config_largest_buffer)[1] = lc_number_in("/proc/sys/net/core/rmem_max");
	*settings->config_lowest_mapping = lc_number_in("/proc/sys/vm/mmap_min_addr");
	if (options->keys && bpf_map__set_max_entries(probe->kernel.maps.checks, options->keys))
		return -EINVAL;
	lc_rooms_measure(&probe->kernel);
	return lc_stacks_configure(&probe->kernel, options->stacks)
		       ?: lc_traces_configure(&probe->kernel, options->trace);
}

/* The object that lies between BEGINNING and END. NULL with errno. */
static struct bpf_object *open_between(
	const char *beginning, const char *end, const struct bpf_object_open_opts *options)
{
	return bpf_object__open_mem(beginning, (size_t)(end - beginning), options);
}

/* Opens the object that HOOK's program is in; RESUMED: the one for task work. NULL with errno. */
static struct bpf_object *open_object(
	const struct lc_hook_program *hook, bool resumed, const struct lc_kernel_facts *facts)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .btf_custom_path = facts->types_fd < 0 ? NULL : facts->types);

	if (resumed && facts->resumed.resumption == LC_RESUMPTION_EXPLICIT)
		return open_between(lc_bpf_resumed_6_18, lc_bpf_resumed_6_18_end, NULL);
	if (resumed)
		return open_between(lc_bpf_resumed, lc_bpf_resumed_end, NULL);
	if (hook->btf_name)
		return open_between(lc_bpf_tracing, lc_bpf_tracing_end, NULL);
	return open_between(lc_bpf_kprobe, lc_bpf_kprobe_end, &opts);
}

/* Tells the kernel side, not yet loaded, our own ids and namespaces, which types from a file have to agree with. */
static void introduce(const struct lc_settings *settings)
{
	uint32_t *ids = *settings->config_own_ids;

	if (getresuid(&ids[0], &ids[1], &ids[2]) || getresgid(&ids[3], &ids[4], &ids[5]))
		return;
	/* Those that can't be read stay 0. */
	lc_process_namespace(0, "mnt", settings->config_own_mntns);
	lc_process_namespace(0, "user", settings->config_own_userns);
}

/* Whether the types in a file, with which OBJECT was loaded, fit this kernel: 0, -ESTALE if not, or -errno. */
static int try_types(const struct bpf_object *object)
{
	LIBBPF_OPTS(bpf_test_run_opts, run);
	int r = bpf_prog_test_run_opts(bpf_program__fd(bpf_object__find_program_by_name(object, "try_types")), &run);

	if (r)
		return r;
	return run.retval ? 0 : -ESTALE;
}

/* Whether the types in the file of FACTS agree with the kernel's own, if it has any: 0 or -ESTALE. */
static int compare_types(const struct bpf_object *object, const struct lc_kernel_facts *facts)
{
	struct btf *kernel = btf__parse("/sys/kernel/btf/vmlinux", NULL);
	struct btf *given = kernel ? btf__parse(facts->types, NULL) : NULL;
	int r = kernel && !(given && lc_types_agree(bpf_object__btf(object), given, kernel)) ? -ESTALE : 0;

	btf__free(given);
	btf__free(kernel);
	return r;
}

/* Opens, configures and loads the object with HOOK's program on cap_capable, as PROBE's RESUMED says. 0 or -errno. */
static int load(struct lc_probe *probe, const struct lc_hook_program *hook, const struct lc_probe_options *options,
	const struct lc_kernel_facts *facts)
{
	const char *wrong;
	int r;

	probe->kernel.object = open_object(hook, probe->resumed, facts);
	if (!probe->kernel.object)
		return -errno;
	r = lc_kernel_side_find(&probe->kernel, probe->kernel.object, &wrong);
	if (r)
		lc_log(probe->log, LC_LOG_ERROR, "the BPF object has no %s of the size that is expected", wrong);
	if (!r && facts->types_fd >= 0)
		r = compare_types(probe->kernel.object, facts);
	if (!r)
		r = lc_programs_choose(probe, hook, options, facts) ?: configure(probe, options, facts->subsystem);
	if (!r && options->btf)
		introduce(&probe->kernel.settings);
	if (!r)
		r = bpf_object__load(probe->kernel.object);
	if (!r && options->btf)
		r = try_types(probe->kernel.object);
	if (!r && probe->resumed)
		r = lc_programs_attach_resumed(probe, &facts->resumed);
	if (!r) {
		probe->hook = hook->hook;
		probe->preempted = facts->preempted;
		return 0;
	}
	lc_programs_detach(probe);
	bpf_object__close(probe->kernel.object);
	probe->kernel.object = NULL;
	probe->check = NULL;
	return r;
}

/* The same by task work where that is possible, or else without. */
static int load_best(struct lc_probe *probe, const struct lc_hook_program *hook, const struct lc_probe_options *options,
	const struct lc_kernel_facts *facts)
{
	int r;

	probe->resumed = lc_hook_can_resume(hook, facts);
	if (probe->resumed) {
		r = load(probe, hook, options, facts);
		if (!r)
			return 0;
		lc_log(probe->log, LC_LOG_DEBUG, "hook %s (%s) with task work: %s", lc_hook_name(hook->hook),
			hook->program, strerror(-r));
	}
	probe->resumed = false;
	return load(probe, hook, options, facts);
}

/* Tries the hooks in turn (or only those called options->hook) until one loads. 0 or -errno with *MESSAGE. */
static int try_each(struct lc_probe *probe, const struct lc_probe_options *options, const struct lc_kernel_facts *facts,
	char **message)
{
	int worst = -ENOENT;

	for (size_t i = 0; i < LC_HOOKS; i++) {
		size_t n = (facts->best + i) % LC_HOOKS;
		int r = facts->hooks[n];

		if (!r)
			r = load_best(probe, &lc_hooks[n], options, facts);
		if (!r)
			return 0;
		lc_log(probe->log, LC_LOG_DEBUG, "hook %s (%s): %s", lc_hook_name(lc_hooks[n].hook),
			lc_hooks[n].program, strerror(-r));
		if (r != -ENOENT)
			worst = r;
	}
	return lc_hooks_explain(worst, options, message);
}

/* Finds out which hooks may be used, and loads the first that can be. 0 or -errno with *MESSAGE. */
static int choose_hook(struct lc_probe *probe, const struct lc_probe_options *options, char **message)
{
	struct lc_kernel_facts facts = {.types_fd = -1};
	int r = lc_kernel_facts_find(&facts, options, message);

	if (r)
		return r;
	r = try_each(probe, options, &facts, message);
	lc_kernel_facts_clear(&facts);
	return r;
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

/* Reads the kernel's symbols, in a thread of its own, because it takes as long as loading, which does not need them. */
static void *read_symbols(void *context)
{
	struct lc_probe *probe = context;

	probe->exact_sites = !lc_kallsyms_wrappers(&probe->wrappers);
	return NULL;
}

/* Hands the kernel's symbols to the loaded object. */
static void give_symbols(struct lc_probe *probe)
{
	const struct lc_variables *live = &probe->kernel.live;

	*live->kernel_text = probe->wrappers.kernel;
	*live->cap_capable_text = probe->wrappers.cap_capable;
	memcpy(*live->wrappers, probe->wrappers.ranges, sizeof(*live->wrappers));
	*live->wrapper_count = (uint32_t)probe->wrappers.n;
	/* Behind the first byte, because addresses are taken for return addresses. */
	for (size_t i = 0; i < LC_INLININGS; i++) {
		uint64_t start = probe->wrappers.callers[i].start;

		(*live->inlining_callers)[i] = start ? start + 1 : 0;
	}
}

/* Logs how often the kernel side found no room for something that is not a count. */
static void log_dropped(const struct lc_probe *probe)
{
	const struct lc_variables *live = &probe->kernel.live;
	const struct {
		const char *what;
		uint64_t n;
	} dropped[] = {
		{"samples", *live->samples_dropped},
		{"user stacks", *live->stacks_dropped},
		{"mappings", *live->mappings_dropped},
		{"results of traced checks", *live->returns_missed},
	};

	for (size_t i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++) {
		if (dropped[i].n)
			lc_log(probe->log, LC_LOG_DEBUG, "no room for %llu %s", (unsigned long long)dropped[i].n,
				dropped[i].what);
	}
}

/* Makes a probe as OPTIONS say, which has loaded nothing. NULL when out of memory. */
static struct lc_probe *new_probe(const struct lc_probe_options *options)
{
	struct lc_probe *probe = calloc(1, sizeof(*probe));
	struct timespec tick = {0};

	if (!probe)
		return NULL;
	probe->events = options->events;
	probe->log = options->log;
	probe->forgets = options->forgets;
	probe->cpus = libbpf_num_possible_cpus();
	probe->records = lc_table_new(sizeof(struct lc_key));
	probe->gone = lc_table_new(sizeof(uint64_t));
	probe->losing = lc_table_new(sizeof(uint64_t));
	probe->left = lc_table_new(sizeof(uint64_t));
	probe->sites = lc_table_new(sizeof(uint64_t));
	probe->outcomes = lc_table_new(sizeof(struct lc_outcome));
	probe->losses = lc_losses_table();
	probe->shares = lc_table_new(sizeof(uint64_t));
	probe->named = lc_table_new(sizeof(struct lc_request_key));
	probe->returned = lc_table_new(sizeof(struct lc_call_key));
	probe->filters = lc_table_new(sizeof(struct lc_filters_key));
	probe->kernel_stacks = lc_table_new(sizeof(((struct lc_kernel_stack *)NULL)->addresses));
	probe->mapped = options->stacks ? lc_table_new(sizeof(uint32_t)) : NULL;
	/* A jiffy is as long as the coarse clocks' resolution (kernel/time/posix-timers.c, KTIME_LOW_RES). */
	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	probe->tick_ns = tick.tv_nsec;
	if (probe->cpus > 0 && probe->records && probe->gone && probe->losing && probe->shares && probe->named &&
		probe->returned && probe->filters && probe->kernel_stacks && probe->left && probe->sites &&
		probe->outcomes && probe->losses && (probe->mapped || !options->stacks))
		return probe;
	lc_probe_free(probe);
	return NULL;
}

/* Loads the kernel side with the best hook, and reads the kernel's symbols meanwhile. 0, or -errno with *MESSAGE. */
static int load_kernel_side(struct lc_probe *probe, const struct lc_probe_options *options, char **message)
{
	pthread_t reader;
	bool alone = pthread_create(&reader, NULL, read_symbols, probe);
	int r = choose_hook(probe, options, message);

	if (alone)
		read_symbols(probe);
	else
		pthread_join(reader, NULL);
	/* Whoever lacks CAP_SYSLOG has been warned already. 2 hides the symbols from everybody. */
	if (!probe->exact_sites && lc_number_in("/proc/sys/kernel/kptr_restrict") > 1)
		lc_log(probe->log, LC_LOG_WARN,
			"kernel symbols are hidden (/proc/sys/kernel/kptr_restrict): call sites can't be told, so the list may be too long");
	return r;
}

/* Fills the maps and variables of the loaded kernel side, and opens its buffers. 0 or -errno. */
static int prepare(struct lc_probe *probe, const struct lc_probe_options *options)
{
	int r = lc_kernel_side_share(&probe->kernel) ?: lc_rooms_share(probe);

	r = r ?: lc_about_install(bpf_map__fd(probe->kernel.maps.shapes));
	r = r ?: lc_events_open(probe, options);
	if (r)
		return r;
	give_symbols(probe);
	return options->trace ? lc_traces_begin(probe, options->trace) : 0;
}

int lc_probe_open(struct lc_probe **result, const struct lc_probe_options *options, char **message)
{
	struct lc_probe *probe = new_probe(options);
	int r;

	*message = NULL;
	if (!probe)
		return -ENOMEM;
	libbpf_set_print(silent);
	raise_memlock();
	r = options->trial ? lc_hooks_try_refusing(options, message) : 0;
	r = r ?: load_kernel_side(probe, options, message);
	if (!r && options->trial)
		r = lc_refusals_claim(probe, message);
	r = r ?: prepare(probe, options);
	if (r)
		lc_probe_free(probe);
	else
		*result = probe;
	return r;
}

/* Sees to it that reading our maps has no program skipped on a kprobe. Where that fails, what is skipped is counted all the same. */
static void prevent_preemption(struct lc_probe *probe)
{
	int r;

	if ((probe->hook != LC_HOOK_KPROBE && !probe->resumed) || !probe->preempted.functions)
		return;
	r = lc_preemption_prevent(&probe->scheduling);
	if (r)
		lc_log(probe->log, LC_LOG_DEBUG, "could not be scheduled before others: %s", strerror(-r));
}

int lc_probe_attach(struct lc_probe *probe, char **message)
{
	int r;

	*message = NULL;
	prevent_preemption(probe);
	r = lc_programs_attach(probe, message);
	if (r)
		return r;
	/* From here on new containers tell by themselves where their roots are. */
	r = lc_overlays_tell(bpf_map__fd(probe->kernel.maps.host_overlays));
	if (r)
		lc_log(probe->log, LC_LOG_DEBUG, "the overlays of this host can't all be told: %s", strerror(-r));
	return 0;
}

const char *lc_probe_hook(const struct lc_probe *probe)
{
	return lc_hook_name(probe->hook);
}

enum lc_refusals lc_probe_refusals(const struct lc_probe *probe)
{
	return probe->resumed ? LC_REFUSALS_CHECKED : LC_REFUSALS_ALL;
}

int lc_probe_stop(struct lc_probe *probe)
{
	int r;

	if (probe->stopped)
		return 0;
	probe->stopped = true;
	probe->lost += lc_programs_lost(probe);
	lc_programs_detach(probe);
	lc_preemption_allow(&probe->scheduling);
	log_dropped(probe);
	lc_rooms_log_errors(probe);
	r = lc_probe_consume(probe);
	return r ? r : lc_tell_staying(probe);
}

void lc_kernel_stack_free(void *value)
{
	lc_shared_stack_drop(((struct lc_kernel_stack *)value)->named);
	free(value);
}

static void free_site(void *value)
{
	free(((struct lc_symbol *)value)->name);
	free(value);
}

void lc_probe_free(struct lc_probe *probe)
{
	if (!probe)
		return;
	lc_programs_detach(probe);
	lc_preemption_allow(&probe->scheduling);
	lc_traces_drop(probe);
	ring_buffer__free(probe->ring);
	ring_buffer__free(probe->lives);
	ring_buffer__free(probe->trace_ring);
	lc_kernel_side_unshare(&probe->kernel);
	bpf_object__close(probe->kernel.object);
	lc_table_free(probe->records, lc_record_free);
	lc_table_free(probe->kernel_stacks, lc_kernel_stack_free);
	lc_table_free(probe->sites, free_site);
	lc_table_free(probe->outcomes, free);
	lc_table_free(probe->losses, free);
	lc_table_free(probe->left, free);
	lc_table_free(probe->mapped, lc_mapped_process_free);
	lc_symbols_free(probe->symbols);
	lc_table_free(probe->gone, free);
	lc_table_free(probe->losing, free);
	lc_table_free(probe->shares, free);
	lc_table_free(probe->named, lc_request_free);
	lc_table_free(probe->returned, lc_returned_free);
	lc_table_free(probe->filters, lc_filters_free);
	free(probe);
}
