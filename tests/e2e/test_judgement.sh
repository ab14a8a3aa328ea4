# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a check says about the list, and what it does not: real containers that ask for reasons of every kind.

# in_container NAME OPTION... -- COMMAND...: records one container from start to end, whatever its exit status.
in_container() {
	local name=$1 options=()
	shift
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift
	printf '%q ' "$DOCKER" run --rm --label leastcap-test --name "$name" "${options[@]}" "$IMAGE" "$@" >command.sh
	"$LEASTCAP" record -o "$PROFILE" "$name" -- bash -c "source command.sh || true"
}

evidence() {
	query "$PROFILE" "$1" "[.evidence[] | select($2)] | length"
}

# text [-v]: the report
text() {
	# Lines are wrapped at 80 columns.
	COLUMNS=80 "$LEASTCAP" report "$@" "$PROFILE" | tr -s '\n ' ' '
}

# --- implied

test_ping_with_file_capabilities_puts_them_on_the_list_of_root() {
	in_container leastcap-ping -- ping -c 1 127.0.0.1
	assert_list "$PROFILE" leastcap-ping NET_RAW
	assert_eq "$(query "$PROFILE" leastcap-ping '.evidence[] | select(.source == "file") | .class + " " + .about')" \
		"implied /usr/bin/ping carries cap_net_raw=ep" "the reason"
}

test_ping_with_file_capabilities_puts_them_on_the_list_of_nobody() {
	in_container leastcap-ping --user nobody -- ping -c 1 127.0.0.1
	assert_list "$PROFILE" leastcap-ping NET_RAW
}

test_a_program_that_may_not_start_for_its_file_capabilities_is_reported_as_what_it_is() {
	in_container leastcap-ping --cap-drop=ALL -- ping -c 1 127.0.0.1
	assert_list "$PROFILE" leastcap-ping ""
	assert_eq "$(query "$PROFILE" leastcap-ping '.wanted | join(" ")')" NET_RAW "what it wanted"
	assert_match "$(text)" '/usr/bin/ping carries cap_net_raw=ep' "the report"
	assert_match "$(text)" 'not in the bounding set' "the report"
}

test_a_shell_that_may_not_start_ping_is_told_the_same() {
	in_container leastcap-ping --cap-drop=ALL -- sh -c 'ping -c 1 127.0.0.1; true'
	assert_eq "$(query "$PROFILE" leastcap-ping '.wanted | join(" ")')" NET_RAW "what it wanted"
}

