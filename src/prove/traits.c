/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What of a run is worse than before, although the command passes. */
#include "prove_private.h"

#include <leastcap/trial.h>

#include <leastcap/array.h>
#include <leastcap/json.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the traits of a kind mean. */
static const struct {
	bool must;           /* one that is missing is worse; else one that has come */
	const char *differs; /* how that is said; what it is about follows */
	const char *is;      /* how it is said that there is one */
} kinds[LC_TRAIT_N] = {
	[LC_TRAIT_CONTAINER] = {true, "was not created", "was created"},
	[LC_TRAIT_PROCESS] = {true, "has no longer a process", "had a process"},
	[LC_TRAIT_PORT] = {true, "no longer listens on", "listened on"},
	[LC_TRAIT_STATE] = {true, "is no longer", "was"},
	[LC_TRAIT_RESTART] = {false, "was restarted", "was restarted"},
	[LC_TRAIT_UNWELL] = {false, "now fails its health check", "failed its health check"},
	[LC_TRAIT_LOG] = {false, "now logs", "logged"},
	[LC_TRAIT_FILE] = {false, "now has", "had"},
	[LC_TRAIT_REFUSED] = {false, "now fails with", "failed with"},
	[LC_TRAIT_TOLD] = {true, "does not tell", "told"},
};

static struct lc_trait *find(const struct lc_traits *traits, const struct lc_trait *trait)
{
	for (size_t i = 0; i < traits->n; i++) {
		struct lc_trait *other = &traits->list[i];

		if (other->subject == trait->subject && other->kind == trait->kind && !strcmp(other->text, trait->text))
			return other;
	}
	return NULL;
}

int lc_traits_add(struct lc_traits *traits, size_t subject, enum lc_trait_kind kind, uint64_t caps, const char *text)
{
	struct lc_trait trait = {.subject = subject, .kind = kind, .caps = caps, .text = (char *)text};
	struct lc_trait *list;

	if (find(traits, &trait))
		return 0;
	list = lc_array_grow(traits->list, traits->n, sizeof(*list));
	if (!list)
		return -ENOMEM;
	traits->list = list;
	trait.text = strdup(text);
	if (!trait.text)
		return -ENOMEM;
	list[traits->n++] = trait;
	return 0;
}

int lc_traits_add_target(struct lc_traits *traits, size_t subject, const struct lc_target *target)
{
	for (size_t i = 0; i < target->n_failures; i++) {
		const struct lc_failure *failure = &target->failures[i];
		struct lc_strbuf text = {0};
		int r;

		if (failure->expected)
			continue;
		lc_strbuf_addf(&text, "%s in %s of %s", failure->result ? failure->result : "an error",
			failure->syscall ? failure->syscall : "a call", failure->exe ? failure->exe : "a program");
		r = text.failed ? -ENOMEM : lc_traits_add(traits, subject, LC_TRAIT_REFUSED, failure->caps, text.text);
		lc_strbuf_free(&text);
		if (r)
			return r;
	}
	return 0;
}

/* How a container ended; its exit status follows. */
#define ENDED "one that ends with exit status "

int lc_traits_add_state(struct lc_traits *traits, size_t subject, const char *text, size_t length)
{
	_cleanup_json_ json_t *answer = json_loadb(text, length, 0, NULL);
	const json_t *state = json_object_get(answer, "State");
	const char *health = json_string_value(json_object_get(json_object_get(state, "Health"), "Status"));
	const json_t *status = json_object_get(state, "ExitCode");
	char ended[64];
	int r;

	if (!json_is_object(state) || !json_is_integer(status))
		return -EPROTO;
	snprintf(ended, sizeof(ended), ENDED "%" JSON_INTEGER_FORMAT, json_integer_value(status));
	r = lc_traits_add(traits, subject, LC_TRAIT_STATE, 0,
		json_is_true(json_object_get(state, "Running")) ? "running" : ended);
	if (!r && health && !strcmp(health, "healthy"))
		r = lc_traits_add(traits, subject, LC_TRAIT_STATE, 0, health);
	if (!r && json_integer_value(json_object_get(json_object_get(state, "Health"), "FailingStreak")))
		r = lc_traits_add(traits, subject, LC_TRAIT_UNWELL, 0, "");
	if (!r && json_integer_value(json_object_get(answer, "RestartCount")))
		r = lc_traits_add(traits, subject, LC_TRAIT_RESTART, 0, "");
	return r;
}

/* The exit status in the event VALUE, in Docker's word or in Podman's; NULL: it is about something else. */
static const char *exit_status(const json_t *value)
{
	const char *action = json_string_value(json_object_get(value, "Action"));
	const json_t *attributes = json_object_get(json_object_get(value, "Actor"), "Attributes");
	const char *status = json_string_value(json_object_get(attributes, "exitCode"));

	if (!action || (strcmp(action, "die") != 0 && strcmp(action, "died") != 0))
		return NULL;
	return status ? status : json_string_value(json_object_get(attributes, "containerExitCode"));
}

