/* With and without the prefilter, the same: 10,000 intents, 10,000 messages, at
 * least a third of which match something. */
#include "bench/rulegen.h"
#include "rules/match.h"

#include <stdio.h>
#include <stdlib.h>

enum { INTENTS = 10000, MESSAGES = 10000 };

static bool same(
    const struct candidate *x, size_t n, const struct candidate *y, size_t m)
{
	if (n != m)
		return false;
	for (size_t i = 0; i < n; i++)
		if (x[i].intent != y[i].intent || x[i].score != y[i].score ||
		    x[i].veto != y[i].veto ||
		    x[i].n_evidence != y[i].n_evidence ||
		    memcmp(&x[i].evidence[0].span, &y[i].evidence[0].span,
			sizeof(struct span)) != 0)
			return false;
	return true;
}

static size_t rank(struct match_scratch *s, const struct ruleset *rs,
    const struct norm *norm, struct candidate *out)
{
	struct match_ask ask = {
		.pack = &rs->packs[0], .norm = norm, .keep_vetoed = true
	};
	match_scratch_begin(s, rs, 0);
	match_text(s, ask.pack, norm);
	return match_intents(s, &ask, out);
}

int main(void)
{
	struct rulegen g = {
		.rng = { 42 }, .intents = INTENTS, .literal_less = 20
	};
	struct ruleset *rs = rulegen_compile(&g);
	struct match_scratch *fast = match_scratch_new();
	struct match_scratch *brute = match_scratch_new();
	match_scratch_brute(brute, true);
	struct arena a = { 0 };
	unsigned different = 0, matched = 0, found = 0;
	puts("1..2");
	for (int i = 0; i < MESSAGES; i++) {
		struct buf text = { 0 };
		struct norm norm;
		struct candidate x[MATCH_CANDIDATES], y[MATCH_CANDIDATES];
		rulegen_message(&g, &text);
		arena_reset(&a);
		norm_make(&norm, &a, buf_str(&text), &rs->packs[0].lexicon);
		size_t n = rank(fast, rs, &norm, x);
		size_t m = rank(brute, rs, &norm, y);
		if (!same(x, n, y, m) && different++ == 0)
			printf("# \"%s\": %zu candidates against %zu\n", text.p,
			    n, m);
		matched += m > 0;
		found += (unsigned)m;
		buf_clear(&text);
	}
	printf("%s 1 - the same candidates (%u patterns, %d messages, %u "
	       "different)\n",
	    different == 0 ? "ok" : "not ok", rs->n_patterns, MESSAGES,
	    different);
	printf("%s 2 - a third of the messages match (%u do, %u candidates)\n",
	    matched * 3 >= MESSAGES ? "ok" : "not ok", matched, found);
	match_scratch_free(fast);
	match_scratch_free(brute);
	arena_clear(&a);
	ruleset_unref(&rs);
	return different == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
