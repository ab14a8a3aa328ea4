# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Policies and sets: a gate for continuous integration, the review of a change, profiles of many runs in one.

FIXTURES=$ROOT/tests/unit/fixtures
NGINX=$FIXTURES/nginx_container.json
PING=$FIXTURES/ping_container.json

# As scripts/setup.
VALIDATORS=/usr/local/lib/leastcap-test

# assert_output STATUS EXPECTED COMMAND...: COMMAND ends with STATUS, and prints this.
assert_output() {
	local expected=$1 text=$2 status=0 output
	shift 2
	output=$("$@" 2>"$TEST_DIR/errors") || status=$?
	assert_eq "$output" "$text" "the output of '$*'"
	assert_eq "$status" "$expected" "the exit status of '$*' ($(<"$TEST_DIR/errors"))"
}

# compose_file CAPABILITY...: what the service of the recorded container may hold.
compose_file() {
	printf 'services:\n  leastcap-fixture:\n    image: nginx\n    cap_drop: [ALL]\n    cap_add:\n'
	printf '      - %s\n' "$@"
}

manifest() {
	cat <<-'YAML'
		apiVersion: v1
		kind: Service
		metadata: {name: shop}
		---
		apiVersion: apps/v1
		kind: Deployment
		metadata: {name: shop}
		spec:
		  template:
		    spec:
		      containers:
		      - name: leastcap-fixture
		        securityContext:
		          capabilities:
		            drop: [ALL]
		            add:
		            - CHOWN
		            - DAC_OVERRIDE
		            - SETGID
	YAML
}

test_a_container_within_its_compose_file_passes() {
	compose_file CHOWN CAP_DAC_OVERRIDE setgid SETUID >compose.yaml
	assert_output 0 "1 service keeps within compose.yaml" "$LEASTCAP" check --allow compose.yaml "$NGINX"
}

test_a_container_that_needs_more_fails_with_who_what_and_where() {
	compose_file CHOWN DAC_OVERRIDE SETGID >compose.yaml
	assert_output 1 "compose.yaml:6: leastcap-fixture (leastcap-test:a024181f18c2): needs SETUID, which is not allowed: \
/usr/sbin/nginx setuid uid 33; add it to cap_add of service leastcap-fixture" \
		"$LEASTCAP" check --allow compose.yaml "$NGINX"
}

test_a_container_that_needs_more_than_its_manifest_fails() {
	manifest >deployment.yaml
	assert_output 1 "deployment.yaml:17: leastcap-fixture (leastcap-test:a024181f18c2): needs SETUID, which is not allowed: \
/usr/sbin/nginx setuid uid 33; add it to securityContext.capabilities.add of Deployment shop, container leastcap-fixture" \
		"$LEASTCAP" check --allow deployment.yaml "$NGINX"
}

test_manifests_may_be_several_files() {
	manifest >deployment.yaml
	manifest | sed 's/leastcap-fixture/other/' >other.yaml
	assert_eq "$(status_of "$LEASTCAP" check --allow other.yaml --allow deployment.yaml "$NGINX")" 1 "the exit status"
	assert_match "$("$LEASTCAP" check --allow other.yaml --allow deployment.yaml "$NGINX" || true)" \
		'^deployment.yaml:17: leastcap-fixture [^ ]+ needs SETUID' "the place"
	sed -i '$a\            - SETUID' deployment.yaml
	assert_output 0 "1 container keeps within other.yaml and 1 more file; 1 was not recorded: shop/other" \
		"$LEASTCAP" check --allow other.yaml --allow deployment.yaml "$NGINX"
	assert_eq "$("$LEASTCAP" check --json --allow other.yaml --allow deployment.yaml "$NGINX" | jq -c '[.file, (.entries[] | [.file, .recorded])]')" \
		'["other.yaml",[null,false],["deployment.yaml",true]]' "the entries"
	compose_file CHOWN >compose.yaml
	assert_refused 2 'compose.yaml: only Kubernetes manifests may be several files' "$LEASTCAP" check --allow other.yaml --allow compose.yaml "$NGINX"
}

