/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Decides whether cgroups are the containers that they claim to be: by bundles, monitors, machined's notes and Docker's answers. */
#include "src/identity/claims.h"
#include "src/identity/bundle.h"
#include "src/identity/machine.h"
#include "src/identity/monitor.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/facts.h>
#include <leastcap/identity.h>
#include <leastcap/strbuf.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHORT_ID_LENGTH 12
#define MACHINE_MS      5000        /* how long machined may take to note down a machine whose unit is there */
#define AGAIN_MS        100         /* between two looks at its notes */
#define WARNED_MAX      5           /* false claims of which a warning tells; the report has all */
#define HOMES_MAX       16          /* places of bundles that are remembered */
#define SCAN_SHARE      10          /* one part in so many of our time may go into looking through all processes */
#define INITIAL_PIDS    0xeffffffcU /* PROC_PID_INIT_INO of include/linux/proc_ns.h */

int lc_claims_name_by_id(struct lc_target *target, const char *id)
{
	if (!target->name)
		target->name = lc_container_id_valid(id) ? strndup(id, SHORT_ID_LENGTH) : strdup(id);
	return target->name ? 0 : -ENOMEM;
}

/* Gives TARGET back the id that is believed. */
static int believe(struct lc_claim *claim)
{
	if (!claim->target->id)
		claim->target->id = strdup(claim->id);
	return claim->target->id ? 0 : -ENOMEM;
}

/* CLAIM is false. TEXT, which is taken over (NULL: out of memory), says what it claims. 0 or -ENOMEM. */
static int refute(struct lc_claims *claims, struct lc_claim *claim, char *text)
{
	int r = lc_claim_refute(claim->target, text);

	claim->refuted = true;
	claim->proven = false;
	if (r)
		return r;
	if (claims->n_refuted++ < WARNED_MAX)
		lc_log(claims->log, LC_LOG_WARN, "cgroup %s %s: it is listed by its path", claim->target->cgroup,
			claim->target->claim);
	return 0;
}

/* Refutes CLAIM because the container, called NAME (NULL: not known), has another cgroup. 0 or -ENOMEM. */
static int refute_twin(struct lc_claims *claims, struct lc_claim *claim, const char *name)
{
	char *text = NULL;
	int length =
		name ? asprintf(&text, "claims to be container %s (%.12s), whose cgroup is another", name, claim->id)
		     : asprintf(&text, "claims to be container %.12s, whose cgroup is another", claim->id);

	return refute(claims, claim, length < 0 ? NULL : text);
}

/* Refutes CLAIM because no engine has a record of it. 0 or -ENOMEM. */
static int refute_unknown(struct lc_claims *claims, struct lc_claim *claim)
{
	const char *what = lc_container_id_valid(claim->id) ? "container" : "machine";
	char *text = NULL;
	int length;

	if (claim->place == LC_PLACE_OTHERS && claim->owner != (uid_t)-1)
		length = asprintf(&text,
			"is called as %s %.12s would be, below a cgroup of user %u, and no engine's record confirms it",
			what, claim->id, claim->owner);
	else
		length = asprintf(
			&text, "is called as %s %.12s would be, and no engine's record confirms it", what, claim->id);
	return refute(claims, claim, length < 0 ? NULL : text);
}

/* Names CLAIM's target, which lies in the container OUTER, after that. 0 or -ENOMEM. */
static int mark_nested(struct lc_claim *claim, const char *outer)
{
	char leaf[SHORT_ID_LENGTH + 1];

	if (!lc_container_id_valid(claim->id))
		return lc_claim_mark(claim->target, outer, claim->id);
	snprintf(leaf, sizeof(leaf), "%s", claim->id);
	return lc_claim_mark(claim->target, outer, leaf);
}

/* The same as long as the outer container has no name, by its id. 0 or -ENOMEM. */
static int name_nested(struct lc_claim *claim)
{
	_cleanup_free_ char *path = strndup(claim->target->cgroup, claim->outer_length);
	struct lc_cgroup_name outer;

	if (!path)
		return -ENOMEM;
	lc_cgroup_name_parse(path, &outer);
	if (lc_container_id_valid(outer.id))
		outer.id[SHORT_ID_LENGTH] = '\0';
	return mark_nested(claim, outer.id);
}

