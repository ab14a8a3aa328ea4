# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The RPM package: made of the commit, without a fault that rpmlint knows, and with a whole life in a system that has rpm.

rpm_file() {
	only "leastcap-*.$(uname -m).rpm"
}

in_rpm_root() {
	"$PACKAGING/in-root" debian12-build --bind "$OUT:/package" --bind "$ROOT/tests/packages:/tests" "$@"
}

slow_test_the_rpm_is_made_of_the_commit() {
	need_root_of debian11-build
	need_root_of debian12-build
	"$ROOT/scripts/package" rpm
	assert_eq "$(basename "$(rpm_file)")" "leastcap-$(expected_version)-1.$(uname -m).rpm" "its name"
	(cd "$OUT" && sha256sum --quiet --check SHA256SUMS) || fail "SHA256SUMS are of something else"
	assert_match "$(<"$OUT/SHA256SUMS")"$'\n' "  $(basename "$(rpm_file)")"$'\n' "SHA256SUMS"
	assert_sbom "$(rpm_file)"
}

slow_test_rpmlint_finds_nothing() {
	local found
	found=$(in_rpm_root --bind "$PACKAGING:/packaging" rpmlint -c /packaging/rpmlint.toml "/package/$(basename "$(rpm_file)")") || true
	assert_match "$found" '1 packages and 0 specfiles checked; 0 errors, 0 warnings' "what rpmlint says"
}

# Debian tells rpm nothing of its glibc: what rpm would know of that of Debian 11 is found by rpm's own tool.
slow_test_it_requires_glibc_2_31_and_nothing_else() {
	local libraries
	libraries=$("$PACKAGING/root" debian11)/lib/x86_64-linux-gnu
	# shellcheck disable=SC2016
	in_rpm_root --bind "$libraries:/libraries" sh -ec '
		printf "%s\n" /libraries/libc.so.6 /libraries/libm.so.6 /libraries/libdl.so.2 /libraries/libpthread.so.0 /libraries/ld-linux-x86-64.so.2 |
			/usr/lib/rpm/elfdeps --provides | sort -u >/tmp/provided
		rpm -qp --requires "/package/$0" | grep -vE "^(rpmlib\(.*|/bin/sh|rtld\(GNU_HASH\))" | sort -u >/tmp/required
		[ -s /tmp/required ]
		comm -13 /tmp/provided /tmp/required' "$(basename "$(rpm_file)")" >missing
	assert_eq "$(<missing)" "" "what it requires and glibc 2.31 does not have"
}

slow_test_it_is_installed_used_and_removed_with_rpm() {
	local said
	said=$(in_rpm_root --bind "$ROOT/tests/unit/fixtures:/fixtures" /tests/life-rpm "/package/$(basename "$(rpm_file)")")
	assert_eq "$said" "installed, used and removed" "its life"
}

slow_test_the_same_commit_gives_the_same_rpm() {
	local before
	before=$(sha256sum <"$(rpm_file)")
	"$ROOT/scripts/package" rpm
	assert_eq "$(sha256sum <"$(rpm_file)")" "$before" "the second package"
}
