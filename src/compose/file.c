/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A compose file's services: what each is granted after anchors, merge keys and "extends". */
#include <leastcap/array.h>
#include <leastcap/capset.h>
#include <leastcap/cleanup.h>
#include <leastcap/compose.h>
#include <leastcap/input_file.h>
#include <leastcap/message.h>
#include <leastcap/yaml.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* With aliases a small file can have very many services and list entries. No project's file has more than this. */
#define MAX_SERVICES 4096
#define MAX_ENTRIES  65536
/* How many services of one file may extend each other in a row. */
#define MAX_EXTENDS 32

/* How much of a value that is not known is quoted. */
#define MAX_QUOTE 60

static const char *const key_names[] = {
	[LC_COMPOSE_KEY_CAP_ADD] = "cap_add",
	[LC_COMPOSE_KEY_CAP_DROP] = "cap_drop",
	[LC_COMPOSE_KEY_PRIVILEGED] = "privileged",
	[LC_COMPOSE_KEY_IMAGE] = "image",
	[LC_COMPOSE_KEY_CONTAINER_NAME] = "container_name",
	[LC_COMPOSE_KEY_USER] = "user",
	[LC_COMPOSE_KEY_USERNS_MODE] = "userns_mode",
	[LC_COMPOSE_KEY_SECURITY_OPT] = "security_opt",
};

const char *lc_compose_key_name(enum lc_compose_key key)
{
	return key_names[key];
}

/* The reading of one file. */
struct reader {
	struct lc_compose *file;
	const struct lc_yaml_node *services;
	size_t n_entries;
	char **message;
};

/* Says WHAT is wrong at the byte at OFFSET. */
static int refuse_at(struct reader *reader, size_t offset, const char *what)
{
	const struct lc_compose *file = reader->file;

	return lc_complain(reader->message, -EINVAL, "%s:%zu:%zu: %s", file->path, lc_yaml_line(file->tree, offset),
		lc_yaml_column(file->tree, offset), what);
}

/* Says WHAT is wrong with NODE. */
static int refuse(struct reader *reader, const struct lc_yaml_node *node, const char *what)
{
	return refuse_at(reader, node->start, what);
}

/* Replaces *COPY by a copy of the scalar NODE; by NULL where NODE is no scalar, or empty. */
static int copy_scalar(char **copy, const struct lc_yaml_node *node)
{
	node = lc_yaml_resolve(node);
	free(*copy);
	*copy = NULL;
	if (!node || node->kind != LC_YAML_SCALAR || (!*node->text && !node->quote))
		return 0;
	*copy = strdup(node->text);
	return *copy ? 0 : -ENOMEM;
}

/* Whether compose replaces a variable in TEXT: "$$" stands for a dollar. */
static bool has_variable(const char *text)
{
	for (const char *dollar = strchr(text, '$'); dollar; dollar = strchr(dollar + 2, '$')) {
		if (dollar[1] != '$')
			return true;
	}
	return false;
}

static bool is_one_of(const struct lc_yaml_node *node, const char *const *words, size_t n)
{
	node = lc_yaml_resolve(node);
	for (size_t i = 0; node->kind == LC_YAML_SCALAR && i < n; i++) {
		if (strcasecmp(node->text, words[i]) == 0)
			return true;
	}
	return false;
}

/* What compose takes for true, quoted or not. */
static bool is_true(const struct lc_yaml_node *node)
{
	static const char *const words[] = {"true", "yes", "on", "y", "t", "1"};

	return is_one_of(node, words, sizeof(words) / sizeof(words[0]));
}

static bool is_false(const struct lc_yaml_node *node)
{
	static const char *const words[] = {"false", "no", "off", "n", "f", "0", "null", "~", ""};

	return is_one_of(node, words, sizeof(words) / sizeof(words[0]));
}

static bool has_tag(const struct lc_yaml_node *node, const char *tag)
{
	return node->kind != LC_YAML_ALIAS && node->tag && strcmp(node->tag, tag) == 0;
}

