/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which of the object's programs are loaded, in which order they are attached, and how often the kernel skipped them. */
#include "src/probe/programs.h"

#include "src/probe/inlined.h"

#include <leastcap/message.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <time.h>

/* How often runs that seem to be lost are counted again. */
#define LOOKS 10

/* Which copy PROGRAM is. The names of the later ones end in _2 to _4 (bpf/copies.h). */
static enum lc_program_copy copy_of(const struct bpf_program *program)
{
	const char *end = strrchr(bpf_program__name(program), '_');

	return end && end[1] >= '2' && end[1] < '1' + LC_COPIES && !end[2] ? (enum lc_program_copy)(end[1] - '1')
									   : LC_COPY_FIRST;
}

static bool is_on_check(const struct bpf_program *program)
{
	return strstr(bpf_program__section_name(program), "/cap_capable");
}

static bool refuses(const struct bpf_program *program)
{
	return !strcmp(bpf_program__section_name(program), "fmod_ret/security_capable");
}

/* The function into which cap_capable may be inlined that PROGRAM stands for, or LC_INLININGS. */
static enum lc_inlining inlining_of(const struct bpf_program *program)
{
	const char *function = strchr(bpf_program__section_name(program), '/');
	int i = 0;

	while (i < LC_INLININGS && !(function && !strcmp(function + 1, lc_inlined_programs[i].function)))
		i++;
	return (enum lc_inlining)i;
}

/*
 * Has the programs loaded that stand for functions into which cap_capable is inlined, with their copies where the kernel may skip the
 * first. The tracepoint is inlined along with it, and sees those checks, too. With the tracepoint cap_capable has become too large
 * to be inlined. Returns whether it is inlined anywhere.
 */
static bool choose_inlined(
	struct lc_probe *probe, const struct lc_hook_program *hook, const struct lc_kernel_facts *facts)
{
	bool inlined[LC_INLININGS] = {0}, any = false;
	struct bpf_program *program;

	if (hook->hook != LC_HOOK_TP_BTF)
		lc_inlined_find(inlined, !facts->has_tracepoint);
	for (size_t i = 0; i < LC_INLININGS; i++) {
		if (inlined[i])
			lc_log(probe->log, LC_LOG_DEBUG, "cap_capable is inlined into %s",
				lc_inlined_programs[i].function);
		any |= inlined[i];
	}
	bpf_object__for_each_program(program, probe->kernel.object)
	{
		enum lc_inlining i = inlining_of(program);

		if (i < LC_INLININGS)
			bpf_program__set_autoload(program,
				inlined[i] && (copy_of(program) == LC_COPY_FIRST || facts->preempted.functions));
	}
	return any;
}

/* A place for each process number that there can be here (proc_sys_kernel(5), pid_max), rounded up to a power of two. */
static uint32_t copy_marks(void)
{
	uint32_t numbers = lc_number_in("/proc/sys/kernel/pid_max"), marks = 1;

	if (!numbers)
		return LC_COPY_MARKS;
	while (marks < numbers && marks < LC_COPY_MARKS)
		marks <<= 1;
	return marks;
}

/*
 * Has the later copies of PROBE's programs loaded where the kernel may skip the first. A kprobe needs none, because it runs without
 * preemption. 0 or -errno.
 */
static int choose_copies(
	struct lc_probe *probe, const struct lc_hook_program *hook, const struct lc_preemption *preempted)
{
	bool on_function = hook->attach == BPF_TRACE_FEXIT;
	bool checks = hook->btf_name && (on_function ? preempted->functions : preempted->tracepoints);
	uint32_t marks = copy_marks();
	struct bpf_program *program;

	bpf_object__for_each_program(program, probe->kernel.object)
	{
		const char *section = bpf_program__section_name(program);

		if (copy_of(program) == LC_COPY_FIRST || inlining_of(program) < LC_INLININGS)
			continue;
		if (is_on_check(program))
			bpf_program__set_autoload(
				program, checks && !strcmp(section, bpf_program__section_name(probe->check)));
		else
			bpf_program__set_autoload(program, preempted->tracepoints);
	}
	if (!checks && !preempted->tracepoints)
		return 0;
	*probe->kernel.settings.config_copies = true;
	if (checks && on_function)
		bpf_program__set_expected_attach_type(probe->check, BPF_TRACE_FENTRY);
	*probe->kernel.settings.config_copy_marks = marks;
	return bpf_map__set_max_entries(probe->kernel.maps.copy_marks, marks);
}

/* Which programs ask for the returns of calls by task work, and are attached by lc_programs_attach_resumed. */
static const char *const resuming[] = {"call_entered", "filter_ran", "filter_ran_2"};

