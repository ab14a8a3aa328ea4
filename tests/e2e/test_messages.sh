# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a command says about a file that it can't read: one line, which names the file once.

# assert_named_once NAME ARGUMENT…: leastcap ARGUMENT… fails, with one line on standard error in which NAME stands once.
assert_named_once() {
	local name=$1 said
	shift
	said=$("$LEASTCAP" "$@" 2>&1 >/dev/null </dev/null) && fail "leastcap $* succeeded"
	assert_eq "$(wc -l <<<"$said")" 1 "the lines of leastcap $*: $said"
	assert_eq "$(grep -oF -- "$name" <<<"$said" | wc -l)" 1 "how often leastcap $* names $name: $said"
}

# Every command that reads a profile, with the profile in the place of FILE.
each_reader_of_a_profile() {
	local name=$1 file=$2
	assert_named_once "$name" report "$file"
	assert_named_once "$name" explain "$file"
	assert_named_once "$name" merge -o merged.json "$file" "$file"
	assert_named_once "$name" diff "$file" good.json
	assert_named_once "$name" diff good.json "$file"
	assert_named_once "$name" check --allow good.json "$file"
	assert_named_once "$name" check --allow "$file" good.json
}

make_a_good_profile() {
	: >file
	"$LEASTCAP" run -q -o good.json -- chown nobody file
}

test_a_profile_that_is_not_there_is_named_once() {
	make_a_good_profile
	each_reader_of_a_profile none.json none.json
}

test_a_file_that_is_no_profile_is_named_once() {
	make_a_good_profile
	echo '{"schema": "leastcap-profile/9"}' >bad.json
	each_reader_of_a_profile bad.json bad.json
}

test_a_directory_is_named_once() {
	make_a_good_profile
	mkdir folder
	each_reader_of_a_profile folder folder
}

test_standard_input_is_named_once() {
	make_a_good_profile
	assert_named_once "standard input" report -
	assert_named_once "standard input" explain -
	assert_named_once "standard input" merge -o merged.json - good.json
	assert_named_once "standard input" diff - good.json
	assert_named_once "standard input" check --allow good.json -
	assert_named_once "standard input" check --allow - good.json
}

test_a_policy_and_a_compose_file_are_named_once() {
	local file
	make_a_good_profile
	echo 'services: [' >broken.yaml
	echo 'services: {web: {cap_add: [NONSENSE]}}' >unknown.yaml
	printf 'apiVersion: v1\nkind: Pod\nspec: {containers: [{}]}\n' >pod.yaml
	for file in none.yaml broken.yaml unknown.yaml pod.yaml; do
		assert_named_once "$file" check --allow "$file" good.json
	done
	for file in none.yaml broken.yaml; do
		assert_named_once "$file" report -f compose --compose-file "$file" good.json
	done
	assert_named_once "compose file" report -f compose --compose-file - good.json
}

test_a_file_of_types_and_an_option_are_named_once() {
	assert_named_once none.btf record --btf none.btf --pid 1
	assert_named_once none.btf trace --btf none.btf -- true
	assert_named_once "-e:" trace -e nonsense -- true
	assert_named_once "-e:" trace -e cap=nonsense -- true
	assert_named_once "-e:" trace -e nonsense=1 -- true
}

test_a_place_that_cannot_be_written_is_named_once() {
	make_a_good_profile
	assert_named_once none/web.json report -o none/web.json good.json
	assert_named_once none/web.json merge -o none/web.json good.json good.json
	assert_named_once none/web.json run -o none/web.json -- true
	assert_named_once none/web.json trace -o none/web.json -- true
}
