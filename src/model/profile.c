/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Profiles and targets: growing, sorting and freeing them, and the words of their enumerations. */
#include <leastcap/order.h>
#include <leastcap/words.h>

#include <leastcap/array.h>
#include <leastcap/model.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const target_kinds[LC_TARGET_KIND_N] = {
	[LC_TARGET_CONTAINER] = "container",
	[LC_TARGET_COMMAND] = "command",
	[LC_TARGET_SERVICE] = "service",
	[LC_TARGET_CGROUP] = "cgroup",
};

const struct lc_vocabulary lc_vocabulary_target_kind = {target_kinds, LC_TARGET_KIND_N};

static const char *const seccomps[LC_SECCOMP_N] = {
	[LC_SECCOMP_DISABLED] = "disabled",
	[LC_SECCOMP_STRICT] = "strict",
	[LC_SECCOMP_FILTER] = "filter",
};

static const char *const ratings[LC_RATING_N] = {
	[LC_RATING_UNRATED] = "unrated",
	[LC_RATING_PRIVILEGED] = "privileged",
	[LC_RATING_ALL] = "all",
	[LC_RATING_DANGEROUS] = "dangerous",
	[LC_RATING_UNKNOWN] = "unknown",
	[LC_RATING_WIDE] = "wide",
	[LC_RATING_DEFAULTS] = "defaults",
	[LC_RATING_CONFINED] = "confined",
	[LC_RATING_REACHABLE] = "reachable",
	[LC_RATING_UNUSED] = "unused",
	[LC_RATING_REDUCED] = "reduced",
	[LC_RATING_EXACT] = "exact",
	[LC_RATING_NOTHING] = "nothing",
};

static const char *const signs[LC_SIGN_N] = {"none", "told", "accept", "healthy", "credentials", "quiet"};

const struct lc_vocabulary lc_vocabulary_seccomp = {seccomps, LC_SECCOMP_N};
const struct lc_vocabulary lc_vocabulary_rating = {ratings, LC_RATING_N};
const struct lc_vocabulary lc_vocabulary_sign = {signs, LC_SIGN_N};

const char *lc_seccomp_name(enum lc_seccomp seccomp)
{
	return lc_vocabulary_word(&lc_vocabulary_seccomp, (int)seccomp);
}

const char *lc_rating_name(enum lc_rating_level level)
{
	return lc_vocabulary_word(&lc_vocabulary_rating, (int)level);
}

const char *lc_sign_name(enum lc_sign sign)
{
	return lc_vocabulary_word(&lc_vocabulary_sign, (int)sign);
}

bool lc_profile_is_unwatched(const struct lc_profile *profile)
{
	if (profile->hook)
		return false;
	for (size_t i = 0; i < profile->n_targets; i++) {
		if (profile->targets[i].rating.level != LC_RATING_UNRATED)
			return true;
	}
	return false;
}

const char *lc_profile_origin(const struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		if (profile->targets[i].origin)
			return profile->targets[i].origin;
	}
	return NULL;
}

uint64_t lc_profile_lost(const struct lc_profile *profile, const bool *meant)
{
	uint64_t lost = profile->lost;

	for (size_t i = 0; meant && i < profile->n_targets; i++) {
		uint64_t others = meant[i] ? 0 : lc_losses_total(&profile->targets[i].losses);

		lost -= others < lost ? others : lost;
	}
	return lost;
}

const char *lc_target_kind_name(enum lc_target_kind kind)
{
	return lc_vocabulary_word(&lc_vocabulary_target_kind, (int)kind);
}

uint32_t lc_kernel_version(const char *release)
{
	unsigned int major, minor;

	if (!release || strstr(release, ", ") || sscanf(release, "%u.%u", &major, &minor) != 2)
		return 0;
	return major <= UINT16_MAX && minor <= UINT16_MAX ? LC_KERNEL(major, minor) : 0;
}

struct lc_target *lc_profile_add_target(struct lc_profile *profile)
{
	struct lc_target *targets = lc_array_grow(profile->targets, profile->n_targets, sizeof(*targets));
	struct lc_target *target;

