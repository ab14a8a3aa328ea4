# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a service answers over HTTP: whom, what, and that nobody keeps others from being answered. It replays profiles, so that
# nothing is recorded here.

FIXTURES=$ROOT/tests/unit/fixtures

# What somebody calls a container who wants to write metrics of his own, or to move the cursor.
HOSTILE=$'a"} 1\nleastcap_targets 99\\\e[2J\r'

# serve ARGUMENT...: replays in the background; its process is $SERVICE, its first place $URL, what it says in served.err. Ends with the test.
serve() {
	# Emptied here, because the process that goes to the background may come to its redirection after what an earlier service said was read.
	: >served.err
	"$LEASTCAP" serve --replay "$@" 2>served.err &
	SERVICE=$!
	# shellcheck disable=SC2064
	trap "kill -KILL $SERVICE 2>/dev/null || true" EXIT
	wait_until grep -q 'serving at' served.err
	URL=$(grep -oE 'https?://[^,;]+' served.err | head -n 1) || true
}

# A container and a command, at a port that is free.
serve_web() {
	serve --listen 127.0.0.1:0 "$FIXTURES/nginx_container.json" "$FIXTURES/chown.json"
}

# ask PATH OPTION...: prints the answer.
ask() {
	curl --silent --show-error --max-time 20 "${@:2}" "$URL$1"
}

# status PATH OPTION...: prints the answer's status.
status() {
	ask "$@" --output answer --write-out '%{http_code}'
}

# pod_of NAME NAMESPACE POD: makes NAME.json of a container called nginx in it.
pod_of() {
	jq --arg pod "$3" --arg namespace "$2" '.targets[0] |= (.name = "nginx" | .image = "nginx:1.22" | .pod = $pod | .namespace = $namespace)' \
		"$FIXTURES/nginx_container.json" >"$1.json"
}

# The workloads that have samples of METRIC, each once.
workloads_of() {
	grep "^$1{" metrics | sed -E 's/.*(kind="[^"]*",namespace="[^"]*",workload="[^"]*",container="[^"]*").*/\1/' | LC_ALL=C sort -u
}

# Replicas, and pods of before and after a roll-out.
test_what_pods_do_is_their_workloads_and_no_other_namespaces() {
	local metric expected
	pod_of one shop web-6d4cf56db6-x7k2p
	pod_of two shop web-7f9c5d8b44-bcdfg
	pod_of other test web-6d4cf56db6-zzzzz
	expected='kind="kubernetes",namespace="shop",workload="web",container="nginx"
kind="kubernetes",namespace="test",workload="web",container="nginx"'
	"$LEASTCAP" store import --store store one.json two.json other.json 2>/dev/null
	serve --listen 127.0.0.1:0 one.json two.json other.json
	ask /metrics >metrics
	for metric in leastcap_capability_checks_total leastcap_capability_required leastcap_capability_granted; do
		assert_eq "$(workloads_of "$metric")" "$expected" "the workloads of $metric"
	done
	kill -KILL "$SERVICE"
	wait "$SERVICE" 2>/dev/null || true
	serve --listen 127.0.0.1:0 --store store
	ask /metrics >metrics
	assert_eq "$(workloads_of leastcap_capability_required)" "$expected" "the workloads of the store"
}

# promtool_says FILE: what is wrong with the metrics in FILE.
promtool_says() {
	promtool check metrics <"$1" 2>&1
}

# end_service: asks it to end, and sets $STATUS and how long that took, $TOOK.
end_service() {
	local begun=$EPOCHREALTIME
	STATUS=0
	kill -TERM "$SERVICE"
	wait "$SERVICE" || STATUS=$?
	TOOK=$(((${EPOCHREALTIME/./} - ${begun/./}) / 1000))
}

test_the_metrics_are_such_as_prometheus_takes() {
	command -v promtool >/dev/null || skip "there is no promtool"
	serve_web
	ask /metrics >metrics
	assert_eq "$(promtool_says metrics)" "" "what promtool says"
	assert_match "$(<metrics)" $'\n''leastcap_capability_required\{kind="container",[^}]*capability="CHOWN"\} 1'$'\n' "the list"
	assert_match "$(<metrics)" $'\n''leastcap_capability_checks_total\{kind="container",[^}]*capability="SETUID",class="required",verdict="granted"\} [1-9]' "the checks"
	assert_match "$(<metrics)" $'\n''process_cpu_seconds_total [0-9.]+'$'\n' "its processor time"
	assert_match "$(ask /metrics --head)" 'Content-Type: text/plain; version=0.0.4; charset=utf-8' "the type"
}

