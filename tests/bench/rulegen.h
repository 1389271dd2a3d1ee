#ifndef HG_TESTS_RULEGEN_H
#define HG_TESTS_RULEGEN_H

#include "base/buf.h"
#include "base/rng.h"
#include "rules/ruleset.h"

/* Made-up rules and messages of any number, the same for the same seed. */

struct rulegen {
	struct rng rng;
	size_t intents;
	unsigned literal_less; /* patterns of 1,000 without a required word */
};

/* Compile `intents` intents of one to three patterns over made-up words; the
 * pack the ruleset needs is read from cases/base under $top_srcdir.  Ends the
 * program when that fails. */
struct ruleset *rulegen_compile(struct rulegen *g);
/* Append a message; about half of them hold the words of some pattern. */
void rulegen_message(struct rulegen *g, struct buf *out);

#endif
