/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Tests of the interpreter of seccomp filters: against rules of libseccomp's, and against the kernel that this runs on. */
#include <leastcap/cleanup.h>
#include <leastcap/filter.h>

#include <errno.h>
#include <linux/audit.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cmocka.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* What libseccomp calls this machine's own architecture, in a call's arch. */
static uint32_t native(void)
{
	return seccomp_arch_native();
}

/* The same numbers at every run. */
static uint32_t chance(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static uint32_t answer_of(const struct lc_filter *filter, const struct seccomp_data *call)
{
	uint32_t answer = 0;

	assert_int_equal(lc_filter_run(filter, call, &answer), 0);
	return answer;
}

static int run_program(const struct sock_filter *program, size_t n)
{
	const struct lc_filter filter = {program, n};
	const struct seccomp_data call = {0};
	uint32_t answer;

	return lc_filter_run(&filter, &call, &answer);
}

/* A rule of libseccomp's: the call, and what one argument is compared with. */
struct rule {
	const char *call;
	uint32_t action;
	int argument; /* -1: whatever the arguments are */
	enum scmp_compare op;
	uint64_t a, b;
};

static const struct rule rules[] = {
	{"read", SCMP_ACT_ALLOW, -1, 0, 0, 0},
	{"write", SCMP_ACT_ALLOW, 0, SCMP_CMP_EQ, 1, 0},
	{"write", SCMP_ACT_ALLOW, 0, SCMP_CMP_EQ, 2, 0},
	{"clone", SCMP_ACT_ALLOW, 0, SCMP_CMP_MASKED_EQ, CLONE_NEWUSER | CLONE_NEWNS, 0},
	{"clone3", SCMP_ACT_ERRNO(ENOSYS), -1, 0, 0, 0},
	{"personality", SCMP_ACT_ALLOW, 0, SCMP_CMP_EQ, 0xffffffff, 0},
	{"personality", SCMP_ACT_ALLOW, 0, SCMP_CMP_EQ, 8, 0},
	{"socket", SCMP_ACT_ALLOW, 0, SCMP_CMP_LT, AF_VSOCK, 0},
	{"socket", SCMP_ACT_ALLOW, 0, SCMP_CMP_GT, AF_VSOCK, 0},
	{"mount", SCMP_ACT_KILL_PROCESS, -1, 0, 0, 0},
	{"ptrace", SCMP_ACT_TRACE(7), 1, SCMP_CMP_NE, 4, 0},
	{"lseek", SCMP_ACT_LOG, 1, SCMP_CMP_GE, UINT64_C(0x100000000), 0},
	{"ftruncate", SCMP_ACT_ERRNO(EFBIG), 1, SCMP_CMP_LE, UINT64_C(0xfffffffff), 0},
};

static bool holds(const struct rule *rule, const struct seccomp_data *call)
{
	uint64_t value = rule->argument < 0 ? 0 : call->args[rule->argument];

	if (rule->argument < 0)
		return true;
	switch (rule->op) {
	case SCMP_CMP_NE:
		return value != rule->a;
	case SCMP_CMP_LT:
		return value < rule->a;
	case SCMP_CMP_LE:
		return value <= rule->a;
	case SCMP_CMP_EQ:
		return value == rule->a;
	case SCMP_CMP_GE:
		return value >= rule->a;
	case SCMP_CMP_GT:
		return value > rule->a;
	case SCMP_CMP_MASKED_EQ:
		return (value & rule->a) == rule->b;
	default:
		fail();
		return false;
	}
}

/* The default answer is EPERM. */
static uint32_t answer_of_rules(const struct seccomp_data *call)
{
	for (size_t i = 0; i < LENGTH(rules); i++) {
		if (seccomp_syscall_resolve_name(rules[i].call) == call->nr && holds(&rules[i], call))
			return rules[i].action;
	}
	return SCMP_ACT_ERRNO(EPERM);
}

/* The program that libseccomp makes of the rules; BINARY: one that searches the calls' numbers by halves. */
static struct lc_filter compile(bool binary)
{
	_cleanup_fd_ int fd = memfd_create("filter", MFD_CLOEXEC);
	scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	struct lc_filter filter;
	off_t size;
	void *program;

	assert_non_null(context);
	assert_true(fd >= 0);
	if (binary)
		assert_int_equal(seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2), 0);
	for (size_t i = 0; i < LENGTH(rules); i++) {
		const struct scmp_arg_cmp compared = {
			(unsigned int)rules[i].argument, rules[i].op, rules[i].a, rules[i].b};

		assert_int_equal(
			seccomp_rule_add_array(context, rules[i].action, seccomp_syscall_resolve_name(rules[i].call),
				rules[i].argument >= 0, &compared),
			0);
	}
	assert_int_equal(seccomp_export_bpf(context, fd), 0);
	seccomp_release(context);
	size = lseek(fd, 0, SEEK_END);
	assert_true(size > 0 && size % sizeof(struct sock_filter) == 0);
	program = malloc((size_t)size);
	assert_non_null(program);
	assert_int_equal(pread(fd, program, (size_t)size, 0), size);
	filter.program = program;
	filter.n = (size_t)size / sizeof(struct sock_filter);
	return filter;
}

