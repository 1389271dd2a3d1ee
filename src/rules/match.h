#ifndef HG_RULES_MATCH_H
#define HG_RULES_MATCH_H

#include "rules/pattern.h"
#include "text/norm.h"

enum { MATCH_EVIDENCE = 6, MATCH_CANDIDATES = 8 };

/* A pattern that matched. */
struct evidence {
	const struct pattern *pattern;
	struct span span; /* bytes of the normal form */
};

/* An intent that a message may have. */
struct candidate {
	const struct intent *intent;
	double score;     /* 0..1, comparable between candidates */
	double explained; /* share of the message's words in the evidence */
	struct evidence evidence[MATCH_EVIDENCE];
	size_t n_evidence;
	const struct pattern *veto; /* the `unless` that matched, or NULL */
};

/* Rank the intents of pack that fit norm, best first; equal scores go by
 * priority, then by name.  Vetoed intents are left out unless keep_vetoed (they
 * come last, with score 0).  Writes at most MATCH_CANDIDATES to out and returns
 * how many.  match_scratch_begin was called for this message.
 *
 * score = E * (0.8 + 0.2 * X), where E = 1 - product of (1 - weight) over the
 * patterns that matched ("noisy or", Pearl 1988) and X is the share of the
 * message's words inside their spans. */
size_t match_intents(struct match_scratch *s, const struct pack *pack,
    const struct norm *norm, bool keep_vetoed, struct candidate *out);

/* How the writer feels, from the pack's mood patterns.  A pattern counts as
 * heard only when none of the pack's negators stands in the two words before
 * it.  Capitals, "!!" and drawn-out letters make it stronger. */
struct mood_score match_mood(
    struct match_scratch *s, const struct pack *pack, const struct norm *norm);

/* The value of a slot in norm, taken from the original text; false when the
 * message has none. */
bool match_slot(struct match_scratch *s, const struct slot *slot,
    const struct norm *norm, struct str *value);

#endif
