# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# mosquitto passes a message from a publisher to a subscriber, as its own user, and saves it when it stops.
PACKAGES="mosquitto mosquitto-clients"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/mosquitto/mosquitto.conf" <<CONF
listener 1883
allow_anonymous true
persistence true
persistence_location /var/lib/mosquitto/
log_dest stdout
CONF')
COMMAND=(mosquitto -c /etc/mosquitto/mosquitto.conf)

published() {
	peer_outside mosquitto_pub -h "$ADDRESS" -t greeting -m "good day" -r -q 1
}

works() {
	eventually 5 published
	[[ $(peer_outside mosquitto_sub -h "$ADDRESS" -t greeting -C 1 -W 3) == "good day" ]] || fail "no message arrived"
	[[ $(users_of mosquitto) == "$(uid_of mosquitto)" ]] || fail "mosquitto runs as $(users_of mosquitto)"
	still_running 1
	stopped_cleanly
	file_in /var/lib/mosquitto/mosquitto.db | grep -a "good day" >/dev/null || fail "the message was not saved"
	! logs | grep -iE 'error|warning|unable' >&2 || fail "warnings in the log"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, mosquitto 2.0.11-1.2+deb12u2, mosquitto-clients 2.0.11-1.2+deb12u2"
