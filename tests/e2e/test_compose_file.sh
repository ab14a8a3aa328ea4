# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The patch of a project's own compose file: patch(1) applies it, Compose reads the result as it is meant.

CORPUS=$E2E/../unit/fixtures/compose

# patch_of FILE: what leastcap would change in it.
patch_of() {
	"$LEASTCAP" report -f compose --compose-file "$1" "$CORPUS/profile.json" 2>said
}

# granted FILE: per service what Compose reads, names in one spelling. A file without images gets them from another one.
granted() {
	local files=(-f "$1")
	[[ $1 != empty* ]] || files+=(-f other/images.yaml)
	"$DOCKER" compose -p shop "${files[@]}" config --format json 2>complaints |
		jq -Sc '.services | map_values({
			add: (.cap_add // [] | map(ascii_upcase | ltrimstr("CAP_")) | sort),
			drop: (.cap_drop // [] | map(ascii_upcase | ltrimstr("CAP_"))),
			privileged: (.privileged | tostring | test("true|yes|on"))})' || fail "$1: $(cat complaints)"
}

# recorded: the same of what the profile says.
recorded() {
	jq -Sc '.targets | group_by(.service) | map({
		key: .[0].service,
		value: {add: (map(.cap_add) | add | sort), drop: ["ALL"], privileged: false}}) | from_entries' "$CORPUS/profile.json"
}

# expected FILE: what the services of FILE are to be granted: what was recorded, or else what they were.
expected() {
	granted "$1" | jq -Sc --argjson recorded "$(recorded)" 'with_entries(.value = ($recorded[.key] // .value))'
}

test_each_compose_file_of_the_corpus_is_granted_what_was_recorded_after_its_patch() {
	local file wanted n=0
	"$DOCKER" compose version >/dev/null || skip "no Docker Compose"
	cp -r "$CORPUS"/. .
	for file in *.yaml; do
		[[ $file != refused-* ]] || continue
		wanted=$(expected "$file")
		patch_of "$file" >"$file.diff"
		[[ ! -s $file.diff ]] || patch --silent --fuzz=0 -p1 <"$file.diff"
		assert_eq "$(granted "$file")" "$wanted" "what Compose reads in $file"
		assert_eq "$(patch_of "$file")" "" "the patch of $file, patched"
		n=$((n + 1))
	done
	((n >= 25)) || fail "only $n files were tried"
}

test_a_file_that_is_as_it_should_be_gives_nothing_on_standard_output_and_says_so() {
	cp "$CORPUS/done.yaml" compose.yaml
	assert_eq "$(patch_of compose.yaml)" "" "the patch"
	assert_match "$(cat said)" 'leastcap: compose.yaml: nothing to change' "what is said"
}

test_a_service_that_cannot_be_changed_is_named_and_the_others_are_patched() {
	local status=0
	cp "$CORPUS/refused-unrecorded.yaml" compose.yaml
	patch_of compose.yaml >caps.diff || status=$?
	assert_eq "$status" 1 "the exit status"
	assert_match "$(cat said)" 'compose.yaml:2: web is left as it is: .* not recorded: cron' "what is said"
	patch --silent --fuzz=0 -p1 <caps.diff
	assert_match "$(cat compose.yaml)" 'cap_add: \[CHOWN, SETGID, SETUID\]' "the service that could"
}

test_bad_yaml_is_refused_with_its_line_and_column() {
	printf 'services:\n  web:\n\timage: nginx\n' >compose.yaml
	assert_refused 2 'compose.yaml:3:1: ' "$LEASTCAP" report -f compose --compose-file compose.yaml "$CORPUS/profile.json"
	assert_refused 2 'none.yaml: No such file' "$LEASTCAP" report -f compose --compose-file none.yaml "$CORPUS/profile.json"
	assert_refused 2 'goes with -f compose' "$LEASTCAP" report --compose-file compose.yaml "$CORPUS/profile.json"
}

test_the_patch_goes_to_a_file_and_a_lost_check_is_said_and_shown_by_the_exit_status() {
	local status=0
	cp "$CORPUS/plain.yaml" compose.yaml
	jq '.lost = 3' "$CORPUS/profile.json" >lost.json
	"$LEASTCAP" report -f compose --compose-file compose.yaml -o out.diff lost.json 2>said || status=$?
	assert_eq "$status" 3 "the exit status"
	assert_match "$(cat said)" 'INCOMPLETE: 3 checks were lost' "what is said"
	patch --silent --fuzz=0 -p1 <out.diff
	assert_eq "$(patch_of compose.yaml)" "" "the patch of the patched file"
}
