# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The user's task: a CI job that fails when a service of the compose project comes to need more than its file allows.
REQUIRES=docker

# As scripts/setup.
VALIDATORS=/usr/local/lib/leastcap-test
ACTION=$ROOT/scripts/action

# A compose project in $TEST_DIR/project that allows nginx what it needs, with its test; and leastcap's tarball.
write_project() {
	[[ -d $VALIDATORS/node_modules/@action-validator && -d $VALIDATORS/node_modules/gitlab-ci-local ]] || skip "the npm packages of scripts/setup test are not installed"
	mkdir -p project dist/leastcap/bin
	cat >project/compose.yaml <<-YAML
		services:
		  web:
		    image: $IMAGE
		    labels: [leastcap-test]
		    command: [nginx, -g, daemon off;]
		    cap_drop: [ALL]
		    cap_add: [CHOWN, DAC_OVERRIDE, SETGID, SETUID]
	YAML
	cat >project/test.sh <<-'BASH'
		#!/bin/bash
		set -euo pipefail
		trap 'docker compose down --timeout 1' EXIT
		docker compose up --detach
		address=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(docker compose ps -q web)")
		curl --silent --fail --max-time 20 --retry 20 --retry-connrefused --retry-delay 1 --output /dev/null "http://$address/"
	BASH
	chmod 755 project/test.sh
	cp "$LEASTCAP" dist/leastcap/bin/leastcap
	tar -czf leastcap.tar.gz -C dist leastcap
	git -C "$TEST_DIR/project" init --quiet
	commit
}

commit() {
	git -C "$TEST_DIR/project" add --all
	git -C "$TEST_DIR/project" -c user.email=test@example.org -c user.name=test commit --quiet --message work
}

# A gh(1) that notes what it is told, and knows of no comment.
write_gh() {
	mkdir -p bin
	cat >bin/gh <<-'BASH'
		#!/bin/bash
		printf '%s\n' "$*" >>"$TEST_DIR/gh.log"
		[[ ${*: -1} != body=@* ]] || cp "$(sed 's/^body=@//' <<<"${*: -1}")" "$TEST_DIR/comment.md"
	BASH
	chmod 755 bin/gh
	PATH=$TEST_DIR/bin:$PATH
	export GITHUB_REPOSITORY=shop/web GITHUB_EVENT_PATH=$TEST_DIR/event.json GITHUB_STEP_SUMMARY=$TEST_DIR/summary.md
	echo '{"pull_request": {"number": 7}}' >event.json
}

test_the_action_fails_on_what_the_file_does_not_allow_and_tells_it_everywhere() {
	local status=0
	write_project
	write_gh
	# Somebody has added a capability to the service, and not to what was agreed upon.
	sed 's/, SETUID//' project/compose.yaml >project/agreed.yaml
	export TMPDIR=$TEST_DIR KEEP=1
	cd project || exit
	"$E2E/action" "$VALIDATORS" "$ACTION/action.yml" "tarball=$TEST_DIR/leastcap.tar.gz" "sha256=$(sha256sum "$TEST_DIR/leastcap.tar.gz" | cut -c 1-64)" \
		test=./test.sh allow=agreed.yaml >../said 2>../errors || status=$?
	assert_eq "$status" 1 "the exit status of the job ($(cat ../said ../errors))"
	assert_match "$(<../said)" 'agreed.yaml:[0-9]+: project-web-1 \(.*\): needs SETUID' "the job's log"
	assert_match "$(<../said)" '::error file=agreed.yaml,line=[0-9]+.*SETUID' "the annotation"
	assert_match "$(<../said)" 'uses github/codeql-action/upload-sarif@v3 sarif_file=.*/check.sarif category=leastcap' "the upload"
	assert_match "$(<../said)" 'output profile=.*/profile.json' "an output"
	"$E2E/validate" "$VALIDATORS" sarif <"$(sed -n 's/^output sarif=//p' ../said)"
	assert_match "$(<../gh.log)" 'POST repos/shop/web/issues/7/comments' "the comment"
	assert_match "$(<../comment.md)" '^<!-- leastcap -->.*web' "what it says"
	assert_eq "$(<../summary.md)" "$(<../comment.md)" "the job's summary"
}

test_a_job_of_gitlab_passes_and_has_its_reports() {
	write_project
	cp "$ACTION"/leastcap{-ci,.gitlab-ci.yml} project/
	cat >project/.gitlab-ci.yml <<-YAML
		include: {local: leastcap.gitlab-ci.yml}
		stages: [test]
		capabilities:
		  extends: .leastcap
		  variables: {LEASTCAP_CI: leastcap-ci, LEASTCAP_TEST: ./test.sh, LEASTCAP_TARBALL: $TEST_DIR/leastcap.tar.gz}
	YAML
	commit
	cd project || exit
	# It holds the file against GitLab's schema, and runs the job.
	node "$VALIDATORS/node_modules/gitlab-ci-local/src/index.js" --home "$TEST_DIR" --shell-executor-no-image capabilities >../said 2>&1 || fail "the job failed: $(<../said)"
	assert_match "$(<../said)" '1 service keeps within compose.yaml' "the job's log"
	assert_eq "$(<.leastcap/gl-code-quality.json)" "[]" "the code quality report"
	assert_match "$(<.leastcap/check.junit.xml)" '<testsuite.*failures="0"' "the test report"
	assert_match "$(<.leastcap/comment.md)" '^<!-- leastcap -->.*web' "the comment"
	sed -i 's/script:/scirpt:/' leastcap.gitlab-ci.yml
	commit
	! node "$VALIDATORS/node_modules/gitlab-ci-local/src/index.js" --home "$TEST_DIR" --list >../said 2>&1 || fail "the schema takes anything"
}

test_a_job_says_what_is_wrong_with_its_settings() {
	local step=$ACTION/leastcap-ci
	export LEASTCAP_DIR=$TEST_DIR/out
	: >leastcap.tar.gz
	assert_refused 2 'LEASTCAP_TARBALL is not set' "$step" install
	assert_refused 2 'needs its checksum' env LEASTCAP_TARBALL=https://example.org/x.tar.gz "$step" install
	assert_refused 2 'the checksum of leastcap.tar.gz is another' env LEASTCAP_TARBALL=leastcap.tar.gz LEASTCAP_SHA256="$(printf '0%.0s' {1..64})" "$step" install
	assert_refused 2 'run leastcap-ci install first' env LEASTCAP_TEST=true "$step" record
	assert_refused 2 'nothing was recorded' env LEASTCAP_ALLOW=compose.yaml "$step" check
	assert_refused 2 'usage' "$step"
}
