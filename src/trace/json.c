/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One traced check or refused call as an object on a line of JSON. */
#include "src/trace/decode.h"
#include "src/trace/line.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/clock.h>
#include <leastcap/json.h>

#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define LC_DURATION_DIGITS 9 /* more of a second than a clock tells */

/* Sets KEY to NUMBER. */
static int set_number(json_t *object, const char *key, int64_t number)
{
	return json_object_set_new_nocheck(object, key, json_integer(number));
}

/* Sets the time, NS since 1970: RFC 3339, UTC, to the nanosecond. */
static int set_time(json_t *object, int64_t ns)
{
	time_t seconds = ns / LC_NS_PER_S;
	struct tm utc = {0};
	char text[64];
	size_t length;

	gmtime_r(&seconds, &utc);
	length = strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text + length, sizeof(text) - length, ".%09dZ", (int)(ns % LC_NS_PER_S));
	return lc_json_set_text(object, "time", text);
}

/* The arguments as the text form shows them. Escaped as they are there, they are plain ASCII. */
static json_t *arguments_of(const struct lc_call_made *call)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	struct lc_shown shown[LC_CALL_ARGUMENTS];
	size_t n = lc_call_shown(call, shown);
	json_t *array = json_array();

	for (size_t i = 0; array && i < n; i++) {
		text.length = 0;
		lc_put_argument(&text, call, &shown[i]);
		if (text.failed || json_array_append_new(array, json_stringn_nocheck(text.text, text.length))) {
			json_decref(array);
			array = NULL;
		}
	}
	return array;
}

static int set_call(json_t *object, const struct lc_traced *traced)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf name = {0};
	const struct lc_call_made *call = traced->call;

	if (!call || call->number < 0)
		return 0;
	lc_put_call_name(&name, call);
	return lc_json_set_text(object, "syscall", name.text) ||
	       json_object_set_new_nocheck(object, "args", arguments_of(call));
}

static int set_outcome(json_t *object, const struct lc_traced *traced)
{
	int failed = 0;

	if (!traced->returned || !traced->call || traced->call->number < 0)
		return 0;
	failed |= set_number(object, "result", traced->result);
	if (traced->result < 0 && traced->result > INT16_MIN)
		failed |= lc_json_set_text(object, "error", strerrorname_np((int)-traced->result));
	if (traced->began_ns && traced->ended_ns >= traced->began_ns)
		failed |= json_object_set_new_nocheck(object, "duration",
			json_real((double)(traced->ended_ns - traced->began_ns) / (double)LC_NS_PER_S));
	return failed;
}

static json_t *frame_of(const struct lc_frame *frame)
{
	json_t *object = json_object();
	int failed = !object;

	failed = failed || lc_json_set_text(object, "module", frame->module ? frame->module : "[kernel]") ||
		 lc_json_set_text(object, "function", frame->function) ||
		 set_number(object, "offset", (int64_t)frame->offset) || lc_json_set_text(object, "file", frame->file);
	if (!failed && frame->line)
		failed = set_number(object, "line", frame->line);
	if (!failed && frame->inlined)
		failed = json_object_set_new_nocheck(object, "inlined", json_true());
	if (!failed)
		return object;
	json_decref(object);
	return NULL;
}

static int set_stack(json_t *object, const struct lc_stack *stack)
{
	json_t *frames;
	int failed;

	if (!stack)
		return 0;
	frames = json_array();
	failed = json_object_set_new_nocheck(object, "stack", frames);
	for (size_t i = 0; !failed && i < stack->n; i++)
		failed = json_array_append_new(frames, frame_of(&stack->frames[i]));
	if (!failed && stack->cut)
		failed = json_object_set_new_nocheck(object, "stack_cut", json_true());
	return failed;
}

static int set_check(json_t *object, const struct lc_check *check)
{
	char cap[LC_CAP_NAME_SIZE];

	return lc_json_set_text(object, "cap", lc_cap_name(check->cap, cap)) ||
	       lc_json_set_text(object, "verdict", lc_verdict_name(check->verdict)) ||
	       lc_json_set_text(object, "class", lc_class_name(check->class)) ||
	       lc_json_set_text(object, "caller", check->caller);
}

/* Sets the file that a call was about, where it is known. */
static int set_object(json_t *line, const struct lc_object *file)
{
	json_t *object;
	char mode[8];
	int failed;

	if (!file->path)
		return 0;
	object = json_object();
	failed = lc_json_set(line, "object", object) || lc_json_set_text(object, "path", file->path) ||
		 lc_json_set_text(object, "owner", file->owner);
	if (failed || !(file->mode & S_IFMT))
		return failed;
	snprintf(mode, sizeof(mode), "%04o", file->mode & 07777);
	return lc_json_set_text(object, "mode", mode);
}

static int set_failure(json_t *object, const struct lc_failure *failure)
{
	return lc_json_set_text(object, "cause", lc_cause_name(failure->cause)) ||
	       lc_json_set(object, "caps", lc_json_capabilities(failure->caps, false)) ||
	       lc_json_set_text(object, "filter", lc_filter_answer_name(failure->filter)) ||
	       lc_json_set(object, "expected", json_boolean(failure->expected)) ||
	       lc_json_set_text(object, "why", failure->why) || lc_json_set_text(object, "help", failure->help) ||
	       set_object(object, &failure->object);
}

static int set_all(json_t *object, const struct lc_traced *traced)
{
	const struct lc_check *check = traced->check;

	return set_time(object, traced->time_ns) || set_number(object, "pid", traced->pid) ||
	       set_number(object, "tgid", traced->tgid) || lc_json_set_text(object, "target", traced->target) ||
	       lc_json_set_text(object, "comm", check ? check->comm : traced->failure->comm) ||
	       lc_json_set_text(object, "exe", check ? check->exe : traced->failure->exe) || set_call(object, traced) ||
	       (check ? set_check(object, check) : set_failure(object, traced->failure)) ||
	       set_outcome(object, traced) || set_stack(object, traced->stack);
}

static int append(const char *text, size_t length, void *out)
{
	lc_strbuf_add(out, text, length);
	return 0;
}

void lc_trace_json(struct lc_strbuf *out, const struct lc_traced *traced)
{
	_cleanup_json_ json_t *object = json_object();

	if (!object || set_all(object, traced) ||
		json_dump_callback(object, append, out, JSON_COMPACT | JSON_REAL_PRECISION(LC_DURATION_DIGITS))) {
		out->failed = true;
		return;
	}
	lc_strbuf_add(out, "\n", 1);
}