/* Values at which rules change their mind, and around them. */
static uint64_t argument(uint32_t *seed)
{
	static const uint64_t values[] = {0, 1, 2, 4, 8, AF_VSOCK, CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWUSER | 17,
		0xffffffff, UINT64_C(0x100000000), UINT64_C(0xfffffffff), UINT64_MAX};
	uint64_t value = values[chance(seed) % LENGTH(values)];

	switch (chance(seed) % 4) {
	case 0:
		return value - 1;
	case 1:
		return value + 1;
	case 2:
		return value | (uint64_t)chance(seed) << 32;
	default:
		return value;
	}
}

static void test_rules_of_libseccomp(void **state)
{
	(void)state;
	for (int binary = 0; binary < 2; binary++) {
		struct lc_filter filter = compile(binary);
		uint32_t seed = 1;

		for (int i = 0; i < 20000; i++) {
			struct seccomp_data call = {.arch = native()};

			call.nr = i % 3 ? seccomp_syscall_resolve_name(rules[chance(&seed) % LENGTH(rules)].call)
					: (int)(chance(&seed) % 460);
			for (size_t j = 0; j < LENGTH(call.args); j++)
				call.args[j] = argument(&seed);
			assert_int_equal(answer_of(&filter, &call), answer_of_rules(&call));
		}
		free((void *)filter.program);
	}
}

/* What is called in another architecture is none of the rules' calls, whatever its number. */
static void test_other_architecture(void **state)
{
	struct lc_filter filter = compile(false);
	const struct seccomp_data call = {.nr = seccomp_syscall_resolve_name("read"), .arch = AUDIT_ARCH_PPC};

	(void)state;
	assert_int_equal(answer_of(&filter, &call), SCMP_ACT_KILL);
	assert_int_equal(lc_filter_answers(&filter, 1, &call, 0), LC_FILTER_REFUSES);
	free((void *)filter.program);
}

/* Each program here is one that the kernel refuses: test_kernel_takes holds that against the kernel. */
static const struct {
	struct sock_filter program[4];
	size_t n;
} refused[] = {
	{{BPF_STMT(BPF_RET | BPF_K, 0)}, 0},
	{{BPF_STMT(BPF_LD | BPF_IMM, 0)}, 1},
	{{BPF_STMT(0xffff, 0), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_RET | BPF_X, 0)}, 1},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, sizeof(struct seccomp_data)), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0xffffffff), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 32), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_LD | BPF_MEM, 3), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_ST, 3), BPF_STMT(BPF_LD | BPF_MEM, 4), BPF_STMT(BPF_RET | BPF_A, 0)}, 3},
	{{BPF_STMT(BPF_ST, BPF_MEMWORDS), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_STX, 0xffffffff), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), BPF_STMT(BPF_ST, 3), BPF_STMT(BPF_LD | BPF_MEM, 3),
		 BPF_STMT(BPF_RET | BPF_A, 0)},
		4},
	{{BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_STMT(BPF_JMP | BPF_JA, 0xffffffff), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
	{{BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, 0, 0, 255), BPF_STMT(BPF_RET | BPF_K, 0)}, 2},
};

