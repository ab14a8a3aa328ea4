/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A recording from its start to its end, with a stand-in for the probe: what happens, and what was counted, is up to each test. Linked with
 * stand-ins for the clock on the wall, the cgroups that there are, and the dropping of privileges, which the other tests still need.
 */
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/merge.h>
#include <leastcap/recording.h>

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#define ID     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define CGROUP 77
#define PATH   "/docker/" ID
#define HOUR   (3600 * LC_NS_PER_S)

/* Something happens every so often (milliseconds). */
#define EVENT_MS 20

/* A program that ran. */
struct program {
	const char *path;
	uint32_t inode;
};

/* The probe. */
struct lc_probe {
	const struct lc_probe_events *events;
	int fd;                      /* timerfd */
	int (*const *happens)(void); /* one at each event, up to NULL */
	struct lc_check counted;     /* in CGROUP, unless its count is 0 */
	uint64_t counted_in;
	int64_t news_ns;                /* when a check in CGROUP was new; 0: none was counted */
	int64_t accepted_ns;            /* the first connection in CGROUP; 0: none */
	uint64_t port;                  /* at which it came */
	struct lc_missed missed;        /* in CGROUP */
	struct lc_missed elsewhere;     /* in none that is known */
	const struct program *programs; /* that ran in CGROUP, up to one without a path */
	int n_collected;
	struct lc_refused refused; /* the last */
	int n_refused;
	int64_t refused_until;
};

static struct lc_probe probe;

/* What CLOCK_REALTIME was set forward by. */
static int64_t jump_ns;

int __real_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_clock_gettime(clockid_t clock, struct timespec *now);
int __wrap_lc_hierarchy_find(struct lc_hierarchy *hierarchy);
int __wrap_lc_hierarchy_walk(const struct lc_hierarchy *hierarchy,
	int (*visit)(void *context, const struct lc_existing_cgroup *cgroup), void *context,
	struct lc_unwalked *unwalked);
int __wrap_lc_privileges_drop(const struct lc_privilege_use *use);

int __wrap_clock_gettime(clockid_t clock, struct timespec *now)
{
	int r = __real_clock_gettime(clock, now);

	if (clock == CLOCK_REALTIME)
		now->tv_sec += jump_ns / LC_NS_PER_S;
	return r;
}

int __wrap_lc_hierarchy_find(struct lc_hierarchy *hierarchy)
{
	*hierarchy = (struct lc_hierarchy){.mode = "v2", .mount = "/nowhere", .root = "/"};
	return 0;
}

int __wrap_lc_hierarchy_walk(const struct lc_hierarchy *hierarchy,
	int (*visit)(void *context, const struct lc_existing_cgroup *cgroup), void *context,
	struct lc_unwalked *unwalked)
{
	(void)hierarchy;
	(void)visit;
	(void)context;
	(void)unwalked;
	return 0;
}

int __wrap_lc_privileges_drop(const struct lc_privilege_use *use)
{
	(void)use;
	return 0;
}

int lc_probe_open(struct lc_probe **result, const struct lc_probe_options *options, char **message)
{
	const struct itimerspec often = {{0, EVENT_MS * LC_NS_PER_MS}, {0, EVENT_MS * LC_NS_PER_MS}};

	(void)message;
	probe.events = options->events;
	probe.fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	timerfd_settime(probe.fd, 0, &often, NULL);
	*result = &probe;
	return 0;
}

int lc_probe_consume(struct lc_probe *self)
{
	uint64_t times;

	if (read(self->fd, &times, sizeof(times)) < 0 || !self->happens || !*self->happens)
		return 0;
	return (*self->happens++)();
}

int lc_probe_each(struct lc_probe *self, int (*visit)(void *context, struct lc_counted *counted), void *context)
{
	struct lc_counted counted = {.cgroup = self->counted_in, .check = self->counted};

	return self->counted.count ? visit(context, &counted) : 0;
}

int lc_probe_each_missed(
	struct lc_probe *self, int (*visit)(void *context, uint64_t id, const struct lc_missed *missed), void *context)
{
	int r = visit(context, CGROUP, &self->missed);

	return r ? r : visit(context, 0, &self->elsewhere);
}

void lc_probe_each_program(const struct lc_probe *self,
	void (*visit)(void *context, uint64_t cgroup, const char *path, uint32_t inode), void *context)
{
	for (size_t i = 0; self->programs && self->programs[i].path; i++)
		visit(context, CGROUP, self->programs[i].path, self->programs[i].inode);
}

int lc_probe_collect(struct lc_probe *self, uint64_t id)
{
	assert_int_equal(id, CGROUP);
	self->n_collected++;
	return 0;
}

void lc_probe_free(struct lc_probe *self)
{
	if (self)
		close(self->fd);
}

int lc_probe_attach(struct lc_probe *self, char **message)
{
	(void)self;
	(void)message;
	return 0;
}

int lc_probe_stop(struct lc_probe *self)
{
	self->happens = NULL;
	return 0;
}

const char *lc_probe_hook(const struct lc_probe *self)
{
	(void)self;
	return "tp_btf";
}

int lc_probe_fd(const struct lc_probe *self)
{
	return self->fd;
}

int lc_probe_trace_interval(const struct lc_probe *self)
{
	(void)self;
	return -1;
}

struct lc_untold lc_probe_untold(const struct lc_probe *self)
{
	(void)self;
	return (struct lc_untold){0};
}

int lc_probe_each_call(
	struct lc_probe *self, int (*visit)(void *context, struct lc_counted_call *counted), void *context)
{
	static char name[] = "accept4";
	struct lc_counted_call counted = {.cgroup = CGROUP,
		.passed = true,
		.call = {.syscall = name, .count = 1, .argument = self->port, .first_ns = self->accepted_ns}};

