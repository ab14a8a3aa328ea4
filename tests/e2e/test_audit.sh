# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# `leastcap audit`: what runs on a host with containers of every engine and services, the worst first.

REQUIRES=docker

POD_ID=00000000aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffff00000001

kubernetes_ctr() {
	ctr --address "$CONTAINERD" --namespace k8s.io "$@"
}

# The directory of the hierarchy that leastcap reads.
hierarchy() {
	if [[ -d /sys/fs/cgroup/pids ]]; then
		printf '/sys/fs/cgroup/pids\n'
	else
		printf '/sys/fs/cgroup\n'
	fi
}

start_podman() {
	own_podman import --quiet - leastcap-audit:1 < <(make_root root waits && tar -C root -c .) >/dev/null
	own_podman run --detach --name leastcap-audit-podman --network none --ulimit nofile=1024:1024 \
		--ulimit nproc=1024:1024 --cap-drop ALL --cap-add CHOWN leastcap-audit:1 /waits >/dev/null
}

# As the kubelet's containerd annotates it.
start_pod() {
	CONTAINERD=$(containerd_socket)
	[[ $CONTAINERD ]] || fail "no containerd answers"
	make_root pod waits
	kubernetes_ctr run --detach --rootfs --annotation io.kubernetes.cri.container-type=container \
		--annotation io.kubernetes.cri.container-name=web --annotation io.kubernetes.cri.sandbox-name=leastcap-web-0 \
		--annotation io.kubernetes.cri.sandbox-namespace=shop \
		--annotation io.kubernetes.cri.image-name=docker.io/library/nginx:1.27 "$TEST_DIR/pod" "$POD_ID" /waits
}

start_service() {
	SERVICE=$(hierarchy)/system.slice/leastcap-audit.service
	mkdir -p "$SERVICE"
	setpriv --bounding-set -all,+chown,+kill "$PROGRAMS/waits" &
	printf '%s\n' "$!" >"$SERVICE/cgroup.procs"
}

# end_cgroup PATH: a shell's child may have come when the shell was killed, and be there a moment longer.
end_cgroup() {
	xargs -r kill <"$1/cgroup.procs"
	rmdir "$1"
}

# What the runner knows nothing about.
clean_up_host() {
	if [[ ${SERVICE-} ]]; then
		wait_until end_cgroup "$SERVICE"
		rmdir "${SERVICE%/*}" "$(hierarchy)/leastcap-user" || true
	fi
	if [[ ${CONTAINERD-} ]]; then
		kubernetes_ctr task rm --force "$POD_ID" || true
		kubernetes_ctr container rm "$POD_ID" || true
		ctr --address "$CONTAINERD" namespace rm k8s.io || true
	fi
	[[ ! ${USER_HOME-} ]] || rm -rf "$USER_HOME"
	own_podman rm --force --all --time 0 || true
} >/dev/null 2>&1

start_host() {
	local runtime
	runtime=$(privileged_runtime)
	[[ $runtime ]] || skip "root lacks a capability here: Docker cannot start privileged containers"
	trap clean_up_host EXIT
	start_container leastcap-audit-privileged --privileged --runtime "$runtime" "$IMAGE" sleep 300
	start_container leastcap-audit-plain "$IMAGE" sleep 300
	start_container leastcap-audit-added --cap-drop ALL --cap-add NET_ADMIN "$IMAGE" sleep 300
	start_container leastcap-audit-user --user www-data --security-opt no-new-privileges "$IMAGE" sleep 300
	start_podman
	start_pod
	start_service
}

# row NAME FILTER: what the jq FILTER prints for the target called NAME, on a line.
row() {
	query audit.json "$1" "$2 | tojson"
}

