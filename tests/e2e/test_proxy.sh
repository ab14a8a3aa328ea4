# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The proxy in front of the Docker Engine: whatever the client does works as without it, and containers get the capabilities of the trial.

REQUIRES=docker

PROXY=$ROOT/build/tests/e2e/proxy

# through CAPABILITIES COMMAND...: with the engine behind the proxy.
through() {
	local capabilities=$1
	shift
	"$PROXY" trial "$capabilities" "$TEST_DIR/events" "$@"
}

# steps STEP...: a function of this file in a shell of its own, with the engine behind the proxy.
steps() {
	through CHOWN,KILL "$E2E/child" "$TEST_FILE" "$@"
}

capabilities_of() {
	"$DOCKER" inspect -f '{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}} {{index .Config.Labels "leastcap.prove"}}' "$1"
}

test_a_container_gets_the_capabilities_of_the_trial() {
	local mask
	mask=$(through CHOWN,KILL "$DOCKER" run --rm --label leastcap-test --cap-add NET_ADMIN "$IMAGE" grep CapBnd /proc/self/status)
	assert_eq "$mask" $'CapBnd:\t0000000000000021' "the bounding set"
	through CHOWN,KILL "$DOCKER" create --label leastcap-test --name leastcap-proxied --cap-add NET_ADMIN --memory 64m "$IMAGE" true >/dev/null
	assert_eq "$(capabilities_of leastcap-proxied)" "[ALL] [CHOWN KILL] trial" "what the container was created with"
	assert_eq "$("$DOCKER" inspect -f '{{.HostConfig.Memory}}' leastcap-proxied)" 67108864 "what was not to be changed"
	assert_match "$(<events)" "^created 201 [0-9a-f]{64} leastcap-proxied - -$" "the events"
}

test_requests_that_are_left_alone_stay_as_they_are() {
	through - "$DOCKER" create --label leastcap-test --name leastcap-proxied --cap-add NET_ADMIN "$IMAGE" true >/dev/null
	assert_eq "$(capabilities_of leastcap-proxied)" "[] [NET_ADMIN] " "what the container was created with"
}

test_no_socket_is_left() {
	through - sh -c 'echo "$DOCKER_HOST"' >address
	assert_match "$(<address)" '^unix:///run/leastcap/proxy\.' "the address"
	[[ ! -e $(sed 's,^unix://,,; s,/docker.sock$,,' address) ]] || fail "the directory is still there"
}

in_and_out() {
	assert_eq "$(printf 'in' | run_container leastcap-proxied -i "$IMAGE" cat)" in "what run -i printed"
	start_container leastcap-proxied "$IMAGE" sleep 300
	printf 'in' | "$DOCKER" exec -i leastcap-proxied sh -c 'cat; echo err >&2; exit 7' >out 2>err || echo $? >status
	assert_eq "$(<out)/$(<err)/$(<status)" in/err/7 "exec -i"
	remove_container leastcap-proxied
}

test_run_and_exec_pass_streams_their_ends_and_the_exit_status() {
	steps in_and_out
}

test_a_terminal_works() {
	# The client tells the size once the container runs.
	printf 'echo $((6 * 7))\nsleep 1\nstty size\nexit 3\n' |
		through CHOWN script -qec "stty rows 33 cols 99; $DOCKER run -it --rm --label leastcap-test $IMAGE sh" /dev/null >out || echo $? >status
	assert_match "$(<out)" '42' "the terminal"
	assert_match "$(<out)" '33 99' "the terminal's size"
	assert_eq "$(<status)" 3 "the exit status"
}

attach() {
	"$DOCKER" create -i --label leastcap-test --name leastcap-proxied "$IMAGE" sh -c 'cat; echo end' >/dev/null
	printf 'one\ntwo\n' | "$DOCKER" start -ai leastcap-proxied
}

test_attach_passes_both_ways() {
	assert_eq "$(steps attach)" $'one\ntwo\nend' "what was attached to"
}

