/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads whole files. A process of its own, with a deadline, reads those whose file system may never answer (FUSE, NFS). */
#include "src/identity/reader.h"

#include <leastcap/cleanup.h>
#include <leastcap/clock.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* How long (milliseconds) a file may take, and how many of a user's may take longer before none of his is read any more: he delays us a second. */
#define DEADLINE_MS 500
#define LATE_MAX    2

/* Whether FD is a regular file of WANTED's owner. */
static bool is_owners(int fd, const struct lc_file_to_read *wanted)
{
	struct stat st;

	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > LC_READ_MAX)
		return false;
	return wanted->owner == (uid_t)-1 || st.st_uid == wanted->owner || (!wanted->owner && st.st_uid == geteuid());
}

/* Reads what is left of FD to TEXT (LIMIT bytes). Its length, or -errno. */
static ssize_t read_all(int fd, char *text, size_t limit)
{
	size_t length = 0;
	ssize_t n = 1;

	while (length < limit && (n = read(fd, text + length, limit - length)) > 0)
		length += (size_t)n;
	return n < 0 ? -errno : (ssize_t)length;
}

/* Opens and reads WANTED in this process. Returns as lc_reader_read. */
static int read_directly(const struct lc_file_to_read *wanted, char **text, size_t *length)
{
	_cleanup_fd_ int fd = open(wanted->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	_cleanup_free_ char *bytes = NULL;
	ssize_t n;

	if (fd < 0 || !is_owners(fd, wanted))
		return -ENOENT;
	bytes = malloc(wanted->limit + 1);
	if (!bytes)
		return -ENOMEM;
	n = read_all(fd, bytes, wanted->limit);
	if (n < 0)
		return (int)n;
	bytes[n] = '\0';
	*length = (size_t)n;
	*text = bytes;
	bytes = NULL;
	return 0;
}

/* How an answer begins; LENGTH bytes follow in messages of their own. */
struct head {
	int result;
	uint32_t length;
};

static int send_answer(int socket, struct head head, char *text)
{
	struct iovec part = {&head, sizeof(head)};
	int r = lc_message_send(socket, &part, 1, -1);

	for (size_t sent = 0; !r && sent < head.length; sent += part.iov_len) {
		part.iov_base = text + sent;
		part.iov_len = head.length - sent < LC_MESSAGE_MAX ? head.length - sent : LC_MESSAGE_MAX;
		r = lc_message_send(socket, &part, 1, -1);
	}
	return r;
}

/* Answers requests. Each is a wanted file with its path behind it. */
static void live(void *context, int socket)
{
	struct {
		struct lc_file_to_read wanted;
		char path[PATH_MAX + 256];
	} request;
	ssize_t length;

	(void)context;
	while ((length = lc_message_receive(socket, &request, sizeof(request) - 1, NULL)) >
		(ssize_t)sizeof(request.wanted)) {
		_cleanup_free_ char *text = NULL;
		struct head head;
		size_t size = 0;

		((char *)&request)[length] = '\0';
		request.wanted.path = request.path;
		head.result = read_directly(&request.wanted, &text, &size);
		head.length = (uint32_t)size;
		if (send_answer(socket, head, text))
			return;
	}
}

static int enter(void *context, int *socket)
{
	(void)context;
	return lc_sandbox_look(socket, 1);
}

static const struct lc_worker_life life = {.name = "leastcap-reader", .enter = enter, .live = live};

/* Receives what send_answer sends, until DEADLINE. 0 or -errno. */
static int receive_answer(const struct lc_worker *worker, size_t limit, int64_t deadline, char **text, size_t *length)
{
	_cleanup_free_ char *bytes = NULL;
	struct head head;
	ssize_t n = lc_worker_receive(worker, &head, sizeof(head), deadline);

	if (n != sizeof(head))
		return n < 0 ? (int)n : -EPROTO;
	if (head.result)
		return head.result < 0 ? head.result : -EPROTO;
	if (head.length > limit)
		return -EPROTO;
	bytes = malloc((size_t)head.length + 1);
	if (!bytes)
		return -ENOMEM;
	for (size_t got = 0; got < head.length; got += (size_t)n) {
		n = lc_worker_receive(worker, bytes + got, head.length - got, deadline);
		if (n <= 0)
			return n < 0 ? (int)n : -EPROTO;
	}
	bytes[head.length] = '\0';
	*length = head.length;
	*text = bytes;
	bytes = NULL;
	return 0;
}

/* Makes sure that there is a process that reads. 0 or -errno. */
static int need_worker(struct lc_reader *reader)
{
	int r = 0;

	if (!reader->started) {
		reader->worker = LC_WORKER_NONE;
		r = lc_worker_start(&reader->worker, &life, NULL);
		reader->started = !r;
	}
	return r ? r : lc_worker_need(&reader->worker);
}

/* Whether USER's files are not read any more. */
static bool is_given_up(const struct lc_reader *reader, uid_t user)
{
	for (size_t i = 0; i < reader->n_late; i++) {
		if (reader->late[i].user == user)
			return reader->late[i].files >= LATE_MAX;
	}
	return reader->n_late >= LC_LATE_USERS_MAX;
}

/* Counts a late file of USER, who is not given up. */
static void count_late(struct lc_reader *reader, uid_t user)
{
	size_t i = 0;

	while (i < reader->n_late && reader->late[i].user != user)
		i++;
	if (i == reader->n_late)
		reader->late[reader->n_late++] = (struct lc_late_user){.user = user};
	reader->late[i].files++;
}

int lc_reader_read(struct lc_reader *reader, const struct lc_file_to_read *wanted, char **text, size_t *length)
{
	struct iovec parts[] = {{(void *)wanted, sizeof(*wanted)}, {(void *)wanted->path, strlen(wanted->path)}};
	int r;

	if (!reader)
		return read_directly(wanted, text, length);
	if (is_given_up(reader, wanted->user))
		return -ETIMEDOUT;
	r = need_worker(reader);
	if (!r)
		r = lc_worker_send(&reader->worker, parts, 2, -1);
	if (!r)
		r = receive_answer(
			&reader->worker, wanted->limit, lc_clock_ms(CLOCK_MONOTONIC) + DEADLINE_MS, text, length);
	if (r == -ETIMEDOUT)
		count_late(reader, wanted->user);
	/* The rest of an answer that went wrong must not be taken for the next one's. */
	if (r && r != -ENOENT && reader->started)
		lc_worker_drop(&reader->worker);
	return r;
}

void lc_reader_end(struct lc_reader *reader)
{
	if (reader->started)
		lc_worker_end(&reader->worker);
	*reader = (struct lc_reader){0};
}
