# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A rootless container's second step: an ordinary user maps its subordinate ids into a user namespace of its own, with
# the set-user-id programs newuidmap and newgidmap, and gives a file to one of them.
PACKAGES="uidmap"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=chroot "$1" useradd -m alice')
IMAGE_USER=alice
# Docker's own filter forbids new user namespaces.
OPTIONS=(--cap-add SYS_ADMIN --security-opt seccomp=unconfined)
COMMAND=(unshare --user --map-root-user --map-auto sh -ec '
	cd /home/alice
	echo data >file
	chown 5:6 file
	id -u
	stat -c %u:%g file')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == $'0\n5:6' ]]
	[[ $("$DOCKER" cp "$CONTAINER:/home/alice/file" - | tar -tv --numeric-owner) == "-rw-r--r-- 100004/100005 "* ]]
}

PROVEN="DAC_OVERRIDE SETGID SETUID SYS_ADMIN"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, uidmap 1:4.13+dfsg1-1+deb12u2"
