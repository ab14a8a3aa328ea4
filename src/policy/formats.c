/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The formats in which programs take the result of a check, in the order of -f list. */
#include "policy_private.h"

const struct lc_policy_format *const *lc_policy_formats(void)
{
	static const struct lc_policy_format *const formats[] = {&lc_policy_text, &lc_policy_json, &lc_policy_junit,
		&lc_policy_sarif, &lc_policy_github, &lc_policy_gitlab, NULL};

	return formats;
}