	if (!targets)
		return NULL;
	profile->targets = targets;
	target = &targets[profile->n_targets++];
	*target = (struct lc_target){0};
	return target;
}

int lc_target_add_evidence(struct lc_target *target, struct lc_check *check)
{
	struct lc_check *evidence = lc_array_grow(target->evidence, target->n_evidence, sizeof(*evidence));

	if (!evidence)
		return -ENOMEM;
	target->evidence = evidence;
	evidence[target->n_evidence++] = *check;
	*check = (struct lc_check){0};
	return 0;
}

int lc_target_add_failure(struct lc_target *target, struct lc_failure *failure)
{
	struct lc_failure *failures = lc_array_grow(target->failures, target->n_failures, sizeof(*failures));

	if (!failures)
		return -ENOMEM;
	target->failures = failures;
	failures[target->n_failures++] = *failure;
	*failure = (struct lc_failure){0};
	return 0;
}

static int compare_failure_facts(const void *left, const void *right)
{
	return lc_failure_compare_facts(left, right);
}

/* Adds FAILURE, which agrees with INTO, to it. What INTO was about and by whom stays that of the first. */
static void unite_failure(struct lc_failure *into, struct lc_failure *failure)
{
	uint64_t count = lc_count_add(into->count, failure->count);
	int64_t last_ns = into->last_ns > failure->last_ns ? into->last_ns : failure->last_ns;

	if (failure->first_ns < into->first_ns) {
		struct lc_failure first = *failure;

		*failure = *into;
		*into = first;
	}
	into->count = count;
	into->last_ns = last_ns;
	lc_failure_clear(failure);
}

void lc_target_unite_failures(struct lc_target *target)
{
	struct lc_failure *failures = target->failures;
	size_t last = 0;

	if (!target->n_failures)
		return;
	qsort(failures, target->n_failures, sizeof(*failures), compare_failure_facts);
	for (size_t i = 1; i < target->n_failures; i++) {
		if (lc_failure_compare_facts(&failures[last], &failures[i]) == 0)
			unite_failure(&failures[last], &failures[i]);
		else if (++last != i) {
			failures[last] = failures[i];
			failures[i] = (struct lc_failure){0};
		}
	}
	target->n_failures = last + 1;
}

int lc_target_add_hazard(struct lc_target *target, struct lc_hazard *hazard)
{
	struct lc_hazard *hazards = lc_array_grow(target->hazards, target->n_hazards, sizeof(*hazards));

	if (!hazards)
		return -ENOMEM;
	target->hazards = hazards;
	hazards[target->n_hazards++] = *hazard;
	*hazard = (struct lc_hazard){0};
	return 0;
}

const struct lc_hazard *lc_target_hazard(const struct lc_target *target, enum lc_hazard_kind kind)
{
	for (size_t i = 0; i < target->n_hazards; i++) {
		if (target->hazards[i].kind == kind)
			return &target->hazards[i];
	}
	return NULL;
}

int lc_target_add_advice(struct lc_target *target, int cap, char *text)
{
	struct lc_advice *advice = lc_array_grow(target->advice, target->n_advice, sizeof(*advice));

	if (!advice) {
		free(text);
		return -ENOMEM;
	}
	target->advice = advice;
	advice[target->n_advice++] = (struct lc_advice){.cap = cap, .text = text};
	return 0;
}

static int compare_targets(const void *left, const void *right)
{
	const struct lc_target *a = left;
	const struct lc_target *b = right;
	const struct {
		const char *a, *b;
	} texts[] = {
		{a->project, b->project},
		{a->service, b->service},
		{a->namespace, b->namespace},
		{a->pod, b->pod},
		{a->name, b->name},
		{a->id, b->id},
		{a->engine, b->engine},
		{a->image, b->image},
		{a->cgroup, b->cgroup},
		{a->user, b->user},
	};

	if (a->rating.score != b->rating.score)
		return LC_COMPARE_NUMBERS(b->rating.score, a->rating.score);
	if (a->rating.level != b->rating.level)
		return LC_COMPARE_NUMBERS(a->rating.level, b->rating.level);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		int order = lc_compare_text(texts[i].a, texts[i].b);

		if (order)
			return order;
	}
	return LC_COMPARE_NUMBERS(a->kind, b->kind);
}

