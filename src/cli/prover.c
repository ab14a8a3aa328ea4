/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the trials of a proof by the engine. */
#include "src/cli/prover.h"
#include "src/cli/cli.h"

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/engine_ask.h>
#include <leastcap/judge.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

/* What a client finds the engine by, besides DOCKER_HOST: all these would lead past us. */
static const char *const overridden[] = {"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY",
	"DOCKER_CERT_PATH", "CONTAINER_HOST", "CONTAINER_CONNECTION"};

/* What all keys of a run take. */
#define KEYS_SIZE ((size_t)LC_PROVER_REQUESTS * LC_PROVER_KEY_SIZE)

static bool is_overridden(const char *variable)
{
	for (size_t i = 0; i < sizeof(overridden) / sizeof(overridden[0]); i++) {
		size_t length = strlen(overridden[i]);

		if (!strncmp(variable, overridden[i], length) && variable[length] == '=')
			return true;
	}
	return false;
}

/* The command's environment: ours, with the proxy's socket as the engine's. 0 or -ENOMEM. */
static int make_environment(struct lc_prover *prover)
{
	const char *address = lc_proxy_address(prover->proxy);
	size_t n = 0, kept = 0;

	while (environ[n])
		n++;
	prover->environment = calloc(n + 3, sizeof(char *));
	if (!prover->environment)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (is_overridden(environ[i]))
			continue;
		prover->environment[kept] = strdup(environ[i]);
		if (!prover->environment[kept++])
			return -ENOMEM;
	}
	if (asprintf(&prover->environment[kept++], "DOCKER_HOST=%s", address) < 0 ||
		asprintf(&prover->environment[kept], "CONTAINER_HOST=%s", address) < 0) {
		prover->environment[kept] = NULL;
		return -ENOMEM;
	}
	return 0;
}