static void test_refused(void **state)
{
	struct sock_filter long_one[BPF_MAXINSNS + 1];

	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++) {
		if (run_program(refused[i].program, refused[i].n) != -EINVAL)
			fail_msg("program %zu was run", i);
	}
	assert_int_equal(run_program(NULL, 1), -EINVAL);
	for (size_t i = 0; i < LENGTH(long_one); i++)
		long_one[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	assert_int_equal(run_program(long_one, BPF_MAXINSNS), 0);
	assert_int_equal(run_program(long_one, BPF_MAXINSNS + 1), -EINVAL);
}

/* The longest filter that there may be, with a jump over nearly all of it. */
static void test_longest(void **state)
{
	struct sock_filter program[BPF_MAXINSNS];
	const struct lc_filter filter = {program, LENGTH(program)};
	const struct seccomp_data call = {0};

	(void)state;
	for (size_t i = 0; i < LENGTH(program); i++)
		program[i] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 1);
	program[LENGTH(program) - 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_A, 0);
	assert_int_equal(answer_of(&filter, &call), LENGTH(program) - 1);
	program[1] = (struct sock_filter)BPF_STMT(BPF_JMP | BPF_JA, LENGTH(program) - 4);
	assert_int_equal(answer_of(&filter, &call), 2);
}

/* What a filter answers that returns K. */
static enum lc_filter_answer answers(const uint32_t *k, size_t n, int error)
{
	struct sock_filter programs[4];
	struct lc_filter filters[4];
	const struct seccomp_data call = {0};

	assert_true(n <= LENGTH(programs));
	for (size_t i = 0; i < n; i++) {
		programs[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, k[i]);
		filters[i] = (struct lc_filter){&programs[i], 1};
	}
	return lc_filter_answers(filters, n, &call, error);
}

static void test_answers(void **state)
{
	static const struct {
		uint32_t k;
		int error;
		enum lc_filter_answer answer;
	} cases[] = {
		{SECCOMP_RET_ALLOW, EPERM, LC_FILTER_ALLOWS},
		{SECCOMP_RET_ALLOW | 1, 0, LC_FILTER_ALLOWS},
		{SECCOMP_RET_LOG, EPERM, LC_FILTER_ALLOWS},
		{SECCOMP_RET_ERRNO | EPERM, EPERM, LC_FILTER_REFUSES},
		{SECCOMP_RET_ERRNO | EPERM, EACCES, LC_FILTER_UNKNOWN},
		{SECCOMP_RET_ERRNO | EPERM, 0, LC_FILTER_UNKNOWN},
		{SECCOMP_RET_ERRNO | 0, 0, LC_FILTER_REFUSES},
		{SECCOMP_RET_ERRNO | ENOSYS, ENOSYS, LC_FILTER_REFUSES},
		{SECCOMP_RET_ERRNO | 0xffff, 4095, LC_FILTER_REFUSES},
		{SECCOMP_RET_TRACE, ENOSYS, LC_FILTER_REFUSES},
		{SECCOMP_RET_TRACE, EPERM, LC_FILTER_UNKNOWN},
		{SECCOMP_RET_USER_NOTIF, 0, LC_FILTER_ALLOWS},
		{SECCOMP_RET_USER_NOTIF, EPERM, LC_FILTER_UNKNOWN},
		{SECCOMP_RET_TRAP, EPERM, LC_FILTER_REFUSES},
		{SECCOMP_RET_KILL_THREAD, EPERM, LC_FILTER_REFUSES},
		{SECCOMP_RET_KILL_PROCESS, EPERM, LC_FILTER_REFUSES},
		{0x12340000, EPERM, LC_FILTER_REFUSES},
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(cases); i++) {
		if (answers(&cases[i].k, 1, cases[i].error) != cases[i].answer)
			fail_msg("case %zu", i);
	}
	assert_int_equal(answers(NULL, 0, EPERM), LC_FILTER_NONE);
}