test_an_earlier_profile_is_a_policy() {
	assert_output 0 "1 target keeps within $NGINX" "$LEASTCAP" check --allow "$NGINX" "$NGINX"
	assert_match "$("$LEASTCAP" check --allow "$NGINX" "$PING" || true)" "targets\[0\]" "where it goes"
	assert_eq "$(status_of "$LEASTCAP" check --allow "$NGINX" "$PING")" 1 "the exit status"
}

test_strict_fails_on_what_nothing_needed() {
	compose_file CHOWN DAC_OVERRIDE SETGID SETUID SYS_TIME >compose.yaml
	assert_output 0 "1 service keeps within compose.yaml" "$LEASTCAP" check --allow compose.yaml "$NGINX"
	assert_output 1 "compose.yaml:6: service leastcap-fixture: allows SYS_TIME, which nothing needed" \
		"$LEASTCAP" check --strict --allow compose.yaml "$NGINX"
}

# baseline LAST_DAY: what is accepted of the recorded container.
baseline() {
	printf 'accepted:\n  - name: leastcap-fixture\n    capabilities: [SETUID]\n    reason: until the image is rebuilt\n    owner: web@example.org\n    expires: %s\n' "$1"
}

test_what_the_baseline_accepts_passes_until_its_last_day() {
	compose_file CHOWN DAC_OVERRIDE SETGID >compose.yaml
	baseline 9999-12-31 >.leastcap-baseline.yaml
	assert_output 0 "compose.yaml:6: note: leastcap-fixture (leastcap-test:a024181f18c2): needs SETUID, which is not allowed: \
/usr/sbin/nginx setuid uid 33; accepted until 9999-12-31 by web@example.org: until the image is rebuilt
1 service keeps within compose.yaml; 1 finding is accepted by .leastcap-baseline.yaml" \
		"$LEASTCAP" check --allow compose.yaml "$NGINX"
	assert_eq "$(status_of "$LEASTCAP" check --no-baseline --allow compose.yaml "$NGINX")" 1 "the exit status without the baseline"
	"$LEASTCAP" check -f sarif --allow compose.yaml "$NGINX" >check.sarif
	assert_eq "$(jq -c '.runs[0].results | map([.level, .suppressions[0].kind])' check.sarif)" '[["note","external"]]' "the alerts"
	baseline 2020-12-31 >over.yaml
	assert_output 1 "compose.yaml:6: leastcap-fixture (leastcap-test:a024181f18c2): needs SETUID, which is not allowed: \
/usr/sbin/nginx setuid uid 33; add it to cap_add of service leastcap-fixture; was accepted until 2020-12-31 by web@example.org: until the image is rebuilt" \
		"$LEASTCAP" check --baseline over.yaml --allow compose.yaml "$NGINX"
	[[ -e $VALIDATORS/schemas ]] || skip "the schemas are not installed: run scripts/setup test"
	"$E2E/validate" "$VALIDATORS" sarif <check.sarif
}

test_what_the_baseline_accepts_for_nothing_is_told() {
	compose_file CHOWN DAC_OVERRIDE SETGID SETUID >compose.yaml
	baseline 9999-12-31 | sed 's/SETUID/KILL/' >.leastcap-baseline.yaml
	assert_output 0 ".leastcap-baseline.yaml:2: note: leastcap-fixture: nothing needs KILL, which is accepted until 9999-12-31 by web@example.org: until the image is rebuilt
1 service keeps within compose.yaml" "$LEASTCAP" check --allow compose.yaml "$NGINX"
	assert_eq "$(status_of "$LEASTCAP" check --strict --allow compose.yaml "$NGINX")" 1 "the exit status of --strict"
}

test_a_baseline_that_is_none_is_refused() {
	compose_file CHOWN >compose.yaml
	baseline tomorrow >.leastcap-baseline.yaml
	assert_refused 2 ".leastcap-baseline.yaml:6: 'tomorrow' is no day" "$LEASTCAP" check --allow compose.yaml "$NGINX"
	baseline 9999-12-31 | grep -v owner >.leastcap-baseline.yaml
	assert_refused 2 '.leastcap-baseline.yaml:2: owner is missing' "$LEASTCAP" check --allow compose.yaml "$NGINX"
	assert_refused 2 'none.yaml' "$LEASTCAP" check --baseline none.yaml --allow compose.yaml "$NGINX"
}