/* Makes room for the keys. 0 or -errno. */
static int make_keys(struct lc_prover *prover)
{
	void *room = mmap(NULL, KEYS_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (room == MAP_FAILED)
		return -errno;
	prover->keys = room;
	return 0;
}

int lc_prover_open(struct lc_prover *prover)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	_cleanup_free_ char *message = NULL;
	_cleanup_free_ char *address = NULL;
	int r = lc_proxy_find_engine(&path, &message);

	if (!r) {
		prover->socket = lc_strbuf_steal(&path);
		r = prover->socket && asprintf(&address, "unix://%s", prover->socket) >= 0 ? 0 : -ENOMEM;
	}
	/* The recordings ask the same engine for names. */
	if (!r && setenv("DOCKER_HOST", address, true))
		r = -errno;
	if (!r)
		r = lc_proxy_open(&prover->proxy, prover->socket, prover->log, &message);
	if (!r)
		r = make_environment(prover);
	if (!r)
		r = make_keys(prover);
	if (r)
		lc_log(prover->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
	prover->options.environment = prover->environment;
	return r ? LC_EXIT_FAILURE : LC_EXIT_OK;
}

static struct lc_prover_container *find_container(const struct lc_prover *prover, const char *key)
{
	for (size_t i = 0; i < prover->n_containers; i++) {
		if (!strcmp(prover->containers[i].key, key))
			return &prover->containers[i];
	}
	return NULL;
}

/* Puts the key of REQUEST, shortened to what fits, where our process finds it. NULL: there is no room, or no memory. */
static const char *note_request(struct lc_prover *prover, const struct lc_proxy_create *request)
{
	_cleanup_free_ char *command = lc_trial_command(request->body, request->length);
	const struct lc_trial_names names = {
		.name = request->name,
		.image = request->image,
		.project = request->project,
		.service = request->service,
		.command = command,
	};
	_cleanup_free_ char *key = lc_trial_key(&names);
	char *place = prover->keys[request->number - 1];

	if (!key)
		return NULL;
	snprintf(place, LC_PROVER_KEY_SIZE, "%s", key);
	return place;
}

/* The proxy's question what REQUEST is to become. In the proxy's process, whose copy of the prover is its own. */
static int rewrite(void *context, const struct lc_proxy_create *request, struct lc_strbuf *body)
{
	struct lc_prover *prover = context;
	bool has_room = request->number && request->number <= LC_PROVER_REQUESTS;
	const char *key = has_room ? note_request(prover, request) : "";
	const struct lc_prover_container *container = key ? find_container(prover, key) : NULL;
	struct lc_proxy_rewrite change = {.label = "trial"};

	if (!key)
		return -ENOMEM;
	/* What is not known from the baseline is left as it is, like what nothing is to be proven of. */
	if (prover->is_baseline || !container || !container->granted || request->privileged)
		return 0;
	change.add = container->list;
	return lc_proxy_rewrite(request, &change, body);
}

/* Notes the container that EVENT created. 0 or -errno. */
static int note_created(struct lc_prover *prover, const struct lc_proxy_event *event)
{
	bool has_key = event->number && event->number <= LC_PROVER_REQUESTS;
	const char *key = has_key ? prover->keys[event->number - 1] : "";
	struct lc_prover_container *container = find_container(prover, key);
	struct lc_prover_created *created;

	if (!event->id)
		return 0;
	if (!container && (prover->n_subjects || !*key)) {
		prover->strangers++;
		return 0;
	}
	if (!container) {
		container = lc_array_grow(prover->containers, prover->n_containers, sizeof(*container));
		if (!container)
			return -ENOMEM;
		prover->containers = container;
		container += prover->n_containers;
		*container = (struct lc_prover_container){.key = strdup(key)};
		if (!container->key)
			return -ENOMEM;
		prover->n_containers++;
	}
	created = lc_array_grow(prover->created, prover->n_created, sizeof(*created));
	if (!created)
		return -ENOMEM;
	prover->created = created;
	created += prover->n_created;
	created->container = (size_t)(container - prover->containers);
	created->id = strdup(event->id);
	if (!created->id)
		return -ENOMEM;
	prover->n_created++;
	return lc_traits_add(&prover->now, created->container, LC_TRAIT_CONTAINER, 0, "");
}

/* Takes what has happened at the proxy. */
static void take_events(void *context)
{
	struct lc_prover *prover = context;
	struct lc_proxy_event event;
	int r;

	while ((r = lc_proxy_next(prover->proxy, &event)) > 0) {
		if (event.kind == LC_PROXY_BESIDE)
			prover->beside++;
		if (event.kind == LC_PROXY_CREATED)
			r = note_created(prover, &event);
		if (r < 0)
			break;
	}
	if (r < 0 && !prover->told)
		prover->told = r;
}

/* Removes the containers of this trial, which has left them behind in the middle of something. */
static void remove_created(const struct lc_prover *prover)
{
	for (size_t i = 0; i < prover->n_created; i++) {
		char path[128];
		int r;

		snprintf(path, sizeof(path), "containers/%.64s?force=1&v=1", prover->created[i].id);
		r = lc_engine_delete(prover->socket, path);
		if (r && r != -ESRCH)
			lc_log(prover->log, LC_LOG_WARN, "cannot remove container %.12s: %s", prover->created[i].id,
				strerror(-r));
	}
}

static void forget_created(struct lc_prover_created *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(list[i].id);
	free(list);
}

/* Forgets the run before. */
static void begin_run(struct lc_prover *prover, const struct lc_prove_trial *trial)
{
	lc_traits_clear(&prover->now);
	forget_created(prover->created, prover->n_created);
	prover->created = NULL;
	prover->n_created = 0;
	memset(prover->keys, 0, KEYS_SIZE);
	prover->is_baseline = trial->purpose == LC_TRIAL_BASELINE;
	prover->told = 0;
	for (size_t i = 0; trial->lists && i < prover->n_subjects; i++) {
		struct lc_prover_container *container = &prover->containers[i];

		container->list = trial->lists[i];
		container->missing = container->recorded & ~container->list;
	}
}

/* Which of the last run's containers TARGET is; NULL when it is none. */
static struct lc_prover_container *container_of(const struct lc_prover *prover, const struct lc_target *target)
{
	for (size_t i = 0; target->id && i < prover->n_created; i++) {
		if (!strncmp(prover->created[i].id, target->id, strlen(target->id)))
			return &prover->containers[prover->created[i].container];
	}
	return NULL;
}

/* How long a trial may take: so much longer than a baseline that only what hangs does. A baseline may take its time. */
static int64_t limit(const struct lc_prover *prover)
{
	if (prover->timeout_ns && !prover->is_baseline)
		return prover->timeout_ns;
	return prover->longest_ns ? 3 * prover->longest_ns + 30 * LC_NS_PER_S : 0;
}

/* Runs the command once behind the proxy. 0, -EINTR or -EIO, with an exit status in PROVER. */
static int run_once(struct lc_prover *prover, const struct lc_prove_trial *trial, struct lc_trial_end *end)
{
	const struct lc_proxy_calls calls = {.create = rewrite, .context = prover};
	struct lc_trial run = {
		.options = &prover->options,
		.context = prover,
		.looked = take_events,
	};
	_cleanup_free_ char *message = NULL;
	int r;

	begin_run(prover, trial);
	run.limit_ns = limit(prover);
	r = lc_proxy_start(prover->proxy, &calls, &message);
	if (r) {
		lc_log(prover->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
		prover->status = LC_EXIT_FAILURE;
		return -EIO;
	}
	prover->status = lc_trial_run(&run, end);
	lc_proxy_stop(prover->proxy);
	take_events(prover);
	if (end->timed_out) {
		lc_trial_end_left();
		remove_created(prover);
	}
	if (end->interrupted)
		return -EINTR;
	if (!prover->status && prover->told) {
		lc_log(prover->log, LC_LOG_ERROR, "the socket in front of the engine failed in run %zu: %s",
			trial->number, strerror(-prover->told));
		prover->status = LC_EXIT_FAILURE;
	}
	return prover->status ? -EIO : 0;
}

/* Takes what the baseline's recording of TARGET says of CONTAINER. */
static void learn_target(struct lc_prover_container *container, const struct lc_target *target)
{
	uint64_t doubtful = lc_trial_doubtful(target);
	/* What one of them needs for certain is not doubtful. */
	uint64_t certain = (container->recorded & ~container->doubtful) | (target->cap_add & ~doubtful);

	container->seen = true;
	container->granted |= target->granted;
	container->recorded |= target->cap_add;
	container->doubtful = container->recorded & ~certain;
	container->privileged |= target->privileged;
	container->sandboxed |= target->sandbox != NULL;
}

/* Takes what the recording of a run says of its containers, which are compared or, in a baseline, learnt. 0 or -ENOMEM. */
static int take_targets(struct lc_prover *prover, const struct lc_profile *profile, uint64_t *wanted)
{
	int r = 0;

	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		struct lc_prover_container *container = container_of(prover, target);
		size_t index = container ? (size_t)(container - prover->containers) : 0;

		if (!container)
			continue;
		r = lc_traits_add_target(&prover->now, index, target);
		if (wanted)
			wanted[index] |= lc_trial_wanted(target) & ~container->list;
		if (!prover->is_baseline)
			continue;
		learn_target(container, target);
	}
	return r;
}

/* Takes what the containers of a run looked like: in a baseline what stays, later all that there was. 0 or -ENOMEM. */
static int take_samples(struct lc_prover *prover, const struct lc_samples *samples)
{
	int r = 0;

	for (size_t i = 0; !r && i < prover->n_created; i++) {
		const struct lc_prover_created *created = &prover->created[i];

		r = lc_samples_tell(samples, created->id, prover->is_baseline, created->container, &prover->now);
	}
	prover->crowded |= samples->full;
	return r;
}

/* Takes how the containers of a run are that are still there. 0 or -ENOMEM. */
static int take_states(struct lc_prover *prover)
{
	int r = 0;

	for (size_t i = 0; r != -ENOMEM && i < prover->n_created; i++) {
		const struct lc_prover_created *created = &prover->created[i];
		_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
		char path[128];

		snprintf(path, sizeof(path), "containers/%.64s/json", created->id);
		r = lc_engine_get(prover->socket, path, &body);
		if (!r && body.text)
			r = lc_traits_add_state(&prover->now, created->container, body.text, body.length);
	}
	return r == -ENOMEM ? r : 0;
}

/* The subject of the last run's container ID; SIZE_MAX when it is none. */
static size_t subject_of(void *context, const char *id)
{
	const struct lc_prover *prover = context;

	for (size_t i = 0; i < prover->n_created; i++) {
		if (!strcmp(prover->created[i].id, id))
			return prover->created[i].container;
	}
	return SIZE_MAX;
}

/* Takes how those ended that are gone, by what the engine remembers of this run, which lasts from BEGAN_NS (CLOCK_REALTIME) until now. 0 or -ENOMEM. */
static int take_ends(struct lc_prover *prover, int64_t began_ns)
{
	static const char filters[] = "%7B%22type%22%3A%5B%22container%22%5D%2C%22event%22%3A%5B%22die%22%5D%7D";
	int64_t now_ns = lc_clock_ns(CLOCK_REALTIME);
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	char path[256];
	int r;

	snprintf(path, sizeof(path),
		"events?since=%" PRId64 ".%09" PRId64 "&until=%" PRId64 ".%09" PRId64 "&filters=%s",
		began_ns / LC_NS_PER_S, began_ns % LC_NS_PER_S, now_ns / LC_NS_PER_S, now_ns % LC_NS_PER_S, filters);
	r = lc_engine_get(prover->socket, path, &body);
	if (!r && body.text)
		r = lc_traits_add_ends(&prover->now, body.text, body.length, subject_of, prover);
	return r == -ENOMEM ? r : 0;
}

/* The keys of all containers, to name them by. Caller frees the array. NULL when out of memory. */
static const char **names_of(const struct lc_prover *prover)
{
	const char **names = calloc(prover->n_containers ? prover->n_containers : 1, sizeof(*names));

	for (size_t i = 0; names && i < prover->n_containers; i++)
		names[i] = prover->containers[i].key;
	return names;
}

/* Compares this run, which the command's exit status passed, with those that passed. 0 or -ENOMEM. */
static int compare(const struct lc_prover *prover, struct lc_prove_answer *answer)
{
	_cleanup_free_ uint64_t *lacks = calloc(prover->n_containers ? prover->n_containers : 1, sizeof(*lacks));
	_cleanup_free_ const char **names = names_of(prover);
	struct lc_strbuf why = {0};

	if (!lacks || !names)
		return -ENOMEM;
	for (size_t i = 0; i < prover->n_containers; i++)
		lacks[i] = prover->containers[i].missing;
	if (lc_traits_compare(&prover->passed, &prover->now, lacks, names, &why)) {
		answer->verdict = LC_TRIAL_DEGRADED;
		answer->why = lc_strbuf_steal(&why);
		return answer->why ? 0 : -ENOMEM;
	}
	lc_strbuf_free(&why);
	return 0;
}

/* Says how the command ended, when it did not pass. NULL when out of memory. */
static char *failure_of(const struct lc_trial_end *end)
{
	char *why = NULL;
	int r;

	if (end->timed_out)
		r = asprintf(&why, "it was ended after %" PRId64 " s", end->took_ns / LC_NS_PER_S);
	else if (WIFSIGNALED(end->status))
		r = asprintf(&why, "signal %d ended it", WTERMSIG(end->status));
	else
		r = asprintf(&why, "exit status %d", WEXITSTATUS(end->status));
	return r < 0 ? NULL : why;
}

/* A baseline has passed: what is learnt from it. 0 or -ENOMEM. */
static int learn_baseline(struct lc_prover *prover, const struct lc_prove_trial *trial, struct lc_trial_end *end)
{
	if (end->took_ns > prover->longest_ns)
		prover->longest_ns = end->took_ns;
	for (size_t i = 0; i < prover->n_created; i++)
		prover->containers[prover->created[i].container].runs |= 1U << (trial->number - 1);
	if (trial->number > 1)
		return lc_traits_learn(&prover->passed, &prover->now);
	prover->passed = prover->now;
	prover->now = (struct lc_traits){0};
	prover->baseline = end->profile;
	end->profile = (struct lc_profile){0};
	prover->recorded = prover->created;
	prover->n_recorded = prover->n_created;
	prover->created = NULL;
	prover->n_created = 0;
	return 0;
}

/* What a trial lacks, to be read: "web without CHOWN, KILL". */
static void describe(const struct lc_prover *prover, const struct lc_prove_trial *trial, struct lc_strbuf *out)
{
	static const char *const words[LC_TRIAL_PURPOSE_N] = {
		[LC_TRIAL_BASELINE] = "as it is",
		[LC_TRIAL_RECORDED] = "the recorded lists alone",
		[LC_TRIAL_FINAL] = "the lists that were found, once more",
	};

	if (words[trial->purpose])
		lc_strbuf_adds(out, words[trial->purpose]);
	for (size_t i = 0; !words[trial->purpose] && i < prover->n_containers; i++) {
		if (!trial->without[i])
			continue;
		lc_strbuf_separate(out, "; ");
		lc_strbuf_addf(out, "%s without ", prover->containers[i].key);
		lc_cap_add_names(out, trial->without[i]);
	}
	if (trial->purpose == LC_TRIAL_CONFIRM)
		lc_strbuf_adds(out, ", once more");
}

/* Says in one line how a trial went. */
static void tell(const struct lc_prover *prover, const struct lc_prove_trial *trial,
	const struct lc_prove_answer *answer, const struct lc_trial_end *end)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf what = {0};

	describe(prover, trial, &what);
	lc_log(prover->log, LC_LOG_NOTICE, "run %zu: %s: %s%s%s (%.1f s)", trial->number, what.text ? what.text : "",
		lc_trial_verdict_name(answer->verdict), answer->why ? ": " : "", answer->why ? answer->why : "",
		(double)end->took_ns / LC_NS_PER_S);
}

