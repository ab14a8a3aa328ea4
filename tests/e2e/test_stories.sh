# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a new user does from beginning to end, with how many commands that takes.

# As scripts/setup.
VALIDATORS=/usr/local/lib/leastcap-test

kubectl() {
	"$VALIDATORS/kubectl" "$@"
}

# types COMMAND...: one command that the user types. Its output is in "said", its exit status is $STATUS.
types() {
	TYPED=$((${TYPED:-0} + 1))
	STATUS=0
	"$@" >"$TEST_DIR/said" 2>&1 || STATUS=$?
}

# assert_typed STATUS REGEX: how the last command ended, and what it said.
assert_typed() {
	assert_match "$(<"$TEST_DIR/said")" "$2" "what command $TYPED said"
	assert_eq "$STATUS" "$1" "the exit status of command $TYPED ($(<"$TEST_DIR/said"))"
}

# assert_typed_words STATUS REGEX: the same, whatever place its lines were broken in. An engine gives names of 7 to 25 letters.
assert_typed_words() {
	tr -s '\n ' ' ' <"$TEST_DIR/said" >"$TEST_DIR/words"
	mv "$TEST_DIR/words" "$TEST_DIR/said"
	assert_typed "$@"
}

# leastcap ARGUMENT...: as it is installed.
leastcap() {
	"$LEASTCAP" "$@"
}

# --- a compose project with its test

