# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# One list for a workload whose replicas run on many nodes, out of what their services have told a Prometheus.

# The metrics are asked for here, and nowhere behind a proxy.
export no_proxy='*'

RECORDED=$ROOT/tests/unit/fixtures

# Starts what stands in for a Prometheus; its address is $URL.
start_fake() {
	"$E2E/fake-prometheus" address &
	wait_until test -s address
	URL=$(<address)
}

# A profile of NAME's recording, in which the same container also is POD's, for ./POD.json.
as_pod() {
	jq --arg pod "$2" '.targets |= [.[0], (.[0] | .name = "app" | .pod = $pod | .namespace = "shop" | .cgroup = null)]' \
		"$RECORDED/$1.json" >"$2.json"
}

# serve_node FILE: a node's service, which replays FILE. Its address is appended to ./nodes.
serve_node() {
	"$LEASTCAP" serve --replay --listen 127.0.0.1:0 "$1" 2>"$1.said" &
	NODE=$!
	wait_until grep -q 'serving at' "$1.said"
	grep -oE '127[.0-9]+:[0-9]+' "$1.said" | head -n 1 >>nodes
}

# Starts a Prometheus that asks the nodes, the last of which has it as a target with labels of its own; its address is $URL.
start_prometheus() {
	local port
	port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	cat >prometheus.yml <<-END
		global: {scrape_interval: 1s}
		scrape_configs:
		  - job_name: leastcap
		    honor_labels: true
		    static_configs: [{targets: [$(head -n -1 nodes | paste -sd ,)]}]
		  - job_name: labelled
		    static_configs: [{targets: ["$(tail -n 1 nodes)"], labels: {namespace: monitoring, container: leastcap, pod: leastcap-x2x7k}}]
	END
	prometheus --config.file=prometheus.yml --storage.tsdb.path=data --web.listen-address="127.0.0.1:$port" >prometheus.log 2>&1 &
	URL=http://127.0.0.1:$port
	wait_until nodes_are_there 3
}

# Has Prometheus asked that many nodes?
nodes_are_there() {
	[[ $(curl --silent --max-time 5 "$URL/api/v1/query" --data-urlencode 'query=count(leastcap_info)' | jq -r '.data.result[0].value[1]') == "$1" ]]
}

test_the_list_of_a_workload_is_the_union_over_all_nodes() {
	local last
	command -v prometheus >/dev/null || skip "there is no prometheus"
	as_pod chown_container web-7d4b9c6f5d-x2x7k
	as_pod nginx_container web-7d4b9c6f5d-bcdfg
	as_pod ping_container web-7d4b9c6f5d-hjklm
	for pod in x2x7k bcdfg hjklm; do
		serve_node "web-7d4b9c6f5d-$pod.json"
	done
	last=$NODE
	start_prometheus
	"$LEASTCAP" merge -o merged.json web-*.json
	assert_eq "$("$LEASTCAP" report --prometheus "$URL" --since 1h -f docker | grep -v '^#')" "$("$LEASTCAP" report -f docker merged.json | grep -v '^#')" "the lists"
	"$LEASTCAP" report --prometheus "$URL" --json >told.json
	for list in cap_add verify granted unused wanted; do
		assert_eq "$(query told.json leastcap-fixture .$list)" "$(query merged.json leastcap-fixture .$list)" "$list"
	done
	# A scrape is enough, and who is not there any more is not forgotten.
	kill "$last"
	wait_until nodes_are_there 2
	assert_match "$("$LEASTCAP" report --prometheus "$URL" --target app -f docker)" '--cap-add=CHOWN .*--cap-add=NET_RAW' "the list"
	"$LEASTCAP" report --prometheus "$URL" --by workload -f kubernetes >web.yaml
	assert_match "$(<web.yaml)" $'kind: Deployment\nmetadata:\n  name: "web"\n  namespace: "shop"' "the manifest"
	assert_match "$(<web.yaml)" '^# From Prometheus at http://127' "the first line"
	assert_no_match "$(<web.yaml)" 'allowPrivilegeEscalation' "what nobody can know"
	assert_match "$("$LEASTCAP" report --prometheus "$URL" | head -n 1)" '^From Prometheus at http://127.*: which programs asked, and in which calls, is not known' "the first line"
	assert_match "$("$LEASTCAP" explain --prometheus "$URL" NET_RAW --target app)" 'NET_RAW' "the story"
	assert_eq "$(status_of "$LEASTCAP" check --prometheus "$URL" --allow web.yaml --target app -o said)" 0 "the gate's exit status"
	sed 's/, NET_RAW//' web.yaml >narrow.yaml
	assert_eq "$(status_of "$LEASTCAP" check --prometheus "$URL" --allow narrow.yaml --target app -o said)" 1 "the gate's exit status"
	assert_match "$(<said)" 'NET_RAW' "what the gate says"
	assert_eq "$("$LEASTCAP" diff --prometheus "$URL" merged.json)" "" "the difference"
	for format in $("$LEASTCAP" report -f list | awk '{ print $1 }'); do
		"$LEASTCAP" report --prometheus "$URL" -f "$format" >"report.$format"
		[[ -s report.$format ]] || fail "-f $format is empty"
	done
}

