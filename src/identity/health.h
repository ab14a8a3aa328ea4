/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* When containers passed their first health check, as the engine tells it while they run. */
#ifndef LEASTCAP_IDENTITY_HEALTH_H
#define LEASTCAP_IDENTITY_HEALTH_H

#include "src/identity/http.h"

#include <leastcap/model.h>

#include <stdbool.h>
#include <stdint.h>

/* The longest event that is read. */
#define LC_HEALTH_EVENT_MAX ((size_t)64 << 10)

struct lc_healthy {
	char *id; /* the container's, as the engine has it */
	struct lc_target *target;
};

/* The engine's stream of such events. It is not asked for before there is a container with a health check. Zero: nobody wants to know. */
struct lc_health {
	int64_t since_s; /* since 1970: earlier events are of no interest; 0: none is */
	struct lc_http http;
	struct lc_strbuf line; /* of an event that has not come whole */
	bool too_long;         /* that one is passed over */
	struct lc_healthy *containers;
	size_t n;
};

/*
 * Notes in the life of TARGET, which is container ID, when it is told to be healthy for the first time. The engine at SOCKET is asked through
 * MULTI. TARGET has to stay valid until lc_health_forget or lc_health_clear. 0 or -ENOMEM.
 */
int lc_health_follow(
	struct lc_health *health, CURLM *multi, const char *socket, const char *id, struct lc_target *target);

/* Forgets TARGET, which need not stay valid. */
void lc_health_forget(struct lc_health *health, const struct lc_target *target);

/* Takes LENGTH bytes of the stream. 0 or -ENOMEM. */
int lc_health_take(struct lc_health *health, const char *bytes, size_t length);

/* Ends the stream and frees everything. */
void lc_health_clear(struct lc_health *health, CURLM *multi);

#endif