# A project with a repository: a web server, and a database whose start gives its volume away.
write_shop() {
	mkdir shop.origin
	cat >shop.origin/compose.yaml <<-YAML
		# The shop.
		services:
		  web:
		    image: $IMAGE
		    labels: [leastcap-test]
		    command: [nginx, -g, daemon off;]
		  db:
		    image: $IMAGE
		    labels: [leastcap-test]
		    command: [sh, -c, "chown redis /data && exec gosu redis redis-server --dir /data --save '' --protected-mode no"]
		    volumes: [data:/data]
		volumes:
		  data:
		    labels: [leastcap-test]
	YAML
	cat >shop.origin/test.sh <<-'BASH'
		#!/bin/bash
		# The integration test: a page is served, and the database answers.
		set -euo pipefail
		address_of() {
			docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(docker compose ps -q "$1")"
		}
		trap 'docker compose down --volumes --timeout 1' EXIT
		docker compose up --detach
		curl --silent --fail --retry 20 --retry-connrefused --retry-delay 1 --output /dev/null "http://$(address_of web)/"
		for _ in {1..50}; do
			! [[ $(timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/6379" && printf "PING\r\n" >&3 && head -n1 <&3' "$(address_of db)" 2>/dev/null) == +PONG* ]] || exit 0
			sleep 0.1
		done
		exit 1
	BASH
	chmod +x shop.origin/test.sh
	git -C shop.origin init --quiet
	git -C shop.origin add .
	git -C shop.origin -c user.name=x -c user.email=x commit --quiet --message "the shop"
}

# A developer has the database ask for a better place in the queue.
change_shop() {
	sed -i 's/exec gosu/exec nice -n -5 gosu/' compose.yaml
}

test_compose_from_clone_to_a_gate_that_fails_in_six_commands() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	write_shop
	types git clone --quiet shop.origin shop
	cd shop || exit
	types leastcap record -o shop.json -- ./test.sh
	assert_typed 0 'wrote shop.json'
	types leastcap apply shop.json
	assert_typed 0 'wrote compose.yaml'
	types leastcap check --allow compose.yaml shop.json
	assert_typed 0 '^2 services keep within compose.yaml$'
	change_shop
	types leastcap record -o shop.json -- ./test.sh
	assert_typed 0 'wrote shop.json'
	types leastcap check --allow compose.yaml shop.json
	assert_typed 1 '^compose.yaml:[0-9]+: shop-db-1 [^ ]+: was denied SYS_NICE, which is not allowed: .*nice setpriority .*; add it to cap_add of service db$'
	assert_eq "$TYPED" 6 "the commands"
	assert_eq "$(head -n 1 compose.yaml)" "# The shop." "the first line of the file"
	assert_list shop.json shop-db-1 "CHOWN SETGID SETUID"
}

# A database whose second start finds a file of somebody else's in its volume.
write_database() {
	cat >compose.yaml <<-YAML
		services:
		  db:
		    image: $IMAGE
		    labels: [leastcap-test]
		    stop_grace_period: 1s
		    command:
		      - sh
		      - -ec
		      - |
		        if [ -e /data/file ]; then chmod 600 /data/file; else touch /data/file; chown nobody /data/file; fi
		        exec sleep 60
		    volumes: [data:/data]
		volumes:
		  data:
		    labels: [leastcap-test]
	YAML
}

test_compose_and_its_database_is_restarted_with_the_list_in_four_commands() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	write_database
	trap 'docker compose down --volumes --timeout 1' EXIT
	types leastcap record --restart -o db.json -- docker compose up --detach
	assert_typed 0 'restarting .*-db-1.*wrote db.json'
	types leastcap apply db.json
	assert_typed 0 'wrote compose.yaml'
	docker compose down --volumes --timeout 1
	types docker compose up --detach
	assert_typed 0 'db-1 +Started'
	wait_until docker compose exec db test -e /data/file
	types docker compose restart db
	assert_typed 0 'db-1 +Started'
	sleep 1
	assert_eq "$(docker inspect -f '{{.State.Running}} {{.HostConfig.CapAdd}}' "$(docker compose ps --all --quiet db)")" \
		"true [CHOWN FOWNER]" "the database after its restart"
	assert_eq "$TYPED" 4 "the commands"
}

# --- "Operation not permitted" at six in the evening

test_what_was_refused_leads_to_options_that_work_in_three_commands() {
	local options started=$SECONDS
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	types leastcap record -- "$DOCKER" run --rm --label leastcap-test --cap-drop=ALL "$IMAGE" nginx -t
	assert_typed_words 1 "to try next: --cap-drop=ALL .*--cap-add=CHOWN.* calls? w(as|ere) refused .below.* one with the engine's defaults shows all at once"
	types leastcap record -- "$DOCKER" run --rm --label leastcap-test "$IMAGE" nginx -t
	assert_typed 0 '--cap-drop=ALL '
	options=$(tr -d '\\\n' <said | grep -oE -- '--cap-drop=ALL( +--cap-add=[A-Z_]+)*' | head -n 1)
	# shellcheck disable=SC2086
	types "$DOCKER" run --rm --label leastcap-test $options "$IMAGE" nginx -t
	assert_typed 0 'test is successful'
	assert_eq "$TYPED" 3 "the commands"
	((SECONDS - started < 60)) || fail "it took $((SECONDS - started)) s"
}

# --- Kubernetes

# The manifests of a workload that prepares a directory, and of one that runs at times.
write_manifests() {
	mkdir manifests
	cat >manifests/web.yaml <<-'YAML'
		apiVersion: apps/v1
		kind: Deployment
		metadata:
		  name: web
		  namespace: shop
		spec:
		  selector:
		    matchLabels: {app: web}
		  template:
		    metadata:
		      labels: {app: web}
		    spec:
		      initContainers:
		      - name: prep
		        image: busybox
		      containers:
		      # serves
		      - name: web
		        image: busybox
		        securityContext:
		          privileged: true
	YAML
	cat >manifests/backup.yaml <<-'YAML'
		apiVersion: batch/v1
		kind: CronJob
		metadata: {name: backup, namespace: shop}
		spec:
		  schedule: "5 4 * * *"
		  jobTemplate:
		    spec:
		      template:
		        spec:
		          restartPolicy: Never
		          containers:
		            - name: dump
		              image: busybox
		              args:
		                - dump
	YAML
}

# in_pod POD CONTAINER COMMAND...: runs it as the kubelet has containerd run it.
in_pod() {
	local pod=$1 name=$2
	shift 2
	ctr --address "$CONTAINERD" --namespace k8s.io run --rm --rootfs --annotation io.kubernetes.cri.container-type=container \
		--annotation "io.kubernetes.cri.container-name=$name" --annotation "io.kubernetes.cri.sandbox-name=$pod" \
		--annotation io.kubernetes.cri.sandbox-namespace=shop --annotation io.kubernetes.cri.image-name=docker.io/library/busybox:latest \
		"$TEST_DIR/root" "$(printf '%s' "$name$TEST_DIR" | sha256sum | cut -c 1-64)" /busybox "$@"
}

# The test of the project, on a cluster of one node.
pods_run() {
	in_pod web-7d9c5b5f4-x2v9k prep chown 1:1 /data
	in_pod web-7d9c5b5f4-x2v9k web sh -c '/busybox chroot / /busybox true; /busybox sleep 1'
	in_pod backup-28123456-x7k2p dump true
}

clean_up_cluster() {
	kill %1
	ctr --address "$CONTAINERD" namespace rm k8s.io
} >/dev/null 2>&1

# kubectl_reads DIRECTORY: as `kubectl apply -f` reads it, with as much of an API server as it asks.
kubectl_reads() {
	kubectl --server "$(<address)" apply --dry-run=client --validate=false -f "$1"
}

test_kubernetes_from_a_recording_to_manifests_that_the_schema_takes_in_three_commands() {
	local file
	[[ -x $VALIDATORS/kubectl ]] || skip "kubectl is not installed: run scripts/setup test"
	CONTAINERD=$(containerd_socket)
	[[ $CONTAINERD ]] || skip "no containerd answers"
	export CONTAINERD
	"$E2E/fake-apiserver" address &
	trap 'clean_up_cluster || true' EXIT
	mkdir -p root/{proc,dev,sys,data}
	cp "$(command -v busybox)" root/
	write_manifests
	types leastcap record -o shop.json -- "$E2E/child" "$TEST_FILE" pods_run
	assert_typed 0 'wrote shop.json'
	types leastcap apply shop.json manifests/web.yaml manifests/backup.yaml
	assert_typed 0 'wrote manifests/web.yaml.*wrote manifests/backup.yaml'
	types kubectl_reads manifests
	assert_typed 0 'cronjob.batch/backup created.*deployment.apps/web created'
	assert_eq "$TYPED" 3 "the commands"
	assert_eq "$("$LEASTCAP" check --strict --allow manifests/web.yaml --allow manifests/backup.yaml shop.json)" \
		"3 containers keep within manifests/web.yaml and 1 more file" "the check"
	for file in web backup; do
		kubectl label --local -f "manifests/$file.yaml" -o json read=yes
	done | jq -c . >objects.json
	assert_eq "$(jq -c '.. | objects | select(has("securityContext") and has("image")) | [.name, .securityContext]' objects.json)" \
		'["web",{"capabilities":{"add":["SYS_CHROOT"],"drop":["ALL"]}}]
["prep",{"capabilities":{"add":["CHOWN"],"drop":["ALL"]}}]
["dump",{"capabilities":{"drop":["ALL"]}}]' "the containers"
	assert_match "$(<manifests/web.yaml)" '# serves' "the comments"
	# Without the manifests the containers' lives tell which is which, and the pods' names the rest.
	assert_eq "$("$LEASTCAP" report -f kubernetes shop.json | grep -oE '^ *(kind|name|initContainers|containers|- name):.*' | paste -sd' ' | tr -s ' ')" \
		'kind: CronJob name: "backup" containers: - name: "dump" kind: Deployment name: "web" initContainers: - name: "prep" containers: - name: "web"' "the report"
	[[ -e $VALIDATORS/schemas ]] || skip "the schemas are not installed: run scripts/setup test"
	jq -s . objects.json | "$E2E/validate" "$VALIDATORS" kubernetes
}

# --- five minutes on a host that somebody else has set up

test_a_host_shows_its_worst_containers_first_by_one_command() {
	local name
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	for name in web db cache queue mail; do
		start_container "leastcap-story-$name" "$IMAGE" sleep 300
	done
	start_container leastcap-story-deploy --volume /run/docker.sock:/var/run/docker.sock "$IMAGE" sleep 300
	start_container leastcap-story-monitor --pid host "$IMAGE" sleep 300
	start_container leastcap-story-vpn --cap-add SYS_MODULE "$IMAGE" sleep 300
	start_container leastcap-story-proxy --cap-drop ALL --cap-add NET_ADMIN "$IMAGE" sleep 300
	types leastcap audit
	assert_typed 0 '^9 running, the worst first; 2 are as good as root on the host'
	mv said audit.txt
	assert_eq "$(awk '$1 ~ /^[0-9]+$/ && $2 ~ /^leastcap/ { print $2 }' audit.txt | head -n 3 | sort | paste -sd ' ')" \
		"leastcap-story-deploy leastcap-story-monitor leastcap-story-vpn" "the first three"
	assert_match "$(<audit.txt)" '[0-9]+  leastcap-story-deploy +docker\.sock 100,' "why the one with the socket is"
	assert_match "$(<audit.txt)" '[0-9]+  leastcap-story-vpn +SYS_MODULE 100,' "why the one with the module is"
	assert_match "$(<audit.txt)" '[0-9]+  leastcap-story-monitor +host pid 40,' "why the one with the host's processes is"
	assert_match "$(grep -A 1 story-monitor audit.txt)" $'\n.*  leastcap-story-proxy' "who comes after them"
	assert_eq "$TYPED" 1 "how many commands that took"
	# On a terminal of 80 columns and 24 lines, piped, and without colours.
	(($(wc -l <audit.txt) < 24)) || fail "it does not fit a screen"
	assert_eq "$(LC_ALL=C.UTF-8 awk 'length > 80' audit.txt)" "" "long lines"
	assert_no_match "$(<audit.txt)" "$ESC" "what is piped"
	assert_match "$(TERM=xterm script -qec "stty rows 24 cols 80; $LEASTCAP audit" /dev/null)" "$ESC\[1;31m +[0-9]+$ESC\[0m  leastcap-story-" \
		"what a terminal shows"
	assert_no_match "$(NO_COLOR=1 TERM=xterm script -qec "$LEASTCAP audit" /dev/null)" "$ESC" "what it shows with NO_COLOR"
}
