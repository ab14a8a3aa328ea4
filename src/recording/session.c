/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A recording from start to profile: probe, identity and judge brought together. */
#include "src/recording/session.h"
#include "src/cli/cli.h"
#include "src/recording/follow.h"
#include "src/recording/subjects.h"

#include <leastcap/caller.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/identity.h>
#include <leastcap/judge.h>
#include <leastcap/lookup.h>
#include <leastcap/strbuf.h>
#include <leastcap/table.h>

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/utsname.h>

/* How long engines may take to answer before names are looked up (milliseconds). */
#define NAMES_MS 3000

/* How long engines and look-ups may take to answer when the recording ends. */
#define SETTLE_MS 1000

/* How long all stacks may take that are still to be unwound then, as long as one comes after the other. */
#define STACKS_SETTLE_MS 20000

/* How often it is seen whether somebody wants to wait no longer. */
#define SETTLE_LOOK_MS 50

struct session {
	const struct session_options *options;
	const struct lc_log *log;
	struct lc_hierarchy hierarchy;
	struct lc_probe *probe;
	struct lc_probe_events events;
	struct lc_identity *identity;
	struct lc_why *unwinder; /* NULL: no stacks are taken */
	struct lc_lookups *lookups;   /* in what containers control */
	struct lc_lookup_events found;
	struct subjects subjects;
	char cgroup[PATH_MAX]; /* SESSION_CGROUP: the path of the cgroup asked for */
	int64_t started_ns;
	struct lc_losses elsewhere; /* what was lost and belongs to no target */
};

/* Whether somebody wants it all to end: the descriptor for that is readable. */
static bool is_interrupted(const struct session *session)
{
	struct pollfd waiting = {.fd = session->options->interrupt, .events = POLLIN};

	return waiting.fd >= 0 && poll(&waiting, 1, 0) > 0;
}

/* Says MESSAGE (or what ERROR means) and returns the exit status for it. */
static int fail(const struct session *session, const char *message, int error)
{
	lc_log(session->log, LC_LOG_ERROR, "%s", message && *message ? message : strerror(-error));
	return LC_EXIT_FAILURE;
}

/* Fills a new SUBJECT, the target that NAME describes at PATH; asks the engines when it is a container. */
static int describe_subject(
	struct session *session, struct subject *subject, const char *path, const struct lc_cgroup_name *name)
{
	struct lc_target *target = &subject->target;

	target->kind = name->kind;
	target->cgroup = strndup(path, name->target_length);
	/* A command that is run in a container shares its mount namespace with us. */
	subject->container = name->kind == LC_TARGET_CONTAINER && !session->options->command;
	if (!target->cgroup)
		return -ENOMEM;
	if (session->options->command) {
		target->kind = LC_TARGET_COMMAND;
		target->name = strdup(session->options->command);
		return target->name ? 0 : -ENOMEM;
	}
	if (name->kind != LC_TARGET_CONTAINER) {
		return lc_identity_name_cgroup(target, &session->hierarchy, path, name->target_length);
	}
	target->id = strdup(name->id);
	target->engine = lc_copy(name->engine);
	if (!target->id || (name->engine && !target->engine))
		return -ENOMEM;
	subject->asked = true;
	return lc_identity_resolve(session->identity, target);
}

/* Whether what is recorded is a cgroup that was asked for, whose whole subtree is one target. */
static bool is_one_cgroup(const struct session *session)
{
	return session->options->scope == SESSION_CGROUP;
}

static struct subject *subject_at(struct session *session, uint64_t id);

/* Cgroup MADE, whose path says NAME, is recorded: finds or makes its target. */
static int place_cgroup(
	struct session *session, const struct lc_made_cgroup *made, struct lc_cgroup_name name, struct subject **result)
{
	const char *path = made->path;
	bool is_new;
	int r;

	/* A container at or below the cgroup that was asked for is a target of its own; everything else there belongs to it. */
	if (is_one_cgroup(session) &&
		(name.kind != LC_TARGET_CONTAINER || name.target_length < strlen(session->cgroup))) {
		path = session->cgroup;
		name.target_length = strlen(path);
	}
	*result = lc_subjects_get(&session->subjects, path, name.target_length, made->share, &is_new);
	if (!*result)
		return -ENOMEM;
	if (is_new) {
		(*result)->cgroup = made->id;
		r = describe_subject(session, *result, path, &name);
		if (r)
			return r;
		lc_subject_lies_in(*result, made->outer ? subject_at(session, made->outer) : NULL);
		lc_log(session->log, LC_LOG_DEBUG, "new target: %s", path);
	}
	return lc_subjects_place(&session->subjects, made->id, *result);
}

