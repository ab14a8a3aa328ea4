/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap audit: every container and service now on the host, what it holds, and what it uses of it. */
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/output.h"
#include "src/cli/recorder.h"

#include <leastcap/audit.h>
#include <leastcap/choice.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

/* How long engines may take to say who their containers are (milliseconds), and how long again after a recording, which has waited for them. */
#define SETTLE_MS       3000
#define SETTLE_AGAIN_MS 500

#define LC_OPTION_SERVICES LC_OPTION_OWN
#define LC_OPTION_WATCH    (LC_OPTION_OWN + 1)
#define LC_OPTION_JSON     (LC_OPTION_OWN + 2)

struct audit {
	struct lc_recorder recorder; /* its names are not the recording's: all are recorded, and filtered then */
	const struct lc_report_format *format;
	int64_t interval_ns; /* how often to look again; 0: once is enough */
	char **names;
	size_t n_names;
	struct lc_profile before; /* what ran when the audit began */
};

static const struct argp_option options[] = {
	{"for", LC_OPTION_FOR, "TIME", 0, "also watch for TIME what they use: 30s, 10m, 1h (0: do not)", 0},
	{"watch", LC_OPTION_WATCH, "TIME", 0, "look again after each TIME (5s), until Ctrl-C", 0},
	{"services", LC_OPTION_SERVICES, NULL, 0, "systemd's services, too", 0},
	{"format", 'f', "FORMAT", 0, "text (the default), json, …; 'list' names them", 0},
	{"json", LC_OPTION_JSON, NULL, 0, "the same as -f json", 0},
	{"output", 'o', "FILE", 0, "write to FILE instead of standard output", 0},
	{"mode", LC_OPTION_MODE, "MODE", 0, "FILE's mode: 0644 (0600 for root, else as the umask says)", 0},
	{"quiet", 'q', NULL, 0, "no progress and no notices", 0},
	{"verbose", 'v', NULL, 0, "show what asked for each capability, and which hook is used", 0},
	{"refusals", LC_OPTION_REFUSALS, "WHICH", 0,
		"which refused calls: all, or, where that is cheaper, checked: denied a capability or refused by a filter",
		0},
	{"hook", LC_OPTION_HOOK, "NAME", 0, "use only this hook: fexit, tp_btf or kprobe", 0},
	{"btf", LC_OPTION_BTF, "FILE", 0, "the kernel's types (BTF), where it has none of its own", 0},
	{"keys", LC_OPTION_KEYS, "N", 0, "room for N distinct checks in the kernel (16384)", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct audit *audit = state->input;
	struct lc_recorder *recorder = &audit->recorder;

	switch (key) {
	case LC_OPTION_FOR:
		if (lc_cli_parse_duration(argument, &recorder->options.limit_ns))
			lc_cli_usage_error("--for: '%s' is no time; give one like 30s, 10m or 1h", argument);
		return 0;
	case LC_OPTION_WATCH:
		if (lc_cli_parse_duration(argument, &audit->interval_ns) || !audit->interval_ns)
			lc_cli_usage_error("--watch: '%s' is no time between two looks; give one like 5s", argument);
		return 0;
	case LC_OPTION_SERVICES:
		recorder->options.services = true;
		return 0;
	case LC_OPTION_JSON:
		audit->format = lc_report_find("json");
		return 0;
	case 'f':
		audit->format = lc_output_parse_format(argument);
		return 0;
	case ARGP_KEY_ARG:
		audit->names[audit->n_names++] = argument;
		return 0;
	default:
		return lc_recorder_parse(recorder, key, argument);
	}
}

static const struct argp_child children[] = {{.argp = &lc_color_argp}, {0}};

const struct argp lc_argp_audit = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "[NAME…]",
	.doc = "Lists every container that runs now, or those named (by name, compose service, pod or the beginning of an id), the worst first: a score, and what of the host it is made of: mounted sockets and files, namespaces, devices, capabilities. With a name or -v at length, with what to do; with --for also what it uses. Exit status: 0; 1 when it can't be done, 2 for bad options, 3 when checks were lost.",
};

/* Looks at what runs now. 0 or -errno. */
static int scan(const struct audit *audit, int settle_ms, struct lc_profile *profile)
{
	struct lc_hierarchy hierarchy;
	struct lc_audit_scope scope = {
		.hierarchy = &hierarchy, .settle_ms = settle_ms, .services = audit->recorder.options.services};
	struct lc_unwalked unwalked = {0};
	int r = lc_hierarchy_find(&hierarchy);

	if (!r)
		r = lc_identity_new(&scope.identity, NULL, &audit->recorder.log);
	if (!r)
		r = lc_audit_scan(profile, &scope, &unwalked);
	lc_unwalked_warn(&unwalked, &audit->recorder.log);
	lc_identity_free(scope.identity);
	if (!r && !profile->cgroup) {
		profile->cgroup = strdup(hierarchy.mode);
		r = profile->cgroup ? 0 : -ENOMEM;
	}
	return r;
}