/* Names CLAIM's target, which is a user's, after the user. 0 or -ENOMEM. */
static int name_of_user(struct lc_claim *claim)
{
	struct lc_target *target = claim->target;
	_cleanup_free_ char *name = NULL;
	char uid[16];
	int r = lc_claims_name_by_id(target, claim->id);

	snprintf(uid, sizeof(uid), "%u", claim->owner);
	name = r ? NULL : strdup(target->name);
	if (name && !target->owner)
		target->owner = strdup(uid);
	return name && target->owner ? lc_claim_mark(target, uid, name) : -ENOMEM;
}

/* The monitor of container ID among those known, or 0. It is *OWNER's; where that is us it may be root's, and *OWNER becomes 0. */
static pid_t find_monitor(struct lc_claims *claims, const char *id, uid_t *owner)
{
	pid_t pid = lc_monitors_find(&claims->monitors, claims->hierarchy, id, *owner, &claims->reader);

	if (pid || *owner != geteuid())
		return pid;
	pid = lc_monitors_find(&claims->monitors, claims->hierarchy, id, 0, &claims->reader);
	if (pid)
		*owner = 0;
	return pid;
}

/* Remembers that bundles of root's engines lie in HOME, so that the next container is known although its monitor is gone or was not looked for. */
static void remember(struct lc_claims *claims, const struct lc_bundle_home *home)
{
	struct lc_bundle_home *grown;

	for (size_t i = 0; i < claims->n_homes; i++) {
		if (!strcmp(claims->homes[i].directory, home->directory))
			return;
	}
	if (!home->directory[0] || claims->n_homes >= HOMES_MAX)
		return;
	grown = lc_array_grow(claims->homes, claims->n_homes, sizeof(*grown));
	if (!grown)
		return;
	claims->homes = grown;
	claims->homes[claims->n_homes++] = *home;
}

/*
 * Fills TARGET from its bundle in one of the places that monitors have shown. 0, -ENOENT when there is none, or -ENOMEM. Whose cgroup is another is left to those
 * who know its name.
 */
static int fill_from_homes(const struct lc_claims *claims, struct lc_target *target)
{
	int r = -ENOENT;

	for (size_t i = 0; r == -ENOENT && i < claims->n_homes; i++) {
		const struct lc_bundle_home *home = &claims->homes[i];
		_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};

		lc_strbuf_addf(&path, "%s/%s", home->directory, target->id);
		r = path.failed ? -ENOMEM : lc_bundle_fill_from(target, path.text, 0, NULL);
		if (!r)
			r = lc_bundle_fill_string(&target->engine, home->engine);
	}
	return r == -EXDEV ? -ENOENT : r;
}

/*
 * Looks for the monitor of CLAIM's container, and fills the target from it. Looks through all processes unless that took too long lately. 0, -EAGAIN when
 * the monitor has to be looked for later, or as lc_monitor_fill.
 */
static int ask_monitor(struct lc_claims *claims, struct lc_claim *claim)
{
	/* A user who is not root looks at his own containers, with monitors of his own. */
	uid_t owner = claim->place == LC_PLACE_ROOT ? geteuid() : claim->owner;
	int64_t begun = lc_clock_ms(CLOCK_MONOTONIC);
	struct lc_bundle_home home = {0};
	pid_t pid;
	int r = 0;

	if (claim->place == LC_PLACE_NESTED || claim->owner == (uid_t)-1)
		return -ENOENT;
	pid = find_monitor(claims, claim->id, &owner);
	if (!pid && begun < claims->scan_ms)
		return -EAGAIN;
	if (!pid) {
		r = lc_monitors_read(&claims->monitors);
		claims->scan_ms = lc_clock_ms(CLOCK_MONOTONIC) + (lc_clock_ms(CLOCK_MONOTONIC) - begun) * SCAN_SHARE;
		pid = find_monitor(claims, claim->id, &owner);
	}
	if (r)
		return r;
	if (!pid)
		return -ENOENT;
	r = lc_monitor_fill(claim->target, pid, owner, &claims->reader, &home);
	if (!r && !owner)
		remember(claims, &home);
	return r;
}

