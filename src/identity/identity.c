/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds out about containers. Bundles are read at once, the Docker Engine is asked in the background. */
#include "src/identity/identity.h"
#include "src/identity/bundle.h"
#include "src/identity/claims.h"
#include "src/identity/docker.h"
#include "src/identity/health.h"
#include "src/identity/http.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/un.h>
#include <unistd.h>

#define DEFAULT_SOCKET "/var/run/docker.sock"
#define UNIX_SCHEME    "unix://"
#define RUNNING_MAX    8     /* requests at once: hundreds would only fight for the engine's locks */
#define LIMIT_MS       30000 /* for one request: the engine does not answer about a container before it has started it */
#define ID_LENGTH      64
#define OTHERS_MAX     256 /* waiting requests about cgroups that others than root made */

/* One container that the engine is, or will be, asked about. */
struct request {
	struct lc_http http;
	struct lc_target *target;
	struct lc_claim *claim;               /* NULL: there is no hierarchy */
	struct lc_docker_container container; /* the answer, while its image is asked about */
	char id[ID_LENGTH + 1];
	struct request *next;
	bool running;
};

struct lc_identity {
	CURLM *multi;
	int sockets; /* epoll: what libcurl waits for */
	char *socket;
	const struct lc_log *log;
	struct request *requests; /* in the order in which they were begun */
	size_t n_running;
	unsigned int limit_ms;   /* how long one request may take */
	unsigned int warned;     /* bit N: there was a warning of failures[N] */
	struct lc_claims claims; /* not used while it has no hierarchy */
	struct lc_health health;
};

struct lc_claims *lc_identity_claims(struct lc_identity *identity)
{
	return &identity->claims;
}

/* Why the engine told nothing. */
static const struct failure {
	int error;
	bool expected; /* nobody is warned if the container may be another engine's */
	const char *reason;
} failures[] = {
	{ENOENT, true, "there is no such socket (is DOCKER_HOST right?)"},
	{ECONNREFUSED, true, "nothing listens there (is dockerd running?)"}, {EACCES, false, "permission denied"},
	{ESRCH, true, "it does not know the container (removed already?)"},
	{ETIMEDOUT, false, "it did not answer in time"}, {EMSGSIZE, false, "its answer is larger than 4 MiB"},
	{EPROTO, false, "its answer makes no sense"}, {ENOMEM, false, "out of memory"},
	{0, false, "the connection failed"}, /* every other error: keep it last */
};
#define N_FAILURES (sizeof(failures) / sizeof(failures[0]))

const char *lc_identity_socket(const char *host)
{
	size_t scheme = strlen(UNIX_SCHEME);

	return host && strncmp(host, UNIX_SCHEME, scheme) == 0 && host[scheme] ? host + scheme : DEFAULT_SOCKET;
}

/* libcurl's callback: has SOCKET watched for WHAT from now on. */
static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *context, void *watched)
{
	const struct lc_identity *identity = context;
	struct epoll_event event = {.data.fd = socket};

	(void)easy;
	(void)watched;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(identity->sockets, EPOLL_CTL_DEL, socket, NULL);
		return 0;
	}
	event.events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
	if (!epoll_ctl(identity->sockets, EPOLL_CTL_MOD, socket, &event))
		return 0;
	return errno == ENOENT ? epoll_ctl(identity->sockets, EPOLL_CTL_ADD, socket, &event) : -1;
}

int lc_identity_new(struct lc_identity **identity, const char *docker_socket, const struct lc_log *log)
{
	const char *path = docker_socket ? docker_socket : lc_identity_socket(getenv("DOCKER_HOST"));
	struct lc_identity *made;

	if (strlen(path) >= sizeof(((struct sockaddr_un *)NULL)->sun_path))
		return -ENAMETOOLONG;
	/* TLS is not needed, and loading it takes time. */
	if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK)
		return -ENOMEM;
	made = calloc(1, sizeof(*made));
	if (!made) {
		curl_global_cleanup();
		return -ENOMEM;
	}
	made->log = log;
	made->limit_ms = LIMIT_MS;
	made->socket = strdup(path);
	made->multi = curl_multi_init();
	made->sockets = epoll_create1(EPOLL_CLOEXEC);
	if (!made->socket || !made->multi || made->sockets < 0 ||
		curl_multi_setopt(made->multi, CURLMOPT_SOCKETFUNCTION, watch_socket) != CURLM_OK ||
		curl_multi_setopt(made->multi, CURLMOPT_SOCKETDATA, made) != CURLM_OK) {
		lc_identity_free(made);
		return -ENOMEM;
	}
	*identity = made;
	return 0;
}