static int make(void *context, const struct lc_prove_trial *trial, struct lc_prove_answer *answer)
{
	struct lc_prover *prover = context;
	int64_t began_ns = lc_clock_ns(CLOCK_REALTIME);
	struct lc_trial_end end = {0};
	int r = run_once(prover, trial, &end);

	if (!r && trial->lists) {
		answer->wanted = calloc(prover->n_containers, sizeof(*answer->wanted));
		r = answer->wanted ? 0 : -ENOMEM;
	}
	if (!r)
		r = take_targets(prover, &end.profile, answer->wanted);
	if (!r)
		r = take_samples(prover, &end.samples);
	if (!r)
		r = take_states(prover);
	if (!r)
		r = take_ends(prover, began_ns);
	if (!r && (end.timed_out || end.status)) {
		answer->verdict = LC_TRIAL_FAILED;
		answer->why = failure_of(&end);
	} else if (!r && !prover->is_baseline) {
		r = compare(prover, answer);
	}
	if (!r)
		tell(prover, trial, answer, &end);
	if (!r && prover->is_baseline && answer->verdict == LC_TRIAL_PASSED)
		r = learn_baseline(prover, trial, &end);
	lc_profile_clear(&end.profile);
	lc_samples_clear(&end.samples);
	return r;
}

