# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Compose files and manifests of somebody else's making, as a gate reads them with a change: what keeps the reader busy, and what
# hides from it what a container is to hold.

FIXTURES=$ROOT/tests/unit/fixtures
NGINX=$FIXTURES/nginx_container.json

# --- files that are short and ask for much work

# assert_refused_soon WHAT: check refuses the file "hostile.yaml" within a second (and a busy machine's patience) in one line.
assert_refused_soon() {
	local started=$EPOCHREALTIME status=0
	timeout "${LEASTCAP_PATIENCE:-10}" "$LEASTCAP" check --allow hostile.yaml "$NGINX" >out 2>err || status=$?
	printf '%s: %s s, %s\n' "$1" "$(awk -v a="$started" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }')" "$(head -c 200 err)"
	assert_eq "$status" 2 "the exit status for $1"
	assert_one_line "$(<err)" "what is said of $1"
}

# cpu_seconds COMMAND...: how long the processor was busy with it, in seconds.
cpu_seconds() {
	local TIMEFORMAT='%U %S'
	{ time timeout "${LEASTCAP_PATIENCE:-10}" "$@" >out 2>err || true; } 2>&1 | tail -n 1 | awk '{ print $1 + $2 }'
}

# assert_soon WHAT: whatever check makes of "hostile.yaml", it has made it within a second of the processor's time.
assert_soon() {
	local seconds
	seconds=$(cpu_seconds "$LEASTCAP" check --allow hostile.yaml "$NGINX")
	printf '%s: %s s, %s\n' "$1" "$seconds" "$(head -c 200 err)"
	awk -v s="$seconds" 'BEGIN { exit !(s < 1) }' || fail "$1: took $seconds s"
}

# repeat TEXT N: N times TEXT, in which %d is the number.
repeat() {
	# shellcheck disable=SC2016
	perl -e 'for my $i (1 .. $ARGV[1]) { my $text = $ARGV[0]; $text =~ s/%d/$i/g; print $text }' -- "$1" "$2"
}

# each_reader TEXT: TEXT as it is, in a compose file, and in a manifest.
each_reader() {
	local head
	for head in '' $'services:\n  web: ' $'apiVersion: v1\nkind: Pod\nspec: '; do
		{ printf '%s' "$head" && cat "$1"; } >hostile.yaml
		assert_soon "$1 after '${head%%:*}'"
		assert_match "$(<err)" 'hostile.yaml:[0-9]+:[0-9]+: |more than leastcap|has no mapping' "what is said of it"
	done
}

test_a_deep_file_is_refused_before_it_takes_time() {
	repeat '[' 400000 >brackets
	repeat '{' 400000 >braces
	repeat '{a: ' 100000 >named_braces
	repeat '[{' 200000 >both
	repeat '? ' 200000 >questions
	repeat '- ' 200000 >dashes
	repeat $'[\n' 200000 >brackets_in_lines
	local name
	for name in brackets braces named_braces both questions dashes brackets_in_lines; do
		each_reader "$name"
	done
}

test_a_deep_block_is_refused_before_it_takes_time() {
	awk 'BEGIN { for (i = 0; i < 900; i++) printf "%*sa:\n", i, "" }' >hostile.yaml
	assert_refused_soon "mappings by indentation"
	awk 'BEGIN { for (i = 0; i < 900; i++) printf "%*s-\n", i, "" }' >hostile.yaml
	assert_refused_soon "lists by indentation"
	assert_match "$(<err)" 'nested deeper' "what is said"
}

test_a_hundred_levels_are_read() {
	{ printf 'services: {web: {image: nginx, x: ' && repeat '[' 90 && repeat ']' 90 && printf '}}\n'; } >hostile.yaml
	"$LEASTCAP" check --ignore-unknown --allow hostile.yaml "$NGINX"
}

test_many_of_what_libyaml_looks_through_are_refused() {
	repeat '%TAG !a%d! tag:x,2000:'$'\n' 40000 >hostile.yaml
	assert_refused_soon "directives"
	repeat '- &a%d x'$'\n' 60000 >hostile.yaml
	assert_refused_soon "anchors"
	{ repeat '- &a%d x'$'\n' 900 && repeat '- *a1'$'\n' 60000; } >hostile.yaml
	assert_refused_soon "aliases"
}

