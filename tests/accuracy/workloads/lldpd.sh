# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# lldpd tells its neighbours who it is, and hears of them, by frames of its own, from a chroot as its own user.
PACKAGES="lldpd"
OPTIONS=(--cap-add NET_ADMIN)
COMMAND=(lldpd -d)

works() {
	still_running 3
	[[ $(users_of lldpd) == "$(uid_of _lldpd)" ]] || fail "lldpd runs as $(users_of lldpd)"
	stopped_cleanly
	! logs | grep -iE 'fatal|not permitted|unable|cannot' >&2 || fail "errors in its output"
}

PROVEN="CHOWN DAC_OVERRIDE FOWNER NET_ADMIN NET_RAW SETGID SETUID SYS_CHROOT"
PROVEN_BY="2026-12-01, Docker 20.10.24, Linux 6.18, lldpd 1.0.16-1+deb12u1"
