/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * loop check|plain|denied MILLISECONDS FILE: makes syscalls that ask for one capability, for none, or for one that is denied, and writes
 * to FILE how many nanoseconds one takes. loop count TASKS CALLS: makes CALLS checks in each of TASKS processes. loop pace RATE
 * SECONDS: makes RATE checks a second, in equal parts every millisecond.
 */
#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A slice is shorter than the time between two preemptions, so that some slices are undisturbed on a busy machine. */
#define SLICE_NS   100000
#define MAX_SLICES 100000

typedef void make_call(void);

/* Refused for its length, after the one check for SYS_ADMIN. */
static void call_with_check(void)
{
	syscall(SYS_sethostname, NULL, -1);
}

static void call_without_check(void)
{
	syscall(SYS_getppid);
}

/* From here on the check is denied. */
static int give_up_the_capability(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, sets))
		return -1;
	sets[0].effective &= ~(1U << CAP_SYS_ADMIN);
	return (int)syscall(SYS_capset, &header, sets);
}

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static int64_t time_calls(make_call *call, int n)
{
	int64_t start = now_ns();

	for (int i = 0; i < n; i++)
		call();
	return now_ns() - start;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Nanoseconds per call, of the slice that a tenth of all beat: what others do at the time can only add to it. */
static double measure(make_call *call, int64_t duration)
{
	static double slices[MAX_SLICES];
	int64_t end = now_ns() + duration;
	int calls = 1, n = 0;

	while (time_calls(call, calls) < SLICE_NS)
		calls *= 2;
	do
		slices[n++] = (double)time_calls(call, calls) / calls;
	while (n < MAX_SLICES && now_ns() < end);
	qsort(slices, (size_t)n, sizeof(slices[0]), compare);
	return slices[n / 10];
}

static int count(int tasks, int calls)
{
	int failed = 0, status;

	for (int i = 0; i < tasks; i++) {
		pid_t child = fork();

		if (!child) {
			time_calls(call_with_check, calls);
			_exit(EXIT_SUCCESS);
		}
		failed |= child < 0;
	}
	while (wait(&status) > 0)
		failed |= status;
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* What a part comes late by, the next ones catch up. */
static int pace(int rate, int seconds)
{
	int64_t start = now_ns();

	for (int64_t part = 0; part < seconds * 1000LL; part++) {
		int64_t left = start + part * 1000000 - now_ns();
		struct timespec rest = {.tv_nsec = left};

		if (left > 0)
			nanosleep(&rest, NULL);
		time_calls(call_with_check, rate / 1000);
	}
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	make_call *call = call_with_check;
	FILE *file;

	if (argc != 4) {
		fprintf(stderr, "usage: loop check|plain|denied MILLISECONDS FILE\n       loop count TASKS CALLS\n"
				"       loop pace RATE SECONDS\n");
		return 2;
	}
	if (!strcmp(argv[1], "count"))
		return count(atoi(argv[2]), atoi(argv[3]));
	if (!strcmp(argv[1], "pace"))
		return pace(atoi(argv[2]), atoi(argv[3]));
	if (!strcmp(argv[1], "plain"))
		call = call_without_check;
	if (!strcmp(argv[1], "denied") && give_up_the_capability()) {
		perror("capset");
		return EXIT_FAILURE;
	}
	file = fopen(argv[3], "we");
	if (!file) {
		perror(argv[3]);
		return EXIT_FAILURE;
	}
	fprintf(file, "%.1f\n", measure(call, atoi(argv[2]) * 1000000LL));
	return fclose(file) ? EXIT_FAILURE : EXIT_SUCCESS;
}
