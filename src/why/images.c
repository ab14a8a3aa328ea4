/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Keeps parsed ELF files and moves a process's addresses to where they lie among them. */
#include "src/why/images.h"

#include "src/why/debug.h"
#include "src/why/machine.h"
#include "src/why/names.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Our own space begins where no process has anything: the hole between the halves of a 64-bit address space. */
#define SPACE 0x1000000000000000ULL

/* A file with addresses above that is not a program. */
#define ADDRESS_MAX (1ULL << 47)

#define IMAGES_MAX   128
#define SEGMENTS_MAX 64
#define NAMES_MAX    20000

/* With so much gathered images are dropped before the next request, until so much is left. One request may need as many as there is room for. */
#define IMAGES_FULL 64
#define IMAGES_LEFT 32
#define BYTES_FULL  (192ULL << 20)
#define BYTES_LEFT  (96ULL << 20)

/* How far files lie apart. No segment has a larger alignment. */
#define APART (1ULL << 30)

/* libdwfl's callback, whose parameters libdwfl prescribes. */
static int find_elf(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base, char **file, Elf **elf)
{
	struct lc_why_image *image = *user;
	int fd;

	(void)module, (void)name, (void)base, (void)file;
	if (!image)
		return -1;
	*elf = image->elf;
	fd = image->fd;
	image->elf = NULL;
	image->fd = -1;
	return fd;
}

static const Dwfl_Callbacks callbacks = {
	.find_elf = find_elf,
	.find_debuginfo = lc_why_debug_find,
};

static void image_free(struct lc_why_image *image)
{
	if (!image)
		return;
	elf_end(image->elf);
	if (image->fd >= 0)
		close(image->fd);
	if (image->code >= 0)
		close(image->code);
	free(image->segments);
	free(image);
}

void lc_why_images_free(struct lc_why_images *images)
{
	size_t i;

	if (!images)
		return;
	if (images->dwfl)
		dwfl_end(images->dwfl);
	elf_end(images->machine);
	for (i = 0; i < images->n; i++)
		image_free(images->list[i]);
	free(images->list);
	lc_table_free(images->places, lc_why_names_free);
	lc_table_free(images->files, NULL);
	free(images->by_mapping);
	free(images);
}

int lc_why_images_new(struct lc_why_images **out, const Dwfl_Thread_Callbacks *walk_callbacks)
{
	struct lc_why_images *images = calloc(1, sizeof(*images));

	if (!images)
		return -ENOMEM;
	elf_version(EV_CURRENT);
	images->list = calloc(IMAGES_MAX, sizeof(struct lc_why_image *));
	images->places = lc_table_new(sizeof(uint64_t));
	images->files = lc_table_new(sizeof(struct lc_why_mapped_file));
	images->machine = elf_memory(lc_why_machine_header(), sizeof(Elf64_Ehdr));
	images->dwfl = dwfl_begin(&callbacks);
	if (!images->list || !images->places || !images->files || !images->dwfl || !images->machine ||
		!dwfl_attach_state(images->dwfl, images->machine, 1, walk_callbacks, images)) {
		lc_why_images_free(images);
		return -ENOMEM;
	}
	*out = images;
	return 0;
}

/* The image that was used last comes first. */
static int by_use(const void *a, const void *b)
{
	uint64_t left = (*(struct lc_why_image *const *)a)->used, right = (*(struct lc_why_image *const *)b)->used;

	return left > right ? -1 : left < right;
}

/* How many of the images, from the one used last on, are to stay: all while there is room. */
static size_t count_kept(const struct lc_why_images *images)
{
	uint64_t bytes = 0;
	size_t n = 0;

	for (size_t i = 0; i < images->n; i++)
		bytes += images->list[i]->bytes;
	if (images->n < IMAGES_FULL && bytes <= BYTES_FULL)
		return images->n;
	for (bytes = 0; n < images->n && n < IMAGES_LEFT; n++) {
		bytes += images->list[n]->bytes;
		if (bytes > BYTES_LEFT)
			break;
	}
	return n;
}

/* Reports IMAGE to libdwfl where it lies, for the first time or again. */
static Dwfl_Module *report_module(struct lc_why_images *images, const struct lc_why_image *image)
{
	char name[24];

	snprintf(name, sizeof(name), "%" PRIx64, image->base);
	return dwfl_report_module(images->dwfl, name, image->base, image->base + image->size);
}