	return self->accepted_ns ? visit(context, &counted) : 0;
}

enum lc_refusals lc_probe_refusals(const struct lc_probe *self)
{
	(void)self;
	return LC_REFUSALS_ALL;
}

uint64_t lc_probe_total(struct lc_probe *self)
{
	return self->counted.count;
}

void lc_probe_each_news(
	struct lc_probe *self, void (*visit)(void *context, uint64_t cgroup, int64_t time_ns), void *context)
{
	if (self->news_ns)
		visit(context, CGROUP, self->news_ns);
}

uint64_t lc_probe_share(const struct lc_probe *self, uint64_t id, uint64_t parent, uid_t maker)
{
	(void)self;
	(void)parent;
	(void)maker;
	return id;
}

int lc_probe_forget_gone(struct lc_probe *self)
{
	if (self->n_collected)
		self->events->cgroup_forgotten(self->events->context, CGROUP);
	return 0;
}

/* What no test here comes to. */
int lc_probe_record(struct lc_probe *self, const struct lc_recorded *recorded)
{
	(void)self;
	(void)recorded;
	return -ENOSYS;
}

int lc_probe_ignore(struct lc_probe *self, uint64_t id)
{
	(void)self;
	(void)id;
	return -ENOSYS;
}

int lc_probe_claim(struct lc_probe *self, uint64_t id, uint64_t target)
{
	(void)self;
	(void)id;
	(void)target;
	return -ENOSYS;
}

void lc_probe_rehome(struct lc_probe *self, pid_t pid, uint64_t target)
{
	(void)self;
	(void)pid;
	(void)target;
}

int lc_probe_refuse(struct lc_probe *self, const struct lc_refused *refused)
{
	self->refused = *refused;
	self->n_refused++;
	return 0;
}

void lc_probe_refuse_until(struct lc_probe *self, int64_t moment)
{
	self->refused_until = moment;
}

int lc_probe_follow(struct lc_probe *self, pid_t pid, pid_t root, uint64_t *stand_in)
{
	(void)self;
	(void)pid;
	(void)root;
	(void)stand_in;
	return -ENOSYS;
}

int lc_probe_belongs(struct lc_probe *self, pid_t pid, uint64_t target)
{
	(void)self;
	(void)pid;
	(void)target;
	return -ENOSYS;
}

bool lc_probe_knows(const struct lc_probe *self, pid_t pid)
{
	(void)self;
	(void)pid;
	return false;
}

int lc_probe_in_setup(struct lc_probe *self, pid_t pid, uint64_t target, unsigned int left_ms)
{
	(void)self;
	(void)pid;
	(void)target;
	(void)left_ms;
	return -ENOSYS;
}

uint64_t lc_probe_end_setup(struct lc_probe *self, pid_t pid)
{
	(void)self;
	(void)pid;
	return 0;
}

int lc_probe_mute(struct lc_probe *self, const void *key)
{
	(void)self;
	(void)key;
	return -ENOSYS;
}

void lc_probe_tell_carried(struct lc_probe *self, const void *key, int result, struct lc_carried *carried)
{
	(void)self;
	(void)key;
	(void)result;
	(void)carried;
}

void lc_probe_tell_object(struct lc_probe *self, const void *key, int result, struct lc_object *object)
{
	(void)self;
	(void)key;
	(void)result;
	(void)object;
}

void lc_probe_tell_stack(struct lc_probe *self, const void *key, struct lc_stack *stack)
{
	(void)self;
	(void)key;
	(void)stack;
}

/* An eventfd that is readable when it was said that something hangs. */
static int stuck = -1;

/* A recording, and what came of it. */
struct fixture {
	struct lc_recording_options options;
	struct lc_recording *recording;
	struct lc_profile profile;
	struct lc_log log;
	char *messages;
	size_t messages_size;
	char directory[32];
	char socket[64];
	int engine; /* listens, and never answers; -1: there is none */
	int64_t took_ms;
	char *words[5];
};

/* A file that a command makes when it is ready for signals: its script has it as $0. */
static char ready[64];

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	char host[80];

	probe = (struct lc_probe){.fd = -1};
	jump_ns = 0;
	f->engine = -1;
	f->log.threshold = LC_LOG_NOTICE;
	f->log.stream = open_memstream(&f->messages, &f->messages_size);
	f->options.log = &f->log;
	snprintf(f->directory, sizeof(f->directory), "/tmp/test-recording-XXXXXX");
	if (!mkdtemp(f->directory))
		return -1;
	snprintf(f->socket, sizeof(f->socket), "%s/engine", f->directory);
	snprintf(ready, sizeof(ready), "%s/ready", f->directory);
	snprintf(host, sizeof(host), "unix://%s", f->socket);
	setenv("DOCKER_HOST", host, 1);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	lc_recording_free(f->recording);
	lc_profile_clear(&f->profile);
	if (f->engine >= 0)
		close(f->engine);
	if (stuck >= 0)
		close(stuck);
	stuck = -1;
	unlink(f->socket);
	unlink(ready);
	rmdir(f->directory);
	fclose(f->log.stream);
	free(f->messages);
	free(f);
	return 0;
}

/* The engine hangs: whoever asks waits. */
static void engine_hangs(struct fixture *f)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", f->socket);
	f->engine = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(f->engine, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(f->engine, 16), 0);
}

/* The command is what sh(1) makes of SCRIPT. */
static void runs(struct fixture *f, char *script)
{
	static char shell[] = "sh", option[] = "-c";

	f->words[0] = shell;
	f->words[1] = option;
	f->words[2] = script;
	f->words[3] = ready;
	f->options.command = f->words;
}

