/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Kernel symbols, read from /proc/kallsyms in one pass when they are needed and not kept. */
#include "src/probe/kallsyms.h"

#include "bpf/record.h"
#include "src/probe/inlined.h"
#include "src/probe/symbol_name.h"

#include <leastcap/cleanup.h>

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

/*
 * Functions that pass a capability question on, perhaps after others that were not enough, and leave to their callers what the
 * answer means. The call site is whoever called them (kernel/capability.c, kernel/ptrace.c, security/security.c, fs/inode.c,
 * fs/namespace.c, fs/super.c, net/core/sock.c, net/netlink/af_netlink.c, kernel/bpf/token.c).
 */
static const struct {
	const char *name;
	bool noaudit;
} wrapper_names[] = {
	{"security_capable", false},
	{"capable", false},
	{"capable_noaudit", true},
	{"ns_capable", false},
	{"ns_capable_common", false},
	{"ns_capable_noaudit", true},
	{"ns_capable_setid", false},
	{"has_capability", false},
	{"has_capability_noaudit", true},
	{"has_ns_capability", false},
	{"has_ns_capability_noaudit", true},
	{"file_ns_capable", false},
	{"capable_wrt_inode_uidgid", false},
	{"inode_owner_or_capable", false},
	{"in_group_or_capable", false},
	{"may_mount", false},
	{"mount_capable", false},
	{"kallsyms_show_value", true},
	{"ptracer_capable", true},
	{"ptrace_has_cap", false},
	{"ptrace_may_access", false},
	{"__ptrace_may_access", false},
	{"cap_ptrace_access_check", false},
	{"security_ptrace_access_check", false},
	{"sk_capable", false},
	{"sk_ns_capable", false},
	{"sk_net_capable", false},
	{"sockopt_capable", false},
	{"sockopt_ns_capable", false},
	{"netlink_capable", false},
	{"netlink_ns_capable", false},
	{"__netlink_ns_capable", false},
	{"netlink_net_capable", false},
	{"bpf_token_capable", false},
	{"bpf_ns_capable", false},
	{"checkpoint_restore_ns_capable", false},
	{"cap_capable_helper", false},
};

/* One line: "ffffffff81000000 T name [module]". */
struct line {
	uint64_t address;
	char type;
	struct lc_symbol_name name;
};

/* Parses by hand, because sscanf takes five times as long for 120,000 lines, and we attach in 300 ms. */
static bool parse_line(const char *text, struct line *line)
{
	char *end;

	line->address = strtoull(text, &end, 16);
	if (end == text || *end != ' ' || !end[1] || end[2] != ' ')
		return false;
	line->type = end[1];
	if (!lc_symbol_name_parse(&line->name, end + 3))
		return false;
	return tolower((unsigned char)line->type) == 't' || tolower((unsigned char)line->type) == 'w' ||
	       !strcmp(line->name.text, "_etext"); /* whose type is the next section's on some architectures */
}

/*
 * The range that the function of LINE fills, a wrapper's or one of the others'; NULL for any other function. There is room for both
 * parts of a wrapper. The others are found by their main part alone.
 */
static struct lc_text_range *range_for(struct lc_wrappers *wrappers, const struct line *line)
{
	const char *name = line->name.text;

	if (!strcmp(name, "cap_capable"))
		return line->name.cold ? NULL : &wrappers->cap_capable;
	if (!strcmp(name, "cap_vm_enough_memory"))
		return line->name.cold ? NULL : &wrappers->overcommit[0];
	if (!strcmp(name, "security_vm_enough_memory_mm"))
		return line->name.cold ? NULL : &wrappers->overcommit[1];
	for (size_t i = 0; i < LC_INLININGS; i++) {
		if (!strcmp(name, lc_inlined_programs[i].function))
			return line->name.cold ? NULL : &wrappers->callers[i];
	}
	for (size_t i = 0; i < sizeof(wrapper_names) / sizeof(wrapper_names[0]); i++) {
		if (strcmp(name, wrapper_names[i].name) != 0 || wrappers->n == LC_WRAPPERS)
			continue;
		wrappers->noaudit[wrappers->n] = wrapper_names[i].noaudit;
		return &wrappers->ranges[wrappers->n++];
	}
	return NULL;
}