/* The target of cgroup ID; NULL when there is none. One that has waited for its first check becomes one now. */
static struct subject *subject_at(struct session *session, uint64_t id)
{
	struct place *place = lc_subjects_at(&session->subjects, id);
	_cleanup_free_ char *path = place && place->path ? strdup(place->path) : NULL;
	struct lc_cgroup_name name;
	struct subject *subject;

	if (!path)
		return place ? place->subject : NULL;
	lc_cgroup_name_parse(path, &name);
	return place_cgroup(session, &(struct lc_made_cgroup){id, place->outer, place->share, path}, name, &subject)
		       ? NULL
		       : subject;
}

static void on_cgroup_made(void *context, const struct lc_made_cgroup *told)
{
	struct session *session = context;
	struct lc_made_cgroup made = *told;
	struct lc_cgroup_name name;
	struct subject *subject;
	char path[PATH_MAX];
	int r;

	/* Without its end it still lies in the same container. */
	lc_cgroup_whole_path(&session->hierarchy, told->id, told->path, path);
	made.path = path;
	lc_cgroup_name_parse(path, &name);
	if (session->options->scope == SESSION_CONTAINERS && name.kind == LC_TARGET_SERVICE &&
		!session->options->services) {
		lc_probe_ignore(session->probe, made.id);
		lc_subjects_ignore(&session->subjects, made.id);
		return;
	}
	if (lc_subjects_are_many(&session->subjects, made.share))
		r = lc_subjects_defer(&session->subjects, made.id, made.outer, made.share, path);
	else
		r = place_cgroup(session, &made, name, &subject);
	if (r)
		lc_log(session->log, LC_LOG_WARN, "out of memory: %s is not recorded", path);
}

static void on_cgroup_was_quiet(void *context, uint64_t id)
{
	lc_subjects_forget(&((struct session *)context)->subjects, id);
}

static void on_cgroup_gone(void *context, uint64_t id)
{
	struct session *session = context;

	if (lc_probe_collect(session->probe, id))
		lc_log(session->log, LC_LOG_WARN, "the counters of a removed container could not be read");
}

/* The first program of a target: from its credentials follow what it was granted and which user namespace is its own. */
static void on_started(void *context, const struct lc_started *started)
{
	struct session *session = context;
	struct subject *subject = subject_at(session, started->cgroup);
	const struct lc_namespaces namespaces = {started->userns, started->userns_depth, 0};

	if (!subject)
		return;
	lc_subject_lives_in(subject, &namespaces);
	if (subject->started)
		return;
	/* A cgroup of an unknown kind whose program runs in a mount namespace of its own is a container, too. */
	if (!started->in_host && subject->target.kind == LC_TARGET_CGROUP && !subject->target.claim &&
		session->options->scope == SESSION_CONTAINERS) {
		subject->target.kind = LC_TARGET_CONTAINER;
		subject->container = true;
	}
	subject->started = true;
	subject->target.granted = started->bounding;
	subject->target.seccomp = started->seccomp;
	if (!subject->target.user && asprintf(&subject->target.user, "%u:%u", started->uid, started->gid) < 0)
		subject->target.user = NULL;
}

/*
 * Adds the capabilities CAPS, of SUBJECT's checks of which nothing else is known than ABOUT, as evidence of its own: no list
 * lacks them. 0 or -ENOMEM.
 */
static int add_known(struct session *session, struct subject *subject, uint64_t caps, const char *about)
{
	for (int cap = 0; cap < 64; cap++) {
		struct lc_check check = {.cap = cap, .phase = LC_PHASE_WORKLOAD, .audited = LC_AUDITED_UNKNOWN};
		int r;

		if (!(caps & LC_CAP_BIT(cap)))
			continue;
		check.first_ns = session->started_ns;
		check.last_ns = lc_clock_ns(CLOCK_REALTIME);
		check.about = strdup(about);
		r = check.about ? lc_target_add_evidence(&subject->target, &check) : -ENOMEM;
		if (r) {
			lc_check_clear(&check);
			return r;
		}
	}
	return 0;
}

/* One of a target's processes was moved elsewhere, where it still counts for the target. */
static void on_left(void *context, const struct lc_left *left)
{
	struct session *session = context;
	struct subject *subject = subject_at(session, left->target);
	struct lc_target *target = subject ? &subject->target : NULL;

	if (!target)
		return;
	lc_log(session->log, LC_LOG_DEBUG, "process %d has left %s for %s, by %s", (int)left->pid, subject->key,
		left->path, left->comm);
	if (left->count > target->n_left)
		target->n_left = left->count;
	if (!target->left_to && asprintf(&target->left_to, "%s → %s", left->comm, left->path) < 0)
		target->left_to = NULL;
}

