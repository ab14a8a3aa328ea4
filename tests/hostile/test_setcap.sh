# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A leastcap with file capabilities, and a user who has none: what he names is opened with his own rights, whichever option he
# names it with, and he reads no memory of the kernel's by types of his own making.

MALLORY=65534

# From here on $LEASTCAP is a copy with file capabilities, run by a user without any, in the directory "users" of his own; in
# "closed", root's alone, are files that everybody might write were they not in there.
enter_as_mallory() {
	local own=$LEASTCAP
	[[ $(head -c 4 "$own") == $'\x7fELF' ]] || skip "the leastcap to test is a script: no file capabilities"
	chmod 755 "$TEST_DIR" "${TEST_DIR%/*}"
	mkdir -m 755 users
	mkdir -m 700 closed
	chown $MALLORY users
	install -m 755 "$own" privileged
	setcap cap_bpf,cap_perfmon,cap_sys_ptrace,cap_dac_read_search,cap_syslog=ep privileged
	printf '#!/bin/bash\nexec setpriv --reuid=%s --regid=%s --clear-groups "%s" "$@"\n' $MALLORY $MALLORY "$TEST_DIR/privileged" >leastcap
	chmod 755 leastcap
	LEASTCAP=$TEST_DIR/leastcap
	cp "$ROOT/tests/unit/fixtures/nginx_container.json" closed/there
	chmod 666 closed/there
}

# answer_for COMMAND...: what it says and how it ends, without the name of the file in "closed".
answer_for() {
	local status=0
	timeout 20 "$@" >answer 2>&1 </dev/null || status=$?
	# What others do meanwhile is warned of.
	sed '/warning: /d; s/closed\/[a-z]*/closed\/FILE/g' answer
	printf 'exit status %s\n' "$status"
}

# assert_blind OPTION...: the answer is the same whether the file that FILE stands for is in the closed directory or not.
assert_blind() {
	local there absent
	there=$(answer_for "$LEASTCAP" "${@/FILE/closed\/there}")
	absent=$(answer_for "$LEASTCAP" "${@/FILE/closed\/absent}")
	assert_eq "$there" "$absent" "what '$*' tells of a file in a closed directory"
	assert_match "$there" 'Permission denied' "what '$*' says"
	assert_eq "$(ls closed)" there "what '$*' leaves in the closed directory"
}

test_no_option_tells_what_is_in_a_closed_directory() {
	enter_as_mallory
	assert_blind record -q -o FILE -- true
	assert_blind run -q -o FILE -- true
	assert_blind trace -q -o FILE -- true
	assert_blind audit -q -o FILE
	assert_blind audit -q --for 1s -o FILE
	assert_blind record -q --btf FILE -- true
	assert_blind trace -q --btf FILE -- true
	assert_blind audit -q --for 1s --btf FILE
	assert_blind doctor --btf FILE
	assert_blind record -q --for 1s --cgroup FILE
	assert_blind record -q --for 1s --cgroup FILE/..
	assert_blind record -q -- FILE
	assert_blind report FILE
	assert_blind report -f compose --compose-file FILE "$ROOT/tests/unit/fixtures/nginx_container.json"
	assert_blind report -o FILE "$ROOT/tests/unit/fixtures/nginx_container.json"
	assert_blind check --allow FILE "$ROOT/tests/unit/fixtures/nginx_container.json"
	assert_blind diff FILE "$ROOT/tests/unit/fixtures/nginx_container.json"
	assert_blind merge -o users/merged FILE
	assert_blind merge -o FILE "$ROOT/tests/unit/fixtures/nginx_container.json"
	assert_blind explain FILE CHOWN
}

