/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the arguments and words of each subcommand are, and the values of those that are known without asking anybody. */
#include "src/cli/cli.h"
#include "src/cli/complete.h"

#include <leastcap/capset.h>
#include <leastcap/engine.h>
#include <leastcap/policy.h>
#include <leastcap/report.h>
#include <leastcap/syscalls.h>

#include <dirent.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct lc_words filter_words = {
	.list = (const char *const[]){"cap=", "verdict=", "class=", "cause=", "syscall="}, .n = 5};
static const struct lc_words times = {.list = (const char *const[]){"10s", "30s", "1m", "10m", "1h"}, .n = 5};
static const struct lc_words sizes = {.list = (const char *const[]){"100M", "500M", "1G", "10G"}, .n = 4};
static const struct lc_words store_words = {.list = (const char *const[]){"import", "export", "forget"}, .n = 3};
static const struct lc_words listening = {
	.list = (const char *const[]){"localhost:9779", "unix:/run/leastcap.sock", "none"}, .n = 3};
static const struct lc_words prometheus = {.list = (const char *const[]){"http://localhost:9090"}, .n = 1};
static const struct lc_words services = {.list = (const char *const[]){"http://127.0.0.1:9779", "unix:"}, .n = 2};
static const struct lc_words modes = {.list = (const char *const[]){"0600", "0640", "0644"}, .n = 3};

/* What the argument is that the tables of options call so, or that of an option whose argument's name does not tell. */
static const struct row {
	const char *option; /* NULL: every option whose argument is called so */
	const char *argument;
	enum lc_value value;
	const struct lc_words *words;
	const char *command; /* NULL: of every subcommand */
} rows[] = {
	{"target", "NAME", LC_VALUE_TARGET, NULL, NULL},
	{"project", "NAME", LC_VALUE_RUNNING_PROJECT, NULL, "record"},
	{"project", "NAME", LC_VALUE_PROJECT, NULL, NULL},
	{"image", "NAME", LC_VALUE_RUNNING_IMAGE, NULL, "record"},
	{"image", "NAME", LC_VALUE_IMAGE, NULL, NULL},
	{"connect", "URL", LC_VALUE_WORDS, &services, NULL},
	{"prometheus", "URL", LC_VALUE_WORDS, &prometheus, NULL},
	{"sort", "COLUMN", LC_VALUE_WORDS, &lc_sort_words, NULL},
	{NULL, "SECONDS", LC_VALUE_WORDS, &times, NULL},
	{"hook", "NAME", LC_VALUE_WORDS, &lc_hook_words, NULL},
	{"method", "NAME", LC_VALUE_WORDS, &lc_method_words, NULL},
	{"by", "WHAT", LC_VALUE_WORDS, &lc_by_words, NULL},
	{"engine", "NAME", LC_VALUE_ENGINE, NULL, NULL},
	{"engine", "ENGINE", LC_VALUE_ENGINE, NULL, NULL},
	{"cap-add", "NAME", LC_VALUE_CAPABILITY, NULL, NULL},
	{"cap-drop", "NAME", LC_VALUE_CAPABILITY, NULL, NULL},
	{"explain", "NAME", LC_VALUE_CAPABILITY, NULL, NULL},
	{"refusals", "WHICH", LC_VALUE_WORDS, &lc_refusals_words, NULL},
	{"color", "WHEN", LC_VALUE_WORDS, &lc_color_words, NULL},
	{"format", "FORMAT", LC_VALUE_REPORT_FORMAT, NULL, "report"},
	{"format", "FORMAT", LC_VALUE_REPORT_FORMAT, NULL, "audit"},
	{"format", "FORMAT", LC_VALUE_CHECK_FORMAT, NULL, "check"},
	{NULL, "FORMAT", LC_VALUE_WORDS, &lc_json_words, NULL},
	{"unit", "NAME", LC_VALUE_UNIT, NULL, NULL},
	{"cgroup", "PATH", LC_VALUE_DIRECTORY, NULL, NULL},
	{NULL, "DIR", LC_VALUE_DIRECTORY, NULL, NULL},
	{NULL, "SIZE", LC_VALUE_WORDS, &sizes, NULL},
	{"allow", "FILE", LC_VALUE_FILE, NULL, NULL},
	{NULL, "FILE", LC_VALUE_FILE, NULL, NULL},
	{NULL, "FILE.json", LC_VALUE_PROFILE, NULL, NULL},
	{NULL, "PROFILE", LC_VALUE_PROFILE, NULL, NULL},
	{NULL, "COMPOSE.yaml", LC_VALUE_YAML, NULL, NULL},
	{NULL, "MANIFEST.yaml", LC_VALUE_YAML, NULL, NULL},
	{NULL, "DOCKERFILE", LC_VALUE_FILE, NULL, NULL},
	{NULL, "PATCH", LC_VALUE_FILE, NULL, NULL},
	{NULL, "TIME", LC_VALUE_WORDS, &times, NULL},
	{NULL, "PLACE", LC_VALUE_WORDS, &listening, NULL},
	{NULL, "MODE", LC_VALUE_WORDS, &modes, NULL},
	{NULL, "USER", LC_VALUE_USER, NULL, NULL},
	{NULL, "PID", LC_VALUE_PROCESS, NULL, NULL},
	{NULL, "CAP,…", LC_VALUE_CAPABILITIES, NULL, NULL},
	{NULL, "SET", LC_VALUE_CAPABILITIES, NULL, NULL},
	{NULL, "EXPR", LC_VALUE_FILTER, NULL, NULL},
};

