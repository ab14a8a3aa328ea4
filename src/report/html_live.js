/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The html report as a service shows it: it asks whether there is a newer one, and takes over what the reader has opened, typed and sorted. */
"use strict";

(() => {
	const PAUSE_MS = 3000;
	const KEY = "leastcap";
	const said = document.getElementById("live");
	const version = said.dataset.version;

	/* --- what the reader did; sections are known by their names, because others may come before them */

	/* Each <details> with its section's name, and its number among those of that name. */
	const named = () => {
		const counts = new Map();
		return [...document.querySelectorAll("details")].map((details) => {
			const section = details.closest(".target");
			const heading = section ? section.querySelector("h3").textContent : "";
			const number = counts.get(heading) ?? 0;
			counts.set(heading, number + 1);
			return { details, name: heading + "\n" + number };
		});
	};

	const sorted = () => {
		const head = document.querySelector(".map [aria-sort]");
		return head && { column: head.textContent, direction: head.getAttribute("aria-sort") };
	};

	const focusable = () => [...document.querySelectorAll("a, button, input, select, summary")];

	/* Of a section it is the number in that section, else that on the page. */
	const focused = () => {
		const element = document.activeElement;
		const section = element && element.closest(".target");
		if (!element || element === document.body)
			return null;
		if (!section)
			return { number: focusable().indexOf(element) };
		return {
			section: section.querySelector("h3").textContent,
			number: focusable().filter((other) => section.contains(other)).indexOf(element),
		};
	};

	const keep = () => {
		const what = {
			open: named().map(({ details, name }) => [name, details.open]),
			fields: ["text", "state"].map((id) => document.getElementById(id)).filter(Boolean)
				.map((field) => [field.id, field.value]),
			sorted: sorted(),
			focused: focused(),
			scroll: scrollY,
		};
		try {
			sessionStorage.setItem(KEY, JSON.stringify(what));
		} catch {
			/* Where nothing may be kept, the page begins anew. */
		}
	};

	const kept = () => {
		try {
			const what = JSON.parse(sessionStorage.getItem(KEY));
			sessionStorage.removeItem(KEY);
			return what;
		} catch {
			return null;
		}
	};

	const focusAgain = (what) => {
		const section = what.section && [...document.querySelectorAll(".target")]
			.find((target) => target.querySelector("h3").textContent === what.section);
		const all = section ? focusable().filter((element) => section.contains(element)) : focusable();
		const element = what.section && !section ? null : all[what.number];
		if (element)
			element.focus({ preventScroll: true });
	};

	const sortAgain = (what) => {
		const head = [...document.querySelectorAll(".map thead th")].find((column) => column.textContent === what.column);
		const button = head && head.querySelector("button");
		for (let i = 0; button && i < 2 && head.getAttribute("aria-sort") !== what.direction; i++)
			button.click();
	};

	const putBack = (what) => {
		const open = new Map(what.open);
		for (const { details, name } of named())
			if (open.has(name))
				details.open = open.get(name);
		for (const [id, value] of what.fields) {
			const field = document.getElementById(id);
			if (!field || field.value === value)
				continue;
			field.value = value;
			field.dispatchEvent(new Event(id === "text" ? "input" : "change"));
		}
		if (what.sorted)
			sortAgain(what.sorted);
		if (what.focused)
			focusAgain(what.focused);
		scrollTo(0, what.scroll);
	};

	/* --- asking */

	/* Who has marked some text is about to copy it. */
	const isBusy = () => document.hidden || String(getSelection()) !== "";

	const say = (text) => {
		if (said.textContent !== text)
			said.textContent = text;
	};

	const ask = async () => {
		try {
			const answer = await fetch(location.pathname, { method: "HEAD", headers: { "If-None-Match": version } });
			if (answer.status === 200 && answer.headers.get("ETag") !== version) {
				keep();
				location.reload();
				return;
			}
			say("Live: what is new shows by itself.");
		} catch {
			say("The service does not answer. This is what it said last.");
		}
		setTimeout(askUnlessBusy, PAUSE_MS);
	};

	const askUnlessBusy = () => {
		if (isBusy())
			setTimeout(askUnlessBusy, PAUSE_MS);
		else
			ask();
	};

	const before = kept();
	if (before)
		putBack(before);
	say("Live: what is new shows by itself.");
	setTimeout(askUnlessBusy, PAUSE_MS);
})();