/* Has those loaded that PROBE needs, the second copy where the kernel may skip the first. */
static void choose_resuming(struct lc_probe *probe, const struct lc_kernel_facts *facts)
{
	for (size_t i = 0; i < sizeof(resuming) / sizeof(resuming[0]); i++) {
		struct bpf_program *program = bpf_object__find_program_by_name(probe->kernel.object, resuming[i]);

		bpf_program__set_autoload(program, copy_of(program) == LC_COPY_FIRST || facts->preempted.functions);
		bpf_program__set_autoattach(program, false);
	}
	*probe->kernel.settings.config_filter_answers_int = facts->resumed.filter_answers_int;
}

/* Has the programs that refuse loaded where a TRIAL asks for them, with their copies where the kernel may skip the first. */
static void choose_refusing(struct lc_probe *probe, bool trial, const struct lc_preemption *preempted)
{
	struct bpf_program *program;

	*probe->kernel.settings.config_trial = trial;
	bpf_object__for_each_program(program, probe->kernel.object)
	{
		if (refuses(program))
			bpf_program__set_autoload(
				program, trial && (copy_of(program) == LC_COPY_FIRST || preempted->functions));
	}
}

int lc_programs_choose(struct lc_probe *probe, const struct lc_hook_program *hook,
	const struct lc_probe_options *options, const struct lc_kernel_facts *facts)
{
	struct bpf_program *program;
	int r;

	bpf_object__for_each_program(program, probe->kernel.object)
	{
		if (!strcmp(bpf_program__name(program), hook->program))
			probe->check = program;
		else if (is_on_check(program))
			bpf_program__set_autoload(program, false);
	}
	program = bpf_object__find_program_by_name(probe->kernel.object, "try_types");
	if (program) {
		bpf_program__set_autoload(program, options->btf);
		bpf_program__set_autoattach(program, false);
	}
	/* The object for task work has no programs for these. */
	if (choose_inlined(probe, hook, facts) && probe->resumed)
		return -EOPNOTSUPP;
	r = choose_copies(probe, hook, &facts->preempted);
	if (!r && probe->resumed)
		choose_resuming(probe, facts);
	choose_refusing(probe, options->trial, &facts->preempted);
	return r;
}

/* Says in *MESSAGE that WHAT could not be attached, because of ERROR, which it returns. */
static int refuse_attach(const char *what, int error, char **message)
{
	return lc_complain(
		message, error, "could not attach %s: %s; 'leastcap doctor' tells more", what, strerror(-error));
}

/*
 * When PROGRAM is attached. The programs on checks come last, when everything is in place that tells where checks belong. Of
 * several on a tracepoint the one attached first runs first (kernel/tracepoint.c, func_add), on a function's entry or exit the one
 * attached last (kernel/bpf/trampoline.c, __bpf_trampoline_link_prog).
 */
static int place_of(const struct bpf_program *program)
{
	int copy = copy_of(program);

	if (inlining_of(program) < LC_INLININGS)
		return LC_COPY_LAST - copy;
	if (!is_on_check(program))
		return copy;
	if (copy != LC_COPY_FIRST && bpf_program__expected_attach_type(program) == BPF_TRACE_FEXIT)
		copy = LC_COPIES - copy;
	return LC_COPIES + copy;
}

static int attach(struct lc_probe *probe, const struct bpf_program *program, char **message)
{
	struct bpf_link *link = probe->n_links < LC_MAX_LINKS ? bpf_program__attach(program) : NULL;

	if (!link)
		return refuse_attach(
			is_on_check(program) ? bpf_program__section_name(program) : bpf_program__name(program),
			probe->n_links < LC_MAX_LINKS ? -errno : -E2BIG, message);
	probe->links[probe->n_links++] = link;
	return 0;
}

/* Keeps LINK; NULL: it could not be attached. 0 or -errno. */
static int keep_link(struct lc_probe *probe, struct bpf_link *link)
{
	if (!link)
		return -errno;
	probe->links[probe->n_links++] = link;
	return 0;
}

int lc_programs_attach_resumed(struct lc_probe *probe, const struct lc_resumed *resumed)
{
	LIBBPF_OPTS(bpf_kprobe_multi_opts, functions, .syms = (const char **)resumed->functions, .cnt = resumed->n);
	int r = 0;

	for (size_t i = 0; i < sizeof(resuming) / sizeof(resuming[0]) && !r; i++) {
		const struct bpf_program *program = bpf_object__find_program_by_name(probe->kernel.object, resuming[i]);

		if (!bpf_program__autoload(program))
			continue;
		if (bpf_program__expected_attach_type(program) == BPF_TRACE_FEXIT)
			r = keep_link(probe, bpf_program__attach(program));
		else
			r = keep_link(probe, bpf_program__attach_kprobe_multi_opts(program, NULL, &functions));
	}
	return r;
}