# The samples of a metric as OpenMetrics' own parser has them, in no order.
OPENMETRICS='
import sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
for family in text_string_to_metric_families(sys.stdin.read()):
    for sample in family.samples:
        print(family.type, sample.name, sample.labels.get("workload", ""), sample.labels.get("capability", ""), sample.value, sep="|")
'

test_openmetrics_is_what_its_parser_takes_for_clients_that_ask_for_it() {
	python3 -c 'import prometheus_client' 2>/dev/null || skip "there is no python3-prometheus-client"
	serve_web
	ask /metrics -H 'Accept: application/openmetrics-text;version=1.0.0,text/plain;q=0.5' -D headers >metrics
	assert_match "$(<headers)" 'application/openmetrics-text; version=1.0.0' "the type"
	python3 -c "$OPENMETRICS" <metrics >parsed || fail "the parser does not take it"
	assert_match "$(<parsed)" 'counter\|leastcap_capability_checks_total\|leastcap-fixture\|CHOWN\|' "a counter"
	assert_match "$(<parsed)" 'gauge\|leastcap_capability_required\|leastcap-fixture\|CHOWN\|1' "a gauge"
	assert_match "$(<parsed)" 'info\|leastcap_info\|' "the info"
}

test_hostile_names_stay_labels() {
	command -v promtool >/dev/null || skip "there is no promtool"
	jq --arg hostile "$HOSTILE" '.targets[0] |= (.name = $hostile | .image = $hostile)' "$FIXTURES/chown.json" >hostile.json
	serve --listen 127.0.0.1:0 hostile.json
	ask /metrics >metrics
	assert_eq "$(promtool_says metrics)" "" "what promtool says"
	assert_eq "$(grep -c '^leastcap_targets ' metrics) $(grep -vcE '^(# |leastcap_|process_)' metrics || true)" "1 0" "samples of leastcap_targets, and lines of somebody else's"
	assert_eq "$(LC_ALL=C grep -c '[[:cntrl:]]' metrics || true)" 0 "lines with control characters"
	assert_match "$(ask /)" '&quot;} 1' "the page"
}

test_profiles_are_what_merge_makes_and_report_takes() {
	serve_web
	ask /profiles | "$LEASTCAP" report - >served
	"$LEASTCAP" merge "$FIXTURES/nginx_container.json" "$FIXTURES/chown.json" | "$LEASTCAP" report - >merged
	assert_eq "$(<served)" "$(<merged)" "the report"
	assert_match "$(<served)" 'CHOWN' "the report"
	ask /profiles --head >headers
	assert_eq "$(status /profiles -H "If-None-Match: $(sed -nE 's/^ETag: (.*)\r/\1/p' headers)")" 304 "the answer to who has it already"
	assert_eq "$(status /profiles -H 'If-None-Match: "other"')" 200 "the answer to who has another one"
}

test_only_what_is_there_is_answered_and_only_to_be_read() {
	serve_web
	assert_eq "$(status /healthz) $(<answer)" "200 alive" "health"
	assert_eq "$(status /readyz) $(<answer)" "200 ready" "readiness"
	assert_eq "$(status /nothing)" 404 "what is not there"
	assert_one_line "$(<answer)" "the answer to what is not there"
	assert_eq "$(status /../../etc/passwd --path-as-is)" 404 "a path of the file system"
	assert_eq "$(status /metrics -X POST --data x)" 405 "POST"
	assert_eq "$(status /profiles -X DELETE)" 405 "DELETE"
	assert_match "$(ask /metrics -X POST --data x --include)" 'Allow: GET, HEAD' "what is allowed"
	assert_match "$(ask / --head)" "frame-ancestors 'none'" "the page's headers"
	assert_match "$(ask /metrics --head)" 'X-Content-Type-Options: nosniff' "the headers"
	assert_match "$(ask /metrics --head)" 'Cache-Control: no-store' "the headers"
	assert_eq "$(status "/$(head -c 60000 /dev/zero | tr '\0' x)")" 414 "a request that is too long"
}

# The first thread is the one that records.
test_what_strangers_talk_to_has_no_capabilities() {
	local task n=0
	serve_web
	assert_eq "$(status /profiles)" 200 "the answer"
	for task in /proc/"$SERVICE"/task/*; do
		[[ $task != */"$SERVICE" ]] || continue
		assert_eq "$(sed -nE 's/^CapEff:\t0*//p; s/^CapPrm:\t0*//p' "$task/status" | tr -d '\n')" "" "the capabilities of a thread"
		((++n))
	done
	((n >= 1)) || fail "it has no thread of its own"
}