int lc_traits_add_ends(struct lc_traits *traits, const char *text, size_t length,
	size_t (*subject_of)(void *context, const char *id), void *context)
{
	size_t at = 0;
	int r = 0;

	/* One object follows the other. */
	while (!r && at < length) {
		json_error_t end;
		_cleanup_json_ json_t *value = json_loadb(text + at, length - at, JSON_DISABLE_EOF_CHECK, &end);
		const char *id = json_string_value(json_object_get(json_object_get(value, "Actor"), "ID"));
		const char *status = id ? exit_status(value) : NULL;
		size_t subject = status ? subject_of(context, id) : SIZE_MAX;
		char ended[64];

		if (!value || end.position <= 0)
			break;
		at += (size_t)end.position;
		if (subject == SIZE_MAX)
			continue;
		snprintf(ended, sizeof(ended), ENDED "%.16s", status);
		r = lc_traits_add(traits, subject, LC_TRAIT_STATE, 0, ended);
	}
	return r;
}

/* Where the owner begins in the TEXT of a file's trait. The path is the container's own choice, and may have such words in it. */
static size_t path_length(const char *text)
{
	const char *last = NULL;

	for (const char *next = text; (next = strstr(next, LC_TRAIT_OWNER)); next++)
		last = next;
	return last ? (size_t)(last - text) : strlen(text);
}

/* Whether TRAITS have the file of TRAIT, with whatever owner. */
static bool has_file(const struct lc_traits *traits, const struct lc_trait *trait)
{
	size_t length = path_length(trait->text);

	for (size_t i = 0; i < traits->n; i++) {
		const struct lc_trait *other = &traits->list[i];

		if (other->subject == trait->subject && other->kind == LC_TRAIT_FILE &&
			!strncmp(other->text, trait->text, length) && path_length(other->text) == length)
			return true;
	}
	return false;
}

/* Whether the line of TRAIT is one that comes and goes without a reason, which now another part of the same program has written. */
static bool is_said_by_another(const struct lc_traits *passed, const struct lc_trait *trait)
{
	for (size_t i = 0; i < passed->n; i++) {
		const struct lc_trait *other = &passed->list[i];

		if (other->subject == trait->subject && other->kind == LC_TRAIT_LOG && other->passing &&
			lc_prove_same_message(other->text, trait->text))
			return true;
	}
	return false;
}

/*
 * Whether TRAIT, which has come, is not worse: a call refused for what was taken away (LACKS) is the trial itself, a new file is just new, and what
 * some part of a service logs in one of two runs, because of when it is stopped, another part may log in the next.
 */
static bool may_come(const struct lc_traits *passed, const struct lc_trait *trait, const uint64_t *lacks)
{
	if (trait->kind == LC_TRAIT_FILE)
		return !has_file(passed, trait);
	if (trait->kind == LC_TRAIT_LOG)
		return is_said_by_another(passed, trait);
	return lacks && trait->caps & lacks[trait->subject];
}

/* Whether TRAIT is a way to end that no run had which passed, where these were not the same: then it has to be one of theirs. */
static bool is_new_end(const struct lc_traits *passed, const struct lc_trait *trait)
{
	if (trait->kind != LC_TRAIT_STATE || find(passed, trait))
		return false;
	for (size_t i = 0; i < passed->n; i++) {
		const struct lc_trait *other = &passed->list[i];

		if (other->subject == trait->subject && other->kind == LC_TRAIT_STATE && other->passing)
			return true;
	}
	return false;
}

/* How many differences are told one by one. */
#define TOLD_MAX 8

/* Appends that TRAIT, the N-th that differs, does, which is said by DIFFERS. */
static void add_difference(
	struct lc_strbuf *why, const struct lc_trait *trait, const char *differs, const char *const *names, size_t n)
{
	if (n > TOLD_MAX)
		return;
	lc_strbuf_separate(why, "; ");
	lc_strbuf_addf(why, "%s %s%s%s", names[trait->subject], differs, *trait->text ? " " : "", trait->text);
}

size_t lc_traits_compare(const struct lc_traits *passed, const struct lc_traits *now, const uint64_t *lacks,
	const char *const *names, struct lc_strbuf *why)
{
	size_t n = 0;

	for (size_t i = 0; i < passed->n; i++) {
		const struct lc_trait *trait = &passed->list[i];

		if (!kinds[trait->kind].must || trait->kind == LC_TRAIT_TOLD || trait->passing || find(now, trait))
			continue;
		add_difference(why, trait, kinds[trait->kind].differs, names, ++n);
	}
	for (size_t i = 0; i < now->n; i++) {
		const struct lc_trait *trait = &now->list[i];

		if (is_new_end(passed, trait))
			add_difference(why, trait, "is now", names, ++n);
		if (kinds[trait->kind].must || find(passed, trait) || may_come(passed, trait, lacks))
			continue;
		add_difference(why, trait, kinds[trait->kind].differs, names, ++n);
	}
	if (n > TOLD_MAX)
		lc_strbuf_addf(why, "; and %zu more differences", n - TOLD_MAX);
	return n;
}