void lc_identity_limit(struct lc_identity *identity, unsigned int limit_ms)
{
	identity->limit_ms = limit_ms;
}

static void warn(struct lc_identity *identity, const struct lc_target *target, const char *id, int error)
{
	size_t i = 0;

	while (i < N_FAILURES - 1 && failures[i].error != -error)
		i++;
	if ((identity->warned & (1U << i)) || (failures[i].expected && !target->engine))
		return;
	identity->warned |= 1U << i;
	lc_log(identity->log, LC_LOG_WARN,
		"cannot ask the Docker Engine at %s about container %.12s: %s; names may be missing from the report",
		identity->socket, id, failures[i].reason);
}

static void free_request(struct lc_identity *identity, struct request *request)
{
	struct request **link;

	for (link = &identity->requests; *link; link = &(*link)->next) {
		if (*link == request) {
			*link = request->next;
			break;
		}
	}
	if (request->running) {
		curl_multi_remove_handle(identity->multi, request->http.easy);
		identity->n_running--;
	}
	lc_http_clear(&request->http);
	lc_docker_clear(&request->container);
	free(request);
}

static void start_requests(struct lc_identity *identity)
{
	struct request *request;

	for (request = identity->requests; request && identity->n_running < RUNNING_MAX; request = request->next) {
		if (request->running || curl_multi_add_handle(identity->multi, request->http.easy) != CURLM_OK)
			continue;
		request->running = true;
		identity->n_running++;
	}
}

/* REQUEST was not answered because of ERROR: its target gets a name without the engine. */
static void give_up(struct lc_identity *identity, struct request *request, int error)
{
	int r = request->claim ? lc_claims_unanswered(&identity->claims, request->claim, error)
			       : lc_claims_name_by_id(request->target, request->id);

	if (r)
		lc_log(identity->log, LC_LOG_WARN, "out of memory: a container has no name");
}

/* Puts into REQUEST's target what the engine said, unless the container's cgroup is another. 0 or -ENOMEM. */
static int take_answer(struct lc_identity *identity, struct request *request)
{
	int is_it = request->claim ? lc_claims_answered(&identity->claims, request->claim, &request->container) : 1;
	int r = is_it < 0 ? is_it : 0;

	if (is_it == 1)
		r = lc_docker_fill(request->target, &request->container);
	if (!r && is_it == 1)
		request->target->life.is_checked = request->container.checked;
	if (!r && is_it == 1 && request->container.checked && identity->health.since_s)
		r = lc_health_follow(
			&identity->health, identity->multi, identity->socket, request->id, request->target);
	return r || is_it == 0 ? r : lc_claims_name_by_id(request->target, request->id);
}

/* Makes REQUEST, whose container is known, ask about the container's image. 0 or -errno. */
static int ask_about_image(struct lc_identity *identity, struct request *request)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	const char *id = request->container.image_id;
	int r;

	if (!id || !*id || strspn(id, "sha256:0123456789bcdef") != strlen(id))
		return -EPROTO;
	curl_multi_remove_handle(identity->multi, request->http.easy);
	identity->n_running--;
	request->running = false;
	lc_http_clear(&request->http);
	lc_strbuf_addf(&path, "images/%s/json", id);
	r = path.failed ? -ENOMEM
			: lc_http_begin(&request->http, identity->socket, path.text, identity->limit_ms, request);
	return r;
}

/* Handles the answer to REQUEST, or ERROR. 1 when there is more to be asked, 0 when not, or -errno. */
static int read_answer(struct lc_identity *identity, struct request *request, int error)
{
	const struct lc_strbuf *body = &request->http.body;

	if (request->container.json) {
		/* Without an answer about the image every label may be the image's own. */
		lc_docker_discount(&request->container, error ? NULL : body->text ? body->text : "", body->length);
		return take_answer(identity, request);
	}
	if (!error)
		error = lc_docker_read(&request->container, request->id, body->text ? body->text : "", body->length);
	if (error)
		return error;
	lc_docker_read_server(&request->container, request->http.server);
	if (!lc_docker_is_labelled(&request->container))
		return take_answer(identity, request);
	if (ask_about_image(identity, request) == 0)
		return 1;
	lc_docker_discount(&request->container, NULL, 0);
	return take_answer(identity, request);
}

