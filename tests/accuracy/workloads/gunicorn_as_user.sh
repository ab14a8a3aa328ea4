# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# gunicorn on port 8000 as an ordinary user: needs nothing.
PACKAGES="gunicorn"
IMAGE_USER=33:33
OPTIONS=(--workdir /tmp)
COMMAND=(sh -c 'echo "def application(e, s): s(\"200 OK\", []); return [b\"it works\"]" >/tmp/hello.py && exec gunicorn --bind 0.0.0.0:8000 hello:application')

page() {
	curl --silent --fail --max-time 2 "http://$ADDRESS:8000/"
}

works() {
	eventually 10 page
	[[ $(page) == "it works" ]]
	still_running 2
	[[ $(page) == "it works" ]]
	stopped_cleanly
}

PROVEN=""
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, gunicorn 20.1.0-6+deb12u1"
