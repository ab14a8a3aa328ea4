/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Opens a recording and all that it needs, and closes it. */
#include "src/recording/privileges.h"
#include "src/recording/recording_private.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int lc_recording_fail(const struct lc_recording *recording, const char *message, int error)
{
	lc_log(recording->log, LC_LOG_ERROR, "%s", message && *message ? message : strerror(-error));
	return error;
}

bool lc_recording_is_interrupted(const struct lc_recording *recording)
{
	struct pollfd waiting = {.fd = recording->interrupt.pending, .events = POLLIN};

	return recording->interrupted || poll(&waiting, 1, 0) > 0;
}

int64_t lc_recording_now(const struct lc_recording *recording)
{
	return recording->started_ns + lc_clock_ns(CLOCK_MONOTONIC) - recording->started_monotonic_ns;
}

/* Makes the command's own cgroup. 0 or -errno. */
static int make_run_cgroup(struct lc_recording *recording)
{
	int r = lc_run_cgroup_make(&recording->run_cgroup);

	if (r)
		lc_log(recording->log, LC_LOG_ERROR, "cannot make a cgroup below %s: %s%s",
			recording->run_cgroup.parent, strerror(-r), r == -EACCES ? "; use sudo" : "");
	else
		recording->command_name = basename(recording->options->command[0]);
	return r;
}

/* Forks the command, before anything is opened that it might inherit. 0 or -errno. */
static int fork_command(struct lc_recording *recording)
{
	const struct lc_recording_options *options = recording->options;
	const struct lc_future future = {
		.command = options->command,
		.user = options->user,
		.environment = options->environment,
		.bounding = options->bounding,
		.replaced = options->replaced,
		.n_replaced = options->n_replaced,
	};
	int r = 0;

	if (options->command)
		r = lc_child_fork(&recording->child, &future);
	if (r)
		lc_log(recording->log, LC_LOG_ERROR, "cannot fork: %s", strerror(-r));
	return r;
}

/* Takes the hierarchy and the cgroup that the directory PATH of the caller's is. 0 or -errno. */
static int find_cgroup(struct lc_recording *recording, const char *path)
{
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	char message[PATH_MAX + 128];
	uint64_t id;
	int r = lc_as_caller_begin(&caller);

	if (!r)
		r = lc_hierarchy_at(path, &recording->hierarchy, recording->cgroup, sizeof(recording->cgroup));
	if (!r)
		r = lc_cgroup_id(path, &id);
	if (!r)
		return 0;
	snprintf(message, sizeof(message), "%s: %s", path, r == -ENOTDIR ? "not a cgroup's directory" : strerror(-r));
	return lc_recording_fail(recording, message, r);
}

/* Finds the hierarchy to record in, and the one cgroup, if it is one. 0 or -errno. */
static int find_hierarchy(struct lc_recording *recording)
{
	_cleanup_free_ char *mount = NULL;
	int r;

	if (recording->options->scope == LC_SCOPE_COMMAND)
		return find_cgroup(recording, recording->run_cgroup.path);
	if (recording->options->scope == LC_SCOPE_CGROUP)
		return find_cgroup(recording, recording->options->cgroup_path);
	r = lc_hierarchy_find(&recording->hierarchy);
	if (r)
		return lc_recording_fail(recording, "no cgroup hierarchy is mounted: see /proc/self/mountinfo", r);
	if (recording->options->scope == LC_SCOPE_UNIT)
		snprintf(recording->cgroup, sizeof(recording->cgroup), "%s", recording->options->unit->cgroup);
	if (recording->options->scope != LC_SCOPE_HOST)
		return 0;
	mount = strdup(recording->hierarchy.mount);
	return mount ? find_cgroup(recording, mount) : lc_recording_fail(recording, NULL, -ENOMEM);
}

/* Starts the processes that look at files and unwind stacks. 0 or -errno. */
static int start_lookups(struct lc_recording *recording)
{
	const struct lc_lookup_options lookups = {.hierarchy = &recording->hierarchy, .unwinder = recording->unwinder};
	int r = lc_lookups_new(&recording->lookups, &lookups, &recording->found, recording->log);

	return r ? lc_recording_fail(recording, "could not start the process that looks at containers' files", r) : 0;
}

static int open_identity(struct lc_recording *recording)
{
	int r = lc_identity_new(&recording->identity, NULL, recording->log);

	if (r)
		return lc_recording_fail(recording, NULL, r);
	lc_identity_in(recording->identity, &recording->hierarchy);
	lc_identity_follow_health(recording->identity);
	return 0;
}

