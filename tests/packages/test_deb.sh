# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The Debian package: made of the commit, without a fault that Debian's tools know, installed and purged on bare systems.

in_build_root() {
	"$PACKAGING/in-root" debian12-build --bind "$OUT:/package" "$@"
}

test_the_package_is_made_of_the_commit() {
	local deb
	need_root_of debian12-build
	"$ROOT/scripts/package" deb >made
	assert_no_match "$(xargs ls -d <made 2>&1)" 'No such file' "what it says it has written"
	deb=$(only 'leastcap_*_amd64.deb')
	assert_eq "$(dpkg-deb -f "$deb" Version)" "$(expected_version)-1~deb12" "its version"
	dpkg-deb -x "$deb" root
	assert_match "$(root/usr/bin/leastcap --version)" "\(commit $(git -C "$ROOT" rev-parse --short=12 HEAD), " "the program's commit"
	(cd "$OUT" && sha256sum --quiet --check SHA256SUMS) || fail "SHA256SUMS are of something else"
	assert_match "$(<"$OUT/SHA256SUMS")" "  ${deb##*/}"$'\n' "SHA256SUMS"
}

test_lintian_finds_nothing() {
	only 'leastcap_*_amd64.changes' >/dev/null
	assert_eq "$(in_build_root sh -c 'lintian --allow-root --fail-on error,warning --suppress-tags=debian-watch-file-is-missing /package/leastcap_*.changes 2>&1')" "" "what lintian finds"
}

test_the_program_is_hardened() {
	local found line
	dpkg-deb -x "$(only 'leastcap_*_amd64.deb')" root
	found=$(in_build_root --bind "$PWD/root:/root" sh -c 'hardening-check /root/usr/bin/leastcap || true')
	for line in 'Position Independent Executable: yes' 'Stack protected: yes' 'Fortify Source functions: yes' 'Read-only relocations: yes' \
		'Immediate binding: yes'; do
		assert_match "$found" " $line" "what hardening-check says"
	done
}

life_on() {
	local deb
	need_root_of "$1"
	deb=$(only 'leastcap_*_amd64.deb')
	assert_eq "$("$PACKAGING/in-root" "$1" --bind "$OUT:/package" --bind "$ROOT/tests/packages:/tests" /tests/life "/package/${deb##*/}")" \
		"installed, used, removed and purged" "its life on $1"
}

test_a_bare_debian_12_installs_uses_removes_and_purges_it_with_apt_alone() {
	life_on debian12
}

test_a_bare_debian_13_installs_uses_removes_and_purges_it_with_apt_alone() {
	life_on debian13
}

test_its_bill_of_materials_names_what_it_depends_on() {
	local deb name
	deb=$(only 'leastcap_*_amd64.deb')
	assert_sbom "$deb"
	for name in $(dpkg-deb -f "$deb" Depends | sed 's/([^)]*)//g; s/,//g'); do
		jq -e --arg name "$name" '.relationships[] | select(.relationshipType == "DEPENDS_ON" and .relatedSpdxElement == "SPDXRef-" + $name)' "$deb.spdx.json" >/dev/null ||
			fail "the bill of materials does not have $name"
	done
}

# Each of these is refused by the schema that SPDX publishes, or by the text of its specification.
test_a_bill_of_materials_with_a_fault_is_found_out() {
	local fault
	while read -r fault; do
		jq "$fault" "$(only 'leastcap_*_amd64.deb.spdx.json')" >faulty.json
		[[ $(not_spdx faulty.json) ]] || fail "nothing is wrong after $fault"
	done <<-'EOT'
		del(.name)
		.spdxVersion = "SPDX-2.2"
		.extra = 1
		.documentNamespace = "https://leastcap.invalid/#a"
		.creationInfo.created = "2026-01-01"
		.creationInfo.creators = []
		.packages[0].checksums[0].checksumValue = "AB"
		.packages[0].filesAnalyzed = true
		.packages[1].SPDXID = "a_b"
		.packages[1].licenseDeclared = "GPL 2"
		.packages[1].externalRefs[0].referenceLocator = "deb/x"
		.packages += [.packages[0]]
		.relationships[0].relationshipType = "DESCRIBED"
		.relationships[0].relatedSpdxElement = "SPDXRef-nobody"
		.relationships = []
	EOT
}

# But for those files that say when they were made.
slow_test_the_same_commit_gives_the_same_package() {
	local before
	before=$(cd "$OUT" && sha256sum leastcap*.deb leastcap_*.tar.*)
	assert_match "$before" '_amd64\.deb' "what is compared"
	(umask 077 && TZ=Pacific/Auckland LC_ALL=C "$ROOT/scripts/package" deb >/dev/null)
	assert_eq "$(cd "$OUT" && sha256sum leastcap*.deb leastcap_*.tar.*)" "$before" "the second package, and its sources"
}

# No program of this architecture's is in the way of it: what is emulated has the libraries of Debian 12 for arm64.
slow_test_that_for_arm64_is_cross_built_and_runs() {
	local deb sysroot
	need_root_of debian12-build
	command -v qemu-aarch64 >/dev/null || skip "there is no qemu-aarch64"
	"$ROOT/scripts/package" deb --arch arm64 >made
	assert_no_match "$(xargs ls -d <made 2>&1)" 'No such file' "what it says it has written"
	deb=$(only 'leastcap_*_arm64.deb')
	assert_eq "$(dpkg-deb -f "$deb" Version Architecture | paste -sd ' ')" "Version: $(expected_version)-1~deb12 Architecture: arm64" "what it is"
	assert_match "$(dpkg-deb -f "$deb" Depends)" '^libbpf1 .*, libc6 .*, libsqlite3-0 ' "what it depends on"
	assert_sbom "$deb"
	assert_eq "$(jq -r '.packages[] | select(.name == "libbpf1").externalRefs[0].referenceLocator' "$deb.spdx.json" | sed 's/.*[?]//')" arch=arm64 "what its bill of materials names"
	dpkg-deb -x "$deb" root
	assert_match "$(readelf -h root/usr/bin/leastcap)" 'Machine: *AArch64' "what it is for"
	sysroot=$("$ROOT/scripts/sysroot" arm64)
	assert_match "$(qemu-aarch64 -L "$sysroot" root/usr/bin/leastcap --version)" "\\(commit $(git -C "$ROOT" rev-parse --short=12 HEAD), aarch64\\)" "what it says"
	assert_match "$(qemu-aarch64 -L "$sysroot" root/usr/bin/leastcap report -f docker "$ROOT/tests/unit/fixtures/chown_container.json")" '--cap-add=' "what it reports"
}
