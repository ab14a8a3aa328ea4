/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of profiles in files: whole or not at all, whatever happens. */
#include <leastcap/cleanup.h>
#include <leastcap/profile.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* A directory of the test's own, which is also its working directory. */
static int enter_directory(void **state)
{
	char template[] = "/tmp/leastcap-test-XXXXXX";

	*state = mkdtemp(template) ? strdup(template) : NULL;
	umask(022);
	return *state && chdir(*state) == 0 ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int leave_directory(void **state)
{
	int err;

	/* A test that failed half-way has left it mounted. */
	umount2("small", MNT_DETACH);
	err = chdir("/");
	if (!err)
		err = nftw(*state, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
	free(*state);
	return err;
}

static void make_profile(struct lc_profile *profile, const char *name)
{
	*profile = (struct lc_profile){0};
	lc_profile_add_target(profile)->name = strdup(name);
}

static int save(const char *name, const char *path, char **message)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile;

	make_profile(&profile, name);
	return lc_profile_save(&profile, path, message);
}

static void assert_saved(const char *name, const char *path)
{
	_cleanup_free_ char *message = NULL;

	assert_int_equal(save(name, path, &message), 0);
	assert_null(message);
}

/* Asserts that PATH holds the profile whose target is called NAME. */
static void assert_holds(const char *path, const char *name)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile;
	_cleanup_free_ char *message = NULL;

	assert_int_equal(lc_profile_load(&profile, path, &message), 0);
	assert_string_equal(profile.targets[0].name, name);
}

static int count_files(const char *path)
{
	DIR *directory = opendir(path);
	const struct dirent *entry;
	int n = 0;

	assert_non_null(directory);
	while ((entry = readdir(directory)))
		n += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
	closedir(directory);
	return n;
}

static void touch(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	close(fd);
}

static void a_saved_profile_is_loaded_again(void **state)
{
	(void)state;
	assert_saved("web", "web.json");
	assert_holds("web.json", "web");
}

static void nothing_but_the_profile_is_left_in_the_directory(void **state)
{
	(void)state;
	assert_saved("web", "web.json");
	assert_saved("web", "web.json");
	assert_int_equal(count_files("."), 1);
}

static void a_new_file_obeys_the_umask_and_is_roots_alone(void **state)
{
	struct stat status;

	(void)state;
	umask(027);
	assert_saved("web", "web.json");
	assert_int_equal(stat("web.json", &status), 0);
	assert_int_equal(status.st_mode & 07777, geteuid() ? 0640 : 0600);
}

static mode_t mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 07777;
}

static void a_replaced_file_never_gives_more_than_a_new_one(void **state)
{
	(void)state;
	assert_saved("old", "web.json");
	assert_int_equal(chmod("web.json", 0666), 0);
	assert_saved("new", "web.json");
	assert_holds("web.json", "new");
	assert_int_equal(mode_of("web.json"), geteuid() ? 0644 : 0600);
	assert_int_equal(chmod("web.json", 0400), 0);
	assert_saved("newest", "web.json");
	assert_int_equal(mode_of("web.json"), 0400);
}

static void a_mode_that_was_chosen_is_the_files(void **state)
{
	const mode_t mode = 0664;
	struct lc_output_file *file;
	char *message;

	(void)state;
	assert_saved("old", "web.json");
	assert_int_equal(lc_output_file_open(&file, "web.json", &mode, &message), 0);
	assert_int_equal(lc_output_file_place(file, &message), 0);
	lc_output_file_free(file);
	assert_int_equal(mode_of("web.json"), 0664);
}

static void a_replaced_file_keeps_its_owner(void **state)
{
	struct stat status;

	(void)state;
	if (geteuid() != 0) {
		print_message("only root can give files away\n");
		skip();
	}
	assert_saved("old", "web.json");
	assert_int_equal(chown("web.json", 1234, 1235), 0);
	assert_saved("new", "web.json");
	assert_int_equal(stat("web.json", &status), 0);
	assert_int_equal(status.st_uid, 1234);
	assert_int_equal(status.st_gid, 1235);
}

static void a_reader_of_the_old_file_keeps_the_old_file(void **state)
{
	struct stat before;
	struct stat after;

	(void)state;
	assert_saved("old", "web.json");
	assert_int_equal(stat("web.json", &before), 0);
	assert_saved("new", "web.json");
	assert_int_equal(stat("web.json", &after), 0);
	assert_int_not_equal(before.st_ino, after.st_ino);
}

