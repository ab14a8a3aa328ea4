/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * called_deeply [TIMES]: asks for SYS_ADMIN from a function that is called by a function that is called by main, without frame
 * pointers (the compiler's default). called_deeply TIMES does so as often.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int innermost(int value);
int middle(int value);

__attribute__((noinline)) int innermost(int value)
{
	volatile char room[200];

	room[0] = (char)value;
	return (int)syscall(SYS_sethostname, NULL, -1) + room[0];
}

__attribute__((noinline)) int middle(int value)
{
	volatile char room[3000];

	room[0] = (char)value;
	return innermost(value + 1) + room[0];
}

int main(int argc, char **argv)
{
	int times = argc > 1 ? atoi(argv[1]) : 1;
	int sum = 0;

	for (int i = 0; i < times; i++)
		sum += middle(i);
	return sum == 42;
}
