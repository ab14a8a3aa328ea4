# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# An ordinary user's python whose file has two capabilities. It uses one of them, and is not executed where either is missing.
PACKAGES="python3 libcap2-bin"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cp "$1/usr/bin/python3.11" "$1/usr/local/bin/python-of-packets"'
	'--customize-hook=chroot "$1" setcap cap_net_raw,cap_net_admin=eip /usr/local/bin/python-of-packets')
IMAGE_USER=65534
OPTIONS=(--cap-add NET_ADMIN)
# Two sockets for packets of the loopback device, for what Ethernet calls a local experiment.
COMMAND=(python-of-packets -c '
import os, socket
def packets():
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x88b5))
    s.bind(("lo", 0x88b5))
    s.settimeout(5)
    return s
here, there = packets(), packets()
here.sendto(b"good day", ("lo", 0x88b5))
print(os.getuid(), there.recv(100).decode())')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == "65534 good day" ]]
}

PROVEN="NET_ADMIN NET_RAW"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, libcap2-bin 1:2.66-4+deb12u3+b1, python3 3.11.2-1+b1"
