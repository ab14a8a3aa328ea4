/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds calls in the table, and tells what follows from a row. */
#include "src/syscalls/rows.h"

#include <leastcap/suggest.h>

#include <string.h>
#include <unistd.h>

static const struct lc_syscalls *const files[] = {&lc_files_syscalls, &lc_paths_syscalls, &lc_mounts_syscalls,
	&lc_credentials_syscalls, &lc_processes_syscalls, &lc_memory_syscalls, &lc_sockets_syscalls,
	&lc_system_syscalls, &lc_compat_syscalls};

const struct lc_syscall *lc_syscall_next(size_t *cursor)
{
	size_t place = *cursor;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (place < files[i]->n) {
			(*cursor)++;
			return &files[i]->rows[place];
		}
		place -= files[i]->n;
	}
	return NULL;
}

const struct lc_syscall *lc_syscall_numbered(int number)
{
	for (size_t i = 0; number >= 0 && i < sizeof(files) / sizeof(files[0]); i++) {
		for (size_t row = 0; row < files[i]->n; row++) {
			if (files[i]->rows[row].number == number)
				return &files[i]->rows[row];
		}
	}
	return NULL;
}

const struct lc_syscall *lc_syscall_named(const char *name)
{
	const struct lc_syscall *call;
	size_t cursor = 0;

	while (name && (call = lc_syscall_next(&cursor))) {
		if (!strcmp(call->name, name))
			return call;
	}
	return NULL;
}

const char *lc_syscall_suggest(const char *name)
{
	const struct lc_syscall *call;
	const char *near = NULL;
	size_t cursor = 0;

	while ((call = lc_syscall_next(&cursor))) {
		const char *words[] = {call->name, near};

		near = lc_suggest(name, words, near ? 2 : 1);
	}
	return near;
}

/* Whether a call is about an argument of TYPE, unless the row of the call names another. */
static bool is_subject(const struct lc_type *type)
{
	switch ((enum lc_kind)type->kind) {
	case LC_KIND_PATH:
	case LC_KIND_FILE:
	case LC_KIND_SOCKADDR:
	case LC_KIND_MESSAGES:
	case LC_KIND_PID:
	case LC_KIND_UID:
	case LC_KIND_GID:
		return true;
	default:
		return type->layout == &lc_msghdr_layout;
	}
}

int lc_syscall_subject(const struct lc_syscall *call)
{
	if (call && call->about)
		return call->about - 1;
	for (int i = 0; call && i < call->n; i++) {
		if (is_subject(&call->arguments[i]))
			return i;
	}
	return -1;
}

/* The enum lc_kind of what CALL is about. */
static enum lc_kind subject_kind(const struct lc_syscall *call)
{
	int subject = lc_syscall_subject(call);

	return subject < 0 ? LC_KIND_NONE : call->arguments[subject].kind;
}

bool lc_syscall_is_about_file(const struct lc_syscall *call)
{
	enum lc_kind kind = subject_kind(call);

	return kind == LC_KIND_PATH || kind == LC_KIND_FILE || kind == LC_KIND_DIRFD;
}

/* The argument of CALL, which is about a path, that is made of CONSTANTS; -1 when there is none. */
static int find_flags(const struct lc_syscall *call, const struct lc_constants *constants)
{
	for (int i = 0; subject_kind(call) == LC_KIND_PATH && i < call->n; i++) {
		if (call->arguments[i].constants == constants)
			return i;
	}
	return -1;
}

/* Where CALL has the flags of open(2), or the structure with them; -1 when it has none. */
static int find_open_flags(const struct lc_syscall *call)
{
	int flags = find_flags(call, &lc_open_flags);

	for (int i = 0; call && flags < 0 && i < call->n; i++) {
		if (call->arguments[i].layout == &lc_open_how_layout)
			flags = i;
	}
	return flags;
}

/* The access that open(2) wants by its FLAGS. */
static enum lc_access access_of_flags(uint64_t flags)
{
	return (flags & O_ACCMODE) != O_RDONLY || flags & (O_CREAT | O_TRUNC) ? LC_ACCESS_WRITE : LC_ACCESS_READ;
}

/* The access that access(2) asks about by its MODE. */
static enum lc_access access_of_mode(uint64_t mode)
{
	if (mode & W_OK)
		return LC_ACCESS_WRITE;
	if (mode & X_OK)
		return LC_ACCESS_EXECUTE;
	return mode & R_OK ? LC_ACCESS_READ : LC_ACCESS_SEARCH;
}

enum lc_access lc_syscall_access(const struct lc_syscall *call, const uint64_t arguments[LC_CALL_ARGUMENTS])
{
	int flags = find_open_flags(call);
	int mode = find_flags(call, &lc_access_modes);

	if (flags >= 0)
		return access_of_flags(arguments[flags]);
	if (mode >= 0)
		return access_of_mode(arguments[mode]);
	return call ? call->access : LC_ACCESS_SEARCH;
}

bool lc_syscall_follows(const struct lc_syscall *call, const uint64_t arguments[LC_CALL_ARGUMENTS])
{
	int flags = find_flags(call, &lc_at_flags);

	if (flags >= 0 && arguments[flags] & AT_SYMLINK_NOFOLLOW)
		return false;
	return !call || !call->keeps_links;
}

size_t lc_type_size(const struct lc_type *type)
{
	return type->kind == LC_KIND_STRUCT ? type->layout->size : type->bytes;
}

/* What of TYPE, which stands at ARGUMENT, is taken along; LC_PIECE_NONE where that is nothing. */
static struct lc_piece_shape shape_of(const struct lc_type *type, size_t argument)
{
	struct lc_piece_shape shape = {
		.kind = LC_PIECE_BYTES, .argument = (uint8_t)argument, .size = (uint8_t)lc_type_size(type)};

	if (type->kind < LC_KIND_STRING)
		return (struct lc_piece_shape){0};
	if (type->kind == LC_KIND_STRING || type->kind == LC_KIND_PATH)
		return (struct lc_piece_shape){.kind = LC_PIECE_STRING, .argument = (uint8_t)argument};
	if (type->size) {
		shape.kind = LC_PIECE_BUFFER;
		shape.size = type->size - 1;
		shape.unit = type->unit ? type->unit : 1;
	}
	return shape;
}

struct lc_capture lc_syscall_capture(int number)
{
	const struct lc_syscall *call = lc_syscall_numbered(number);
	struct lc_capture capture = {0};
	size_t n = 0;

	for (size_t i = 0; call && i < call->n && n < LC_TRACE_PIECES; i++) {
		capture.pieces[n] = shape_of(&call->arguments[i], i);
		if (capture.pieces[n].kind != LC_PIECE_NONE)
			n++;
	}
	return capture;
}
