/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * calls_32 WHAT [FILE]: makes i386's system calls from a 64-bit program, by int $0x80, with rubbish in the upper halves of all
 * registers, which the kernel does not look at:
 *   capset   names NET_RAW and SYS_CHROOT
 *   ambient  makes NET_RAW inheritable and raises it
 *   same     takes the ids that root has
 *   other    takes the ids of user 1000
 *   bind     binds a socket to port 80, by socketcall
 *   buffer   sets a small buffer of a socket beyond no limit, by socketcall
 *   chown    gives FILE to user 1234
 *   exec     executes FILE
 */
#include <linux/capability.h>
#include <linux/net.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>

/* arch/x86/entry/syscalls/syscall_32.tbl */
enum {
	EXECVE = 11,
	SETUID_16 = 23,
	SETGID_16 = 46,
	SOCKETCALL = 102,
	SETRESUID_16 = 164,
	PRCTL = 172,
	CAPSET = 185,
	SETRESUID = 208,
	SETRESGID = 210,
	CHOWN = 212,
};

#define RUBBISH 0xdeadbeef00000000

/* What the calls point to: in a static program below 4 GiB. */
static struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
static struct __user_cap_data_struct sets[2];
static uint32_t packed[5], arguments[2];
static int size = 4096;
static char path[256];
static struct sockaddr_in address;

#if defined(__x86_64__)
static int call(uint32_t number, uint32_t a, uint32_t b, uint32_t c)
{
	uint64_t result = RUBBISH | number;

	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"(RUBBISH | a), "c"(RUBBISH | b), "d"(RUBBISH | c), "S"(RUBBISH), "D"(RUBBISH)
			 : "r8", "r9", "r10", "r11", "memory");
	return (int)result;
}
#else
static int call(uint32_t number, uint32_t a, uint32_t b, uint32_t c)
{
	return (int)(number | a | b | c) | -1;
}
#endif

static uint32_t low(const void *object)
{
	return (uint32_t)(uintptr_t)object;
}

static int name_capabilities(void)
{
	sets[0].permitted = sets[0].effective = 1U << CAP_NET_RAW | 1U << CAP_SYS_CHROOT;
	return call(CAPSET, low(&header), low(sets), 0);
}

static int raise_ambient(void)
{
	sets[0].permitted = sets[0].effective = sets[0].inheritable = 1U << CAP_NET_RAW;
	return call(CAPSET, low(&header), low(sets), 0) ||
	       call(PRCTL, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_NET_RAW);
}

static int take_ids_of_root(void)
{
	return call(SETGID_16, 0, 0, 0) || call(SETUID_16, 0, 0, 0) || call(SETRESUID_16, 0, 0xffff, 0) ||
	       call(SETRESUID, 0, (uint32_t)-1, 0) || call(SETRESGID, 0, 0, (uint32_t)-1);
}

static int take_ids_of_another(void)
{
	return call(SETRESGID, 1000, 1000, 1000) || call(SETUID_16, 1000, 0, 0);
}

static int set_buffer(void)
{
	packed[0] = (uint32_t)socket(AF_UNIX, SOCK_DGRAM, 0);
	packed[1] = SOL_SOCKET;
	packed[2] = SO_SNDBUFFORCE;
	packed[3] = low(&size);
	packed[4] = sizeof(size);
	return call(SOCKETCALL, SYS_SETSOCKOPT, low(packed), 0);
}

static int bind_port(void)
{
	address.sin_family = AF_INET;
	address.sin_port = htons(80);
	packed[0] = (uint32_t)socket(AF_INET, SOCK_STREAM, 0);
	packed[1] = low(&address);
	packed[2] = sizeof(address);
	return call(SOCKETCALL, SYS_BIND, low(packed), 0);
}

static int execute(void)
{
	arguments[0] = low(path);
	return call(EXECVE, low(path), low(arguments), low(&arguments[1]));
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	int result = -1;

	if (argc > 2)
		snprintf(path, sizeof(path), "%s", argv[2]);
	if (!strcmp(what, "capset"))
		result = name_capabilities();
	else if (!strcmp(what, "ambient"))
		result = raise_ambient();
	else if (!strcmp(what, "same"))
		result = take_ids_of_root();
	else if (!strcmp(what, "other"))
		result = take_ids_of_another();
	else if (!strcmp(what, "bind"))
		result = bind_port();
	else if (!strcmp(what, "buffer"))
		result = set_buffer();
	else if (!strcmp(what, "chown"))
		result = call(CHOWN, low(path), 1234, (uint32_t)-1);
	else if (!strcmp(what, "exec"))
		result = execute();
	if (result)
		fprintf(stderr, "%s: %d\n", what, result);
	return result != 0;
}
