/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where the proxy's socket is: a directory of its own. */
#ifndef LEASTCAP_PROXY_PLACE_H
#define LEASTCAP_PROXY_PLACE_H

#include <leastcap/strbuf.h>

struct lc_place {
	int directory; /* locked as long as a process has it open: nobody else removes it */
	int listener;
	struct lc_strbuf path;    /* of the directory */
	struct lc_strbuf address; /* "unix://" and the socket's path */
};

/* A place that was not made, or was removed. */
#define LC_PLACE_NONE ((struct lc_place){-1, -1, {0}, {0}})

/*
 * Makes the socket, which whoever may connect to the socket ENGINE may connect to. Removes those that were left behind. 0; or -errno and *MESSAGE,
 * with PLACE as LC_PLACE_NONE.
 */
int lc_place_make(struct lc_place *place, const char *engine, char **message);

/* Removes the files. */
void lc_place_remove(const struct lc_place *place);

/* Closes and frees PLACE, which is LC_PLACE_NONE then. */
void lc_place_clear(struct lc_place *place);

#endif
