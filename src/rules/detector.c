/* One logistic regression over the pieces of a message, read only; hangatctl
 * train makes it. */
#include "rules/detector.h"
#include "rules/match.h"

#include <math.h>
#include <stdlib.h>

enum {
	PIECES_MAX = 8192, /* of one message that count */
	PART_WORDS = 3,    /* a part of fewer says nothing */
	/* Where there is no punctuation a part is so many words, and the next
	 * begins so many later. */
	STRETCH_WORDS = 12,
	STRETCH_STEP = 3,
};

/* A piece of the message; row is NULL when it weighs nothing. */
struct heard {
	uint64_t hash;
	enum ngram_kind kind;
	const struct detector_row *row;
};

struct hearing {
	const struct detector *d;
	struct heard v[PIECES_MAX];
	size_t n;
	double scale[NGRAM_KINDS]; /* what one step of a kind adds */
};

static void note(void *arg, enum ngram_kind kind, struct str piece)
{
	struct hearing *h = arg;
	if (h->n < PIECES_MAX)
		h->v[h->n++] = (struct heard){ hash_bytes(0, piece.p, piece.n),
			kind, map_get(&h->d->pieces, piece) };
}

static int by_hash(const void *a, const void *b)
{
	const struct heard *x = a, *y = b;
	return (x->hash > y->hash) - (x->hash < y->hash);
}

/* Each piece of the message once. */
static void hear(
    struct hearing *h, const struct detector *d, const struct norm *norm)
{
	size_t n = 0, count[NGRAM_KINDS] = { 0 };
	h->d = d;
	h->n = 0;
	ngram_each(norm, note, h);
	ngram_together(norm, note, h);
	qsort(h->v, h->n, sizeof(*h->v), by_hash);
	for (size_t i = 0; i < h->n; i++) {
		struct heard v = h->v[i];
		if (i + 1 < h->n && h->v[i + 1].hash == v.hash)
			continue; /* the last of the same counts */
		count[v.kind]++;
		if (v.row != NULL)
			h->v[n++] = v;
	}
	h->n = n;
	for (int k = 0; k < NGRAM_KINDS; k++)
		h->scale[k] =
		    count[k] > 0 ? d->step / sqrt((double)count[k]) : 0;
}

double detector_read(const struct detector *d, const struct norm *norm)
{
	struct hearing h;
	double sum = d->bias;
	hear(&h, d, norm);
	for (size_t i = 0; i < h.n; i++)
		sum += h.v[i].row->steps * h.scale[h.v[i].kind];
	return 1 / (1 + exp(-sum));
}

static double larger(double a, double b)
{
	return a > b ? a : b;
}

/* Words from..to of the message, as if nothing else were said. */
static double read_part(
    const struct detector *d, const struct norm *norm, size_t from, size_t to)
{
	struct norm part = *norm;
	part.words = norm->words + from;
	part.n_words = to - from;
	if (part.n_words < PART_WORDS || part.n_words == norm->n_words)
		return 0;
	return detector_read(d, &part);
}

static size_t clause_end(const struct norm *norm, size_t from)
{
	size_t to = from + 1;
	while (to < norm->n_words && !(norm->words[to].flags & NORM_BREAK))
		to++;
	return to < norm->n_words ? to : norm->n_words;
}

double detector_read_parts(const struct detector *d, const struct norm *norm)
{
	double most = 0;
	size_t n = norm->n_words;
	for (size_t from = 0, to; from < n; from = to) {
		to = clause_end(norm, from);
		most = larger(most, read_part(d, norm, from, to));
		if (to < n)
			most = larger(most,
			    read_part(d, norm, from, clause_end(norm, to)));
	}
	for (size_t from = 0; from + STRETCH_WORDS < n + STRETCH_STEP;
	     from += STRETCH_STEP) {
		size_t to = from + STRETCH_WORDS;
		most = larger(most, read_part(d, norm, from, to < n ? to : n));
	}
	return most;
}

static double logit(double p)
{
	static const double LEAST = 1e-4;
	return log((p + LEAST) / (1 - p + LEAST));
}

double detector_likelihood(const struct candidate *c)
{
	double most = larger(c->alone, c->part);
	double sum = 0.368 + 0.654 * logit(c->alone) + 0.291 * logit(c->score) +
		     0.405 * c->matched + 0.506 * logit(most);
	return 1 / (1 + exp(-sum));
}

void detector_telling(
    const struct detector *d, const struct norm *norm, struct telling *out)
{
	struct hearing h;
	out->n = 0;
	hear(&h, d, norm);
	for (size_t i = 0; i < h.n; i++)
		if (h.v[i].kind != NGRAM_LETTERS)
			telling_add(out, h.v[i].row->piece,
			    h.v[i].row->steps * h.scale[h.v[i].kind]);
}
