/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel side's maps and global variables, each by its name and type: what a generated skeleton would hold. */
#ifndef LEASTCAP_PROBE_KERNEL_SIDE_H
#define LEASTCAP_PROBE_KERNEL_SIDE_H

#include "bpf/record.h"

#include <bpf/libbpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* bpf/maps.h says what is in each. */
struct lc_maps {
	struct bpf_map *checks, *missed_keys, *outcomes, *cgroups, *homes, *setup, *arrivals, *followed, *host_overlays,
		*pending, *requests, *names, *call_counts, *coarse_calls, *filters_sent, *readers, *shapes, *events,
		*lives, *given_back, *traces, *captures, *quiet, *awaited, *entered_at, *copy_marks, *stacks, *stacked,
		*refusals;
};

/* What is written before the object is loaded: constants for the kernel side. */
struct lc_settings {
	int32_t *config_subsystem, *config_hierarchy;
	uint32_t *config_host_mntns, *config_host_pidns, *config_own_mntns, *config_own_userns;
	uint32_t (*config_own_ids)[6];
	bool *config_new_cgroups, *config_follow, *config_copies, *config_trace, *config_durations, *config_stacks,
		*config_filter_answers_int, *config_trial;
	uint8_t (*config_calls)[LC_CALL_TABLE], (*config_selectors)[LC_CALL_TABLE];
	uint32_t (*config_largest_buffer)[2];
	uint64_t *config_lowest_mapping, *config_traced_caps;
	uint32_t *config_copy_marks;
	uint8_t *config_untraced_facts;
	uint8_t (*config_traced_calls)[LC_CALL_TABLE];
	uint32_t (*room_sizes)[LC_ROOMS];
};

/* The variables of the loaded object: shared memory, which the kernel side changes at any moment. */
struct lc_variables {
	struct lc_text_range *kernel_text, *cap_capable_text;
	struct lc_text_range (*wrappers)[LC_WRAPPERS];
	uint32_t *wrapper_count;
	uint64_t (*inlining_callers)[LC_INLININGS];
	volatile uint64_t *refused_caps, *refused_until;
	int64_t *setup_count;
	uint8_t (*recorded_slots)[LC_RECORDED_SLOTS];
	volatile uint64_t (*repeated)[LC_COPIED];
	uint64_t (*room_used)[LC_ROOMS], (*room_lost)[LC_ROOMS];
	uint32_t (*room_errors)[LC_ROOMS];
	volatile uint64_t *gone_untold;
	uint64_t *samples_dropped, *stacks_dropped, *mappings_dropped, *untraced, *untraced_calls, *returns_missed;
};

struct lc_kernel_side {
	struct bpf_object *object; /* the caller's */
	struct lc_maps maps;
	struct lc_settings settings; /* until the object is loaded */
	struct lc_variables live;    /* from lc_kernel_side_share on */
	char *memory;
	size_t size;
};

/*
 * Finds all maps and settings in OBJECT, which is opened and not yet loaded, and puts them into SIDE. 0; -EINVAL when one is missing
 * or has another size, and its name is in *WRONG. SIDE is unchanged then.
 */
int lc_kernel_side_find(struct lc_kernel_side *side, struct bpf_object *object, const char **wrong);

/* Maps the variables of SIDE's loaded object, so that they can be read and written. 0 or -errno; SIDE is unchanged then. */
int lc_kernel_side_share(struct lc_kernel_side *side);

/* Undoes it; no harm where nothing was mapped. */
void lc_kernel_side_unshare(struct lc_kernel_side *side);

#endif
