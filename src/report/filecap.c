/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The filecap report: setcap lines for the programs that used what is on the list, so that they can be run by a user other than root. */
#include "parts.h"

#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/escape.h>

#include <ctype.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>

/* Whoever has one of these can make himself root of all that is in the container, so that not being root would be a word. */
#define AS_GOOD_AS_ROOT                                                                                                \
	(LC_CAP_BIT(CAP_CHOWN) | LC_CAP_BIT(CAP_DAC_OVERRIDE) | LC_CAP_BIT(CAP_DAC_READ_SEARCH) |                      \
		LC_CAP_BIT(CAP_FOWNER) | LC_CAP_BIT(CAP_SETUID) | LC_CAP_BIT(CAP_SETGID) | LC_CAP_BIT(CAP_SETPCAP) |   \
		LC_CAP_BIT(CAP_SETFCAP) | LC_CAP_BIT(CAP_MKNOD) | LC_CAP_BIT(CAP_SYS_ADMIN) |                          \
		LC_CAP_BIT(CAP_SYS_MODULE) | LC_CAP_BIT(CAP_SYS_PTRACE) | LC_CAP_BIT(CAP_SYS_RAWIO))

/* How the names of programs begin that run whatever file they are given. */
static const char *const interpreters[] = {
	"python", "perl", "ruby", "node", "java", "php", "lua", "sh", "bash", "dash", "busybox"};

/* A program, and what it used. */
struct program {
	const char *path; /* the evidence's; hostile */
	uint64_t caps;
};

struct programs {
	struct program *list;
	size_t n;
	uint64_t known;   /* all that is known of which program used it */
	uint64_t carried; /* by files as they are */
};

static int add_program(struct programs *programs, const char *path, uint64_t caps)
{
	struct program *list;

	for (size_t i = 0; i < programs->n; i++) {
		if (!strcmp(programs->list[i].path, path)) {
			programs->list[i].caps |= caps;
			return 0;
		}
	}
	list = lc_array_grow(programs->list, programs->n, sizeof(*list));
	if (!list)
		return -ENOMEM;
	programs->list = list;
	list[programs->n++] = (struct program){.path = path, .caps = caps};
	return 0;
}

/* Finds which programs used what is on TARGET's list. A filter of system calls looks at the bounding set, which no file changes. 0 or -ENOMEM. */
static int find_programs(const struct lc_target *target, struct programs *programs)
{
	int r = 0;

	for (size_t i = 0; !r && i < target->n_evidence; i++) {
		const struct lc_check *check = &target->evidence[i];
		uint64_t bit = LC_CAP_BIT(check->cap) & target->cap_add;
		bool counts = check->class == LC_CLASS_REQUIRED || check->class == LC_CLASS_IMPLIED;

		if (!bit || !counts || check->verdict != LC_VERDICT_GRANTED || check->source == LC_SOURCE_FILTER)
			continue;
		if (check->source == LC_SOURCE_FILE) {
			programs->carried |= bit;
		} else if (check->exe) {
			programs->known |= bit;
			r = add_program(programs, check->exe, bit);
		}
	}
	return r;
}

/* Whether PATH can be written into one line, and is the whole name of a file. */
static bool is_writable(const char *path)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf shown = {0};

	lc_escape_terminal(&shown, path);
	return *path == '/' && !shown.failed && shown.text && !strcmp(shown.text, path);
}

static bool is_interpreter(const char *path)
{
	const char *name = strrchr(path, '/');

	for (size_t i = 0; name && i < sizeof(interpreters) / sizeof(interpreters[0]); i++) {
		size_t length = strlen(interpreters[i]);

		/* python3.11, but not nodeexporter */
		if (!strncmp(name + 1, interpreters[i], length) && !isalpha((unsigned char)name[1 + length]))
			return true;
	}
	return false;
}