# One run of the gate for each program that reads it.
test_programs_read_what_the_gate_found() {
	compose_file CHOWN DAC_OVERRIDE SETGID >compose.yaml
	mkdir .git tests
	(
		cd tests || exit
		for format in json junit sarif github gitlab; do
			assert_eq "$(status_of "$LEASTCAP" check -f $format -o "../check.$format" --allow ../compose.yaml "$NGINX")" 1 "the exit status of $format"
		done
		("$LEASTCAP" check --json --allow ../compose.yaml "$NGINX" || true) | cmp - ../check.json
	)
	assert_eq "$(jq -c '[.passed, (.findings[] | [.kind, .line, .capabilities[0]])]' check.json)" '[false,["needed",6,"SETUID"]]' "the finding in JSON"
	assert_eq "$(python3 -c 'import sys, xml.etree.ElementTree as e
suite = e.parse(sys.argv[1]).getroot()[0]
print(suite.get("tests"), suite.get("failures"), suite[0].get("name"), suite[0].get("line"), suite[0][0].get("type"))' check.junit)" \
		"1 1 service leastcap-fixture 6 needed" "the case in JUnit's XML"
	assert_eq "$(jq -c '.runs[0].results | map([.ruleId, .level, (.locations[0].physicalLocation | .artifactLocation.uri, .region.startLine)])' check.sarif)" \
		'[["CAP_SETUID","error","compose.yaml",6]]' "the alerts, from the root of the repository"
	assert_match "$(<check.github)" '^::error file=compose\.yaml,line=6,title=leastcap::leastcap-fixture \([^ ]+\): needs SETUID, which' "the workflow command"
	assert_one_line "$(<check.github)" "the workflow commands"
	assert_eq "$(jq -c 'map([.severity, .location.path, .location.lines.begin])' check.gitlab)" '[["major","compose.yaml",6]]' "the issues for GitLab"
	assert_refused 2 "did you mean 'sarif'" "$LEASTCAP" check -f sarf --allow compose.yaml "$NGINX"
	[[ -e $VALIDATORS/schemas ]] || skip "the schemas are not installed: run scripts/setup test"
	"$E2E/validate" "$VALIDATORS" sarif <check.sarif
	"$E2E/validate" "$VALIDATORS" gitlab <check.gitlab
	"$LEASTCAP" check -f sarif --no-wanted --allow compose.yaml "$FIXTURES/ping_refused_container.json" >passed.sarif
	assert_eq "$(jq '.runs[0].results | length' passed.sarif)" 0 "the alerts of a check that passed"
	"$E2E/validate" "$VALIDATORS" sarif <passed.sarif
}

test_several_profiles_are_merged_first() {
	compose_file CHOWN DAC_OVERRIDE SETGID SETUID NET_RAW >compose.yaml
	assert_output 0 "1 service keeps within compose.yaml" "$LEASTCAP" check --strict --allow compose.yaml "$NGINX" "$PING"
}

test_what_the_file_does_not_know_fails_unless_it_is_ignored() {
	compose_file CHOWN >compose.yaml
	sed -i 's/leastcap-fixture:/web:/' compose.yaml
	assert_output 1 "compose.yaml: leastcap-fixture (leastcap-test:a024181f18c2): no service of this file is meant for it; \
it needs NET_RAW" "$LEASTCAP" check --allow compose.yaml "$PING"
	assert_output 0 "" "$LEASTCAP" check --ignore-unknown --allow compose.yaml "$PING"
}

