/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads and writes one direction of a connection without ever waiting. */
#include "src/proxy/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool lc_stream_is_written(const struct lc_stream *stream)
{
	return stream->first_done == stream->first.length && stream->start == stream->ready;
}

bool lc_stream_is_empty(const struct lc_stream *stream)
{
	return lc_stream_is_written(stream) && stream->start == stream->end;
}

/* Moves the bytes to the beginning, or makes the buffer larger. Whether there is room then. */
static bool make_room(struct lc_stream *stream, size_t limit)
{
	size_t size = stream->size ? stream->size * 2 : LC_STREAM_SIZE;
	char *bytes;

	if (stream->end < stream->size)
		return true;
	if (stream->start) {
		memmove(stream->bytes, stream->bytes + stream->start, stream->end - stream->start);
		stream->ready -= stream->start;
		stream->seen -= stream->start;
		stream->end -= stream->start;
		stream->start = 0;
		return true;
	}
	if (stream->size >= limit)
		return false;
	bytes = realloc(stream->bytes, size);
	if (!bytes)
		return false;
	stream->bytes = bytes;
	stream->size = size;
	return true;
}

static void rewind_if_empty(struct lc_stream *stream)
{
	if (stream->start == stream->end)
		stream->start = stream->ready = stream->seen = stream->end = 0;
}

void lc_stream_release(struct lc_stream *stream)
{
	if (stream->start != stream->end)
		return;
	free(stream->bytes);
	stream->bytes = NULL;
	stream->size = 0;
	rewind_if_empty(stream);
}

bool lc_stream_read(struct lc_stream *stream, struct lc_end *end, size_t limit)
{
	ssize_t length;

	if (end->fd < 0 || !end->readable || stream->ended || !make_room(stream, limit))
		return false;
	length = read(end->fd, stream->bytes + stream->end, stream->size - stream->end);
	if (length > 0) {
		stream->end += (size_t)length;
		return true;
	}
	if (length < 0 && errno == EINTR)
		return true;
	end->readable = false;
	if (length == 0 || errno != EAGAIN)
		stream->ended = true;
	return stream->ended;
}

/* Writes LENGTH bytes at TEXT. How many went; 0 when none did. */
static size_t put(struct lc_stream *stream, struct lc_end *end, const char *text, size_t length)
{
	ssize_t written = send(end->fd, text, length, MSG_NOSIGNAL);

	if (written >= 0)
		return (size_t)written;
	if (errno == EAGAIN)
		end->writable = false;
	else if (errno != EINTR)
		stream->deaf = true;
	return 0;
}

static bool write_first(struct lc_stream *stream, struct lc_end *end)
{
	size_t went =
		put(stream, end, stream->first.text + stream->first_done, stream->first.length - stream->first_done);

	stream->first_done += went;
	if (stream->first_done == stream->first.length) {
		lc_strbuf_free(&stream->first);
		stream->first_done = 0;
	}
	return went > 0;
}

bool lc_stream_write(struct lc_stream *stream, struct lc_end *end)
{
	size_t went;

	if (lc_stream_is_written(stream))
		return false;
	if (stream->deaf) {
		lc_strbuf_free(&stream->first);
		stream->first_done = 0;
		stream->start = stream->ready;
		rewind_if_empty(stream);
		return true;
	}
	if (end->fd < 0 || !end->writable)
		return false;
	if (stream->first.length)
		return write_first(stream, end) || stream->deaf;
	went = put(stream, end, stream->bytes + stream->start, stream->ready - stream->start);
	stream->start += went;
	rewind_if_empty(stream);
	return went > 0 || stream->deaf;
}

void lc_stream_drop(struct lc_stream *stream)
{
	stream->start = stream->ready = stream->seen = stream->end;
	rewind_if_empty(stream);
}

bool lc_stream_shut(struct lc_stream *stream, const struct lc_end *end)
{
	if (stream->shut || end->fd < 0 || !lc_stream_is_written(stream))
		return false;
	shutdown(end->fd, SHUT_WR);
	stream->shut = true;
	return true;
}

void lc_stream_clear(struct lc_stream *stream)
{
	lc_strbuf_free(&stream->first);
	free(stream->bytes);
	*stream = (struct lc_stream){0};
}
