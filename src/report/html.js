/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report's filter, its sorting and its buttons that copy. All that the page says is there without it. */
"use strict";

(() => {
	const text = document.getElementById("text");
	const state = document.getElementById("state");
	if (!text)
		return;

	/* --- sorting: a button in each column's head, made when its table is first seen */

	/* The options stand in the order of importance. */
	const names = [...state.options].map((option) => option.value);
	const classes = [...state.options].map((option) => option.dataset.evidence);
	const collator = new Intl.Collator(undefined, { numeric: true });

	/* What is not there comes last. */
	const rank = (order, word) => (order.includes(word) ? order.indexOf(word) : order.length);

	/* Each makes of a cell what is compared. Numbers start with the largest. */
	const keys = {
		text: (cell) => cell.textContent,
		number: (cell) => -Number(cell.textContent),
		state: (cell) => rank(names, cell.className),
		class: (cell) => rank(classes, cell.textContent),
	};

	const compare = (a, b) => (typeof a.key === "string" ? collator.compare(a.key, b.key) : a.key - b.key);

	const sort = (head) => {
		const body = head.closest("table").tBodies[0];
		const descending = head.getAttribute("aria-sort") === "ascending";
		const rows = [...body.rows].map((row) => ({ row, key: keys[head.dataset.sort](row.cells[head.cellIndex]) }));
		rows.sort((a, b) => (descending ? compare(b, a) : compare(a, b)));
		body.append(...rows.map((entry) => entry.row));
		for (const other of head.parentNode.cells)
			other.removeAttribute("aria-sort");
		head.setAttribute("aria-sort", descending ? "descending" : "ascending");
	};

	const makeSortable = (table) => {
		for (const head of table.tHead.rows[0].cells) {
			const button = document.createElement("button");
			if (head.querySelector("button"))
				return;
			button.type = "button";
			button.append(...head.childNodes);
			button.addEventListener("click", () => sort(head));
			head.append(button);
		}
	};

	const makeSectionSortable = (section) => section.querySelectorAll("table").forEach(makeSortable);

	/* --- a button for each format that copies the list, made when its target is first seen */

	const put = async (text) => {
		try {
			await navigator.clipboard.writeText(text);
		} catch {
			/* Where the page may not use the clipboard, the browser's own command may. */
			const area = document.createElement("textarea");
			area.value = text;
			document.body.append(area);
			area.select();
			document.execCommand("copy");
			area.remove();
		}
	};

	const makeButtons = (section) => {
		const formats = [...section.querySelectorAll("pre[data-format]")];
		const row = document.createElement("div");
		const said = document.createElement("output");
		if (!formats.length)
			return;
		row.className = "copy";
		row.setAttribute("role", "group");
		row.setAttribute("aria-label", "Copy the list of " + section.querySelector("h3").textContent);
		row.append("Copy for");
		for (const format of formats) {
			const button = document.createElement("button");
			button.type = "button";
			button.textContent = format.dataset.format;
			button.addEventListener("click", async () => {
				await put(format.textContent);
				said.textContent = format.dataset.format + " copied";
			});
			row.append(button);
		}
		row.append(said);
		section.querySelector(".answer").after(row);
	};

	/* --- the filter */

	const targets = [...document.querySelectorAll(".map tbody tr")].map((row) => {
		const section = document.getElementById(row.dataset.section).closest(".target");
		return { row, section, words: undefined };
	});

	/* What containers gave, without the words that every section has. */
	const wordsOf = (target) => {
		target.words ??= [...target.section.querySelectorAll("h3, .answer code, dd, .note, tbody")]
			.map((part) => part.textContent).join("\n").toLowerCase();
		return target.words;
	};

	const fits = (target) => (!state.value || target.row.querySelector("td." + state.value) !== null)
		&& wordsOf(target).includes(text.value.trim().toLowerCase());

	/* Only the evidence that makes the state; where nothing does, all of it. */
	const showEvidence = (section) => {
		const evidence = state.selectedOptions[0].dataset.evidence;
		for (const row of section.querySelectorAll(".evidence tbody tr"))
			row.hidden = Boolean(evidence) && row.className !== evidence;
	};

	const filter = () => {
		let shown = 0;
		for (const target of targets) {
			const show = fits(target);
			target.row.hidden = target.section.hidden = !show;
			if (show) {
				showEvidence(target.section);
				shown++;
			}
		}
		document.getElementById("shown").textContent = `${shown} of ${targets.length} shown`;
	};

	let waiting;
	const filterSoon = () => {
		clearTimeout(waiting);
		waiting = setTimeout(filter, 150);
	};

	/* --- a link from the map opens the section that it leads to, for browsers that do not do so themselves */

	const openLinked = () => {
		const goal = document.getElementById(location.hash.slice(1));
		const section = goal && goal.closest(".evidence-of");
		if (section && !section.open) {
			section.open = true;
			goal.scrollIntoView();
		}
	};

	makeSortable(document.querySelector(".map"));
	document.getElementById("legend").open = matchMedia("(min-width: 40rem)").matches;
	document.querySelectorAll(".target").forEach(makeButtons);
	for (const section of document.querySelectorAll(".evidence-of")) {
		section.addEventListener("toggle", () => makeSectionSortable(section));
		if (section.open)
			makeSectionSortable(section);
	}
	document.getElementById("filter").addEventListener("submit", (event) => event.preventDefault());
	text.addEventListener("input", filterSoon);
	state.addEventListener("change", filter);
	addEventListener("hashchange", openLinked);
	document.getElementById("filter").hidden = false;
	openLinked();
	/* A reloaded page keeps what was typed. */
	if (text.value || state.value)
		filter();
})();
