/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Signals that are sent to the first process of a recorded target: that it is told to stop, and what else it is told. */
#ifndef LEASTCAP_BPF_SIGNALS_H
#define LEASTCAP_BPF_SIGNALS_H

#include "bpf/phase.h"

/* A signal's bit. Their numbers are the same on all architectures that are supported: include/uapi/asm-generic/signal.h. */
#define SIGNAL_BIT(number) (1U << (number))

/* What services are told by: HUP, INT, QUIT, KILL, USR1, USR2, TERM, WINCH. */
#define SIGNALS_TOLD                                                                                                   \
	(SIGNAL_BIT(1) | SIGNAL_BIT(2) | SIGNAL_BIT(3) | SIGNAL_BIT(9) | SIGNAL_BIT(10) | SIGNAL_BIT(12) |             \
		SIGNAL_BIT(15) | SIGNAL_BIT(28))

/* The bit of signal NUMBER, a constant, if the process of TASK handles it. Handlers 0 and 1 are the default and to ignore it. */
#define HANDLED(task, number)                                                                                          \
	((unsigned long)BPF_CORE_READ(task, sighand, action[(number)-1].sa.sa_handler) > 1 ? SIGNAL_BIT(number) : 0)

/* Those that the process of TASK has handlers for. */
static __always_inline __u32 handled_signals(struct task_struct *task)
{
	return HANDLED(task, 1) | HANDLED(task, 2) | HANDLED(task, 3) | HANDLED(task, 10) | HANDLED(task, 12) |
	       HANDLED(task, 15) | HANDLED(task, 28);
}

/* Whether TASK's thread group, TGID, is the first process of TARGET. */
static __always_inline bool is_first(struct task_struct *task, __u32 tgid, const struct lc_cgroup *target)
{
	if (target->first)
		return target->first == tgid;
	return target->pidns && target->pidns != config_host_pidns && target->pidns == pid_namespace(task) &&
	       BPF_CORE_READ(innermost_number(task), nr) == 1;
}

/* Whether the current task belongs to no part of TARGET. */
static __always_inline bool sends_from_outside(__u64 target)
{
	struct task_struct *sender = (struct task_struct *)bpf_get_current_task();
	__u64 home = home_of(sender, bpf_get_current_pid_tgid() >> 32);

	return !home || !is_within(home, target);
}

/* Tells user space of the first signal NUMBER to the first process of TARGET, TASK, from outside and from inside of it. */
static __always_inline void signalled(__u32 number, struct task_struct *task)
{
	__u32 tgid = BPF_CORE_READ(task, tgid), outside;
	struct lc_event_signal *event = NULL;
	__u64 id = home_of(task, tgid);
	struct lc_cgroup *target = id ? bpf_map_lookup_elem(&cgroups, &id) : NULL;

	if (!target || !is_first(task, tgid, target))
		return;
	outside = sends_from_outside(id);
	if (target->signalled[outside & 1] & SIGNAL_BIT(number & 31))
		return;
	if (may_tell(false))
		event = bpf_ringbuf_reserve(&lives, sizeof(*event), 0);
	if (!event) {
		lose(target, LC_ROOM_LIVES, 1);
		return;
	}
	/* A bit that another processor overwrites only means that the same is told twice. */
	target->signalled[outside & 1] |= SIGNAL_BIT(number & 31);
	event->type = LC_EVENT_SIGNAL;
	event->signal = number;
	event->target = id;
	event->time = bpf_ktime_get_ns();
	event->jiffies = bpf_jiffies64();
	event->handled = handled_signals(task);
	event->outside = outside;
	bpf_ringbuf_submit(event, 0);
}

#endif