test_a_program_that_carries_two_capabilities_demands_both_where_it_may_not_start() {
	# python3: the attribute as setcap cap_net_admin,cap_net_raw=ep writes it.
	in_container leastcap-carried -- sh -c "cp /usr/bin/true /two && python3 -c '
import os, struct
os.setxattr(\"/two\", \"security.capability\", struct.pack(\"<5I\", 0x02000001, 1 << 12 | 1 << 13, 0, 0, 0))' && { /two; sleep 1; }"
	assert_list "$PROFILE" leastcap-carried "NET_RAW SETFCAP"
	assert_eq "$(query "$PROFILE" leastcap-carried '.wanted | join(" ")')" NET_ADMIN "what it wanted"
}

test_no_new_privs_makes_a_files_capabilities_void_and_execve_demands_them_all_the_same() {
	in_container leastcap-ping --user nobody --security-opt no-new-privileges -- ping -c 1 127.0.0.1
	assert_list "$PROFILE" leastcap-ping NET_RAW
	assert_eq "$(query "$PROFILE" leastcap-ping '.evidence[] | select(.source == "file") | .no_new_privs')" true "that it is known"
	assert_match "$(text -v)" '/usr/bin/ping gains nothing by that' "the report"
	assert_match "$(text -v)" 'without --security-opt no-new-privileges' "the report"
	assert_no_match "$(text)" "By a file's capabilities it gets" "the report"
}

test_no_new_privs_changes_nothing_for_root() {
	in_container leastcap-ping --security-opt no-new-privileges -- ping -c 1 127.0.0.1
	assert_list "$PROFILE" leastcap-ping NET_RAW
	assert_no_match "$(text -v)" 'gains nothing by that' "the report"
}

test_two_short_filters_of_one_command_are_told_apart() {
	"$LEASTCAP" run -q -o "$PROFILE" -- sh -c '"$0" 10; "$0" 10 38' "$PROGRAMS/refused_often"
	assert_eq "$(jq -r '.targets[].failures[] | select(.syscall == "getpgid") | "\(.cause) \(.result) \(.count)"' "$PROFILE" | sort)" \
		"filter ENOSYS 10
filter EPERM 10" "the refused calls"
}

test_a_filter_of_system_calls_that_is_refused_is_not_wanted_where_the_program_goes_on() {
	in_container leastcap-filter -v "$PROGRAMS:/programs:ro" -- /programs/set_filter loose
	assert_list "$PROFILE" leastcap-filter "SETGID SETUID"
	assert_eq "$(query "$PROFILE" leastcap-filter '.wanted | join(" ")')" "" "what it wanted"
	in_container leastcap-filter -v "$PROGRAMS:/programs:ro" -- /programs/set_filter strict
	assert_eq "$(query "$PROFILE" leastcap-filter '.wanted | join(" ")')" SYS_ADMIN "what it wanted"
}

test_a_capset_that_names_a_capability_outright_implies_it() {
	in_container leastcap-capset -v "$PROGRAMS:/programs:ro" -- /programs/set_capabilities outright 10
	assert_list "$PROFILE" leastcap-capset NET_BIND_SERVICE
	assert_eq "$(query "$PROFILE" leastcap-capset '.evidence[] | select(.source == "capset") | .class')" implied "its class"
}

# to_verify: what the list of leastcap-capset has, and that all of it is to be verified.
to_verify() {
	query "$PROFILE" leastcap-capset '(.cap_add | join(" ")) as $list | if $list == (.verify | join(" ")) then $list else error("not all of it") end'
}

test_a_capset_of_few_of_what_the_program_found_is_listed_and_to_be_verified() {
	# It may only keep what it has, or refuse to go on without: nobody can tell.
	in_container leastcap-capset -v "$PROGRAMS:/programs:ro" -- /programs/set_capabilities held 10 12
	assert_eq "$(to_verify)" NET_BIND_SERVICE "the list"
}

test_a_capset_that_asks_for_one_after_reading_is_listed_and_wanted_where_it_is_lacking() {
	in_container leastcap-capset -v "$PROGRAMS:/programs:ro" -- /programs/set_capabilities after 10
	assert_eq "$(to_verify)" NET_BIND_SERVICE "the list"
	in_container leastcap-capset -v "$PROGRAMS:/programs:ro" --cap-drop=NET_BIND_SERVICE -- /programs/set_capabilities after 10
	assert_list "$PROFILE" leastcap-capset ""
	assert_eq "$(query "$PROFILE" leastcap-capset '.wanted | join(" ")')" NET_BIND_SERVICE "what it wanted"
}

test_a_capset_that_keeps_what_it_found_but_for_some_implies_nothing() {
	in_container leastcap-capset -v "$PROGRAMS:/programs:ro" -- /programs/set_capabilities without 10
	assert_list "$PROFILE" leastcap-capset ""
}

test_a_capset_that_raises_what_the_program_lacks_is_wanted_that_alone() {
	# As setcap does, which keeps the rest.
	in_container leastcap-capset -v "$PROGRAMS:/programs:ro" --cap-drop=SETFCAP -- /programs/set_capabilities raise 31
	assert_list "$PROFILE" leastcap-capset ""
	assert_eq "$(query "$PROFILE" leastcap-capset '.wanted | join(" ")')" SETFCAP "what it wanted"
}

# own_checks: the failures of leastcap-capset that are a program's own checks.
own_checks() {
	query "$PROFILE" leastcap-capset '[(.failures // [])[] | select(.cause == "own_check") | "\(.exe) \(.result)"] | join(" ")'
}

test_a_program_that_reads_its_sets_and_gives_up_is_a_refusal_of_its_own() {
	in_container leastcap-capset -v "$PROGRAMS:/programs:ro" -- /programs/set_capabilities require 12
	assert_eq "$(own_checks)" "/programs/set_capabilities exit 5" "its own check"
	assert_match "$(query "$PROFILE" leastcap-capset '.failures[] | select(.cause == "own_check") | .help')" 'NET_ADMIN.*guess' "what it is told"
}

test_a_program_that_finds_what_it_requires_is_none() {
	in_container leastcap-capset -v "$PROGRAMS:/programs:ro" -- /programs/set_capabilities require 10
	assert_eq "$(own_checks)" "" "own checks"
}

test_a_program_whose_capset_was_refused_is_that_and_no_check_of_its_own() {
	in_container leastcap-capset -v "$PROGRAMS:/programs:ro" --cap-drop=SETFCAP -- /programs/set_capabilities raise 31
	assert_eq "$(own_checks)" "" "own checks"
}

test_a_capset_that_fails_is_wanted() {
	in_container leastcap-capset -v "$PROGRAMS:/programs:ro" --cap-drop=ALL -- /programs/set_capabilities outright 10
	assert_list "$PROFILE" leastcap-capset ""
	assert_eq "$(query "$PROFILE" leastcap-capset '.wanted | join(" ")')" NET_BIND_SERVICE "what it wanted"
}

test_an_ambient_capability_that_is_raised_is_implied() {
	in_container leastcap-ambient -- setpriv --inh-caps=+net_bind_service --ambient-caps=+net_bind_service true
	assert_list "$PROFILE" leastcap-ambient NET_BIND_SERVICE
}

# --- ordinary rules

test_becoming_the_user_that_one_is_needs_nothing() {
	in_container leastcap-ids -- python3 -c 'import os; os.setgid(0); os.setuid(0); os.setresuid(0, -1, 0)'
	assert_list "$PROFILE" leastcap-ids ""
	assert_eq "$(evidence leastcap-ids '.cap == "SETUID" and .class == "advisory"')" 1 "the reason why not"
}

test_becoming_another_user_needs_setuid_and_setgid() {
	in_container leastcap-ids -- python3 -c 'import os; os.setgid(1000); os.setuid(1000)'
	assert_list "$PROFILE" leastcap-ids "SETGID SETUID"
}

test_giving_up_the_saved_id_for_good_needs_setuid() {
	# Without the capability setuid changes the effective id alone, and the way back stays open.
	in_container leastcap-ids -- python3 -c 'import os; os.setresuid(1000, 0, 0); os.setuid(0)'
	assert_eq "$(query "$PROFILE" leastcap-ids '[.evidence[] | select(.syscall == "setuid" and .phase == "workload") | .class] | unique | join(" ")')" required \
		"the class of setuid"
}

test_a_plain_chmod_of_anothers_file_needs_fowner_and_not_fsetid() {
	in_container leastcap-mode -- sh -c 'touch /f && chown 1000:1000 /f && chmod 755 /f'
	assert_list "$PROFILE" leastcap-mode "CHOWN FOWNER"
}

test_a_set_group_id_bit_that_was_asked_for_needs_fsetid() {
	in_container leastcap-mode -- sh -c 'touch /f && chown 0:1000 /f && chmod 2755 /f'
	assert_list "$PROFILE" leastcap-mode "CHOWN FSETID"
	assert_eq "$(query "$PROFILE" leastcap-mode '.verify | join(" ")')" FSETID "what is to be verified"
}

test_writing_a_set_user_id_program_keeps_the_bit_by_fsetid() {
	in_container leastcap-mode -- sh -c 'touch /f && chmod 4755 /f && echo >>/f'
	assert_list "$PROFILE" leastcap-mode "FSETID"
	assert_eq "$(query "$PROFILE" leastcap-mode '.verify | join(" ")')" FSETID "what is to be verified"
}

# forced_buffer SIZE: SO_RCVBUFFORCE of so many bytes, and the plain option where that is refused.
forced_buffer() {
	printf '%s' "
import socket
s = socket.socket()
try:
    s.setsockopt(socket.SOL_SOCKET, 33, $1)
except PermissionError:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, $1)"
}

