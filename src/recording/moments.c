/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * When the checks of a unit were made, and which of them only by its commands with +: these run with full privileges whatever the unit says, so that what
 * they ask for does not belong on its list.
 */
#include "src/recording/recording_private.h"

#include <leastcap/array.h>
#include <leastcap/cleanup.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* How many checks of one kind are told. Of more nobody knows when they were made, and they stay on the list. */
#define OF_KIND 4096

/* When the checks of one kind were made. */
struct moments {
	const void *key;
	int64_t *times;
	size_t n;
	bool cut; /* there were more */
};

/* A command with + that has run. */
struct run {
	char *program; /* the name without its directory */
	bool alone;
	int64_t begun_ns, ended_ns;
};

struct lc_moments {
	struct lc_table *by_key; /* key → moments */
	struct run *runs;
	size_t n_runs;
};

/* Those of the workload, without arguments. */
static const struct lc_trace_wanted all_checks = {.caps = ~UINT64_C(0)};

const struct lc_trace_wanted *lc_recording_moments_wanted(const struct lc_recording *recording)
{
	const struct lc_unit *unit = recording->options->unit;

	return unit && unit->n_commands ? &all_checks : NULL;
}

/* Those of RECORDING, made when they are first asked for. NULL when out of memory. */
static struct lc_moments *moments_of(struct lc_recording *recording)
{
	if (recording->moments)
		return recording->moments;
	recording->moments = calloc(1, sizeof(*recording->moments));
	if (recording->moments)
		recording->moments->by_key = lc_table_new(sizeof(const void *));
	if (!recording->moments || recording->moments->by_key)
		return recording->moments;
	free(recording->moments);
	recording->moments = NULL;
	return NULL;
}

bool lc_recording_note_moment(struct lc_recording *recording, const struct lc_traced_check *traced)
{
	const struct lc_moments *all = moments_of(recording);
	struct moments *moments = all ? lc_table_get_or_add(all->by_key, &traced->key, sizeof(*moments)) : NULL;
	int64_t *grown = NULL;

	if (!moments)
		return false;
	if (moments->n < OF_KIND)
		grown = lc_array_grow(moments->times, moments->n, sizeof(*grown));
	if (!grown) {
		moments->cut = true;
		return false;
	}
	moments->times = grown;
	moments->times[moments->n++] = traced->time_ns;
	return true;
}

/* Whether RUN is known. */
static bool is_known(const struct lc_moments *all, const struct lc_unit_command *command)
{
	for (size_t i = 0; i < all->n_runs; i++) {
		if (all->runs[i].begun_ns != command->begun_ns)
			continue;
		all->runs[i].ended_ns = command->ended_ns;
		return true;
	}
	return false;
}

void lc_recording_note_commands(struct lc_recording *recording)
{
	struct lc_moments *all = recording->unit.n_commands ? moments_of(recording) : NULL;

	for (size_t i = 0; all && i < recording->unit.n_commands; i++) {
		const struct lc_unit_command *command = &recording->unit.commands[i];
		const char *name = strrchr(command->path, '/');
		struct run *grown,
			run = {.alone = command->alone, .begun_ns = command->begun_ns, .ended_ns = command->ended_ns};

		if (!command->begun_ns || is_known(all, command))
			continue;
		run.program = strdup(name ? name + 1 : command->path);
		grown = run.program ? lc_array_grow(all->runs, all->n_runs, sizeof(*grown)) : NULL;
		if (!grown) {
			free(run.program);
			continue;
		}
		all->runs = grown;
		all->runs[all->n_runs++] = run;
	}
}

/* Whether a check of program EXE (NULL: not known) at TIME was made by a command with +. */
static bool is_in_run(const struct lc_moments *all, int64_t time, const char *exe)
{
	const char *name = exe ? strrchr(exe, '/') : NULL;

	for (size_t i = 0; i < all->n_runs; i++) {
		const struct run *run = &all->runs[i];

		if (time < run->begun_ns || (run->ended_ns && time > run->ended_ns))
			continue;
		/* Beside others only what has its own name is known to be its. */
		if (run->alone || (name && strcmp(name + 1, run->program) == 0))
			return true;
	}
	return false;
}

bool lc_recording_was_unlimited(const struct lc_recording *recording, const struct lc_counted *counted)
{
	const struct lc_moments *all = recording->moments;
	const struct moments *moments = all && counted->key ? lc_table_get(all->by_key, &counted->key) : NULL;

	if (!moments || !moments->n || moments->cut || lc_probe_untold(recording->probe).checks)
		return false;
	for (size_t i = 0; i < moments->n; i++) {
		if (!is_in_run(all, moments->times[i], counted->check.exe))
			return false;
	}
	return true;
}

static void free_moments(void *value)
{
	free(((struct moments *)value)->times);
	free(value);
}

void lc_recording_forget_unit(struct lc_recording *recording)
{
	struct lc_moments *all = recording->moments;

	lc_unit_clear(&recording->unit);
	if (!all)
		return;
	for (size_t i = 0; i < all->n_runs; i++)
		free(all->runs[i].program);
	free(all->runs);
	lc_table_free(all->by_key, free_moments);
	free(all);
	recording->moments = NULL;
}
