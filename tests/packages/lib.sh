# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What the tests of packages share. Sourced by tests/packages/child, after tests/e2e/lib.sh.
# shellcheck disable=SC2034

OUT=$ROOT/build/package
PACKAGING=$ROOT/scripts/packaging

# need_root_of NAME: a system of scripts/packaging/roots; the test is skipped where it can't be made.
need_root_of() {
	local message
	message=$("$PACKAGING/root" "$1" 2>&1 >/dev/null) || skip "${message//$'\n'/; }"
}

# only PATTERN: the one file in build/package that it names
only() {
	local files
	mapfile -t files < <(find "$OUT" -maxdepth 1 -name "$1" 2>/dev/null)
	((${#files[@]} == 1)) || fail "build/package has ${#files[@]} files like $1"
	printf '%s\n' "${files[0]}"
}

# The version of a package of the commit that is checked out.
expected_version() {
	local release
	release=$(sed -n 's/^VERSION := //p' "$ROOT/Makefile")
	if [[ $(git -C "$ROOT" tag --points-at HEAD) == "v$release" ]]; then
		printf '%s\n' "$release"
	else
		printf '%s~git%s.%s\n' "$release" "$(date -u -d "@$(git -C "$ROOT" log -1 --format=%ct)" +%Y%m%d%H%M%S)" "$(git -C "$ROOT" rev-parse --short=12 HEAD)"
	fi
}

# not_spdx DOCUMENT: prints what is wrong with it.
not_spdx() {
	jq -r -f "$ROOT/tests/packages/spdx.jq" "$1"
}

# assert_sbom FILE: the document beside it is SPDX 2.3, of this file, and whole in itself.
assert_sbom() {
	assert_eq "$(not_spdx "$1.spdx.json")" "" "what is no SPDX 2.3 in $1.spdx.json"
	jq -e --arg sum "$(sha256sum "$1" | cut -c1-64)" --arg time "$(date -u -d "@$(git -C "$ROOT" log -1 --format=%ct)" +%Y-%m-%dT%H:%M:%SZ)" '
		([.packages[].SPDXID] + ["SPDXRef-DOCUMENT"]) as $ids |
		.spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and .SPDXID == "SPDXRef-DOCUMENT" and .creationInfo.created == $time and
		(.packages[0].checksums == [{algorithm: "SHA256", checksumValue: $sum}]) and
		([.packages[].SPDXID] | length == (unique | length)) and
		all(.packages[]; has("name") and has("downloadLocation") and (.SPDXID | test("^SPDXRef-[A-Za-z0-9.-]+$"))) and
		all(.relationships[]; .spdxElementId as $a | .relatedSpdxElement as $b | ($ids | index($a)) and ($ids | index($b)))' "$1.spdx.json" >/dev/null ||
		fail "$1.spdx.json is no SPDX document of ${1##*/}"
}
