/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap hook: as a hook of an OCI runtime, records a container whose annotation asks for it, from its first process on. */
#include "src/cli/cli.h"

#include <leastcap/cleanup.h>
#include <leastcap/host.h>
#include <leastcap/input_file.h>
#include <leastcap/oci_hook.h>
#include <leastcap/output_file.h>
#include <leastcap/profile.h>
#include <leastcap/recording.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OPTION_IN = LC_OPTION_OWN };

/* A state is shorter. */
#define STATE_MAX (1 << 20)

/* How long a recorder may take to begin, and to write its profile in the end (milliseconds). */
#define PATIENCE_MS 60000

/* Where profiles may go if nobody says. */
static const char *const usual_places[] = {"/var/lib/leastcap", "/tmp", "/var/tmp"};

#define PLACES_MAX 32

static const struct argp_option options[] = {
	{"in", OPTION_IN, "DIR", 0,
		"profiles may go to DIR and below; may be given several times (/var/lib/leastcap, /tmp, /var/tmp)", 0},
	{0},
};

struct hook_options {
	const char *stage;
	const char *places[PLACES_MAX];
	size_t n_places;
};

/* What the recorder of a container works with. */
struct hooked {
	struct lc_oci_state state;
	struct lc_log log;
	struct lc_recording_options options;
	struct lc_recorded_container container;
	char cgroup[2 * PATH_MAX]; /* the directory of its cgroup */
	int note;
	int told; /* a pipe: to the hook, which waits */
	struct lc_output_file *file;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct hook_options *hook = state->input;

