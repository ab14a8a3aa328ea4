/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* asks_for_sets SECONDS: capset with another set each time. */
#include <linux/capability.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 1);
	uint64_t random = 88172645463325252U;

	while (time(NULL) < end) {
		for (int i = 0; i < 1000; i++) {
			struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
			struct __user_cap_data_struct sets[2] = {0};

			random ^= random << 13;
			random ^= random >> 7;
			random ^= random << 17;
			sets[0].permitted = (uint32_t)random;
			sets[1].permitted = random >> 32 & 0x1ff;
			syscall(SYS_capset, &header, sets);
		}
	}
	return 0;
}
