# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# Installing packages: apt-get unpacks and configures two, with users and groups, set-user-id and set-group-id programs.
PACKAGES="adduser"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" sh -c "cd /srv && apt-get download cron cron-daemon-common sensible-utils"'
	'--customize-hook=chroot "$1" sh -c "cd /srv && apt-get download dbus dbus-bin dbus-daemon libdbus-1-3"'
	'--customize-hook=chroot "$1" sh -c "cd /srv && apt-get download libapparmor1 libexpat1"'
	'--customize-hook=chroot "$1" sh -c "cd /srv && apt-get download dbus-session-bus-common dbus-system-bus-common"')
COMMAND=(sh -ec 'apt-get -q -y install /srv/*.deb; dpkg --audit; echo installed')
ONESHOT=yes

# Mode, owner and group of PATH.
entry() {
	"$DOCKER" cp "$CONTAINER:$1" - | tar -tv --numeric-owner | awk 'NR == 1 { print $1, $2 }'
}

gid_of() {
	file_in /etc/group | awk -F: -v name="$1" '$1 == name { print $3 }'
}

works() {
	((STATUS == 0))
	! grep -E '^(W|E|dpkg|chown|chmod|adduser|addgroup|.*warning): ' "$OUTPUT" >&2 || fail "it complained"
	[[ $(tail -n 1 "$OUTPUT") == installed ]]
	[[ $(uid_of messagebus) ]]
	(($(file_in /var/lib/dpkg/status | grep -A 1 -xE 'Package: (cron|dbus)' | grep -c ' install ok installed$') == 2))
	[[ $(entry /usr/bin/crontab) == "-rwxr-sr-x 0/$(gid_of crontab)" ]] || fail "crontab: $(entry /usr/bin/crontab)"
	[[ $(entry /var/spool/cron/crontabs) == "drwx-wx--T 0/$(gid_of crontab)" ]] ||
		fail "crontabs: $(entry /var/spool/cron/crontabs)"
	[[ $(entry /usr/lib/dbus-1.0/dbus-daemon-launch-helper) == "-rwsr-xr-- 0/$(gid_of messagebus)" ]] ||
		fail "its helper: $(entry /usr/lib/dbus-1.0/dbus-daemon-launch-helper)"
	# root's log of the terminal, for adm.
	[[ $(entry /var/log/apt/term.log) == "-rw-r----- 0/4" ]] || fail "its log: $(entry /var/log/apt/term.log)"
}

PROVEN="CHOWN DAC_OVERRIDE FOWNER FSETID SETGID SETUID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, apt 2.6.1, passwd 1:4.13+dfsg1-1+deb12u2"
EXTRA_BECAUSE="AUDIT_WRITE: groupadd's and useradd's messages for the audit log are accepted; refused, they go on without a word. KILL: apt-get signals its download method, which runs as _apt, to end; refused, the method ends by itself"