test_every_engine_of_a_host_is_listed_at_once_the_worst_first() {
	start_host
	"$LEASTCAP" audit --services -f json >audit.json
	assert_eq "$(jq -r '.targets[].name | select(startswith("leastcap-audit") or . == "web")' audit.json | paste -sd ' ')" \
		"leastcap-audit-privileged web leastcap-audit-added leastcap-audit-plain leastcap-audit.service leastcap-audit-podman leastcap-audit-user" \
		"the order"
	assert_eq "$(row leastcap-audit-privileged '[.engine, .privileged, .rating.level, .init.seccomp]')" \
		'["docker",true,"privileged","disabled"]' "the privileged container"
	assert_eq "$(row leastcap-audit-added '[.engine, .image, .rating.level, .configured.cap_add, .init.sets.permitted, .init.seccomp]')" \
		"[\"docker\",\"$IMAGE\",\"dangerous\",[\"NET_ADMIN\"],[\"NET_ADMIN\"],\"filter\"]" "the container with an addition"
	assert_eq "$(row leastcap-audit-plain '[.rating.level, (.init.sets.bounding | length), .init.sets.ambient]')" \
		'["defaults",14,[]]' "the container with Docker's defaults"
	assert_eq "$(row leastcap-audit-user '[.user, .rating.level, .init.no_new_privs, .init.sets.effective]')" \
		'["33:33","nothing",true,[]]' "the container of an ordinary user"
	assert_eq "$(row leastcap-audit-podman '[.engine, .image, .rating.level, .init.sets.bounding]')" \
		'["podman","localhost/leastcap-audit:1","reduced",["CHOWN"]]' "Podman's container"
	assert_eq "$(row web '[.engine, .namespace, .pod, .image, .rating.level]')" \
		'["containerd","shop","leastcap-web-0","docker.io/library/nginx:1.27","defaults"]' "the pod's container"
	assert_eq "$(row leastcap-audit.service '[.kind, .rating.level, .init.sets.bounding]')" \
		'["service","reduced",["CHOWN","KILL"]]' "the service"
}

test_the_audit_of_a_host_is_text_of_80_columns() {
	start_host
	"$LEASTCAP" audit --services leastcap-audit-plain leastcap-audit-podman web leastcap-audit.service >audit.txt
	assert_eq "$(LC_ALL=C.UTF-8 awk 'length > 80' audit.txt)" "" "long lines"
	assert_match "$(<audit.txt)" "4 running, the worst first: 2 defaults, 2 reduced" "the first line"
	assert_match "$(<audit.txt)" "DEFAULTS 34  shop/leastcap-web-0/web \(docker.io/library/nginx:1.27\)" "the pod's container"
	assert_match "$(<audit.txt)" "REDUCED 22  leastcap-audit.service \(service\)"$'\n  It holds CHOWN, KILL\.' "the service"
}

test_the_static_part_loads_no_bpf() {
	start_container leastcap-audit-plain "$IMAGE" sleep 300
	strace -f -e trace=bpf,perf_event_open -o trace "$LEASTCAP" audit --for 0 leastcap-audit-plain >audit.txt
	assert_match "$(<audit.txt)" "DEFAULTS 22  leastcap-audit-plain" "the audit"
	assert_no_match "$(<trace)" 'bpf\(|perf_event_open\(' "the calls"
}

test_watching_tells_what_is_used_and_what_is_enough() {
	# shellcheck disable=SC2016
	start_container leastcap-audit-busy "$IMAGE" sh -c ': >/x; while :; do chown nobody /x; chown root /x; sleep 0.1; done'
	start_container leastcap-audit-idle --cap-drop ALL --cap-add KILL "$IMAGE" sleep 300
	"$LEASTCAP" audit --for 2s -q -f json leastcap-audit-busy leastcap-audit-idle >audit.json
	assert_eq "$(row leastcap-audit-busy '[.rating.level, .cap_add, .rating.advice]')" \
		'["defaults",["CHOWN"],"Enough in the time watched: --cap-drop=ALL --cap-add=CHOWN"]' "the busy container"
	assert_eq "$(row leastcap-audit-idle '[.rating.level, .cap_add, .unused]')" '["unused",[],["KILL"]]' "the idle container"
}

test_a_watched_audit_can_be_had_in_the_other_formats() {
	# shellcheck disable=SC2016
	start_container leastcap-audit-busy "$IMAGE" sh -c ': >/x; while :; do chown nobody /x; chown root /x; sleep 0.1; done'
	"$LEASTCAP" audit --for 2s -q -f docker -o options leastcap-audit-busy
	assert_eq "$(tail -n 1 options)" "--cap-drop=ALL --cap-add=CHOWN" "the options"
}

test_what_starts_and_ends_meanwhile_is_listed_too() {
	env --default-signal=INT,QUIT "$LEASTCAP" audit --for 4s -q -f json >audit.json &
	RECORDER=$!
	wait_until attached "$RECORDER"
	run_container leastcap-audit-short "$IMAGE" chown nobody /etc/hostname
	wait "$RECORDER"
	assert_eq "$(row leastcap-audit-short '[.rating.level, .cap_add, .init.unread]')" \
		'["unknown",["CHOWN"],"it has ended meanwhile"]' "the container that ended"
}

