# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A debugger attaches to another user's process, has it call a function and reads its memory.
PACKAGES="gdb strace"
OPTIONS=(--cap-add SYS_PTRACE)
COMMAND=(sh -ec '
	setpriv --reuid=nobody --regid=nogroup --clear-groups sleep 300 &
	sleep 0.5
	gdb -q -batch -nx -p $! -ex "print (int) getuid()" -ex "info registers rip" -ex detach')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -q "^\$1 = $(uid_of nobody)\$" "$OUTPUT" || fail "the process did not call getuid"
	grep -qE '^rip .* <' "$OUTPUT" || fail "its place was not found"
	grep -q '^\[Inferior 1 (process [0-9]*) detached\]' "$OUTPUT"
}

PROVEN="DAC_OVERRIDE SETGID SETUID SYS_PTRACE"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, gdb 13.1-3, strace 6.1-0.1"
