# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# named answers from a zone of its own as the user bind, and reloads and stops when rndc asks it to.
PACKAGES="bind9 bind9-host bind9-utils"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/bind/named.conf.options" <<CONF
options { directory "/var/cache/bind"; recursion no; dnssec-validation no; };
CONF')
COMMAND=(sh -c 'mkdir -p /run/named && chown bind /run/named && exec named -f -g -u bind')

answered() {
	[[ $(peer_outside host -W 1 -t a localhost "$ADDRESS") == *"has address 127.0.0.1"* ]]
}

works() {
	eventually 5 answered
	[[ $(users_of named) == "$(uid_of bind)" ]] || fail "named runs as $(users_of named)"
	peer rndc reload
	still_running 1
	answered
	stopped_cleanly
	! logs | grep -iE 'permission denied|not permitted|could not|failed to' >&2 || fail "errors in its output"
}

PROVEN="CHOWN SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, bind9 1:9.18.49-1~deb12u1, bind9-host 1:9.18.49-1~deb12u1, bind9-utils 1:9.18.49-1~deb12u1"
EXTRA_BECAUSE="NET_BIND_SERVICE: named keeps it by capset where it has it, and only a run without shows that it asks for no more than that. SYS_CHROOT: likewise"
