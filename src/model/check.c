/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks: the words of the enumerations in check.h, comparing, copying and freeing. */
#include <leastcap/check.h>
#include <leastcap/strbuf.h>

#include <leastcap/words.h>

#include <leastcap/order.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const verdicts[LC_VERDICT_N] = {
	[LC_VERDICT_GRANTED] = "granted",
	[LC_VERDICT_DENIED] = "denied",
};

static const char *const authorities[LC_AUTHORITY_N] = {
	[LC_AUTHORITY_EFFECTIVE] = "effective",
	[LC_AUTHORITY_OWNER] = "owner",
	[LC_AUTHORITY_NONE] = "none",
	[LC_AUTHORITY_BEYOND] = "beyond",
};

static const char *const credentials[LC_CREDENTIAL_N] = {
	[LC_CREDENTIAL_OWN] = "own",
	[LC_CREDENTIAL_OVERRIDDEN] = "overridden",
};

static const char *const phases[LC_PHASE_N] = {
	[LC_PHASE_SETUP] = "setup",
	[LC_PHASE_WORKLOAD] = "workload",
};

static const char *const usernses[LC_USERNS_N] = {
	[LC_USERNS_TARGET] = "target",
	[LC_USERNS_OTHER] = "other",
};

static const char *const auditeds[LC_AUDITED_N] = {
	[LC_AUDITED_NO] = "no",
	[LC_AUDITED_YES] = "yes",
	[LC_AUDITED_UNKNOWN] = "unknown",
};

static const char *const sources[LC_SOURCE_N] = {
	[LC_SOURCE_CHECK] = "check",
	[LC_SOURCE_FILE] = "file",
	[LC_SOURCE_CAPSET] = "capset",
	[LC_SOURCE_AMBIENT] = "ambient",
	[LC_SOURCE_USERNS] = "userns",
	[LC_SOURCE_RING] = "ring",
	[LC_SOURCE_FILTER] = "filter",
};

static const char *const classes[LC_CLASS_N] = {
	[LC_CLASS_REQUIRED] = "required",
	[LC_CLASS_IMPLIED] = "implied",
	[LC_CLASS_ALTERNATIVE] = "alternative",
	[LC_CLASS_ADVISORY] = "advisory",
	[LC_CLASS_BLOCKED] = "blocked",
	[LC_CLASS_REFUSED] = "refused",
	[LC_CLASS_OWNER] = "owner",
	[LC_CLASS_NESTED] = "nested",
	[LC_CLASS_OVERRIDDEN] = "overridden",
	[LC_CLASS_SETUP] = "setup",
};

const struct lc_vocabulary lc_vocabulary_verdict = {verdicts, LC_VERDICT_N};
const struct lc_vocabulary lc_vocabulary_authority = {authorities, LC_AUTHORITY_N};
const struct lc_vocabulary lc_vocabulary_credential = {credentials, LC_CREDENTIAL_N};
const struct lc_vocabulary lc_vocabulary_phase = {phases, LC_PHASE_N};
const struct lc_vocabulary lc_vocabulary_userns = {usernses, LC_USERNS_N};
const struct lc_vocabulary lc_vocabulary_audited = {auditeds, LC_AUDITED_N};
const struct lc_vocabulary lc_vocabulary_source = {sources, LC_SOURCE_N};
const struct lc_vocabulary lc_vocabulary_class = {classes, LC_CLASS_N};

const char *lc_vocabulary_word(const struct lc_vocabulary *vocabulary, int value)
{
	return value >= 0 && value < vocabulary->n ? vocabulary->words[value] : NULL;
}

int lc_vocabulary_value(const struct lc_vocabulary *vocabulary, const char *word)
{
	for (int i = 0; word && i < vocabulary->n; i++) {
		if (strcmp(vocabulary->words[i], word) == 0)
			return i;
	}
	return -EINVAL;
}

const char *lc_verdict_name(enum lc_verdict verdict)
{
	return lc_vocabulary_word(&lc_vocabulary_verdict, (int)verdict);
}

const char *lc_authority_name(enum lc_authority authority)
{
	return lc_vocabulary_word(&lc_vocabulary_authority, (int)authority);
}

const char *lc_credential_name(enum lc_credential credential)
{
	return lc_vocabulary_word(&lc_vocabulary_credential, (int)credential);
}