static void begin(struct fixture *f)
{
	assert_int_equal(lc_recording_open(&f->recording, &f->options), 0);
	assert_int_equal(lc_recording_start(f->recording), 0);
	assert_int_equal(lc_recording_release(f->recording), 0);
}

/* Since when a recording's time counts. */
static int64_t began_ms;

/* Records while HAPPENS happens, to the end. */
static void record(struct fixture *f, int (*const *happens)(void))
{
	begin(f);
	probe.happens = happens;
	began_ms = lc_clock_ms(CLOCK_MONOTONIC);
	assert_int_equal(lc_recording_run(f->recording), 0);
	assert_int_equal(lc_recording_finish(f->recording, &f->profile), 0);
	f->took_ms = lc_clock_ms(CLOCK_MONOTONIC) - began_ms;
}

/* Waits, for ten seconds at most. The time counts from here. */
static int command_is_ready(void)
{
	for (int i = 0; i < 1000 && access(ready, F_OK); i++)
		usleep(10000);
	began_ms = lc_clock_ms(CLOCK_MONOTONIC);
	return 0;
}

static int nothing(void)
{
	return 0;
}

static int container_comes(void)
{
	const struct lc_made_cgroup made = {CGROUP, 0, CGROUP, PATH};

	probe.events->cgroup_made(probe.events->context, &made);
	return 0;
}

static int container_goes(void)
{
	probe.events->cgroup_gone(probe.events->context, CGROUP);
	return 0;
}

/* A program comes into the container: its first, or one more (docker exec). */
static int program_starts(void)
{
	const struct lc_started started = {.cgroup = CGROUP};

	probe.events->started(probe.events->context, &started);
	return 0;
}

/* Somebody sends the container's first process SIGNAL. */
static int tell_signal(int signal, bool outside)
{
	const struct lc_signalled signalled = {.target = CGROUP,
		.signal = signal,
		.outside = outside,
		.handled = 1U << SIGHUP,
		.time_ns = lc_clock_ns(CLOCK_REALTIME)};

	probe.events->signalled(probe.events->context, &signalled);
	return 0;
}

static int engine_sends_term(void)
{
	return tell_signal(SIGTERM, true);
}

static int engine_sends_quit(void)
{
	return tell_signal(SIGQUIT, true);
}

static int user_kills_it(void)
{
	return tell_signal(SIGKILL, true);
}

static int it_sends_itself_term(void)
{
	return tell_signal(SIGTERM, false);
}

static int connection_comes(void)
{
	probe.accepted_ns = lc_clock_ns(CLOCK_REALTIME);
	return 0;
}

static int interrupt(void)
{
	return kill(getpid(), SIGINT);
}

static int terminate(void)
{
	return kill(getpid(), SIGTERM);
}

static int clock_goes_forward(void)
{
	jump_ns = 5 * HOUR;
	return 0;
}

static int clock_goes_back(void)
{
	jump_ns = -5 * HOUR;
	return 0;
}

static int (*const a_container_comes[])(void) = {container_comes, NULL};

static void what_was_lost_is_told_of_the_target_it_belongs_to(void **state)
{
	struct fixture *f = *state;

	f->options.limit_ns = 100 * LC_NS_PER_MS;
	probe.missed.losses.of[LC_LOSS_CHECKS] = 5;
	probe.missed.granted = UINT64_C(1) << CAP_CHOWN;
	probe.elsewhere.losses.of[LC_LOSS_CHECKS] = 3;
	record(f, a_container_comes);
	assert_int_equal(f->profile.n_targets, 1);
	assert_int_equal(f->profile.targets[0].losses.of[LC_LOSS_CHECKS], 5);
	assert_int_equal(f->profile.targets[0].n_evidence, 1);
	assert_int_equal(f->profile.targets[0].evidence[0].cap, CAP_CHOWN);
	assert_int_equal(f->profile.elsewhere.of[LC_LOSS_CHECKS], 3);
	assert_int_equal(f->profile.lost, 8);
}

/* Counts N granted checks in the container, and takes what is new. */
static void count_and_take(struct fixture *f, uint64_t n, struct lc_profile *increment)
{
	static char about[] = "/data";

	lc_profile_clear(increment);
	probe.counted_in = CGROUP;
	probe.counted = (struct lc_check){
		.cap = CAP_CHOWN, .authority = LC_AUTHORITY_EFFECTIVE, .count = n, .about = n ? strdup(about) : NULL};
	assert_int_equal(lc_recording_take(f->recording, increment), 0);
	/* It has been delivered, and belongs to the target. */
	probe.counted = (struct lc_check){0};
}

/* Begins to record, and a container comes whose engine does not know it. */
static void begin_with_container(struct fixture *f)
{
	begin(f);
	container_comes();
	program_starts();
}

static void what_was_taken_is_not_told_again(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile increment = {0};
	struct fixture *f = *state;

	begin_with_container(f);
	count_and_take(f, 3, &increment);
	assert_int_equal(increment.n_targets, 1);
	assert_int_equal(increment.targets[0].n_evidence, 1);
	assert_int_equal(increment.targets[0].evidence[0].count, 3);
	assert_int_equal(increment.targets[0].cap_add, UINT64_C(1) << CAP_CHOWN);
	/* Nothing has happened. */
	count_and_take(f, 0, &increment);
	assert_int_equal(increment.n_targets, 0);
	count_and_take(f, 4, &increment);
	assert_int_equal(increment.n_targets, 1);
	assert_int_equal(increment.targets[0].evidence[0].count, 4);
	assert_int_equal(lc_recording_finish(f->recording, &f->profile), 0);
	assert_int_equal(f->profile.targets[0].n_evidence, 0);
}

