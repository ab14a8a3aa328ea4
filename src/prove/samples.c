/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What containers look like from outside while they live. */
#include <leastcap/samples.h>

#include <leastcap/array.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/host.h>

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A container with very many processes of different names is not compared in all of them. */
#define SAMPLES_MAX 4096

/* Nor is looked at more processes of all containers at once. */
#define PROCESSES_MAX 2048

/* What was seen in fewer looks, or for less time where a busy machine lets us look seldom, tells nothing. */
#define LOOKS_MIN 5
#define STAYS_MS  800

/* The line that says that there was more. */
#define FULL "full"

void lc_samples_look(struct lc_samples *samples)
{
	samples->looks++;
	samples->processes = 0;
}

static struct lc_sample *find(
	const struct lc_samples *samples, const char *id, enum lc_trait_kind kind, const char *text)
{
	for (size_t i = 0; i < samples->n; i++) {
		struct lc_sample *sample = &samples->list[i];

		if (sample->kind == kind && !strcmp(sample->id, id) && !strcmp(sample->text, text))
			return sample;
	}
	return NULL;
}

/* Adds one, with copies of ID and TEXT. NULL when out of memory. */
static struct lc_sample *add(struct lc_samples *samples, const char *id, enum lc_trait_kind kind, const char *text)
{
	struct lc_sample sample = {.kind = kind, .id = strdup(id), .text = strdup(text)};
	struct lc_sample *list = lc_array_grow(samples->list, samples->n, sizeof(*list));

	if (list)
		samples->list = list;
	if (list && sample.id && sample.text) {
		list[samples->n] = sample;
		return &list[samples->n++];
	}
	free(sample.id);
	free(sample.text);
	return NULL;
}

/* Notes once a look that this was seen. 0 or -ENOMEM. */
static int see(struct lc_samples *samples, const char *id, enum lc_trait_kind kind, const char *text)
{
	struct lc_sample *sample = find(samples, id, kind, text);

	if (!sample && samples->n >= SAMPLES_MAX) {
		samples->full = true;
		return 0;
	}
	if (!sample) {
		const struct lc_sample *container = find(samples, id, LC_TRAIT_CONTAINER, "");
		unsigned int from = container ? container->seen : 1;

		sample = add(samples, id, kind, text);
		if (!sample)
			return -ENOMEM;
		sample->from = from;
		sample->first_ms = lc_clock_ms(CLOCK_MONOTONIC);
	}
	sample->seen += sample->last != samples->looks;
	sample->last = samples->looks;
	sample->last_ms = lc_clock_ms(CLOCK_MONOTONIC);
	return 0;
}

/* Makes one word of a name that a container chose. */
static void tame(char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
	}
}

/* Above this one the kernel gives out ports to whoever asks for any (net.ipv4.ip_local_port_range). */
#define GIVEN_OUT 32767

/* The tables of /proc/PID/net, and the state of a socket that waits for whoever comes (include/net/tcp_states.h; UDP has no LISTEN). */
static const struct {
	const char *file, *word;
	unsigned int state;
	unsigned int most; /* clients have ports above */
} tables[] = {
	{"tcp", "tcp", 0x0a, UINT16_MAX},
	{"tcp6", "tcp", 0x0a, UINT16_MAX},
	{"udp", "udp", 0x07, GIVEN_OUT},
	{"udp6", "udp", 0x07, GIVEN_OUT},
};

/* Notes the ports on which process PID's network has a listener, by table I. 0; -ESRCH: the process has gone, and with it the table; or -ENOMEM. */
static int see_table(struct lc_samples *samples, const char *id, pid_t pid, size_t i)
{
	_cleanup_file_ FILE *table = NULL;
	char path[64], line[256];
	int r = 0;

	snprintf(path, sizeof(path), "/proc/%d/net/%s", pid, tables[i].file);
	table = fopen(path, "re");
	/* Without IPv6 there is no table of it. */
	if (!table) {
		snprintf(path, sizeof(path), "/proc/%d/net/unix", pid);
		return access(path, F_OK) ? -ESRCH : 0;
	}
	while (!r && fgets(line, sizeof(line), table)) {
		unsigned int port, state;
		char text[32];

		/* proc_pid_net(5): sl, local address:port, remote address:port, state. */
		if (sscanf(line, " %*u: %*[0-9A-Fa-f]:%4x %*[0-9A-Fa-f]:%*4x %2x", &port, &state) != 2 ||
			state != tables[i].state || port > tables[i].most)
			continue;
		snprintf(text, sizeof(text), "%s port %u", tables[i].word, port);
		r = see(samples, id, LC_TRAIT_PORT, text);
	}
	if (!r && ferror(table))
		r = -ESRCH;
	return r;
}

/* Notes the ports of the container ID once a look, by process PID: all its processes mostly share one network. 0 or -ENOMEM. */
static int see_ports(struct lc_samples *samples, const char *id, pid_t pid)
{
	struct lc_sample *container = find(samples, id, LC_TRAIT_CONTAINER, "");
	int r = 0;

	if (!container || container->sockets == samples->looks)
		return 0;
	for (size_t i = 0; !r && i < sizeof(tables) / sizeof(tables[0]); i++)
		r = see_table(samples, id, pid, i);
	/* What is noted may have moved the list. */
	container = find(samples, id, LC_TRAIT_CONTAINER, "");
	if (!r)
		container->sockets = samples->looks;
	/* Another process may tell. */
	return r == -ENOMEM ? r : 0;
}