static void a_symbolic_link_stays_and_its_target_is_replaced(void **state)
{
	struct stat status;

	(void)state;
	assert_int_equal(mkdir("there", 0755), 0);
	assert_saved("old", "there/real.json");
	assert_int_equal(symlink("there/real.json", "link.json"), 0);
	assert_saved("new", "link.json");
	assert_int_equal(lstat("link.json", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_holds("there/real.json", "new");
	assert_int_equal(count_files("there"), 1);
}

static void a_symbolic_link_to_nothing_makes_its_target(void **state)
{
	struct stat status;

	(void)state;
	assert_int_equal(mkdir("there", 0755), 0);
	assert_int_equal(symlink("there/real.json", "link.json"), 0);
	assert_saved("web", "link.json");
	assert_int_equal(lstat("link.json", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_holds("there/real.json", "web");
}

static void null_is_written_in_place(void **state)
{
	struct stat status;

	(void)state;
	assert_saved("web", "/dev/null");
	assert_int_equal(stat("/dev/null", &status), 0);
	assert_true(S_ISCHR(status.st_mode));
}

static void assert_refused(const char *path, const char *kind)
{
	_cleanup_free_ char *message = NULL;

	assert_int_equal(save("web", path, &message), -EEXIST);
	assert_non_null(strstr(message, kind));
}

static void what_is_no_file_is_refused(void **state)
{
	(void)state;
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_refused("pipe", "a FIFO is in its place");
	assert_int_equal(symlink("pipe", "link"), 0);
	assert_refused("link", "a FIFO is in its place");
	assert_refused("/dev/full", "a device is in its place");
	assert_int_equal(count_files("."), 2);
}

static void what_others_put_where_everybody_may_write_is_refused(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		print_message("only root can give files away\n");
		skip();
	}
	assert_int_equal(mkdir("shared", 0777), 0);
	assert_int_equal(chmod("shared", 01777), 0);
	touch("shared/planted");
	assert_int_equal(chown("shared/planted", 1234, 1234), 0);
	assert_refused("shared/planted", "a file of user 1234");
	assert_int_equal(symlink("../target", "shared/link"), 0);
	assert_int_equal(lchown("shared/link", 1234, 1234), 0);
	assert_refused("shared/link", "a symbolic link of user 1234");
	assert_saved("web", "shared/own");
	assert_saved("web", "shared/own");
	assert_int_equal(count_files("shared"), 3);
}

static void the_name_may_be_taken_and_the_directory_renamed_meanwhile(void **state)
{
	struct lc_output_file *file;
	_cleanup_free_ char *message = NULL;
	char *none;

	(void)state;
	assert_int_equal(mkdir("there", 0755), 0);
	assert_int_equal(lc_output_file_open(&file, "there/web.json", NULL, &none), 0);
	assert_int_equal(count_files("there"), 0);
	assert_int_equal(rename("there", "elsewhere"), 0);
	assert_int_equal(symlink("/nowhere", "there"), 0);
	assert_int_equal(mkfifo("elsewhere/web.json", 0600), 0);
	assert_int_equal(lc_output_file_write(file, "x", 1, &message), 0);
	assert_int_equal(lc_output_file_place(file, &message), -EEXIST);
	assert_non_null(strstr(message, "what was written is in there/.web.json.leastcap-"));
	lc_output_file_free(file);
	assert_int_equal(count_files("elsewhere"), 2);
}

static void a_missing_directory_is_reported(void **state)
{
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(save("web", "no/such/web.json", &message), -ENOENT);
	assert_string_equal(message, "cannot write no/such/web.json: No such file or directory");
}

static void a_directory_cannot_be_overwritten(void **state)
{
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(mkdir("web.json", 0755), 0);
	assert_int_equal(save("web", "web.json", &message), -EISDIR);
	assert_string_equal(message, "cannot write web.json: Is a directory");
}

static void a_hostile_path_cannot_spoil_the_message(void **state)
{
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(save("web", "no\n\033[2J/web.json", &message), -ENOENT);
	assert_string_equal(message, "cannot write no\\n\\033[2J/web.json: No such file or directory");
}

/* Whoever knows our process's number knows no name that we use. */
static void names_that_others_occupy_do_not_matter(void **state)
{
	char name[64];

	(void)state;
	for (int pid = getpid() - 50; pid < getpid() + 50; pid++) {
		snprintf(name, sizeof(name), ".web.json.leastcap-%d", pid);
		assert_int_equal(mkdir(name, 0755), 0);
	}
	assert_saved("web", "web.json");
	assert_int_equal(count_files("."), 101);
}

static void the_longest_file_name_can_be_saved(void **state)
{
	char name[256];

	(void)state;
	memset(name, 'n', 255);
	name[255] = '\0';
	assert_saved("web", name);
	assert_holds(name, "web");
	assert_int_equal(count_files("."), 1);
}

/* Mounts a file system of 64 KiB on "small", or skips the test. */
static void mount_small(void)
{
	assert_int_equal(mkdir("small", 0755), 0);
	if (mount("leastcap-test", "small", "tmpfs", 0, "size=64k") != 0) {
		print_message("mounting a tmpfs: %s\n", strerror(errno));
		skip();
	}
}

static void a_full_disk_leaves_the_old_profile_and_nothing_else(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;
	int err;

	(void)state;
	mount_small();
	assert_saved("old", "small/web.json");
	for (int i = 0; i < 1000; i++)
		lc_profile_add_target(&profile)->name = strdup("a name among very many");
	err = lc_profile_save(&profile, "small/web.json", &message);
	assert_int_equal(count_files("small"), 1);
	assert_holds("small/web.json", "old");
	assert_int_equal(umount2("small", MNT_DETACH), 0);
	assert_int_equal(err, -ENOSPC);
	assert_string_equal(message, "cannot write small/web.json: No space left on device");
}

static void a_full_disk_behind_a_link_to_nothing_is_left_empty(void **state)
{
	_cleanup_(lc_profile_clear) struct lc_profile profile = {0};
	_cleanup_free_ char *message = NULL;
	int err;

	(void)state;
	mount_small();
	assert_int_equal(symlink("small/web.json", "link.json"), 0);
	for (int i = 0; i < 1000; i++)
		lc_profile_add_target(&profile)->name = strdup("a name among very many");
	err = lc_profile_save(&profile, "link.json", &message);
	assert_int_equal(count_files("small"), 0);
	assert_int_equal(umount2("small", MNT_DETACH), 0);
	assert_int_equal(err, -ENOSPC);
}

/* A writer is killed again and again while the file is read: it is always whole. */
static void a_killed_writer_leaves_a_whole_profile(void **state)
{
	(void)state;
	assert_saved("web", "web.json");
	for (int i = 0; i < 50; i++) {
		_cleanup_free_ char *message = NULL;
		pid_t child = fork();

		if (child == 0) {
			for (;;)
				save("web", "web.json", &message);
		}
		usleep(2000);
		kill(child, SIGKILL);
		assert_int_equal(waitpid(child, NULL, 0), child);
		assert_holds("web.json", "web");
	}
	assert_saved("web", "web.json");
}

static void a_missing_file_cannot_be_loaded(void **state)
{
	struct lc_profile profile;
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(lc_profile_load(&profile, "none.json", &message), -ENOENT);
	assert_string_equal(message, "cannot open none.json: No such file or directory");
}

static void a_directory_cannot_be_loaded(void **state)
{
	struct lc_profile profile;
	_cleanup_free_ char *message = NULL;

	(void)state;
	assert_int_equal(lc_profile_load(&profile, ".", &message), -EISDIR);
	assert_string_equal(message, "cannot read .: Is a directory");
}

static void an_empty_file_is_called_so(void **state)
{
	struct lc_profile profile;
	_cleanup_free_ char *message = NULL;

	(void)state;
	touch("web.json");
	assert_int_equal(lc_profile_load(&profile, "web.json", &message), -EINVAL);
	assert_string_equal(message, "web.json: the file is empty");
}

static void a_file_that_is_no_profile_is_named_in_the_message(void **state)
{
	struct lc_profile profile;
	_cleanup_free_ char *message = NULL;
	FILE *file = fopen("web.json", "we");

	(void)state;
	assert_non_null(file);
	fputs("{\"schema\": \"spdx/3\"}\n", file);
	fclose(file);
	assert_int_equal(lc_profile_load(&profile, "web.json", &message), -EINVAL);
	assert_string_equal(message, "web.json: schema: \"spdx/3\" cannot be read, only \"leastcap-profile/1\"");
}

static void a_file_that_is_too_big_is_refused(void **state)
{
	struct lc_profile profile;
	_cleanup_free_ char *message = NULL;

	(void)state;
	touch("web.json");
	assert_int_equal(truncate("web.json", ((off_t)256 << 20) + 1), 0);
	assert_int_equal(lc_profile_load(&profile, "web.json", &message), -EFBIG);
	assert_string_equal(message, "web.json: bigger than 256 MiB: too big for a profile");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_directory, leave_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_saved_profile_is_loaded_again),
		TEST(nothing_but_the_profile_is_left_in_the_directory),
		TEST(a_new_file_obeys_the_umask_and_is_roots_alone),
		TEST(a_replaced_file_never_gives_more_than_a_new_one),
		TEST(a_mode_that_was_chosen_is_the_files),
		TEST(a_replaced_file_keeps_its_owner),
		TEST(a_reader_of_the_old_file_keeps_the_old_file),
		TEST(a_symbolic_link_stays_and_its_target_is_replaced),
		TEST(a_symbolic_link_to_nothing_makes_its_target),
		TEST(null_is_written_in_place),
		TEST(what_is_no_file_is_refused),
		TEST(what_others_put_where_everybody_may_write_is_refused),
		TEST(the_name_may_be_taken_and_the_directory_renamed_meanwhile),
		TEST(a_missing_directory_is_reported),
		TEST(a_directory_cannot_be_overwritten),
		TEST(a_hostile_path_cannot_spoil_the_message),
		TEST(names_that_others_occupy_do_not_matter),
		TEST(the_longest_file_name_can_be_saved),
		TEST(a_full_disk_leaves_the_old_profile_and_nothing_else),
		TEST(a_full_disk_behind_a_link_to_nothing_is_left_empty),
		TEST(a_killed_writer_leaves_a_whole_profile),
		TEST(a_missing_file_cannot_be_loaded),
		TEST(a_directory_cannot_be_loaded),
		TEST(an_empty_file_is_called_so),
		TEST(a_file_that_is_no_profile_is_named_in_the_message),
		TEST(a_file_that_is_too_big_is_refused),
	};

	return cmocka_run_group_tests_name("save", tests, NULL, NULL);
}
