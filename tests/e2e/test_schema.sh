# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The schemas of leastcap's JSON (src/*/*.schema.json): what every command writes has what they require and nothing else, and
# what they allow is read.

# As scripts/setup.
VALIDATORS=/usr/local/lib/leastcap-test

# keeps_to FILE SCHEMA: each JSON document in FILE.
keeps_to() {
	jq -s . "$1" | "$E2E/validate" "$VALIDATORS" ours "$ROOT"/src/*/leastcap-"$2"-1.schema.json
}

assert_keeps_to() {
	keeps_to "$1" "$2" || fail "$1 is not what the schema leastcap-$2/1 says"
}

record_chown() {
	"$LEASTCAP" run -k -q -o "$1" -- chown nobody "$TEST_DIR"
}

test_what_is_recorded_merged_and_reported_keeps_to_the_schema() {
	record_chown run.json
	"$LEASTCAP" record -q -o record.json -- chown nobody "$TEST_DIR"
	"$LEASTCAP" merge run.json record.json -o merge.json
	"$LEASTCAP" report -f json merge.json >report.json
	"$LEASTCAP" report -f json - <report.json >again.json
	for file in run record merge report again; do
		assert_keeps_to "$file.json" profile
	done
}

test_what_an_audit_writes_keeps_to_the_schema() {
	start_container leastcap-schema-busy "$IMAGE" sh -c ': >/x; while :; do chown nobody /x; chown root /x; sleep 0.1; done'
	start_container leastcap-schema-user --user www-data --security-opt no-new-privileges "$IMAGE" sleep 300
	"$LEASTCAP" audit --services -f json >audit.json
	"$LEASTCAP" audit --for 1s -q -f json >watched.json
	assert_keeps_to audit.json profile
	assert_keeps_to watched.json profile
}

test_recorded_fixtures_keep_to_the_schema() {
	cat "$ROOT"/tests/unit/fixtures/*.json >fixtures.json
	assert_keeps_to fixtures.json profile
}

test_what_check_diff_doctor_explain_trace_and_watch_write_keeps_to_the_schemas() {
	record_chown new.json
	jq '.targets[0].cap_add = ["KILL"]' new.json >old.json
	"$LEASTCAP" diff --json old.json new.json >diff.json || [[ $? == 1 ]]
	jq '{accepted: [{name: .targets[0].name, capabilities: ["CHOWN", "NET_RAW"], reason: "r", owner: "o", expires: "9999-12-31"}]}' new.json >base.yaml
	"$LEASTCAP" check --json --strict --require-proof --baseline base.yaml --allow old.json new.json >check.json || [[ $? == 1 ]]
	assert_eq "$(jq -r '[.findings[].kind] | unique | join(" ")' check.json)" "needed stale unproven unused" "the kinds of findings"
	assert_eq "$(jq -r '[.findings[] | select(.accepted) | .kind] | join(" ")' check.json)" "needed stale" "what the baseline is named for"
	"$LEASTCAP" doctor --json >doctor.json || [[ $? -le 2 ]]
	"$LEASTCAP" record -k -q -o refused.json -- sh -c 'chown nobody "$0"; "$1" 1' "$TEST_DIR" "$PROGRAMS/refused_often"
	{
		"$LEASTCAP" explain --json new.json
		"$LEASTCAP" explain --json refused.json
		"$LEASTCAP" explain -f json refused.json CHOWN KILL getpgid
	} >explain.json
	"$LEASTCAP" trace -k -v --output-format=json -o trace.json -- \
		sh -c 'chown nobody "$0"; "$1" 1' "$TEST_DIR" "$PROGRAMS/refused_often"
	"$LEASTCAP" store import --store team new.json
	"$LEASTCAP" watch --store team --since 2026-01-01 --once --json >news.json
	for schema in check diff doctor explain news trace; do
		assert_keeps_to "$schema.json" "$schema"
	done
}

test_what_caps_and_the_tables_of_trace_write_keeps_to_the_schemas() {
	{
		"$LEASTCAP" caps --json
		"$LEASTCAP" caps --json MKNOD BPF
		"$LEASTCAP" caps --json --decode 3
		"$LEASTCAP" caps --json --pid $$
		"$LEASTCAP" caps --json --engine podman --user 1000 --cap-add ALL
	} >caps.json
	assert_keeps_to caps.json caps
	"$LEASTCAP" trace -c --json -o summary.json -- sh -c 'chown nobody "$0"; "$1" 1' "$TEST_DIR" "$PROGRAMS/refused_often"
	assert_eq "$(jq -c 'select(.cap == "CHOWN")' summary.json)" '{"cap":"CHOWN","granted":1,"denied":0,"syscall":"fchownat"}' "a row of checks"
	assert_eq "$(jq -c 'select(.syscall == "getpgid")' summary.json)" '{"cause":"filter","refused":1,"caps":[],"syscall":"getpgid"}' "a row of refused calls"
	assert_keeps_to summary.json trace-summary
}

test_a_field_that_no_schema_names_would_be_noticed() {
	record_chown run.json
	jq '.targets[0].evidence[0].new = 1' run.json >named.json
	! keeps_to named.json profile || fail "a field that the schema does not name is taken"
	jq 'del(.targets[0].granted)' run.json >lacking.json
	! keeps_to lacking.json profile || fail "a profile without a required field is taken"
}

test_a_profile_with_fields_of_a_later_version_is_read() {
	record_chown run.json
	jq '.later = 1 | .targets[0].later = {} | .targets[0].evidence[0].later = []' run.json >later.json
	assert_eq "$("$LEASTCAP" report -f docker later.json)" "$("$LEASTCAP" report -f docker run.json)" "the report"
}