/* Remembers that NODE, the value of KEY or one in it, is not known. */
static int keep_unknown(struct reader *reader, struct lc_compose_service *service, enum lc_compose_key key,
	const struct lc_yaml_node *node)
{
	struct lc_compose_unknown *unknown = &service->unknown[key];
	const struct lc_yaml_node *value = lc_yaml_resolve(node);
	const char *text = value->kind == LC_YAML_SCALAR ? value->text : reader->file->tree->text + value->start;
	size_t length = strcspn(text, "\n");

	free(unknown->text);
	unknown->text = strndup(text, length < MAX_QUOTE ? length : MAX_QUOTE);
	unknown->line = lc_yaml_line(reader->file->tree, node->start);
	return unknown->text ? 0 : -ENOMEM;
}

static void forget_unknown(struct lc_compose_service *service, enum lc_compose_key key)
{
	free(service->unknown[key].text);
	service->unknown[key] = (struct lc_compose_unknown){0};
}

/* Checks whether the value of KEY in NODE, a word or a list of words, is known. */
static int check_known(struct reader *reader, struct lc_compose_service *service, const struct lc_yaml_node *node,
	enum lc_compose_key key)
{
	const struct lc_yaml_node *value = lc_yaml_get(node, key_names[key]);
	const struct lc_yaml_node *items = lc_yaml_resolve(value);

	if (!value)
		return 0;
	/* A word replaces what the service extends, and a list is added to it. */
	if (items->kind == LC_YAML_SCALAR) {
		forget_unknown(service, key);
		return has_variable(items->text) ? keep_unknown(reader, service, key, value) : 0;
	}
	for (size_t i = 0; i < items->n_children; i++) {
		const struct lc_yaml_node *item = lc_yaml_resolve(items->children[i]);

		if (items->kind != LC_YAML_SEQUENCE || item->kind != LC_YAML_SCALAR || has_variable(item->text))
			return keep_unknown(reader, service, key, items->children[i]);
	}
	return 0;
}

/* The capabilities that a list has had so far. */
struct seen {
	uint64_t mask;
	bool all;
};

/* Appends the entry ITEM of LIST, and adds it to what was SEEN of LIST. */
static int add_entry(struct reader *reader, struct lc_compose_service *service, enum lc_compose_list list,
	struct seen *seen, const struct lc_yaml_node *item)
{
	struct lc_compose_entry *entries;
	struct lc_compose_entry entry = {.list = list, .line = lc_yaml_line(reader->file->tree, item->start)};
	const char *text = lc_yaml_resolve(item)->kind == LC_YAML_SCALAR ? lc_yaml_resolve(item)->text : "";
	int cap = lc_cap_from_name(text);

	if (++reader->n_entries > MAX_ENTRIES)
		return refuse(reader, item, "more capabilities in all lists than leastcap reads");
	entries = lc_array_grow(service->entries, service->n_entries, sizeof(*entries));
	if (!entries)
		return -ENOMEM;
	service->entries = entries;
	entry.text = strdup(text);
	if (!entry.text)
		return -ENOMEM;
	entry.mask = cap >= 0 ? LC_CAP_BIT(cap) : 0;
	entry.all = strcasecmp(text, "ALL") == 0;
	entry.variable = has_variable(text);
	entry.repeated = (seen->mask & entry.mask) || (seen->all && entry.all);
	seen->mask |= entry.mask;
	seen->all |= entry.all;
	entries[service->n_entries++] = entry;
	return 0;
}

/* Forgets the entries of LIST that SERVICE has so far. */
static void drop_entries(struct lc_compose_service *service, enum lc_compose_list list)
{
	size_t n = service->n_entries;

	service->n_entries = 0;
	for (size_t i = 0; i < n; i++) {
		if (service->entries[i].list == list)
			free(service->entries[i].text);
		else
			service->entries[service->n_entries++] = service->entries[i];
	}
}

/* Reads LIST of the mapping NODE, and adds it to what SERVICE extends, unless a tag keeps that out. */
static int read_list(struct reader *reader, struct lc_compose_service *service, const struct lc_yaml_node *node,
	enum lc_compose_list list)
{
	enum lc_compose_key key = (enum lc_compose_key)list;
	const struct lc_yaml_node *value = lc_yaml_get(node, key_names[key]);
	const struct lc_yaml_node *items = lc_yaml_resolve(value);
	struct seen seen = {0};
	int r = 0;

