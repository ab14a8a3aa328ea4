/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is to be said about a compose file's services, each with the line it is about. */
#include "warn.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/engine.h>
#include <leastcap/escape.h>
#include <leastcap/report.h>

#include <stdarg.h>

struct warner {
	const struct lc_compose *file;
	const struct lc_compose_service *service;
	const struct lc_compose_recorded *recorded;
	const struct lc_log *log;
};

/* "compose.yaml:12: web: …" */
__attribute__((format(printf, 3, 4))) static void say(const struct warner *warner, size_t line, const char *format, ...)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	va_list arguments;

	va_start(arguments, format);
	lc_escape_terminal_format(&text, format, arguments);
	va_end(arguments);
	if (text.text)
		lc_log(warner->log, LC_LOG_WARN, "%s:%zu: %s: %s", warner->file->path, line, warner->service->name,
			text.text);
}

static void warn_privileged(const struct warner *warner)
{
	const struct lc_compose_service *service = warner->service;

	if (service->unknown[LC_COMPOSE_KEY_PRIVILEGED].text)
		say(warner, service->privileged_line, "privileged: what '%s' stands for is not known here",
			service->unknown[LC_COMPOSE_KEY_PRIVILEGED].text);
	if (!service->privileged)
		return;
	if (!warner->recorded->n)
		say(warner, service->privileged_line,
			"privileged: true gives it every capability and every device of the host");
	else
		say(warner, service->privileged_line,
			"privileged: true also gives every device of the host: without it, name those that it uses under 'devices:'");
}

static void warn_drop(const struct warner *warner)
{
	const struct lc_compose_service *service = warner->service;
	size_t line = service->list_line[LC_COMPOSE_CAP_DROP];

	if (service->drop_all)
		return;
	if (line)
		say(warner, line, "cap_drop has no ALL: it keeps the rest of the engine's default capabilities");
	else
		say(warner, service->line, "no cap_drop: [ALL]: it keeps the engine's default capabilities");
}

static const char *key_of(const struct lc_compose_entry *entry)
{
	return lc_compose_key_name((enum lc_compose_key)entry->list);
}

/* An entry that is no capability. */
static void warn_unknown(const struct warner *warner, const struct lc_compose_entry *entry)
{
	_cleanup_free_ char *message = NULL;
	uint64_t mask;

	if (entry->variable) {
		say(warner, entry->line, "%s: what '%s' stands for is not known here", key_of(entry), entry->text);
		return;
	}
	if (lc_engine_read_capability(entry->text, &mask, &message) == 0 || !message)
		say(warner, entry->line, "%s: '%s' is no capability", key_of(entry), entry->text);
	else
		say(warner, entry->line, "%s: %s", key_of(entry), message);
}

/* An entry of cap_add that is more than what was recorded. */
static void warn_unneeded(const struct warner *warner, const struct lc_compose_entry *entry)
{
	if (!warner->recorded->n || entry->list != LC_COMPOSE_CAP_ADD)
		return;
	if (entry->all)
		say(warner, entry->line, "cap_add: ALL is not needed");
	else if (!(entry->mask & warner->recorded->wanted.cap_add))
		say(warner, entry->line, "cap_add: %s is not needed", entry->text);
}

/* A list whose value is not known, or is none. */
static void warn_list(const struct warner *warner, enum lc_compose_key key)
{
	const struct lc_compose_unknown *unknown = &warner->service->unknown[key];

	if (unknown->text)
		say(warner, unknown->line, "%s: what '%s' stands for is not known here", lc_compose_key_name(key),
			unknown->text);
}

static void warn_entries(const struct warner *warner)
{
	warn_list(warner, LC_COMPOSE_KEY_CAP_ADD);
	warn_list(warner, LC_COMPOSE_KEY_CAP_DROP);
	for (size_t i = 0; i < warner->service->n_entries; i++) {
		const struct lc_compose_entry *entry = &warner->service->entries[i];

		if (!entry->mask && !entry->all)
			warn_unknown(warner, entry);
		else if (entry->repeated)
			say(warner, entry->line, "%s has %s twice", key_of(entry), entry->text);
		else
			warn_unneeded(warner, entry);
	}
}

/* What Docker grants the service by the file as it is. */
static uint64_t granted(const struct lc_compose_service *service)
{
	const struct lc_engine_lists lists = {.add = service->cap_add,
		.drop = service->cap_drop,
		.add_all = service->add_all,
		.drop_all = service->drop_all};

	return lc_engine_granted(LC_ENGINE_DOCKER, service->privileged, &lists);
}

static void warn_missing(const struct warner *warner)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};
	uint64_t missing = warner->recorded->wanted.cap_add & ~granted(warner->service);
	size_t line = warner->service->list_line[LC_COMPOSE_CAP_ADD];

	lc_cap_add_names(&names, missing);
	if (names.length)
		say(warner, line ? line : warner->service->line, "cap_add lacks %s", names.text);
}

/* What the lists alone do not achieve. */
static void warn_limits(const struct warner *warner)
{
	void (*const limits[])(struct lc_strbuf *, const struct lc_target *) = {
		lc_report_add_user, lc_report_add_verify, lc_report_add_refusals};

	for (size_t i = 0; warner->recorded->target && i < sizeof(limits) / sizeof(limits[0]); i++) {
		_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};

		limits[i](&text, warner->recorded->target);
		if (text.text)
			say(warner, warner->service->line, "%s", text.text);
	}
}

void lc_compose_warn(const struct lc_compose *file, const struct lc_compose_service *service,
	const struct lc_compose_recorded *recorded, bool mended, const struct lc_log *log)
{
	bool lists = !mended || !recorded->n;
	const struct warner warner = {.file = file, .service = service, .recorded = recorded, .log = log};

	if (!recorded->n)
		say(&warner, service->line, "was not recorded: left as it is");
	warn_privileged(&warner);
	if (lists) {
		warn_drop(&warner);
		warn_entries(&warner);
	}
	if (lists && recorded->n)
		warn_missing(&warner);
	warn_limits(&warner);
	if (recorded->n && service->other_file && !lc_compose_fulfils(service, &recorded->wanted))
		say(&warner, service->line,
			"extends a service of %s, which is not read here: '!override' keeps its lists out",
			service->other_file);
}
