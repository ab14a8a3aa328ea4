# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the scripts share: messages, the Docker command, and apt. Sourced.
# shellcheck disable=SC2034

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a
PATH=$PATH:/usr/sbin:/sbin

# Kept between runs: images that take half a minute to build.
CACHE=${XDG_CACHE_HOME:-/var/cache}/leastcap

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

die() {
	say "$*"
	exit 1
}

need_root() {
	((EUID == 0)) || die "needs root: run it with sudo"
}

# The distribution's own client first: another one in front of it on PATH may lack the Compose plugin.
docker_command() {
	local candidate
	for candidate in /usr/bin/docker "$(command -v docker)"; do
		# In a trap, a bare return gives the status of what the trap interrupted.
		[[ -x $candidate ]] && printf '%s\n' "$candidate" && return 0
	done
	return 1
}

# Does a Docker Engine answer, within five seconds, or $LEASTCAP_PATIENCE on a slow machine?
docker_answers() {
	local docker
	# Where nobody listens the client need not be started, which takes a second in a virtual machine.
	[[ ${DOCKER_HOST-}${DOCKER_CONTEXT-} || -S /var/run/docker.sock ]] || return 1
	docker=$(docker_command) && timeout "${LEASTCAP_PATIENCE:-5}" "$docker" version --format '{{.Server.Version}}' >/dev/null 2>&1
}

# mirror_of LABEL: where this machine fetches one of Debian's archives from: Debian, Debian-Security.
mirror_of() {
	local label=$1 mirror
	# shellcheck disable=SC2016
	mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 2>/dev/null |
		awk -v label="$label" '$1 == "Debian" && $2 == label { print $3; exit }')
	printf '%s\n' "${mirror:-http://deb.debian.org/${label,,}/}"
}

debian_mirror() {
	mirror_of Debian
}

# quietly WHAT COMMAND...: runs COMMAND without output; when it fails, says WHAT and the first error it printed.
quietly() {
	local what=$1 log status=0
	shift
	log=$(mktemp)
	"$@" >"$log" 2>&1 </dev/null || status=$?
	if ((status)); then
		say "$what: $(grep -m1 -iE '^(E:|.*error|.*fail)' "$log" || tail -n1 "$log")"
	fi
	rm -f "$log"
	return "$status"
}