static void test_strictest(void **state)
{
	static const uint32_t eperm_last[] = {SECCOMP_RET_ALLOW, SECCOMP_RET_LOG, SECCOMP_RET_ERRNO | EPERM};
	static const uint32_t eperm_first[] = {SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_ERRNO | EACCES};
	static const uint32_t killed[] = {SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD};
	static const uint32_t trapped[] = {SECCOMP_RET_ERRNO | EPERM, SECCOMP_RET_TRAP};
	const struct sock_filter allows[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
	const struct lc_filter filters[] = {{allows, 1}, {refused[1].program, refused[1].n}};
	const struct seccomp_data call = {0};

	(void)state;
	assert_int_equal(answers(eperm_last, LENGTH(eperm_last), EPERM), LC_FILTER_REFUSES);
	assert_int_equal(answers(eperm_last, 2, EPERM), LC_FILTER_ALLOWS);
	/* Of the same action the newest one's data count. */
	assert_int_equal(answers(eperm_first, LENGTH(eperm_first), EPERM), LC_FILTER_REFUSES);
	assert_int_equal(answers(eperm_first, LENGTH(eperm_first), EACCES), LC_FILTER_UNKNOWN);
	assert_int_equal(answers(killed, LENGTH(killed), 0), LC_FILTER_REFUSES);
	assert_int_equal(answers(trapped, LENGTH(trapped), 0), LC_FILTER_REFUSES);
	assert_int_equal(lc_filter_answers(filters, 2, &call, EPERM), LC_FILTER_UNKNOWN);
}

/* In a child: a filter, which counts from then on. 0 or an errno. */
static int install(const struct sock_filter *program, size_t n)
{
	const struct sock_fprog prog = {(unsigned short)n, (struct sock_filter *)program};
	const struct rlimit none = {0, 0};

	/* A test's handlers would go on with the tests in the child. */
	if (signal(SIGILL, SIG_DFL) == SIG_ERR || setrlimit(RLIMIT_CORE, &none) ||
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return errno;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &prog) ? errno : 0;
}

/* Whether the kernel takes a filter. The child may make no call any more after that. */
static bool kernel_takes(const struct sock_filter *program, size_t n)
{
	int *shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int error;
	pid_t pid;

	assert_true(shared != MAP_FAILED);
	*shared = -1;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		*shared = install(program, n);
		for (;;)
			__builtin_trap();
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	error = *shared;
	munmap(shared, sizeof(*shared));
	assert_true(error == 0 || error == EINVAL);
	return error == 0;
}

/* An instruction of which about every second one is allowed. */
static struct sock_filter random_instruction(uint32_t *seed, size_t left)
{
	static const uint16_t codes[] = {BPF_LD | BPF_W | BPF_ABS, BPF_LD | BPF_MEM, BPF_LDX | BPF_MEM, BPF_ST, BPF_STX,
		BPF_LD | BPF_IMM, BPF_LD | BPF_W | BPF_LEN, BPF_MISC | BPF_TAX, BPF_MISC | BPF_TXA, BPF_JMP | BPF_JA,
		BPF_JMP | BPF_JEQ | BPF_K, BPF_JMP | BPF_JSET | BPF_X, BPF_ALU | BPF_DIV | BPF_K,
		BPF_ALU | BPF_LSH | BPF_K, BPF_ALU | BPF_NEG};
	struct sock_filter made = {.code = codes[chance(seed) % LENGTH(codes)], .k = chance(seed) % 4};

	if (chance(seed) % 24 == 0)
		made.code = (uint16_t)(chance(seed) & 0xff);
	if (made.code == (BPF_LD | BPF_W | BPF_ABS))
		made.k *= 4;
	made.jt = (uint8_t)(chance(seed) % (left + 1));
	made.jf = (uint8_t)(chance(seed) % (left + 1));
	return made;
}

/* That the kernel and we agree on which filters are filters. */
static void test_kernel_takes(void **state)
{
	uint32_t seed = 7;
	size_t n_taken = 0;

	(void)state;
	for (size_t i = 0; i < LENGTH(refused); i++) {
		if (kernel_takes(refused[i].program, refused[i].n))
			fail_msg("the kernel takes program %zu", i);
	}
	for (int i = 0; i < 400; i++) {
		struct sock_filter program[6];
		size_t n = 1 + chance(&seed) % LENGTH(program);
		bool taken;

		for (size_t j = 0; j < n; j++)
			program[j] = random_instruction(&seed, n - j);
		program[n - 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
		taken = kernel_takes(program, n);
		n_taken += taken;
		assert_int_equal(run_program(program, n), taken ? 0 : -EINVAL);
	}
	/* The test says nothing where all are of one kind. */
	assert_in_range(n_taken, 50, 350);
}

/* The call that the next test's filters answer: it asks for nothing. */
#define ASKED SYS_getpgid

/* A valid program that calculates with the arguments of ASKED, and answers with an errno that depends on each of them. */
static size_t random_program(struct sock_filter *program, size_t size, uint32_t *seed)
{
	static const uint16_t operations[] = {
		BPF_ADD, BPF_SUB, BPF_MUL, BPF_DIV, BPF_AND, BPF_OR, BPF_XOR, BPF_LSH, BPF_RSH};
	static const uint16_t jumps[] = {BPF_JEQ, BPF_JGE, BPF_JGT, BPF_JSET};
	size_t n = 0;

	program[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ASKED, 1, 0);
	program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	program[n++] = (struct sock_filter)BPF_STMT(BPF_ST, 0);
	while (n < size - 4) {
		uint16_t source = chance(seed) % 2 ? BPF_X : BPF_K;
		uint32_t k = 1 + chance(seed) % 31;

		switch (chance(seed) % 7) {
		case 5:
			program[n++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_NEG, 0);
			break;
		case 0:
			program[n++] = (struct sock_filter)BPF_STMT(
				BPF_LD | BPF_W | BPF_ABS, 16 + chance(seed) % 12 * sizeof(uint32_t));
			break;
		case 1:
			program[n++] =
				(struct sock_filter)BPF_STMT(BPF_MISC | (chance(seed) % 2 ? BPF_TAX : BPF_TXA), 0);
			break;
		case 2:
			program[n++] = (struct sock_filter)BPF_STMT(chance(seed) % 2 ? BPF_ST : BPF_STX, 0);
			break;
		case 3:
			program[n++] = (struct sock_filter)BPF_STMT((chance(seed) % 2 ? BPF_LD : BPF_LDX) | BPF_MEM, 0);
			break;
		case 4:
			program[n++] =
				(struct sock_filter)BPF_JUMP(BPF_JMP | jumps[chance(seed) % LENGTH(jumps)] | source, k,
					n + 7 < size ? chance(seed) % 3 : 0, 0);
			break;
		default:
			program[n++] = (struct sock_filter)BPF_STMT(
				BPF_ALU | operations[chance(seed) % LENGTH(operations)] | source, k);
		}
	}
	program[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_MEM, 0);
	program[n++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff);
	program[n++] = (struct sock_filter)BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO);
	program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_A, 0);
	return n;
}

