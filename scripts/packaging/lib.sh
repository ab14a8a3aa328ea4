# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the makers of packages share: version, time, where the results go, and what stands beside them. Sourced after scripts/lib.sh.
# shellcheck disable=SC2034

OUT=$ROOT/build/package
PACKAGING=$ROOT/scripts/packaging
RELEASE=$(sed -n 's/^VERSION := //p' "$ROOT/Makefile")
COMMIT=$("$ROOT/scripts/commit" --full)
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$("$ROOT/scripts/commit" --time)}

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