/* "setcap cap_net_bind_service,cap_net_raw=ep" */
static void add_setcap(struct lc_strbuf *out, uint64_t caps)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf names = {0};

	lc_cap_add_list(&names, caps, "", ",", true);
	out->failed |= names.failed;
	for (char *c = names.text; c && *c; c++)
		*c = (char)tolower((unsigned char)*c);
	lc_strbuf_addf(out, "setcap %s=ep ", names.text ? names.text : "");
}

/* "# /usr/sbin/nginx: BEFORE CHOWN, SETUID AFTER" */
static void add_remark(struct lc_strbuf *out, const char *path, const char *before, uint64_t caps, const char *after)
{
	lc_strbuf_adds(out, "# ");
	lc_escape_comment(out, path);
	lc_strbuf_adds(out, before);
	lc_cap_add_names(out, caps);
	lc_strbuf_addf(out, "%s\n", after);
}

static void add_line(struct lc_strbuf *out, const struct program *program)
{
	uint64_t as_root = program->caps & AS_GOOD_AS_ROOT;
	uint64_t caps = program->caps & ~AS_GOOD_AS_ROOT;

	if (as_root)
		add_remark(out, program->path, ": not by its file: ", as_root,
			", by which whoever runs it is as good as root; leastcap harden looks for what makes them unnecessary");
	if (!caps)
		return;
	if (!is_writable(program->path)) {
		add_remark(out, program->path, ": its name can't be written here; it used ", caps, "");
		return;
	}
	if (is_interpreter(program->path))
		add_remark(out, program->path, " runs any script: whoever may start it has ", caps, "");
	add_setcap(out, caps);
	lc_escape_shell(out, program->path);
	lc_strbuf_adds(out, "\n");
}

/* What it takes besides: the bounding set holds back files' capabilities, and no_new_privs takes them away (capabilities(7)). */
static void add_rest(struct lc_strbuf *out, const struct lc_target *target, const struct programs *programs)
{
	uint64_t unknown = target->cap_add & ~programs->known & ~programs->carried;
	uint64_t by_file = programs->known & ~AS_GOOD_AS_ROOT;

	if (programs->carried) {
		lc_strbuf_adds(out, "# files carry already: ");
		lc_cap_add_names(out, programs->carried);
		lc_strbuf_adds(out, "\n");
	}
	if (unknown) {
		lc_strbuf_adds(out, "# which program needs them is not known: ");
		lc_cap_add_names(out, unknown);
		lc_strbuf_adds(out, "\n");
	}
	if (!target->cap_add) {
		lc_strbuf_adds(out, "# nothing: it can run as any user as it is\n");
	} else if (by_file && !(programs->known & AS_GOOD_AS_ROOT)) {
		lc_strbuf_adds(out, "# then as a user other than root, without no-new-privileges, with ");
		lc_report_add_options(out, by_file | programs->carried | unknown);
		lc_strbuf_adds(out, "\n");
	}
}

static int add_target(struct lc_strbuf *out, const struct lc_target *target)
{
	struct programs programs = {0};
	int r = find_programs(target, &programs);

	if (!r) {
		lc_report_add_heading(out, "", target);
		lc_report_add_comments_on(out, "", target, NULL);
		for (size_t i = 0; i < programs.n; i++)
			add_line(out, &programs.list[i]);
		add_rest(out, target, &programs);
	}
	free(programs.list);
	return r;
}

static int render(
	const struct lc_profile *profile, const struct lc_style *style __attribute__((unused)), struct lc_strbuf *out)
{
	int r = 0;

	lc_report_add_notices(out, profile);
	if (profile->n_targets)
		lc_strbuf_adds(out, "# in the image: RUN setcap … (libcap2-bin)\n");
	for (size_t i = 0; !r && i < profile->n_targets; i++) {
		if (!profile->targets[i].sandbox)
			r = add_target(out, &profile->targets[i]);
	}
	return out->failed ? -ENOMEM : r;
}

const struct lc_report_format lc_report_filecap = {
	.name = "filecap",
	.description = "setcap lines for programs that can do without root",
	.other_engine = true,
	.render = render,
};
