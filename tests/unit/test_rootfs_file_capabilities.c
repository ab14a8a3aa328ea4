/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests that the capabilities of a file are read as the kernel reads them. */
#include "src/rootfs/rootfs_private.h"
#include "tests/unit/rootfs_tree.h"

#include <leastcap/capset.h>
#include <leastcap/cleanup.h>

#include <endian.h>
#include <sys/capability.h>
#include <sys/xattr.h>

#define NET_RAW LC_CAP_BIT(CAP_NET_RAW)

/* A capability whose bit lies in the second word. */
#define BPF LC_CAP_BIT(CAP_BPF)

/* Makes PATH with the capabilities TEXT, as setcap does. */
static void make_capable(const char *path, const char *text)
{
	cap_t caps = cap_from_text(text);

	make_text(path, 0755, "program");
	assert_non_null(caps);
	assert_int_equal(cap_set_file(path, caps), 0);
	cap_free(caps);
}

/* Reads the capabilities of PATH below the test's root. */
static int read_capabilities(void **state, const char *path, struct lc_file_capabilities *capabilities)
{
	_cleanup_fd_ int fd = lc_rootfs_open(root_of(state), path);

	assert_true(fd >= 0);
	return lc_file_capabilities(fd, capabilities);
}

static void permitted_and_effective_are_read(void **state)
{
	struct lc_file_capabilities capabilities;

	need_root("give a file capabilities");
	make_capable("ping", "cap_net_raw,cap_bpf+ep");
	assert_int_equal(read_capabilities(state, "/ping", &capabilities), 0);
	assert_true(capabilities.permitted == (NET_RAW | BPF));
	assert_true(capabilities.inheritable == 0);
	assert_true(capabilities.effective);
}

static void inheritable_is_read(void **state)
{
	struct lc_file_capabilities capabilities;

	need_root("give a file capabilities");
	make_capable("ping", "cap_net_raw+i");
	assert_int_equal(read_capabilities(state, "/ping", &capabilities), 0);
	assert_true(capabilities.permitted == 0);
	assert_true(capabilities.inheritable == NET_RAW);
	assert_false(capabilities.effective);
}

static void permitted_alone_is_not_effective(void **state)
{
	struct lc_file_capabilities capabilities;

	need_root("give a file capabilities");
	make_capable("ping", "cap_net_raw+p");
	assert_int_equal(read_capabilities(state, "/ping", &capabilities), 0);
	assert_true(capabilities.permitted == NET_RAW);
	assert_false(capabilities.effective);
}

static void capabilities_for_the_root_of_a_user_namespace_are_read(void **state)
{
	const struct vfs_ns_cap_data data = {
		.magic_etc = htole32(VFS_CAP_REVISION_3 | VFS_CAP_FLAGS_EFFECTIVE),
		.data = {{.permitted = htole32((uint32_t)NET_RAW)}},
		.rootid = htole32(100000),
	};
	struct lc_file_capabilities capabilities;

	need_root("give a file capabilities");
	make_text("ping", 0755, "program");
	assert_int_equal(setxattr("ping", "security.capability", &data, sizeof(data), 0), 0);
	assert_int_equal(read_capabilities(state, "/ping", &capabilities), 0);
	assert_true(capabilities.permitted == NET_RAW);
	assert_true(capabilities.effective);
}

static void a_file_without_capabilities_has_none(void **state)
{
	struct lc_file_capabilities capabilities;

	make_text("ls", 0755, "program");
	assert_int_equal(read_capabilities(state, "/ls", &capabilities), -ENODATA);
}

static void a_file_system_without_attributes_has_none(void **state)
{
	_cleanup_fd_ int fd = open("/proc/self/status", O_PATH | O_CLOEXEC);
	struct lc_file_capabilities capabilities;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(lc_file_capabilities(fd, &capabilities), -ENODATA);
}

