/* Logistic regression over the pieces of a message, read only; hangatctl train
 * makes it. */
#include "rules/classifier.h"

#include <math.h>
#include <stdlib.h>

enum { KNOWN_MAX = 4096 }; /* pieces of one message that count */

static const char letters_for[] =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS";
static const char letters_against[] =
    "TUVWXYZ0123456789!#$%&'()*+,-/:;<=>?@[]^_`{|}";

char classifier_letter(int steps)
{
	return steps == 0  ? '.'
	       : steps > 0 ? letters_for[steps - 1]
			   : letters_against[-steps - 1];
}

void classifier_letters(struct classifier_letters *out)
{
	memset(out, 0, sizeof(*out));
	for (int i = -CLASSIFIER_LEVELS; i <= CLASSIFIER_LEVELS; i++) {
		unsigned char c = (unsigned char)classifier_letter(i);
		out->known[c] = true;
		out->steps[c] = (signed char)i;
	}
}

bool classifier_next(struct str *line, struct str *piece, struct str *letters)
{
	struct str one;
	if (!str_next(line, PIECES_SEPARATOR, &one))
		return false;
	size_t at = one.n;
	while (at > 0 && one.p[at - 1] != ' ')
		at--;
	*piece = (struct str){ one.p, at > 0 ? at - 1 : 0 };
	*letters = (struct str){ one.p + at, one.n - at };
	return true;
}

bool classifier_fits(
    const struct classifier_letters *l, struct str letters, size_t n, int least)
{
	if (letters.n != n || n == 0 ||
	    l->steps[(unsigned char)letters.p[0]] < least)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!l->known[(unsigned char)letters.p[i]])
			return false;
	return true;
}

int classifier_class(const struct classifier *k, const char *name)
{
	for (size_t i = 0; i < k->n_classes; i++)
		if (strcmp(k->classes[i], name) == 0)
			return (int)i;
	return -1;
}

/* The known pieces of one message. */
struct found {
	const struct map *pieces;
	const struct classifier_row *v[KNOWN_MAX];
	size_t n;
	uint64_t unheard[KNOWN_MAX]; /* hashes of others; words or letters in
				      bit 0 */
	size_t n_unheard;
};

static void look_up(void *arg, enum ngram_kind kind, struct str piece)
{
	struct found *f = arg;
	const struct classifier_row *row = map_get(f->pieces, piece);
	if (row != NULL && f->n < KNOWN_MAX)
		f->v[f->n++] = row;
	if (row == NULL && f->n_unheard < KNOWN_MAX)
		f->unheard[f->n_unheard++] =
		    (hash_bytes(0, piece.p, piece.n) & ~(uint64_t)1) | kind;
}

static int by_hash(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* How many different pieces of either kind were never heard? */
static void count_unheard(struct found *f, size_t count[NGRAM_KINDS])
{
	qsort(f->unheard, f->n_unheard, sizeof(*f->unheard), by_hash);
	for (size_t i = 0; i < f->n_unheard; i++)
		if (i == 0 || f->unheard[i] != f->unheard[i - 1])
			count[f->unheard[i] & 1]++;
}

/* The rows stand in one array, so this is the order of the file. */
static int by_place(const void *a, const void *b)
{
	const struct classifier_row *const *x = a, *const *y = b;
	return (*x > *y) - (*x < *y);
}

/* Each piece once, and what a feature of either kind weighs. */
static void find_pieces(const struct classifier *k, const struct norm *norm,
    struct found *f, double scale[NGRAM_KINDS])
{
	double square[NGRAM_KINDS];
	size_t n = 0, unheard[NGRAM_KINDS] = { 0 };
	f->pieces = &k->pieces;
	f->n = f->n_unheard = 0;
	ngram_each(norm, look_up, f);
	qsort(f->v, f->n, sizeof(*f->v), by_place);
	for (size_t i = 0; i < f->n; i++)
		if (i == 0 || f->v[i] != f->v[i - 1])
			f->v[n++] = f->v[i];
	f->n = n;
	count_unheard(f, unheard);
	for (int kind = 0; kind < NGRAM_KINDS; kind++)
		square[kind] = (double)unheard[kind] * k->unheard * k->unheard;
	for (size_t i = 0; i < n; i++) {
		const struct classifier_row *row = f->v[i];
		square[row->kind] += (double)row->rarity * row->rarity;
	}
	for (int kind = 0; kind < NGRAM_KINDS; kind++)
		scale[kind] =
		    square[kind] > 0 ? k->step / sqrt(square[kind]) : 0;
}

void classifier_read(
    const struct classifier *k, const struct norm *norm, double *alone)
{
	struct found f;
	double scale[NGRAM_KINDS];
	find_pieces(k, norm, &f, scale);
	for (size_t c = 0; c < k->n_classes; c++)
		alone[c] = k->bias[c];
	for (size_t i = 0; i < f.n; i++) {
		const struct classifier_row *row = f.v[i];
		double x = (double)row->rarity * scale[row->kind];
		for (size_t c = 0; c < k->n_classes; c++)
			alone[c] += x * row->weights[c];
	}
	for (size_t c = 0; c < k->n_classes; c++)
		alone[c] = 1 / (1 + exp(-alone[c]));
}

void telling_add(struct telling *t, struct str piece, double weight)
{
	size_t at = t->n < TELLING_MOST ? t->n : TELLING_MOST - 1;
	if (weight <= 0 || (t->n == TELLING_MOST && weight <= t->v[at].weight))
		return;
	t->n = at + 1;
	for (; at > 0 && t->v[at - 1].weight < weight; at--)
		t->v[at] = t->v[at - 1];
	t->v[at].piece = piece;
	t->v[at].weight = weight;
}

void classifier_telling(const struct classifier *k, const struct norm *norm,
    size_t class_no, struct telling *out)
{
	struct found f;
	double scale[NGRAM_KINDS];
	out->n = 0;
	find_pieces(k, norm, &f, scale);
	for (size_t i = 0; i < f.n; i++) {
		const struct classifier_row *row = f.v[i];
		if (row->kind == NGRAM_WORDS)
			telling_add(out, row->piece,
			    (double)row->rarity * scale[row->kind] *
				row->weights[class_no]);
	}
}
