/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap check: whether what was recorded keeps within what a file allows. For continuous integration. */
#include "src/cli/choosing.h"
#include "src/cli/cli.h"
#include "src/cli/inputs.h"
#include "src/cli/output.h"

#include <leastcap/array.h>
#include <leastcap/baseline.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/log.h>
#include <leastcap/policy.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	OPTION_ALLOW = LC_OPTION_OWN,
	OPTION_STRICT,
	OPTION_WANTED,
	OPTION_NO_WANTED,
	OPTION_IGNORE_UNKNOWN,
	OPTION_ENGINE,
	OPTION_REQUIRE_PROOF,
	OPTION_ALLOW_PARTIAL,
	OPTION_BASELINE,
	OPTION_NO_BASELINE,
	OPTION_JSON
};

struct check_options {
	const char **allow;
	size_t n_allow;
	char **profiles;
	size_t n;
	enum lc_engine engine;
	bool has_engine;
	const char *baseline; /* NULL: the one beside the file, if there is one */
	bool no_baseline;
	struct lc_policy_rules rules;
	struct lc_choosing choosing;
	struct lc_inputs inputs;
	const struct lc_policy_format *format;
	struct lc_output_wanted output;
	struct lc_output_file *file; /* OUTPUT, opened; NULL: standard output */
};

static const struct argp_option options[] = {
	{"allow", OPTION_ALLOW, "FILE", 0,
		"what is allowed: a compose file, Kubernetes manifests (may be said several times) or an earlier profile",
		0},
	{"strict", OPTION_STRICT, NULL, 0,
		"fail also on what is allowed or accepted and nothing needed, and on values of FILE that can't be known from it alone",
		0},
	{"no-wanted", OPTION_NO_WANTED, "CAP,…", OPTION_ARG_OPTIONAL,
		"pass over what is not allowed and was denied when a program asked for it, by the kernel or by the engine's filter: all of it, or these",
		0},
	{"wanted", OPTION_WANTED, NULL, 0,
		"fail on what was denied also where programs usually go on without; without this it is a note", 0},
	{"ignore-unknown", OPTION_IGNORE_UNKNOWN, NULL, 0, "pass over what was recorded and FILE does not know", 0},
	{"require-proof", OPTION_REQUIRE_PROOF, NULL, 0,
		"fail also on a list that no trials have proven, or only with a patch", 0},
	{"allow-partial", OPTION_ALLOW_PARTIAL, NULL, 0,
		"take lists of containers whose start was not recorded, or was cut off", 0},
	{"baseline", OPTION_BASELINE, "FILE", 0,
		"what is accepted until a day, with the reason and who answers for it: " LC_BASELINE_NAME
		" beside FILE of --allow, where nothing is said",
		0},
	{"no-baseline", OPTION_NO_BASELINE, NULL, 0, "accept nothing", 0},
	{"engine", OPTION_ENGINE, "NAME", 0,
		"whose defaults hold: docker (as with compose), containerd (as with Kubernetes), podman or cri-o", 0},
	{"format", 'f', "FORMAT", 0, "what to print: text, where nothing is said; 'list' names the others", 0},
	{"json", OPTION_JSON, NULL, 0, "the same as -f json, schema leastcap-check/1", 0},
	{"output", 'o', "FILE", 0, "write to FILE instead of standard output", 0},
	{"mode", LC_OPTION_MODE, "MODE", 0, "FILE's mode: 0644 (0600 for root, else as the umask says)", 0},
	{0},
};

/* Adds another FILE. 0 or an error. */
static error_t add_allowed(struct check_options *check, const char *file)
{
	const char **grown = lc_array_grow(check->allow, check->n_allow, sizeof(*grown));

	if (!grown)
		return ENOMEM;
	check->allow = grown;
	grown[check->n_allow++] = file;
	return 0;
}

static void take_arguments(struct check_options *check, struct argp_state *state)
{
	check->profiles = state->argv + state->next;
	check->n = (size_t)(state->argc - state->next);
	state->next = state->argc;
}

/* The format called NAME, or the end of the program. */
static const struct lc_policy_format *parse_format(const char *name)
{
	const struct lc_policy_format *const *formats = lc_policy_formats();
	struct lc_output_choice choices[8];
	size_t n = 0;

	for (; formats[n] && n < sizeof(choices) / sizeof(choices[0]); n++)
		choices[n] = (struct lc_output_choice){formats[n]->name, formats[n]->description};
	return formats[lc_output_choose(name, choices, n, "leastcap check -f list")];
}

