# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# The system's message bus, started as root, serves as its own user, and starts a service as another when somebody asks for that by its name.
PACKAGES="dbus"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --no-create-home tester'
	'--customize-hook=cat >"$1/usr/share/dbus-1/system-services/test.Service.service" <<CONF
[D-BUS Service]
Name=test.Service
Exec=/bin/sh -c "grep Uid /proc/self/status >/tmp/started; exec sleep 5"
User=tester
CONF'
	'--customize-hook=cat >"$1/etc/dbus-1/system.d/test.conf" <<CONF
<busconfig><policy context="default"><allow send_destination="test.Service"/></policy></busconfig>
CONF')
COMMAND=(sh -c 'mkdir -p /run/dbus && exec dbus-daemon --system --nofork --nopidfile')

# ask DESTINATION: calls a method there, as a user who is not root.
ask() {
	local pid
	pid=$("$DOCKER" inspect -f '{{.State.Pid}}' "$CONTAINER")
	timeout 4 nsenter --target "$pid" --mount --net setpriv --reuid 65534 --regid 65534 --clear-groups \
		dbus-send --system --print-reply --reply-timeout=3000 --dest="$1" / org.freedesktop.DBus.ListNames
}

names_told() {
	[[ $(ask org.freedesktop.DBus 2>/dev/null) == *'"org.freedesktop.DBus"'* ]]
}

started() {
	[[ $(file_in /tmp/started) == Uid:*"$(uid_of tester)"* ]]
}

works() {
	eventually 10 names_told
	[[ $(users_of dbus-daemon) == "$(uid_of messagebus)" ]] || fail "the bus runs as $(users_of dbus-daemon)"
	ask test.Service >/dev/null 2>&1 || true
	eventually 5 started
	signal_container HUP
	still_running 1
	eventually 5 names_told
	# It goes on with fewer files, as without a limit that can be raised.
	! logs | grep -v 'set fd limit' | grep -iE 'error|not permitted' >&2 || fail "errors in its output"
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, dbus 1.14.10-1~deb12u1"
EXTRA_BECAUSE="AUDIT_WRITE: it keeps it where it has it, and goes on without"
