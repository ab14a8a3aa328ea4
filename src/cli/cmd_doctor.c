/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap doctor: what this host offers to a recording, what is in its way, and what to do about it. */
#include "src/cli/cli.h"
#include "src/cli/color.h"
#include "src/cli/output.h"

#include <leastcap/cleanup.h>
#include <leastcap/doctor.h>
#include <leastcap/log.h>

#include <string.h>
#include <sys/utsname.h>

enum { OPTION_JSON = LC_OPTION_OWN };

/* 2 is what says that nothing can be recorded. */
enum { EXIT_DEGRADED = 1, EXIT_CANNOT_RECORD = 2 };

struct doctor_options {
	const char *btf;
	bool json;
};

static const struct argp_option options[] = {
	{"btf", LC_OPTION_BTF, "FILE", 0, "the kernel's types (BTF), where it has none of its own", 0},
	{"format", 'f', "FORMAT", 0, "what to print: text, where nothing is said, or json", 0},
	{"json", OPTION_JSON, NULL, 0, "the same as -f json, schema leastcap-doctor/1", 0},
	{0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct doctor_options *doctor = state->input;

	switch (key) {
	case LC_OPTION_BTF:
		doctor->btf = argument;
		return 0;
	case 'f':
		doctor->json = lc_cli_parse_json(argument);
		return 0;
	case OPTION_JSON:
		doctor->json = true;
		return 0;
	case ARGP_KEY_ARG:
		lc_cli_usage_error(
			"doctor looks at this host and takes no '%s'; see 'leastcap doctor --help'", argument);
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &lc_color_argp}, {0}};

const struct argp lc_argp_doctor = {
	.options = options,
	.parser = parse,
	.children = children,
	.doc = "Tells what this host offers to a recording: kernel, hooks, privileges, cgroups, engines; what is in the way, what that costs and what to do. For a moment it attaches what a recording attaches; nothing stays behind. Without root it tells what it can. Exit status: 0 when all is well, 1 when a recording would tell less or cost more, 2 when nothing can be recorded.",
};

static int examine(const struct doctor_options *given, struct lc_diagnosis *diagnosis)
{
	struct utsname system;
	struct lc_doctor_host host = {
		.root = "",
		.btf = given->btf,
		.engine = getenv("DOCKER_HOST"),
		.machine = system.machine,
	};
	int r;

	uname(&system);
	r = lc_doctor_try(&host);
	if (!r)
		r = lc_doctor_examine(&host, diagnosis);
	lc_doctor_host_clear(&host);
	return r;
}

int lc_cmd_doctor(int argc, char **argv)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	struct lc_style style;
	struct doctor_options given = {0};
	_cleanup_(lc_diagnosis_clear) struct lc_diagnosis diagnosis = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	int r;

	lc_cli_parse(&lc_argp_doctor, argc, argv, false, &given);
	style = lc_output_style(stdout, false);
	r = examine(&given, &diagnosis);
	if (!r)
		r = given.json ? lc_diagnosis_json(&diagnosis, &text) : lc_diagnosis_text(&diagnosis, &style, &text);
	if (r) {
		lc_log(&log, LC_LOG_ERROR, "cannot look at this host: %s", strerror(-r));
		return EXIT_CANNOT_RECORD;
	}
	if (lc_output_text(&text))
		return EXIT_CANNOT_RECORD;
	switch (lc_diagnosis_worst(&diagnosis)) {
	case LC_DOCTOR_OK:
		return LC_EXIT_OK;
	case LC_DOCTOR_MISSING:
		return EXIT_CANNOT_RECORD;
	default:
		return EXIT_DEGRADED;
	}
}