follow() {
	start_container leastcap-proxied "$IMAGE" sh -c 'for i in 1 2 3; do echo $i; sleep 0.3; done'
	"$DOCKER" logs -f leastcap-proxied
	start_container leastcap-proxied2 "$IMAGE" sh -c 'echo one; sleep 300'
	timeout 2 "$DOCKER" logs -f leastcap-proxied2 || echo "$?"
	"$DOCKER" inspect -f '{{.State.Running}}' leastcap-proxied2
}

test_logs_are_followed() {
	assert_eq "$(steps follow)" $'1\n2\n3\none\n124\ntrue' "the logs"
}

build() {
	mkdir context
	head -c 5000000 /dev/urandom >context/file
	printf 'FROM %s\nCOPY file /file\nRUN sha256sum /file >/sum\n' "$IMAGE" >context/Dockerfile
	"$DOCKER" build -q -t leastcap-proxied context >/dev/null
	assert_eq "$(run_container leastcap-proxied leastcap-proxied cat /sum | cut -c1-64)" \
		"$(sha256sum context/file | cut -c1-64)" "the image's file"
	"$DOCKER" save -o saved leastcap-proxied
	"$DOCKER" rmi leastcap-proxied >/dev/null
	"$DOCKER" load -q -i saved
	assert_eq "$(run_container leastcap-proxied leastcap-proxied sha256sum /file | cut -c1-64)" \
		"$(sha256sum context/file | cut -c1-64)" "the loaded image's file"
	"$DOCKER" rmi leastcap-proxied >/dev/null
}

test_build_save_and_load_pass() {
	assert_eq "$(steps build)" "Loaded image: leastcap-proxied:latest" "load"
}

copy() {
	head -c 20000000 /dev/urandom >file
	"$DOCKER" create --label leastcap-test --name leastcap-proxied "$IMAGE" true >/dev/null
	"$DOCKER" cp file leastcap-proxied:/file
	"$DOCKER" cp leastcap-proxied:/file back
	cmp file back
}

test_files_are_copied() {
	steps copy
}

watch() {
	local since
	since=$(date +%s)
	"$DOCKER" events --since "$since" --filter label=leastcap-test --format '{{.Action}}' >seen &
	run_container leastcap-proxied "$IMAGE" true
	wait_until grep -q destroy seen
	kill $!
	wait $! || true
	tr '\n' ' ' <seen
}

test_events_come_while_they_happen() {
	assert_match "$(steps watch)" 'create .*start .*die .*destroy' "the events"
}

write_project() {
	cat >compose.yaml <<-YAML
		name: leastcap-proxied
		services:
		  first:
		    image: $IMAGE
		    labels: [leastcap-test]
		    command: [sh, -c, "sleep 2; touch /ready; exec sleep 300"]
		    healthcheck: {test: [CMD, test, -e, /ready], interval: 1s}
		  second:
		    image: $IMAGE
		    labels: [leastcap-test]
		    cap_add: [NET_ADMIN]
		    command: [sleep, "300"]
		    depends_on: {first: {condition: service_healthy}}
		networks:
		  default:
		    labels: [leastcap-test]
	YAML
}

up() {
	"$DOCKER" compose up --detach --quiet-pull
	"$DOCKER" compose exec -T second grep CapBnd /proc/1/status >mask
	"$DOCKER" compose ps --format json >/dev/null
}

test_compose_waits_for_health_and_its_containers_get_the_capabilities() {
	write_project
	steps up
	assert_eq "$(<mask)" $'CapBnd:\t0000000000000021' "the bounding set of the second"
	assert_eq "$(capabilities_of leastcap-proxied-first-1)" "[ALL] [CHOWN KILL] trial" "what the first was created with"
	assert_eq "$(grep -c '^created 201 .* leastcap-proxied-\(first-1 first\|second-1 second\) ' events)" 2 "creations"
	assert_eq "$(grep -c '^started 204' events)" 2 "starts"
	"$DOCKER" compose down --timeout 0 2>/dev/null
}

fifty() {
	seq 50 | xargs -P 50 -I{} "$DOCKER" create --label leastcap-test "$IMAGE" true >/dev/null
}