static void what_was_lost_is_taken_once(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile increment = {0};
	struct fixture *f = *state;

	begin_with_container(f);
	probe.missed.losses.of[LC_LOSS_CHECKS] = 5;
	probe.elsewhere.losses.of[LC_LOSS_CHECKS] = 2;
	count_and_take(f, 0, &increment);
	assert_int_equal(increment.targets[0].losses.of[LC_LOSS_CHECKS], 5);
	assert_int_equal(increment.elsewhere.of[LC_LOSS_CHECKS], 2);
	assert_int_equal(increment.lost, 7);
	probe.missed.losses.of[LC_LOSS_CHECKS] = 1;
	probe.elsewhere.losses.of[LC_LOSS_CHECKS] = 0;
	count_and_take(f, 0, &increment);
	assert_int_equal(increment.targets[0].losses.of[LC_LOSS_CHECKS], 1);
	assert_int_equal(increment.lost, 1);
}

static void increments_tell_the_whole_life_when_they_are_merged(void **state)
{
	_cleanup_(lc_merge_clear) struct lc_merge merge = {0};
	_cleanup_(lc_profile_clear) struct lc_profile increment = {0}, merged = {0};
	struct fixture *f = *state;

	begin_with_container(f);
	count_and_take(f, 1, &increment);
	assert_int_equal(increment.targets[0].seen.from, LC_SEEN_FROM_START);
	assert_int_equal(increment.targets[0].seen.until, LC_SEEN_UNTIL_CUT);
	assert_int_equal(increment.targets[0].life.starts, 1);
	assert_int_equal(lc_merge_add(&merge, &increment), 0);
	container_goes();
	count_and_take(f, 1, &increment);
	assert_int_equal(increment.targets[0].seen.until, LC_SEEN_UNTIL_END);
	assert_int_equal(increment.targets[0].life.starts, 1);
	assert_int_equal(lc_merge_add(&merge, &increment), 0);
	assert_int_equal(lc_merge_finish(&merge, &merged), 0);
	assert_int_equal(merged.n_targets, 1);
	assert_int_equal(merged.targets[0].n_evidence, 1);
	assert_int_equal(merged.targets[0].evidence[0].count, 2);
	assert_int_equal(merged.targets[0].seen.from, LC_SEEN_FROM_START);
	assert_int_equal(merged.targets[0].seen.until, LC_SEEN_UNTIL_END);
}

static void a_container_that_is_gone_is_forgotten_when_it_was_taken(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile increment = {0};
	struct fixture *f = *state;

	begin_with_container(f);
	count_and_take(f, 1, &increment);
	assert_int_equal(lc_recording_targets(f->recording), 1);
	container_goes();
	assert_int_equal(lc_recording_targets(f->recording), 1);
	count_and_take(f, 1, &increment);
	assert_int_equal(increment.targets[0].evidence[0].count, 1);
	assert_int_equal(lc_recording_targets(f->recording), 0);
	/* One of the same name is new. */
	probe.n_collected = 0;
	container_comes();
	program_starts();
	count_and_take(f, 1, &increment);
	assert_int_equal(increment.targets[0].life.starts, 1);
	assert_int_equal(lc_recording_targets(f->recording), 1);
}

static void a_container_is_taken_when_it_is_known_who_it_is(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile increment = {0};
	struct fixture *f = *state;

	engine_hangs(f);
	begin_with_container(f);
	count_and_take(f, 3, &increment);
	assert_int_equal(increment.n_targets, 0);
	count_and_take(f, 4, &increment);
	assert_int_equal(increment.n_targets, 0);
	assert_int_equal(lc_recording_finish(f->recording, &f->profile), 0);
	assert_int_equal(f->profile.n_targets, 1);
	assert_int_equal(f->profile.targets[0].n_evidence, 2);
	assert_int_equal(f->profile.targets[0].evidence[0].count + f->profile.targets[0].evidence[1].count, 7);
}

/* Records for a moment a trial that refuses CHOWN to NAME, while a container comes that is called by its PATH. */
static void try_without(struct fixture *f, char *name)
{
	static char *names[1];

	names[0] = name;
	f->options.names = names;
	f->options.n_names = 1;
	f->options.names_may_come = true;
	f->options.limit_ns = 100 * LC_NS_PER_MS;
	if (!f->options.refused)
		f->options.refused = UINT64_C(1) << CAP_CHOWN;
	f->options.refused_ns = HOUR;
	record(f, a_container_comes);
}

static void a_trial_refuses_to_whom_was_named_and_says_that_he_came_late(void **state)
{
	static char name[] = PATH;
	struct fixture *f = *state;

	try_without(f, name);
	assert_int_equal(probe.n_refused, 1);
	assert_int_equal(probe.refused.target, CGROUP);
	assert_int_equal(probe.refused.caps, UINT64_C(1) << CAP_CHOWN);
	assert_true(probe.refused_until > lc_clock_ns(CLOCK_MONOTONIC));
	assert_false(lc_recording_trial_was_whole(f->recording));
}

static void a_trial_refuses_to_each_name_its_own(void **state)
{
	static const uint64_t each[] = {UINT64_C(1) << CAP_KILL};
	static char name[] = PATH;
	struct fixture *f = *state;

	f->options.refused = UINT64_C(1) << CAP_KILL | UINT64_C(1) << CAP_CHOWN;
	f->options.refused_each = each;
	try_without(f, name);
	assert_int_equal(probe.n_refused, 1);
	assert_int_equal(probe.refused.caps, UINT64_C(1) << CAP_KILL);
}

static void a_trial_refuses_nothing_to_others(void **state)
{
	static char name[] = "another";
	struct fixture *f = *state;

	try_without(f, name);
	assert_int_equal(probe.n_refused, 0);
	assert_true(lc_recording_trial_was_whole(f->recording));
}

