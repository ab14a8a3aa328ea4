/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The socket in front of the engine, as a proof uses it: which container becomes what, and what has been created. */
#include "src/cli/cli.h"
#include "src/cli/prover_private.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/engine_ask.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* What a client finds the engine by, besides DOCKER_HOST: all these would lead past us. */
static const char *const overridden[] = {"DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_TLS", "DOCKER_TLS_VERIFY",
	"DOCKER_CERT_PATH", "CONTAINER_HOST", "CONTAINER_CONNECTION"};

static bool is_overridden(const char *variable)
{
	for (size_t i = 0; i < sizeof(overridden) / sizeof(overridden[0]); i++) {
		size_t length = strlen(overridden[i]);

		if (!strncmp(variable, overridden[i], length) && variable[length] == '=')
			return true;
	}
	return false;
}

int lc_prover_make_environment(struct lc_prover *prover)
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

int lc_prover_make_keys(struct lc_prover *prover)
{
	void *room = mmap(NULL, LC_PROVER_KEYS_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (room == MAP_FAILED)
		return -errno;
	prover->keys = room;
	return 0;
}

struct lc_prover_container *lc_prover_find(const struct lc_prover *prover, const char *key)
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

int lc_prover_rewrite(void *context, const struct lc_proxy_create *request, struct lc_strbuf *body)
{
	struct lc_prover *prover = context;
	bool has_room = request->number && request->number <= LC_PROVER_REQUESTS;
	const char *key = has_room ? note_request(prover, request) : "";
	const struct lc_prover_container *container = key ? lc_prover_find(prover, key) : NULL;
	struct lc_proxy_rewrite change = {.label = prover->label, .unprivileged = prover->unprivileged};

	if (!key)
		return -ENOMEM;
	/* What is not known from the baseline is left as it is, like what nothing is to be proven of. */
	if (request->privileged && !prover->unprivileged)
		return 0;
	if (prover->is_baseline || !container || !container->subject)
		return 0;
	change.add = container->list;
	return lc_proxy_rewrite(request, &change, body);
}

/* Notes the container that EVENT created. 0 or -errno. */
static int note_created(struct lc_prover *prover, const struct lc_proxy_event *event)
{
	bool has_key = event->number && event->number <= LC_PROVER_REQUESTS;
	const char *key = has_key ? prover->keys[event->number - 1] : "";
	struct lc_prover_container *container = lc_prover_find(prover, key);
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
	*created = (struct lc_prover_created){0};
	created->container = (size_t)(container - prover->containers);
	created->id = strdup(event->id);
	created->name = lc_copy(event->name);
	if (!created->id || (event->name && !created->name)) {
		free(created->id);
		free(created->name);
		return -ENOMEM;
	}
	prover->n_created++;
	return lc_traits_add(&prover->now, created->container, LC_TRAIT_CONTAINER, 0, "");
}

/* Takes one event. 0 or -errno. */
static int take_event(struct lc_prover *prover, const struct lc_proxy_event *event)
{
	struct lc_prover_created *created;
	int r;

	switch (event->kind) {
	case LC_PROXY_BESIDE:
		prover->beside++;
		return 0;
	case LC_PROXY_CREATED:
		return note_created(prover, event);
	case LC_PROXY_STARTED:
		/* Those that only this trial has created are told of by themselves. */
		created = lc_prover_known_as(prover, event->id);
		if (created)
			created->started = true;
		prover->others += !prover->strangers && !created;
		return 0;
	case LC_PROXY_ENDING:
		created = lc_prover_known_as(prover, event->id);
		r = created ? lc_prover_restart(prover, created, event->text) : 0;
		if (!r && created)
			r = lc_prover_look_at(prover, created);
		lc_proxy_go_on(prover->proxy, event->number);
		return r;
	case LC_PROXY_FAILED:
		break;
	}
	return 0;
}

bool lc_prover_take_events(void *context)
{
	struct lc_prover *prover = context;
	struct lc_proxy_event event;
	int r;

	while ((r = lc_proxy_next(prover->proxy, &event)) > 0) {
		r = take_event(prover, &event);
		if (r < 0)
			break;
	}
	if (!r)
		r = lc_prover_take_ends_meanwhile(prover);
	if (r < 0 && !prover->told)
		prover->told = r;
	return !prover->told;
}

void lc_prover_remove_created(const struct lc_prover *prover)
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

void lc_prover_forget(struct lc_prover_created *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free(list[i].id);
		free(list[i].name);
		lc_samples_clear(&list[i].again);
	}
	free(list);
}
