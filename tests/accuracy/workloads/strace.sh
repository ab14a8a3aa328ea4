# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A tool that traces: strace attaches to a process of another user.
PACKAGES="gdb strace"
OPTIONS=(--cap-add SYS_PTRACE)
COMMAND=(sh -ec '
	setpriv --reuid=nobody --regid=nogroup --clear-groups sh -c "while sleep 0.1; do cd /; cd /usr; done" &
	sleep 0.5
	exec strace -e trace=chdir -p $!')

printed() {
	grep -qE "$1" < <(logs)
}

works() {
	eventually 5 printed '^chdir\("/usr"\) *= 0'
	[[ $(users_of sh) == "$(uid_of nobody)" ]] || fail "the traced process runs as $(users_of sh)"
	signal_container INT
	"$DOCKER" wait "$CONTAINER" >/dev/null
	printed 'detached$'
	! printed '^strace: detach: ' || fail "it could not look at the process before it let it go"
}

PROVEN="KILL SETGID SETUID SYS_PTRACE"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, gdb 13.1-3, strace 6.1-0.1"
