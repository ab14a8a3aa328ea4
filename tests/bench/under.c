/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* under OBJECT.bpf.o PROGRAM[,PROGRAM] COMMAND…: runs COMMAND while these programs of the BPF object are attached. */
#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Whether NAME is one of the comma-separated LIST. */
static bool is_listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *entry = list; entry; entry = strchr(entry, ',')) {
		entry += *entry == ',';
		if (!strncmp(entry, name, length) && (!entry[length] || entry[length] == ','))
			return true;
	}
	return false;
}

/* Loads the LISTed programs of OBJECT and attaches them. Returns how many there are, or -errno. */
static int attach(struct bpf_object *object, const char *list)
{
	struct bpf_program *program;
	int n = 0, r;

	bpf_object__for_each_program(program, object)
	{
		bpf_program__set_autoload(program, is_listed(list, bpf_program__name(program)));
	}
	r = bpf_object__load(object);
	if (r)
		return r;
	bpf_object__for_each_program(program, object)
	{
		if (!bpf_program__autoload(program))
			continue;
		/* The link lasts as long as this process. */
		if (!bpf_program__attach(program))
			return -1;
		n++;
	}
	return n;
}

int main(int argc, char **argv)
{
	struct bpf_object *object;
	int status;
	pid_t child;

	if (argc < 4) {
		fprintf(stderr, "usage: under OBJECT.bpf.o PROGRAM[,PROGRAM] COMMAND...\n");
		return 2;
	}
	object = bpf_object__open_file(argv[1], NULL);
	if (!object || attach(object, argv[2]) <= 0) {
		fprintf(stderr, "under: %s of %s can't be attached\n", argv[2], argv[1]);
		return 1;
	}
	child = fork();
	if (!child) {
		execvp(argv[3], argv + 3);
		perror(argv[3]);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		return 1;
	bpf_object__close(object);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