void lc_traits_keep(struct lc_traits *now, const struct lc_traits *stays)
{
	for (size_t i = 0; i < now->n; i++) {
		struct lc_trait *trait = &now->list[i];

		if (trait->kind == LC_TRAIT_PROCESS || trait->kind == LC_TRAIT_PORT)
			trait->passing = !find(stays, trait);
	}
}

size_t lc_traits_untold(
	const struct lc_traits *passed, const struct lc_traits *now, const char *const *names, struct lc_strbuf *why)
{
	size_t n = 0;

	for (size_t i = 0; i < passed->n; i++) {
		const struct lc_trait *trait = &passed->list[i];

		if (trait->kind == LC_TRAIT_TOLD && !find(now, trait))
			add_difference(why, trait, kinds[trait->kind].differs, names, ++n);
	}
	if (n > TOLD_MAX)
		lc_strbuf_addf(why, "; and %zu more", n - TOLD_MAX);
	return n;
}

/* Whether no trial would be compared in TRAIT anyway: what came and went, and a file that was not there in OTHER. */
static bool is_no_matter(const struct lc_traits *other, const struct lc_trait *trait)
{
	return trait->passing || (trait->kind == LC_TRAIT_FILE && !has_file(other, trait));
}

/* Appends to WHY what TRAITS, of the run called RUN, have and OTHER has not, of which there have been N until now. How many there are then. */
static size_t add_own(struct lc_strbuf *why, const struct lc_traits *traits, const struct lc_traits *other,
	const char *run, const char *const *names, size_t n)
{
	for (size_t i = 0; i < traits->n; i++) {
		const struct lc_trait *trait = &traits->list[i];

		if (find(other, trait) || is_no_matter(other, trait) || ++n > TOLD_MAX)
			continue;
		lc_strbuf_separate(why, "; ");
		lc_strbuf_addf(why, "only in the %s %s %s%s%s", run, names[trait->subject], kinds[trait->kind].is,
			*trait->text ? " " : "", trait->text);
	}
	return n;
}

size_t lc_traits_differ(
	const struct lc_traits *first, const struct lc_traits *second, const char *const *names, struct lc_strbuf *why)
{
	size_t n = add_own(why, first, second, "first", names, 0);

	n = add_own(why, second, first, "second", names, n);
	if (n > TOLD_MAX)
		lc_strbuf_addf(why, "; and %zu more differences", n - TOLD_MAX);
	return n;
}

/* Keeps ways to end that only one of PASSED and NOW had. 0 or -ENOMEM. */
static int learn_ends(struct lc_traits *passed, const struct lc_traits *now)
{
	for (size_t i = 0; i < passed->n; i++) {
		if (passed->list[i].kind == LC_TRAIT_STATE)
			passed->list[i].passing |= !find(now, &passed->list[i]);
	}
	for (size_t i = 0; i < now->n; i++) {
		const struct lc_trait *trait = &now->list[i];

		if (trait->kind != LC_TRAIT_STATE || find(passed, trait))
			continue;
		if (lc_traits_add(passed, trait->subject, trait->kind, 0, trait->text))
			return -ENOMEM;
		passed->list[passed->n - 1].passing = true;
	}
	return 0;
}

int lc_traits_learn(struct lc_traits *passed, const struct lc_traits *now)
{
	size_t kept = 0;

	for (size_t i = 0; i < passed->n; i++) {
		struct lc_trait trait = passed->list[i];
		const struct lc_trait *again = find(now, &trait);

		/* What was long there in one of them and at least seen in the other has been there long enough. */
		if (trait.kind == LC_TRAIT_LOG)
			trait.passing |= !again;
		else if (trait.kind != LC_TRAIT_STATE)
			trait.passing &= !again || again->passing;
		if (kinds[trait.kind].must && trait.kind != LC_TRAIT_STATE && !again)
			free(trait.text);
		else
			passed->list[kept++] = trait;
	}
	passed->n = kept;
	for (size_t i = 0; i < now->n; i++) {
		const struct lc_trait *trait = &now->list[i];

		if (kinds[trait->kind].must || find(passed, trait))
			continue;
		if (lc_traits_add(passed, trait->subject, trait->kind, trait->caps, trait->text))
			return -ENOMEM;
		passed->list[passed->n - 1].passing = trait->kind == LC_TRAIT_LOG;
	}
	return learn_ends(passed, now);
}

void lc_traits_clear(struct lc_traits *traits)
{
	for (size_t i = 0; i < traits->n; i++)
		free(traits->list[i].text);
	free(traits->list);
	*traits = (struct lc_traits){0};
}