test_a_denied_capability_fails_unless_it_is_passed_over() {
	local refused=$FIXTURES/ping_refused_container.json
	compose_file DAC_OVERRIDE >compose.yaml
	assert_match "$("$LEASTCAP" check --allow compose.yaml "$refused" || true)" \
		"^compose.yaml:6: leastcap-fixture [^ ]+ was denied NET_RAW, which is not allowed: .*; add it to cap_add" "what is said"
	assert_eq "$(status_of "$LEASTCAP" check --allow compose.yaml "$refused")" 1 "the exit status"
	assert_output 0 "1 service keeps within compose.yaml" "$LEASTCAP" check --no-wanted --allow compose.yaml "$refused"
	assert_output 0 "1 service keeps within compose.yaml" "$LEASTCAP" check --no-wanted=NET_RAW,CHOWN --allow compose.yaml "$refused"
	assert_eq "$(status_of "$LEASTCAP" check --no-wanted=CHOWN --allow compose.yaml "$refused")" 1 "the exit status for another one"
	assert_refused 2 "no-wanted: 'NET_RWA' is no capability" "$LEASTCAP" check --no-wanted=NET_RWA --allow compose.yaml "$refused"
}

test_lost_checks_are_told_apart_from_success() {
	jq '.lost = 5' "$NGINX" >lossy.json
	compose_file CHOWN DAC_OVERRIDE SETGID SETUID >compose.yaml
	assert_output 3 "" "$LEASTCAP" check --allow compose.yaml lossy.json
	compose_file CHOWN >compose.yaml
	assert_eq "$(status_of "$LEASTCAP" check --allow compose.yaml lossy.json)" 1 "the exit status when it fails too"
}

test_bad_input_is_refused_in_one_line() {
	compose_file NET_ADMN >compose.yaml
	assert_refused 2 "compose.yaml:6: .*did you mean NET_ADMIN" "$LEASTCAP" check --allow compose.yaml "$NGINX"
	assert_refused 2 "no-such-file" "$LEASTCAP" check --allow no-such-file "$NGINX"
	assert_refused 2 "compose.yaml" "$LEASTCAP" check --allow "$NGINX" compose.yaml
	assert_refused 2 "--allow is missing" "$LEASTCAP" check "$NGINX"
	assert_refused 2 "did you mean 'docker'" "$LEASTCAP" check --engine dockr --allow "$NGINX" "$NGINX"
	jq 'del(.host.hook) | .targets[0].rating = {level: "reduced"}' "$NGINX" >audit.json
	assert_refused 2 "audit.json: this audit watched nothing" "$LEASTCAP" check --allow "$NGINX" audit.json
	assert_refused 2 "audit.json: this audit watched nothing" "$LEASTCAP" check --allow audit.json "$NGINX"
	assert_refused 2 "two profiles" "$LEASTCAP" diff "$NGINX"
	assert_refused 2 "no profile given" "$LEASTCAP" merge -o x.json
}

test_a_gate_holds_for_a_real_recording() {
	: >file
	"$LEASTCAP" run -q -o before.json -- sh -c 'true'
	"$LEASTCAP" run -q -o after.json -- sh -c 'chown nobody file; true'
	assert_output 0 "1 target keeps within before.json" "$LEASTCAP" check --allow before.json before.json
	assert_eq "$(status_of "$LEASTCAP" check --allow before.json after.json)" 1 "the exit status"
	assert_match "$("$LEASTCAP" check --allow before.json after.json || true)" \
		"^before.json: sh \(command\): needs CHOWN, which is not allowed: /.*chown fchownat " "what is said"
	assert_match "$("$LEASTCAP" diff before.json after.json || true)" "\+ CHOWN +needed: /.*chown fchownat " "the review"
}

test_a_review_shows_what_came_and_what_went() {
	assert_output 1 "leastcap-fixture (leastcap-test:a024181f18c2)
  + CHOWN         needed: /usr/sbin/nginx chown /var/lib/nginx/body
  + DAC_OVERRIDE  needed: /usr/sbin/nginx openat /var/log/nginx/error.log
  + SETGID        needed: /usr/sbin/nginx setgid gid 33
  + SETUID        needed: /usr/sbin/nginx setuid uid 33
  - NET_RAW       no longer needed
  + granted, never used: SETPCAP, NET_RAW" "$LEASTCAP" diff "$PING" "$NGINX"
}

