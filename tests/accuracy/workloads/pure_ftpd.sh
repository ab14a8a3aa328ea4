# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# pure-ftpd lets a user log in with a password, shuts it into its home directory, and stores and gives files. Its capset asks for two capabilities that containers do not have.
PACKAGES="pure-ftpd"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home --shell /bin/bash tester'
	'--customize-hook=echo tester:open-sesame | chroot "$1" chpasswd')
OPTIONS=(--cap-add DAC_READ_SEARCH --cap-add SYS_NICE)
COMMAND=(pure-ftpd -A -j -l unix -E -u 1000 -c 5 -H)

ftp() {
	curl --silent --show-error --max-time 5 --user tester:open-sesame "$@"
}

stored() {
	ftp --upload-file - "ftp://$ADDRESS/letter" <<<"good day"
}

works() {
	local uid
	uid=$(uid_of tester)
	eventually 5 stored
	[[ $(ftp "ftp://$ADDRESS/letter") == "good day" ]] || fail "the file did not come back"
	[[ $(owner_in /home/tester/letter) == "$uid:$uid "* ]] || fail "the file is $(owner_in /home/tester/letter)"
	! ftp --output /dev/null "ftp://$ADDRESS//etc/passwd" || fail "the user is not shut into its home"
	! curl --silent --max-time 5 --user tester:wrong "ftp://$ADDRESS/" || fail "it takes any password"
	still_running 1
}

PROVEN="AUDIT_WRITE CHOWN DAC_READ_SEARCH NET_BIND_SERVICE SETGID SETUID SYS_CHROOT SYS_NICE"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, pure-ftpd 1.0.50-2.1+b2"
