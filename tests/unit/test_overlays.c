/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of which lines of mountinfo tell of an overlay. */
#include "src/probe/overlays.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

/* The device of the overlay that LINE tells of; 0 when the line tells of none. */
static uint32_t device_in(const char *line)
{
	struct lc_mount mount;
	char text[256];

	snprintf(text, sizeof(text), "%s", line);
	return lc_mount_line_parse(text, &mount) ? 0 : lc_overlay_device(&mount);
}

static void an_overlay_is_known_by_its_device(void **state)
{
	(void)state;
	assert_int_equal(
		device_in(
			"410 29 0:52 / /var/lib/docker/overlay2/1f/merged rw,relatime shared:7 - overlay overlay rw,lowerdir=/a:/b\n"),
		52);
	assert_int_equal(device_in("410 29 3:1 / /m rw - overlay none rw\n"), 3 << 20 | 1);
}

static void another_file_system_is_none(void **state)
{
	(void)state;
	assert_int_equal(device_in("29 1 254:0 / / rw,relatime - ext4 /dev/root rw\n"), 0);
	/* Whoever names a mount so. */
	assert_int_equal(device_in("30 1 0:40 / /overlay rw - tmpfs overlay rw\n"), 0);
	assert_int_equal(device_in("30 1 0:41 / /m rw - fuse.overlay overlay rw\n"), 0);
}

static void what_is_no_line_of_mountinfo_is_none(void **state)
{
	(void)state;
	assert_int_equal(device_in(""), 0);
	assert_int_equal(device_in(" - overlay "), 0);
	assert_int_equal(device_in("30 1 x:y / /m rw - overlay o rw\n"), 0);
	assert_int_equal(device_in("30 1 0:4294967295 / /m rw - overlay o rw\n"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_overlay_is_known_by_its_device),
		cmocka_unit_test(another_file_system_is_none),
		cmocka_unit_test(what_is_no_line_of_mountinfo_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