test_a_forced_buffer_within_the_limit_needs_nothing() {
	in_container leastcap-buffer --cap-add=NET_ADMIN -- python3 -c "$(forced_buffer 65536)"
	assert_list "$PROFILE" leastcap-buffer ""
}

test_a_forced_buffer_beyond_the_limit_is_listed_and_to_be_verified() {
	in_container leastcap-buffer --cap-add=NET_ADMIN -- python3 -c "$(forced_buffer 1000000000)"
	assert_list "$PROFILE" leastcap-buffer NET_ADMIN
	assert_eq "$(query "$PROFILE" leastcap-buffer '.verify | join(" ")')" NET_ADMIN "what is to be verified"
}

# --- alternatives

SECRETS='mkdir -m 700 /secret && echo x >/secret/file && chown -R 1000 /secret && exec cat /secret/file'

test_reading_anothers_secret_under_dockers_defaults_lists_one_of_the_two_that_do() {
	in_container leastcap-read -- sh -c "$SECRETS"
	assert_list "$PROFILE" leastcap-read "CHOWN DAC_OVERRIDE"
	assert_eq "$(query "$PROFILE" leastcap-read '.wanted | join(" ")')" "" "what it wanted"
	assert_match "$(text -v)" 'DAC_READ_SEARCH would do' "the report"
}

