/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Shows what addresses point to: strings, structures, arrays, socket addresses. */
#include "src/trace/decode.h"

#include <leastcap/constants.h>

#include <arpa/inet.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define LC_SHOWN_ELEMENTS 32 /* of a string or an array: strace's -s */

/* Appends MEMORY in quotes, no more of it than strace shows. */
static void put_short(struct lc_strbuf *out, const struct lc_piece *memory)
{
	bool longer = memory->length > LC_SHOWN_ELEMENTS;

	lc_put_quoted(out, memory->bytes, longer ? LC_SHOWN_ELEMENTS : memory->length, longer || memory->cut);
}

static void put_element(
	struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_type *type, const unsigned char *bytes)
{
	struct lc_type element = *type;

	element.kind = type->element;
	if (element.kind == LC_KIND_STRUCT)
		lc_put_struct(out, call, type->layout, bytes, type->unit);
	else
		lc_put_value(out, call, &element, lc_number_at(bytes, type->unit));
}

static void put_array(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_type *type,
	const struct lc_piece *memory)
{
	size_t n = memory->length / type->unit;
	bool more = memory->cut || n > LC_SHOWN_ELEMENTS;

	if (n > LC_SHOWN_ELEMENTS)
		n = LC_SHOWN_ELEMENTS;
	lc_strbuf_add(out, "[", 1);
	for (size_t i = 0; i < n; i++) {
		if (i)
			lc_strbuf_adds(out, ", ");
		put_element(out, call, type, memory->bytes + i * type->unit);
	}
	if (more)
		lc_strbuf_adds(out, n ? ", ..." : "...");
	lc_strbuf_add(out, "]", 1);
}

/* Appends a set of processors: [0 1]. */
static void put_cpus(struct lc_strbuf *out, const struct lc_piece *memory)
{
	const char *before = "";

	lc_strbuf_add(out, "[", 1);
	for (size_t cpu = 0; cpu < (size_t)memory->length * 8; cpu++) {
		if (!(memory->bytes[cpu / 8] >> cpu % 8 & 1))
			continue;
		lc_strbuf_adds(out, before);
		lc_put_unsigned(out, cpu);
		before = " ";
	}
	lc_strbuf_adds(out, memory->cut ? " ...]" : "]");
}

/* Appends what capset(2) sets; version 1 has one structure of 32 bits, the others two. */
static void put_capabilities(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_piece *memory)
{
	static const char *const names[] = {"{effective=", ", permitted=", ", inheritable="};
	static const struct lc_type type = {.kind = LC_KIND_BITS, .constants = &lc_capabilities};
	const size_t half = sizeof(struct __user_cap_data_struct);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint64_t set = 0;

		for (size_t word = 0; word < 2 && (word + 1) * half <= memory->length; word++)
			set |= lc_number_at(memory->bytes + word * half + i * sizeof(uint32_t), sizeof(uint32_t))
			       << 32 * word;
		lc_strbuf_adds(out, names[i]);
		lc_put_value(out, call, &type, set);
	}
	lc_strbuf_add(out, "}", 1);
}

/* Whether setsockopt's option is a name: of a device, a congestion control. */
static bool is_name_option(const struct lc_call_made *call)
{
	uint32_t level = (uint32_t)call->arguments[1];
	uint32_t option = (uint32_t)call->arguments[2];

	return (level == SOL_SOCKET && option == SO_BINDTODEVICE) ||
	       (level == IPPROTO_TCP && (option == TCP_CONGESTION || option == TCP_ULP));
}

static void put_option(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_piece *memory)
{
	if (memory->length != sizeof(int) || memory->cut || is_name_option(call)) {
		put_short(out, memory);
		return;
	}
	lc_strbuf_add(out, "[", 1);
	lc_put_signed(out, (int32_t)lc_number_at(memory->bytes, memory->length));
	lc_strbuf_add(out, "]", 1);
}

/* Appends the text in MEMORY, up to its NUL if it has one. */
static void put_text(struct lc_strbuf *out, const struct lc_piece *memory)
{
	size_t length = strnlen((const char *)memory->bytes, memory->length);

	put_short(out, &(struct lc_piece){memory->bytes, (uint32_t)length, false});
}

void lc_put_memory(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_type *type,
	const struct lc_piece *memory)
{
	switch ((enum lc_kind)type->kind) {
	case LC_KIND_PATH:
		lc_put_quoted(out, memory->bytes, memory->length, memory->cut);
		break;
	case LC_KIND_TEXT:
		put_text(out, memory);
		break;
	case LC_KIND_OPTION:
		put_option(out, call, memory);
		break;
	case LC_KIND_SOCKADDR:
		lc_put_sockaddr(out, call, memory->bytes, memory->length);
		break;
	case LC_KIND_STRUCT:
		lc_put_struct(out, call, type->layout, memory->bytes, memory->length);
		break;
	case LC_KIND_ARRAY:
		put_array(out, call, type, memory);
		break;
	case LC_KIND_CPUS:
		put_cpus(out, memory);
		break;
	case LC_KIND_CAPABILITIES:
		put_capabilities(out, call, memory);
		break;
	default:
		put_short(out, memory);
	}
}

