# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a fleet is set up with: rules for Prometheus, a dashboard for Grafana.

DEPLOY=$ROOT/scripts/deploy
RECORDED=$ROOT/tests/unit/fixtures

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