	switch (key) {
	case OPTION_IN:
		if (*argument != '/' || hook->n_places == PLACES_MAX)
			lc_cli_usage_error("--in: '%s' is no absolute path, or one too many", argument);
		hook->places[hook->n_places++] = argument;
		return 0;
	case ARGP_KEY_ARG:
		if (hook->stage)
			lc_cli_usage_error("one stage at a time: createRuntime or poststop");
		hook->stage = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp lc_argp_hook = {
	.options = options,
	.parser = parse,
	.args_doc = "createRuntime|poststop",
	.doc = "A hook of an OCI runtime, which is given the container's state on standard input. createRuntime records a container with the annotation " LC_OCI_ANNOTATION
	       "=of:/tmp/web.json until it ends; poststop waits until its profile is written. Exit status: 0, or 1 when a container that is to be recorded can't be, which keeps it from starting.",
};

/* Ends the recorder without waiting for what does not answer. */
static void end_at_once(void)
{
	_exit(LC_EXIT_FAILURE);
}

/* Leaves the cgroups of the engine, which are to go when the container goes. Where that fails nothing else does. */
static int leave_cgroup(void *context, const struct lc_mount *mount)
{
	_cleanup_fd_ int fd = -1;
	char path[PATH_MAX];

	(void)context;
	if (strncmp(mount->type, "cgroup", strlen("cgroup")) != 0 || strcmp(mount->root, "/") != 0)
		return 0;
	snprintf(path, sizeof(path), "%s/cgroup.procs", mount->point);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	(void)!write(fd, "0", 1);
	return 0;
}

/* Finds the cgroup of the container's first process, as a whole. 0 or -errno, which has been said. */
static int find_cgroup(struct hooked *hooked)
{
	char path[PATH_MAX], own[PATH_MAX];
	struct lc_hierarchy hierarchy;
	struct lc_cgroup_name name;
	const char *below;
	int r = lc_hierarchy_find(&hierarchy);

	if (!r)
		r = lc_cgroup_of_pid(&hierarchy, hooked->state.pid, path, sizeof(path));
	if (!r)
		r = lc_cgroup_of_pid(&hierarchy, getpid(), own, sizeof(own));
	if (!r && (strcmp(path, own) == 0 || strcmp(path, "/") == 0))
		r = -EXDEV;
	if (!r) {
		lc_cgroup_name_parse(path, &name);
		if (name.kind == LC_TARGET_CONTAINER)
			path[name.target_length] = '\0';
		below = lc_hierarchy_below(&hierarchy, path);
		r = below ? 0 : -ENOENT;
	}
	if (r) {
		lc_log(&hooked->log, LC_LOG_ERROR, "container %s can't be recorded: %s", hooked->state.id,
			r == -EXDEV ? "it has no cgroup of its own" : strerror(-r));
		return r;
	}
	snprintf(hooked->cgroup, sizeof(hooked->cgroup), "%s%s", hierarchy.mount, below);
	return 0;
}

/* Opens the file that the profile goes to, in DIRECTORIES. 0 or -errno, which has been said. */
static int open_output(struct hooked *hooked, const struct hook_options *hook)
{
	static const mode_t mode = 0600;
	_cleanup_free_ char *message = NULL;
	const char *name = NULL;
	_cleanup_fd_ int directory =
		hook->n_places ? lc_oci_open_place(hooked->state.output, hook->places, hook->n_places, &name, &message)
			       : lc_oci_open_place(hooked->state.output, usual_places,
					 sizeof(usual_places) / sizeof(usual_places[0]), &name, &message);
	int r = directory < 0 ? directory : 0;

	if (!r && fchdir(directory))
		r = -errno;
	if (!r)
		r = lc_output_file_open(&hooked->file, name, &mode, &message);
	if (!r)
		hooked->options.output = name;
	if (r)
		lc_log(&hooked->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	return r;
}

/* Records the container to its end and writes the profile. 0 or -errno, which has been said. */
static int record(struct hooked *hooked, struct lc_recording *recording)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;
	int r = lc_recording_start(recording);

	if (r)
		return r;
	/* The hook, and with it the runtime, goes on. */
	(void)!write(hooked->told, "", 1);
	close(hooked->told);
	hooked->told = -1;
	lc_recording_run(recording);
	r = lc_recording_finish(recording, &profile);
	if (r)
		return r;
	lc_recording_saving(recording, true);
	r = lc_profile_write(&profile, hooked->file, &message);
	if (r)
		lc_log(&hooked->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	return r;
}

/* What the recorder does in its own process. An exit status. */
static int record_hooked(struct hooked *hooked, const struct hook_options *hook)
{
	struct lc_recording *recording = NULL;
	int r = lc_recording_check_privileges(&hooked->options) ?: find_cgroup(hooked) ?: open_output(hooked, hook);

	hooked->options.scope = LC_SCOPE_CGROUP;
	hooked->options.cgroup_path = hooked->cgroup;
	hooked->container = (struct lc_recorded_container){hooked->state.id, hooked->state.bundle};
	hooked->options.container = &hooked->container;
	hooked->options.until = hooked->state.pid;
	hooked->options.watcher.stuck = end_at_once;
	if (!r) {
		lc_mounts_each(0, leave_cgroup, NULL);
		r = lc_recording_open(&recording, &hooked->options);
	}
	if (!r)
		r = record(hooked, recording);
	lc_recording_free(recording);
	lc_output_file_free(hooked->file);
	return r ? LC_EXIT_FAILURE : LC_EXIT_OK;
}

/* Passes on to the hook what was said until now, which is why nothing is recorded. */
static void tell_failure(const struct hooked *hooked)
{
	char text[2048];
	ssize_t n = pread(hooked->note, text, sizeof(text), 0);

	(void)!write(hooked->told, n > 0 ? text : "it failed\n", n > 0 ? (size_t)n : strlen("it failed\n"));
}

/* Becomes the recorder, away from all that the runtime waits for. Does not return. */
static void __attribute__((noreturn)) become_recorder(struct hooked *hooked, const struct hook_options *hook)
{
	static char buffer[BUFSIZ];
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC), status;

	setsid();
	hooked->note = lc_oci_note_make(hooked->state.id);
	if (hooked->note < 0 || nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(nothing, STDOUT_FILENO) < 0 ||
		dup2(hooked->note, STDERR_FILENO) < 0) {
		(void)!dprintf(hooked->told, "leastcap: /run/leastcap/hook/%s: %s\n", hooked->state.id,
			hooked->note == -EEXIST ? "it is being recorded already"
						: strerror(hooked->note < 0 ? -hooked->note : errno));
		_exit(LC_EXIT_FAILURE);
	}
	setvbuf(stderr, buffer, _IOLBF, sizeof(buffer));
	hooked->log = (struct lc_log){.threshold = LC_LOG_WARN, .stream = stderr};
	hooked->options.log = &hooked->log;
	status = record_hooked(hooked, hook);
	fflush(stderr);
	if (hooked->told >= 0)
		tell_failure(hooked);
	/* What there is to say waits for poststop. */
	if (hooked->told >= 0 || lseek(hooked->note, 0, SEEK_END) == 0)
		lc_oci_note_remove(hooked->state.id);
	_exit(status);
}

/* Waits until the recorder PID has begun, or has said at TOLD why not. An exit status. */
static int await_recorder(const struct hooked *hooked, pid_t pid, int told)
{
	struct pollfd words = {.fd = told, .events = POLLIN};
	char text[2049] = "";
	ssize_t n = poll(&words, 1, PATIENCE_MS) > 0 ? read(told, text, sizeof(text) - 1) : -1;

	if (n > 0 && !*text)
		return LC_EXIT_OK;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	if (n > 0)
		fputs(text, stderr);
	else
		lc_log(&hooked->log, LC_LOG_ERROR, "container %s can't be recorded: its recorder did not begin",
			hooked->state.id);
	return LC_EXIT_FAILURE;
}

/* Starts the recorder of the container, and waits until it sees what the container does. An exit status. */
static int create(struct hooked *hooked, const struct hook_options *hook)
{
	int ends[2];
	pid_t pid;

	if (!hooked->state.pid) {
		lc_log(&hooked->log, LC_LOG_ERROR,
			"container %s has no process yet: this is for the stage createRuntime", hooked->state.id);
		return LC_EXIT_FAILURE;
	}
	if (pipe2(ends, O_CLOEXEC)) {
		lc_log(&hooked->log, LC_LOG_ERROR, "%s", strerror(errno));
		return LC_EXIT_FAILURE;
	}
	fflush(NULL);
	pid = fork();
	if (!pid) {
		close(ends[0]);
		hooked->told = ends[1];
		become_recorder(hooked, hook);
	}
	close(ends[1]);
	if (pid > 0)
		return await_recorder(hooked, pid, ends[0]);
	lc_log(&hooked->log, LC_LOG_ERROR, "cannot fork: %s", strerror(errno));
	return LC_EXIT_FAILURE;
}

/* Waits for the profile, and passes on what its recorder has to say. An exit status. */
static int stop(const struct hooked *hooked)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf said = {0};
	int r = lc_oci_note_await(hooked->state.id, PATIENCE_MS, &said);

	if (said.text)
		fputs(said.text, stderr);
	if (!r)
		return LC_EXIT_OK;
	lc_log(&hooked->log, LC_LOG_ERROR, "the profile of container %s: %s", hooked->state.id, strerror(-r));
	return LC_EXIT_FAILURE;
}

int lc_cmd_hook(int argc, char **argv)
{
	struct hook_options hook = {0};
	struct hooked hooked = {.log = {.threshold = LC_LOG_WARN, .stream = stderr}, .note = -1, .told = -1};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *message = NULL;
	int r, status = LC_EXIT_OK;

	lc_cli_parse(&lc_argp_hook, argc, argv, false, &hook);
	if (!hook.stage || (strcmp(hook.stage, "createRuntime") != 0 && strcmp(hook.stage, "poststop") != 0))
		lc_cli_usage_error("hook: which stage? createRuntime or poststop");
	r = lc_input_read("-", STATE_MAX, "a container's state", &text, &message);
	if (!r)
		r = lc_oci_state_read(text.text ? text.text : "", text.length, &hooked.state, &message);
	if (r)
		lc_cli_usage_error("hook: %s", message ? message : strerror(-r));
	if (hooked.state.output)
		status = strcmp(hook.stage, "poststop") == 0 ? stop(&hooked) : create(&hooked, &hook);
	lc_oci_state_clear(&hooked.state);
	return status;
}
