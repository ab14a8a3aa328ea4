# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# What a file server does that knows files by their handles: makes one of a path, and opens the file by it. The kernel asks for
# DAC_READ_SEARCH; Docker 20.10's filter of system calls for SYS_ADMIN, too, without which there is no handle.
PACKAGES="util-linux"
OPTIONS=(--cap-add DAC_READ_SEARCH --cap-add SYS_ADMIN --tmpfs /export)
# name_to_handle_at (303) and open_by_handle_at (304); -100 is AT_FDCWD.
# shellcheck disable=SC2016
COMMAND=(perl -e '
	my $path = "/export/letter";
	open(my $letter, ">", $path) or die "letter: $!\n";
	print $letter "good day\n" and close($letter) or die "letter: $!\n";
	my ($handle, $mount) = (pack("Li", 128, 0) . "\0" x 128, pack("i", 0));
	syscall(303, -100, $path, $handle, $mount, 0) == 0 or die "name_to_handle_at: $!\n";
	open(my $export, "<", "/export") or die "export: $!\n";
	my $fd = syscall(304, fileno($export), $handle, 0);
	die "open_by_handle_at: $!\n" if $fd < 0;
	open(my $opened, "<&=", $fd) or die "open: $!\n";
	print <$opened>;')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == "good day" ]]
}

PROVEN="DAC_READ_SEARCH SYS_ADMIN"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
