/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Keeps only the capabilities whose numbers are given, as a daemon does before it goes to work:
 *   set_capabilities outright N...   names them, whatever it has
 *   set_capabilities held N...       reads its own sets first and names those that it has
 */
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct held[2] = {0}, kept[2] = {0};
	int only_held = argc > 1 && !strcmp(argv[1], "held");

	if (only_held && syscall(SYS_capget, &header, held))
		return EXIT_FAILURE;
	for (int i = 2; i < argc; i++) {
		unsigned int cap = (unsigned int)atoi(argv[i]) % 64, bit = 1U << cap % 32;

		if (!only_held || held[cap / 32].permitted & bit)
			kept[cap / 32].permitted |= bit;
		kept[cap / 32].effective = kept[cap / 32].permitted;
	}
	if (syscall(SYS_capset, &header, kept)) {
		printf("%s\n", strerrorname_np(errno));
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
