/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Builds the program of tests/unit/fixtures/why in a directory of its own, and says where a stack has which function. */
#ifndef LEASTCAP_TESTS_CALLERS_H
#define LEASTCAP_TESTS_CALLERS_H

#include "stopped.h"

#include <ftw.h>
#include <leastcap/strbuf.h>

#define CALLERS_SOURCE "tests/unit/fixtures/why/callers.c"

/* Made by callers_setup. */
static char callers_directory[64];

static inline int callers_remove(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status, (void)type, (void)where;
	return remove(path);
}

static inline int callers_setup(void **state)
{
	(void)state;
	strcpy(callers_directory, "/tmp/leastcap-callers-XXXXXX");
	/* The unwinder's child has nobody's rights, but is given descriptors: it needs none here. */
	return mkdtemp(callers_directory) ? 0 : -1;
}

static inline int callers_teardown(void **state)
{
	(void)state;
	return nftw(callers_directory, callers_remove, 8, FTW_DEPTH | FTW_PHYS);
}

/* Runs a shell command in the directory. */
static inline void callers_shell(const char *format, ...)
{
	struct lc_strbuf command = {0};
	char text[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	lc_strbuf_addf(&command, "source=$PWD/" CALLERS_SOURCE "; cd %s && %s", callers_directory, text);
	assert_int_equal(system(command.text), 0);
	lc_strbuf_free(&command);
}

/* Compiles the program as NAME with FLAGS. */
static inline void callers_build(const char *name, const char *flags)
{
	callers_shell("${CC:-gcc} %s -o %s \"$source\"", flags, name);
}

/* Starts NAME, with DEPTH calls of outer by itself, and stops it in the syscall. */
static inline void callers_stop(struct stopped *stopped, const char *name, const char *depth)
{
	char path[128], count[8];
	char *arguments[] = {path, count, NULL};

	snprintf(path, sizeof(path), "%s/%s", callers_directory, name);
	snprintf(count, sizeof(count), "%s", depth);
	stopped_start(stopped, arguments);
}

/* The functions of STACK, innermost first: "chroot innermost inlined* outer main"; a star: inlined, a question mark: no name. */
static inline char *callers_names(const struct lc_stack *stack)
{
	struct lc_strbuf names = {0};
	size_t i;

	for (i = 0; i < stack->n; i++)
		lc_strbuf_addf(&names, "%s%s%s", i ? " " : "",
			stack->frames[i].function ? stack->frames[i].function : "?",
			stack->frames[i].inlined ? "*" : "");
	return lc_strbuf_steal(&names);
}

static inline void assert_functions(const struct lc_stack *stack, const char *names)
{
	char *found = callers_names(stack);

	assert_string_equal(found, names);
	free(found);
}

/* The line of the program's source that has TEXT, counted from 1. */
static inline uint32_t callers_line(const char *text)
{
	FILE *stream = fopen(CALLERS_SOURCE, "re");
	char line[256];
	uint32_t number = 0, found = 0;

	assert_non_null(stream);
	while (!found && fgets(line, sizeof(line), stream)) {
		number++;
		if (strstr(line, text))
			found = number;
	}
	fclose(stream);
	assert_true(found > 0);
	return found;
}

#endif
