/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the kernel's functions kept in memory, on made-up ones mounted over /proc/kallsyms in a namespace of our own. */
#include "src/probe/symbols.h"

#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmocka.h>

#define KALLSYMS "/proc/kallsyms"

static const char few[] = "0000000000001000 T first\n"
			  "0000000000001100 T second\n"
			  "0000000000001200 D variable\n"
			  "0000000000002000 t third.isra.0\n"
			  "ffffffffc0000000 t of_a_module\t[module]\n";

/* What is mounted from now on, nobody else sees. */
static int enter_own_mount_namespace(void **state)
{
	(void)state;
	if (!unshare(CLONE_NEWNS))
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	return 0;
}

static int restore_kallsyms(void **state)
{
	(void)state;
	umount2(KALLSYMS, MNT_DETACH);
	return 0;
}

/* Puts TEXT in the place of /proc/kallsyms, for this process only. Skips where that is refused. */
static void replace_kallsyms(const char *text)
{
	char path[] = "/tmp/leastcap-symbols.XXXXXX";
	int fd = mkstemp(path);
	int r;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	r = mount(path, KALLSYMS, NULL, MS_BIND, NULL);
	unlink(path);
	if (r) {
		print_message("nothing can be mounted over " KALLSYMS ": run as root\n");
		skip();
	}
}

static struct lc_symbols *load(const char *text)
{
	struct lc_symbols *symbols = NULL;

	replace_kallsyms(text);
	assert_int_equal(lc_symbols_load(&symbols), 0);
	return symbols;
}

static void assert_found(const struct lc_symbols *symbols, uint64_t address, const char *name, uint64_t expected)
{
	uint64_t start = 0;
	const char *found = lc_symbols_find(symbols, address, &start);

	assert_non_null(found);
	assert_string_equal(found, name);
	assert_int_equal(start, expected);
}

static void an_address_in_a_function_has_its_name_and_start(void **state)
{
	struct lc_symbols *symbols = load(few);

	(void)state;
	assert_found(symbols, 0x1001, "first", 0x1000);
	assert_found(symbols, 0x10ff, "first", 0x1000);
	assert_found(symbols, 0x1101, "second", 0x1100);
	lc_symbols_free(symbols);
}

static void an_address_between_functions_belongs_to_the_one_before(void **state)
{
	struct lc_symbols *symbols = load(few);

	(void)state;
	assert_found(symbols, 0x1fff, "second", 0x1100);
	lc_symbols_free(symbols);
}

/* A call at the very end of a function that does not return. */
static void a_return_address_at_a_functions_start_belongs_to_the_one_before(void **state)
{
	struct lc_symbols *symbols = load(few);

	(void)state;
	assert_found(symbols, 0x1100, "first", 0x1000);
	lc_symbols_free(symbols);
}

static void an_address_below_every_function_has_no_name(void **state)
{
	struct lc_symbols *symbols = load(few);
	uint64_t start = 7;

	(void)state;
	assert_null(lc_symbols_find(symbols, 0xfff, &start));
	assert_null(lc_symbols_find(symbols, 0x1000, &start));
	assert_null(lc_symbols_find(symbols, 0, &start));
	lc_symbols_free(symbols);
}

static void data_does_not_lend_its_name(void **state)
{
	struct lc_symbols *symbols = load(few);

	(void)state;
	assert_found(symbols, 0x1210, "second", 0x1100);
	lc_symbols_free(symbols);
}

static void a_compilers_suffix_and_a_modules_name_are_cut_off(void **state)
{
	struct lc_symbols *symbols = load(few);

	(void)state;
	assert_found(symbols, 0x2004, "third", 0x2000);
	assert_found(symbols, UINT64_C(0xffffffffc0000010), "of_a_module", UINT64_C(0xffffffffc0000000));
	lc_symbols_free(symbols);
}

static void the_highest_address_belongs_to_the_last_function(void **state)
{
	struct lc_symbols *symbols = load(few);

	(void)state;
	assert_found(symbols, UINT64_MAX, "of_a_module", UINT64_C(0xffffffffc0000000));
	lc_symbols_free(symbols);
}

static void functions_out_of_order_are_found(void **state)
{
	struct lc_symbols *symbols = load("0000000000003000 T third\n"
					  "0000000000001000 T first\n"
					  "0000000000002000 T second\n");

	(void)state;
	assert_found(symbols, 0x1010, "first", 0x1000);
	assert_found(symbols, 0x2010, "second", 0x2000);
	assert_found(symbols, 0x3010, "third", 0x3000);
	lc_symbols_free(symbols);
}

/* As lc_kallsyms_resolve has it: a traced check and the profile name the same function. */
static void of_several_names_at_one_address_the_first_is_taken(void **state)
{
	struct lc_symbols *symbols = load("0000000000001000 T before\n"
					  "0000000000002000 T zulu\n"
					  "0000000000002000 T alpha\n"
					  "0000000000002000 T mike\n"
					  "0000000000003000 T behind\n");

	(void)state;
	assert_found(symbols, 0x2010, "zulu", 0x2000);
	lc_symbols_free(symbols);
}

static void hidden_addresses_are_an_error(void **state)
{
	struct lc_symbols *symbols = NULL;

	(void)state;
	replace_kallsyms("0000000000000000 T first\n"
			 "0000000000000000 T second\n");
	assert_int_equal(lc_symbols_load(&symbols), -EPERM);
	assert_null(symbols);
}

static void freeing_none_does_no_harm(void **state)
{
	(void)state;
	lc_symbols_free(NULL);
}

#define ON_MADE_UP(test) cmocka_unit_test_teardown(test, restore_kallsyms)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_MADE_UP(an_address_in_a_function_has_its_name_and_start),
		ON_MADE_UP(an_address_between_functions_belongs_to_the_one_before),
		ON_MADE_UP(a_return_address_at_a_functions_start_belongs_to_the_one_before),
		ON_MADE_UP(an_address_below_every_function_has_no_name),
		ON_MADE_UP(data_does_not_lend_its_name),
		ON_MADE_UP(a_compilers_suffix_and_a_modules_name_are_cut_off),
		ON_MADE_UP(the_highest_address_belongs_to_the_last_function),
		ON_MADE_UP(functions_out_of_order_are_found),
		ON_MADE_UP(of_several_names_at_one_address_the_first_is_taken),
		ON_MADE_UP(hidden_addresses_are_an_error),
		cmocka_unit_test(freeing_none_does_no_harm),
	};

	return cmocka_run_group_tests_name("symbols", tests, enter_own_mount_namespace, NULL);
}
