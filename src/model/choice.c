/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* By which words people call targets, and which of many they choose. */
#include <leastcap/choice.h>

#include <leastcap/cleanup.h>
#include <leastcap/suggest.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How much of an id tells a container apart. */
#define LEAST_ID 3

/* Whether WORD is BEFORE and NAME with a slash between, neither being unknown. */
static bool is_pair(const char *word, const char *before, const char *name)
{
	size_t length = before ? strlen(before) : 0;

	return length && name && strncmp(word, before, length) == 0 && word[length] == '/' &&
	       strcmp(word + length + 1, name) == 0;
}

static bool is(const char *word, const char *name)
{
	return name && strcmp(word, name) == 0;
}

/* Whether UNIT is WORD with ".service" behind it. */
static bool is_unit(const char *word, const char *unit)
{
	size_t length = strlen(word);

	return unit && strncmp(unit, word, length) == 0 && strcmp(unit + length, ".service") == 0;
}

/* What of WORD follows TARGET's namespace and a slash; WORD where it does not begin so. */
static const char *without_namespace(const char *word, const struct lc_target *target)
{
	size_t length = target->namespace ? strlen(target->namespace) : 0;

	return length && strncmp(word, target->namespace, length) == 0 && word[length] == '/' ? word + length + 1
											      : word;
}

enum lc_answer lc_target_answers(const struct lc_target *target, const char *word)
{
	const char *rest = without_namespace(word, target);

	if (is(word, target->name) || is_pair(rest, target->pod, target->name))
		return LC_ANSWER_OWN;
	if (target->kind == LC_TARGET_SERVICE && is_unit(word, target->name))
		return LC_ANSWER_OWN;
	if (target->id && strlen(word) >= LEAST_ID && strncmp(target->id, word, strlen(word)) == 0)
		return LC_ANSWER_OWN;
	if (is(word, target->service) || is_pair(word, target->project, target->service) || is(rest, target->pod))
		return LC_ANSWER_GROUP;
	return LC_ANSWER_NONE;
}

const char *lc_target_suggest(const struct lc_target *target, const char *word, const char *near)
{
	const char *const names[] = {near, target->name, target->service, target->pod};
	const char *words[sizeof(names) / sizeof(names[0])];
	size_t n = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i])
			words[n++] = names[i];
	}
	return lc_suggest(word, words, n);
}

bool lc_choice_is_made(const struct lc_choice *choice)
{
	return choice->n_names || choice->project || choice->image;
}

bool lc_choice_allows(const struct lc_choice *choice, const struct lc_target *target)
{
	return (!choice->project || is(choice->project, target->project)) &&
	       (!choice->image || lc_image_is(target->image, choice->image));
}

/* Marks in CHOSEN the targets that answer to WORD. Whether there are any. */
static bool choose(const struct lc_choice *choice, const struct lc_profile *profile, const char *word, bool *chosen)
{
	enum lc_answer best = LC_ANSWER_NONE;

	for (size_t i = 0; i < profile->n_targets; i++) {
		enum lc_answer answer = lc_target_answers(&profile->targets[i], word);

		if (answer > best && lc_choice_allows(choice, &profile->targets[i]))
			best = answer;
	}
	for (size_t i = 0; best && i < profile->n_targets; i++) {
		if (lc_target_answers(&profile->targets[i], word) == best &&
			lc_choice_allows(choice, &profile->targets[i]))
			chosen[i] = true;
	}
	return best;
}

/* Leaves in PROFILE the targets that are CHOSEN. */
static void keep(struct lc_profile *profile, const bool *chosen)
{
	size_t n = 0;

	profile->lost = lc_profile_lost(profile, chosen);
	for (size_t i = 0; i < profile->n_targets; i++) {
		struct lc_target target = profile->targets[i];

		if (!chosen[i]) {
			lc_target_clear(&profile->targets[i]);
			continue;
		}
		profile->targets[n++] = target;
	}
	profile->n_targets = n;
}

int lc_choice_apply(const struct lc_choice *choice, struct lc_profile *profile, const char **missing)
{
	_cleanup_free_ bool *chosen = calloc(profile->n_targets + 1, sizeof(*chosen));
	bool any = false;

	if (!chosen)
		return -ENOMEM;
	*missing = NULL;
	for (size_t n = 0; n < choice->n_names; n++) {
		*missing = choice->names[n];
		if (!choose(choice, profile, choice->names[n], chosen))
			return -ENOENT;
		any = true;
	}
	for (size_t i = 0; !choice->n_names && i < profile->n_targets; i++) {
		chosen[i] = lc_choice_allows(choice, &profile->targets[i]);
		any |= chosen[i];
	}
	if (!any && lc_choice_is_made(choice))
		return -ENOENT;
	*missing = NULL;
	keep(profile, chosen);
	return 0;
}