/*
 * Whether what was asked by those who STAYED in set-up is SUBJECT's: it is for good where they go on. Where they have ended, a
 * runtime that failed to start the target's first program has; and a service manager's own helpers are no part of its services.
 */
static bool is_own(const struct subject *subject, const struct lc_stayed *stayed)
{
	if (subject->target.kind == LC_TARGET_SERVICE)
		return false;
	return stayed->expired || subject->started || subject->target.kind == LC_TARGET_CGROUP;
}

/* What came into a target has run no program there: it is the workload, with all that it has asked for. */
static void on_stayed(void *context, const struct lc_stayed *stayed)
{
	struct session *session = context;
	struct subject *target = subject_at(session, stayed->target);
	_cleanup_free_ char *about = NULL;

	if (!target || !stayed->asked || !is_own(target, stayed))
		return;
	lc_log(session->log, LC_LOG_DEBUG, "process %d (%s), which was put into %s, %s", (int)stayed->pid, stayed->comm,
		target->key, stayed->expired ? "has run no program for long" : "ended without a program");
	if (asprintf(&about, "by %s[%d] or who came with it, put here from outside, which %s", stayed->comm,
		    (int)stayed->pid,
		    stayed->expired ? "has run no program in 10 s" : "ended without running a program") < 0) {
		about = NULL;
		return;
	}
	for (struct subject *subject = target; subject; subject = lc_subject_around(subject))
		add_known(session, subject, stayed->asked, about);
}

/* Where to look for what belongs to SUBJECT. */
static struct lc_lookup_place lookup_place(const struct subject *subject)
{
	return (struct lc_lookup_place){subject->cgroup, subject->target.cgroup};
}

static void on_executed(void *context, const struct lc_executed *executed)
{
	struct session *session = context;
	const struct subject *subject = subject_at(session, executed->cgroup);
	struct lc_lookup_place where;

	if (!subject)
		return;
	where = lookup_place(subject);
	lc_lookups_ask_carried(session->lookups, &where, executed);
}

static void on_touched(void *context, const struct lc_touched *touched)
{
	struct session *session = context;
	const struct subject *subject = subject_at(session, touched->cgroup);
	struct lc_lookup_place where;

	if (!subject)
		return;
	where = lookup_place(subject);
	lc_lookups_ask_object(session->lookups, &where, touched);
}

static void on_carried(void *context, const void *key, int result, struct lc_carried *carried)
{
	lc_probe_tell_carried(((struct session *)context)->probe, key, result, carried);
}

static void on_object(void *context, const void *key, int result, struct lc_object *object)
{
	lc_probe_tell_object(((struct session *)context)->probe, key, result, object);
}

static void on_unwound(void *context, const void *key, int result, struct lc_stack *stack)
{
	(void)result;
	lc_probe_tell_stack(((struct session *)context)->probe, key, stack);
}

static void on_given_up(void *context, uint64_t group)
{
	struct session *session = context;
	const struct subject *subject = session->subjects.first;

	while (subject && subject->cgroup != group)
		subject = subject->next;
	lc_log(session->log, LC_LOG_WARN, "%s: its files are not looked at any more: its file system does not answer",
		!subject               ? "a container"
		: subject->target.name ? subject->target.name
		: subject->target.id   ? subject->target.id
				       : subject->key);
}

/* Whether TARGET is called NAME, or its id begins so. */
static bool answers_to(const struct lc_target *target, const char *name)
{
	return (target->name && !strcmp(target->name, name)) ||
	       (target->id && strlen(name) >= 3 && !strncmp(target->id, name, strlen(name)));
}

/* Whether SUBJECT is one of those that were asked for, or all were. */
static bool is_asked_for(const struct session *session, const struct subject *subject)
{
	const struct session_options *options = session->options;

	for (size_t n = 0; n < options->n_names; n++) {
		if (answers_to(&subject->target, options->names[n]))
			return true;
	}
	return !options->n_names;
}

/*
 * Whether the check was made while SUBJECT was still being prepared. What execve asks before a command's first program
 * starts decides about that; for containers the kernel side, which knows mount namespaces, has seen to it.
 */
static enum lc_phase phase_of(const struct subject *subject, bool setup, const char *syscall)
{
	if (!setup)
		return LC_PHASE_WORKLOAD;
	if (!subject->container && syscall && !strncmp(syscall, "execve", 6))
		return LC_PHASE_WORKLOAD;
	return LC_PHASE_SETUP;
}

/* The inode number of the initial user namespace, which no target can have made: include/linux/proc_ns.h, PROC_USER_INIT_INO. */
#define INITIAL_USERNS 0xEFFFFFFDU

