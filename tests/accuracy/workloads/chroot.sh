# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A program confined to a directory, as another user: chroot with --userspec.
PACKAGES="busybox-static"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=mkdir -p "$1/srv/jail/bin" "$1/srv/jail/home"'
	'--customize-hook=cp "$1/bin/busybox" "$1/srv/jail/bin/"'
	'--customize-hook=chown 1000:1000 "$1/srv/jail/home"')
# Its own exit status of 125, when it fails, would be docker's.
# shellcheck disable=SC2016
COMMAND=(sh -c 'chroot --userspec=1000:1000 /srv/jail /bin/busybox sh -ec "$1" || exit 1' sh '
	echo "$(/bin/busybox id -u):$(/bin/busybox id -g):$(/bin/busybox id -G)" /*
	echo written >/home/file')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == "1000:1000:1000 /bin /home" ]]
	[[ $("$DOCKER" cp "$CONTAINER:/srv/jail/home/file" - | tar -tv --numeric-owner) == "-rw-r--r-- 1000/1000 "* ]]
}

PROVEN="SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, busybox-static 1:1.35.0-4+deb12u1+b1"
