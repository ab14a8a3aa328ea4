# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A rootless container's first step: an ordinary user becomes root of a user namespace of its own, mounts and sets a
# hostname there.
PACKAGES="util-linux"
IMAGE_USER=65534
# Docker's own filter forbids new user namespaces.
OPTIONS=(--security-opt seccomp=unconfined)
# shellcheck disable=SC2016
COMMAND=(unshare --user --map-root-user --mount --uts sh -ec '
	mount -t tmpfs inside /mnt
	echo data >/mnt/file
	chown 0:0 /mnt/file
	chmod 600 /mnt/file
	hostname nested
	echo "$(id -u) $(uname -n) $(stat -c "%u:%g %a" /mnt/file)"')
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(<"$OUTPUT") == "0 nested 0:0 600" ]]
}

PROVEN=""
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