test_reading_anothers_secret_with_more_privileges_gives_the_same_list() {
	in_container leastcap-read --cap-add=DAC_READ_SEARCH -- sh -c "$SECRETS"
	assert_list "$PROFILE" leastcap-read "CHOWN DAC_OVERRIDE"
}

test_a_command_outside_of_containers_gets_the_one_that_only_reads() {
	mkdir -m 700 secret
	: >secret/file
	chown 1000 secret secret/file
	"$LEASTCAP" run -o "$PROFILE" -- cat secret/file
	assert_eq "$(jq -r '.targets[0].cap_add | join(" ")' "$PROFILE")" DAC_READ_SEARCH "the list"
}

test_reading_what_neither_allows_wants_one_of_them() {
	in_container leastcap-read --cap-drop=ALL --cap-add=CHOWN -- sh -c "$SECRETS"
	assert_list "$PROFILE" leastcap-read CHOWN
	assert_eq "$(query "$PROFILE" leastcap-read '.wanted | join(" ")')" DAC_OVERRIDE "what it wanted"
}

# --- outcome

test_a_denied_check_whose_syscall_fails_another_way_is_wanted_too() {
	in_container leastcap-lock --ulimit memlock=65536 -- python3 -c '
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
memory = ctypes.create_string_buffer(1 << 20)
assert libc.mlock(memory, 1 << 20) == -1 and ctypes.get_errno() == 12'
	assert_eq "$(query "$PROFILE" leastcap-lock '.wanted | join(" ")')" IPC_LOCK "what it wanted"
}

test_a_refusal_that_comes_in_a_netlink_answer_is_wanted() {
	in_container leastcap-link -- python3 -c '
import socket, struct
s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)
# RTM_NEWLINK of interface 1 (lo), with an acknowledgement: linux/rtnetlink.h
s.send(struct.pack("=IHHIIBxHiII", 32, 16, 5, 1, 0, 0, 0, 1, 1, 1))
assert struct.unpack_from("=i", s.recv(4096), 16)[0] == -1'
	assert_eq "$(query "$PROFILE" leastcap-link '.wanted | join(" ")')" NET_ADMIN "what it wanted"
}

# --- users and user namespaces

test_a_user_namespace_of_its_own_needs_nothing_from_the_list() {
	in_container leastcap-nested --user 65534 --security-opt seccomp=unconfined -- \
		unshare --user --map-root-user --mount --uts sh -c 'hostname inner && mount -t tmpfs none /tmp'
	assert_list "$PROFILE" leastcap-nested ""
	assert_eq "$(evidence leastcap-nested '.class == "nested" and .cap == "SYS_ADMIN"' | sed 's/^[1-9][0-9]*$/some/')" some "nested checks"
}

test_a_user_namespace_that_the_engines_filter_allows_only_with_sys_admin_implies_that() {
	in_container leastcap-nested --user 65534 --cap-add SYS_ADMIN -- unshare --user --map-root-user true
	assert_list "$PROFILE" leastcap-nested SYS_ADMIN
	assert_match "$(text)" 'seccomp profile' "the report"
}

test_a_user_namespace_that_maps_root_implies_setfcap() {
	in_container leastcap-nested --security-opt seccomp=unconfined -- unshare --user --map-root-user true
	assert_list "$PROFILE" leastcap-nested SETFCAP
	assert_eq "$(query "$PROFILE" leastcap-nested '.evidence[] | select(.source == "userns") | .class')" implied "its class"
}

# A container of runc alone, with a user namespace of its own, as rootless engines and userns-remap make them.
run_with_user_namespace() {
	mkdir -p bundle/rootfs
	"$DOCKER" create --label leastcap-test --name leastcap-rootfs "$IMAGE" true >/dev/null
	"$DOCKER" export leastcap-rootfs | tar -x -C bundle/rootfs bin lib lib64 usr etc
	mkdir -p bundle/rootfs/{dev,proc,tmp}
	chmod 711 .. . bundle bundle/rootfs
	chown 100000:100000 bundle/rootfs/{,dev,proc,tmp}
	(cd bundle && runc spec)
	jq '.process.args = ["sh", "-c", "touch /tmp/f && chown 1000 /tmp/f; mknod /tmp/sda b 8 0; true"] | .process.terminal = false
		| .process.capabilities[] = ["CAP_CHOWN", "CAP_MKNOD"] | .root.readonly = false
		| .mounts |= map(select(.type == "proc")) + [{destination: "/tmp", type: "tmpfs", source: "tmpfs"}]
		| .linux.namespaces = [{type: "pid"}, {type: "mount"}, {type: "uts"}, {type: "user"}]
		| .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] | .linux.gidMappings = .linux.uidMappings
		| .linux.cgroupsPath = "/leastcap-userns" | del(.linux.resources)' bundle/config.json >bundle/new.json
	mv bundle/new.json bundle/config.json
	runc run --bundle bundle leastcap-userns
}

