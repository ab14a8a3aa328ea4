# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# cupsd takes a job from the network and has its printer's program, which runs as lp, print it; it is reloaded, and stops.
PACKAGES="cups-daemon cups-client"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=mkdir "$1/srv/paper" && chroot "$1" chown lp /srv/paper'
	'--customize-hook=cat >"$1/usr/lib/cups/backend/paper" <<CONF
#!/bin/sh
[ \$# -gt 0 ] || { echo "direct paper \"paper\" \"paper\"" && exit; }
cat \$6 >/srv/paper/\$1
CONF
		chmod 755 "$1/usr/lib/cups/backend/paper"'
	'--customize-hook=cat >"$1/etc/cups/printers.conf" <<CONF
<DefaultPrinter paper>
DeviceURI paper:/
State Idle
Accepting Yes
Shared Yes
</DefaultPrinter>
CONF'
	'--customize-hook=cat >"$1/etc/cups/cupsd.conf" <<CONF
Listen *:631
DefaultAuthType None
<Location />
  Order allow,deny
  Allow all
</Location>
CONF')
COMMAND=(cupsd -f)

printed() {
	[[ $(file_in "/srv/paper/$1") == "good day" ]]
}

# taken: sends a job.
taken() {
	peer lp -h 127.0.0.1:631 -d paper -o raw <<<"good day"
}

works() {
	eventually 10 taken
	eventually 5 printed 1
	[[ $(owner_in /srv/paper/1) == "$(uid_of lp):"* ]] || fail "what it printed is $(owner_in /srv/paper/1)"
	signal_container HUP
	sleep 1
	eventually 5 taken
	eventually 5 printed 2
	still_running 1
	stopped_cleanly
	# There are no banners and there is no avahi in the image.
	! file_in /var/log/cups/error_log | grep -vE 'cupsdLoadBanners|avahi' | grep -E '^[EX] ' >&2 || fail "errors in its log"
}

PROVEN="CHOWN DAC_OVERRIDE FOWNER SETGID SETUID"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, cups-client 2.4.2-3+deb12u9, cups-daemon 2.4.2-3+deb12u9"
