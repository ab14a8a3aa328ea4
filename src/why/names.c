/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names an address by symbols and debug information, and keeps the names, because the same callers come again and again. */
#include "src/why/names.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <stdlib.h>
#include <string.h>

/* How many compilation units are searched where there is no table of their addresses. */
#define UNITS_MAX 20000

void lc_why_names_free(void *pointer)
{
	struct lc_why_names *names = pointer;

	lc_stack_clear(&names->functions);
	free(names);
}

/* The unit with ADDRESS; *BIAS is what libdwfl adds to the addresses of the debug information. NULL: none. Clang makes no table of units. */
static Dwarf_Die *find_unit(Dwfl_Module *module, uint64_t address, Dwarf_Addr *bias)
{
	Dwarf_Die *unit = dwfl_module_addrdie(module, address, bias);
	int i;

	if (unit)
		return unit;
	for (i = 0; i < UNITS_MAX; i++) {
		unit = dwfl_module_nextcu(module, unit, bias);
		if (!unit || dwarf_haspc(unit, address - *bias) > 0)
			return unit;
	}
	return NULL;
}

/* The name that the linker has for the function DIE, else that of its source. */
static const char *function_name(Dwarf_Die *die)
{
	Dwarf_Attribute memory, *attribute = dwarf_attr_integrate(die, DW_AT_linkage_name, &memory);

	if (!attribute)
		attribute = dwarf_attr_integrate(die, DW_AT_MIPS_linkage_name, &memory);
	if (!attribute)
		attribute = dwarf_attr_integrate(die, DW_AT_name, &memory);
	return attribute ? dwarf_formstring(attribute) : NULL;
}

static int set_text(char **text, const char *value)
{
	if (!value || !*value)
		return 0;
	*text = strdup(value);
	return *text ? 0 : -1;
}

/* Where in the source a program is. */
struct line {
	const char *file;
	int number;
};

static struct line find_line(Dwarf_Die *unit, uint64_t address)
{
	Dwarf_Line *line = dwarf_getsrc_die(unit, address);
	struct line found = {0};

	if (line && dwarf_lineno(line, &found.number) == 0)
		found.file = dwarf_linesrc(line, NULL, NULL);
	return found;
}

/* Where the function that was inlined as DIE was called. */
static struct line find_call(Dwarf_Die *unit, Dwarf_Die *die)
{
	Dwarf_Attribute memory;
	Dwarf_Word file, number;
	struct line found = {0};
	Dwarf_Files *files;
	size_t n;

	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_line, &memory), &number) || number > INT32_MAX)
		return found;
	found.number = (int)number;
	if (dwarf_formudata(dwarf_attr(die, DW_AT_call_file, &memory), &file) == 0 &&
		dwarf_getsrcfiles(unit, &files, &n) == 0 && file < n)
		found.file = dwarf_filesrc(files, file, NULL, NULL);
	return found;
}

static int add(struct lc_why_names *names, const char *function, const struct line *line, bool inlined)
{
	struct lc_frame *frame = lc_stack_add(&names->functions);

	if (!frame)
		return -1;
	frame->inlined = inlined;
	frame->line = line->file && line->number > 0 ? (uint32_t)line->number : 0;
	if (set_text(&frame->function, function) || set_text(&frame->file, line->file))
		return -1;
	/* The linker adds a symbol's version: bind@@GLIBC_2.2.5. */
	if (frame->function && frame->function[0] != '@')
		frame->function[strcspn(frame->function, "@")] = '\0';
	return 0;
}

/*
 * Adds the functions inlined at ADDRESS, which is at *LINE. *LINE becomes where the outermost of them was called, and *OUTER the name of the
 * function that they are in, where the debug information has it. 0, or -1 when out of memory.
 */
static int add_inlined(
	struct lc_why_names *names, Dwarf_Die *unit, uint64_t address, struct line *line, const char **outer)
{
	Dwarf_Die *scopes = NULL, *concrete = NULL;
	int n = dwarf_getscopes(unit, address, &scopes);
	int i, ret = 0;

	/* Outside of an inlined function dwarf_getscopes has the scopes that it was written in, dwarf_getscopes_die those that it was inlined into. */
	n = n > 0 ? dwarf_getscopes_die(&scopes[0], &concrete) : 0;
	for (i = 0; ret == 0 && i < n && names->functions.n < LC_STACK_DEPTH / 2; i++) {
		int tag = dwarf_tag(&concrete[i]);

		if (tag == DW_TAG_subprogram) {
			*outer = function_name(&concrete[i]);
			break;
		}
		if (tag == DW_TAG_inlined_subroutine) {
			ret = add(names, function_name(&concrete[i]), line, true);
			*line = find_call(unit, &concrete[i]);
		}
	}
	free(concrete);
	free(scopes);
	return ret;
}

static int name_address(struct lc_why_names *names, struct lc_why_image *image, uint64_t address)
{
	const char *outer = NULL, *symbol;
	struct line line = {0};
	struct lc_frame *last;
	Dwarf_Addr bias = 0;
	GElf_Off offset = 0;
	GElf_Sym entry;
	Dwarf_Die *unit;

	unit = find_unit(image->module, address, &bias);
	if (unit) {
		line = find_line(unit, address - bias);
		if (add_inlined(names, unit, address - bias, &line, &outer))
			return -1;
	}
	symbol = dwfl_module_addrinfo(image->module, address, &offset, &entry, NULL, NULL, NULL);
	if (symbol && !*symbol)
		symbol = NULL;
	if (add(names, symbol ? symbol : outer, &line, false))
		return -1;
	last = &names->functions.frames[names->functions.n - 1];
	names->symbol = symbol != NULL;
	last->offset = symbol ? offset : address - image->bias;
	return 0;
}

const struct lc_why_names *lc_why_names_find(struct lc_why_images *images, struct lc_why_image *image, uint64_t address)
{
	struct lc_why_names *names = lc_table_get(images->places, &address);

	if (names)
		return names;
	names = calloc(1, sizeof(*names));
	if (!names)
		return NULL;
	if (name_address(names, image, address) || lc_table_put(images->places, &address, names)) {
		lc_why_names_free(names);
		return NULL;
	}
	return names;
}
