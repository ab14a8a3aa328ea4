/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The sockets at which clients come in. */
#ifndef LEASTCAP_ENDPOINT_LISTEN_H
#define LEASTCAP_ENDPOINT_LISTEN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* One socket that listens. */
struct lc_listener {
	int fd;
	char *where;  /* "127.0.0.1:9779", "[::1]:9779", "unix:/run/leastcap.sock"; owned */
	bool is_unix; /* and then it is this file, which is removed at the end: */
	dev_t device;
	ino_t inode;
	bool is_beyond; /* clients may come from beyond this host */
};

struct lc_listeners {
	struct lc_listener *list;
	size_t n;
};

/*
 * Listens at PLACE, as struct lc_endpoint_options has them, and adds that to LISTENERS. Nothing is accepted before ALLOW_BEYOND says that clients beyond this host have to
 * show who they are. 0 or a negative errno with *MESSAGE: see lc_endpoint_open.
 */
int lc_listen(struct lc_listeners *listeners, const char *place, bool allow_beyond, char **message);

/* Closes what LISTENERS have, removes UNIX sockets that are still theirs, and zeroes it. */
void lc_listeners_clear(struct lc_listeners *listeners);

#endif
