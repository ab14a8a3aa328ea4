/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Before the command ends a container it is reloaded, stopped and started again, so that each run shows that, too. */
#include "src/cli/prover_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/engine_ask.h>
#include <leastcap/host.h>
#include <leastcap/json.h>

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* How long (milliseconds) it has to serve as before; that is looked at each LOOK_MS. */
enum { MOMENT_MS = 1200, LOOK_MS = 200 };

/* How long (milliseconds) it may take until then: in the first run; and in the others as long as three times that took, and SLACK_MS. */
enum { FIRST_MS = 120000, SLACK_MS = 10000 };

/* How long (seconds) an engine waits for the end of what does not say how long, how long that is at most, and how long the start may take besides. */
enum { STOP_S = 10, STOP_MAX_S = 600, START_S = 30 };

/* How long (milliseconds) the engine may take to send a signal. */
enum { SIGNAL_MS = 10000 };

/* How often the first run is made again without a signal that ends containers. */
enum { REPEATS = 3 };

/* A container on its way. */
struct way {
	struct lc_prover *prover;
	struct lc_prover_created *created;
	struct lc_samples before; /* the ports that it had */
	bool was_healthy;
	pid_t pid; /* of its first process */
};

/* The signals that end a container, besides its own one. */
static const char *const ends[] = {"KILL", "TERM", "INT", "QUIT", "9", "15", "2", "3"};

static const char *short_name(const char *signal)
{
	return strncasecmp(signal, "SIG", 3) ? signal : signal + 3;
}

/* Whether a request that names SIGNAL ends the container that ANSWER tells of. */
static bool is_end(const char *signal, const json_t *answer)
{
	const char *own = json_string_value(json_object_get(json_object_get(answer, "Config"), "StopSignal"));

	if (!signal || !*signal)
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		if (!strcasecmp(short_name(signal), ends[i]))
			return true;
	}
	return own && !strcasecmp(short_name(signal), short_name(own));
}

static pid_t pid_in(const json_t *answer)
{
	return (pid_t)json_integer_value(json_object_get(json_object_get(answer, "State"), "Pid"));
}

static bool is_healthy(const json_t *answer)
{
	const json_t *health = json_object_get(json_object_get(answer, "State"), "Health");
	const char *status = json_string_value(json_object_get(health, "Status"));

	return status && !strcmp(status, "healthy");
}

/* Whether its ports are its own and not the host's, where others come and go. */
static bool has_own_ports(const json_t *answer)
{
	const json_t *config = json_object_get(answer, "HostConfig");
	const char *mode = json_string_value(json_object_get(config, "NetworkMode"));

	return !mode || strcmp(mode, "host") != 0;
}

/* What takes part in a look. */
struct look {
	struct lc_samples *samples;
	const char *id;
};

static int take(void *context, pid_t pid)
{
	const struct look *look = context;

	return lc_samples_take(look->samples, look->id, pid) ? 1 : 0;
}

/* Looks at the container ID, whose first process is PID. What has gone by then is not seen. */
static void look_at(struct lc_samples *samples, const char *id, pid_t pid)
{
	struct look look = {samples, id};
	struct lc_hierarchy hierarchy;
	char path[PATH_MAX];

	lc_samples_look(samples);
	if (pid > 0 && lc_prover_is_of(pid, id) && !lc_hierarchy_find(&hierarchy) &&
		!lc_cgroup_of_pid(&hierarchy, pid, path, sizeof(path)))
		lc_cgroup_each_pid(&hierarchy, path, take, &look);
}

static char *print(const char *format, const char *what)
{
	char *text;

	return asprintf(&text, format, what) < 0 ? NULL : text;
}

/* Why what ANSWER tells of does not run. NULL: it does. */
static const char *what_stands(const struct way *way, const json_t *answer, bool reloaded, bool *over)
{
	const json_t *state = json_object_get(answer, "State");

	*over = true;
	if (!answer)
		return "it has gone";
	if (!json_is_true(json_object_get(state, "Running")))
		return "it has ended";
	if (reloaded && pid_in(answer) != way->pid)
		return "it has ended, and the engine has started it again";
	*over = false;
	return json_is_true(json_object_get(state, "Restarting")) ? "the engine starts it again and again" : NULL;
}

/* Why the container does not serve as before, to be freed; NULL: it does, or out of memory (*R). *OVER: it never will. */
static char *what_is_missing(struct way *way, struct lc_samples *now, bool reloaded, bool *over, int *r)
{
	_cleanup_json_ json_t *answer = lc_prover_inspect(way->prover, way->created->id);
	const char *why = what_stands(way, answer, reloaded, over);
	char status[64], *text = NULL;

	if (!why)
		look_at(now, way->created->id, pid_in(answer));
	if (why && answer && *over && !reloaded) {
		snprintf(status, sizeof(status), "%" JSON_INTEGER_FORMAT,
			json_integer_value(json_object_get(json_object_get(answer, "State"), "ExitCode")));
		text = print("it has ended with exit status %s", status);
	} else if (why) {
		text = print("%s", why);
	} else if ((why = lc_samples_missing_port(&way->before, now))) {
		text = print("it does not listen on %s", why);
	} else if (way->was_healthy && !is_healthy(answer)) {
		why = "its health check does not pass";
		text = print("%s", why);
	}
	if (why && !text)
		*r = -ENOMEM;
	return text;
}

/* How long this run may take for it. */
static int64_t limit_ms(const struct way *way)
{
	const struct lc_prover *prover = way->prover;
	int64_t longest = prover->containers[way->created->container].restart_ms;

	return longest ? 3 * longest + SLACK_MS : FIRST_MS;
}