test_profiles_with_the_same_lists_do_not_differ() {
	jq '.targets[0].evidence[0].count += 7 | .targets[0].id = "0000"' "$NGINX" >again.json
	assert_output 0 "" "$LEASTCAP" diff "$NGINX" again.json
	assert_eq "$("$LEASTCAP" diff --json "$NGINX" again.json | jq -c .targets)" "[]" "the targets"
}

test_a_program_reads_the_difference() {
	assert_eq "$("$LEASTCAP" diff --json "$NGINX" "$PING" | jq -c '.targets[0].cap_add | [.added[].cap, .removed[].cap]')" \
		'["NET_RAW","CHOWN","DAC_OVERRIDE","SETGID","SETUID"]' "what differs"
}

test_colour_only_on_a_terminal_and_without_no_color() {
	local diff="'$LEASTCAP' diff '$NGINX' '$PING'"
	assert_match "$(unset NO_COLOR && TERM=xterm script --quiet --command "$diff" /dev/null </dev/null)" "$ESC" "on a terminal"
	assert_no_match "$(NO_COLOR=1 TERM=xterm script --quiet --command "$diff" /dev/null </dev/null)" "$ESC" "with NO_COLOR"
	assert_no_match "$("$LEASTCAP" diff "$NGINX" "$PING" || true)" "$ESC" "in a pipe"
}

test_profiles_of_two_runs_make_one() {
	"$LEASTCAP" merge "$NGINX" "$PING" -o both.json
	assert_list both.json leastcap-fixture "CHOWN DAC_OVERRIDE SETGID SETUID NET_RAW"
}

test_the_order_and_the_grouping_do_not_matter() {
	local secret=$FIXTURES/secret_container.json
	"$LEASTCAP" merge "$NGINX" "$PING" "$secret" -o all.json
	"$LEASTCAP" merge "$PING" "$secret" -o two.json
	"$LEASTCAP" merge two.json "$NGINX" -o - | cmp - all.json
}

test_the_merged_file_may_be_one_of_those_merged() {
	cp "$NGINX" all.json
	"$LEASTCAP" merge all.json "$PING" -o all.json
	assert_list all.json leastcap-fixture "CHOWN DAC_OVERRIDE SETGID SETUID NET_RAW"
	assert_eq "$(find . -name '*.leastcap-*')" "" "what was left beside it"
}

test_runs_that_made_names_up_are_merged_by_image() {
	jq '.targets[0].name = "brave_noether"' "$NGINX" >one.json
	jq '.targets[0].name = "calm_hopper"' "$PING" >two.json
	assert_eq "$("$LEASTCAP" merge one.json two.json | jq '.targets | length')" 2 "the targets by name"
	assert_eq "$("$LEASTCAP" merge --by-image one.json two.json | jq '.targets | length')" 1 "the targets by image"
}

test_a_thousand_profiles_are_merged_in_seconds() {
	local i
	for ((i = 0; i < 1000; i++)); do
		printf '%s\n' "$FIXTURES/nginx_container.json"
	done >names
	# shellcheck disable=SC2046
	timeout 30 "$LEASTCAP" merge $(<names) -o all.json
	assert_eq "$(query all.json leastcap-fixture '[.evidence[] | select(.class == "required" and .cap == "CHOWN").count] | add')" \
		5000 "the count"
}

test_hostile_names_break_neither_the_lines_nor_the_terminal() {
	jq '.targets[0] |= (.name = "web\n::error::x" | .image = "a\u001b[2J" | .evidence[].exe = "/bin/a\r::error::\u202e")' \
		"$NGINX" >hostile.json
	compose_file KILL >compose.yaml
	assert_eq "$("$LEASTCAP" check --allow compose.yaml hostile.json | grep -c '^::')" 0 "lines that a name made"
	assert_no_match "$("$LEASTCAP" check --allow compose.yaml hostile.json | LC_ALL=C tr -d '\n')" '[[:cntrl:]]' "the check"
	assert_no_match "$("$LEASTCAP" diff "$NGINX" hostile.json | LC_ALL=C tr -d '\n')" '[[:cntrl:]]' "the difference"
}
