/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decides what a trace shows, by expressions like strace's -e: of capabilities, verdicts, classes, causes and system calls. */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>
#include <leastcap/suggest.h>
#include <leastcap/trace.h>

#include <errno.h>
#include <seccomp.h>
#include <string.h>

/* What an expression is about. The values of the first four are the bits of a set. */
enum kind { KIND_CAP, KIND_VERDICT, KIND_CLASS, KIND_CAUSE, KIND_SETS, KIND_SYSCALL = KIND_SETS };

/* The system calls of one expression: those that may pass, or with INVERTED may not. */
struct syscalls {
	struct syscalls *next;
	bool inverted;
	size_t n;
	char *names[];
};

struct lc_trace_filter {
	uint64_t sets[KIND_SETS]; /* the values that pass */
	bool chosen[KIND_SETS];   /* an expression named those that do: what has no such value does not pass */
	bool all;
	struct syscalls *syscalls;
};

static const struct {
	const char *word;
	enum kind kind;
} kinds[] = {
	{"cap", KIND_CAP},
	{"cause", KIND_CAUSE},
	{"class", KIND_CLASS},
	{"syscall", KIND_SYSCALL},
	{"trace", KIND_SYSCALL},
	{"verdict", KIND_VERDICT},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

struct lc_trace_filter *lc_trace_filter_new(bool all)
{
	struct lc_trace_filter *filter = calloc(1, sizeof(*filter));

	if (!filter)
		return NULL;
	for (size_t i = 0; i < KIND_SETS; i++)
		filter->sets[i] = UINT64_MAX;
	filter->all = all;
	if (!all)
		filter->sets[KIND_CLASS] &= ~(UINT64_C(1) << LC_CLASS_SETUP | UINT64_C(1) << LC_CLASS_OVERRIDDEN |
					      UINT64_C(1) << LC_CLASS_ADVISORY);
	return filter;
}

/* The word for VALUE of KIND, which may lie in NAME; NULL behind the last value. */
static const char *word_of(enum kind kind, int value, char name[LC_CAP_NAME_SIZE])
{
	uint64_t all = lc_cap_all();

	switch (kind) {
	case KIND_CAP:
		return value < 64 && all & LC_CAP_BIT(value) ? lc_cap_name(value, name) : NULL;
	case KIND_VERDICT:
		return lc_verdict_name((enum lc_verdict)value);
	case KIND_CLASS:
		return lc_class_name((enum lc_class)value);
	case KIND_CAUSE:
		return lc_cause_name((enum lc_cause)value);
	default:
		return NULL;
	}
}

/* The value that WORD is for KIND, or -EINVAL. */
static int value_of(enum kind kind, const char *word)
{
	switch (kind) {
	case KIND_CAP:
		return lc_cap_from_name(word);
	case KIND_VERDICT:
		return lc_verdict_from_name(word);
	case KIND_CLASS:
		return lc_class_from_name(word);
	case KIND_CAUSE:
		return lc_cause_from_name(word);
	default:
		return seccomp_syscall_resolve_name(word) == __NR_SCMP_ERROR && !lc_syscall_named(word) ? -EINVAL : 0;
	}
}

static const char *kind_name(enum kind kind)
{
	static const char *const names[] = {"capability", "verdict", "class", "cause", "system call"};

	return names[kind];
}

/* Writes to *MESSAGE that WORD is no KIND, which there are, and which is meant if one is near. */
static int unknown_word(enum kind kind, const char *word, char **message)
{
	char names[64][LC_CAP_NAME_SIZE];
	struct lc_strbuf text = {0};
	const char *known[64];
	const char *meant;
	size_t n = 0;

	lc_strbuf_adds(&text, "there is no ");
	lc_strbuf_adds(&text, kind_name(kind));
	lc_strbuf_adds(&text, " \"");
	lc_escape_terminal(&text, word);
	lc_strbuf_adds(&text, kind == KIND_SYSCALL ? "\" on this machine" : "\"; there are ");
	while (n < 64 && (known[n] = word_of(kind, (int)n, names[n]))) {
		lc_strbuf_adds(&text, n ? ", " : "");
		lc_strbuf_adds(&text, known[n++]);
	}
	meant = kind == KIND_SYSCALL ? lc_syscall_suggest(word) : lc_suggest(word, known, n);
	if (meant)
		lc_strbuf_addf(&text, "; is %s meant?", meant);
	*message = lc_strbuf_steal(&text);
	return -EINVAL;
}

/* Writes to *MESSAGE that there are no expressions about WORD. */
static int unknown_kind(const char *word, char **message)
{
	const char *words[KINDS];
	struct lc_strbuf text = {0};
	const char *meant;

	for (size_t i = 0; i < KINDS; i++)
		words[i] = kinds[i].word;
	meant = lc_suggest(word, words, KINDS);
	lc_strbuf_adds(&text, "\"");
	lc_escape_terminal(&text, word);
	lc_strbuf_adds(&text, "=\" is not known; there are cap=, verdict=, class=, cause= and syscall= (or trace=)");
	if (meant)
		lc_strbuf_addf(&text, "; is %s= meant?", meant);
	*message = lc_strbuf_steal(&text);
	return -EINVAL;
}

static void narrow(struct lc_trace_filter *filter, enum kind kind, uint64_t bits, bool inverted)
{
	/* An expression that names classes shows also those that are left out by default. */
	if (kind == KIND_CLASS && !inverted && !filter->chosen[kind])
		filter->sets[kind] = UINT64_MAX;
	filter->chosen[kind] |= !inverted;
	filter->sets[kind] &= inverted ? ~bits : bits;
}

static void free_syscalls(struct syscalls *calls)
{
	for (size_t i = 0; i < calls->n; i++)
		free(calls->names[i]);
	free(calls);
}

/* Adds the words of LIST to the filter; the list is cut up. */
static int add_bits(struct lc_trace_filter *filter, enum kind kind, char *list, bool inverted, char **message)
{
	uint64_t bits = 0;
	char *word;

	while ((word = strsep(&list, ","))) {
		int value = value_of(kind, word);

		if (value < 0 || value > 63)
			return unknown_word(kind, word, message);
		bits |= UINT64_C(1) << value;
	}
	narrow(filter, kind, bits, inverted);
	return 0;
}

static int add_syscalls(struct lc_trace_filter *filter, char *list, bool inverted, char **message)
{
	size_t room = strlen(list) + 1; /* each word takes a comma at least, or the end */
	struct syscalls *calls = calloc(1, sizeof(*calls) + room * sizeof(calls->names[0]));
	int result = 0;
	char *word;

	if (!calls)
		return -ENOMEM;
	calls->inverted = inverted;
	while (!result && (word = strsep(&list, ","))) {
		if (value_of(KIND_SYSCALL, word) < 0)
			result = unknown_word(KIND_SYSCALL, word, message);
		else if (!(calls->names[calls->n] = strdup(word)))
			result = -ENOMEM;
		else
			calls->n++;
	}
	if (result) {
		free_syscalls(calls);
		return result;
	}
	calls->next = filter->syscalls;
	filter->syscalls = calls;
	return 0;
}

int lc_trace_filter_add(struct lc_trace_filter *filter, const char *expression, char **message)
{
	_cleanup_free_ char *copy = strdup(expression);
	enum kind kind = KIND_SYSCALL;
	bool inverted = false;
	char *list = copy;
	char *equals;

	if (!copy)
		return -ENOMEM;
	equals = strchr(copy, '=');
	if (equals) {
		size_t i = 0;

		*equals = '\0';
		list = equals + 1;
		while (i < KINDS && strcmp(kinds[i].word, copy) != 0)
			i++;
		if (i == KINDS)
			return unknown_kind(copy, message);
		kind = kinds[i].kind;
	}
	if (*list == '!') {
		inverted = true;
		list++;
	}
	return kind == KIND_SYSCALL ? add_syscalls(filter, list, inverted, message)
				    : add_bits(filter, kind, list, inverted, message);
}

static bool contains(const struct syscalls *calls, const char *name)
{
	for (size_t i = 0; name && i < calls->n; i++) {
		if (!strcmp(calls->names[i], name))
			return true;
	}
	return false;
}

static bool passes_syscall(const struct lc_trace_filter *filter, const char *name)
{
	for (const struct syscalls *calls = filter->syscalls; calls; calls = calls->next) {
		if (contains(calls, name) == calls->inverted)
			return false;
	}
	return true;
}

/* Whether FILTER lets through what has one of VALUES as KIND. 0: it has none. */
static bool passes_values(const struct lc_trace_filter *filter, enum kind kind, uint64_t values)
{
	return values ? filter->sets[kind] & values : !filter->chosen[kind];
}

/* VALUE's bit; 0 where it is out of range. */
static uint64_t bit(int value)
{
	return value >= 0 && value < 64 ? UINT64_C(1) << value : 0;
}

bool lc_trace_filter_passes(const struct lc_trace_filter *filter, const struct lc_check *check)
{
	const uint64_t cause = check->class == LC_CLASS_BLOCKED ? bit(LC_CAUSE_CAPABILITY) : 0;

	return filter->sets[KIND_CAP] & bit(check->cap) && filter->sets[KIND_VERDICT] & bit((int)check->verdict) &&
	       filter->sets[KIND_CLASS] & bit((int)check->class) && passes_values(filter, KIND_CAUSE, cause) &&
	       passes_syscall(filter, check->syscall);
}

bool lc_trace_filter_passes_failure(const struct lc_trace_filter *filter, const struct lc_failure *failure)
{
	return failure->cause != LC_CAUSE_CAPABILITY && (filter->all || !failure->expected) &&
	       filter->sets[KIND_VERDICT] & bit(LC_VERDICT_DENIED) && !filter->chosen[KIND_CLASS] &&
	       filter->sets[KIND_CAUSE] & bit((int)failure->cause) && passes_values(filter, KIND_CAP, failure->caps) &&
	       passes_syscall(filter, failure->syscall);
}

bool lc_trace_filter_shows_failures(const struct lc_trace_filter *filter, const char *syscall)
{
	const uint64_t causes = ((UINT64_C(1) << LC_CAUSE_N) - 1) & ~bit(LC_CAUSE_CAPABILITY);

	return filter->sets[KIND_VERDICT] & bit(LC_VERDICT_DENIED) && !filter->chosen[KIND_CLASS] &&
	       filter->sets[KIND_CAUSE] & causes && (!syscall || passes_syscall(filter, syscall));
}

uint64_t lc_trace_filter_never(const struct lc_trace_filter *filter)
{
	const uint64_t verdicts = (UINT64_C(1) << LC_VERDICT_N) - 1;
	const uint64_t classes = (UINT64_C(1) << LC_CLASS_N) - 1;

	if (!(filter->sets[KIND_VERDICT] & verdicts) || !(filter->sets[KIND_CLASS] & classes) ||
		(filter->chosen[KIND_CAUSE] && !(filter->sets[KIND_CAUSE] & bit(LC_CAUSE_CAPABILITY))))
		return UINT64_MAX;
	return ~filter->sets[KIND_CAP];
}

void lc_trace_filter_free(struct lc_trace_filter *filter)
{
	if (!filter)
		return;
	while (filter->syscalls) {
		struct syscalls *next = filter->syscalls->next;

		free_syscalls(filter->syscalls);
		filter->syscalls = next;
	}
	free(filter);
}