/* Records while HAPPENS happens, to a limit. Returns the life of the one container that there was. */
static const struct lc_life *record_life(struct fixture *f, int (*const *happens)(void))
{
	f->options.limit_ns = 200 * LC_NS_PER_MS;
	record(f, happens);
	assert_int_equal(f->profile.n_targets, 1);
	return &f->profile.targets[0].life;
}

/* Records while a container comes that is still there when the command, which takes 0.2 s, ends. How much of it was seen. */
static const struct lc_seen *record_settling(struct fixture *f, int64_t settle_ns)
{
	static int (*const happens[])(void) = {container_comes, program_starts, NULL};
	static char script[] = "sleep 0.2";

	f->options.settle_ns = settle_ns;
	runs(f, script);
	record(f, happens);
	assert_int_equal(f->profile.n_targets, 1);
	return &f->profile.targets[0].seen;
}

static void what_the_command_has_started_is_waited_for_until_it_asks_for_nothing_new(void **state)
{
	const struct lc_seen *seen = record_settling(*state, LC_SETTLE_AS_NEEDED);

	assert_in_range(((struct fixture *)*state)->took_ms, 1900, 5000);
	assert_int_equal(seen->from, LC_SEEN_FROM_START);
	assert_int_equal(seen->until, LC_SEEN_UNTIL_SETTLED);
}

static void what_is_still_starting_when_the_recording_ends_is_cut_off(void **state)
{
	const struct lc_seen *seen = record_settling(*state, 0);

	assert_in_range(((struct fixture *)*state)->took_ms, 150, 1500);
	assert_int_equal(seen->until, LC_SEEN_UNTIL_CUT);
	assert_in_range(seen->cut_ns, 1, LC_NS_PER_S);
}

static void whoever_says_how_long_is_waited_so_long(void **state)
{
	const struct lc_seen *seen = record_settling(*state, LC_NS_PER_S);

	assert_in_range(((struct fixture *)*state)->took_ms, 1100, 3000);
	assert_int_equal(seen->until, LC_SEEN_UNTIL_CUT);
}

static void what_has_ended_is_not_waited_for(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, container_goes, NULL};
	static char script[] = "sleep 0.2";
	struct fixture *f = *state;

	f->options.settle_ns = LC_NS_PER_S;
	runs(f, script);
	record(f, happens);
	assert_in_range(f->took_ms, 150, 900);
	assert_int_equal(f->profile.targets[0].seen.until, LC_SEEN_UNTIL_END);
}

static void a_container_begins_with_its_first_program(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, program_starts, NULL};
	struct fixture *f = *state;
	const struct lc_life *life = record_life(f, happens);

	assert_true(life->began_ns > f->profile.started_ns && life->began_ns < f->profile.ended_ns);
	assert_int_equal(life->starts, 1);
	assert_int_equal(life->ended_ns, 0);
	assert_int_equal(life->sign, LC_SIGN_NONE);
}

static void a_container_ends_with_its_cgroup(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, container_goes, NULL};
	const struct lc_life *life = record_life(*state, happens);

	assert_true(life->ended_ns > life->began_ns);
	assert_int_equal(life->starts, 1);
}

static void a_container_that_comes_again_was_started_again(void **state)
{
	static int (*const happens[])(void) = {
		container_comes, program_starts, container_goes, container_comes, program_starts, NULL};
	const struct lc_life *life = record_life(*state, happens);

	assert_int_equal(life->starts, 2);
	assert_int_equal(life->ended_ns, 0);
}

static void of_a_container_whose_first_program_was_not_seen_no_life_is_known(void **state)
{
	assert_int_equal(record_life(*state, a_container_comes)->began_ns, 0);
}

static void the_first_connection_ends_the_start(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, connection_comes, nothing, NULL};
	const struct lc_life *life = record_life(*state, happens);

	assert_int_equal(life->sign, LC_SIGN_ACCEPT);
	assert_int_equal(life->served_ns, probe.accepted_ns);
}

static void the_user_says_how_long_the_start_takes(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, NULL};
	struct fixture *f = *state;
	const struct lc_life *life;

	f->options.start_ns = 50 * LC_NS_PER_MS;
	life = record_life(f, happens);
	assert_int_equal(life->sign, LC_SIGN_TOLD);
	assert_int_equal(life->served_ns, life->began_ns + 50 * LC_NS_PER_MS);
}

static void term_from_outside_is_the_stop(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, engine_sends_term, NULL};
	struct fixture *f = *state;
	const struct lc_life *life = record_life(f, happens);

	assert_true(life->stopping_ns > life->began_ns);
	assert_int_equal(f->profile.targets[0].coverage.sent, 1U << SIGTERM);
	assert_int_equal(f->profile.targets[0].coverage.handled, 1U << SIGHUP);
}

static void another_signal_is_the_stop_if_the_container_ends(void **state)
{
	static int (*const happens[])(void) = {
		container_comes, program_starts, engine_sends_quit, container_goes, NULL};

	assert_true(record_life(*state, happens)->stopping_ns);
}

static void another_signal_after_which_the_container_goes_on_is_none(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, engine_sends_quit, NULL};

	assert_int_equal(record_life(*state, happens)->stopping_ns, 0);
}

static void a_signal_before_it_is_killed_is_no_stop(void **state)
{
	static int (*const happens[])(void) = {
		container_comes, program_starts, engine_sends_quit, user_kills_it, container_goes, NULL};
	struct fixture *f = *state;

	assert_int_equal(record_life(f, happens)->stopping_ns, 0);
	assert_int_equal(f->profile.targets[0].coverage.sent, 1U << SIGQUIT | 1U << SIGKILL);
}

static void what_it_does_to_itself_is_no_stop(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, it_sends_itself_term, NULL};
	struct fixture *f = *state;

	assert_int_equal(record_life(f, happens)->stopping_ns, 0);
	assert_int_equal(f->profile.targets[0].coverage.sent, 1U << SIGTERM);
}