/* Whether the Docker Engine may know a container of TARGET's kind. */
static bool may_be_dockers(const struct lc_target *target)
{
	return !target->engine || strcmp(target->engine, "docker") == 0;
}

/* Decides about CLAIM by R, what came of reading a bundle or a monitor. 1 when the Docker Engine is to be asked too, 0, or -errno. */
static int conclude(struct lc_claims *claims, struct lc_claim *claim, int r)
{
	struct lc_target *target = claim->target;

	claim->proven |= r == 0;
	if (r == -ENOMEM)
		return r;
	if (r == -EXDEV && !claim->proven)
		return refute_twin(claims, claim, NULL);
	if (claim->proven && claim->place == LC_PLACE_OTHERS)
		return name_of_user(claim);
	if (!claim->proven) {
		free(target->id);
		target->id = NULL;
	}
	if (may_be_dockers(target))
		return 1;
	return lc_claims_unanswered(claims, claim, -ENOENT);
}

/* Asks bundles and monitors about the container. 1 when the Docker Engine is to be asked too, 0, or -errno. */
static int take_container(struct lc_claims *claims, struct lc_claim *claim)
{
	struct lc_target *target = claim->target;
	int r = lc_bundle_fill(target, "");

	if (r == -ENOENT)
		r = fill_from_homes(claims, target);
	claim->proven = r == 0;
	if (r == -ENOENT || (r == 0 && !may_be_dockers(target) && !target->name))
		r = ask_monitor(claims, claim);
	if (r != -EAGAIN || may_be_dockers(target))
		return conclude(claims, claim, r);
	/* Nobody else can be asked, so that it has no name until monitors may be looked for again. */
	free(target->id);
	target->id = NULL;
	claim->begun_ms = lc_clock_ms(CLOCK_MONOTONIC);
	claims->n_awaited++;
	return 0;
}

/* Decides about CLAIM to be a machine, which has a name in place of an id. 0 or -errno. */
static int take_machine(struct lc_claims *claims, struct lc_claim *claim)
{
	struct lc_target *target = claim->target;
	int r;

	if (claim->place == LC_PLACE_NESTED)
		return name_nested(claim);
	if (claim->place == LC_PLACE_OTHERS)
		return refute_unknown(claims, claim);
	/* liblxc keeps no record that could be read; its cgroups are root's. */
	if (!target->engine || strcmp(target->engine, "nspawn") != 0)
		return lc_claims_name_by_id(target, claim->id);
	r = lc_machine_fill(target, claims->hierarchy, "");
	if (r != -ENOENT)
		return r;
	free(target->id);
	target->id = NULL;
	claim->begun_ms = lc_clock_ms(CLOCK_MONOTONIC);
	claims->n_awaited++;
	return 0;
}

int lc_claims_take(struct lc_claims *claims, struct lc_target *target, struct lc_claim **result)
{
	struct lc_claim *claim = calloc(1, sizeof(*claim));
	struct lc_cgroup_name name;
	int r;

	if (!claim)
		return -ENOMEM;
	claim->id = strdup(target->id);
	if (!claim->id) {
		free(claim);
		return -ENOMEM;
	}
	lc_cgroup_name_parse(target->cgroup, &name);
	claim->target = target;
	claim->outer_length = name.outer_length;
	claim->place = lc_place_of(claims->hierarchy, target->cgroup, name.outer_length, &claim->owner);
	claim->next = claims->first;
	claims->first = claim;
	r = lc_container_id_valid(claim->id) ? take_container(claims, claim) : take_machine(claims, claim);
	if (r > 0)
		*result = claim;
	return r;
}

/* Whether PATH is where Docker puts container ID by default, with either of its drivers. */
static bool is_usual_place(const char *path, const char *id)
{
	_cleanup_free_ char *plain = NULL;
	_cleanup_free_ char *unit = NULL;

	if (asprintf(&plain, "/docker/%s", id) < 0) {
		plain = NULL;
		return false;
	}
	if (asprintf(&unit, "/system.slice/docker-%s.scope", id) < 0) {
		unit = NULL;
		return false;
	}
	return strcmp(path, plain) == 0 || strcmp(path, unit) == 0;
}

