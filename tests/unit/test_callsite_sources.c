/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Holds each row of the tables of call sites and alternatives against the kernel's own text, as the file "sources" has it
 * (tests/unit/fixtures/kernels/make-sources).
 */
#include "src/probe/symbol_name.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/facts.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/capability.h>

#define KERNELS "tests/unit/fixtures/kernels/"

static const struct {
	const char *series;
	uint32_t version;
} kernels[] = {
	{"5.10", LC_KERNEL(5, 10)},
	{"6.1", LC_KERNEL(6, 1)},
	{"6.12", LC_KERNEL(6, 12)},
	{"7.3", LC_KERNEL(7, 3)},
};

#define N_KERNELS (sizeof(kernels) / sizeof(kernels[0]))

/* Bits, one for each of the kernels. */
typedef unsigned int kernel_set;

/* A line "function" of the file. */
struct question {
	char *file, *function,
		*cap; /* cap: "-" when the function leads to no question, "?" when it is not told which */
	kernel_set in;
};

/* A line "file", or an "excerpt" with what follows it. */
struct text {
	char *name; /* of the file, or of the function */
	char *caps; /* with a space before and after each */
	char *lines;
	kernel_set in;
};

struct sources {
	struct question questions[4096];
	size_t n_questions;
	struct text files[512];
	size_t n_files;
	struct text excerpts[2048];
	size_t n_excerpts;
	char *callers[N_KERNELS]; /* what asks by its machine code, with a line break before and after each name */
};

static struct sources sources;

/* What the two tables have in common. */
struct row {
	const char *const *functions;
	uint64_t caps;
	uint32_t since, until;
	const char *source;
};

static kernel_set parse_kernels(char *list)
{
	kernel_set set = 0;

	for (char *series = strsep(&list, ","); series; series = strsep(&list, ",")) {
		for (size_t k = 0; k < N_KERNELS; k++)
			set |= !strcmp(series, kernels[k].series) ? 1U << k : 0;
	}
	assert_true(set);
	return set;
}

/* The rest of a line "NAME [CAPABILITY...] SERIES". */
static struct text parse_text(char *rest)
{
	char *last = strrchr(rest, ' ');
	struct text text = {0};
	char *name;

	assert_non_null(last);
	*last = '\0';
	text.in = parse_kernels(last + 1);
	name = strsep(&rest, " ");
	text.name = strdup(name);
	assert_true(asprintf(&text.caps, " %s ", rest ? rest : "") > 0);
	text.lines = strdup("");
	return text;
}

static void add_line(struct text *text, const char *line)
{
	char *more = NULL;

	assert_true(asprintf(&more, "%s%s\n", text->lines, line) > 0);
	free(text->lines);
	text->lines = more;
}

static void parse_question(char *rest)
{
	struct question *question = &sources.questions[sources.n_questions++];

	question->file = strdup(strsep(&rest, " "));
	question->function = strdup(strsep(&rest, " "));
	question->cap = strdup(strsep(&rest, " "));
	question->in = parse_kernels(strrchr(rest, ' ') + 1);
}

static void parse_line(char *line)
{
	char *kind = line;

	line[strcspn(line, "\n")] = '\0';
	if (*line == '|' || !strncmp(line, "kept ", strlen("kept "))) {
		add_line(&sources.excerpts[sources.n_excerpts - 1], line);
		return;
	}
	kind = strsep(&line, " ");
	assert_non_null(line);
	assert_true(sources.n_questions < 4096 && sources.n_files < 512 && sources.n_excerpts < 2048);
	if (!strcmp(kind, "function"))
		parse_question(line);
	else if (!strcmp(kind, "file"))
		sources.files[sources.n_files++] = parse_text(line);
	else if (!strcmp(kind, "excerpt"))
		sources.excerpts[sources.n_excerpts++] = parse_text(line);
	else
		fail_msg("a line begins with '%s'", kind);
}

/* The names at the beginning of the lines of KERNEL's list of callers, as the sources call them. */
static char *read_callers(const char *series)
{
	_cleanup_file_ FILE *stream = NULL;
	_cleanup_free_ char *line = NULL;
	char *names = strdup("\n");
	char path[256];
	size_t size = 0;

	snprintf(path, sizeof(path), KERNELS "%s.callers", series);
	stream = fopen(path, "re");
	assert_non_null(stream);
	while (getline(&line, &size, stream) > 0) {
		struct lc_symbol_name name;
		char *more = NULL;

		assert_true(lc_symbol_name_parse(&name, line));
		assert_true(asprintf(&more, "%s%s\n", names, name.text) > 0);
		free(names);
		names = more;
	}
	return names;
}