/* Says what R means. Returns the exit status. */
static int fail(const struct audit *audit, int r)
{
	lc_log(&audit->recorder.log, LC_LOG_ERROR, "%s",
		r == -ENOENT ? "no cgroup hierarchy is mounted: see /proc/self/mountinfo" : strerror(-r));
	return LC_EXIT_FAILURE;
}

static bool is_wanted(const struct audit *audit, const struct lc_target *target)
{
	for (size_t i = 0; i < audit->n_names; i++) {
		if (lc_target_answers(target, audit->names[i]))
			return true;
	}
	return !audit->n_names;
}

/* Ends the program when nothing that runs answers to one of the names. */
static void check_names(const struct audit *audit, const struct lc_profile *profile)
{
	for (size_t n = 0; n < audit->n_names; n++) {
		struct lc_strbuf running = {0};
		const char *near = NULL;
		bool found = false;

		for (size_t i = 0; i < profile->n_targets; i++) {
			found |= lc_target_answers(&profile->targets[i], audit->names[n]) != LC_ANSWER_NONE;
			near = lc_target_suggest(&profile->targets[i], audit->names[n], near);
			if (i < 10 && profile->targets[i].name)
				lc_strbuf_addf(&running, " %s", profile->targets[i].name);
		}
		if (!found && near)
			lc_cli_usage_error(
				"nothing that runs is called '%s', and no id begins with that; did you mean '%s'? Running:%s",
				audit->names[n], near, running.text ? running.text : "");
		if (!found)
			lc_cli_usage_error("nothing that runs is called '%s', and no id begins with that%s%s",
				audit->names[n], running.text ? "; running:" : "; no container is running",
				running.text ? running.text : "");
		lc_strbuf_free(&running);
	}
}

/* The target in the cgroup at PATH, or NULL. */
static struct lc_target *find_cgroup(struct lc_profile *profile, const char *path)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		struct lc_target *target = &profile->targets[i];

		if (target->cgroup && path && !strcmp(target->cgroup, path))
			return target;
	}
	return NULL;
}

/* Moves TARGET to the end of PROFILE. */
static int move(struct lc_profile *profile, struct lc_target *target)
{
	struct lc_target *place = lc_profile_add_target(profile);

	if (!place)
		return -ENOMEM;
	*place = *target;
	*target = (struct lc_target){0};
	return 0;
}

/* Adds the targets of FROM that PROFILE does not have yet. What was there when the audit began and is gone now is told as it was then. */
static int add_missing(struct lc_profile *profile, struct lc_profile *from)
{
	int r = 0;

	for (size_t i = 0; !r && i < from->n_targets; i++) {
		if (from->targets[i].cgroup && !find_cgroup(profile, from->targets[i].cgroup))
			r = move(profile, &from->targets[i]);
	}
	return r;
}

/* Reads what only the recording has met: containers known only by a mount namespace of their own, and those that have ended. */
static int read_others(struct lc_profile *profile)
{
	struct lc_hierarchy hierarchy;
	int r = lc_hierarchy_find(&hierarchy);

	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		const struct lc_init *init = &profile->targets[i].init;

		if (!init->pid && !init->unread)
			r = lc_audit_read(&profile->targets[i], &hierarchy);
	}
	return r;
}

/* Leaves only the targets that were asked for, rates them, and puts the worst first. */
static int rate(const struct audit *audit, struct lc_profile *profile)
{
	const struct lc_audit_view view = {.watched = profile->hook, .host = lc_audit_host()};
	size_t n = 0;

	for (size_t i = 0; i < profile->n_targets; i++) {
		struct lc_target target = profile->targets[i];

		profile->targets[i] = (struct lc_target){0};
		if (is_wanted(audit, &target))
			profile->targets[n++] = target;
		else
			lc_target_clear(&target);
	}
	profile->n_targets = n;
	for (size_t i = 0; i < n; i++) {
		int r = lc_audit_rate(&profile->targets[i], &view);

		if (r)
			return r;
	}
	lc_profile_sort(profile);
	return 0;
}

/* Prints PROFILE to where it was asked for. An exit status. */
static int print_now(const struct audit *audit, const struct lc_profile *profile)
{
	const struct lc_recorder *recorder = &audit->recorder;
	unsigned int flags = (recorder->verbose ? LC_OUTPUT_VERBOSE : 0) | (audit->n_names ? LC_OUTPUT_DETAILS : 0);

	if (!profile->n_targets)
		lc_log(&recorder->log, LC_LOG_NOTICE, "no container is running%s",
			recorder->options.services ? ", and no service" : "");
	return lc_output_report(profile, audit->format, recorder->file, flags) ? LC_EXIT_FAILURE : LC_EXIT_OK;
}

static int print(const struct audit *audit, const struct lc_profile *profile)
{
	return lc_privileges_give_up() ? fail(audit, -EPERM) : print_now(audit, profile);
}

