/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Makes and removes the proxy's socket and its directory. */
#include "src/proxy/place.h"

#include <leastcap/caller.h>
#include <leastcap/cleanup.h>
#include <leastcap/message.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#define SOCKET "docker.sock"

/* Where our directories are, and how their names begin. */
struct base {
	const char *parent, *prefix;
};

/* Of root's own, or of the user's. */
static int find_base(struct base *base)
{
	const char *runtime = secure_getenv("XDG_RUNTIME_DIR");

	if (geteuid() != 0) {
		*base = (struct base){runtime && *runtime == '/' ? runtime : "/tmp", "leastcap-proxy."};
		return 0;
	}
	*base = (struct base){"/run/leastcap", "proxy."};
	return mkdir(base->parent, 0711) && errno != EEXIST ? -errno : 0;
}

static void remove_files(int parent, int directory, const char *name)
{
	unlinkat(directory, SOCKET, 0);
	unlinkat(parent, name, AT_REMOVEDIR);
}

/* Removes NAME if it is ours and no process has it locked. */
static void remove_if_stale(int parent, const char *name)
{
	_cleanup_fd_ int directory = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat status;

	if (directory < 0 || fstat(directory, &status) || flock(directory, LOCK_EX | LOCK_NB))
		return;
	/* In /run/leastcap nobody but root makes anything. Elsewhere others may. */
	if (geteuid() == 0 || status.st_uid == geteuid())
		remove_files(parent, directory, name);
}

/* Removes what processes that were killed have left behind. */
static void clean(const struct base *base)
{
	DIR *parent = opendir(base->parent);
	const struct dirent *entry;

	while (parent && (entry = readdir(parent))) {
		if (strncmp(entry->d_name, base->prefix, strlen(base->prefix)) == 0)
			remove_if_stale(dirfd(parent), entry->d_name);
	}
	if (parent)
		closedir(parent);
}

/* Makes a directory, and locks it. -EAGAIN: another process took it for a stale one before it was locked. */
static int make_directory(struct lc_place *place, const struct base *base)
{
	struct stat opened, named;

	lc_strbuf_free(&place->path);
	lc_strbuf_addf(&place->path, "%s/%sXXXXXX", base->parent, base->prefix);
	if (place->path.failed)
		return -ENOMEM;
	if (!mkdtemp(place->path.text))
		return -errno;
	place->directory = open(place->path.text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (place->directory < 0)
		return errno == ENOENT ? -EAGAIN : -errno;
	if (flock(place->directory, LOCK_EX | LOCK_NB) || fstat(place->directory, &opened) ||
		stat(place->path.text, &named) || opened.st_ino != named.st_ino) {
		close(place->directory);
		place->directory = -1;
		return -EAGAIN;
	}
	return 0;
}

/* Who may write to the socket may enter the directory. */
static mode_t directory_mode(mode_t socket)
{
	return S_IRWXU | (socket & S_IWGRP ? S_IXGRP : 0) | (socket & S_IWOTH ? S_IXOTH : 0);
}

/* Gives the socket and its directory ENGINE's owner and mode. Who may not give files away keeps them, and nobody else can connect. */
static int set_owner(const struct lc_place *place, const struct stat *engine)
{
	mode_t mode = engine->st_mode & (S_IRWXU | S_IRWXG | S_IRWXO);

	if (fchownat(place->directory, SOCKET, engine->st_uid, engine->st_gid, AT_SYMLINK_NOFOLLOW))
		return errno == EPERM && geteuid() != 0 ? 0 : -errno;
	if (fchmodat(place->directory, SOCKET, mode, 0) || fchown(place->directory, engine->st_uid, engine->st_gid) ||
		fchmod(place->directory, directory_mode(mode)))
		return -errno;
	return 0;
}

/* The socket begins its life as one that nobody else can reach, because its directory is closed. */
static int listen_in(struct lc_place *place)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int length = snprintf(address.sun_path, sizeof(address.sun_path), "%s/" SOCKET, place->path.text);

	if (length < 0 || (size_t)length >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	lc_strbuf_addf(&place->address, "unix://%s", address.sun_path);
	place->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (place->listener < 0 || bind(place->listener, (const struct sockaddr *)&address, sizeof(address)) ||
		fchmodat(place->directory, SOCKET, S_IRUSR | S_IWUSR, 0) || listen(place->listener, SOMAXCONN))
		return -errno;
	return place->address.failed ? -ENOMEM : 0;
}

static int make(struct lc_place *place, const struct stat *engine)
{
	struct base base;
	int ret = find_base(&base);

	if (ret < 0)
		return ret;
	clean(&base);
	do {
		ret = make_directory(place, &base);
	} while (ret == -EAGAIN);
	if (ret == 0)
		ret = listen_in(place);
	return ret < 0 ? ret : set_owner(place, engine);
}

int lc_place_make(struct lc_place *place, const char *engine, char **message)
{
	struct stat status;
	int ret;

	*place = LC_PLACE_NONE;
	if (stat(engine, &status))
		return lc_complain(message, -errno, "can't find the engine's socket %s: %m", engine);
	if (!S_ISSOCK(status.st_mode))
		return lc_complain(message, -ENOTSOCK, "%s is no socket", engine);
	ret = make(place, &status);
	if (ret < 0) {
		lc_complain(message, ret, "can't make a socket in %s: %s", place->path.text ?: "/run/leastcap",
			strerror(-ret));
		lc_place_remove(place);
		lc_place_clear(place);
	}
	return ret;
}

void lc_place_remove(const struct lc_place *place)
{
	if (place->directory < 0 || !place->path.text)
		return;
	unlinkat(place->directory, SOCKET, 0);
	rmdir(place->path.text);
}

void lc_place_clear(struct lc_place *place)
{
	if (place->directory >= 0)
		close(place->directory);
	if (place->listener >= 0)
		close(place->listener);
	lc_strbuf_free(&place->path);
	lc_strbuf_free(&place->address);
	*place = LC_PLACE_NONE;
}
