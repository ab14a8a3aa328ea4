# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# An ordinary user's program with its memory on all nodes in turn. The kernel lets anybody do that; Docker's filter of system calls
# only a container that was given SYS_NICE.
PACKAGES="numactl"
IMAGE_USER=65534
OPTIONS=(--cap-add SYS_NICE)
COMMAND=(numactl --interleave=all numactl --show)
ONESHOT=yes

works() {
	((STATUS == 0))
	grep -q '^policy: interleave' "$OUTPUT"
}

PROVEN="SYS_NICE"
PROVEN_BY="2026-11-30, Docker 20.10.24, Linux 6.18, numactl 2.0.16-1"
