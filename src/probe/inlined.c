/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which callers of cap_capable have a copy of it inlined, so that a hook on it does not see what they ask. */
#include "src/probe/inlined.h"

#include "src/probe/hooks.h"

#include <leastcap/cleanup.h>

#include <linux/capability.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

const struct lc_inlined_program lc_inlined_programs[LC_INLININGS] = {
	[LC_INLINING_PRCTL] = {"cap_task_prctl", "inlined_prctl"},
	[LC_INLINING_CAPSET] = {"cap_capset", "inlined_capset"},
	[LC_INLINING_MMAP] = {"cap_mmap_addr", "inlined_mmap"},
};

/* Sets this thread's securebits to what they are. */
static void call_prctl(void)
{
	prctl(PR_SET_SECUREBITS, prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), 0, 0, 0);
}

/* Sets this thread's capabilities to what they are. */
static void call_capset(void)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	if (!syscall(SYS_capget, &header, sets))
		syscall(SYS_capset, &header, sets);
}

/* Maps the first page for a moment, without access to it. */
static void call_mmap(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *page = mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (page != MAP_FAILED)
		munmap(page, size);
}

static void (*const calls[LC_INLININGS])(void) = {
	[LC_INLINING_PRCTL] = call_prctl,
	[LC_INLINING_CAPSET] = call_capset,
	[LC_INLINING_MMAP] = call_mmap,
};

/* How often this thread has entered cap_capable since COUNTER was opened. */
static uint64_t times_entered(int counter)
{
	uint64_t n;

	return read(counter, &n, sizeof(n)) == sizeof(n) ? n : 0;
}

void lc_inlined_find(bool inlined[LC_INLININGS], bool likely)
{
	_cleanup_fd_ int counter = lc_kprobe_open("cap_capable", 0, -1);

	for (size_t i = 0; i < LC_INLININGS; i++) {
		uint64_t before = times_entered(counter);

		inlined[i] = likely;
		if (counter < 0)
			continue;
		calls[i]();
		inlined[i] = times_entered(counter) == before;
	}
}
