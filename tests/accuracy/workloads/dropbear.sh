# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# dropbear lets an ordinary user log in with a key, to a terminal and without one.
PACKAGES="dropbear-bin openssh-client"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home --shell /bin/bash tester'
	'--customize-hook=chroot "$1" ssh-keygen -q -t ed25519 -N "" -f /root/key'
	'--customize-hook=mkdir -m 700 "$1/home/tester/.ssh" && cp "$1/root/key.pub" "$1/home/tester/.ssh/authorized_keys"'
	'--customize-hook=chroot "$1" chown -R tester: /home/tester/.ssh'
	'--customize-hook=mkdir -p "$1/etc/dropbear"')
COMMAND=(dropbear -F -E -R -p 22)

ssh_to() {
	peer timeout 10 ssh -q -i /root/key -o StrictHostKeyChecking=no -o BatchMode=yes "${@:2}" tester@127.0.0.1 "$1"
}

session_runs_as() {
	[[ $(users_of sleep) == "$1" ]]
}

works() {
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
	# There is no utmp in the image.
	! logs | grep -v 'syslogin_perform_logout' | grep -iE 'error|fatal|not permitted' >&2 || fail "errors in its output"
}

PROVEN="CHOWN SETGID SETUID"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, dropbear-bin 2022.83-1+deb12u3, openssh-client 1:9.2p1-2+deb12u10"
EXTRA_BECAUSE="DAC_OVERRIDE: it opens the terminal that it has given to the user once more, to see whether that works, and goes on where it does not"
