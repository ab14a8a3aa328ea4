/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls about the machine as a whole, and about time. */
#include "src/syscalls/rows.h"

#include <seccomp.h>

static const struct lc_syscall rows[] = {
	/* The machine. */
	{CALL(sethostname, BUFFER(2), SIZE)},
	{CALL(setdomainname, BUFFER(2), SIZE)},
	{CALL(uname, ADDRESS)},
	{CALL(sysinfo, ADDRESS)},
	{CALL(reboot, ONE_OF(reboot_magics_1), ONE_OF(reboot_magics_2), ONE_OF(reboot_commands), STRING),
		VARIES(reboot)},
	{CALL(syslog, ONE_OF(syslog_actions), ADDRESS, INT)},
	{CALL(init_module, ADDRESS, SIZE, STRING)},
	{CALL(finit_module, FILE_FD, STRING, FLAGS(module_init_flags))},
	{CALL(delete_module, STRING, FLAGS(module_flags)), ABOUT(1)},
	{CALL(kexec_load, ADDRESS, SIZE, ADDRESS, FLAGS(kexec_flags))},
	{CALL(kexec_file_load, FILE_FD, FD, SIZE, BUFFER(3), FLAGS(kexec_file_flags))},
	{CALL(vhangup)},
	{CALL(iopl, INT)},
	{CALL(ioperm, HEX, HEX, INT)},
	{CALL(bpf, ONE_OF(bpf_commands), PIECE_OF(bpf_map, 3), UINT), VARIES(bpf), ABOUT(1)},
	{CALL(perf_event_open, STRUCT(perf_event), PID, INT, FD, FLAGS(perf_flags)), RETURNS(FD)},
	{CALL(lookup_dcookie, HEX, ADDRESS, SIZE)},
	{CALL(getrandom, ADDRESS, SIZE, FLAGS(random_flags))},
	{NEW(470, listns, ADDRESS, ADDRESS, SIZE, HEX)},
	{CALL(restart_syscall)},

	/* Time. */
	{CALL(time, ADDRESS)},
	{CALL(times, ADDRESS)},
	{CALL(gettimeofday, ADDRESS, ADDRESS)},
	{CALL(settimeofday, STRUCT(timeval), STRUCT(timezone))},
	{CALL(adjtimex, STRUCT(timex))},
	{CALL(clock_settime, ONE_OF(clocks), STRUCT(timespec))},
	{CALL(clock_adjtime, ONE_OF(clocks), STRUCT(timex))},
	{CALL(clock_gettime, ONE_OF(clocks), ADDRESS)},
	{CALL(clock_getres, ONE_OF(clocks), ADDRESS)},
	{CALL(clock_nanosleep, ONE_OF(clocks), FLAGS(timer_flags), STRUCT(timespec), ADDRESS)},
	{CALL(nanosleep, STRUCT(timespec), ADDRESS)},
	{CALL(alarm, UINT)},
	{CALL(getitimer, ONE_OF(interval_timers), ADDRESS)},
	{CALL(setitimer, ONE_OF(interval_timers), STRUCT(itimerval), ADDRESS)},
	{CALL(timer_create, ONE_OF(clocks), ADDRESS, ADDRESS)},
	{CALL(timer_settime, INT, FLAGS(timer_flags), STRUCT(itimerspec), ADDRESS)},
	{CALL(timer_gettime, INT, ADDRESS)},
	{CALL(timer_getoverrun, INT)},
	{CALL(timer_delete, INT)},
	{CALL(timerfd_create, ONE_OF(clocks), FLAGS(timerfd_create_flags)), RETURNS(FD)},
	{CALL(timerfd_settime, FD, FLAGS(timerfd_flags), STRUCT(itimerspec), ADDRESS)},
	{CALL(timerfd_gettime, FD, ADDRESS)},
};

const struct lc_syscalls lc_system_syscalls = SYSCALLS(rows);
