# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The tarball: one program that runs wherever glibc 2.31 or later is.

# tarball [MACHINE]
tarball() {
	only "leastcap-*-${1-$(uname -m)}.tar.gz"
}

# unpacked [MACHINE]: the program's path, below the current directory
unpacked() {
	tar -xzf "$(tarball "$@")"
	echo leastcap-*/bin/leastcap
}

# assert_needs_glibc_only PROGRAM
assert_needs_glibc_only() {
	assert_eq "$(readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(libc|libm|libdl|libpthread|ld-linux-.*)\.so\.[0-9]+$' || true)" "" "libraries of others"
	assert_eq "$(readelf -VW "$1" | grep -oE 'GLIBC_[0-9.]+' | cut -d_ -f2 | { cat && echo 2.31; } | sort -V | tail -n1)" 2.31 "the newest glibc that it asks for"
	assert_match "$(readelf -dW "$1")" 'BIND_NOW' "its flags"
	assert_match "$(readelf -h "$1")" 'Type: *DYN' "its type"
}

test_the_tarball_is_made_of_the_commit() {
	need_root_of debian11-build
	"$ROOT/scripts/package" tarball
	assert_eq "$(basename "$(tarball)")" "leastcap-$(expected_version)-$(uname -m).tar.gz" "its name"
	(cd "$OUT" && sha256sum --quiet --check SHA256SUMS) || fail "SHA256SUMS are of something else"
	assert_sbom "$(tarball)"
	assert_eq "$(tar -tvzf "$(tarball)" | awk '{ print $2 }' | sort -u)" "0/0" "whose the files are"
}

test_it_needs_glibc_2_31_and_nothing_else() {
	assert_needs_glibc_only "$(unpacked)"
}

runs_on() {
	need_root_of "$1"
	# shellcheck disable=SC2016
	"$PACKAGING/in-root" "$1" --bind "$OUT:/package" sh -ec '
		tar -C /usr/local --strip-components=1 -xzf "/package/$0"
		leastcap --version
		touch /tmp/file
		leastcap run -q -o /tmp/profile.json -- chown nobody /tmp/file
		leastcap report -f docker /tmp/profile.json
		leastcap explain /tmp/profile.json CHOWN' "$(basename "$(tarball)")" >said
	assert_match "$(<said)" "\(commit $(git -C "$ROOT" rev-parse --short=12 HEAD), " "what it says on $1"
	assert_match "$(<said)" '--cap-add=CHOWN' "the list of a chown on $1"
	assert_match "$(<said)" 'chown' "why CHOWN is on it"
}

test_a_bare_debian_11_runs_it() {
	runs_on debian11
}

test_a_bare_debian_13_runs_it() {
	runs_on debian13
}

test_its_licenses_and_bill_of_materials_have_every_library_in_it() {
	local library
	tar -xzf "$(tarball)"
	for library in libbpf curl elfutils libseccomp libcap libjansson libyaml libsqlite3 liblzma libbz2 zlib1g libhttp-parser libmicrohttpd gnutls28 nettle libgmp \
		libtasn1-6 libunistring libncurses; do
		[[ -s $(echo leastcap-*/share/doc/leastcap/licenses)/$library ]] || fail "the license of $library is not in it"
		jq -e --arg name "$library" '.relationships[] | select(.relationshipType == "STATIC_LINK" and (.relatedSpdxElement | IN("SPDXRef-\($name)", "SPDXRef-\($name)-dev")))' \
			"$(tarball).spdx.json" >/dev/null || fail "the bill of materials does not have $library"
	done
}

# No program of this architecture's is in the way of it: what is emulated has the libraries of Debian 11 for arm64.
slow_test_that_for_arm64_needs_glibc_2_31_and_nothing_else_and_runs() {
	local program said
	need_root_of debian11-build@arm64
	command -v qemu-aarch64 >/dev/null || skip "there is no qemu-aarch64"
	"$ROOT/scripts/package" tarball --arch arm64
	assert_sbom "$(tarball aarch64)"
	program=$(unpacked aarch64)
	assert_match "$(readelf -h "$program")" 'Machine: *AArch64' "what it is for"
	assert_needs_glibc_only "$program"
	said=$(qemu-aarch64 -L "$("$PACKAGING/root" debian11-build@arm64)" "$program" --version)
	assert_match "$said" "\(commit $(git -C "$ROOT" rev-parse --short=12 HEAD), aarch64\)" "what it says"
	assert_match "$(qemu-aarch64 -L "$("$PACKAGING/root" debian11-build@arm64)" "$program" report -f docker "$ROOT/tests/unit/fixtures/chown_container.json")" '--cap-add=' "what it reports"
}
