/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Refused calls: the words of the enumerations in failure.h, comparing, copying and freeing. */
#include <leastcap/failure.h>

#include <leastcap/order.h>
#include <leastcap/strbuf.h>
#include <leastcap/words.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const causes[LC_CAUSE_N] = {
	[LC_CAUSE_CAPABILITY] = "capability",
	[LC_CAUSE_FILTER] = "filter",
	[LC_CAUSE_OWN_CHECK] = "own_check",
	[LC_CAUSE_DEVICE] = "device",
	[LC_CAUSE_CONFINEMENT] = "confinement",
	[LC_CAUSE_NO_NEW_PRIVS] = "no_new_privs",
	[LC_CAUSE_NAMESPACE] = "namespace",
	[LC_CAUSE_LIMIT] = "limit",
	[LC_CAUSE_FILE] = "file",
	[LC_CAUSE_UNKNOWN] = "unknown",
};

static const char *const answers[LC_FILTER_ANSWERS_N] = {
	[LC_FILTER_UNKNOWN] = "unknown",
	[LC_FILTER_NONE] = "none",
	[LC_FILTER_ALLOWS] = "allows",
	[LC_FILTER_REFUSES] = "refuses",
};

const struct lc_vocabulary lc_vocabulary_cause = {causes, LC_CAUSE_N};
const struct lc_vocabulary lc_vocabulary_filter_answer = {answers, LC_FILTER_ANSWERS_N};

const char *lc_cause_name(enum lc_cause cause)
{
	return lc_vocabulary_word(&lc_vocabulary_cause, (int)cause);
}

const char *lc_filter_answer_name(enum lc_filter_answer answer)
{
	return lc_vocabulary_word(&lc_vocabulary_filter_answer, (int)answer);
}

int lc_cause_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_cause, name);
}

int lc_filter_answer_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_filter_answer, name);
}

/* Where a failure's own strings are. The first N_FACTS tell failures apart. */
static const size_t strings[] = {
	offsetof(struct lc_failure, syscall),
	offsetof(struct lc_failure, result),
	offsetof(struct lc_failure, exe),
	offsetof(struct lc_failure, about),
	offsetof(struct lc_failure, user),
	offsetof(struct lc_failure, comm),
	offsetof(struct lc_failure, object) + offsetof(struct lc_object, path),
	offsetof(struct lc_failure, object) + offsetof(struct lc_object, owner),
	offsetof(struct lc_failure, rule),
	offsetof(struct lc_failure, why),
	offsetof(struct lc_failure, help),
};

#define N_STRINGS (sizeof(strings) / sizeof(strings[0]))
#define N_FACTS   5

static char **string_of(const struct lc_failure *failure, size_t i)
{
	return (char **)((char *)failure + strings[i]);
}

int lc_failure_compare_facts(const struct lc_failure *a, const struct lc_failure *b)
{
	const int differences[] = {
		LC_COMPARE_NUMBERS(a->argument, b->argument),
		LC_COMPARE_NUMBERS(a->denied, b->denied),
		LC_COMPARE_NUMBERS(a->asked, b->asked),
		LC_COMPARE_NUMBERS(a->no_new_privs, b->no_new_privs),
		LC_COMPARE_NUMBERS(a->void_file, b->void_file),
		LC_COMPARE_NUMBERS(a->filter, b->filter),
	};

	for (size_t i = 0; i < N_FACTS; i++) {
		int order = lc_compare_text(*string_of(a, i), *string_of(b, i));

		if (order)
			return order;
	}
	for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++) {
		if (differences[i])
			return differences[i];
	}
	return 0;
}

int lc_failure_copy(struct lc_failure *copy, const struct lc_failure *failure)
{
	struct lc_failure made = *failure;
	int r = 0;

	for (size_t i = 0; i < N_STRINGS; i++) {
		char **text = string_of(&made, i);
		bool is_known = *text;

		*text = lc_copy(*text);
		r = is_known && !*text ? -ENOMEM : r;
	}
	if (r)
		lc_failure_clear(&made);
	else
		*copy = made;
	return r;
}

void lc_failure_clear(struct lc_failure *failure)
{
	for (size_t i = 0; i < N_STRINGS; i++)
		free(*string_of(failure, i));
	*failure = (struct lc_failure){0};
}
