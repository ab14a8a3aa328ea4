# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The tarball: one program that runs wherever glibc 2.31 or later is.

tarball() {
	only "leastcap-*-$(uname -m).tar.gz"
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
	local program
	tar -xzf "$(tarball)"
	program=$(echo leastcap-*/bin/leastcap)
	assert_eq "$(readelf -d "$program" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -vE '^(libc|libm|libdl|libpthread|ld-linux-.*)\.so\.[0-9]+$' || true)" "" "libraries of others"
	assert_eq "$(readelf -VW "$program" | grep -oE 'GLIBC_[0-9.]+' | cut -d_ -f2 | { cat && echo 2.31; } | sort -V | tail -n1)" 2.31 "the newest glibc that it asks for"
	assert_match "$(readelf -dW "$program")" 'BIND_NOW' "its flags"
	assert_match "$(readelf -h "$program")" 'Type: *DYN' "its type"
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
