# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a file gives to who runs it is the kernel's word: neither an earlier run nor another file under its name hides it.
# shellcheck source=tests/e2e/lib.sh
source "$E2E/lib.sh"

# what_files_give COMMAND: records a container that runs it with /tmp/p, a program without file capabilities so far.
what_files_give() {
	export COMMAND=$1
	record_while in_container
	assert_list "$PROFILE" leastcap-files "${2:-NET_RAW MKNOD}"
}

in_container() {
	run_container leastcap-files -v "$PROGRAMS:/x:ro" --cap-drop=ALL --cap-add=NET_RAW --cap-add=MKNOD --cap-add=SETFCAP \
		--cap-add=SETUID --cap-add=SETGID "$IMAGE" sh -c "cp /x/replaces_itself /tmp/p; $COMMAND"
}

test_a_program_with_file_capabilities_implies_them() {
	what_files_give 'setcap cap_net_raw,cap_mknod+ep /tmp/p; setpriv --reuid 1000 --regid 1000 --clear-groups /tmp/p' \
		"SETGID SETUID NET_RAW MKNOD SETFCAP"
}

test_a_program_that_has_run_before_implies_what_it_was_given_since() {
	what_files_give '/tmp/p; setcap cap_net_raw,cap_mknod+ep /tmp/p; setpriv --reuid 1000 --regid 1000 --clear-groups /tmp/p' \
		"SETGID SETUID NET_RAW MKNOD SETFCAP"
}

test_a_program_that_replaces_its_own_file_implies_what_it_had() {
	what_files_give 'cp /tmp/p /tmp/q; setcap cap_net_raw,cap_mknod+ep /tmp/p; /tmp/p /tmp/q' "NET_RAW MKNOD SETFCAP"
}
