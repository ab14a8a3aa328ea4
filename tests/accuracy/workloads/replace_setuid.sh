# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034
# A set-user-id program is replaced in place by root, and stays one.
PACKAGES="util-linux"
# shellcheck disable=SC2016
IMAGE_OPTIONS=('--customize-hook=cp "$1/bin/true" "$1/srv/tool"; chmod 4755 "$1/srv/tool"')
COMMAND=(cp /bin/false /srv/tool)
ONESHOT=yes

works() {
	((STATUS == 0))
	[[ $(file_in /srv/tool | sha256sum) == "$(file_in /bin/false | sha256sum)" ]]
	[[ $("$DOCKER" cp "$CONTAINER:/srv/tool" - | tar -tv --numeric-owner) == "-rwsr-xr-x 0/0 "* ]] || fail "no longer so"
}

PROVEN="FSETID"
PROVEN_BY="2026-11-22, Docker 20.10.24, Linux 6.18, util-linux 2.38.1-5+deb12u3"
