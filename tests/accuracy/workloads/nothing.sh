# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# Needs nothing: root reads files that anybody may read, writes its own, and starts programs.
PACKAGES="util-linux"
COMMAND=(sh -ec '
	sha256sum /etc/passwd >/tmp/sums
	mkdir /tmp/new
	cp -a /usr/share/base-files /tmp/new/
	chmod 700 /tmp/new
	cd /tmp
	sha256sum -c /tmp/sums
	exec sleep 300')

checked() {
	grep -q '^/etc/passwd: OK' < <(logs)
}

works() {
	eventually 5 checked
	[[ $(owner_in /tmp/new) == "0:0 700" ]]
	[[ $(file_in /tmp/new/base-files/info.dir) == *"Directory node"* ]]
	still_running 1
}

PROVEN=""
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
