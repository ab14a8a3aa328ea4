# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# cron runs a job of /etc/cron.d as the user that its line names. (@reboot, so that there is no minute to wait for.)
PACKAGES="cron"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home tester'
	'--customize-hook=cat >"$1/etc/cron.d/test" <<JOB
@reboot tester grep -E ^.id: /proc/self/status >letter; sleep 2; echo finished >>letter
JOB')
COMMAND=(cron -f)

finished() {
	[[ $(file_in /home/tester/letter) == *finished ]]
}

works() {
	local uid
	uid=$(uid_of tester)
	eventually 10 finished
	[[ $(file_in /home/tester/letter | grep -cE "^.id:(\s$uid){4}$") == 2 ]] ||
		fail "the job ran as another: $(file_in /home/tester/letter)"
	[[ $(owner_in /home/tester/letter) == "$uid:$uid "* ]] || fail "its file is $(owner_in /home/tester/letter)"
	still_running 1
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, cron 3.0pl1-162"
EXTRA_BECAUSE="AUDIT_WRITE: PAM writes to the host's audit log and goes on where it may not; sshd, for one, does not"
