# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The build: in a copy of the tree, what was touched is built again and nothing else is.

copy_tree() {
	mkdir tree
	tar -C "$ROOT" --exclude ./.git --exclude ./build/sanitize -c . | tar -C tree -x
	cd tree || return
	make --silent all
	make --question all || fail "make has something to do although nothing was touched"
}

# would_build FILE: the objects that make would build again after FILE was touched.
would_build() {
	touch "$1"
	make --dry-run all | grep -oE -- '-o [^ ]+\.o\b' | sort
}

test_a_header_that_was_touched_rebuilds_what_includes_it() {
	local objects
	copy_tree
	objects=$(would_build include/leastcap/profile.h)
	assert_match "$objects" 'src/profile/' "what make would build"
	assert_no_match "$objects" 'src/base/capset' "what make would build"
}

test_the_object_for_kernels_without_types_names_nothing_that_is_looked_up_in_them() {
	assert_eq "$(readelf -sW "$ROOT/build/bpf/kprobe.bpf.o" | awk '$7 == "UND" && $8 { print $8 }')" "" "kernel functions and variables"
}

test_a_bpf_header_that_was_touched_rebuilds_the_object_and_the_program() {
	copy_tree
	touch build/before
	sleep 0.01
	touch bpf/record.h
	make --silent all
	[[ build/bpf/tracing.bpf.o -nt build/before ]] || fail "the BPF object was not built again"
	[[ build/leastcap -nt build/bpf/tracing.bpf.o ]] || fail "the program was not linked again"
	make --question all || fail "make has something to do after make"
}

test_it_builds_for_another_architecture_beside_this_one() {
	command -v aarch64-linux-gnu-gcc >/dev/null || skip "there is no cross compiler; run scripts/setup arm64"
	[[ -d ${XDG_CACHE_HOME:-/var/cache}/leastcap/sysroot-arm64 ]] || skip "its libraries are missing; run scripts/setup arm64"
	copy_tree
	make --silent --jobs=2 ARCH=arm64 all build/arm64/tests/unit/test_kallsyms
	assert_match "$(readelf --file-header build/arm64/leastcap)" 'Machine: *AArch64' "what it was built for"
	make --question all || fail "make has something to do for this architecture"
}