# start_rootless ID: what rootless Podman leaves behind for a container: a monitor of the user's own, with the
# bundle and the storage in the user's home, and the container's process below it in the user's slice.
start_rootless() {
	local id=$1 bundle
	# Not in the test's own directory, which is root's alone.
	USER_HOME=$(mktemp -d /var/tmp/leastcap-e2e-home.XXXXXX)
	bundle=$USER_HOME/overlay-containers/$1/userdata
	mkdir -p "$bundle"
	cp "$PROGRAMS/waits" "$USER_HOME/waits"
	jq -n --arg id "$id" '{linux: {cgroupsPath: "user.slice:libpod:\($id)"},
		annotations: {"io.container.manager": "libpod", "io.podman.annotations.privileged": "FALSE"}}' >"$bundle/config.json"
	jq -n --arg id "$id" '[{id: $id, names: ["leastcap-audit-rootless"],
		metadata: ({"image-name": "docker.io/library/redis:7"} | tojson)}]' >"$USER_HOME/overlay-containers/containers.json"
	printf '#!/bin/bash\nunshare --user --map-root-user %s & wait\n' "$USER_HOME/waits" >"$USER_HOME/conmon"
	chmod 755 "$USER_HOME/conmon"
	chown -R 1000:1000 "$USER_HOME"
	setpriv --reuid 1000 --regid 1000 --clear-groups "$USER_HOME/conmon" -c "$id" -b "$bundle" -n leastcap-audit-rootless &
	wait_until pgrep -P "$!"
	SERVICE=$(hierarchy)/leastcap-user/user.slice/libpod-$id.scope
	mkdir -p "$SERVICE"
	# As systemd gives its part of the hierarchy to a user's own manager.
	chown -R 1000:1000 "$(hierarchy)/leastcap-user"
	pgrep -P "$!" >"$SERVICE/cgroup.procs"
	wait_until grep -qx waits "/proc/$(<"$SERVICE/cgroup.procs")/comm"
}

test_a_rootless_container_of_podmans_is_known_by_its_users_monitor() {
	trap clean_up_host EXIT
	start_rootless "${POD_ID%1}2"
	"$LEASTCAP" audit -f json 1000/leastcap-audit-rootless >audit.json
	assert_eq "$(row 1000/leastcap-audit-rootless '[.engine, .image, .user, .init.own_userns, .rating.level]')" \
		'["podman","docker.io/library/redis:7","1000:1000",true,"confined"]' "the rootless container"
	assert_eq "$(row 1000/leastcap-audit-rootless '[.owner, .id]')" '["1000",null]' "whose word its name is"
	assert_match "$("$LEASTCAP" audit 1000/leastcap-audit-rootless)" "User 1000 runs it, and chose what it is called" "the text"
}

test_services_are_watched_when_asked_for() {
	trap clean_up_host EXIT
	start_service
	# shellcheck disable=SC2016
	bash -c 'echo $$ >"$0/cgroup.procs"; : >file; while :; do chown nobody file; sleep 0.1; done' "$SERVICE" &
	wait_until grep -q "$!" "$SERVICE/cgroup.procs"
	"$LEASTCAP" audit --for 2s --services -q -f json leastcap-audit.service >audit.json
	assert_eq "$(row leastcap-audit.service '.cap_add')" '["CHOWN"]' "what the service used"
}

test_a_saved_audit_prints_as_the_audit_did() {
	start_container leastcap-audit-plain "$IMAGE" sleep 300
	"$LEASTCAP" audit leastcap-audit-plain >audit.txt
	"$LEASTCAP" audit -f json -o audit.json leastcap-audit-plain
	assert_eq "$("$LEASTCAP" report audit.json)" "$(<audit.txt)" "the report of the saved audit"
	assert_refused 2 'nobody watched.*--for' "$LEASTCAP" report -f docker audit.json
	assert_refused 2 'watched nothing.*--for' "$LEASTCAP" merge audit.json -o merged.json
}