const char *lc_phase_name(enum lc_phase phase)
{
	return lc_vocabulary_word(&lc_vocabulary_phase, (int)phase);
}

const char *lc_userns_name(enum lc_userns userns)
{
	return lc_vocabulary_word(&lc_vocabulary_userns, (int)userns);
}

const char *lc_audited_name(enum lc_audited audited)
{
	return lc_vocabulary_word(&lc_vocabulary_audited, (int)audited);
}

const char *lc_class_name(enum lc_class class)
{
	return lc_vocabulary_word(&lc_vocabulary_class, (int)class);
}

const char *lc_source_name(enum lc_source source)
{
	return lc_vocabulary_word(&lc_vocabulary_source, (int)source);
}

int lc_verdict_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_verdict, name);
}

int lc_authority_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_authority, name);
}

int lc_credential_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_credential, name);
}

int lc_phase_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_phase, name);
}

int lc_userns_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_userns, name);
}

int lc_audited_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_audited, name);
}

int lc_class_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_class, name);
}

int lc_source_from_name(const char *name)
{
	return lc_vocabulary_value(&lc_vocabulary_source, name);
}

bool lc_user_is_root(const char *user)
{
	return !user || !*user || strcmp(user, "0") == 0 || strncmp(user, "0:", 2) == 0 || strcmp(user, "root") == 0 ||
	       strncmp(user, "root:", 5) == 0;
}

void lc_object_clear(struct lc_object *object)
{
	free(object->path);
	free(object->owner);
	*object = (struct lc_object){0};
}

int lc_check_compare_facts(const struct lc_check *a, const struct lc_check *b)
{
	const int differences[] = {
		LC_COMPARE_NUMBERS(a->verdict, b->verdict),
		LC_COMPARE_NUMBERS(a->authority, b->authority),
		LC_COMPARE_NUMBERS(a->credential, b->credential),
		LC_COMPARE_NUMBERS(a->phase, b->phase),
		LC_COMPARE_NUMBERS(a->userns, b->userns),
		LC_COMPARE_NUMBERS(a->audited, b->audited),
		LC_COMPARE_NUMBERS(a->source, b->source),
		LC_COMPARE_NUMBERS(a->ordinary, b->ordinary),
		LC_COMPARE_NUMBERS(a->chained, b->chained),
		LC_COMPARE_NUMBERS(a->gives_up, b->gives_up),
		LC_COMPARE_NUMBERS(a->no_new_privs, b->no_new_privs),
		LC_COMPARE_NUMBERS(a->answered, b->answered),
		LC_COMPARE_NUMBERS(a->tried, b->tried),
	};

	for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++) {
		if (differences[i])
			return differences[i];
	}
	return 0;
}

/* Where a check's own strings are. */
static const size_t strings[] = {
	offsetof(struct lc_check, syscall),
	offsetof(struct lc_check, caller),
	offsetof(struct lc_check, exe),
	offsetof(struct lc_check, comm),
	offsetof(struct lc_check, about),
	offsetof(struct lc_check, user),
	offsetof(struct lc_check, object) + offsetof(struct lc_object, path),
	offsetof(struct lc_check, object) + offsetof(struct lc_object, owner),
	offsetof(struct lc_check, result),
	offsetof(struct lc_check, why),
};

#define N_STRINGS (sizeof(strings) / sizeof(strings[0]))

static char **string_of(struct lc_check *check, size_t i)
{
	return (char **)((char *)check + strings[i]);
}

int lc_check_copy(struct lc_check *copy, const struct lc_check *check)
{
	struct lc_check made = *check;
	int r = 0;

	lc_shared_stack_take(made.kernel_stack);
	lc_shared_stack_take(made.user_stack);
	for (size_t i = 0; i < N_STRINGS; i++) {
		char **text = string_of(&made, i);
		bool is_known = *text;

		*text = lc_copy(*text);
		r = is_known && !*text ? -ENOMEM : r;
	}
	if (r)
		lc_check_clear(&made);
	else
		*copy = made;
	return r;
}

void lc_check_clear(struct lc_check *check)
{
	for (size_t i = 0; i < N_STRINGS; i++)
		free(*string_of(check, i));
	lc_shared_stack_drop(check->kernel_stack);
	lc_shared_stack_drop(check->user_stack);
	*check = (struct lc_check){0};
}
