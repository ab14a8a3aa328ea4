# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# logrotate moves and compresses the log of a daemon's user as that user, and makes a new one.
PACKAGES="logrotate"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd --create-home daemon1'
	'--customize-hook=mkdir -p "$1/var/log/daemon1" && echo a line >"$1/var/log/daemon1/log" && chroot "$1" chown -R daemon1: /var/log/daemon1'
	'--customize-hook=cat >"$1/etc/test.rotate" <<CONF
/var/log/daemon1/log {
	su daemon1 daemon1
	rotate 2
	compress
	create 0640 daemon1 daemon1
}
CONF')
COMMAND=(sh -ec 'logrotate -f -s /tmp/state /etc/test.rotate; stat -c "%U %a %n" /var/log/daemon1/*')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == $'daemon1 640 /var/log/daemon1/log\ndaemon1 644 /var/log/daemon1/log.1.gz' ]]
}

PROVEN="SETGID SETUID"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, logrotate 3.21.0-1"