/* Where the facts place the check of SUBJECT: its phase and its user namespace. */
static void place_check(const struct subject *subject, bool setup, uint32_t userns, struct lc_check *check)
{
	uint32_t own = subject->namespaces.userns;

	check->phase = phase_of(subject, setup, check->syscall);
	check->userns = !own || own == userns || userns == INITIAL_USERNS ? LC_USERNS_TARGET : LC_USERNS_OTHER;
}

static void on_traced(void *context, const struct lc_traced_check *traced)
{
	struct session *session = context;
	const struct subject *subject = subject_at(session, traced->cgroup);
	struct session_check check = {.traced = traced, .check = *traced->check};

	/* What runs in a target runs in those around it, too. */
	while (subject && !is_asked_for(session, subject))
		subject = traced->setup ? NULL : lc_subject_around(subject);
	if (!subject)
		return;
	check.target = &subject->target;
	place_check(subject, traced->setup, traced->userns, &check.check);
	check.why = lc_judge_check(&check.check, &subject->target);
	if (!session->options->listener.traced(session->options->listener.context, &check))
		lc_probe_mute(session->probe, traced->key);
}

static void on_returned(void *context, const struct lc_traced_return *returned)
{
	const struct session_listener *listener = &((struct session *)context)->options->listener;

	listener->returned(listener->context, returned);
}

static void on_stack(void *context, const void *key, uint64_t cgroup, const struct lc_snapshot *snapshot)
{
	struct session *session = context;
	const struct subject *subject = subject_at(session, cgroup);
	struct lc_lookup_place where = {0};

	if (subject)
		where = lookup_place(subject);
	lc_lookups_ask_stack(session->lookups, &where, key, snapshot);
}

/* A target whose processes are met when the recording begins. */
struct meeting {
	struct session *session;
	struct subject *subject;
	int news;   /* how many of them were not known */
	bool again; /* they were all looked at before: only news count */
};

/* Process PID was there before us: it is the workload's, unless a runtime is still preparing it. */
static int meet_process(void *context, pid_t pid)
{
	struct meeting *meeting = context;
	struct session *session = meeting->session;
	struct subject *subject = meeting->subject;
	struct lc_namespaces namespaces;
	unsigned int left;
	int r;

	/* There may be any number of them, too. */
	if (is_interrupted(session))
		return -ECANCELED;
	if (meeting->again && lc_probe_knows(session->probe, pid))
		return 0;
	left = subject->container ? lc_identity_setup_left(&session->hierarchy, &subject->target, pid) : 0;
	if (left) {
		r = lc_probe_in_setup(session->probe, pid, subject->cgroup, left);
		lc_log(session->log, LC_LOG_DEBUG, "process %d of %s is still in set-up (%d)", (int)pid, subject->key,
			r);
	} else {
		if (!subject->started)
			subject->started = !lc_process_fill(&subject->target, pid);
		if (!lc_process_namespaces(pid, &namespaces))
			lc_subject_lives_in(subject, &namespaces);
		r = lc_probe_belongs(session->probe, pid, subject->cgroup);
	}
	meeting->news += r > 0;
	/* What finds no room still counts while it is where it is. */
	return r < 0 && r != -E2BIG ? r : 0;
}

/* Who forks faster than we look is no runtime; the kernel side knows of all that descend from whom we have met. */
#define MEETINGS 100

/*
 * Meets the processes of SUBJECT's cgroup, whose directory is open as DIRECTORY, until there are no new ones: a runtime may be forking
 * there right now. AGAIN: those that are known have been looked at before.
 */
static int meet_processes(struct session *session, struct subject *subject, int directory, bool again)
{
	struct meeting meeting = {.session = session, .subject = subject, .news = 1, .again = again};
	int r = 0;

	for (int i = 0; !r && meeting.news && i < MEETINGS; i++) {
		meeting.news = 0;
		r = lc_cgroup_each_pid_in(directory, meet_process, &meeting);
		meeting.again = true;
	}
	return r;
}

/* Begins to record cgroup ID, which was there before us, of SUBJECT, as a part of SHARE. */
static int record_cgroup(struct session *session, uint64_t id, uint64_t share, const struct subject *subject)
{
	const struct lc_recorded recorded = {
		.id = id,
		.target = subject->cgroup,
		.outer = subject->outer ? subject->outer->cgroup : 0,
		.share = share,
		.userns = subject->namespaces.userns,
		.pidns = subject->namespaces.pidns,
		.in_host = !subject->container,
		.started = subject->container && subject->started,
	};

	return lc_probe_record(session->probe, &recorded);
}

/* Whether every target of KIND is recorded. */
static bool is_recorded_kind(const struct session *session, enum lc_target_kind kind)
{
	return kind == LC_TARGET_CONTAINER || (kind == LC_TARGET_SERVICE && session->options->services);
}