/* Forgets what is known by the addresses and files of images that go. */
static int forget_names(struct lc_why_images *images)
{
	lc_table_free(images->places, lc_why_names_free);
	images->places = lc_table_new(sizeof(uint64_t));
	lc_table_free(images->files, NULL);
	images->files = lc_table_new(sizeof(struct lc_why_mapped_file));
	return images->places && images->files ? 0 : -ENOMEM;
}

/* Where the images are too many or too large, drops those that were used longest ago. */
static int make_room(struct lc_why_images *images)
{
	size_t kept;

	qsort(images->list, images->n, sizeof(struct lc_why_image *), by_use);
	kept = count_kept(images);
	if (kept == images->n)
		return lc_table_size(images->places) > NAMES_MAX ? forget_names(images) : 0;
	/* libdwfl drops what is not reported again. */
	dwfl_report_begin(images->dwfl);
	for (size_t i = 0; i < kept; i++) {
		if (report_module(images, images->list[i]) != images->list[i]->module)
			return -ENOMEM;
	}
	if (dwfl_report_end(images->dwfl, NULL, NULL))
		return -ENOMEM;
	while (images->n > kept)
		image_free(images->list[--images->n]);
	return forget_names(images);
}

int lc_why_images_begin(struct lc_why_images *images, const struct lc_why_request *request)
{
	int ret = make_room(images);

	if (ret < 0)
		return ret;
	free(images->by_mapping);
	images->by_mapping = calloc(request->n_mappings + 1, sizeof(struct lc_why_place));
	images->request = request;
	images->requests++;
	return images->by_mapping ? 0 : -ENOMEM;
}

/* Adds the segment that program HEADER says is loaded; *END becomes where the last one ends, if that is further. 0 or -ENOEXEC. */
static int add_segment(struct lc_why_image *image, const GElf_Phdr *header, uint64_t *end)
{
	if (header->p_vaddr > ADDRESS_MAX || header->p_memsz > ADDRESS_MAX || header->p_align > APART)
		return -ENOEXEC;
	if (image->n_segments == 0)
		image->lowest = header->p_vaddr & -header->p_align;
	if (header->p_vaddr < image->lowest)
		return -ENOEXEC;
	if (header->p_vaddr + header->p_memsz > *end)
		*end = header->p_vaddr + header->p_memsz;
	image->segments[image->n_segments++] = (struct lc_why_segment){
		.offset = header->p_offset,
		.size = header->p_filesz,
		.address = header->p_vaddr,
		.executable = header->p_flags & PF_X,
	};
	return 0;
}

/* Reads where the file's parts are loaded. 0; -ENOEXEC when it is nothing that this machine could execute; or -ENOMEM. */
static int read_segments(struct lc_why_image *image)
{
	GElf_Ehdr header;
	GElf_Phdr program;
	size_t n, i;
	uint64_t end = 0;
	int ret = 0;

	if (elf_kind(image->elf) != ELF_K_ELF || !gelf_getehdr(image->elf, &header) ||
		!lc_why_machine_is_ours(&header) || elf_getphdrnum(image->elf, &n) || n > SEGMENTS_MAX)
		return -ENOEXEC;
	image->segments = calloc(n + 1, sizeof(*image->segments));
	if (!image->segments)
		return -ENOMEM;
	for (i = 0; ret == 0 && i < n; i++) {
		if (!gelf_getphdr(image->elf, (int)i, &program))
			return -ENOEXEC;
		if (program.p_type == PT_LOAD)
			ret = add_segment(image, &program, &end);
	}
	image->size = end - image->lowest;
	return image->n_segments ? ret : -ENOEXEC;
}

/* Gives IMAGE addresses of its own, and reports it to libdwfl there. */
static int report(struct lc_why_images *images, struct lc_why_image *image)
{
	void **user = NULL;
	GElf_Addr bias = 0;

	image->base = SPACE + images->used;
	dwfl_report_begin_add(images->dwfl);
	image->module = report_module(images, image);
	if (!image->module || dwfl_report_end(images->dwfl, NULL, NULL) != 0)
		return -ENOMEM;
	images->used += (image->size / APART + 2) * APART;
	dwfl_module_info(image->module, &user, NULL, NULL, NULL, NULL, NULL, NULL);
	*user = image;
	images->list[images->n++] = image;
	/* From here on the image is libdwfl's to look at, even if there is nothing that it can do with it. */
	if (dwfl_module_getelf(image->module, &bias))
		image->bias = bias;
	else
		image->bias = image->base - image->lowest;
	return 0;
}

