/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Moves bytes between a client and the engine, and knows when a connection is over. */
#include "src/proxy/connection.h"

#include <leastcap/cleanup.h>

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

/* After so many buffers it is the others' turn. */
#define ROUNDS 16

/* Has END watched. What is known of it is true until a call says otherwise. */
static int watch(const struct lc_connection *connection, struct lc_end *end)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = end};

	end->readable = end->writable = true;
	return epoll_ctl(connection->server->epoll, EPOLL_CTL_ADD, end->fd, &event) ? -errno : 0;
}

struct lc_connection *lc_connection_new(struct lc_server *server, int fd)
{
	struct lc_connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		return NULL;
	connection->server = server;
	connection->client = (struct lc_end){.owner = connection, .fd = fd};
	connection->engine = (struct lc_end){.owner = connection, .fd = -1};
	lc_request_begin(connection);
	lc_answer_begin(connection);
	if (watch(connection, &connection->client) < 0) {
		free(connection);
		return NULL;
	}
	return connection;
}

void lc_connection_free(struct lc_connection *connection)
{
	lc_making_end(connection, 0);
	lc_request_clear(connection);
	lc_stream_clear(&connection->up);
	lc_stream_clear(&connection->down);
	close(connection->client.fd);
	if (connection->engine.fd >= 0)
		close(connection->engine.fd);
	free(connection);
}

/* A socket that is connected to the engine, or -errno. */
static int connect_engine(const struct lc_server *server)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd, err;

	if (strlen(server->engine) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, server->engine, strlen(server->engine) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	err = errno;
	close(fd);
	return -err;
}

/* The client gets an answer that says why, where it would have got no connection. */
static void refuse_for_engine(struct lc_connection *connection, int err)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

	lc_strbuf_addf(&text, "leastcap can't reach the engine at %s: %s", connection->server->engine, strerror(-err));
	lc_making_end(connection, 0);
	connection->up.deaf = true;
	lc_answer_refuse(connection, 503, text.text ?: "");
}

/* Connects to the engine once there is something for it. */
static void need_engine(struct lc_connection *connection)
{
	int fd;

	if (connection->engine.fd >= 0 || connection->up.deaf || lc_stream_is_written(&connection->up))
		return;
	fd = connect_engine(connection->server);
	connection->waits_for_engine = fd == -EAGAIN;
	if (connection->waits_for_engine)
		return;
	connection->engine.fd = fd < 0 ? -1 : fd;
	if (fd >= 0)
		fd = watch(connection, &connection->engine);
	if (fd < 0)
		refuse_for_engine(connection, fd);
}

/*
 * Whether the engine is told that nothing more comes from the client. It takes that for a client that has gone, so that it is not told while it
 * makes a container, whose id would be lost.
 */
static bool may_shut_up(const struct lc_connection *connection)
{
	const struct lc_stream *up = &connection->up;

	return up->ended && !connection->making.is_pending &&
	       (connection->request.phase == LC_PHASE_HEAD || up->start == up->end);
}

static bool move_up(struct lc_connection *connection)
{
	struct lc_stream *up = &connection->up;
	size_t limit = connection->request.phase == LC_PHASE_HEAD ? LC_HEAD_MAX : LC_STREAM_SIZE;
	bool moved = lc_stream_read(up, &connection->client, limit);

	lc_request_take(connection);
	need_engine(connection);
	moved |= lc_stream_write(up, &connection->engine);
	if (may_shut_up(connection))
		moved |= lc_stream_shut(up, &connection->engine);
	return moved;
}

static bool move_down(struct lc_connection *connection)
{
	struct lc_stream *down = &connection->down;
	bool moved = lc_stream_read(down, &connection->engine, LC_STREAM_SIZE);

	if (moved)
		lc_answer_take(connection);
	moved |= lc_stream_write(down, &connection->client);
	if (down->ended)
		moved |= lc_stream_shut(down, &connection->client);
	return moved;
}

/* Nobody is there for the answer any more. What the client sent before goes to the engine, as it would without us. */
static bool is_over_without_client(const struct lc_connection *connection)
{
	return !connection->making.is_pending && lc_stream_is_written(&connection->up) &&
	       (connection->up.ended || connection->request.phase == LC_PHASE_WAIT);
}

static bool is_over(const struct lc_connection *connection)
{
	/* What waits for the caller goes to the engine, as it would without us. */
	if (connection->request.phase == LC_PHASE_HELD)
		return false;
	if (connection->client.gone)
		return is_over_without_client(connection);
	if (!lc_stream_is_written(&connection->down) || connection->waits_for_engine)
		return false;
	if (connection->engine.fd < 0)
		return connection->up.ended && lc_stream_is_written(&connection->up);
	if (!connection->down.ended)
		return false;
	return connection->engine.gone || (connection->up.ended && lc_stream_is_written(&connection->up));
}

enum lc_progress lc_connection_move(struct lc_connection *connection)
{
	bool moved = true;

	if (connection->client.gone)
		connection->down.deaf = true;
	for (int round = 0; moved && round < ROUNDS; round++) {
		moved = move_up(connection);
		moved |= move_down(connection);
	}
	if (is_over(connection))
		return LC_PROGRESS_OVER;
	/* A connection that only waits for its next request takes no memory for that. */
	if (connection->request.phase == LC_PHASE_HEAD) {
		lc_stream_release(&connection->up);
		lc_stream_release(&connection->down);
	}
	return moved ? LC_PROGRESS_MORE : LC_PROGRESS_IDLE;
}
