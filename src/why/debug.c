/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the separate debug files of an image through the request's callback. */
#include "src/why/debug.h"

#include "src/why/images.h"

#include <elfutils/libdwelf.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

/* Whether FD is an ELF file with BUILD_ID of LENGTH bytes. */
static bool has_build_id(int fd, const void *build_id, size_t length)
{
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP_PRIVATE, NULL);
	const void *found = NULL;
	ssize_t n = elf && elf_kind(elf) == ELF_K_ELF ? dwelf_elf_gnu_build_id(elf, &found) : -1;
	bool same = found && n == (ssize_t)length && memcmp(found, build_id, length) == 0;

	elf_end(elf);
	return same;
}

/* Whether the checksum that .gnu_debuglink has of its file, zlib's, is WANTED. */
static bool has_checksum(int fd, uint32_t wanted)
{
	unsigned char buffer[16384];
	uLong crc = crc32(0, NULL, 0);
	off_t at = 0;
	ssize_t n;

	while ((n = pread(fd, buffer, sizeof(buffer), at)) > 0) {
		crc = crc32(crc, buffer, (uInt)n);
		at += n;
	}
	return n == 0 && crc == wanted;
}

/* The build id to look for: the module's own, or that of the ALTERNATE file to which the module's debug information refers (dwz). */
static size_t wanted_id(Dwfl_Module *module, bool alternate, const unsigned char **id)
{
	Dwarf_Addr bias;
	GElf_Addr address;
	const char *name;
	ssize_t length;

	if (alternate)
		length = dwelf_dwarf_gnu_debugaltlink(dwfl_module_getdwarf(module, &bias), &name, (const void **)id);
	else
		length = dwfl_module_build_id(module, id, &address);
	return length > 0 ? (size_t)length : 0;
}

static int ask(struct lc_why_image *image, const struct lc_why_debug_wanted *wanted, GElf_Word crc)
{
	const struct lc_why_request *request = image->images->request;
	struct stat status;
	bool belongs;
	int fd;

	fd = request->find_debug(request->context, wanted);
	if (fd < 0)
		return -1;
	belongs = wanted->length ? has_build_id(fd, wanted->build_id, wanted->length) : has_checksum(fd, crc);
	if (!belongs || fstat(fd, &status) < 0) {
		close(fd);
		return -1;
	}
	image->bytes += (uint64_t)status.st_size;
	return fd;
}

int lc_why_debug_find(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base, const char *file,
	const char *link, GElf_Word crc, char **debug_file)
{
	struct lc_why_image *image = *user;
	struct lc_why_debug_wanted wanted = {.name = link};
	bool alternate;
	int fd = -1;

	(void)name, (void)base, (void)file, (void)debug_file;
	/* While we ask libdwfl for the alternate's build id, libdwfl may call us again. */
	if (!image || image->code < 0 || image->debug == DEBUG_ASKING || !image->images->request->find_debug)
		return -1;
	alternate = image->debug == DEBUG_FOUND && link && crc == 0;
	if (image->debug != DEBUG_UNKNOWN && !alternate)
		return -1;
	image->debug = DEBUG_ASKING;
	wanted.mapping = image->mapping;
	wanted.length = wanted_id(module, alternate, &wanted.build_id);
	if (wanted.length || link)
		fd = ask(image, &wanted, crc);
	image->debug = alternate || fd < 0 ? DEBUG_NONE : DEBUG_FOUND;
	return fd;
}