static void a_container_that_is_stopped_and_started_goes_on(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, engine_sends_term, container_goes,
		container_comes, program_starts, NULL};
	const struct lc_life *life = record_life(*state, happens);

	assert_int_equal(life->starts, 2);
	assert_int_equal(life->stopping_ns, 0);
}

/* A process whose root has a crontab that names two programs. */
static struct {
	char root[32];
	pid_t pid;
	struct stat status;
} cron;

static void write_below_root(const char *name, mode_t mode, const char *text)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", cron.root, name);
	file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	assert_int_equal(fchmod(fileno(file), mode), 0);
	fclose(file);
}

static void make_cron(void)
{
	char path[64];

	if (geteuid() != 0) {
		print_message("skipped: only root can change the root of a process\n");
		skip();
	}
	snprintf(cron.root, sizeof(cron.root), "/tmp/leastcap-test-XXXXXX");
	assert_non_null(mkdtemp(cron.root));
	snprintf(path, sizeof(path), "%s/etc", cron.root);
	assert_int_equal(mkdir(path, 0755), 0);
	write_below_root("etc/crontab", 0644, "@daily root /daily\n@reboot root /first\n");
	write_below_root("daily", 0755, "\177ELF");
	write_below_root("first", 0755, "\177ELF");
	assert_int_equal(stat(cron.root, &cron.status), 0);
	cron.pid = fork();
	if (!cron.pid) {
		if (chroot(cron.root))
			_exit(1);
		pause();
		_exit(0);
	}
	assert_true(cron.pid > 0);
	/* It has changed its root as soon as this is another one's. */
	snprintf(path, sizeof(path), "/proc/%d/root", (int)cron.pid);
	for (struct stat now = {0}; now.st_ino != cron.status.st_ino || now.st_dev != cron.status.st_dev; usleep(1000))
		assert_int_equal(stat(path, &now), 0);
}

static void end_cron(void)
{
	static const char *const names[] = {"etc/crontab", "etc", "daily", "first", ""};
	char path[64];

	kill(cron.pid, SIGKILL);
	waitpid(cron.pid, NULL, 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", cron.root, names[i]);
		remove(path);
	}
}

static int cron_runs(void)
{
	const struct lc_executed executed = {
		.key = &cron,
		.cgroup = CGROUP,
		.tgid = (uint32_t)cron.pid,
		.root = {lc_device(major(cron.status.st_dev), minor(cron.status.st_dev)), cron.status.st_ino},
		.path = "/usr/sbin/cron",
		.comm = "cron",
	};

	probe.events->executed(probe.events->context, &executed);
	return 0;
}

static void of_what_a_crontab_names_it_is_known_whether_it_ran(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, cron_runs, nothing, NULL};
	static const struct program programs[] = {{"/usr/sbin/cron", 1}, {"/first", 2}, {NULL, 0}};
	struct fixture *f = *state;
	const struct lc_coverage *coverage;

	make_cron();
	probe.programs = programs;
	record_life(f, happens);
	end_cron();
	coverage = &f->profile.targets[0].coverage;
	assert_int_equal(coverage->n_programs, 2);
	assert_string_equal(coverage->programs[0].path, "/daily");
	assert_string_equal(coverage->programs[0].file, "/etc/crontab");
	assert_false(coverage->programs[0].ran);
	assert_string_equal(coverage->programs[1].path, "/first");
	assert_true(coverage->programs[1].ran);
	assert_int_equal(coverage->programs_unknown, 0);
}

static void where_something_was_lost_nothing_is_said_not_to_have_run(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, cron_runs, nothing, NULL};
	static const struct program programs[] = {{"/first", 2}, {NULL, 0}};
	struct fixture *f = *state;
	const struct lc_coverage *coverage;

	make_cron();
	probe.programs = programs;
	probe.missed.losses.of[LC_LOSS_EVENTS] = 1;
	record_life(f, happens);
	end_cron();
	coverage = &f->profile.targets[0].coverage;
	assert_int_equal(coverage->n_programs, 1);
	assert_string_equal(coverage->programs[0].path, "/first");
	assert_int_equal(coverage->programs_unknown, 1);
}

static void the_port_of_a_connection_is_known(void **state)
{
	static int (*const happens[])(void) = {container_comes, program_starts, connection_comes, nothing, NULL};
	struct fixture *f = *state;
	const struct lc_coverage *coverage;

	probe.port = 8080;
	record_life(f, happens);
	coverage = &f->profile.targets[0].coverage;
	assert_int_equal(coverage->n_ports, 1);
	assert_int_equal(coverage->ports[0].number, 8080);
	assert_int_equal(coverage->ports[0].connections, 1);
}

static void what_was_counted_in_a_cgroup_that_was_never_told_of_is_lost(void **state)
{
	struct fixture *f = *state;

	f->options.limit_ns = 100 * LC_NS_PER_MS;
	probe.counted = (struct lc_check){.cap = CAP_CHOWN, .count = 4};
	probe.counted_in = CGROUP + 1;
	record(f, NULL);
	assert_int_equal(f->profile.elsewhere.of[LC_LOSS_UNPLACED], 4);
	assert_int_equal(f->profile.lost, 4);
}

static void a_container_that_goes_while_it_is_asked_about_keeps_what_it_did(void **state)
{
	static int (*const happens[])(void) = {container_comes, container_goes, NULL};
	struct fixture *f = *state;

	engine_hangs(f);
	f->options.limit_ns = 200 * LC_NS_PER_MS;
	probe.counted = (struct lc_check){.cap = CAP_CHOWN, .count = 1};
	probe.counted_in = CGROUP;
	record(f, happens);
	assert_int_equal(probe.n_collected, 1);
	assert_int_equal(f->profile.n_targets, 1);
	assert_int_equal(f->profile.targets[0].n_evidence, 1);
	assert_non_null(f->profile.targets[0].name);
}

