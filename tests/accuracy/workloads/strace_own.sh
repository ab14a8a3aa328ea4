# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A tracer of a program that it starts itself, which needs nothing.
PACKAGES="gdb strace"
COMMAND=(strace -f -e trace=chdir sh -c 'cd /usr; (cd /etc; echo traced)')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -qE '^chdir\("/usr"\) *= 0' "$OUTPUT"
	grep -qE '^\[pid .*chdir\("/etc"\) *= 0' "$OUTPUT"
	grep -q '^traced' "$OUTPUT"
}

PROVEN=""
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, gdb 13.1-3, strace 6.1-0.1"
