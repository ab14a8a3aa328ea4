# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Formats: what reads each of them in earnest takes it, and grants exactly the list. nerdctl is in no Debian: its options are
# docker's, word for word.

# As scripts/setup.
VALIDATORS=/usr/local/lib/leastcap-test

kubectl() {
	"$VALIDATORS/kubectl" "$@"
}

# make_profile TARGET...: each a jq object with what is special about it.
make_profile() {
	local IFS=,
	jq -n '{schema: "leastcap-profile/1", lost: 0, targets: ['"$*"'] | map({kind: "container", user: "0:0",
		privileged: false, granted: [], unused: [], wanted: [], cap_add: [], evidence: []} + .)}' >"$PROFILE"
}

report() {
	"$LEASTCAP" report "$@" "$PROFILE"
}

# all_formats: their names.
all_formats() {
	"$LEASTCAP" report -f list | awk '{ print $1 }'
}

# mask_of CAPABILITY...: as /proc/PID/status shows it.
mask_of() {
	local bit mask=0
	for cap in "$@"; do
		for ((bit = 0; bit < 64; bit++)); do
			[[ $(capsh --decode="$(printf '%x' $((1 << bit)))") != *=cap_"${cap,,}" ]] || ((mask |= 1 << bit))
		done
	done
	printf '%016x\n' "$mask"
}

# assert_sets STATUS "INHERITABLE PERMITTED EFFECTIVE BOUNDING AMBIENT" WHAT: of a process whose /proc/PID/status is given.
assert_sets() {
	assert_eq "$(awk '/^Cap(Inh|Prm|Eff|Bnd|Amb):/ { print $2 }' <<<"$1" | head -n5 | paste -sd' ')" "$2" "the five sets of $3"
}

# --- the list of formats

test_the_list_has_a_line_for_each_format() {
	assert_eq "$(all_formats | paste -sd' ')" \
		"text docker podman nerdctl compose kubernetes kustomize helm vap kyverno quadlet systemd oci dockerfile label filecap ambient markdown sarif html json" "the formats"
	assert_eq "$("$LEASTCAP" report -f list | grep -cvE '^[a-z]+ {2,}[a-zA-Z]')" 0 "the lines without a description"
	assert_eq "$("$LEASTCAP" report -f list | awk '{ print match($0, /  [^ ]/) + RLENGTH }' | sort -u | wc -l)" 1 "the columns that descriptions start in"
}

test_a_prefix_where_it_means_nothing_is_refused() {
	local format
	make_profile '{name: "web"}'
	for format in text kubernetes kustomize helm vap kyverno filecap ambient systemd oci markdown sarif html json; do
		assert_refused 2 "--cap-prefix.*-f $format" "$LEASTCAP" report --cap-prefix -f "$format" "$PROFILE"
	done
}

# --- engines

options_of() {
	report "$@" | grep -v '^#'
}

test_podman_grants_the_list_and_nothing_else_in_either_spelling() {
	local list none=0000000000000000
	need_podman
	make_profile '{name: "web", cap_add: ["CHOWN", "SETUID", "NET_BIND_SERVICE"]}'
	list=$(mask_of CHOWN SETUID NET_BIND_SERVICE)
	# shellcheck disable=SC2046
	assert_sets "$(podman_status $(options_of -f podman))" "$none $list $list $list $none" "podman run"
	# shellcheck disable=SC2046
	assert_sets "$(podman_status $(options_of -f podman --cap-prefix))" "$none $list $list $list $none" "podman run with the prefix"
}

test_podman_grants_the_list_to_an_ordinary_user_too() {
	local list
	need_podman
	make_profile '{name: "web", user: "1000:1000", cap_add: ["NET_BIND_SERVICE"]}'
	list=$(mask_of NET_BIND_SERVICE)
	assert_no_match "$(report -f podman)" 'not root' "the podman report"
	# shellcheck disable=SC2046
	assert_sets "$(podman_status --user 1000:1000 $(options_of -f podman))" "$list $list $list $list $list" "podman run --user 1000"
}

# labelled OPTION...: the status of a program in an image made with the dockerfile report's label, with options of podman run.
labelled() {
	printf 'FROM scratch\nCOPY prints_status /\nCMD ["/prints_status"]\n%s\n' "$(report -f dockerfile)" >Dockerfile
	make_root context prints_status
	own_podman build --quiet --tag localhost/leastcap-label -f Dockerfile context >/dev/null
	own_podman run --rm --network none --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 "$@" localhost/leastcap-label
}

