/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds what the evidence tells about refused calls, by sorted lists. */
#include "known.h"

#include <leastcap/capset.h>
#include <leastcap/facts.h>
#include <leastcap/order.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A call of a program in which checks were made. */
struct lc_known_call {
	const char *syscall;
	const char *exe; /* NULL: of any program */
	const char *about;
	size_t about_length; /* of ABOUT, the part that counts; 0: whatever it was about */
	struct lc_denials denials;
	int64_t last_ns;
};

static int compare_calls(const struct lc_known_call *a, const struct lc_known_call *b)
{
	int order = strcmp(a->syscall, b->syscall);

	if (!order)
		order = lc_compare_text(a->exe, b->exe);
	if (!order)
		order = LC_COMPARE_NUMBERS(a->about_length, b->about_length);
	return order || !a->about_length ? order : memcmp(a->about, b->about, a->about_length);
}

static int compare_for_sorting(const void *left, const void *right)
{
	return compare_calls(left, right);
}

/* Whether the call failed for want of CHECK's capability: it was judged so. */
static bool has_blocked(const struct lc_check *check)
{
	return check->class == LC_CLASS_BLOCKED || (check->class == LC_CLASS_ALTERNATIVE && !check->answered);
}

static struct lc_denials denials_of(const struct lc_check *check)
{
	const struct lc_alternative *pair = check->source == LC_SOURCE_CHECK ? lc_alternative_find(check) : NULL;
	struct lc_denials denials = {
		.named = check->source != LC_SOURCE_CHECK,
		.beyond = check->authority == LC_AUTHORITY_BEYOND,
	};

	if (!has_blocked(check))
		return denials;
	denials.asked = denials.accepted = LC_CAP_BIT(check->cap);
	denials.setting = lc_setting_find(check->caller);
	denials.gone_on = lc_gone_on_find(check->syscall, check->caller);
	if (pair)
		denials.accepted |= LC_CAP_BIT(pair->narrow) | LC_CAP_BIT(pair->wide);
	return denials;
}

/* How much of what CHECK was about names the file: "/usr/bin/ping carries cap_net_raw=ep". */
static size_t about_length(const struct lc_check *check)
{
	const char *end = check->source == LC_SOURCE_FILE && check->about ? strstr(check->about, " carries ") : NULL;

	if (!check->about)
		return 0;
	return end ? (size_t)(end - check->about) : strlen(check->about);
}

/* Sorts the N calls of LIST and unites those that are one. Returns how many are left. */
static size_t unite(struct lc_known_call *list, size_t n)
{
	size_t last = 0;

	if (!n)
		return 0;
	qsort(list, n, sizeof(*list), compare_for_sorting);
	for (size_t i = 1; i < n; i++) {
		struct lc_known_call *into = &list[last];

		if (compare_calls(into, &list[i]) != 0) {
			list[++last] = list[i];
			continue;
		}
		into->denials.asked |= list[i].denials.asked;
		into->denials.accepted |= list[i].denials.accepted;
		if (!into->denials.setting)
			into->denials.setting = list[i].denials.setting;
		if (!into->denials.gone_on)
			into->denials.gone_on = list[i].denials.gone_on;
		into->denials.named |= list[i].denials.named;
		into->denials.beyond |= list[i].denials.beyond;
		into->last_ns = list[i].last_ns > into->last_ns ? list[i].last_ns : into->last_ns;
	}
	return last + 1;
}

/* Adds CHECK, which was denied, by what it was about and by its call alone. */
static void add_denied(struct lc_known *known, const struct lc_check *check)
{
	struct lc_known_call call = {.syscall = check->syscall, .exe = check->exe, .denials = denials_of(check)};

	known->denied[known->n_denied++] = call;
	call.about = check->about;
	call.about_length = about_length(check);
	if (check->source == LC_SOURCE_FILE)
		call.exe = NULL;
	if (call.about_length)
		known->denied[known->n_denied++] = call;
}

/* The length of the uid in USER ("33:33"). */
static size_t uid_length(const char *user)
{
	return strcspn(user, ":");
}

static int compare_users(const void *left, const void *right)
{
	const char *a = *(const char *const *)left;
	const char *b = *(const char *const *)right;
	size_t length = uid_length(a), other = uid_length(b);

	return length == other ? strncmp(a, b, length) : LC_COMPARE_NUMBERS(length, other);
}

/* Notes who made CHECK, and whether what they held was of use. */
static void add_user(struct lc_known *known, const struct lc_check *check)
{
	if (!check->user || check->userns != LC_USERNS_TARGET)
		return;
	known->root_asked |= lc_user_is_root(check->user);
	if (check->verdict == LC_VERDICT_GRANTED && check->authority == LC_AUTHORITY_EFFECTIVE &&
		check->source == LC_SOURCE_CHECK)
		known->users[known->n_users++] = check->user;
}

static void unite_users(struct lc_known *known)
{
	size_t last = 0;

	if (!known->n_users)
		return;
	qsort(known->users, known->n_users, sizeof(*known->users), compare_users);
	for (size_t i = 1; i < known->n_users; i++) {
		if (compare_users(&known->users[last], &known->users[i]) != 0)
			known->users[++last] = known->users[i];
	}
	known->n_users = last + 1;
}

