# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Writing what a profile changes in the project's own files, and taking it back.

NGINX=$ROOT/tests/unit/fixtures/nginx_container.json

write_project() {
	mkdir -p shop/tests
	cat >shop/compose.yaml <<-'YAML'
		# the shop
		services:
		  leastcap-fixture:
		    image: leastcap-test:a024181f18c2
		    container_name: leastcap-fixture
		    privileged: true # for now
	YAML
	chmod 640 shop/compose.yaml
	chown 4711:4712 shop/compose.yaml
}

backups() {
	find . -name '*.before-*'
}

test_a_file_is_written_where_it_is_and_put_back() {
	local before
	write_project
	before=$(stat -c '%u %g %a %i' shop/compose.yaml)
	cd shop/tests || exit
	"$LEASTCAP" apply --dry-run --compose-file ../compose.yaml "$NGINX" >out.diff 2>said
	assert_match "$(<out.diff)" $'\n-    privileged: true' "the diff"
	assert_eq "$(backups)$(stat -c '%u %g %a %i' ../compose.yaml)" "$before" "what --dry-run left"
	"$LEASTCAP" apply --compose-file ../compose.yaml "$NGINX" 2>said
	assert_match "$(<said)" "wrote ../compose.yaml; 'leastcap apply --undo ../compose.yaml' puts back what it was \(compose.yaml.before-[0-9a-f]{12}\)" "what is said"
	assert_eq "$("$LEASTCAP" check --allow ../compose.yaml "$NGINX")" "1 service keeps within ../compose.yaml" "the check"
	assert_eq "$(head -n 1 ../compose.yaml) $(stat -c '%u %g %a' ../compose.yaml)" "# the shop ${before% *}" "comments, owner and mode"
	"$LEASTCAP" apply --compose-file ../compose.yaml "$NGINX" 2>said
	assert_match "$(<said)" 'compose.yaml: nothing to change' "what is said the second time"
	cd "$TEST_DIR/shop" || exit
	"$LEASTCAP" apply --undo compose.yaml
	assert_eq "$(stat -c '%u %g %a %i' compose.yaml)$(backups)" "$before" "the file after --undo"
}

test_the_compose_file_of_the_directory_is_found_and_what_was_edited_since_stays() {
	write_project
	cd shop || exit
	mv compose.yaml docker-compose.yml
	"$LEASTCAP" apply - <"$NGINX" 2>said
	assert_match "$(<said)" 'wrote docker-compose.yml' "what is said"
	echo '# later' >>docker-compose.yml
	assert_refused 1 'docker-compose.yml was changed after leastcap wrote it.*docker-compose.yml.before-' "$LEASTCAP" apply --undo docker-compose.yml
	assert_eq "$(tail -n 1 docker-compose.yml)" '# later' "the file"
}

test_lists_that_may_lack_something_are_not_written_unless_that_is_wanted() {
	write_project
	jq '.lost = 3' "$NGINX" >lost.json
	assert_eq "$(status_of "$LEASTCAP" apply --compose-file shop/compose.yaml lost.json 2>said)" 3 "the exit status"
	assert_match "$(<said)" 'INCOMPLETE: 3 checks .*nothing was written' "what is said"
	jq '.targets[0].seen = {from: "running", until: "settled"}' "$NGINX" >running.json
	assert_eq "$(status_of "$LEASTCAP" apply --compose-file shop/compose.yaml running.json 2>said)" 4 "the exit status without a start"
	assert_match "$(<said)" 'leastcap-fixture was not seen from its start .*nothing was written' "what is said"
	assert_eq "$(backups)" "" "the backups"
	assert_eq "$(status_of "$LEASTCAP" apply --allow-partial --compose-file shop/compose.yaml lost.json)" 3 "the exit status with --allow-partial"
	assert_match "$(<shop/compose.yaml)" 'cap_add: \[CHOWN, DAC_OVERRIDE, SETGID, SETUID\]' "the file"
}

test_files_are_known_by_what_is_in_them() {
	write_project
	printf 'apiVersion: v1\nkind: Service\nmetadata: {name: shop}\n' >service.yaml
	printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: shop}\nspec: {containers: [{name: leastcap-fixture, image: x}]}\n' >pod.yaml
	"$LEASTCAP" apply "$NGINX" service.yaml pod.yaml shop/compose.yaml 2>said
	assert_match "$(<said)" 'service.yaml: there is no pod in it.*wrote shop/compose.yaml.*wrote pod.yaml' "what is said"
	assert_eq "$(tail -n 1 pod.yaml)" 'spec: {containers: [{name: leastcap-fixture, image: x, securityContext: {capabilities: {drop: [ALL], add: [CHOWN, DAC_OVERRIDE, SETGID, SETUID]}}}]}' "the manifest"
	"$LEASTCAP" apply --undo pod.yaml shop/compose.yaml
	assert_eq "$(backups)" "" "the backups"
	assert_eq "$(status_of "$LEASTCAP" apply "$NGINX" service.yaml 2>said)" 2 "the exit status without a container"
	assert_match "$(<said)" 'none of the files has a container' "what is said"
	assert_refused 2 "takes one file, not 'shop/compose.yaml' as well" "$LEASTCAP" apply "$NGINX" shop/compose.yaml shop/compose.yaml
	assert_refused 2 'none.yaml: No such file' "$LEASTCAP" apply "$NGINX" none.yaml
}

test_mistakes_are_said_in_one_line() {
	assert_refused 2 'there is no compose file here' "$LEASTCAP" apply "$NGINX"
	assert_refused 2 'no profile given' "$LEASTCAP" apply
	assert_refused 2 'one profile at a time' "$LEASTCAP" apply "$NGINX" "$NGINX"
	assert_refused 2 'of which file' "$LEASTCAP" apply --undo
	assert_refused 2 'no other option' "$LEASTCAP" apply --undo --dry-run compose.yaml
	assert_refused 1 'compose.yaml: No such file' "$LEASTCAP" apply --undo compose.yaml
}