test_podman_grants_what_the_images_label_names_and_nothing_else() {
	local list none=0000000000000000
	need_podman
	make_profile '{name: "web", image: "x\n\\", cap_add: ["CHOWN", "SETUID"]}'
	list=$(mask_of CHOWN SETUID)
	assert_sets "$(labelled)" "$none $list $list $list $none" "an image with the label"
	make_profile '{name: "web", cap_add: ["CHOWN", "SYS_TIME"]}'
	list=$(mask_of CHOWN SYS_TIME)
	assert_sets "$(labelled --cap-add=SYS_TIME)" "$none $list $list $list $none" "an image with more than the defaults, which are added"
	assert_sets "$(labelled --cap-add=SYS_TIME --user 33:33)" "$(mask_of SYS_TIME) $(mask_of SYS_TIME) $(mask_of SYS_TIME) $list $(mask_of SYS_TIME)" \
		"a user other than root, to whom the label alone gives nothing"
	assert_match "$(labelled 2>&1 >/dev/null)" 'not allowed by default.*SYS_TIME' "what Podman says where they are not"
}

test_docker_takes_the_prefix() {
	local list none=0000000000000000
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	make_profile '{name: "web", cap_add: ["CHOWN", "SETUID"]}'
	list=$(mask_of CHOWN SETUID)
	# shellcheck disable=SC2046
	assert_sets "$(run_container leastcap-prefix $(options_of -f docker --cap-prefix) "$IMAGE" cat /proc/self/status)" \
		"$none $list $list $list $none" "docker run"
}

test_compose_takes_the_prefix() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	make_profile '{name: "shop-web-1", service: "web", project: "shop", cap_add: ["CHOWN"]}'
	printf 'services:\n  web:\n    image: x\n    cap_add: [NET_ADMIN]\n' >compose.yaml
	report -f compose --cap-prefix >caps.yaml
	assert_eq "$("$DOCKER" compose -f compose.yaml -f caps.yaml config --format json | jq -c '.services.web | [.cap_drop, .cap_add]')" \
		'[["ALL"],["CAP_CHOWN"]]' "the lists of web"
}

test_nerdctl_gets_what_docker_gets() {
	make_profile '{name: "web", user: "33:33", cap_add: ["CHOWN"]}' '{name: "db", cap_add: []}'
	assert_eq "$(report -f nerdctl)" "$(report -f docker)" "the nerdctl report"
}

# --- Kubernetes

write_deployment() {
	cat >deployment.yaml <<-'YAML'
		apiVersion: apps/v1
		kind: Deployment
		metadata: {name: web}
		spec:
		  selector: {matchLabels: {app: web}}
		  template:
		    metadata: {labels: {app: web}}
		    spec:
		      containers:
		        - {name: log, image: localhost/leastcap-formats, command: [/prints_status]}
		        - name: nginx
		          image: localhost/leastcap-formats
		          command: [/prints_status]
		          securityContext:
		            privileged: true
		            capabilities: {add: [NET_ADMIN, KILL], drop: [CHOWN]}
	YAML
}

# patched OPTION...: the deployment after the only document of the kubernetes report.
patched() {
	report -f kubernetes >patch.yaml
	kubectl patch --local -f deployment.yaml --type strategic --patch-file patch.yaml "$@"
}

# Where containers named so run: in a pod of the deployment.
POD='pod: "web-7d9c5b5f4-x2v9k"'

has_printed() {
	[[ $(own_podman logs "$1") == *CapAmb* ]]
}

# A container that is just starting over may be in its own removal's way.
remove_pods() {
	local tries
	for tries in 1 2 3 4 5; do
		! own_podman pod rm --all --force --time 0 >removal 2>&1 || return 0
		sleep "$tries"
	done
	cat removal >&2
	return 1
}

# Only the first run of the program counts: a Deployment starts it over and over.
play_deployment() {
	cat >containers.conf <<-'TOML'
		[containers]
		default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
	TOML
	export CONTAINERS_CONF=$TEST_DIR/containers.conf
	trap remove_pods EXIT
	make_root root prints_status
	own_podman import --quiet - localhost/leastcap-formats < <(tar -C root -c .)
	patched -o yaml >patched.yaml
	own_podman play kube --network none patched.yaml
}

need_kubectl() {
	[[ -x $VALIDATORS/kubectl ]] || skip "kubectl is not installed: run scripts/setup test"
	write_deployment
}

test_kubectl_merges_the_patch_into_its_container_and_no_other() {
	need_kubectl
	make_profile "{name: \"nginx\", $POD, privileged: true, cap_add: [\"CHOWN\", \"SETUID\"]}"
	assert_eq "$(patched -o json | jq -cS '.spec.template.spec.containers[] | [.name, .securityContext]')" \
		'["log",null]
["nginx",{"capabilities":{"add":["CHOWN","SETUID"],"drop":["ALL"]},"privileged":false}]' "the containers"
}

