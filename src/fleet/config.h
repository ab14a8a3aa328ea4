/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How an HTTP service is to be reached: the file that promtool takes with --http.config.file. */
#ifndef LEASTCAP_FLEET_CONFIG_H
#define LEASTCAP_FLEET_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

/* Strings are owned; NULL: not said. */
struct lc_fleet_config {
	char *user;          /* "name:password" */
	char *authorization; /* "Authorization: Bearer …" */
	char **headers;      /* "X-Scope-OrgID: team", N_HEADERS of them */
	size_t n_headers;
	char *ca_file;
	char *cert_file;
	char *key_file;
	bool insecure; /* whoever answers is taken for it */
};

/*
 * Reads the file at PATH to CONFIG (zeroed before): YAML as Prometheus' documents have it under "HTTP configuration", of which these keys are known: basic_auth (username, password, password_file), authorization (type,
 * credentials, credentials_file), http_headers (values, secrets, files of each), tls_config (ca_file, cert_file, key_file, insecure_skip_verify). Files that it names are looked for where it lies. 0, or -errno with
 * *MESSAGE (caller frees), which names the file and the line; -EINVAL for any other key.
 */
int lc_fleet_config_read(struct lc_fleet_config *config, const char *path, char **message);

/* Frees what CONFIG owns, its secrets wiped first, and zeroes it. */
void lc_fleet_config_clear(struct lc_fleet_config *config);

#endif
