/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a call returned, in strace's look. */
#include "src/trace/decode.h"

#include <string.h>

#define LC_MAX_ERRNO 4095 /* include/linux/err.h */

/* What only a tracer sees: the kernel starts the call again (include/linux/errno.h, in no header that programs have). */
static const struct {
	int number;
	const char *text;
} restarts[] = {
	{512, "? ERESTARTSYS (To be restarted if SA_RESTART is set)"},
	{513, "? ERESTARTNOINTR (To be restarted)"},
	{514, "? ERESTARTNOHAND (To be restarted if no handler)"},
	{516, "? ERESTART_RESTARTBLOCK (Interrupted by signal)"},
};

static void put_error(struct lc_strbuf *out, int error)
{
	const char *name = strerrorname_np(error);
	const char *description = strerrordesc_np(error);

	for (size_t i = 0; i < sizeof(restarts) / sizeof(restarts[0]); i++) {
		if (restarts[i].number == error) {
			lc_strbuf_adds(out, restarts[i].text);
			return;
		}
	}
	lc_strbuf_adds(out, "-1 ");
	if (name && description) {
		lc_strbuf_adds(out, name);
		lc_strbuf_adds(out, " (");
		lc_strbuf_adds(out, description);
		lc_strbuf_adds(out, ")");
	} else {
		lc_strbuf_addf(out, "(errno %d)", error);
	}
}

void lc_trace_format_result(struct lc_strbuf *out, const struct lc_call_made *call, int64_t result)
{
	const struct lc_syscall *row = call && !call->compat ? lc_syscall_numbered(call->number) : NULL;
	struct lc_type type = {.kind = row ? row->result : LC_KIND_NONE};

	if (result < 0 && result >= -LC_MAX_ERRNO)
		put_error(out, (int)-result);
	else if (type.kind != LC_KIND_NONE)
		lc_put_value(out, call, &type, (uint64_t)result);
	else
		lc_put_signed(out, result);
}