test_an_empty_list_takes_away_what_was_added() {
	need_kubectl
	make_profile "{name: \"nginx\", $POD, cap_add: []}"
	assert_eq "$(patched -o json | jq -cS '.spec.template.spec.containers[1].securityContext | [.capabilities, .allowPrivilegeEscalation]')" \
		'[{"add":[],"drop":["ALL"]},false]' "the lists of nginx"
}

test_the_patched_deployment_fits_the_schema_of_kubernetes() {
	need_kubectl
	[[ -e $VALIDATORS/schemas ]] || skip "the schemas are not installed: run scripts/setup test"
	make_profile "{name: \"nginx\", $POD, cap_add: [\"CHOWN\"]}" "{name: \"log\", $POD, cap_add: []}"
	patched -o json | "$E2E/validate" "$VALIDATORS" kubernetes
	! patched -o json | sed 's/"allowPrivilegeEscalation": false/"allowPrivilegeEscalation": "no"/' |
		"$E2E/validate" "$VALIDATORS" kubernetes || fail "the validator takes anything"
}

# manifests_of EACH: one of each kind, in which container "work", and before it "prep", are what the JSON object EACH says besides.
manifests_of() {
	jq -nc --argjson each "$1" '
		def pod($policy): {initContainers: [{name: "prep", image: "x"} + $each], containers: [{name: "work", image: "x"} + $each],
			restartPolicy: $policy};
		def template($policy): {metadata: {labels: {app: "x"}}, spec: pod($policy)};
		def object($api; $kind; $name; $spec): {apiVersion: $api, kind: $kind, metadata: {name: $name, namespace: "shop"}, spec: $spec};
		object("apps/v1"; "Deployment"; "web"; {selector: {matchLabels: {app: "x"}}, template: template("Always")}),
		object("apps/v1"; "StatefulSet"; "db"; {serviceName: "db", selector: {matchLabels: {app: "x"}}, template: template("Always")}),
		object("apps/v1"; "DaemonSet"; "agent"; {selector: {matchLabels: {app: "x"}}, template: template("Always")}),
		object("batch/v1"; "CronJob"; "backup"; {schedule: "1 * * * *", jobTemplate: {spec: {template: template("Never")}}}),
		object("batch/v1"; "Job"; "load"; {template: template("Never")}),
		object("v1"; "Pod"; "solo"; pod("Always"))'
}

# What was recorded of them: "prep" ran before "work", which ended by itself in the Job alone.
profile_of_each_kind() {
	jq -n '{schema: "leastcap-profile/1", lost: 0, targets: ["web-7d9c5b5f4-x2v9k", "db-0", "agent-x2v9k", "backup-28123456-x7k2p", "load-x2v9k", "solo"]
		| map(. as $pod | {prep: ["CHOWN"], work: ["SETUID"]} | to_entries[] | {kind: "container", name: .key, pod: $pod, namespace: "shop",
			user: "0:0", privileged: true, granted: [], unused: [], wanted: [], cap_add: .value, evidence: [],
			life: ({starts: 1, began: "2026-11-30T10:00:0\(if .key == "prep" then 1 else 3 end).000000000Z"} +
				(if .key == "prep" or $pod == "load-x2v9k" then {ended: "2026-11-30T10:00:0\(if .key == "prep" then 2 else 4 end).000000000Z"} else {} end))})}' >"$PROFILE"
}

