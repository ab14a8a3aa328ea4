/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap trace: checks and refused calls as they happen, a line each, in strace's look. */
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/output.h"
#include "src/cli/recorder.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/trace.h>
#include <leastcap/tracer.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPTION_OUTPUT_FORMAT = LC_OPTION_OWN, OPTION_DEBUGINFOD, OPTION_JSON };

struct trace {
	struct lc_recorder recorder;
	struct lc_trace_wanted wanted;
	struct lc_tracer_options options;
	struct lc_trace_filter *filter;
	struct lc_tracer *tracer;
	struct lc_output_wanted output; /* not the recording's: it is written all the time */
	struct lc_output_file *file;
	bool host;  /* -a */
	bool table; /* -c, -C */
	bool lines; /* not -c */
	bool everything;
	const char *expressions[64]; /* of -e, -z, -Z */
	size_t n_expressions;
};

static const struct argp_option options[] = {
	{"pid", 'p', "PID", 0, "trace process PID and its children", 0},
	{"all", 'a', NULL, 0, "trace the whole host", 0},
	{"follow-forks", 'f', NULL, 0, "accepted: children are always followed", 0},
	{"output", 'o', "FILE", 0, "write to FILE", 0},
	{"mode", LC_OPTION_MODE, "MODE", 0, "FILE's mode: 0644 (0600 for root, else as the umask says)", 0},
	{"summary-only", 'c', NULL, 0, "no lines: a table of counts at the end", 0},
	{"summary", 'C', NULL, 0, "lines, and the table", 0},
	{"filter", 'e', "EXPR", 0,
		"only some: cap=net_admin,sys_admin  verdict=denied  class=required  cause=filter,device  syscall=bind,mount; cap=!kill turns it around",
		0},
	{"successful-only", 'z', NULL, 0, "only what was granted", 0},
	{"failed-only", 'Z', NULL, 0, "only what was denied or refused", 0},
	{"stack-trace", 'k', NULL, 0,
		"the functions that led to each check, with source lines where they are known; so does -kk", 0},
	{"debuginfod", OPTION_DEBUGINFOD, NULL, 0, "for -k: fetch debug information from $DEBUGINFOD_URLS", 0},
	{"arg-names", 'N', NULL, 0, "the names of arguments", 0},
	{"absolute-timestamps", 't', NULL, 0, "time of day; -tt microseconds, -ttt since 1970", 0},
	{"relative-timestamps", 'r', NULL, 0, "time since the line before", 0},
	{"syscall-times", 'T', NULL, 0, "time spent in the system call", 0},
	{"user", 'u', "USER", 0, "run the command as USER", 0},
	{"decode-fds", 'y', NULL, 0, "paths of file descriptors", 0},
	{"output-format", OPTION_OUTPUT_FORMAT, "FORMAT", 0, "text, or json: an object per line", 0},
	{"json", OPTION_JSON, NULL, 0, "the same as --output-format=json", 0},
	{"quiet", 'q', NULL, 0, "no notices", 0},
	{"verbose", 'v', NULL, 0,
		"also set-up, overridden and advisory checks and expected failures (a search along PATH), marked", 0},
	{"hook", LC_OPTION_HOOK, "NAME", 0, "use only this hook: fexit, tp_btf or kprobe", 0},
	{"btf", LC_OPTION_BTF, "FILE", 0, "the kernel's types (BTF), where it has none of its own", 0},
	{"keys", LC_OPTION_KEYS, "N", 0, "room for N distinct checks in the kernel (16384)", 0},
	{0},
};

static void add_expression(struct trace *trace, const char *expression)
{
	if (trace->n_expressions == sizeof(trace->expressions) / sizeof(trace->expressions[0]))
		lc_cli_usage_error("-e: too many expressions");
	trace->expressions[trace->n_expressions++] = expression;
}

static void set_format(struct trace *trace, const char *name)
{
	trace->options.style.json = lc_cli_parse_word("--output-format", name, &lc_json_words) == 1;
}

static void set_pid(struct trace *trace, const char *text)
{
	pid_t pid = lc_cli_parse_pid("-p", text);

	if (trace->recorder.options.pid)
		lc_cli_usage_error("-p: give one process; its children are traced too");
	trace->recorder.options.pid = pid;
	trace->recorder.options.scope = LC_SCOPE_PROCESS;
}

