# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# --btf FILE, where FILE is not what it takes. What it does where it is: tests/kernels/test_without_btf.sh.

test_a_file_that_is_not_there_or_cannot_be_one_is_refused() {
	assert_refused 2 '^leastcap: --btf nowhere\.btf: No such file' "$LEASTCAP" run --btf nowhere.btf -- true
	assert_refused 2 '^leastcap: --btf \.: not a regular file' "$LEASTCAP" record --btf . -o "$PROFILE" -- true
	mkfifo pipe
	assert_refused 2 '^leastcap: --btf pipe: not a regular file' "$LEASTCAP" audit --for 1s --btf pipe
}

test_a_file_without_types_is_refused() {
	: >empty
	assert_refused 2 '^leastcap: --btf empty: no .*BTF.* unpacked' "$LEASTCAP" run --btf empty -- true
	assert_refused 2 '^leastcap: --btf /etc/passwd: no .*BTF' "$LEASTCAP" run --btf /etc/passwd -- true
	assert_refused 2 '^leastcap: --btf .*leastcap: no .*BTF' "$LEASTCAP" run --btf "$LEASTCAP" -- true
}

# What the kernel's side is compiled with has every field that it reads, but where no kernel has it.
test_types_of_another_kernel_are_refused() {
	local unified
	unified=$(findmnt -rn -t cgroup2 -o TARGET | head -n1)
	assert_refused 2 "^leastcap: --btf .*: these are not (all of )?the types of this kernel; take the file for $(uname -r) on $(uname -m)" \
		"$LEASTCAP" record --btf "$ROOT/build/bpf/kprobe.bpf.o" --cgroup "${unified:-/sys/fs/cgroup/pids}" -o "$PROFILE" -- true
}

test_a_hook_that_needs_the_kernels_own_types_does_not_go_with_a_file() {
	cp /sys/kernel/btf/vmlinux types.btf
	assert_refused 2 '^leastcap: --hook fexit .*--btf is kprobe' "$LEASTCAP" run --btf types.btf --hook fexit -- true
}
