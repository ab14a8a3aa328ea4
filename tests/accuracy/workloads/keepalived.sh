# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# keepalived becomes the master of an address (VRRP) while a script, run as another user, says that all is well. It is
# reloaded, gives the address up when the script says no, and stops.
PACKAGES="keepalived"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --system keepalived_script && touch "$1/srv/well"'
	'--customize-hook=printf "#!/bin/sh\nid -un >/tmp/who\nexec test -e /srv/well\n" >"$1/srv/check" && chmod +x "$1/srv/check"'
	'--customize-hook=cat >"$1/etc/keepalived/keepalived.conf" <<CONF
global_defs {
	script_user keepalived_script
	enable_script_security
	vrrp_version 3
}
vrrp_script check {
	script /srv/check
	interval 1
	rise 1
	fall 1
}
vrrp_instance test {
	interface eth0
	virtual_router_id 7
	priority 100
	advert_int 0.2
	virtual_ipaddress {
		192.0.2.7/32
	}
	track_script {
		check
	}
}
CONF')
OPTIONS=(--cap-add NET_ADMIN --cap-add NET_BROADCAST)
COMMAND=(keepalived --vrrp --dont-fork --log-console --log-detail)

inside() {
	nsenter --target "$("$DOCKER" inspect -f '{{.State.Pid}}' "$CONTAINER")" "$@"
}

master() {
	inside --net ip -4 address show dev eth0 | grep -qF 'inet 192.0.2.7/32'
}

backup() {
	! master
}

reloaded() {
	logs | grep -q Reloading
}

works() {
	eventually 10 master
	[[ $(file_in /tmp/who) == keepalived_script ]] || fail "the script runs as $(file_in /tmp/who)"
	signal_container HUP
	eventually 5 reloaded
	still_running 1
	eventually 5 master
	inside --mount rm /srv/well
	eventually 5 backup
	inside --mount touch /srv/well
	eventually 5 master
	stopped_cleanly
	! logs | grep -v 'Script(check) failed (exited' | grep -iE 'not permitted|denied|unable|fail' >&2 || fail "errors in its output"
}

PROVEN="NET_ADMIN NET_RAW SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, keepalived 1:2.2.7-1+b2"