/* Takes an option about what is written, or one that all recordings have (-q, --hook, --btf, --keys). */
static error_t parse_look(struct trace *trace, int key, char *argument)
{
	switch (key) {
	case 'c':
		trace->table = true;
		trace->lines = false;
		return 0;
	case 'C':
		trace->table = true;
		return 0;
	case 'k':
		trace->recorder.options.stacks = trace->options.stacks = true;
		return 0;
	case 'N':
		trace->options.style.names = true;
		return 0;
	case 't':
		trace->options.style.time++;
		return 0;
	case 'r':
		trace->options.style.relative = true;
		return 0;
	case 'T':
		trace->options.style.duration = trace->wanted.durations = true;
		return 0;
	case 'y':
		trace->options.descriptor_paths = true;
		return 0;
	case OPTION_JSON:
		set_format(trace, "json");
		return 0;
	case OPTION_OUTPUT_FORMAT:
		set_format(trace, argument);
		return 0;
	case 'v':
		trace->everything = trace->options.style.class = true;
		return 0;
	default:
		return lc_recorder_parse(&trace->recorder, key, argument);
	}
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct trace *trace = state->input;
	struct lc_recorder *recorder = &trace->recorder;

	switch (key) {
	case 'p':
		set_pid(trace, argument);
		return 0;
	case 'a':
		trace->host = true;
		return 0;
	case 'f':
		return 0;
	case 'o':
	case LC_OPTION_MODE:
		return lc_output_parse(&trace->output, key, argument);
	case 'e':
		add_expression(trace, argument);
		return 0;
	case 'z':
		add_expression(trace, "verdict=granted");
		return 0;
	case 'Z':
		add_expression(trace, "verdict=denied");
		return 0;
	case OPTION_DEBUGINFOD:
		recorder->options.debuginfod = true;
		return 0;
	case 'u':
		recorder->options.user = argument;
		return 0;
	case ARGP_KEY_ARG:
		recorder->options.names[recorder->options.n_names++] = argument;
		return 0;
	default:
		return parse_look(trace, key, argument);
	}
}

static const struct argp_child children[] = {{.argp = &lc_color_argp}, {0}};

const struct argp lc_argp_trace = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "[CONTAINER…] [-- COMMAND [ARGUMENT…]]",
	.doc = "Writes a line for each capability check as it happens: who asked in which system call, for what, whether it was granted, and what the call returned; and one for each system call that was refused without a check, with the cause. Traces the containers that are named, also those that come later (every one when none is), a process, a command, or what that starts if it is docker or another client of an engine, or the whole host, without stopping or slowing them as strace does. Writes to standard output, or with a COMMAND to standard error. Exit status: COMMAND's, else 0; 1 when it can't trace, 2 for bad options, 3 when checks were not counted.",
};

static bool looked(void *context, const struct lc_recording *recording)
{
	const struct lc_recorder *recorder = context;
	struct trace *trace = recorder->context;

	/* Nobody reads any more: end, as a filter in a pipe does. */
	return !trace->tracer || lc_tracer_flush(trace->tracer, lc_recording_untold(recording)) != -EPIPE;
}

/* What was not shown. */
struct hidden {
	uint64_t checks[LC_CLASS_N];
	uint64_t expected; /* refused calls */
};

/* Adds up what was not shown. */
static void count_hidden(const struct trace *trace, const struct lc_profile *profile, struct hidden *hidden)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];

		for (size_t j = 0; j < target->n_evidence; j++) {
			const struct lc_check *check = &target->evidence[j];

			if (check->source == LC_SOURCE_CHECK && !lc_trace_filter_passes(trace->filter, check))
				hidden->checks[check->class] += check->count;
		}
		for (size_t j = 0; j < target->n_failures; j++) {
			const struct lc_failure *failure = &target->failures[j];

			if (failure->expected && failure->cause != LC_CAUSE_CAPABILITY)
				hidden->expected += failure->count;
		}
	}
}

/* Says what was left out because it matters to nobody's list. */
static void say_hidden(const struct trace *trace, const struct lc_profile *profile)
{
	struct hidden hidden = {0};

	if (trace->everything)
		return;
	count_hidden(trace, profile, &hidden);
	if (hidden.checks[LC_CLASS_SETUP] || hidden.checks[LC_CLASS_OVERRIDDEN] || hidden.checks[LC_CLASS_ADVISORY])
		lc_log(&trace->recorder.log, LC_LOG_NOTICE,
			"left out: %llu checks of the runtime's set-up, %llu by overlayfs's credentials, %llu advisory; -v shows them",
			(unsigned long long)hidden.checks[LC_CLASS_SETUP],
			(unsigned long long)hidden.checks[LC_CLASS_OVERRIDDEN],
			(unsigned long long)hidden.checks[LC_CLASS_ADVISORY]);
	if (hidden.expected)
		lc_log(&trace->recorder.log, LC_LOG_NOTICE,
			"left out: %llu refused call%s that programs get over; -v shows them",
			(unsigned long long)hidden.expected, hidden.expected == 1 ? "" : "s");
}