/* The existing cgroup MADE is one of many of its share: it is recorded, and becomes a target at its first check. */
static int defer_existing(struct session *session, const struct lc_made_cgroup *made)
{
	const struct lc_recorded recorded = {.id = made->id, .target = made->id, .share = made->share};
	int r = lc_probe_record(session->probe, &recorded);

	if (r == -E2BIG) {
		session->elsewhere.of[LC_LOSS_CGROUPS]++;
		return 0;
	}
	return r ? r : lc_subjects_defer(&session->subjects, made->id, made->outer, made->share, made->path);
}

/* An existing cgroup: recorded if it is a container's, or lies below the one that was asked for. */
static int visit_existing(void *context, const struct lc_existing_cgroup *existing)
{
	struct session *session = context;
	struct lc_made_cgroup made = {.id = existing->id, .outer = existing->parent, .path = existing->path};
	const char *path = existing->path;
	struct lc_cgroup_name name;
	struct subject *subject;
	int r;

	/* Anybody may have made any number of them. */
	if (is_interrupted(session))
		return -ECANCELED;
	lc_cgroup_name_parse(path, &name);
	if (is_one_cgroup(session)) {
		size_t length = strlen(session->cgroup);

		if (strncmp(path, session->cgroup, length) != 0 || (path[length] && path[length] != '/' && length > 1))
			return 0;
	} else if (!is_recorded_kind(session, name.kind)) {
		return 0;
	}
	made.share = lc_probe_share(session->probe, made.id, existing->parent, existing->maker);
	if (name.target_length == strlen(path) && lc_subjects_are_many(&session->subjects, made.share))
		return defer_existing(session, &made);
	r = place_cgroup(session, &made, name, &subject);
	if (r)
		return r;
	r = meet_processes(session, subject, existing->directory, false);
	if (!r)
		r = record_cgroup(session, made.id, made.share, subject);
	/* So many cgroups keep nobody from recording the others. */
	if (r == -E2BIG) {
		subject->target.losses.of[LC_LOSS_CGROUPS]++;
		return 0;
	}
	/* Whoever came in between was not seen by the kernel side, which did not record the cgroup yet. */
	return r ? r : meet_processes(session, subject, existing->directory, true);
}

/* Process PID is one of the tree SUBJECT. */
static void meet_followed(void *context, pid_t pid)
{
	struct lc_namespaces namespaces;

	if (!lc_process_namespaces(pid, &namespaces))
		lc_subject_lives_in(context, &namespaces);
}

static int follow_process(struct session *session)
{
	pid_t pid = session->options->pid;
	struct subject *subject;
	char comm[64] = "";
	char path[64];
	_cleanup_file_ FILE *file = NULL;
	uint64_t stand_in;
	bool is_new;
	int r;

	subject = lc_subjects_get(&session->subjects, "process", strlen("process"), 0, &is_new);
	if (!subject)
		return -ENOMEM;
	subject->target.kind = LC_TARGET_COMMAND;
	r = lc_process_fill(&subject->target, pid);
	if (r)
		return r;
	subject->started = true;
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	file = fopen(path, "re");
	if (file && fgets(comm, sizeof(comm), file))
		comm[strcspn(comm, "\n")] = '\0';
	if (asprintf(&subject->target.name, "%s[%d]", comm, (int)pid) < 0) {
		subject->target.name = NULL;
		return -ENOMEM;
	}
	r = lc_follow_tree(session->probe, pid, meet_followed, subject, &stand_in);
	return r ? r : lc_subjects_place(&session->subjects, stand_in, subject);
}

/* Finds the hierarchy to record in; for a cgroup that was asked for the one that it lies in. */
static int find_hierarchy(struct session *session)
{
	/* The path is the caller's. */
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	char message[PATH_MAX + 128];
	uint64_t id;
	int r;

	if (!is_one_cgroup(session)) {
		r = lc_hierarchy_find(&session->hierarchy);
		return r ? fail(session, "no cgroup hierarchy is mounted: see /proc/self/mountinfo", r) : LC_EXIT_OK;
	}
	r = lc_as_caller_begin(&caller);
	if (!r)
		r = lc_hierarchy_at(
			session->options->cgroup_path, &session->hierarchy, session->cgroup, sizeof(session->cgroup));
	if (!r)
		r = lc_cgroup_id(session->options->cgroup_path, &id);
	if (!r)
		return LC_EXIT_OK;
	snprintf(message, sizeof(message), "%s: %s", session->options->cgroup_path,
		r == -ENOTDIR ? "not a cgroup's directory" : strerror(-r));
	return fail(session, message, r);
}