static int read_sources(void **state)
{
	_cleanup_file_ FILE *stream = fopen(KERNELS "sources", "re");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;

	(void)state;
	assert_non_null(stream);
	while (getline(&line, &size, stream) > 0)
		parse_line(line);
	for (size_t k = 0; k < N_KERNELS; k++)
		sources.callers[k] = read_callers(kernels[k].series);
	return 0;
}

static void free_texts(struct text *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(texts[i].name);
		free(texts[i].caps);
		free(texts[i].lines);
	}
}

static int free_sources(void **state)
{
	(void)state;
	for (size_t i = 0; i < sources.n_questions; i++) {
		free(sources.questions[i].file);
		free(sources.questions[i].function);
		free(sources.questions[i].cap);
	}
	free_texts(sources.files, sources.n_files);
	free_texts(sources.excerpts, sources.n_excerpts);
	for (size_t k = 0; k < N_KERNELS; k++)
		free(sources.callers[k]);
	return 0;
}

/*
 * What is not in the text that was read, and is so: older versions of 5.10 and 6.1 ask, and updates took the questions away
 * (should_remove_suid; in 6.1 and 6.12 the one of dev_validate_header).
 */
static const char *const updated[] = {"should_remove_suid", "packet_sendmsg"};

/* Advisory rows of which a use of the answer does refuse something: a filter by mark is refused for who lacks NET_ADMIN. */
static const char *const refusing[] = {"__inet_diag_dump_start", "inet_diag_bc_audit"};

static bool is_among(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (!strcmp(names[i], name))
			return true;
	}
	return false;
}

static struct row row_of_callsite(const struct lc_callsite *site)
{
	return (struct row){site->functions, site->caps, site->since, site->until, site->source};
}

/* Row I of the call sites and the alternatives. False when there are no more. */
static bool row_at(size_t i, struct row *row)
{
	size_t n, m;
	const struct lc_callsite *sites = lc_callsites(&n);
	const struct lc_alternative *pairs = lc_alternatives(&m);

	if (i < n)
		*row = row_of_callsite(&sites[i]);
	else if (i < n + m)
		*row = (struct row){pairs[i - n].functions,
			LC_CAP_BIT(pairs[i - n].narrow) | LC_CAP_BIT(pairs[i - n].wide), 0, 0, pairs[i - n].source};
	return i < n + m;
}

static const char *name_of(const struct row *row)
{
	return row->functions[0] ? row->functions[0] : row->source;
}

/* The kernels that ROW holds for. */
static kernel_set holds_for(const struct row *row)
{
	kernel_set set = 0;

	for (size_t k = 0; k < N_KERNELS; k++) {
		if (kernels[k].version >= row->since && (!row->until || kernels[k].version < row->until))
			set |= 1U << k;
	}
	return set;
}

/* Whether LIST, whose words have ", " between, has WORD. */
static bool lists(const char *list, const char *word)
{
	size_t length = strlen(word);

	for (const char *at = list; (at = strstr(at, word)); at += length) {
		if ((at == list || at[-1] == ' ') && (!at[length] || at[length] == ','))
			return true;
	}
	return false;
}

static bool has_cap(uint64_t caps, const char *word)
{
	char name[LC_CAP_NAME_SIZE];

	for (int cap = 0; cap <= CAP_LAST_CAP; cap++) {
		if (caps & LC_CAP_BIT(cap) && !strcmp(lc_cap_name(cap, name), word))
			return true;
	}
	return !strcmp(word, "?");
}

/* The kernels in which FUNCTION is in one of ROW's files, and with ASKS leads to a question for one of CAPS. */
static kernel_set where_is(const struct row *row, const char *function, bool asks, uint64_t caps)
{
	kernel_set set = 0;

	for (size_t i = 0; i < sources.n_questions; i++) {
		const struct question *question = &sources.questions[i];

		if (!strcmp(question->function, function) && lists(row->source, question->file) &&
			(!asks || has_cap(caps, question->cap)))
			set |= question->in;
	}
	return set & holds_for(row);
}

