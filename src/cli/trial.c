/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One run of a command while it is recorded, in a process of its own. */
#include "src/cli/trial.h"
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/profile.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

/* How often (milliseconds) is looked whether it has ended. */
#define LOOK_MS 100

/* How often (milliseconds) is looked at the containers' processes. */
#define SAMPLE_MS 200

/* How long a command that took too long, or the user wants to end, has to end by itself. */
#define PATIENCE_NS (10 * LC_NS_PER_S)

/* What the recording's process leaves for us, besides the profile. */
struct left {
	int status; /* the command's */
	bool leaky;
	bool ended;
};

static volatile sig_atomic_t signalled;
static volatile pid_t recorder;

/* What a terminal sends, the recording's process and the command have got already. */
static void note_signal(int number, siginfo_t *info, void *context)
{
	(void)context;
	signalled = number;
	if (recorder && info->si_code != SI_KERNEL)
		kill(recorder, number);
}

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};

void lc_trial_begin(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction action = {.sa_sigaction = note_signal, .sa_flags = SA_SIGINFO};
		struct sigaction before;

		/* A signal that is ignored (nohup) stays so. */
		if (sigaction(signals[i], NULL, &before) || before.sa_handler == SIG_IGN)
			continue;
		sigaction(signals[i], &action, NULL);
	}
}

bool lc_trial_is_interrupted(void)
{
	return signalled;
}

/* Kills each child that we have now. How many those were; -errno when the kernel doesn't tell (CONFIG_PROC_CHILDREN). */
static int kill_children(void)
{
	_cleanup_file_ FILE *children = NULL;
	char path[64];
	int n = 0, pid;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", gettid());
	children = fopen(path, "re");
	if (!children)
		return -errno;
	while (fscanf(children, "%d", &pid) == 1)
		n += !kill(pid, SIGKILL);
	return n;
}

void lc_trial_end_left(void)
{
	int n;

	/* The children of those that are killed become ours. */
	while ((n = kill_children()) > 0) {
		for (; n > 0; n--)
			waitpid(-1, NULL, 0);
	}
}

static void end_at_once(void)
{
	_exit(LC_EXIT_FAILURE);
}