int lc_programs_attach(struct lc_probe *probe, char **message)
{
	struct bpf_program *program;
	int r = 0;

	for (int place = 0; place < 2 * LC_COPIES; place++) {
		bpf_object__for_each_program(program, probe->kernel.object)
		{
			if (!r && bpf_program__autoload(program) && bpf_program__autoattach(program) &&
				place_of(program) == place)
				r = attach(probe, program, message);
		}
	}
	return r;
}

void lc_programs_detach(struct lc_probe *probe)
{
	while (probe->n_links)
		bpf_link__destroy(probe->links[--probe->n_links]);
}

/* How often the kernel skipped the program NAME because it was already running on that processor (since 5.12). */
static uint64_t times_skipped(const struct lc_probe *probe, const char *name)
{
	const struct bpf_program *program = bpf_object__find_program_by_name(probe->kernel.object, name);
	struct bpf_prog_info info = {0};
	__u32 size = sizeof(info);

	if (!program)
		return 0;
	return bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) ? 0 : info.recursion_misses;
}

/*
 * The beginning of what a link to a kprobe tells of itself, as kernels have it since 6.7 (include/uapi/linux/bpf.h, struct
 * bpf_link_info): libbpf's header may be older.
 */
struct kprobe_link {
	__u32 type, id, prog_id, unused;
	__u32 event_type, unused2;
	__u64 func_name;
	__u32 name_len, offset;
	__u64 addr, missed;
};

/* The same of a link to many functions. */
struct kprobe_multi_link {
	__u32 type, id, prog_id, unused;
	__u64 addrs;
	__u32 count, flags;
	__u64 missed;
};

/* include/uapi/linux/bpf.h: BPF_LINK_TYPE_PERF_EVENT, BPF_PERF_EVENT_KPROBE, BPF_LINK_TYPE_KPROBE_MULTI. */
#define LINK_OF_PERF_EVENT 7
#define EVENT_IS_KPROBE    3
#define LINK_OF_FUNCTIONS  8

/* How often a kprobe of ours was passed over because another one's handler was running on that processor. Kernels before 6.7 don't tell. */
static uint64_t times_passed_over(const struct lc_probe *probe)
{
	uint64_t missed = 0;

	for (size_t i = 0; i < probe->n_links; i++) {
		union {
			struct kprobe_link one;
			struct kprobe_multi_link many;
		} link = {0};
		__u32 size = sizeof(link);

		if (bpf_obj_get_info_by_fd(bpf_link__fd(probe->links[i]), &link, &size))
			continue;
		if (link.one.type == LINK_OF_PERF_EVENT && link.one.event_type == EVENT_IS_KPROBE)
			missed += link.one.missed;
		else if (link.many.type == LINK_OF_FUNCTIONS)
			missed += link.many.missed;
	}
	/* A run that is skipped because another program runs there is counted by the program. */
	return missed + times_skipped(probe, "call_entered");
}

/* How many runs of program NAME are missing at this moment, whose copies count what they did for it in REPEATED. */
static uint64_t missing_of(const struct lc_probe *probe, const char *name, enum lc_copied repeated)
{
	/* In this order, because a run is skipped before a later copy repeats it. */
	uint64_t others = (*probe->kernel.live.repeated)[repeated], skipped = times_skipped(probe, name);

	if (skipped)
		lc_log(probe->log, LC_LOG_DEBUG, "%s: skipped %llu times, repeated %llu", name,
			(unsigned long long)skipped, (unsigned long long)others);
	/* If more was repeated than skipped, some work was done twice: a count is too high, and nothing is lost. */
	return skipped > others ? skipped - others : 0;
}

/* How many runs are missing at this moment. A later copy may be about to do the work of some. */
static uint64_t missing_now(const struct lc_probe *probe)
{
	const struct {
		const char *name;
		enum lc_copied repeated;
	} first[] = {
		{bpf_program__name(probe->check), LC_COPIED_CHECK},
		{"on_fork", LC_COPIED_FORK},
		{"on_exec", LC_COPIED_EXEC},
		{"on_attach", LC_COPIED_ATTACH},
		{"on_mkdir", LC_COPIED_MKDIR},
	};
	uint64_t missing = times_passed_over(probe);

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		missing += missing_of(probe, first[i].name, first[i].repeated);
	for (int i = 0; i < LC_INLININGS; i++)
		missing += missing_of(probe, lc_inlined_programs[i].program, (enum lc_copied)(LC_COPIED_INLINED + i));
	return missing;
}

uint64_t lc_programs_lost(const struct lc_probe *probe)
{
	uint64_t lost = missing_now(probe);

	for (int i = 0; lost && i < LOOKS; i++) {
		const struct timespec pause = {.tv_nsec = 5000000};
		uint64_t missing;

		nanosleep(&pause, NULL);
		missing = missing_now(probe);
		lost = missing < lost ? missing : lost;
	}
	return lost;
}