/* The target of the earlier recording that is called as TARGET, or has its image; NULL: none is. */
static const struct lc_target *earlier(const struct lc_prover *prover, const struct lc_target *target)
{
	for (size_t i = 0; prover->from && i < prover->from->n_targets; i++) {
		const struct lc_target *other = &prover->from->targets[i];

		if (other->kind == target->kind && other->name && target->name && !strcmp(other->name, target->name))
			return other;
	}
	for (size_t i = 0; prover->from && i < prover->from->n_targets; i++) {
		if (lc_image_is(prover->from->targets[i].image, target->image))
			return &prover->from->targets[i];
	}
	return NULL;
}

/* Begins with the lists of an earlier recording where it has some. */
static void take_earlier(struct lc_prover *prover)
{
	for (size_t i = 0; i < prover->baseline.n_targets; i++) {
		const struct lc_target *target = &prover->baseline.targets[i];
		const struct lc_target *other = earlier(prover, target);

		for (size_t j = 0; other && target->id && j < prover->n_recorded; j++) {
			struct lc_prover_container *container = &prover->containers[prover->recorded[j].container];

			if (strncmp(prover->recorded[j].id, target->id, strlen(target->id)) != 0)
				continue;
			container->recorded = other->cap_add & container->granted;
			container->doubtful = lc_trial_doubtful(other) & container->recorded;
		}
	}
}

