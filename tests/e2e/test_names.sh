# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# By which names containers are recorded, traced, reported and explained: what one command prints another takes.

REQUIRES=docker

changes_an_owner() {
	run_container leastcap-changes "$IMAGE" sh -c 'touch /file; chown nobody /file; sleep 0.5'
}

write_project() {
	cat >compose.yaml <<-YAML
		name: leastcap-named
		services:
		  web: {image: "$IMAGE", labels: [leastcap-test], init: true, command: [sleep, "60"]}
		  other: {image: "$IMAGE", labels: [leastcap-test], init: true, command: [sleep, "60"]}
		networks: {default: {labels: [leastcap-test]}}
	YAML
}

started_and_used() {
	"$DOCKER" compose up --detach --quiet-pull
	"$DOCKER" exec leastcap-named-web-1 chown nobody /etc/hostname
}

test_a_compose_service_is_recorded_reported_and_explained_by_its_name() {
	write_project
	"$LEASTCAP" record --settle 0 -o "$PROFILE" web -- "$E2E/child" "$TEST_FILE" started_and_used
	assert_eq "$(jq -r '[.targets[].name] | join(" ")' "$PROFILE")" leastcap-named-web-1 "what is recorded of service web"
	"$LEASTCAP" record --settle 0 -o "$PROFILE" --project leastcap-named -- "$E2E/child" "$TEST_FILE" started_and_used
	assert_eq "$(jq -r '[.targets[].name] | sort | join(" ")' "$PROFILE")" "leastcap-named-other-1 leastcap-named-web-1" "what is recorded of the project"
	assert_eq "$("$LEASTCAP" report -f docker -t web "$PROFILE" | grep -v '^#')" "--cap-drop=ALL --cap-add=CHOWN" "the report of web"
	assert_match "$("$LEASTCAP" explain -t leastcap-named/web "$PROFILE" CHOWN)" 'leastcap-named-web-1 .*CHOWN is on the list' "the story of web"
	assert_refused 2 "no target is called 'wep'; did you mean 'web'\\? There are: .*leastcap-named-web-1" "$LEASTCAP" report -t wep "$PROFILE"
	assert_refused 2 "no target is of the project 'shop'" "$LEASTCAP" report --project shop "$PROFILE"
}

test_trace_follows_a_client_of_the_engine_and_waits_for_a_name() {
	"$LEASTCAP" trace -o trace -- "$DOCKER" run --rm --label leastcap-test "$IMAGE" sh -c 'touch /file; chown nobody /file'
	assert_match "$(<trace)" 'chown .*CHOWN granted = 0' "the trace of docker run"
	"$LEASTCAP" trace -o trace leastcap-changes -- "$E2E/child" "$TEST_FILE" changes_an_owner
	assert_match "$(<trace)" 'chown .*CHOWN granted = 0' "the trace of a container that its command starts"
	"$LEASTCAP" trace -o trace leastcap-changes 2>messages &
	wait_until grep -q "waiting for a container called 'leastcap-changes'" messages
	wait_until grep -q "Ctrl-C ends it" messages
	changes_an_owner
	kill -INT $!
	wait $!
	assert_match "$(<trace)" 'chown .*CHOWN granted = 0' "the trace of a container that comes later"
}
