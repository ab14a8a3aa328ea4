/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Deals with the capabilities whose numbers are given, as daemons do before they go to work:
 *   set_capabilities outright N...   keeps only these, whatever it has
 *   set_capabilities held N...       reads its own sets first and keeps those of them that it has
 *   set_capabilities after N...      reads its own sets first and keeps only these, whatever it has
 *   set_capabilities raise N...      reads its own sets first and makes these effective beside what is so already
 *   set_capabilities without N...    reads its own sets first and keeps all but these
 *   set_capabilities require N...    reads its own sets and gives up, with status 5, where it lacks one of these
 */
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GIVES_UP 5

struct sets {
	struct __user_cap_data_struct halves[2];
};

/* How each mode begins, and what it does with one of the capabilities. */
struct mode {
	const char *name;
	bool reads, starts_with_held, only_held, takes_away, only_effective, only_looks;
};

static const struct mode modes[] = {
	{.name = "outright"},
	{.name = "held", .reads = true, .only_held = true},
	{.name = "after", .reads = true},
	{.name = "raise", .reads = true, .starts_with_held = true, .only_effective = true},
	{.name = "without", .reads = true, .starts_with_held = true, .takes_away = true},
	{.name = "require", .reads = true, .only_looks = true},
};

static const struct mode *mode_called(const char *name)
{
	for (size_t i = 0; name && i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (!strcmp(modes[i].name, name))
			return &modes[i];
	}
	return NULL;
}

static void set(__u32 *word, __u32 bit, bool on)
{
	*word = on ? *word | bit : *word & ~bit;
}

static void change(const struct mode *mode, const struct sets *held, struct sets *kept, unsigned int cap)
{
	struct __user_cap_data_struct *half = &kept->halves[cap / 32];
	__u32 bit = 1U << cap % 32;

	if (mode->only_held && !(held->halves[cap / 32].permitted & bit))
		return;
	if (!mode->only_effective)
		set(&half->permitted, bit, !mode->takes_away);
	set(&half->effective, bit, !mode->takes_away);
}

int main(int argc, char **argv)
{
	const struct mode *mode = mode_called(argc > 1 ? argv[1] : NULL);
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct sets held = {0}, kept = {0};

	if (!mode || (mode->reads && syscall(SYS_capget, &header, held.halves)))
		return EXIT_FAILURE;
	if (mode->starts_with_held)
		kept = held;
	for (int i = 2; i < argc; i++) {
		unsigned int cap = (unsigned int)atoi(argv[i]) % 64;

		if (mode->only_looks && !(held.halves[cap / 32].permitted & 1U << cap % 32))
			return GIVES_UP;
		change(mode, &held, &kept, cap);
	}
	if (!mode->only_looks && syscall(SYS_capset, &header, kept.halves)) {
		printf("%s\n", strerrorname_np(errno));
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
