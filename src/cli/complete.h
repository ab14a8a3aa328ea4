/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What may stand at a place of a command line, for the shells: `leastcap complete`. */
#ifndef LEASTCAP_CLI_COMPLETE_H
#define LEASTCAP_CLI_COMPLETE_H

#include <leastcap/strbuf.h>

#include <stddef.h>

/*
 * leastcap complete N WORD…: N is the number of the word to complete (1 is the one behind "leastcap"), WORD… all words behind "leastcap", those behind that one
 * included. The first line says what the shell itself adds: "words" (nothing), "files" with an extension if it prefers one, "directories", or "command N",
 * where another command line begins at word N. Each of the others is the whole word, and behind a tab what it is. Nothing that could act on a terminal or end
 * a line is printed; quoting is the shell's affair. Nobody is waited for longer than 300 ms. An exit status.
 */
int lc_complete(int argc, char **argv);

/* --- between the files of this command */

/* What an argument is. */
enum lc_value {
	LC_VALUE_NONE, /* free text */
	LC_VALUE_WORDS,
	LC_VALUE_FILE,
	LC_VALUE_PROFILE,
	LC_VALUE_YAML,
	LC_VALUE_DIRECTORY,
	LC_VALUE_ENGINE,
	LC_VALUE_USER,
	LC_VALUE_PROCESS,
	LC_VALUE_UNIT,         /* a service of systemd's */
	LC_VALUE_CAPABILITY,   /* one, or ALL */
	LC_VALUE_CAPABILITIES, /* with commas between */
	LC_VALUE_REPORT_FORMAT,
	LC_VALUE_CHECK_FORMAT,
	LC_VALUE_CONTAINER, /* one that runs */
	LC_VALUE_RUNNING_PROJECT,
	LC_VALUE_RUNNING_IMAGE,
	LC_VALUE_TARGET, /* of the profile */
	LC_VALUE_PROJECT,
	LC_VALUE_IMAGE,
	LC_VALUE_STORY, /* a capability or system call that the profile tells of */
	LC_VALUE_FILTER,
	LC_VALUE_COMMAND,
};

struct lc_completion {
	const char *before; /* what of the word stays, BEFORE_LENGTH bytes: "--format=" */
	size_t before_length;
	const char *typed;   /* what of it is there of what is to be completed */
	const char *profile; /* the one that is named on the line; NULL: none */
	struct lc_strbuf out;
};

/* Adds CANDIDATE if it begins with what was typed, in any case; DESCRIPTION, which may be long, or NULL, is cut to one line. */
void lc_completion_add(struct lc_completion *completion, const char *candidate, const char *description);

/* Begins the time in which somebody who has to be asked has to answer: then the program ends, with what was written until then. */
void lc_completion_limit_time(void);

/* Writes what was added until now: what follows may be too late. */
void lc_completion_flush(struct lc_completion *completion);

/* What the argument of the option called OPTION of COMMAND is, which its table calls ARGUMENT. *WORDS is set to its words for LC_VALUE_WORDS. */
struct lc_words;
enum lc_value lc_completion_value(
	const char *command, const char *option, const char *argument, const struct lc_words **words);

/* The same of the word NUMBER (0: the first) of COMMAND that belongs to no option. */
enum lc_value lc_completion_word(const char *command, size_t number, const struct lc_words **words);

/* Adds every VALUE (WORDS for LC_VALUE_WORDS). */
void lc_completion_add_values(struct lc_completion *completion, enum lc_value value, const struct lc_words *words);

/* What the shell adds to VALUE. */
const char *lc_completion_shell_adds(enum lc_value value);

/* Adds what runs now: containers, compose projects or images, as the engine tells. */
void lc_completion_add_running(struct lc_completion *completion, enum lc_value value);

/* Adds what the profile tells of: targets, projects, images, capabilities and calls. */
void lc_completion_add_recorded(struct lc_completion *completion, enum lc_value value);

#endif