#define CALLS 20

/* In a child: what the kernel answers for CALLS, as errnos. */
static void ask_kernel(const struct lc_filter *filter, const struct seccomp_data *calls, int *errors)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		if (install(filter->program, filter->n))
			_exit(1);
		for (int i = 0; i < CALLS; i++) {
			const __u64 *args = calls[i].args;

			errno = 0;
			syscall(ASKED, args[0], args[1], args[2], args[3], args[4], args[5]);
			errors[i] = errno;
		}
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	/* A division by 0 kills. */
	if (WIFSIGNALED(status))
		assert_int_equal(WTERMSIG(status), SIGSYS);
	else
		assert_int_equal(WEXITSTATUS(status), 0);
}

/* That the kernel and we have the same answers. */
static void test_kernel_answers(void **state)
{
	int *errors = mmap(NULL, sizeof(int) * CALLS, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct seccomp_data calls[CALLS];
	struct sock_filter program[60];
	uint32_t seed = 3;

	(void)state;
	assert_true(errors != MAP_FAILED);
	for (int i = 0; i < 150; i++) {
		struct lc_filter filter = {program, random_program(program, LENGTH(program), &seed)};

		for (int j = 0; j < CALLS; j++) {
			calls[j] = (struct seccomp_data){.nr = ASKED, .arch = native()};
			for (size_t k = 0; k < LENGTH(calls[j].args); k++)
				calls[j].args[k] = argument(&seed);
			errors[j] = -1;
		}
		ask_kernel(&filter, calls, errors);
		for (int j = 0; j < CALLS; j++) {
			uint32_t answer = answer_of(&filter, &calls[j]);

			if (errors[j] < 0) {
				assert_int_equal(answer, SECCOMP_RET_KILL_THREAD);
				break;
			}
			assert_int_equal(answer & SECCOMP_RET_DATA, errors[j]);
		}
	}
	munmap(errors, sizeof(int) * CALLS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules_of_libseccomp),
		cmocka_unit_test(test_other_architecture),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_longest),
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_strictest),
		cmocka_unit_test(test_kernel_takes),
		cmocka_unit_test(test_kernel_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
