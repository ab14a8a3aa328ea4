/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much of a target's life a recording has seen, so that nobody takes a part of it for the whole. */
#ifndef LEASTCAP_SEEN_H
#define LEASTCAP_SEEN_H

#include <stdbool.h>
#include <stdint.h>

/* How the recording of a target began. */
enum lc_seen_from {
	LC_SEEN_FROM_UNKNOWN, /* an older profile */
	LC_SEEN_FROM_START,   /* before its first program */
	LC_SEEN_FROM_RUNNING, /* while it ran */
	LC_SEEN_FROM_RESTART, /* likewise, and it was started again: a container keeps what its first start has made */
	LC_SEEN_FROM_N
};

/* How the recording of a target ended. */
enum lc_seen_until {
	LC_SEEN_UNTIL_UNKNOWN,
	LC_SEEN_UNTIL_END,     /* with the target */
	LC_SEEN_UNTIL_SETTLED, /* it went on, and asked for nothing new */
	LC_SEEN_UNTIL_CUT,     /* while it was still starting */
	LC_SEEN_UNTIL_N
};

/* Times are in nanoseconds since 1970. */
struct lc_seen {
	enum lc_seen_from from;
	enum lc_seen_until until;
	int64_t since_ns; /* of LC_SEEN_FROM_RUNNING: when the recording of it began; of LC_SEEN_FROM_RESTART: when it was started again */
	int64_t started_ns; /* of LC_SEEN_FROM_RUNNING: when its first process had been started; 0: not known */
	int64_t cut_ns;     /* of LC_SEEN_UNTIL_CUT: how long it had run by then */
};

/* Whether a list that rests on SEEN may lack what the target needs at its start. */
bool lc_seen_is_partial(const struct lc_seen *seen);

/* Adds what MORE, another recording of the same target, has seen. What one of them saw is seen. */
void lc_seen_unite(struct lc_seen *seen, const struct lc_seen *more);

#endif
