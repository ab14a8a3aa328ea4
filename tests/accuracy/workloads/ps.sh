# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A monitor: ps shows every process. What SYS_PTRACE was granted for decides only about fields that are not shown.
PACKAGES="procps"
OPTIONS=(--cap-add SYS_PTRACE)
COMMAND=(sh -ec '
	setpriv --reuid=nobody --regid=nogroup --clear-groups sleep 301 &
	sleep 0.3
	ps -e -o user,ni,pcpu,vsz,stat,args')
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -qE '^nobody +0 +[0-9.]+ +[1-9][0-9]* S +sleep 301$' "$OUTPUT"
	grep -qE '^root .* ps -e -o ' "$OUTPUT"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, procps 2:4.0.2-3"
EXTRA_BECAUSE="DAC_OVERRIDE, SYS_PTRACE: ps also opens other users' /proc/PID/environ, which it does not show; refused, it goes on without a word"