/* Makes one of what was watched, in PROFILE, and what runs now. An exit status. */
static int deliver(struct lc_recorder *recorder, const struct lc_recording *recording, struct lc_profile *profile)
{
	struct audit *audit = recorder->context;
	_cleanup_(lc_profile_clear) struct lc_profile now = {0};
	int r = scan(audit, SETTLE_AGAIN_MS, &now);

	(void)recording;
	if (!r)
		r = add_missing(&now, &audit->before);
	for (size_t i = 0; !r && i < now.n_targets; i++) {
		struct lc_target *recorded = find_cgroup(profile, now.targets[i].cgroup);

		if (recorded)
			lc_audit_take_recording(&now.targets[i], recorded);
	}
	if (!r)
		r = add_missing(&now, profile);
	for (size_t i = 0; i < profile->n_targets; i++)
		lc_target_clear(&profile->targets[i]);
	profile->n_targets = 0;
	for (size_t i = 0; !r && i < now.n_targets; i++)
		r = move(profile, &now.targets[i]);
	if (!r)
		r = read_others(profile);
	if (!r)
		r = rate(audit, profile);
	return r ? fail(audit, r) : print(audit, profile);
}

/* Says where and when, as a recording does. */
static int fill_host(struct lc_profile *profile)
{
	struct utsname system;

	uname(&system);
	profile->tool = strdup("leastcap " LC_VERSION);
	profile->kernel = strdup(system.release);
	profile->machine = strdup(system.machine);
	profile->started_ns = profile->ended_ns = lc_clock_ns(CLOCK_REALTIME);
	return profile->tool && profile->kernel && profile->machine ? 0 : -ENOMEM;
}

/* Waits for INTERVAL_NS. Whether one of the signals in SIGNALS, which are blocked, has come. */
static bool is_told_to_end(int64_t interval_ns, const sigset_t *signals)
{
	const struct timespec interval = {interval_ns / LC_NS_PER_S, interval_ns % LC_NS_PER_S};

	return sigtimedwait(signals, NULL, &interval) > 0;
}

/* Before another look is printed: a terminal is cleared, elsewhere a line stays empty. */
static void begin_again(bool first)
{
	const char *terminal = getenv("TERM");

	if (isatty(STDOUT_FILENO) && !(terminal && !strcmp(terminal, "dumb")))
		fputs("\033[H\033[2J", stdout);
	else if (!first)
		fputs("\n", stdout);
}

/* Looks again and again until a signal ends it. An exit status. */
static int look_again_and_again(struct audit *audit)
{
	int status = LC_EXIT_OK;
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	for (bool first = true; status == LC_EXIT_OK; first = false) {
		int r = fill_host(&audit->before);

		if (!r)
			r = rate(audit, &audit->before);
		if (r)
			return fail(audit, r);
		begin_again(first);
		status = print_now(audit, &audit->before);
		if (status != LC_EXIT_OK || is_told_to_end(audit->interval_ns, &signals))
			break;
		lc_profile_clear(&audit->before);
		r = scan(audit, SETTLE_MS, &audit->before);
		if (r)
			return fail(audit, r);
	}
	return status;
}

/* The static part alone. An exit status. */
static int look(struct audit *audit)
{
	int r = fill_host(&audit->before);

	if (!r)
		r = rate(audit, &audit->before);
	if (r)
		return fail(audit, r);
	if (audit->before.n_targets)
		lc_output_check_watched(&audit->before, audit->format);
	return print(audit, &audit->before);
}

static int run(struct audit *audit)
{
	int r, status = LC_EXIT_OK;

	if (audit->interval_ns && (audit->recorder.options.limit_ns || audit->recorder.output.path))
		lc_cli_usage_error("--watch shows again and again what is held: it goes with neither --for nor -o");
	if (audit->recorder.options.limit_ns)
		status = lc_recorder_check(&audit->recorder);
	else if (audit->recorder.output.path)
		status = lc_output_open(&audit->recorder.file, &audit->recorder.output, &audit->recorder.log);
	if (status)
		return status;
	r = scan(audit, SETTLE_MS, &audit->before);
	if (r)
		return fail(audit, r);
	check_names(audit, &audit->before);
	if (lc_audit_is_blind())
		lc_log(&audit->recorder.log, LC_LOG_WARN,
			"namespaces, devices and programs of containers can't be read without root: scores may be too low");
	if (audit->interval_ns)
		return look_again_and_again(audit);
	return audit->recorder.options.limit_ns ? lc_recorder_run(&audit->recorder) : look(audit);
}

int lc_cmd_audit(int argc, char **argv)
{
	struct audit audit = {.recorder = {.options.scope = LC_SCOPE_CONTAINERS, .deliver = deliver}};
	int status;

	audit.recorder.context = &audit;
	audit.format = lc_report_find("text");
	audit.names = calloc((size_t)argc, sizeof(char *));
	if (!audit.names)
		return LC_EXIT_FAILURE;
	lc_cli_parse(&lc_argp_audit, argc, argv, false, &audit);
	lc_recorder_begin_log(&audit.recorder);
	status = run(&audit);
	lc_recorder_close(&audit.recorder);
	lc_profile_clear(&audit.before);
	free(audit.names);
	return status;
}