int lc_session_open(struct session **result, const struct session_options *options)
{
	const struct lc_probe_options probe = {
		.hook = options->hook,
		.new_cgroups = options->scope == SESSION_CONTAINERS,
		.follow = options->scope == SESSION_PROCESS,
		.keys = options->keys,
		.trace = options->trace,
		.stacks = options->stacks,
		.btf = options->btf,
	};
	const struct lc_why_options unwinder = {.debuginfod = options->debuginfod};
	struct session *session = calloc(1, sizeof(*session));
	struct lc_lookup_options lookups = {0};
	_cleanup_free_ char *message = NULL;
	int r;

	*result = session;
	if (!session)
		return LC_EXIT_FAILURE;
	session->options = options;
	session->log = options->log;
	session->events = (struct lc_probe_events){
		.context = session,
		.executed = on_executed,
		.touched = on_touched,
		.cgroup_made = on_cgroup_made,
		.cgroup_gone = on_cgroup_gone,
		.cgroup_was_quiet = on_cgroup_was_quiet,
		.started = on_started,
		.left = on_left,
		.stayed = on_stayed,
		.traced = options->trace ? on_traced : NULL,
		.returned = options->trace ? on_returned : NULL,
		.unwind = options->stacks ? on_stack : NULL,
	};
	session->found = (struct lc_lookup_events){
		.context = session,
		.carried = on_carried,
		.object = on_object,
		.stack = on_unwound,
		.given_up = on_given_up,
	};
	lookups.hierarchy = &session->hierarchy;
	/* Before anything is opened that its child need not have. */
	r = options->stacks ? lc_why_new(&session->unwinder, &unwinder, options->log) : 0;
	if (r)
		return fail(session, "could not start the process that unwinds stacks", r);
	if (lc_subjects_init(&session->subjects))
		return fail(session, NULL, -ENOMEM);
	r = find_hierarchy(session);
	if (r)
		return r;
	lookups.unwinder = session->unwinder;
	r = lc_lookups_new(&session->lookups, &lookups, &session->found, session->log);
	if (r)
		return fail(session, "could not start the process that looks at containers' files", r);
	r = lc_identity_new(&session->identity, NULL, session->log);
	if (r)
		return fail(session, NULL, r);
	lc_identity_in(session->identity, &session->hierarchy);
	r = lc_probe_open(&session->probe, &probe, &session->hierarchy, &session->events, session->log, &message);
	if (r) {
		int status = fail(session, message, r);

		return r == -ENOEXEC ? LC_EXIT_USAGE : status;
	}
	lc_log(session->log, LC_LOG_DEBUG, "hook: %s, cgroups: %s%s%s", lc_probe_hook(session->probe),
		session->hierarchy.mode, session->hierarchy.controller[0] ? " by controller " : "",
		session->hierarchy.controller);
	return LC_EXIT_OK;
}

/* Marks the subjects that were asked for. Returns the first name that nobody answers to, or NULL. */
static const char *mark_wanted(struct session *session)
{
	const struct session_options *options = session->options;
	const char *missing = NULL;

	for (size_t n = 0; n < options->n_names; n++) {
		bool found = false;

		for (struct subject *subject = session->subjects.first; subject; subject = subject->next) {
			if (!answers_to(&subject->target, options->names[n]))
				continue;
			subject->wanted = true;
			found = true;
		}
		if (!found && !missing)
			missing = options->names[n];
	}
	return missing;
}

/* Says that no container is called NAME, and which there are. */
static int refuse_name(struct session *session, const char *name)
{
	struct lc_strbuf message = {0};
	size_t shown = 0;

	lc_strbuf_addf(&message, "no running container is called '%s', nor does an id begin so", name);
	lc_strbuf_adds(&message, session->subjects.first ? "; running:" : "; no container is running");
	for (const struct subject *subject = session->subjects.first; subject && shown < 10;
		subject = subject->next, shown++)
		lc_strbuf_addf(&message, " %s", subject->target.name ? subject->target.name : "?");
	lc_log(session->log, LC_LOG_ERROR, "%s%s", message.text, shown == 10 ? " …" : "");
	lc_strbuf_free(&message);
	return LC_EXIT_USAGE;
}

/* Waits for what engines call the containers that there are. */
static void await_names(struct session *session)
{
	int64_t ends = lc_clock_ms(CLOCK_MONOTONIC) + NAMES_MS;

	while (lc_identity_pending(session->identity) && lc_clock_ms(CLOCK_MONOTONIC) < ends &&
		!is_interrupted(session)) {
		if (lc_session_wait(session, session->options->interrupt, SETTLE_LOOK_MS))
			break;
	}
}

