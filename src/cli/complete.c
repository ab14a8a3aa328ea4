/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* leastcap complete: what may stand at a place of a command line, from the tables that help and parsing use. */
#include "src/cli/complete.h"
#include "src/cli/cli.h"
#include "src/cli/options.h"

#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/recording.h>

#include <ctype.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <unistd.h>

/* How long a person waits for it (milliseconds), and how much he reads of a description (bytes). */
#define LIMIT_MS 300L
#define READ     60

/* Where a word stands among those before it. */
struct place {
	const struct lc_command *command;
	const struct argp_option *option; /* the word before, whose argument it is; NULL: it is nobody's */
	int own_command;                  /* where a command of the user's begins, if it does before it; else 0 */
	size_t words;                     /* how many words before it belong to no option */
};

static bool is_printable(const char *text)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf escaped = {0};

	lc_escape_terminal(&escaped, text);
	return escaped.text && !escaped.failed && !strcmp(escaped.text, text);
}

/* Appends the beginning of TEXT, in whole words. */
static void add_description(struct lc_strbuf *out, const char *text)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf escaped = {0};
	size_t length;

	lc_escape_terminal(&escaped, text);
	if (escaped.failed || !escaped.length)
		return;
	length = escaped.length;
	if (length > READ) {
		for (length = READ; length && escaped.text[length] != ' '; length--)
			;
	}
	lc_strbuf_adds(out, "\t");
	lc_strbuf_add(out, escaped.text, length);
	lc_strbuf_adds(out, length < escaped.length ? " …" : "");
}

void lc_completion_add(struct lc_completion *completion, const char *candidate, const char *description)
{
	struct lc_strbuf *out = &completion->out;

	if (!candidate || strncasecmp(candidate, completion->typed, strlen(completion->typed)) != 0 ||
		!is_printable(candidate))
		return;
	lc_strbuf_add(out, completion->before, completion->before_length);
	lc_strbuf_adds(out, candidate);
	if (description)
		add_description(out, description);
	lc_strbuf_adds(out, "\n");
}

void lc_completion_flush(struct lc_completion *completion)
{
	if (!completion->out.failed && completion->out.length)
		fwrite(completion->out.text, 1, completion->out.length, stdout);
	fflush(stdout);
	lc_strbuf_free(&completion->out);
}

/* Ends the program: what was written until now is what there is. */
static void give_up(int number)
{
	(void)number;
	_exit(LC_EXIT_OK);
}

void lc_completion_limit_time(void)
{
	const struct itimerval limit = {.it_value = {.tv_usec = LIMIT_MS * 1000}};

	signal(SIGALRM, give_up);
	setitimer(ITIMER_REAL, &limit, NULL);
}

/* Says what the shell adds, which comes before all else. */
static void begin(struct lc_completion *completion, const char *shell_adds)
{
	lc_strbuf_addf(&completion->out, "%s\n", shell_adds);
	lc_completion_flush(completion);
}

/* The option of COMMAND that WORD, which begins with a dash, ends with if the next word is its argument; else NULL. */
static const struct argp_option *awaited(const struct lc_command *command, const char *word)
{
	const struct argp_option *option = NULL;
	const char *near;

	if (word[1] == '-') {
		if (!strchr(word, '='))
			option = lc_option_long(command->argp, word + 2, strlen(word + 2), &near);
		return option && lc_option_takes_next(option) ? option : NULL;
	}
	for (const char *letter = word + 1; *letter; letter++) {
		option = lc_option_short(command->argp, *letter);
		if (option && option->arg)
			return lc_option_takes_next(option) && !letter[1] ? option : NULL;
	}
	return NULL;
}

/* Whether the first word of COMMAND that is no option begins a command of the user's. */
static bool runs_first_word(const struct lc_command *command, char *const *words, int n)
{
	const struct lc_words *words_of;

	if (lc_completion_word(command->name, 0, &words_of) != LC_VALUE_COMMAND)
		return false;
	for (int i = 1; i < n; i++) {
		if (!strcmp(words[i], "--"))
			return false;
	}
	return true;
}

/* Finds out where the word behind the first CURRENT of WORDS, which are N, stands. The first one is the subcommand. */
static struct place find_place(const struct lc_command *command, char *const *words, int n, int current)
{
	struct place place = {.command = command};
	bool first_word = runs_first_word(command, words, n);

	for (int i = 1; i < current && !place.own_command; i++) {
		if (place.option) {
			place.option = NULL;
		} else if (!strcmp(words[i], "--")) {
			place.own_command = i + 1;
		} else if (words[i][0] == '-' && words[i][1]) {
			place.option = awaited(command, words[i]);
		} else {
			place.words++;
			place.own_command = first_word ? i : 0;
		}
	}
	return place;
}