/* Compares what does not depend on strings. */
static int compare_check_numbers(const struct lc_check *a, const struct lc_check *b)
{
	const int differences[] = {
		LC_COMPARE_NUMBERS(a->cap, b->cap),
		LC_COMPARE_NUMBERS(a->class, b->class),
		LC_COMPARE_NUMBERS(b->count, a->count),
		lc_check_compare_facts(a, b),
		LC_COMPARE_NUMBERS(a->survivable, b->survivable),
		LC_COMPARE_NUMBERS(a->object.mode, b->object.mode),
		LC_COMPARE_NUMBERS(a->object.late, b->object.late),
	};

	for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++) {
		if (differences[i])
			return differences[i];
	}
	return 0;
}

static int compare_checks(const void *left, const void *right)
{
	const struct lc_check *a = left;
	const struct lc_check *b = right;
	const struct {
		const char *a, *b;
	} texts[] = {
		{a->exe, b->exe},
		{a->comm, b->comm},
		{a->syscall, b->syscall},
		{a->caller, b->caller},
		{a->about, b->about},
		{a->user, b->user},
		{a->object.path, b->object.path},
		{a->object.owner, b->object.owner},
		{a->result, b->result},
		{a->why, b->why},
	};
	int order = compare_check_numbers(a, b);

	for (size_t i = 0; !order && i < sizeof(texts) / sizeof(texts[0]); i++)
		order = lc_compare_text(texts[i].a, texts[i].b);
	if (!order)
		order = LC_COMPARE_NUMBERS(a->first_ns, b->first_ns);
	return order ? order : LC_COMPARE_NUMBERS(a->last_ns, b->last_ns);
}

static int compare_advice(const void *left, const void *right)
{
	const struct lc_advice *a = left;
	const struct lc_advice *b = right;

	return a->cap != b->cap ? LC_COMPARE_NUMBERS(a->cap, b->cap) : lc_compare_text(a->text, b->text);
}

static int compare_failures(const void *left, const void *right)
{
	const struct lc_failure *a = left;
	const struct lc_failure *b = right;
	const int differences[] = {
		LC_COMPARE_NUMBERS(a->expected, b->expected),
		LC_COMPARE_NUMBERS(a->cause, b->cause),
		LC_COMPARE_NUMBERS(b->count, a->count),
		lc_failure_compare_facts(a, b),
		lc_compare_text(a->comm, b->comm),
		lc_compare_text(a->why, b->why),
		lc_compare_text(a->help, b->help),
	};

	for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++) {
		if (differences[i])
			return differences[i];
	}
	return 0;
}

void lc_profile_sort(struct lc_profile *profile)
{
	if (profile->n_targets)
		qsort(profile->targets, profile->n_targets, sizeof(*profile->targets), compare_targets);
	for (size_t i = 0; i < profile->n_targets; i++) {
		struct lc_target *target = &profile->targets[i];

		if (target->n_evidence)
			qsort(target->evidence, target->n_evidence, sizeof(*target->evidence), compare_checks);
		if (target->n_failures)
			qsort(target->failures, target->n_failures, sizeof(*target->failures), compare_failures);
		if (target->n_advice)
			qsort(target->advice, target->n_advice, sizeof(*target->advice), compare_advice);
	}
}

void lc_target_set_aside(struct lc_target *target)
{
	for (size_t i = 0; i < target->n_evidence; i++)
		target->evidence[i].phase = LC_PHASE_SETUP;
	for (size_t i = 0; i < target->n_failures; i++)
		lc_failure_clear(&target->failures[i]);
	target->n_failures = 0;
	target->granted = 0;
	target->seccomp = false;
	target->losses.of[LC_LOSS_SANDBOX] = 1;
}