static void finish_request(struct lc_identity *identity, struct request *request, CURLcode code)
{
	int r = read_answer(identity, request, lc_http_result(&request->http, code));

	if (r > 0)
		return;
	if (r < 0) {
		warn(identity, request->target, request->id, r);
		give_up(identity, request, r);
	}
	free_request(identity, request);
}

/* Milliseconds until libcurl is to be called although no socket is ready; -1: never. */
static int curl_timeout(const struct lc_identity *identity)
{
	long ms = -1;

	if (curl_multi_timeout(identity->multi, &ms) != CURLM_OK)
		return 0;
	return ms > INT_MAX ? INT_MAX : (int)ms;
}

/* Lets libcurl go on where sockets are ready or time is over. It has the rights of the user who called us, because he named the socket. */
static CURLMcode perform(struct lc_identity *identity)
{
	_cleanup_(lc_as_caller_end) struct lc_as_caller caller = {0};
	struct epoll_event ready[RUNNING_MAX];
	int n = epoll_wait(identity->sockets, ready, RUNNING_MAX, 0);
	bool is_due = curl_timeout(identity) == 0;
	CURLMcode code = CURLM_OK;
	int running;

	if (n <= 0 && !is_due)
		return CURLM_OK;
	if (lc_as_caller_begin(&caller))
		return CURLM_INTERNAL_ERROR;
	for (int i = 0; code == CURLM_OK && i < n; i++) {
		int events = (ready[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
			     (ready[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
			     (ready[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);

		code = curl_multi_socket_action(identity->multi, ready[i].data.fd, events, &running);
	}
	if (code == CURLM_OK && is_due)
		code = curl_multi_socket_action(identity->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	return code;
}

/* Moves every request on as far as it goes without waiting. Returns how many were finished, or -errno. */
static int proceed(struct lc_identity *identity)
{
	int n, finished = 0;
	CURLMsg *message;
	CURLcode code;
	char *owner;

	start_requests(identity);
	if (perform(identity) != CURLM_OK)
		return -EIO;
	while ((message = curl_multi_info_read(identity->multi, &n))) {
		if (message->msg != CURLMSG_DONE)
			continue;
		code = message->data.result;
		owner = NULL;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &owner);
		if (!owner)
			continue;
		finish_request(identity, (struct request *)(void *)owner, code);
		finished++;
	}
	start_requests(identity);
	return finished;
}

/* Whether CLAIM is about a cgroup that others than root can have made. */
static bool is_others(const struct lc_claim *claim)
{
	return claim && claim->place != LC_PLACE_ROOT;
}

/* Whether so many requests about cgroups of others wait that more would only hold up the rest. */
static bool is_flood(const struct lc_identity *identity)
{
	size_t n = 0;

	for (const struct request *request = identity->requests; request && n < OTHERS_MAX; request = request->next)
		n += is_others(request->claim);
	return n >= OTHERS_MAX;
}

/* Puts a request about container ID, which TARGET may be, into the queue. */
static int ask_engine(struct lc_identity *identity, struct lc_target *target, struct lc_claim *claim, const char *id)
{
	struct request *request, **end = &identity->requests;
	char path[96];
	int ret;

	request = calloc(1, sizeof(*request));
	if (!request)
		return -ENOMEM;
	request->target = target;
	request->claim = claim;
	snprintf(request->id, sizeof(request->id), "%s", id);
	snprintf(path, sizeof(path), "containers/%s/json", id);
	ret = lc_http_begin(&request->http, identity->socket, path, identity->limit_ms, request);
	if (ret < 0) {
		free(request);
		return ret;
	}
	/* Requests about what root made go first, because those about others' cgroups may be a flood. */
	while (*end && (is_others(claim) || !is_others((*end)->claim)))
		end = &(*end)->next;
	request->next = *end;
	*end = request;
	ret = proceed(identity);
	return ret < 0 ? ret : 0;
}

void lc_identity_follow_health(struct lc_identity *identity)
{
	identity->health.since_s = lc_clock_ns(CLOCK_REALTIME) / LC_NS_PER_S;
}

void lc_identity_in(struct lc_identity *identity, const struct lc_hierarchy *hierarchy)
{
	identity->claims.hierarchy = hierarchy;
	identity->claims.log = identity->log;
}

/* Without a hierarchy every cgroup is believed to be what it says. */
static int resolve_believed(struct lc_identity *identity, struct lc_target *target)
{
	int ret;

	if (!lc_container_id_valid(target->id))
		return lc_claims_name_by_id(target, target->id);
	ret = lc_bundle_fill(target, "");
	if (ret == -ENOMEM)
		return ret;
	if (!target->engine || strcmp(target->engine, "docker") == 0)
		return ask_engine(identity, target, NULL, target->id);
	return lc_claims_name_by_id(target, target->id);
}

int lc_identity_resolve(struct lc_identity *identity, struct lc_target *target)
{
	struct lc_claim *claim;
	int r;

	if (target->kind != LC_TARGET_CONTAINER || !target->id || !*target->id)
		return -EINVAL;
	if (!identity->claims.hierarchy || !target->cgroup)
		return resolve_believed(identity, target);
	r = lc_claims_take(&identity->claims, target, &claim);
	if (r <= 0)
		return r;
	if (is_others(claim) && is_flood(identity))
		return lc_claims_unanswered(&identity->claims, claim, -EBUSY);
	return ask_engine(identity, target, claim, claim->id);
}

int lc_identity_fd(const struct lc_identity *identity)
{
	return identity->sockets;
}

int lc_identity_timeout(const struct lc_identity *identity)
{
	int requests = curl_timeout(identity);
	int claims = lc_claims_timeout(&identity->claims);

	if (requests < 0)
		return claims;
	return claims < 0 || requests < claims ? requests : claims;
}

int lc_identity_proceed(struct lc_identity *identity)
{
	int r = proceed(identity);

	if (r < 0)
		return r;
	return lc_claims_again(&identity->claims, false) ? -ENOMEM : 0;
}

/* Waits for answers, TIMEOUT_MS at most. 0 or -errno. */
static int await(struct lc_identity *identity, int timeout_ms)
{
	struct pollfd sockets = {.fd = identity->sockets, .events = POLLIN};
	int own = lc_identity_timeout(identity);

	if (poll(&sockets, 1, own >= 0 && own < timeout_ms ? own : timeout_ms) < 0 && errno != EINTR)
		return -errno;
	return lc_identity_proceed(identity);
}

bool lc_identity_pending(const struct lc_identity *identity)
{
	return identity->requests;
}

bool lc_identity_awaits(const struct lc_identity *identity, const struct lc_target *target)
{
	for (const struct request *request = identity->requests; request; request = request->next) {
		if (request->target == target)
			return true;
	}
	return lc_claims_await(&identity->claims, target);
}

int lc_identity_compare(struct lc_identity *identity)
{
	return identity->claims.hierarchy ? lc_claims_compare(&identity->claims) : 0;
}

void lc_identity_forget(struct lc_identity *identity, const struct lc_target *target)
{
	struct request *next;

	for (struct request *request = identity->requests; request; request = next) {
		next = request->next;
		if (request->target == target)
			free_request(identity, request);
	}
	lc_claims_forget(&identity->claims, target);
	lc_health_forget(&identity->health, target);
}

int lc_identity_settle(struct lc_identity *identity, int timeout_ms)
{
	int64_t end = lc_clock_ms(CLOCK_MONOTONIC) + timeout_ms, left;
	struct request *request;
	int unanswered = 0;

	while (identity->requests) {
		left = timeout_ms < 0 ? INT_MAX : end - lc_clock_ms(CLOCK_MONOTONIC);
		if (left < 0 || await(identity, (int)left))
			break;
	}
	while ((request = identity->requests)) {
		give_up(identity, request, -ETIMEDOUT);
		free_request(identity, request);
		unanswered++;
	}
	if (identity->claims.hierarchy && lc_claims_settle(&identity->claims))
		lc_log(identity->log, LC_LOG_WARN, "out of memory: not every container could be verified");
	return unanswered;
}

void lc_identity_free(struct lc_identity *identity)
{
	if (!identity)
		return;
	while (identity->requests)
		free_request(identity, identity->requests);
	lc_health_clear(&identity->health, identity->multi);
	curl_multi_cleanup(identity->multi);
	if (identity->sockets >= 0)
		close(identity->sockets);
	lc_claims_clear(&identity->claims);
	free(identity->socket);
	free(identity);
	curl_global_cleanup();
}
