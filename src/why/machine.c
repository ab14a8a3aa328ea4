/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a call and a function's beginning look like on this machine. */
#include "src/why/machine.h"

#include <string.h>

static const Elf64_Ehdr native = {
	.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
	.e_type = ET_DYN,
#if defined(__x86_64__)
	.e_machine = EM_X86_64,
#else
	.e_machine = EM_AARCH64,
#endif
	.e_version = EV_CURRENT,
	.e_ehsize = sizeof(Elf64_Ehdr),
};

char *lc_why_machine_header(void)
{
	return (char *)&native;
}

bool lc_why_machine_is_ours(const GElf_Ehdr *header)
{
	return header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_ident[EI_DATA] == ELFDATA2LSB &&
	       header->e_machine == native.e_machine && (header->e_type == ET_EXEC || header->e_type == ET_DYN);
}

#if defined(__x86_64__)
uint64_t lc_why_machine_plain_address(uint64_t address)
{
	return address;
}

bool lc_why_machine_ends_with_call(const unsigned char *code)
{
	/* call through a register or memory, ff /2: how long it is depends on the addressing. */
	static const size_t lengths[] = {2, 3, 4, 6, 7};
	const unsigned char *end = code + MACHINE_CALL_MAX;
	size_t i;

	if (end[-5] == 0xe8)
		return true;
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		const unsigned char *call = end - lengths[i];

		if (call[0] == 0xff && (call[1] >> 3 & 7) == 2)
			return true;
	}
	return false;
}

bool lc_why_machine_makes_frame_pointer(const unsigned char *code, size_t size)
{
	/* push %rbp; mov %rsp,%rbp; Go first looks whether the stack has room. */
	static const unsigned char prologue[] = {0x55, 0x48, 0x89, 0xe5};

	return memmem(code, size, prologue, sizeof(prologue)) != NULL;
}
#else
uint64_t lc_why_machine_plain_address(uint64_t address)
{
	/* User addresses have 48 bits; above may be a signature or a tag. */
	return address & ((1ULL << 48) - 1);
}

bool lc_why_machine_ends_with_call(const unsigned char *code)
{
	uint32_t word;

	memcpy(&word, code, sizeof(word));
	/* bl, blr and its relatives that check a signature. */
	return (word & 0xfc000000) == 0x94000000 || (word & 0xfefff000) == 0xd63f0000;
}

bool lc_why_machine_makes_frame_pointer(const unsigned char *code, size_t size)
{
	(void)code, (void)size;
	return true; /* the ABI's custom */
}
#endif
