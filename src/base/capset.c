/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Capability numbers and names: libcap's, without the "cap_" and in upper case. */
#include <leastcap/capset.h>
#include <leastcap/suggest.h>

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/capability.h>

#define LC_CAP_MAX 63

static const char cap_prefix[] = "CAP_";
#define LC_CAP_PREFIX_LENGTH (sizeof(cap_prefix) - 1)

const char *lc_cap_name(int cap, char name[LC_CAP_NAME_SIZE])
{
	char *known = cap >= 0 ? cap_to_name(cap) : NULL;

	/* libcap writes a capability that it does not know as digits. */
	if (known && strncasecmp(known, cap_prefix, LC_CAP_PREFIX_LENGTH) == 0) {
		snprintf(name, LC_CAP_NAME_SIZE, "%s", known + LC_CAP_PREFIX_LENGTH);
		for (char *c = name; *c; c++)
			*c = (char)toupper((unsigned char)*c);
	} else {
		snprintf(name, LC_CAP_NAME_SIZE, "%s%d", cap_prefix, cap);
	}
	if (known)
		cap_free(known);
	return name;
}

const char *lc_cap_full_name(int cap, char name[LC_CAP_NAME_SIZE])
{
	char plain[LC_CAP_NAME_SIZE];

	lc_cap_name(cap, plain);
	/* A capability without a name is spelt CAP_63 already. */
	snprintf(name, LC_CAP_NAME_SIZE, "%s%.*s", strncmp(plain, cap_prefix, LC_CAP_PREFIX_LENGTH) ? cap_prefix : "",
		(int)(LC_CAP_NAME_SIZE - LC_CAP_PREFIX_LENGTH - 1), plain);
	return name;
}

int lc_cap_take(uint64_t *mask)
{
	int cap = *mask ? __builtin_ctzll(*mask) : -1;

	*mask &= *mask - 1;
	return cap;
}

void lc_cap_add_list(struct lc_strbuf *out, uint64_t mask, const char *before, const char *between, bool prefix)
{
	char name[LC_CAP_NAME_SIZE];

	for (int cap; (cap = lc_cap_take(&mask)) >= 0; before = between) {
		lc_strbuf_adds(out, before);
		lc_strbuf_adds(out, prefix ? lc_cap_full_name(cap, name) : lc_cap_name(cap, name));
	}
}

void lc_cap_add_names(struct lc_strbuf *out, uint64_t mask)
{
	lc_cap_add_list(out, mask, "", ", ", false);
}

/* The number in the text after "CAP_" that lc_cap_name writes for a nameless capability, or -EINVAL. */
static int number_from_digits(const char *digits)
{
	int number = 0;

	if (!*digits || strlen(digits) > 2)
		return -EINVAL;
	for (; *digits; digits++) {
		if (*digits < '0' || *digits > '9')
			return -EINVAL;
		number = number * 10 + (*digits - '0');
	}
	return number <= LC_CAP_MAX ? number : -EINVAL;
}

/* Whether TEXT can be a name. libcap also takes numbers, and stops at the first character that no name has. */
static bool is_name(const char *text)
{
	if (!isalpha((unsigned char)*text))
		return false;
	for (; *text; text++) {
		if (!isalnum((unsigned char)*text) && *text != '_')
			return false;
	}
	return true;
}

int lc_cap_from_name(const char *name)
{
	char full[LC_CAP_NAME_SIZE + LC_CAP_PREFIX_LENGTH];
	bool prefixed;
	cap_value_t cap;

	if (!name)
		return -EINVAL;
	prefixed = strncasecmp(name, cap_prefix, LC_CAP_PREFIX_LENGTH) == 0;
	if (prefixed)
		name += LC_CAP_PREFIX_LENGTH;
	if (prefixed && isdigit((unsigned char)*name))
		return number_from_digits(name);
	if (!is_name(name) || strlen(name) >= LC_CAP_NAME_SIZE)
		return -EINVAL;
	snprintf(full, sizeof(full), "cap_%s", name);
	for (char *c = full; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (cap_from_name(full, &cap) != 0 || cap < 0 || cap > LC_CAP_MAX)
		return -EINVAL;
	return cap;
}

uint64_t lc_cap_all(void)
{
	int bits = cap_max_bits();

	if (bits <= 0)
		return 0;
	return bits > LC_CAP_MAX ? UINT64_MAX : LC_CAP_BIT(bits) - 1;
}

const char *lc_cap_suggest(const char *name, char buffer[LC_CAP_NAME_SIZE])
{
	char names[LC_CAP_MAX + 1][LC_CAP_NAME_SIZE];
	const char *words[LC_CAP_MAX + 1];
	uint64_t all = lc_cap_all();
	const char *near;
	size_t n = 0;

	if (strncasecmp(name, cap_prefix, LC_CAP_PREFIX_LENGTH) == 0)
		name += LC_CAP_PREFIX_LENGTH;
	/* A capability without a name is called CAP_ and its number: that is no suggestion. */
	for (int cap; (cap = lc_cap_take(&all)) >= 0;) {
		if (strncmp(lc_cap_name(cap, names[cap]), cap_prefix, LC_CAP_PREFIX_LENGTH) != 0)
			words[n++] = names[cap];
	}
	near = lc_suggest(name, words, n);
	if (!near)
		return NULL;
	snprintf(buffer, LC_CAP_NAME_SIZE, "%s", near);
	return buffer;
}