# The lists, and whether privileged, of all containers in the objects of standard input.
contexts() {
	jq -c '.kind + " " + ([.. | objects | select(has("securityContext") and has("image")) | .name + " " +
		(.securityContext | [.privileged // false, .capabilities.drop, .capabilities.add] | tojson)] | sort | join(" "))'
}

TOO_MUCH='{"securityContext": {"privileged": true, "capabilities": {"add": ["NET_ADMIN"]}}}'
EACH_KIND='prep [false,["ALL"],["CHOWN"]] work [false,["ALL"],["SETUID"]]'

# assert_all_kinds FILE: each object in it has exactly this for both containers, and fits its schema.
assert_all_kinds() {
	local kind
	for kind in Deployment StatefulSet DaemonSet CronJob Job Pod; do
		assert_eq "$(jq -c --arg kind "$kind" 'select(.kind == $kind)' "$1" | contexts)" "\"$kind ${EACH_KIND//\"/\\\"}\"" "the containers of the $kind"
	done
	[[ -e $VALIDATORS/schemas ]] || skip "the schemas are not installed: run scripts/setup test"
	jq -s . "$1" | "$E2E/validate" "$VALIDATORS" kubernetes
}

test_the_report_is_merged_into_workloads_of_every_kind() {
	local kind patch n=0
	need_kubectl
	profile_of_each_kind
	report -f kubernetes >caps.yaml
	manifests_of "$TOO_MUCH" >all.json
	awk '/^---$/ { n++ } n { print > "patch." n }' caps.yaml
	for patch in patch.*; do
		kind=$(sed -n 's/^kind: //p' "$patch")
		jq -c --arg kind "$kind" 'select(.kind == $kind)' all.json >object.json
		kubectl patch --local -f object.json --type strategic --patch-file "$patch" -o json | jq -c . >>merged.json
		n=$((n + 1))
	done
	assert_eq "$n" 6 "the documents"
	assert_all_kinds merged.json
	"$E2E/fake-apiserver" address &
	trap 'kill %1' EXIT
	wait_until test -s address
	assert_eq "$(kubectl --server "$(<address)" apply --dry-run=client --validate=false -f caps.yaml | sort)" "cronjob.batch/backup created (dry run)
daemonset.apps/agent created (dry run)
deployment.apps/web created (dry run)
job.batch/load created (dry run)
pod/solo created (dry run)
statefulset.apps/db created (dry run)" "what kubectl reads"
}

test_manifests_of_every_kind_are_edited() {
	need_kubectl
	profile_of_each_kind
	manifests_of "$TOO_MUCH" | sed 's/^/---\n/' >flow.yaml
	manifests_of '{}' | while read -r object; do
		printf -- '---\n'
		kubectl label --local -f - -o yaml edited=no <<<"$object"
	done >block.yaml
	"$LEASTCAP" apply --manifest flow.yaml --manifest block.yaml "$PROFILE" 2>said
	assert_eq "$("$LEASTCAP" check --strict --allow flow.yaml "$PROFILE")" "12 containers keep within flow.yaml" "the check"
	for file in flow block; do
		kubectl label --local -f "$file.yaml" -o json read=yes | jq -c . >"$file.json"
		assert_all_kinds "$file.json"
	done
	"$E2E/fake-apiserver" address &
	trap 'kill %1' EXIT
	wait_until test -s address
	assert_eq "$(kubectl --server "$(<address)" create --dry-run=client --validate=false -f block.yaml -f flow.yaml -o name | sort -u | wc -l)" 6 "the objects that kubectl reads"
}

test_the_patched_deployment_runs_with_the_list_and_nothing_else() {
	local list none=0000000000000000
	need_kubectl
	need_podman
	make_profile "{name: \"nginx\", $POD, privileged: true, cap_add: [\"CHOWN\", \"SETUID\"]}"
	play_deployment
	wait_until has_printed web-pod-0-nginx
	list=$(mask_of CHOWN SETUID)
	assert_sets "$(own_podman logs web-pod-0-nginx)" "$none $list $list $list $none" "the container nginx"
}

pings() {
	run_container leastcap-ping --user 1000:1000 "$IMAGE" ping -c 1 127.0.0.1
}

chowns() {
	run_container leastcap-chown "$IMAGE" chown nobody /tmp
}

# profile_of NAME STEP: records STEP, and keeps the container called NAME.
profile_of() {
	record_while "$2"
	jq --arg name "$1" '.targets |= map(select(.name == $name))' "$PROFILE" >only.json
	mv only.json "$PROFILE"
}

# no_new_privs would take ping's file capability away from it.
test_gaining_rights_is_forbidden_only_where_nothing_did() {
	[[ ${IMAGE-} ]] || skip "no Docker Engine answers"
	profile_of leastcap-ping pings
	assert_list "$PROFILE" leastcap-ping NET_RAW
	assert_no_match "$(report -f kubernetes)" 'allowPrivilegeEscalation' "the kubernetes report on ping"
	assert_no_match "$(report -f systemd)" 'NoNewPrivileges' "the systemd report on ping"
	profile_of leastcap-chown chowns
	assert_match "$(report -f kubernetes)" 'allowPrivilegeEscalation: false' "the kubernetes report on chown"
	assert_match "$(report -f systemd)" 'NoNewPrivileges=yes' "the systemd report on chown"
}

# --- what stands around Kubernetes

test_kustomize_takes_the_component_and_its_patches_match_each_kind() {
	need_kubectl
	profile_of_each_kind
	mkdir caps
	report -f kustomize >caps/kustomization.yaml
	manifests_of "$TOO_MUCH" | sed 's/^/---\n/' >all.yaml
	printf 'resources: [all.yaml]\ncomponents: [caps]\n' >kustomization.yaml
	kubectl kustomize . >patched.yaml
	assert_eq "$("$LEASTCAP" check --strict --allow patched.yaml "$PROFILE")" "12 containers keep within patched.yaml" "the check"
	kubectl label --local -f patched.yaml -o json read=yes | jq -c . >patched.json
	assert_all_kinds patched.json
}

# Resources have no namespace before their kustomization gives them one.
test_a_kustomization_gives_the_namespace_after_the_patch() {
	need_kubectl
	make_profile "{name: \"nginx\", $POD, namespace: \"shop\", cap_add: [\"CHOWN\"]}"
	mkdir caps
	report -f kustomize >caps/kustomization.yaml
	printf 'namespace: shop\nresources: [deployment.yaml]\ncomponents: [caps]\n' >kustomization.yaml
	kubectl kustomize . >patched.yaml
	assert_eq "$("$LEASTCAP" check --strict --allow patched.yaml "$PROFILE")" \
		"1 container keeps within patched.yaml; 1 was not recorded: web/log" "the check"
}

# values OPTION...: the values of the helm report as JSON; helm is in no Debian, and kubectl reads YAML.
values() {
	{ printf 'apiVersion: v1\nkind: Values\nmetadata: {name: x}\nspec:\n' && report -f helm "$@" | sed 's/^/  /'; } |
		kubectl label --local -f - -o json read=yes | jq -c .spec
}

# Charts put their values into templates by such names; helm merges maps, and takes a list in place of another.
test_values_are_where_the_chart_has_them() {
	need_kubectl
	make_profile "{name: \"nginx\", $POD, cap_add: [\"CHOWN\"]}" "{name: \"log\", $POD, cap_add: []}"
	values --helm-path nginx=controller.containerSecurityContext --helm-path 'web/log=log\.v2.securityContext' >values.json
	jq -n '{controller: {replicas: 2, containerSecurityContext: {privileged: true, readOnlyRootFilesystem: true, capabilities: {add: ["NET_ADMIN"]}}}}' >chart.json
	jq -cs '.[0] * .[1] | {apiVersion: "v1", kind: "Pod", metadata: {name: "web"}, spec: {containers: [
		{name: "nginx", image: "x", securityContext: .controller.containerSecurityContext}, {name: "log", image: "x", securityContext: .["log.v2"].securityContext}]}}' \
		chart.json values.json >pod.json
	assert_eq "$("$LEASTCAP" check --strict --allow pod.json "$PROFILE")" "2 containers keep within pod.json" "the check"
	assert_eq "$(jq -c '.spec.containers[0].securityContext.readOnlyRootFilesystem' pod.json)" true "what else the chart has there"
	assert_eq "$(values | jq -c keys)" '["log","nginx"]' "the places without the option"
	assert_refused 2 '--helm-path nix=a: no container of that name was recorded' "$LEASTCAP" report -f helm --helm-path nix=a "$PROFILE"
	assert_refused 2 "--helm-path: 'a..b' is no" "$LEASTCAP" report -f helm --helm-path a..b "$PROFILE"
	[[ -e $VALIDATORS/schemas ]] || skip "the schemas are not installed: run scripts/setup test"
	"$E2E/validate" "$VALIDATORS" kubernetes <pod.json
}

