/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ELF files that stacks lead through. Each is parsed once, kept while it is used, and given addresses in a space of our own, wherever
 * processes have it mapped. Addresses of a process are moved into our own space as they are read (lc_why_images_move).
 */
#ifndef LEASTCAP_WHY_IMAGES_H
#define LEASTCAP_WHY_IMAGES_H

#include <leastcap/table.h>
#include <leastcap/why.h>

#include <elfutils/libdwfl.h>
#include <sys/stat.h>

/* A part of a file that is loaded to be executed. */
struct lc_why_segment {
	uint64_t offset; /* in the file */
	uint64_t size;
	uint64_t address; /* as the file has it */
	bool executable;
};

struct lc_why_walk;

/* A file as a process maps it: a table's key, so that the padding has to be zero. */
struct lc_why_mapped_file {
	uint64_t root_inode;
	uint64_t inode;
	uint64_t path; /* as in struct lc_why_request */
	uint32_t root_device;
	uint32_t device;
};

struct lc_why_image {
	struct stat status; /* of the file: which one it is */
	Elf *elf;           /* until libdwfl takes it over */
	int fd;             /* the same */
	int code;           /* a second descriptor of the file, to read instructions; -1: there is none */
	struct lc_why_segment *segments;
	size_t n_segments;
	uint64_t lowest; /* address in the file */
	uint64_t size;   /* from there on */
	uint64_t bias;   /* from the file's addresses to our own */
	uint64_t base;   /* where it begins in our own space, as libdwfl was told */
	uint64_t bytes;  /* of the file and its debug files */
	uint64_t used;   /* the number of the last request that used it */
	Dwfl_Module *module;
	struct lc_why_images *images;
	size_t mapping; /* the number of a mapping of the request's that shows it */
	enum {
		DEBUG_UNKNOWN,
		DEBUG_ASKING,
		DEBUG_FOUND,
		DEBUG_NONE, /* or no more of it */
	} debug;            /* whether there is a separate debug file */
};

/* Where a mapping of the process lies in our own space. */
struct lc_why_place {
	bool looked_for;
	struct lc_why_image *image; /* NULL: its file could not be opened, or is no ELF file for this machine */
	uint64_t shift;             /* what is added to an address of the process */
};

struct lc_why_images {
	Dwfl *dwfl;
	Elf *machine; /* an ELF header that names the kind of processor */
	struct lc_why_image **list;
	size_t n;
	uint64_t used;           /* addresses of our own space */
	struct lc_table *places; /* names of addresses: see names.h */
	struct lc_table *files;  /* struct lc_why_mapped_file → image */
	uint64_t requests;       /* how many there were */
	/* Of the present request. */
	const struct lc_why_request *request;
	struct lc_why_place *by_mapping;
	struct lc_why_walk *walk;
};

/* Makes an empty collection, which libdwfl hands to its WALK_CALLBACKS as their argument. 0 or -errno: *IMAGES is then unchanged. */
int lc_why_images_new(struct lc_why_images **images, const Dwfl_Thread_Callbacks *walk_callbacks);

/* Frees IMAGES, which may be NULL, with all that they hold. */
void lc_why_images_free(struct lc_why_images *images);

/*
 * Begins work on REQUEST, which must stay valid until the next one. Where too many files have been gathered, those that were used longest ago
 * are dropped. 0 or -ENOMEM; IMAGES can then only be freed.
 */
int lc_why_images_begin(struct lc_why_images *images, const struct lc_why_request *request);

/* The number of the process's mapping with ADDRESS, or -1. */
ssize_t lc_why_images_mapping(const struct lc_why_images *images, uint64_t address);

/* ADDRESS of the process in our own space when a file's code is mapped there, else ADDRESS itself. A file that is new is parsed. */
uint64_t lc_why_images_move(struct lc_why_images *images, uint64_t address);

/*
 * The number of the mapping that ADDRESS of our own space stands for. *IMAGE becomes its file, *IN_FILE the address in the file. -1 when
 * there is none: both are then unchanged.
 */
ssize_t lc_why_images_origin(
	const struct lc_why_images *images, uint64_t address, struct lc_why_image **image, uint64_t *in_file);

/* Reads SIZE bytes of code at ADDRESS of IMAGE's file. Whether they could be read. */
bool lc_why_image_read_code(const struct lc_why_image *image, uint64_t address, unsigned char *bytes, size_t size);

#endif
