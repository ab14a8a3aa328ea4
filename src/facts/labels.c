/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What security modules call processes, and what that tells. */
#include <leastcap/causes.h>

#include <string.h>

/* How the names of profiles begin that engines load, each of which has the rule "capability,". */
static const char *const engines_profiles[] = {
	"docker-default (",
	"cri-containerd.apparmor.d (",
	"crio-default (",
	"containers-default-",
};

enum lc_module lc_module_of(const char *label)
{
	const char *type;

	if (!label || !*label || strncmp(label, "unconfined", strlen("unconfined")) == 0 ||
		strstr(label, "(complain)") || strstr(label, "(unconfined)"))
		return LC_MODULE_NONE;
	type = strchr(label, ':') ? strchr(strchr(label, ':') + 1, ':') : NULL;
	if (type) {
		static const char *const free_types[] = {
			":unconfined_t", ":unconfined_service_t", ":spc_t", ":kernel_t", ":initrc_t"};

		for (size_t i = 0; i < sizeof(free_types) / sizeof(free_types[0]); i++) {
			size_t length = strlen(free_types[i]);

			if (!strncmp(type, free_types[i], length) && (!type[length] || type[length] == ':'))
				return LC_MODULE_NONE;
		}
		return LC_MODULE_SELINUX;
	}
	return label[strlen(label) - 1] == ')' ? LC_MODULE_APPARMOR : LC_MODULE_SMACK;
}

bool lc_label_limits_capabilities(const char *label)
{
	if (lc_module_of(label) != LC_MODULE_APPARMOR)
		return false;
	for (size_t i = 0; i < sizeof(engines_profiles) / sizeof(engines_profiles[0]); i++) {
		if (strncmp(label, engines_profiles[i], strlen(engines_profiles[i])) == 0)
			return false;
	}
	return true;
}
