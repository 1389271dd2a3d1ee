/* Counters: atomic, read by status and metrics. */
#include "sys/count.h"

#include <stdatomic.h>

static atomic_llong counters[COUNTERS];

void count_up(enum counter c)
{
	count_add(c, 1);
}

void count_add(enum counter c, int64_t n)
{
	atomic_fetch_add_explicit(&counters[c], n, memory_order_relaxed);
}

int64_t count_get(enum counter c)
{
	return atomic_load_explicit(&counters[c], memory_order_relaxed);
}

const char *counter_name(enum counter c)
{
	static const char *const names[COUNTERS] = {
		[COUNT_CONNECTIONS] = "connections",
		[COUNT_MESSAGES] = "messages",
		[COUNT_ANSWERED] = "answered",
		[COUNT_CLARIFIED] = "clarified",
		[COUNT_UNSURE] = "unsure",
		[COUNT_TICKETS] = "tickets",
		[COUNT_REFUSED] = "refused",
		[COUNT_STORAGE] = "storage_failures",
		[COUNT_LIMIT_HITS] = "limit_hits",
		[COUNT_RELOADS] = "reloads",
		[COUNT_BAD_RELOADS] = "bad_reloads",
		[COUNT_LEASES_LOST] = "leases_lost",
		[COUNT_DROPPED] = "dropped",
	};
	return names[c];
}
