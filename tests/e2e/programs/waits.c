/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Does nothing until it is told to end: for containers that have no other program. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	sigset_t ends;
	int which;

	/* The first process of a pid namespace gets only the signals that it asks for. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	sigwait(&ends, &which);
	return 0;
}
