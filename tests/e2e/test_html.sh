# shellcheck shell=bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The html report in a real browser: it looks right, works by keyboard and without its script, and nobody breaks out of it.

FIXTURES=$ROOT/tests/unit/fixtures

# What a hostile image writes wherever it can.
HOSTILE='</td></table></details></style></script><script>owned=1</script>"'\''><img src="http://192.0.2.1/x" onerror="owned=1">'

# in_browser ARGUMENT...: the line of JSON that tests/e2e/browser prints of page.html, in $SEEN; a complaint of the browser is a
# failure of the test.
in_browser() {
	SEEN=$("$E2E/browser" page.html "$@") || fail "the browser complains of the page"
}

# assert_in_browser EXPECTED WHAT ARGUMENT...
assert_in_browser() {
	local expected=$1 what=$2
	shift 2
	in_browser "$@"
	assert_eq "$SEEN" "$expected" "$what"
}

need_browser() {
	"$E2E/browser" || skip "there is no Chromium"
}

# page_of FILTER [OPTION...]: makes page.html of all fixtures as one profile that went through the jq FILTER.
page_of() {
	local filter=$1
	shift
	jq -s '.[0] + {targets: [.[].targets[]]} | '"$filter" "$FIXTURES"/*.json >all.json
	"$LEASTCAP" report -f html "$@" -o page.html all.json || (($? == 3))
}

# As many targets as a big host or a day of CI has, none like its neighbours.
page_of_a_thousand() {
	page_of '.targets as $all | .targets = [range(1000) | . as $i | $all[$i % ($all | length)]
		| .name = "\(.name)-\($i)" | .granted += [["SYS_TIME"], ["NET_ADMIN"], []][$i % 3]]'
}

page_of_hostile() {
	jq -s --arg hostile "$HOSTILE" '.[0] | .host.kernel = $hostile | .tool = $hostile
		| .targets[0] |= (.name = $hostile | .image = $hostile | .id = $hostile | .user = $hostile | .cgroup = $hostile
			| .project = $hostile | .service = $hostile | .engine = $hostile | .advice = [{cap: "CHOWN", text: $hostile}]
			| .evidence[] |= (.exe = $hostile | .comm = $hostile | .about = $hostile | .user = $hostile
				| .syscall = $hostile | .caller = $hostile | .why = $hostile))' "$FIXTURES/chown.json" >hostile.json
	"$LEASTCAP" report -f html --verbose -o page.html hostile.json
}

# base64_of_sha256 TAG: of what stands in page.html between <TAG> and </TAG>.
base64_of_sha256() {
	python3 - "$1" <<-'PYTHON'
		import base64, hashlib, sys
		page, tag = open("page.html", encoding="utf-8").read(), sys.argv[1]
		text = page.split(f"<{tag}>", 1)[1].split(f"</{tag}>", 1)[0]
		print(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())
	PYTHON
}

assert_valid_html() {
	local complaints
	complaints=$(tidy -quiet -errors page.html 2>&1) || true
	assert_eq "$complaints" "" "what tidy says of $1"
}

test_every_page_is_valid_html() {
	command -v tidy >/dev/null || skip "there is no tidy"
	page_of .
	assert_valid_html "a page"
	page_of . --verbose
	assert_valid_html "a verbose page"
	page_of '.targets = [] | .lost = 3'
	assert_valid_html "an empty page"
	page_of_hostile
	assert_valid_html "a hostile page"
}

test_the_policy_names_the_style_and_the_script_by_their_hashes() {
	page_of .
	assert_eq "$(grep -o "sha256-[^']*" page.html | tr '\n' ' ')" \
		"sha256-$(base64_of_sha256 style) sha256-$(base64_of_sha256 script) " "the hashes"
}

test_the_page_needs_nothing_but_itself_and_the_browser_has_no_complaint() {
	need_browser
	page_of .
	assert_in_browser "[$(jq '.targets | length' all.json),false]" "the number of sections, and whether the script did nothing" \
		'document.querySelectorAll(".target").length' 'document.getElementById("filter").hidden'
}

# As somebody uses it who has one container, a project or a cluster: by clicking, by keyboard, on a phone, in the dark, on paper.
test_readers_click_type_print_and_listen_on_pages_of_1_10_and_300_targets() {
	local n status=0
	for n in 1 10 300; do
		page_of ".targets as \$all | .targets = [range($n) | . as \$i | \$all[\$i % (\$all | length)] | .name = \"\(.name)-\(\$i)\"]"
		mv page.html "$n.html"
	done
	page_of 'del(.host.hook) | .targets |= [.[0:3][] | .rating = {level: "dangerous", score: 105, why: "Why.", advice: "Do."}
		| .hazards = [{kind: "socket", points: 100, about: "/run/docker.sock", where: "/s", why: "Whoever."}, {kind: "root", points: 5}]]'
	mv page.html audit.html
	"$E2E/pages" 1.html 10.html 300.html audit.html >wrong || status=$?
	((status != 77)) || skip "there is no Chromium, or no playwright-core"
	assert_eq "$(<wrong)" "" "what is wrong with the pages"
	assert_eq "$status" 0 "the exit status"
}

test_hostile_names_stay_text() {
	need_browser
	page_of_hostile
	assert_in_browser "$(jq -nc --arg hostile "$HOSTILE" '["undefined", 1, $hostile]')" "what came of them" \
		'typeof owned' 'document.querySelectorAll("script, img").length' 'document.querySelector("h3").textContent'
}

test_lost_checks_are_said_first() {
	need_browser
	page_of '.lost = 1234'
	in_browser 'document.body.firstElementChild.textContent'
	assert_match "$SEEN" 'INCOMPLETE: 1234 checks' "the first thing on the page"
}

# Who reads a page without its script can open every section, and a link opens the one that it leads to.
test_without_the_script_everything_is_there() {
	need_browser
	page_of_a_thousand
	assert_in_browser '[1000,true,0,["t500"]]' "rows, filter, buttons and open sections" --no-script --fragment '#t500' \
		'document.querySelectorAll(".map tbody tr").length' 'document.getElementById("filter").hidden' \
		'document.querySelectorAll("th button").length' \
		'[...document.querySelectorAll("details[open] > div")].map((open) => open.id)'
}

TYPE='(async (text) => { document.getElementById("text").value = text;
	document.getElementById("text").dispatchEvent(new Event("input")); await new Promise((done) => setTimeout(done, 500)); })'
CHOOSE='((state) => { document.getElementById("state").value = state;
	document.getElementById("state").dispatchEvent(new Event("change")); })'
SHOWN='[...document.querySelectorAll(".map tbody tr")].filter((row) => !row.hidden).map((row) => row.cells[0].textContent)'

test_the_filter_finds_targets_by_words_and_by_state() {
	need_browser
	page_of '.targets = [.targets[] | select(.cap_add | index("CHOWN"))][0:2] + [.targets[] | select(.cap_add == [])][0:1]
		| .targets |= [.[0] + {name: "a"}, .[1] + {name: "b", image: "Special:1"}, .[2] + {name: "c", cap_add: []}]'
	assert_in_browser '[null,"b","1 of 3 shown",null,null,"a,b",true,null,"a,b,c"]' "what is shown" \
		"$TYPE('sPECIAL')" "$SHOWN.join()" "document.getElementById('shown').textContent" \
		"$TYPE('')" "$CHOOSE('required')" "$SHOWN.join()" \
		'[...document.querySelectorAll(".target:not([hidden]) .evidence tbody tr:not([hidden])")].every((row) => row.className === "required")' \
		"$CHOOSE('')" "$SHOWN.join()"
}

# click TABLE COLUMN: its button, as the keyboard's Enter does.
click() {
	printf '[...document.querySelectorAll("%s thead th")].find((head) => head.textContent === "%s").firstChild.click()' "$1" "$2"
}

test_columns_sort_by_their_buttons_and_say_so() {
	need_browser
	page_of '.targets |= [(.[0:3] | to_entries[]) | .value + {name: "n\([10, 9, 2][.key])", cap_add: [["CHOWN"], [], ["CHOWN", "KILL"]][.key]}]'
	assert_in_browser '[null,"n2,n9,n10",null,"n10,n9,n2",null,"n2,n10,n9",null,"n2","KILL ascending"]' "the order" \
		"$(click .map Target)" "$SHOWN.join()" "$(click .map Target)" "$SHOWN.join()" \
		"$(click .map "on the list")" "$SHOWN.join()" "$(click .map KILL)" "($SHOWN)[0]" \
		'[...document.querySelectorAll(".map [aria-sort]")].map((head) => head.textContent + " " + head.getAttribute("aria-sort")).join()'
}

# Every text on the page against the nearest background behind it, by the formula of WCAG 2 (1.4.3).
CONTRAST='(() => {
	const channels = (colour) => colour.match(/[\d.]+/g).map(Number);
	const luminance = ([r, g, b]) => [r, g, b].map((c) => c / 255)
		.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
		.reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
	const behind = (element) => {
		for (; element; element = element.parentElement) {
			const colour = channels(getComputedStyle(element).backgroundColor);
			if (colour.length < 4 || colour[3] > 0)
				return colour;
		}
	};
	const low = new Set();
	let n = 0;
	for (const element of document.body.querySelectorAll("*:not(script):not(option)")) {
		if (![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
			continue;
		const [a, b] = [luminance(channels(getComputedStyle(element).color)), luminance(behind(element))];
		n++;
		if ((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5)
			low.add(element.outerHTML.slice(0, 80));
	}
	return [n > 100, [...low]];
})()'

test_text_has_enough_contrast_in_light_and_dark() {
	need_browser
	page_of '.lost = 1'
	assert_in_browser '[[true,[]],false]' "light: what has too little" "$CONTRAST" 'matchMedia("(prefers-color-scheme: dark)").matches'
	assert_in_browser '[[true,[]],true]' "dark: what has too little" --dark "$CONTRAST" \
		'matchMedia("(prefers-color-scheme: dark)").matches'
}

test_a_narrow_window_scrolls_tables_and_not_the_page() {
	need_browser
	page_of .
	assert_in_browser '[true]' "whether the page keeps to its window" --width 360 'document.documentElement.scrollWidth <= 360'
}

pages_in() {
	grep -ac '/Type */Page$\|/Type */Page[^s]' "$1"
}

