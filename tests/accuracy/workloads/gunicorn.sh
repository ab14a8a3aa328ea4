# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# gunicorn on port 80, root, whose workers become www-data: it replaces them at a reload and ends them.
PACKAGES="gunicorn"
OPTIONS=(--workdir /tmp)
COMMAND=(sh -c 'echo "import os
def application(e, s): s(\"200 OK\", []); return [b\"user %d\" % os.getuid()]" >/tmp/hello.py &&
	exec gunicorn --bind 0.0.0.0:80 --user www-data --group www-data hello:application')

answered() {
	[[ $(curl --silent --fail --max-time 2 "http://$ADDRESS/") == "user $(uid_of www-data)" ]]
}

works() {
	local old
	eventually 10 answered
	old=$(workers)
	signal_container HUP
	eventually 10 replaced "$old"
	eventually 5 answered
	still_running 1
	stopped_cleanly
	! logs | grep -E 'ERROR|CRITICAL|not permitted' >&2 || fail "errors in its output"
}

PROVEN="CHOWN KILL SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, gunicorn 20.1.0-6+deb12u1"
