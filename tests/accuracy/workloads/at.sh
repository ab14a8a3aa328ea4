# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# atd runs a job as the user who left it, who is told to have left it by a program that is set-user-ID.
PACKAGES="at"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home tester')
COMMAND=(sh -c 'setpriv --reuid tester --regid tester --init-groups env HOME=/home/tester sh -c "cd; echo \"grep -E ^.id: /proc/self/status >letter; echo finished >>letter\" | at now"; exec atd -f')

finished() {
	[[ $(file_in /home/tester/letter) == *finished ]]
}

works() {
	local uid
	uid=$(uid_of tester)
	eventually 15 finished
	[[ $(file_in /home/tester/letter | grep -cE "^.id:(\s$uid){4}$") == 2 ]] ||
		fail "the job ran as another: $(file_in /home/tester/letter)"
	[[ $(owner_in /home/tester/letter) == "$uid:$uid "* ]] || fail "its file is $(owner_in /home/tester/letter)"
	still_running 1
}

PROVEN="DAC_OVERRIDE SETGID SETUID"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, at 3.2.5-1+b1"
EXTRA_BECAUSE="AUDIT_WRITE: PAM writes to the host's audit log and goes on where it may not; sshd, for one, does not. CHOWN: it gives the file for the job's output away, and runs the job where it may not"