static void a_file_system_that_is_mounted_nosuid_has_none(void **state)
{
	struct lc_file_capabilities capabilities;

	need_own_mounts(state);
	make_directory("bin", 0755);
	assert_int_equal(mount("leastcap", "bin", "tmpfs", 0, "size=64k"), 0);
	make_capable("bin/ping", "cap_net_raw+ep");
	assert_int_equal(read_capabilities(state, "/bin/ping", &capabilities), 0);
	assert_int_equal(mount(NULL, "bin", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID, NULL), 0);
	assert_int_equal(read_capabilities(state, "/bin/ping", &capabilities), -ENODATA);
}

static void the_first_revision_has_one_word(void **state)
{
	const uint32_t words[] = {htole32(VFS_CAP_REVISION_1), htole32((uint32_t)NET_RAW), htole32(1)};
	struct lc_file_capabilities capabilities;

	(void)state;
	assert_int_equal(lc_file_capabilities_parse(words, sizeof(words), &capabilities), 0);
	assert_true(capabilities.permitted == NET_RAW);
	assert_true(capabilities.inheritable == 1);
	assert_false(capabilities.effective);
}

static void the_second_words_are_the_upper_halves(void **state)
{
	const uint32_t words[] = {htole32(VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE), 0, 0,
		htole32((uint32_t)(BPF >> 32)), htole32(1)};
	struct lc_file_capabilities capabilities;

	(void)state;
	assert_int_equal(lc_file_capabilities_parse(words, sizeof(words), &capabilities), 0);
	assert_true(capabilities.permitted == BPF);
	assert_true(capabilities.inheritable == LC_CAP_BIT(32));
	assert_true(capabilities.effective);
}

static void bits_that_the_kernel_does_not_know_are_ignored(void **state)
{
	const uint32_t words[] = {htole32(VFS_CAP_REVISION_2), UINT32_MAX, UINT32_MAX, UINT32_MAX, UINT32_MAX};
	struct lc_file_capabilities capabilities;

	(void)state;
	assert_int_equal(lc_file_capabilities_parse(words, sizeof(words), &capabilities), 0);
	assert_true(capabilities.permitted == lc_cap_all());
	assert_true(capabilities.inheritable == lc_cap_all());
}

static void an_unknown_revision_is_not_understood(void **state)
{
	const uint32_t words[] = {htole32(0x04000000), 0, 0, 0, 0};
	struct lc_file_capabilities capabilities;

	(void)state;
	assert_int_equal(lc_file_capabilities_parse(words, sizeof(words), &capabilities), -EINVAL);
}

static void only_the_exact_size_is_understood(void **state)
{
	static const struct {
		uint32_t revision;
		size_t size;
	} cases[] = {
		{VFS_CAP_REVISION_1, XATTR_CAPS_SZ_1},
		{VFS_CAP_REVISION_2, XATTR_CAPS_SZ_2},
		{VFS_CAP_REVISION_3, XATTR_CAPS_SZ_3},
	};
	struct lc_file_capabilities capabilities;
	size_t i, size;

	(void)state;
	for (i = 0; i < 3; i++) {
		for (size = 0; size <= 32; size++) {
			/* Exactly so long: the sanitizer sees what is read beyond. */
			_cleanup_free_ uint8_t *bytes = calloc(1, size ? size : 1);
			uint32_t magic = htole32(cases[i].revision);

			assert_non_null(bytes);
			memcpy(bytes, &magic, size < sizeof(magic) ? size : sizeof(magic));
			assert_int_equal(lc_file_capabilities_parse(bytes, size, &capabilities),
				size == cases[i].size ? 0 : -EINVAL);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test_in_tree(permitted_and_effective_are_read),
		test_in_tree(inheritable_is_read),
		test_in_tree(permitted_alone_is_not_effective),
		test_in_tree(capabilities_for_the_root_of_a_user_namespace_are_read),
		test_in_tree(a_file_without_capabilities_has_none),
		cmocka_unit_test(a_file_system_without_attributes_has_none),
		test_in_tree(a_file_system_that_is_mounted_nosuid_has_none),
		cmocka_unit_test(the_first_revision_has_one_word),
		cmocka_unit_test(the_second_words_are_the_upper_halves),
		cmocka_unit_test(bits_that_the_kernel_does_not_know_are_ignored),
		cmocka_unit_test(an_unknown_revision_is_not_understood),
		cmocka_unit_test(only_the_exact_size_is_understood),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