test_types_are_taken_only_from_root() {
	enter_as_mallory
	[[ -r /sys/kernel/btf/vmlinux ]] || skip "no types here"
	cp /sys/kernel/btf/vmlinux users/types
	chown $MALLORY users/types
	assert_refused 2 'a file that root alone can change' "$LEASTCAP" record --btf users/types -o users/x -- true
	chown root users/types
	assert_refused 2 'a file that root alone can change' "$LEASTCAP" record --btf users/types -o users/x -- true
	mkdir -m 755 roots
	cp users/types roots/types
	chmod 664 roots/types
	assert_refused 2 'a file that root alone can change' "$LEASTCAP" record --btf roots/types -o users/x -- true
	chmod 644 roots/types
	ln -s ../users/types roots/link
	assert_refused 2 'a file that root alone can change' "$LEASTCAP" record --btf roots/link -o users/x -- true
}

# patch_types FILE STRUCT.MEMBER=STRUCT.MEMBER: the first lies where the second does (include/uapi/linux/btf.h).
patch_types() {
	# shellcheck disable=SC2016
	perl -e 'my ($path, $patch) = @ARGV; local $/; open F, "<", $path or die; my $d = <F>; close F;
		my (undef, undef, undef, $head, $types, $types_size, $strings) = unpack "SCCLLLL", $d;
		my ($at, $end, $names) = ($head + $types, $head + $types + $types_size, $head + $strings);
		my %extra = (1, 4, 3, 12, 14, 4, 17, 4); my %each = (4, 12, 5, 12, 6, 8, 13, 8, 15, 12, 19, 12); my %member;
		my $name = sub { unpack "Z*", substr $d, $names + $_[0], 128 };
		while ($at < $end) {
			my ($own, $info) = unpack "LL", substr $d, $at, 8; my ($n, $kind) = ($info & 0xffff, ($info >> 24) & 31);
			if ($kind == 4) { for my $i (0 .. $n - 1) { my $p = $at + 12 + 12 * $i;
				$member{$name->($own) . "." . $name->(unpack "L", substr $d, $p, 4)} //= $p + 8 } }
			$at += 12 + ($extra{$kind} // 0) + ($each{$kind} // 0) * $n;
		}
		my ($to, $from) = split /=/, $patch; die unless $member{$to} and $member{$from};
		substr($d, $member{$to}, 4) = substr $d, $member{$from}, 4; open F, ">", $path; print F $d' "$1" "$2"
}

test_a_field_that_lies_elsewhere_makes_types_another_kernels() {
	local patch
	[[ -r /sys/kernel/btf/vmlinux ]] || skip "no types here"
	for patch in cred.euid=cred.user_ns cred.egid=cred.user dentry.d_parent=dentry.d_inode vfsmount.mnt_root=vfsmount.mnt_sb \
		kernfs_node.name=kernfs_node.id task_struct.fs=task_struct.files linux_binprm.file=linux_binprm.cred; do
		cp /sys/kernel/btf/vmlinux types
		patch_types types "$patch"
		assert_refused 2 '^leastcap: --btf types: these are not the types of this kernel' \
			"$LEASTCAP" run --btf types -o "$PROFILE" -- true
	done
}

# listen_in PATH: a socket there for everybody, which writes who connects to "visitors".
listen_in() {
	# shellcheck disable=SC2016
	perl -MIO::Socket::UNIX -e 'my $s = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 5) or die; chmod 0777, $ARGV[0];
		while (my $c = $s->accept) { open F, ">>", "visitors"; print F "somebody\n"; close F; close $c }' "$1" &
	wait_until test -S "$1"
}

test_the_engines_socket_is_connected_to_with_the_callers_rights() {
	enter_as_mallory
	listen_in "$TEST_DIR/closed/socket"
	DOCKER_HOST=unix://$TEST_DIR/closed/socket "$LEASTCAP" doctor >doctor.out 2>&1 || true
	[[ ! -e visitors ]] || fail "doctor has connected"
	[[ ${IMAGE-} ]] || return 0
	start_container leastcap-asks "$IMAGE" sleep 100
	DOCKER_HOST=unix://$TEST_DIR/closed/socket "$LEASTCAP" record -q --for 2s -o users/profile.json 2>err || true
	DOCKER_HOST=unix://$TEST_DIR/closed/socket "$LEASTCAP" audit -q >audit.out 2>&1 || true
	[[ ! -e visitors ]] || fail "a recording has connected"
}