/* Adds what TRACE shows of TARGET. 0 or -ENOMEM. */
static int add_target(struct lc_trace_summary *summary, const struct trace *trace, const struct lc_target *target)
{
	int r = 0;

	for (size_t i = 0; !r && i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];

		if (check->source == LC_SOURCE_CHECK && lc_trace_filter_passes(trace->filter, check))
			r = lc_trace_summary_add(summary, check);
	}
	for (size_t i = 0; !r && i < target->n_failures; i++) {
		if (lc_trace_filter_passes_failure(trace->filter, &target->failures[i]))
			r = lc_trace_summary_add_failure(summary, &target->failures[i]);
	}
	return r;
}

static int print_table(const struct trace *trace, const struct lc_profile *profile)
{
	struct lc_trace_summary *summary = lc_trace_summary_new();
	struct lc_strbuf text = {0};
	int r = summary ? 0 : -ENOMEM;

	for (size_t i = 0; !r && i < profile->n_targets; i++)
		r = add_target(summary, trace, &profile->targets[i]);
	if (!r) {
		if (trace->options.style.json)
			lc_trace_summary_json(summary, &text);
		else
			lc_trace_summary_print(summary, &text);
		r = text.failed ? -ENOMEM : 0;
	}
	if (!r && text.length &&
		(fwrite(text.text, 1, text.length, trace->options.stream) != text.length ||
			fflush(trace->options.stream)))
		r = -errno;
	lc_strbuf_free(&text);
	lc_trace_summary_free(summary);
	return r;
}

static int deliver(struct lc_recorder *recorder, const struct lc_recording *recording, struct lc_profile *profile)
{
	struct trace *trace = recorder->context;
	int r = trace->tracer ? lc_tracer_end(trace->tracer, lc_recording_untold(recording)) : 0;

	if (!r && trace->table)
		r = print_table(trace, profile);
	if (r && r != -EPIPE) {
		lc_log(&recorder->log, LC_LOG_ERROR, "cannot write %s: %s",
			trace->output.path ? trace->output.path : "the trace", strerror(-r));
		return LC_EXIT_FAILURE;
	}
	say_hidden(trace, profile);
	return LC_EXIT_OK;
}

/* What can't be traced together. */
static void check(const struct trace *trace)
{
	const struct lc_recorder *recorder = &trace->recorder;
	int scopes = (recorder->options.pid != 0) + trace->host + (recorder->options.n_names > 0);

	if (scopes > 1)
		lc_cli_usage_error("give either containers, -p or -a");
	if (recorder->options.command && (recorder->options.pid || trace->host))
		lc_cli_usage_error(
			"a command is traced itself, or with it the containers that are named: not with -p or -a");
	if (recorder->options.n_names && strchr(recorder->options.names[0], '/'))
		lc_cli_usage_error("'%s' is no container's name; a command follows '--': leastcap trace -- %s",
			recorder->options.names[0], recorder->options.names[0]);
	if (recorder->options.user && !recorder->options.command)
		lc_cli_usage_error("-u: there is no command to run as %s; it follows '--'", recorder->options.user);
	if (trace->options.style.time > 3)
		lc_cli_usage_error("-t can be given three times at most");
}

static bool shows_failures(const void *filter, const char *syscall)
{
	return lc_trace_filter_shows_failures(filter, syscall);
}

static void make_filter(struct trace *trace)
{
	_cleanup_free_ char *message = NULL;

	trace->filter = lc_trace_filter_new(trace->everything);
	if (!trace->filter)
		lc_cli_usage_error("out of memory");
	for (size_t i = 0; i < trace->n_expressions; i++) {
		if (lc_trace_filter_add(trace->filter, trace->expressions[i], &message))
			lc_cli_usage_error("-e: %s", message ? message : "out of memory");
	}
	trace->options.filter = trace->filter;
	trace->wanted.everything = trace->everything;
	trace->wanted.caps = ~lc_trace_filter_never(trace->filter);
	trace->wanted.refused = shows_failures;
	trace->wanted.filter = trace->filter;
	trace->wanted.capture = lc_syscall_capture;
}