/* The first of WORDS, which are N, that is no option's and names a profile, wherever the cursor is. NULL: none is there. */
static const char *find_profile(const struct lc_command *command, char *const *words, int n, int current)
{
	const struct argp_option *option = NULL;

	for (int i = 1; i < n; i++) {
		if (option)
			option = NULL;
		else if (words[i][0] == '-' && words[i][1])
			option = awaited(command, words[i]);
		else if (i != current && words[i][0] && strcmp(words[i], "-") != 0)
			return words[i];
	}
	return NULL;
}

/* Adds the options of COMMAND. */
static void add_options(struct lc_completion *completion, const struct lc_command *command)
{
	const struct argp_option *option;
	size_t cursor = 0;

	while ((option = lc_option_next(command->argp, &cursor))) {
		char name[72];

		/* A letter is worth a line only where nothing else is known yet. */
		if (!strcmp(completion->typed, "-") && isalnum(option->key) && option->key < 128) {
			snprintf(name, sizeof(name), "-%c", option->key);
			lc_completion_add(completion, name, option->doc);
		}
		snprintf(name, sizeof(name), "--%s%s", option->name, lc_option_takes_next(option) ? "=" : "");
		lc_completion_add(completion, name, option->doc);
	}
}

/* Completes the argument of OPTION. */
static void complete_argument(
	struct lc_completion *completion, const struct lc_command *command, const struct argp_option *option)
{
	const struct lc_words *words = NULL;
	enum lc_value value = lc_completion_value(command->name, option->name, option->arg, &words);

	begin(completion, lc_completion_shell_adds(value));
	lc_completion_add_values(completion, value, words);
}

/* Completes an option, or behind its "=" the argument. */
static void complete_option(struct lc_completion *completion, const struct lc_command *command)
{
	const char *equals = strchr(completion->typed, '=');
	const struct argp_option *option = NULL;
	const char *near;

	if (equals && completion->typed[1] == '-')
		option = lc_option_long(
			command->argp, completion->typed + 2, (size_t)(equals - completion->typed - 2), &near);
	if (!equals) {
		begin(completion, "words");
		add_options(completion, command);
	} else if (option && option->arg) {
		completion->before_length = (size_t)(equals + 1 - completion->before);
		completion->typed = equals + 1;
		complete_argument(completion, command, option);
	}
}

/* Completes the name of a subcommand. */
static void complete_command(struct lc_completion *completion, bool help)
{
	size_t n;
	const struct lc_command *commands = lc_cli_commands(&n);

	begin(completion, "words");
	for (size_t i = 0; i < n; i++)
		lc_completion_add(completion, commands[i].name, commands[i].summary);
	if (help)
		return;
	lc_completion_add(completion, "help", "tell about one of them");
	lc_completion_add(completion, "version", "print the version");
	if (completion->typed[0] == '-') {
		lc_completion_add(completion, "--help", "print help");
		lc_completion_add(completion, "--version", "print the version");
	}
}

/* Completes the word CURRENT of WORDS, which are N and begin with the subcommand. */
static void complete_word(struct lc_completion *completion, char *const *words, int n, int current)
{
	const struct lc_command *command = lc_cli_command(words[0]);
	const struct lc_words *named = NULL;
	enum lc_value value;
	struct place place;
	char own[32];

	if (!command)
		return;
	place = find_place(command, words, n, current);
	completion->profile = find_profile(command, words, n, current);
	if (place.option) {
		complete_argument(completion, command, place.option);
	} else if (place.own_command) {
		snprintf(own, sizeof(own), "command %d", place.own_command + 1);
		begin(completion, own);
	} else if (completion->typed[0] == '-' && strcmp(completion->typed, "-") != 0) {
		complete_option(completion, command);
	} else {
		value = lc_completion_word(command->name, place.words, &named);
		snprintf(own, sizeof(own), "command %d", current + 1);
		begin(completion, value == LC_VALUE_COMMAND ? own : lc_completion_shell_adds(value));
		if (completion->typed[0] == '-')
			add_options(completion, command);
		lc_completion_add_values(completion, value, named);
	}
}

int lc_complete(int argc, char **argv)
{
	struct lc_completion completion = {0};
	char *const *words = argv + 1;
	char *end;
	long number = argc > 1 ? strtol(argv[0], &end, 10) : 0;

	if (argc < 2 || *end || number < 1 || number >= argc)
		lc_cli_usage_error("complete is for shells: leastcap complete N WORD…");
	if (lc_privileges_give_up())
		return LC_EXIT_FAILURE;
	completion.before = completion.typed = words[number - 1];
	if (number == 1)
		complete_command(&completion, false);
	else if (number == 2 && !strcmp(words[0], "help"))
		complete_command(&completion, true);
	else
		complete_word(&completion, words, argc - 1, (int)number - 1);
	lc_completion_flush(&completion);
	return LC_EXIT_OK;
}
