#ifndef HG_SYS_COUNT_H
#define HG_SYS_COUNT_H

#include <stdint.h>

/* What the daemon has done since it started. */
enum counter {
	COUNT_CONNECTIONS,
	COUNT_MESSAGES,
	COUNT_ANSWERED,
	COUNT_CLARIFIED,
	COUNT_UNSURE,
	COUNT_TICKETS,
	COUNT_REFUSED,    /* error answers */
	COUNT_STORAGE,    /* units that could not be stored */
	COUNT_LIMIT_HITS, /* patterns that gave up */
	COUNT_RELOADS,
	COUNT_BAD_RELOADS,
	COUNT_LEASES_LOST,
	COUNT_DROPPED, /* connections that did not read their output */
};
enum { COUNTERS = COUNT_DROPPED + 1 };

void count_up(enum counter c);
void count_add(enum counter c, int64_t n);
int64_t count_get(enum counter c);
const char *counter_name(enum counter c);

#endif
