# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The image: made without an engine, and recording other containers from inside one, with as little as that takes.

LABEL=leastcap-packages
# As in scripts/examples/compose.yaml.
HOST=(--pid=host --cgroupns=host --network=none --read-only --security-opt=no-new-privileges --cap-drop=ALL
	-v /run:/run:ro -v /sys/fs/cgroup:/sys/fs/cgroup:ro)
RECORD=(--cap-add=SYS_ADMIN --cap-add=SYS_PTRACE --cap-add=DAC_READ_SEARCH --cap-add=SYSLOG)

archive() {
	only 'leastcap-*-amd64.oci.tar'
}

make_image() {
	DOCKER_HOST=unix:///nonexistent "$ROOT/scripts/package" image >/dev/null
}

# In an image of the tests' a shell that runs until the test ends. Prints the tag of leastcap's image, which it loads.
start() {
	local images
	images=$("$ROOT/tests/e2e/images") || skip "the tests' image can't be made"
	trap 'remove_labelled "$LABEL"' EXIT
	"$DOCKER" load --quiet -i "$(archive)" | sed 's/^Loaded image: //' >tag
	"$DOCKER" run -d --label "$LABEL" --name leastcap-packages-web "$images" sleep 300 >/dev/null
}

need_engine() {
	docker_answers || skip "no Docker Engine answers"
}

use() {
	"$DOCKER" exec leastcap-packages-web sh -c 'touch /tmp/file && chown nobody /tmp/file'
}

# record OPTION...: a recording of the container from inside another one, while it is used
record() {
	local recorder
	mkdir -p out
	"$DOCKER" run --rm --label "$LABEL" --name leastcap-packages-record -v "$PWD/out:/out" "$@" "$(<tag)" \
		record -v --for 8s -o /out/web.json leastcap-packages-web >said 2>&1 &
	recorder=$!
	wait_until grep -qE 'new target|needs|cannot' said
	sleep 1
	use
	wait "$recorder" || fail "it ended with $?: $(<said)"
}

test_the_image_is_made_without_an_engine_and_twice_the_same() {
	local first
	need_root_of debian12-build
	make_image
	first=$(sha256sum <"$(archive)")
	assert_sbom "$(archive)"
	make_image
	assert_eq "$(sha256sum <"$(archive)")" "$first" "the digest of the second"
}

slow_test_the_image_is_the_same_when_the_program_is_built_again() {
	local first
	first=$(sha256sum <"$(archive)")
	find "$OUT" -name 'leastcap_*' -delete
	make_image
	assert_eq "$(sha256sum <"$(archive)")" "$first" "the digest of the second"
}

test_it_has_the_program_its_libraries_and_certificates_and_nothing_else() {
	local layer
	tar -xf "$(archive)"
	layer=$(jq -r '.[0].Layers[0]' manifest.json)
	assert_eq "$(jq -r '.manifests[0].digest' index.json)" "sha256:$(sha256sum "blobs/$(jq -r '.manifests[0].digest | sub(":"; "/")' index.json)" | cut -c1-64)" "the manifest's digest"
	assert_eq "$(tar -tzf "$layer" | grep -v '/$' | grep -vE '^\./(usr/bin/leastcap|usr/lib(64)?/.*\.so[.0-9]*|etc/ssl/certs/ca-certificates.crt|etc/passwd|etc/group|usr/share/doc/[^/]*/copyright|var/lib/dpkg/status.d/[^/]*|var/run|bin|lib|lib64|sbin)$' || true)" "" "what else is in it"
	mkdir root
	tar -C root -xzf "$layer"
	assert_match "$(chroot root /usr/bin/leastcap --version)" "\(commit $(git -C "$ROOT" rev-parse --short=12 HEAD), " "what it says"
}

test_from_inside_it_another_container_is_recorded() {
	need_engine
	start
	record "${HOST[@]}" "${RECORD[@]}"
	assert_match "$("$LEASTCAP" report -f docker out/web.json)" '--cap-add=CHOWN' "the list"
	assert_match "$("$LEASTCAP" report out/web.json)" 'leastcap-packages-web \(' "the container's name"
}

# refused_without CAPABILITY COMMAND...: leastcap's command says that it needs it.
refused_without() {
	local rest
	mapfile -t rest < <(printf '%s\n' "${RECORD[@]}" | grep -vx -- "--cap-add=$1")
	! timeout 20 "$DOCKER" run --rm --label "$LABEL" "${HOST[@]}" "${rest[@]}" --tmpfs /var/lib/leastcap "$(<tag)" "${@:2}" >said 2>&1 || fail "$2 goes on without $1"
	assert_match "$(<said)" 'needs CAP_' "what $2 says without $1"
}

test_no_option_of_its_command_line_is_too_many() {
	local capability
	need_engine
	start
	for capability in SYS_ADMIN SYS_PTRACE; do
		refused_without "$capability" record --for 1s leastcap-packages-web
		refused_without "$capability" serve --listen none
	done
}

test_the_compose_file_audits_and_records() {
	need_engine
	"$DOCKER" compose version >/dev/null 2>&1 || skip "there is no Docker Compose"
	start
	cp "$ROOT/scripts/examples/compose.yaml" .
	export LEASTCAP_IMAGE LEASTCAP_FOR=3s
	LEASTCAP_IMAGE=$(<tag)
	assert_match "$("$DOCKER" compose run --rm -T audit 2>/dev/null </dev/null)" 'leastcap-packages-web' "the audit"
	"$DOCKER" compose run --rm -T record >/dev/null 2>said </dev/null || fail "it does not record: $(<said)"
	assert_match "$("$LEASTCAP" report profiles/all.json)" 'leastcap-packages-web' "the report"
}

compose() {
	"$DOCKER" compose --project-name leastcap-packages --file "$ROOT/scripts/examples/compose.yaml" "$@" </dev/null
}

# end_serving: and its volume, and what start has made
end_serving() {
	compose down --volumes >/dev/null 2>&1 || true
	remove_labelled "$LABEL"
}

# fetch PAGE: of the service, whose address is in ./said
fetch() {
	curl --silent --show-error --fail "$(grep -oE 'http://127.0.0.1:[0-9]+' said | tail -n1)/$1"
}

stored() {
	compose exec -T serve leastcap report --store /var/lib/leastcap -t leastcap-packages-web -f docker 2>/dev/null
}

served() {
	compose logs --no-log-prefix serve >said 2>&1 && fetch readyz >/dev/null 2>&1
}

test_the_compose_file_serves_and_its_volume_has_what_was_learned() {
	need_engine
	"$DOCKER" compose version >/dev/null 2>&1 || skip "there is no Docker Compose"
	start
	trap end_serving EXIT
	export LEASTCAP_IMAGE LEASTCAP_LISTEN=127.0.0.1:0
	LEASTCAP_IMAGE=$(<tag)
	compose up -d --quiet-pull serve >/dev/null 2>&1 || fail "it is not started"
	wait_until served
	use
	wait_until eval 'fetch metrics >metrics; grep -E "^leastcap_capability_required\{.*workload=\"leastcap-packages-web\".*capability=\"CHOWN\".*\} 1" metrics'
	compose stop serve >/dev/null 2>&1
	assert_eq "$("$DOCKER" inspect --format '{{.State.ExitCode}} {{.State.OOMKilled}}' leastcap-packages-serve-1)" "0 false" "how it ended"
	compose up -d serve >/dev/null 2>&1
	wait_until served
	assert_match "$(stored)" '--cap-add=CHOWN' "what the next one finds in the volume"
}
