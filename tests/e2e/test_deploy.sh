# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a fleet is set up with: rules for Prometheus, a dashboard for Grafana, manifests and a chart for Kubernetes.

DEPLOY=$ROOT/scripts/deploy
RECORDED=$ROOT/tests/unit/fixtures
VALIDATORS=/usr/local/lib/leastcap-test

need_promtool() {
	command -v promtool >/dev/null || skip "there is no promtool: run scripts/setup test"
}

test_each_alert_tells_what_it_should_and_when_it_should() {
	local alert
	need_promtool
	promtool check rules "$DEPLOY/prometheus/leastcap.rules.yaml" >said || fail "$(<said)"
	cp "$DEPLOY/prometheus/leastcap.rules.yaml" "$E2E"/prometheus/*.test.yaml .
	promtool test rules ./*.test.yaml >said 2>&1 || fail "$(<said)"
	sed -n 's/ *- alert: //p' leastcap.rules.yaml >alerts
	while read -r alert; do
		grep -q "alertname: $alert$" ./*.test.yaml || fail "no test is about $alert"
	done <alerts
}

test_each_expression_of_the_dashboard_is_understood() {
	local n
	need_promtool
	# What Grafana puts in the place of its variables.
	jq '[.. | .expr? // empty] | map(gsub("\\$__(rate_interval|range)"; "5m") | gsub("\\$[a-z]+"; ".*"))
		| {groups: [{name: "dashboard", rules: [to_entries[] | {record: "expression\(.key)", expr: .value}]}]}' \
		"$DEPLOY/grafana/leastcap.json" >rules.yaml
	n=$(jq '.groups[0].rules | length' rules.yaml)
	((n > 10)) || fail "$n expressions were found"
	assert_no_match "$(<rules.yaml)" '\$' "variables that are left"
	promtool check rules rules.yaml >said 2>&1 || fail "$(<said)"
	assert_match "$(<said)" "SUCCESS: $n rules found" "what promtool says"
}

test_rules_and_dashboard_ask_for_what_a_service_has() {
	local name known
	"$LEASTCAP" serve --replay --listen 127.0.0.1:0 "$RECORDED/nginx_container.json" 2>said &
	wait_until grep -q 'serving at' said
	known=" $(curl --noproxy '*' --silent "http://$(grep -oE '127[.0-9]+:[0-9]+' said | head -n 1)/metrics" | awk '$1 == "#" && $2 == "TYPE" { print $3 }' | tr '\n' ' ') "
	assert_match "$known" ' leastcap_capability_required ' "the metrics"
	# Names with a colon before them are the rules' own.
	cat "$DEPLOY/prometheus/leastcap.rules.yaml" "$DEPLOY/grafana/leastcap.json" | grep -oE '(^|[^:a-z_])leastcap_[a-z_]+|process_[a-z_]+' | grep -oE '[a-z]+_[a-z_]+' | sort -u >names
	(($(wc -l <names) > 10)) || fail "only $(wc -l <names) names were found"
	while read -r name; do
		[[ $known == *" $name "* ]] || fail "no service has $name"
	done <names
}

# rendered COMPONENT...: the manifests with these components, as JSON objects, one a line.
rendered() {
	local component
	rm -rf overlay && mkdir overlay
	{
		printf 'resources: [%s]\ncomponents:\n' "$(realpath --relative-to overlay "$DEPLOY/kubernetes")"
		for component in "$@"; do
			printf -- '- %s\n' "$(realpath --relative-to overlay "$DEPLOY/kubernetes/$component")"
		done
	} >overlay/kustomization.yaml
	kubectl kustomize overlay >rendered.yaml || fail "kustomize does not take $*"
	python3 -c 'import json, sys, yaml
for document in yaml.safe_load_all(sys.stdin): print(json.dumps(document, sort_keys=True))' <rendered.yaml
}

need_kubernetes() {
	command -v kubectl >/dev/null || skip "there is no kubectl: run scripts/setup test"
	python3 -c 'import yaml' 2>/dev/null || skip "python3 has no yaml: run scripts/setup test"
}

# container_of FILE FILTER: of the DaemonSet's container in FILE.
container_of() {
	jq -rc "select(.kind == \"DaemonSet\") | .spec.template.spec.containers[0] | $2" "$1"
}

test_the_manifests_fit_kubernetes_and_kubectl_takes_them() {
	need_kubernetes
	rendered >plain.json
	rendered older >older.json
	assert_eq "$(container_of plain.json '.securityContext.capabilities | [.drop, .add]')" '[["ALL"],["BPF","PERFMON","SYS_PTRACE","DAC_READ_SEARCH","SYSLOG"]]' "what it is granted"
	assert_eq "$(container_of older.json '.securityContext.capabilities | [.drop, .add]')" '[["ALL"],["SYS_ADMIN","SYS_RESOURCE","SYS_PTRACE","DAC_READ_SEARCH","SYSLOG"]]' "what it is granted on older nodes"
	"$E2E/fake-apiserver" address &
	trap 'kill %1' EXIT
	wait_until test -s address
	assert_eq "$(kubectl --server "$(<address)" apply --dry-run=client --validate=false -f rendered.yaml | sort)" "daemonset.apps/leastcap created (dry run)
namespace/leastcap created (dry run)
networkpolicy.networking.k8s.io/leastcap created (dry run)
serviceaccount/leastcap created (dry run)" "what kubectl reads"
	[[ -e $VALIDATORS/schemas ]] || skip "the schemas are not installed: run scripts/setup test"
	jq -s . plain.json | "$E2E/validate" "$VALIDATORS" kubernetes
	jq -s . older.json | "$E2E/validate" "$VALIDATORS" kubernetes
	! jq -s 'map(.spec.template?.spec.hostPID? |= (if . then "yes" else . end))' plain.json | "$E2E/validate" "$VALIDATORS" kubernetes 2>/dev/null ||
		fail "the validator takes anything"
}

# chart KEY=VALUE...: its objects in the namespace leastcap, without what only a chart has.
chart() {
	"$E2E/render-chart" "$DEPLOY/helm/leastcap" leastcap "$@" | jq -cS 'del(.spec.template.spec.containers[]?.imagePullPolicy)' | sort
}

test_the_chart_makes_what_the_manifests_are() {
	need_kubernetes
	rendered podmonitor >manifests.json
	assert_eq "$(chart podMonitor=true | jq -S .)" "$(jq -cS 'select(.kind != "Namespace")' manifests.json | sort | jq -S .)" "what the chart makes"
	rendered older >older.json
	assert_eq "$(chart "capabilities=$(sed -n 's/.*For older ones \(\[.*\]\), and then$/\1/p' "$DEPLOY/helm/leastcap/values.yaml")" allowPrivilegeEscalation=true |
		jq -c 'select(.kind == "DaemonSet") | .spec.template.spec.containers[0].securityContext.capabilities')" \
		"$(container_of older.json .securityContext.capabilities)" "what older nodes grant by the chart"
	assert_eq "$(chart networkPolicy=false | jq -r .kind | sort)" $'DaemonSet\nServiceAccount' "without a policy"
	assert_match "$(chart nonsense=1 2>&1 || true)" 'no value nonsense' "a value that there is not"
}

test_the_image_of_manifests_and_chart_is_this_version() {
	local version
	version=$("$LEASTCAP" --version | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' | head -n 1)
	assert_match "$(<"$DEPLOY/kubernetes/kustomization.yaml")" "newTag: ${version//./\\.}" "the manifests"
	assert_match "$(<"$DEPLOY/helm/leastcap/values.yaml")" "tag: ${version//./\\.}" "the chart's values"
	assert_match "$(<"$DEPLOY/helm/leastcap/Chart.yaml")" "appVersion: ${version//./\\.}" "the chart"
}

# granted COMPONENT...: what the DaemonSet's container is granted, without what this machine's root has not.
granted() {
	rendered "$@" >granted.json
	container_of granted.json '.securityContext.capabilities.add[]' | grep -xFf <(bounds)
}

# assert_records_others: the service that writes to ./store has seen what a container did that it does not belong to.
assert_records_others() {
	run_container "leastcap-deploy-$$" "$IMAGE" sh -c 'touch /tmp/f; chown 1:1 /tmp/f; sleep 2'
	wait_until stored_list "leastcap-deploy-$$"
	assert_eq "$(stored_list "leastcap-deploy-$$")" CHOWN "what another container needs"
}

# stored_list NAME: the list of the container called so in ./store.
stored_list() {
	"$LEASTCAP" store export --store store 2>/dev/null | jq -re --arg name "$1" '.targets[] | select(.name == $name) | .cap_add | join(" ")' | grep .
}

# As the DaemonSet has it, but for the propagation of mounts, which takes a shared one on the host. The program and its libraries are this machine's.
MOUNTS=(/usr:/usr "$(dirname "$(readlink -f "$LEASTCAP")"):/leastcap" /run:/run /sys/fs/cgroup:/sys/fs/cgroup)

test_in_a_pod_with_what_older_nodes_grant_it_records_the_others() {
	local mount name options=()
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	need_kubernetes
	for mount in "${MOUNTS[@]}"; do
		options+=(--volume "$mount:ro")
	done
	for name in $(granted older); do
		options+=(--cap-add "$name")
	done
	mkdir store
	# A cgroup namespace of its own, as pods have.
	start_container "leastcap-service-$$" --pid host --cgroupns private --cap-drop ALL --read-only --security-opt apparmor=unconfined "${options[@]}" \
		--volume "$PWD/store:/var/lib/leastcap" "$IMAGE" /leastcap/leastcap serve --store=/var/lib/leastcap --listen=none --every 1s
	wait_until grep -q 'recording every container' <("$DOCKER" logs --follow "leastcap-service-$$" 2>&1)
	assert_records_others
	"$DOCKER" stop "leastcap-service-$$" >/dev/null
	assert_eq "$("$DOCKER" inspect -f '{{.State.ExitCode}}' "leastcap-service-$$")" 0 "the exit status"
	assert_match " $(granted older | xargs) " " $(stored_list "leastcap-service-$$" | sed 's/ / .* /g') " "what it needs itself"
}

remove_service() {
	ctr --address "$SOCKET" --namespace e2e-deploy task rm --force "deploy-$$" || true
	ctr --address "$SOCKET" --namespace e2e-deploy container rm "deploy-$$" || true
	ctr --address "$SOCKET" namespace rm e2e-deploy
} >/dev/null 2>&1

test_with_what_it_is_granted_and_containerds_filter_it_records_the_others() {
	local mount name options=()
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	SOCKET=$(containerd_socket)
	[[ $SOCKET ]] || skip "no containerd answers"
	need_kubernetes
	for name in $CONTAINERD_GRANTS; do
		options+=(--cap-drop "CAP_$name")
	done
	for name in $(granted); do
		options+=(--cap-add "CAP_$name")
	done
	mkdir -p store root/{proc,dev,sys/fs/cgroup,usr,leastcap,run,tmp,var/lib/leastcap}
	for name in bin lib lib64 sbin; do
		ln -s "usr/$name" "root/$name"
	done
	ln -s ../run root/var/run
	for mount in "${MOUNTS[@]}"; do
		options+=(--mount "type=bind,src=${mount%:*},dst=${mount#*:},options=rbind:ro")
	done
	trap 'wait_until remove_service' EXIT
	setsid --wait ctr --address "$SOCKET" --namespace e2e-deploy run --detach --seccomp --rootfs --read-only --cgroup '' --with-ns "pid:/proc/$$/ns/pid" \
		"${options[@]}" --mount "type=bind,src=$PWD/store,dst=/var/lib/leastcap,options=rbind:rw" "$PWD/root" "deploy-$$" \
		/leastcap/leastcap serve --store=/var/lib/leastcap --listen=none --every 1s </dev/null >said 2>&1 || fail "$(<said)"
	wait_until test -e store/leastcap.db
	sleep 1
	assert_records_others
}