/* The kernels whose machine code has a question in FUNCTION: what is called by a pointer is not seen in the text. */
static kernel_set asks_by_its_code(const char *function)
{
	_cleanup_free_ char *line = NULL;
	kernel_set set = 0;

	assert_true(asprintf(&line, "\n%s\n", function) > 0);
	for (size_t k = 0; k < N_KERNELS; k++)
		set |= strstr(sources.callers[k], line) ? 1U << k : 0;
	return set;
}

static kernel_set asks_in(const struct row *row, const char *function)
{
	return where_is(row, function, true, row->caps) |
	       (where_is(row, function, false, 0) & asks_by_its_code(function));
}

static void each_file_that_a_row_names_is_in_a_kernel_that_the_row_holds_for(void **state)
{
	struct row row;
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; row_at(i, &row); i++) {
		char *list = strdup(row.source), *rest = list;

		for (char *file = strsep(&rest, ","); file; file = strsep(&rest, ",")) {
			kernel_set in = 0;

			file += *file == ' ';
			for (size_t j = 0; j < sources.n_files; j++)
				in |= strcmp(sources.files[j].name, file) ? 0 : sources.files[j].in;
			if (!(in & holds_for(&row))) {
				print_error("%s: there is no %s\n", name_of(&row), file);
				wrong++;
			}
		}
		free(list);
	}
	assert_int_equal(wrong, 0);
}

static void each_function_of_a_row_is_in_its_files_and_asks_in_a_kernel_that_it_holds_for(void **state)
{
	struct row row;
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; row_at(i, &row); i++) {
		for (size_t j = 0; j < LC_CALLSITE_FUNCTIONS && row.functions[j]; j++) {
			if (asks_in(&row, row.functions[j]) ||
				is_among(updated, sizeof(updated) / sizeof(*updated), row.functions[j]))
				continue;
			print_error("%s: %s %s\n", name_of(&row), row.functions[j],
				where_is(&row, row.functions[j], false, 0) ? "asks for none of its capabilities"
									   : "is not in its files");
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

/* Else the row should say since or until when it holds. */
static void where_a_rows_functions_are_one_of_them_asks(void **state)
{
	struct row row;
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; row_at(i, &row); i++) {
		kernel_set there = 0, asked = 0;

		for (size_t j = 0; j < LC_CALLSITE_FUNCTIONS && row.functions[j]; j++) {
			there |= where_is(&row, row.functions[j], false, 0);
			asked |= asks_in(&row, row.functions[j]);
		}
		for (size_t k = 0; k < N_KERNELS; k++) {
			if (there & ~asked & 1U << k &&
				!is_among(updated, sizeof(updated) / sizeof(*updated), name_of(&row))) {
				print_error("%s: none of them asks in %s\n", name_of(&row), kernels[k].series);
				wrong++;
			}
		}
	}
	assert_int_equal(wrong, 0);
}

/* The kernels in one of whose files that ROW names CAP is asked for. */
static kernel_set asked_in_files(const struct row *row, int cap)
{
	char name[LC_CAP_NAME_SIZE], word[LC_CAP_NAME_SIZE + 2];
	kernel_set set = 0;

	snprintf(word, sizeof(word), " %s ", lc_cap_name(cap, name));
	for (size_t i = 0; i < sources.n_files; i++) {
		if (lists(row->source, sources.files[i].name) && strstr(sources.files[i].caps, word))
			set |= sources.files[i].in;
	}
	return set;
}

static void each_capability_of_a_row_is_asked_for_by_one_of_its_functions_or_in_its_files(void **state)
{
	char name[LC_CAP_NAME_SIZE];
	struct row row;
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; row_at(i, &row); i++) {
		for (int cap = 0; cap <= CAP_LAST_CAP; cap++) {
			kernel_set asked = row.functions[0] ? 0 : asked_in_files(&row, cap);

			if (!(row.caps & LC_CAP_BIT(cap)))
				continue;
			for (size_t j = 0; j < LC_CALLSITE_FUNCTIONS && row.functions[j]; j++)
				asked |= where_is(&row, row.functions[j], true, LC_CAP_BIT(cap));
			if (!(asked & holds_for(&row))) {
				print_error("%s: %s is not asked for\n", name_of(&row), lc_cap_name(cap, name));
				wrong++;
			}
		}
	}
	assert_int_equal(wrong, 0);
}

