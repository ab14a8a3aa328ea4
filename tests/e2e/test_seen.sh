# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Whose life a recording with a command has seen, how much of it, and how that is said.

REQUIRES=docker

# It needs CHOWN, a second after docker run --detach has ended.
a_database_that_starts_slowly() {
	start_container leastcap-db "$IMAGE" sh -c 'sleep 1; touch /file; chown nobody /file; exec sleep 60'
}

# record OPTION...: what a_database_that_starts_slowly starts
record_database() {
	"$LEASTCAP" record "$@" -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" a_database_that_starts_slowly
}

seen() {
	query "$PROFILE" "$1" '[.seen.from, .seen.until] | join(" ")'
}

test_what_its_command_has_started_is_waited_for_and_what_ran_before_is_left_out() {
	start_container leastcap-old "$IMAGE" sleep 60
	record_database 2>messages
	assert_list "$PROFILE" leastcap-db CHOWN
	assert_eq "$(seen leastcap-db)" "start settled" "how much of the database was seen"
	assert_eq "$(jq '.targets | length' "$PROFILE")" 1 "the number of containers"
	assert_match "$(<messages)" 'left out: 1 container that ran before; -a records it too, or give names' "the messages"
}

test_what_ends_too_early_or_began_too_late_is_said_first() {
	local report
	start_container leastcap-old "$IMAGE" sleep 60
	record_database -a --settle 0
	assert_eq "$(seen leastcap-old)" "running settled" "how much of the old one was seen"
	assert_eq "$(seen leastcap-db)" "start cut" "how much of the database was seen"
	report=$("$LEASTCAP" report "$PROFILE")
	assert_match "$report" 'leastcap-db: cut off 0\.[0-9] s after its start' "the report"
	assert_match "$report" 'leastcap-old: seen from [0-9:]* UTC on, started [0-9]* seconds? before' "the report"
	assert_no_match "$report" 'needs no capabilities' "the report"
	printf 'services: {leastcap-old: {image: x}, leastcap-db: {image: x}}\n' >compose.yaml
	assert_eq "$(status_of "$LEASTCAP" check --allow compose.yaml "$PROFILE" 2>messages)" 4 "the exit status of check"
	assert_match "$(<messages)" 'leastcap-db: cut off' "what check says"
	assert_eq "$("$LEASTCAP" check --allow-partial --allow compose.yaml "$PROFILE")" \
		"2 services keep within compose.yaml" "what check says when that is allowed"
	assert_match "$("$LEASTCAP" diff "$PROFILE" "$PROFILE")" 'old profile: leastcap-db: cut off' "what diff says"
	assert_match "$("$LEASTCAP" diff --json "$PROFILE" "$PROFILE")" 'new profile: leastcap-old: seen from' "what diff says to programs"
}

test_the_compose_project_of_the_directory_is_recorded_though_it_ran_before() {
	cat >compose.yaml <<-YAML
		name: leastcap-seen
		services:
		  web:
		    image: $IMAGE
		    labels: [leastcap-test]
		    command: [sleep, "60"]
		networks:
		  default:
		    labels: [leastcap-test]
	YAML
	"$DOCKER" compose up --detach --quiet-pull
	mkdir tests
	(cd tests && "$LEASTCAP" record -o "$PROFILE" -- true)
	assert_eq "$(seen leastcap-seen-web-1)" "running settled" "how much was seen"
	(cd / && "$LEASTCAP" record -o "$PROFILE" -- true)
	assert_eq "$(jq '.targets | length' "$PROFILE")" 0 "the number of containers elsewhere"
}

# Its second start finds a file of somebody else's.
a_database_with_a_volume() {
	start_container leastcap-db --stop-timeout 1 -v "$TEST_DIR/data:/data" "$IMAGE" \
		sh -c 'if [ -e /data/file ]; then chmod 600 /data/file; else touch /data/file; chown nobody /data/file; fi; exec sleep 60'
}

record_volume() {
	"$LEASTCAP" record "$@" -o "$PROFILE" -- "$E2E/child" "$TEST_FILE" a_database_with_a_volume
}

test_a_restart_shows_what_the_second_start_needs_and_not_what_a_new_container_does() {
	record_volume
	assert_match "$("$LEASTCAP" report "$PROFILE" | tr -s '\n ' ' ')" 'a second start with the same volume \(/data\): record --restart makes one' "the report"
	remove_container leastcap-db
	rm data/file
	record_volume --restart 2>messages
	assert_list "$PROFILE" leastcap-db "CHOWN FOWNER"
	assert_match "$(<messages)" 'restarting leastcap-db' "the messages"
	assert_eq "$(query "$PROFILE" leastcap-db '.life.starts')" 2 "the number of starts"
	"$LEASTCAP" record --restart -o "$PROFILE" leastcap-db -- true
	assert_list "$PROFILE" leastcap-db FOWNER
	assert_match "$("$LEASTCAP" report "$PROFILE" | tr '\n' ' ')" 'leastcap-db: seen from its restart at .* what only a new container needs is not known' "the report"
}
