/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The connections of clients. */
#include "clients.h"

#include <stdlib.h>
#include <sys/socket.h>

struct lc_client *lc_clients_add(struct lc_clients *clients, int fd, int64_t now_ms)
{
	struct lc_client *client = malloc(sizeof(*client)), **end = &clients->first;

	if (!client)
		return NULL;
	*client = (struct lc_client){.fd = fd, .since_ms = now_ms, .is_asking = true};
	while (*end)
		end = &(*end)->next;
	*end = client;
	clients->n++;
	return client;
}

void lc_clients_remove(struct lc_clients *clients, struct lc_client *client)
{
	for (struct lc_client **place = &clients->first; *place; place = &(*place)->next) {
		if (*place != client)
			continue;
		*place = client->next;
		clients->n--;
		free(client);
		return;
	}
}

/* Reading and writing fail from now on, by which the library closes the connection. */
static void cut(struct lc_client *client)
{
	client->is_cut = true;
	(void)shutdown(client->fd, SHUT_RDWR);
}

bool lc_clients_cut_one(struct lc_clients *clients)
{
	struct lc_client *slowest = NULL;

	for (struct lc_client *client = clients->first; client; client = client->next) {
		if (client->is_asking && !client->is_cut && (!slowest || client->since_ms < slowest->since_ms))
			slowest = client;
	}
	if (slowest)
		cut(slowest);
	return slowest != NULL;
}

bool lc_clients_may_answer(struct lc_clients *clients, int64_t now_ms)
{
	struct lc_client *slowest = NULL;
	size_t n = 0;

	for (struct lc_client *client = clients->first; client; client = client->next) {
		if (client->is_asking || client->is_cut)
			continue;
		n++;
		if (!slowest || client->since_ms < slowest->since_ms)
			slowest = client;
	}
	/* Who asks now is one of them. */
	if (n <= LC_CLIENTS_MOST_ANSWERING)
		return true;
	if (now_ms - slowest->since_ms < LC_CLIENTS_LEAST_MS)
		return false;
	cut(slowest);
	return true;
}

void lc_clients_cut_slow(struct lc_clients *clients, int64_t now_ms)
{
	for (struct lc_client *client = clients->first; client; client = client->next) {
		if (now_ms - client->since_ms > (client->is_asking ? LC_CLIENTS_ASKING_MS : LC_CLIENTS_ANSWERING_MS))
			cut(client);
	}
}
