/* Examples are the author's own words for what an intent means: do the patterns
 * agree? */
#include "base/map.h"
#include "base/mem.h"
#include "rules/lint_parts.h"

#include <stdlib.h>

/* Small talk that also asks for something gives way, so it may come second. */
static bool gives_way(const struct intent *winner, const struct intent *intent)
{
	return winner->role == ROLE_SOCIAL && intent->role != ROLE_SOCIAL;
}

typedef void (*example_fn)(struct linting *l, const struct intent *intent,
    const char *text, const struct place *at);

static void each_example(struct linting *l, example_fn fn)
{
	for (size_t k = 0; k < l->pack->n_intents; k++) {
		const struct intent *i = &l->pack->intents[k];
		for (size_t e = 0; e < i->n_examples; e++)
			fn(l, i, i->examples[e], &i->example_places[e]);
	}
}

static void one_unmatched(struct linting *l, const struct intent *intent,
    const char *text, const struct place *at)
{
	struct candidate c[MATCH_CANDIDATES];
	if (lint_rank(l, text, c) == 0)
		lint_warn(l, at,
		    "intent \"%s\": its example \"%.80s\" matches no pattern; "
		    "add a pattern for it",
		    intent->name, text);
}

void lint_example_unmatched(struct linting *l)
{
	each_example(l, one_unmatched);
}

static void one_lost(struct linting *l, const struct intent *intent,
    const char *text, const struct place *at)
{
	struct candidate c[MATCH_CANDIDATES];
	if (lint_rank(l, text, c) == 0 || c[0].intent == intent ||
	    gives_way(c[0].intent, intent))
		return;
	if (c[0].n_evidence == 0) {
		lint_warn(l, at,
		    "intent \"%s\": its example \"%.80s\" is won by the words "
		    "of \"%s\"; add a pattern for it, or train on it",
		    intent->name, text, c[0].intent->name);
		return;
	}
	const struct pattern *p = c[0].evidence[0].pattern;
	lint_warn(l, at,
	    "intent \"%s\": its example \"%.80s\" is won by \"%s\" (%s:%d); "
	    "make one of them more exact",
	    intent->name, text, c[0].intent->name, p->place.path,
	    p->place.pos.line);
}

void lint_example_lost(struct linting *l)
{
	each_example(l, one_lost);
}

static void one_unsure(struct linting *l, const struct intent *intent,
    const char *text, const struct place *at)
{
	struct candidate c[MATCH_CANDIDATES];
	bool fixed =
	    intent->role != ROLE_REQUEST && intent->role != ROLE_SOCIAL;
	if (fixed || lint_rank(l, text, c) == 0 || c[0].intent != intent ||
	    c[0].confidence >= l->pack->answer_at)
		return;
	lint_warn(l, at,
	    "intent \"%s\": its example \"%.80s\" has a confidence of %.2f, "
	    "and answers begin at %.2f; add a more exact pattern",
	    intent->name, text, c[0].confidence, l->pack->answer_at);
}

void lint_example_unsure(struct linting *l)
{
	each_example(l, one_unsure);
}

void lint_intent_shadowed(struct linting *l)
{
	for (size_t k = 0; k < l->pack->n_intents; k++) {
		const struct intent *i = &l->pack->intents[k], *winner = NULL;
		struct candidate c[MATCH_CANDIDATES];
		size_t lost = 0;
		for (size_t e = 0; e < i->n_examples; e++) {
			if (lint_rank(l, i->examples[e], c) == 0 ||
			    c[0].intent == i || gives_way(c[0].intent, i))
				break;
			winner = c[0].intent;
			lost++;
		}
		if (lost > 0 && lost == i->n_examples)
			lint_warn(l, &i->place,
			    "intent \"%s\" wins none of its examples, the last "
			    "goes to \"%s\"; add an \"unless\" there or merge "
			    "the two",
			    i->name, winner->name);
	}
}

void lint_not_example_matched(struct linting *l)
{
	struct candidate c[MATCH_CANDIDATES];
	for (size_t k = 0; k < l->pack->n_intents; k++) {
		const struct intent *i = &l->pack->intents[k];
		for (size_t e = 0; e < i->n_not_examples; e++) {
			const char *text = i->not_examples[e];
			if (lint_rank(l, text, c) == 0 || c[0].intent != i ||
			    c[0].confidence < l->pack->answer_at)
				continue;
			if (c[0].n_evidence == 0) {
				lint_warn(l, &i->not_example_places[e],
				    "intent \"%s\": its not_example \"%.80s\" "
				    "is taken for it by its words; add an "
				    "\"unless\", or train on it",
				    i->name, text);
				continue;
			}
			const struct pattern *p = c[0].evidence[0].pattern;
			lint_warn(l, &i->not_example_places[e],
			    "intent \"%s\": its not_example \"%.80s\" is "
			    "matched by pattern \"%.60s\" (line %d); add an "
			    "\"unless\"",
			    i->name, text, p->source, p->place.pos.line);
		}
	}
}

/* An example by its words, whatever their order. */
struct seen {
	const struct intent *intent;
	const struct place *at;
};

static int by_word(const void *a, const void *b)
{
	const struct str *x = a, *y = b;
	size_t n = x->n < y->n ? x->n : y->n;
	int order = memcmp(x->p, y->p, n);
	return order != 0 ? order : (x->n > y->n) - (x->n < y->n);
}

static struct str words_in_order(
    struct linting *l, struct arena *a, const char *text)
{
	struct norm norm;
	arena_reset(&l->arena);
	norm_make(&norm, &l->arena, str_of(text), &l->pack->lexicon);
	struct str *w = arena_alloc(&l->arena, (norm.n_words + 1) * sizeof(*w));
	for (size_t i = 0; i < norm.n_words; i++)
		w[i] = (struct str){ norm.text.p + norm.words[i].at,
			norm.words[i].n };
	if (norm.n_words > 1)
		qsort(w, norm.n_words, sizeof(*w), by_word);
	struct buf all = { 0 };
	for (size_t i = 0; i < norm.n_words; i++) {
		buf_adds(&all, w[i]);
		buf_addc(&all, ' ');
	}
	struct str out = { arena_strdup(a, buf_str(&all)), all.n };
	buf_clear(&all);
	return out;
}

void lint_example_twice(struct linting *l)
{
	struct map seen = { 0 };
	struct arena a = { 0 };
	for (size_t k = 0; k < l->pack->n_intents; k++) {
		const struct intent *i = &l->pack->intents[k];
		for (size_t e = 0; e < i->n_examples; e++) {
			struct str key = words_in_order(l, &a, i->examples[e]);
			struct seen *old = map_get(&seen, key);
			if (old != NULL && old->intent != i)
				lint_warn(l, &i->example_places[e],
				    "intent \"%s\": its example \"%.80s\" is "
				    "also one of \"%s\" (%s:%d); decide for "
				    "one",
				    i->name, i->examples[e], old->intent->name,
				    old->at->path, old->at->pos.line);
			if (old != NULL || key.n == 0)
				continue;
			old = arena_alloc(&a, sizeof(*old));
			*old = (struct seen){ i, &i->example_places[e] };
			(void)map_put(&seen, key, old); /* it is new */
		}
	}
	map_clear(&seen);
	arena_clear(&a);
}

void lint_no_examples(struct linting *l)
{
	for (size_t k = 0; k < l->pack->n_intents; k++) {
		const struct intent *i = &l->pack->intents[k];
		if (i->n_examples == 0)
			lint_warn(l, &i->place,
			    "intent \"%s\" has no examples, so nothing tests "
			    "it; add \"examples\": [...]",
			    i->name);
	}
}
