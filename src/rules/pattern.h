#ifndef HG_RULES_PATTERN_H
#define HG_RULES_PATTERN_H

#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "rules/ruleset.h"

#include <stdint.h>

/* Compiling and running one regular expression with PCRE2, bounded. */

enum {
	PATTERN_MATCH_LIMIT = 1000,     /* steps per start, with JIT */
	PATTERN_MATCH_LIMIT_SLOW = 200, /* without JIT */
	PATTERN_JIT_STACK = 512 * 1024,
	PATTERN_STRIKES = 3, /* limit hits in a window: pattern set aside */
	PATTERN_WINDOW_MS = 60 * 1000,
};

/* A code with one reference, the caller's; NULL with the reason, the character
 * it points at, and the mend. */
struct pattern_code *pattern_compile(struct str regex, struct err *e);
/* One reference more, or less; the last frees it, NULL is fine.  Rulesets share
 * codes across threads, so these may be called from any. */
struct pattern_code *pattern_code_ref(struct pattern_code *code);
void pattern_code_unref(struct pattern_code *code);

/* Note a code in a map of what has been compiled, which it must outlive, and
 * find the one of a regular expression there, borrowed; NULL: none.  128 bits
 * of hash stand for the text, which may be long. */
void pattern_code_note(struct map *compiled, struct pattern_code *code);
struct pattern_code *pattern_code_find(
    const struct map *compiled, struct str regex);

bool pattern_jit_works(void);
/* The version of PCRE2 that is loaded. */
void pattern_version(char *out, size_t size);

/* What matching changes: one per thread, for one ruleset at a time. */
struct match_scratch *match_scratch_new(void);
void match_scratch_free(struct match_scratch *s);
/* The time budget of one message: ask is called between patterns; when it says
 * true, the remaining patterns count as limit hits.  pause is called with true
 * before, and with false after, work that is done only once for a ruleset
 * (making JIT code) or that is no pattern (words), and should not count.  Both
 * may be NULL. */
struct match_budget {
	bool (*ask)(void *arg);
	void (*pause)(void *arg, bool on);
	void *arg;
};
void match_scratch_budget(struct match_scratch *s, struct match_budget budget);
/* What follows is no time of patterns: on, and off again after it. */
void match_scratch_pause(struct match_scratch *s, bool on);
/* Get ready for one message against rs.  A pattern that hits its limit
 * PATTERN_STRIKES times in a window is set aside until the window ends. */
void match_scratch_begin(
    struct match_scratch *s, const struct ruleset *rs, int64_t now_ms);
/* Every pattern is run on every text, without the prefilter: for comparing. */
void match_scratch_brute(struct match_scratch *s, bool brute);
/* Prepare for patterns of pack on text: most cannot match and are passed over
 * by pattern_find until this is called again. */
void match_scratch_filter(
    struct match_scratch *s, const struct pack *pack, struct str text);
/* Call fn for each intent that has a pattern left, in no order; all intents
 * under match_scratch_brute. */
void match_scratch_each(struct match_scratch *s, const struct pack *pack,
    void (*fn)(void *arg, const struct intent *intent), void *arg);
/* Patterns that could not be decided since begin. */
int match_scratch_limit_hits(const struct match_scratch *s);
/* Patterns set aside because they keep hitting their limit. */
unsigned match_scratch_quarantined(const struct match_scratch *s);

struct span {
	uint32_t from, to;
};

/* Find the first match of p at or after byte `at` of text, which is the text
 * given to match_scratch_filter or a part of it (or, for a pattern of exact
 * case, the original).  1 found, 0 not, -1 undecided (counted as a limit hit).
 */
int pattern_find(struct match_scratch *s, const struct pattern *p,
    struct str text, size_t at, struct span *out);
/* After a pattern_find that returned 1: the span of the named group "value".
 * False when the pattern has none or it took no part. */
bool pattern_value(
    const struct match_scratch *s, const struct pattern *p, struct span *out);

#endif
