# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# sshd lets an ordinary user log in with a key, through PAM, to a terminal and without one.
PACKAGES="openssh-server openssh-client"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home --shell /bin/bash tester'
	'--customize-hook=chroot "$1" ssh-keygen -q -t ed25519 -N "" -f /root/key'
	'--customize-hook=mkdir -m 700 "$1/home/tester/.ssh" && cp "$1/root/key.pub" "$1/home/tester/.ssh/authorized_keys"'
	'--customize-hook=chroot "$1" chown -R tester: /home/tester/.ssh')
COMMAND=(sh -c 'mkdir -p /run/sshd && exec /usr/sbin/sshd -D -e')

ssh_to() {
	peer timeout 10 ssh -q -i /root/key -o StrictHostKeyChecking=no -o BatchMode=yes "${@:2}" tester@127.0.0.1 "$1"
}

session_runs_as() {
	[[ $(users_of sleep) == "$1" ]]
}

# A session without a terminal, and one with, are the user's, and may do no more than that.
logs_in() {
	local uid session
	uid=$(uid_of tester)
	eventually 5 ssh_to true
	session=$(ssh_to 'id -un; grep ^CapEff: /proc/self/status')
	[[ $session == $'tester\nCapEff:\t0000000000000000' ]] || fail "the session is not tester's: $session"
	ssh_to 'tty && sleep 3' -tt >"$SCRATCH/terminal" &
	session=$!
	eventually 10 session_runs_as "$uid"
	wait "$session"
	grep -q '^/dev/pts/' "$SCRATCH/terminal" || fail "there was no terminal: $(<"$SCRATCH/terminal")"
	still_running 1
}

works() {
	logs_in
	# There is no utmp in the image.
	! logs | grep -v 'logout() returned an error' | grep -iE 'error|fatal|fail|not permitted' >&2 || fail "errors in its output"
}

PROVEN="AUDIT_WRITE CHOWN SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, openssh-client 1:9.2p1-2+deb12u10, openssh-server 1:9.2p1-2+deb12u10"
