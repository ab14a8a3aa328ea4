# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A program counts how long it ran itself. The kernel lets anybody do that; Docker 20.10's filter of system calls only a container
# that was given SYS_ADMIN, and that Docker does not know PERFMON.
PACKAGES="util-linux"
OPTIONS=(--cap-add SYS_ADMIN)
# perf_event_open (298) with a task clock, not in the kernel, of this process.
# shellcheck disable=SC2016
COMMAND=(perl -e '
	my $clock = pack("LLQQQQQLLQ", 1, 64, 1, 0, 0, 0, 3 << 5, 0, 0, 0);
	my $fd = syscall(298, $clock, 0, -1, -1, 0);
	die "perf_event_open: $!\n" if $fd < 0;
	my $sum = 0;
	$sum += $_ for 1 .. 1000000;
	open(my $counter, "<&=", $fd) or die "open: $!\n";
	sysread($counter, my $value, 8) == 8 or die "read: $!\n";
	print "ran for ", unpack("Q", $value), " ns\n";')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -q '^ran for [1-9][0-9]* ns$' "$OUTPUT"
}

PROVEN="SYS_ADMIN"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
