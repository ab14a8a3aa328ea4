/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsing of options with argp, and one clear line for what is wrong with them. */
#include "src/cli/cli.h"
#include "src/cli/examples.h"
#include "src/cli/options.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/engine.h>
#include <leastcap/escape.h>
#include <leastcap/log.h>
#include <leastcap/suggest.h>

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void lc_cli_usage_error(const char *format, ...)
{
	const struct lc_log log = {.threshold = LC_LOG_ERROR, .stream = stderr};
	char message[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	lc_log(&log, LC_LOG_ERROR, "%s", message);
	exit(LC_EXIT_USAGE);
}

/* Checks a cluster of short options; returns whether the last one takes the next word as its argument. */
static bool check_short(const struct argp *argp, const char *command, const char *cluster)
{
	for (const char *letter = cluster; *letter; letter++) {
		const struct argp_option *option = lc_option_short(argp, *letter);

		if (!option)
			lc_cli_usage_error("unknown option -%c; see 'leastcap %s --help'", *letter, command);
		if (option->arg)
			return lc_option_takes_next(option) && !letter[1];
	}
	return false;
}

/* The same for one long option ("--name" or "--name=value"), without its dashes. */
static bool check_long(const struct argp *argp, const char *command, const char *text)
{
	size_t length = strcspn(text, "=");
	const char *near = NULL;
	const struct argp_option *option = lc_option_long(argp, text, length, &near);

	if (!option && near)
		lc_cli_usage_error("unknown option --%.*s; did you mean --%s?", (int)length, text, near);
	if (!option)
		lc_cli_usage_error("unknown option --%.*s; see 'leastcap %s --help'", (int)length, text, command);
	if (text[length] && !option->arg)
		lc_cli_usage_error("option --%s takes no argument", option->name);
	return lc_option_takes_next(option) && !text[length];
}

/* Finds what argp would complain about before it does, because its messages take two lines and name no other option. */
static void check_options(const struct argp *argp, int argc, char **argv, bool in_order)
{
	for (int i = 1; i < argc; i++) {
		const char *word = argv[i];
		bool wants_next;

		if (!strcmp(word, "--"))
			return;
		if (word[0] != '-' || !word[1]) {
			if (in_order)
				return;
			continue;
		}
		wants_next =
			word[1] == '-' ? check_long(argp, argv[0], word + 2) : check_short(argp, argv[0], word + 1);
		if (wants_next && ++i == argc)
			lc_cli_usage_error("option %s needs an argument; see 'leastcap %s --help'", word, argv[0]);
	}
}

/* Makes of -h what --help is, where it stands alone and is no word of a command's own. */
static void take_short_help(int argc, char **argv, bool in_order)
{
	static char help[] = "--help";

	for (int i = 1; i < argc && !(in_order && argv[i][0] != '-'); i++) {
		if (strcmp(argv[i], "-h") == 0)
			argv[i] = help;
	}
}

void lc_cli_parse(const struct argp *argp, int argc, char **argv, bool in_order, void *input)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf doc = {0};
	struct argp whole = *argp;
	char name[64];
	int r;

	take_short_help(argc, argv, in_order);
	check_options(argp, argc, argv, in_order);
	lc_strbuf_addf(&doc, "%s\v", argp->doc);
	lc_examples_add(&doc, argv[0]);
	if (!doc.failed)
		whole.doc = doc.text;
	snprintf(name, sizeof(name), "leastcap %s", argv[0]);
	argv[0] = name;
	r = argp_parse(&whole, argc, argv, in_order ? ARGP_IN_ORDER : 0, NULL, input);
	if (r)
		lc_cli_usage_error("%s", strerror(r));
}

int lc_cli_parse_duration(const char *text, int64_t *nanoseconds)
{
	static const struct {
		const char *unit;
		double seconds;
	} units[] = {{"", 1}, {"s", 1}, {"ms", 1e-3}, {"m", 60}, {"h", 3600}, {"d", 86400}};
	char *end;
	double number = strtod(text, &end);

	if (end == text || !(number >= 0))
		return -EINVAL;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		double seconds = number * units[i].seconds;

		if (strcmp(end, units[i].unit) != 0)
			continue;
		/* Nanoseconds have to fit 64 bits. */
		if (seconds > 1e9)
			return -EINVAL;
		*nanoseconds = (int64_t)(seconds * 1e9);
		return 0;
	}
	return -EINVAL;
}

