/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * denied_often THREADS CALLS: each thread asks so often for the root directory to be another user's, which ordinary users may not.
 * denied_often killed: a child does so until it is killed in the middle of that. Says how many calls had returned before.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define CALLS_BEFORE_KILL 5000

static long calls;
static atomic_long wrong;

static void call(void)
{
	if (!chown("/", 1, 1) || errno != EPERM)
		wrong++;
}

static void *make_calls(void *unused)
{
	for (long i = 0; i < calls; i++)
		call();
	return unused;
}

static int kill_in_the_middle(void)
{
	atomic_long *made = mmap(NULL, sizeof(*made), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = made == MAP_FAILED ? -1 : fork();

	if (child < 0)
		return EXIT_FAILURE;
	while (!child) {
		call();
		++*made;
	}
	while (*made < CALLS_BEFORE_KILL)
		usleep(1000);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	printf("%ld\n", (long)*made);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	pthread_t threads[64];
	long n = argc == 3 ? strtol(argv[1], NULL, 10) : 0;

	if (argc == 2 && !strcmp(argv[1], "killed"))
		return kill_in_the_middle();
	if (n < 1 || n > 64)
		return 2;
	calls = strtol(argv[2], NULL, 10);
	for (long i = 0; i < n; i++) {
		if (pthread_create(&threads[i], NULL, make_calls, NULL))
			return EXIT_FAILURE;
	}
	for (long i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