test_fifty_containers_are_created_at_once() {
	steps fifty
	assert_eq "$(grep -c '^created 201' events)" 50 "creations"
	assert_eq "$("$DOCKER" ps -aq --filter label=leastcap-test | xargs "$DOCKER" inspect -f '{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}}' | sort | uniq -c | xargs)" \
		"50 [ALL] [CHOWN KILL]" "what they were created with"
}

# Two at once, each with a service that waits for the health of another.
two_projects() {
	local name
	for name in one two; do
		(
			mkdir "$name"
			cd "$name" || exit
			write_project
			sed -i "s/leastcap-proxied/leastcap-$name/" compose.yaml
			"$DOCKER" compose up --detach --quiet-pull
			"$DOCKER" compose exec -T second grep CapBnd /proc/1/status >mask
			"$DOCKER" compose down --timeout 0
		) 2>/dev/null &
	done
	wait -n
	wait -n
}

test_two_compose_projects_come_up_at_once() {
	steps two_projects
	assert_eq "$(sort -u one/mask two/mask)" $'CapBnd:\t0000000000000021' "the bounding sets"
	assert_eq "$(grep -cE '^created 201 .* leastcap-(one|two)-(first|second)-1 ' events)" 4 "creations"
}

# By one client with two hundred connections.
two_hundred() {
	curl --silent --fail --parallel --parallel-immediate --parallel-max 200 --unix-socket "${DOCKER_HOST#unix://}" \
		--header 'Content-Type: application/json' --output '#1.json' \
		--data '{"Image": "'"$IMAGE"'", "Cmd": ["true"], "Labels": {"leastcap-test": ""}}' \
		'http://docker/containers/create?name=leastcap-many-[1-200]'
}

test_two_hundred_containers_are_created_at_once() {
	steps two_hundred
	assert_eq "$(grep -c '^created 201' events)" 200 "creations"
	assert_eq "$("$DOCKER" ps -aq --filter label=leastcap-test | xargs "$DOCKER" inspect -f '{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}}' | sort | uniq -c | xargs)" \
		"200 [ALL] [CHOWN KILL]" "what they were created with"
}

test_what_the_engine_refuses_is_refused_in_its_words() {
	local status=0
	"$DOCKER" create --label leastcap-test --name leastcap-proxied "$IMAGE" true >/dev/null
	through CHOWN "$DOCKER" create --name leastcap-proxied "$IMAGE" true 2>err || status=$?
	assert_eq "$status" 1 "the exit status"
	assert_match "$(<err)" '^Error response from daemon: Conflict' "what the client says"
	assert_match "$(<events)" '^failed 409 - leastcap-proxied - Conflict' "the events"
}

# Podman's own service, with an image of one program.
start_podman_service() {
	make_root root prints_status
	tar -C root -c . | own_podman import --quiet - leastcap-proxied:1 >/dev/null
	own_podman system service --time 0 "unix://$TEST_DIR/podman.sock" 2>service.log &
	echo $! >service.pid
	trap 'kill "$(<service.pid)"' EXIT
	wait_until test -S "$TEST_DIR/podman.sock"
}

# With limits that any root may set.
by_podman() {
	/usr/bin/podman --remote --url "$DOCKER_HOST" run --rm --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
		--cap-add NET_ADMIN leastcap-proxied:1 /prints_status
}

by_docker() {
	"$DOCKER" run --rm --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --cap-add NET_ADMIN \
		localhost/leastcap-proxied:1 /prints_status
}

test_podmans_service_passes_in_both_of_its_words() {
	need_podman
	start_podman_service
	export DOCKER_HOST=unix://$TEST_DIR/podman.sock
	assert_match "$(steps by_podman)" $'CapBnd:\t0000000000000021' "the bounding set, asked for by Podman"
	assert_match "$(<events)" '^created 201 [0-9a-f]{64} ' "the events"
	assert_match "$(steps by_docker)" $'CapBnd:\t0000000000000021' "the bounding set, asked for by Docker's client"
	assert_match "$(<events)" '^created 201 [0-9a-f]{64} ' "the events"
}