	if (!value)
		return 0;
	service->list_line[list] = lc_yaml_line(reader->file->tree, value->start);
	service->list_overrides[list] = has_tag(value, "!override") || has_tag(value, "!reset");
	if (service->list_overrides[list]) {
		drop_entries(service, list);
		forget_unknown(service, key);
	}
	if (has_tag(value, "!reset"))
		return 0;
	if (items->kind != LC_YAML_SEQUENCE)
		return is_false(items) ? 0 : keep_unknown(reader, service, key, value);
	for (size_t i = 0; i < items->n_children && !r; i++)
		r = add_entry(reader, service, list, &seen, items->children[i]);
	return r;
}

static int read_service(
	struct reader *reader, struct lc_compose_service *service, const struct lc_yaml_node *node, int depth);

/* Reads what the service "extends", before its own keys, which are laid over that. */
static int read_extends(
	struct reader *reader, struct lc_compose_service *service, const struct lc_yaml_node *extends, int depth)
{
	const struct lc_yaml_node *value = lc_yaml_resolve(extends);
	const struct lc_yaml_node *other = lc_yaml_get(value, "file");
	const struct lc_yaml_node *base;
	const struct lc_yaml_node *name;

	if (other)
		return copy_scalar(&service->other_file, other);
	name = value->kind == LC_YAML_MAPPING ? lc_yaml_resolve(lc_yaml_get(value, "service")) : value;
	if (!name || name->kind != LC_YAML_SCALAR)
		return refuse(reader, extends, "\"extends\" names no service");
	base = lc_yaml_get(reader->services, name->text);
	if (!base)
		return refuse(reader, extends, "\"extends\" names a service that the file does not have");
	if (depth == MAX_EXTENDS)
		return refuse(reader, extends, "services extend each other in a circle");
	return read_service(reader, service, base, depth + 1);
}

static int read_privileged(struct reader *reader, struct lc_compose_service *service, const struct lc_yaml_node *node)
{
	const struct lc_yaml_node *value = lc_yaml_get(node, key_names[LC_COMPOSE_KEY_PRIVILEGED]);
	int r = 0;

	if (!value)
		return 0;
	forget_unknown(service, LC_COMPOSE_KEY_PRIVILEGED);
	service->privileged_line = lc_yaml_line(reader->file->tree, value->start);
	service->privileged = !is_false(value) && !has_tag(value, "!reset");
	if (service->privileged && !is_true(value))
		r = keep_unknown(reader, service, LC_COMPOSE_KEY_PRIVILEGED, value);
	return r;
}

/* Whether SYSCTLS, a mapping or a list, lets everybody bind all ports. */
static bool opens_ports(const struct lc_yaml_node *sysctls)
{
	const struct lc_yaml_node *list = lc_yaml_resolve(sysctls);

	if (!list || list->kind == LC_YAML_SCALAR)
		return false;
	if (list->kind == LC_YAML_MAPPING)
		return lc_yaml_is(lc_yaml_get(list, LC_COMPOSE_PORTS_SYSCTL), "0");
	for (size_t i = 0; i < list->n_children; i++) {
		if (lc_yaml_is(list->children[i], LC_COMPOSE_PORTS_SYSCTL "=0"))
			return true;
	}
	return false;
}

/* Lays the keys of NODE, a service, over SERVICE. */
static int read_service(
	struct reader *reader, struct lc_compose_service *service, const struct lc_yaml_node *node, int depth)
{
	const struct lc_yaml_node *extends = lc_yaml_get(node, "extends");
	const struct lc_yaml_node *image = lc_yaml_get(node, "image");
	const struct lc_yaml_node *container_name = lc_yaml_get(node, "container_name");
	const struct lc_yaml_node *user = lc_yaml_get(node, key_names[LC_COMPOSE_KEY_USER]);
	int r = extends ? read_extends(reader, service, extends, depth) : 0;

