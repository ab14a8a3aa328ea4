/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What one thread leaves for another. */
#include "inbox.h"

#include <leastcap/array.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

int lc_inbox_open(struct lc_inbox *inbox)
{
	*inbox = (struct lc_inbox){.wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	if (inbox->wake < 0)
		return -errno;
	return -pthread_mutex_init(&inbox->lock, NULL);
}

static void unlock_and_wake(struct lc_inbox *inbox)
{
	pthread_mutex_unlock(&inbox->lock);
	/* It can only fail where the other has not looked for 2^64 times. */
	(void)eventfd_write(inbox->wake, 1);
}

int lc_inbox_put_batch(struct lc_inbox *inbox, struct lc_batch *batch)
{
	struct lc_batch **grown;

	pthread_mutex_lock(&inbox->lock);
	grown = lc_array_grow(inbox->delivery.batches, inbox->delivery.n_batches, sizeof(struct lc_batch *));
	if (grown) {
		inbox->delivery.batches = grown;
		grown[inbox->delivery.n_batches++] = batch;
	}
	unlock_and_wake(inbox);
	if (!grown)
		lc_batch_free(batch);
	return grown ? 0 : -ENOMEM;
}

void lc_inbox_put_whole(struct lc_inbox *inbox, struct lc_profile *whole)
{
	struct lc_profile *before;

	pthread_mutex_lock(&inbox->lock);
	before = inbox->delivery.whole;
	inbox->delivery.whole = whole;
	unlock_and_wake(inbox);
	lc_whole_free(before);
}

void lc_inbox_put_state(struct lc_inbox *inbox, const struct lc_endpoint_state *state)
{
	pthread_mutex_lock(&inbox->lock);
	inbox->delivery.state = *state;
	inbox->delivery.has_state = true;
	unlock_and_wake(inbox);
}

void lc_inbox_put_stop(struct lc_inbox *inbox)
{
	pthread_mutex_lock(&inbox->lock);
	inbox->delivery.stop = true;
	unlock_and_wake(inbox);
}

void lc_inbox_take(struct lc_inbox *inbox, struct lc_delivery *delivery)
{
	eventfd_t count;

	(void)eventfd_read(inbox->wake, &count);
	pthread_mutex_lock(&inbox->lock);
	*delivery = inbox->delivery;
	inbox->delivery = (struct lc_delivery){0};
	pthread_mutex_unlock(&inbox->lock);
}

void lc_whole_free(struct lc_profile *whole)
{
	if (!whole)
		return;
	lc_profile_clear(whole);
	free(whole);
}

void lc_delivery_clear(struct lc_delivery *delivery)
{
	for (size_t i = 0; i < delivery->n_batches; i++)
		lc_batch_free(delivery->batches[i]);
	free(delivery->batches);
	lc_whole_free(delivery->whole);
	*delivery = (struct lc_delivery){0};
}

void lc_inbox_close(struct lc_inbox *inbox)
{
	lc_delivery_clear(&inbox->delivery);
	close(inbox->wake);
	pthread_mutex_destroy(&inbox->lock);
}
