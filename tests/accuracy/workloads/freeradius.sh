# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# freeradius, started as root, lets a user in by password as its own user, also after it has read its configuration again.
PACKAGES="freeradius freeradius-utils"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=sed -i "1i tester Cleartext-Password := \"open-sesame\"" "$1/etc/freeradius/3.0/mods-config/files/authorize"')
COMMAND=(freeradius -f -l stdout)

# accepted PASSWORD
accepted() {
	[[ $(peer radtest -t pap tester "$1" 127.0.0.1 0 testing123 2>&1) == *"Received Access-Accept"* ]]
}

works() {
	eventually 15 accepted open-sesame
	! accepted wrong || fail "it takes any password"
	[[ $(users_of freeradius) == "$(uid_of freerad)" ]] || fail "freeradius runs as $(users_of freeradius)"
	signal_container HUP
	still_running 1
	eventually 5 accepted open-sesame
	stopped_cleanly
	! logs | grep -iE 'error|fail|not permitted|denied' >&2 || fail "errors in its output"
}

PROVEN="DAC_OVERRIDE SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, freeradius 3.2.1+dfsg-4+deb12u1, freeradius-utils 3.2.1+dfsg-4+deb12u1"
