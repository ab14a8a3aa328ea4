# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# A compose project: its test is recorded, and passes again with the override file that the report gives.

REQUIRES=docker

# "cache" asks for more than it needs, in both of the ways that there are.
write_project() {
	local runtime
	runtime=$(privileged_runtime)
	[[ $runtime ]] || skip "root lacks a capability here: Docker cannot start privileged containers"
	cat >compose.yaml <<-YAML
		name: leastcap-shop
		x-common: &common
		  image: $IMAGE
		  labels: [leastcap-test]
		services:
		  web:
		    <<: *common
		    command: [nginx, -g, daemon off;]
		    cap_add: [NET_ADMIN]
		  cache:
		    <<: *common
		    privileged: true
		    runtime: $runtime
		    command: [sh, -c, "mkdir /data && chown redis /data && cd /data && exec gosu redis redis-server --protected-mode no"]
		networks:
		  default:
		    labels: [leastcap-test]
	YAML
}

up_and_tested() {
	"$DOCKER" compose "$@" up --detach --quiet-pull
	wait_until serves leastcap-shop-web-1 80
	wait_until redis_answers leastcap-shop-cache-1
}

record_project() {
	write_project
	record_while up_and_tested -f compose.yaml
	"$DOCKER" compose -f compose.yaml down --timeout 0
}

test_each_service_of_a_project_has_its_list() {
	record_project
	assert_list "$PROFILE" leastcap-shop-web-1 "CHOWN DAC_OVERRIDE SETGID SETUID"
	assert_list "$PROFILE" leastcap-shop-cache-1 "CHOWN SETGID SETUID"
	assert_eq "$(query "$PROFILE" leastcap-shop-web-1 '.project + "/" + .service')" leastcap-shop/web "project and service"
}

test_the_project_passes_its_test_with_the_override_file_of_the_compose_report() {
	record_project
	"$LEASTCAP" report -f compose "$PROFILE" >caps.yaml
	up_and_tested -f compose.yaml -f caps.yaml
	assert_eq "$("$DOCKER" inspect -f '{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}} {{.HostConfig.Privileged}}' leastcap-shop-web-1)" \
		"[ALL] [CHOWN DAC_OVERRIDE SETGID SETUID] false" "what web was started with"
	assert_eq "$("$DOCKER" inspect -f '{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}} {{.HostConfig.Privileged}}' leastcap-shop-cache-1)" \
		"[ALL] [CHOWN SETGID SETUID] false" "what cache was started with"
}

test_the_project_passes_its_test_with_its_own_file_patched() {
	record_project
	"$LEASTCAP" report -f compose --compose-file compose.yaml "$PROFILE" >caps.diff
	patch --silent --fuzz=0 -p1 <caps.diff
	up_and_tested -f compose.yaml
	assert_eq "$("$DOCKER" inspect -f '{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}} {{.HostConfig.Privileged}}' leastcap-shop-web-1)" \
		"[ALL] [CHOWN DAC_OVERRIDE SETGID SETUID] false" "what web was started with"
	assert_eq "$("$DOCKER" inspect -f '{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}} {{.HostConfig.Privileged}}' leastcap-shop-cache-1)" \
		"[ALL] [CHOWN SETGID SETUID] false" "what cache was started with"
	assert_eq "$("$LEASTCAP" report -f compose --compose-file compose.yaml "$PROFILE")" "" "the patch of the patched file"
}

two_webs() {
	"$DOCKER" compose -f compose.yaml up --detach --quiet-pull --scale web=2 web
	wait_until serves leastcap-shop-web-1 80
	wait_until serves leastcap-shop-web-2 80
}

test_several_containers_of_one_service_are_one_entry_of_the_compose_report() {
	write_project
	record_while two_webs
	assert_eq "$("$LEASTCAP" report -f compose "$PROFILE" | grep -cE '^ +web:')" 1 "entries called web"
}

# A service whose only capability is asked for by the engine's filter of system calls, and never by the kernel.
write_interleaving_project() {
	cat >compose.yaml <<-YAML
		name: leastcap-interleave
		services:
		  interleaves:
		    image: $IMAGE
		    labels: [leastcap-test]
		    network_mode: none
		    cap_drop: [ALL]
		    cap_add: [SYS_NICE]
		    volumes: ["$TEST_DIR/calls:/calls:ro"]
		    command: [/calls/makes_call, /calls, set_mempolicy]
	YAML
	mkdir calls
	cp "$PROGRAMS/makes_call" calls/makes_call
	cp "$PROGRAMS/makes_call" calls/set_mempolicy
}

test_what_only_the_engines_filter_asks_for_stays_in_a_correct_file() {
	write_interleaving_project
	record_while "$DOCKER" compose -f compose.yaml up --quiet-pull
	"$DOCKER" compose -f compose.yaml down --timeout 0
	assert_list "$PROFILE" leastcap-interleave-interleaves-1 "SYS_NICE"
	assert_eq "$("$LEASTCAP" report -f compose --compose-file compose.yaml "$PROFILE")" "" "the patch of a correct file"
	# The recording may have other containers of this machine.
	assert_match "$("$LEASTCAP" check --strict --ignore-unknown --allow compose.yaml "$PROFILE")" \
		'^1 service keeps within compose.yaml(; [0-9]+ that it does not know w(as|ere) passed over)?$' "what the file allows and nothing needed"
}
