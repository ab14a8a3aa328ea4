# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# dropbear lets an ordinary user log in with a key, to a terminal and without one, as sshd does.
# shellcheck source=tests/accuracy/workloads/openssh_login.sh
source "$ACCURACY/workloads/openssh_login.sh"
PACKAGES="dropbear-bin openssh-client"
# shellcheck disable=SC2016
IMAGE_OPTIONS+=('--customize-hook=mkdir -p "$1/etc/dropbear"')
COMMAND=(dropbear -F -E -R -p 22)

works() {
	logs_in
	# There is no utmp in the image.
	! logs | grep -v 'syslogin_perform_logout' | grep -iE 'error|fatal|not permitted' >&2 || fail "errors in its output"
}

PROVEN="CHOWN SETGID SETUID"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, dropbear-bin 2022.83-1+deb12u3, openssh-client 1:9.2p1-2+deb12u10"
EXTRA_BECAUSE="DAC_OVERRIDE: it opens the terminal that it has given to the user once more, to see whether that works, and goes on where it does not"