test_whatever_does_not_answer_as_a_prometheus_is_said_in_one_line() {
	local mode said
	start_fake
	while IFS=: read -r mode said; do
		assert_refused 2 "$said" "$LEASTCAP" report --prometheus "$URL/$mode"
	done <<-'END'
		html:answers with something else than JSON
		missing:HTTP status 404.*is the address right
		elsewhere:HTTP status 302
		bad:Prometheus says: no\\n\\033\[31msuch thing
		garbled:is none that leastcap could have asked for
		empty:no series of leastcap's in this time
		endless:more than 64 MiB
		newer:'TELEPORT'.*newer leastcap
		busy:would load too many samples
		token:refuses to answer \(HTTP status 401\): --prometheus-config
	END
	assert_refused 2 'cannot be asked: .*(refused|connect)' "$LEASTCAP" report --prometheus http://127.0.0.1:1
	assert_refused 2 'one of the two' "$LEASTCAP" report --prometheus "$URL" --store x
	assert_refused 2 'one of the two' "$LEASTCAP" report --prometheus "$URL" x.json
	assert_refused 2 'is no address' "$LEASTCAP" report --prometheus prometheus:9090
	assert_refused 2 'others can read' "$LEASTCAP" report --prometheus http://me:secret@127.0.0.1:1
	assert_refused 2 'goes with --prometheus' "$LEASTCAP" report --by workload x.json
	assert_refused 2 'to come' "$LEASTCAP" report --prometheus "$URL" --since 2126-01-01
}

test_what_is_too_much_at_once_is_asked_for_in_parts() {
	start_fake
	assert_match "$("$LEASTCAP" report --prometheus "$URL/small" --since 30d -f docker)" '--cap-add=CHOWN --cap-add=KILL$' "the list"
}

test_what_prometheus_warns_of_is_passed_on() {
	start_fake
	assert_match "$("$LEASTCAP" report --prometheus "$URL/warns" 2>&1 >/dev/null)" 'Prometheus warns: half of it is not here' "what is said"
}

test_who_asks_is_said_in_the_words_of_prometheus_own_configuration() {
	start_fake
	printf 'secret\n' >secret
	printf 'authorization: {credentials_file: secret}\n' >token.yml
	printf 'basic_auth:\n  username: me\n  password_file: secret\n' >password.yml
	printf 'http_headers:\n  X-Scope-OrgID: {values: [team]}\n' >tenant.yml
	for mode in token password tenant; do
		assert_match "$("$LEASTCAP" report --prometheus "$URL/$mode" --prometheus-config "$mode.yml" -f docker)" 'CHOWN' "the list"
	done
	printf 'basic_auth: {username: me}\n' >wrong.yml
	assert_refused 2 'wrong.yml:1: no secret is given' "$LEASTCAP" report --prometheus "$URL" --prometheus-config wrong.yml
	printf 'proxy_url: http://x\n' >wrong.yml
	assert_refused 2 'wrong.yml:1: this key is not known: proxy_url' "$LEASTCAP" report --prometheus "$URL" --prometheus-config wrong.yml
	printf 'tls_config: {ca_file: none.pem}\n' >wrong.yml
	assert_refused 2 'none.pem' "$LEASTCAP" report --prometheus "https${URL#http}" --prometheus-config wrong.yml
}

test_what_was_told_is_not_put_together_with_recordings() {
	start_fake
	"$LEASTCAP" report --prometheus "$URL" --json >told.json
	assert_refused 2 'told.json: is from Prometheus at ' "$LEASTCAP" merge told.json "$RECORDED/forks.json"
	assert_refused 2 'told.json: is from Prometheus at ' "$LEASTCAP" store import --store team told.json
	assert_match "$("$LEASTCAP" report -f docker told.json)" 'CHOWN' "the list"
}