int lc_session_start(struct session *session)
{
	_cleanup_free_ char *message = NULL;
	const char *missing;
	struct lc_unwalked unwalked = {0};
	int r = lc_probe_attach(session->probe, &message);

	if (r)
		return fail(session, message, r);
	session->started_ns = lc_clock_ns(CLOCK_REALTIME);
	if (session->options->scope == SESSION_PROCESS)
		r = follow_process(session);
	else
		r = lc_hierarchy_walk(&session->hierarchy, visit_existing, session, &unwalked);
	lc_unwalked_warn(&unwalked, session->log);
	if (r == -ESRCH) {
		if (asprintf(&message, "no process %d", (int)session->options->pid) < 0)
			message = NULL;
		return fail(session, message, r);
	}
	if (r)
		return fail(session, r == -ECANCELED ? "interrupted before all containers were found" : NULL, r);
	if (!session->options->n_names)
		return LC_EXIT_OK;
	await_names(session);
	missing = mark_wanted(session);
	return missing && !session->options->names_may_come ? refuse_name(session, missing) : LC_EXIT_OK;
}

static int sooner(int a, int b)
{
	if (a < 0)
		return b;
	return b < 0 || a < b ? a : b;
}

int lc_session_wait(struct session *session, int fd, int timeout_ms)
{
	struct pollfd fds[] = {
		{.fd = fd, .events = POLLIN},
		{.fd = lc_probe_fd(session->probe), .events = POLLIN},
		{.fd = lc_lookups_fd(session->lookups), .events = POLLIN},
		{.fd = lc_identity_fd(session->identity), .events = POLLIN},
	};
	int r;

	timeout_ms = sooner(timeout_ms, lc_lookups_timeout(session->lookups));
	timeout_ms = sooner(timeout_ms, lc_identity_timeout(session->identity));
	if (poll(fds, 4, timeout_ms) < 0 && errno != EINTR)
		return -errno;
	r = lc_identity_proceed(session->identity);
	if (r)
		return r;
	lc_lookups_proceed(session->lookups);
	return lc_probe_consume(session->probe);
}

/*
 * Waits for what engines and look-ups have not told yet: files and engines SETTLE_MS in all, stacks as long as one comes after the other,
 * unless the recording was INTERRUPTED or is now. What is not known then stays unknown.
 */
static void settle(struct session *session, bool interrupted)
{
	int64_t began = lc_clock_ms(CLOCK_MONOTONIC), last = began;
	size_t stacks = lc_lookups_pending(session->lookups, true);

	for (;;) {
		bool other = lc_lookups_pending(session->lookups, false) || lc_identity_pending(session->identity);
		size_t left = lc_lookups_pending(session->lookups, true);
		int64_t now = lc_clock_ms(CLOCK_MONOTONIC);

		interrupted = interrupted || is_interrupted(session);
		if (left != stacks)
			last = now;
		stacks = left;
		if (now - began >= SETTLE_MS)
			other = false;
		if (now - began >= (interrupted ? SETTLE_MS : STACKS_SETTLE_MS) || now - last >= SETTLE_MS)
			left = 0;
		if ((!other && !left) ||
			lc_session_wait(session, interrupted ? -1 : session->options->interrupt, SETTLE_LOOK_MS))
			break;
	}
	lc_lookups_cancel(session->lookups);
	lc_identity_settle(session->identity, 0);
}

int lc_session_trace_interval(const struct session *session)
{
	return lc_probe_trace_interval(session->probe);
}

uint64_t lc_session_untold(const struct session *session)
{
	return lc_probe_untold(session->probe);
}

uint64_t lc_session_checks(struct session *session)
{
	return lc_probe_total(session->probe);
}

/* Adds what was COUNTED in SUBJECT to the evidence of the targets that it lies in. */
static int add_around(const struct subject *subject, const struct lc_counted *counted)
{
	for (struct subject *outer = lc_subject_around(subject); outer; outer = lc_subject_around(outer)) {
		struct lc_check copy;
		int r = lc_check_copy(&copy, &counted->check);

		if (r)
			return r;
		place_check(outer, false, counted->userns, &copy);
		if (counted->outers_own && !lc_subject_around(outer))
			copy.credential = LC_CREDENTIAL_OWN;
		r = lc_target_add_evidence(&outer->target, &copy);
		if (r) {
			lc_check_clear(&copy);
			return r;
		}
	}
	return 0;
}

static int add_counted(void *context, struct lc_counted *counted)
{
	struct session *session = context;
	struct subject *subject = subject_at(session, counted->cgroup);
	int r = 0;

	/* The event that should have told about this cgroup found the ring buffer full. */
	if (!lc_subjects_at(&session->subjects, counted->cgroup))
		session->elsewhere.of[LC_LOSS_UNPLACED] += counted->check.count;
	if (!subject)
		return 0;
	if (!counted->setup)
		r = add_around(subject, counted);
	if (r)
		return r;
	place_check(subject, counted->setup, counted->userns, &counted->check);
	return lc_target_add_evidence(&subject->target, &counted->check);
}