/* Waits until the container serves as before. Why it does not, to be freed; NULL: it does, or *R is -ENOMEM. */
static char *await(struct way *way, struct lc_samples *seen, bool reloaded, int *r)
{
	int64_t began = lc_clock_ms(CLOCK_MONOTONIC), since = 0;

	for (;;) {
		bool over = false;
		char *why = what_is_missing(way, seen, reloaded, &over, r);
		int64_t now = lc_clock_ms(CLOCK_MONOTONIC);

		if (*r)
			return NULL;
		since = why ? 0 : since ? since : now;
		if (!why && now - since >= MOMENT_MS)
			return NULL;
		if (why && (over || now - began > limit_ms(way) || lc_trial_is_interrupted()))
			return why;
		free(why);
		poll(NULL, 0, LOOK_MS);
	}
}

/* Has the engine do WHAT with the container. Why it can't, to be freed; NULL: it has, or *R is -ENOMEM. */
static char *have_done(const struct way *way, const char *what, unsigned int ms, int *r)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf body = {0};
	_cleanup_json_ json_t *answer = NULL;
	const char *message;
	char path[128], *why;
	int failed;

	snprintf(path, sizeof(path), "containers/%.64s/%s", way->created->id, what);
	failed = lc_engine_post(way->prover->socket, path, ms, &body);
	if (!failed)
		return NULL;
	answer = json_loadb(body.text ? body.text : "", body.length, 0, NULL);
	message = json_string_value(json_object_get(answer, "message"));
	why = print("the engine says: %s", message ? message : strerror(-failed));
	if (!why)
		*r = -ENOMEM;
	return why;
}

/* Sends HUP to a container that handles it. Why it did not get over that, to be freed; NULL: it did, or *R is -ENOMEM. */
static char *reload(struct way *way, int *r)
{
	_cleanup_(lc_samples_clear) struct lc_samples seen = {0};
	struct lc_process process;
	char *why;

	if (way->prover->containers[way->created->container].ends_by_hup)
		return NULL;
	if (!lc_prover_is_of(way->pid, way->created->id) || lc_process_read(way->pid, &process) ||
		!(process.handled & 1ULL << (SIGHUP - 1)))
		return NULL;
	why = have_done(way, "kill?signal=HUP", SIGNAL_MS, r);
	return why || *r ? why : await(way, &seen, true, r);
}

/* Stops the container, and starts it again. As reload. */
static char *restart(struct way *way, const json_t *answer, int *r)
{
	const json_t *said = json_object_get(json_object_get(answer, "Config"), "StopTimeout");
	int64_t stop = json_is_integer(said) ? json_integer_value(said) : STOP_S;
	char *why;

	if (stop < 0 || stop > STOP_MAX_S)
		stop = STOP_MAX_S;
	why = have_done(way, "restart", (unsigned int)(stop + START_S) * 1000, r);
	return why || *r ? why : await(way, &way->created->again, false, r);
}

/* The container does not get over HUP. Whether the first run is made again without. */
static bool give_up_reload(const struct way *way, const char *why)
{
	struct lc_prover *prover = way->prover;
	struct lc_prover_container *container = &prover->containers[way->created->container];

	if (!prover->is_baseline || prover->recorded || prover->repeats >= REPEATS || lc_trial_is_interrupted())
		return false;
	lc_log(prover->log, LC_LOG_NOTICE,
		"%s handles HUP, and does not go on after it: %s; so that is no reload, and the run is made again without",
		container->key, why);
	container->ends_by_hup = true;
	prover->again = true;
	return true;
}

/* The container did not come through. 0 or -ENOMEM. */
static int note_failure(const struct way *way, const char *what, const char *why)
{
	struct lc_prover *prover = way->prover;
	const char *key = prover->containers[way->created->container].key;

	if (prover->unreturned)
		return 0;
	return asprintf(&prover->unreturned, "%s did not %s: %s", key, what, why) < 0 ? -ENOMEM : 0;
}

/* The whole way. 0 or -ENOMEM. */
static int go(struct way *way, const json_t *answer)
{
	struct lc_prover_container *container = &way->prover->containers[way->created->container];
	int64_t began = lc_clock_ms(CLOCK_MONOTONIC);
	_cleanup_free_ char *reloaded = NULL, *restarted = NULL;
	int r = 0;

	reloaded = reload(way, &r);
	if (reloaded)
		return give_up_reload(way, reloaded) ? 0 : note_failure(way, "get over a reload", reloaded);
	if (!r)
		restarted = restart(way, answer, &r);
	if (restarted)
		return note_failure(way, "come up again", restarted);
	if (r)
		return r;
	way->created->restarted = true;
	if (way->prover->is_baseline && lc_clock_ms(CLOCK_MONOTONIC) - began > container->restart_ms)
		container->restart_ms = lc_clock_ms(CLOCK_MONOTONIC) - began;
	return 0;
}

int lc_prover_restart(struct lc_prover *prover, struct lc_prover_created *created, const char *signal)
{
	struct way way = {.prover = prover, .created = created};
	_cleanup_json_ json_t *answer = NULL;
	const json_t *state;
	int r;

	if (!prover->restarts || created->tried || lc_trial_is_interrupted())
		return 0;
	answer = lc_prover_inspect(prover, created->id);
	state = json_object_get(answer, "State");
	if (!is_end(signal, answer) || !json_is_true(json_object_get(state, "Running")) ||
		json_is_true(json_object_get(state, "Paused")))
		return 0;
	created->tried = true;
	way.pid = pid_in(answer);
	way.was_healthy = is_healthy(answer);
	if (has_own_ports(answer))
		look_at(&way.before, created->id, way.pid);
	r = go(&way, answer);
	lc_samples_clear(&way.before);
	return r;
}