/* Whether we are in the host's pid namespace, and see processes by the numbers that an engine gives. */
static bool sees_hosts_processes(void)
{
	uint32_t own;

	return !lc_process_namespace(0, "pid", &own) && own == INITIAL_PIDS;
}

int lc_claims_answered(struct lc_claims *claims, struct lc_claim *claim, const struct lc_docker_container *container)
{
	const char *path = claim->target->cgroup;
	int has = -ESRCH, r;

	/* The process of a virtual machine may be in another cgroup than the one that is called after its container. */
	if (container->pid && sees_hosts_processes() && !lc_runtime_with_kernel(container->runtime))
		has = lc_place_has(claims->hierarchy, path, container->pid);
	/* Its process ended before the answer came. Only root can have made a cgroup of that name in root's place. */
	if (has < 0 && claim->place == LC_PLACE_ROOT &&
		(is_usual_place(path, claim->id) || !lc_cgroup_is_populated(claims->hierarchy, path)))
		has = 1;
	/* Where we see other numbers of processes, nothing but the place tells. */
	if (has < 0 && container->pid && !sees_hosts_processes() && claim->place == LC_PLACE_ROOT)
		has = 1;
	if (has != 1 && !claim->proven) {
		r = refute_twin(claims, claim, container->name);
		return r < 0 ? r : 0;
	}
	claim->proven = true;
	r = believe(claim);
	return r < 0 ? r : 1;
}

int lc_claims_unanswered(struct lc_claims *claims, struct lc_claim *claim, int error)
{
	int r;

	if (claim->refuted)
		return 0;
	if (!claim->proven && claim->place == LC_PLACE_NESTED)
		return name_nested(claim);
	if (!claim->proven && claim->place == LC_PLACE_OTHERS)
		return refute_unknown(claims, claim);
	if (!claim->proven && error == -ESRCH && claim->target->engine &&
		lc_cgroup_is_populated(claims->hierarchy, claim->target->cgroup))
		return refute_unknown(claims, claim);
	r = believe(claim);
	return r ? r : lc_claims_name_by_id(claim->target, claim->id);
}

/* Asks again about CLAIM, which is waited for. 0 when the wait is over, -EAGAIN when it is not, or -ENOMEM. */
static int ask_again(struct lc_claims *claims, struct lc_claim *claim, bool last)
{
	bool is_late = last || lc_clock_ms(CLOCK_MONOTONIC) - claim->begun_ms >= MACHINE_MS;
	int r;

	if (!lc_container_id_valid(claim->id)) {
		r = lc_machine_fill(claim->target, claims->hierarchy, "");
		if (r != -ENOENT)
			return r ? r : believe(claim);
		return is_late ? refute_unknown(claims, claim) : -EAGAIN;
	}
	r = believe(claim);
	if (!r)
		r = ask_monitor(claims, claim);
	if (r == -EAGAIN && !is_late) {
		free(claim->target->id);
		claim->target->id = NULL;
		return r;
	}
	r = conclude(claims, claim, r);
	return r > 0 ? 0 : r;
}

int lc_claims_again(struct lc_claims *claims, bool last)
{
	int64_t now = lc_clock_ms(CLOCK_MONOTONIC);

	if (!claims->n_awaited || (!last && now < claims->again_ms))
		return 0;
	claims->again_ms = now + AGAIN_MS;
	for (struct lc_claim *claim = claims->first; claim; claim = claim->next) {
		int r = claim->begun_ms ? ask_again(claims, claim, last) : -EAGAIN;

		if (r == -EAGAIN)
			continue;
		claim->begun_ms = 0;
		claims->n_awaited--;
		if (r)
			return r;
	}
	return 0;
}

int lc_claims_timeout(const struct lc_claims *claims)
{
	int64_t left = claims->again_ms - lc_clock_ms(CLOCK_MONOTONIC);

	if (!claims->n_awaited)
		return -1;
	return left > 0 ? (int)left : 0;
}

static int compare_claims(const void *left, const void *right)
{
	const struct lc_claim *a = *(struct lc_claim *const *)left;
	const struct lc_claim *b = *(struct lc_claim *const *)right;

	return strcmp(a->id, b->id);
}

