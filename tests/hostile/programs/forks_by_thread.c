/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A thread that is not the first forks a child, which uses SYS_CHROOT until it is killed; that one's thread forks another. */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *fork_again(void *generation)
{
	static int second;
	pthread_t thread;

	if (fork()) {
		pause();
		return NULL;
	}
	if (!generation)
		pthread_create(&thread, NULL, fork_again, &second);
	for (;;) {
		if (generation && chroot("/"))
			perror("chroot");
		usleep(50000);
	}
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, fork_again, NULL))
		return 1;
	pause();
	return 0;
}