# admission FORMAT: the objects of the report.
admission() {
	report -f "$1" >policy.yaml
	kubectl label --local -f policy.yaml -o json read=yes | jq -c .
}

# verdicts FORMAT POD...: what the policy for pods of "web" says of each, which is a jq object.
verdicts() {
	local format=$1 IFS=,
	shift
	admission "$format" | jq -s 'map(select(.spec.validations and (.metadata.name | endswith(".web"))))[0] as $policy | {policy: $policy, pods: ['"$*"']}' |
		"$E2E/validate" "$VALIDATORS" cel | paste -sd,
}

# pod LIST CONTEXT: a pod of "web" whose LIST of containers is one called nginx with this securityContext.
pod() {
	printf '{metadata: {name: "web-7d9c5b5f4-x2v9k"}, spec: ({containers: []} + {%s: [{name: "nginx"} + %s]})}' "$1" "$2"
}

need_admission() {
	need_kubectl
	[[ $(cat "$VALIDATORS/schemas" 2>/dev/null) == *cel-js* ]] || skip "the schemas are not installed: run scripts/setup test"
	make_profile "{name: \"nginx\", $POD, namespace: \"shop\", cap_add: [\"CHOWN\", \"SETUID\"]}" "{name: \"log\", $POD, namespace: \"shop\"}" \
		'{name: "x", pod: "x\u0027) || true\n\"$(id)", cap_add: ["KILL"]}'
}

test_admission_policies_fit_the_schemas_of_kubernetes_and_kyverno() {
	local format
	need_admission
	for format in vap kyverno; do
		admission $format | jq -s . >policies.json
		"$E2E/validate" "$VALIDATORS" kubernetes <policies.json
		! sed 's/"validations"/"validation"/; s/"expression"/"expresion"/' policies.json | "$E2E/validate" "$VALIDATORS" kubernetes ||
			fail "the validator takes anything for $format"
	done
}

