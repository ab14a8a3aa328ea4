# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# in.tftpd gives and takes files from a chroot, as its own user.
PACKAGES="tftpd-hpa"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=mkdir -p "$1/srv/tftp" && echo good day >"$1/srv/tftp/letter"'
	'--customize-hook=chroot "$1" chown tftp /srv/tftp')
COMMAND=(in.tftpd --foreground --create --user tftp --address :69 --secure /srv/tftp)

given() {
	[[ $(curl --silent --max-time 2 "tftp://$ADDRESS/$1") == "good day" ]]
}

works() {
	eventually 5 given letter
	curl --silent --max-time 2 --upload-file - "tftp://$ADDRESS/answer" <<<"good day"
	eventually 5 given answer
	[[ $(owner_in /srv/tftp/answer) == "$(uid_of tftp):"* ]] || fail "the file is $(owner_in /srv/tftp/answer)"
	! given /etc/passwd
	still_running 1
	given letter
}

PROVEN="SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, tftpd-hpa 5.2+20150808-1.4"
