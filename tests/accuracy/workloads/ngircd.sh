# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A chat server, started as root, serves as its own user from a chroot.
PACKAGES="ngircd"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=printf "%s\n" "[Global]" "Name = irc.test" "ServerUID = irc" "ServerGID = irc" "[Options]" "ChrootDir = /var/lib/empty" "Ident = no" "PAM = no" "DNS = no" >"$1/etc/ngircd/ngircd.conf" && mkdir -p "$1/var/lib/empty"')
COMMAND=(ngircd -n)

greeted() {
	# shellcheck disable=SC2016
	[[ $(timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/6667" && printf "NICK a\r\nUSER a 0 * :a\r\n" >&3 && grep -m 1 " 001 " <&3' "$ADDRESS" 2>/dev/null) == *"Welcome"* ]]
}

works() {
	eventually 10 greeted
	[[ $(users_of ngircd) == "$(uid_of irc)" ]] || fail "it runs as $(users_of ngircd)"
	still_running 1
	eventually 5 greeted
	stopped_cleanly
	! logs | grep -iE 'not permitted|fatal' >&2 || fail "errors in its output"
}

PROVEN="SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, ngircd 26.1-1+deb12u1"
