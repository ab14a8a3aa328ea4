/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes the trials of containers that already run: the kernel refuses to them while the command runs, and nothing is created or restarted. */
#include "src/cli/cli.h"
#include "src/cli/prover_private.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/engine_ask.h>
#include <leastcap/json.h>
#include <leastcap/probe.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* How long a container that a trial has ended may take to be there again, and how often is looked (milliseconds). */
enum { RESTART_MS = 30000, LOOK_MS = 500 };

/* Makes room for each container that is named. 0 or -ENOMEM. */
static int make_room(struct lc_prover *prover)
{
	size_t n = prover->options.n_names;

	prover->containers = calloc(n, sizeof(*prover->containers));
	prover->refused = calloc(n, sizeof(*prover->refused));
	if (!prover->containers || !prover->refused)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		prover->containers[i].key = strdup(prover->options.names[i]);
		prover->n_containers++;
		if (!prover->containers[i].key)
			return -ENOMEM;
	}
	return 0;
}

int lc_prover_open_kernel(struct lc_prover *prover)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	_cleanup_free_ char *message = NULL;
	int r = lc_probe_may_refuse(prover->options.btf, &message);

	if (r) {
		lc_log(prover->log, LC_LOG_ERROR, "%s", message ? message : strerror(-r));
		return r == -ENOEXEC ? LC_EXIT_USAGE : LC_EXIT_FAILURE;
	}
	if (make_room(prover)) {
		lc_log(prover->log, LC_LOG_ERROR, "out of memory");
		return LC_EXIT_FAILURE;
	}
	/* Without it states and logs are not compared. */
	if (!lc_proxy_find_engine(&path, &message))
		prover->socket = lc_strbuf_steal(&path);
	return LC_EXIT_OK;
}

/* How often the engine has restarted the container that ANSWER tells of; -1: that is not known. */
static int64_t restarts_in(const json_t *answer)
{
	return !answer ? -1 : json_integer_value(json_object_get(answer, "RestartCount"));
}

/* Whether CONTAINER runs, as far as the engine tells. Notes how often it was restarted until now. */
static bool is_running(struct lc_prover *prover, struct lc_prover_container *container)
{
	_cleanup_json_ json_t *answer = lc_prover_inspect(prover, container->key);
	const json_t *state = json_object_get(answer, "State");

	container->restarts = restarts_in(answer);
	return !json_is_object(state) ||
	       (json_is_true(json_object_get(state, "Running")) && !json_is_true(json_object_get(state, "Restarting")));
}

/* Waits until all containers run. 0, or -EINTR when one does not any more, which has been said. */
static int await_all(struct lc_prover *prover)
{
	int64_t ends = lc_clock_ms(CLOCK_MONOTONIC) + RESTART_MS;

	for (size_t i = 0; i < prover->n_containers; i++) {
		struct lc_prover_container *container = &prover->containers[i];

		while (!is_running(prover, container)) {
			if (lc_clock_ms(CLOCK_MONOTONIC) > ends) {
				lc_log(prover->log, LC_LOG_ERROR,
					"%s does not run any more, so that nothing more can be tried: start it again",
					container->key);
				return -EINTR;
			}
			poll(NULL, 0, LOOK_MS);
		}
	}
	return 0;
}

/* Has the recording refuse what this trial's lists lack of what was granted. */
static void set_refusals(struct lc_prover *prover, int64_t limit_ns)
{
	prover->options.refused = 0;
	prover->options.refused_each = prover->refused;
	prover->options.refused_ns = limit_ns;
	for (size_t i = 0; i < prover->n_containers; i++) {
		const struct lc_prover_container *container = &prover->containers[i];

		prover->refused[i] = prover->is_baseline ? 0 : container->granted & ~container->list;
		prover->options.refused |= prover->refused[i];
	}
}

/* Which of the containers TARGET is; NULL when it is none. */
static struct lc_prover_container *find(const struct lc_prover *prover, const struct lc_target *target)
{
	for (size_t i = 0; target->id && i < prover->n_containers; i++) {
		const char *key = prover->containers[i].key;

		if ((target->name && !strcmp(target->name, key)) ||
			(strlen(key) >= 3 && !strncmp(target->id, key, strlen(key))))
			return &prover->containers[i];
	}
	return NULL;
}

int lc_prover_note_recorded(struct lc_prover *prover, const struct lc_profile *profile)
{
	for (size_t i = 0; i < profile->n_targets; i++) {
		const struct lc_target *target = &profile->targets[i];
		const struct lc_prover_container *container = find(prover, target);
		struct lc_prover_created *created;
		bool known = false;

		for (size_t j = 0; container && j < prover->n_created; j++)
			known |= !strcmp(prover->created[j].id, target->id);
		if (!container || known)
			continue;
		created = lc_array_grow(prover->created, prover->n_created, sizeof(*created));
		if (!created)
			return -ENOMEM;
		prover->created = created;
		created[prover->n_created] = (struct lc_prover_created){
			.container = (size_t)(container - prover->containers), .id = strdup(target->id)};
		if (!created[prover->n_created++].id)
			return -ENOMEM;
	}
	return 0;
}

int lc_prover_begin_by_kernel(struct lc_prover *prover, int64_t limit_ns)
{
	prover->began_ns = lc_clock_ns(CLOCK_REALTIME);
	/* What each trial does not reach is the same every time. */
	prover->trial_log = *prover->log;
	if (prover->trial_log.threshold < LC_LOG_DEBUG)
		prover->trial_log.threshold = prover->is_baseline ? LC_LOG_WARN : LC_LOG_ERROR;
	prover->options.log = &prover->trial_log;
	set_refusals(prover, limit_ns);
	return await_all(prover);
}

int lc_prover_look_by_kernel(struct lc_prover *prover, struct lc_prover_created *created)
{
	const struct lc_prover_container *container = &prover->containers[created->container];
	_cleanup_json_ json_t *answer = lc_prover_inspect(prover, created->id);
	_cleanup_free_ char *text = NULL;
	int64_t restarts = container->restarts < 0 ? 0 : restarts_in(answer) - container->restarts;
	int r;

	/* Whose files are whose, an earlier trial may have changed. */
	created->listed = true;
	if (!answer)
		return 0;
	/* Only what happened in this run says anything of it. */
	json_object_set_new(answer, "RestartCount", json_integer(restarts > 0 ? restarts : 0));
	text = json_dumps(answer, 0);
	r = text ? lc_traits_add_state(&prover->now, created->container, text, strlen(text)) : -ENOMEM;
	if (r)
		return r == -ENOMEM ? r : 0;
	/* Without the beginning nothing tells whether it was restarted. */
	created->stated = container->restarts >= 0;
	r = lc_prover_take_log(prover, created, answer);
	created->logged |= !r;
	return r == -ENOMEM ? r : 0;
}
