# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Containers whose runtime gives them a kernel of their own. The runtime is runc under the name of gVisor's: what is tested is
# what engines say of it.

SENTENCE="It runs in a sandbox of its own kernel (runsc): its checks are not seen here, so that it has no list."

# assert_unseen NAME: PROFILE says of it that nothing was seen, and what it needs is nowhere an empty list.
assert_unseen() {
	local status=0
	assert_eq "$(query "$PROFILE" "$1" .sandbox)" runsc "its sandbox"
	assert_eq "$(query "$PROFILE" "$1" '[.evidence[] | select(.class != "setup")] | length')" 0 "what is taken for the workload's"
	"$LEASTCAP" report "$PROFILE" >report.txt 2>errors.txt || status=$?
	assert_eq "$status" 3 "the exit status of report"
	assert_match "$(tr -s ' \n' ' ' <report.txt)" "$1 .*${SENTENCE//[()]/.}" "the text report"
	assert_no_match "$(<report.txt)" 'needs no capabilities|--cap-drop' "the text report"
	"$LEASTCAP" report -f docker "$PROFILE" >options.txt 2>errors.txt || true
	assert_match "$(<options.txt)" "# $1.*${SENTENCE//[()]/.}" "the docker report"
	assert_eq "$(grep -v '^#' options.txt)" "" "what is no comment in the docker report"
}

test_a_container_of_dockers_in_a_sandbox_is_not_said_to_need_nothing() {
	local status=0
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	"$DOCKER" info -f '{{json .Runtimes}}' | jq -e .runsc >/dev/null ||
		skip "the engine that runs has no runtime called runsc: scripts/dockerd starts one that has"
	run_sandboxed() {
		run_container leastcap-sandboxed --network none --runtime runsc "$IMAGE" chown nobody /etc/hostname
	}
	start_recording
	run_sandboxed
	stop_recording INT
	assert_eq "$STATUS" 3 "the exit status of record"
	assert_unseen leastcap-sandboxed
	printf 'services:\n  leastcap-sandboxed:\n    image: x\n    cap_drop: [ALL]\n    cap_add: [KILL]\n' >compose.yaml
	"$LEASTCAP" check --strict --allow compose.yaml "$PROFILE" >findings.txt 2>errors.txt || status=$?
	assert_eq "$status $(<findings.txt)" "3 " "the exit status of check, and its findings"
	assert_match "$(<errors.txt)" "INCOMPLETE: the checks of 1 container in a sandbox of its own kernel are not seen" "what check says"
}

run_podmans() {
	own_podman --runtime "$TEST_DIR/runsc" run --detach --name leastcap-sandboxed --network none \
		--ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --rootfs "$TEST_DIR/root" /waits
	sleep 1
}

clean_up() {
	own_podman rm --force --all --time 0 >/dev/null 2>&1 || true
}

test_a_container_of_podmans_in_a_sandbox_is_known_by_its_monitor() {
	need_podman
	make_root root waits
	cp "$(command -v runc)" runsc
	trap clean_up EXIT
	start_recording
	run_podmans
	stop_recording INT
	assert_eq "$STATUS" 3 "the exit status of record"
	assert_unseen leastcap-sandboxed
}
