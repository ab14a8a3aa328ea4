# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the tests with containers share: how a test ends early, and Docker. Sourced by tests/*/lib.sh.
# shellcheck disable=SC2034

# Of the system's own directories only, so that no test depends on what else a PATH is made to search.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
DOCKER=/usr/bin/docker

fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

skip() {
	printf '%s\n' "$*" >"$TEST_DIR/skip"
	exit 77
}

# names_of_mask MASK: the capabilities of a line of /proc/PID/status, as Docker names them, a line each.
names_of_mask() {
	local names
	names=$(capsh --decode="$1" | sed 's/^[^=]*=//')
	names=${names^^}
	tr , '\n' <<<"${names//CAP_/}"
}

# The capabilities that this machine's root can have.
bounds() {
	names_of_mask "$(awk '/^CapBnd:/ { print $2 }' /proc/self/status)"
}

# The runtime that can start privileged containers here: runc, unless this machine's root lacks a capability.
privileged_runtime() {
	if (($(bounds | wc -l) == $(cat /proc/sys/kernel/cap_last_cap) + 1)); then
		printf 'runc\n'
	elif "$DOCKER" info -f '{{range $name, $_ := .Runtimes}}{{$name}} {{end}}' | grep -qw runc-within-bounds; then
		printf 'runc-within-bounds\n'
	fi
}

remove_container() {
	"$DOCKER" rm -f "$1" >/dev/null
}

# remove_labelled LABEL: the containers, with their volumes, and the networks that have it.
remove_labelled() {
	local left
	left=$("$DOCKER" ps -aq --filter "label=$1")
	# shellcheck disable=SC2086
	[[ -z $left ]] || "$DOCKER" rm -fv $left >/dev/null 2>&1 || true
	left=$("$DOCKER" network ls -q --filter "label=$1")
	# shellcheck disable=SC2086
	[[ -z $left ]] || "$DOCKER" network rm $left >/dev/null 2>&1 || true
}

address_of() {
	"$DOCKER" inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$1"
}
