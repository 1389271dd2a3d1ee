/* From a normal form to ranked candidates, a mood and slot values. */
#include "rules/match.h"

#include <stdlib.h>

/* Words of norm that lie in any of the spans. */
static double share_explained(
    const struct norm *norm, const struct evidence *e, size_t n)
{
	if (norm->n_words == 0)
		return 0;
	size_t hit = 0;
	for (size_t w = 0; w < norm->n_words; w++) {
		const struct norm_word *word = &norm->words[w];
		size_t i = 0;
		while (i < n && (word->at < e[i].span.from ||
				    word->at + word->n > e[i].span.to))
			i++;
		hit += i < n;
	}
	return (double)hit / (double)norm->n_words;
}

static bool match_intent(struct match_scratch *s, const struct intent *intent,
    const struct norm *norm, struct candidate *c)
{
	*c = (struct candidate){ .intent = intent };
	double miss = 1;
	for (size_t i = 0; i < intent->n_patterns; i++) {
		const struct pattern *p = &intent->patterns[i];
		struct span span;
		if (pattern_find(s, p, norm->text, 0, &span) != 1)
			continue;
		miss *= 1 - p->weight;
		if (c->n_evidence < MATCH_EVIDENCE)
			c->evidence[c->n_evidence++] =
			    (struct evidence){ p, span };
	}
	if (c->n_evidence == 0)
		return false;
	for (size_t i = 0; i < intent->n_unless && c->veto == NULL; i++) {
		struct span span;
		/* undecided counts as a veto: a person is the safe side */
		if (pattern_find(s, &intent->unless[i], norm->text, 0, &span) !=
		    0)
			c->veto = &intent->unless[i];
	}
	c->explained = share_explained(norm, c->evidence, c->n_evidence);
	c->score =
	    c->veto != NULL ? 0 : (1 - miss) * (0.8 + 0.2 * c->explained);
	return true;
}

static int better(const struct candidate *a, const struct candidate *b)
{
	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->intent->priority != b->intent->priority)
		return a->intent->priority > b->intent->priority ? -1 : 1;
	return strcmp(a->intent->name, b->intent->name);
}

static int compare(const void *a, const void *b)
{
	return better(a, b);
}

size_t match_intents(struct match_scratch *s, const struct pack *pack,
    const struct norm *norm, bool keep_vetoed, struct candidate *out)
{
	size_t n = 0;
	for (size_t i = 0; i < pack->n_intents; i++) {
		struct candidate c;
		if (!match_intent(s, &pack->intents[i], norm, &c) ||
		    (c.veto != NULL && !keep_vetoed))
			continue;
		if (n < MATCH_CANDIDATES)
			out[n++] = c;
		else if (better(&c, &out[n - 1]) < 0)
			out[n - 1] = c;
		else
			continue;
		/* keep the worst last, so that it is the one to go */
		if (n == MATCH_CANDIDATES)
			qsort(out, n, sizeof(*out), compare);
	}
	if (n > 1)
		qsort(out, n, sizeof(*out), compare);
	return n;
}

/* The number of the word that holds byte `at`. */
static size_t word_at(const struct norm *norm, size_t at)
{
	size_t w = 0;
	while (w + 1 < norm->n_words && norm->words[w + 1].at <= at)
		w++;
	return w;
}

static bool is_negated(struct match_scratch *s, const struct pack *pack,
    const struct norm *norm, size_t at)
{
	enum { NEGATION_REACH = 2 };
	size_t word = word_at(norm, at);
	size_t first = word > NEGATION_REACH ? word - NEGATION_REACH : 0;
	/* a negation does not reach over punctuation */
	for (size_t w = word; w > first; w--)
		if (norm->words[w].flags & NORM_BREAK)
			first = w;
	struct str head = { norm->text.p, at };
	for (size_t i = 0; i < pack->n_negators; i++) {
		struct span span;
		if (pattern_find(s, &pack->negators[i], head,
			norm->words[first].at, &span) == 1)
			return true;
	}
	return false;
}

/* What the writing itself adds to a feeling's strength. */
static double emphasis(const struct norm *norm)
{
	double more = 0;
	if (norm->exclaims >= 2)
		more += 0.15;
	if (norm->letters >= 8 && norm->capitals * 10 >= norm->letters * 7)
		more += 0.2;
	if (norm->elongated > 0)
		more += 0.1;
	return more;
}

struct mood_score match_mood(
    struct match_scratch *s, const struct pack *pack, const struct norm *norm)
{
	struct mood_score best = { MOOD_NEUTRAL, 0 };
	for (int m = MOOD_NEUTRAL + 1; m < MOOD_COUNT; m++) {
		double miss = 1;
		for (size_t i = 0; i < pack->moods[m].n; i++) {
			const struct pattern *p = &pack->moods[m].patterns[i];
			struct span span;
			if (pattern_find(s, p, norm->text, 0, &span) != 1 ||
			    is_negated(s, pack, norm, span.from))
				continue;
			miss *= 1 - p->weight;
		}
		if (1 - miss > best.strength)
			best = (struct mood_score){ (enum mood)m, 1 - miss };
	}
	if (best.mood != MOOD_NEUTRAL) {
		best.strength += emphasis(norm);
		best.strength = best.strength > 1 ? 1 : best.strength;
	}
	return best;
}

bool match_slot(struct match_scratch *s, const struct slot *slot,
    const struct norm *norm, struct str *value)
{
	for (size_t i = 0; i < slot->n_patterns; i++) {
		const struct pattern *p = &slot->patterns[i];
		struct span span;
		if (pattern_find(s, p, norm->text, 0, &span) != 1 ||
		    !pattern_value(s, p, &span) || span.to <= span.from)
			continue;
		const struct norm_word *first =
		    &norm->words[word_at(norm, span.from)];
		const struct norm_word *last =
		    &norm->words[word_at(norm, span.to - 1)];
		*value = (struct str){ norm->original.p + first->from,
			last->to - first->from };
		return true;
	}
	return false;
}
