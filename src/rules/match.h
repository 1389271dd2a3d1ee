#ifndef HG_RULES_MATCH_H
#define HG_RULES_MATCH_H

#include "rules/pattern.h"
#include "text/norm.h"

enum {
	MATCH_EVIDENCE = 6,
	MATCH_BY_PATTERNS = 8, /* at most so many that patterns speak for */
	MATCH_CANDIDATES = 12
};

/* A pattern that matched. */
struct evidence {
	const struct pattern *pattern;
	struct span span; /* bytes of the normal form */
	double weight;    /* the pattern's, less for doubtful repairs */
};

/* An intent that a message may have. */
struct candidate {
	const struct intent *intent;
	double matched; /* 0..1, what its patterns say */
	double share;   /* 0..1, what words say, if any */
	double score;   /* 0..1, both, comparable between candidates */
	double alone;   /* 0..1, words, whatever they say of others: blend.h */
	double part;    /* 0..1, the same in a part of the message: danger */
	bool beside;    /* another request than the first, patterns are sure */
	bool by_patterns;  /* the score is matched, see match_by_patterns */
	double lead;       /* 0..1, the score less what speaks for a rival */
	double confidence; /* 0..1, the probability that it is right */
	double explained;  /* share of the message's words in the evidence */
	struct evidence evidence[MATCH_EVIDENCE];
	size_t n_evidence;
	const struct pattern *veto;      /* the `unless` or refusal, or NULL */
	struct span veto_span;           /* what it matched */
	double unvetoed;                 /* the score without the veto */
	const struct pattern *overruled; /* the `unless` that words overruled */
};

/* What was answered before, for follow-ups. */
struct recent_intent {
	const char *name;
	int turns_ago; /* 1: the message before */
};

/* What is asked of match_intents. */
struct match_ask {
	const struct pack *pack;
	const struct norm *norm;
	const struct recent_intent *recent;
	size_t n_recent;
	bool keep_vetoed; /* list them too, last, with score 0 */
};

/* Get ready for this text: the prefilter runs.  match_scratch_begin was called
 * for the message, and the functions below come after, for the same pack and
 * norm. */
void match_text(
    struct match_scratch *s, const struct pack *pack, const struct norm *norm);

/* Rank the intents that fit, best first; equal scores go by priority, then by
 * name.  Writes at most MATCH_CANDIDATES to out and returns how many.
 *
 * matched = E * (0.8 + 0.2 * X), where E = 1 - product of (1 - weight) over the
 * patterns that matched ("noisy or", Pearl 1988) and X is the share of the
 * message's words inside their spans.  The score is the same, or, in a pack
 * with a classifier, what blend.h says. */
size_t match_intents(struct match_scratch *s, const struct match_ask *ask,
    struct candidate *out);

/* Fill in lead and confidence of ranked candidates, after their order was
 * changed.  Blended scores share one whole, so there the lead of the first is
 * its score, and that of what is no rival: another request beside it,
 * small talk with small talk.  Of patterns
 * alone the lead of the first is its score less 0.4 times the best score of
 * another that rests on the same part of the message: measured on labelled
 * messages, that tells right from wrong better than the score alone (area under
 * the curve .81 against .77 in Indonesian, .84 against .82 in English).
 * Confidence is what the pack's map says of the first one's lead, and of the
 * others' scores; without a map, the score. */
void match_confidence(const struct pack *pack, struct candidate *c, size_t n);

/* Let patterns alone decide, as in a pack without a classifier; a lead of 0.55
 * is just enough for an answer.  Rearranges the n candidates and returns how
 * many are left. */
size_t match_by_patterns(
    const struct pack *pack, struct candidate *c, size_t n);

/* A second request beside first, one of the n candidates: the best other one
 * whose strongest evidence is in another part of the message and which would be
 * answered if first were not there, or that words by themselves name as plainly
 * as first.  Where a classifier was taught it, patterns and words both have to
 * say something of it.  NULL when there is none, or no first. */
const struct candidate *match_also(const struct pack *pack,
    const struct candidate *c, size_t n, const struct candidate *first);

/* How the writer feels, from the pack's mood patterns.  A pattern counts as
 * heard only when none of the pack's negators stands in the two words before
 * it.  Capitals, "!!" and drawn-out letters make it stronger. */
struct mood_score match_mood(
    struct match_scratch *s, const struct pack *pack, const struct norm *norm);

/* Does a pattern of the signal match, wherever it stands? */
bool match_signal(struct match_scratch *s, const struct pack *pack,
    enum signal signal, const struct norm *norm);

/* Which value is looked for. */
struct slot_ask {
	const struct slot *slot;
	bool asked;       /* its question waits, so a bare value counts too */
	bool last;        /* of several the last: the message corrects itself */
	struct span near; /* else of a pattern's the nearest to it, if any */
	const struct table *from; /* the slot's table, when the shop has it */
	const struct lexicon *lexicon;
};
/* A value as it was written and in normal form; of a table, its key, and which
 * words of the message name it; of a pattern, all that it matched, as it was
 * written: "order no 48213". */
struct match_value {
	struct str original, normal;
	size_t word, n_words;
	struct str whole;
};
/* The key of a row, and the words that name it. */
struct match_row {
	const char *key;
	size_t word, n_words;
	bool by_kind; /* these words name several */
};
/* The rows of ask->from that norm names, in their order, each once; at most
 * `most`.  Returns how many; others: does it name things that no row is? */
size_t match_rows(const struct slot_ask *ask, const struct norm *norm,
    struct match_row *rows, size_t most, bool *others);

/* The value of a slot in norm; false when the message has none. */
bool match_slot(struct match_scratch *s, const struct slot_ask *ask,
    const struct norm *norm, struct match_value *value);

/* The number of the word of norm that holds byte `at`. */
size_t match_word_at(const struct norm *norm, size_t at);

#endif
