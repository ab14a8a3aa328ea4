/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One direction of a connection: bytes between the socket that they come from and the one that they go to. */
#ifndef LEASTCAP_PROXY_STREAM_H
#define LEASTCAP_PROXY_STREAM_H

#include <leastcap/strbuf.h>

#include <stdbool.h>
#include <stddef.h>

/* How much is read ahead of what was written. */
#define LC_STREAM_SIZE (64U << 10)

/* One end of a connection. The socket is watched edge-triggered, so that what is known of it stays true until a call says EAGAIN. */
struct lc_end {
	void *owner; /* its connection */
	int fd;      /* -1: none as yet */
	bool readable;
	bool writable;
	bool gone; /* closed at the other side, for both directions */
};

struct lc_stream {
	struct lc_strbuf first; /* the proxy's own words, which go before the bytes */
	size_t first_done;      /* how many of them are written */
	char *bytes;            /* NULL while there are none */
	size_t size;
	size_t start; /* up to here they are written */
	size_t ready; /* up to here they may be written */
	size_t seen;  /* up to here they are parsed */
	size_t end;
	bool ended; /* nothing more comes */
	bool shut;  /* the socket where they go to was told so */
	bool deaf;  /* that socket takes nothing any more: what is meant for it is thrown away */
};

/* Whether everything that may be written is. */
bool lc_stream_is_written(const struct lc_stream *stream);

/* The same, and nothing is held back. */
bool lc_stream_is_empty(const struct lc_stream *stream);

/* Reads from END what has room, LIMIT bytes in the buffer at most. Whether anything came, the end included. */
bool lc_stream_read(struct lc_stream *stream, struct lc_end *end, size_t limit);

/* Writes to END what may be written. Whether anything went. */
bool lc_stream_write(struct lc_stream *stream, struct lc_end *end);

/* Throws away what came and is not written yet, but the proxy's own words. */
void lc_stream_drop(struct lc_stream *stream);

/* Tells END that nothing more comes, once everything is written. Whether that was done now. */
bool lc_stream_shut(struct lc_stream *stream, const struct lc_end *end);

/* Gives the buffer back if it is empty. */
void lc_stream_release(struct lc_stream *stream);

void lc_stream_clear(struct lc_stream *stream);

#endif
