/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The terminal as it was, which gets it back however the program ends. What is kept here is the program's, as curses' own state is: there is one terminal, and
 * a signal's handler has nothing else to find it by.
 */
#include "src/top/terminal.h"

#include <leastcap/top.h>

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* How the terminal was, and what makes it so again. */
static struct {
	volatile sig_atomic_t taken;
	struct termios before;
	char leave[256];
	size_t length;
} terminal;

/* What ends the program without asking. */
static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGQUIT, SIGTRAP, SIGSYS};

void lc_top_screen_give_back(void)
{
	ssize_t ignored;

	if (!terminal.taken)
		return;
	terminal.taken = false;
	ignored = write(STDOUT_FILENO, terminal.leave, terminal.length);
	(void)ignored;
	tcsetattr(STDIN_FILENO, TCSANOW, &terminal.before);
}

/* The handler is gone by now, and the signal comes again. */
static void on_crash(int number)
{
	lc_top_screen_give_back();
	raise(number);
}

static void catch_crashes(void)
{
	const struct sigaction action = {.sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND};

	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		sigaction(crashes[i], &action, NULL);
}

static void leave_crashes(void)
{
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		signal(crashes[i], SIG_DFL);
}

/* What the terminal's database has as its CAPABILITY; NULL: nothing (curs_terminfo(3X): -1 where it is no text). */
static const char *capability_text(const char *capability)
{
	const char *text = tigetstr(capability);

	return (intptr_t)text == -1 ? NULL : text;
}

/* Adds what CAPABILITY of the terminal's is, without the times to wait in it ("$<5>"), to what gives the terminal back. */
static void add_leave(const char *capability)
{
	const char *text = capability_text(capability);

	if (!text)
		return;
	while (*text && terminal.length < sizeof(terminal.leave)) {
		if (text[0] == '$' && text[1] == '<' && strchr(text, '>'))
			text = strchr(text, '>') + 1;
		else
			terminal.leave[terminal.length++] = *text++;
	}
}

int lc_terminal_learn(void)
{
	const char *name = getenv("TERM");
	int error = 0;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &terminal.before))
		return -ENOTTY;
	if (!name || !*name || strcmp(name, "dumb") == 0 || setupterm(name, STDOUT_FILENO, &error) == ERR)
		return -ENXIO;
	if (!capability_text("cup"))
		return -ENXIO;
	terminal.length = 0;
	add_leave("sgr0");
	add_leave("rmkx");
	add_leave("cnorm");
	add_leave("rmcup");
	return 0;
}

void lc_terminal_take(void)
{
	terminal.taken = true;
	catch_crashes();
}

void lc_terminal_leave(void)
{
	lc_top_screen_give_back();
	leave_crashes();
}