size_t lc_cli_parse_word(const char *option, const char *text, const struct lc_words *words)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf list = {0};
	const char *near;

	for (size_t i = 0; i < words->n; i++) {
		if (!strcmp(text, words->list[i]))
			return i;
		lc_strbuf_adds(&list, !i ? "" : i + 1 < words->n ? ", " : " and ");
		lc_strbuf_adds(&list, words->list[i]);
	}
	near = lc_suggest(text, words->list, words->n);
	lc_cli_usage_error("%s: '%s' is none of %s%s%s%s", option, text, list.failed ? "?" : list.text,
		near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

bool lc_cli_parse_json(const char *format)
{
	const char *near = lc_suggest(format, lc_json_words.list, lc_json_words.n);

	if (!strcmp(format, "json") || !strcmp(format, "text"))
		return format[0] == 'j';
	if (near)
		lc_cli_usage_error("unknown format '%s'; did you mean '%s'?", format, near);
	lc_cli_usage_error("unknown format '%s'; there are text and json", format);
}

const char *lc_cli_parse_hook(const char *name)
{
	return lc_hook_words.list[lc_cli_parse_word("--hook", name, &lc_hook_words)];
}

enum lc_refusals lc_cli_parse_refusals(const char *name)
{
	return (enum lc_refusals)lc_cli_parse_word("--refusals", name, &lc_refusals_words);
}

int lc_cli_parse_engine(const char *name)
{
	return (int)lc_cli_parse_word(
		"--engine", name, &(const struct lc_words){.list = lc_engine_names(), .n = LC_ENGINE_N});
}

uint64_t lc_cli_parse_size(const char *option, const char *text)
{
	static const char units[] = "KMG";
	char *end;
	double number = strtod(text, &end);
	const char *unit = *end ? strchr(units, *end) : NULL;

	if (end == text || !(number > 0) || (*end && (!unit || end[1])))
		lc_cli_usage_error("%s: '%s' is no size such as 500M or 2G", option, text);
	for (ptrdiff_t i = 0; unit && i <= unit - units; i++)
		number *= 1024;
	if (number > 1e15)
		lc_cli_usage_error("%s: '%s' is more than a file can have", option, text);
	return (uint64_t)number;
}

uint32_t lc_cli_parse_keys(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end || n < 16 || n > 1048576)
		lc_cli_usage_error("--keys: '%s' is no number from 16 to 1048576", text);
	return (uint32_t)n;
}

mode_t lc_cli_parse_mode(const char *text)
{
	char *end;
	unsigned long mode = strtoul(text, &end, 8);

	if (end == text || *end || text[0] < '0' || text[0] > '7' || mode > 0777)
		lc_cli_usage_error("--mode: '%s' is no mode of a file; give one like 0644", text);
	return (mode_t)mode;
}

int lc_cli_split(int argc, char **argv, char ***command)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") != 0)
			continue;
		argv[i] = NULL;
		if (i + 1 == argc)
			lc_cli_usage_error("no command follows '--'");
		*command = argv + i + 1;
		return i;
	}
	return argc;
}

uint64_t lc_cli_parse_caps(const char *option, const char *text)
{
	_cleanup_free_ char *copy = strdup(text);
	char *rest = NULL;
	uint64_t caps = 0;

	for (char *name = copy ? strtok_r(copy, ",", &rest) : NULL; name; name = strtok_r(NULL, ",", &rest)) {
		int cap = lc_cap_from_name(name);
		char buffer[LC_CAP_NAME_SIZE];
		const char *near = cap < 0 ? lc_cap_suggest(name, buffer) : NULL;

		if (near)
			lc_cli_usage_error("%s: '%s' is no capability; did you mean %s?", option, name, near);
		if (cap < 0)
			lc_cli_usage_error("%s: '%s' is no capability; 'leastcap caps' lists them", option, name);
		caps |= LC_CAP_BIT(cap);
	}
	return caps;
}

void lc_cli_agree(const char *option, const char *what)
{
	char answer[8] = "";

	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		lc_cli_usage_error("%s: whatever runs there feels it; say --yes to begin", option);
	fprintf(stderr, "%s Begin? [y/N] ", what);
	if (!fgets(answer, sizeof(answer), stdin) || (answer[0] != 'y' && answer[0] != 'Y'))
		exit(LC_EXIT_FAILURE);
}

pid_t lc_cli_parse_pid(const char *option, const char *text)
{
	char *end;
	long pid = strtol(text, &end, 10);

	if (*end || end == text || pid <= 0 || pid > INT32_MAX)
		lc_cli_usage_error("%s: '%s' is no process id", option, text);
	return (pid_t)pid;
}