test_admission_policies_admit_the_list_and_nothing_more() {
	local format list more='{securityContext: {capabilities: {drop: ["ALL"], add: ["CHOWN", "KILL"]}}}'
	need_admission
	for format in vap kyverno; do
		for list in containers initContainers ephemeralContainers; do
			assert_eq "$(verdicts $format "$(pod $list '{securityContext: {capabilities: {drop: ["ALL"], add: ["CHOWN", "SETUID"]}}}')" \
				"$(pod $list '{securityContext: {capabilities: {drop: ["ALL"]}}}')" \
				"$(pod $list '{securityContext: {privileged: false, capabilities: {drop: ["ALL"], add: []}}}')" "$(pod $list "$more")" \
				"$(pod $list '{}')" "$(pod $list '{securityContext: {}}')" "$(pod $list '{securityContext: {capabilities: {}}}')" \
				"$(pod $list '{securityContext: {capabilities: {drop: ["CHOWN"], add: ["CHOWN"]}}}')" \
				"$(pod $list '{securityContext: {privileged: true, capabilities: {drop: ["ALL"]}}}')" \
				"$(pod $list "$more + {name: \"log\"}")")" \
				"admitted,admitted,admitted,denied: leastcap: a container adds a capability that is not on its list,\
denied: leastcap: a container does not drop ALL capabilities,denied: leastcap: a container does not drop ALL capabilities,\
denied: leastcap: a container does not drop ALL capabilities,denied: leastcap: a container does not drop ALL capabilities,\
denied: leastcap: a container is privileged,denied: leastcap: a container adds a capability that is not on its list" "the $format policy on $list"
		done
		assert_eq "$(verdicts $format '{metadata: {name: "web-api-7d9c5b5f4-x2v9k"}, spec: {containers: []}}' '{metadata: {}, spec: {containers: []}}')" \
			"not meant,not meant" "the $format policy on other pods"
	done
}

# --- Quadlet and systemd

# part_of FORMAT N: the Nth part of a report that has one for each target.
part_of() {
	report -f "$1" | awk -v n="$2" '/^$/ { part++; next } part == n'
}

# quadlet_starts: what the unit that Podman makes of web.container gives to podman run about capabilities.
quadlet_starts() {
	QUADLET_UNIT_DIRS=$PWD/units "$VALIDATORS/quadlet" -dryrun 2>/dev/null | sed -n 's/^ExecStart=//p' |
		grep -oE -- '--(cap-(add|drop)|privileged)[ =]?[^ ]*' | paste -sd' '
}

test_quadlet_starts_the_container_with_the_list_in_place_of_its_own() {
	[[ -x $VALIDATORS/quadlet ]] || skip "there is no quadlet of Podman 5: run scripts/setup test"
	make_profile '{name: "web", cap_add: ["CHOWN", "SETUID"]}' '{name: "db", cap_add: []}'
	mkdir -p units/web.container.d
	printf '[Container]\nImage=localhost/x\nAddCapability=NET_ADMIN\nDropCapability=CHOWN\n' >units/web.container
	part_of quadlet 1 >units/web.container.d/50-leastcap.conf
	assert_eq "$(quadlet_starts)" "--cap-drop all --cap-add chown --cap-add setuid" "the options for web"
	part_of quadlet 2 >units/web.container.d/50-leastcap.conf
	assert_eq "$(quadlet_starts)" "--cap-drop all" "the options for an empty list"
}

test_a_hostile_name_reaches_no_unit() {
	[[ -x $VALIDATORS/quadlet ]] || skip "there is no quadlet of Podman 5: run scripts/setup test"
	make_profile '{name: "x\nPodmanArgs=--privileged\\", image: "y\n[Container]\nAddCapability=SYS_ADMIN\\", cap_add: ["CHOWN"]}'
	mkdir -p units/web.container.d
	printf '[Container]\nImage=localhost/x\n' >units/web.container
	part_of quadlet 1 >units/web.container.d/50-leastcap.conf
	assert_eq "$(quadlet_starts)" "--cap-drop all --cap-add chown" "the options"
}

# drop_in N: web.service with part N of the report; says what systemd thinks of it.
drop_in() {
	mkdir -p units/web.service.d
	printf '[Service]\nExecStart=/bin/true\nCapabilityBoundingSet=CAP_SYS_ADMIN\nAmbientCapabilities=CAP_SYS_ADMIN\n' >units/web.service
	part_of systemd "$1" >units/web.service.d/50-leastcap.conf
	systemd-analyze verify "$PWD/units/web.service" 2>&1
}