/* What the words of a subcommand are that belong to no option: the first, and all others. */
static const struct {
	const char *command;
	enum lc_value first, rest;
	const struct lc_words *words; /* of the first, for LC_VALUE_WORDS */
} words_of[] = {
	{"store", LC_VALUE_WORDS, LC_VALUE_PROFILE, &store_words},
	{"record", LC_VALUE_CONTAINER, LC_VALUE_CONTAINER, NULL},
	{"trace", LC_VALUE_CONTAINER, LC_VALUE_CONTAINER, NULL},
	{"top", LC_VALUE_CONTAINER, LC_VALUE_CONTAINER, NULL},
	{"audit", LC_VALUE_CONTAINER, LC_VALUE_CONTAINER, NULL},
	{"run", LC_VALUE_COMMAND, LC_VALUE_COMMAND, NULL},
	{"prove", LC_VALUE_COMMAND, LC_VALUE_CONTAINER, NULL},
	{"report", LC_VALUE_PROFILE, LC_VALUE_NONE, NULL},
	{"harden", LC_VALUE_PROFILE, LC_VALUE_NONE, NULL},
	{"apply", LC_VALUE_PROFILE, LC_VALUE_YAML, NULL},
	{"explain", LC_VALUE_PROFILE, LC_VALUE_STORY, NULL},
	{"check", LC_VALUE_PROFILE, LC_VALUE_PROFILE, NULL},
	{"diff", LC_VALUE_PROFILE, LC_VALUE_PROFILE, NULL},
	{"merge", LC_VALUE_PROFILE, LC_VALUE_PROFILE, NULL},
	{"serve", LC_VALUE_PROFILE, LC_VALUE_PROFILE, NULL},
	{"caps", LC_VALUE_CAPABILITY, LC_VALUE_CAPABILITY, NULL},
};

enum lc_value lc_completion_value(
	const char *command, const char *option, const char *argument, const struct lc_words **words)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];

		if (strcmp(row->argument, argument) != 0 || (row->option && strcmp(row->option, option) != 0) ||
			(row->command && strcmp(row->command, command) != 0))
			continue;
		*words = row->words;
		return row->value;
	}
	return LC_VALUE_NONE;
}

enum lc_value lc_completion_word(const char *command, size_t number, const struct lc_words **words)
{
	for (size_t i = 0; i < sizeof(words_of) / sizeof(words_of[0]); i++) {
		if (strcmp(words_of[i].command, command) != 0)
			continue;
		*words = words_of[i].words;
		return number ? words_of[i].rest : words_of[i].first;
	}
	return LC_VALUE_NONE;
}

const char *lc_completion_shell_adds(enum lc_value value)
{
	switch (value) {
	case LC_VALUE_FILE:
		return "files";
	case LC_VALUE_PROFILE:
		return "files json";
	case LC_VALUE_YAML:
		return "files yaml";
	case LC_VALUE_DIRECTORY:
		return "directories";
	default:
		return "words";
	}
}

/* What is typed behind the last comma, and behind what turns an expression around, is what is to be completed. */
static void skip_list(struct lc_completion *completion)
{
	const char *comma = strrchr(completion->typed, ',');
	const char *begin = comma ? comma + 1 : completion->typed;

	begin += *begin == '!';
	completion->before_length += (size_t)(begin - completion->typed);
	completion->typed = begin;
}

static void add_capabilities(struct lc_completion *completion)
{
	uint64_t all = lc_cap_all();
	char name[LC_CAP_NAME_SIZE];

	for (int cap; (cap = lc_cap_take(&all)) >= 0;)
		lc_completion_add(completion, lc_cap_name(cap, name), NULL);
}

static void add_formats(struct lc_completion *completion, bool check)
{
	const struct lc_report_format *const *report = lc_report_formats();
	const struct lc_policy_format *const *policy = lc_policy_formats();

	for (; check && *policy; policy++)
		lc_completion_add(completion, (*policy)->name, (*policy)->description);
	for (; !check && *report; report++)
		lc_completion_add(completion, (*report)->name, (*report)->description);
}

