/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of dangerous capabilities, by which a container reaches beyond itself: the host's kernel, files, clock or policy; and of what makes some worse. */
#include <leastcap/capset.h>
#include <leastcap/facts.h>

#include <linux/capability.h>

static const struct lc_danger dangers[] = {
	{CAP_SYS_ADMIN, 100, "is as good as root on the host"},
	{CAP_SYS_MODULE, 100, "loads code into the host's kernel: as good as root on the host"},
	{CAP_SYS_RAWIO, 100, "reaches the host's memory and devices: as good as root on the host"},
	{CAP_SYS_PTRACE, 15, "reads and changes every process that it sees, with the host's pid namespace the host's"},
	{CAP_DAC_READ_SEARCH, 60,
		"opens any file on the file systems that it has a part of by its handle (open_by_handle_at), also what lies outside of the container"},
	{CAP_BPF, 50, "loads programs into the host's kernel, and with PERFMON they read its memory"},
	{CAP_PERFMON, 25, "observes the kernel and other programs, also the host's"},
	{CAP_SYS_BOOT, 40, "can boot the host into another kernel (kexec)"},
	{CAP_MAC_ADMIN, 30, "changes the host's security policy"},
	{CAP_MAC_OVERRIDE, 25, "is not held back by the host's security policy"},
	{CAP_AUDIT_CONTROL, 20, "changes what the host audits"},
	{CAP_SYSLOG, 15, "reads the host's kernel log"},
	{CAP_SYS_TIME, 15, "sets the host's clock: a container has none of its own"},
	{CAP_NET_ADMIN, 20, "changes the whole of its network namespace, with the host's network the host's"},
};

/* What makes which of them, or an ordinary one, worse. */
static const struct lc_danger_with with[] = {
	{CAP_SYS_PTRACE, LC_HAZARD_PID, 100,
		"reads and changes every process of the host, whose pid namespace it is in: as good as root on the host"},
	{CAP_NET_ADMIN, LC_HAZARD_NETWORK, 50,
		"changes the host's own network: its addresses, its routes and its firewall"},
	{CAP_NET_RAW, LC_HAZARD_NETWORK, 20, "reads and forges what passes through the host's network"},
	{CAP_KILL, LC_HAZARD_PID, 20, "ends every process of the host, whose pid namespace it is in"},
	{CAP_IPC_OWNER, LC_HAZARD_IPC, 20, "reads and changes the shared memory of every program of the host"},
};

const struct lc_danger_with *lc_danger_with_find(int cap, enum lc_hazard_kind hazard)
{
	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		if (with[i].cap == cap && with[i].with == hazard)
			return &with[i];
	}
	return NULL;
}

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