# What systemd reads out of the unit: one line for each thing that it rates, "FIELD true" where that is taken away.
systemd_reads() {
	systemd-analyze security --offline=true --json=short "$PWD/units/web.service" | jq -r '.[] | "\(.json_field) \(.set)"'
}

test_systemd_takes_the_drop_in_in_place_of_the_units_own_sets() {
	local read
	command -v systemd-analyze >/dev/null || skip "there is no systemd-analyze"
	make_profile '{kind: "service", name: "web.service", cap_add: ["NET_ADMIN", "SYS_TIME"]}' \
		'{kind: "service", name: "x\n[Service]\nExecStart=/bin/sh\\", user: "33:33", cap_add: ["NET_ADMIN"]}'
	assert_eq "$(drop_in 1)" "" "what systemd complains of"
	read=$(systemd_reads)
	assert_match "$read" "CapabilityBoundingSet_CAP_NET_ADMIN false" "NET_ADMIN"
	assert_match "$read" "CapabilityBoundingSet_CAP_SYS_TIME false" "SYS_TIME"
	assert_match "$read" "CapabilityBoundingSet_CAP_SYS_ADMIN true" "SYS_ADMIN"
	assert_match "$read" "CapabilityBoundingSet_CAP_CHOWN_FSETID_SETFCAP true" "CHOWN"
	assert_match "$read" "NoNewPrivileges true" "NoNewPrivileges"
	assert_eq "$(drop_in 2)" "" "what systemd complains of"
	read=$(systemd_reads)
	assert_match "$read" "AmbientCapabilities false" "AmbientCapabilities"
	assert_match "$read" "CapabilityBoundingSet_CAP_SYS_TIME true" "SYS_TIME"
}

# --- files and entry points

# used CAPABILITY PROGRAM: evidence.
used() {
	jq -nc --arg cap "$1" --arg exe "$2" '{cap: $cap, class: "required", verdict: "granted", authority: "effective", credential: "own",
		phase: "workload", userns: "target", audited: "yes", count: 1, syscall: "bind", exe: $exe}'
}

test_setcap_takes_the_lines_for_programs() {
	local odd="$PWD/a b'\$(touch hit)"
	cp /bin/true plain
	cp plain "$odd"
	make_profile "{name: \"web\", cap_add: [\"NET_BIND_SERVICE\", \"NET_RAW\", \"SETUID\"], evidence: [$(used NET_BIND_SERVICE "$PWD/plain"),
		$(used NET_RAW "$PWD/plain"), $(used NET_RAW "$odd"), $(used SETUID "$odd")]}"
	report -f filecap >lines
	sh -e lines
	assert_eq "$(getcap plain "$odd")" "plain cap_net_bind_service,cap_net_raw=ep
$odd cap_net_raw=ep" "what the files carry"
	assert_eq "$(find . -name hit)" "" "what the name has run"
	assert_match "$(<lines)" "not by its file: SETUID" "what is as good as root"
}

test_an_entry_point_raises_the_list_to_ambient() {
	local list
	make_profile '{name: "web", user: "65534:65534", cap_add: ["NET_BIND_SERVICE", "KILL"]}' '{name: "root", cap_add: ["CHOWN"]}'
	report -f ambient >lines
	list=$(mask_of NET_BIND_SERVICE KILL)
	assert_sets "$(sh -e lines cat /proc/self/status)" "$list $list $list $list $list" "the command"
	assert_eq "$(sh -e lines sh -c 'id -u; id -g; id -G' | paste -sd' ')" "65534 65534 65534" "its user"
	assert_eq "$(grep -c '^exec' lines)" 1 "the lines, of which root needs none"
}

# --- runc

# runc_runs UID: the status of a process that runc starts as UID with what the oci report says of "web".
runc_runs() {
	local id=leastcap-formats-$$
	rm -f config.json
	runc spec
	report -f oci >caps.json
	jq -s --argjson uid "$1" '.[0] * .[1].containers.web | .process.args = ["/prints_status"] | .process.terminal = false
		| .process.user = {uid: $uid, gid: $uid} | .root.path = "root"' config.json caps.json >merged.json
	mv merged.json config.json
	runc run "$id" </dev/null
}

test_runc_grants_the_list_and_nothing_else() {
	local list none=0000000000000000
	command -v runc >/dev/null || skip "there is no runc"
	make_root root prints_status
	make_profile '{name: "web", cap_add: ["CHOWN", "SETUID"]}'
	list=$(mask_of CHOWN SETUID)
	assert_sets "$(runc_runs 0)" "$none $list $list $list $none" "root"
	make_profile '{name: "web", user: "33:33", cap_add: ["CHOWN", "SETUID"]}'
	assert_sets "$(runc_runs 33)" "$list $list $list $list $list" "an ordinary user"
}

# --- what people and code scanning read