static bool is_same_file(const struct stat *one, const struct stat *other)
{
	return one->st_dev == other->st_dev && one->st_ino == other->st_ino && one->st_size == other->st_size &&
	       one->st_mtim.tv_sec == other->st_mtim.tv_sec && one->st_mtim.tv_nsec == other->st_mtim.tv_nsec &&
	       one->st_ctim.tv_sec == other->st_ctim.tv_sec && one->st_ctim.tv_nsec == other->st_ctim.tv_nsec;
}

static struct lc_why_image *find_known(const struct lc_why_images *images, const struct stat *status)
{
	size_t i;

	for (i = 0; i < images->n; i++) {
		if (is_same_file(&images->list[i]->status, status))
			return images->list[i];
	}
	return NULL;
}

/* The kernel's own image. Ours is read, because all processes have the same. */
static Elf *open_vdso(void)
{
	/* An address of the kernel's making. */
	const Elf64_Ehdr *vdso = (const Elf64_Ehdr *)getauxval(AT_SYSINFO_EHDR); /* NOLINT(performance-no-int-to-ptr) */

	if (!vdso)
		return NULL;
	return elf_memory((char *)vdso, vdso->e_shoff + (uint64_t)vdso->e_shentsize * vdso->e_shnum);
}

/* libelf would also take archives, libdwfl compressed files: a process has neither mapped. */
static bool has_elf_magic(int fd)
{
	char magic[SELFMAG];

	return pread(fd, magic, SELFMAG, 0) == SELFMAG && memcmp(magic, ELFMAG, SELFMAG) == 0;
}

/* Makes an image of the file FD, which it owns from then on, or of the vdso where FD is negative. NULL when that can't be. */
static struct lc_why_image *load(struct lc_why_images *images, int fd, const struct stat *status)
{
	struct lc_why_image *image = calloc(1, sizeof(*image));

	if (!image) {
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	image->fd = fd;
	image->code = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 0) : -1;
	image->status = *status;
	image->bytes = (uint64_t)status->st_size;
	image->images = images;
	if (fd < 0)
		image->elf = open_vdso();
	else if (has_elf_magic(fd))
		image->elf = elf_begin(fd, ELF_C_READ_MMAP_PRIVATE, NULL);
	if (images->n >= IMAGES_MAX || read_segments(image) || report(images, image)) {
		image_free(image);
		return NULL;
	}
	return image;
}

static struct lc_why_image *find_vdso(struct lc_why_images *images)
{
	static const struct stat nowhere;
	struct lc_why_image *known = find_known(images, &nowhere);

	return known ? known : load(images, -1, &nowhere);
}

/* The image of mapping number MAPPING from the file that is asked for. */
static struct lc_why_image *open_file(struct lc_why_images *images, size_t mapping)
{
	int fd = images->request->open_file(images->request->context, mapping);
	struct lc_why_image *image;
	struct stat status;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &status) < 0) {
		close(fd);
		return NULL;
	}
	image = find_known(images, &status);
	if (!image)
		return load(images, fd, &status);
	close(fd);
	return image;
}

/* The file of mapping number MAPPING as a key, with its padding zeroed. */
static struct lc_why_mapped_file file_of(const struct lc_why_request *request, size_t mapping)
{
	struct lc_why_mapped_file file;

	memset(&file, 0, sizeof(file));
	file.root_device = request->root.device;
	file.root_inode = request->root.inode;
	file.device = request->mappings[mapping].device;
	file.inode = request->mappings[mapping].inode;
	file.path = request->paths[mapping];
	return file;
}

/* Whether IMAGE's file was not written to. While the file is open no other one gets its inode number, so that the mapping still shows it. */
static bool is_unchanged(const struct lc_why_image *image)
{
	struct stat status;

	return fstat(image->code, &status) == 0 && is_same_file(&image->status, &status);
}

static struct lc_why_image *find_file(struct lc_why_images *images, size_t mapping)
{
	struct lc_why_mapped_file file;
	struct lc_why_image *image;

	if (!images->request->paths)
		return open_file(images, mapping);
	file = file_of(images->request, mapping);
	image = lc_table_get(images->files, &file);
	if (image && is_unchanged(image))
		return image;
	image = open_file(images, mapping);
	/* If there is no memory for that, the file is asked for again. */
	if (image && image->code >= 0)
		lc_table_put(images->files, &file, image);
	return image;
}