# What section 5 of the CIS benchmark for Docker (docker-bench-security: 5.5, 5.6, 5.10, 5.16 to 5.18, 5.22, 5.26, 5.32) reads out of the
# engine's own description of a container, as our kinds of hazards.
BENCH='{key: .Name[1:], value: ([
	("privileged" | select($c.HostConfig.Privileged)),
	("files" | select([$c.Mounts[].Source] | any(test("^/((boot|dev|etc|lib|proc|sys|usr)$|$)")))),
	("network" | select($c.HostConfig.NetworkMode == "host")),
	("pid" | select($c.HostConfig.PidMode == "host")),
	("ipc" | select($c.HostConfig.IpcMode == "host")),
	("device" | select($c.HostConfig.Devices | length > 0)),
	("seccomp" | select($c.HostConfig.SecurityOpt // [] | index("seccomp=unconfined"))),
	("setuid" | select($c.HostConfig.SecurityOpt // [] | index("no-new-privileges") | not)),
	("socket" | select([$c.Mounts[].Source] | any(endswith("/docker.sock"))))] | sort)}'

test_the_kernel_tells_of_each_container_what_docker_bench_asks_the_engine() {
	start_container leastcap-audit-plain "$IMAGE" sleep 300
	start_container leastcap-audit-locked --security-opt no-new-privileges --cap-drop ALL "$IMAGE" sleep 300
	start_container leastcap-audit-socket --volume /run/docker.sock:/run/docker.sock "$IMAGE" sleep 300
	start_container leastcap-audit-etc --volume /etc:/host/etc:ro --volume /srv:/srv "$IMAGE" sleep 300
	start_container leastcap-audit-root --volume /:/host --ipc host "$IMAGE" sleep 300
	start_container leastcap-audit-shared --pid host --network host "$IMAGE" sleep 300
	start_container leastcap-audit-open --security-opt seccomp=unconfined --device /dev/net/tun "$IMAGE" sleep 300
	"$LEASTCAP" audit -f json >audit.json
	jq -S '[.targets[] | select(.name | startswith("leastcap-audit-")) | {key: .name, value: ([.hazards[].kind]
		- ["capability", "ordinary", "root", "confinement"] | unique)}] | from_entries' audit.json >ours.json
	"$DOCKER" inspect leastcap-audit-{plain,locked,socket,etc,root,shared,open} | jq -S "[.[] | . as \$c | $BENCH] | from_entries" >theirs.json
	assert_eq "$(jq length theirs.json)" 7 "how many the engine describes"
	assert_eq "$(diff theirs.json ours.json)" "" "what the engine says of them, and what the kernel"
	assert_eq "$(jq -r '.targets[].name | select(startswith("leastcap-audit-"))' audit.json | head -n 2 | sort | paste -sd ' ')" \
		"leastcap-audit-root leastcap-audit-socket" "the worst two"
	assert_eq "$(jq -r '.targets[-1].name' audit.json)" leastcap-audit-locked "the best"
}

# start_unit NAME OPTION... -- SETTING...: a service with a process that setpriv gives OPTION..., and its unit file.
start_unit() {
	local cgroup name=$1 options=()
	shift
	while [[ $1 != -- ]]; do
		options+=("$1")
		shift
	done
	shift
	cgroup=$(hierarchy)/system.slice/$name
	mkdir -p "$cgroup"
	UNITS+=("$cgroup")
	setpriv "${options[@]}" "$PROGRAMS/waits" &
	printf '%s\n' "$!" >"$cgroup/cgroup.procs"
	printf '%s\n' '[Service]' "ExecStart=$PROGRAMS/waits" "$@" >"$name"
}

clean_up_units() {
	local cgroup
	for cgroup in "${UNITS[@]}"; do
		wait_until end_cgroup "$cgroup"
	done
	# Another service's cgroup may be in it.
	rmdir "$(hierarchy)/system.slice" || true
} >/dev/null 2>&1

# Their numbers differ, and nobody's order does.
test_services_rank_as_systemd_analyze_ranks_their_units() {
	local unit
	command -v systemd-analyze >/dev/null || skip "there is no systemd-analyze"
	UNITS=()
	trap clean_up_units EXIT
	chmod 755 .
	start_unit leastcap-audit-none.service --reuid 65534 --regid 65534 --clear-groups --no-new-privs --bounding-set -all --inh-caps -all -- \
		User=65534 NoNewPrivileges=yes CapabilityBoundingSet=
	start_unit leastcap-audit-open.service -- UMask=0077
	start_unit leastcap-audit-few.service --bounding-set -all,+chown,+kill -- "CapabilityBoundingSet=CAP_CHOWN CAP_KILL"
	start_unit leastcap-audit-some.service --bounding-set -all,+sys_ptrace,+net_admin,+chown,+kill,+setuid -- \
		"CapabilityBoundingSet=CAP_SYS_PTRACE CAP_NET_ADMIN CAP_CHOWN CAP_KILL CAP_SETUID"
	"$LEASTCAP" audit --services -f json "${UNITS[@]##*/}" >audit.json
	for unit in "${UNITS[@]##*/}"; do
		systemd-analyze security --offline=true "$PWD/$unit" 2>/dev/null | awk -v unit="$unit" '/Overall exposure/ { print $(NF - 2), unit }'
	done | sort -rn | awk '{ print $2 }' >theirs
	assert_eq "$(wc -l <theirs)" 4 "how many it ranks"
	assert_eq "$(jq -r '.targets[].name' audit.json)" "$(<theirs)" "the order"
}

