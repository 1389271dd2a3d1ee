#ifndef HG_RULES_FILTER_H
#define HG_RULES_FILTER_H

#include "base/arena.h"

#include <stdint.h>

/* Which patterns of a pack can match a text at all, found in one pass over it:
 * an automaton (Aho, Corasick 1975) over the words that the patterns require,
 * and a count of fulfilled clauses for each pattern. */

struct filter;
struct filter_builder;
struct rx;

struct filter_builder *filter_builder_new(void);
void filter_builder_free(struct filter_builder *b);
/* Take in a pattern: its number, unique in the ruleset, and its shape; NULL
 * stands for one that must always be tried.  True when words were found that it
 * requires. */
bool filter_builder_add(
    struct filter_builder *b, uint32_t pattern, const struct rx *shape);
/* The automaton, in a.  Clauses are numbered from *n_clauses on, which goes
 * up. */
struct filter *filter_build(
    struct filter_builder *b, struct arena *a, uint32_t *n_clauses);

/* What a run changes: one per thread, for one ruleset at a time.  All zero is
 * empty. */
struct filter_run {
	uint32_t epoch;
	uint32_t *clause_seen; /* epoch in which a clause was fulfilled */
	uint32_t *alive;       /* epoch in which a pattern came through */
	struct tally {
		uint32_t epoch, n;
	} * tally;         /* fulfilled clauses, by pattern */
	uint32_t *through; /* the patterns that came through */
	uint32_t n, n_patterns, n_clauses;
};
void filter_run_ready(
    struct filter_run *r, uint32_t n_patterns, uint32_t n_clauses);
void filter_run_clear(struct filter_run *r);

/* Run over text; r->through lists the patterns that may match. */
void filter_text(const struct filter *f, struct filter_run *r, struct str text);
static inline bool filter_lets(const struct filter_run *r, uint32_t pattern)
{
	return r->alive[pattern] == r->epoch;
}

#endif
