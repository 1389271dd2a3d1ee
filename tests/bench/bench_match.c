/* How long a message takes to match, by the number of intents.  Prints; see
 * src/rules/filter.h for why it grows so little. */
#include "bench/rulegen.h"
#include "rules/match.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MESSAGES = 10000 };

static double now_us(void)
{
	struct timespec t;
	(void)clock_gettime(CLOCK_MONOTONIC, &t); /* always there */
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void run(size_t intents, unsigned literal_less)
{
	static double norm_us[MESSAGES], match_us[MESSAGES];
	struct rulegen g = {
		.rng = { 7 }, .intents = intents, .literal_less = literal_less
	};
	double start = now_us();
	struct ruleset *rs = rulegen_compile(&g);
	double load_ms = (now_us() - start) / 1000;
	struct match_scratch *s = match_scratch_new();
	struct arena a = { 0 };
	/* twice the same messages: the first time makes JIT code */
	for (int k = 0; k < 2 * MESSAGES; k++) {
		int i = k % MESSAGES;
		if (i == 0)
			g.rng = (struct rng){ 99 };
		struct buf text = { 0 };
		struct norm norm;
		struct candidate c[MATCH_CANDIDATES];
		struct match_ask ask = { .pack = &rs->packs[0], .norm = &norm };
		rulegen_message(&g, &text);
		arena_reset(&a);
		double t0 = now_us();
		norm_make(&norm, &a, buf_str(&text), &rs->packs[0].lexicon);
		double t1 = now_us();
		match_scratch_begin(s, rs, 0);
		match_text(s, ask.pack, &norm);
		(void)match_intents(s, &ask, c); /* timed, not used */
		double t2 = now_us();
		norm_us[i] = t1 - t0;
		match_us[i] = t2 - t1;
		buf_clear(&text);
	}
	qsort(norm_us, MESSAGES, sizeof(double), by_value);
	qsort(match_us, MESSAGES, sizeof(double), by_value);
	printf("%6zu intents, %u patterns, %.1f%% without words: load %.0f ms, "
	       "normal form %.2f us, match %.2f us (p99 %.1f)\n",
	    intents, rs->n_patterns, literal_less / 10.0, load_ms,
	    norm_us[MESSAGES / 2], match_us[MESSAGES / 2],
	    match_us[MESSAGES / 100 * 99]);
	match_scratch_free(s);
	arena_clear(&a);
	ruleset_unref(&rs);
}

int main(int argc, char **argv)
{
	printf("medians over %d messages\n", MESSAGES);
	if (argc > 1) { /* one size, for a profiler */
		run((size_t)strtoul(argv[1], NULL, 10), 0);
		return 0;
	}
	run(100, 0);
	run(1000, 0);
	run(10000, 0);
	run(10000, 20);
	return 0;
}
