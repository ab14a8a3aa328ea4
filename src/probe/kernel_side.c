/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Finds the kernel side's maps and global variables by one table, and holds their sizes against it. */
#include "src/probe/kernel_side.h"

#include <bpf/btf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

/* A map, where its pointer lies in struct lc_maps, and the sizes that user space takes its keys and values for. */
struct map_row {
	const char *name;
	size_t place;
	size_t key, value; /* 0: no user of it here looks at them */
};

#define MAP(name, key, value)                                                                                          \
	{                                                                                                              \
#name, offsetof(struct lc_maps, name), sizeof(key), sizeof(value)                                      \
	}
#define MAP_OF_BYTES(name)                                                                                             \
	{                                                                                                              \
#name, offsetof(struct lc_maps, name), 0, 0                                                            \
	}

static const struct map_row maps[] = {
	MAP(checks, struct lc_key, struct lc_counter),
	MAP(missed_keys, struct lc_key, uint8_t),
	MAP(outcomes, struct lc_outcome, uint64_t),
	MAP(cgroups, uint64_t, struct lc_cgroup),
	MAP(homes, uint32_t, struct lc_home),
	MAP(setup, uint32_t, struct lc_setup),
	MAP(arrivals, uint64_t, struct lc_arrival),
	MAP(followed, uint32_t, uint64_t),
	MAP(host_overlays, uint32_t, uint8_t),
	MAP_OF_BYTES(pending),
	MAP(requests, struct lc_request_key, struct lc_request_count),
	MAP(names, struct lc_request_key, struct lc_request_count),
	MAP(call_counts, struct lc_call_key, struct lc_counter),
	MAP(coarse_calls, struct lc_call_key, struct lc_counter),
	MAP(filters_sent, struct lc_filters_key, uint8_t),
	MAP_OF_BYTES(readers),
	MAP(shapes, uint32_t, struct lc_shape),
	MAP_OF_BYTES(events),
	MAP_OF_BYTES(lives),
	MAP(given_back, uint64_t, uint32_t[LC_ROOMS]),
	MAP_OF_BYTES(traces),
	MAP(captures, uint32_t, struct lc_captures),
	MAP(quiet, struct lc_key, uint8_t),
	MAP_OF_BYTES(awaited),
	MAP_OF_BYTES(entered_at),
	MAP_OF_BYTES(copy_marks),
	MAP_OF_BYTES(stacks),
	MAP_OF_BYTES(stacked),
	MAP(refusals, uint64_t, struct lc_refusal),
};

/* A variable, where its pointer lies in the structure for its kind, and its size. */
struct variable_row {
	const char *name;
	size_t place;
	size_t size;
};

#define SIZE_AT(type, name) sizeof(*((type *)NULL)->name)
#define SETTING(name)                                                                                                  \
	{                                                                                                              \
#name, offsetof(struct lc_settings, name), SIZE_AT(struct lc_settings, name)                           \
	}
#define LIVE(name)                                                                                                     \
	{                                                                                                              \
#name, offsetof(struct lc_variables, name), SIZE_AT(struct lc_variables, name)                         \
	}

static const struct variable_row settings[] = {
	SETTING(config_subsystem),
	SETTING(config_hierarchy),
	SETTING(config_host_mntns),
	SETTING(config_host_pidns),
	SETTING(config_own_mntns),
	SETTING(config_own_userns),
	SETTING(config_own_ids),
	SETTING(config_new_cgroups),
	SETTING(config_follow),
	SETTING(config_copies),
	SETTING(config_trace),
	SETTING(config_durations),
	SETTING(config_stacks),
	SETTING(config_filter_answers_int),
	SETTING(config_trial),
	SETTING(config_calls),
	SETTING(config_selectors),
	SETTING(config_largest_buffer),
	SETTING(config_lowest_mapping),
	SETTING(config_traced_caps),
	SETTING(config_copy_marks),
	SETTING(config_untraced_facts),
	SETTING(config_traced_calls),
	SETTING(room_sizes),
};

static const struct variable_row variables[] = {
	LIVE(kernel_text),
	LIVE(cap_capable_text),
	LIVE(wrappers),
	LIVE(wrapper_count),
	LIVE(inlining_callers),
	LIVE(refused_caps),
	LIVE(refused_until),
	LIVE(setup_count),
	LIVE(recorded_slots),
	LIVE(repeated),
	LIVE(room_used),
	LIVE(room_lost),
	LIVE(room_errors),
	LIVE(gone_untold),
	LIVE(samples_dropped),
	LIVE(stacks_dropped),
	LIVE(mappings_dropped),
	LIVE(untraced),
	LIVE(untraced_calls),
	LIVE(returns_missed),
};

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* Where the variables of one kind are. */
struct section {
	const struct bpf_object *object;
	const char *name;
	char *base; /* their memory; NULL: there are none */
};