static void an_engine_that_hangs_keeps_no_recording_from_its_end(void **state)
{
	struct fixture *f = *state;

	engine_hangs(f);
	f->options.limit_ns = 200 * LC_NS_PER_MS;
	record(f, a_container_comes);
	assert_int_equal(f->profile.n_targets, 1);
	assert_in_range(f->took_ms, 1000, 2500);
}

static void without_anything_to_wait_for_the_end_comes_at_once(void **state)
{
	struct fixture *f = *state;

	f->options.limit_ns = 200 * LC_NS_PER_MS;
	record(f, NULL);
	assert_in_range(f->took_ms, 150, 900);
}

static void the_recording_ends_with_its_command(void **state)
{
	static char script[] = "sleep 0.2; exit 7";
	struct fixture *f = *state;
	int status;

	runs(f, script);
	record(f, NULL);
	assert_in_range(f->took_ms, 150, 3000);
	assert_true(lc_recording_command_ended(f->recording, &status));
	assert_int_equal(WEXITSTATUS(status), 7);
}

static void a_command_that_is_not_there_is_said(void **state)
{
	static char word[] = "leastcap-no-such-command";
	struct fixture *f = *state;

	f->words[0] = word;
	f->options.command = f->words;
	assert_int_equal(lc_recording_open(&f->recording, &f->options), 0);
	assert_int_equal(lc_recording_start(f->recording), 0);
	assert_int_equal(lc_recording_release(f->recording), -ENOENT);
	fflush(f->log.stream);
	assert_non_null(strstr(f->messages, "leastcap-no-such-command: no such command"));
}

static void the_first_signal_goes_to_the_command_and_the_recording_ends_with_it(void **state)
{
	static int (*const happens[])(void) = {command_is_ready, interrupt, NULL};
	static char script[] = "trap 'sleep 0.3; exit 9' INT; : >\"$0\"; while :; do sleep 0.05; done";
	struct fixture *f = *state;
	int status;

	runs(f, script);
	record(f, happens);
	assert_in_range(f->took_ms, 300, 4000);
	assert_true(lc_recording_command_ended(f->recording, &status));
	assert_int_equal(WEXITSTATUS(status), 9);
}

static void the_second_signal_ends_a_recording_whose_command_does_not_end(void **state)
{
	static int (*const happens[])(void) = {command_is_ready, interrupt, nothing, interrupt, NULL};
	static char script[] = "trap '' INT; : >\"$0\"; exec sleep 4";
	struct fixture *f = *state;
	int status = 42;

	runs(f, script);
	record(f, happens);
	assert_in_range(f->took_ms, 0, 2000);
	assert_false(lc_recording_command_ended(f->recording, &status));
	assert_int_equal(status, 42);
}

static void without_a_command_the_first_signal_ends_it(void **state)
{
	static int (*const happens[])(void) = {terminate, NULL};
	struct fixture *f = *state;

	record(f, happens);
	assert_in_range(f->took_ms, 0, 2000);
}

static void a_signal_shortens_the_wait_for_engines(void **state)
{
	static int (*const happens[])(void) = {container_comes, interrupt, NULL};
	struct fixture *f = *state;

	engine_hangs(f);
	record(f, happens);
	assert_in_range(f->took_ms, 0, 2000);
	assert_int_equal(f->profile.n_targets, 1);
}

static void note_stuck(void)
{
	eventfd_write(stuck, 1);
}

static bool is_stuck(int wait_ms)
{
	struct pollfd said = {.fd = stuck, .events = POLLIN};

	return poll(&said, 1, wait_ms) > 0;
}

/* Does not answer for 3 seconds, unless it is given up before. */
static int hang(void)
{
	is_stuck(3000);
	return 0;
}

/* The recording may hang. */
static void watch_out(struct fixture *f)
{
	stuck = eventfd(0, EFD_CLOEXEC);
	assert_true(stuck >= 0);
	f->options.watcher.stuck = note_stuck;
}

static int interrupt_and_hang(void)
{
	interrupt();
	return hang();
}

static void a_signal_is_answered_within_two_seconds_whatever_hangs(void **state)
{
	static int (*const happens[])(void) = {interrupt_and_hang, NULL};
	struct fixture *f = *state;

	watch_out(f);
	record(f, happens);
	assert_true(is_stuck(0));
	assert_in_range(f->took_ms, 0, 2400);
}

static void what_hangs_without_a_signal_is_waited_for(void **state)
{
	static int (*const happens[])(void) = {hang, NULL};
	struct fixture *f = *state;

	watch_out(f);
	f->options.limit_ns = 100 * LC_NS_PER_MS;
	record(f, happens);
	assert_false(is_stuck(0));
	assert_true(f->took_ms >= 3000);
}

/* Records for 300 ms, while the clock is set, and looks at how long that was. */
static void assert_lasts(struct fixture *f, int (*const *happens)(void))
{
	int64_t before;

	f->options.limit_ns = 300 * LC_NS_PER_MS;
	probe.missed.granted = UINT64_C(1) << CAP_CHOWN;
	before = lc_clock_ns(CLOCK_REALTIME);
	record(f, happens);
	assert_in_range(f->took_ms, 300, 1500);
	assert_in_range(f->profile.started_ns - before, 0, 5 * LC_NS_PER_S);
	assert_in_range(f->profile.ended_ns - f->profile.started_ns, 300 * LC_NS_PER_MS, 2 * LC_NS_PER_S);
	assert_int_equal(f->profile.targets[0].n_evidence, 1);
	assert_in_range(
		f->profile.targets[0].evidence[0].last_ns - f->profile.started_ns, 300 * LC_NS_PER_MS, 2 * LC_NS_PER_S);
}

