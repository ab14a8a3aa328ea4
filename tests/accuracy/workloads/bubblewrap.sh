# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A sandbox that makes a user namespace of its own: bubblewrap, started by an ordinary user.
PACKAGES="bubblewrap"
IMAGE_USER=65534
# Docker's own filter forbids new user namespaces.
OPTIONS=(--security-opt seccomp=unconfined)
# shellcheck disable=SC2016
COMMAND=(bwrap --unshare-all --uid 1000 --gid 1000 --hostname jail --ro-bind /usr /usr --symlink usr/bin /bin
	--symlink usr/lib /lib --symlink usr/lib64 /lib64 --tmpfs /tmp --dev-bind /dev/null /dev/null
	sh -c 'echo "$(id -u):$(id -g) $(uname -n) $(echo /*)"; cp /bin/true /tmp && /tmp/true && echo ran')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == "1000:1000 jail /bin /dev /lib /lib64 /tmp /usr"$'\n'ran ]]
}

PROVEN=""
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, bubblewrap 0.8.0-2+deb12u1"