test_long_lines_scalars_and_lists_take_no_more_time_than_their_length() {
	{ printf 'services: {web: {image: "' && repeat x 800000 && printf '"}}\n'; } >hostile.yaml
	assert_soon "a long scalar"
	{ printf 'services: {web: {image: nginx, x: [' && repeat 'a,' 300000 && printf ']}}\n'; } >hostile.yaml
	assert_soon "a long list on one line"
	{ printf 'services: {web: {image: nginx, x: {' && repeat 'a%d: b, ' 60000 && printf '}}}\n'; } >hostile.yaml
	assert_soon "a long mapping on one line"
	{ printf 'services:\n  web:\n    cap_add:\n' && repeat $'    - KILL\n' 65000; } >hostile.yaml
	assert_soon "a long list of capabilities"
	{ printf 'services:\n' && repeat $'  s%d: {cap_add: [KILL, CHOWN], cap_drop: [ALL], image: nginx}\n' 4000; } >hostile.yaml
	assert_soon "many services"
}

test_aliases_do_not_make_much_work_of_a_short_file() {
	{
		printf 'x-a: &a {' && repeat 'k%d: v, ' 60000 && printf '}\nservices:\n'
		repeat $'  s%d: *a\n' 4000
	} >hostile.yaml
	assert_refused_soon "many services that are one long mapping"
	{
		printf 'apiVersion: v1\nkind: List\nx-0: &m0 {a: b}\n'
		awk 'BEGIN { for (i = 1; i <= 8; i++) { printf "x-%d: &m%d {<<: [", i, i
			for (j = 0; j < 100; j++) printf "%s*m%d", j ? ", " : "", i - 1; print "]}" } }'
		printf 'items:\n' && repeat $'- *m8\n' 1000
	} >hostile.yaml
	assert_refused_soon "merge keys that fan out"
	{
		printf 'x-0: &m0 {a: b}\n'
		awk 'BEGIN { for (i = 1; i <= 8; i++) { printf "x-%d: &m%d {<<: [", i, i
			for (j = 0; j < 100; j++) printf "%s*m%d", j ? ", " : "", i - 1; print "]}" } }'
		printf 'services:\n' && repeat $'  s%d: {<<: *m8}\n' 1000
	} >hostile.yaml
	assert_soon "merge keys that fan out in a compose file"
	{
		printf 'x-0: &l0 [a, a, a, a, a, a, a, a, a, a]\n'
		awk 'BEGIN { for (i = 1; i <= 12; i++) { printf "x-%d: &l%d [", i, i
			for (j = 0; j < 10; j++) printf "%s*l%d", j ? ", " : "", i - 1; print "]" } }'
		printf 'apiVersion: v1\nkind: Pod\nspec: {securityContext: *l12, containers: [{name: a, image: *l12}]}\n'
	} >hostile.yaml
	assert_refused_soon "lists of lists of lists"
}

# --- values that hide

# compose_service LINE...: the fixture's container as a service that may hold nothing, and these lines.
compose_service() {
	printf 'services:\n  leastcap-fixture:\n    cap_drop: [ALL]\n'
	printf '    %s\n' "$@"
}

# assert_unknown LINE REGEX: what check says of "policy.yaml" names LINE, and --strict fails for it.
assert_unknown() {
	local status=0
	"$LEASTCAP" check --wanted --allow policy.yaml "$NGINX" >out 2>err || status=$?
	assert_match "$(<err)" "warning: policy.yaml:$1: $2" "the warning"
	assert_no_match "$(<err)" 'error' "what is said without --strict"
	"$LEASTCAP" check --allow policy.yaml "$NGINX" >out 2>err || true
	assert_eq "$(status_of "$LEASTCAP" check --strict --ignore-unknown --allow policy.yaml "$NGINX" 2>&1 | tail -n 1)" 1 \
		"the exit status with --strict"
	"$LEASTCAP" check --strict --allow policy.yaml "$NGINX" >out 2>err || true
	assert_match "$(<err)" 'policy.yaml: [0-9]+ values? .*not known .*--strict' "the reason"
}