static void a_clock_that_is_set_forward_moves_no_end_and_no_duration(void **state)
{
	static int (*const happens[])(void) = {container_comes, clock_goes_forward, NULL};

	assert_lasts(*state, happens);
}

static void a_clock_that_is_set_back_moves_no_end_and_no_duration(void **state)
{
	static int (*const happens[])(void) = {container_comes, clock_goes_back, NULL};

	assert_lasts(*state, happens);
}

static int fails(void)
{
	return -EIO;
}

static void when_the_probe_fails_the_recording_ends_early_and_keeps_what_it_has(void **state)
{
	static int (*const happens[])(void) = {container_comes, fails, NULL};
	struct fixture *f = *state;

	begin(f);
	probe.happens = happens;
	assert_int_equal(lc_recording_run(f->recording), -EIO);
	assert_int_equal(lc_recording_finish(f->recording, &f->profile), 0);
	assert_int_equal(f->profile.n_targets, 1);
	fflush(f->log.stream);
	assert_non_null(strstr(f->messages, "the recording ended early"));
}

static bool seen_enough(void *context, const struct lc_recording *recording)
{
	(void)recording;
	return --*(int *)context > 0;
}

static void whoever_has_seen_enough_ends_it(void **state)
{
	struct fixture *f = *state;
	int looks = 3;

	f->options.watcher.looked = seen_enough;
	f->options.watcher.context = &looks;
	record(f, NULL);
	assert_int_equal(looks, 0);
}

static void count_calls(void *context, const struct lc_recording *recording)
{
	(void)recording;
	++*(int *)context;
}

static void progress_is_told_as_often_as_was_asked_for(void **state)
{
	struct fixture *f = *state;
	int calls = 0;

	f->options.watcher =
		(struct lc_recording_watcher){.context = &calls, .progressed = count_calls, .progress_ms = 100};
	f->options.limit_ns = 550 * LC_NS_PER_MS;
	record(f, NULL);
	assert_in_range(calls, 1, 5);
}

static void a_name_that_no_container_has_is_refused(void **state)
{
	static char name[] = "web";
	static char *names[] = {name};
	struct fixture *f = *state;

	f->options.names = names;
	f->options.n_names = 1;
	assert_int_equal(lc_recording_open(&f->recording, &f->options), 0);
	assert_int_equal(lc_recording_start(f->recording), -ENXIO);
	fflush(f->log.stream);
	assert_non_null(strstr(f->messages, "no running container is called 'web'"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_lost_is_told_of_the_target_it_belongs_to),
		TEST(what_was_taken_is_not_told_again),
		TEST(what_was_lost_is_taken_once),
		TEST(increments_tell_the_whole_life_when_they_are_merged),
		TEST(a_container_that_is_gone_is_forgotten_when_it_was_taken),
		TEST(a_container_is_taken_when_it_is_known_who_it_is),
		TEST(a_trial_refuses_to_whom_was_named_and_says_that_he_came_late),
		TEST(a_trial_refuses_to_each_name_its_own),
		TEST(a_trial_refuses_nothing_to_others),
		TEST(what_the_command_has_started_is_waited_for_until_it_asks_for_nothing_new),
		TEST(what_is_still_starting_when_the_recording_ends_is_cut_off),
		TEST(whoever_says_how_long_is_waited_so_long),
		TEST(what_has_ended_is_not_waited_for),
		TEST(a_container_begins_with_its_first_program),
		TEST(a_container_ends_with_its_cgroup),
		TEST(a_container_that_comes_again_was_started_again),
		TEST(of_a_container_whose_first_program_was_not_seen_no_life_is_known),
		TEST(the_first_connection_ends_the_start),
		TEST(the_user_says_how_long_the_start_takes),
		TEST(term_from_outside_is_the_stop),
		TEST(another_signal_is_the_stop_if_the_container_ends),
		TEST(another_signal_after_which_the_container_goes_on_is_none),
		TEST(a_signal_before_it_is_killed_is_no_stop),
		TEST(what_it_does_to_itself_is_no_stop),
		TEST(a_container_that_is_stopped_and_started_goes_on),
		TEST(of_what_a_crontab_names_it_is_known_whether_it_ran),
		TEST(where_something_was_lost_nothing_is_said_not_to_have_run),
		TEST(the_port_of_a_connection_is_known),
		TEST(what_was_counted_in_a_cgroup_that_was_never_told_of_is_lost),
		TEST(a_container_that_goes_while_it_is_asked_about_keeps_what_it_did),
		TEST(an_engine_that_hangs_keeps_no_recording_from_its_end),
		TEST(without_anything_to_wait_for_the_end_comes_at_once),
		TEST(the_recording_ends_with_its_command),
		TEST(a_command_that_is_not_there_is_said),
		TEST(the_first_signal_goes_to_the_command_and_the_recording_ends_with_it),
		TEST(the_second_signal_ends_a_recording_whose_command_does_not_end),
		TEST(without_a_command_the_first_signal_ends_it),
		TEST(a_signal_shortens_the_wait_for_engines),
		TEST(a_signal_is_answered_within_two_seconds_whatever_hangs),
		TEST(what_hangs_without_a_signal_is_waited_for),
		TEST(a_clock_that_is_set_forward_moves_no_end_and_no_duration),
		TEST(a_clock_that_is_set_back_moves_no_end_and_no_duration),
		TEST(when_the_probe_fails_the_recording_ends_early_and_keeps_what_it_has),
		TEST(whoever_has_seen_enough_ends_it),
		TEST(progress_is_told_as_often_as_was_asked_for),
		TEST(a_name_that_no_container_has_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
