/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sockets at which clients come in: addresses as numbers, and UNIX sockets. Nothing is looked up. */
#include "listen.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/message.h>
#include <leastcap/strbuf.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define BACKLOG      64
#define UNIX_PREFIX  "unix:"
#define LOCALHOST    "localhost:"
#define UNIX_UMASK   0117
#define LONGEST_HOST 64

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

/* Takes over FD. 0 or -ENOMEM. */
static int add(struct lc_listeners *listeners, struct lc_listener *listener)
{
	struct lc_listener *grown = lc_array_grow(listeners->list, listeners->n, sizeof(*grown));

	if (!grown || !listener->where)
		return -ENOMEM;
	listeners->list = grown;
	grown[listeners->n++] = *listener;
	listener->fd = -1;
	listener->where = NULL;
	return 0;
}

/* Reads the port at the end of PLACE, behind COLON. */
static int read_port(const char *text, uint16_t *port)
{
	char *end;
	unsigned long number;

	if (!*text || strspn(text, "0123456789") != strlen(text))
		return -EINVAL;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || number > UINT16_MAX)
		return -EINVAL;
	*port = (uint16_t)number;
	return 0;
}

/* Reads PLACE, "127.0.0.1:9779" or "[::1]:9779". 0 or -EINVAL. */
static int read_address(const char *place, union address *address)
{
	const char *colon = strrchr(place, ':');
	char host[LONGEST_HOST];
	size_t length = colon ? (size_t)(colon - place) : 0;
	uint16_t port;

	if (!length || length >= sizeof(host) || read_port(colon + 1, &port))
		return -EINVAL;
	memcpy(host, place, length);
	host[length] = '\0';
	*address = (union address){0};
	if (host[0] == '[' && host[length - 1] == ']') {
		host[length - 1] = '\0';
		address->v6.sin6_family = AF_INET6;
		address->v6.sin6_port = htons(port);
		return inet_pton(AF_INET6, host + 1, &address->v6.sin6_addr) == 1 ? 0 : -EINVAL;
	}
	address->v4.sin_family = AF_INET;
	address->v4.sin_port = htons(port);
	return inet_pton(AF_INET, host, &address->v4.sin_addr) == 1 ? 0 : -EINVAL;
}

static bool is_loopback(const union address *address)
{
	const struct in6_addr *v6 = &address->v6.sin6_addr;

	if (address->any.sa_family == AF_INET)
		return ntohl(address->v4.sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
	return IN6_IS_ADDR_LOOPBACK(v6) || (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == IN_LOOPBACKNET);
}

/* ADDRESS as "127.0.0.1:9779" or "[::1]:9779"; caller frees. */
static char *address_text(const union address *address)
{
	bool is_v6 = address->any.sa_family == AF_INET6;
	char host[INET6_ADDRSTRLEN] = "";
	struct lc_strbuf text = {0};

	inet_ntop(address->any.sa_family,
		is_v6 ? (const void *)&address->v6.sin6_addr : (const void *)&address->v4.sin_addr, host, sizeof(host));
	lc_strbuf_addf(
		&text, is_v6 ? "[%s]:%u" : "%s:%u", host, ntohs(is_v6 ? address->v6.sin6_port : address->v4.sin_port));
	return lc_strbuf_steal(&text);
}

/* Makes a socket that listens at ADDRESS, whose port 0 becomes the one that the kernel chose. Its descriptor, or -errno. */
static int listen_tcp(union address *address)
{
	int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socklen_t size = address->any.sa_family == AF_INET6 ? sizeof(address->v6) : sizeof(address->v4);
	int on = 1, r;

	if (fd < 0)
		return -errno;
	/* What the last run's connections have left does not count as somebody who listens. */
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
		(address->any.sa_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on))) ||
		bind(fd, &address->any, size) || listen(fd, BACKLOG) || getsockname(fd, &address->any, &size)) {
		r = -errno;
		close(fd);
		return r;
	}
	return fd;
}

static int complain(const char *where, int err, char **message)
{
	if (err == -EADDRINUSE)
		return lc_complain(
			message, err, "cannot listen at %s: somebody else does; --listen chooses another place", where);
	return lc_complain(message, err, "cannot listen at %s: %s", where, strerror(-err));
}

