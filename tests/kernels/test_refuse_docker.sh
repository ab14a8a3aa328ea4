# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Trials by the kernel of containers. Runs by tests/e2e/child, in a test's own directory.

test_a_container_is_refused_and_neither_its_neighbour_nor_what_docker_exec_does_first() {
	start_container leastcap-refused "$IMAGE" sleep 60
	start_container leastcap-neighbour "$IMAGE" sleep 60
	# docker exec sets ids and the bounding set before its program begins.
	# shellcheck disable=SC2016
	"$LEASTCAP" record --refuse CHOWN,SETUID,SETGID,SETPCAP,SYS_ADMIN --yes --trial 2m -o "$PROFILE" leastcap-refused -- sh -c '
		"$0" exec -u 33:33 leastcap-refused true && echo exec
		"$0" exec leastcap-refused chown 1 /etc/hostname || echo refused
		"$0" exec leastcap-refused sh -c "echo >>/etc/passwd" && echo copied
		"$0" exec leastcap-neighbour chown 1 /etc/hostname && echo granted' "$DOCKER" >messages.txt 2>&1 || true
	# What overlayfs copies is copied with the capabilities of whoever mounted it.
	assert_eq "$(grep -xE 'exec|refused|copied|granted' messages.txt)" $'exec\nrefused\ncopied\ngranted' "the exec, the container, overlayfs, the neighbour"
	assert_eq "$(jq -r '.targets[] | .name + " " + (.wanted | join(" "))' "$PROFILE")" "leastcap-refused CHOWN" "what is wanted"
	assert_eq "$(jq -r '[.targets[].evidence[].caller // "" | select(test("^bpf_(prog_[0-9a-f]{16}|trampoline)"))] | unique | join(" ")' "$PROFILE")" "" "BPF programs that ask"
}

test_the_list_of_a_container_that_already_runs_is_proven() {
	start_container leastcap-runs "$IMAGE" sh -c 'echo >/tmp/file; chmod 600 /tmp/file; chown 1 /tmp/file; exec sleep 1000'
	"$LEASTCAP" prove leastcap-runs --yes -o "$PROFILE" -- "$DOCKER" exec leastcap-runs sh -c 'cat /tmp/file || true' >messages.txt 2>&1 ||
		fail "exit status $?: $(<messages.txt)"
	assert_eq "$(jq -r '.targets[] | .name + ": " + (.proven | .method + ", " + (.list | join(" ")) + ", " + (.removed | join(" ")))' "$PROFILE")" \
		"leastcap-runs: kernel, , DAC_OVERRIDE" "what is proven"
	"$DOCKER" exec leastcap-runs cat /tmp/file || fail "still refused"
}