static void add_check(struct lc_known *known, const struct lc_check *check)
{
	if (check->phase == LC_PHASE_WORKLOAD && check->credential == LC_CREDENTIAL_OWN)
		add_user(known, check);
	if (check->phase != LC_PHASE_WORKLOAD || check->credential != LC_CREDENTIAL_OWN || !check->syscall)
		return;
	if (check->verdict == LC_VERDICT_DENIED && !check->answered)
		add_denied(known, check);
	else
		known->granted[known->n_granted++] = (struct lc_known_call){
			.syscall = check->syscall,
			.exe = check->exe,
			.about = check->about,
			.about_length = check->about ? strlen(check->about) : 0,
			.last_ns = check->last_ns,
		};
}

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static int compare_programs(const void *left, const void *right)
{
	const char *a = *(const char *const *)left;
	const char *b = *(const char *const *)right;
	int order = strcmp(last_component(a), last_component(b));

	return order ? order : strcmp(a, b);
}

static void add_program(struct lc_known *known, const char *exe)
{
	if (exe)
		known->programs[known->n_programs++] = exe;
}

static void fill_programs(struct lc_known *known)
{
	const struct lc_target *target = known->target;
	size_t last = 0;

	for (size_t i = 0; i < target->n_evidence; i++)
		add_program(known, target->evidence[i].exe);
	for (size_t i = 0; i < target->n_failures; i++)
		add_program(known, target->failures[i].exe);
	if (!known->n_programs)
		return;
	qsort(known->programs, known->n_programs, sizeof(*known->programs), compare_programs);
	for (size_t i = 1; i < known->n_programs; i++) {
		if (strcmp(known->programs[last], known->programs[i]) != 0)
			known->programs[++last] = known->programs[i];
	}
	known->n_programs = last + 1;
}

int lc_known_fill(struct lc_known *known, const struct lc_target *target)
{
	struct lc_known filled = {
		.target = target,
		.denied = calloc(2 * target->n_evidence + 1, sizeof(*filled.denied)),
		.granted = calloc(target->n_evidence + 1, sizeof(*filled.granted)),
		.programs = calloc(target->n_evidence + target->n_failures + 1, sizeof(*filled.programs)),
		.users = calloc(target->n_evidence + 1, sizeof(*filled.users)),
	};

	if (!filled.denied || !filled.granted || !filled.programs || !filled.users) {
		lc_known_clear(&filled);
		return -ENOMEM;
	}
	for (size_t i = 0; i < target->n_evidence; i++)
		add_check(&filled, &target->evidence[i]);
	filled.n_denied = unite(filled.denied, filled.n_denied);
	filled.n_granted = unite(filled.granted, filled.n_granted);
	unite_users(&filled);
	fill_programs(&filled);
	*known = filled;
	return 0;
}

void lc_known_clear(struct lc_known *known)
{
	free(known->denied);
	free(known->granted);
	free(known->programs);
	free(known->users);
	*known = (struct lc_known){0};
}

/* The call of SYSCALL, EXE and ABOUT (NULL: whatever it was about) among the N of LIST, or NULL. */
static const struct lc_known_call *find(
	const struct lc_known_call *list, size_t n, const char *syscall, const char *exe, const char *about)
{
	const struct lc_known_call wanted = {
		.syscall = syscall, .exe = exe, .about = about, .about_length = about ? strlen(about) : 0};

	return syscall && n ? bsearch(&wanted, list, n, sizeof(*list), compare_for_sorting) : NULL;
}

bool lc_known_denials(const struct lc_known *known, const struct lc_failure *failure, struct lc_denials *denials)
{
	const struct {
		const char *exe;
		const char *about;
	} ways[] = {{failure->exe, failure->about}, {NULL, failure->about}, {failure->exe, NULL}};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		const struct lc_known_call *call =
			find(known->denied, known->n_denied, failure->syscall, ways[i].exe, ways[i].about);

		if (!call || (!failure->denied && !call->denials.named))
			continue;
		/* What was denied without consequence, as memory overcommit is, says nothing of why the call failed. */
		if (!call->denials.accepted && !call->denials.beyond)
			continue;
		*denials = call->denials;
		return true;
	}
	return false;
}

bool lc_known_granted(const struct lc_known *known, const struct lc_failure *failure)
{
	return find(known->granted, known->n_granted, failure->syscall, failure->exe, failure->about) != NULL;
}

bool lc_known_later(const struct lc_known *known, const struct lc_failure *failure)
{
	const struct lc_known_call *call = NULL;

	if (failure->about && *failure->about)
		call = find(known->granted, known->n_granted, failure->syscall, failure->exe, failure->about);
	return call && call->last_ns > failure->last_ns;
}

bool lc_known_elsewhere(const struct lc_known *known, const char *path)
{
	const char *name = path ? last_component(path) : "";
	size_t low = 0, high = known->n_programs;

	while (*name && low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(last_component(known->programs[middle]), name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; *name && low < known->n_programs; low++) {
		if (strcmp(last_component(known->programs[low]), name) != 0)
			return false;
		if (strcmp(known->programs[low], path) != 0)
			return true;
	}
	return false;
}

bool lc_known_may_hold(const struct lc_known *known, const char *user)
{
	if (lc_user_is_root(user))
		return true;
	if (known->n_users && bsearch(&user, known->users, known->n_users, sizeof(*known->users), compare_users))
		return true;
	return lc_user_is_root(known->target->user) && !known->root_asked;
}