/* Created in both baselines: struct lc_prover_container's RUNS. */
#define BOTH 3U

/* Says why nothing is proven of CONTAINER. False: there is something to prove. */
static bool is_left_out(const struct lc_prover *prover, const struct lc_prover_container *container)
{
	const struct {
		bool is_so;
		const char *why;
	} reasons[] = {
		{container->runs != BOTH, "was created in only one of the first two runs (a fixed name helps)"},
		{container->privileged, "is privileged, which no list narrows"},
		{container->sandboxed, "runs in a kernel of its own"},
		{!container->seen, "was not seen by the recording"},
		{!container->granted, "is granted nothing"},
	};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (!reasons[i].is_so)
			continue;
		lc_log(prover->log, LC_LOG_NOTICE, "%s %s: nothing to prove", container->key, reasons[i].why);
		return true;
	}
	return false;
}

static int subjects(void *context, const struct lc_prove_subject **list, size_t *n)
{
	struct lc_prover *prover = context;
	size_t left = 0;

	take_earlier(prover);
	prover->subjects = calloc(prover->n_containers ? prover->n_containers : 1, sizeof(*prover->subjects));
	if (!prover->subjects)
		return -ENOMEM;
	for (size_t i = 0; i < prover->n_containers; i++) {
		struct lc_prover_container *container = &prover->containers[i];

		/* Without anything granted it is left as it is. */
		if (is_left_out(prover, container)) {
			container->granted = container->recorded = 0;
			continue;
		}
		prover->subjects[i] = (struct lc_prove_subject){
			.granted = container->granted,
			.recorded = container->recorded,
			.doubtful = container->doubtful,
			.accepted = prover->accepted,
		};
		left++;
	}
	prover->n_subjects = prover->n_containers;
	*list = prover->subjects;
	*n = left ? prover->n_subjects : 0;
	return 0;
}

