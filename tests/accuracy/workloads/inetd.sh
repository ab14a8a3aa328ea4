# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# The old internet superserver starts a service for each connection to port 7, as the user that its file names.
PACKAGES="openbsd-inetd netbase"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --no-create-home tester'
	'--customize-hook=echo "echo stream tcp nowait tester /bin/sh sh -c id;cat" >"$1/etc/inetd.conf"')
COMMAND=(inetd -i)

answered() {
	# shellcheck disable=SC2016
	[[ $(timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/7" && echo good day >&3 && head -n 2 <&3' "$ADDRESS" 2>/dev/null) == *"(tester)"*"(tester)"*"good day" ]]
}

works() {
	eventually 10 answered
	signal_container HUP
	still_running 1
	eventually 5 answered
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, netbase 6.4, openbsd-inetd 0.20221205-2~deb12u1"