test_what_is_closed_on_the_screen_is_printed() {
	need_browser
	page_of_a_thousand
	jq '.targets |= .[0:20]' all.json >twenty.json
	"$LEASTCAP" report -f html -o page.html twenty.json
	assert_in_browser '[0]' "open sections" --print closed.pdf 'document.querySelectorAll(".evidence-of[open]").length'
	in_browser --print headings.pdf 'document.querySelectorAll(".evidence-of").forEach((part) => part.remove())'
	# Twenty sections with their evidence take at least twice as much paper as twenty headings with their lists.
	(($(pages_in closed.pdf) >= 2 * $(pages_in headings.pdf))) || fail "the paper has only the headings"
}

test_a_thousand_targets_load_in_seconds() {
	need_browser
	page_of_a_thousand
	in_browser --screenshot page.png 'document.querySelectorAll(".map tbody tr").length' \
		'performance.getEntriesByType("navigation")[0].loadEventEnd / 1000'
	# A second or two on a machine that does nothing else.
	jq -e '.[0] == 1000 and .[1] > 0 and .[1] < 20' <<<"$SEEN" >/dev/null || fail "rows, and seconds to load: $SEEN"
	assert_eq "$(head -c 4 page.png | tail -c 3)" PNG "what the screenshot is"
}
