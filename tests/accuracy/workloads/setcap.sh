# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A tool that gives a program a capability, and an ordinary user who then runs it.
PACKAGES="iproute2 iputils-arping iputils-ping libcap2-bin nftables socat tcpdump traceroute"
OPTIONS=(--sysctl net.ipv4.ip_unprivileged_port_start=1024)
COMMAND=(sh -ec '
	cp /usr/bin/socat /usr/local/bin/socat
	setcap cap_net_bind_service=ep /usr/local/bin/socat
	exec setpriv --reuid=nobody --regid=nogroup --clear-groups \
		/usr/local/bin/socat TCP-LISTEN:80,fork,reuseaddr EXEC:"echo served"')

served() {
	[[ $(peer_outside socat -T 2 - "TCP:$ADDRESS:80,connect-timeout=2") == served ]]
}

works() {
	eventually 5 served
	[[ $(users_of socat) == "$(uid_of nobody)" ]] || fail "socat runs as $(users_of socat)"
}

PROVEN="NET_BIND_SERVICE SETFCAP SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, libcap2-bin 1:2.66-4+deb12u3+b1"
