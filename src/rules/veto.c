/* What takes an intent back, and what takes that back. */
#include "rules/veto.h"

enum { RETRIES = 4 };

/* Bytes of the original as the words of the normal form they became. */
static bool to_normal(const struct norm *norm, struct span *span)
{
	struct span out = { 0, 0 };
	bool any = false;
	for (size_t w = 0; w < norm->n_words; w++) {
		const struct norm_word *word = &norm->words[w];
		if (word->to <= span->from || word->from >= span->to)
			continue;
		if (!any)
			out.from = word->at;
		out.to = word->at + word->n;
		any = true;
	}
	*span = out;
	return any;
}

/* The next match of p from byte *at of what it looks at, 1; *at moves past it.
 * 0: none.  -1: undecided, a limit was hit or it holds no word. */
static int find_next(
    struct ranking *r, const struct pattern *p, size_t *at, struct span *span)
{
	const struct norm *norm = r->ask->norm;
	struct str text = p->exact_case ? norm->original : norm->text;
	if (*at > text.n)
		return 0;
	int found = pattern_find(r->s, p, text, *at, span);
	if (found != 1)
		return found;
	*at = span->to > span->from ? span->to : span->to + 1u;
	return p->exact_case && !to_normal(norm, span) ? -1 : 1;
}

void veto_find_refusals(struct ranking *r)
{
	const struct pattern_set *set = &r->ask->pack->refusals;
	for (size_t i = 0; i < set->n; i++) {
		size_t at = 0;
		struct span span;
		while (r->n_refusals < VETO_REFUSALS &&
		       find_next(r, &set->patterns[i], &at, &span) == 1) {
			r->refusals[r->n_refusals].span = span;
			r->refusals[r->n_refusals++].pattern =
			    &set->patterns[i];
		}
	}
}

/* The refusal that takes this evidence back: it begins before the evidence and
 * reaches into it or up to it, with no punctuation between. */
static const struct pattern *refusal_of(
    const struct ranking *r, struct span span)
{
	const struct norm *norm = r->ask->norm;
	for (size_t i = 0; i < r->n_refusals; i++) {
		struct span no = r->refusals[i].span;
		if (no.from >= span.from || no.to >= span.to ||
		    span.from > no.to + 1)
			continue;
		size_t word = match_word_at(norm, span.from);
		bool apart =
		    span.from > no.to && (norm->words[word].flags & NORM_BREAK);
		if (!apart)
			return r->refusals[i].pattern;
	}
	return NULL;
}

static bool can_be_refused(const struct intent *intent)
{
	return intent->role == ROLE_REQUEST || intent->role == ROLE_WISH;
}

bool veto_find_evidence(struct ranking *r, const struct intent *intent,
    const struct pattern *p, struct span *span, const struct pattern **refused)
{
	size_t at = 0;
	for (int i = 0; i < RETRIES && find_next(r, p, &at, span) == 1; i++) {
		const struct pattern *no =
		    can_be_refused(intent) ? refusal_of(r, *span) : NULL;
		if (no == NULL)
			return true;
		*refused = no;
	}
	return false;
}

const struct evidence *veto_strongest(const struct candidate *c)
{
	const struct evidence *best = &c->evidence[0];
	for (size_t i = 1; i < c->n_evidence; i++)
		if (c->evidence[i].weight > best->weight)
			best = &c->evidence[i];
	return best;
}

bool veto_is_follow_up(const struct candidate *c)
{
	return c->n_evidence > 0 && veto_strongest(c)->pattern->n_after > 0;
}

static bool are_disjoint(struct span a, struct span b)
{
	return a.to <= b.from || b.to <= a.from;
}

bool veto_are_apart(const struct candidate *x, const struct candidate *y)
{
	return x->n_evidence > 0 && y->n_evidence > 0 &&
	       are_disjoint(veto_strongest(x)->span, veto_strongest(y)->span);
}

/* Does a new part of the message begin after a and not after the start of b, or
 * the other way round?  They are disjoint. */