/* Opens the output. The file has its name at once, as strace's, for those who look at it meanwhile. An exit status. */
static int open_output(struct trace *trace)
{
	const struct lc_log *log = &trace->recorder.log;
	_cleanup_free_ char *message = NULL;
	int r, status;

	trace->options.stream = trace->recorder.options.command ? stderr : stdout;
	if (!trace->output.path || !strcmp(trace->output.path, "-"))
		return LC_EXIT_OK;
	status = lc_output_open(&trace->file, &trace->output, log);
	if (status)
		return status;
	r = lc_output_file_place(trace->file, &message);
	trace->options.stream = r ? NULL : fdopen(fcntl(lc_output_file_fd(trace->file), F_DUPFD_CLOEXEC, 3), "w");
	if (trace->options.stream)
		return LC_EXIT_OK;
	lc_log(log, LC_LOG_ERROR, "%s", message ? message : strerror(r ? -r : errno));
	return LC_EXIT_FAILURE;
}

/* Programs that have an engine start containers: what they do is done there. */
static const char *const clients[] = {
	"crictl", "ctr", "docker", "docker-compose", "kubectl", "nerdctl", "podman", "podman-compose"};

/* Whether COMMAND has an engine start containers. */
static bool is_client(char *const *command)
{
	const char *slash = command ? strrchr(command[0], '/') : NULL;
	const char *name = slash ? slash + 1 : command ? command[0] : "";

	for (size_t i = 0; i < sizeof(clients) / sizeof(clients[0]); i++) {
		if (!strcmp(name, clients[i]))
			return true;
	}
	return false;
}

/* Settles whom RECORDER records. */
static void choose_scope(const struct trace *trace, struct lc_recording_options *wanted)
{
	if (trace->host) {
		wanted->scope = LC_SCOPE_HOST;
	} else if (wanted->command && !wanted->n_names && !is_client(wanted->command)) {
		wanted->scope = LC_SCOPE_COMMAND;
	} else if (wanted->scope == LC_SCOPE_CONTAINERS) {
		wanted->names_may_come = true;
		wanted->only_started = wanted->command && !wanted->n_names;
		wanted->settle_ns = wanted->command ? LC_SETTLE_AS_NEEDED : 0;
	}
}

/* Traces what the options say. An exit status. */
static int run(struct trace *trace)
{
	struct lc_recorder *recorder = &trace->recorder;
	int status = lc_recorder_check(recorder);

	if (!status)
		status = open_output(trace);
	if (status)
		return status;
	trace->options.style.color = lc_output_style(trace->options.stream, false).color;
	choose_scope(trace, &recorder->options);
	trace->options.targets =
		trace->host || (recorder->options.scope == LC_SCOPE_CONTAINERS && recorder->options.n_names != 1);
	if (trace->lines) {
		trace->tracer = lc_tracer_new(&trace->options);
		if (!trace->tracer)
			return LC_EXIT_FAILURE;
		recorder->options.trace = &trace->wanted;
		recorder->options.listener = lc_tracer_listener(trace->tracer);
	}
	return lc_recorder_run(recorder);
}

int lc_cmd_trace(int argc, char **argv)
{
	struct trace trace = {
		.recorder = {.options.scope = LC_SCOPE_CONTAINERS,
			.options.watcher.looked = looked,
			.deliver = deliver,
			.no_progress = true},
		.lines = true,
	};
	int status;

	trace.recorder.context = &trace;
	argc = lc_cli_split(argc, argv, &trace.recorder.options.command);
	trace.recorder.options.names = calloc((size_t)argc, sizeof(char *));
	if (!trace.recorder.options.names)
		return LC_EXIT_FAILURE;
	lc_cli_parse(&lc_argp_trace, argc, argv, false, &trace);
	check(&trace);
	make_filter(&trace);
	lc_recorder_begin_log(&trace.recorder);
	status = run(&trace);
	lc_tracer_free(trace.tracer);
	lc_trace_filter_free(trace.filter);
	if (trace.file && trace.options.stream && trace.options.stream != stdout && trace.options.stream != stderr &&
		fclose(trace.options.stream) && !status)
		status = LC_EXIT_FAILURE;
	lc_output_file_free(trace.file);
	free(trace.recorder.options.names);
	return status;
}
