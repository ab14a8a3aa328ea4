/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Connections: libmicrohttpd reads and writes them, in our thread; whom it is given, and for how long, is decided here. */
#include "server.h"

#include <leastcap/clock.h>
#include <leastcap/message.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

/* What a request's line and headers may take together. */
#define LARGEST_REQUEST ((size_t)16 << 10)
/* How many of one address's connections there may be, where strangers come in. */
#define MOST_OF_ONE 16u
/* While somebody is connected, or a page is kept, the clock is looked at so often. */
#define TICK_MS 1000

/* Older ones are broken: RFC 8996. */
#define TLS_VERSIONS "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

static int64_t now_ms(void)
{
	return lc_clock_ms(CLOCK_MONOTONIC);
}

/* A connection came, or is closed. */
static void notice_connection(
	void *cls, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code)
{
	struct lc_server *server = cls;
	const union MHD_ConnectionInfo *info;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		if (*context)
			lc_clients_remove(&server->clients, *context);
		*context = NULL;
		return;
	}
	info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	*context = info ? lc_clients_add(&server->clients, info->connect_fd, now_ms()) : NULL;
}

struct lc_client *lc_server_client(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

/* A request was answered, or its connection ended before. */
static void notice_end(
	void *cls, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode code)
{
	struct lc_client *client = lc_server_client(connection);

	(void)cls;
	(void)code;
	*request = NULL;
	if (client) {
		client->is_asking = true;
		client->since_ms = now_ms();
	}
}

static struct MHD_Daemon *start(struct lc_server *server, bool with_tls)
{
	const struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, server->access.certificate},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, server->access.key},
		{MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)TLS_VERSIONS},
		{MHD_OPTION_PER_IP_CONNECTION_LIMIT, (intptr_t)MOST_OF_ONE, NULL},
		{MHD_OPTION_END, 0, NULL},
	};
	const struct MHD_OptionItem plain[] = {{MHD_OPTION_END, 0, NULL}};

	return MHD_start_daemon(
		(with_tls ? MHD_USE_TLS : 0) | MHD_USE_EPOLL | MHD_USE_NO_LISTEN_SOCKET | MHD_ALLOW_SUSPEND_RESUME, 0,
		NULL, NULL, lc_routes_answer, server, MHD_OPTION_ARRAY, with_tls ? tls : plain,
		MHD_OPTION_CONNECTION_LIMIT, 2u * LC_CLIENTS_MOST, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned int)(LC_CLIENTS_ASKING_MS / 1000), MHD_OPTION_CONNECTION_MEMORY_LIMIT, LARGEST_REQUEST,
		MHD_OPTION_NOTIFY_CONNECTION, notice_connection, server, MHD_OPTION_NOTIFY_COMPLETED, notice_end,
		server, MHD_OPTION_END);
}

int lc_server_start(struct lc_server *server, char **message)
{
	server->plain = start(server, false);
	if (!server->plain)
		return lc_complain(message, -ENOMEM, "cannot start the endpoint's server");
	if (!server->access.certificate)
		return 0;
	server->tls = start(server, true);
	if (!server->tls)
		return lc_complain(message, -EINVAL,
			"--tls-cert and --tls-key: they are no certificate and its key, or cannot be used");
	return 0;
}

/* Whether there is room for one more, for which another may have to go. */
static bool make_room(struct lc_server *server)
{
	if (server->clients.n < LC_CLIENTS_MOST)
		return true;
	if (!lc_clients_cut_one(&server->clients))
		return false;
	lc_server_proceed(server);
	return server->clients.n < LC_CLIENTS_MOST;
}

int lc_server_accept(struct lc_server *server, const struct lc_listener *listener)
{
	struct sockaddr_storage address = {0};
	socklen_t size = sizeof(address);
	struct MHD_Daemon *daemon = listener->is_unix || !server->tls ? server->plain : server->tls;
	int fd = accept4(listener->fd, (struct sockaddr *)&address, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return -errno;
	if (!make_room(server)) {
		close(fd);
		return 0;
	}
	/* It closes what it does not take. */
	(void)MHD_add_connection(daemon, fd, (struct sockaddr *)&address, size);
	return 0;
}

/* Whoever waits for a page that is made now, or can't be, asks again. */
static void resume_waiters(struct lc_server *server)
{
	struct lc_waiter **place = &server->waiters;

	while (*place) {
		struct lc_waiter *waiter = *place;

		if (lc_pages_is_awaited(&server->pages, waiter->page)) {
			place = &waiter->next;
			continue;
		}
		*place = waiter->next;
		MHD_resume_connection(waiter->connection);
		free(waiter);
	}
}

static struct MHD_Daemon **daemons(struct lc_server *server, struct MHD_Daemon *list[3])
{
	size_t n = 0;

	if (server->plain)
		list[n++] = server->plain;
	if (server->tls)
		list[n++] = server->tls;
	list[n] = NULL;
	return list;
}

void lc_server_proceed(struct lc_server *server)
{
	struct MHD_Daemon *list[3];

	lc_pages_proceed(&server->pages, now_ms());
	resume_waiters(server);
	for (struct MHD_Daemon **daemon = daemons(server, list); *daemon; daemon++)
		(void)MHD_run(*daemon);
	/* What was asked for just now. */
	lc_pages_proceed(&server->pages, now_ms());
	lc_clients_cut_slow(&server->clients, now_ms());
	(void)lc_pages_expire(&server->pages, now_ms());
}

int lc_server_timeout(const struct lc_server *server)
{
	struct MHD_Daemon *list[3];
	bool ticks = server->clients.n;
	MHD_UNSIGNED_LONG_LONG least = TICK_MS, wait;

	for (enum lc_page page = 0; page < LC_PAGE_N; page++)
		ticks |= server->pages.made[page].answer != NULL;
	for (struct MHD_Daemon **daemon = daemons((struct lc_server *)server, list); *daemon; daemon++) {
		if (MHD_get_timeout(*daemon, &wait) == MHD_YES) {
			ticks = true;
			least = wait < least ? wait : least;
		}
	}
	return ticks ? (int)least : -1;
}

int lc_server_fd(struct MHD_Daemon *daemon)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);

	return info ? info->epoll_fd : -EINVAL;
}

/* A daemon can't be stopped while one of its requests waits. */
static void give_up_waiters(struct lc_server *server)
{
	while (server->waiters) {
		struct lc_waiter *waiter = server->waiters;

		server->waiters = waiter->next;
		MHD_resume_connection(waiter->connection);
		free(waiter);
	}
}

void lc_server_stop(struct lc_server *server)
{
	struct MHD_Daemon *list[3];

	give_up_waiters(server);
	for (struct MHD_Daemon **daemon = daemons(server, list); *daemon; daemon++)
		MHD_stop_daemon(*daemon);
	for (size_t i = 0; i < sizeof(server->made) / sizeof(server->made[0]); i++) {
		if (server->made[i].answer)
			MHD_destroy_response(server->made[i].answer);
	}
	lc_pages_clear(&server->pages);
	lc_counters_free(server->counters);
	free(server->gauges);
	lc_access_clear(&server->access);
	*server = (struct lc_server){0};
}
