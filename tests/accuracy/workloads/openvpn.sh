# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# openvpn makes a tunnel, becomes nobody, and lets another container ping it through that, also after a restart by signal.
PACKAGES="openvpn iputils-ping"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" openvpn --genkey secret /etc/openvpn/key')
OPTIONS=(--cap-add NET_ADMIN --device /dev/net/tun)
COMMAND=(openvpn --dev tun --ifconfig 10.9.0.1 10.9.0.2 --secret /etc/openvpn/key --cipher AES-256-CBC
	--user nobody --group nogroup --persist-tun --persist-key --verb 3)

pinged() {
	# shellcheck disable=SC2016
	run_peer --device /dev/net/tun --env SERVER="$ADDRESS" "$IMAGE" sh -c '
		openvpn --dev tun --ifconfig 10.9.0.2 10.9.0.1 --secret /etc/openvpn/key --cipher AES-256-CBC --remote "$SERVER" --ping 1 --verb 3 >/tmp/log &
		for i in 1 2 3 4 5 6 7 8 9 10; do
			! ping -c 1 -W 1 -q 10.9.0.1 || exit 0
			sleep 0.2
		done
		exit 1'
}

works() {
	eventually 10 pinged
	[[ $(users_of openvpn) == "$(uid_of nobody)" ]] || fail "openvpn runs as $(users_of openvpn)"
	signal_container USR1
	still_running 1
	eventually 10 pinged
	stopped_cleanly
	! logs | grep -iE 'error|fatal|not permitted|denied' >&2 || fail "errors in its output"
}

PROVEN="NET_ADMIN SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, iputils-ping 3:20221126-1+deb12u1, openvpn 2.6.14-0+deb12u2"
