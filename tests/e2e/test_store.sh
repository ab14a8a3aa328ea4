# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# One list from many recordings: what CI runs and hosts have seen goes into a store, and reports, gates and stories come out of it.

RECORDED=$ROOT/tests/unit/fixtures

# Imports the recordings NAME… to ./team.
import() {
	local files=() name
	for name in "$@"; do
		files+=("$RECORDED/$name.json")
	done
	"$LEASTCAP" store import --store team "${files[@]}"
}

test_the_list_rests_on_all_recordings() {
	import chown_container ping_container
	"$LEASTCAP" merge -o all.json "$RECORDED/chown_container.json" "$RECORDED/ping_container.json"
	assert_eq "$("$LEASTCAP" report --store team -f docker)" "$("$LEASTCAP" report -f docker all.json)" "the list"
	assert_match "$("$LEASTCAP" report --store team -f docker)" 'CHOWN.*NET_RAW' "the list"
	"$LEASTCAP" store export --store team -o exported.json
	assert_eq "$("$LEASTCAP" diff --json exported.json all.json)" "$("$LEASTCAP" diff --json all.json all.json)" "the difference"
}

test_the_same_recording_counts_once() {
	local before
	import chown_container
	before=$("$LEASTCAP" store export --store team)
	assert_match "$(import chown_container 2>&1)" 'chown_container.json: is in the store already' "what is said"
	assert_eq "$("$LEASTCAP" store export --store team)" "$before" "what is in the store"
}

test_a_gate_and_a_story_take_the_store() {
	import ping_container
	cat >compose.yaml <<-'END'
		services: {web: {container_name: leastcap-fixture, image: alpine, cap_drop: [ALL]}}
	END
	assert_eq "$(status_of "$LEASTCAP" check --allow compose.yaml --store team 2>said)" 1 "the exit status"
	assert_match "$(<said)" 'NET_RAW' "what the gate says"
	assert_match "$("$LEASTCAP" explain --store team NET_RAW)" 'NET_RAW' "the story"
	assert_match "$("$LEASTCAP" explain NET_RAW --store team)" 'NET_RAW' "the story"
}

test_only_what_is_young_enough_counts() {
	import chown_container
	# What was recorded in November 2026 is older than a second.
	assert_match "$("$LEASTCAP" report --store team --since 1s)" 'nothing was recorded' "the report"
	assert_match "$("$LEASTCAP" report --store team --since 2026-11-01)" 'CHOWN' "the report"
	assert_match "$("$LEASTCAP" store forget --store team --keep 1s 2>&1)" 'forgot [0-9]+ pieces' "what is forgotten"
	assert_match "$("$LEASTCAP" report --store team)" 'nothing was recorded' "the report"
}

test_what_is_no_store_is_said_in_one_line_and_left_alone() {
	local mistake
	mkdir -p none text
	for mistake in {1..100}; do
		echo "this is no store, $mistake"
	done >text/leastcap.db
	cp text/leastcap.db before
	for mistake in 'report --store none' 'report --store text' 'store import --store text '"$RECORDED/forks.json" 'report --since 3d x.json' \
		'report --store text x.json' 'report --store text --since x' 'store' 'store forge' 'store forget --store text' \
		'store forget --size 3X' 'store export more' 'store import' 'diff --store text'; do
		# shellcheck disable=SC2086
		assert_refused 2 'leastcap: .' "$LEASTCAP" $mistake
	done
	assert_match "$("$LEASTCAP" report --store none 2>&1)" 'none/leastcap.db: there is no store' "what is said"
	cmp text/leastcap.db before
}

test_killed_in_the_middle_of_an_import_a_store_has_all_of_a_profile_or_nothing() {
	local i n
	import chown_container
	jq '.targets[0] as $one | .targets = [range(300) as $i | $one | .name = "web\($i)"]' "$RECORDED/nginx_container.json" >big.json
	for i in {1..8}; do
		status_of timeout -s KILL "0.$i" "$LEASTCAP" store import --store team big.json 2>>said >>said
		n=$("$LEASTCAP" store export --store team | jq '.targets | length')
		[[ $n == 1 || $n == 301 ]] || fail "$n targets are in the store"
	done
	"$LEASTCAP" store import --store team big.json
	assert_eq "$("$LEASTCAP" store export --store team | jq '.targets | length')" 301 "targets"
}

test_what_is_new_is_told_once() {
	local watch
	import chown_container
	"$LEASTCAP" watch --store team >told &
	watch=$!
	# It has looked when it waits for the first time.
	wait_until sleeps "$watch"
	import ping_container forks nginx_container
	wait_until grep -q 'NET_RAW used: ' told
	wait_until grep -q 'SETUID used: ' told
	kill "$watch"
	assert_no_match "$(<told)" 'CHOWN' "what is told of what was there before"
	assert_eq "$(sort told | uniq -d)" "" "what is told twice"
}

sleeps() {
	[[ $(<"/proc/$1/wchan") == *nanosleep* ]]
}

test_what_was_new_since_a_day_is_told_in_lines_and_in_json() {
	import chown_container ping_container
	assert_match "$("$LEASTCAP" watch --store team --since 2026-11-01 --once)" \
		$'2026-11-22 [0-9:]{8} UTC  leastcap-fixture \(leastcap-test:[0-9a-f]+\): CHOWN used: .*chown' "what is told"
	assert_eq "$("$LEASTCAP" watch --store team --since 2026-11-25 --once)" "" "what is told of later days"
	"$LEASTCAP" watch --store team --since 2026-11-01 --once --json >news.json
	assert_eq "$(jq -r .capability news.json | sort -u | tr '\n' ' ')" "CHOWN NET_RAW " "the capabilities"
}