/* The lowest executable segment, where the kernel has a program's code begin (fs/binfmt_elf.c, start_code). */
static const struct lc_why_segment *find_code(const struct lc_why_image *image)
{
	const struct lc_why_segment *lowest = NULL;
	size_t i;

	for (i = 0; i < image->n_segments; i++) {
		const struct lc_why_segment *segment = &image->segments[i];

		if (segment->executable && (!lowest || segment->address < lowest->address))
			lowest = segment;
	}
	return lowest;
}

static bool shows(const struct lc_why_segment *segment, uint64_t offset, uint64_t size)
{
	return segment->offset < offset + size && offset < segment->offset + segment->size;
}

/* The segment that the mapping of SIZE bytes from OFFSET on shows, rather an executable one: whole pages are mapped, with data beside the code. */
static const struct lc_why_segment *find_segment(const struct lc_why_image *image, uint64_t offset, uint64_t size)
{
	const struct lc_why_segment *other = NULL;
	size_t i;

	for (i = 0; i < image->n_segments; i++) {
		const struct lc_why_segment *segment = &image->segments[i];

		if (!shows(segment, offset, size))
			continue;
		if (segment->executable)
			return segment;
		other = other ? other : segment;
	}
	return other;
}

/* Finds the file of mapping NUMBER and where it lies in our own space. */
static void look_for(struct lc_why_images *images, size_t number)
{
	const struct lc_mapping *mapping = &images->request->mappings[number];
	struct lc_why_place *place = &images->by_mapping[number];
	const struct lc_why_segment *segment;
	struct lc_why_image *image = NULL;

	place->looked_for = true;
	if (mapping->inode)
		image = find_file(images, number);
	else if (mapping->path && strcmp(mapping->path, "[vdso]") == 0)
		image = find_vdso(images);
	if (!image)
		return;
	image->mapping = number;
	image->used = images->requests;
	if (mapping->offset == LC_OFFSET_UNKNOWN) {
		segment = find_code(image);
		place->image = segment ? image : NULL;
		place->shift = segment ? segment->address + image->bias - mapping->start : 0;
		return;
	}
	segment = find_segment(image, mapping->offset, mapping->end - mapping->start);
	if (!segment)
		return;
	place->image = image;
	place->shift = mapping->offset - mapping->start - segment->offset + segment->address + image->bias;
}

ssize_t lc_why_images_mapping(const struct lc_why_images *images, uint64_t address)
{
	const struct lc_mapping *mappings = images->request->mappings;
	size_t low = 0, high = images->request->n_mappings;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (address < mappings[middle].start)
			high = middle;
		else if (address >= mappings[middle].end)
			low = middle + 1;
		else
			return (ssize_t)middle;
	}
	return -1;
}

uint64_t lc_why_images_move(struct lc_why_images *images, uint64_t address)
{
	uint64_t plain = lc_why_machine_plain_address(address);
	ssize_t number = lc_why_images_mapping(images, plain);

	if (number < 0)
		return address;
	if (!images->by_mapping[number].looked_for)
		look_for(images, (size_t)number);
	return images->by_mapping[number].image ? plain + images->by_mapping[number].shift : address;
}

ssize_t lc_why_images_origin(
	const struct lc_why_images *images, uint64_t address, struct lc_why_image **image, uint64_t *in_file)
{
	size_t i;

	for (i = 0; address >= SPACE && i < images->request->n_mappings; i++) {
		const struct lc_why_place *place = &images->by_mapping[i];
		uint64_t origin = address - place->shift;

		if (!place->image || origin < images->request->mappings[i].start ||
			origin >= images->request->mappings[i].end)
			continue;
		*image = place->image;
		*in_file = address - place->image->bias;
		return (ssize_t)i;
	}
	return -1;
}

bool lc_why_image_read_code(const struct lc_why_image *image, uint64_t address, unsigned char *bytes, size_t size)
{
	size_t i;

	for (i = 0; image->code >= 0 && i < image->n_segments; i++) {
		const struct lc_why_segment *segment = &image->segments[i];

		if (address >= segment->address && address - segment->address < segment->size &&
			segment->size - (address - segment->address) >= size)
			return pread(image->code, bytes, size, (off_t)(segment->offset + address - segment->address)) ==
			       (ssize_t)size;
	}
	return false;
}