hostile_profile() {
	make_profile '{name: "web\u001b[2J\n</code></details><script>x</script> | a `b` *c* [d](https://e) @f www.g.h ~~i~~",
		image: "![k](https://l)\u009b\u202e|\n\n# m", privileged: true, cap_add: ["CHOWN"], unused: ["SYS_ADMIN"], wanted: ["BPF"],
		granted: ["CHOWN", "SYS_ADMIN", "KILL"], evidence: [{cap: "CHOWN", class: "required", verdict: "granted", authority: "effective",
		credential: "own", phase: "workload", userns: "target", audited: "yes", count: 1, syscall: "chown", exe: "/x|y\\|`z",
		about: "</code>|<img src=x>|\n|"}], advice: [{cap: "CHOWN", text: "</details>\n\n# n | <b>"}]}'
}

test_markdown_shows_hostile_names_as_they_are() {
	local html
	command -v cmark-gfm >/dev/null || skip "cmark-gfm is not installed"
	hostile_profile
	report -f markdown >report.md
	html=$(cmark-gfm --unsafe -e table -e autolink -e strikethrough report.md)
	assert_no_match "$html" '<(script|img|a|del|em|strong|b|h1)[ >]' "the page"
	assert_eq "$(grep -oE '<t[dh][ >]' <<<"$html" | wc -l)" 8 "the cells of the table"
	assert_eq "$(grep -oE '</?(details|h[1-6])>' <<<"$html" | paste -sd' ')" \
		"<h2> </h2> <h3> </h3> <details> </details>" "headings and details"
	assert_match "$html" '/x\|y\\\|`z chown &lt;/code&gt;\|&lt;img src=x&gt;\|\\n\|' "what asked"
}

test_sarif_fits_its_schema() {
	[[ -e $VALIDATORS/schemas ]] || skip "the schemas are not installed: run scripts/setup test"
	hostile_profile
	report -f sarif | "$E2E/validate" "$VALIDATORS" sarif
	make_profile '{name: "web", unused: ["CHOWN"]}' '{name: "web", project: "p", service: "s"}'
	report -f sarif | "$E2E/validate" "$VALIDATORS" sarif
	! report -f sarif | sed 's/"level": "warning"/"level": "bad"/' | "$E2E/validate" "$VALIDATORS" sarif || fail "the validator takes anything"
	make_profile
	report -f sarif | "$E2E/validate" "$VALIDATORS" sarif
}

test_sarif_points_to_the_projects_file() {
	local alerts
	make_profile '{name: "p-s-1", project: "p", service: "s", unused: ["CHOWN", "KILL"]}' '{name: "neighbour", image: "y", unused: ["SYS_ADMIN"]}'
	printf 'services:\n  s:\n    image: x\n    cap_add: [CHOWN]\n' >compose.yaml
	alerts=$(report -f sarif --compose-file compose.yaml 2>errors |
		jq -c '.runs[0].results | map([.ruleId, (.locations[0].physicalLocation | .artifactLocation.uri, .region.startLine)])')
	assert_eq "${alerts//"${PWD#/}/"/}" '[["BEYOND_NEED","compose.yaml",4]]' "the alerts"
	assert_match "$(<errors)" 'compose.yaml: 1 of 2 recorded are not in it: left out' "what is said of the other"
}

test_no_format_lets_a_hostile_name_reach_the_terminal() {
	local format
	hostile_profile
	for format in $(all_formats); do
		[[ $format != json ]] || continue
		assert_no_match "$(report -f "$format" | LC_ALL=C tr -d '\n\t')" '[[:cntrl:]]' "the $format report"
	done
}

test_formats_in_json_and_yaml_are_json_and_yaml() {
	hostile_profile
	report -f oci | jq -e '.containers | length == 1' >/dev/null
	assert_eq "$(report -f sarif | jq -c '.runs[0] | [(.results | map(.ruleId)), (.invocations[0].toolExecutionNotifications | length)]')" \
		'[["PRIVILEGED"],1]' "the alerts and notifications of a privileged container that was refused something"
	[[ -x $VALIDATORS/kubectl ]] || skip "kubectl is not installed: run scripts/setup test"
	write_deployment
	assert_eq "$(patched -o json | jq '.spec.template.spec.containers | length')" 3 "the containers, one of them hostile"
}

test_lost_checks_are_said_in_every_format() {
	local format
	make_profile '{name: "web"}'
	jq '.lost = 1234' "$PROFILE" >lost.json
	mv lost.json "$PROFILE"
	for format in $(all_formats); do
		assert_eq "$(status_of report -f "$format" 2>said)" 3 "the exit status of the $format report"
		assert_match "$(<said)" '1,?234' "the $format report"
	done
}