/* Takes what makes the check fail into RULES. 0, or ARGP_ERR_UNKNOWN for another KEY. */
static error_t parse_rule(struct lc_policy_rules *rules, int key, char *argument)
{
	switch (key) {
	case OPTION_STRICT:
		rules->counts[LC_FINDING_UNUSED] = rules->counts[LC_FINDING_UNTOLD] = rules->counts[LC_FINDING_STALE] =
			true;
		return 0;
	case OPTION_WANTED:
		rules->counts[LC_FINDING_SURVIVED] = true;
		return 0;
	case OPTION_NO_WANTED:
		rules->spared |= argument ? lc_cli_parse_caps("--no-wanted", argument) : UINT64_MAX;
		return 0;
	case OPTION_IGNORE_UNKNOWN:
		rules->ignore_unknown = true;
		return 0;
	case OPTION_REQUIRE_PROOF:
		rules->counts[LC_FINDING_UNPROVEN] = true;
		return 0;
	case OPTION_ALLOW_PARTIAL:
		rules->counts[LC_FINDING_PARTIAL] = false;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct check_options *check = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &check->choosing;
		state->child_inputs[1] = &check->inputs;
		return 0;
	case OPTION_ALLOW:
		return add_allowed(check, argument);
	case OPTION_BASELINE:
		check->baseline = argument;
		return 0;
	case OPTION_NO_BASELINE:
		check->no_baseline = true;
		return 0;
	case OPTION_ENGINE:
		check->engine = (enum lc_engine)lc_cli_parse_engine(argument);
		check->has_engine = true;
		return 0;
	case 'f':
		check->format = parse_format(argument);
		return 0;
	case OPTION_JSON:
		check->format = parse_format("json");
		return 0;
	case ARGP_KEY_ARGS:
		take_arguments(check, state);
		return 0;
	case ARGP_KEY_END:
		if (!check->allow)
			lc_cli_usage_error("--allow is missing: leastcap check --allow FILE PROFILE.json…");
		if (!check->n && !lc_inputs_are_asked(&check->inputs))
			lc_cli_usage_error("no profile given: leastcap check --allow FILE PROFILE.json…");
		if (check->baseline && check->no_baseline)
			lc_cli_usage_error("--baseline does not go with --no-baseline");
		return 0;
	default:
		if (!parse_rule(&check->rules, key, argument))
			return 0;
		return lc_output_parse(&check->output, key, argument);
	}
}

static const struct argp_child children[] = {{.argp = &lc_choosing_argp}, {.argp = &lc_inputs_argp}, {0}};

const struct argp lc_argp_check = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "PROFILE.json…\n--store DIR\n--prometheus URL",
	.doc = "Says, a line each, which recorded container needs a capability that FILE does not allow, or was denied one, what asked for it and where in FILE it would have to go; and in one line that all keep within it. Several profiles are merged first. Allowed is what the engine would grant with that configuration, or an earlier profile's list. Needs no root. Exit status: 0 when all keep within it, 1 when one does not or is not in FILE, 2 for a file that can't be read, 3 when all keep within it but a recording had lost checks, 4 when all keep within it but the start of one was not recorded whole.",
};

/* Says what is found that is about no line of the file, for which people look at the messages. */
static void say_others(const struct lc_policy_result *result, const struct lc_log *log)
{
	for (size_t i = 0; i < result->findings->n; i++) {
		const struct lc_finding *finding = &result->findings->list[i];
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

		if (!lc_finding_is_about_recording(finding))
			continue;
		if (finding->kind == LC_FINDING_UNTOLD)
			lc_strbuf_addf(&text, "%s: ", result->policy->path);
		lc_policy_add_message(&text, result->policy, finding);
		lc_log(log, LC_LOG_ERROR, "%s", text.text ? text.text : strerror(ENOMEM));
	}
}

/* Says where there was nothing to check. */
static void warn_of_nothing(const struct lc_policy *policy, const struct lc_profile *profile,
	const struct lc_findings *findings, const struct lc_log *log)
{
	if (findings->n_passed_over && findings->n_passed_over == profile->n_targets)
		lc_log(log, LC_LOG_WARN, "%s has nothing of what was recorded: there was nothing to check",
			policy->path);
	for (size_t i = 0; i < profile->n_targets; i++) {
		if (profile->targets[i].sandbox)
			lc_log(log, LC_LOG_WARN,
				"%s runs in a sandbox of its own kernel (%s): its checks are not seen, so that there was nothing to check",
				profile->targets[i].name, profile->targets[i].sandbox);
	}
	if (!profile->n_targets)
		lc_log(log, LC_LOG_WARN, "nothing was recorded: there was nothing to check");
}