void lc_target_clear_hazards(struct lc_target *target)
{
	for (size_t i = 0; i < target->n_hazards; i++)
		lc_hazard_clear(&target->hazards[i]);
	free(target->hazards);
	target->hazards = NULL;
	target->n_hazards = 0;
}

void lc_target_clear_audit(struct lc_target *target)
{
	free(target->init.unread);
	free(target->members.differs);
	free(target->rating.why);
	free(target->rating.advice);
	free(target->rating.told);
	lc_target_clear_hazards(target);
	target->init = (struct lc_init){0};
	target->members = (struct lc_members){0};
	target->rating = (struct lc_rating){0};
}

/* The strings of a target, all of which say what it is. */
static const size_t strings[] = {
	offsetof(struct lc_target, name),
	offsetof(struct lc_target, id),
	offsetof(struct lc_target, engine),
	offsetof(struct lc_target, engine_version),
	offsetof(struct lc_target, label),
	offsetof(struct lc_target, landlock),
	offsetof(struct lc_target, image),
	offsetof(struct lc_target, image_id),
	offsetof(struct lc_target, project),
	offsetof(struct lc_target, service),
	offsetof(struct lc_target, directory),
	offsetof(struct lc_target, pod),
	offsetof(struct lc_target, namespace),
	offsetof(struct lc_target, user),
	offsetof(struct lc_target, cgroup),
	offsetof(struct lc_target, left_to),
	offsetof(struct lc_target, owner),
	offsetof(struct lc_target, claim),
	offsetof(struct lc_target, sandbox),
	offsetof(struct lc_target, origin),
	offsetof(struct lc_target, own_profile),
};

#define N_STRINGS (sizeof(strings) / sizeof(strings[0]))

/* The string of TARGET that row I of the table is. */
static char **string_of(struct lc_target *target, size_t i)
{
	return (char **)((char *)target + strings[i]);
}

int lc_target_copy_about(struct lc_target *copy, const struct lc_target *target)
{
	struct lc_target made = {
		.kind = target->kind,
		.kernel = target->kernel,
		.n_left = target->n_left,
		.privileged = target->privileged,
		.seccomp = target->seccomp,
		.own_filter = target->own_filter,
		.configured_add = target->configured_add,
		.configured_drop = target->configured_drop,
		.granted = target->granted,
		.losses = target->losses,
		.life = target->life,
		.seen = target->seen,
	};
	int r = 0;

	for (size_t i = 0; !r && i < N_STRINGS; i++)
		r = lc_copy_to(string_of(&made, i), *string_of((struct lc_target *)target, i));
	r = r ?: lc_volumes_unite(&made.volumes, &target->volumes);
	r = r ?: lc_coverage_unite(&made.coverage, &target->coverage);
	if (r)
		lc_target_clear(&made);
	else
		*copy = made;
	return r;
}

void lc_target_clear(struct lc_target *target)
{
	for (size_t i = 0; i < target->n_evidence; i++)
		lc_check_clear(&target->evidence[i]);
	free(target->evidence);
	for (size_t i = 0; i < target->n_failures; i++)
		lc_failure_clear(&target->failures[i]);
	free(target->failures);
	for (size_t i = 0; i < target->n_advice; i++)
		free(target->advice[i].text);
	free(target->advice);
	for (size_t i = 0; i < N_STRINGS; i++)
		free(*string_of(target, i));
	lc_volumes_clear(&target->volumes);
	lc_target_clear_audit(target);
	lc_proof_free(target->proof);
	lc_coverage_clear(&target->coverage);
	*target = (struct lc_target){0};
}

void lc_profile_clear(struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets; i++)
		lc_target_clear(&profile->targets[i]);
	free(profile->targets);
	free(profile->tool);
	free(profile->kernel);
	free(profile->machine);
	free(profile->hook);
	free(profile->cgroup);
	free(profile->refusals);
	*profile = (struct lc_profile){0};
}