/* The map of OBJECT whose name ends with SECTION, in which the compiler has put the variables of one kind. */
static struct bpf_map *section_map(struct bpf_object *object, const char *section)
{
	struct bpf_map *map;

	bpf_object__for_each_map(map, object)
	{
		const char *dot = strrchr(bpf_map__name(map), '.');

		if (dot && !strcmp(dot, section))
			return map;
	}
	return NULL;
}

/* Where the variable of ROW lies in SECTION; -1 when it is not there, or has another size. */
static ssize_t offset_of(const struct section *section, const struct variable_row *row)
{
	const struct btf *types = bpf_object__btf(section->object);
	int id = btf__find_by_name_kind(types, section->name, BTF_KIND_DATASEC);
	const struct btf_type *all = id > 0 ? btf__type_by_id(types, (__u32)id) : NULL;

	for (int i = 0; all && i < btf_vlen(all); i++) {
		const struct btf_var_secinfo *variable = &btf_var_secinfos(all)[i];
		const struct btf_type *type = btf__type_by_id(types, variable->type);

		if (!strcmp(btf__name_by_offset(types, type->name_off), row->name))
			return variable->size == row->size ? (ssize_t)variable->offset : -1;
	}
	return -1;
}

/* Puts the addresses of the N variables of ROWS, which are in SECTION, to OUT. Returns false with *WRONG if one is missing. */
static bool find_variables(
	const struct section *section, const struct variable_row *rows, size_t n, void *out, const char **wrong)
{
	for (size_t i = 0; i < n; i++) {
		ssize_t offset = section->base ? offset_of(section, &rows[i]) : -1;

		if (offset < 0) {
			*wrong = rows[i].name;
			return false;
		}
		*(void **)((char *)out + rows[i].place) = section->base + offset;
	}
	return true;
}

static bool find_maps(struct bpf_object *object, struct lc_maps *out, const char **wrong)
{
	for (size_t i = 0; i < ROWS(maps); i++) {
		struct bpf_map *map = bpf_object__find_map_by_name(object, maps[i].name);

		if (!map || (maps[i].key && (bpf_map__key_size(map) != maps[i].key ||
						    bpf_map__value_size(map) != maps[i].value))) {
			*wrong = maps[i].name;
			return false;
		}
		*(struct bpf_map **)((char *)out + maps[i].place) = map;
	}
	return true;
}

/* The section NAME of OBJECT with the memory that its map will be filled from. */
static struct section initial_section(struct bpf_object *object, const char *name)
{
	struct bpf_map *map = section_map(object, name);
	size_t size;

	/* Older libbpf calls it const. */
	return (struct section){object, name, map ? (char *)bpf_map__initial_value(map, &size) : NULL};
}

int lc_kernel_side_find(struct lc_kernel_side *side, struct bpf_object *object, const char **wrong)
{
	struct lc_kernel_side found = {.object = object};
	const struct section constants = initial_section(object, ".rodata"), all = initial_section(object, ".bss");
	struct lc_variables unused;

	if (!find_maps(object, &found.maps, wrong) ||
		!find_variables(&constants, settings, ROWS(settings), &found.settings, wrong) ||
		!find_variables(&all, variables, ROWS(variables), &unused, wrong))
		return -EINVAL;
	*side = found;
	return 0;
}

/* libbpf gives no access to the variables of a loaded object, so that their map is mapped once more. */
int lc_kernel_side_share(struct lc_kernel_side *side)
{
	struct bpf_map *map = section_map(side->object, ".bss");
	size_t size = map ? bpf_map__value_size(map) : 0;
	char *memory = map ? mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0) : NULL;
	const struct section section = {side->object, ".bss", memory};
	const char *wrong;

	if (!map)
		return -ENOENT;
	if (memory == MAP_FAILED)
		return -errno;
	if (!find_variables(&section, variables, ROWS(variables), &side->live, &wrong)) {
		munmap(memory, size);
		return -EINVAL;
	}
	side->memory = memory;
	side->size = size;
	return 0;
}

void lc_kernel_side_unshare(struct lc_kernel_side *side)
{
	if (side->memory)
		munmap(side->memory, side->size);
	side->memory = NULL;
}
