# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# What new users set out to do, from the first command to the last, with a count of commands.

REQUIRES=docker

# Five minutes on a host that somebody else has set up: one command.
test_a_host_shows_its_worst_containers_first_by_one_command() {
	local name
	for name in web db cache queue mail; do
		start_container "leastcap-story-$name" "$IMAGE" sleep 300
	done
	start_container leastcap-story-deploy --volume "/run/docker.sock:/var/run/docker.sock" "$IMAGE" sleep 300
	start_container leastcap-story-monitor --pid host "$IMAGE" sleep 300
	start_container leastcap-story-vpn --cap-add SYS_MODULE "$IMAGE" sleep 300
	start_container leastcap-story-proxy --cap-drop ALL --cap-add NET_ADMIN "$IMAGE" sleep 300
	"$LEASTCAP" audit >audit.txt
	assert_eq "$(awk '$1 ~ /^[0-9]+$/ && $2 ~ /^[a-z]/ && NR > 1 { print $2 }' audit.txt | head -n 3 | sort | paste -sd ' ')" \
		"leastcap-story-deploy leastcap-story-monitor leastcap-story-vpn" "the first three"
	assert_match "$(<audit.txt)" '[0-9]+  leastcap-story-deploy +docker\.sock 100,' "why the first is"
	assert_match "$(<audit.txt)" '[0-9]+  leastcap-story-vpn +SYS_MODULE 100,' "why the second is"
	assert_match "$(<audit.txt)" '[0-9]+  leastcap-story-monitor +host pid 40,' "why the third is"
	assert_match "$(grep -A 1 story-monitor audit.txt)" $'\n.*  leastcap-story-proxy' "who comes after them"
	# On a terminal of 80 columns and 24 lines, piped, and without colours.
	(($(wc -l <audit.txt) < 24)) || fail "it does not fit a screen"
	assert_eq "$(LC_ALL=C.UTF-8 awk 'length > 80' audit.txt)" "" "long lines"
	assert_no_match "$(<audit.txt)" "$ESC" "what is piped"
	assert_match "$(TERM=xterm script -qec "stty rows 24 cols 80; $LEASTCAP audit" /dev/null)" "$ESC\[1;31m +[0-9]+$ESC\[0m  leastcap-story-" \
		"what a terminal shows"
	assert_no_match "$(NO_COLOR=1 TERM=xterm script -qec "$LEASTCAP audit" /dev/null)" "$ESC" "what it shows with NO_COLOR"
}
