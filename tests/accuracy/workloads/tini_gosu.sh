# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# tini, root, in front of an entry point that becomes another user: tini hands on the signals to it.
PACKAGES="tini gosu python3-minimal"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/srv/serve.py" <<CONF
import os, signal, socket, sys

def tell(what):
    print(what, flush=True)

def stop(number, frame):
    tell("goodbye")
    sys.exit(0)

signal.signal(signal.SIGHUP, lambda number, frame: tell("reloaded"))
signal.signal(signal.SIGTERM, stop)
with socket.create_server(("", 80)) as server:
    while True:
        client, _ = server.accept()
        with client:
            client.sendall(b"user %d\n" % os.getuid())
CONF')
OPTIONS=(--volume /data)
COMMAND=(tini -- sh -c 'chown -R www-data:www-data /data && cd /data && exec gosu www-data python3 /srv/serve.py')

answered() {
	[[ $(timeout 2 cat <"/dev/tcp/$ADDRESS/80") == "user $(uid_of www-data)" ]]
}

printed() {
	grep -qx "$1" < <(logs)
}

works() {
	eventually 5 answered
	signal_container HUP
	eventually 5 printed reloaded
	answered
	[[ $(users_of python3.11) == "$(uid_of www-data)" ]] || fail "it runs as $(users_of python3.11)"
	[[ $(owner_in /data) == "$(uid_of www-data):"* ]] || fail "the volume is $(owner_in /data)"
	stopped_cleanly 5
	printed goodbye || fail "it was not told to stop"
}

PROVEN="CHOWN KILL SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, gosu 1.14-1+b10, python3-minimal 3.11.2-1+b1, tini 0.19.0-1+b3"