test_privileged_by_a_variable_allows_nothing() {
	# shellcheck disable=SC2016
	compose_service 'privileged: ${PRIV:-false}' >policy.yaml
	assert_unknown 4 'service leastcap-fixture: privileged: what .\$\{PRIV:-false\}. stands for is not known'
	assert_eq "$(status_of "$LEASTCAP" check --allow policy.yaml "$NGINX")" 1 "the exit status"
}

test_every_value_that_compose_fills_in_is_unknown() {
	local line
	# shellcheck disable=SC2016
	for line in 'privileged: "${PRIV-true}"' 'privileged: $PRIV' 'privileged: perhaps' 'cap_add: ["${CAPS}"]' 'cap_add: ${CAPS}' \
		'security_opt: ["no-new-privileges:${NNP:-true}"]' 'userns_mode: ${USERNS}' 'user: "${UID}:${GID}"' \
		'image: nginx:${TAG:-latest}' 'container_name: ${NAME}' 'cap_add: {a: b}'; do
		compose_service "$line" >policy.yaml
		assert_unknown 4 "service leastcap-fixture: ${line%%:*}: what '.*' stands for is not known"
	done
	# shellcheck disable=SC2016
	printf 'services:\n  leastcap-fixture:\n    cap_drop:\n    - ${DROP:-ALL}\n' >policy.yaml
	assert_unknown 4 'service leastcap-fixture: cap_drop: what .*DROP'
	compose_service 'extends: {file: other.yaml, service: base}' >policy.yaml
	assert_unknown 2 'service leastcap-fixture: extends a service of .other.yaml., which is not read'
}

test_a_dollar_that_is_meant_is_known() {
	# shellcheck disable=SC2016
	compose_service 'cap_add: [CHOWN, DAC_OVERRIDE, SETGID, SETUID]' 'user: a$$b' 'privileged: "no"' >policy.yaml
	"$LEASTCAP" check --strict --allow policy.yaml "$NGINX" 2>err
	assert_eq "$(<err)" "" "what is said"
}

test_an_unknown_value_that_is_overridden_does_not_count() {
	# shellcheck disable=SC2016
	printf '%s\n' 'x-base: &base {privileged: "${P}", user: "${U}"}' 'services:' '  leastcap-fixture:' '    <<: *base' \
		'    privileged: false' '    user: root' '    cap_drop: [ALL]' \
		'    cap_add: [CHOWN, DAC_OVERRIDE, SETGID, SETUID]' >policy.yaml
	"$LEASTCAP" check --strict --allow policy.yaml "$NGINX" 2>err
	assert_eq "$(<err)" "" "what is said"
}

# manifest_of LINE...: the fixture's container with these lines in its securityContext.
manifest_of() {
	printf '%s\n' 'apiVersion: v1' 'kind: Pod' 'metadata: {name: shop}' 'spec:' '  containers:' '  - name: leastcap-fixture' \
		'    image: nginx' '    securityContext:'
	printf '      %s\n' "$@"
}

test_a_template_in_a_manifest_is_unknown() {
	local line
	# shellcheck disable=SC2016
	for line in 'privileged: {{ .Values.privileged }}' 'privileged: "{{ .Values.privileged }}"' 'privileged: ${PRIV}' \
		'privileged: "true"' 'capabilities: {{ toYaml .Values.caps }}' 'capabilities: {add: ["{{ .Values.cap }}"]}' \
		'capabilities: {drop: {{ .Values.drop }}}' 'runAsUser: {{ .Values.uid }}' 'allowPrivilegeEscalation: $(ESCALATE)'; do
		manifest_of "$line" >policy.yaml
		assert_unknown 9 'Pod shop: .*known'
	done
	manifest_of 'privileged: false' | sed 's/image: nginx/image: "{{ .Values.image }}"/' >policy.yaml
	assert_unknown 7 'Pod shop: image: what'
	manifest_of 'privileged: false' | sed 's/^spec:/&\n  initContainers: {{ toYaml .Values.init }}/' >policy.yaml
	assert_unknown 5 'Pod shop: initContainers: .*template'
}

test_what_kubernetes_takes_for_true_is_privileged() {
	manifest_of 'privileged: yes' >policy.yaml
	"$LEASTCAP" check --allow policy.yaml "$NGINX"
}