# A page of a stranger's whose name he has pointed at this host's loopback.
test_a_name_of_a_strangers_is_refused() {
	serve_web
	assert_eq "$(status /profiles -H 'Host: evil.example')" 421 "another name"
	assert_eq "$(status /profiles -H 'Host: localhost.evil.example:9779')" 421 "a name that begins likewise"
	assert_eq "$(status /profiles -H 'Host: localhost:9779') $(status /profiles -H 'Host: [::1]:9779')" "200 200" "its own names"
}

test_beyond_this_host_it_takes_certificate_and_token() {
	local token=0123456789abcdef0123456789abcdef
	openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext 'subjectAltName=DNS:localhost,IP:127.0.0.1' 2>/dev/null ||
		skip "there is no openssl"
	echo "$token" >token
	assert_refused 2 'beyond this host' "$LEASTCAP" serve --replay --listen 0.0.0.0:0 "$FIXTURES/chown.json"
	assert_refused 2 'beyond this host' "$LEASTCAP" serve --replay --listen 0.0.0.0:0 --token-file token "$FIXTURES/chown.json"
	assert_refused 2 'beyond this host' "$LEASTCAP" serve --replay --listen '[::]:0' --tls-cert cert.pem --tls-key key.pem "$FIXTURES/chown.json"
	assert_refused 2 'go together' "$LEASTCAP" serve --replay --tls-cert cert.pem "$FIXTURES/chown.json"
	assert_refused 2 'its key' "$LEASTCAP" serve --replay --listen 127.0.0.1:0 --tls-cert cert.pem --tls-key cert.pem "$FIXTURES/chown.json"
	echo short >short
	assert_refused 2 'at least 16' "$LEASTCAP" serve --replay --token-file short "$FIXTURES/chown.json"
	serve --listen 0.0.0.0:0 --tls-cert cert.pem --tls-key key.pem --token-file token "$FIXTURES/chown.json"
	URL=https://127.0.0.1:${URL##*:}
	assert_eq "$(status /metrics --cacert cert.pem)" 401 "without a token"
	assert_match "$(ask /metrics --cacert cert.pem --include)" 'WWW-Authenticate: Bearer' "what is wanted"
	assert_eq "$(status /metrics --cacert cert.pem -H "Authorization: Bearer ${token}0")" 401 "with another token"
	assert_eq "$(status /metrics --cacert cert.pem -H "Authorization: Bearer $token")" 200 "with the token"
	assert_match "$(<answer)" leastcap_capability_required "the metrics"
	assert_eq "$(status /nothing --cacert cert.pem)" 401 "what is not there"
	assert_eq "$(status /healthz --cacert cert.pem)" 200 "a probe"
	assert_eq "$(curl --silent --max-time 5 --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:${URL##*:}/metrics" || true)" 000 "without TLS"
	if openssl s_client -help 2>&1 | grep -q -- -tls1_1; then
		! openssl s_client -tls1_1 -connect "127.0.0.1:${URL##*:}" </dev/null >/dev/null 2>&1 || fail "TLS 1.1 is spoken"
	fi
}

test_a_place_that_is_taken_or_is_none_is_said_in_a_line() {
	serve_web
	assert_refused 1 'somebody else does' "$LEASTCAP" serve --replay --listen "${URL#http://}" "$FIXTURES/chown.json"
	assert_refused 2 'neither ADDRESS:PORT' "$LEASTCAP" serve --replay --listen example.com:80 "$FIXTURES/chown.json"
	assert_refused 2 'neither ADDRESS:PORT' "$LEASTCAP" serve --replay --listen 127.0.0.1:65536 "$FIXTURES/chown.json"
	assert_refused 2 'none' "$LEASTCAP" serve --replay --listen none "$FIXTURES/chown.json"
	assert_refused 2 'cannot open nothing.json' "$LEASTCAP" serve --replay nothing.json
}

# as_other GROUP: asks by the UNIX socket as an ordinary user of GROUP.
as_other() {
	setpriv --reuid 12345 --regid "$1" --clear-groups curl --silent --max-time 5 --unix-socket s.sock http://localhost/healthz
}

