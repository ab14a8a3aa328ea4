/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks whether container engines are here, and whether the Docker Engine answers. */
#include "src/doctor/doctor_private.h"

#include <leastcap/cleanup.h>
#include <leastcap/identity.h>

#include <errno.h>
#include <glob.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* How many sockets are named. More are only counted. */
#define LC_SOCKETS_TOLD 3

static const char *const directories[] = {"/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/bin"};

/* An engine that is not asked, because the names of its containers are in files. */
struct engine {
	const char *program;
	const char *sockets[4]; /* patterns as of glob(7) */
	const char *names;      /* where the names come from */
	bool activated;         /* connecting to its socket would start it */
};

/* Appends ", " and where PROGRAM is installed; false when it is not. */
static bool add_program(const struct lc_doctor_host *host, const char *program, struct lc_strbuf *out)
{
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		_cleanup_free_ char *path = NULL;

		if (asprintf(&path, "%s%s/%s", host->root, directories[i], program) < 0) {
			path = NULL;
			return false;
		}
		if (access(path, F_OK))
			continue;
		lc_strbuf_separate(out, ", ");
		lc_strbuf_adds(out, path + strlen(host->root));
		return true;
	}
	return false;
}

/* Whether somebody listens at the socket PATH. 0 or -errno. */
static int try_socket(const char *path)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	_cleanup_fd_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	if ((size_t)snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	return connect(fd, (const struct sockaddr *)&address, sizeof(address)) && errno != EAGAIN ? -errno : 0;
}

/* Appends what there is at the socket PATH. */
static void add_socket(
	const struct lc_doctor_host *host, const struct engine *engine, const char *path, struct lc_strbuf *out)
{
	int r = engine->activated ? 0 : try_socket(path);

	lc_strbuf_separate(out, ", ");
	lc_strbuf_addf(out, "%s %s",
		engine->activated    ? "socket"
		: r == 0             ? "listens at"
		: r == -ECONNREFUSED ? "nobody listens at"
				     : "socket that is closed to us",
		path + strlen(host->root));
}

/* Appends the sockets that PATTERN finds. How many there are. */
static size_t add_sockets(
	const struct lc_doctor_host *host, const struct engine *engine, const char *pattern, struct lc_strbuf *out)
{
	_cleanup_free_ char *whole = lc_doctor_path(host, pattern);
	glob_t found = {0};
	size_t n = 0;

	if (whole && !glob(whole, GLOB_NOSORT, NULL, &found)) {
		for (size_t i = 0; i < found.gl_pathc; i++) {
			struct stat status;

			if (stat(found.gl_pathv[i], &status) || !S_ISSOCK(status.st_mode))
				continue;
			if (n++ < LC_SOCKETS_TOLD)
				add_socket(host, engine, found.gl_pathv[i], out);
		}
		if (n > LC_SOCKETS_TOLD)
			lc_strbuf_addf(out, " and %zu more", n - LC_SOCKETS_TOLD);
	}
	globfree(&found);
	return n;
}

/* Fills FINDING with whether ENGINE is here. It is no fault if not. */
static void look_for(const struct lc_doctor_host *host, const struct engine *engine, struct lc_doctor_finding *finding)
{
	bool is_here = add_program(host, engine->program, &finding->found);

	for (size_t i = 0; i < 4 && engine->sockets[i]; i++) {
		if (add_sockets(host, engine, engine->sockets[i], &finding->found))
			is_here = true;
	}
	if (is_here)
		lc_strbuf_addf(&finding->found, "; %s", engine->names);
	else
		lc_strbuf_adds(&finding->found, "not installed");
}

void lc_doctor_podman(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	static const struct engine podman = {
		.program = "podman",
		.sockets = {"/run/podman/podman.sock", "/run/user/*/podman/podman.sock"},
		.names = "names come from conmon and its storage, no socket is needed",
		.activated = true,
	};

	look_for(host, &podman, finding);
}

void lc_doctor_containerd(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	static const struct engine containerd = {
		.program = "containerd",
		.sockets = {"/run/containerd/containerd.sock", "/run/docker/containerd/containerd.sock",
			"/run/k3s/containerd/containerd.sock"},
		.names = "names come from its bundles, no socket is needed",
	};

	look_for(host, &containerd, finding);
}

void lc_doctor_crio(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	static const struct engine crio = {
		.program = "crio",
		.sockets = {"/run/crio/crio.sock"},
		.names = "names come from its bundles, no socket is needed",
	};

	look_for(host, &crio, finding);
}

/* Fills FINDING for an engine at SOCKET that did not tell its version because of ERROR. */
static void tell_failure(
	const struct lc_doctor_host *host, const char *socket, int error, struct lc_doctor_finding *finding)
{
	struct lc_strbuf program = {0};
	bool is_installed = add_program(host, "dockerd", &program);

	lc_strbuf_free(&program);
	if (error == -ENOENT || error == -ECONNREFUSED) {
		lc_strbuf_addf(&finding->found, "%s, nothing listens at %s",
			is_installed ? "installed, not running" : "not installed", socket);
		return;
	}
	lc_strbuf_addf(&finding->found, "%s: %s", socket,
		error == -EPROTO      ? "its answer makes no sense"
		: error == -ETIMEDOUT ? "it does not answer"
				      : strerror(-error));
	lc_doctor_set(finding, LC_DOCTOR_DEGRADED,
		"Docker's containers are called by their ids; images and compose services are missing",
		error == -EACCES ? "run leastcap as root, or as a member of the group that owns the socket"
				 : "see that docker version works there");
}

void lc_doctor_docker(const struct lc_doctor_host *host, struct lc_doctor_finding *finding)
{
	const char *socket = lc_identity_socket(host->engine);
	_cleanup_free_ char *path = lc_doctor_path(host, socket);
	char version[LC_ENGINE_VERSION_SIZE];
	int r;

	if (strlen(socket) >= sizeof(((struct sockaddr_un *)NULL)->sun_path)) {
		lc_strbuf_adds(&finding->found, "DOCKER_HOST is longer than the path of a socket may be");
		lc_doctor_set(
			finding, LC_DOCTOR_MISSING, "no recording begins", "set it to a shorter path, or unset it");
		return;
	}
	r = path ? lc_identity_engine_version(path, version) : -ENOMEM;
	if (r)
		tell_failure(host, socket, r, finding);
	else
		lc_strbuf_addf(&finding->found, "%s answers at %s", version, socket);
	if (!host->engine || !*host->engine || strstr(host->engine, socket) || finding->state != LC_DOCTOR_OK)
		return;
	lc_strbuf_addf(&finding->found, "; DOCKER_HOST=%s is no unix:// socket", host->engine);
	lc_doctor_set(finding, LC_DOCTOR_DEGRADED, "the engine that DOCKER_HOST names is not asked for names",
		"set DOCKER_HOST to the socket of the engine that runs on this host");
}