	if (!r && image)
		r = copy_scalar(&service->image, image);
	if (!r && container_name)
		r = copy_scalar(&service->container_name, container_name);
	if (!r && user)
		r = copy_scalar(&service->user, user);
	service->open_ports |= opens_ports(lc_yaml_get(node, "sysctls"));
	for (int list = 0; list < LC_COMPOSE_LIST_N && !r; list++)
		r = read_list(reader, service, node, list);
	for (int key = LC_COMPOSE_KEY_IMAGE; key < LC_COMPOSE_KEY_N && !r; key++)
		r = check_known(reader, service, node, (enum lc_compose_key)key);
	return r ? r : read_privileged(reader, service, node);
}

/* Sums up the entries of SERVICE. */
static void sum_up(struct lc_compose_service *service)
{
	for (size_t i = 0; i < service->n_entries; i++) {
		const struct lc_compose_entry *entry = &service->entries[i];

		if (entry->list == LC_COMPOSE_CAP_ADD) {
			service->cap_add |= entry->mask;
			service->add_all |= entry->all;
		} else {
			service->cap_drop |= entry->mask;
			service->drop_all |= entry->all;
		}
	}
}

/* Refuses a mapping that has a key twice, as compose does. An edit could not choose between the two. */
static int check_keys(struct reader *reader, const struct lc_yaml_node *mapping)
{
	static const char *const keys[] = {
		"cap_add", "cap_drop", "privileged", "extends", "<<", "image", "container_name", "user", "sysctls"};

	for (size_t i = 0; mapping->kind == LC_YAML_MAPPING && i < sizeof(keys) / sizeof(keys[0]); i++) {
		bool seen = false;

		if (lc_yaml_is_exhausted(mapping->tree))
			return 0;
		mapping->tree->comparisons += mapping->n_children / 2;
		for (size_t j = 0; j + 1 < mapping->n_children; j += 2) {
			if (!lc_yaml_is(mapping->children[j], keys[i]))
				continue;
			if (seen)
				return refuse(reader, mapping->children[j], "the key stands here for the second time");
			seen = true;
		}
	}
	return 0;
}

/* Appends the service that KEY and VALUE are. */
static int add_service(struct reader *reader, const struct lc_yaml_node *key, const struct lc_yaml_node *value)
{
	struct lc_compose *file = reader->file;
	struct lc_compose_service *services;
	struct lc_compose_service *service;
	int r = check_keys(reader, lc_yaml_resolve(value));

	if (r)
		return r;
	if (file->n_services == MAX_SERVICES)
		return refuse(reader, key, "more services than leastcap reads");
	services = lc_array_grow(file->services, file->n_services, sizeof(*services));
	if (!services)
		return -ENOMEM;
	file->services = services;
	service = &services[file->n_services++];
	*service =
		(struct lc_compose_service){.key = key, .value = value, .line = lc_yaml_line(file->tree, key->start)};
	service->name = strdup(lc_yaml_resolve(key)->text);
	if (!service->name)
		return -ENOMEM;
	r = read_service(reader, service, value, 0);
	sum_up(service);
	return r;
}

static bool has_service(const struct lc_compose *file, const char *name)
{
	for (size_t i = 0; i < file->n_services; i++) {
		if (strcmp(file->services[i].name, name) == 0)
			return true;
	}
	return false;
}

/* Appends the services of MAPPING. With MERGED, those that the file has already are passed over. */
static int add_services(struct reader *reader, const struct lc_yaml_node *mapping, bool merged)
{
	int r = 0;

	for (size_t i = 0; i + 1 < mapping->n_children && !r; i += 2) {
		const struct lc_yaml_node *key = mapping->children[i];
		const struct lc_yaml_node *name = lc_yaml_resolve(key);

		if (name->kind != LC_YAML_SCALAR)
			return refuse(reader, key, "a service's name has to be a word");
		if (lc_yaml_is(key, "<<"))
			continue;
		if (!has_service(reader->file, name->text))
			r = add_service(reader, key, mapping->children[i + 1]);
		else if (!merged)
			return refuse(reader, key, "a second service of this name");
	}
	return r;
}

