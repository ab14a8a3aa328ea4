/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runs a command whose container engine is behind the proxy.
 *   proxy LABEL CAPABILITIES EVENTS COMMAND…
 * The command's containers get CAPABILITIES ("CHOWN,KILL"; "" is none; "-" leaves every request as it is) and LABEL. What the proxy says is
 * written to the file EVENTS, one event a line: kind, status, id, name, service, text, with "-" for what there is none of. Exit status: the
 * command's.
 */
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/proxy.h>

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static int create(void *context, const struct lc_proxy_create *request, struct lc_strbuf *body)
{
	const struct lc_proxy_rewrite *rewrite = context;

	return rewrite ? lc_proxy_rewrite(request, rewrite, body) : 0;
}

static uint64_t read_capabilities(char *names)
{
	uint64_t set = 0;

	for (char *name = strtok(names, ","); name; name = strtok(NULL, ",")) {
		int cap = lc_cap_from_name(name);

		if (cap < 0) {
			fprintf(stderr, "proxy: there is no capability %s\n", name);
			exit(2);
		}
		set |= LC_CAP_BIT(cap);
	}
	return set;
}

static int write_events(struct lc_proxy *proxy, const char *path)
{
	static const char *const kinds[] = {"created", "failed", "started", "ending", "beside"};
	FILE *file = fopen(path, "we");
	struct lc_proxy_event event;
	int ret;

	while (file && (ret = lc_proxy_next(proxy, &event)) > 0)
		fprintf(file, "%s %d %s %s %s %s\n", kinds[event.kind], event.status, event.id ?: "-",
			event.name ?: "-", event.service ?: "-", event.text ?: "-");
	return file && ret == 0 && fclose(file) == 0 ? 0 : -1;
}

static int run(char **command, const char *address)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0) {
		setenv("DOCKER_HOST", address, 1);
		unsetenv("DOCKER_CONTEXT");
		execvp(command[0], command);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	const struct lc_log log = {LC_LOG_DEBUG, stderr};
	struct lc_proxy_rewrite rewrite = {0};
	struct lc_proxy_calls calls = {.create = create};
	_cleanup_(lc_strbuf_free) struct lc_strbuf engine = {0};
	_cleanup_free_ char *message = NULL;
	struct lc_proxy *proxy = NULL;
	int status = 2;

	if (argc < 5)
		return status;
	if (strcmp(argv[2], "-") != 0) {
		rewrite.add = read_capabilities(argv[2]);
		rewrite.label = argv[1];
		calls.context = &rewrite;
	}
	if (lc_proxy_find_engine(&engine, &message) == 0 && lc_proxy_open(&proxy, engine.text, &log, &message) == 0 &&
		lc_proxy_start(proxy, &calls, &message) == 0) {
		status = run(argv + 4, lc_proxy_address(proxy));
		lc_proxy_stop(proxy);
		if (write_events(proxy, argv[3]) < 0)
			status = 2;
	}
	if (message)
		fprintf(stderr, "proxy: %s\n", message);
	lc_proxy_close(proxy);
	return status;
}