static int add_tcp(struct lc_listeners *listeners, union address *address, bool allow_beyond, char **message)
{
	struct lc_listener listener = {.fd = -1, .is_beyond = !is_loopback(address)};
	_cleanup_free_ char *asked = address_text(address);
	int r;

	if (!asked)
		return -ENOMEM;
	if (listener.is_beyond && !allow_beyond)
		return lc_complain(message, -EINVAL,
			"cannot listen at %s: for clients beyond this host it takes --tls-cert, --tls-key and --token-file",
			asked);
	listener.fd = listen_tcp(address);
	if (listener.fd < 0)
		return complain(asked, listener.fd, message);
	listener.where = address_text(address);
	r = add(listeners, &listener);
	if (r) {
		close(listener.fd);
		free(listener.where);
	}
	return r;
}

/* 127.0.0.1, and ::1 at the same port unless this host has no such address. */
static int add_localhost(struct lc_listeners *listeners, const char *port, char **message)
{
	union address v4 = {.v4 = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
	union address v6 = {.v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT}};
	uint16_t number;
	int r = read_port(port, &number);

	if (r)
		return r;
	v4.v4.sin_port = htons(number);
	r = add_tcp(listeners, &v4, false, message);
	v6.v6.sin6_port = v4.v4.sin_port;
	if (r)
		return r;
	r = add_tcp(listeners, &v6, false, message);
	return r == -EADDRNOTAVAIL || r == -EAFNOSUPPORT ? 0 : r;
}

/* Whether a socket of that name is there at which nobody listens any more. */
static bool is_stale(const union address *address)
{
	_cleanup_fd_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct stat about;

	return fd >= 0 && !lstat(address->local.sun_path, &about) && S_ISSOCK(about.st_mode) &&
	       connect(fd, &address->any, sizeof(address->local)) && errno == ECONNREFUSED;
}

/* Owner and group may connect from the first moment on. */
static int bind_unix(int fd, const union address *address)
{
	mode_t mask = umask(UNIX_UMASK);
	int r = bind(fd, &address->any, sizeof(address->local)) ? -errno : 0;

	umask(mask);
	return r;
}

static int listen_unix(struct lc_listener *listener, const union address *address)
{
	struct stat about;
	int r;

	listener->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (listener->fd < 0)
		return -errno;
	r = bind_unix(listener->fd, address);
	if (r == -EADDRINUSE && is_stale(address))
		r = unlink(address->local.sun_path) ? -errno : bind_unix(listener->fd, address);
	if (r)
		return r;
	if (lstat(address->local.sun_path, &about) || listen(listener->fd, BACKLOG))
		return -errno;
	listener->device = about.st_dev;
	listener->inode = about.st_ino;
	return 0;
}

static int add_unix(struct lc_listeners *listeners, const char *place, char **message)
{
	const char *path = place + strlen(UNIX_PREFIX);
	struct lc_listener listener = {.fd = -1, .is_unix = true};
	union address address = {.local = {.sun_family = AF_UNIX}};
	int r;

	if (*path != '/')
		return -EINVAL;
	if (strlen(path) >= sizeof(address.local.sun_path))
		return complain(place, -ENAMETOOLONG, message);
	memcpy(address.local.sun_path, path, strlen(path) + 1);
	r = listen_unix(&listener, &address);
	if (r) {
		complain(place, r, message);
	} else {
		listener.where = lc_copy(place);
		r = add(listeners, &listener);
	}
	if (r && listener.fd >= 0)
		close(listener.fd);
	free(listener.where);
	return r;
}

int lc_listen(struct lc_listeners *listeners, const char *place, bool allow_beyond, char **message)
{
	union address address;
	int r;

	if (strncmp(place, UNIX_PREFIX, strlen(UNIX_PREFIX)) == 0)
		r = add_unix(listeners, place, message);
	else if (strncmp(place, LOCALHOST, strlen(LOCALHOST)) == 0)
		r = add_localhost(listeners, place + strlen(LOCALHOST), message);
	else
		r = read_address(place, &address) ?: add_tcp(listeners, &address, allow_beyond, message);
	if (r == -EINVAL && !*message)
		lc_complain(message, r,
			"cannot listen at '%s': it is neither ADDRESS:PORT, such as 127.0.0.1:9779 or [::1]:9779, nor unix:/PATH, nor none",
			place);
	return r;
}

void lc_listeners_clear(struct lc_listeners *listeners)
{
	for (size_t i = 0; i < listeners->n; i++) {
		struct lc_listener *listener = &listeners->list[i];
		const char *path = listener->where + (listener->is_unix ? strlen(UNIX_PREFIX) : 0);
		struct stat about;

		if (listener->is_unix && !lstat(path, &about) && about.st_dev == listener->device &&
			about.st_ino == listener->inode)
			(void)unlink(path);
		close(listener->fd);
		free(listener->where);
	}
	free(listeners->list);
	*listeners = (struct lc_listeners){0};
}