static int open_probe(struct lc_recording *recording)
{
	const struct lc_recording_options *options = recording->options;
	const struct lc_hierarchy *hierarchy = &recording->hierarchy;
	const struct lc_probe_options probe = {
		.hierarchy = hierarchy,
		.events = &recording->events,
		.log = recording->log,
		.hook = options->hook,
		.new_cgroups = options->scope == LC_SCOPE_CONTAINERS,
		.follow = options->scope == LC_SCOPE_PROCESS,
		.keys = options->keys,
		.trace = options->trace ? options->trace : lc_recording_moments_wanted(recording),
		.stacks = options->stacks,
		.refusals = options->refusals,
		.trial = options->refused,
		.forgets = options->watcher.take,
		.btf = options->btf,
	};
	_cleanup_free_ char *message = NULL;
	int r = lc_probe_open(&recording->probe, &probe, &message);

	if (r)
		return lc_recording_fail(recording, message, r);
	lc_log(recording->log, LC_LOG_DEBUG, "hook: %s, cgroups: %s%s%s", lc_probe_hook(recording->probe),
		hierarchy->mode, hierarchy->controller[0] ? " by controller " : "", hierarchy->controller);
	lc_log(recording->log, LC_LOG_DEBUG, "outcomes: %s",
		lc_probe_refusals(recording->probe) == LC_REFUSALS_CHECKED
			? "by task work, where a check or a filter asks for it"
			: "by the return of every system call");
	return 0;
}

static int on_answers(void *context)
{
	return lc_identity_proceed(context);
}

static int answers_timeout(const void *context)
{
	return lc_identity_timeout(context);
}

static int on_found(void *context)
{
	lc_lookups_proceed(context);
	return 0;
}

static int found_timeout(const void *context)
{
	return lc_lookups_timeout(context);
}

static int on_probe(void *context)
{
	return lc_probe_consume(context);
}

/* Adds what is waited for from the beginning to the end. 0 or -errno. */
static int fill_loop(struct lc_recording *recording)
{
	const struct lc_loop_source sources[] = {
		{lc_probe_fd(recording->probe), recording->probe, on_probe, NULL},
		{lc_lookups_fd(recording->lookups), recording->lookups, on_found, found_timeout},
		{lc_identity_fd(recording->identity), recording->identity, on_answers, answers_timeout},
	};
	int interval = lc_probe_trace_interval(recording->probe);
	int r = lc_loop_new(&recording->loop);

	for (size_t i = 0; !r && i < sizeof(sources) / sizeof(sources[0]); i++)
		r = lc_loop_add(recording->loop, &sources[i]);
	if (!r && interval > 0)
		r = lc_loop_add_timer(recording->loop, interval * LC_NS_PER_MS, true, on_probe, recording->probe);
	return r ? lc_recording_fail(recording, NULL, r) : 0;
}

/* Opens the process that the recording lasts as long as. 0, or -errno, which has been said. */
static int open_until(struct lc_recording *recording)
{
	if (!recording->options->until)
		return 0;
	recording->until = (int)syscall(SYS_pidfd_open, recording->options->until, 0);
	return recording->until < 0
		       ? lc_recording_fail(recording, "the container's first process has ended already", -errno)
		       : 0;
}

/* Makes everything, in the order in which it depends on each other. 0, or -errno, which has been said. */
static int open_all(struct lc_recording *recording)
{
	const struct lc_recording_options *options = recording->options;
	const struct lc_why_options unwinder = {.debuginfod = options->debuginfod};
	int r = options->scope == LC_SCOPE_COMMAND ? make_run_cgroup(recording) : 0;

	if (r)
		return r;
	r = lc_interrupt_catch(&recording->interrupt, options->watcher.stuck);
	if (r)
		return lc_recording_fail(recording, NULL, r);
	r = fork_command(recording);
	if (r)
		return r;
	signal(SIGPIPE, SIG_IGN);
	/* Before anything is opened that its child need not have. */
	r = options->stacks ? lc_why_new(&recording->unwinder, &unwinder, recording->log) : 0;
	if (r)
		return lc_recording_fail(recording, "could not start the process that unwinds stacks", r);
	r = lc_targets_init(&recording->targets);
	if (r)
		return lc_recording_fail(recording, NULL, r);
	r = find_hierarchy(recording);
	if (!r)
		r = start_lookups(recording);
	if (!r)
		r = open_until(recording);
	if (!r)
		r = open_identity(recording);
	if (!r)
		r = open_probe(recording);
	return r ? r : fill_loop(recording);
}

