# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# uwsgi binds port 80 as root and becomes www-data before it serves a Python program, which it reloads.
PACKAGES="uwsgi-core uwsgi-plugin-python3"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/srv/who.py" <<CONF
import os

def application(environment, start):
    start("200 OK", [])
    return [b"user %d" % os.getuid()]
CONF')
COMMAND=(uwsgi --plugin python3 --master --die-on-term --processes 2 --uid www-data --gid www-data --http-socket :80
	--wsgi-file /srv/who.py)

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
	! logs | grep -iE 'not permitted|denied' >&2 || fail "errors in its output"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, uwsgi-core 2.0.21-5.1, uwsgi-plugin-python3 2.0.21-5.1"
