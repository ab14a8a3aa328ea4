# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the makers of packages share: version, time, where the results go, and what stands beside them. Sourced after scripts/lib.sh.
# shellcheck disable=SC2034

OUT=$ROOT/build/package
PACKAGING=$ROOT/scripts/packaging
RELEASE=$(sed -n 's/^VERSION := //p' "$ROOT/Makefile")
COMMIT=$("$ROOT/scripts/commit" --full)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$("$ROOT/scripts/commit" --time)}
OWN_ARCHITECTURE=$(dpkg --print-architecture)

# machine_of ARCHITECTURE: as uname calls what Debian calls ARCHITECTURE
machine_of() {
	case $1 in
	amd64) echo x86_64 ;;
	arm64) echo aarch64 ;;
	*) die "--arch $1: must be amd64 or arm64" ;;
	esac
}

# The release, if its commit is the one that is checked out; else what comes before it, by time and commit.
version() {
	if [[ $(git -C "$ROOT" tag --points-at HEAD) == *"v$RELEASE"* ]]; then
		printf '%s\n' "$RELEASE"
	else
		printf '%s~git%s.%s\n' "$RELEASE" "$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y%m%d%H%M%S)" "${COMMIT:0:12}"
	fi
}

# deliver PATTERN FILE...: puts FILEs in the place of those in $OUT that PATTERN names, and counts everything there anew
deliver() {
	local pattern=$1
	shift
	mkdir -p "$OUT"
	find "$OUT" -maxdepth 1 -name "$pattern" -delete
	cp "$@" "$OUT/"
	(cd "$OUT" && find . -maxdepth 1 -type f ! -name 'SHA256SUMS*' -printf '%P\n' | LC_ALL=C sort | xargs -d '\n' sha256sum >SHA256SUMS.part &&
		mv SHA256SUMS.part SHA256SUMS)
	printf '%s\n' "${@##*/}" | sed "s|^|$OUT/|"
}

# architecture_of [--arch ARCHITECTURE]: this system's if it is not given
architecture_of() {
	case $#:${1-} in
	0:) printf '%s\n' "$OWN_ARCHITECTURE" ;;
	2:--arch) machine_of "$2" >/dev/null && printf '%s\n' "$2" ;;
	*) die "usage: package deb|rpm|tarball [--arch amd64|arm64]" ;;
	esac
}
