# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# chronyd serves time to its network as _chrony, without touching the clock, and answers chronyc.
PACKAGES="chrony"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/chrony/chrony.conf" <<CONF
driftfile /var/lib/chrony/chrony.drift
local stratum 8
allow
CONF')
COMMAND=(chronyd -x -d)

works() {
	eventually 5 peer chronyc -h 127.0.0.1 tracking
	[[ $(peer_outside chronyd -Q -t 5 "server $ADDRESS iburst maxsamples 1" 2>&1) == *"System clock wrong by"* ]]
	still_running 1
	[[ $(users_of chronyd) == "$(uid_of _chrony)" ]] || fail "chronyd runs as $(users_of chronyd)"
	stopped_cleanly
	file_in /var/lib/chrony/chrony.drift >/dev/null
	! logs | grep -iE 'could not|failed|warning' >&2 || fail "warnings in the log"
}

PROVEN="CHOWN DAC_OVERRIDE NET_BIND_SERVICE SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, chrony 4.3-2+deb12u3"