static bool are_parted(struct ranking *r, struct span a, struct span b)
{
	const struct norm *norm = r->ask->norm;
	const struct pattern_set *joins = &r->ask->pack->joins;
	struct span first = a.to <= b.from ? a : b;
	struct span last = a.to <= b.from ? b : a;
	for (size_t w = match_word_at(norm, first.to);
	     w < norm->n_words && norm->words[w].at <= last.from; w++)
		if (norm->words[w].at >= first.to &&
		    (norm->words[w].flags & NORM_BREAK))
			return true;
	for (size_t i = 0; i < joins->n; i++) {
		size_t at = first.to;
		struct span span;
		if (find_next(r, &joins->patterns[i], &at, &span) == 1 &&
		    span.to <= last.from)
			return true;
	}
	return false;
}

bool veto_are_parted(
    struct ranking *r, const struct candidate *x, const struct candidate *y)
{
	return veto_are_apart(x, y) &&
	       are_parted(r, veto_strongest(x)->span, veto_strongest(y)->span);
}

static bool is_request(const struct candidate *c)
{
	return c->intent->role == ROLE_REQUEST && c->intent->priority >= 0 &&
	       c->n_evidence > 0;
}

/* Do the words of this veto belong to another request than c? */
static bool belongs_elsewhere(
    struct ranking *r, const struct candidate *c, struct span veto)
{
	struct span mine = veto_strongest(c)->span;
	for (size_t i = 0; i < r->n; i++) {
		const struct candidate *x = &r->out[i];
		if (x == c || !is_request(x) || !veto_are_apart(c, x))
			continue;
		struct span its = veto_strongest(x)->span;
		bool is_free =
		    x->veto == NULL || !are_disjoint(x->veto_span, mine);
		if (is_free && !are_disjoint(veto, its) &&
		    are_disjoint(veto, mine) && are_parted(r, mine, its))
			return true;
	}
	return false;
}

/* Does p veto c?  *span is what it matched.  Undecided counts as a veto: a
 * person is the safe side. */
static bool vetoes(struct ranking *r, const struct candidate *c,
    const struct pattern *p, bool lift, struct span *span)
{
	size_t at = 0;
	for (int i = 0; i < RETRIES; i++) {
		*span = (struct span){ 0, 0 };
		int found = find_next(r, p, &at, span);
		if (found == 0)
			return false;
		bool refused = found == 1 && can_be_refused(c->intent) &&
			       refusal_of(r, *span) != NULL;
		bool lifted =
		    lift && found == 1 && belongs_elsewhere(r, c, *span);
		if (!refused && !lifted)
			return true;
	}
	return false;
}

/* The first veto of c, of those that are not beside `but` if it is given. */
static const struct pattern *first_veto(struct ranking *r,
    const struct candidate *c, bool lift, const struct place *but,
    struct span *span)
{
	const struct intent *intent = c->intent;
	for (size_t i = 0; i < intent->n_unless; i++) {
		const struct pattern *p = &intent->unless[i];
		if ((but == NULL || !place_is_beside(&p->place, but)) &&
		    vetoes(r, c, p, lift, span))
			return p;
	}
	return NULL;
}

void veto_find(struct ranking *r, struct candidate *c)
{
	c->veto = first_veto(r, c, false, NULL, &c->veto_span);
}

void veto_find_elsewhere(
    struct ranking *r, struct candidate *c, const struct place *place)
{
	c->veto = first_veto(r, c, false, place, &c->veto_span);
}

void veto_lift(struct ranking *r)
{
	bool lifted[MATCH_CANDIDATES];
	for (size_t i = 0; i < r->n; i++) {
		struct candidate *c = &r->out[i];
		struct span span;
		/* a refused candidate has no evidence */
		lifted[i] = c->veto != NULL && is_request(c) &&
			    first_veto(r, c, true, NULL, &span) == NULL;
	}
	for (size_t i = 0; i < r->n; i++) {
		if (!lifted[i])
			continue;
		r->out[i].veto = NULL;
		r->out[i].score = r->out[i].matched = r->out[i].unvetoed;
	}
}
