/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the edit of one service shares among its parts. */
#ifndef LEASTCAP_COMPOSE_EDIT_PRIVATE_H
#define LEASTCAP_COMPOSE_EDIT_PRIVATE_H

#include "edit.h"

#include <leastcap/yaml_edit.h>

/* The edit of one service. */
struct lc_service_edit {
	const struct lc_compose *file;
	const struct lc_compose_service *service;
	const struct lc_compose_wanted *wanted;
	struct lc_yaml_edit at; /* the service's own keys */
};

/* Learns how the file is written: from the service itself, else from the first other one that tells. */
void lc_style_learn(struct lc_service_edit *edit);

#endif