static int write_all(int fd, const char *text, size_t length)
{
	size_t done = 0;

	while (done < length) {
		ssize_t n = write(fd, text + done, length - done);

		if (n < 0 && errno != EINTR)
			return -errno;
		done += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

/* Writes what was recorded, and behind a NUL what was seen, to FD. 0 or -errno. */
static int leave(int fd, const struct lc_profile *profile, const struct lc_samples *samples)
{
	_cleanup_free_ char *text = lc_profile_to_json(profile);
	_cleanup_(lc_strbuf_free) struct lc_strbuf seen = {0};
	int r = text ? write_all(fd, text, strlen(text) + 1) : -ENOMEM;

	lc_samples_write(samples, &seen);
	if (!r)
		r = seen.failed ? -ENOMEM : write_all(fd, seen.text ? seen.text : "", seen.length + !!seen.text);
	return r;
}

static int sample(void *context, const struct lc_target *target, pid_t pid)
{
	return lc_samples_take(context, target->id ? target->id : LC_TRIAL_COMMAND, pid) ? 1 : 0;
}

/* Looks at the containers' processes. */
static void look(void *context, const struct lc_recording *recording)
{
	lc_samples_look(context);
	lc_recording_each_process(recording, sample, context);
}

/* RECORDING, which is open, from its start to what it and SAMPLES leave at FD and in LEFT. An exit status. */
static int record(struct lc_recording *recording, const struct lc_samples *samples, int fd, struct left *left)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	int r = lc_recording_start(recording);

	if (r)
		return LC_EXIT_FAILURE;
	r = lc_recording_release(recording);
	if (r)
		return r == -ENOENT ? LC_EXIT_NOT_FOUND : LC_EXIT_CANNOT_RUN;
	lc_recording_run(recording);
	r = lc_recording_finish(recording, &profile);
	left->leaky = !lc_recording_trial_was_whole(recording);
	if (!r)
		r = lc_profile_cut(&profile);
	if (!r)
		r = leave(fd, &profile, samples);
	left->ended = lc_recording_command_ended(recording, &left->status);
	return r ? LC_EXIT_FAILURE : LC_EXIT_OK;
}

/* The process that records. Does not return. */
static void be_recorder(const struct lc_trial *trial, int fd, struct left *left)
{
	struct lc_recording_options options = *trial->options;
	struct lc_recording *recording = NULL;
	struct lc_samples samples = {0};
	int status = LC_EXIT_FAILURE;

	/* If we are killed, nobody else ends the command. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], SIG_DFL);
	options.watcher = (struct lc_recording_watcher){
		.context = &samples, .progressed = look, .progress_ms = SAMPLE_MS, .stuck = end_at_once};
	if (!lc_recording_open(&recording, &options))
		status = record(recording, &samples, fd, left);
	lc_recording_free(recording);
	fflush(NULL);
	_exit(status);
}

/* Waits for the recording's process, and ends it when it is time. *STATUS is as waitpid tells it. */
static void wait_for(const struct lc_trial *trial, struct lc_trial_end *end, int *status)
{
	int64_t began = lc_clock_ns(CLOCK_MONOTONIC), asked = 0;

	for (;;) {
		pid_t pid = waitpid(recorder, status, WNOHANG);
		int64_t now = lc_clock_ns(CLOCK_MONOTONIC);

		if (pid == recorder || (pid < 0 && errno != EINTR)) {
			end->took_ns = now - began;
			return;
		}
		end->given_up |= trial->looked && !trial->looked(trial->context);
		if (!asked && !end->given_up && trial->limit_ns && now - began > trial->limit_ns)
			end->timed_out = true;
		/* What the user has sent, it has got. */
		if (!asked && signalled)
			asked = now;
		if (!asked && (end->given_up || end->timed_out)) {
			asked = now;
			kill(recorder, SIGTERM);
		}
		if (asked && now - asked > PATIENCE_NS) {
			asked = now;
			kill(recorder, SIGTERM);
		}
		poll(NULL, 0, LOOK_MS);
	}
}

/* Reads what the recording's process has left. 0 or -errno. */
static int take_profile(int fd, struct lc_trial_end *end)
{
	_cleanup_free_ char *message = NULL;
	off_t length = lseek(fd, 0, SEEK_END);
	size_t profile;
	char *text;
	int r;

	if (length <= 0)
		return -EIO;
	text = mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	if (text == MAP_FAILED)
		return -errno;
	profile = strnlen(text, (size_t)length);
	r = lc_profile_from_json(&end->profile, text, profile, &message);
	/* What follows ends with a NUL, too. */
	if (!r && profile + 1 < (size_t)length)
		r = lc_samples_read(&end->samples, text + profile + 1);
	munmap(text, (size_t)length);
	return r;
}

/* What the process, which ended with STATUS, has left at FD and in LEFT, into END. An exit status. */
static int take(const struct lc_trial *trial, struct lc_trial_end *end, int status, int fd, const struct left *left)
{
	int r;

	end->interrupted = signalled;
	if (WIFEXITED(status) && WEXITSTATUS(status))
		return WEXITSTATUS(status);
	if (!WIFEXITED(status) || (!left->ended && !end->timed_out && !end->given_up && !end->interrupted)) {
		lc_log(trial->options->log, LC_LOG_ERROR, "the recording ended by itself");
		return LC_EXIT_FAILURE;
	}
	end->status = left->status;
	end->leaky = left->leaky;
	r = take_profile(fd, end);
	if (r)
		lc_log(trial->options->log, LC_LOG_ERROR, "cannot read what was recorded: %s", strerror(-r));
	return r ? LC_EXIT_FAILURE : LC_EXIT_OK;
}

int lc_trial_run(const struct lc_trial *trial, struct lc_trial_end *end)
{
	_cleanup_fd_ int fd = memfd_create("leastcap-trial", MFD_CLOEXEC);
	struct left *left = mmap(NULL, sizeof(*left), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0, r;

	if (fd < 0 || left == MAP_FAILED) {
		lc_log(trial->options->log, LC_LOG_ERROR, "cannot make room for a trial: %s", strerror(errno));
		return LC_EXIT_FAILURE;
	}
	fflush(NULL);
	recorder = signalled ? 0 : fork();
	if (!recorder && !signalled)
		be_recorder(trial, fd, left);
	if (recorder > 0)
		wait_for(trial, end, &status);
	end->interrupted = signalled;
	if (recorder < 0)
		lc_log(trial->options->log, LC_LOG_ERROR, "cannot fork: %s", strerror(errno));
	r = recorder > 0 ? take(trial, end, status, fd, left) : signalled ? LC_EXIT_OK : LC_EXIT_FAILURE;
	recorder = 0;
	munmap(left, sizeof(*left));
	return end->interrupted ? LC_EXIT_OK : r;
}