/* Appends the services of the mappings that a merge key names. Merge keys in those are not read. */
static int add_merged_services(struct reader *reader)
{
	long merge = lc_yaml_find(reader->services, "<<");
	const struct lc_yaml_node *value = merge < 0 ? NULL : lc_yaml_resolve(reader->services->children[merge + 1]);
	int r = 0;

	if (!value || value->kind == LC_YAML_MAPPING)
		return value ? add_services(reader, value, true) : 0;
	for (size_t i = 0; i < value->n_children && !r; i++) {
		const struct lc_yaml_node *item = lc_yaml_resolve(value->children[i]);

		r = item->kind == LC_YAML_MAPPING ? add_services(reader, item, true) : 0;
	}
	return r;
}

static int read_file(struct reader *reader)
{
	struct lc_compose *file = reader->file;
	const struct lc_yaml_node *root = lc_yaml_root(file->tree);
	const struct lc_yaml_node *services = lc_yaml_get(root, "services");
	long key;
	int r;

	if (file->tree->n_documents > 1)
		return refuse_at(reader, file->tree->second, "a second document begins; leastcap reads files of one");
	reader->services = lc_yaml_resolve(services);
	if (!reader->services || reader->services->kind != LC_YAML_MAPPING)
		return lc_complain(reader->message, -EINVAL,
			"%s: no compose file: it has no mapping called \"services\"", file->path);
	key = lc_yaml_find(root, "services");
	file->services_line = lc_yaml_line(file->tree, (key < 0 ? services : root->children[key])->start);
	r = copy_scalar(&file->name, lc_yaml_get(root, "name"));
	if (!r)
		r = add_services(reader, reader->services, false);
	if (!r)
		r = add_merged_services(reader);
	if (!r && lc_yaml_is_exhausted(file->tree))
		r = refuse(reader, services, "takes more work to read than leastcap does");
	return r;
}

int lc_compose_from_tree(struct lc_compose *file, const char *path, struct lc_yaml_tree *tree, char **message)
{
	struct reader reader = {.file = file, .message = message};
	int r = -ENOMEM;

	*message = NULL;
	file->tree = tree;
	file->path = strdup(path);
	if (file->path)
		r = read_file(&reader);
	/* From here on only so many keys are looked for that no limit is needed. */
	if (!r)
		file->tree->limited = false;
	else
		lc_compose_clear(file);
	return r;
}

int lc_compose_parse(struct lc_compose *file, const char *path, const char *text, size_t length, char **message)
{
	_cleanup_free_ char *reason = NULL;
	struct lc_yaml_tree *tree;
	int r = lc_yaml_read(&tree, text, length, &reason);

	if (!r)
		return lc_compose_from_tree(file, path, tree, message);
	*message = NULL;
	return lc_complain(message, r, "%s:%s", path, reason ? reason : strerror(-r));
}

int lc_compose_load(struct lc_compose *file, const char *path, char **message)
{
	_cleanup_(lc_strbuf_free) struct lc_strbuf text = {0};
	int r;

	*message = NULL;
	if (strcmp(path, "-") == 0)
		return lc_complain(
			message, -EINVAL, "a patch names the file that it changes: give the compose file by its path");
	r = lc_input_read(path, LC_YAML_MAX_SIZE, "a compose file", &text, message);
	return r ? r : lc_compose_parse(file, path, text.text ? text.text : "", text.length, message);
}

static void service_clear(struct lc_compose_service *service)
{
	for (size_t i = 0; i < service->n_entries; i++)
		free(service->entries[i].text);
	for (int key = 0; key < LC_COMPOSE_KEY_N; key++)
		forget_unknown(service, (enum lc_compose_key)key);
	free(service->entries);
	free(service->name);
	free(service->image);
	free(service->container_name);
	free(service->user);
	free(service->other_file);
}

void lc_compose_clear(struct lc_compose *file)
{
	for (size_t i = 0; i < file->n_services; i++)
		service_clear(&file->services[i]);
	free(file->services);
	free(file->path);
	free(file->name);
	lc_yaml_tree_free(file->tree);
	*file = (struct lc_compose){0};
}