test_a_unix_socket_is_for_owner_and_group_and_goes_with_the_service() {
	chmod a+x . && serve --listen "unix:$PWD/s.sock" "$FIXTURES/chown.json"
	assert_eq "$(stat -c '%a %F' s.sock)" "660 socket" "the socket"
	assert_eq "$(curl --silent --unix-socket s.sock http://localhost/healthz)" alive "the answer"
	if ((EUID == 0)) && setpriv --reuid 12345 --regid 12345 --clear-groups test -x .; then
		assert_eq "$(as_other 0)" alive "the answer to somebody of the group"
		assert_eq "$(as_other 12345 || true)" "" "the answer to somebody else"
	fi
	assert_refused 1 'somebody else does' "$LEASTCAP" serve --replay --listen "unix:$PWD/s.sock" "$FIXTURES/chown.json"
	end_service
	assert_eq "$STATUS" 0 "the exit status"
	[[ ! -e s.sock ]] || fail "the socket is still there"
	# One that is left by who was killed is replaced, and a file of another kind is not.
	serve --listen "unix:$PWD/s.sock" "$FIXTURES/chown.json"
	kill -KILL "$SERVICE"
	wait "$SERVICE" 2>/dev/null || true
	[[ -S s.sock ]] || fail "nothing is left to be replaced"
	serve --listen "unix:$PWD/s.sock" "$FIXTURES/chown.json"
	assert_eq "$(curl --silent --unix-socket s.sock http://localhost/healthz)" alive "the answer"
	echo precious >file
	assert_refused 1 'cannot listen' "$LEASTCAP" serve --replay --listen "unix:$PWD/file" "$FIXTURES/chown.json"
	assert_eq "$(<file)" precious "what was there"
}

# Connects again and again: first to ask for much, which it does not read, and then to send nothing, or half a request.
SLOW='
import socket, sys, time
port, n = int(sys.argv[1]), int(sys.argv[2])
held = []
for i in range(n):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    s.connect(("127.0.0.1", port))
    s.send(b"GET /profiles HTTP/1.1\r\nHost: localhost\r\n\r\n" if i < 60 else [b"", b"GET / HTTP/1.1\r\nHost: loc"][i % 2])
    held.append(s)
    time.sleep(0.02)
print("held", flush=True)
time.sleep(100)
'

test_who_sends_nothing_or_reads_nothing_keeps_nobody_out() {
	local i begun
	jq '.targets |= [range(300) as $i | .[0] + {name: "w\($i)"}]' "$FIXTURES/nginx_container.json" >big.json
	serve --listen 127.0.0.1:0 big.json
	python3 -c "$SLOW" "${URL##*:}" 200 >held &
	# shellcheck disable=SC2064
	trap "kill -KILL $SERVICE $! 2>/dev/null || true" EXIT
	# While they come, and when they are there.
	for i in 1 2 3; do
		assert_eq "$(status /healthz)" 200 "the answer while others come"
		sleep 0.5
	done
	wait_until grep -q held held
	begun=$SECONDS
	for i in 1 2 3 4 5; do
		assert_eq "$(status /healthz) $(status /metrics)" "200 200" "the answers while others are slow"
	done
	((SECONDS - begun < 10)) || fail "they took $((SECONDS - begun)) seconds"
	assert_eq "$(ask /profiles | jq '.targets | length')" 300 "the profile, whole"
	# They are still connected when it ends.
	end_service
	assert_eq "$STATUS" 0 "the exit status"
	((TOOK < 3000)) || fail "it took $TOOK ms to end"
}

serves_two() {
	[[ $(ask /profiles | jq '.targets | length') == 2 ]]
}

test_a_store_is_served_with_what_comes_into_it() {
	local first
	"$LEASTCAP" store import --store store "$FIXTURES/chown.json" 2>/dev/null
	serve --listen 127.0.0.1:0 --store store
	first=$(ask /profiles | jq -c '[.targets[].name]')
	assert_eq "$first" '["chown"]' "what is served first"
	"$LEASTCAP" store import --store store "$FIXTURES/nginx_container.json" 2>/dev/null
	wait_until serves_two
	assert_match "$(ask /metrics)" 'leastcap_capability_required\{kind="container"' "the metrics"
}

# As somebody reads it who leaves it open: tests/e2e/live clicks, and a store gets what is new.
test_the_page_shows_what_is_new_and_keeps_what_the_reader_has_opened() {
	local wrong=0
	"$LEASTCAP" store import --store store "$FIXTURES/nginx_container.json" "$FIXTURES/chown.json" 2>/dev/null
	jq '.targets[0].name = "arrived"' "$FIXTURES/setgid.json" >more.json
	serve --listen 127.0.0.1:0 --store store
	"$E2E/live" "$URL" "$LEASTCAP" store import --store store more.json >said 2>&1 || wrong=$?
	((wrong != 77)) || skip "there is no Chromium, or no playwright-core"
	assert_eq "$(<said)" "" "what is wrong with the page"
	assert_eq "$wrong" 0 "the exit status"
}
