/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of dangerous capabilities, by which a container reaches beyond itself: the host's kernel, files, clock or policy. */
#include <leastcap/capset.h>
#include <leastcap/facts.h>

#include <linux/capability.h>

static const struct lc_danger dangers[] = {
	{CAP_SYS_ADMIN, "is as good as root on the host"},
	{CAP_SYS_MODULE, "loads code into the host's kernel: as good as root on the host"},
	{CAP_SYS_RAWIO, "reaches the host's memory and devices: as good as root on the host"},
	{CAP_SYS_PTRACE, "reads and changes every process that it sees, with the host's pid namespace the host's"},
	{CAP_DAC_READ_SEARCH,
		"opens any file on the file systems that it has a part of by its handle (open_by_handle_at), also what lies outside of the container"},
	{CAP_BPF, "loads programs into the host's kernel, and with PERFMON they read its memory"},
	{CAP_PERFMON, "observes the kernel and other programs, also the host's"},
	{CAP_SYS_BOOT, "can boot the host into another kernel (kexec)"},
	{CAP_MAC_ADMIN, "changes the host's security policy"},
	{CAP_MAC_OVERRIDE, "is not held back by the host's security policy"},
	{CAP_AUDIT_CONTROL, "changes what the host audits"},
	{CAP_SYSLOG, "reads the host's kernel log"},
	{CAP_SYS_TIME, "sets the host's clock: a container has none of its own"},
	{CAP_NET_ADMIN, "changes the whole of its network namespace, with the host's network the host's"},
};

const struct lc_danger *lc_dangers(size_t *n)
{
	*n = sizeof(dangers) / sizeof(dangers[0]);
	return dangers;
}

const struct lc_danger *lc_danger_find(int cap)
{
	for (size_t i = 0; i < sizeof(dangers) / sizeof(dangers[0]); i++) {
		if (dangers[i].cap == cap)
			return &dangers[i];
	}
	return NULL;
}

uint64_t lc_dangerous_set(void)
{
	uint64_t set = 0;

	for (size_t i = 0; i < sizeof(dangers) / sizeof(dangers[0]); i++)
		set |= LC_CAP_BIT(dangers[i].cap);
	return set;
}