/* Whether EXCERPT is of one of SITE's functions and capabilities, in a kernel that SITE holds for. */
static bool is_of(const struct text *excerpt, const struct lc_callsite *site)
{
	struct row row = row_of_callsite(site);
	char cap[LC_CAP_NAME_SIZE];
	bool named = false;

	snprintf(cap, sizeof(cap), "%.*s", (int)strcspn(excerpt->caps + 1, " "), excerpt->caps + 1);
	for (size_t i = 0; i < LC_CALLSITE_FUNCTIONS && site->functions[i]; i++)
		named = named || !strcmp(site->functions[i], excerpt->name);
	return named && excerpt->in & holds_for(&row) && has_cap(site->caps, cap);
}

/* The kernels in which EFFECT stands near one of SITE's questions. */
static kernel_set effect_in(const struct lc_callsite *site, const char *effect)
{
	kernel_set set = 0;

	for (size_t i = 0; i < sources.n_excerpts; i++) {
		if (is_of(&sources.excerpts[i], site) && strstr(sources.excerpts[i].lines, effect))
			set |= sources.excerpts[i].in;
	}
	return set;
}

static bool is_advisory(const struct lc_callsite *site)
{
	return site->class == LC_CLASS_ADVISORY && site->functions[0];
}

static void what_an_advisory_row_says_the_answer_decides_stands_near_the_question(void **state)
{
	size_t n, wrong = 0;
	const struct lc_callsite *sites = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		kernel_set asked = 0, found = 0;

		for (size_t j = 0; j < sources.n_excerpts && is_advisory(&sites[i]); j++)
			asked |= is_of(&sources.excerpts[j], &sites[i]) ? sources.excerpts[j].in : 0;
		for (size_t j = 0; j < LC_CALLSITE_EFFECTS && sites[i].effects[j]; j++) {
			kernel_set in = effect_in(&sites[i], sites[i].effects[j]);

			if (!in) {
				print_error(
					"%s: no '%s' near the question\n", sites[i].functions[0], sites[i].effects[j]);
				wrong++;
			}
			found |= in;
		}
		for (size_t k = 0; k < N_KERNELS; k++) {
			if (asked & ~found & 1U << k) {
				print_error("%s: its effects are not near the question in %s\n", sites[i].functions[0],
					kernels[k].series);
				wrong++;
			}
		}
		if (is_advisory(&sites[i]) != (sites[i].effects[0] != NULL)) {
			print_error("%s: %s effect\n",
				name_of(&(struct row){sites[i].functions, .source = sites[i].source}),
				sites[i].effects[0] ? "an" : "no");
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

/* Whether TEXT has the name of an errno that is returned. */
static bool returns_error(const char *text)
{
	const char *error = strstr(text, "-E");

	return error && error[2] >= 'A' && error[2] <= 'Z';
}

/* Whether LINE asks with a negation before the question: what follows is for who lacks the capability. */
static bool asks_for_lack(const char *line)
{
	const char *negation = strchr(line, '!');

	return !strncmp(line, "| > ", 4) && negation && strstr(negation, "capable");
}

/* Whether LINE branches by NAME alone, and by nothing that it is an argument of. */
static bool branches_by(const char *line, const char *name)
{
	_cleanup_free_ char *end = NULL;
	const char *at, *branch;

	assert_true(asprintf(&end, "%s)", name) > 0);
	branch = strstr(line, "if (");
	at = branch ? strstr(branch, end) : NULL;
	return at && (size_t)(at - branch) <= strcspn(branch + strlen("if ("), "(,;") + strlen("if (");
}

/*
 * Whether the lines of an EXCERPT show that who lacks the capability gets an error: at once, or where the variable or member is looked at that
 * keeps the answer. Returns the line, or NULL.
 */
static const char *refusal_in(const struct text *excerpt, char line[static 1024])
{
	char before[1024] = "", kept[128] = "";

	for (const char *at = excerpt->lines; *at; at += strcspn(at, "\n") + 1) {
		snprintf(line, 1024, "%.*s", (int)strcspn(at, "\n"), at);
		if (sscanf(line, "kept %127s", kept) == 1)
			continue;
		if (*kept) {
			if (branches_by(line, kept) && (returns_error(line) || strstr(line, "return ret")))
				return line;
			continue;
		}
		if (asks_for_lack(before) && returns_error(line))
			return line;
		snprintf(before, sizeof(before), "%s", line);
	}
	return NULL;
}

/* Whether SITE says itself that its answer may matter, and when. */
static bool is_qualified(const struct lc_callsite *site)
{
	return site->ordinary || site->nothing || site->noaudit || site->in_call || site->not_in_call ||
	       site->results[0];
}

/* The first excerpt of SITE's that shows a refusal, and the line of it, or NULL. */
static const struct text *refusal_of(const struct lc_callsite *site, char line[static 1024])
{
	for (size_t i = 0; i < sources.n_excerpts; i++) {
		if (is_of(&sources.excerpts[i], site) &&
			!is_among(refusing, sizeof(refusing) / sizeof(*refusing), sources.excerpts[i].name) &&
			refusal_in(&sources.excerpts[i], line))
			return &sources.excerpts[i];
	}
	return NULL;
}

static void no_advisory_row_is_of_a_question_whose_answer_refuses_something(void **state)
{
	char line[1024];
	size_t n, wrong = 0;
	const struct lc_callsite *sites = lc_callsites(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct text *excerpt;

		if (!is_advisory(&sites[i]) || is_qualified(&sites[i]))
			continue;
		excerpt = refusal_of(&sites[i], line);
		if (excerpt) {
			print_error("%s: %s\n", excerpt->name, line);
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
}

/* A row that there was: the answer is kept in the ring, and registering buffers then fails for who lacks the capability. */
static void a_row_for_io_uring_that_is_advisory_does_not_pass(void **state)
{
	static const struct lc_callsite former = {
		.functions = {"io_uring_create"},
		.caps = LC_CAP_BIT(CAP_IPC_LOCK),
		.class = LC_CLASS_ADVISORY,
		.why = "decides whether the ring's memory is accounted; the ring is made either way",
		.source = "io_uring/io_uring.c",
	};
	char line[1024];

	(void)state;
	assert_non_null(refusal_of(&former, line));
	assert_non_null(strstr(line, "account_mem"));
}

static void a_row_with_another_file_function_or_capability_does_not_pass(void **state)
{
	const char *const mlock[LC_CALLSITE_FUNCTIONS] = {"do_mlock"};
	const char *const listing[LC_CALLSITE_FUNCTIONS] = {"inet_diag_fill_nothing"};
	const struct row right = {
		.functions = mlock, .caps = LC_CAP_BIT(CAP_IPC_LOCK), .source = "mm/util.c, mm/mlock.c"};
	struct row row = right;

	(void)state;
	assert_int_equal(asks_in(&row, "do_mlock"), (1U << N_KERNELS) - 1);
	row.source = "mm/util.c";
	assert_int_equal(asks_in(&row, "do_mlock"), 0);
	row = right;
	row.caps = LC_CAP_BIT(CAP_SYS_ADMIN);
	assert_int_equal(where_is(&row, "do_mlock", true, row.caps), 0);
	row = right;
	row.functions = listing;
	assert_int_equal(asks_in(&row, listing[0]), 0);
	row = right;
	row.since = LC_KERNEL(6, 12);
	assert_int_equal(asks_in(&row, "do_mlock"), 1U << 2 | 1U << 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_that_a_row_names_is_in_a_kernel_that_the_row_holds_for),
		cmocka_unit_test(each_function_of_a_row_is_in_its_files_and_asks_in_a_kernel_that_it_holds_for),
		cmocka_unit_test(where_a_rows_functions_are_one_of_them_asks),
		cmocka_unit_test(each_capability_of_a_row_is_asked_for_by_one_of_its_functions_or_in_its_files),
		cmocka_unit_test(what_an_advisory_row_says_the_answer_decides_stands_near_the_question),
		cmocka_unit_test(no_advisory_row_is_of_a_question_whose_answer_refuses_something),
		cmocka_unit_test(a_row_with_another_file_function_or_capability_does_not_pass),
		cmocka_unit_test(a_row_for_io_uring_that_is_advisory_does_not_pass),
	};

	return cmocka_run_group_tests_name("call sites' sources", tests, read_sources, free_sources);
}