int lc_recording_open(struct lc_recording **result, const struct lc_recording_options *options)
{
	struct lc_recording *recording = calloc(1, sizeof(*recording));
	int r;

	if (!recording) {
		lc_log(options->log, LC_LOG_ERROR, "out of memory");
		return -ENOMEM;
	}
	recording->options = options;
	recording->log = options->log;
	recording->interrupt = LC_INTERRUPT_NONE;
	recording->child = LC_CHILD_NONE;
	recording->until = -1;
	if (!getcwd(recording->directory, sizeof(recording->directory)))
		recording->directory[0] = '\0';
	recording->events.context = recording;
	lc_recording_hear_of_cgroups(recording);
	lc_recording_hear_of_processes(recording);
	lc_recording_hear_of_files(recording);
	lc_recording_hear_of_checks(recording);
	r = open_all(recording);
	if (r)
		lc_recording_free(recording);
	else
		*result = recording;
	return r;
}

/* Moves the command to its own cgroup. 0 or -errno. */
static int move_command(struct lc_recording *recording)
{
	int r = lc_run_cgroup_enter(&recording->run_cgroup, recording->child.pid);

	if (r)
		lc_log(recording->log, LC_LOG_ERROR, "cannot move the command to %s: %s", recording->run_cgroup.path,
			strerror(-r));
	return r;
}

int lc_recording_start(struct lc_recording *recording)
{
	struct lc_privilege_use use = lc_privileges_use(recording->options);
	_cleanup_free_ char *message = NULL;
	int r = lc_probe_attach(recording->probe, &message);

	if (r)
		return lc_recording_fail(recording, message, r);
	recording->started_ns = lc_clock_ns(CLOCK_REALTIME);
	recording->started_monotonic_ns = lc_clock_ns(CLOCK_MONOTONIC);
	r = lc_recording_find_existing(recording);
	if (!r)
		r = lc_recording_find_names(recording);
	if (!r && recording->options->scope == LC_SCOPE_COMMAND) {
		use.parent = recording->run_cgroup.parent;
		r = move_command(recording);
	}
	if (!r)
		r = lc_recording_begin_trial(recording);
	if (r)
		return r;
	r = lc_privileges_drop(&use);
	if (r)
		lc_log(recording->log, LC_LOG_WARN, "could not drop privileges: %s", strerror(-r));
	return 0;
}

int lc_recording_release(struct lc_recording *recording)
{
	int r = recording->options->command ? lc_child_release(&recording->child) : 0;

	if (r && recording->child.unreplaced) {
		lc_log(recording->log, LC_LOG_ERROR, "cannot give %s the changed files: %s",
			recording->options->command[0], strerror(-r));
		return -EACCES;
	}
	if (r)
		lc_log(recording->log, LC_LOG_ERROR, "%s: %s", recording->options->command[0],
			r == -ENOENT ? "no such command" : strerror(-r));
	return r;
}

void lc_recording_saving(struct lc_recording *recording, bool on)
{
	lc_interrupt_saving(&recording->interrupt, on);
}

bool lc_recording_command_ended(const struct lc_recording *recording, int *status)
{
	if (recording->child.ended)
		*status = recording->child.status;
	return recording->child.ended;
}

struct lc_untold lc_recording_untold(const struct lc_recording *recording)
{
	return lc_probe_untold(recording->probe);
}

const char *lc_recording_hook(const struct lc_recording *recording)
{
	return lc_probe_hook(recording->probe);
}

uint64_t lc_recording_checks(const struct lc_recording *recording)
{
	return lc_probe_total(recording->probe);
}

void lc_recording_free(struct lc_recording *recording)
{
	if (!recording)
		return;
	lc_child_discard(&recording->child);
	lc_loop_free(recording->loop);
	lc_identity_free(recording->identity);
	lc_lookups_free(recording->lookups);
	lc_why_free(recording->unwinder);
	lc_probe_free(recording->probe);
	lc_targets_clear(&recording->targets);
	lc_interrupt_release(&recording->interrupt);
	lc_run_cgroup_remove(&recording->run_cgroup);
	lc_recording_forget_unit(recording);
	if (recording->until >= 0)
		close(recording->until);
	free(recording);
}
