/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel side's maps and global variables before loading, and the live variables afterwards. */
#include "src/probe/globals.h"

#include <bpf/btf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* Where the global variable NAME lies: in which map and how far from its start. False when there is none. */
static bool find_global(struct bpf_object *object, const char *name, struct bpf_map **where, size_t *offset)
{
	const struct btf *types = bpf_object__btf(object);
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		const char *dot = strrchr(bpf_map__name(map), '.');
		int id = dot ? btf__find_by_name_kind(types, dot, BTF_KIND_DATASEC) : -1;
		const struct btf_type *section = id > 0 ? btf__type_by_id(types, (__u32)id) : NULL;

		for (int i = 0; section && i < btf_vlen(section); i++) {
			const struct btf_var_secinfo *variable = &btf_var_secinfos(section)[i];
			const struct btf_type *type = btf__type_by_id(types, variable->type);

			if (strcmp(btf__name_by_offset(types, type->name_off), name) != 0)
				continue;
			*where = map;
			*offset = variable->offset;
			return true;
		}
	}
	return false;
}

void *lc_global_initial(struct bpf_object *object, const char *name)
{
	struct bpf_map *map;
	size_t offset, size;

	/* Older libbpf calls it const; it is the memory that the map is filled from. */
	return find_global(object, name, &map, &offset) ? (char *)bpf_map__initial_value(map, &size) + offset : NULL;
}

int lc_map_set_size(struct bpf_object *object, const char *name, uint32_t entries)
{
	return bpf_map__set_max_entries(bpf_object__find_map_by_name(object, name), entries);
}

void *lc_global(const struct lc_probe *probe, const char *name)
{
	struct bpf_map *map;
	size_t offset;

	return find_global(probe->object, name, &map, &offset) ? probe->globals + offset : NULL;
}

/* libbpf gives no access to the variables of a loaded object: their map is mapped once more. */
int lc_globals_map(struct lc_probe *probe)
{
	struct bpf_map *map;
	size_t offset;
	void *memory;

	if (!find_global(probe->object, "setup_count", &map, &offset))
		return -ENOENT;
	probe->globals_size = bpf_map__value_size(map);
	memory = mmap(NULL, probe->globals_size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	if (memory == MAP_FAILED)
		return -errno;
	probe->globals = memory;
	probe->setup_count = lc_global(probe, "setup_count");
	probe->recorded_slots = lc_global(probe, "recorded_slots");
	probe->room_used = lc_global(probe, "room_used");
	probe->gone_untold = lc_global(probe, "gone_untold");
	return probe->recorded_slots && probe->room_used && probe->gone_untold ? 0 : -ENOENT;
}

void lc_globals_unmap(struct lc_probe *probe)
{
	if (probe->globals)
		munmap(probe->globals, probe->globals_size);
	probe->globals = NULL;
}
