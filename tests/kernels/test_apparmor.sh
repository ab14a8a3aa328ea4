# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What AppArmor refuses, on a kernel that runs with it. Runs by tests/e2e/child, in a test's own directory.

test_a_program_that_apparmor_confines_is_refused_by_its_profile() {
	local program=$PWD/confined
	[[ $(</sys/kernel/security/lsm) == *apparmor* ]] 2>/dev/null || skip "this kernel runs without AppArmor"
	[[ $(type -P apparmor_parser) ]] || skip "apparmor_parser is not installed"
	cp "$(type -P cat)" "$program"
	printf 'profile leastcap-test %s {\n\tfile rmix /**,\n\tdeny %s/secret r,\n\tcapability,\n\tsignal,\n}\n' "$program" "$PWD" >policy
	apparmor_parser --skip-cache --replace policy
	trap 'apparmor_parser --remove policy' EXIT
	echo >secret
	"$LEASTCAP" run -o "$PROFILE" -- "$program" "$PWD/secret" 2>errors.txt || true
	assert_match "$(<errors.txt)" 'Permission denied' "what the program says"
	assert_match "$(jq -r --arg path "$PWD/secret" '.targets[].failures[] | select(.about == $path) | .cause + ": " + .why' "$PROFILE")" \
		'^confinement: AppArmor confines .* leastcap-test .enforce.' "the cause"
}