/* Refutes those of the N claims in CLAIMED, sorted by id, that are not proven and claim the same as another. 0 or -ENOMEM. */
static int refute_doubles(struct lc_claims *claims, struct lc_claim **claimed, size_t n)
{
	int r = 0;

	for (size_t i = 0; !r && i < n; i++) {
		bool is_double = (i > 0 && !strcmp(claimed[i]->id, claimed[i - 1]->id)) ||
				 (i + 1 < n && !strcmp(claimed[i]->id, claimed[i + 1]->id));

		if (is_double && !claimed[i]->proven)
			r = refute_twin(claims, claimed[i], NULL);
	}
	return r;
}

/* The name of the container whose cgroup is the first LENGTH bytes of PATH, or NULL. */
static const char *name_of_outer(const struct lc_claims *claims, const char *path, size_t length)
{
	for (const struct lc_claim *claim = claims->first; claim; claim = claim->next) {
		const struct lc_target *target = claim->target;

		if (!claim->refuted && target->name && strlen(target->cgroup) == length &&
			strncmp(target->cgroup, path, length) == 0)
			return target->name;
	}
	return NULL;
}

/* How many are named after the outer container. More would be a flood. */
#define NESTED_MAX 256

static int name_all_nested(struct lc_claims *claims)
{
	size_t n = 0;
	int r = 0;

	for (struct lc_claim *claim = claims->first; !r && claim && n < NESTED_MAX; claim = claim->next) {
		const char *outer;

		if (claim->place != LC_PLACE_NESTED || claim->proven || claim->refuted || !claim->target->name)
			continue;
		n++;
		outer = name_of_outer(claims, claim->target->cgroup, claim->outer_length);
		r = outer ? mark_nested(claim, outer) : 0;
	}
	return r;
}

int lc_claims_compare(struct lc_claims *claims)
{
	_cleanup_free_ struct lc_claim **claimed = NULL;
	size_t n = 0;
	int r;

	for (const struct lc_claim *claim = claims->first; claim; claim = claim->next)
		n++;
	claimed = calloc(n + 1, sizeof(struct lc_claim *));
	if (!claimed)
		return -ENOMEM;
	n = 0;
	for (struct lc_claim *claim = claims->first; claim; claim = claim->next) {
		if (claim->place == LC_PLACE_ROOT && !claim->refuted)
			claimed[n++] = claim;
	}
	qsort(claimed, n, sizeof(struct lc_claim *), compare_claims);
	r = refute_doubles(claims, claimed, n);
	return r ? r : name_all_nested(claims);
}

int lc_claims_settle(struct lc_claims *claims)
{
	int r = 0;

	/* Looks for monitors a last time, for all claims that are waited for. */
	if (claims->n_awaited)
		r = lc_monitors_read(&claims->monitors);
	if (claims->n_awaited)
		claims->scan_ms = INT64_MAX;
	if (!r)
		r = lc_claims_again(claims, true);
	if (claims->scan_ms == INT64_MAX)
		claims->scan_ms = 0;
	return r ? r : lc_claims_compare(claims);
}

bool lc_claims_await(const struct lc_claims *claims, const struct lc_target *target)
{
	const struct lc_claim *claim = claims->n_awaited ? claims->first : NULL;

	while (claim && claim->target != target)
		claim = claim->next;
	return claim && claim->begun_ms;
}

void lc_claims_forget(struct lc_claims *claims, const struct lc_target *target)
{
	struct lc_claim **link = &claims->first, *claim;

	while ((claim = *link)) {
		if (claim->target != target) {
			link = &claim->next;
			continue;
		}
		*link = claim->next;
		claims->n_awaited -= claim->begun_ms != 0;
		free(claim->id);
		free(claim);
	}
}

void lc_claims_clear(struct lc_claims *claims)
{
	lc_monitors_clear(&claims->monitors);
	free(claims->homes);
	claims->homes = NULL;
	claims->n_homes = 0;
	lc_reader_end(&claims->reader);
	while (claims->first) {
		struct lc_claim *claim = claims->first;

		claims->first = claim->next;
		free(claim->id);
		free(claim);
	}
}
