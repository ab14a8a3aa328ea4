# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A kernel without types of its own, and a file with them: records what the same hook records with the kernel's own. For a
# kernel with kprobes; where it has types they are hidden. Runs by tests/e2e/child, in a test's own directory.

# The kernel's types, were they hidden from the beginning.
take_types() {
	mkdir sysfs
	mount -t sysfs sysfs sysfs
	cat sysfs/kernel/btf/vmlinux >types.btf
	umount sysfs
}

# without_types COMMAND...: no program finds types of the kernel.
without_types() {
	# shellcheck disable=SC2016
	unshare --mount bash -c 'mount -t tmpfs tmpfs /sys/kernel/btf && exec "$@"' bash "$@"
}

# with_types COMMAND...: every program does, as where nothing was hidden.
with_types() {
	mkdir own
	cp types.btf own/vmlinux
	# shellcheck disable=SC2016
	unshare --mount bash -c 'mount --bind own /sys/kernel/btf && exec "$@"' bash "$@"
}

# Whatever is asked at places whose answer decides, granted and denied; how often memory is asked for is not the same twice.
evidence() {
	jq -r '.targets[].evidence[] | select(.class != "advisory") | "\(.class) \(.cap) \(.verdict) \(.authority) \(.credential)
		\(.phase) \(.count) \(.syscall) \(.result) \(.caller) \(.exe)" | gsub("\\s+"; " ")' "$1" | LC_ALL=C sort
}

work() {
	rm -f file
	: >file
	chown nobody file
	! setpriv --reuid 65534 --regid 65534 --clear-groups mount -t tmpfs none /mnt 2>/dev/null
	"$PROGRAMS/many_checks" 2 5000
}

test_the_evidence_is_that_of_the_kernels_own_types() {
	take_types
	work # what is asked only the first time has been
	with_types "$LEASTCAP" run --hook kprobe -o own.json -- "$E2E/child" "$TEST_FILE" work
	without_types "$LEASTCAP" run --btf types.btf -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" work
	assert_eq "$(evidence "$PROFILE")" "$(evidence own.json)" "the evidence"
	assert_match "$(evidence "$PROFILE")" 'required CHOWN .* 1 fchownat .* setattr_prepare' "chown"
	assert_match "$(evidence "$PROFILE")" 'blocked SYS_ADMIN .* EPERM' "the mount that was denied"
	assert_eq "$(jq -r '.host.hook + " " + (.lost | tostring)' "$PROFILE")" "kprobe 0" "the hook, and what was lost"
}

test_10000_checks_from_two_tasks_are_all_counted() {
	take_types
	without_types "$LEASTCAP" run --btf types.btf -o "$PROFILE" -- "$PROGRAMS/many_checks" 2 5000
	assert_eq "$(jq '[.targets[].evidence[] | select(.cap == "SETGID" and .syscall == "setgroups") | .count] | add' "$PROFILE")" 10000 "checks"
}

run_container_of_runc() {
	make_root bundle/rootfs many_checks
	(cd bundle && runc spec)
	jq '.process.args = ["/many_checks", "2", "5000"] | .process.terminal = false
		| .process.capabilities[] = ["CAP_SETGID", "CAP_CHOWN"] | .linux.cgroupsPath = "/leastcap-runc" | del(.linux.resources)' \
		bundle/config.json >bundle/new.json
	mv bundle/new.json bundle/config.json
	runc run --bundle bundle leastcap-runc
}

test_a_container_is_told_from_the_runtime_that_prepares_it() {
	command -v runc >/dev/null || skip "there is no runc"
	take_types
	without_types "$LEASTCAP" record --btf types.btf -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" run_container_of_runc
	assert_list "$PROFILE" leastcap-runc SETGID
	assert_eq "$(query "$PROFILE" leastcap-runc '[.evidence[] | select(.phase == "workload" and .cap == "SETGID") | .count] | add')" \
		10000 "the checks of the workload"
	assert_match "$(query "$PROFILE" leastcap-runc '.evidence[] | select(.phase == "setup") | .cap' | tr '\n' ' ')" SYS_ADMIN \
		"what the runtime asked"
}

test_types_of_no_more_than_is_used_are_enough() {
	take_types
	command -v bpftool >/dev/null || skip "there is no bpftool"
	bpftool gen min_core_btf types.btf small.btf "$ROOT/build/bpf/kprobe.bpf.o"
	without_types "$LEASTCAP" run --btf small.btf -o "$PROFILE" -- "$PROGRAMS/many_checks" 2 5000
	assert_eq "$(jq -c '[.targets[].cap_add]' "$PROFILE")" '[["SETGID"]]' "the list"
}

test_without_a_file_it_is_said_what_to_do() {
	assert_refused 1 'BTF.*--btf FILE.*leastcap doctor' without_types "$LEASTCAP" run -- true
}
