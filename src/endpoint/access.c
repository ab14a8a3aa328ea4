/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who may ask: files with secrets, and what is compared with them. */
#include "access.h"

#include <leastcap/input_file.h>
#include <leastcap/message.h>

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LARGEST_FILE   ((size_t)1 << 20)
#define SHORTEST_TOKEN 16
#define SCHEME         "Bearer "
#define LOCALHOST      "localhost"

static int read_pem(char **into, const char *path, const char *what, char **message)
{
	struct lc_strbuf text = {0};
	int r = lc_input_read(path, LARGEST_FILE, what, &text, message);

	if (r)
		return r;
	*into = lc_strbuf_steal(&text);
	if (!*into)
		return -ENOMEM;
	if (!strstr(*into, "-----BEGIN "))
		return lc_complain(message, -EINVAL, "%s: it is not %s in PEM", path, what);
	return 0;
}

static int read_token(struct lc_access *access, const char *path, char **message)
{
	struct lc_strbuf text = {0};
	int r = lc_input_read(path, LARGEST_FILE, "a token", &text, message);
	size_t length = text.text ? strcspn(text.text, "\r\n") : 0;

	if (!r && length < SHORTEST_TOKEN)
		r = lc_complain(message, -EINVAL, "%s: its first line is to be a token of at least %d characters", path,
			SHORTEST_TOKEN);
	if (!r) {
		lc_sha256(text.text, length, access->token);
		access->has_token = true;
	}
	if (text.text)
		explicit_bzero(text.text, text.length);
	lc_strbuf_free(&text);
	return r;
}

int lc_access_read(struct lc_access *access, const struct lc_endpoint_options *options, char **message)
{
	int r = 0;

	if (!options->tls_cert != !options->tls_key)
		return lc_complain(message, -EINVAL, "--tls-cert and --tls-key go together");
	if (options->tls_cert && MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
		return lc_complain(message, -EINVAL, "--tls-cert: libmicrohttpd was built without TLS here");
	if (options->tls_cert)
		r = read_pem(&access->certificate, options->tls_cert, "a certificate", message)
			    ?: read_pem(&access->key, options->tls_key, "a key", message);
	if (!r && options->token_file)
		r = read_token(access, options->token_file, message);
	return r;
}

bool lc_access_shows_token(const struct lc_access *access, const char *authorization)
{
	char hash[LC_SHA256_SIZE];
	unsigned char differs = 0;

	if (!authorization || strncasecmp(authorization, SCHEME, strlen(SCHEME)) != 0)
		return false;
	authorization += strlen(SCHEME);
	lc_sha256(authorization, strlen(authorization), hash);
	for (size_t i = 0; i < sizeof(hash); i++)
		differs |= (unsigned char)(hash[i] ^ access->token[i]);
	return !differs;
}

/* Whether the LENGTH bytes of HOST are an address as numbers, which nobody can point elsewhere. */
static bool is_address(const char *host, size_t length)
{
	bool in_brackets = length > 2 && host[0] == '[' && host[length - 1] == ']';
	char text[INET6_ADDRSTRLEN];
	struct in6_addr address;

	if (in_brackets) {
		host++;
		length -= 2;
	}
	if (length >= sizeof(text))
		return false;
	memcpy(text, host, length);
	text[length] = '\0';
	return inet_pton(in_brackets ? AF_INET6 : AF_INET, text, &address) == 1;
}

bool lc_access_is_local_name(const char *host)
{
	const char *port = host ? strrchr(host, ':') : NULL;
	size_t length;

	/* Only HTTP/1.0 lets it be left out, which no browser speaks. */
	if (!host)
		return true;
	if (!port || strspn(port + 1, "0123456789") != strlen(port + 1))
		port = host + strlen(host);
	length = (size_t)(port - host);
	return (length == strlen(LOCALHOST) && strncasecmp(host, LOCALHOST, length) == 0) || is_address(host, length);
}

void lc_access_clear(struct lc_access *access)
{
	if (access->key)
		explicit_bzero(access->key, strlen(access->key));
	free(access->key);
	free(access->certificate);
	explicit_bzero(access, sizeof(*access));
}