int lc_samples_take(struct lc_samples *samples, const char *id, pid_t pid)
{
	struct lc_process process;
	char comm[64], text[128];
	int r;

	if (++samples->processes > PROCESSES_MAX) {
		samples->full = true;
		return 0;
	}
	if (lc_process_read(pid, &process) || !lc_process_comm(pid, comm, sizeof(comm)))
		return 0;
	tame(comm);
	snprintf(text, sizeof(text), "%s of user %u:%u", comm, process.uid, process.gid);
	r = see(samples, id, LC_TRAIT_CONTAINER, "");
	if (!r)
		r = see(samples, id, LC_TRAIT_PROCESS, text);
	if (!r)
		r = see_ports(samples, id, pid);
	/* Whoever calls may not be able to say that this is missing. */
	samples->full |= r != 0;
	return r;
}

/* Whether the kernel gives out the port of SAMPLE, so that the next time it may be another one. */
static bool is_given_out(const struct lc_sample *sample)
{
	const char *number = strrchr(sample->text, ' ');

	return !number || strtoul(number, NULL, 10) > GIVEN_OUT;
}

const char *lc_samples_missing_port(const struct lc_samples *before, const struct lc_samples *now)
{
	for (size_t i = 0; i < before->n; i++) {
		const struct lc_sample *sample = &before->list[i], *again;

		if (sample->kind != LC_TRAIT_PORT || is_given_out(sample))
			continue;
		again = find(now, sample->id, LC_TRAIT_PORT, sample->text);
		if (!again || again->last != now->looks)
			return sample->text;
	}
	return NULL;
}

void lc_samples_write(const struct lc_samples *samples, struct lc_strbuf *out)
{
	for (size_t i = 0; i < samples->n; i++) {
		const struct lc_sample *sample = &samples->list[i];

		lc_strbuf_addf(out, "%s\t%d\t%u\t%u\t%" PRId64 "\t%" PRId64 "\t%s\n", sample->id, (int)sample->kind,
			sample->seen, sample->from, sample->first_ms, sample->last_ms, sample->text);
	}
	if (samples->full)
		lc_strbuf_adds(out, FULL "\n");
}

int lc_samples_read(struct lc_samples *samples, char *text)
{
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *id = strsep(&line, "\t");
		const char *kind = strsep(&line, "\t");
		const char *seen = strsep(&line, "\t");
		const char *from = strsep(&line, "\t");
		const char *first = strsep(&line, "\t");
		const char *last = strsep(&line, "\t");
		struct lc_sample *sample;

		if (!kind && !strcmp(id, FULL)) {
			samples->full = true;
			continue;
		}
		if (!kind || !last || !line || strtoul(kind, NULL, 10) >= LC_TRAIT_N)
			return -EPROTO;
		sample = add(samples, id, (enum lc_trait_kind)strtoul(kind, NULL, 10), line);
		if (!sample)
			return -ENOMEM;
		sample->seen = (unsigned int)strtoul(seen, NULL, 10);
		sample->from = (unsigned int)strtoul(from, NULL, 10);
		sample->first_ms = strtoll(first, NULL, 10);
		sample->last_ms = strtoll(last, NULL, 10);
	}
	return 0;
}

/* Whether SAMPLE was there in most of CONTAINER's looks since it came. A slow start, as something else, is none of these. */
static bool stays(const struct lc_sample *container, const struct lc_sample *sample)
{
	unsigned int looks = container->seen + 1 - sample->from;
	bool long_enough = looks >= LOOKS_MIN || (looks > 1 && container->last_ms - sample->first_ms >= STAYS_MS);

	return long_enough && sample->seen * 10 >= looks * 6;
}

int lc_samples_tell(
	const struct lc_samples *samples, const char *id, bool mostly, size_t subject, struct lc_traits *traits)
{
	const struct lc_sample *container = find(samples, id, LC_TRAIT_CONTAINER, "");
	int r = 0;

	if (!container)
		return 0;
	for (size_t i = 0; !r && i < samples->n; i++) {
		const struct lc_sample *sample = &samples->list[i];

		if (sample->kind == LC_TRAIT_CONTAINER || strcmp(sample->id, id) != 0)
			continue;
		/* What a container was once, on its way to something else, is not what it is; but who was seen seldom was not seen twice. */
		if (mostly ? stays(container, sample) : sample->seen > (container->seen >= LOOKS_MIN))
			r = lc_traits_add(traits, subject, sample->kind, 0, sample->text);
	}
	return r;
}

void lc_samples_clear(struct lc_samples *samples)
{
	for (size_t i = 0; i < samples->n; i++) {
		free(samples->list[i].id);
		free(samples->list[i].text);
	}
	free(samples->list);
	*samples = (struct lc_samples){0};
}