int lc_kallsyms_wrappers(struct lc_wrappers *wrappers)
{
	_cleanup_file_ FILE *file = fopen("/proc/kallsyms", "re");
	_cleanup_free_ char *text = NULL;
	struct lc_wrappers found = {0};
	struct lc_text_range *range = NULL;
	struct line line;
	size_t size = 0;

	if (!file)
		return -errno;
	while (getline(&text, &size, file) > 0) {
		if (!parse_line(text, &line) || !line.address)
			continue;
		if (!strcmp(line.name.text, "_stext"))
			found.kernel.start = line.address;
		if (!strcmp(line.name.text, "_etext"))
			found.kernel.end = line.address;
		/* The kernel's own symbols are sorted, so that a function ends where the next one begins. */
		if (range && line.address > range->start)
			range->end = line.address;
		if (!range || range->end > range->start)
			range = range_for(&found, &line);
		if (range && !range->start)
			range->start = range->end = line.address;
		else if (range && range->end > range->start)
			range = NULL;
		/* All functions have been read. Half of the file is left: data and modules. */
		if (found.kernel.end && line.address > found.kernel.end)
			break;
	}
	if (!found.cap_capable.start)
		return -EPERM;
	*wrappers = found;
	return 0;
}

int lc_kallsyms_each(int (*visit)(void *context, const char *name, uint64_t address), void *context)
{
	_cleanup_file_ FILE *file = fopen("/proc/kallsyms", "re");
	_cleanup_free_ char *text = NULL;
	struct line line;
	size_t size = 0;
	int r = 0;

	if (!file)
		return -errno;
	while (!r && getline(&text, &size, file) > 0) {
		if (parse_line(text, &line) && line.address)
			r = visit(context, line.name.text, line.address);
	}
	return r;
}

static int by_address(const void *a, const void *b)
{
	uint64_t left = ((const struct lc_symbol *)a)->address, right = ((const struct lc_symbol *)b)->address;

	return left < right ? -1 : left > right;
}

/* The first of SYMBOLS whose address lies behind START; N when there is none. */
static size_t first_behind(const struct lc_symbol *symbols, size_t n, uint64_t start)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols[middle].address > start)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* The addresses that are being named. */
struct resolution {
	struct lc_symbol *symbols;
	size_t n;
};

/* Names the first symbol behind ADDRESS, where NAME begins, unless a function begins between the two. */
static int name_symbol(void *context, const char *name, uint64_t address)
{
	const struct resolution *resolution = context;
	size_t i = first_behind(resolution->symbols, resolution->n, address);
	struct lc_symbol *symbol = &resolution->symbols[i];

	if (i == resolution->n || symbol->start >= address)
		return 0;
	free(symbol->name);
	symbol->start = address;
	symbol->name = strdup(name);
	return symbol->name ? 0 : -ENOMEM;
}

int lc_kallsyms_resolve(struct lc_symbol *symbols, size_t n)
{
	struct resolution resolution = {symbols, n};
	int r;

	if (!n)
		return 0;
	qsort(symbols, n, sizeof(*symbols), by_address);
	r = lc_kallsyms_each(name_symbol, &resolution);
	if (r)
		return r;
	/* Of several addresses in one function only the lowest has been named. */
	for (size_t i = 1; i < n; i++) {
		if (symbols[i].start >= symbols[i - 1].start || !symbols[i - 1].name)
			continue;
		free(symbols[i].name);
		symbols[i].start = symbols[i - 1].start;
		symbols[i].name = strdup(symbols[i - 1].name);
		if (!symbols[i].name)
			return -ENOMEM;
	}
	return 0;
}