static void add_users(struct lc_completion *completion)
{
	const struct passwd *user;

	setpwent();
	while ((user = getpwent()))
		lc_completion_add(completion, user->pw_name, NULL);
	endpwent();
}

/* Adds the processes that there are, each with what it calls itself. */
static void add_processes(struct lc_completion *completion)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		char path[64], name[64] = "";
		FILE *file;

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || strlen(entry->d_name) > 10)
			continue;
		snprintf(path, sizeof(path), "/proc/%.10s/comm", entry->d_name);
		file = fopen(path, "re");
		if (!file)
			continue;
		if (fgets(name, sizeof(name), file))
			name[strcspn(name, "\n")] = '\0';
		fclose(file);
		lc_completion_add(completion, entry->d_name, name);
	}
	if (proc)
		closedir(proc);
}

/* Adds the services that systemd has files of. */
static void add_units(struct lc_completion *completion)
{
	static const char *const places[] = {
		"/etc/systemd/system", "/run/systemd/system", "/usr/lib/systemd/system", "/lib/systemd/system"};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		DIR *units = opendir(places[i]);
		struct dirent *entry;

		while (units && (entry = readdir(units))) {
			const char *end = strstr(entry->d_name, ".service");

			if (end && !end[strlen(".service")])
				lc_completion_add(completion, entry->d_name, NULL);
		}
		if (units)
			closedir(units);
	}
}

static void add_words(struct lc_completion *completion, const struct lc_words *words)
{
	for (size_t i = 0; i < words->n; i++)
		lc_completion_add(completion, words->list[i], NULL);
}

/* Adds the values of an expression of trace's: those behind its "=", which KIND, LENGTH bytes long, stands before. */
static void add_filter_values(struct lc_completion *completion, const char *kind, size_t length)
{
	bool is_cap = length == 3 && !strncmp(kind, "cap", length);
	bool is_verdict = length == 7 && !strncmp(kind, "verdict", length);
	bool is_class = length == 5 && !strncmp(kind, "class", length);
	bool is_cause = length == 5 && !strncmp(kind, "cause", length);
	const struct lc_syscall *call;
	size_t cursor = 0;

	if (is_cap)
		add_capabilities(completion);
	for (int i = 0; is_verdict && i < LC_VERDICT_N; i++)
		lc_completion_add(completion, lc_verdict_name((enum lc_verdict)i), NULL);
	for (int i = 0; is_class && i < LC_CLASS_N; i++)
		lc_completion_add(completion, lc_class_name((enum lc_class)i), NULL);
	for (int i = 0; is_cause && i < LC_CAUSE_N; i++)
		lc_completion_add(completion, lc_cause_name((enum lc_cause)i), NULL);
	while (!is_cap && !is_verdict && !is_class && !is_cause && (call = lc_syscall_next(&cursor)))
		lc_completion_add(completion, call->name, NULL);
}

static void add_filter(struct lc_completion *completion)
{
	const char *equals = strchr(completion->typed, '=');
	const char *kind = completion->typed;

	if (!equals) {
		add_words(completion, &filter_words);
		return;
	}
	completion->before_length += (size_t)(equals + 1 - kind);
	completion->typed = equals + 1;
	skip_list(completion);
	add_filter_values(completion, kind, (size_t)(equals - kind));
}

void lc_completion_add_values(struct lc_completion *completion, enum lc_value value, const struct lc_words *words)
{
	switch (value) {
	case LC_VALUE_WORDS:
		add_words(completion, words);
		return;
	case LC_VALUE_ENGINE:
		add_words(completion, &(const struct lc_words){.list = lc_engine_names(), .n = LC_ENGINE_N});
		return;
	case LC_VALUE_USER:
		add_users(completion);
		return;
	case LC_VALUE_PROCESS:
		add_processes(completion);
		return;
	case LC_VALUE_UNIT:
		add_units(completion);
		return;
	case LC_VALUE_CAPABILITY:
		add_capabilities(completion);
		lc_completion_add(completion, "ALL", NULL);
		return;
	case LC_VALUE_CAPABILITIES:
		skip_list(completion);
		add_capabilities(completion);
		return;
	case LC_VALUE_REPORT_FORMAT:
	case LC_VALUE_CHECK_FORMAT:
		add_formats(completion, value == LC_VALUE_CHECK_FORMAT);
		return;
	case LC_VALUE_FILTER:
		add_filter(completion);
		return;
	case LC_VALUE_COMMAND:
	case LC_VALUE_CONTAINER:
	case LC_VALUE_RUNNING_PROJECT:
	case LC_VALUE_RUNNING_IMAGE:
		lc_completion_add_running(completion, value);
		return;
	case LC_VALUE_TARGET:
	case LC_VALUE_PROJECT:
	case LC_VALUE_IMAGE:
	case LC_VALUE_STORY:
		lc_completion_add_recorded(completion, value);
		return;
	default:
		return;
	}
}