void lc_put_struct(struct lc_strbuf *out, const struct lc_call_made *call, const struct lc_layout *layout,
	const unsigned char *bytes, size_t length)
{
	bool abridged = layout->abridged;
	const char *before = "{";

	for (size_t i = 0; i < layout->n; i++) {
		const struct lc_member *member = &layout->members[i];
		const unsigned char *at = bytes + member->offset;

		if ((size_t)member->offset + member->size > length) {
			abridged = true;
			break;
		}
		if (member->unless_zero && !lc_number_at(at, member->size))
			continue;
		lc_strbuf_adds(out, before);
		lc_strbuf_adds(out, member->name);
		lc_strbuf_add(out, "=", 1);
		if (member->type.kind >= LC_KIND_STRING)
			lc_put_memory(out, call, &member->type, &(struct lc_piece){at, member->size, false});
		else
			lc_put_value(out, call, &member->type, lc_number_at(at, member->size));
		before = ", ";
	}
	if (abridged) {
		lc_strbuf_adds(out, before);
		lc_strbuf_adds(out, "...");
	} else if (!layout->n) {
		lc_strbuf_adds(out, "{");
	}
	lc_strbuf_add(out, "}", 1);
}

/* Appends the address of a UNIX socket by its PATH. A path that begins with a NUL names no file, and is shown with an @ before it. */
static void put_unix(struct lc_strbuf *out, const unsigned char *path, size_t length)
{
	bool abstract = length && !path[0];

	if (!length) {
		lc_strbuf_adds(out, "{sa_family=AF_UNIX}");
		return;
	}
	lc_strbuf_adds(out, abstract ? "{sa_family=AF_UNIX, sun_path=@" : "{sa_family=AF_UNIX, sun_path=");
	if (abstract)
		lc_put_quoted(out, path + 1, length - 1, false);
	else
		lc_put_quoted(out, path, strnlen((const char *)path, length), false);
	lc_strbuf_add(out, "}", 1);
}

static void put_inet(struct lc_strbuf *out, const unsigned char *bytes)
{
	struct sockaddr_in address;
	char text[INET_ADDRSTRLEN] = "";

	memcpy(&address, bytes, sizeof(address));
	inet_ntop(AF_INET, &address.sin_addr, text, sizeof(text));
	lc_strbuf_adds(out, "{sa_family=AF_INET, sin_port=htons(");
	lc_put_unsigned(out, ntohs(address.sin_port));
	lc_strbuf_adds(out, "), sin_addr=inet_addr(\"");
	lc_strbuf_adds(out, text);
	lc_strbuf_adds(out, "\")}");
}

static void put_inet6(struct lc_strbuf *out, const unsigned char *bytes, size_t length)
{
	struct sockaddr_in6 address = {0};
	char text[INET6_ADDRSTRLEN] = "";

	memcpy(&address, bytes, length < sizeof(address) ? length : sizeof(address));
	inet_ntop(AF_INET6, &address.sin6_addr, text, sizeof(text));
	lc_strbuf_adds(out, "{sa_family=AF_INET6, sin6_port=htons(");
	lc_put_unsigned(out, ntohs(address.sin6_port));
	lc_strbuf_adds(out, "), sin6_flowinfo=htonl(");
	lc_put_unsigned(out, ntohl(address.sin6_flowinfo));
	lc_strbuf_adds(out, "), inet_pton(AF_INET6, \"");
	lc_strbuf_adds(out, text);
	lc_strbuf_adds(out, "\", &sin6_addr)");
	if (length >= sizeof(address)) {
		lc_strbuf_adds(out, ", sin6_scope_id=");
		lc_put_unsigned(out, address.sin6_scope_id);
	}
	lc_strbuf_add(out, "}", 1);
}

void lc_put_sockaddr(struct lc_strbuf *out, const struct lc_call_made *call, const unsigned char *bytes, size_t length)
{
	const size_t family_size = sizeof(sa_family_t);
	/* The kernel takes addresses without a scope too (RFC 2133). */
	const size_t inet6_least = offsetof(struct sockaddr_in6, sin6_scope_id);
	unsigned family;

	if (length < family_size) {
		put_short(out, &(struct lc_piece){bytes, (uint32_t)length, false});
		return;
	}
	family = (unsigned)lc_number_at(bytes, family_size);
	if (family == AF_UNIX && length <= sizeof(struct sockaddr_un)) {
		put_unix(out, bytes + family_size, length - family_size);
	} else if (family == AF_INET && length >= sizeof(struct sockaddr_in)) {
		put_inet(out, bytes);
	} else if (family == AF_INET6 && length >= inet6_least) {
		put_inet6(out, bytes, length);
	} else if (family == AF_NETLINK && length >= lc_netlink_layout.size) {
		lc_put_struct(out, call, &lc_netlink_layout, bytes, length);
	} else if (family == AF_PACKET && length >= lc_packet_layout.size) {
		lc_put_struct(out, call, &lc_packet_layout, bytes, length);
	} else {
		lc_strbuf_adds(out, "{sa_family=");
		lc_put_word(out, &lc_address_families, family);
		lc_strbuf_adds(out, ", sa_data=");
		put_short(out, &(struct lc_piece){bytes + family_size, (uint32_t)(length - family_size), false});
		lc_strbuf_add(out, "}", 1);
	}
}
