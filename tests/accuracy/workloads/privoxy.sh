# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# privoxy becomes its own user, shows its own page to who asks through it, reads its configuration again, and stops.
PACKAGES="privoxy"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/privoxy/test" <<CONF
confdir /etc/privoxy
logdir /var/log/privoxy
logfile logfile
listen-address :8118
actionsfile default.action
filterfile default.filter
debug 4096
debug 8192
CONF')
COMMAND=(privoxy --no-daemon --user privoxy /etc/privoxy/test)

shown() {
	[[ $(curl --silent --max-time 3 --proxy "http://$ADDRESS:8118" http://p.p/show-status) == *Privoxy* ]]
}

works() {
	eventually 5 shown
	signal_container HUP
	eventually 5 shown
	[[ $(users_of privoxy) == "$(uid_of privoxy)" ]] || fail "privoxy runs as $(users_of privoxy)"
	still_running 1
	stop_workload
	[[ $(logs) == *"exiting by signal 15"* ]] || fail "it did not stop by itself"
	! logs | grep -iE 'error|fatal|not permitted|denied' >&2 || fail "errors in its output"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, privoxy 3.0.34-1"
