# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# Counts the context switches of a processor: of everybody's programs, for which the kernel takes PERFMON or SYS_ADMIN, and Docker 20.10
# only knows the latter.
PACKAGES="util-linux"
OPTIONS=(--cap-add SYS_ADMIN)
# perf_event_open (298) with the context switches of processor 0.
# shellcheck disable=SC2016
COMMAND=(perl -e '
	my $switches = pack("LLQQQQQLLQ", 1, 64, 3, 0, 0, 0, 0, 0, 0, 0);
	my $fd = syscall(298, $switches, -1, 0, -1, 0);
	die "perf_event_open: $!\n" if $fd < 0;
	select(undef, undef, undef, 0.5);
	open(my $counter, "<&=", $fd) or die "open: $!\n";
	sysread($counter, my $value, 8) == 8 or die "read: $!\n";
	print unpack("Q", $value), " context switches\n";')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -q '^[1-9][0-9]* context switches$' "$OUTPUT"
}

PROVEN="SYS_ADMIN"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
