/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the kernel's sources call a function, told from the name that the compiler and the syscall macros left of it. */
#include "src/probe/symbol_name.h"

#include <stddef.h>
#include <string.h>

/* The prefixes of sys_NAME or compat_sys_NAME: include/linux/syscalls.h, and each architecture's syscall_wrapper.h. */
static const char *const layers[] = {
	"__x64_", "__ia32_", "__x32_", "__arm64_", "__riscv_", "__s390x_", "__s390_", "__se_", "__do_"};

/* The prefix that the name has in the sources. */
static const char body[] = "__do_";

static bool begins_with(const char *text, const char *beginning)
{
	return !strncmp(text, beginning, strlen(beginning));
}

/* How many bytes at the beginning of SYMBOL name a layer of a syscall; 0 when it is none. */
static size_t layer_length(const char *symbol)
{
	if (symbol[0] != '_' || symbol[1] != '_')
		return 0;
	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++) {
		size_t length;

		/* Nearly all that begins with two underscores is told by the third character. */
		if (symbol[2] != layers[i][2] || !begins_with(symbol, layers[i]))
			continue;
		length = strlen(layers[i]);
		if (begins_with(symbol + length, "sys_") || begins_with(symbol + length, "compat_sys_"))
			return length;
	}
	return 0;
}

bool lc_symbol_name_parse(struct lc_symbol_name *name, const char *text)
{
	/* No name in C has a dot or a dollar sign, and every compiler begins with one of them what it appends. */
	size_t length = strcspn(text, ".$\t\n ");
	size_t layer = layer_length(text);
	size_t prefix = layer ? strlen(body) : 0;

	if (!length || prefix + length - layer >= sizeof(name->text))
		return false;
	memcpy(name->text, body, prefix);
	memcpy(name->text + prefix, text + layer, length - layer);
	name->text[prefix + length - layer] = '\0';
	name->cold = text[length] == '.' && strstr(text + length, ".cold");
	return true;
}
