/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* SHA-256 (FIPS 180-4). No library that the program has anyway offers one. */
#include <leastcap/sha256.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 64, ROUNDS = 64, WORDS = 8, LENGTH_AT = 56 };

/* The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
static const uint32_t constants[ROUNDS] = {0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
	0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
	0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
	0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
	0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t rotate(uint32_t word, unsigned int by)
{
	return word >> by | word << (32 - by);
}

/* Spreads the sixteen words of BLOCK over all rounds. */
static void schedule(uint32_t words[ROUNDS], const uint8_t block[BLOCK])
{
	for (size_t i = 0; i < 16; i++)
		words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
			   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (size_t i = 16; i < ROUNDS; i++) {
		uint32_t low = rotate(words[i - 15], 7) ^ rotate(words[i - 15], 18) ^ words[i - 15] >> 3;
		uint32_t high = rotate(words[i - 2], 17) ^ rotate(words[i - 2], 19) ^ words[i - 2] >> 10;

		words[i] = words[i - 16] + low + words[i - 7] + high;
	}
}

static void take_block(uint32_t state[WORDS], const uint8_t block[BLOCK])
{
	uint32_t words[ROUNDS], s[WORDS];

	schedule(words, block);
	memcpy(s, state, sizeof(s));
	for (size_t i = 0; i < ROUNDS; i++) {
		uint32_t choice = (s[4] & s[5]) ^ (~s[4] & s[6]);
		uint32_t majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
		uint32_t high = rotate(s[4], 6) ^ rotate(s[4], 11) ^ rotate(s[4], 25);
		uint32_t low = rotate(s[0], 2) ^ rotate(s[0], 13) ^ rotate(s[0], 22);
		uint32_t one = s[7] + high + choice + constants[i] + words[i];

		memmove(s + 1, s, (WORDS - 1) * sizeof(*s));
		s[4] += one;
		s[0] = one + low + majority;
	}
	for (size_t i = 0; i < WORDS; i++)
		state[i] += s[i];
}

void lc_sha256(const char *text, size_t length, char hex[LC_SHA256_SIZE])
{
	uint32_t state[WORDS] = {
		0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
	uint64_t bits = (uint64_t)length * 8;
	uint8_t last[2 * BLOCK] = {0};
	size_t left = length % BLOCK;
	size_t n = left < LENGTH_AT ? 1 : 2;

	for (size_t at = 0; at + BLOCK <= length; at += BLOCK)
		take_block(state, (const uint8_t *)text + at);
	if (left)
		memcpy(last, text + length - left, left);
	last[left] = 0x80;
	for (size_t i = 0; i < 8; i++)
		last[n * BLOCK - 1 - i] = (uint8_t)(bits >> (8 * i));
	for (size_t i = 0; i < n; i++)
		take_block(state, last + i * BLOCK);
	for (size_t i = 0; i < WORDS; i++)
		snprintf(hex + 8 * i, 9, "%08x", state[i]);
}