static void announce(void *context, size_t least, size_t most)
{
	const struct lc_prover *prover = context;
	double seconds = (double)prover->longest_ns / LC_NS_PER_S;

	lc_log(prover->log, LC_LOG_NOTICE, "%zu to %zu more runs of %.1f s each; Ctrl-C ends with the best list so far",
		least, most, seconds);
}

static void more(void *context)
{
	lc_log(((const struct lc_prover *)context)->log, LC_LOG_NOTICE, "more runs are needed than that");
}

static void adopt(void *context)
{
	struct lc_prover *prover = context;

	if (lc_traits_learn(&prover->passed, &prover->now))
		lc_log(prover->log, LC_LOG_WARN, "what is accepted was not noted: out of memory");
}

const struct lc_prove_trials lc_prover_trials = {
	.make = make,
	.subjects = subjects,
	.announce = announce,
	.more = more,
	.accept = adopt,
};

void lc_prover_close(struct lc_prover *prover)
{
	lc_proxy_close(prover->proxy);
	for (size_t i = 0; i < prover->n_containers; i++)
		free(prover->containers[i].key);
	for (char **variable = prover->environment; variable && *variable; variable++)
		free(*variable);
	free(prover->environment);
	free(prover->containers);
	free(prover->subjects);
	free(prover->socket);
	forget_created(prover->created, prover->n_created);
	forget_created(prover->recorded, prover->n_recorded);
	lc_traits_clear(&prover->passed);
	lc_traits_clear(&prover->now);
	if (prover->keys)
		munmap(prover->keys, KEYS_SIZE);
	lc_profile_clear(&prover->baseline);
}
