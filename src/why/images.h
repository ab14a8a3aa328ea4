/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ELF files that stacks lead through, parsed once, and kept while they are used: each lies in an address space of our own, whatever processes mapped it
 * where. Addresses of a process are moved into that space as they are read (lc_why_images_move).
 */
#ifndef LEASTCAP_WHY_IMAGES_H
#define LEASTCAP_WHY_IMAGES_H

#include <leastcap/table.h>
#include <leastcap/why.h>

#include <elfutils/libdwfl.h>
#include <sys/stat.h>

/* A part of a file that is loaded to be executed. */
struct segment {
	uint64_t offset; /* in the file */
	uint64_t size;
	uint64_t address; /* as the file has it */
	bool executable;
};

struct walk;

/* A file as a process maps it, whose padding counts. */
struct mapped_file {
	uint64_t root_inode;
	uint64_t inode;
	uint64_t path; /* as in struct lc_why_request */
	uint32_t root_device;
	uint32_t device;
};

struct image {
	struct stat status; /* of the file: which one it is */
	Elf *elf;           /* until libdwfl takes it over */
	int fd;             /* the same */
	int code;           /* the file once more, to read instructions; -1: there is none */
	struct segment *segments;
	size_t n_segments;
	uint64_t lowest; /* address in the file */
	uint64_t size;   /* from there on */
	uint64_t bias;   /* from the file's addresses to our own */
	uint64_t base;   /* of our own: where libdwfl was told that it lies */
	uint64_t bytes;  /* of the file and its debug files */
	uint64_t used;   /* the number of the last request that it was of use for */
	Dwfl_Module *module;
	struct images *images;
	size_t mapping; /* one of the request's that shows it */
	enum {
		DEBUG_UNKNOWN,
		DEBUG_ASKING,
		DEBUG_FOUND,
		DEBUG_NONE, /* or no more of it */
	} debug;            /* whether there is a separate debug file */
};

/* Where a mapping of the process lies in our own space. */
struct place {
	bool looked_for;
	struct image *image; /* NULL: its file could not be had, or is no ELF file of this machine's kind */
	uint64_t shift;      /* what is added to an address of the process */
};

struct images {
	Dwfl *dwfl;
	Elf *machine; /* an ELF header that names the kind of processor */
	struct image **list;
	size_t n;
	uint64_t used;           /* addresses of our own space */
	struct lc_table *places; /* names of addresses: see names.h */
	struct lc_table *files;  /* struct mapped_file → image */
	uint64_t requests;       /* how many there were */
	/* Of the request that is worked on. */
	const struct lc_why_request *request;
	struct place *by_mapping;
	struct walk *walk;
};

/* Makes an empty collection; WALK_CALLBACKS are libdwfl's, which find it as their argument. 0 or -errno. */
int lc_why_images_new(struct images **images, const Dwfl_Thread_Callbacks *lc_why_walk_callbacks);

void lc_why_images_free(struct images *images);

/*
 * Begins work on REQUEST, which must stay until the next one. Where too much has been gathered, what was used last is kept. 0 or -ENOMEM; IMAGES can
 * then only be freed.
 */
int lc_why_images_begin(struct images *images, const struct lc_why_request *request);

/* The number of the process's mapping with ADDRESS, or -1. */
ssize_t lc_why_images_mapping(const struct images *images, uint64_t address);

/* ADDRESS of the process in our own space when a file's code is mapped there, else ADDRESS itself. Parses the file if it must. */
uint64_t lc_why_images_move(struct images *images, uint64_t address);

/* The mapping that ADDRESS of our own space stands for, its file in *IMAGE and its address in the file in *IN_FILE; -1: none. */
ssize_t lc_why_images_origin(const struct images *images, uint64_t address, struct image **image, uint64_t *in_file);

/* Reads SIZE bytes of code at ADDRESS of IMAGE's file. Whether they could be read. */
bool lc_why_image_read_code(const struct image *image, uint64_t address, unsigned char *bytes, size_t size);

#endif
