/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the engine that a command would talk to, as the engines' clients do: an environment variable, else the context, else a default socket. */
#include <leastcap/cleanup.h>
#include <leastcap/input_file.h>
#include <leastcap/json.h>
#include <leastcap/message.h>
#include <leastcap/proxy.h>

#include <errno.h>
#include <glob.h>
#include <string.h>

#define FILE_MAX (1U << 20)

static const char unix_scheme[] = "unix://";

/* Appends the path of HOST, "unix:///var/run/docker.sock", which FROM has named. */
static int take_host(struct lc_strbuf *path, const char *host, const char *from, char **message)
{
	if (strncmp(host, unix_scheme, sizeof(unix_scheme) - 1) != 0)
		return lc_complain(message, -EPROTONOSUPPORT,
			"%s names the engine at %s, which is reached by no UNIX socket; leastcap has to be run where the engine runs",
			from, host);
	lc_strbuf_adds(path, host + sizeof(unix_scheme) - 1);
	return path->failed ? -ENOMEM : 0;
}

static json_t *read_json(const char *path)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	_cleanup_free_ char *message = NULL;

	if (lc_input_read(path, FILE_MAX, "a file of the Docker client", &text, &message) < 0)
		return NULL;
	return json_loadb(text.text ?: "", text.length, 0, NULL);
}

/* The directory of the Docker client's configuration, or "" when that can't be told. */
static int find_config(struct lc_strbuf *directory)
{
	const char *config = secure_getenv("DOCKER_CONFIG"), *home = secure_getenv("HOME");

	if (config && *config)
		lc_strbuf_adds(directory, config);
	else if (home && *home)
		lc_strbuf_addf(directory, "%s/.docker", home);
	else
		lc_strbuf_adds(directory, "");
	return directory->failed ? -ENOMEM : 0;
}

/* The name of the client's current context, for the caller to free; NULL: the default one. */
static char *current_context(const char *config)
{
	const char *context = secure_getenv("DOCKER_CONTEXT");
	_cleanup_(lc_strbuf_free) struct lc_strbuf path = {0};
	_cleanup_json_ json_t *file = NULL;

	if (!context || !*context) {
		lc_strbuf_addf(&path, "%s/config.json", config);
		file = path.failed ? NULL : read_json(path.text);
		context = json_string_value(json_object_get(file, "currentContext"));
	}
	return context && *context && strcmp(context, "default") != 0 ? strdup(context) : NULL;
}

/* The host of CONTEXT in the file PATH of the client's; NULL: the file is another context's. */
static char *host_in(const char *path, const char *context)
{
	_cleanup_json_ json_t *file = read_json(path);
	const char *name = json_string_value(json_object_get(file, "Name")), *host = NULL;

	if (name && strcmp(name, context) == 0)
		json_unpack(file, "{s:{s:{s:s}}}", "Endpoints", "docker", "Host", &host);
	return lc_copy(host);
}

/* The client keeps each context in a directory that is named by the name's SHA-256. */
static char *host_of(const char *config, const char *context)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf pattern = {0};
	glob_t files = {0};
	char *host = NULL;

	lc_strbuf_addf(&pattern, "%s/contexts/meta/*/meta.json", config);
	if (!pattern.failed && glob(pattern.text, GLOB_NOSORT, NULL, &files) == 0) {
		for (size_t i = 0; i < files.gl_pathc && !host; i++)
			host = host_in(files.gl_pathv[i], context);
	}
	globfree(&files);
	return host;
}

/* The first default socket that we may connect to; Docker's, if there is none. */
static int take_default(struct lc_strbuf *path)
{
	static const char docker[] = "/var/run/docker.sock", podman[] = "/run/podman/podman.sock";
	const char *runtime = secure_getenv("XDG_RUNTIME_DIR");
	_cleanup_(lc_strbuf_free) struct lc_strbuf own = {0};

	lc_strbuf_addf(&own, "%s/podman/podman.sock", runtime ?: "");
	if (own.failed)
		return -ENOMEM;
	if (access(docker, W_OK) == 0)
		lc_strbuf_adds(path, docker);
	else if (runtime && access(own.text, W_OK) == 0)
		lc_strbuf_adds(path, own.text);
	else
		lc_strbuf_adds(path, access(podman, W_OK) == 0 ? podman : docker);
	return path->failed ? -ENOMEM : 0;
}

int lc_proxy_find_engine(struct lc_strbuf *path, char **message)
{
	static const char *const variables[] = {"DOCKER_HOST", "CONTAINER_HOST"};
	_cleanup_(lc_strbuf_free) struct lc_strbuf config = {0};
	_cleanup_free_ char *context = NULL, *contexts_host = NULL;

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *host = secure_getenv(variables[i]);

		if (host && *host)
			return take_host(path, host, variables[i], message);
	}
	if (find_config(&config) < 0)
		return lc_complain(message, -ENOMEM, "out of memory");
	context = current_context(config.text);
	if (!context)
		return take_default(path);
	contexts_host = host_of(config.text, context);
	if (!contexts_host)
		return lc_complain(
			message, -ENOENT, "the Docker client's context %s is not in %s/contexts", context, config.text);
	return take_host(path, contexts_host, "the Docker client's context", message);
}
