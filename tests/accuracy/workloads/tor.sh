# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# tor, started as root, answers its controller as its own user, reads its configuration again, and stops. It has no network.
PACKAGES="tor"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cat >"$1/etc/tor/test" <<CONF
User debian-tor
DataDirectory /data
DisableNetwork 1
SocksPort 0
ControlPort 0.0.0.0:9051
HashedControlPassword $(chroot "$1" tor --quiet --hash-password secret)
Log notice stdout
CONF')
OPTIONS=(--volume /data --stop-signal INT)
COMMAND=(sh -c 'chown -R debian-tor: /data && chmod 700 /data && exec tor -f /etc/tor/test')

# told PASSWORD: its version.
told() {
	# shellcheck disable=SC2016
	[[ $(timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/9051" && printf "AUTHENTICATE \"%s\"\r\nGETINFO version\r\nQUIT\r\n" "$1" >&3 && cat <&3' \
		"$ADDRESS" "$1") == *version=0.4* ]]
}

reloaded() {
	logs | grep 'Received reload signal' >/dev/null
}

works() {
	eventually 10 told secret
	! told wrong || fail "it takes any password"
	signal_container HUP
	eventually 5 reloaded
	still_running 1
	eventually 5 told secret
	[[ $(users_of tor) == "$(uid_of debian-tor)" ]] || fail "tor runs as $(users_of tor)"
	[[ $(owner_in /data/state) == "$(uid_of debian-tor):"*" 600" ]] || fail "what it saved is $(owner_in /data/state)"
	stopped_cleanly
	! logs | grep -E '\[err\]|not permitted|ermission denied' >&2 || fail "errors in its output"
}

PROVEN="CHOWN FOWNER SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, tor 0.4.9.11-0+deb12u1"