test_it_looks_again_until_ctrl_c_ends_it() {
	local watcher status=0
	start_container leastcap-audit-plain "$IMAGE" sleep 300
	env --default-signal=INT,QUIT "$LEASTCAP" audit --watch 0.5s leastcap-audit-plain >watch.txt &
	watcher=$!
	wait_until grep -q leastcap-audit-plain watch.txt
	"$DOCKER" rm -f leastcap-audit-plain >/dev/null
	wait_until grep -q 'nothing was recorded' watch.txt
	kill -INT "$watcher"
	wait "$watcher" || status=$?
	assert_eq "$status" 0 "the exit status"
	assert_no_match "$(<watch.txt)" "$ESC" "what is piped"
	assert_match "$(TERM=xterm script -qec "timeout --signal INT 3 $LEASTCAP audit --watch 0.5s" /dev/null)" \
		"$ESC\[H$ESC\[2J.*$ESC\[H$ESC\[2J" "what a terminal is repainted with"
	assert_refused 2 'neither --for nor -o' "$LEASTCAP" audit --watch 5s --for 5s
	assert_refused 2 "'often'.*5s" "$LEASTCAP" audit --watch often
}

test_an_audit_that_nobody_watched_can_be_had_as_a_page_a_comment_and_alerts() {
	start_container leastcap-audit-socket --volume /run/docker.sock:/run/docker.sock "$IMAGE" sleep 300
	start_container leastcap-audit-plain "$IMAGE" sleep 300
	"$LEASTCAP" audit -f markdown -o audit.md leastcap-audit-socket leastcap-audit-plain
	assert_match "$(<audit.md)" '\| 122 \| leastcap-audit-socket \| docker.sock 100, ' "the comment"
	"$LEASTCAP" audit -f sarif leastcap-audit-socket leastcap-audit-plain >audit.sarif
	assert_eq "$(jq -c '[.runs[].results[] | [.ruleId, .level]]' audit.sarif)" '[["HOST_OPEN","error"]]' "the alerts"
	"$LEASTCAP" audit -f html leastcap-audit-socket leastcap-audit-plain >audit.html
	assert_match "$(<audit.html)" '<dt>100</dt><dd><strong>/run/docker\.sock at /run/docker\.sock</strong> Whoever' "the page"
	"$LEASTCAP" audit -f json -o audit.json leastcap-audit-socket leastcap-audit-plain
	assert_match "$("$LEASTCAP" report audit.json)" '122  leastcap-audit-socket +docker\.sock 100,' "the report of the saved audit"
	assert_eq "$(row leastcap-audit-socket '[.rating.score, .hazards[0].kind, .hazards[0].about, .hazards[0].points]')" \
		'[122,"socket","/run/docker.sock",100]' "what is saved"
}

test_what_cannot_be_audited_is_said_in_one_line() {
	start_container leastcap-audit-plain "$IMAGE" sleep 300
	# By an ordinary user, who may not run what lies in the test's directory.
	install -m 755 "$LEASTCAP" /var/tmp/leastcap-audit-user
	setpriv --reuid 65534 --regid 65534 --clear-groups /var/tmp/leastcap-audit-user audit >audit.txt 2>user.err || true
	rm /var/tmp/leastcap-audit-user
	assert_match "$(<user.err)" 'without root: scores may be too low' "what an ordinary user is told"
	assert_refused 2 "'leastcap-none'.*running:.*leastcap-audit-plain" "$LEASTCAP" audit leastcap-none
	assert_refused 2 'nobody watched.*--for' "$LEASTCAP" audit -f docker leastcap-audit-plain
	assert_refused 2 '10x.*30s' "$LEASTCAP" audit --for 10x
	assert_refused 2 'servces.*--services' "$LEASTCAP" audit --servces
}