test_a_container_with_a_user_namespace_of_its_own_has_a_list_for_that_namespace() {
	record_while run_with_user_namespace
	assert_list "$PROFILE" leastcap-userns CHOWN
	# The host's devices are out of reach of whatever --cap-add grants there.
	assert_eq "$(query "$PROFILE" leastcap-userns '.wanted | join(" ")')" "" "what it wanted"
	assert_eq "$(query "$PROFILE" leastcap-userns '.evidence[] | select(.cap == "MKNOD" and .phase == "workload") | .class + " " + .authority')" \
		"refused beyond" "the check for mknod"
}

test_a_list_for_an_ordinary_user_says_that_cap_add_reaches_the_bounding_set_only() {
	in_container leastcap-user --user 65534 -- ping -c 1 127.0.0.1
	assert_match "$(text)" 'runs as user 65534.*bounding set' "the report"
	assert_match "$(text)" '/usr/bin/ping' "the report"
}

# --- advice

test_advice_names_the_directory_its_owner_and_who_writes() {
	in_container leastcap-advice -- sh -c 'mkdir -m 755 /var/log/web && chown www-data:adm /var/log/web && : >/var/log/web/access.log'
	assert_list "$PROFILE" leastcap-advice "CHOWN DAC_OVERRIDE"
	assert_match "$(text)" '/var/log/web is www-data:adm 0755, written by uid 0' "the report"
}

test_openat2_has_the_advice_that_openat_has() {
	in_container leastcap-advice -- sh -c ': >/secret; chmod 600 /secret; chown www-data: /secret
		exec python3 -c "
import ctypes
how = (ctypes.c_uint64 * 3)(0, 0, 0)
fd = ctypes.CDLL(None, use_errno=True).syscall(437, -100, b\"/secret\", how, 24)
assert fd >= 0, ctypes.get_errno()"'
	assert_list "$PROFILE" leastcap-advice "CHOWN DAC_OVERRIDE"
	assert_match "$(query "$PROFILE" leastcap-advice '.advice[] | select(.cap == "DAC_OVERRIDE") | .text')" \
		'/secret is www-data:www-data 0600, read by uid 0' "the advice"
}

test_advice_for_a_low_port_names_the_sysctl() {
	in_container leastcap-port --sysctl net.ipv4.ip_unprivileged_port_start=1024 -- \
		python3 -c 'import socket; socket.socket().bind(("0.0.0.0", 443))'
	assert_list "$PROFILE" leastcap-port NET_BIND_SERVICE
	assert_match "$(text)" 'net.ipv4.ip_unprivileged_port_start=443' "the report"
}

# Docker lets everybody bind it; other engines ask.
test_a_low_port_that_nobody_asked_for_is_on_the_list_for_other_engines() {
	local kind
	for kind in STREAM DGRAM; do
		in_container leastcap-port -- python3 -c "
import socket
socket.socket(socket.AF_INET, socket.SOCK_$kind).bind(('127.0.0.1', 53))
socket.socket(socket.AF_INET6, socket.SOCK_$kind).bind(('::1', 1024))
socket.socket(socket.AF_UNIX, socket.SOCK_$kind).bind('/tmp/$kind')"
		assert_list "$PROFILE" leastcap-port ""
		assert_eq "$(query "$PROFILE" leastcap-port .coverage.lowest_port)" 53 "the port of $kind"
		assert_match "$("$LEASTCAP" report -f podman "$PROFILE")" '--cap-add=NET_BIND_SERVICE' "the list for Podman"
		assert_match "$("$LEASTCAP" report -f podman "$PROFILE")" 'for port 53: where it was recorded nobody asked' "the reason"
		assert_no_match "$("$LEASTCAP" report -f docker "$PROFILE")" 'NET_BIND_SERVICE' "the list for Docker"
	done
	in_container leastcap-port -- python3 -c "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).bind(('127.0.0.1', 1053))"
	assert_eq "$(query "$PROFILE" leastcap-port .coverage.lowest_port)" null "a port that is everybody's"
}

test_sys_admin_comes_with_a_warning() {
	in_container leastcap-mount --cap-add=SYS_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined -- \
		mount -t tmpfs none /mnt
	assert_list "$PROFILE" leastcap-mount SYS_ADMIN
	assert_match "$(text)" 'as good as root' "the report"
}