/* Reads what CHECK accepts to BASELINE, which stays empty where there is none, or ends the program. */
static void load_baseline(const struct check_options *check, struct lc_baseline *baseline)
{
	_cleanup_free_ char *beside =
		check->baseline || check->no_baseline ? NULL : lc_baseline_beside(check->allow[0]);
	const char *path = check->baseline ? check->baseline : beside;
	_cleanup_free_ char *message = NULL;
	int r = path ? lc_baseline_load(baseline, path, lc_clock_ns(CLOCK_REALTIME), &message) : 0;

	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
}

static int run(const struct check_options *check, const struct lc_policy *policy, const struct lc_profile *profile,
	struct lc_baseline *baseline)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	_cleanup_(lc_findings_clear) struct lc_findings findings = {0};
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	/* A target that the file does not know is a finding of its own, or passed over, so that what was lost of it changes nothing. */
	_cleanup_free_ bool *known = lc_policy_known(policy, profile);
	const struct lc_policy_result result = {
		.policy = policy, .profile = profile, .findings = &findings, .known = known};
	int r = known ? lc_policy_check(policy, profile, &check->rules, &findings) : -ENOMEM;

	if (!r && baseline->path)
		r = lc_baseline_apply(baseline, policy, &check->rules, &findings);
	if (!r)
		r = check->format->render(&result, &text);
	if (r) {
		lc_log(&log, LC_LOG_ERROR, "the check could not be made: %s", strerror(-r));
		return LC_EXIT_FAILURE;
	}
	if (!strcmp(check->format->name, "text"))
		say_others(&result, &log);
	warn_of_nothing(policy, profile, &findings, &log);
	lc_output_lost(&log, profile, known);
	if (lc_output_text_to(&text, check->file) || findings.n_failures > findings.n_partial)
		return LC_EXIT_FAILURE;
	if (lc_profile_lost(profile, known))
		return LC_EXIT_INCOMPLETE;
	return findings.n_partial ? LC_EXIT_PARTIAL : LC_EXIT_OK;
}

/* Reads what CHECK names, and sets *WHERE to how the one profile is called, if it is one. 0, or the exit status. */
static int load(const struct check_options *check, struct lc_policy *policy, struct lc_profile *profile,
	const char **where, const struct lc_log *log)
{
	struct lc_policy_reading reading = {
		.path = check->allow[0], .engine = check->has_engine ? &check->engine : NULL, .log = log};
	_cleanup_free_ char *message = NULL;
	int r = lc_policy_load(policy, &reading, &message);

	for (size_t i = 1; !r && i < check->n_allow; i++) {
		reading.path = check->allow[i];
		r = lc_policy_add_file(policy, &reading, &message);
	}
	if (r)
		lc_cli_usage_error("%s", message ? message : strerror(-r));
	if (lc_inputs_are_asked(&check->inputs) || check->n == 1) {
		*where = lc_inputs_read(profile, &check->inputs, check->n ? check->profiles[0] : NULL);
		lc_inputs_check_watched(profile, *where);
	} else {
		r = lc_inputs_merge(profile, check->profiles, check->n, false);
	}
	if (!r)
		return 0;
	lc_log(log, LC_LOG_ERROR, "cannot merge the profiles: %s", strerror(-r));
	return LC_EXIT_FAILURE;
}

int lc_cmd_check(int argc, char **argv)
{
	const struct lc_log log = {.threshold = LC_LOG_WARN, .stream = stderr};
	struct check_options check = {.format = parse_format("text"),
		.rules.counts = {[LC_FINDING_UNKNOWN] = true,
			[LC_FINDING_NEEDED] = true,
			[LC_FINDING_WANTED] = true,
			[LC_FINDING_PARTIAL] = true}};
	_cleanup_(lc_policy_clear) struct lc_policy policy = {0};
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_(lc_baseline_clear) struct lc_baseline baseline = {0};
	const char *where = NULL;
	int status;

	lc_cli_parse(&lc_argp_check, argc, argv, false, &check);
	status = check.output.path ? lc_output_open(&check.file, &check.output, &log) : LC_EXIT_OK;
	if (!status)
		status = load(&check, &policy, &profile, &where, &log);
	if (!status) {
		lc_choosing_apply(&check.choosing.choice, &profile, where);
		load_baseline(&check, &baseline);
		status = run(&check, &policy, &profile, &baseline);
	}
	lc_output_file_free(check.file);
	free(check.allow);
	return status;
}
