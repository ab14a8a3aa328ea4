/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the commands in crontab(5), anacrontab(5), supervisord's configuration and simple run scripts. */
#include "src/lookup/schedule.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define BLANKS " \t\r"

/* A part of a text. */
struct span {
	const char *at, *end;
};

/* Whom to tell. */
struct listener {
	lc_schedule_visit *visit;
	void *context;
};

/* How many bytes at the beginning of SPAN are in SET, or (WANTED false) are not. */
static size_t run_of(struct span span, const char *set, bool wanted)
{
	size_t n = 0;

	while (span.at + n < span.end && (strchr(set, span.at[n]) != NULL) == wanted)
		n++;
	return n;
}

static void skip_blanks(struct span *span)
{
	span->at += run_of(*span, BLANKS, true);
}

/* Takes the next word off SPAN. */
static struct span take_word(struct span *span)
{
	struct span word;

	skip_blanks(span);
	word.at = span->at;
	span->at += run_of(*span, BLANKS, false);
	word.end = span->at;
	return word;
}

static bool is_word(struct span word, const char *text)
{
	size_t length = strlen(text);

	return (size_t)(word.end - word.at) == length && strncmp(word.at, text, length) == 0;
}

/* Tells of WORD if it is an absolute path. */
static void tell(const struct listener *listener, struct span word)
{
	if (word.at < word.end && *word.at == '/')
		listener->visit(listener->context, word.at, (size_t)(word.end - word.at));
}

/* Whether a command may follow WORD: NAME=VALUE, or a word of the shell's own. */
static bool goes_before_command(struct span word)
{
	static const char *const words[] = {
		"exec", "if", "then", "elif", "else", "while", "until", "do", "time", "command"};
	static const char name[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
	size_t length = run_of(word, name, true);

	if (length && word.at + length < word.end && word.at[length] == '=')
		return true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (is_word(word, words[i]))
			return true;
	}
	return false;
}

/* Takes what stands in quotes off COMMAND. */
static struct span take_quoted(struct span *command)
{
	const char *start = command->at + 1;
	const char *close = memchr(start, *command->at, (size_t)(command->end - start));
	struct span quoted = {start, close ? close : command->end};

	command->at = close ? close + 1 : command->end;
	return quoted;
}

/* Whether WORD ends before a blank or an operator of the shell's. Else more of it stands in quotes. */
static bool is_whole(struct span word, struct span command)
{
	return word.end == command.end || !strchr("\"'", *word.end);
}

/* Tells of the programs that COMMAND, a line of the shell's, names. */
static void read_shell(const struct listener *listener, struct span command)
{
	bool is_first = true;      /* the next word is a command */
	const char *joined = NULL; /* where the last word ended */

	while (command.at < command.end) {
		struct span word = {command.at, command.at + run_of(command, BLANKS ";&|(){}!<>\"'", false)};

		if (strchr("\"'", *command.at)) {
			bool is_start = command.at != joined;

			word = take_quoted(&command);
			joined = command.at;
			if (is_first && is_start && !memchr(word.at, ' ', (size_t)(word.end - word.at)))
				tell(listener, word);
			is_first = is_first && !is_start;
		} else if (word.at == word.end) {
			/* Behind one of < and > stands a file. */
			if (strchr(";&|({!", *command.at))
				is_first = true;
			else if (!strchr(BLANKS, *command.at))
				is_first = false;
			command.at++;
		} else {
			if (is_first && is_whole(word, command) && command.at != joined)
				tell(listener, word);
			is_first = is_first && goes_before_command(word);
			command.at = joined = word.end;
		}
	}
}

/* A line of a crontab. What does not begin with a minute, or with "@daily" and its like, sets a variable. "%" ends the command. */
static void read_crontab(const struct listener *listener, struct span line, bool has_user)
{
	int fields = *line.at == '@' ? 1 : 5;

	if (*line.at == '-')
		line.at++;
	if (!strchr("@*0123456789", *line.at))
		return;
	for (int i = 0; i < fields + has_user; i++)
		take_word(&line);
	line.end = line.at + run_of(line, "%", false);
	read_shell(listener, line);
}

/* A line of anacrontab: period, delay, name, command. */
static void read_anacrontab(const struct listener *listener, struct span line)
{
	if (!strchr("@0123456789", *line.at))
		return;
	for (int i = 0; i < 3; i++)
		take_word(&line);
	read_shell(listener, line);
}

/* A line of supervisord's. *IN_PROGRAM: it stands in the section of a program. No shell runs the command. */
static void read_supervisor(const struct listener *listener, struct span line, bool *in_program)
{
	static const char *const sections[] = {"[program:", "[fcgi-program:", "[eventlistener:"};
	static const char key[] = "command";

	if (*line.at == '[') {
		*in_program = false;
		for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
			*in_program |= strncmp(line.at, sections[i], strlen(sections[i])) == 0;
	}
	if (!*in_program || strncasecmp(line.at, key, strlen(key)) != 0)
		return;
	line.at += strlen(key);
	skip_blanks(&line);
	if (line.at == line.end || (*line.at != '=' && *line.at != ':'))
		return;
	line.at++;
	tell(listener, take_word(&line));
}

/* A line of a run script, if it is "exec /usr/sbin/sshd …". */
static void read_run(const struct listener *listener, struct span line)
{
	if (is_word(take_word(&line), "exec"))
		tell(listener, take_word(&line));
}

void lc_schedule_each(const char *text, enum lc_schedule kind, lc_schedule_visit *visit, void *context)
{
	const struct listener listener = {visit, context};
	bool in_program = false;

	while (*text) {
		struct span line = {text, text + strcspn(text, "\n")};

		text = *line.end ? line.end + 1 : line.end;
		/* A line of supervisord's that begins with a blank goes on with the one before. */
		if (kind == SCHEDULE_SUPERVISOR && strchr(BLANKS, *line.at))
			continue;
		skip_blanks(&line);
		if (line.at == line.end || *line.at == '#' || *line.at == ';')
			continue;
		if (kind == SCHEDULE_SUPERVISOR)
			read_supervisor(&listener, line, &in_program);
		else if (kind == SCHEDULE_RUN)
			read_run(&listener, line);
		else if (kind == SCHEDULE_ANACRON)
			read_anacrontab(&listener, line);
		else
			read_crontab(&listener, line, kind == SCHEDULE_SYSTEM);
	}
}