/* Adds what was lost of cgroup ID to its target; what belongs to none that was met is kept apart. */
static int add_missed(void *context, uint64_t id, const struct lc_missed *missed)
{
	struct session *session = context;
	const struct place *place = lc_subjects_at(&session->subjects, id);
	bool is_lossy = missed->granted || lc_losses_total(&missed->losses);

	/* Who asked for containers by name need not know how many cgroups of others there were. */
	if (!place) {
		if (!missed->users || !session->options->n_names)
			lc_losses_add(&session->elsewhere, &missed->losses);
		return 0;
	}
	/* Nor is a place without a subject of interest, or one that waits in vain. */
	if (!place->subject && !(place->path && is_lossy))
		return 0;
	for (struct subject *subject = subject_at(session, id); subject; subject = lc_subject_around(subject)) {
		int r = add_known(
			session, subject, missed->granted, "found no room in the table of checks: see --keys");

		if (r)
			return r;
		lc_losses_add(&subject->target.losses, &missed->losses);
	}
	return 0;
}

/* Whether SUBJECT has its place in the profile. */
static bool belongs(const struct session *session, const struct subject *subject)
{
	if (session->options->scope != SESSION_CONTAINERS)
		return true;
	/* What only claims to be a container is shown as such. */
	if (!is_recorded_kind(session, subject->target.kind) && !subject->target.claim)
		return false;
	return !session->options->n_names || subject->wanted;
}

size_t lc_session_targets(const struct session *session)
{
	size_t n = 0;

	for (const struct subject *subject = session->subjects.first; subject; subject = subject->next)
		n += belongs(session, subject);
	return n;
}

static int fill_host(const struct session *session, struct lc_profile *profile)
{
	struct utsname system;

	uname(&system);
	profile->tool = strdup("leastcap " LC_VERSION);
	profile->kernel = strdup(system.release);
	profile->machine = strdup(system.machine);
	profile->hook = strdup(lc_probe_hook(session->probe));
	profile->cgroup = strdup(session->hierarchy.mode);
	profile->started_ns = session->started_ns;
	profile->ended_ns = lc_clock_ns(CLOCK_REALTIME);
	profile->elsewhere = session->elsewhere;
	profile->lost = lc_losses_total(&profile->elsewhere);
	return profile->tool && profile->kernel && profile->machine && profile->hook && profile->cgroup ? 0 : -ENOMEM;
}

/* Moves the judged targets into PROFILE. */
static int fill_targets(struct session *session, struct lc_profile *profile)
{
	for (struct subject *subject = session->subjects.first; subject; subject = subject->next) {
		struct lc_target *target;
		int r;

		if (!belongs(session, subject))
			continue;
		r = lc_judge_target(&subject->target);
		target = r ? NULL : lc_profile_add_target(profile);
		if (!target)
			return r ? r : -ENOMEM;
		*target = subject->target;
		profile->lost += lc_losses_total(&target->losses);
		memset(&subject->target, 0, sizeof(subject->target));
	}
	lc_profile_sort(profile);
	return 0;
}

int lc_session_finish(struct session *session, bool interrupted, struct lc_profile *profile)
{
	const char *missing;
	int r = lc_probe_stop(session->probe);

	settle(session, interrupted);
	/* What waited for stacks. */
	if (!r)
		r = lc_probe_consume(session->probe);
	if (lc_lookups_dropped(session->lookups))
		lc_log(session->log, LC_LOG_WARN,
			"%llu look-ups of files and stacks found no room in the queue: some evidence lacks them",
			(unsigned long long)lc_lookups_dropped(session->lookups));
	missing = mark_wanted(session);
	if (missing)
		lc_log(session->log, LC_LOG_WARN, "no container called '%s' was seen", missing);
	if (!r)
		r = lc_probe_each(session->probe, add_counted, session);
	if (!r)
		r = lc_probe_each_missed(session->probe, add_missed, session);
	if (!r)
		r = fill_host(session, profile);
	if (!r)
		r = fill_targets(session, profile);
	return r ? fail(session, NULL, r) : LC_EXIT_OK;
}

void lc_session_free(struct session *session)
{
	if (!session)
		return;
	lc_identity_free(session->identity);
	lc_lookups_free(session->lookups);
	lc_why_free(session->unwinder);
	lc_probe_free(session->probe);
	lc_subjects_clear(&session->subjects);
	free(session);
}
