# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# haproxy answers on port 80 from a chroot as its own user, and its master, root, replaces the worker at a reload.
# There is no syslog to send to.
PACKAGES="haproxy"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=sed -i "/\/dev\/log/d" "$1/etc/haproxy/haproxy.cfg"'
	'--customize-hook=cat >>"$1/etc/haproxy/haproxy.cfg" <<CONF
frontend web
  bind :80
  http-request return status 200 content-type text/plain string good-day
CONF')
OPTIONS=(--stop-signal USR1)
COMMAND=(sh -c 'mkdir -p /run/haproxy && exec haproxy -W -db -f /etc/haproxy/haproxy.cfg')

answered() {
	[[ $(curl --silent --fail --max-time 2 "http://$ADDRESS/") == good-day ]]
}

# replaced PID: is there one worker, and not PID?
replaced() {
	[[ $(workers | wc -l) == 1 && $(workers) != "$1" ]]
}

worker_is_safe() {
	[[ $(users_of haproxy) == "0 $(uid_of haproxy)" ]] || fail "haproxy runs as $(users_of haproxy)"
	[[ $(readlink "/proc/$(workers)/root") == */var/lib/haproxy ]] || fail "its root is $(readlink "/proc/$(workers)/root")"
}

works() {
	local old
	eventually 5 answered
	worker_is_safe
	old=$(workers)
	signal_container USR2
	eventually 5 replaced "$old"
	eventually 5 answered
	still_running 1
	worker_is_safe
	stopped_cleanly
	! logs | grep -E 'ALERT|WARNING.*(annot|ailed)' >&2 || fail "alerts in its output"
}

PROVEN="KILL SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, haproxy 2.6.12-1+deb12u3"
