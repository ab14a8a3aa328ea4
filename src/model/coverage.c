/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The ports at which a target takes connections, the names of signals, and the programs that a target's files name. */
#include <leastcap/coverage.h>

#include <leastcap/array.h>
#include <leastcap/model.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	int number;
	const char *name;
} names[] = {
	{1, "HUP"},
	{2, "INT"},
	{3, "QUIT"},
	{9, "KILL"},
	{10, "USR1"},
	{12, "USR2"},
	{15, "TERM"},
	{28, "WINCH"},
};

const int lc_signal_numbers[] = {1, 2, 3, 9, 10, 12, 15, 28, 0};

const char *lc_signal_name(int number)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].number == number)
			return names[i].name;
	}
	return NULL;
}

int lc_signal_number(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i].name, name) == 0)
			return names[i].number;
	}
	return 0;
}

/* Where port NUMBER is, or would be, among COVERAGE's. */
static size_t place_of(const struct lc_coverage *coverage, uint16_t number)
{
	size_t low = 0, high = coverage->n_ports;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (coverage->ports[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int lc_coverage_add_port(struct lc_coverage *coverage, uint16_t number, uint64_t connections)
{
	size_t place = place_of(coverage, number);
	struct lc_port *ports;

	if (place == coverage->n_ports || coverage->ports[place].number != number) {
		ports = lc_array_grow(coverage->ports, coverage->n_ports, sizeof(*ports));
		if (!ports)
			return -ENOMEM;
		memmove(&ports[place + 1], &ports[place], (coverage->n_ports - place) * sizeof(*ports));
		ports[place] = (struct lc_port){.number = number};
		coverage->ports = ports;
		coverage->n_ports++;
	}
	coverage->ports[place].connections = lc_count_add(coverage->ports[place].connections, connections);
	return 0;
}

void lc_coverage_add_bound(struct lc_coverage *coverage, uint16_t number)
{
	if (number && number < LC_UNPRIVILEGED_PORT && (!coverage->lowest || number < coverage->lowest))
		coverage->lowest = number;
}

uint16_t lc_coverage_lowest_port(const struct lc_coverage *coverage)
{
	uint16_t listening = coverage->n_ports ? coverage->ports[0].number : LC_UNPRIVILEGED_PORT;

	if (coverage->lowest && coverage->lowest < listening)
		return coverage->lowest;
	return listening < LC_UNPRIVILEGED_PORT ? listening : 0;
}

/* Where the program at PATH is, or would be, among COVERAGE's. */
static size_t place_of_program(const struct lc_coverage *coverage, const char *path)
{
	size_t low = 0, high = coverage->n_programs;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(coverage->programs[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Makes room for a program at PLACE, and puts copies of PATH and FILE there. 0 or -ENOMEM. */
static int insert_program(struct lc_coverage *coverage, size_t place, const char *path, const char *file)
{
	struct lc_named_program program = {strdup(path), strdup(file), false};
	struct lc_named_program *programs = lc_array_grow(coverage->programs, coverage->n_programs, sizeof(*programs));

	if (programs)
		coverage->programs = programs;
	if (!programs || !program.path || !program.file) {
		free(program.path);
		free(program.file);
		return -ENOMEM;
	}
	memmove(&programs[place + 1], &programs[place], (coverage->n_programs - place) * sizeof(*programs));
	programs[place] = program;
	coverage->n_programs++;
	return 0;
}

int lc_coverage_add_program(struct lc_coverage *coverage, const char *path, const char *file, bool ran)
{
	size_t place = place_of_program(coverage, path);
	struct lc_named_program *program;
	char *copy;

	if ((place == coverage->n_programs || strcmp(coverage->programs[place].path, path) != 0) &&
		insert_program(coverage, place, path, file))
		return -ENOMEM;
	program = &coverage->programs[place];
	program->ran |= ran;
	/* Of several files the first of the alphabet is kept, in whatever order they come. */
	if (strcmp(program->file, file) <= 0)
		return 0;
	copy = strdup(file);
	if (!copy)
		return -ENOMEM;
	free(program->file);
	program->file = copy;
	return 0;
}

int lc_coverage_unite(struct lc_coverage *coverage, const struct lc_coverage *more)
{
	int r = 0;

	coverage->handled |= more->handled;
	coverage->sent |= more->sent;
	for (size_t i = 0; !r && i < more->n_ports; i++)
		r = lc_coverage_add_port(coverage, more->ports[i].number, more->ports[i].connections);
	lc_coverage_add_bound(coverage, more->lowest);
	for (size_t i = 0; !r && i < more->n_programs; i++)
		r = lc_coverage_add_program(
			coverage, more->programs[i].path, more->programs[i].file, more->programs[i].ran);
	/* They may be the same ones. */
	if (coverage->programs_unknown < more->programs_unknown)
		coverage->programs_unknown = more->programs_unknown;
	return r;
}

void lc_coverage_tell_connections(struct lc_coverage *coverage)
{
	for (size_t i = 0; i < coverage->n_ports; i++) {
		coverage->ports[i].told |= coverage->ports[i].connections;
		coverage->ports[i].connections = 0;
	}
}

bool lc_coverage_has_news(const struct lc_coverage *coverage)
{
	for (size_t i = 0; i < coverage->n_ports; i++) {
		if (coverage->ports[i].connections && !coverage->ports[i].told)
			return true;
	}
	return false;
}

void lc_coverage_clear(struct lc_coverage *coverage)
{
	for (size_t i = 0; i < coverage->n_programs; i++) {
		free(coverage->programs[i].path);
		free(coverage->programs[i].file);
	}
	free(coverage->programs);
	free(coverage->ports);
	*coverage = (struct lc_coverage){0};
}
